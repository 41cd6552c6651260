"""Large alternations and many patterns over one text, without trying each of them at each character.

The parser of `re` tells what any match must begin with (`Scan`) or hold (`Patterns`); that is looked for first.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

from broadsheet.patterns import LOOKS, REPEATS, first_words, shortest

MOST_WORDS: Final = 120
LONGEST: Final = 8
"""Characters of the beginnings that are looked for."""
WIDTHLESS: Final = (*LOOKS, ops.AT)


class Scan:
    """A pattern that is tried only where the text goes on as its matches can begin.

    `re` does this by itself only for the simplest of alternations; for the others it is many times slower.

    Args:
        pattern: Must not match the empty text.
        words: Texts of which one begins every match of interest, if more is known than the pattern says.

    Raises:
        ValueError: If it may begin with any character, or be empty.
    """

    def __init__(self, pattern: re.Pattern[str], words: Iterable[str] | None = None) -> None:
        from ahocorasick_rs import AhoCorasick

        found = first_words(pattern.pattern, pattern.flags, longest=LONGEST) if words is None else shortest(words)
        if found is None:
            raise ValueError(f"the beginning of a match is not certain: {pattern.pattern[:60]}")
        self.words = found
        self.match = pattern.match
        self._automaton = AhoCorasick(sorted(found)) if found else None

    def finditer(self, text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """As `finditer` of the pattern."""
        return self.between(text, ((start, len(text) if end is None else end),))

    def places(self, text: str) -> list[int]:
        """Where a match may begin, ascending."""
        if self._automaton is None:
            return []
        found = [start for _, start, _ in self._automaton.find_matches_as_indexes(text, overlapping=True)]
        found.sort()  # they come by their ends
        return found

    def between(self, text: str, ranges: Iterable[tuple[int, int]]) -> Iterator[re.Match[str]]:
        """Matches inside each of some ranges, as `finditer` finds them; the ranges ascend and do not overlap."""
        match = self.match
        upcoming = iter(self.places(text))
        at = next(upcoming, None)
        for low, high in ranges:
            while at is not None and at < low:
                at = next(upcoming, None)
            while at is not None and at < high:
                if at >= low and (found := match(text, at, high)):
                    low = found.end()  # noqa: PLW2901 - what is matched is used up
                    yield found
                at = next(upcoming, None)


class Patterns:
    """Many patterns over one text, each tried only where or if it may match.

    Args:
        patterns: In the order whose indices `finditer` gives.
    """

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        from ahocorasick_rs import AhoCorasick

        self._patterns = patterns
        self._always: set[int] = set()
        self._opened: set[int] = set()
        owners: dict[str, list[int]] = {}
        for number, pattern in enumerate(patterns):
            words = first_words(pattern.pattern, pattern.flags, longest=LONGEST)
            if words is not None:
                self._opened.add(number)
            else:
                words = needed_words(pattern.pattern)
                self._always |= set() if words else {number}
            for word in words:
                owners.setdefault(word, []).append(number)
        self._owners = list(owners.values())
        self._automaton = AhoCorasick(list(owners)) if owners else None

    def finditer(self, text: str) -> Iterator[tuple[int, re.Match[str]]]:
        """All matches with the index of their pattern: of one pattern after the other, as its `finditer` gives them."""
        places: dict[int, list[int]] = {number: [] for number in self._always}
        found = self._automaton.find_matches_as_indexes(text, overlapping=True) if self._automaton else ()
        for word, start, _ in found:
            for number in self._owners[word]:
                places.setdefault(number, []).append(start)
        for number in sorted(places):
            pattern = self._patterns[number]
            if number in self._opened:
                yield from ((number, match) for match in _at(pattern, text, sorted(places[number])))
            else:
                yield from ((number, match) for match in pattern.finditer(text))


def _at(pattern: re.Pattern[str], text: str, places: Iterable[int]) -> Iterator[re.Match[str]]:
    """Matches that begin at some of the places, which ascend; none overlaps."""
    end = 0
    for place in places:
        if place >= end and (found := pattern.match(text, place)):
            end = found.end()
            yield found


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
