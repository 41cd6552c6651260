"""Foreign names in several parts: joined by a dot, or by a hyphen where the lists know them.

Words and characters come from the pack.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from broadsheet.annotate.candidates import Candidate, Finder
from broadsheet.annotate.writing import alternation


class PartedNames(Finder):
    """Names of people in several parts, of one pack."""

    def candidates(self, text: str) -> Iterator[Candidate]:
        """All candidates of a folded text."""
        yield from self._dotted(text)
        yield from self._hyphened(text)

    def _dotted(self, text: str) -> Iterator[Candidate]:
        """Foreign names whose parts are joined by a dot."""
        for match in self._dots.finditer(text):
            start, end = match.span()
            start += self.office_inside(text, start, len(match.group().split(match.group("dot"))[0]))
            last = max(text.rfind(dot, start, end) for dot in self.pack.names["dot"]) + 1
            end = self._last_part(text, last, end)
            if end - last >= 1 and last - start >= 2:
                owners = self.pack.index.owners(text[start:end].replace(match.group("dot"), self.pack.names["dot"][0]))
                yield Candidate(start, end, "person", "dotted-name", owners, keep=5)

    def _hyphened(self, text: str) -> Iterator[Candidate]:
        """Such names with a hyphen for the dot, if the lists have them, or know the given name."""
        dot = self.pack.names["dot"][0]
        for match in self._hyphens.finditer(text):
            start, end = match.span()
            start += self.office_inside(text, start, match.group().index("-"))
            for stop in range(end, text.rindex("-", start, end) + 1, -1):
                parts = text[start:stop].split("-")
                alike = [
                    owner
                    for owner in self.pack.index.owners(parts[-1])
                    if any(
                        self.pack.fold(n).split(dot)[0][:1] == parts[0][0]
                        for n in self.pack.authorities[owner].names
                        if dot in n
                    )
                ]
                owners = self.pack.index.owners(dot.join(parts)) or tuple(alike)
                if owners or (stop == end and parts[0] in self.pack.given_names):
                    yield Candidate(start, stop, "person", "dotted-name", owners, keep=5)
                    break

    def office_inside(self, text: str, start: int, length: int) -> int:
        """How much of the first part of a name is the end of an office before it (主席格雷格)."""
        for cut in range(length - 1, 0, -1):
            if any(len(word) >= cut and text.endswith(word, 0, start + cut) for word in self._offices_ending):
                return cut
        return 0

    def _last_part(self, text: str, start: int, end: int) -> int:
        """Where the last part of a dotted name ends: at a known name, else before a word that breaks the run."""
        for stop in range(end, start + 1, -1):
            if self.pack.index.owners(text[start:stop]) and not self._goes_on(text[stop:end]):
                return stop
        for match in self._breaks.finditer(text, start + 1, min(end + 2, len(text))):
            return min(match.start(), end)
        return end

    def _goes_on(self, rest: str) -> bool:
        """Whether what follows a known name is more of an unknown one: no character of it is also a word."""
        return len(rest) > 1 and not set(rest) & set(self.pack.names["words_too"])

    @cached_property
    def _offices_ending(self) -> tuple[str, ...]:
        letters = set(self.pack.names["transliteration"])
        return tuple(word for word in self.pack.role_of if word[-1] in letters)

    @cached_property
    def _dots(self) -> re.Pattern[str]:
        letters = self.pack.names["transliteration"]
        dot = f"[{re.escape(self.pack.names['dot'])}]"
        part = f"(?:[{letters}]{{1,7}}(?:-[{letters}]{{1,7}})?|[A-Z][A-Za-z]{{0,11}}\\.?)"
        return re.compile(f"{part}(?P<dot>{dot}){part}(?:{dot}{part}){{0,3}}")

    @cached_property
    def _hyphens(self) -> re.Pattern[str]:
        letters = self.pack.names["transliteration"]
        return re.compile(f"(?<![-{letters}A-Za-z])[{letters}]{{1,7}}(?:-[{letters}]{{1,7}}){{1,2}}(?!-)")

    @cached_property
    def _breaks(self) -> re.Pattern[str]:
        return re.compile(alternation(self.pack.names["run_breaks"]))
