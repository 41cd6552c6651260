"""Globs as sets of states over path segments, so that one walk serves all globs of a collection.

`*`, `?` and `[…]` match within one name and `**` any number of folders. Wildcards do not enter folders whose name
starts with a dot. A glob that names a folder takes everything below it. An archive is entered by segments behind one
that spells out its ending (`*.zip/**/*.md`); `*` and `**` alone do not enter it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import cache

from broadsheet.collect.archives.kinds import spelled

State = tuple[int, int]
"""A glob's number and how many of its segments are matched."""

ANY_DEPTH = "**"
_WILDCARD = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Step:
    """What one more name of a path leads to.

    Attributes:
        states: Where the globs stand if the name is a folder.
        named: Some glob spells out the path up to here, so it may be a link that leads elsewhere.
        matched: Some glob ends here, so a file of this name is taken.
        inside: Where the globs stand if the name is an archive that is entered.
    """

    states: frozenset[State]
    named: bool
    matched: bool
    inside: frozenset[State] = frozenset()


class Globs:
    """The globs of one collection, relative to its root.

    Args:
        patterns: One tuple of segments per glob.
    """

    def __init__(self, patterns: Iterable[Sequence[str]]) -> None:
        self.patterns = [tuple(pattern) for pattern in patterns]
        self._fixed = [_fixed(pattern) for pattern in self.patterns]

    def start(self) -> frozenset[State]:
        """The states at the root."""
        return self._closed({(number, 0) for number in range(len(self.patterns))})

    def step(self, states: frozenset[State], name: str) -> Step:
        """The states after one more segment."""
        after: set[State] = set()
        inside: set[State] = set()
        named = matched = False
        for number, position in states:
            pattern = self.patterns[number]
            if position == len(pattern):  # the glob named a folder above: everything below it, like `**/*`
                matched = True
                if not name.startswith("."):
                    after.add((number, position))
                continue
            segment = pattern[position]
            more = position < len(pattern) - 1
            if more and segment != ANY_DEPTH and spelled(segment) and _matcher(segment).match(name):
                inside.add((number, position + 1))
            if segment == ANY_DEPTH:
                if not name.startswith("."):
                    after.add((number, position))
                matched = matched or position == len(pattern) - 1
            elif not _WILDCARD.search(segment):
                if segment == name:
                    named = named or position < self._fixed[number]
                    after.add((number, position + 1))
                    matched = matched or position == len(pattern) - 1
            elif _matcher(segment).match(name):
                if position == len(pattern) - 1:
                    matched = True
                elif not name.startswith("."):
                    after.add((number, position + 1))
        return Step(self._closed(after), named, matched, self._closed(inside) if inside else frozenset())

    def names(self, states: frozenset[State]) -> set[str]:
        """The names that must follow, because globs spell out the path up to them; a missing one is worth telling."""
        return {self.patterns[number][position] for number, position in states if position < self._fixed[number]}

    def wild(self, states: frozenset[State]) -> bool:
        """Whether other names than those can follow."""
        return any(position >= self._fixed[number] for number, position in states)

    def matches(self, path: Iterable[str], states: frozenset[State] | None = None) -> bool:
        """Whether a path, as segments, is that of a file some glob takes; from the root, or from where they stand."""
        states, matched = self.start() if states is None else states, False
        for name in path:
            step = self.step(states, name)
            states, matched = step.states, step.matched
        return matched

    def _closed(self, states: set[State]) -> frozenset[State]:
        """`**` may match no folder at all."""
        waiting = list(states)
        while waiting:
            number, position = waiting.pop()
            pattern = self.patterns[number]
            if position < len(pattern) - 1 and pattern[position] == ANY_DEPTH:
                following = (number, position + 1)
                if following not in states:
                    states.add(following)
                    waiting.append(following)
        return frozenset(states)


def _fixed(pattern: Sequence[str]) -> int:
    """How many segments stand before the first wildcard."""
    return next((at for at, segment in enumerate(pattern) if _WILDCARD.search(segment)), len(pattern))


@cache
def _matcher(segment: str) -> re.Pattern[str]:
    return re.compile(translate(segment))
