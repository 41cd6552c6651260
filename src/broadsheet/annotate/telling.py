"""What a clause tells of an event, and what is remembered from clause to clause."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from broadsheet.annotate.model import FieldName, Status
from broadsheet.annotate.phrases import Name, Noun
from broadsheet.document import Span


@dataclass(frozen=True, slots=True)
class Unit:
    """A title or paragraph ready to be read: folded text, names, and its offset in the field."""

    field: FieldName
    offset: int
    text: str
    names: tuple[Name, ...]
    headline: bool = False


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
        at_once: It says that it followed at once on what was told before.
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
        pair: Parties of the last event that takes two: whom 双方 means.
        other: Last person who was named without being the subject: whom 与他 means.
        earlier: The person who was the subject before `person`.
        body: Last country or body that was a subject: whom 该组织 means.
        day: Day of the first event told with one: what 昨天 in a quotation is counted from.
        previous: Bounds of the date told last: what 当天 and 前一天 are counted from.
    """

    subject: Noun | None = None
    person: str | None = None
    speaker: str | None = None
    pair: tuple[str, ...] = ()
    previous: tuple[date | None, date | None] | None = None
    other: str | None = None
    earlier: str | None = None
    body: str | None = None
    day: date | None = None

    def remember(self, subjects: Sequence[Noun], nouns: Sequence[Noun]) -> None:
        """Take note of the subjects of a clause and of the other people it names."""
        others = [name for noun in nouns if noun.preposition for name in noun.names if name.type == "person"]
        self.other = others[-1].entity_id if others else self.other
        named = [noun for noun in subjects if noun.names and noun.kind in {"person", "group"}]
        if named:
            self.subject = named[0]
            people = [name for noun in named for name in noun.names if name.type == "person"]
            if people and people[0].entity_id != self.person:
                self.earlier, self.person = self.person, people[0].entity_id
            bodies = [name for noun in named for name in noun.names if name.type != "person"]
            self.body = bodies[0].entity_id if bodies else self.body
