"""An event whose time is asked for, and what is found out about it."""

from dataclasses import dataclass
from datetime import date

from broadsheet.annotate.model import Status
from broadsheet.annotate.reading import Part, Reading, Trigger
from broadsheet.kinds import SPEECH


@dataclass(frozen=True, slots=True)
class Dating:
    """When a clause says its event took place.

    Attributes:
        start: First day; None if open or not said.
        end: Last day; None if open or not said.
        precision: Of the text; `none` without a date of its own.
        spot: Where in the masked text the words stand that date it.
        stated: The text itself gives the date; else it is only bounded by the day of publication.
    """

    start: date | None = None
    end: date | None = None
    precision: str = "none"
    spot: int | None = None
    stated: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """An event whose time is asked for.

    Attributes:
        reading: The unit.
        number: Of the trigger's clause.
        trigger: The words that tell the event.
        status: Whether it took place.
        people: Who takes part in it.
        published: The article's day.
    """

    reading: Reading
    number: int
    trigger: Trigger
    status: Status
    people: frozenset[str]
    published: date | None

    @property
    def part(self) -> Part:
        """The clause of the trigger."""
        return self.reading.parts[self.number]

    @property
    def sentence(self) -> tuple[int, int]:
        """Paragraph and number of the sentence."""
        return self.reading.unit.offset, self.part.clause.sentence

    @property
    def text(self) -> str:
        """The masked text."""
        return self.reading.masked.text

    @property
    def speech(self) -> bool:
        """Whether it is something said."""
        return self.trigger.frame.type in SPEECH
