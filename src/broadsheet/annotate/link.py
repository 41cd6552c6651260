"""From candidate names to entities: one sense per document, offices in force, countries nearby.

The order in which articles are read makes no difference: only the article itself and the authority files decide.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from broadsheet.annotate.gazetteer import PREFIX, Authority
from broadsheet.annotate.matcher import cuts_word
from broadsheet.annotate.model import EntityDraft, EntityType
from broadsheet.annotate.names import Candidate, select
from broadsheet.annotate.pack import Pack
from broadsheet.annotate.phrases import Name

# How far before a name its office may begin, in code points.
OFFICE_REACH = 12


@dataclass(frozen=True, slots=True)
class Unit:
    """A title or paragraph: its folded text and the candidates selected in it."""

    text: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """The names of each unit, and every entity they point to."""

    names: tuple[tuple[Name, ...], ...]
    entities: dict[str, EntityDraft]


class Linker:
    """Links the names of one pack.

    Args:
        pack: Authorities and context words.
    """

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def link(self, units: Sequence[Unit], published: date | None) -> Linked:
        """Decide which entity every candidate means.

        Args:
            units: Title and paragraphs of one article, in order.
            published: The article's day, for offices in force; None if unknown.
        """
        case = _Case(self.pack, published)
        units = list(units) if self.pack.writing.apart else [self._with_latin(unit) for unit in units]
        for unit in units:
            for candidate in unit.candidates:
                case.study(unit.text, candidate)
        units = [self._with_learned(unit, case) for unit in units]
        names: list[tuple[Name, ...]] = []
        for unit in units:
            row: list[Name] = []
            for candidate in unit.candidates:
                name = case.decide(unit.text, candidate, row)
                if name:
                    row.append(name)
            names.append(tuple(row))
        return Linked(tuple(names), case.entities)

    def _with_latin(self, unit: Unit) -> Unit:
        """A Latin name in brackets right after a name is a second mention of the same."""
        found = list(unit.candidates)
        for candidate in unit.candidates:
            match = _LATIN.match(unit.text, candidate.end)
            if match and candidate.type != "place":
                found.append(Candidate(*match.span(1), candidate.type, "latin-bracket", keep=6))
        return Unit(unit.text, tuple(select(found))) if len(found) > len(unit.candidates) else unit

    def _with_learned(self, unit: Unit, case: "_Case") -> Unit:
        """Short forms that a full name in this article taught."""
        found = list(unit.candidates)
        for surface in sorted(case.learned):
            start = unit.text.find(surface)
            while start >= 0:
                if not self.pack.writing.apart or not cuts_word(unit.text, start, start + len(surface)):
                    found.append(Candidate(start, start + len(surface), "person", "learned-short-name", keep=1))
                start = unit.text.find(surface, start + 1)
        return Unit(unit.text, tuple(select(found))) if len(found) > len(unit.candidates) else unit


_LATIN = re.compile(r"[（(]([A-Z][^（）()\u2e80-\uffff]{1,60}?)\s?[）)]")


class _Case:
    """What is known while one article is linked."""

    def __init__(self, pack: Pack, published: date | None) -> None:
        self.pack = pack
        self.published = published
        self.present: dict[int, int] = {}
        self.countries: set[str] = set()
        self.learned: dict[str, str] = {}
        self.entities: dict[str, EntityDraft] = {}

    def study(self, text: str, candidate: Candidate) -> None:
        """First reading: what stands in the article without doubt."""
        if candidate.rule == "dotted-name" and not candidate.owners:
            owner = self._by_last_part(text, candidate)
            if owner is None:
                surface = text[candidate.start : candidate.end]
                short = re.split(f"[{re.escape(self.pack.names['dot'])}]", surface)[-1]
                if len(short) >= 2 and not self.pack.index.owners(short):
                    self.learned.setdefault(short, self._own_id("person", surface))
                return
            self.present[owner] = self.present.get(owner, 0) + 1
        elif candidate.rule.startswith("office-") and not candidate.owners:
            surface = text[candidate.start : candidate.end]
            own = self._own_id("person", surface)
            self.learned.setdefault(surface, own)
            short = surface.rpartition(" ")[2]
            if self.pack.writing.apart and len(short) > 2 and not self.pack.index.owners(short):
                self.learned.setdefault(short, own)
        elif len(candidate.owners) == 1:
            (owner,) = candidate.owners
            if not self._meant(text, candidate, owner):
                return
            self.present[owner] = self.present.get(owner, 0) + 1
            country = self.pack.authorities[owner].country
            if candidate.type == "place" and country:
                self.countries.add(country)

    def decide(self, text: str, candidate: Candidate, before: list[Name]) -> Name | None:
        """Second reading: the entity of one candidate; None if it is no name after all."""
        surface = text[candidate.start : candidate.end]
        if candidate.rule == "latin-bracket":
            if not before or before[-1].end > candidate.start or candidate.start - before[-1].end > 1:
                return None
            known = before[-1]
            self._learn_latin(known.entity_id, surface)
            return replace(known, start=candidate.start, end=candidate.end, rule=candidate.rule, short=False)
        if candidate.entity_id:
            return self._own(candidate, candidate.entity_id, surface)
        owner, confidence = self._owner(text, candidate)
        if owner is not None:
            return self._metonym(text, candidate, self.pack.authorities[owner], confidence)
        if candidate.type == "place" or (candidate.rule == "alias"):
            return None
        entity = self.learned.get(surface) or self._own_id(candidate.type, surface)
        return self._own(candidate, entity, surface)

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

    def _meant(self, text: str, candidate: Candidate, owner: int) -> bool:
        """A name that is also an ordinary word counts where an office, a word after it or its full form vouches."""
        if (text[candidate.start : candidate.end], owner) not in self.pack.weak or owner in self.present:
            return True
        if self.pack.authorities[owner].type != "person":
            return text.startswith(tuple(self.pack.grammar["vouching"]), candidate.end)
        return self._role_before(text, candidate.start) is not None

    def _role_before(self, text: str, end: int) -> str | None:
        """The office named right before a position."""
        writing = self.pack.writing
        before = writing.plain(text[max(0, end - OFFICE_REACH * writing.stretch) : end])
        office = self.pack.office_before.search(before)
        return self.pack.role_of[office.group(1)] if office else None

    def _score(self, text: str, candidate: Candidate, owner: int) -> float:
        authority = self.pack.authorities[owner]
        score = 3.0 * (owner in self.present) + 0.5 * (authority.country in self.countries)
        named = self._role_before(text, candidate.start)
        for role in authority.roles:
            if self._in_force(role.start, role.end):
                score += 0.5 + 3.0 * (role.role == named)
            elif role.role == named:
                score += 1.0
        return score + authority.prior

    def _in_force(self, start: date | None, end: date | None) -> bool:
        if self.published is None:
            return False
        return (start is None or start <= self.published) and (end is None or self.published <= end)

    def _by_last_part(self, text: str, candidate: Candidate) -> int | None:
        """The person of the short form, if nothing in the full form speaks against it."""
        parts = re.split(f"[{re.escape(self.pack.names['dot'])}]", text[candidate.start : candidate.end])
        named = self._role_before(text, candidate.start)
        for owner in self.pack.index.owners(parts[-1]):
            authority = self.pack.authorities[owner]
            served = named is not None and any(role.role == named for role in authority.roles)
            alike = any(self._alike(parts[0], name) for name in authority.names)
            if authority.type == "person" and (served or alike):
                return owner
        return None

    def _alike(self, given: str, name: str) -> bool:
        """Whether a given name may be another spelling of that of a full name."""
        known = re.split(f"[{re.escape(self.pack.names['dot'])}]", self.pack.fold(name))
        if len(known) < 2:
            return False
        return given[0] == known[0][0] or len(set(given) & set(known[0])) >= 2

    def _metonym(self, text: str, candidate: Candidate, authority: Authority, confidence: float) -> Name:
        """Capitals and seats of power: a place or the power that sits there."""
        grammar = self.pack.grammar
        if authority.kind == "capital" and self._actor(text, candidate, grammar["metonyms"]):
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

    def _actor(self, text: str, candidate: Candidate, words: dict[str, list[str]]) -> bool:
        if text.endswith(tuple(words["place_before"]), 0, candidate.start):
            return False
        if text.startswith(tuple(words["place_after"]), candidate.end):
            return False
        return text.startswith(tuple(words["actor_after"]), candidate.end) or text.endswith(
            tuple(words["actor_before"]), 0, candidate.start
        )

    def _country(self, code: str | None) -> Authority | None:
        return self.pack.countries.get(code or "")

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

    def _own_id(self, kind: EntityType, surface: str) -> str:
        digest = hashlib.sha256(self.pack.fold(surface).encode()).hexdigest()[:12]
        return f"{PREFIX[kind]}/x-{digest}"

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
