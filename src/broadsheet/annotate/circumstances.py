"""When, where, how long, and whether: what surrounds the trigger in its clause."""

import re
from itertools import islice

from broadsheet.annotate.clauses import Functions
from broadsheet.annotate.model import Status
from broadsheet.annotate.pack import Frame, Pack
from broadsheet.annotate.phrases import OF_TYPE, SYMBOLS, Symbol
from broadsheet.annotate.reading import Reading, Trigger
from broadsheet.annotate.times import Anchor, TimeMatch, TimeValue, resolve
from broadsheet.kinds import SPEECH

NAMES = frozenset(OF_TYPE.values())
STATUS_REACH = 16
FOLLOWING = 4
DATING_REACH = 6
# A time that modifies a noun (today's exercise) dates what is said only if that noun is the speech itself.
ATTRIBUTE_REACH = 9
# Stretches that say how rare or how new an event is (the first in five years), not when it took place.
SPANNING = frozenset({"until-now", "window"})
# How far before the subject a word may stand that says the event is only supposed (if, unlikely that).
LEADING = 16
# How far after a verb of speech its own time may stand.
ATTACHED = 10
SHORTEST, LONGEST = 2, 2 * 24 * 60


class CircumstanceReader:
    """Reads status, time, place and duration with the words of one pack."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._presupposed = tuple(pack.grammar["presupposed"])
        self._cancelled = tuple(pack.grammar["cancelled"])
        self._undating = tuple(pack.grammar.get("undating", ()))
        self._follow = pack.grammar.get("syntax", {}).get("complements") == "after"

    def status(self, reading: Reading, number: int, trigger: Trigger) -> Status:
        """Whether the event took place, is planned, or was refused, denied or only supposed."""
        text, part = reading.masked.text, reading.parts[number]
        if trigger.frame.status:
            return trigger.frame.status
        spoken = [t.end for t in part.triggers if t.end <= trigger.start and t.frame.statement]
        low = max(part.clause.start, trigger.start - STATUS_REACH * self.pack.writing.stretch, *spoken, 0)
        if not part.subjects and number and not part.first and not self._follow:
            # The clause goes on with the subject of the one before, and with its 将 or 没有.
            before = reading.parts[number - 1]
            low = max(before.clause.start, *(t.end for t in before.triggers), 0) if low == part.clause.start else low
        if self._follow:
            subjects = [
                n.start for n in part.nouns if n.end <= trigger.start and not n.preposition and not n.possessive
            ]
            low = max(low, subjects[-1] - LEADING) if subjects else low
        window = text[low : trigger.start]
        if trigger.frame.statement:
            return "unrealized" if window.endswith(self.pack.denials) else "occurred"
        if text.startswith(self._presupposed, trigger.end):
            return "occurred"
        unreal = max((match.end() for match in self.pack.unreal.finditer(window)), default=-1)
        future = (match for match in self.pack.planned.finditer(window) if not _marks_object(match, text, low))
        planned = max((match.end() for match in future), default=-1)
        if unreal < 0 and planned < 0:
            return "occurred"
        if unreal >= planned:
            return "unrealized"
        rest = self._rest(reading, number, trigger)
        return "unrealized" if any(word in rest for word in self._cancelled) else "scheduled"

    def _rest(self, reading: Reading, number: int, trigger: Trigger) -> str:
        """What follows the trigger in its sentence, up to the next event."""
        end = reading.parts[number].clause.end
        for part in islice(reading.parts, number + 1, number + 1 + FOLLOWING):
            if part.first or part.triggers:
                break
            end = part.clause.end
        return reading.masked.text[trigger.end : end]

    def when(
        self, reading: Reading, number: int, trigger: Trigger, status: Status, anchor: Anchor
    ) -> tuple[int, TimeValue] | None:
        """Position and value of the time: nearest before the trigger, else after it, else in a bare clause before."""
        for spot, symbol in self._times(reading, number, trigger):
            if not isinstance(symbol.value, TimeMatch) or self._dates_other(reading.masked.text, spot, trigger):
                continue
            if symbol.value.rule in SPANNING or symbol.value.boundary == "until_now":
                continue
            value = resolve(symbol.value, anchor, "future" if status == "scheduled" else "past")
            # After the trigger, "the day before" dates what comes next.
            if (value.date_start or value.date_end) and not (spot >= trigger.start and value.basis == "previous"):
                return spot, value
        return None

    def _times(self, reading: Reading, number: int, trigger: Trigger) -> list[tuple[int, Symbol]]:
        return (self._times_after if self._follow else self._times_before)(reading, number, trigger)

    def _times_after(self, reading: Reading, number: int, trigger: Trigger) -> list[tuple[int, Symbol]]:
        """Where complements follow: what follows up to the next trigger, then what opens the sentence."""
        masked, part = reading.masked, reading.parts[number]
        later = [t.start for t in part.triggers if t.start >= trigger.end]
        end = part.clause.end if not later else later[0]
        order = masked.between(trigger.start, end, SYMBOLS["T"])
        if trigger.frame.type in SPEECH:  # said on Monday dates the speech, said that on Monday does not
            order = [spot for spot in order if spot[0] - trigger.end <= ATTACHED]
            later = [trigger.end]
        for other in () if later else islice(reading.parts, number + 1, number + 1 + FOLLOWING):
            if other.first or other.triggers or other.subjects:
                break
            order += masked.between(other.clause.start, other.clause.end, SYMBOLS["T"])
        first = min(t.start for t in part.triggers)
        order += reversed(masked.between(part.clause.start, first, SYMBOLS["T"]))
        for back in range(number - 1, max(number - 1 - FOLLOWING, -1), -1):
            other = reading.parts[back]
            if other.clause.sentence != part.clause.sentence or other.triggers:
                break
            order += reversed(masked.between(other.clause.start, other.clause.end, SYMBOLS["T"]))
        return order

    def _times_before(self, reading: Reading, number: int, trigger: Trigger) -> list[tuple[int, Symbol]]:
        masked, part = reading.masked, reading.parts[number]
        spots = masked.between(part.clause.start, part.clause.end, SYMBOLS["T"])
        order = [*reversed([s for s in spots if s[0] < trigger.start])]
        if trigger.frame.type not in SPEECH:  # what stands after a verb of speech is what was said
            order += (s for s in spots if s[0] >= trigger.start)
        for back in range(number - 1, -1, -1):
            other = reading.parts[back]
            if other.clause.sentence != part.clause.sentence or other.triggers:
                break
            order += reversed(masked.between(other.clause.start, other.clause.end, SYMBOLS["T"]))
        return order

    def _dates_other(self, text: str, spot: int, trigger: Trigger) -> bool:
        if text[max(0, spot - DATING_REACH * self.pack.writing.stretch) : spot].rstrip().endswith(self._undating):
            return True
        end = spot + 1 + DATING_REACH
        of = self.pack.of
        if trigger.frame.statement and text.startswith(of, spot + 1) and trigger.start - spot > ATTRIBUTE_REACH:
            return True
        following = text[spot + 1 : min(end, trigger.start) if spot < trigger.start else end]
        return any(word in following for word in self.pack.grammar["not_dating"])

    def place(self, frame: Frame, told: Functions) -> str | None:
        """Id of the place named in the clause."""
        nouns = [told.object] if frame.place == "object" else [*reversed(told.places)]
        names = [name for noun in nouns if noun for name in reversed(noun.names) if name.type == "place"]
        return names[0].entity_id if names else None

    def duration(self, reading: Reading, number: int, frame: Frame) -> int | None:
        """Minutes, for events that last: a call, a meeting; also from the clause right after (会谈，历时…)."""
        if not self.pack.types[frame.type].mutual:
            return None
        clause = reading.parts[number].clause
        after = reading.parts[number + 1] if number + 1 < len(reading.parts) else None
        end = after.clause.end if after and not after.first and not after.triggers else clause.end
        for _, symbol in reading.masked.between(clause.start, end, SYMBOLS["D"]):
            if isinstance(symbol.value, TimeMatch) and symbol.value.rule != "within":
                minutes = resolve(symbol.value, Anchor(), None).minutes
                if minutes and SHORTEST <= minutes <= LONGEST:
                    return minutes
        return None


def _marks_object(match: re.Match[str], text: str, low: int) -> bool:
    """One character right before a name marks an object (将 + name), it is no future."""
    return match.end() - match.start() == 1 and text[low + match.end()] in NAMES
