"""Countries by the first character of their names, in articles that name them in full (尼国 in one about Nicaragua).

The recogniser proposes, the linker asks `States.meant`. All words and characters come from the pack.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

from broadsheet.annotate.candidates import Candidate, Finder
from broadsheet.annotate.gazetteer import Authority
from broadsheet.annotate.pack import Pack
from broadsheet.annotate.prefilter import Scan
from broadsheet.annotate.writing import alternation

INITIAL: Final = "country-initial"
PAIR: Final = "initial-pair"
OFFICE_OF_INITIAL: Final = "initial-ministry"
INITIALS: Final = (INITIAL, PAIR, OFFICE_OF_INITIAL)
ABBREVIATION: Final = "abbreviation"


class States(Finder):
    """What one pack knows of the initials of countries.

    Args:
        pack: Words, characters and authorities.
    """

    def __init__(self, pack: Pack) -> None:
        super().__init__(pack)
        self._words = pack.names.get("initials") or {}

    def candidates(self, text: str, known: Sequence[Candidate]) -> Iterator[Candidate]:
        """Countries by their initials and their offices of state.

        Args:
            text: A folded text.
            known: Candidates the authority files gave.
        """
        if not self._words:
            return
        yield from self._before_places(text, known)
        for match in self._state.finditer(text):
            yield self._initial(match.start(), match.end(), text)
            office = self._office.match(text, match.end())
            if office and not text.startswith(tuple(self._words["not_offices"]), office.end()):
                yield Candidate(
                    match.start(), office.end(), "organization", OFFICE_OF_INITIAL, self.initials[match.group()[0]]
                )
        for match in self._pair.finditer(text):
            for spot in range(*match.span()):
                rule = PAIR if text[spot] in self._words["beside"] else INITIAL
                yield replace(self._initial(spot, spot + 1, text), rule=rule)

    def _before_places(self, text: str, known: Sequence[Candidate]) -> Iterator[Candidate]:
        """An abbreviation right before a place of that country (俄克拉斯诺达尔)."""
        for candidate in known:
            start, letter = candidate.start, text[candidate.start - 1 : candidate.start]
            if candidate.type == "place" and candidate.owners and letter in self._heads:
                place, country = self.pack.authorities[candidate.owners[0]], self._heads[letter]
                if place.country == country.country and place.kind not in ("country", "territory"):
                    yield Candidate(start - 1, start, "place", ABBREVIATION, (), country.entity_id, 1, True)

    def meant(self, candidate: Candidate, surface: str, present: Mapping[int, int]) -> Candidate | None:
        """A candidate with the entity the article makes it mean; None if it makes it mean none.

        Args:
            candidate: Any; those of other rules come back as they are.
            surface: Its folded text.
            present: Authorities the article names, with how often.
        """
        if candidate.rule.startswith(ABBREVIATION):
            country = self._only(self.initials.get(surface, ()), present)
            known = self.pack.by_id.get(candidate.entity_id or "")
            named = known is not None and any(self.pack.authorities[owner] is known for owner in present)
            return replace(candidate, entity_id=country.entity_id) if country and not named else candidate
        if candidate.rule in INITIALS:
            country = self._only(candidate.owners, present)
            if country is None and candidate.rule == PAIR:
                country = self.pack.by_id.get(self.pack.abbreviations.get(surface, ""))
            if country is None:
                return None
            if candidate.rule != OFFICE_OF_INITIAL:
                return replace(candidate, owners=(), entity_id=country.entity_id)
            office = surface[1:]
            if office not in self.pack.ministries:
                office = office.removeprefix(self._words["state"])
            entity, english = self.pack.ministry(office, country)
            return replace(candidate, owners=(), entity_id=entity, name_en=english, country=country.country)
        return candidate

    def _only(self, owners: tuple[int, ...], present: Mapping[int, int]) -> Authority | None:
        """The one of several countries that the article names, or names far more often; else whose people it names."""
        named = sorted(((present[owner], owner) for owner in owners if owner in present), reverse=True)
        if not named:
            of = {self.pack.authorities[owner].country for owner in present}
            named = [(1, owner) for owner in owners if self.pack.authorities[owner].country in of]
        if not named or (len(named) > 1 and named[0][0] < 3 * named[1][0]):
            return None
        return self.pack.authorities[named[0][1]]

    def _initial(self, start: int, end: int, text: str) -> Candidate:
        return Candidate(
            start, end, "place", INITIAL, self.initials.get(text[start], ()), keep=-1, short=end - start == 1
        )

    @cached_property
    def initials(self) -> dict[str, tuple[int, ...]]:
        """First characters of countries' names, with the countries."""
        found: dict[str, set[int]] = {}
        numbers = {authority.entity_id: number for number, authority in enumerate(self.pack.authorities)}
        for number, authority in enumerate(self.pack.authorities):
            for name in authority.names if authority.kind == "country" else ():
                found.setdefault(self.pack.fold(name)[0], set()).add(number)
        for character, entity in self._words.get("also", {}).items():
            found.setdefault(character, set()).add(numbers[entity])
        words = set(self._words.get("never", ""))
        return {
            character: tuple(sorted(owners))
            for character, owners in sorted(found.items())
            if not character.isascii() and character not in words
        }

    @cached_property
    def _heads(self) -> dict[str, Authority]:
        """Abbreviations that may stand right before a place, with their countries."""
        return {letter: self.pack.by_id[self.pack.abbreviations[letter]] for letter in self._words["before_places"]}

    @cached_property
    def _state(self) -> re.Pattern[str]:
        """An initial and the word for a state, or an initial where a country stands."""
        words = self._words
        start = f"(?:(?<![\u4e00-\u9fff])|(?<=[{words['before']}]))"
        state = f"{words['state']}(?![{words['not_state']}])"
        country = f"(?=(?:{alternation(words['after'])})(?![{words['not_followed']}]))"
        target = f"(?<=[{words['towards']}])[{self._letters}](?={alternation(words['aims'])})"
        return re.compile(f"{start}[{self._letters}](?:{state}|{country})|{target}")

    @cached_property
    def _pair(self) -> re.Pattern[str]:
        one, between = f"[{self._words['beside']}]", alternation(self._words["between"])
        return re.compile(f"(?:{one}[{self._letters}]|[{self._letters}]{one}|{one}{{2}})(?={between})")

    @cached_property
    def _letters(self) -> str:
        return "".join(self.initials)

    @cached_property
    def _office(self) -> Scan:
        return Scan(re.compile(alternation(self._words["offices"])))
