"""Event reports in memory while they are merged: only what merging needs, equal values stored once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

from broadsheet.resolve.duplicates import Copy
from broadsheet.resolve.held import Held

Row = dict[str, Any]


@dataclass(slots=True, eq=False)
class Report:
    """A row of `event_reports` as far as merging needs it.

    Attributes:
        event_id: The provisional one (`article_id#n`), then that of the event it tells.
        told_date: Whether the text gives a date.
        participants: Entity and role of each.
        joined_by: Why it is of that event (schemas/event_reports.yaml).
    """

    report_id: str
    event_id: str
    article_id: str
    field: str
    start: int
    end: int
    type: str
    status: str
    date_start: date | None
    date_end: date | None
    date_precision: str
    told_date: bool
    participants: tuple[tuple[str, str], ...]
    place_id: str | None
    duration_minutes: int | None
    speaker_id: str | None
    joined_by: str = "article"

    @classmethod
    def of(cls, row: Row, shared: dict[Any, Any]) -> "Report":
        """From a row; equal values of many rows are stored once, in `shared`."""

        def once(value: Any) -> Any:
            return shared.setdefault(value, value)

        return cls(
            report_id=row["report_id"],
            event_id=once(row["event_id"]),
            article_id=once(row["article_id"]),
            field=once(row["field"]),
            start=row["start"],
            end=row["end"],
            type=once(row["type"]),
            status=once(row["status"]),
            date_start=once(row["date_start"]),
            date_end=once(row["date_end"]),
            date_precision=once(row["date_precision"]),
            told_date=bool(row["date_text"]),
            participants=once(tuple((once(p["entity_id"]), once(p["role"])) for p in row["participants"] or ())),
            place_id=once(row["place_id"]),
            duration_minutes=row["duration_minutes"],
            speaker_id=once(row["speaker_id"]),
        )


DECIDED: Final = ("event_id", "joined_by")
NEEDED: Final = tuple(
    "date_text" if field.name == "told_date" else field.name for field in fields(Report) if field.name != "joined_by"
)
ARTICLE: Final = ("article_id", "publisher", "published_at", "published_local", "archived_at", "duplicate_of")


def load_reports(reports: Held) -> list[Report]:
    """All reports, in order."""
    shared: dict[Any, Any] = {}
    return [Report.of(row, shared) for row in reports.rows(NEEDED)]


def told_of(reports: Iterable[Report]) -> set[str]:
    """Whom and what reports point to."""
    found: set[str | None] = set()
    for report in reports:
        found.update(entity for entity, _ in report.participants)
        found.update((report.place_id, report.speaker_id))
    return {entity_id for entity_id in found if entity_id}


def reported_articles(articles: Held, reports: Iterable[Report], copies: Mapping[str, Copy]) -> list[Row]:
    """The articles that have reports, and those they are copies of."""
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted = {report.article_id for report in reports}
    wanted |= {copies[key].kept for key in wanted if key in copies}
    keys = pa.array(sorted(wanted), pa.string())
    found: list[Row] = []
    for batch in articles.batches(ARTICLE):
        found += batch.filter(pc.is_in(batch.column("article_id"), value_set=keys)).to_pylist()
    return found


def lay_events(reports: Held, rows: Sequence[Report]) -> None:
    """Set of which event all reports are and why; `rows` are those that are there, in order."""
    import numpy as np
    import pyarrow as pa

    for column in DECIDED:
        names: dict[str, int] = {}
        there = np.array([names.setdefault(getattr(row, column), len(names)) for row in rows], dtype=np.int64)
        every = np.full(reports.stored, -1, dtype=np.int64)
        every[slice(None) if reports.gone is None else ~reports.gone] = there
        numbers = pa.array(every, mask=every < 0)
        reports.lay(column, pa.array(list(names), pa.string()).take(numbers))
