"""Offices of state that an article names without their country: whose they are."""

from collections import Counter

from broadsheet.annotate.candidates import Candidate, Finder
from broadsheet.annotate.pack import Pack

BARE = "ministry-bare"
"""The rule of such candidates."""


class OfficesOfState(Finder):
    """What one article says of countries and their offices of state."""

    def __init__(self, pack: Pack) -> None:
        super().__init__(pack)
        self._owned: dict[str, tuple[str, str | None, str | None]] = {}
        self._named: Counter[str] = Counter()
        self._placed: set[str] = set()

    def note(self, text: str, candidate: Candidate) -> None:
        """A candidate of the article; names of the lists and offices with their country tell something."""
        known = self.place(candidate)
        if known is not None and known.type == "place" and known.country:
            self._placed.add(known.country)
        if known is not None and known.kind in ("country", "territory") and known.country:
            self._named[known.country] += 1
        if candidate.type != "organization" or candidate.rule in (BARE, "ministry-default"):
            return
        surface = text[candidate.start : candidate.end]
        entity = known.entity_id if known else candidate.entity_id
        if entity and (suffix := self._suffix(surface)):
            country = known.country if known else candidate.country
            self._owned.setdefault(self.pack.ministries[suffix]["id"], (entity, candidate.name_en, country))

    def whose(self, surface: str) -> tuple[str, str | None, str | None] | None:
        """Id, English name and country of an office of state; None if nothing tells whose it is.

        It is one that the article names with its country elsewhere; else that of a country whose publishers name their
        own without it; else that of the country the article is most about.
        """
        entry = self.pack.ministries[surface]
        if entry["id"] in self._owned:
            return self._owned[entry["id"]]
        named = self._named.most_common()
        default = self.pack.by_id.get(f"org/{entry.get('default')}")
        own = [(code, count) for code, count in named if code in self.pack.names["publishing"]]
        if default and own and own[0][1] * 3 >= named[0][1]:
            named = own
        for code, _ in named:
            if code in self.pack.states:
                return *self.pack.ministry(surface, self.pack.states[code]), code
        return (default.entity_id, default.name_en, default.country) if default else None

    def at_home(self, country: str | None) -> bool:
        """Whether the article may be news of one country for its own people, who call their capital a city."""
        return country in self.pack.names.get("publishing", ()) and self._placed <= {country}

    def _suffix(self, surface: str) -> str | None:
        """The office of state a name ends with."""
        return next((surface[at:] for at in range(len(surface)) if surface[at:] in self.pack.ministries), None)
