"""The characters with which the matches of a regular expression can begin, as the parser of `re` tells them."""

import re
from collections.abc import Iterable
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

REPEATS: Final = (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT)
LOOKS: Final = (ops.ASSERT, ops.ASSERT_NOT)
WIDEST: Final = 64
"""Characters of a range that are listed; a wider one says too little."""


def first_characters(pattern: str, *, trimmed: bool = False) -> frozenset[str] | None:
    """The characters one of which begins every match; None if others may, or if a match can be empty.

    Args:
        pattern: A valid regular expression.
        trimmed: Matches never begin with white space, because the texts do not.
    """
    parsed = parser.parse(pattern)
    found = None if parsed.state.flags & re.IGNORECASE else _opening(parsed, trimmed)
    return None if found is None or found[1] else frozenset(found[0])


def _opening(sequence: Iterable[tuple[Any, Any]], trimmed: bool) -> tuple[set[str], bool] | None:
    """The characters a sequence of pattern parts can begin with, and whether it can be empty; None if any may."""
    characters: set[str] = set()
    for op, value in sequence:
        found = _part(op, value, trimmed)
        if found is None:
            return None
        characters |= found[0]
        if not found[1]:
            return characters, False
    return characters, True


def _part(op: Any, value: Any, trimmed: bool) -> tuple[set[str], bool] | None:
    if op is ops.LITERAL:
        return {chr(value)}, False
    if op is ops.IN:
        members = _members(value, trimmed)
        return None if members is None else (members, False)
    if op in LOOKS:
        return set(), True
    if op is ops.SUBPATTERN:
        return None if value[1] & re.IGNORECASE else _opening(value[3], trimmed)
    if op in REPEATS:
        found = _opening(value[2], trimmed)
        return found and (found[0], found[1] or value[0] == 0)
    if op is ops.BRANCH:
        branches = [_opening(branch, trimmed) for branch in value[1]]
        known = [found for found in branches if found is not None]
        if len(known) == len(branches):
            return set().union(*(own for own, _ in known)), any(empty for _, empty in known)
    return None


def _members(members: Iterable[tuple[Any, Any]], trimmed: bool) -> set[str] | None:
    """The characters of a class; None if it is not spelled out."""
    found: set[str] = set()
    for kind, value in members:
        if kind is ops.LITERAL:
            found.add(chr(value))
        elif kind is ops.RANGE and value[1] - value[0] <= WIDEST:
            found |= set(map(chr, range(value[0], value[1] + 1)))
        elif not (trimmed and kind is ops.CATEGORY and value is ops.CATEGORY_SPACE):
            return None
    return found
