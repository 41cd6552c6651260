"""Sentences with their names marked by hand, for tests of the grammar alone: no list of names is read."""

import re
from functools import lru_cache
from typing import Any

from broadsheet.annotate.pack import PACKS
from broadsheet.annotate.phrases import OF_TYPE, SYMBOLS, Masked, Name, Noun, PhraseReader, Symbol
from broadsheet.schema.strict_yaml import read_yaml

TYPES = {"P": "person", "O": "organization", "L": "place"}
MARKED = re.compile(r"\{([POLSRTD])([^}]*)\}")


@lru_cache(maxsize=1)
def grammar() -> dict[str, Any]:
    return read_yaml(PACKS / "zh" / "grammar.yaml").value


@lru_cache(maxsize=1)
def phrases() -> PhraseReader:
    return PhraseReader(grammar())


def plain(marked: str) -> str:
    return MARKED.sub(r"\2", marked)


def mask(marked: str) -> Masked:
    """A sentence such as `{P特朗普}与{L俄罗斯}`, masked.

    P is a person, O an organization, L a place, S a place by one character, R an office, T a time, D a duration.
    """
    symbols: list[Symbol] = []
    shift = 0
    for match in MARKED.finditer(marked):
        kind, surface = match.groups()
        start = match.start() - shift
        shift += len(match.group()) - len(surface)
        end = start + len(surface)
        if kind in "POLS":
            named = TYPES["L" if kind == "S" else kind]
            name = Name(start, end, named, surface, "test", 1.0, kind == "S")
            symbols.append(Symbol(start, end, OF_TYPE[named], name))
        else:
            symbols.append(Symbol(start, end, SYMBOLS[kind], surface))
    return Masked(plain(marked), symbols)


def nouns(marked: str) -> list[Noun]:
    return phrases().nouns(mask(marked))


def named(noun: Noun | None) -> str:
    """The names that head a noun phrase, joined by `&`; else its kind."""
    if noun is None:
        return ""
    return "&".join(name.entity_id for name in noun.names) or noun.kind
