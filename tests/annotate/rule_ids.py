"""The ids that `mentions.rule` can hold, read off the code that gives them."""

import ast
import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import broadsheet.annotate
from broadsheet.annotate.pack import PACKS

FOLDER = Path(broadsheet.annotate.__file__).parent
# What makes candidates and names, and which of its arguments is the rule.
MAKERS = {"Candidate": 3, "Name": 4}
HYPHENED = re.compile(r"[a-z]+(?:-[a-z]+)+")
ENGLISH = "capitals"
"""The module of the rules for writing with capital letters."""


@cache
def name_rules() -> dict[str, str]:
    """Ids of rules, with the module that has them.

    An id is a word with a hyphen, in a module that makes candidates or names, or whatever stands as the rule of one.
    Words that only are compared, offices for example, are no ids.
    """
    offices = {row["role"] for file in PACKS.glob("*/lexicon/roles.csv") for row in csv.DictReader(file.open("r"))}
    found: dict[str, str] = {}
    for file in sorted(FOLDER.glob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.Name) and node.id in MAKERS for node in ast.walk(tree)):
            found |= dict.fromkeys(sorted(_ids(tree) - offices), file.stem)
    return found


def _ids(tree: ast.Module) -> set[str]:
    compared = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Compare) for part in ast.walk(node)}
    plain = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in compared)
    hyphened = {node.value for node in plain if isinstance(node.value, str) and HYPHENED.fullmatch(node.value)}
    return hyphened | set(_stated(tree))


def _stated(tree: ast.Module) -> Iterator[str]:
    """What stands as the rule where a candidate or a name is made."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in MAKERS:
            starred = any(isinstance(argument, ast.Starred) for argument in call.args)  # *span stands for two
            place = MAKERS[call.func.id] - starred
            given = [*call.args[place : place + 1], *(word.value for word in call.keywords if word.arg == "rule")]
            yield from (node.value for node in given if isinstance(node, ast.Constant) and isinstance(node.value, str))
