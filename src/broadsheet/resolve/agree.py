"""Whether two articles tell one event, and why: type, status, day, people."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Literal

from broadsheet.kinds import SPEECH
from broadsheet.resolve.tellings import Told, width
from broadsheet.rows import EntityRow

# A telling without a date is of an event not longer before its publication than this.
FRESH: Final = timedelta(days=3)
NEXT: Final = 2
WEEK: Final = 7
MONTH: Final = 31


Reason = Literal["date", "news", "speaker", "war"]


def same(left: Told, right: Told, entities: Mapping[str, EntityRow], mutual: bool) -> Reason | None:
    """Why two articles tell one event; None if they do not.

    Args:
        left: What one article tells.
        right: What the other tells; of the same family of types.
        entities: For the country of people and bodies.
        mutual: The type takes several on equal terms, as a meeting does.

    Returns:
        `date`: dates and parties agree. `news`: parties agree, at least one gives no date, and they were published
        within days. `speaker`: one speaker, or a body and who speaks for it, on one day. `war`: a war as a whole.
    """
    if "unrealized" in {left.status, right.status} and left.status != right.status:
        return None
    if _places_differ(left, right, entities):
        return None
    if not left.family.isdisjoint(SPEECH):
        return "speaker" if _one_day(left, right) and _one_voice(left, right) else None
    if left.ongoing or right.ongoing:
        wars = left.war and right.war
        return "war" if wars and (left.actors <= right.actors or right.actors <= left.actors) else None
    dated = left.dated and right.dated
    when = _dates_agree(left, right) if dated else _days_agree(left, right)
    if not when or not _actors_agree(left, right, entities, mutual):
        return None
    return "date" if dated else "news"


def _one_day(left: Told, right: Told) -> bool:
    """Statements are one only if both are of the same few days, or one of a day and the other of that or the next."""
    if not left.dated or not right.dated:
        return False
    narrow, wide = sorted((left, right), key=_span)
    same_days = (left.start, left.end) == (right.start, right.end) and _span(left) <= WEEK
    return same_days or (narrow.start == narrow.end == wide.start and _span(wide) <= NEXT)


def _one_voice(left: Told, right: Told) -> bool:
    """The same person, or one names the person and the other only the body spoken for."""
    people = [{actor for actor in told.voices if actor.startswith("per/")} for told in (left, right)]
    shared = left.voices & right.voices
    return not people[0].isdisjoint(people[1]) if all(people) else bool(shared)


def _dates_agree(left: Told, right: Told) -> bool:
    """One date lies within the other; the wider it is, the less it says."""
    if (left.start, left.end) == (right.start, right.end) and left.actors == right.actors and len(left.actors) > 1:
        return True
    narrow, wide = sorted((left, right), key=_span)
    if narrow.start is None or narrow.end is None or wide.start is None or wide.end is None:
        return False
    inside = wide.start <= narrow.start and narrow.end <= wide.end
    return inside and ((_span(narrow) <= WEEK and _span(wide) <= MONTH) or (left.war and right.war))


def _days_agree(left: Told, right: Told) -> bool:
    """At least one gives no date: then it is news, and the days of publication must be near."""
    if left.status != right.status or left.printed is None or right.printed is None:
        return False
    if left.status != "occurred":
        return abs(left.printed - right.printed) <= FRESH and _closely(left, right)
    if left.dated or right.dated:
        day, printed = (left.end, right.printed) if left.dated else (right.end, left.printed)
        return day is not None and day <= printed <= day + FRESH
    return abs(left.printed - right.printed) <= timedelta(days=1) and _closely(left, right)


def _closely(left: Told, right: Told) -> bool:
    """At least two actors in common, and one side names no others."""
    shared = left.actors & right.actors
    return len(shared) > 1 and shared in (left.actors, right.actors)


def _actors_agree(left: Told, right: Told, entities: Mapping[str, EntityRow], mutual: bool) -> bool:
    a, b = left.actors, right.actors
    if mutual and max(len(a), len(b)) > 1:
        several = len(_nations(a, entities)) > 1
        return len(a & b) > 1 or (bool(a & b) and (a <= b or b <= a)) or (several and _nations_agree(a, b, entities))
    if not left.speakers or not right.speakers:
        return a == b
    targets, others = a - left.speakers, b - right.speakers
    if left.speakers.isdisjoint(right.speakers):
        return not targets.isdisjoint(others) and _nations_agree(left.speakers, right.speakers, entities)
    return not targets or not others or not targets.isdisjoint(others)


def _nations_agree(a: frozenset[str], b: frozenset[str], entities: Mapping[str, EntityRow]) -> bool:
    """Whether one names the people where the other names only their countries; never two people of one country."""
    return _nations(a, entities) == _nations(b, entities) and all(
        x in b or _is_code(x) or not any(nation(x, entities) == nation(y, entities) and not _is_code(y) for y in b)
        for x in a
    )


def _nations(actors: frozenset[str], entities: Mapping[str, EntityRow]) -> frozenset[str]:
    return frozenset(nation(a, entities) for a in actors)


def nation(name: str, entities: Mapping[str, EntityRow]) -> str:
    """The country an actor serves; the actor itself if it serves none."""
    known = entities.get(name)
    return (known.country if known else None) or name


def _is_code(name: str) -> bool:
    return "/" not in name


def _places_differ(left: Told, right: Told, entities: Mapping[str, EntityRow]) -> bool:
    """A visit to one country is not a visit to another."""
    if left.kind != "visit" or not left.place_id or not right.place_id:
        return False
    return nation(left.place_id, entities) != nation(right.place_id, entities)


def _span(told: Told) -> int:
    return width(told.start, told.end)
