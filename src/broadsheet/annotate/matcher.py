"""All aliases of all authority files, found in one pass over a text."""

from collections.abc import Iterable, Iterator
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
        aliases: (folded alias, index of its authority, prior), in any order.
        shields: Folded words that only look as if they held a name; what they cover is no hit.
    """

    def __init__(self, aliases: Iterable[tuple[str, int, float]], shields: Iterable[str] = ()) -> None:
        from ahocorasick_rs import AhoCorasick, MatchKind

        owners: dict[str, list[tuple[float, int]]] = {word: [] for word in shields}
        for alias, owner, prior in aliases:
            owners.setdefault(alias, []).append((-prior, owner))
        self._aliases = sorted(owners)
        self._owners = [tuple(dict.fromkeys(owner for _, owner in sorted(owners[a]))) for a in self._aliases]
        self._automaton = AhoCorasick(self._aliases, matchkind=MatchKind.LeftmostLongest) if owners else None

    def find(self, folded: str) -> Iterator[AliasHit]:
        """Hits in ascending order; a Latin alias only where it is a word of its own."""
        if self._automaton is None:
            return
        for number, start, end in self._automaton.find_matches_as_indexes(folded):
            if self._owners[number] and not cuts_word(folded, start, end):
                yield AliasHit(start, end, self._owners[number])

    def owners(self, folded_alias: str) -> tuple[int, ...]:
        """Who bears exactly this alias."""
        from bisect import bisect_left

        spot = bisect_left(self._aliases, folded_alias)
        found = spot < len(self._aliases) and self._aliases[spot] == folded_alias
        return self._owners[spot] if found else ()


def cuts_word(text: str, start: int, end: int) -> bool:
    """Whether a stretch begins or ends inside a word of letters."""
    return (_latin(text[start]) and start > 0 and _latin(text[start - 1])) or (
        _latin(text[end - 1]) and end < len(text) and _latin(text[end])
    )


def _latin(character: str) -> bool:
    return character.isalnum() and ord(character) < 0x2E80
