"""With what the matches of a regular expression can begin, as the parser of `re` tells it."""

import re
from collections.abc import Iterable
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

REPEATS: Final = (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT)
LOOKS: Final = (ops.ASSERT, ops.ASSERT_NOT)
WIDEST: Final = 64
"""Characters of a range that are listed; a wider one says too little."""
MOST: Final = 2000
"""Beginnings that are told apart; then they are told by fewer characters."""

Beginnings = tuple[set[str], set[str]]
"""What a match of a part can begin with: texts after which anything may follow, and texts it may be as a whole."""


def first_characters(pattern: str, *, trimmed: bool = False) -> frozenset[str] | None:
    """The characters one of which begins every match; None if others may, or if a match can be empty.

    Args:
        pattern: A valid regular expression.
        trimmed: Matches never begin with white space, because the texts do not.
    """
    return first_words(pattern, longest=1, trimmed=trimmed)


def first_words(pattern: str, flags: int = 0, *, longest: int, trimmed: bool = False) -> frozenset[str] | None:
    """The texts one of which begins every match; none begins another. None if others may, or if a match can be empty.

    Args:
        pattern: A valid regular expression.
        flags: It is compiled with.
        longest: Characters of a text that are told.
        trimmed: Matches never begin with white space, because the texts do not.
    """
    parsed = parser.parse(pattern, flags)
    if parsed.state.flags & re.IGNORECASE:
        return None
    found = _Beginning(longest, trimmed).of_sequence(parsed)
    return shortest(found[0] | found[1]) if found and all(found[0] | found[1]) else None


def shortest(words: Iterable[str]) -> frozenset[str]:
    """Those of some texts that no other of them begins."""
    listed = frozenset(words)
    return frozenset(word for word in listed if not any(word[:length] in listed for length in range(1, len(word))))


class _Beginning:
    """Reads beginnings off parsed patterns."""

    def __init__(self, longest: int, trimmed: bool) -> None:
        self._longest = longest
        self._trimmed = trimmed

    def of_sequence(self, sequence: Iterable[tuple[Any, Any]]) -> Beginnings | None:
        """Those of parts that follow each other; None if any text may begin them."""
        done: set[str] = set()
        whole = {""}
        for op, value in sequence:
            found = self._of_part(op, value)
            if found is None and "" in whole:
                return None
            if found is None or ("" not in whole and len(whole) * (len(found[0]) + len(found[1])) > MOST):
                return done | whole, set()
            done |= {self._cut(first + then) for first in whole for then in found[0]}
            whole = {self._cut(first + then) for first in whole for then in found[1]}
            done |= {word for word in whole if len(word) == self._longest}
            whole -= done
            if not whole:
                break
        return done, whole

    def _cut(self, text: str) -> str:
        return text[: self._longest]

    def _of_part(self, op: Any, value: Any) -> Beginnings | None:
        if op is ops.LITERAL:
            return set(), {chr(value)}
        if op is ops.IN:
            members = _members(value, self._trimmed)
            return None if members is None else (set(), members)
        if op in LOOKS:  # `(?!)` never matches
            return set(), {""} if len(value[1]) or op is ops.ASSERT else set()
        if op is ops.SUBPATTERN:
            return None if value[1] & re.IGNORECASE else self.of_sequence(value[3])
        if op in REPEATS:
            return self._of_repeat(*value)
        if op is ops.BRANCH:
            branches = [self.of_sequence(branch) for branch in value[1]]
            known = [found for found in branches if found is not None]
            if len(known) == len(branches):
                return set().union(*(done for done, _ in known)), set().union(*(whole for _, whole in known))
        return None

    def _of_repeat(self, least: int, most: int, part: Iterable[tuple[Any, Any]]) -> Beginnings | None:
        found = self.of_sequence(part)
        if found is None:
            return None
        done, whole = found
        if most > 1:  # what follows the first time is the next time, or what stands behind
            done, whole = done | whole - {""}, whole & {""}
        return done, whole | {""} if least == 0 else whole


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
