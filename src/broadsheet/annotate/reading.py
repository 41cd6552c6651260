"""One unit opened up for the frames: symbols, noun phrases and triggers, clause by clause."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from broadsheet.annotate.clauses import Clause, ClauseReader
from broadsheet.annotate.frames import Frame
from broadsheet.annotate.pack import Pack
from broadsheet.annotate.phrases import OF_TYPE, SYMBOLS, Masked, Noun, PhraseReader, Symbol
from broadsheet.annotate.prefilter import Patterns
from broadsheet.annotate.telling import Unit

# Where words run together, a space in a headline stands for a comma.
_SPACED = re.compile(r"(?<=[^\x00-\u2fff])[ \u3000](?=[^\x00-\u2fff])")
# Of a clause; no writer comes near it, and each is compared with the others.
MOST_TRIGGERS = 40


# How many clauses back a sentence is remembered: the cost stays linear where sentences do not end.
REMEMBERED = 12
# A name may be a whole title: only its brackets are longer.
BRACKETS = 2


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

    def opening(self, number: int) -> int:
        """Number of the clause that begins the sentence of another, or of the earliest that is remembered."""
        first = number
        while not self.parts[first].first and number - first < REMEMBERED:
            first -= 1
        return first


class Reader:
    """Opens units with the words of one pack."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.phrases = PhraseReader(pack.grammar, pack.writing)
        self.clauses = ClauseReader(pack.grammar, pack.acts, pack.writing)
        self._frames = Patterns([frame.trigger for frame in pack.frames])
        self._groups = frozenset(pack.grammar["groups"])
        self._gatherings = tuple(pack.grammar["gatherings"])
        self._title = re.compile(pack.grammar.get("titles") or "(?!)")
        self._towards = re.compile(pack.grammar.get("towards") or "(?!)")
        self._open, self._close = (frozenset(pack.grammar[key]) for key in ("quote_open", "quote_close"))
        self._marks = re.compile(f"[{re.escape(''.join(sorted(self._open | self._close)))}]")

    def read(self, unit: Unit) -> Reading:
        """A unit with everything the frames look at; linear in its length."""
        text = self.pack.writing.plain(unit.text)
        if unit.headline and not self.pack.writing.apart:
            text = _SPACED.sub(self.pack.grammar["clause_end"][0], text)
        masked = Masked(text, self._symbols(unit))
        nouns = self.phrases.nouns(masked)
        titles = _Spans(self._title, masked.text)
        towards = _Spans(self._towards, masked.text)
        nouns = [_placed(noun, titles, towards) for noun in nouns] if titles or towards else nouns
        starts = [noun.start for noun in nouns]
        clauses = self.clauses.clauses(masked)
        quoted = self._quoted(masked.text, [self._beginning(masked.text, clause) for clause in clauses])
        triggers = self._triggers(masked.text, [clause.start for clause in clauses], titles)
        parts: list[Part] = []
        for number, clause in enumerate(clauses):
            inside = nouns[bisect_left(starts, clause.start) : bisect_left(starts, clause.end)]
            told = tuple(_longest(triggers[number])) if number in triggers else ()
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
        offices = self.pack.office.between(self.pack.writing.plain(unit.text), gaps)
        taken += (
            Symbol(match.start(), match.end(), SYMBOLS["R"], match.group())
            for match in offices
            if match.group() not in self._groups or not unit.text.startswith(self._gatherings, match.end())
        )
        return sorted(taken, key=lambda symbol: symbol.start)

    def _triggers(self, text: str, starts: Sequence[int], titles: "_Spans") -> dict[int, list[Trigger]]:
        """All triggers by number of their clause."""
        found: dict[int, list[Trigger]] = {}
        for index, match in self._frames.finditer(text):
            number = bisect_right(starts, match.start()) - 1
            if number >= 0 and not (titles and titles.around(match.start(), match.end())):
                inside = found.setdefault(number, [])
                if len(inside) < MOST_TRIGGERS:
                    inside.append(Trigger(match.start(), match.end(), self.pack.frames[index]))
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
        inside = False
        marks = self._marks.finditer(text)
        mark = next(marks, None)
        for position in positions:
            while mark and mark.start() < position:
                opens = mark.group() in self._open
                inside = opens and (mark.group() not in self._close or not inside)
                mark = next(marks, None)
            found.append(inside)
        return found


class _Spans:
    """Matches of a pattern, ascending and apart: which of them covers a range."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self._spans = [match.span() for match in pattern.finditer(text)]
        self._starts = [low for low, _ in self._spans]

    def __bool__(self) -> bool:
        return bool(self._spans)

    def around(self, start: int, end: int) -> int:
        """How much longer than a range the match is that begins before it and holds it; 0 if none does."""
        number = bisect_left(self._starts, start) - 1
        low, high = self._spans[number] if number >= 0 else (0, 0)
        return high - low - (end - start) if end <= high else 0


def _placed(noun: Noun, titles: _Spans, towards: _Spans) -> Noun:
    """A name inside the title of a law does nothing; to one between a far preposition and its verb it is done."""
    if titles and titles.around(noun.start, noun.end) > BRACKETS:
        return replace(noun, preposition="other")
    if towards and noun.preposition in {None, "pivot"} and towards.around(noun.start, noun.end):
        return replace(noun, preposition="to")
    return noun


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
