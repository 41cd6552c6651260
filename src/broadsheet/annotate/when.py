"""When the event of a clause took place: which of the times around its trigger dates it, and how it is bounded."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Final

from broadsheet.annotate.clauses import Clause
from broadsheet.annotate.memory import Bounds, Memory
from broadsheet.annotate.pack import Pack
from broadsheet.annotate.phrases import SYMBOLS, Symbol
from broadsheet.annotate.reading import Part, Reading, Trigger
from broadsheet.annotate.times import Anchor, TimeMatch, TimeValue, resolve
from broadsheet.annotate.told import Dating, Told
from broadsheet.annotate.undated import NEWS, BoundReader
from broadsheet.kinds import CONTACTS, family

# How many clauses after the trigger, and before it, are looked at.
FOLLOWING, GOVERNING = 4, 12
DATING_REACH: Final = 6
# A time that modifies a noun (today's exercise) dates what is said only if that noun is the speech itself.
ATTRIBUTE_REACH: Final = 9
# Stretches that say how rare or how new an event is (the first in five years) unless they say since when.
SPANNING: Final = frozenset({"until-now", "window"})
# How far after a verb of speech its own time may stand.
ATTACHED: Final = 10
# How far from the beginning of its clause a time stands that opens it, and from a trigger one counted from its event.
OPENING, ADJACENT = 6, 2
ASSAULT: Final = family("attack")
PRONOUNS: Final = frozenset({"he", "pair", "it"})


class TimeReader:
    """Reads times with the words of one pack."""

    def __init__(self, pack: Pack) -> None:
        grammar = pack.grammar
        self._of = pack.of
        self._follow = grammar.get("syntax", {}).get("complements") == "after"
        self._reach = DATING_REACH * pack.writing.stretch
        self._undating = tuple(grammar.get("undating", ()))
        self._not_dating = tuple(grammar["not_dating"])
        self._counting = tuple(grammar.get("counting", ()))
        self._since = tuple(grammar.get("since", ()))
        self._about = tuple(grammar.get("about", ()))
        self._rare, self._written = pack.pattern("rarity"), pack.pattern("written")
        self._reported, self._performed = pack.pattern("reported"), pack.pattern("performed")
        self._planned = pack.planned
        self._bounds = BoundReader(pack)

    def read(self, told: Told, memory: Memory) -> Dating:
        """When an event took place, as far as its clause and sentence say.

        Args:
            told: The event.
            memory: Of the text before; brought up to date.
        """
        if not told.trigger.frame.bounded:
            return Dating()
        if told.trigger.frame.prior:
            return self._bounds.read(told, memory)
        found = self._stated(told, memory)
        kind = CONTACTS if told.trigger.frame.type in CONTACTS else family(told.trigger.frame.type)
        bounds = memory.known.get((kind, told.people))
        if found is not None:
            bounds = (found.start, found.end)
            if found.spot is not None and not _spans(told.reading.masked.symbols[found.spot]):
                memory.previous = bounds
            if told.trigger.frame.statement and found.start == found.end:
                memory.spoken = (*told.sentence, found.start)
            if told.status == "occurred":
                memory.known[kind, told.people] = bounds
                if memory.day is None and found.start == found.end:
                    memory.day = found.start
        memory.latest = (told.reading, told.trigger.end, bounds)
        return found or self._bounds.read(told, memory)

    def _stated(self, told: Told, memory: Memory) -> Dating | None:
        """The time nearest before the trigger, else after it, else one that governs the sentence."""
        spoken = memory.spoken[2] if memory.spoken and memory.spoken[:2] == told.sentence else None
        quoted = memory.day if told.part.quoted else None
        anchor = Anchor(told.published, spoken or quoted, memory.previous)
        for spot, symbol in self._times_after(told) if self._follow else self._times_before(told):
            match = symbol.value
            if not isinstance(match, TimeMatch) or self._dates_other(told, spot, match):
                continue
            if spot >= told.trigger.start and _counted(symbol):  # "the day before" dates what comes next
                continue
            value = self._value(told, spot, match, anchor, memory)
            dating = self._bounded(told, spot, value) if value else None
            if dating is not None:
                return dating
        return None

    def _bounded(self, told: Told, spot: int, value: TimeValue) -> Dating | None:
        """What a time says of an event: its bounds, only that it was over, or nothing."""
        start, end, today = value.date_start, value.date_end, told.published
        occurred, kind = told.status == "occurred", told.trigger.frame.type
        governs = spot < told.part.clause.start
        if told.status != "occurred" and today:  # a plan is later than what is told with it
            shared = self._shared(told, spot)
            if (governs or shared) and (end or today) < today + timedelta(days=int(shared)):
                return None
        scene = governs and self._clause(told.reading, spot).sentence != told.part.clause.sentence
        if scene and (not today or not start or not end or today - start > NEWS):
            return None
        if self._written.match(told.text, spot + 1):
            return None
        if self._reported.match(told.text, spot + 1):
            return Dating(None, end, value.precision, spot, stated=True) if occurred and end else None
        if (governs or kind in ASSAULT) and self._lasts(told.text, self._clause(told.reading, spot)):
            end = today if kind in CONTACTS else None
        elif (
            occurred
            and value.basis != "stated"
            and value.precision != "day"
            and today
            and start
            and end
            and end > today >= start
        ):
            end = today
        return Dating(start, end, value.precision, spot, stated=True)

    def _shared(self, told: Told, spot: int) -> bool:
        """Whether another event is told between a time and the trigger: the time is that one's, unless planned."""
        if self._planned.search(told.text, self._clause(told.reading, spot).start, spot):
            return False
        first = bisect_right(told.reading.parts, spot, key=lambda part: part.clause.start) - 1
        parts = told.reading.parts[first : told.number + 1]
        return any(spot < other.start < told.trigger.start for part in parts for other in part.triggers)

    def _clause(self, reading: Reading, spot: int) -> Clause:
        return reading.parts[bisect_right(reading.parts, spot, key=lambda part: part.clause.start) - 1].clause

    def _lasts(self, text: str, clause: Clause) -> bool:
        """Whether the time of a clause says since when, rather than when."""
        return bool(self._since) and text.endswith(self._since, clause.start, clause.end)

    def _opens(self, text: str, clause: Clause, spot: int) -> bool:
        """Whether a time stands before everything its clause tells of."""
        before = text[clause.start : spot]
        return len(before) <= OPENING and not any(symbol in before for symbol in SYMBOLS.values())

    def _value(self, told: Told, spot: int, match: TimeMatch, anchor: Anchor, memory: Memory) -> TimeValue | None:
        """What a time means; None if it means no date."""
        reading = told.reading
        if memory.counted and memory.counted[0] is reading and memory.counted[1] == spot:
            return memory.counted[2]
        if match.head.base == "next" and told.status == "occurred" and anchor.previous is None:
            return None
        if match.head.base == "previous":
            anchor = replace(anchor, previous=self._counted_from(reading, spot, match, memory))
        value = resolve(match, anchor, "future" if told.status == "scheduled" else "past")
        if value.date_start is None and value.date_end is None:
            return None
        if value.basis == "previous":
            first, today = value.date_start, told.published
            if told.status == "occurred" and first and today and first > today:
                return None
            memory.counted = (reading, spot, value)
        return value

    def _counted_from(self, reading: Reading, spot: int, match: TimeMatch, memory: Memory) -> Bounds | None:
        """Bounds of what 当天 or 前一天 is counted from: the event right before it, else what was dated last."""
        if memory.latest and memory.latest[0] is reading and 0 <= spot - memory.latest[1] <= ADJACENT:
            return memory.latest[2]
        text = reading.masked.text
        # "The day before" some other thing nobody has dated.
        back = int(match.fields.get("shift", 0)) < 0 and not self._follow and spot > 0
        if back and text[spot - 1].isalnum() and not text.endswith(self._counting, 0, spot):
            return None
        return memory.previous

    def _times_after(self, told: Told) -> Iterator[tuple[int, Symbol]]:
        """Where complements follow: what follows up to the next trigger, then what opens the sentence."""
        reading, number, trigger, part = told.reading, told.number, told.trigger, told.part
        masked = reading.masked
        later = [t.start for t in part.triggers if t.start >= trigger.end]
        end = part.clause.end if not later else later[0]
        order = masked.between(trigger.start, end, SYMBOLS["T"])
        if told.speech:  # said on Monday dates the speech, said that on Monday does not
            order = [spot for spot in order if spot[0] - trigger.end <= ATTACHED]
            later = [trigger.end]
        yield from order
        for other in () if later else islice(reading.parts, number + 1, number + 1 + FOLLOWING):
            if other.first or other.triggers or other.subjects:
                break
            yield from masked.between(other.clause.start, other.clause.end, SYMBOLS["T"])
        first = min(t.start for t in part.triggers)
        yield from reversed(masked.between(part.clause.start, first, SYMBOLS["T"]))
        for back in range(number - 1, max(number - 1 - FOLLOWING, -1), -1):
            other = reading.parts[back]
            if other.clause.sentence != part.clause.sentence or other.triggers:
                break
            yield from reversed(masked.between(other.clause.start, other.clause.end, SYMBOLS["T"]))

    def _times_before(self, told: Told) -> Iterator[tuple[int, Symbol]]:
        reading, trigger, part, speech = told.reading, told.trigger, told.part, told.speech
        said = [t.end for t in part.triggers if t.end <= trigger.start and not speech and self._only_says(reading, t)]
        low = max(said, default=part.clause.start)
        spots = reading.masked.between(part.clause.start, part.clause.end, SYMBOLS["T"])
        before = (s for s in reversed(spots) if s[0] < trigger.end)
        yield from (s for s in before if s[0] >= low or (part.first and self._opens(told.text, part.clause, s[0])))
        if not speech:  # what stands after a verb of speech is what was said
            yield from (s for s in spots if s[0] >= trigger.end)
        yield from self._governing(told, content=bool(said))

    def _only_says(self, reading: Reading, trigger: Trigger) -> bool:
        """Whether a verb of speech tells what others did; who announces or orders something does it on that day."""
        return trigger.frame.statement and not self._performed.search(reading.masked.text, trigger.start, trigger.end)

    def _governing(self, told: Told, *, content: bool) -> Iterator[tuple[int, Symbol]]:
        """Times of the clauses before: of those that tell nothing, and of whose subject or opening goes on.

        Args:
            told: The event.
            content: Somebody says it: only what opens the sentence may date it.
        """
        reading, number, part, speech = told.reading, told.number, told.part, told.speech
        carried, crossed = not _leads(part, told.trigger.start), False
        for back in range(number - 1, max(number - 1 - GOVERNING, -1), -1):
            other = reading.parts[back]
            if other.clause.sentence != part.clause.sentence:
                yield from () if speech else self._scene(reading, back)
                return
            spots = [*reversed(reading.masked.between(other.clause.start, other.clause.end, SYMBOLS["T"]))]
            first = other.clause.end
            if other.triggers:
                last, first = max(t.end for t in other.triggers), min(t.start for t in other.triggers)
                yield from (s for s in spots if s[0] >= last and not crossed and self._points_on(told, *s))
                crossed = True
                content = content or (not speech and any(self._only_says(reading, t) for t in other.triggers))
            free = not crossed and not speech
            since = self._lasts(told.text, other.clause)
            for spot, symbol in spots:
                alone = not other.nouns and not other.triggers
                opens = (other.first or not crossed or alone) and self._opens(told.text, other.clause, spot)
                if (_spans(symbol) and spot > other.clause.start) or (
                    spot == other.clause.start and told.text.startswith(self._of, spot + 1)
                ):
                    continue
                told_by = speech and not crossed and self._reported.match(told.text, spot + 1) is not None
                if spot < first and (since or opens or told_by or ((free or carried) and not content)):
                    yield spot, symbol
            carried = carried and not _leads(other, first)

    def _scene(self, reading: Reading, number: int) -> list[tuple[int, Symbol]]:
        """The time that opens a sentence which tells of no event: it sets the scene for the next."""
        first = reading.opening(number)
        opening = reading.parts[first]
        if opening.nouns or any(t.frame.bounded for part in reading.parts[first : number + 1] for t in part.triggers):
            return []
        return reading.masked.between(opening.clause.start, opening.clause.end, SYMBOLS["T"])

    def _points_on(self, told: Told, spot: int, symbol: Symbol) -> bool:
        """Whether a time after the event of its clause dates what comes next: the day before, in a report of Monday."""
        return _counted(symbol) or (told.speech and self._reported.match(told.text, spot + 1) is not None)

    def _dates_other(self, told: Told, spot: int, match: TimeMatch) -> bool:
        text, trigger = told.text, told.trigger
        if text[max(0, spot - self._reach) : spot].rstrip().endswith(self._undating):
            return True
        if told.speech and text.endswith(self._about, 0, spot):
            return True
        if match.boundary == "after" and self._rare.search(text, spot + 1, trigger.start):
            return True
        if match.rule in SPANNING or match.boundary == "until_now":
            rare = spot >= trigger.start or self._rare.search(text, spot + 1, trigger.start) is not None
            return rare or (match.fields.get("sign") != 1 and self._bounds.goes_on(told))
        if trigger.frame.statement and text.startswith(self._of, spot + 1) and trigger.start - spot > ATTRIBUTE_REACH:
            return True
        end = spot + 1 + DATING_REACH
        following = text[spot + 1 : min(end, trigger.start) if spot < trigger.start else end]
        lasts = match.boundary == "after" or self._lasts(text, self._clause(told.reading, spot))
        return not lasts and any(word in following for word in self._not_dating)


def _leads(part: Part, position: int) -> bool:
    """Whether a clause has a subject of its own before a place; a pronoun goes on with the one before."""
    return any(noun.end <= position and noun.kind not in PRONOUNS for noun in part.subjects)


def _spans(symbol: Symbol) -> bool:
    return isinstance(symbol.value, TimeMatch) and symbol.value.rule in SPANNING


def _counted(symbol: Symbol) -> bool:
    return isinstance(symbol.value, TimeMatch) and symbol.value.head.base == "previous"
