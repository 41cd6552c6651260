"""What a clause tells of an event, and what is remembered from clause to clause."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from broadsheet.annotate.memory import Memory
from broadsheet.annotate.model import FieldName, Status
from broadsheet.annotate.phrases import Name, Noun
from broadsheet.document import Span

Voice = Literal["subject", "nobody", "stranger", "author", "office"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A title or paragraph ready to be read: folded text, names, and its offset in the field."""

    field: FieldName
    offset: int
    text: str
    names: tuple[Name, ...]
    headline: bool = False


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the words before a verb of speech say of its occasion.

    Attributes:
        media: Kinds of the pack's `occasions` (post, press, interview…).
        earlier: It was said before the occasion that is the news, or in private.
        another: It is said to be another one than that told before.
        aside: It is a courtesy that stands beside what was said.
        habit: It is said again and again, on no occasion.
    """

    media: frozenset[str] = frozenset()
    earlier: bool = False
    another: bool = False
    aside: bool = False
    habit: bool = False


UNSAID = Occasion()


@dataclass(frozen=True, slots=True)
class Telling:
    """A clause that tells an event, before tellings of one event are joined.

    Attributes:
        field: `title` or `body`; offsets are of that field.
        trigger: Where the words stand that tell it.
        date_text: Where the words stand that date it.
        complete: It names as many participants as its frame needs; else it points back to an event told before.
        dated: The text itself gives the date; else it is only bounded by the day of publication.
        refers: It only adds people to an event told before.
        headline: It stands in a title or subheading, which sums up what the text tells.
        at_event: It says that it took place at the event the article is about.
        after_event: It says that it took place when that event was over.
        ongoing: It names something that goes on (a war), not something that took place.
        prior: It took place before what its sentence, or the article as a whole, is about.
        at_once: It says that it followed at once on what was told before.
        occasion: Of an act of speech, where it says it was said.
        paragraph: Where its paragraph begins in the field.
        apart: Its frame tells events of its own kind only.
    """

    field: FieldName
    start: int
    end: int
    trigger: Span
    type: str
    rule: str
    status: Status
    participants: tuple[tuple[str, str], ...]
    date_start: date | None
    date_end: date | None
    date_precision: str
    date_text: Span | None
    dated: bool
    place_id: str | None
    duration_minutes: int | None
    speaker_id: str | None
    complete: bool
    refers: bool = False
    headline: bool = False
    at_event: bool = False
    after_event: bool = False
    at_once: bool = False
    ongoing: bool = False
    prior: bool = False
    occasion: Occasion = UNSAID
    paragraph: int = 0
    apart: bool = False

    def initiators(self) -> frozenset[str]:
        """Who acts of himself."""
        return frozenset(entity for entity, role in self.participants if role == "initiator")

    def targets(self) -> set[str]:
        """Whom it is done or said to."""
        return {entity for entity, role in self.participants if role == "target"}

    def speakers(self) -> set[str]:
        """Who speaks, and the body spoken for."""
        return {entity for entity, role in self.participants if role != "target"}


@dataclass(slots=True)
class Discourse:
    """Who and what was spoken of last.

    Attributes:
        subject: Last subject with a name.
        person: Last person who was a subject: whom 他 means.
        speaker: Who speaks in the sentence or quotation being read.
        together: Who was named together last: whom 两国 means if no two have met yet.
        pair: Parties of the last event that takes two: whom 双方 means.
        other: Last person who was named without being the subject: whom 与他 means.
        earlier: The person who was the subject before `person`.
        body: Last country or body that was a subject: whom 该组织 means.
        times: The dates told before.
        said: Who took part in the last act of speech: whose statement is meant by "the statement".
        talker: The person who spoke last, and `heard`, in which sentence: whom 他 before a verb of speech means.
        sentences: How many were read.
        here: Whether a subject was named in this paragraph.
        strange: The sentence in which somebody without a known name spoke last.
    """

    subject: Noun | None = None
    person: str | None = None
    speaker: str | None = None
    pair: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    other: str | None = None
    earlier: str | None = None
    body: str | None = None
    times: Memory = field(default_factory=Memory)
    said: tuple[tuple[str, str], ...] = ()
    talker: str | None = None
    heard: int = 0
    sentences: int = 0
    here: bool = False
    strange: int = -1

    def hear(self, people: Iterable[tuple[str, str]]) -> None:
        """Take note of who speaks."""
        self.said = tuple(people)
        voices = [entity for entity, role in self.said if role == "initiator"]
        self.talker = voices[0] if len(voices) == 1 and voices[0].startswith("per/") else None
        self.heard = self.sentences
        self.strange = -1

    def voiced(self, voice: Voice, own: Noun | None, *, quoted: bool) -> Voice:
        """Who speaks, after what was said before; takes note of strangers.

        Args:
            voice: What the clause says of it.
            own: The subject of its clause.
            quoted: The clause stands in a quotation.
        """
        if voice == "stranger" and not quoted:
            self.person = self.talker = None
            self.strange = self.sentences
        if voice in {"author", "office"}:
            body = any(voice == "author" or not entity.startswith("per/") for entity, _ in self.said)
            return voice if body else "nobody"
        if own is None and voice == "subject" and not quoted:
            # Whoever spoke last in the sentence goes on.
            if self.strange == self.sentences:
                return "stranger"
            return "author" if self.said and self.heard == self.sentences else voice
        if own is not None and own.kind == "he" and self.talker and self.sentences - self.heard <= 1:
            self.person = self.talker
        return voice

    def remember(self, subjects: Sequence[Noun], nouns: Sequence[Noun]) -> None:
        """Take note of the subjects of a clause and of the other people it names."""
        for noun in nouns:
            names = tuple(dict.fromkeys(name.entity_id for name in noun.names if name.type == noun.names[0].type))
            self.together = names if len(names) > 1 else self.together
        acting = {id(noun) for noun in subjects[:1]}
        rest = [noun for noun in nouns if id(noun) not in acting]
        others = [name for noun in rest for name in noun.names if name.type == "person"]
        self.other = others[-1].entity_id if others else self.other
        named = [noun for noun in subjects if noun.names and noun.kind in {"person", "group"}]
        if named:
            self.subject, self.here = named[0], True
            people = [name for noun in named for name in noun.names if name.type == "person"]
            if people and people[0].entity_id != self.person:
                self.earlier, self.person = self.person, people[0].entity_id
            bodies = [name for noun in named for name in noun.names if name.type != "person"]
            self.body = bodies[0].entity_id if bodies else self.body
