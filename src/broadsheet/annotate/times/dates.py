"""Calendar arithmetic on partial dates."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Final, Literal

from broadsheet.annotate.times.values import Scalar, ValuePrecision

_FAR: Final = 300
_NEAR: Final = 60


@dataclass(frozen=True, slots=True)
class Bounds:
    """First and last day, and how precisely the text says them."""

    start: date
    end: date
    precision: ValuePrecision


def monday(day: date) -> date:
    """Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def add_months(year: int, month: int, count: int) -> tuple[int, int]:
    """Year and month so many months on."""
    total = year * 12 + month - 1 + count
    return total // 12, total % 12 + 1


def month_bounds(year: int, month: int) -> Bounds:
    """First and last day of a month; ValueError if there is none."""
    first = date(year, month, 1)
    return Bounds(first, first.replace(day=monthrange(year, month)[1]), "month")


def of_calendar(fields: Mapping[str, Scalar], year: int) -> Bounds:
    """Bounds of what the fields say within a year.

    Args:
        fields: `month`, `day`, `part` and the first ends `year_from`, `month_from`, `day_from` of elided ranges.
        year: The year.

    Raises:
        ValueError: If the calendar has no such day.
    """
    if "month" not in fields:
        return _of_year(fields, year)
    month = int(fields["month"])
    if "day" in fields:
        end = date(year, month, int(fields["day"]))
        start = end
        if "day_from" in fields:
            first = int(fields["day_from"])
            start = date(*(add_months(year, month, -1) if first > end.day else (year, month)), first)
        return Bounds(start, end, "day")
    bounds = month_bounds(year, month)
    if "month_from" in fields:
        first = int(fields["month_from"])
        return Bounds(month_bounds(year - (first > month), first).start, bounds.end, "month")
    return _third(bounds, str(fields["part"])) if "part" in fields else bounds


def _third(month: Bounds, part: str) -> Bounds:
    """The first, middle or last ten days of a month; another part of it is the month as a whole."""
    number, _, of = part.partition("/")
    if of != "3":
        return month
    start = month.start.replace(day=10 * int(number) - 9)
    end = month.end if number == "3" else start.replace(day=10 * int(number))
    return Bounds(start, end, "day")


def _of_year(fields: Mapping[str, Scalar], year: int) -> Bounds:
    part = fields.get("part")
    if part is None:
        first = int(fields.get("year_from", year))
        if first > year:
            raise ValueError(first)
        return Bounds(date(first, 1, 1), date(year, 12, 31), "year")
    # "k/n+s": the k-th of n equal parts of the year, moved by s months (seasons).
    ratio, _, moved = str(part).partition("+")
    number, _, of = ratio.partition("/")
    length = 12 // int(of)
    begin = add_months(year, 1, length * (int(number) - 1) + int(moved or 0))
    last = add_months(*begin, length - 1)
    return Bounds(month_bounds(*begin).start, month_bounds(*last).end, "month")


def choose(fields: Mapping[str, Scalar], base: date, direction: Literal["past", "future", "after"] | None) -> Bounds:
    """The reading of a date without year (or month) that fits best.

    Args:
        fields: As for `of_calendar`.
        base: The day of speaking, or the first end of a range.
        direction: `past` is the last one begun, `future` the first one not over, `after` the first on or after
            `base`; None is the nearest.

    Raises:
        ValueError: If there is none.
    """
    found = list(_candidates(fields, base))
    nearest = min(found, key=lambda bounds: (_distance(bounds, base), bounds.start))
    # A local date may be a day off the publication date; a month or a year is not.
    slack = timedelta(days=int(nearest.precision == "day"))
    if direction == "past":
        fitting = max((b for b in found if b.start <= base + slack), key=lambda b: b.start)
    elif direction == "future":
        fitting = min((b for b in found if b.end >= base - slack), key=lambda b: b.start)
    elif direction == "after":
        return min((b for b in found if b.end >= base), key=lambda b: b.start)
    else:
        return nearest
    # Nobody leaves out the year of a day nearly a year away when the same day is near: the clause was misread.
    if _distance(fitting, base) > _FAR and _distance(nearest, base) < _NEAR:
        return nearest
    return fitting


def _distance(bounds: Bounds, base: date) -> int:
    return max((bounds.start - base).days, (base - bounds.end).days, 0)


def _candidates(fields: Mapping[str, Scalar], base: date) -> Iterator[Bounds]:
    """Every reading around a day that the calendar has."""
    whole_year = "month" in fields or "day" not in fields
    for shift in range(-4, 5):
        year, month = (base.year + shift, 0) if whole_year else add_months(base.year, base.month, shift)
        if not MINYEAR <= year <= MAXYEAR:
            continue
        try:
            yield of_calendar(fields if whole_year else {**fields, "month": month}, year)
        except ValueError:
            continue
