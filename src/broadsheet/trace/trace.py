"""`trace`: any row id to its source file, hash, range, and the text sliced from the file again."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, Literal

from broadsheet.blocklist import TAKEN_DOWN
from broadsheet.check.slices import Verdict, decode, verdict
from broadsheet.collect import Sources
from broadsheet.emitted.package import Emitted
from broadsheet.engine.disk import read_parquet
from broadsheet.findings import error
from broadsheet.trace.basis import Basis, of_report

Outcome = Verdict | Literal["unchecked"]

KEYS: Final = {
    "articles": "article_id",
    "mentions": "mention_id",
    "event_reports": "report_id",
    "events": "event_id",
    "entities": "entity_id",
    "sources": "source_id",
    "rejects": "reject_id",
}
LEARNT: Final = "learnt-name"
"""What the rule of a mention ends with if other articles taught the name."""
TEACHERS: Final = 3
"""Mentions of other articles shown for such a name, at most."""
EXACT: Final[Outcome] = "exact"
WORST: Final[Sequence[Outcome]] = ("exact", "decoded", "unchecked", "mismatch")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """One stretch of a source file that a row rests on.

    Attributes:
        table: Table of the row that points here.
        id: Key of that row.
        field: What stands here: `title`, `body`, or the column that points here.
        collection: Collection of the file.
        path: Path of the file, as in `sources`.
        sha256: Hash of the file, as in `sources`.
        start: First byte.
        end: Byte after the last.
        characters: The same range in code points of the decoded file; None if the file could not be read.
        text: What the bytes say, decoded.
        expected: What the row says; None where it claims no text.
        verdict: How one follows from the other; `unchecked` where there is no source file to compare.
        reason: Why not, where it is a mismatch or unchecked.
        rule: Rule that made the row; empty for tables without rules.
        joined_by: Why an event report is of its event; empty for other tables.
        basis: What the claims of an event report rest on.
    """

    table: str
    id: str
    field: str
    collection: str
    path: str
    sha256: str
    start: int
    end: int
    characters: tuple[int, int] | None
    text: str
    expected: str | None
    verdict: Outcome
    reason: str = ""
    rule: str = ""
    joined_by: str = ""
    basis: tuple[Basis, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """A row and the places it rests on.

    Attributes:
        id: As asked for.
        table: The table it is a key of.
        row: The row.
        places: In the order of the files and of the text.
        total: How many places there are; more than `places` where an entity has many mentions.
    """

    id: str
    table: str
    row: Row
    places: tuple[Place, ...]
    total: int

    @property
    def verdict(self) -> Outcome:
        """The worst of its places."""
        return max((place.verdict for place in self.places), key=WORST.index, default="exact")


def trace(emitted: Emitted, files: Sources | None, row_id: str, *, limit: int = 10) -> Trace:
    """Follow a row to its source.

    Args:
        emitted: The build or package the row is of.
        files: Where the source files lie; None if they are not at hand, so that places are told but not compared.
        row_id: Key of a source, article, mention, event, event report, entity or reject.
        limit: Most mentions to follow for an entity.

    Raises:
        BroadsheetError: `id-unknown`, or `table-unreadable`.
    """
    rows_of = _Rows(emitted, files)
    for table, key in KEYS.items():
        row = rows_of.one(table, key, row_id)
        if row is not None:
            rows = rows_of.pointing(table, row)
            shown = rows[:limit] if table == "entities" else rows
            places = tuple(place for at, each in shown for place in rows_of.places(at, each))
            return Trace(row_id, table, row, places, len(rows) if table == "entities" else len(places))
    raise error("id-unknown", f"no table of {emitted.root.as_posix()} has a row {row_id!r}", row_key=row_id)


class _Rows:
    """Rows of a build or package, looked up by key, and the source files."""

    def __init__(self, emitted: Emitted, files: Sources | None) -> None:
        self._tables = emitted.tables
        self._files = files
        self._data = lru_cache(maxsize=1)(self._read)
        self._article = lru_cache(maxsize=8)(lambda key: self.one("articles", "article_id", key) or {})
        self._mentions = lru_cache(maxsize=8)(lambda key: self.rows("mentions", "article_id", key))
        self._reports = lru_cache(maxsize=8)(lambda key: self._ordered("event_reports", "event_id", key))
        self._source = lru_cache(maxsize=64)(lambda key: self.one("sources", "source_id", key) or {})

    def rows(self, table: str, column: str, value: str) -> list[Row]:
        """Rows with a value in a column."""
        import pyarrow as pa

        found: list[Row] = []
        for file in self._tables[table].files if table in self._tables else ():
            try:
                found += read_parquet(file, filters=[(column, "=", value)]).to_pylist()
            except (OSError, pa.ArrowException) as reason:
                raise error("table-unreadable", f"{file.name}: {reason}", path=file.as_posix()) from reason
        return found

    def one(self, table: str, column: str, value: str) -> Row | None:
        """The row with that key."""
        return next(iter(self.rows(table, column, value)), None)

    def pointing(self, table: str, row: Row) -> list[tuple[str, Row]]:
        """The rows whose spans a row rests on, with their tables: itself, its reports or its mentions.

        A name that other articles taught rests on some of their mentions, too.
        """
        if table == "events":
            return self._ordered("event_reports", "event_id", row["event_id"])
        if table == "entities":
            return self._ordered("mentions", "entity_id", row["entity_id"])
        if table == "mentions" and row["rule"].endswith(LEARNT):
            named = self._ordered("mentions", "entity_id", row["entity_id"])
            elsewhere = [(at, other) for at, other in named if other["article_id"] != row["article_id"]]
            return [(table, row), *(pair for pair in elsewhere if not pair[1]["rule"].endswith(LEARNT))][: TEACHERS + 1]
        return [(table, row)]

    def _ordered(self, table: str, column: str, value: str) -> list[tuple[str, Row]]:
        rows = self.rows(table, column, value)
        rows.sort(key=lambda row: (row["article_id"], row["field"] != "title", row["start"], row["end"]))
        return [(table, row) for row in rows]

    def places(self, table: str, row: Row) -> Iterator[Place]:
        """Where a row stands."""
        if table == "sources":
            yield self._place((table, row["source_id"], "file"), row, (0, row["bytes"]), None)
        elif table == "articles":
            yield from self._of_article(row)
        elif table == "rejects":
            source = self._source(row["source_id"])
            start, end = row["source_start"], row["source_end"]
            whole = start is None or end is None
            span = (0, source.get("bytes", 0)) if whole else (start, end)
            yield self._place((table, row["reject_id"], row["field"] or row["table"]), source, span, None)
        else:
            article = self._article(row["article_id"])
            text = (article.get(row["field"]) or "")[row["start"] : row["end"]]
            source = self._source(article.get("source_id"))
            span = (row["source_start"], row["source_end"])
            place = self._place((table, row[KEYS[table]], row["field"]), source, span, text)
            yield replace(place, rule=row["rule"], **(self._reported(row, article) if table == "event_reports" else {}))

    def _reported(self, report: Row, article: Row) -> dict[str, Any]:
        """What only the place of an event report tells."""
        mentions = self._mentions(report["article_id"])
        others = [row for _, row in self._reports(report["event_id"]) if row["article_id"] == report["article_id"]]
        basis = of_report(report, article.get(report["field"]) or "", mentions, others)
        return {"joined_by": report["joined_by"], "basis": basis}

    def _of_article(self, row: Row) -> Iterator[Place]:
        source = self._source(row["source_id"])
        key = row["article_id"]
        for segment in _in_order(row["segments"] or ()):
            text = (row[segment["field"]] or "")[segment["text_start"] : segment["text_start"] + segment["text_length"]]
            span = (segment["source_start"], segment["source_start"] + segment["source_length"])
            yield self._place(("articles", key, segment["field"]), source, span, text)
        if not row["segments"]:
            yield self._place(("articles", key, "article"), source, (row["source_start"], row["source_end"]), None)

    def _place(self, what: tuple[str, str, str], source: Row, span: tuple[int, int], expected: str | None) -> Place:
        """The place of (table, key, field) in a source."""
        at = (*what, source["collection"], source["path"], source["sha256"], *span)
        if expected is None and not source["bytes"]:  # nothing was read of it, so nothing can have changed
            return Place(*at, (0, 0), "", None, EXACT)
        if source["path"] == f"{TAKEN_DOWN}{source['source_id']}":
            return Place(*at, None, "", expected, "unchecked", "the file was taken down")
        if self._files is None:
            return Place(*at, None, "", expected, "unchecked", "no source files were given")
        data, reason = self._data(source["collection"], source["path"], source["sha256"])
        if data is None:
            return Place(*at, None, "", expected, "mismatch", reason)
        encoding = source["encoding"]
        start, end = span
        if expected is None:  # nothing is claimed but the place: the hash of the file proves it
            outcome, text = EXACT, decode(data[start:end], encoding)
        else:
            outcome, text = verdict(data, encoding, start, end, expected)
        first = len(decode(data[:start], encoding))
        reason = "the bytes say something else" if outcome == "mismatch" else ""
        return Place(*at, (first, first + len(text)), text, expected, outcome, reason)

    def _read(self, collection: str, path: str, sha256: str) -> tuple[bytes | None, str]:
        data = self._files.read(collection, path) if self._files else None
        if data is None:
            return None, "the file is not there"
        if hashlib.sha256(data).hexdigest() != sha256:
            return None, "the file changed since the build"
        return data, ""


def _in_order(segments: Iterable[Row]) -> list[Row]:
    """Segments in the order of the text, title first."""
    return sorted(segments, key=lambda segment: (segment["field"] != "title", segment["text_start"]))
