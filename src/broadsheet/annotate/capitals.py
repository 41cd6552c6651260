"""Recognisers for writing with spaces and capital letters: from a text to candidate names.

They take the place of those in `names`, which are for names that run together with the words around them.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from broadsheet.annotate.gazetteer import Authority
from broadsheet.annotate.names import Candidate
from broadsheet.annotate.pack import Pack
from broadsheet.annotate.writing import alternation

WORD = r"[A-Z][\w-]{0,30}+(?:\'[A-Z]\w{1,20})?"
INITIAL = r"[A-Z]\."


class CapitalRecognizer:
    """The recognisers of a pack whose words stand apart.

    Args:
        pack: Words, rules of names and aliases.
    """

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def candidates(self, text: str) -> list[Candidate]:
        """All candidates of a folded text, in no particular order."""
        known = list(self._aliases(text))
        return [*known, *self._ministries(text, known), *self._organizations(text), *self._people(text, known)]

    def _aliases(self, text: str) -> Iterator[Candidate]:
        """Names of the authority files, and what they are part of: of a longer name, they are no name."""
        for hit in self.pack.index.find(text):
            first = self.pack.authorities[hit.owners[0]]
            if first.type == "person" and " " not in text[hit.start : hit.end]:
                given = self._given.search(text, max(0, hit.start - 32), hit.start)
                if given and given.group(1).split(" ")[0] in self._given_names:
                    yield Candidate(given.start(1), hit.end, "person", "given-name", keep=2)
                    continue
                weak = all((text[hit.start : hit.end], owner) in self.pack.weak for owner in hit.owners)
                if given and weak and not self._only_capital(text, given):
                    continue
            yield Candidate(hit.start, hit.end, first.type, "alias", hit.owners, keep=3)

    def _only_capital(self, text: str, match: re.Match[str]) -> bool:
        """Whether the word before a family name belongs to no name: an office, a nation, the opening of a sentence."""
        word = match.group(1)
        if word in self.pack.names["no_names"] or self._place(word) or self._opens_sentence(text, match.start(1)):
            return True
        before = self.pack.writing.plain(text[max(0, match.start(1) - 30) : match.end()])
        return self.pack.office_before.search(before) is not None

    @cached_property
    def _given_names(self) -> frozenset[str]:
        """First names: those of the people of the authority files, and a few more."""
        names = self.pack.names
        late = {*names["family_first"], *names["family_first_if_hyphened"]}
        people = [a for a in self.pack.authorities if a.type == "person" and a.country not in late]
        found = {name.split(" ")[0] for person in people for name in person.names if " " in name}
        ordinary = {*names["no_names"], *names["not_family_names"]} - {"Ali", "Mohammed", "Ahmed", "Hassan", "Hussein"}
        found = {n for n in found if len(n) > 2 and n.isalpha() and n.lower() not in self.pack.role_of}
        return frozenset({*(n for n in found - ordinary if not self._place(n)), *names["given_names"]})

    def _opens_sentence(self, text: str, start: int) -> bool:
        before = text[max(0, start - 3) : start].rstrip(" \"'“(")
        return not before or before[-1] in self.pack.grammar["sentence_end"] + ":"

    def _ministries(self, text: str, known: list[Candidate]) -> Iterator[Candidate]:
        """A country and an office of state, in either order: Russian Foreign Ministry, Foreign Ministry of Russia."""
        places = {c.end: c for c in known if c.type == "place"}
        starts = {c.start: c for c in known if c.type == "place"}
        for match in self._ministry.finditer(text):
            before, after = self._owner_before(text, match.start(), places), self._of.match(text, match.end())
            behind = starts.get(after.end()) if after else None
            for place in (before, behind):
                owner = self.pack.authorities[place.owners[0]] if place and place.owners else None
                if place and owner and owner.kind in {"country", "territory"}:
                    span = (min(place.start, match.start()), max(place.end, match.end()))
                    yield self._office_of(match.group(), owner, *span)
                    break

    def _owner_before(self, text: str, start: int, places: dict[int, Candidate]) -> Candidate | None:
        for joint in (" ", "'s ", "' "):
            if text.endswith(joint, 0, start) and start - len(joint) in places:
                return places[start - len(joint)]
        return None

    def _office_of(self, suffix: str, place: Authority, start: int, end: int) -> Candidate:
        entity, english = self.pack.ministry(suffix, place)
        return Candidate(
            start, end, "organization", "country-ministry", (), entity, 4, name_en=english, country=place.country
        )

    def _organizations(self, text: str) -> Iterator[Candidate]:
        """Capital words that end, or begin, with what organizations are called."""
        for match in self._run.finditer(text):
            start = match.start()
            skip = self._leading.match(text, start, match.end())
            start = skip.end() if skip else start
            prefixed = self._prefix.match(text, start, match.end())
            ends = [found.end() for found in self._suffix.finditer(text, start, match.end()) if found.start() > start]
            end = prefixed.end() if prefixed else ends[-1] if ends else 0
            if end > start and not self.pack.office.match(self.pack.writing.plain(text[start:end])):
                yield Candidate(start, end, "organization", "organization-suffix", keep=1)

    def _people(self, text: str, known: list[Candidate]) -> Iterator[Candidate]:
        """An office, then capital words; capital words, then a verb of speech; a verb of speech, then capital words."""
        taken = {c.start for c in known}
        plain = self.pack.writing.plain(text)
        for office in self.pack.office.finditer(plain):
            match = self._name.match(text, office.end() + 1)
            if match and match.start() not in taken and text[office.end() : match.start()] == " ":
                yield from self._person(match, "office-name")
        for match in self._speaking.finditer(text):
            if match.start() not in taken and match.group(1).split(" ")[0] in self._given_names:
                yield from self._person(match, "office-speech")

        for match in self._quoted.finditer(text):
            if match.start(1) not in taken:
                yield from self._person(match, "office-speech")

    def _person(self, match: re.Match[str], rule: str) -> Iterator[Candidate]:
        words = match.group(1).split(" ")
        none = self.pack.names["no_names"]
        if len(words) > 1 and not any(w in none or w.lower() in self.pack.role_of or self._place(w) for w in words):
            owners = self.pack.index.owners(match.group(1))
            yield Candidate(match.start(1), match.end(1), "person", rule, owners, keep=2)

    def _place(self, word: str) -> bool:
        return any(self.pack.authorities[owner].type != "person" for owner in self.pack.index.owners(word))

    @cached_property
    def _given(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w.])({WORD}(?: {INITIAL})?) $")

    @cached_property
    def _ministry(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{alternation(self.pack.ministries)})(?!\w)")

    @cached_property
    def _of(self) -> re.Pattern[str]:
        return re.compile(" of (?:the )?")

    @cached_property
    def _run(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w){WORD}(?:(?: (?:of|for|the|&)){{0,2}} {WORD}){{1,8}}")

    @cached_property
    def _leading(self) -> re.Pattern[str]:
        return re.compile(rf"(?:(?:{alternation(self.pack.names['no_names'])}) )+")

    @cached_property
    def _suffix(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{alternation(self.pack.names['organization_suffixes'])})(?!\w)")

    @cached_property
    def _prefix(self) -> re.Pattern[str]:
        prefixes = alternation(self.pack.names["organization_prefixes"])
        return re.compile(rf"(?:{prefixes})(?: the)?(?: {WORD}){{1,4}}(?: (?:and|of) {WORD}){{0,2}}")

    @cached_property
    def _quoted(self) -> re.Pattern[str]:
        verbs, close = alternation(self.pack.names["name_followers"]), re.escape(self.pack.grammar["quote_close"])
        return re.compile(
            rf"[{close}] (?:{verbs}) ({WORD}(?: (?:{WORD}|{INITIAL})){{1,2}})(?=[,.;:]|$| (?:in|on|at|of|from)\b)"
        )

    @cached_property
    def _name(self) -> re.Pattern[str]:
        particles = alternation(self.pack.names["particles"])
        return re.compile(rf"({WORD}(?: (?:(?:{particles}) )?(?:{WORD}|{INITIAL})){{1,3}})(?!\w)")

    @cached_property
    def _speaking(self) -> re.Pattern[str]:
        verbs = alternation(self.pack.names["name_followers"])
        return re.compile(rf"(?<!\w)(?<![A-Z]\w )({WORD}(?: (?:{WORD}|{INITIAL})){{1,2}})(?=,? (?:{verbs})(?!\w))")
