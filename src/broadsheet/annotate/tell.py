"""Event frames: which clause tells which event, with whom, when, where, and whether it took place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from broadsheet.annotate.actors import ActorReader
from broadsheet.annotate.circumstances import CircumstanceReader
from broadsheet.annotate.clauses import Functions
from broadsheet.annotate.pack import Frame, Pack
from broadsheet.annotate.phrases import SYMBOLS, Noun
from broadsheet.annotate.reading import Part, Reader, Reading, Trigger
from broadsheet.annotate.telling import Discourse, Telling, Unit
from broadsheet.annotate.times import Anchor
from broadsheet.document import Span
from broadsheet.kinds import CONTACTS, SPEECH

# How many clauses back a sentence is remembered: the cost stays linear where sentences do not end.
REACH = 12
URGING = frozenset({"accusation", "demand"})


class Teller:
    """Reads the clauses of an article with the frames of one pack."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._reader = Reader(pack)
        self._actors = ActorReader(pack)
        self._circumstances = CircumstanceReader(pack)
        self._quotes = f" {pack.grammar['quote_open']}{pack.grammar['quote_close']}"
        self._dropped = pack.grammar.get("syntax", {}).get("subject") != "stated"
        self._anaphors = frozenset(["", *pack.grammar["anaphors"]])

    def tell(self, units: Sequence[Unit], published: date | None) -> list[Telling]:
        """All tellings, the body's first, then the title's (which leans on what the body says).

        Args:
            units: Title and paragraphs of one article.
            published: Its day, which relative times are counted from; None if unknown.
        """
        found: list[Telling] = []
        state = Discourse()
        for unit in sorted(units, key=lambda unit: unit.field == "title"):
            own = Discourse(pair=_first_pair(found)) if unit.headline else state
            found.extend(self._unit(unit, own, published))
        return found

    def _unit(self, unit: Unit, state: Discourse, published: date | None) -> Iterator[Telling]:
        reading = self._reader.read(unit)
        if not unit.text.startswith(tuple(self.pack.grammar["quote_open"])):
            state.speaker = None
        for number, part in enumerate(reading.parts):
            if number and part.first and not part.quoted:
                state.speaker = None
            for trigger in part.triggers:
                if not part.quoted:
                    state.remember([noun for noun in part.subjects if noun.end <= trigger.start], ())
                telling = self._telling(reading, number, trigger, state, published)
                if telling:
                    yield telling
            if not part.quoted:
                state.remember(part.subjects, part.nouns)

    def _telling(
        self, reading: Reading, number: int, trigger: Trigger, state: Discourse, published: date | None
    ) -> Telling | None:
        part, frame, masked = reading.parts[number], trigger.frame, reading.masked
        if self._contained(part.triggers, trigger):
            return None
        since = max((t.end for t in part.triggers if t.end <= trigger.start and t.frame.type == frame.type), default=0)
        later = [t.start for t in part.triggers if t.start >= trigger.end]
        until = min(later) if later and self._reader.clauses.complements_follow else None
        told = self._reader.clauses.functions(
            masked, part.nouns, (trigger.start, trigger.end), frame.noun, since=since, until=until
        )
        if told.subject is None and frame.statement and self._inverted(reading, number, trigger, told):
            told = replace(told, subject=told.object, object=None)
        own = told.subject
        if own is None and frame.statement and self._quoted_body(part, trigger):
            return None
        if own is None and self._spoken_by_unnamed(reading, part, trigger):
            return None
        named = told.unnamed or (told.between is not None and self._reader.clauses.complements_follow)
        urged = self._urged(part, trigger)
        if urged and (own is None or own.end <= urged.start):
            own = self._addressed(part, urged, trigger)
            told = replace(told, subject=own)
        elif own is None and not named and not self._anaphoric(reading, part, trigger, told):
            subject, partners = self._inherited(reading, number, trigger, state)
            told = replace(told, subject=subject, partners=told.partners or partners)
        participants = self._actors.participants(frame, told, state, published)
        if state.speaker and frame.type in SPEECH:
            participants = self._actors.as_spoken(participants, state.speaker)
        if not {frame.roles.get(need) for need in frame.needs} <= {role for _, role in participants}:
            return None
        status = self._circumstances.status(reading, number, trigger)
        anchor = Anchor(published, quoted=state.day if part.quoted else None, previous=state.previous)
        dated = self._circumstances.when(reading, number, trigger, status, anchor) if frame.bounded else None
        spot, value = dated if dated else (None, None)
        if status == "occurred" and value and value.date_start and published and value.date_start > published:
            status = "scheduled"
        speaker = state.speaker
        people = tuple(entity for entity, _ in participants)
        self._remember(frame, participants, people, state)
        bounds: tuple[date | None, date | None] = (None, None)
        if value:
            bounds = state.previous = (value.date_start, value.date_end)
            if state.day is None and status == "occurred" and bounds[0] == bounds[1]:
                state.day = bounds[0]
        elif status == "occurred" and frame.bounded:
            bounds = (None, published)
        enough = self._actors.complete(people, frame)
        begins = [own.start if own and own.start < trigger.start else part.clause.start]
        begins += [spot] if spot is not None and spot >= part.clause.start else []
        span = self._span(reading, min(begins), max(part.clause.end, trigger.end))
        # A trigger of no width (the colon after a speaker) is shown by what stands before it.
        shown = trigger.start if trigger.end > trigger.start else trigger.start - 1
        clause = masked.text[part.clause.start : part.clause.end]
        sentence = self._sentence(reading, number)
        return Telling(
            field=reading.unit.field,
            start=span.start,
            end=span.end,
            trigger=self._span(reading, shown, max(trigger.end, shown + 1)),
            type=frame.otherwise if frame.otherwise and not enough else frame.type,
            rule=frame.id,
            status=status,
            participants=participants,
            date_start=bounds[0],
            date_end=bounds[1],
            date_precision=value.precision if value else "none",
            date_text=self._span(reading, spot, spot + 1) if spot is not None else None,
            dated=value is not None,
            place_id=self._circumstances.place(frame, told),
            duration_minutes=self._circumstances.duration(reading, number, frame),
            speaker_id=None if frame.statement and speaker in people else speaker,
            complete=enough or bool(frame.otherwise and people),
            refers=frame.refers,
            ongoing=not frame.bounded,
            headline=reading.unit.headline,
            at_event=any(word in clause for word in self.pack.grammar["at_event"]),
            after_event=any(word in sentence for word in self.pack.grammar["after_event"]),
            at_once=any(word in sentence for word in self.pack.grammar["at_once"]),
        )

    def _urged(self, part: Part, trigger: Trigger) -> Trigger | None:
        """The words that blame somebody for the act, or urge it: who says them is not who acts."""
        urging = (t for t in part.triggers if t.end <= trigger.start and t.frame.type in URGING)
        return max(urging, key=lambda t: t.end, default=None) if trigger.frame.own else None

    def _addressed(self, part: Part, urged: Trigger, trigger: Trigger) -> Noun | None:
        between = (n for n in part.nouns if urged.start <= n.start and n.end <= trigger.start and not n.possessive)
        return next((n for n in between if n.names and n.preposition in {None, "to"}), None)

    def _quoted_body(self, part: Part, trigger: Trigger) -> bool:
        """Whether a body that is only quoted (a newspaper) speaks: nobody else does."""
        free = (n for n in part.nouns if n.end <= trigger.start and n.preposition is None and not n.possessive)
        return any(n.names and n.names[-1].type == "organization" for n in free)

    def _sentence(self, reading: Reading, number: int) -> str:
        """The sentence up to the end of a clause."""
        first = number
        while not reading.parts[first].first and number - first < REACH:
            first -= 1
        return reading.masked.text[reading.parts[first].clause.start : reading.parts[number].clause.end]

    def _span(self, reading: Reading, start: int, end: int) -> Span:
        """A range of the masked text as a range of the field."""
        low, high = reading.masked.source(start, end)
        return Span(reading.unit.offset + low, reading.unit.offset + high)

    def _contained(self, triggers: Iterable[Trigger], trigger: Trigger) -> bool:
        """Whether another event of the clause already says it: 邀请 … 访问 is an invitation, 出席 … 峰会 a summit."""
        if trigger.frame.refers and any(t.frame.collective and t.start >= trigger.end for t in triggers):
            return True
        containers = self.pack.grammar["contained"].get(trigger.frame.type, ())
        return any(other.frame.type in containers for other in triggers if other.end <= trigger.start)

    def _remember(
        self, frame: Frame, participants: Sequence[tuple[str, str]], people: tuple[str, ...], state: Discourse
    ) -> None:
        speaking = [entity for entity, role in participants if role == "initiator"]
        if frame.statement and speaking:
            state.speaker = speaking[0]
        if len(people) >= 2 and self.pack.types[frame.type].mutual:
            state.pair = people

    def _inverted(self, reading: Reading, number: int, trigger: Trigger, told: Functions) -> bool:
        """Whether a verb of speech opens its clause and its subject follows: "...", said X."""
        part, text = reading.parts[number], reading.masked.text
        head = text[part.clause.start : trigger.start].strip()
        if not self._reader.clauses.complements_follow or told.object is None or head.strip(self._quotes):
            return False
        # Otherwise the object is the subject of what is said: Lavrov, the minister, said Russia would not.
        ends = told.object.end >= part.clause.end or reading.masked.text[told.object.end :].lstrip()[:1] == SYMBOLS["T"]
        return bool(head) or ends or not any(p.subjects for p in _sentence_before(reading, number))

    def _spoken_by_unnamed(self, reading: Reading, part: Part, trigger: Trigger) -> bool:
        """Whether a verb of speech follows a quotation, and its subject, which must come next, has no known name."""
        head = reading.masked.text[part.clause.start : trigger.start].strip()
        follows = self._reader.clauses.complements_follow and trigger.frame.statement
        return follows and head != "" and not head.strip(self._quotes)

    def _anaphoric(self, reading: Reading, part: Part, trigger: Trigger, told: Functions) -> bool:
        """Whether an event named as a thing at the head of its clause (通话持续了…) is one told before."""
        head = reading.masked.text[part.clause.start : trigger.start].strip()
        return trigger.frame.noun and told.object is None and head in self._anaphors

    def _inherited(
        self, reading: Reading, number: int, trigger: Trigger, state: Discourse
    ) -> tuple[Noun | None, tuple[Noun, ...]]:
        """The subject of the clauses before, of the clause after a mere "when", or of the sentence before.

        What takes two also inherits with whom: A met B, and signed a treaty.
        """
        part, frame = reading.parts[number], trigger.frame
        # What somebody goes on to say, he says, whoever the clauses between are about.
        spoken = state.speaker is not None and frame.type in SPEECH
        for back in range(number - 1, -1, -1):
            other = reading.parts[back]
            if other.clause.sentence != part.clause.sentence:
                break
            content = spoken and other.subjects and not any(t.frame.statement for t in other.triggers)
            if other.subjects and not content:
                mutual = self.pack.types[frame.type].mutual
                return other.subjects[0], tuple(n for n in other.nouns if mutual and n.preposition == "with")
        following = reading.parts[number + 1] if number + 1 < len(reading.parts) else None
        leads = self._reader.clauses.subordinate(reading.masked, part.clause)
        if leads and following and not following.first and following.subjects:
            return following.subjects[0], ()
        return (None if frame.noun or frame.own or not self._dropped else state.subject), ()


def _sentence_before(reading: Reading, number: int) -> Iterator[Part]:
    """The clauses of the sentence before one of them, the nearest first; no more than are remembered."""
    for back in range(number - 1, max(number - 1 - REACH, -1), -1):
        if reading.parts[back].clause.sentence != reading.parts[number].clause.sentence:
            return
        yield reading.parts[back]


def _first_pair(tellings: Iterable[Telling]) -> tuple[str, ...]:
    """The parties of the first event that takes two: whom a headline means by both sides."""
    for telling in tellings:
        if telling.complete and len(telling.participants) >= 2 and telling.type in CONTACTS:
            return tuple(entity for entity, _ in telling.participants)
    return ()
