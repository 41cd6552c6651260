"""What recognisers give, and what they share."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from broadsheet.annotate.gazetteer import Authority
from broadsheet.annotate.model import EntityType
from broadsheet.annotate.pack import Pack
from broadsheet.annotate.prefilter import Scan
from broadsheet.annotate.writing import alternation

SPEAKING: Final = "speaking-name"
"""The rule of names that count only if the article has them twice."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch that may be a name.

    Attributes:
        owners: Authorities that bear it (indices), likeliest first; empty for a name no list has.
        entity_id: Set where the recogniser itself knows (abbreviations, ministries).
        keep: Higher wins between candidates of one length.
    """

    start: int
    end: int
    type: EntityType
    rule: str
    owners: tuple[int, ...] = ()
    entity_id: str | None = None
    keep: int = 0
    short: bool = False
    name_en: str | None = None
    country: str | None = None


class Finder:
    """What recognisers of one pack have in common.

    Args:
        pack: Words, characters and aliases.
    """

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def office_across(self, text: str, start: int, end: int) -> int | None:
        """Where an office begins inside a name and ends one character after it: the minister, not the ministry."""
        for spot in range(start + 1, end):
            match = self.office.match(text, spot)
            if match and match.end() == end + 1 and end - spot > 1:
                return spot
        return None

    def country(self, match: re.Match[str]) -> Candidate:
        """The country an abbreviation stands for."""
        entity = self.pack.abbreviations[match.group()]
        return Candidate(match.start(), match.end(), "place", "abbreviation", (), entity, 0, True)

    def place(self, candidate: Candidate | None) -> Authority | None:
        """What a candidate means if it is a name of the lists."""
        if candidate is None:
            return None
        if candidate.entity_id:
            return self.pack.by_id.get(candidate.entity_id)
        return self.pack.authorities[candidate.owners[0]] if candidate.owners else None

    @cached_property
    def office(self) -> Scan:
        """Any word for an office."""
        return Scan(re.compile(alternation(self.pack.role_of)))

    @cached_property
    def single(self) -> re.Pattern[str]:
        """A country in one character."""
        return re.compile(f"[{''.join(sorted(a for a in self.pack.abbreviations if len(a) == 1))}]")


def select(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The longest of overlapping candidates, then the better kept, then the leftmost; ascending."""
    taken: list[Candidate] = []
    used: set[int] = set()
    for candidate in sorted(candidates, key=lambda c: (-(c.end - c.start), -c.keep, c.start, c.rule)):
        spots = range(candidate.start, candidate.end)
        if used.isdisjoint(spots):
            used.update(spots)
            taken.append(candidate)
    return sorted(taken, key=lambda c: c.start)
