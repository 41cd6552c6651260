"""What an expression means, given what it is counted from."""

from dataclasses import replace
from datetime import timedelta

from broadsheet.annotate.times.resolvers import RESOLVERS, Context
from broadsheet.annotate.times.values import Anchor, Direction, TimeMatch, TimeValue


def resolve(match: TimeMatch, anchor: Anchor, direction: Direction | None = None, *, clip: bool = True) -> TimeValue:
    """The value of an expression. Never raises; what cannot be known is null, with the problem named.

    Args:
        match: From `TimeGrammar.find`.
        anchor: What it may be counted from. Without it only what the text states in full has a value.
        direction: Whether the clause tells of the past or the future; None if it does not say.
        clip: Cut a past week (or what a rule marks with `clip`) at the day it is counted from.
    """
    value = _phrase(match, Context(anchor, direction, clip))
    return replace(value, text=match.text, approximate=value.approximate or match.approximate)


def _phrase(match: TimeMatch, context: Context) -> TimeValue:
    value = _part(match, context)
    if match.until is not None:
        value = _range(value, match, match.until, context)
    return _bounded(value, match, context)


def _part(match: TimeMatch, context: Context) -> TimeValue:
    """The heavier of two readings in apposition; the other if that one fails for want of an anchor."""
    value = _core(match, context)
    stated = match.stated
    if stated is None or (stated.head.weight <= match.head.weight and value.problem != "no-anchor"):
        return value
    other = _phrase(stated, context)
    return value if other.problem == "no-anchor" else other


def _core(match: TimeMatch, context: Context) -> TimeValue:
    try:
        value = RESOLVERS[match.head.resolver](match.fields, context, match.head)
    except (OverflowError, ValueError):  # a day that no calendar has, or a year beyond it
        value = TimeValue(problem="impossible")
    return replace(value, rule=match.rule)


def _range(first: TimeValue, match: TimeMatch, until: TimeMatch, context: Context) -> TimeValue:
    if until.stated is not None and _is_day(first):
        whole = _phrase(until.stated, context)
        if whole.problem is None and not _is_day(whole):
            return whole  # the bracket states the whole range, as in Sunday to Tuesday (28-30)
    last = _part(until, context.following(first))
    if first.problem or last.problem:
        return TimeValue(problem=first.problem or last.problem, rule=match.rule)
    if first.date_start and last.date_end and first.date_start > last.date_end:
        return TimeValue(problem="impossible", rule=match.rule)
    return replace(first, date_end=last.date_end, precision=last.precision)


def _is_day(value: TimeValue) -> bool:
    return value.date_start == value.date_end


def _bounded(value: TimeValue, match: TimeMatch, context: Context) -> TimeValue:
    """Opened as the words around say: before a day includes it, before a year or month does not."""
    if match.boundary is None or value.problem:
        return value
    if match.boundary == "after":
        return replace(value, date_end=None)
    if match.boundary == "until_now":
        return replace(value, date_end=context.day())
    inclusive = _is_day(value) or "part" in match.fields
    if inclusive or value.date_start is None:
        return replace(value, date_start=None)
    if value.date_start.toordinal() == 1:
        return TimeValue(problem="impossible", rule=value.rule)
    return replace(value, date_start=None, date_end=value.date_start - timedelta(days=1))
