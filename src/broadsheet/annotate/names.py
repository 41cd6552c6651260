"""Recognisers: from a folded text to candidate names, before anything is linked.

Each recogniser yields candidates on its own; `select` keeps the longest of those that overlap. Words and characters
come from the pack.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from broadsheet.annotate.gazetteer import Authority
from broadsheet.annotate.model import EntityType
from broadsheet.annotate.pack import Pack
from broadsheet.annotate.prefilter import Scan
from broadsheet.annotate.writing import alternation


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


class Recognizer:
    """The recognisers of one pack.

    Args:
        pack: Words, characters and aliases.
    """

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def candidates(self, text: str) -> list[Candidate]:
        """All candidates of a folded text, in no particular order."""
        known = list(self._aliases(text))
        return [
            *known,
            *self._ministries(text, known),
            *self._missions(text, known),
            *self._abbreviations(text),
            *self._dotted(text),
            *self._after_office(text),
            *self._organizations(text, known),
        ]

    def _aliases(self, text: str) -> Iterator[Candidate]:
        """Names of the authority files; of one that runs into an office (国防部|长), what stands before it."""
        for hit in self.pack.index.find(text):
            office = self._office_across(text, hit.start, hit.end)
            shift = hit.start if office else 0
            for kept in self.pack.index.find(text[hit.start : office]) if office else [hit]:
                first = self.pack.authorities[kept.owners[0]]
                yield Candidate(shift + kept.start, shift + kept.end, first.type, "alias", kept.owners, keep=3)

    def _office_across(self, text: str, start: int, end: int) -> int | None:
        """Where an office begins inside a name and ends one character after it: the minister, not the ministry."""
        for spot in range(start + 1, end):
            match = self._office.match(text, spot)
            if match and match.end() == end + 1 and end - spot > 1:
                return spot
        return None

    def _ministries(self, text: str, known: list[Candidate]) -> Iterator[Candidate]:
        """A country and the name of an office of state: one organization."""
        spots = {c.end: c for c in known if c.type == "place"}
        people = {c.start: c for c in known if c.type == "person"}
        for abbreviation in self._single.finditer(text):
            spots.setdefault(abbreviation.end(), self._country(abbreviation))
        for match in self._ministry.finditer(text):
            before = spots.get(match.start())
            if self._office_across(text, match.start() - 1, match.end()):
                continue
            place = self._place(before)
            if before and place and place.kind == "country":
                yield self._ministry_of(match.group(), place, before.start, match.end(), "country-ministry")
            elif before is None and self._office.match(text, match.end()):
                place = self._served(text, match.end(), people)
                default = self.pack.ministries[match.group()].get("default")
                if place:
                    yield self._ministry_of(match.group(), place, *match.span(), "ministry-of-person")
                elif default:
                    yield Candidate(*match.span(), "organization", "ministry-default", (), f"org/{default}", 4)

    def _ministry_of(self, suffix: str, place: Authority, start: int, end: int, rule: str) -> Candidate:
        entity, english = self.pack.ministry(suffix, place)
        return Candidate(start, end, "organization", rule, (), entity, 4, name_en=english, country=place.country)

    def _missions(self, text: str, known: list[Candidate]) -> Iterator[Candidate]:
        """A country, a word for being posted, a place and a kind of mission: its embassy or consulate there."""
        if not self.pack.names.get("missions"):
            return
        places = [c for c in known if c.type == "place"]
        places += [self._country(match) for match in self._single.finditer(text)]
        ending: dict[int, Candidate] = {}
        for candidate in sorted(places, key=lambda c: c.end - c.start):
            ending[candidate.end] = candidate
        for match in self._mission.finditer(text):
            sender, host = ending.get(match.start()), ending.get(match.start("kind"))
            owner, seat = self._place(sender), self._place(host)
            if sender and host and owner and seat and match.end("posted") <= host.start and owner.kind == "country":
                kind = self.pack.names["missions"][match["kind"]]
                entity = f"org/{kind}-of-{owner.entity_id[4:]}-in-{seat.entity_id[4:]}"
                yield Candidate(sender.start, match.end(), "organization", "mission", (), entity, 4)

    def _served(self, text: str, position: int, people: dict[int, Candidate]) -> Authority | None:
        """The country served by the person whose office stands at `position`."""
        office = self._office.match(text, position)
        while office:
            position = office.end()
            office = self._office.match(text, position)
        candidate = people.get(position)
        return self.pack.countries.get(self.pack.authorities[candidate.owners[0]].country or "") if candidate else None

    def _country(self, match: re.Match[str]) -> Candidate:
        entity = self.pack.abbreviations[match.group()]
        return Candidate(match.start(), match.end(), "place", "abbreviation", (), entity, 0, True)

    def _place(self, candidate: Candidate | None) -> Authority | None:
        if candidate is None:
            return None
        if candidate.entity_id:
            return self.pack.by_id.get(candidate.entity_id)
        return self.pack.authorities[candidate.owners[0]] if candidate.owners else None

    def _abbreviations(self, text: str) -> Iterator[Candidate]:
        rules = self.pack.grammar["compounds"]
        blocked = {spot for match in self._not_inside.finditer(text) for spot in range(*match.span())}
        for run in self._several.finditer(text):
            if not blocked.isdisjoint(range(*run.span())):
                continue
            if set(run.group()) <= set(rules["risky"]) and not self._after.match(text, run.end()):
                continue
            for spot in range(run.start(), run.end()):
                entity = self.pack.abbreviations[text[spot]]
                yield Candidate(spot, spot + 1, "place", "abbreviation-pair", (), entity, 1, True)
        for match in self._single.finditer(text):
            start, end = match.span()
            if start in blocked:
                continue
            after = self._after.match(text, end)
            before = text.endswith(tuple(rules["before"]), 0, start)
            risky = match.group() in rules["risky"]
            if (after and not (risky and after.end() - end == 1 and not before)) or (before and not risky):
                yield Candidate(
                    start, end, "place", "abbreviation", (), self.pack.abbreviations[match.group()], 1, True
                )

    def _dotted(self, text: str) -> Iterator[Candidate]:
        """Foreign names whose parts are joined by a dot."""
        for match in self._dots.finditer(text):
            start, end = match.span()
            start += self._office_inside(text, start, len(match.group().split(match.group("dot"))[0]))
            last = max(text.rfind(dot, start, end) for dot in self.pack.names["dot"]) + 1
            end = self._last_part(text, last, end)
            if end - last >= 1 and last - start >= 2:
                owners = self.pack.index.owners(text[start:end].replace(match.group("dot"), self.pack.names["dot"][0]))
                yield Candidate(start, end, "person", "dotted-name", owners, keep=5)

    def _office_inside(self, text: str, start: int, length: int) -> int:
        """How much of the first part of a name is the end of an office before it (主席格雷格)."""
        for cut in range(length - 1, 0, -1):
            if any(len(word) >= cut and text.endswith(word, 0, start + cut) for word in self._offices_ending):
                return cut
        return 0

    @cached_property
    def _offices_ending(self) -> tuple[str, ...]:
        letters = set(self.pack.names["transliteration"])
        return tuple(word for word in self.pack.role_of if word[-1] in letters)

    def _last_part(self, text: str, start: int, end: int) -> int:
        """Where the last part of a dotted name ends: at a known name, else before a word that breaks the run."""
        for stop in range(end, start + 1, -1):
            if self.pack.index.owners(text[start:stop]):
                return stop
        for match in self._breaks.finditer(text, start + 1, min(end + 2, len(text))):
            return min(match.start(), end)
        return end

    def _after_office(self, text: str) -> Iterator[Candidate]:
        """An office, then a name, then something that can follow a name."""
        for office in self._office.finditer(text):
            start = office.end()
            if self._not_name.match(text, start):
                continue
            for pattern, rule in ((self._chinese, "office-chinese-name"), (self._foreign, "office-foreign-name")):
                match = pattern.match(text, start)
                if match:
                    yield Candidate(start, match.end(1), "person", rule, self.pack.index.owners(match.group(1)), keep=2)
                    break

    def _organizations(self, text: str, known: list[Candidate]) -> Iterator[Candidate]:
        """A place, then a few characters, then what organizations are called."""
        places = {c.start: c for c in known if c.type == "place"}
        bodies = {c.end for c in known if c.type == "organization"}
        for start in sorted(places):
            match = self._body.match(text, places[start].end)
            if match and match.end() not in bodies:  # a known body is its own name (美国|斯坦福大学)
                yield Candidate(start, match.end(), "organization", "organization-suffix", keep=2)

    @cached_property
    def _single(self) -> re.Pattern[str]:
        return re.compile(f"[{''.join(sorted(a for a in self.pack.abbreviations if len(a) == 1))}]")

    @cached_property
    def _several(self) -> re.Pattern[str]:
        return re.compile(self._single.pattern + "{2,6}")

    @cached_property
    def _not_inside(self) -> re.Pattern[str]:
        return re.compile("|".join(sorted(self.pack.grammar["compounds"]["not_inside"], key=len, reverse=True)))

    @cached_property
    def _after(self) -> re.Pattern[str]:
        rules = self.pack.grammar["compounds"]
        return re.compile(f"(?:{alternation(rules['after'])})(?![{rules['not_followed']}])")

    @cached_property
    def _ministry(self) -> re.Pattern[str]:
        return re.compile(alternation(self.pack.ministries))

    @cached_property
    def _mission(self) -> re.Pattern[str]:
        names = self.pack.names
        return re.compile(
            rf"(?P<posted>{alternation(names['posted'])})[^，。、；\s]{{1,8}}?(?P<kind>{alternation(names['missions'])})"
        )

    @cached_property
    def _dots(self) -> re.Pattern[str]:
        letters = self.pack.names["transliteration"]
        dot = f"[{re.escape(self.pack.names['dot'])}]"
        part = f"(?:[{letters}]{{1,7}}|[A-Z][A-Za-z]{{0,11}}\\.?)"
        return re.compile(f"{part}(?P<dot>{dot}){part}(?:{dot}{part}){{0,3}}")

    @cached_property
    def _breaks(self) -> re.Pattern[str]:
        return re.compile(alternation(self.pack.names["run_breaks"]))

    @cached_property
    def _office(self) -> Scan:
        return Scan(re.compile(alternation(self.pack.role_of)))

    @cached_property
    def _not_name(self) -> re.Pattern[str]:
        followers = [word for word in self.pack.names["name_followers"] if len(word) > 1]
        return re.compile(alternation([*self.pack.names["not_names"], *followers, *self.pack.role_of]))

    @cached_property
    def _followers(self) -> str:
        return f"(?={alternation(self.pack.names['name_followers'])}|$)"

    @cached_property
    def _chinese(self) -> re.Pattern[str]:
        names = self.pack.names
        family = f"(?:{alternation(names['surnames_long'])}|[{names['surnames']}])"
        words = alternation(word for word in names["name_followers"] if len(word) > 1)
        return re.compile(f"({family}(?!{words})[{names['given']}]{{1,2}}?){self._followers}")

    @cached_property
    def _foreign(self) -> re.Pattern[str]:
        return re.compile(f"([{self.pack.names['transliteration']}]{{2,7}}?){self._followers}")

    @cached_property
    def _body(self) -> re.Pattern[str]:
        names = self.pack.names
        breaks = re.escape(names["organization_breaks"])
        return re.compile(f"[^{breaks}]{{2,10}}?(?:{alternation(names['organization_suffixes'])})")


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
