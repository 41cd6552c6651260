"""What bounds an event that has no date of its own."""

from datetime import date, timedelta

from broadsheet.annotate.memory import Memory
from broadsheet.annotate.pack import Pack
from broadsheet.annotate.phrases import SYMBOLS, Symbol
from broadsheet.annotate.times import Anchor, TimeMatch, resolve
from broadsheet.annotate.told import Dating, Told

# How many clauses back the occasion of a speech is looked for, and how far before a trigger the words begin that say
# its event goes on or did not take place.
BACK, STATED = 12, 24
# What a vote decides is decided on its day.
DECIDED = frozenset({"election"})
# What was told of with an older day is no occasion on which somebody now speaks.
NEWS, FRESH = timedelta(days=7), timedelta(days=3)


class BoundReader:
    """Bounds events without a date, with the words of one pack."""

    def __init__(self, pack: Pack) -> None:
        self._stated = STATED * pack.writing.stretch
        self._completed = tuple(pack.grammar.get("completed", ()))
        self._sitting = tuple(pack.grammar.get("sitting", ()))
        self._planned = pack.planned
        self._by_id = pack.by_id
        self._written, self._not_done = map(pack.pattern, ("written", "not_done"))
        self._goes_on, self._still = map(pack.pattern, ("going_on", "still"))
        self._gathering, self._replying, self._before = map(pack.pattern, ("gathering", "replying", "before"))

    def read(self, told: Told, memory: Memory) -> Dating:
        """What is known of when an event took place that its own sentence does not date.

        Args:
            told: The event.
            memory: Of the text before.
        """
        if not self._is_past(told):
            return Dating()
        today = told.published
        last = memory.previous[1] if memory.previous else None
        fresh = last if last and today and timedelta(0) < today - last <= NEWS else None
        opening = told.reading.parts[told.reading.opening(told.number)]
        sentence = told.text[opening.clause.start : told.trigger.end]
        if self._before.search(sentence):
            return Dating(end=fresh or today)
        if told.status == "occurred" and (day := self._occasion(told, memory)):
            return Dating(day, day, "day")
        if fresh and told.speech and told.status == "occurred" and self._replying.search(sentence):
            return Dating(fresh, today)
        return Dating(end=today)

    def _acts_for(self, entity: str, people: frozenset[str]) -> bool:
        """Whether it is one of the people, or the country or government a body among them belongs to."""
        country = self._country(entity)
        return entity in people or (country is not None and country in {self._country(other) for other in people})

    def _country(self, entity: str) -> str | None:
        known = None if entity.startswith("per/") else self._by_id.get(entity)
        return known.country if known else None

    def _occasion(self, told: Told, memory: Memory) -> date | None:
        """The day of the gathering at which somebody speaks, or of what he himself is told to have done just before."""
        if not told.speech and told.trigger.frame.type not in DECIDED:
            return None
        if any(word in told.text[told.part.clause.start : told.trigger.start] for word in self._sitting):
            return memory.gathering
        for back in range(told.number - 1, max(told.number - 1 - BACK, -1), -1):
            part = told.reading.parts[back]
            times = told.reading.masked.between(part.clause.start, part.clause.end, SYMBOLS["T"])
            if not times or self._planned.search(told.text, part.clause.start, part.clause.end):
                continue
            gathered = self._gathering.search(told.text, part.clause.start, part.clause.end) is not None
            names = (name.entity_id for noun in part.subjects for name in noun.names)
            acted = told.speech and any(self._acts_for(name, told.people) for name in names)
            if part.quoted or not (gathered or acted):
                return None
            day = self._day(told, *times[-1], within=NEWS if gathered else FRESH)
            memory.gathering = day if gathered else memory.gathering
            return day
        return None

    def _day(self, told: Told, spot: int, symbol: Symbol, *, within: timedelta) -> date | None:
        """The one day a time means, if it is not long before publication and not only when the report was written."""
        if not isinstance(symbol.value, TimeMatch) or self._written.match(told.text, spot + 1):
            return None
        value = resolve(symbol.value, Anchor(told.published), "past")
        day, today = value.date_start, told.published
        one = day is not None and today is not None and day == value.date_end and timedelta(0) <= today - day <= within
        return day if one else None

    def _is_past(self, told: Told) -> bool:
        """Whether what has no date of its own was over, or had failed, by the day of publication."""
        window = told.text[max(told.part.clause.start, told.trigger.start - self._stated) : told.trigger.start]
        if told.status == "unrealized":
            frame = told.trigger.frame
            return frame.statement or frame.status == "unrealized" or self._not_done.search(window) is not None
        return told.status == "occurred" and not self.goes_on(told)

    def goes_on(self, told: Told) -> bool:
        """Whether the words before the trigger say that it goes on, and none after it that it is done."""
        if told.speech or told.text.startswith(self._completed, told.trigger.end):
            return False
        clause = told.part.clause
        low, high = told.trigger.start - self._stated, told.trigger.end + self._stated // 2
        before = self._goes_on.search(told.text, max(clause.start, low), told.trigger.end)
        after = self._still.search(told.text, told.trigger.end, min(clause.end, high))
        return before is not None or after is not None
