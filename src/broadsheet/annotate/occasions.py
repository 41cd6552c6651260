"""On what occasion somebody speaks: in a post, to reporters, in an interview, on an earlier day."""

import re
from collections.abc import Iterable

from broadsheet.annotate.pack import Pack
from broadsheet.annotate.phrases import SYMBOLS, Name, with_symbols
from broadsheet.annotate.reading import Reading, Trigger
from broadsheet.annotate.telling import Occasion

# How many clauses before the verb of speech may say where it was said.
REACH = 3
# Bodies that are only quoted stand in patterns for what they are: where one posts, whom one talks to.
FORUM, MEDIUM = "\ue00a", "\ue00b"


class OccasionReader:
    """Reads occasions with the words of one pack."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        kinds: dict[str, list[str]] = pack.grammar.get("occasions", {})
        words = "|".join(f"(?P<{kind}>{'|'.join(patterns)})" for kind, patterns in kinds.items()) or "(?!)"
        self._words = re.compile(with_symbols(words.replace("<forum>", FORUM).replace("<medium>", MEDIUM)))
        self._follow = pack.grammar.get("syntax", {}).get("complements") == "after"

    def read(self, reading: Reading, number: int, trigger: Trigger, people: Iterable[tuple[str, str]]) -> Occasion:
        """The occasion of an act of speech.

        Args:
            reading: The unit.
            number: Of the trigger's clause.
            trigger: The verb of speech.
            people: (entity id, role) of who takes part in it.
        """
        found = {match.lastgroup for match in self._words.finditer(self._setting(reading, number, trigger))}
        kinds = frozenset(kind for kind in found if kind)
        special = {"earlier", "another", "thanks", "habit"}
        return Occasion(
            kinds - special,
            earlier=not kinds.isdisjoint({"earlier", "private"}),
            another="another" in kinds,
            aside="thanks" in kinds and any(role == "target" for _, role in people),
            habit="habit" in kinds,
        )

    def _setting(self, reading: Reading, number: int, trigger: Trigger) -> str:
        """The words that may say where it is said: what stands before the verb since the verb of speech before it."""
        part = reading.parts[number]
        if any(t.frame.statement and t.end <= trigger.start for t in part.triggers):
            return self._shown(reading, trigger.start, trigger.end)  # the rest is what was said
        later = [t.start for t in part.triggers if t.start >= trigger.end]
        end = min(later, default=part.clause.end) if self._follow else trigger.end
        pieces = [self._shown(reading, part.clause.start, end)]
        for back in range(number - 1, max(number - 1 - REACH, -1), -1):
            other = reading.parts[back]
            if reading.parts[back + 1].first or any(t.frame.statement for t in other.triggers):
                break
            if not other.quoted:
                pieces.append(self._shown(reading, other.clause.start, other.clause.end))
        return "，".join(reversed(pieces))

    def _shown(self, reading: Reading, start: int, end: int) -> str:
        """A range of the masked text with offices and times written out, and symbols for bodies only quoted."""
        text = list(reading.masked.text[start:end])
        for kind in "RT":
            for spot, symbol in reading.masked.between(start, end, SYMBOLS[kind]):
                text[spot - start] = reading.unit.text[symbol.start : symbol.end]
        for spot, symbol in reading.masked.between(start, end, SYMBOLS["O"]):
            if isinstance(symbol.value, Name) and not self._pack.acts(symbol.value.entity_id):
                known = self._pack.by_id[symbol.value.entity_id]
                text[spot - start] = FORUM if known.kind == "platform" else MEDIUM
        return "".join(text)
