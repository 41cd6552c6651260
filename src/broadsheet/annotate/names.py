"""Recognisers: from a folded text to candidate names, before anything is linked.

Each recogniser yields candidates on its own; `select` keeps the longest of those that overlap. Words and characters
come from the pack.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from broadsheet.annotate.abbreviations import Abbreviations
from broadsheet.annotate.candidates import SPEAKING, Candidate, Finder, select
from broadsheet.annotate.institutions import Institutions
from broadsheet.annotate.ministries import Ministries
from broadsheet.annotate.model import EntityType
from broadsheet.annotate.pack import Pack
from broadsheet.annotate.parted import PartedNames
from broadsheet.annotate.prefilter import Scan
from broadsheet.annotate.states import States
from broadsheet.annotate.writing import alternation

__all__ = ["Candidate", "Recognizer", "select"]


class Recognizer(Finder):
    """The recognisers of one pack.

    Args:
        pack: Words, characters and aliases.
    """

    def __init__(self, pack: Pack) -> None:
        super().__init__(pack)
        self._ministries = Ministries(pack)
        self._institutions = Institutions(pack)
        self._abbreviations = Abbreviations(pack)
        self._states = States(pack)
        self._parted = PartedNames(pack)

    def candidates(self, text: str) -> list[Candidate]:
        """All candidates of a folded text, in no particular order."""
        known = list(self._aliases(text))
        return [
            *known,
            *self._ministries.candidates(text, known),
            *self._institutions.candidates(text, known),
            *self._abbreviations.candidates(text),
            *self._states.candidates(text, known),
            *self._parted.candidates(text),
            *self._before_latin(text),
            *self._after_office(text),
            *(name for person in known if person.type == "person" for name in self._beside(text, person)),
            *self._provinces(text, known),
            *self._speakers(text),
            *self._titled(text),
        ]

    def _aliases(self, text: str) -> Iterator[Candidate]:
        """Names of the authority files; of one that runs into an office (国防部|长), what stands before it."""
        offices = frozenset(self.office.places(text))
        cut = tuple(self.pack.names["cut_offices"])
        for hit in self.pack.index.find(text):
            apart = offices.isdisjoint(range(hit.start + 1, hit.end))
            end = None if apart else self.office_across(text, hit.start, hit.end)
            if end is None and text.startswith(cut, hit.end - 1):  # 劳工部|长, an office no list has
                end = hit.end - 1
            shift = hit.start if end else 0
            for kept in self.pack.index.find(text[hit.start : end]) if end else [hit]:
                first = self.pack.authorities[kept.owners[0]]
                yield Candidate(shift + kept.start, shift + kept.end, first.type, "alias", kept.owners, keep=3)

    def _before_latin(self, text: str) -> Iterator[Candidate]:
        """A name, whatever it looks like, with its Latin form in brackets behind it."""
        for match in self._latin.finditer(text):
            end = match.start()
            for pattern, kind, rule in self._endings:
                found = pattern.search(text, max(0, end - 20), end)
                if not found or not self._fits(match.group(1), kind):
                    continue
                start = found.start()
                if kind == "person" and start and text[start - 1] in self.pack.names["larger_places"]:
                    break
                if kind == "place":
                    start = self._behind_country(text, start, end)
                if kind == "person":
                    start += self._parted.office_inside(text, start, end - start - 1)
                if end - start >= 2:
                    owners = self.pack.index.owners(text[start:end])
                    yield Candidate(start, end, kind, rule, owners, keep=4)
                    break

    def _provinces(self, text: str, known: list[Candidate]) -> Iterator[Candidate]:
        """A foreign name and what it is (哈塔伊省), at the head of a phrase or behind a known place."""
        taken = {spot for candidate in known for spot in range(candidate.start, candidate.end)}
        for match in self._province.finditer(text):
            start = self._behind_country(text, *match.span())
            if taken.isdisjoint(range(start, match.end())) and (
                start == 0 or start - 1 in taken or text[start - 1] in self.pack.names["before_province"]
            ):
                yield Candidate(start, match.end(), "place", "province")

    def _behind_country(self, text: str, start: int, end: int) -> int:
        """Where a name begins before which its country stands, written in the same characters (苏丹|西达尔富尔省)."""
        for hit in self.pack.index.find(text[start:end]):
            first = self.pack.authorities[hit.owners[0]]
            if hit.start == 0 and first.kind == "country" and end - start - hit.end > 2:
                return start + hit.end
        return start

    def _speakers(self, text: str) -> Iterator[Candidate]:
        """Chinese names at the head of clauses and before verbs of speech; one alone is doubtful."""
        for match in self._speaking.finditer(text):
            if not match[1].endswith(self._titles):
                yield Candidate(*match.span(1), "person", SPEAKING, self.pack.index.owners(match[1]), keep=2)

    def _titled(self, text: str) -> Iterator[Candidate]:
        """Chinese names of full length with the office behind them (李强民总领事)."""
        for match in self._title_behind.finditer(text):
            if not self._not_name.match(text, match.start(1)):
                owners = self.pack.index.owners(match[1])
                yield Candidate(*match.span(1), "person", "office-chinese-name", owners, keep=2)

    @cached_property
    def _title_behind(self) -> re.Pattern[str]:
        names = self.pack.names
        given = f"(?:(?![{names['not_titled']}])(?!{names['not_given']})[{names['given']}]){{2}}"
        family, before = f"[{names['surnames']}]", names["before_titled"]
        titles = alternation(names["titles_behind"])
        return re.compile(rf"(?:^|(?<={before}))({family}{given})(?={titles})")

    def _fits(self, latin: str, kind: EntityType) -> bool:
        """Whether a Latin name may be that of a person, or of a place."""
        if kind == "place":
            return not latin.isupper()
        words = latin.split(" ")
        return len(words) > 1 and not set(words) & set(self.pack.names["latin_not_people"])

    def _after_office(self, text: str) -> Iterator[Candidate]:
        """An office, then a name, then something that can follow a name."""
        for office in self._callings.finditer(text):
            start = office.end()
            latin = self._latin_person.match(text, start)
            if latin:
                yield Candidate(*latin.span(1), "person", "office-latin-name", self.pack.index.owners(latin[1]), keep=2)
                continue
            if self._not_name.match(text, start):
                continue
            strict = office.group() not in self.pack.role_of
            for pattern, rule in ((self._chinese, "office-chinese-name"), (self._foreign, "office-foreign-name")):
                match = pattern.match(text, start)
                if match and not match[1].endswith(self._titles):
                    if not strict or self._certain.match(text, start):
                        owners = self.pack.index.owners(match.group(1))
                        yield Candidate(start, match.end(1), "person", rule, owners, keep=2)
                        yield from self._listed(text, match.end(1))
                    break

    def _beside(self, text: str, person: Candidate) -> Iterator[Candidate]:
        """Chinese names of full length in a list behind one that is known."""
        if person.end - person.start == 3 and text.startswith(self._comma, person.end):
            yield from (name for name in self._listed(text, person.end) if name.end - name.start > 2)

    @cached_property
    def _comma(self) -> tuple[str, ...]:
        return tuple(word for word in self.pack.grammar["coordination"] if len(word) == 1 and not word.isalnum())

    def _listed(self, text: str, end: int) -> Iterator[Candidate]:
        """Further Chinese names in a list whose first one stands after an office."""
        match = self._next_name.match(text, end)
        while match:
            if not self._not_name.match(text, match.start(1)):
                yield Candidate(*match.span(1), "person", "listed-name", self.pack.index.owners(match[1]), keep=1)
            match = self._next_name.match(text, match.end())

    @cached_property
    def _not_name(self) -> re.Pattern[str]:
        followers = [word for word in self.pack.names["name_followers"] if len(word) > 1]
        return re.compile(alternation([*self.pack.names["not_names"], *followers, *self.pack.role_of]))

    @cached_property
    def _followers(self) -> str:
        return f"(?={alternation(self.pack.names['name_followers'])}|$)"

    @cached_property
    def _family(self) -> str:
        """A pattern of Chinese family names."""
        names = self.pack.names
        return f"(?:{alternation(names['surnames_long'])}|[{names['surnames']}])"

    @cached_property
    def _chinese(self) -> re.Pattern[str]:
        names = self.pack.names
        words = alternation(word for word in names["name_followers"] if len(word) > 1)
        return re.compile(f"({self._family}(?!{words})[{names['given']}]{{1,2}}?){self._followers}")

    @cached_property
    def _foreign(self) -> re.Pattern[str]:
        return re.compile(f"([{self.pack.names['transliteration']}]{{2,7}}?){self._followers}")

    @cached_property
    def _callings(self) -> Scan:
        """Offices, and what else stands before a name."""
        return Scan(re.compile(alternation({*self.pack.role_of, *self.pack.names["callings"]})))

    @cached_property
    def _titles(self) -> tuple[str, ...]:
        """What a family name alone is followed by (陈小姐)."""
        return tuple(self.pack.names["titles"])

    @cached_property
    def _next_name(self) -> re.Pattern[str]:
        names = self.pack.names
        joint = "".join(word for word in self.pack.grammar["coordination"] if len(word) == 1)
        given = f"(?:(?!{names['not_given']})[{names['given']}]){{1,2}}?"
        return re.compile(f"[{joint}]({self._family}{given})(?=[，。、；（({joint}]|$|{names['speaking']})")

    @cached_property
    def _certain(self) -> re.Pattern[str]:
        """What a name after a calling must look like: callings are parts of other nouns more often than offices."""
        names = self.pack.names
        given = f"[{names['given']}](?:(?!{names['not_given']})[{names['given']}]){{1,6}}"
        return re.compile(f"{given}(?={names['after_called']}|{names['speaking']})")

    @cached_property
    def _province(self) -> re.Pattern[str]:
        letters = self.pack.names["transliteration"]
        return re.compile(f"(?<![{letters}·])[{letters}]{{3,6}}{self.pack.names['provinces']}")

    @cached_property
    def _speaking(self) -> re.Pattern[str]:
        names = self.pack.names
        given = f"(?:(?!{names['not_given']})[{names['given']}]){{1,2}}"
        return re.compile(rf"(?:^|(?<=[。！？；：，」』”\s]))({self._family}{given})(?={names['speaking']})")

    @cached_property
    def _endings(self) -> tuple[tuple[re.Pattern[str], EntityType, str], ...]:
        """What a name before its Latin form may look like."""
        return (
            (self._foreign_place_ending, "place", "latin-place"),
            (self._place_ending, "place", "latin-place"),
            (self._foreign_ending, "person", "latin-name"),
            (self._chinese_ending, "person", "latin-name"),
        )

    @cached_property
    def _latin(self) -> re.Pattern[str]:
        return re.compile(
            r"[（(]([A-Z][A-Za-zÀ-ɏ'’.-]{1,24}(?: [A-Za-zÀ-ɏ'’.-]{1,24}){0,4})(?:[，,、 ][^A-Za-z（）()]{1,6})?[）)]"
        )

    @cached_property
    def _latin_person(self) -> re.Pattern[str]:
        return re.compile(r" ?([A-ZÀ-Þ][a-zß-ɏ'’-]{1,20}(?: [A-ZÀ-Þ][A-Za-zÀ-ɏ.'’-]{0,20}){1,3})(?![A-Za-z])")

    @cached_property
    def _foreign_place_ending(self) -> re.Pattern[str]:
        names = self.pack.names
        kinds = alternation(names["latin_places"])
        letters = names["transliteration"]
        return re.compile(rf"(?<![{letters}])[{letters}·-]{{1,9}}(?:{kinds})$")

    @cached_property
    def _place_ending(self) -> re.Pattern[str]:
        before = re.escape(self.pack.names["before_province"])
        return re.compile(rf"(?:^|(?<=\W)|(?<=[{before}]))(?![{before}])[一-鿿]{{2,7}}[邦州省郡]$")

    @cached_property
    def _foreign_ending(self) -> re.Pattern[str]:
        names = self.pack.names
        letters, dots = names["transliteration"], re.escape(names["dot"] + "-－")
        part = f"[{letters}]{{1,7}}"
        return re.compile(f"(?<![{letters}{dots}])({part}(?:[{dots}]{part}){{0,3}})$")

    @cached_property
    def _chinese_ending(self) -> re.Pattern[str]:
        names = self.pack.names
        return re.compile(rf"(?:^|(?<={names['before_name']})|(?<=\W)){self._family}[{names['given']}]{{1,2}}$")
