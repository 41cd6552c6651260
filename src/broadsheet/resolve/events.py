"""One event, many reports: what articles tell is joined where type, people and date agree."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Protocol

from broadsheet.resolve.agree import same
from broadsheet.resolve.labels import day_text, label, leading
from broadsheet.resolve.reports import Report
from broadsheet.resolve.slots import Key, keys
from broadsheet.resolve.tellings import STATUSES, Told, commonest, tellings, width
from broadsheet.rows import EntityRow, EventParticipantRow, EventRow

Row = dict[str, Any]
# An archive may hold thousands of articles on one subject and day. Only the last events of one key, and only the first
# of the different tellings of one event, are compared: the cost stays linear.
CANDIDATES: Final = 64
PROFILES: Final = 16


class EventCodes(Protocol):
    """Codes and labels of an event type."""

    @property
    def plover(self) -> str | None:
        """PLOVER type and mode."""

    @property
    def cameo(self) -> str | None:
        """CAMEO code."""

    @property
    def label_en(self) -> str:
        """What it is called in English."""

    @property
    def label_zh(self) -> str:
        """What it is called in Chinese."""

    @property
    def mutual(self) -> bool:
        """It takes several on equal terms, as a meeting does."""


@dataclass(slots=True, eq=False)
class Merged:
    """An event and all that tell it, earliest article first."""

    number: int
    told: list[Told] = field(default_factory=list)
    articles: set[str] = field(default_factory=set)
    actors: set[str] = field(default_factory=set)
    profiles: dict[tuple[Any, ...], Told] = field(default_factory=dict)

    def add(self, told: Told) -> None:
        """Take in one more telling."""
        self.told.append(told)
        self.articles.add(told.article["article_id"])
        self.actors |= told.actors
        if len(self.profiles) < PROFILES:
            self.profiles.setdefault(told.profile, told)


class Merger:
    """Joins tellings in the order of their articles, so that later articles never change what earlier ones made.

    Args:
        entities: For the country of people and bodies.
        codes: Per event type.
    """

    def __init__(self, entities: Mapping[str, EntityRow], codes: Mapping[str, EventCodes]) -> None:
        self.events: list[Merged] = []
        self._entities = entities
        self._codes = codes
        self._places: dict[Key, list[Merged]] = defaultdict(list)
        self._copies: dict[tuple[Any, ...], list[Merged]] = defaultdict(list)

    def add(self, told: Told) -> None:
        """Put a telling to the event it tells."""
        file, look = keys(told, self._entities)
        event, reason = self._copied(told), "copy"
        if event is None:
            event, reason = self._found(told, look)
        if event is None:
            event, reason = Merged(len(self.events)), "first"
            self.events.append(event)
        told.reports[0].joined_by = reason
        event.add(told)
        self._copies[told.content].append(event)
        for key in file:
            filed = self._places[key]
            if event not in filed[-CANDIDATES:]:
                filed.append(event)

    def _copied(self, told: Told) -> Merged | None:
        """The event that a copy of the same article tells in the same way."""
        return next((event for event in self._copies.get(told.content, ()) if self._free(event, told)), None)

    def _found(self, told: Told, look: Iterable[Key]) -> tuple[Merged | None, str]:
        """The event that agrees with it in all its tellings, and why with the first of them."""
        near = {event for key in look for event in self._places.get(key, ())[-CANDIDATES:]}
        mutual = self._codes[told.kind].mutual
        for event in sorted(near, key=lambda event: (-len(event.actors & told.actors), event.number)):
            others = event.profiles.values()
            if not self._free(event, told):
                continue
            reasons = [same(told, other, self._entities, mutual) for other in others]
            if all(reasons):
                return event, str(reasons[0])
        return None, ""

    def _free(self, event: Merged, told: Told) -> bool:
        """Two events of one article are two."""
        return told.article["article_id"] not in event.articles


def merge_events(
    reports: list[Report], articles: list[Row], entities: Iterable[EntityRow], codes: Mapping[str, EventCodes]
) -> tuple[list[EventRow], list[EventParticipantRow]]:
    """Events and participants; `event_id` of the reports is set to the event they tell.

    Args:
        reports: All reports; changed in place.
        articles: With `duplicate_of` set.
        entities: For labels and countries.
        codes: Per event type.
    """
    by_id = {row["article_id"]: row for row in articles}
    known = {row.entity_id: row for row in entities}
    merger = Merger(known, codes)
    for told in tellings(reports, by_id, known):
        merger.add(told)
    events: list[EventRow] = []
    participants: list[EventParticipantRow] = []
    for event in merger.events:
        row, who = _rows(event, by_id, known, codes)
        events.append(row)
        participants.extend(who)
        for told in event.told:
            for report in told.reports:
                report.event_id = row.event_id
    return events, participants


def _rows(
    event: Merged, articles: Mapping[str, Row], known: Mapping[str, EntityRow], codes: Mapping[str, EventCodes]
) -> tuple[EventRow, list[EventParticipantRow]]:
    told = event.told
    reports = [report for one in told for report in one.reports]
    event_id = "ev/" + hashlib.sha256(reports[0].report_id.encode()).hexdigest()[:16]
    kind = commonest(one.kind for one in told)
    roles = _roles(told)
    # Of equals the first told stands.
    best = min(told, key=lambda one: (not one.dated, width(one.start, one.end)))
    precisions = [r.date_precision for r in reports if (r.date_start, r.date_end) == (best.start, best.end)]
    when = day_text(best.start, best.end) if best.dated else ""
    originals = {one.original: articles.get(one.original, one.article) for one in told}
    code = codes[kind]
    names = leading(roles, Counter(entity for r in reports for entity, _ in r.participants), known)
    row = EventRow(
        event_id=event_id,
        label_en=label(names, known, "en", code.label_en, when),
        label_zh=label(names, known, "zh", code.label_zh, when),
        type=kind,
        plover=code.plover,
        cameo=code.cameo,
        status=min((one.status for one in told), key=STATUSES.index),
        date_start=best.start,
        date_end=best.end,
        date_precision=commonest(precisions) if best.dated else "none",
        place_id=commonest(r.place_id for r in reports if r.place_id) or None,
        duration_minutes=_duration(reports),
        report_count=len(reports),
        article_count=len(originals),
        publisher_count=len({row["publisher"] for row in originals.values() if row["publisher"]}),
        disputed=_disputed(reports),
        first_reported_at=min((s for one in told if (s := _instant(one.article))), default=None),
    )
    return row, [EventParticipantRow(event_id, entity, role) for entity, role in sorted(roles.items())]


def _roles(told: list[Told]) -> dict[str, str]:
    """Each participant once, in the role most articles give; of equals, the earliest's."""
    votes: dict[str, list[str]] = defaultdict(list)
    for one in told:
        for entity, role in one.roles.items():
            votes[entity].append(role)
    return {entity: commonest(given) for entity, given in votes.items()}


def _duration(reports: list[Report]) -> int | None:
    """The length most reports claim; of equals, the first claimed."""
    claims = Counter(r.duration_minutes for r in reports if r.duration_minutes is not None)
    return max(claims, key=lambda minutes: claims[minutes]) if claims else None


def _disputed(reports: list[Report]) -> tuple[str, ...]:
    """What the reports do not agree on: bounds that do not lie within each other, lengths, statuses."""
    bounds = {(r.date_start or date.min, r.date_end or date.max) for r in reports if r.date_start or r.date_end}
    inner = max((start for start, _ in bounds), default=date.min), min((end for _, end in bounds), default=date.max)
    lengths = {r.duration_minutes for r in reports if r.duration_minutes is not None}
    found = {
        "date": bool(bounds) and inner not in bounds,
        "duration": len(lengths) > 1,
        "status": len({r.status for r in reports}) > 1,
    }
    return tuple(name for name, differs in found.items() if differs)


def _instant(article: Row) -> datetime | None:
    at: datetime | None = article["published_at"] or article["archived_at"]
    return at
