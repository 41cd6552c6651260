"""Recognisers of a country's offices of state and of its missions abroad.

They start from the names the authority files gave. Words and characters come from the pack.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from broadsheet.annotate.candidates import Candidate, Finder
from broadsheet.annotate.gazetteer import Authority
from broadsheet.annotate.offices import BARE
from broadsheet.annotate.prefilter import Scan
from broadsheet.annotate.writing import alternation


class Ministries(Finder):
    """Ministries, embassies and consulates of one pack."""

    def candidates(self, text: str, known: list[Candidate]) -> Iterator[Candidate]:
        """All candidates of a folded text.

        Args:
            text: The text.
            known: Candidates the authority files gave.
        """
        yield from self._ministries(text, known)
        yield from self._missions(text, known)

    def _ministries(self, text: str, known: list[Candidate]) -> Iterator[Candidate]:
        """A country and the name of an office of state: one organization."""
        ministries = list(self._ministry.finditer(text))
        if not ministries:
            return
        spots = {c.end: c for c in known if c.type == "place"}
        people = {c.start: c for c in known if c.type == "person"}
        for abbreviation in self.single.finditer(text):
            spots.setdefault(abbreviation.end(), self.country(abbreviation))
        for match in ministries:
            union = self._union.search(text, max(0, match.start() - 8), match.start())
            before = spots.get(match.start()) or (spots.get(union.start()) if union else None)
            office = self.office_across(text, match.start() - 1, match.end())
            if office is not None or self._no_ministry.match(text, match.start()):
                continue
            place = self.place(before)
            if before and place and place.kind == "country":
                yield self._ministry_of(match.group(), place, before.start, match.end(), "country-ministry")
            elif (
                before is None
                and match.group() != self.pack.names["administration"]
                and self.office.match(text, match.end())
            ):
                place = self._served(text, match.end(), people)
                if place:
                    yield self._ministry_of(match.group(), place, *match.span(), "ministry-of-person")
                    continue
            if before is None and match.group() in self.pack.names["unowned"]:
                yield Candidate(*match.span(), "organization", BARE, keep=4)

    def _ministry_of(self, suffix: str, place: Authority, start: int, end: int, rule: str) -> Candidate:
        entity, english = self.pack.ministry(suffix, place)
        return Candidate(start, end, "organization", rule, (), entity, 4, name_en=english, country=place.country)

    def _missions(self, text: str, known: list[Candidate]) -> Iterator[Candidate]:
        """A country, a word for being posted, a place and a kind of mission: its embassy or consulate there."""
        missions = list(self._mission.finditer(text)) if self.pack.names.get("missions") else []
        if not missions:
            return
        places = [c for c in known if c.type == "place"]
        places += [self.country(match) for match in self.single.finditer(text)]
        ending: dict[int, Candidate] = {}
        for candidate in sorted(places, key=lambda c: c.end - c.start):
            ending[candidate.end] = candidate
        for match in missions:
            sender, host = ending.get(match.start()), ending.get(match.start("kind"))
            owner, seat = self.place(sender), self.place(host)
            if sender and host and owner and seat and match.end("posted") <= host.start and owner.kind == "country":
                kind = self.pack.names["missions"][match["kind"]]
                entity = f"org/{kind}-of-{owner.entity_id[4:]}-in-{seat.entity_id[4:]}"
                yield Candidate(sender.start, match.end(), "organization", "mission", (), entity, 4)

    def _served(self, text: str, position: int, people: dict[int, Candidate]) -> Authority | None:
        """The country served by the person whose office stands at `position`."""
        office = self.office.match(text, position)
        while office:
            position = office.end()
            office = self.office.match(text, position)
        candidate = people.get(position)
        return self.pack.countries.get(self.pack.authorities[candidate.owners[0]].country or "") if candidate else None

    @cached_property
    def _ministry(self) -> Scan:
        return Scan(re.compile(alternation(self.pack.ministries)))

    @cached_property
    def _mission(self) -> Scan:
        posted, kinds = (alternation(self.pack.names[key]) for key in ("posted", "missions"))
        return Scan(re.compile(rf"(?P<posted>{posted})[^，。、；\s]{{1,8}}?(?P<kind>{kinds})"))

    @cached_property
    def _union(self) -> re.Pattern[str]:
        return re.compile(f"(?:{alternation(self.pack.names['union'])})$")

    @cached_property
    def _no_ministry(self) -> re.Pattern[str]:
        return re.compile(self.pack.names["no_ministry"])
