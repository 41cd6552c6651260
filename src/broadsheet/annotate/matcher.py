"""All aliases of all authority files, found in one pass over a text."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AliasHit:
    """An alias found: where, and the indices of the authorities that bear it, likeliest first."""

    start: int
    end: int
    owners: tuple[int, ...]


class AliasIndex:
    """Leftmost-longest matching of aliases in folded text.

    Args:
        aliases: Folded aliases, sorted, and words that only look as if they held a name: what they cover is no hit.
        owners: For each of them, the indices of the authorities that bear it, likeliest first; none for such a word.
    """

    def __init__(self, aliases: Sequence[str], owners: Sequence[tuple[int, ...]]) -> None:
        from ahocorasick_rs import AhoCorasick, MatchKind

        self._aliases = aliases
        self._owners = owners
        self._automaton = AhoCorasick(aliases, matchkind=MatchKind.LeftmostLongest) if aliases else None

    def find(self, folded: str) -> Iterator[AliasHit]:
        """Hits in ascending order; a Latin alias only where it is a word of its own."""
        if self._automaton is None:
            return
        for number, start, end in self._automaton.find_matches_as_indexes(folded):
            if self._owners[number] and not cuts_word(folded, start, end):
                yield AliasHit(start, end, self._owners[number])

    def owners(self, folded_alias: str) -> tuple[int, ...]:
        """Who bears exactly this alias."""
        spot = bisect_left(self._aliases, folded_alias)
        found = spot < len(self._aliases) and self._aliases[spot] == folded_alias
        return self._owners[spot] if found else ()


class Words:
    """Finds some words, also those that overlap, in one pass over a text however many they are.

    Args:
        words: None of them empty.
    """

    def __init__(self, words: Iterable[str]) -> None:
        from ahocorasick_rs import AhoCorasick

        listed = sorted(words)
        self._automaton = AhoCorasick(listed) if listed else None

    def find(self, text: str) -> list[tuple[int, int]]:
        """Where they stand, ascending."""
        if self._automaton is None:
            return []
        return sorted((start, end) for _, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True))


def cuts_word(text: str, start: int, end: int) -> bool:
    """Whether a stretch begins or ends inside a word of letters."""
    return (_latin(text[start]) and start > 0 and _latin(text[start - 1])) or (
        _latin(text[end - 1]) and end < len(text) and _latin(text[end])
    )


def _latin(character: str) -> bool:
    return character.isalnum() and ord(character) < 0x2E80
