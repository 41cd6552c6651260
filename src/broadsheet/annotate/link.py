"""From candidate names to entities: one sense per document, offices in force, countries nearby.

The order in which articles are read makes no difference: only the article itself and the authority files decide.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from broadsheet.annotate.candidates import SPEAKING, Candidate, select
from broadsheet.annotate.gazetteer import Authority
from broadsheet.annotate.matcher import Words, cuts_word
from broadsheet.annotate.model import EntityDraft, Learnt, Taught
from broadsheet.annotate.offices import BARE
from broadsheet.annotate.pack import Pack
from broadsheet.annotate.phrases import Name
from broadsheet.annotate.states import States
from broadsheet.annotate.study import OFFICE_REACH, Study, Unit

# The rule of names that only other articles made known; behind another rule, of whose they are.
LEARNT: Final = "learnt-name"
# Characters of a name joined to a capital that are looked at.
NEAR: Final = 8
# Rules of places that no list has.
NEW_PLACES: Final = ("facility", "latin-place", "place-in-place", "province", "learned-place")


@dataclass(frozen=True, slots=True)
class Linked:
    """The names of each unit, every entity they point to, and the names the article teaches others."""

    names: tuple[tuple[Name, ...], ...]
    entities: dict[str, EntityDraft]
    taught: tuple[Taught, ...]


class Linker:
    """Links the names of one pack.

    Args:
        pack: Authorities and context words.
    """

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.states = States(pack)

    def link(self, units: Sequence[Unit], published: date | None, learnt: Iterable[Learnt] = ()) -> Linked:
        """Decide which entity every candidate means.

        Args:
            units: Title and paragraphs of one article, in order.
            published: The article's day, for offices in force; None if unknown.
            learnt: Names that other articles taught.
        """
        case = _Case(self, published, learnt)
        units = list(units) if self.pack.writing.apart else [self._with_latin(unit) for unit in units]
        case.study(units)
        learned, known = Words(case.learned), Words(case.learnt)
        units = [self._with_learned(unit, case, learned, known) for unit in units]
        names: list[tuple[Name, ...]] = []
        for unit in units:
            row: list[Name] = []
            for candidate in unit.candidates:
                name = case.decide(unit.text, candidate, row)
                if name:
                    row.append(name)
            names.append(tuple(row))
        return Linked(tuple(names), case.entities, case.taught())

    def _with_latin(self, unit: Unit) -> Unit:
        """A Latin name in brackets right after a name is a second mention of the same."""
        found = list(unit.candidates)
        for candidate in unit.candidates:
            match = _LATIN.match(unit.text, candidate.end)
            if match and candidate.type != "place":
                found.append(Candidate(*match.span(1), candidate.type, "latin-bracket", keep=6))
        return Unit(unit.text, tuple(select(found))) if len(found) > len(unit.candidates) else unit

    def _with_learned(self, unit: Unit, case: "_Case", short: Words, learnt: Words) -> Unit:
        """Short forms that a full name in this article taught, and names that other articles taught."""
        found = [*unit.candidates, *self._standing(unit.text, short, "learned-short-name")]
        if case.places:
            places = self._standing(unit.text, Words(case.places), "learned-place")
            found += (replace(place, type="place") for place in places)
        for candidate in self._standing(unit.text, learnt, LEARNT):
            known = case.learnt[unit.text[candidate.start : candidate.end]]
            if self._alone(unit.text, candidate):
                found.append(replace(candidate, type=known.type, entity_id=known.entity_id, keep=0))
        return Unit(unit.text, tuple(select(found))) if len(found) > len(unit.candidates) else unit

    def _standing(self, text: str, surfaces: Words, rule: str) -> Iterator[Candidate]:
        for start, end in surfaces.find(text):
            if not text[start].isascii() or not cuts_word(text, start, end):
                yield Candidate(start, end, "person", rule, keep=1)

    def _alone(self, text: str, candidate: Candidate) -> bool:
        """Whether a name is not part of a longer one: no joint beside it, no foreign letters before it."""
        joints = {*self.pack.names.get("dot", ""), "-", "－"}
        before, after = text[candidate.start - 1 : candidate.start], text[candidate.end : candidate.end + 1]
        letters = self.pack.names.get("transliteration", "")
        foreign = all(letter in letters for letter in text[candidate.start : candidate.end])
        near = text[max(0, candidate.start - OFFICE_REACH) : candidate.start]
        goes_on = foreign and before in letters and not self.pack.office_before.search(near)
        return not joints & {before, after} and not (before and goes_on)


_LATIN = re.compile(r"[（(]([A-Z][^（）()\u2e80-\uffff]{1,60}?)\s?(?:[，,、][^A-Za-z（）()]{1,6})?[）)]")


class _Case(Study):
    """Second reading of one article: the entity of every candidate."""

    def __init__(self, linker: Linker, published: date | None, learnt: Iterable[Learnt]) -> None:
        super().__init__(linker.pack, published, learnt)
        self.entities: dict[str, EntityDraft] = {}
        self._states = linker.states

    def decide(self, text: str, candidate: Candidate, before: list[Name]) -> Name | None:
        """Second reading: the entity of one candidate; None if it is no name after all."""
        surface = text[candidate.start : candidate.end]
        if candidate.rule == "latin-bracket":
            if not before or before[-1].end > candidate.start or candidate.start - before[-1].end > 1:
                return None
            known = before[-1]
            self._learn_latin(known.entity_id, surface)
            return replace(known, start=candidate.start, end=candidate.end, rule=candidate.rule, short=False)
        if candidate.rule == LEARNT and candidate.entity_id:
            return self._unlisted(candidate, candidate.entity_id, surface)
        meant = self._states.meant(candidate, surface, self.present)
        if meant is None:
            return None
        candidate = meant
        if candidate.entity_id:
            return self._own(candidate, candidate.entity_id, surface)
        told = self._latin.get(surface) if candidate.type == "person" and candidate.owners else None
        owner, confidence = (None, 0.0) if told else self._owner(text, candidate)
        if owner is not None:
            return self._metonym(text, candidate, self.pack.authorities[owner], confidence)
        if candidate.rule == BARE:
            whose = self._offices.whose(surface)
            if whose is None:
                return None
            candidate = replace(candidate, name_en=whose[1], country=whose[2], entity_id=whose[0])
            return replace(self._own(candidate, whose[0], surface), confidence=0.5)
        if (candidate.rule == "alias" and not told) or (candidate.type == "place" and candidate.rule not in NEW_PLACES):
            return None
        if candidate.rule == SPEAKING and surface not in self.learned:
            return None
        entity = self._latin.get(surface) or self.learned.get(surface) or self._named(candidate.type, surface)
        if surface in self.learnt and entity == self.learnt[surface].entity_id:
            candidate = replace(candidate, rule=f"{candidate.rule}+{LEARNT}")
        return self._unlisted(candidate, entity, surface)

    def _owner(self, text: str, candidate: Candidate) -> tuple[int | None, float]:
        owners = candidate.owners
        if candidate.rule == "dotted-name" and not owners:
            return self._by_last_part(text, candidate), 0.9
        owners = tuple(owner for owner in owners if self._meant(text, candidate, owner))
        if not owners:
            return None, 0.0
        seats = self.pack.grammar["seats"]["of"]
        seat = [owner for owner in owners if self.pack.authorities[owner].entity_id in seats]
        if len(owners) == 1 or seat:
            return (seat or owners)[0], 1.0
        scored = sorted(((-self._score(text, candidate, owner), rank, owner) for rank, owner in enumerate(owners)))
        best, second = -scored[0][0], -scored[1][0]
        return scored[0][2], 0.9 if best > second else 0.6

    def _score(self, text: str, candidate: Candidate, owner: int) -> float:
        authority = self.pack.authorities[owner]
        score = 3.0 * (owner in self.present) + 0.5 * (authority.country in self.countries)
        named = self._roles_before(text, candidate.start)
        for role in authority.roles:
            if self._in_force(role.start, role.end):
                score += 0.5 + 3.0 * (role.role in named)
            elif role.role in named:
                score += 1.0
        return score + authority.prior

    def _in_force(self, start: date | None, end: date | None) -> bool:
        if self.published is None:
            return False
        return (start is None or start <= self.published) and (end is None or self.published <= end)

    def _metonym(self, text: str, candidate: Candidate, authority: Authority, confidence: float) -> Name:
        """Capitals and seats of power: a place or the power that sits there."""
        grammar = self.pack.grammar
        abroad = (
            authority.kind == "capital"
            and not self._offices.at_home(authority.country)
            and not self._behind_country(text, candidate, authority)
        )
        if abroad and self._actor(text, candidate, grammar["metonyms"]):
            country = self._country(authority.country)
            if country:
                entity, english = self.pack.government(country)
                known = self.pack.by_id.get(entity)
                self._add(draft(known) if known else EntityDraft(entity, "organization", english, english,
                                                                 country=country.country))  # fmt: skip
                return Name(candidate.start, candidate.end, "organization", entity, "metonym", 0.7)
        if authority.entity_id in grammar["seats"]["of"]:
            building = grammar["seats"]["of"][authority.entity_id]
            seats = grammar["seats"]
            if text.endswith(tuple(seats["place_before"]), 0, candidate.start) or text.startswith(
                tuple(seats["place_after"]), candidate.end
            ):
                self._add(EntityDraft(building, "place", authority.hans, authority.name_en, authority.hans,
                                      authority.hant, None, authority.country))  # fmt: skip
                return Name(candidate.start, candidate.end, "place", building, "seat-as-place", 0.8)
        self._add(draft(authority))
        return Name(
            candidate.start, candidate.end, authority.type, authority.entity_id, candidate.rule, confidence,
            candidate.short,
        )  # fmt: skip

    def _behind_country(self, text: str, candidate: Candidate, authority: Authority) -> bool:
        """Whether the country stands right before its capital: then this is the city."""
        country = self._country(authority.country)
        names = (self.pack.fold(name) for name in country.names) if country and not self.pack.writing.apart else ()
        return text.endswith(tuple(name for name in names if len(name) > 1), 0, candidate.start)

    def _actor(self, text: str, candidate: Candidate, words: dict[str, list[str]]) -> bool:
        if text.endswith(tuple(words.get("place_end", ())), candidate.start, candidate.end):
            return False
        if self._among_places(text, candidate, words):
            return False
        place = text.endswith(tuple(words["place_before"]), 0, candidate.start)
        if place and not text.endswith(tuple(words.get("not_place_before", ())), 0, candidate.start):
            return False
        if text.startswith(tuple(words["place_after"]), candidate.end):
            return False
        return text.startswith(tuple(words["actor_after"]), candidate.end) or text.endswith(
            tuple(words["actor_before"]), 0, candidate.start
        )

    def _among_places(self, text: str, candidate: Candidate, words: dict[str, list[str]]) -> bool:
        """Whether a capital is joined to a place that is no power, or to one that is named as a place."""
        joints = tuple(words.get("joints", ()))
        reach = max(map(len, joints), default=0) + NEAR
        after, before = (
            text[candidate.end : candidate.end + reach],
            text[max(0, candidate.start - reach) : candidate.start],
        )
        if after.startswith(joints):
            hits = [hit for hit in self.pack.index.find(after[1:]) if hit.start == 0]
            if any(self._plain_place(hit.owners[0]) for hit in hits):
                return True
        if before.endswith(joints):
            hits = [hit for hit in self.pack.index.find(before[:-1]) if hit.end == len(before) - 1]
            place = tuple(words["place_before"])
            return any(self._plain_place(hit.owners[0]) or before.endswith(place, 0, hit.start) for hit in hits)
        return False

    def _plain_place(self, owner: int) -> bool:
        known = self.pack.authorities[owner]
        return known.type == "place" and known.kind in ("city", "subdivision", "district")

    def _country(self, code: str | None) -> Authority | None:
        return self.pack.countries.get(code or "")

    def _unlisted(self, candidate: Candidate, entity: str, surface: str) -> Name:
        """A name that the article, or another, tells more of than the authority files do."""
        return self._own(replace(candidate, entity_id=None), entity, surface)

    def _own(self, candidate: Candidate, entity: str, surface: str) -> Name:
        known = self.pack.by_id.get(entity)
        if known:
            self._add(draft(known))
        else:
            native, english = (
                (None, candidate.name_en or surface) if self.pack.writing.apart else (surface, candidate.name_en)
            )
            self._add(EntityDraft(entity, candidate.type, surface, english, native,
                                  country=candidate.country, linked=candidate.entity_id is not None))  # fmt: skip
        confidence = 0.9 if known or candidate.entity_id else 0.6
        return Name(candidate.start, candidate.end, candidate.type, entity, candidate.rule, confidence, candidate.short)

    def _learn_latin(self, entity: str, surface: str) -> None:
        known = self.entities.get(entity)
        if known and not known.linked and not known.name_en:
            self.entities[entity] = replace(known, name_en=surface)

    def _add(self, entity: EntityDraft) -> None:
        self.entities.setdefault(entity.entity_id, entity)


def draft(authority: Authority) -> EntityDraft:
    """The entity row an authority gives."""
    return EntityDraft(
        authority.entity_id,
        authority.type,
        authority.hans,
        authority.name_en,
        authority.hans,
        authority.hant,
        authority.wikidata,
        authority.country,
    )
