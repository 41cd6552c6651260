"""Recognisers of bodies and places that are called after something known: institutes, papers, governments, airports.

They start from the names the authority files gave. Words and characters come from the pack.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from broadsheet.annotate.candidates import Candidate, Finder
from broadsheet.annotate.prefilter import Scan
from broadsheet.annotate.writing import alternation

STATES = ("country", "country_alias", "territory")
_CAPITAL = re.compile("[A-Z]")
HEADS = frozenset({"president", "prime-minister", "chancellor", "head-of-government", "supreme-leader", "king"})
"""Offices whose holder an administration is called after."""


class Institutions(Finder):
    """Bodies and places of one pack, beside those the authority files name."""

    def candidates(self, text: str, known: list[Candidate]) -> Iterator[Candidate]:
        """All candidates of a folded text.

        Args:
            text: The text.
            known: Candidates the authority files gave.
        """
        yield from self._larger(text, known)
        yield from self._organizations(text, known)
        yield from self._quoted(text)
        yield from self._units(text, known)
        yield from self._governments(text, known)
        yield from self._latin(text)

    def _larger(self, text: str, known: list[Candidate]) -> Iterator[Candidate]:
        """A place with what it is (乌法市), and what is called after it: an airport, a power plant."""
        kinds = self.pack.names["place_suffixes"]
        for candidate in known:
            if candidate.type != "place":
                continue
            match = self._suffix.match(text, candidate.end)
            if match:
                fitting = [o for o in candidate.owners if self.pack.authorities[o].kind in kinds[match.group()]]
                if fitting:
                    yield Candidate(candidate.start, match.end(), "place", "place-suffix", tuple(fitting), keep=3)
            sides = self.pack.names["sides"]
            if candidate.start and text[candidate.start - 1] in sides and self._sided.match(text, candidate.end):
                yield Candidate(candidate.start - 1, candidate.end + 1, "place", "province", keep=3)
            match = self._within.match(text, candidate.end)
            if match and text[candidate.end - 1] in self.pack.names["larger_places"]:
                yield Candidate(*match.span(), "place", "place-in-place", keep=1)
            owner = self.place(candidate)
            match = self._facility.match(text, candidate.end)
            if match and owner and owner.kind != "country":
                yield Candidate(candidate.start, match.end(), "place", "facility", keep=2)

    def _organizations(self, text: str, known: list[Candidate]) -> Iterator[Candidate]:
        """A place or a word like "national", then a few characters, then what organizations are called."""
        bodies = {c.end for c in known if c.type == "organization"}
        named = {spot for c in known for spot in range(c.start, c.end)}
        heads = [(c.start, c.end) for c in known if c.type == "place"]
        starts = {start for start, _ in heads}
        # 挪威海|藻研究所 is read 挪威|海藻研究所 as well
        heads += [(start, end - 1) for start, end in heads if self.pack.index.owners(text[start : end - 1])]
        heads += [match.span() for match in self._head.finditer(text)]
        heads += [(c.start, c.end) for c in self._initials(text)]
        for start, end in sorted(heads):
            match = self._body.match(text, end)
            known_body = match is not None and match.end() in bodies  # it is its own name (美国|斯坦福大学)
            later = match is not None and not starts.isdisjoint(range(end + 3, match.end()))
            if match and not known_body and not later and not self._no_body.search(match.group()):
                yield Candidate(start, match.end(), "organization", "organization-suffix", keep=2)
            match = self._acting.match(text, end)
            if match and named.isdisjoint(range(end, match.end())) and not self._no_body.search(match.group()):
                yield Candidate(start, match.end(), "organization", "organization-suffix", keep=1)
            match = self._explained.match(text, end)
            if match and match.end() not in bodies and not self._no_body.search(match.group()):
                yield Candidate(start, match.end(), "organization", "organization-suffix", keep=2)
            match = self._headed.match(text, end)
            if match and match.end() not in bodies:
                yield Candidate(start, match.end(1), "organization", "organization-headed", keep=2)
        yield from self._parts(text, known)

    def _parts(self, text: str, known: list[Candidate]) -> Iterator[Candidate]:
        """A part of a known body; a party that a country has under a name another country's is known by."""
        if all(candidate.type != "organization" for candidate in known):
            return
        places = {c.end: c for c in self._initials(text)}
        places |= {c.end: c for c in known if c.type == "place"}
        for candidate in known:
            owner = self.place(candidate)
            if owner is None or owner.type != "organization":
                continue
            match = self._organ.match(text, candidate.end)
            if owner.kind in self.pack.names["having_parts"]:
                match = match or self._part.match(text, candidate.end)
            if match:
                yield Candidate(candidate.start, match.end(), "organization", "organization-part", keep=2)
            place = places.get(candidate.start)
            before = self.place(place)
            if place is None or before is None:
                continue
            if owner.country == before.country and owner.kind in self.pack.names["with_country"]:
                mainland = text[place.start : place.end] in self.pack.names["not_with_country"]
                if before.kind in STATES and not mainland and not text[candidate.start].isascii():
                    yield replace(candidate, start=place.start, entity_id=owner.entity_id, keep=4)
                continue
            if owner.kind not in self.pack.names["of_countries"]:
                continue
            if before.kind == "country" and (before.country != owner.country or place.short):
                start = place.start
                yield Candidate(
                    start, candidate.end, "organization", "party-of-country", country=before.country, keep=2
                )

    def _initials(self, text: str) -> Iterator[Candidate]:
        """Countries in one character where a name may begin, but for those that are other words there."""
        risky, before = self.pack.names["not_of_countries"], self.pack.names["before_initial"]
        for match in self.single.finditer(text):
            start = match.start()
            if match.group() not in risky and (not start or not text[start - 1].isalnum() or text[start - 1] in before):
                yield self.country(match)

    def _units(self, text: str, known: list[Candidate]) -> Iterator[Candidate]:
        """Military units with a number, and whose they are before them."""
        units = list(self._unit.finditer(text))
        if not units:
            return
        places = {c.end: c.start for c in self._initials(text)} | {c.end: c.start for c in known if c.type == "place"}
        for match in units:
            start = places.get(match.start(), match.start())
            yield Candidate(
                start,
                match.end(),
                "organization",
                "military-unit",
                self.pack.index.owners(text[start : match.end()]),
                keep=2,
            )

    def _governments(self, text: str, known: list[Candidate]) -> Iterator[Candidate]:
        """A head of government, or a capital, with the word for government: an administration, a government."""
        word = self.pack.names["administration"]
        for candidate in known:
            owner = self.place(candidate)
            if owner is None or not text.startswith(word, candidate.end):
                continue
            span = candidate.start, candidate.end + len(word)
            country = self.pack.countries.get(owner.country or "")
            if owner.type == "person" and any(role.role in HEADS for role in owner.roles):
                entity = f"org/{owner.entity_id[4:]}-administration"
                name = f"Administration of {owner.name_en}"
                yield Candidate(
                    *span, "organization", "administration", (), entity, 4, name_en=name, country=owner.country
                )
            elif (
                owner.kind == "capital" and country and text[candidate.end - 1] not in self.pack.names["place_suffixes"]
            ):
                entity, name = self.pack.government(country)
                yield Candidate(*span, "organization", "capital-government", (), entity, 4, name_en=name,
                                country=owner.country)  # fmt: skip

    def _latin(self, text: str) -> Iterator[Candidate]:
        """A body with a name in Latin letters and a word for what it is beside it."""
        for match in self._latin_body.finditer(text) if _CAPITAL.search(text) else ():
            group = 1 if match[1] else 2
            yield Candidate(*match.span(group), "organization", "latin-organization",
                            self.pack.index.owners(match[group]), keep=1)  # fmt: skip

    def _quoted(self, text: str) -> Iterator[Candidate]:
        """A newspaper in quotation marks."""
        for match in self._magazine.finditer(text):
            entity = "org/" + self.pack.names["quoted_media"][match[1]]
            yield Candidate(*match.span(1), "organization", "quoted-media", (), entity, keep=2)
        for match in self._paper.finditer(text):
            if not self._document.search(match.group(1)):
                owners = self.pack.index.owners(match.group(1))
                yield Candidate(*match.span(1), "organization", "quoted-media", owners, keep=2)

    @cached_property
    def _suffix(self) -> re.Pattern[str]:
        names = self.pack.names
        return re.compile(f"(?:{alternation(names['place_suffixes'])})(?!{names['not_after_place']})")

    @cached_property
    def _sided(self) -> re.Pattern[str]:
        return re.compile(f"[省州邦](?!{self.pack.names['not_after_place']})")

    @cached_property
    def _facility(self) -> re.Pattern[str]:
        return re.compile(self.pack.names["facilities"])

    @cached_property
    def _head(self) -> Scan:
        return Scan(re.compile(self.pack.names["organization_heads"]))

    @cached_property
    def _body(self) -> re.Pattern[str]:
        names = self.pack.names
        breaks, heads = re.escape(names["organization_breaks"]), names["organization_heads"]
        return re.compile(
            f"(?:(?:{heads})[^{breaks}]{{0,8}}?|[^{breaks}]{{2,10}}?)(?:{alternation(names['organization_suffixes'])})(?![道导生])"
        )

    @cached_property
    def _no_body(self) -> re.Pattern[str]:
        return re.compile(self.pack.names["not_organizations"])

    @cached_property
    def _headed(self) -> re.Pattern[str]:
        """A name and the office of its head, which repeats its end (局|局长)."""
        breaks = re.escape(self.pack.names["organization_breaks"].replace("及", ""))
        return re.compile(f"([^{breaks}]{{1,12}}?([{self.pack.names['headed']}]))\\2长")

    @cached_property
    def _unit(self) -> Scan:
        return Scan(re.compile(self.pack.names["units"]))

    @cached_property
    def _acting(self) -> re.Pattern[str]:
        """A name that ends like many other words, where a body that says or does something stands."""
        names = self.pack.names
        breaks, ends = re.escape(names["organization_breaks"]), alternation(names["acting_suffixes"])
        return re.compile(f"[^{breaks}]{{1,8}}?(?:{ends})(?<!{names['not_acting']})(?={names['acting']})")

    @cached_property
    def _explained(self) -> re.Pattern[str]:
        """A name with its Latin form in brackets behind it."""
        names = self.pack.names
        breaks = self._part_breaks
        ends = alternation([*names["acting_suffixes"], *names["organization_suffixes"]])
        return re.compile(f"[^{breaks}]{{2,14}}?(?:{ends})(?=[（(][A-Z])")

    @cached_property
    def _part_breaks(self) -> str:
        """What no part of a body, and no name that is explained, goes beyond."""
        names = self.pack.names
        breaks: str = names["organization_breaks"].translate({ord(c): None for c in names["part_breaks_not"]})
        return re.escape(breaks)

    @cached_property
    def _part(self) -> re.Pattern[str]:
        names = self.pack.names
        breaks = self._part_breaks
        ends, other = alternation(names["organization_parts"]), alternation(names["no_part"])
        return re.compile(f"(?:(?!{other})[^{breaks}]){{1,10}}?(?:{ends})")

    @cached_property
    def _organ(self) -> re.Pattern[str]:
        return re.compile(f"(?:{alternation(self.pack.names['organs'])})(?!{self.pack.names['not_after_organ']})")

    @cached_property
    def _within(self) -> re.Pattern[str]:
        return re.compile(self.pack.names["places_within"])

    @cached_property
    def _latin_body(self) -> re.Pattern[str]:
        kinds = alternation(self.pack.names["latin_bodies"])
        name = "[A-Z][A-Za-z]{2,20}(?: [A-Z][A-Za-z]{1,20}){0,3}"
        return re.compile(f"(?<![A-Za-z] )(?<![A-Za-z])({name}) ?(?:{kinds})|(?:{kinds}) ?({name})(?![A-Za-z ])")

    @cached_property
    def _paper(self) -> Scan:
        names = self.pack.names
        return Scan(
            re.compile(
                f"[《「『]([^《》「」『』“”，。：；、！？]{{1,12}}(?:{alternation(names['media_suffixes'])}))[》」』]"
            )
        )

    @cached_property
    def _magazine(self) -> Scan:
        """Such with a name that is a word, too."""
        return Scan(re.compile(f"[《「『]({alternation(self.pack.names['quoted_media'])})[》」』]"))

    @cached_property
    def _document(self) -> re.Pattern[str]:
        return re.compile(self.pack.names["not_media"])
