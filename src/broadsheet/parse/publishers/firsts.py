"""The characters a text can begin with if a pattern is to match at its start.

Read from the pattern itself, as far as profiles write them: characters, classes, groups, branches, quantifiers. What
is not understood gives None, never a wrong answer. Texts are trimmed, so none begins with white space.
"""

import re
from functools import lru_cache
from typing import Final

QUANTIFIER: Final = re.compile(r"(\?|\*|\{0?,\d*\}|\+|\{[1-9]\d*(?:,\d*)?\})[?+]?")
GROUP: Final = re.compile(r"\((?:\?:|\?P<\w+>|(?!\?))")
LOOKAHEAD: Final = re.compile(r"\(\?[=!]")
SPACES: Final = "stnrfv"
UNKNOWN: Final = "dDwWSbBAZ0123456789uUxN"
WIDEST: Final = 64

Found = tuple[frozenset[str], bool]
NOTHING: Final[Found] = (frozenset(), True)


@lru_cache(maxsize=4096)  # generic rules stand in every layout
def first_characters(pattern: str) -> frozenset[str] | None:
    """The characters with which every text must begin that a pattern starting with `^` matches; None if any may."""
    found = _branches(pattern[1:]) if pattern.startswith("^") else None
    return None if found is None or found[1] else found[0]


def _branches(pattern: str) -> Found | None:
    """The first characters of some branches, and whether one of them can match nothing."""
    characters: frozenset[str] = frozenset()
    empty = False
    for branch in _split(pattern):
        found = _sequence(branch)
        if found is None:
            return None
        characters |= found[0]
        empty = empty or found[1]
    return characters, empty


def _sequence(pattern: str) -> Found | None:
    characters: frozenset[str] = frozenset()
    position = 0
    while position < len(pattern):
        end = _end(pattern, position)
        found = _item(pattern[position:end])
        if found is None:
            return None
        quantifier = QUANTIFIER.match(pattern, end)
        characters |= found[0]
        if not found[1] and not (quantifier and quantifier[1][0] in "?*{" and not re.match(r"\{[1-9]", quantifier[1])):
            return characters, False
        position = quantifier.end() if quantifier else end
    return characters, True


def _item(item: str) -> Found | None:
    if item[0] == "\\":
        if item[1] in UNKNOWN:
            return None
        return (frozenset() if item[1] in SPACES else frozenset(item[1])), False
    if item[0] == "[":
        return _members(item[1:-1])
    if item[0] == "(":
        if LOOKAHEAD.match(item):
            return NOTHING
        opened = GROUP.match(item)
        return _branches(item[opened.end() : -1]) if opened else None
    return None if item in ".^$" else (frozenset(item), False)


def _members(members: str) -> Found | None:
    characters: set[str] = set()
    position = 0
    if members.startswith("^"):
        return None
    while position < len(members):
        if members[position] == "\\":
            if members[position + 1] in UNKNOWN:
                return None
            if members[position + 1] not in SPACES:
                characters.add(members[position + 1])
            position += 2
        elif members[position + 1 : position + 2] == "-" and position + 2 < len(members):
            low, high = ord(members[position]), ord(members[position + 2])
            if high - low > WIDEST:
                return None
            characters.update(map(chr, range(low, high + 1)))
            position += 3
        else:
            characters.add(members[position])
            position += 1
    return frozenset(characters), False


def _split(pattern: str) -> list[str]:
    """The branches of a pattern."""
    branches, start, position = [], 0, 0
    while position < len(pattern):
        if pattern[position] == "|":
            branches.append(pattern[start:position])
            start = position + 1
        position = _end(pattern, position)
    return [*branches, pattern[start:]]


def _end(pattern: str, position: int) -> int:
    """Where the item at a position ends: an escape, a class, a group, or one character."""
    opening = pattern[position]
    if opening == "\\":
        return position + 2
    if opening == "[":
        end = position + 1 + pattern.startswith("^", position + 1)
        end += pattern.startswith("]", end)
        while pattern[end] != "]":
            end += 2 if pattern[end] == "\\" else 1
        return end + 1
    if opening != "(":
        return position + 1
    end = position + 1
    while pattern[end] != ")":
        end = _end(pattern, end)
    return end + 1
