"""First reading of one article: what stands in it without doubt, and what it teaches other articles."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from broadsheet.annotate.candidates import SPEAKING, Candidate
from broadsheet.annotate.fold import fold_table
from broadsheet.annotate.gazetteer import PREFIX
from broadsheet.annotate.matcher import Words
from broadsheet.annotate.model import EntityType, Learnt, Taught
from broadsheet.annotate.offices import OfficesOfState
from broadsheet.annotate.pack import Pack
from broadsheet.annotate.states import INITIALS

# How far before a name its office may begin, in code points.
OFFICE_REACH = 12
# A personal name of two words or more.
_LATIN_PERSON = re.compile(r"[A-Z][\w.'’-]{0,24}(?: (?:[a-z]{1,4} ){0,2}[A-Z][\w.'’-]{0,24}){1,4}")


@dataclass(frozen=True, slots=True)
class Unit:
    """A title or paragraph: its folded text and the candidates selected in it."""

    text: str
    candidates: tuple[Candidate, ...]


class Study:
    """What is known while one article is linked.

    Args:
        pack: Authorities and context words.
        published: The article's day, for offices in force; None if unknown.
        learnt: Names that other articles taught.

    Attributes:
        present: Authorities named without doubt, with how often.
        countries: Codes of countries named.
        learned: Short names and names after offices, with whom they mean in this article.
        places: Names of places that were explained in this article.
        learnt: Names that other articles taught, by form.
    """

    def __init__(self, pack: Pack, published: date | None, learnt: Iterable[Learnt]) -> None:
        self.pack = pack
        self.published = published
        self.present: dict[int, int] = {}
        self.countries: set[str] = set()
        self.learned: dict[str, str] = {}
        self.places: set[str] = set()
        self.learnt = {name.form: name for name in learnt}
        self._latin: dict[str, str] = {}
        self._offices = OfficesOfState(pack)
        self._taught: dict[tuple[str, str], Taught] = {}

    def study(self, units: Sequence[Unit]) -> None:
        """First reading: what stands in the article without doubt; what tells more of a name first."""
        self._study_speakers(units)
        for reading in (self._study_latin, self._study_full, self._study_rest, self._study_states):
            for unit in units:
                for number, candidate in enumerate(unit.candidates):
                    reading(unit, number, candidate)

    def _study_speakers(self, units: Sequence[Unit]) -> None:
        """Names before verbs of speech count if the article has them twice."""
        found = ((unit.text, c) for unit in units for c in unit.candidates if c.rule == SPEAKING and not c.owners)
        surfaces = {text[c.start : c.end] for text, c in found if c.end - c.start > 2}
        words = Words(surfaces)
        counts = Counter(unit.text[start:end] for unit in units for start, end in words.find(unit.text))
        self.learned |= {surface: self._named("person", surface) for surface in sorted(surfaces) if counts[surface] > 1}

    def taught(self) -> tuple[Taught, ...]:
        """What other articles can learn from this one, sorted."""
        return tuple(self._taught[key] for key in sorted(self._taught))

    def _study_latin(self, unit: Unit, number: int, candidate: Candidate) -> None:
        """A name with another in Latin letters behind it: known by the latter, or called after it."""
        before = unit.candidates[number - 1] if candidate.rule == "latin-bracket" and number else None
        if before is None or before.type != "person" or before.end != candidate.start - 1:
            return
        surface, latin = unit.text[before.start : before.end], unit.text[candidate.start : candidate.end]
        if _LATIN_PERSON.fullmatch(latin) is None or any(self._bears(owner, latin) for owner in before.owners):
            return
        if not before.owners and self._by_last_part(unit.text, before) is not None:
            return
        people = [o for o in self.pack.index.owners(latin) if self.pack.authorities[o].type == "person"]
        entity = self.pack.authorities[people[0]].entity_id if len(people) == 1 else self._own_id("person", latin)
        entity = self._latin.setdefault(surface, entity)
        self._teach(surface, entity, "latin")
        if short := self._short(surface):
            self.learned.setdefault(short, entity)
            self._teach(short, entity, "latin")

    def _bears(self, owner: int, latin: str) -> bool:
        """Whether a name in Latin letters can be that of a known person, as far as the authority files tell."""
        names = [name for name in self.pack.authorities[owner].names if name[0].isascii()]
        words = _latin_words(latin)
        return not names or any(
            sum(any(word[:4] == other[:4] for other in _latin_words(name)) for word in words) > 1
            or {word[0] for word in words} >= {word[0] for word in _latin_words(name)}
            for name in names
        )

    def _study_full(self, unit: Unit, number: int, candidate: Candidate) -> None:
        """A full name that no list has teaches its last part."""
        if candidate.rule != "dotted-name" or candidate.owners:
            return
        owner = self._by_last_part(unit.text, candidate)
        if owner is not None:
            self.present[owner] = self.present.get(owner, 0) + 1
            return
        surface = unit.text[candidate.start : candidate.end]
        short = self._short(surface)
        entity = self._latin.get(surface) or self._latin.get(short or "") or self._named("person", surface)
        self._latin.setdefault(surface, entity)
        self._teach(surface, entity, "full")
        if short:
            self.learned.setdefault(short, entity)
            self._teach(short, entity, "full")

    def _study_rest(self, unit: Unit, number: int, candidate: Candidate) -> None:
        """Names after offices, and names of the authority files."""
        if candidate.rule == "latin-place" and not candidate.owners:
            self.places.add(unit.text[candidate.start : candidate.end])
        if candidate.rule.startswith(("office-", "latin-name")) and not candidate.owners:
            surface = unit.text[candidate.start : candidate.end]
            own = self._latin.get(surface) or self._holder(unit, number, surface) or self._named("person", surface)
            self.learned.setdefault(surface, own)
            short = surface.rpartition(" ")[2]
            if len(short) > 2 and surface[0].isascii() and not self.pack.index.owners(short):
                self.learned.setdefault(short, own)
            if self.learned[surface] == own:
                self._teach(surface, own, "office")
        elif len(candidate.owners) == 1 and candidate.rule not in INITIALS:
            (owner,) = candidate.owners
            if not self._meant(unit.text, candidate, owner):
                return
            self.present[owner] = self.present.get(owner, 0) + 1
            country = self.pack.authorities[owner].country
            if candidate.type == "place" and country:
                self.countries.add(country)
            surface = unit.text[candidate.start : candidate.end]
            if candidate.type == "person" and surface[0].isascii() and not self.pack.writing.apart:
                short = surface.rpartition(" ")[2]
                if " " in surface and len(short) > 3 and not self.pack.index.owners(short):
                    self.learned.setdefault(short, self.pack.authorities[owner].entity_id)

    def _holder(self, unit: Unit, number: int, surface: str) -> str | None:
        """Who holds the office of the country before a name, if the name is spelled almost like theirs."""
        start = unit.candidates[number].start
        first = max(0, start - OFFICE_REACH)
        office = self.pack.office_before.search(unit.text[first:start])
        place = unit.candidates[number - 1] if number else None
        if office is None or place is None or place.end != first + office.start():
            return None
        owner = place.entity_id or (self.pack.authorities[place.owners[0]].entity_id if place.owners else "")
        person = self.pack.by_id.get(self.pack.holder(office.group(1), owner, self.published) or "")
        spellings = (self.pack.fold(name) for name in person.names) if person else ()
        return person.entity_id if person and any(_one_apart(surface, name) for name in spellings) else None

    def _study_states(self, unit: Unit, number: int, candidate: Candidate) -> None:
        self._offices.note(unit.text, candidate)

    def _short(self, full: str) -> str | None:
        """The last part of a dotted name, if it is a name of its own that nobody known bears."""
        parts = re.split(f"[{re.escape(self.pack.names['dot'])}]", full) if "dot" in self.pack.names else [full]
        last = parts[-1]
        return last if len(parts) > 1 and len(last) >= 2 and not self.pack.index.owners(last) else None

    def _teach(self, form: str, entity: str, how: Literal["latin", "full", "office"]) -> None:
        least = 4 if self.pack.writing.apart else 3  # shorter ones are words too often
        # A given name is borne by too many to be taught.
        alone = not self.pack.index.owners(form) and form not in self.pack.given_names
        if len(form) >= least and alone and (" " in form or not self.pack.writing.apart):
            own = entity == self._own_id("person", form)
            self._taught.setdefault((form, entity), Taught(form, entity, "person", how, own))

    def _named(self, kind: EntityType, surface: str) -> str:
        """Whom an unknown name means: what other articles say, else it is told by the name alone."""
        known = self.learnt.get(surface)
        return known.entity_id if known and known.type == kind else self._own_id(kind, surface)

    def _meant(self, text: str, candidate: Candidate, owner: int) -> bool:
        """A name that is also an ordinary word counts where an office, a word after it or its full form vouches."""
        if (text[candidate.start : candidate.end], owner) not in self.pack.weak or owner in self.present:
            return True
        if self.pack.authorities[owner].type != "person":
            return text.startswith(tuple(self.pack.grammar["vouching"]), candidate.end)
        return bool(self._roles_before(text, candidate.start)) or self._holds_next(text, candidate.end, owner)

    def _holds_next(self, text: str, end: int, owner: int) -> bool:
        """Whether an office right behind a name is one that its bearer is known to have held."""
        office = None if self.pack.writing.apart else self.pack.office.match(text, end)
        return office is not None and self.pack.held(office.group(), self.pack.authorities[owner].entity_id)

    def _roles_before(self, text: str, end: int) -> tuple[str, ...]:
        """The offices that the word right before a position names."""
        writing = self.pack.writing
        before = writing.plain(text[max(0, end - OFFICE_REACH * writing.stretch) : end])
        office = self.pack.office_before.search(before)
        return self.pack.role_of[office.group(1)] if office else ()

    def _by_last_part(self, text: str, candidate: Candidate) -> int | None:
        """The person of the short form, if nothing in the full form speaks against it."""
        parts = re.split(f"[{re.escape(self.pack.names['dot'])}]", text[candidate.start : candidate.end])
        named = self._roles_before(text, candidate.start)
        for owner in self.pack.index.owners(parts[-1]):
            authority = self.pack.authorities[owner]
            served = any(role.role in named for role in authority.roles)
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

    def _own_id(self, kind: EntityType, surface: str) -> str:
        """An id made of a name alone; in Latin letters it is the same in every language."""
        name = self.pack.fold(surface)
        if kind == "person" and name[0].isascii():
            name = " ".join(_latin_words(name))
        digest = hashlib.sha256(name.encode()).hexdigest()[:12]
        return f"{PREFIX[kind]}/x-{digest}"


def _latin_words(name: str) -> list[str]:
    """A name in Latin letters, word by word, without accents and capitals."""
    return re.findall(r"[a-z0-9]+", name.translate(fold_table("latin")).lower())


def _one_apart(name: str, other: str) -> bool:
    """Whether two names of three characters or more differ in one character."""
    if min(len(name), len(other)) < 3 or abs(len(name) - len(other)) > 1:
        return False
    if len(name) == len(other):
        return sum(one != two for one, two in zip(name, other, strict=True)) == 1
    short, long = sorted((name, other), key=len)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
