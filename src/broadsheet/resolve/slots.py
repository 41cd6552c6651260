"""Where to look for an event already told: only what shares an actor or a country and a day can be the same."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from broadsheet.kinds import SPEECH
from broadsheet.resolve.agree import FRESH, MONTH, WEEK, nation
from broadsheet.resolve.tellings import Told, width
from broadsheet.rows import EntityRow

Key = tuple[object, ...]


def keys(told: Told, entities: Mapping[str, EntityRow]) -> tuple[set[Key], set[Key]]:
    """Under which keys a telling is filed, and under which it looks for others.

    Two tellings that `agree.same` takes for one event share a key of the first kind with one of the second.
    """
    actors = told.voices if told.family & SPEECH else told.actors | {nation(a, entities) for a in told.actors}
    file, look = set(_file(told)), set(_look(told))
    return (
        {(told.family, actor, slot) for actor in actors for slot in file},
        {(told.family, actor, slot) for actor in actors for slot in look},
    )


def _file(told: Told) -> Iterator[Key]:
    yield from _common(told)
    days = _days(told)
    yield from (("day", day) for day in days)
    yield from {("narrow", day.year, day.month) for day in days}


def _look(told: Told) -> Iterator[Key]:
    yield from _common(told)
    days = _days(told)
    yield from (("day", day) for day in days)
    yield from {("wide", day.year, day.month) for day in days}
    if _is_wide(told):
        yield from (("narrow", year, month) for _, year, month in _months(told))


def _common(told: Told) -> Iterator[Key]:
    if told.war:
        yield ("war",)
    if told.dated:
        yield ("bounds", told.start, told.end)
    if told.status != "occurred" and told.printed:
        yield from (("news", day) for day in _range(told.printed - FRESH, told.printed))
    if _is_wide(told):
        yield from _months(told)


def _is_wide(told: Told) -> bool:
    return told.dated and WEEK < width(told.start, told.end) <= MONTH


def _months(told: Told) -> set[tuple[str, int, int]]:
    return {("wide", day.year, day.month) for day in (told.start, told.end) if day}


def _days(told: Told) -> list[date]:
    """The days on which it was, or may have been if the article gives none."""
    if told.dated and told.start and told.end:
        return _range(told.start, told.end) if width(told.start, told.end) <= WEEK else []
    if told.dated or told.status != "occurred" or told.printed is None:
        return []
    return _range(told.printed - FRESH, told.printed)


def _range(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
