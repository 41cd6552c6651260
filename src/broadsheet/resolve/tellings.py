"""What one article tells of one event: its reports as a whole, ready to be compared with those of other articles."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from broadsheet.kinds import family
from broadsheet.resolve.reports import Report
from broadsheet.rows import EntityRow

Row = dict[str, Any]
STATUSES: Final = ("occurred", "scheduled", "unrealized")


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What one article tells of one event.

    Attributes:
        article: Row of `articles`.
        original: The article kept of its copies, or itself.
        printed: Day of publication.
        reports: Its reports, body first, in text order.
        kind: The type most of them give.
        family: Types that may tell the same.
        status: Of `STATUSES`, the first that a report gives.
        start: First day, by the report that is most exact.
        end: Last day, by the same.
        dated: The text itself bounds when it was; else it is only bounded by the day of publication.
        roles: Each participant once, in the first role given.
        actors: Participants for comparison: a government is its country.
        speakers: Those of `actors` who act or speak on their own.
        voices: Those of `actors` who are not addressed: a speaker and the body spoken for.
        place_id: Where it was, by the first report that says.
        states: Two or more countries take part, and no part of one.
    """

    article: Row
    original: str
    printed: date | None
    reports: list[Report]
    kind: str
    family: frozenset[str]
    status: str
    start: date | None
    end: date | None
    dated: bool
    roles: dict[str, str]
    actors: frozenset[str]
    speakers: frozenset[str]
    voices: frozenset[str]
    place_id: str | None
    states: bool

    @property
    def ongoing(self) -> bool:
        """A war spoken of as such, without any bound; nobody alone wages it."""
        unbounded = self.kind == "military_action" and not (self.start or self.end)
        return unbounded and self.status == "occurred" and not self.speakers

    @property
    def war(self) -> bool:
        """A war as a whole, or the invasion of a country that began it."""
        invaded = any(report.type == "invasion" for report in self.reports)
        return self.ongoing or (invaded and self.status == "occurred" and self.states)

    @property
    def order(self) -> tuple[str, str, str]:
        """Earliest article first; the same whatever the order of input."""
        return self.article["published_local"] or "9999", self.article["article_id"], self.reports[0].report_id

    @property
    def profile(self) -> tuple[Any, ...]:
        """All that decides whether it tells the same as another; equal profiles need only be compared once."""
        day = None if self.dated and self.status == "occurred" else self.printed
        people = self.actors, self.speakers, self.voices, self.war
        return self.kind, self.status, self.start, self.end, self.dated, day, people, self.place_id

    @property
    def content(self) -> tuple[Any, ...]:
        """What copies of one article share, whenever they were published."""
        bounds = (self.start, self.end) if self.dated else None
        return self.original, self.family, self.status, bounds, self.actors, self.speakers


def tellings(reports: Iterable[Report], articles: Mapping[str, Row], entities: Mapping[str, EntityRow]) -> list[Told]:
    """Reports grouped by their provisional `event_id`, earliest article first."""
    groups: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        groups[report.event_id].append(report)
    return sorted((_told(group, articles, entities) for group in groups.values()), key=lambda told: told.order)


def _told(group: list[Report], articles: Mapping[str, Row], entities: Mapping[str, EntityRow]) -> Told:
    reports = sorted(group, key=lambda r: (r.field != "body", r.start, r.end, r.report_id))
    roles: dict[str, str] = {}
    for report in reports:
        for entity, role in report.participants:
            roles.setdefault(entity, role)
    article = articles[reports[0].article_id]
    best = min(reports, key=lambda r: (not _dated(r), width(r.date_start, r.date_end)))
    kind = commonest(r.type for r in reports)
    places = [e for e in roles if e.startswith("loc/")]
    return Told(
        article=article,
        original=article["duplicate_of"] or article["article_id"],
        printed=_day(article["published_local"]),
        reports=reports,
        kind=kind,
        family=family(kind),
        status=min((r.status for r in reports), key=STATUSES.index),
        start=best.date_start,
        end=best.date_end,
        dated=_dated(best),
        roles=roles,
        actors=frozenset(actor(e, entities) for e in roles),
        speakers=frozenset(actor(e, entities) for e, role in roles.items() if role == "initiator"),
        voices=frozenset(actor(e, entities) for e, role in roles.items() if role != "target"),
        place_id=next((r.place_id for r in reports if r.place_id), None),
        states=len(places) > 1 and all(is_state(e, entities) for e in places),
    )


def _dated(report: Report) -> bool:
    """The text gives a date, or the article's main event does; a mere end is the day of publication."""
    return bool(report.told_date or report.date_start)


def _day(printed: str | None) -> date | None:
    """The day of a local date; None at month precision."""
    return date.fromisoformat(printed[:10]) if printed and len(printed) >= 10 else None


def actor(entity_id: str, entities: Mapping[str, EntityRow]) -> str:
    """Who acts: a government stands for its country; countries that act are known by their code."""
    known = entities.get(entity_id)
    if known and known.country and is_power(entity_id):
        return known.country
    return entity_id


def is_state(entity_id: str, entities: Mapping[str, EntityRow]) -> bool:
    """Whether a place is a country, and not a part of one: its id is the English name of the country it lies in."""
    known = entities.get(entity_id)
    code = known.country if known else None
    return code is not None and entity_id.partition("/")[2] == _countries().get(code)


@cache
def _countries() -> Mapping[str, str]:
    """English names of countries as ids have them, by code."""
    from babel import Locale

    return {code: re.sub("[^a-z]+", "-", name.lower()) for code, name in Locale("en").territories.items()}


def is_power(entity_id: str) -> bool:
    """A country or its government, as against people and bodies."""
    return entity_id.startswith(("loc/", "org/government-of-")) or entity_id.endswith("-government")


def width(start: date | None, end: date | None) -> int:
    """Days between the bounds; open bounds are wider than any, no bound at all the widest."""
    return (end - start).days + 1 if start and end else 10**6 - (start is not None or end is not None)


def commonest(values: Iterable[str]) -> str:
    """The value given most often; of equals, the one given first."""
    counter = Counter(values)
    return max(counter, key=lambda value: counter[value]) if counter else ""
