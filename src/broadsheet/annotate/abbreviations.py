"""Countries in one character: in pairs, in compounds, in lists and in headlines."""

import re
from collections.abc import Iterator
from functools import cached_property

from broadsheet.annotate.candidates import Candidate, Finder
from broadsheet.annotate.prefilter import Scan
from broadsheet.annotate.writing import alternation

HEADLINE = 60
"""Characters of a headline, at most."""


class Abbreviations(Finder):
    """The one-character names of one pack."""

    def candidates(self, text: str) -> Iterator[Candidate]:
        """All candidates of a folded text."""
        rules = self.pack.grammar["compounds"]
        blocked = {spot for match in self._not_inside.finditer(text) for spot in range(*match.span())}
        for run in self._several.finditer(text):
            start, end = run.span()
            while start in blocked:  # 增加|中美
                start += 1
            if end - start < 2 or not blocked.isdisjoint(range(start, end)):
                continue
            risky, after = set(rules["risky"]), self._after.match(text, end)
            if set(text[start:end]) <= risky and not after:
                continue
            bound = after is not None and after.end() - end > 1
            if end - start == 2 and text[start] in risky and self._inside(text, start) and not bound:
                continue  # 去年以|美方
            for spot in range(start, end):
                yield self._found(text, spot, "abbreviation-pair")
        for match in self.single.finditer(text):
            start, end = match.span()
            if start in blocked:
                continue
            after = self._after.match(text, end)
            before = text.endswith(tuple(rules["before"]), 0, start)
            risky_one = match.group() in rules["risky"]
            if (after and not (risky_one and after.end() - end == 1 and not before)) or (before and not risky_one):
                yield self._found(text, start, "abbreviation")
        yield from self._more(text)

    def _more(self, text: str) -> Iterator[Candidate]:
        """In words that the pack lists, in lists of countries, and at the head of clauses of headlines."""
        for match in self._also.finditer(text):
            yield self._found(text, match.start(), "abbreviation")
        for match in self._listed.finditer(text):
            if self._not_listed.match(text, match.end()):
                continue
            for spot in range(match.start(), match.end(), 2):
                yield self._found(text, spot, "abbreviation-list")
        if len(text) <= HEADLINE and not any(mark in text for mark in self.pack.grammar["sentence_end"][:1]):
            for match in self._headline.finditer(text):
                yield self._found(text, match.start(), "abbreviation-headline")

    def _found(self, text: str, spot: int, rule: str) -> Candidate:
        return Candidate(spot, spot + 1, "place", rule, (), self.pack.abbreviations[text[spot]], 1, True)

    def _inside(self, text: str, start: int) -> bool:
        """Whether a character follows another without a mark between them."""
        return start > 0 and text[start - 1].isalpha()

    @cached_property
    def _several(self) -> re.Pattern[str]:
        return re.compile(self.single.pattern + "{2,6}")

    @cached_property
    def _not_inside(self) -> Scan:
        return Scan(re.compile("|".join(sorted(self.pack.grammar["compounds"]["not_inside"], key=len, reverse=True))))

    @cached_property
    def _after(self) -> re.Pattern[str]:
        rules = self.pack.grammar["compounds"]
        return re.compile(f"(?:{alternation(rules['after'])})(?![{rules['not_followed']}])")

    @cached_property
    def _also(self) -> re.Pattern[str]:
        return re.compile("|".join(self.pack.grammar["compounds"]["also"]))

    @cached_property
    def _listed(self) -> re.Pattern[str]:
        rules, one = self.pack.grammar["compounds"], self.single.pattern
        return re.compile(f"(?<!{one}){one}(?:、{one})+(?={rules['listed']})|(?<!{one}){one}(?:、{one}){{2,}}(?!{one})")

    @cached_property
    def _not_listed(self) -> re.Pattern[str]:
        return re.compile(self.pack.grammar["compounds"]["not_listed"])

    @cached_property
    def _headline(self) -> re.Pattern[str]:
        return re.compile(self.pack.grammar["compounds"]["headline"])
