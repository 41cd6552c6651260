"""A small corpus of linked tables, made by hand: what the tests of packages, checks, traces and releases stand on.

Three collections with three kinds of rights. Rows are written out here and not taken from the parser, so that a mistake
of the parser cannot hide one of these tests' subjects. Offsets are looked up in the files by the texts they stand for.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet import rows as r
from broadsheet.project import Project, load_project
from broadsheet.schema.arrow import rows_to_table
from broadsheet.schema.load import core_tables

EPOCH = "1700000000"
"""SOURCE_DATE_EPOCH of packages that are compared, so that no commit and no clock is asked."""

DESCRIPTOR = """\
name: harbor-news
title: "Harbor <b>News</b> | a *test*"
description: "Invented news & nothing else. <script>alert(1)</script>"
version: 1.2.0
homepage: https://example.org/harbor
keywords: [test, harbor]
licenses:
  - name: CC0-1.0
contributors:
  - title: "Maker: of #things"
    roles: [creator]
sources:
  - name: open
    title: Open Post
    path: https://example.org/open?a=1&b=(2)
    files: sources/open/*.txt
    license: CC0-1.0
  - name: partial
    title: Partial Times
    files: sources/partial/*.txt
    redistribution: excerpt
  - name: closed
    title: Closed Courier
    files: sources/closed/*.txt
    redistribution: metadata
"""

OPEN_TITLE = "Lind and Haddad speak by phone"
OPEN_BODY = (
    "Anna Lind called Omar Haddad on 3 March 2031. They spoke for 40 minutes about fish & ferries.\n\n安娜在海港城。"
)
OPEN_FILE = OPEN_TITLE + "\n<p>" + OPEN_BODY.replace("&", "&amp;").replace("\n\n", "</p>\n<p>") + "</p>\n"
EMPTY_TITLE = "-1 degrees in the harbor"
PARTIAL_TITLE = "Haddad calls back"
PARTIAL_KEPT = (
    "Omar Haddad called Anna Lind again on Tuesday. "
    "The ferry office said that the second call was shorter than the first one, and friendlier."
)
PARTIAL_HIDDEN = (
    "Nobody in the ferry office expected the WITHHELD-ONE passage to be printed by anyone else. "
    "Lind met Haddad in Norland two days later, as the WITHHELD-TWO protocol of the meeting shows."
)
PARTIAL_BODY = f"{PARTIAL_KEPT} {PARTIAL_HIDDEN}"
PARTIAL_SUMMARY = "A WITHHELD-SUMMARY of both calls."
PARTIAL_CAPTION = "A WITHHELD-CAPTION: the ferry at dawn."
PARTIAL_LINK = "the WITHHELD-LINK protocol"
PARTIAL_VALUE = "WITHHELD-VALUE"
CLOSED_TITLE = "海港城会谈"
CLOSED_BODY = "安娜与哈达德在海港城举行会谈，密不外传的句子在这里。"
SECRETS = ("WITHHELD-", "密不外传")


def ident(prefix: str, *parts: object) -> str:
    """An id of the right form."""
    return f"{prefix}-{hashlib.sha256(repr(parts).encode()).hexdigest()[:16]}"


@dataclass(frozen=True)
class File:
    """A source file of the corpus."""

    collection: str
    name: str
    data: bytes
    encoding: str | None
    rights: str

    @property
    def path(self) -> str:
        return f"sources/{self.collection}/{self.name}"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def id(self) -> str:
        return ident("src", self.collection, self.name)

    def span(self, text: str, *, raw: str | None = None, last: bool = False) -> tuple[int, int]:
        """Bytes of a text (of `raw`, as it stands in the file, where that differs)."""
        wanted = (raw or text).encode(self.encoding or "utf-8")
        start = self.data.rindex(wanted) if last else self.data.index(wanted)
        return start, start + len(wanted)


OPEN = File("open", "a.txt", OPEN_FILE.encode(), "utf-8", "full")
EMPTY = File("open", "b.txt", f"{EMPTY_TITLE}\n".encode(), "utf-8", "full")
PARTIAL = File("partial", "c.txt", f"{PARTIAL_TITLE}\n{PARTIAL_BODY}\n".encode(), "utf-8", "excerpt")
CLOSED = File("closed", "d.txt", f"{CLOSED_TITLE}\n{CLOSED_BODY}\n".encode("gb18030"), "gb18030", "metadata")
BINARY = File("open", "e.txt", b"\x00\x01\x02", None, "full")
FILES = (OPEN, EMPTY, PARTIAL, CLOSED, BINARY)

LIND, HADDAD, NORLAND, CITY = "per/anna-lind", "per/omar-haddad", "loc/norland", "loc/harbor-city"
CALL, MEETING, TALKS = "ev/2031-03-03-call-lind-haddad", "ev/2031-03-06-meeting", "ev/2031-03-08-talks"
ARTICLES = {file.id: ident("art", file.id) for file in FILES}
STAMP = datetime(2031, 3, 4, 8, 30, 15, 250_000, tzinfo=UTC)


def source_row(file: File, articles: int) -> r.SourceRow:
    status = "parsed" if articles and file is not EMPTY else "empty" if articles else "rejected"
    licence = "CC0-1.0" if file.rights == "full" else None
    return r.SourceRow(
        file.id, file.collection, file.path, file.sha256, len(file.data), "text/plain", file.encoding,
        "plain" if articles else None, "1", STAMP, status, articles, licence, None, file.rights,
    )  # fmt: skip


def segment(file: File, field: str, text: str, at: int, raw: str | None = None) -> r.SegmentValue:
    start, end = file.span(text, raw=raw)
    return r.SegmentValue(field, at, len(text), start, end - start)


def article_row(file: File, title: str, body: str, segments: tuple[r.SegmentValue, ...], **more: Any) -> r.ArticleRow:
    row = r.ArticleRow(
        ARTICLES[file.id], file.id, file.path, file.sha256, 0, title, file.collection.title(), "en", None,
        "2031-03-04", "4 March 2031", "day", None, "body", "none", STAMP, f"https://example.org/{file.name}",
        ("Ida Quill", 'O. "Pen" Name'), None, (), None, None, ("ferries", "海港"), None, body, False, len(body),
        hashlib.sha256(body.encode()).hexdigest(), None, None, 0, len(file.data), segments, None, file.rights,
    )  # fmt: skip
    return replace(row, **more)


def mention(file: File, field: str, text: str, surface: str, entity: str, *, nth: int = 0) -> r.MentionRow:
    start = -1
    for _ in range(nth + 1):
        start = text.index(surface, start + 1)
    first, last = file.span(surface, last=field == "body")
    kind = {"per": "person", "org": "organization", "loc": "place"}[entity[:3]]
    key = ident("men", file.id, field, start)
    end = start + len(surface)
    return r.MentionRow(key, ARTICLES[file.id], entity, kind, field, start, end, surface, first, last, "hand", 0.9)


def report(file: File, event: str, body: str, clause: str, *words: str, **more: Any) -> r.EventReportRow:
    trigger, kind = words
    start = body.index(clause)
    first, last = file.span(clause)
    people = (r.ParticipantValue(LIND, "participant"), r.ParticipantValue(HADDAD, "participant"))
    row = r.EventReportRow(
        ident("rep", file.id, start), event, ARTICLES[file.id], "body", start, start + len(clause), first, last,
        trigger, kind, "occurred", date(2031, 3, 3), date(2031, 3, 3), "day", None, people, None, None, None, "hand",
        "first",
    )  # fmt: skip
    return replace(row, **more)


def _articles() -> list[r.ArticleRow]:
    first, second = OPEN_BODY.split("\n\n")
    return [
        article_row(
            OPEN, OPEN_TITLE, OPEN_BODY,
            (segment(OPEN, "title", OPEN_TITLE, 0),
             segment(OPEN, "body", first, 0, first.replace("&", "&amp;")),
             segment(OPEN, "body", second, len(first) + 2)),
            published_at=datetime(2031, 3, 4, 7, tzinfo=UTC), published_local="2031-03-04T07:00",
            published_precision="minute", published_zone="+00:00", published_zone_basis="stated",
        ),
        article_row(EMPTY, EMPTY_TITLE, "", (segment(EMPTY, "title", EMPTY_TITLE, 0),), authors=(), tags=()),
        article_row(
            PARTIAL, PARTIAL_TITLE, PARTIAL_BODY,
            (segment(PARTIAL, "title", PARTIAL_TITLE, 0), segment(PARTIAL, "body", PARTIAL_BODY, 0)),
            summary=PARTIAL_SUMMARY,
        ),
        article_row(
            CLOSED, CLOSED_TITLE, CLOSED_BODY,
            (segment(CLOSED, "title", CLOSED_TITLE, 0), segment(CLOSED, "body", CLOSED_BODY, 0)), language="zh-Hans",
        ),
    ]  # fmt: skip


def _mentions() -> list[r.MentionRow]:
    return [
        mention(OPEN, "body", OPEN_BODY, "Anna Lind", LIND),
        mention(OPEN, "body", OPEN_BODY, "安娜", LIND),
        mention(OPEN, "body", OPEN_BODY, "海港城", CITY),
        mention(PARTIAL, "body", PARTIAL_BODY, "Omar Haddad", HADDAD),
        mention(PARTIAL, "body", PARTIAL_BODY, "Norland", NORLAND),
        mention(CLOSED, "title", CLOSED_TITLE, "海港城", CITY),
        mention(CLOSED, "body", CLOSED_BODY, "海港城", CITY),
        mention(CLOSED, "body", CLOSED_BODY, "哈达德", HADDAD),
    ]


def _reports() -> list[r.EventReportRow]:
    called = "Anna Lind called Omar Haddad on 3 March 2031"
    return [
        report(OPEN, CALL, OPEN_BODY, called, "called", "call", date_text="3 March 2031", duration_minutes=40),
        report(PARTIAL, CALL, PARTIAL_BODY, "Omar Haddad called Anna Lind again", "called", "call",
               date_text="two days later"),
        report(PARTIAL, MEETING, PARTIAL_BODY, "Lind met Haddad in Norland two days later", "met", "meeting",
               place_id=NORLAND),
        report(CLOSED, TALKS, CLOSED_BODY, "安娜与哈达德在海港城举行会谈", "会谈", "talks", place_id=CITY),
    ]  # fmt: skip


def event(key: str, kind: str, reports: int, **more: Any) -> r.EventRow:
    day = date.fromisoformat(key[3:13])
    names = (f"Lind – Haddad, {kind}, {day}", f"林德—哈达德，{day}")
    row = r.EventRow(
        key, *names, kind, "CONSULT", "041", "occurred", day, day, "day",
        None, None, reports, reports, reports, (), None,
    )  # fmt: skip
    return replace(row, **more)


def entity(key: str, name: str, kind: str, aliases: tuple[str, ...], *counts: int) -> r.EntityRow:
    mentions, articles = counts
    return r.EntityRow(key, kind, name, name, None, None, None, None, aliases, False, mentions, articles)


def rejects() -> list[r.RejectRow]:
    start, end = PARTIAL.span(PARTIAL_VALUE.replace("VALUE", "ONE"))
    return [
        r.RejectRow(ident("rej", 1), BINARY.id, None, "sources", None, "file-binary", "Not text.", None, None, None),
        r.RejectRow(ident("rej", 2), EMPTY.id, ARTICLES[EMPTY.id], "articles", "body", "body-empty", "No text.", None,
                    0, len(EMPTY.data)),
        r.RejectRow(ident("rej", 3), PARTIAL.id, ARTICLES[PARTIAL.id], "articles", "published_at", "date-unreadable",
                    f"{PARTIAL_VALUE!r} is no date", PARTIAL_VALUE, start, end),
    ]  # fmt: skip


def tables() -> dict[str, pa.Table]:
    """All ten tables of the corpus."""
    pairs = [(e, p) for e in (CALL, MEETING, TALKS) for p in (LIND, HADDAD)]
    made: dict[str, list[Any]] = {
        "sources": [source_row(file, int(file is not BINARY)) for file in FILES],
        "articles": _articles(),
        "media": [
            r.MediaRow(ARTICLES[OPEN.id], 0, "https://example.org/a.jpg", "A ferry.", None),
            r.MediaRow(ARTICLES[PARTIAL.id], 0, "https://example.org/c.jpg", PARTIAL_CAPTION, "Ida Quill"),
        ],
        "links": [r.LinkRow(ARTICLES[PARTIAL.id], 0, "https://example.org/p", PARTIAL_LINK, "body")],
        "entities": [
            entity(CITY, "海港城", "place", ("海港城",), 3, 2),
            entity(NORLAND, "Norland", "place", ("Norland",), 1, 1),
            entity(LIND, "Anna Lind", "person", ("Anna Lind", "安娜"), 2, 1),
            entity(HADDAD, "Omar Haddad", "person", ("Omar Haddad", "哈达德"), 2, 2),
        ],
        "mentions": _mentions(),
        "events": [
            event(CALL, "call", 2, duration_minutes=40, first_reported_at=STAMP),
            event(MEETING, "meeting", 1, place_id=NORLAND),
            event(TALKS, "talks", 1, place_id=CITY, cameo="046"),
        ],
        "event_participants": [r.EventParticipantRow(e, p, "participant") for e, p in pairs],
        "event_reports": _reports(),
        "rejects": rejects(),
    }
    return {name: rows_to_table(table, made[name]) for name, table in core_tables().items()}


def write_build(folder: Path, made: Mapping[str, pa.Table]) -> Path:
    """Tables and report as `broadsheet build` leaves them."""
    folder.mkdir(parents=True, exist_ok=True)
    recorded = {}
    for name, table in made.items():
        file = folder / f"{name}.parquet"
        pq.write_table(table, file)
        data = file.read_bytes()
        recorded[name] = {"rows": table.num_rows, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    project = folder.parent / "datapackage.yaml"
    rights = load_project(folder.parent).rights if project.is_file() else ""
    (folder / "report.json").write_text(json.dumps({"rights": rights, "tables": recorded}), "utf-8")
    return folder


def write_project(root: Path, made: Mapping[str, pa.Table] | None = None, descriptor: str = DESCRIPTOR) -> Project:
    """A project with its source files and a finished build."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "datapackage.yaml").write_text(descriptor, "utf-8")
    for file in FILES:
        place = root / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.data)
    write_build(root / "build", made if made is not None else tables())
    return load_project(root)


def changed(table: pa.Table, index: int, /, **values: Any) -> pa.Table:
    """The table with some cells of one row replaced."""
    listed = table.to_pylist()
    listed[index] |= values
    return pa.Table.from_pylist(listed, schema=table.schema)
