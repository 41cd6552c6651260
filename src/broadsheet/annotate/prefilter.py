"""Large alternations and many patterns over one text, without trying each of them at each character.

The parser of `re` tells what any match must begin with (`Scan`) or hold (`Prefilter`); that is looked for first.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

from broadsheet.patterns import LOOKS, REPEATS, first_characters

MOST_WORDS: Final = 120
WIDTHLESS: Final = (*LOOKS, ops.AT)


class Scan:
    """A pattern that goes over a text by the characters its matches can begin with.

    `re` does this by itself only for the simplest of alternations; for those with groups it is about six times faster.

    Args:
        pattern: Must not match the empty text.

    Raises:
        ValueError: If it may begin with any character, or be empty.
    """

    def __init__(self, pattern: re.Pattern[str]) -> None:
        opening = first_characters(pattern.pattern)
        if opening is None:
            raise ValueError(f"the beginning of a match is not certain: {pattern.pattern[:60]}")
        self.match = pattern.match
        self._opening = re.compile(f"[{''.join(map(re.escape, sorted(opening)))}]")

    def finditer(self, text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """As `finditer` of the pattern."""
        end = len(text) if end is None else end
        match = self.match
        for place in self._opening.finditer(text, start, end):
            at = place.start()
            if at >= start:
                found = match(text, at, end)
                if found:
                    start = found.end()
                    yield found


class Prefilter:
    """Tells which of many patterns may match.

    Args:
        patterns: Regular expressions, in the order whose indices `candidates` gives.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        from ahocorasick_rs import AhoCorasick

        self._always: set[int] = set()
        owners: dict[str, list[int]] = {}
        for number, pattern in enumerate(patterns):
            words = needed_words(pattern)
            if not words:
                self._always.add(number)
            for word in words:
                owners.setdefault(word, []).append(number)
        self._owners = list(owners.values())
        self._automaton = AhoCorasick(list(owners)) if owners else None

    def candidates(self, text: str) -> list[int]:
        """Indices of the patterns that may match a text, ascending; the others do not."""
        found = set(self._always)
        if self._automaton is not None:
            for word in {word for word, _, _ in self._automaton.find_matches_as_indexes(text, overlapping=True)}:
                found.update(self._owners[word])
        return sorted(found)


def needed_words(pattern: str) -> frozenset[str]:
    """Words of which every match of a pattern holds at least one; empty if no such set was found."""
    parsed = parser.parse(pattern)
    return frozenset() if parsed.state.flags & re.IGNORECASE else _needed(parsed)


def _needed(sequence: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """The most telling of the word sets that a sequence of pattern parts cannot do without."""
    found: list[frozenset[str]] = []
    exact = frozenset([""])
    for op, value in sequence:
        spelled = _spelled(op, value)
        if spelled and len(exact) * len(spelled) <= MOST_WORDS:
            exact = frozenset(left + right for left in exact for right in spelled)
            continue
        found += [exact, _inside(op, value)]
        exact = spelled or frozenset([""])
    found.append(exact)
    usable = [words for words in found if words and "" not in words]
    return max(usable, key=lambda words: (min(map(len, words)), -len(words)), default=frozenset())


def _inside(op: Any, value: Any) -> frozenset[str]:
    """What a part that cannot be spelled out needs."""
    if op is ops.SUBPATTERN:
        return _needed(value[3])
    if op is ops.BRANCH:
        branches = [_needed(branch) for branch in value[1]]
        return frozenset().union(*branches) if all(branches) else frozenset()
    if op in REPEATS and value[0] > 0:
        return _needed(value[2])
    return frozenset()


def _spelled(op: Any, value: Any) -> frozenset[str]:
    """All texts a part matches, if they are few; else empty."""
    found: frozenset[str] = frozenset()
    if op is ops.LITERAL:
        found = frozenset([chr(value)])
    elif op in WIDTHLESS:
        found = frozenset([""])
    elif op is ops.IN and all(kind is ops.LITERAL for kind, _ in value):
        found = frozenset(chr(code) for _, code in value)
    elif op is ops.SUBPATTERN:
        found = _sequence(value[3])
    elif op is ops.BRANCH:
        branches = [_sequence(branch) for branch in value[1]]
        found = frozenset().union(*branches) if all(branches) else found
    elif op in REPEATS and value[1] == 1:
        inner = _sequence(value[2])
        found = inner | {""} if inner and value[0] == 0 else inner
    return found if len(found) <= MOST_WORDS else frozenset()


def _sequence(parts: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    exact = frozenset([""])
    for op, value in parts:
        spelled = _spelled(op, value)
        exact = frozenset(left + right for left in exact for right in spelled)
        if not exact or len(exact) > MOST_WORDS:
            return frozenset()
    return exact
