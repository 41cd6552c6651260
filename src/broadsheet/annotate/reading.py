"""One unit opened up for the frames: symbols, noun phrases and triggers, clause by clause."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from broadsheet.annotate.clauses import Clause, ClauseReader
from broadsheet.annotate.pack import Frame, Pack
from broadsheet.annotate.phrases import OF_TYPE, SYMBOLS, Masked, Noun, PhraseReader, Symbol
from broadsheet.annotate.prefilter import Prefilter
from broadsheet.annotate.telling import Unit


@dataclass(frozen=True, slots=True)
class Trigger:
    """Words that tell an event, in the masked text."""

    start: int
    end: int
    frame: Frame


@dataclass(frozen=True, slots=True)
class Part:
    """A clause with what stands in it.

    Attributes:
        quoted: It begins inside a quotation.
        first: It begins a sentence.
    """

    clause: Clause
    nouns: tuple[Noun, ...]
    subjects: tuple[Noun, ...]
    triggers: tuple[Trigger, ...]
    quoted: bool
    first: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A unit, masked and cut into parts."""

    unit: Unit
    masked: Masked
    parts: tuple[Part, ...]


class Reader:
    """Opens units with the words of one pack."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.phrases = PhraseReader(pack.grammar, pack.writing)
        self.clauses = ClauseReader(pack.grammar, pack.acts, pack.writing)
        self._prefilter = Prefilter([frame.trigger.pattern for frame in pack.frames])
        self._groups = frozenset(pack.grammar["groups"])
        self._gatherings = tuple(pack.grammar["gatherings"])
        self._open, self._close = (frozenset(pack.grammar[key]) for key in ("quote_open", "quote_close"))

    def read(self, unit: Unit) -> Reading:
        """A unit with everything the frames look at; linear in its length."""
        masked = Masked(self.pack.writing.plain(unit.text), self._symbols(unit))
        nouns = self.phrases.nouns(masked)
        starts = [noun.start for noun in nouns]
        clauses = self.clauses.clauses(masked)
        quoted = self._quoted(masked.text, [self._beginning(masked.text, clause) for clause in clauses])
        triggers = self._triggers(masked.text, [clause.start for clause in clauses])
        parts: list[Part] = []
        for number, clause in enumerate(clauses):
            inside = nouns[bisect_left(starts, clause.start) : bisect_left(starts, clause.end)]
            told = tuple(_longest(triggers.get(number, ())))
            first = told[0].start if told and self.clauses.complements_follow else clause.end
            parts.append(
                Part(
                    clause,
                    tuple(inside),
                    tuple(self.clauses.subjects([noun for noun in inside if noun.start < first])),
                    told,
                    quoted[number],
                    number == 0 or clauses[number - 1].sentence != clause.sentence,
                )
            )
        return Reading(unit, masked, tuple(parts))

    def _symbols(self, unit: Unit) -> list[Symbol]:
        taken = [Symbol(name.start, name.end, OF_TYPE[name.type], name) for name in unit.names]
        times = self.pack.times.find(unit.text)
        kinds = ("D" if match.kind == "duration" else "T" for match in times)
        symbols = (Symbol(m.start, m.end, SYMBOLS[kind], m) for m, kind in zip(times, kinds, strict=True))
        taken = sorted([*taken, *_free(taken, symbols)], key=lambda symbol: symbol.start)
        # Offices are looked for between the names, so that 外交部 + 发言人 is not read as one word.
        gaps = zip([0, *(s.end for s in taken)], [*(s.start for s in taken), len(unit.text)], strict=True)
        plain = self.pack.writing.plain(unit.text)
        offices = [match for low, high in gaps for match in self.pack.office.finditer(plain, low, high)]
        taken += (
            Symbol(match.start(), match.end(), SYMBOLS["R"], match.group())
            for match in offices
            if match.group() not in self._groups or not unit.text.startswith(self._gatherings, match.end())
        )
        return sorted(taken, key=lambda symbol: symbol.start)

    def _triggers(self, text: str, starts: Sequence[int]) -> dict[int, list[Trigger]]:
        """All triggers by number of their clause; each frame that may match goes over the text once."""
        found: dict[int, list[Trigger]] = {}
        for index in self._prefilter.candidates(text):
            frame = self.pack.frames[index]
            for match in frame.trigger.finditer(text):
                number = bisect_right(starts, match.start()) - 1
                if number >= 0:
                    found.setdefault(number, []).append(Trigger(match.start(), match.end(), frame))
        return found

    def _beginning(self, text: str, clause: Clause) -> int:
        """Where it is decided whether a clause is quoted: after the mark it opens with, where words stand apart."""
        start = clause.start
        while self.pack.writing.apart and start < clause.end and (text[start] == " " or text[start] in self._open):
            start += 1
        return start

    def _quoted(self, text: str, positions: Sequence[int]) -> list[bool]:
        """For ascending positions, whether a quotation is open there."""
        found: list[bool] = []
        inside, at = False, 0
        for position in positions:
            for character in text[at:position]:
                if character in self._open and (character not in self._close or not inside):
                    inside = True
                elif character in self._close:
                    inside = False
            found.append(inside)
            at = position
        return found


def _longest(triggers: Iterable[Trigger]) -> list[Trigger]:
    """The longest of overlapping triggers; of equals the one whose frame stands first in the pack."""
    chosen: list[Trigger] = []
    for trigger in sorted(triggers, key=lambda t: t.start - t.end):
        if all(trigger.end <= other.start or trigger.start >= other.end for other in chosen):
            chosen.append(trigger)
    return sorted(chosen, key=lambda t: (t.start, t.end))


def _free(taken: Sequence[Symbol], wanted: Iterable[Symbol]) -> list[Symbol]:
    used = {spot for symbol in taken for spot in range(symbol.start, symbol.end)}
    return [symbol for symbol in wanted if used.isdisjoint(range(symbol.start, symbol.end))]
