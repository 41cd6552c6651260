"""The resolvers rules may name: calendar arithmetic on named fields, of no language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from broadsheet.annotate.times.dates import Bounds, add_months, choose, monday, month_bounds, of_calendar
from broadsheet.annotate.times.values import Anchor, Direction, Scalar, TimeRule, TimeValue, ValueBasis

Fields = Mapping[str, Scalar]
NO_ANCHOR: Final = TimeValue(problem="no-anchor")
VAGUE: Final = TimeValue(problem="vague", approximate=True)
_MINUTES: Final = {"second": 1 / 60, "minute": 1, "quarter": 15, "hour": 60, "day": 1440, "week": 10080}
_CODES: Final = {"day": "D", "week": "W", "month": "M", "year": "Y"}
# Longest event a "same day" may be counted from: what is known by the month only has no next day.
_SAME_DAY_SPAN: Final = 7


@dataclass(frozen=True, slots=True)
class Context:
    """What a resolver may look at.

    Attributes:
        anchor: As given by the caller.
        direction: As given by the caller.
        clip: As given by the caller.
        floor: First end of a range: the other end lies on or after it.
        floor_basis: What the first end was counted from.
    """

    anchor: Anchor
    direction: Direction | None = None
    clip: bool = True
    floor: date | None = None
    floor_basis: ValueBasis = "none"

    def day(self) -> date | None:
        """The day of speaking: of the quotation, else of publication."""
        return self.anchor.quoted or self.anchor.published

    def basis(self) -> ValueBasis:
        """What `day` is."""
        if self.anchor.quoted:
            return "quotation"
        return "publication" if self.anchor.published else "none"

    def following(self, first: TimeValue) -> "Context":
        """The context of the other end of a range."""
        return replace(self, floor=first.date_start, floor_basis=first.basis)

    def previous(self) -> tuple[date, date] | None:
        """Bounds of what was mentioned before, a missing bound taken from the other."""
        start, end = self.anchor.previous or (None, None)
        if start is None and end is None:
            return None
        first, last = start or end, end or start
        return (first, last) if first and last and first <= last else None

    def base(self, rule: TimeRule) -> tuple[date, ValueBasis] | None:
        """What a value of this rule is counted from, or None if the caller does not know."""
        if rule.base != "publication" and (before := self.previous()):
            return before[0 if rule.base == "previous" else 1], "previous"
        day = self.day()
        if rule.base == "previous" or day is None:
            return None
        return day, self.basis()


def _value(bounds: Bounds, basis: ValueBasis) -> TimeValue:
    return TimeValue(bounds.start, bounds.end, bounds.precision, basis=basis)


def _clipped(value: TimeValue, context: Context, rule: TimeRule) -> TimeValue:
    day = context.day()
    if not (rule.clip and context.clip and context.direction == "past") or day is None:
        return value
    if value.date_start and value.date_end and value.date_start <= day < value.date_end:
        return replace(value, date_end=day)
    return value


def calendar(fields: Fields, context: Context, rule: TimeRule) -> TimeValue:
    """Year, month, day, parts and ranges of them, whatever of it the text states."""
    if "year" in fields:
        return _value(of_calendar(fields, int(fields["year"]) + int(fields.get("era", 0))), "stated")
    if context.floor and "year_shift" not in fields and "month_shift" not in fields:
        return _value(choose(fields, context.floor, "after"), context.floor_basis)
    found = context.base(rule)
    if found is None:
        return NO_ANCHOR
    base, basis = found
    if "year_shift" in fields:
        return _clipped(_value(of_calendar(fields, base.year + int(fields["year_shift"])), basis), context, rule)
    if "month_shift" in fields:
        year, month = add_months(base.year, base.month, int(fields["month_shift"]))
        return _clipped(_value(of_calendar({**fields, "month": month}, year), basis), context, rule)
    near = context.anchor.near
    if "day" in fields and "month" not in fields and near:
        return _value(of_calendar({**fields, "month": near.month}, near.year), "previous")
    return _value(choose(fields, base, context.direction), basis)


def weekday(fields: Fields, context: Context, rule: TimeRule) -> TimeValue:
    """A day of the week: of a week that is named, else the nearest one in the clause's direction."""
    number = int(fields["weekday"])
    found = context.base(rule)
    if context.floor and "shift" not in fields:
        day = context.floor + timedelta(days=(number - context.floor.isoweekday()) % 7)
        return TimeValue(day, day, "day", basis=context.floor_basis)
    if found is None:
        return NO_ANCHOR
    base, basis = found
    if "shift" in fields:
        day = monday(base) + timedelta(days=7 * int(fields["shift"]) + number - 1)
    elif context.direction == "future":
        day = base + timedelta(days=(number - base.isoweekday()) % 7)
    else:
        day = base - timedelta(days=(base.isoweekday() - number) % 7)
    return TimeValue(day, day, "day", basis=basis)


def week(fields: Fields, context: Context, rule: TimeRule) -> TimeValue:
    """A week, Monday to Sunday, or its weekend (`from` 6)."""
    found = context.base(rule)
    if found is None:
        return NO_ANCHOR
    base, basis = found
    first = int(fields.get("from", 1))
    shift = fields.get("shift")
    if shift is None:
        # The past weekend is the last one that has begun; the coming one may have begun as well.
        shift = -1 if context.direction != "future" and base.isoweekday() < first else 0
    begin = monday(base) + timedelta(days=7 * int(shift))
    value = TimeValue(begin + timedelta(days=first - 1), begin + timedelta(days=6), "day", basis=basis)
    return _clipped(value, context, rule)


def day_shift(fields: Fields, context: Context, rule: TimeRule) -> TimeValue:
    """A day so many days from the day of speaking."""
    found = context.base(rule)
    if found is None:
        return NO_ANCHOR
    day = found[0] + timedelta(days=int(fields["shift"]))
    return TimeValue(day, day, "day", basis=found[1])


def beside(fields: Fields, context: Context, rule: TimeRule) -> TimeValue:
    """The same day, the day before, the next month, counted from what was mentioned before."""
    before = context.previous()
    if before is None:
        return NO_ANCHOR
    start, end = before
    shift = int(fields["shift"])
    unit = fields["unit"]
    if unit == "day":
        if (end - start).days > _SAME_DAY_SPAN:
            return NO_ANCHOR
        if shift:
            start = end = (start if shift < 0 else end) + timedelta(days=shift)
        return TimeValue(start, end, "day", basis="previous")
    return _value(_unit_bounds(str(unit), start if shift < 0 else end, shift), "previous")


def _unit_bounds(unit: str, base: date, shift: int) -> Bounds:
    """The week, month or year so many of them from the one that holds a day."""
    if unit == "week":
        begin = monday(base) + timedelta(days=7 * shift)
        return Bounds(begin, begin + timedelta(days=6), "day")
    if unit == "month":
        return month_bounds(*add_months(base.year, base.month, shift))
    return of_calendar({}, base.year + shift)


def offset(fields: Fields, context: Context, rule: TimeRule) -> TimeValue:
    """So long ago or so long after; `sign` says which."""
    if "vague" in fields:
        return VAGUE
    found = context.base(rule)
    if found is None:
        return NO_ANCHOR
    (base, basis), sign, unit = found, int(fields["sign"]), str(fields["unit"])
    count = _count(fields)
    loose = "half" in fields or count != int(count)
    if unit == "year" and count == int(count):
        bounds = _unit_bounds("year", base, sign * int(count))
    elif unit in ("year", "month"):
        bounds = _unit_bounds("month", base, sign * round(count * (12 if unit == "year" else 1)))
    elif unit == "week":
        # A fortnight's room: "two weeks ago" is seldom meant to the day.
        begin = monday(base) + timedelta(days=7 * sign * int(count))
        bounds = Bounds(begin, begin + timedelta(days=13), "day")
    else:
        day = base + timedelta(days=sign * int(count * _MINUTES[unit] // 1440))
        bounds, loose = Bounds(day, day, "day"), loose or unit != "day"
    return replace(_value(bounds, basis), approximate=loose)


def _count(fields: Fields) -> float:
    return float(fields.get("count", 0)) + (0.5 if "half" in fields else 0)


def duration(fields: Fields, context: Context, rule: TimeRule) -> TimeValue:
    """A length of time."""
    if "vague" in fields:
        return VAGUE
    count, unit = _count(fields), str(fields["unit"])
    low = float(fields["count_from"]) if "count_from" in fields else None
    per = _MINUTES.get(unit)
    minutes = None if per is None or low is not None else round(count * per) + int(fields.get("extra", 0))
    text = _iso(count, unit, int(fields.get("extra", 0)))
    if low is not None:
        text = f"{_iso(low, unit, 0)}/{text}"
    return TimeValue(minutes=minutes, duration=text, basis="stated", approximate="many" in fields or low is not None)


def _iso(count: float, unit: str, extra: int) -> str:
    if unit in _CODES:
        if count == int(count):
            return f"P{int(count)}{_CODES[unit]}"
        if unit == "year":
            return f"P{round(count * 12)}M"
        if unit != "month":
            return f"PT{round(count * _MINUTES[unit] / 60)}H"
        return f"P{count:g}M"
    seconds = round((count * _MINUTES[unit] + extra) * 60)
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    parts = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    return "PT" + ("".join(f"{number}{code}" for number, code in parts if number) or "0S")


def window(fields: Fields, context: Context, rule: TimeRule) -> TimeValue:
    """The last or next so many days: a length with bounds that end or begin on the day of speaking."""
    length = duration(fields, context, rule)
    found = context.base(rule)
    if found is None or length.problem:
        return length
    (base, basis), unit, count = found, str(fields["unit"]), _count(fields)
    sign = int(fields["sign"])
    if unit in ("month", "year"):
        months = sign * round(count * (12 if unit == "year" else 1))
        year, month = add_months(base.year, base.month, months)
        other = date(year, month, min(base.day, month_bounds(year, month).end.day))
    else:
        other = base + timedelta(days=sign * round(count * _MINUTES[unit] / 1440))
    start, end = min(base, other), max(base, other)
    return replace(length, date_start=start, date_end=end, precision="day", basis=basis)


def vague(fields: Fields, context: Context, rule: TimeRule) -> TimeValue:
    """Words that point at a time without saying which."""
    return VAGUE


RESOLVERS: Final[dict[str, Callable[[Fields, Context, TimeRule], TimeValue]]] = {
    "beside": beside,
    "calendar": calendar,
    "day-shift": day_shift,
    "duration": duration,
    "offset": offset,
    "vague": vague,
    "week": week,
    "weekday": weekday,
    "window": window,
}
