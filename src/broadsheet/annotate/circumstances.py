"""Where, how long, and whether: what surrounds the trigger in its clause."""

import re
from itertools import islice

from broadsheet.annotate.clauses import Clause, Functions
from broadsheet.annotate.frames import Frame
from broadsheet.annotate.model import Status
from broadsheet.annotate.pack import Pack
from broadsheet.annotate.phrases import OF_TYPE, SYMBOLS
from broadsheet.annotate.reading import Reading, Trigger
from broadsheet.annotate.times import Anchor, TimeMatch, resolve
from broadsheet.kinds import CONTACTS, SPEECH

NAMES = frozenset(OF_TYPE.values())
STATUS_REACH = 20
FOLLOWING = 4
# How far before the subject a word may stand that says the event is only supposed (if, unlikely that).
LEADING = 16
# What people want is told for meetings of theirs only; of a war or a law it is an attitude.
MEETING = CONTACTS - {"talks"} | {"visit", "invitation"}
SHORTEST, LONGEST = 2, 2 * 24 * 60


class CircumstanceReader:
    """Reads status, place and duration with the words of one pack."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._topics = (*pack.grammar["between"], *pack.grammar.get("topics", ()))
        self._done = re.compile(pack.grammar["status"].get("done") or "(?!)")
        self._presupposed = tuple(pack.grammar["presupposed"])
        self._cancelled = tuple(pack.grammar["cancelled"])
        self._follow = pack.grammar.get("syntax", {}).get("complements") == "after"

    def status(self, reading: Reading, number: int, trigger: Trigger) -> Status | None:
        """Whether the event took place, is planned, or was refused or only supposed; None if it is only wished."""
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
            return None if window.endswith(self.pack.denials) else "occurred"
        if text.startswith(self._presupposed, trigger.end):
            return "occurred"
        unreal = max((match.end() for match in self.pack.unreal.finditer(window)), default=-1)
        future = (
            match for match in self.pack.planned.finditer(window) if not _marks_object(match, text, low, self.pack.of)
        )
        planned = max((match.end() for match in future), default=-1)
        wished = max((match.end() for match in self.pack.wished.finditer(window)), default=-1)
        if wished > max(unreal, planned):
            return "unrealized" if trigger.frame.type in MEETING else None
        if unreal < 0 and planned < 0:
            return "scheduled" if self._goes_on(reading, number, trigger) else "occurred"
        if unreal >= planned:
            return "unrealized"
        rest = self._rest(reading, number, trigger)
        return "unrealized" if any(word in rest for word in self._cancelled) else "scheduled"

    def _goes_on(self, reading: Reading, number: int, trigger: Trigger) -> bool:
        """Whether the clause goes on with a plan of the one before: will visit Poland, and attend a summit."""
        part = reading.parts[number]
        own = any(noun.end <= part.triggers[0].start for noun in part.subjects)
        if self._follow or not number or part.first or own or not trigger.frame.bounded:
            return False
        text, before = reading.masked.text, reading.parts[number - 1].clause
        if self._done.search(text, part.clause.start, part.clause.end) or self._done.search(text, *_range(before)):
            return False
        return self.pack.going.search(text, *_range(before)) is not None

    def _rest(self, reading: Reading, number: int, trigger: Trigger) -> str:
        """What follows the trigger in its sentence, up to the next event."""
        end = reading.parts[number].clause.end
        for part in islice(reading.parts, number + 1, number + 1 + FOLLOWING):
            if part.first or part.triggers:
                break
            end = part.clause.end
        return reading.masked.text[trigger.end : end]

    def place(self, reading: Reading, trigger: Trigger, told: Functions) -> str | None:
        """Id of the place named in the clause; where something was said stands before the verb."""
        frame, text = trigger.frame, reading.masked.text
        nouns = [*reversed([n for n in told.places if n.end <= trigger.start])]
        nouns += [*reversed([n for n in told.places if n.end > trigger.start])]
        if frame.place == "object" and told.object is not None:
            nouns = [told.object]
        elif frame.place in {"to", "object"}:
            nouns = [*told.addressees, *nouns]
        elif frame.type in SPEECH and not self._follow:
            nouns = [n for n in nouns if n.preposition == "at" and not n.possessive and n.end <= trigger.start]
        nouns = [n for n in nouns if not text.startswith(self._topics, n.end)]
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


def _range(clause: Clause) -> tuple[int, int]:
    return clause.start, clause.end


def _marks_object(match: re.Match[str], text: str, low: int, of: tuple[str, ...]) -> bool:
    """One character right before a name, or a time that modifies a noun, marks an object (将 + name), no future."""
    after = low + match.end()
    named = text[after] in NAMES or (text[after] == SYMBOLS["T"] and text.startswith(of, after + 1))
    return match.end() - match.start() == 1 and named
