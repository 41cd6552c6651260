"""One event, many reports: what articles tell is joined where type, people and date agree."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol

from broadsheet.rows import EntityRow, EventParticipantRow, EventRow

Row = dict[str, Any]
FAMILIES: Final = (
    frozenset({"meeting", "summit", "talks"}),
    frozenset({"statement", "accusation", "rejection"}),
    frozenset({"attack", "military_action", "invasion"}),
)
SPEECH: Final = frozenset({"statement", "accusation", "rejection"})
WEEK: Final = timedelta(days=7)
RANK: Final = ("occurred", "scheduled", "unrealized")


class EventCodes(Protocol):
    """Codes and labels of an event type."""

    @property
    def plover(self) -> str | None: ...
    @property
    def cameo(self) -> str | None: ...
    @property
    def label_en(self) -> str: ...
    @property
    def label_zh(self) -> str: ...
    @property
    def mutual(self) -> bool: ...


@dataclass(slots=True)
class Told:
    """What one article tells of one event."""

    article: Row
    reports: list[Row]
    kind: str
    status: str
    start: date | None
    end: date | None
    dated: bool
    roles: dict[str, str]
    speakers: frozenset[str]

    @property
    def order(self) -> tuple[str, str, str]:
        """Earliest article first; the same whatever the order of input."""
        return self.article["published_local"] or "9999", self.article["article_id"], self.reports[0]["report_id"]


@dataclass(slots=True)
class Merged:
    """An event and all that tell it."""

    told: list[Told] = field(default_factory=list)
    start: date | None = None
    end: date | None = None
    dated: bool = False

    def add(self, one: Told) -> None:
        """Take in one more telling; the narrowest date stands."""
        self.told.append(one)
        if one.dated and (not self.dated or _width(one.start, one.end) < _width(self.start, self.end)):
            self.start, self.end, self.dated = one.start, one.end, True
        elif not self.dated and self.start is None and self.end is None:
            self.start, self.end = one.start, one.end


def merge_events(
    reports: list[Row], articles: list[Row], entities: Iterable[EntityRow], codes: Mapping[str, EventCodes]
) -> tuple[list[EventRow], list[EventParticipantRow]]:
    """Events and participants; `event_id` of the reports is set to the event they tell.

    Args:
        reports: Rows of `event_reports`; changed in place.
        articles: With `duplicate_of` set.
        entities: For labels and countries.
        codes: Per event type.
    """
    by_article = {row["article_id"]: row for row in articles}
    known = {row.entity_id: row for row in entities}
    merged: list[Merged] = []
    places: dict[tuple[frozenset[str], str], list[Merged]] = defaultdict(list)
    for told in sorted(_told(reports, by_article), key=lambda t: t.order):
        kin = _family(told.kind)
        event = _find(told, (m for actor in sorted(told.roles) for m in places[kin, actor]), known, codes)
        if event is None:
            event = Merged()
            merged.append(event)
        event.add(told)
        for actor in told.roles:
            if event not in places[kin, actor]:
                places[kin, actor].append(event)
    events: list[EventRow] = []
    participants: list[EventParticipantRow] = []
    for event in merged:
        row, who = _rows(event, known, codes)
        events.append(row)
        participants.extend(who)
        for told in event.told:
            for report in told.reports:
                report["event_id"] = row.event_id
    return events, participants


def _told(reports: list[Row], articles: Mapping[str, Row]) -> list[Told]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for report in reports:
        groups[report["event_id"]].append(report)
    found = []
    for group in groups.values():
        group.sort(key=lambda r: (r["field"] != "body", r["start"], r["end"], r["report_id"]))
        roles: dict[str, str] = {}
        for report in group:
            for part in report["participants"]:
                roles.setdefault(part["entity_id"], part["role"])
        best = min(group, key=lambda r: _width(r["date_start"], r["date_end"]))
        found.append(
            Told(
                article=articles[group[0]["article_id"]],
                reports=group,
                kind=_commonest(r["type"] for r in group),
                status=min((r["status"] for r in group), key=RANK.index),
                start=best["date_start"],
                end=best["date_end"],
                dated=any(r["date_text"] for r in group),
                roles=roles,
                speakers=frozenset(e for e, role in roles.items() if role == "initiator"),
            )
        )
    return found


def _find(
    told: Told, candidates: Iterable[Merged], known: Mapping[str, EntityRow], codes: Mapping[str, EventCodes]
) -> Merged | None:
    for event in candidates:
        if all(_same(told, other, known, codes) for other in event.told):
            return event
    return None


def _same(left: Told, right: Told, known: Mapping[str, EntityRow], codes: Mapping[str, EventCodes]) -> bool:
    """Whether two articles tell one event."""
    if left.article["article_id"] == right.article["article_id"]:
        return False
    if "unrealized" in {left.status, right.status} and left.status != right.status:
        return False
    return _dates_agree(left, right) and _actors_agree(left, right, known, codes)


def _dates_agree(left: Told, right: Told) -> bool:
    if not left.dated and not right.dated:
        return False
    low = max(left.start or date.min, right.start or date.min)
    high = min(left.end or date.max, right.end or date.max)
    if low > high:
        return False
    if left.dated and right.dated:
        exact = min(_width(left.start, left.end), _width(right.start, right.end)) <= 1
        near = max(_width(left.start, left.end), _width(right.start, right.end)) <= WEEK.days
        return exact and (near or left.kind not in SPEECH)
    # One gives no date: it must have been published within days of the other's.
    dated, other = (left, right) if left.dated else (right, left)
    printed = other.article["published_local"]
    if not printed or not dated.end or dated.kind in SPEECH or other.status != dated.status:
        return False
    return timedelta(0) <= date.fromisoformat(printed[:10]) - dated.end <= WEEK / 2


def _actors_agree(left: Told, right: Told, known: Mapping[str, EntityRow], codes: Mapping[str, EventCodes]) -> bool:
    a, b = set(left.roles), set(right.roles)
    if left.kind in SPEECH:
        return bool(left.speakers & right.speakers) and (left.start, left.end) == (right.start, right.end)
    if codes[left.kind].mutual and (len(a) > 1 or len(b) > 1):
        return len(a & b) >= 2 or (len(a & b) >= 1 and (a <= b or b <= a)) or _countries_agree(a, b, known)
    if not left.speakers & right.speakers:
        return a == b
    targets_a, targets_b = a - left.speakers, b - right.speakers
    return not targets_a or not targets_b or bool(targets_a & targets_b)


def _countries_agree(a: set[str], b: set[str], known: Mapping[str, EntityRow]) -> bool:
    """Whether one side names only the countries that the other side's people serve."""
    if a & b and not any(e.startswith("per/") for e in a & b):
        left, right = _countries(a, known), _countries(b, known)
        return len(left) >= 2 and left == right
    return False


def _countries(entities: set[str], known: Mapping[str, EntityRow]) -> set[str]:
    return {known[e].country or e for e in entities if e in known}


def _rows(
    event: Merged, known: Mapping[str, EntityRow], codes: Mapping[str, EventCodes]
) -> tuple[EventRow, list[EventParticipantRow]]:
    told = sorted(event.told, key=lambda t: t.order)
    reports = [report for one in told for report in one.reports]
    event_id = "ev/" + hashlib.sha256(reports[0]["report_id"].encode()).hexdigest()[:16]
    kind = _commonest(one.kind for one in told)
    roles = _roles(told)
    kept = [one for one in told if one.article["duplicate_of"] is None]
    precise = [r["date_precision"] for r in reports if (r["date_start"], r["date_end"]) == (event.start, event.end)]
    stamps = [s for s in (_instant(one.article) for one in told) if s]
    code = codes[kind]
    row = EventRow(
        event_id=event_id,
        label_en=_label(roles, known, "en", code.label_en, event),
        label_zh=_label(roles, known, "zh", code.label_zh, event),
        type=kind,
        plover=code.plover,
        cameo=code.cameo,
        status=min((one.status for one in told), key=RANK.index),
        date_start=event.start,
        date_end=event.end,
        date_precision=_commonest(precise) if precise and event.dated else "none",
        place_id=_commonest(r["place_id"] for r in reports if r["place_id"]) or None,
        duration_minutes=_commonest_number(r["duration_minutes"] for r in reports),
        report_count=len(reports),
        article_count=len({one.article["article_id"] for one in kept}),
        publisher_count=len({one.article["publisher"] for one in kept if one.article["publisher"]}),
        first_reported_at=min(stamps, default=None),
    )
    return row, [EventParticipantRow(event_id, entity, role) for entity, role in sorted(roles.items())]


def _roles(told: list[Told]) -> dict[str, str]:
    """Each participant once, in the role most articles give; of equals, the earliest's."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for one in told:
        for entity, role in one.roles.items():
            votes[entity][role] += 1
    return {entity: max(counter, key=lambda r: counter[r]) for entity, counter in votes.items()}


def _label(roles: dict[str, str], known: Mapping[str, EntityRow], language: str, word: str, event: Merged) -> str:
    order = {role: rank for rank, role in enumerate(("initiator", "participant", "host", "target", "mediator"))}
    ranked = sorted(roles, key=lambda e: (order.get(roles[e], 9), not e.startswith("per/"), e))
    names = [_short(known[entity], language) for entity in ranked if entity in known][:3]
    when = event.start or event.end
    parts = [" – ".join(names), word, when.isoformat() if when and event.dated else ""]
    return (", " if language == "en" else "，").join(part for part in parts if part)


def _short(entity: EntityRow, language: str) -> str:
    if language == "en":
        name = entity.name_en or entity.name
        return name.split(" ")[-1] if entity.type == "person" and not _east_asian(entity) else name
    return (entity.name_zh_hans or entity.name).split("·")[-1]


def _east_asian(entity: EntityRow) -> bool:
    return entity.country in {"CN", "TW", "HK", "KR", "KP", "VN"}


def _instant(article: Row) -> datetime | None:
    return article["published_at"] or article["archived_at"]


def _family(kind: str) -> frozenset[str]:
    return next((types for types in FAMILIES if kind in types), frozenset({kind}))


def _width(start: date | None, end: date | None) -> int:
    return (end - start).days + 1 if start and end else 10**6 - (start is not None or end is not None)


def _commonest(values: Iterable[str]) -> str:
    counter = Counter(values)
    return max(counter, key=lambda value: counter[value]) if counter else ""


def _commonest_number(values: Iterable[int | None]) -> int | None:
    counter = Counter(value for value in values if value is not None)
    return max(counter, key=lambda value: counter[value]) if counter else None
