"""What the time grammar finds and what it means: plain values, no rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Kind = Literal["date", "interval", "duration", "relative"]
Direction = Literal["past", "future"]
ValuePrecision = Literal["day", "month", "year", "none"]
ValueBasis = Literal["stated", "publication", "quotation", "previous", "none"]
Boundary = Literal["before", "after", "until_now"]
Problem = Literal["impossible", "no-anchor", "vague"]
Scalar = int | float | str


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a relative expression may be counted from.

    Attributes:
        published: Day of publication.
        quoted: Day on which the quotation was said that the expression stands in; goes before `published`.
        previous: Bounds of the date mentioned or the event told just before ("the same day", "the day before").
        near: A date with a stated month earlier in the same sentence; lends its month to a bare day.
    """

    published: date | None = None
    quoted: date | None = None
    previous: tuple[date | None, date | None] | None = None
    near: date | None = None


@dataclass(frozen=True, slots=True)
class TimeValue:
    """When, or how long, an expression says.

    Attributes:
        date_start: First day; None if open or not known.
        date_end: Last day; None if open or not known.
        precision: Precision of the text, not of the bounds: a week is given by days.
        minutes: Length of a duration of weeks or less; None for months and years, which have no fixed length.
        approximate: The text says about, almost, more than.
        basis: What it was counted from; `stated` if the text says all of it.
        text: The expression as printed.
        rule: Id of the rule that gave the value.
        duration: Length as ISO 8601 (`PT90M`, `P5Y/P10Y` for from-to).
        problem: Why there is no date: `impossible` (30 February), `no-anchor`, `vague`.
    """

    date_start: date | None = None
    date_end: date | None = None
    precision: ValuePrecision = "none"
    minutes: int | None = None
    approximate: bool = False
    basis: ValueBasis = "none"
    text: str = ""
    rule: str = ""
    duration: str | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class TimeRule:
    """One rule of a pack, without its pattern.

    Attributes:
        id: Stable id, published with every value.
        kind: What its matches are.
        resolver: Name of the resolver in `resolvers.RESOLVERS`.
        base: What its values are counted from.
        weight: Which of two readings in apposition states the date; the heavier.
        appose: Apposition class; rules of different classes may stand side by side (weekday and date).
        clock: A part of the day or a clock time may follow.
        loose: A word for about, almost may stand before.
        clip: A past value is cut at the day it is counted from.
    """

    id: str
    kind: Kind
    resolver: str
    base: Literal["publication", "previous", "next"] = "publication"
    weight: int = 0
    appose: str | None = None
    clock: bool = False
    loose: bool = False
    clip: bool = False


@dataclass(frozen=True, slots=True)
class TimeMatch:
    """A time expression in a text.

    Attributes:
        start: First code point.
        end: Code point after the last.
        text: The expression as printed.
        kind: A day, a stretch of time, a length of time, or words that point from here (some days ago).
        rule: Id of the rule that found it.
        head: The rule itself.
        fields: Named groups of the pattern as numbers or names.
        stated: The reading in apposition, as in a weekday with the date in brackets.
        until: The other end of a range.
        boundary: `before`, `after` (open) or `until_now`, as said by the words around.
        approximate: The text says about, almost, more than.
    """

    start: int
    end: int
    text: str
    kind: Kind
    rule: str
    head: TimeRule
    fields: Mapping[str, Scalar] = field(default_factory=dict)
    stated: "TimeMatch | None" = None
    until: "TimeMatch | None" = None
    boundary: Boundary | None = None
    approximate: bool = False
