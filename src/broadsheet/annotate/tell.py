"""Event frames: which clause tells which event, with whom, when, where, and whether it took place."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from broadsheet.annotate.clauses import Clause, ClauseReader, Functions
from broadsheet.annotate.model import FieldName, Status
from broadsheet.annotate.pack import Frame, Pack
from broadsheet.annotate.phrases import OF_TYPE, SYMBOLS, Masked, Name, Noun, PhraseReader, Symbol
from broadsheet.annotate.times import Anchor, TimeMatch, TimeValue, resolve

CONTACTS = frozenset({"call", "meeting", "summit", "talks"})
NAMES = frozenset(OF_TYPE.values())
STATUS_REACH = 16
SHORTEST, LONGEST = 2, 2 * 24 * 60


@dataclass(frozen=True, slots=True)
class Telling:
    """A clause that tells an event, before tellings of one event are joined.

    Attributes:
        field: `title` or `body`; offsets are of that field.
        complete: It names as many participants as its frame needs; else it points back to an event told before.
        dated: The text itself gives the date; else it is only bounded by the day of publication.
    """

    field: FieldName
    start: int
    end: int
    trigger: str
    type: str
    rule: str
    status: Status
    participants: tuple[tuple[str, str], ...]
    date_start: date | None
    date_end: date | None
    date_precision: str
    date_text: str | None
    dated: bool
    place_id: str | None
    duration_minutes: int | None
    speaker_id: str | None
    complete: bool
    refers: bool = False


@dataclass(slots=True)
class Discourse:
    """Who was spoken of last; carried from clause to clause."""

    subject: Noun | None = None
    person: str | None = None
    speaker: str | None = None
    pair: tuple[str, ...] = ()
    previous: tuple[date | None, date | None] | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A title or paragraph ready to be read: folded text, names, and its offset in the field."""

    field: FieldName
    offset: int
    text: str
    names: tuple[Name, ...]


@dataclass(slots=True)
class _Reading:
    """One unit while it is read."""

    unit: Unit
    masked: Masked
    nouns: list[Noun]
    clauses: list[Clause]
    triggers: dict[int, list[tuple[int, int, Frame]]] = field(default_factory=dict)


class Teller:
    """Reads the clauses of an article with the frames of one pack."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._phrases = PhraseReader(pack.grammar)
        self._clauses = ClauseReader(pack.grammar, pack.acts)

    def tell(self, units: Sequence[Unit], published: date | None) -> list[Telling]:
        """All tellings, the body's first, then the title's (which leans on what the body says)."""
        found: list[Telling] = []
        body = [unit for unit in units if unit.field == "body"]
        state = Discourse()
        for unit in [*body, *(unit for unit in units if unit.field == "title")]:
            if unit.field == "title":
                state = Discourse(pair=_first_pair(found))
            found.extend(self._read(unit, state, published))
        return found

    def _read(self, unit: Unit, state: Discourse, published: date | None) -> Iterable[Telling]:
        masked = Masked(unit.text, self._symbols(unit))
        reading = _Reading(unit, masked, self._phrases.nouns(masked), self._clauses.clauses(masked))
        for number, clause in enumerate(reading.clauses):
            reading.triggers[number] = self._triggers(masked, clause)
        if not unit.text.startswith(tuple(self.pack.grammar["quote_open"])):
            state.speaker = None
        for number, clause in enumerate(reading.clauses):
            if number and reading.clauses[number - 1].sentence != clause.sentence:
                state.speaker = state.speaker if self._in_quote(masked.text, clause.start) else None
            subjects = self._clauses.subjects(masked, reading.nouns, clause)
            for trigger in reading.triggers[number]:
                _remember([noun for noun in subjects if noun.end <= trigger[0]], state)
                telling = self._telling(reading, number, trigger, state, published)
                if telling:
                    yield telling
            if self._in_quote(masked.text, clause.start):
                continue
            _remember(subjects, state)

    def _symbols(self, unit: Unit) -> list[Symbol]:
        taken = [Symbol(n.start, n.end, OF_TYPE[n.type], n) for n in unit.names]
        times = self.pack.times.find(unit.text)
        taken += _free(taken, (Symbol(m.start, m.end, _time_symbol(m), m) for m in times))
        offices = self.pack.office.finditer(unit.text)
        taken += _free(taken, (Symbol(m.start(), m.end(), SYMBOLS["R"], m.group()) for m in offices))
        return sorted(taken, key=lambda s: s.start)

    def _triggers(self, masked: Masked, clause: Clause) -> list[tuple[int, int, Frame]]:
        found = [
            (match.start(), match.end(), frame)
            for frame in self.pack.frames
            for match in frame.trigger.finditer(masked.text, clause.start, min(clause.end + 1, len(masked.text)))
            if match.start() <= clause.end
        ]
        # The longest trigger wins; of equals the frame that stands first in the pack.
        chosen: list[tuple[int, int, Frame]] = []
        for start, end, frame in sorted(found, key=lambda t: -(t[1] - t[0])):
            if all(end <= a or start >= b for a, b, _ in chosen):
                chosen.append((start, end, frame))
        return sorted(chosen, key=lambda t: (t[0], t[1]))

    def _in_quote(self, text: str, position: int) -> bool:
        opened = max(text.rfind(mark, 0, position) for mark in self.pack.grammar["quote_open"])
        closed = max(text.rfind(mark, 0, position) for mark in self.pack.grammar["quote_close"])
        return opened >= 0 and opened >= closed

    def _telling(
        self,
        reading: _Reading,
        number: int,
        trigger: tuple[int, int, Frame],
        state: Discourse,
        published: date | None,
    ) -> Telling | None:
        start, end, frame = trigger
        masked, clause = reading.masked, reading.clauses[number]
        containers = self.pack.grammar["contained"].get(frame.type, ())
        if any(other.type in containers for _, stop, other in reading.triggers[number] if stop <= start):
            return None
        told = self._clauses.functions(masked, reading.nouns, clause, (start, end), frame.noun)
        subject = told.subject or self._inherited(reading, number, state, frame)
        told = replace(told, subject=subject)
        participants = self._participants(frame, told, state, published)
        roles = {role for _, role in participants}
        if any(not self._filled(need, told, frame, roles) for need in frame.needs):
            return None
        status = self._status(reading, number, trigger)
        when, value = self._when(reading, number, start, status, state, published)
        if status == "occurred" and value and value.date_start and published and value.date_start > published:
            status = "scheduled"
        speaker = state.speaker
        if frame.statement and participants:
            speaking = [entity for entity, role in participants if role == "initiator"]
            state.speaker = speaking[0] if speaking else state.speaker
        people = tuple(entity for entity, role in participants if role in {"participant", "initiator", "target"})
        if len(people) >= 2 and self.pack.types[frame.type].mutual and frame.actors >= 2:
            state.pair = people
        bounds = (value.date_start, value.date_end) if value else (None, None)
        if value:
            state.previous = bounds
        dated = bounds != (None, None)
        if not dated and status == "occurred" and published and frame.bounded:
            bounds = (None, published)
        first = told.subject.start if told.subject and clause.start <= told.subject.start < start else clause.start
        when_in = when is not None and clause.start <= when < first
        a, b = masked.source(when if when_in and when is not None else first, max(clause.end, end))
        offset = reading.unit.offset
        t0, t1 = masked.source(start, end) if end > start else masked.source(start - 1, start)
        enough = self._complete(people, frame)
        return Telling(
            field=reading.unit.field,
            start=offset + a,
            end=offset + b,
            trigger=reading.unit.text[t0:t1],
            type=frame.type if enough or not frame.otherwise else frame.otherwise,
            rule=frame.id,
            status=status,
            participants=participants,
            date_start=bounds[0],
            date_end=bounds[1],
            date_precision=value.precision if value and dated else "none",
            date_text=value.text if value and dated else None,
            dated=dated,
            place_id=self._place(frame, told),
            duration_minutes=self._duration(masked, clause, frame),
            speaker_id=speaker if speaker not in people or not frame.statement else None,
            complete=enough or bool(frame.otherwise and people),
            refers=frame.refers,
        )

    def _complete(self, people: Sequence[str], frame: Frame) -> bool:
        """Whether enough take part; a body or a region is many by itself."""
        if frame.refers:
            return False
        many = frame.collective and any(self.pack.collective(entity) for entity in people)
        return many or len(people) >= frame.actors

    def _filled(self, need: str, told: Functions, frame: Frame, roles: set[str]) -> bool:
        return frame.roles.get(need) in roles

    def _inherited(self, reading: _Reading, number: int, state: Discourse, frame: Frame) -> Noun | None:
        """The subject of the clauses before, of the clause after a mere "when", or of the sentence before."""
        clause, masked = reading.clauses[number], reading.masked
        for other in reversed(reading.clauses[:number]):
            if other.sentence != clause.sentence:
                break
            found = self._clauses.subjects(masked, reading.nouns, other)
            if found:
                return found[0]
        if self._clauses.subordinate(masked, clause) and number + 1 < len(reading.clauses):
            found = self._clauses.subjects(masked, reading.nouns, reading.clauses[number + 1])
            if found and reading.clauses[number + 1].sentence == clause.sentence:
                return found[0]
        return None if frame.noun else state.subject

    def _participants(
        self, frame: Frame, told: Functions, state: Discourse, published: date | None
    ) -> tuple[tuple[str, str], ...]:
        functions: dict[str, Iterable[Noun | None]] = {
            "subject": (told.subject,),
            "with": told.partners,
            "to": told.addressees,
            "by": told.agents,
            "object": (told.object,),
            "compound": (told.compound,),
            "between": (told.between,),
        }
        found: dict[str, str] = {}
        for function, role in frame.roles.items():
            for noun in functions.get(function, ()):
                if noun is None:
                    continue
                for entity in self._actors(noun, state, published):
                    found.setdefault(entity, role)
                if frame.statement and function == "subject" and noun.kind == "person":
                    for name in noun.affiliations[-1:]:
                        if name.type == "organization" and self.pack.speaks_for(noun.offices):
                            found.setdefault(name.entity_id, "participant")
        return tuple(found.items())

    def _actors(self, noun: Noun, state: Discourse, published: date | None) -> tuple[str, ...]:
        if noun.kind == "he":
            return (state.person,) if state.person else ()
        if noun.kind == "pair":
            return state.pair
        if noun.kind in {"speaker", "we"}:
            return (state.speaker,) if state.speaker else ()
        if noun.kind == "office":
            return self._holders(noun, state, published)
        return tuple(n.entity_id for n in noun.names if self.pack.acts(n.entity_id))

    def _holders(self, noun: Noun, state: Discourse, published: date | None) -> tuple[str, ...]:
        """Who held the office on the day of publication, else the country or body it belongs to."""
        named = tuple(n.entity_id for n in noun.names if self.pack.acts(n.entity_id))
        if len(named) == 1 and noun.offices:
            holder = self.pack.holder(noun.offices[-1], named[0], published)
            return (holder,) if holder else named
        if not named and noun.offices and state.person and self.pack.held(noun.offices[-1], state.person):
            return (state.person,)
        return named

    def _status(self, reading: _Reading, number: int, trigger: tuple[int, int, Frame]) -> Status:
        start, end, frame = trigger
        text, clause = reading.masked.text, reading.clauses[number]
        if frame.status:
            return frame.status
        earlier = [stop for _, stop, other in reading.triggers[number] if stop <= start and other.statement]
        low = max(clause.start, start - STATUS_REACH, *earlier, 0)
        window = text[low:start]
        if frame.statement:
            return "unrealized" if window.endswith(self.pack.denials) else "occurred"
        if text.startswith(tuple(self.pack.grammar["presupposed"]), end):
            return "occurred"
        unreal = max((m.end() for m in self.pack.unreal.finditer(window)), default=-1)
        planned = max((m.end() for m in self.pack.planned.finditer(window) if not _marks_object(m, text, low)), default=-1)
        if unreal < 0 and planned < 0:
            return "occurred"
        return "unrealized" if unreal >= planned else "scheduled"

    def _when(
        self, reading: _Reading, number: int, start: int, status: Status, state: Discourse, published: date | None
    ) -> tuple[int | None, TimeValue | None]:
        """The time in the clause, nearest before the trigger, else after it, else in a bare clause before."""
        masked, clause = reading.masked, reading.clauses[number]
        spots = masked.between(clause.start, clause.end, SYMBOLS["T"])
        before = [pair for pair in spots if pair[0] < start]
        order = [*reversed(before), *(pair for pair in spots if pair[0] >= start)]
        for back in range(number - 1, -1, -1):
            other = reading.clauses[back]
            if other.sentence != clause.sentence or reading.triggers[back]:
                break
            order += reversed(masked.between(other.start, other.end, SYMBOLS["T"]))
        anchor = Anchor(published=published, previous=state.previous)
        for spot, symbol in order:
            if isinstance(symbol.value, TimeMatch) and not self._dates_other(masked.text, spot):
                value = resolve(symbol.value, anchor, "future" if status == "scheduled" else "past")
                if spot >= start and value.basis == "previous":
                    continue
                if value.date_start or value.date_end:
                    return spot, value
        return None, None

    def _dates_other(self, text: str, spot: int) -> bool:
        following = text[spot + 1 : spot + 7]
        return any(word in following for word in self.pack.grammar["not_dating"])

    def _place(self, frame: Frame, told: Functions) -> str | None:
        if frame.place == "object" and told.object:
            places = [n.entity_id for n in told.object.names if n.type == "place"]
            return places[0] if places else None
        for noun in reversed(told.places):
            for name in reversed(noun.names):
                if name.type == "place":
                    return name.entity_id
        return None

    def _duration(self, masked: Masked, clause: Clause, frame: Frame) -> int | None:
        if not self.pack.types[frame.type].mutual:
            return None
        for _, symbol in masked.between(clause.start, clause.end, SYMBOLS["D"]):
            if isinstance(symbol.value, TimeMatch):
                minutes = resolve(symbol.value, Anchor(), None).minutes
                if minutes and SHORTEST <= minutes <= LONGEST:
                    return minutes
        return None


def _remember(subjects: Sequence[Noun], state: Discourse) -> None:
    named = [noun for noun in subjects if noun.names and noun.kind in {"person", "group"}]
    if named:
        state.subject = named[0]
        people = [n for noun in named for n in noun.names if n.type == "person"]
        state.person = people[0].entity_id if people else state.person


def _first_pair(tellings: Iterable[Telling]) -> tuple[str, ...]:
    """The parties of the first event that takes two: whom a headline means by both sides."""
    for telling in tellings:
        if telling.complete and len(telling.participants) >= 2 and telling.type in CONTACTS:
            return tuple(entity for entity, _ in telling.participants)
    return ()


def _marks_object(match: re.Match[str], text: str, low: int) -> bool:
    """One character right before a name marks an object (将 + name), it is no future."""
    return match.end() - match.start() == 1 and text[low + match.end()] in NAMES


def _time_symbol(match: TimeMatch) -> str:
    return SYMBOLS["D"] if match.kind == "duration" else SYMBOLS["T"]


def _free(taken: Sequence[Symbol], wanted: Iterable[Symbol]) -> list[Symbol]:
    used = {spot for symbol in taken for spot in range(symbol.start, symbol.end)}
    return [s for s in wanted if used.isdisjoint(range(s.start, s.end))]
