"""Event frames: which clause tells which event, with whom, when, where, and whether it took place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from broadsheet.annotate.actors import ActorReader, Participants
from broadsheet.annotate.acts import ActReader
from broadsheet.annotate.circumstances import CircumstanceReader
from broadsheet.annotate.clauses import Functions
from broadsheet.annotate.frames import Frame
from broadsheet.annotate.occasions import OccasionReader
from broadsheet.annotate.pack import Pack
from broadsheet.annotate.phrases import SYMBOLS, Noun
from broadsheet.annotate.reading import REMEMBERED, Part, Reader, Reading, Trigger
from broadsheet.annotate.speakers import SpeakerReader, speaks
from broadsheet.annotate.telling import UNSAID, Discourse, Telling, Unit, Voice
from broadsheet.annotate.told import Told
from broadsheet.annotate.when import TimeReader
from broadsheet.document import Span
from broadsheet.kinds import CONTACTS, SPEECH


class Teller:
    """Reads the clauses of an article with the frames of one pack."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._reader = Reader(pack)
        self._acts = ActReader(pack)
        self._actors = ActorReader(pack)
        self._circumstances = CircumstanceReader(pack)
        self._times = TimeReader(pack)
        self._occasions = OccasionReader(pack)
        self._speakers = SpeakerReader(pack)
        self._quotes = f" {pack.grammar['quote_open']}{pack.grammar['quote_close']}"
        self._dropped = pack.grammar.get("syntax", {}).get("subject") != "stated"

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
        state.here = False
        for number, part in enumerate(reading.parts):
            state.sentences += part.first
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
                state.body = self._actors.country_of(part.subjects, part.nouns) or state.body

    def _telling(
        self, reading: Reading, number: int, trigger: Trigger, state: Discourse, published: date | None
    ) -> Telling | None:
        part, frame, masked = reading.parts[number], trigger.frame, reading.masked
        if self._acts.told_elsewhere(masked.text, part, trigger):
            return None
        told = self._around(reading, number, trigger)
        own = told.subject
        if own is None and frame.statement and self._quoted_body(part, trigger):
            return None
        if own is None and self._spoken_by_unnamed(reading, part, trigger):
            return None
        voice: Voice = "subject"
        if speaks(frame) and not frame.press:
            own = self._speakers.subject(reading, number, own)
            voice = self._speakers.voice(reading, number, trigger, own, addressed=bool(told.addressees))
            voice = state.voiced(voice, own, quoted=part.quoted)
            if voice in {"nobody", "stranger"}:
                return None
        told = self._with_subject(reading, number, trigger, replace(told, subject=own), state, voice=voice)
        own = told.subject if told.subject is not None and told.subject in part.nouns else None
        participants = self._people(part, trigger, told, state, published, voice=voice)
        roles = {role for _, role in participants}
        needed = {frame.roles.get(need) for need in frame.needs}
        if not needed <= (roles | {"initiator"} if told.undergoes and "target" in roles else roles):
            if frame.statement and own is not None and own.kind in {"office", "group"} and not own.names:
                state.voiced("stranger", own, quoted=part.quoted)
            return None
        status = self._circumstances.status(reading, number, trigger)
        occasion = self._occasions.read(reading, number, trigger, participants) if speaks(frame) else UNSAID
        if status is None or occasion.habit:
            return None
        actors = frozenset(entity for entity, _ in participants)
        dated = self._times.read(Told(reading, number, trigger, status, actors, published), state.times)
        if status == "occurred" and dated.start and published and dated.start > published:
            status = "scheduled"
        speaker = state.speaker
        people = tuple(entity for entity, _ in participants)
        self._remember(frame, participants, people, state)
        enough = self._actors.complete(people, frame)
        begins = [own.start if own and own.start < trigger.start else part.clause.start]
        begins += [dated.spot] if dated.spot is not None and dated.spot >= part.clause.start else []
        span = self._span(reading, min(begins), max(part.clause.end, trigger.end))
        # A trigger of no width (the colon after a speaker) is shown by what stands before it.
        shown = trigger.start if trigger.end > trigger.start else trigger.start - 1
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
            date_start=dated.start,
            date_end=dated.end,
            date_precision=dated.precision,
            date_text=self._span(reading, dated.spot, dated.spot + 1) if dated.spot is not None else None,
            dated=dated.stated,
            place_id=self._circumstances.place(reading, trigger, told),
            duration_minutes=self._circumstances.duration(reading, number, frame),
            speaker_id=None if frame.statement and speaker in people else speaker,
            complete=enough or bool(frame.otherwise and people),
            refers=frame.refers,
            ongoing=not frame.bounded,
            prior=frame.prior,
            headline=reading.unit.headline,
            at_event=any(word in sentence for word in self.pack.grammar["at_event"]),
            after_event=any(word in sentence for word in self.pack.grammar["after_event"]),
            at_once=any(word in sentence for word in self.pack.grammar["at_once"]),
            occasion=occasion,
            paragraph=reading.unit.offset,
            apart=frame.apart,
        )

    def _around(self, reading: Reading, number: int, trigger: Trigger) -> Functions:
        """What the nouns of the clause are to the trigger."""
        part, frame, masked = reading.parts[number], trigger.frame, reading.masked
        since = max((t.end for t in part.triggers if t.end <= trigger.start and t.frame.type == frame.type), default=0)
        later = [t.start for t in part.triggers if t.start >= trigger.end]
        until = min(later) if later and self._reader.clauses.complements_follow else None
        told = self._reader.clauses.functions(
            masked, part.nouns, (trigger.start, trigger.end), frame.noun, since=since, until=until
        )
        if "at" in frame.roles and not told.places:
            told = replace(told, places=_scene(reading, number))
        if told.subject is None and frame.statement and self._inverted(reading, number, trigger, told):
            told = replace(told, subject=told.object, object=None)
        if frame.type == "other" and frame.noun and (whose := self._whose(masked.text, part, trigger)):
            told = replace(told, subject=whose)
        if frame.type == "statement":
            told = replace(told, undergoes=False)
        if frame.place == "object" and self._acts.describes(part, trigger, told):
            told = replace(told, subject=told.head)
        if self._acts.acted_on(masked.text, part, trigger, told.subject):
            others = [noun for noun in part.nouns if noun is not told.subject]
            at = (trigger.start, trigger.end)
            again = self._reader.clauses.functions(masked, others, at, frame.noun, since=since)
            told = replace(told, subject=again.subject)
        return told

    def _whose(self, text: str, part: Part, trigger: Trigger) -> Noun | None:
        """Whose death or disaster it is that somebody speaks of (对 X 的逝世表示哀悼)."""
        of = self.pack.grammar["of"]
        near = (n for n in part.nouns if n.possessive and n.preposition == "to" and n.names)
        return next((n for n in near if isinstance(of, str) and text[n.end : trigger.start] == of), None)

    def _with_subject(
        self, reading: Reading, number: int, trigger: Trigger, told: Functions, state: Discourse, *, voice: str
    ) -> Functions:
        """With the subject that clauses around it give, if its own has none."""
        part, frame, own = reading.parts[number], trigger.frame, told.subject
        named = told.unnamed or told.between is not None
        urged = self._acts.urged(part, trigger)
        if urged and (own is None or own.end <= urged.start):
            return replace(told, subject=self._acts.addressed(part, urged, trigger))
        if (
            own is None
            and frame.inherits
            and voice == "subject"
            and not named
            and not self._acts.named(reading, part, trigger, told)
        ):
            subject, partners = self._inherited(reading, number, trigger, state, told.head)
            told = replace(told, subject=subject, partners=told.partners or partners)
            if subject is not None and subject is told.object:
                told = replace(told, object=None)
        return told

    def _people(
        self, part: Part, trigger: Trigger, told: Functions, state: Discourse, published: date | None, *, voice: str
    ) -> Participants:
        """Who takes part, and who speaks."""
        frame = trigger.frame
        participants = self._actors.participants(frame, told, state, published)
        if frame.press:
            participants = self._press(part, trigger, state)
        if voice in {"author", "office"}:
            towards = ((entity, role) for entity, role in participants if role == "target")
            participants = tuple({**dict(towards), **dict(state.said)}.items())
        if state.speaker and frame.type in SPEECH:
            participants = self._actors.as_spoken(participants, state.speaker)
        return participants

    def _quoted_body(self, part: Part, trigger: Trigger) -> bool:
        """Whether a body that is only quoted (a newspaper) speaks: nobody else does."""
        free = (n for n in part.nouns if n.end <= trigger.start and n.preposition is None and not n.possessive)
        return any(n.names and n.names[-1].type == "organization" for n in free)

    def _press(self, part: Part, trigger: Trigger, state: Discourse) -> Participants:
        """The newspaper whose comment it is, or was: bodies that are only quoted act in nothing else."""
        before = [name for noun in part.nouns if noun.end <= trigger.start for name in noun.names]
        papers = [n.entity_id for n in before if n.type == "organization" and not self.pack.acts(n.entity_id)]
        goes_on = not papers and all(not self.pack.acts(entity) for entity, _ in state.said)
        return state.said if goes_on else tuple((paper, "initiator") for paper in papers[-1:])

    def _sentence(self, reading: Reading, number: int) -> str:
        """The sentence up to the end of a clause."""
        first = reading.parts[reading.opening(number)]
        return reading.masked.text[first.clause.start : reading.parts[number].clause.end]

    def _span(self, reading: Reading, start: int, end: int) -> Span:
        """A range of the masked text as a range of the field."""
        low, high = reading.masked.source(start, end)
        return Span(reading.unit.offset + low, reading.unit.offset + high)

    def _remember(
        self, frame: Frame, participants: Sequence[tuple[str, str]], people: tuple[str, ...], state: Discourse
    ) -> None:
        speaking = [entity for entity, role in participants if role == "initiator"]
        if (frame.statement or frame.press) and speaking:
            state.speaker = speaking[0]
            state.hear((entity, role) for entity, role in participants if role != "target")
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

    def _inherited(
        self, reading: Reading, number: int, trigger: Trigger, state: Discourse, head: Noun | None
    ) -> tuple[Noun | None, tuple[Noun, ...]]:
        """The subject of the clauses before, whom a relative clause describes, or the subject after or before it.

        What takes two also inherits with whom: A met B, and signed a treaty.
        """
        part, frame = reading.parts[number], trigger.frame
        if head is not None and self._reader.phrases.governed(reading.masked.text, trigger.start):
            return head, ()
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
        if head is not None:
            return head, ()
        following = reading.parts[number + 1] if number + 1 < len(reading.parts) else None
        leads = self._reader.clauses.subordinate(reading.masked, part.clause)
        if leads and following and not following.first and following.subjects:
            return following.subjects[0], ()
        # Who speaks is named again in another paragraph.
        gone = speaks(frame) and not state.here
        return (None if frame.noun or frame.own or gone or not self._dropped else state.subject), ()


def _sentence_before(reading: Reading, number: int) -> Iterator[Part]:
    """The clauses of the sentence before one of them, the nearest first; no more than are remembered."""
    for back in range(number - 1, max(number - 1 - REMEMBERED, -1), -1):
        if reading.parts[back].clause.sentence != reading.parts[number].clause.sentence:
            return
        yield reading.parts[back]


def _scene(reading: Reading, number: int) -> tuple[Noun, ...]:
    """The place named in a clause of its own before an event (in Sichuan, torrential rain …)."""
    for part in _sentence_before(reading, number):
        if part.triggers or part.subjects:
            break
        if places := tuple(noun for noun in part.nouns if noun.preposition == "at"):
            return places
    return ()


def _first_pair(tellings: Iterable[Telling]) -> tuple[str, ...]:
    """The parties of the first event that takes two: whom a headline means by both sides."""
    for telling in tellings:
        if telling.complete and len(telling.participants) >= 2 and telling.type in CONTACTS:
            return tuple(entity for entity, _ in telling.participants)
    return ()
