"""A small corpus written row by row: what tests of the whole-corpus steps start from."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from broadsheet.resolve.duplicates import find_copies, lay_copies
from broadsheet.resolve.entities import entity_rows
from broadsheet.resolve.events import merge_events
from broadsheet.resolve.held import Held
from broadsheet.resolve.reports import load_reports, told_of
from broadsheet.resolve.sketch import SKETCH, sketches
from broadsheet.rows import ArticleRow, EntityRow, EventParticipantRow, EventReportRow, EventRow, ParticipantValue
from broadsheet.schema.arrow import rows_to_table
from broadsheet.schema.load import core_tables

Row = dict[str, Any]


@dataclass(frozen=True)
class Code:
    plover: str | None
    cameo: str | None
    label_en: str
    label_zh: str
    mutual: bool


CODES = {
    "call": Code("CONSULT phone", "041", "call", "通话", True),
    "meeting": Code("CONSULT", "040", "meeting", "会晤", True),
    "talks": Code("CONSULT", "046", "talks", "会谈", True),
    "agreement": Code("AGREE", "057", "agreement", "协议", True),
    "visit": Code("CONSULT visit", "042", "visit", "访问", False),
    "sanction": Code("SANCTION", "163", "sanction", "制裁", False),
    "statement": Code(None, "010", "statement", "声明", False),
    "rejection": Code("REJECT", "120", "rejection", "拒绝", False),
    "attack": Code("ASSAULT", "190", "attack", "袭击", False),
    "military_action": Code("MOBILIZE", "190", "military action", "军事行动", False),
    "invasion": Code("ASSAULT", "192", "invasion", "入侵", False),
}


def entity(entity_id: str, name: str, hans: str, country: str | None, *, linked: bool = True) -> EntityRow:
    kind = {"per": "person", "org": "organization", "loc": "place"}[entity_id[:3]]
    return EntityRow(entity_id, kind, hans, name, hans, None, None, country, (), linked, 0, 0)


KNOWN = [
    entity("per/ada-berg", "Ada Berg", "阿达·贝里", "SE"),
    entity("per/otto-lund", "Otto Lund", "奥托·伦德", "SE"),
    entity("per/carl-dorn", "Carl Dorn", "卡尔·多恩", "DE"),
    entity("per/li-wen", "Li Wen", "李文", "CN"),
    entity("loc/sweden", "Sweden", "瑞典", "SE"),
    entity("loc/germany", "Germany", "德国", "DE"),
    entity("loc/china", "China", "中国", "CN"),
    entity("loc/stockholm", "Stockholm", "斯德哥尔摩", "SE"),
    entity("loc/berlin", "Berlin", "柏林", "DE"),
    entity("org/government-of-germany", "Government of Germany", "德国政府", "DE"),
    entity("org/union", "Union", "联盟", None),
]


def article(number: int, published: str | None = "2025-02-13", **changes: Any) -> ArticleRow:
    """Article `number`; unless told otherwise with a text, an address and a publisher of its own."""
    # Texts share no five characters, so that only tests of copies make copies.
    body = changes.pop("body", "".join(chr(0x4E00 + (number * 97 + i * 31) % 20000) for i in range(120)))
    clock = datetime.fromisoformat(published).replace(tzinfo=UTC) if published and len(published) >= 10 else None
    row = ArticleRow(
        article_id=f"art-{number:02}",
        source_id=f"src-{number:02}",
        source_path=f"a/{number:02}.md",
        source_sha256="0" * 64,
        position=0,
        title=f"题{number}",
        publisher=f"报{number}",
        language="zh-Hans",
        published_at=clock,
        published_local=published,
        published_text=published,
        published_precision="day" if published else "none",
        published_zone=None,
        published_basis="header" if published else "none",
        published_zone_basis="none",
        archived_at=None,
        url=f"https://paper-{number}.example/story",
        authors=(),
        dateline=None,
        agencies=(),
        translator=None,
        section=None,
        tags=(),
        summary=None,
        body=body,
        truncated=False,
        character_count=len(body),
        body_sha256=hashlib.sha256(body.encode()).hexdigest(),
        duplicate_of=None,
        duplicate_kind=None,
        source_start=0,
        source_end=10,
        segments=(),
        license=None,
        redistribution="full",
    )
    return replace(row, **changes)


def report(
    number: int,
    kind: str,
    who: str,
    when: str | tuple[str | None, str | None] | None = None,
    *,
    key: int = 0,
    status: str = "occurred",
    published: str = "2025-02-13",
    start: int | None = None,
    **changes: Any,
) -> EventReportRow:
    """A report of article `number`.

    Args:
        number: Of the article.
        kind: Event type.
        who: Participants in the order `ada-berg>carl-dorn`: `>` before a target, `&` between equals; a name without a
            prefix is a person, `=` before one makes it a country.
        when: A day or bounds that the text gives; None for no date, as the annotator then bounds it.
        key: Reports of one article with equal keys tell one event.
        status: Of the event.
        published: Day of publication, the bound of what has no date.
        start: Place in the body.
        changes: Other columns.
    """
    first, last = (when, when) if isinstance(when, str) else when or (None, None)
    if when is None and status == "occurred":
        last = published
    start = key * 20 if start is None else start
    row = EventReportRow(
        report_id=f"rep-{number:02}-{key}-{start}",
        event_id=f"art-{number:02}#{key}",
        article_id=f"art-{number:02}",
        field="body",
        start=start,
        end=start + 10,
        source_start=0,
        source_end=10,
        trigger="…",
        type=kind,
        status=status,
        date_start=date.fromisoformat(first) if first else None,
        date_end=date.fromisoformat(last) if last else None,
        date_precision="day" if when else "none",
        date_text="某日" if when else None,
        participants=_participants(who),
        place_id=None,
        duration_minutes=None,
        speaker_id=None,
        rule="test",
        joined_by="article",
    )
    return replace(row, **changes)


def _participants(who: str) -> tuple[ParticipantValue, ...]:
    actors, _, targets = who.partition(">")
    role = "initiator" if ">" in who else "participant"
    named = [(name, role) for name in actors.split("&") if name] + [
        (name, "target") for name in targets.split("&") if name
    ]
    return tuple(
        ParticipantValue(f"loc/{n[1:]}" if n.startswith("=") else n if "/" in n else f"per/{n}", r) for n, r in named
    )


def held(name: str, rows: Sequence[Any]) -> Held:
    """Rows of a table as whole-corpus steps take them."""
    table = rows_to_table(core_tables()[name], rows)
    if name == "articles":
        table = table.append_column(SKETCH, sketches(row.body for row in rows))
    return Held.of(table)


@dataclass(frozen=True)
class Told:
    """What `merge` found."""

    events: list[EventRow]
    participants: list[EventParticipantRow]
    reports: list[Row]

    def groups(self) -> set[frozenset[str]]:
        """Reports by event: which report ids stand together."""
        return {frozenset(r["report_id"] for r in self.reports if r["event_id"] == e.event_id) for e in self.events}

    def only(self) -> EventRow:
        assert len(self.events) == 1, [event.label_en for event in self.events]
        return self.events[0]

    def roles(self) -> dict[str, str]:
        return {row.entity_id: row.role for row in self.participants}


def merge(articles: Sequence[ArticleRow], reports: Sequence[EventReportRow]) -> Told:
    """Duplicates, entities and events of a corpus."""
    table = held("articles", articles)
    copies = find_copies(table)
    lay_copies(table, copies)
    rows = list(table.rows(table.names))
    told = load_reports(held("event_reports", reports))
    known = entity_rows(held("entities", KNOWN), held("mentions", []), told_of(told), copies)
    events, participants = merge_events(told, rows, known, CODES)
    return Told(events, participants, [asdict(row) for row in told])
