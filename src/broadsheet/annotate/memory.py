"""Dates told before, which others are counted from."""

from dataclasses import dataclass, field
from datetime import date

from broadsheet.annotate.times import TimeValue

Bounds = tuple[date | None, date | None]


@dataclass(slots=True)
class Memory:
    """What dates told before are remembered for.

    Attributes:
        previous: Bounds of the date told last: what 当天 and 前一天 are counted from.
        day: Day of the first event told with one: what 昨天 in a quotation is counted from.
        known: Bounds of events told with a date, by types and people; of the last one of these types without people.
        latest: Unit and place where the last trigger ended, and the bounds of its event.
        gathering: Day of the session or ceremony told last at which people spoke.
        spoken: Paragraph and sentence of the last act of speech with a day of its own, and the day.
        counted: What the time at a place was found to mean: it is counted from what was told before it only once.
    """

    previous: Bounds | None = None
    day: date | None = None
    known: dict[tuple[frozenset[str], frozenset[str]], Bounds] = field(default_factory=dict)
    latest: tuple[object, int, Bounds | None] | None = None
    counted: tuple[object, int, TimeValue] | None = None
    gathering: date | None = None
    spoken: tuple[int, int, date | None] | None = None
