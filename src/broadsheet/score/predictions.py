"""A build as predictions: its articles with what was found in them, by the hash of their file."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from broadsheet.emitted.descriptors import read_report
from broadsheet.engine.disk import read_parquet
from broadsheet.findings import error

Row = dict[str, Any]

# The guideline of the gold knows fewer types: a finer one counts as its coarser one, or as another it is filed under.
COARSER: Final = {
    "accusation": ("statement",),
    "rejection": ("statement",),
    "ceasefire": ("agreement", "military_action", "other"),
    "withdrawal": ("military_action", "agreement", "other"),
    "mobilization": ("military_action",),
    "invasion": ("military_action",),
    "expulsion": ("sanction", "other"),
    "sanction_relief": ("sanction", "other"),
    "arrest": ("other",),
    "protest": ("other",),
}
NEEDED: Final = ("sources", "articles", "entities", "mentions", "events", "event_reports")


@dataclass(frozen=True, slots=True)
class Told:
    """An event as one article tells it."""

    event_id: str
    types: tuple[str, ...]
    status: str
    dates: tuple[str | None, str | None]
    participants: tuple[str, ...]
    place: str | None
    spans: tuple[tuple[str, int, int], ...]


@dataclass(slots=True)
class Predicted:
    """An article of the build."""

    row: Row
    source: Row
    mentions: list[Row] = field(default_factory=list)
    reports: list[Row] = field(default_factory=list)

    def events(self) -> list[Told]:
        """What it tells, one entry per event."""
        groups: dict[str, list[Row]] = defaultdict(list)
        for report in sorted(self.reports, key=lambda r: (r["field"] != "title", r["start"], r["end"])):
            groups[report["event_id"]].append(report)
        return [_told(event_id, reports) for event_id, reports in groups.items()]


@dataclass(frozen=True, slots=True)
class Predictions:
    """A build.

    Attributes:
        files: Articles by sha256 of their file, in file order.
        sources: Rows of `sources` by sha256.
        entities: Rows of `entities` by id.
    """

    files: Mapping[str, list[Predicted]]
    sources: Mapping[str, Row]
    entities: Mapping[str, Row]


def read_predictions(build_dir: Path) -> Predictions:
    """Read a build.

    Raises:
        BroadsheetError: `build-missing`, `build-incomplete` or `table-unreadable`.
    """
    read_report(build_dir)
    tables = {name: _rows(build_dir, name) for name in NEEDED}
    sources = {row["source_id"]: row for row in tables["sources"]}
    articles = {row["article_id"]: Predicted(row, sources[row["source_id"]]) for row in tables["articles"]}
    for row in tables["mentions"]:
        articles[row["article_id"]].mentions.append(row)
    for row in tables["event_reports"]:
        articles[row["article_id"]].reports.append(row)
    files: dict[str, list[Predicted]] = defaultdict(list)
    for article in sorted(articles.values(), key=lambda a: (a.row["source_id"], a.row["position"])):
        files[article.source["sha256"]].append(article)
    by_hash = {row["sha256"]: row for row in tables["sources"]}
    return Predictions(files, by_hash, {row["entity_id"]: row for row in tables["entities"]})


def _rows(build_dir: Path, name: str) -> list[Row]:
    import pyarrow as pa

    file = build_dir / f"{name}.parquet"
    try:
        rows: list[Row] = read_parquet(file).to_pylist()
    except (OSError, pa.ArrowException) as reason:
        raise error("table-unreadable", f"{file.name}: {reason}", path=file.as_posix()) from reason
    return rows


def _told(event_id: str, reports: list[Row]) -> Told:
    """One entry of several clauses: what most of them claim, the narrowest date, everybody who took part."""
    kind = _most([r["type"] for r in reports]) or "other"
    bounds = [(_iso(r["date_start"]), _iso(r["date_end"])) for r in reports]
    people = dict.fromkeys(p["entity_id"] for r in reports for p in r["participants"] or ())
    return Told(
        event_id,
        COARSER.get(kind, (kind,)),
        _most([r["status"] for r in reports]) or "",
        min(bounds, key=_width),
        tuple(people),
        _most([r["place_id"] for r in reports]),
        tuple((r["field"], r["start"], r["end"]) for r in reports),
    )


def _most(values: list[Any]) -> Any:
    known = [value for value in values if value is not None]
    return Counter(known).most_common(1)[0][0] if known else None


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _width(bounds: tuple[str | None, str | None]) -> tuple[int, int]:
    start, end = bounds
    if start is None or end is None:
        return (2 if start is None and end is None else 1), 0
    return 0, (date.fromisoformat(end) - date.fromisoformat(start)).days
