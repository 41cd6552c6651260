"""Rules about text: hashes, and every span sliced again, from the row's own text and from the bytes of its file.

All rows of one file are looked at together, so every file is read once, and only one is held at a time. Members of an
archive are looked at in one pass through it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from broadsheet.check.files import records
from broadsheet.check.report import Gather
from broadsheet.check.slices import verdict
from broadsheet.collect import Sources
from broadsheet.document import PARAGRAPH_BREAK

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]
NEEDED = {
    "sources": ("source_id", "collection", "path", "sha256", "encoding", "redistribution"),
    "articles": ("article_id", "source_id", "title", "body", "character_count", "body_sha256", "segments"),
    "mentions": ("mention_id", "article_id", "field", "start", "end", "surface", "source_start", "source_end"),
    "event_reports": ("report_id", "article_id", "field", "start", "end", "trigger", "source_start", "source_end"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A text and where in its file it is said to stand (bytes)."""

    table: str
    field: str
    key: str
    text: str
    start: int
    end: int


def texts(tables: "Mapping[str, pa.Table]", gather: Gather) -> None:
    """What can be told without the files: hash and length of bodies, surfaces and triggers inside their text.

    In a package the hash and the length of a body describe the full text of the file, so they are compared only where
    the source may be published in full; the body itself must not be longer than its rights allow.
    """
    if not _complete(tables):
        return
    sources = {row["source_id"]: row for row in records(tables["sources"], NEEDED["sources"])}
    articles: dict[str, Row] = {}
    for row in records(tables["articles"], NEEDED["articles"]):
        articles[row["article_id"]] = row
        if sources.get(row["source_id"], {}).get("redistribution", "full") != "full" and _shortened(row):
            continue
        body = row["body"] or ""
        if hashlib.sha256(body.encode()).hexdigest() != row["body_sha256"]:
            _wrong(gather, "articles", "body_sha256", row["article_id"], "the hash is not that of the body", body)
        if len(body) != row["character_count"]:
            message = f"{row['character_count']} is not the length of the body, {len(body)}"
            _wrong(gather, "articles", "character_count", row["article_id"], message, body)
    for table, column in (("mentions", "surface"), ("event_reports", "trigger")):
        for row in records(tables[table], NEEDED[table]):
            text = _text(articles, row)
            if not text or (row[column] != text if table == "mentions" else row[column] not in text):
                key = row[NEEDED[table][0]]
                _wrong(gather, table, column, key, f"{row['field']} {row['start']}:{row['end']} is another text", text)


def _shortened(article: Row) -> bool:
    return bool(len(article["body"] or "") < article["character_count"])


def bytes_of_sources(tables: "Mapping[str, pa.Table]", files: Sources, gather: Gather) -> None:
    """Slice every segment, mention and report again from the bytes of its file.

    Args:
        tables: The tables of a build.
        files: The source files.
        gather: Takes findings; counts spans by verdict.
    """
    if not _complete(tables):
        return
    pieces = _pieces(tables)
    sources = {
        (row["collection"], row["path"]): row
        for row in records(tables["sources"], NEEDED["sources"])
        if pieces.get(row["source_id"])
    }
    for key, data in files.each(sources):
        source = sources[key]
        wanted = pieces[source["source_id"]]
        if not _same(source, data, gather) or data is None:
            gather.counts["spans not checked"] += len(wanted)
            continue
        for piece in wanted:
            outcome, found = verdict(data, source["encoding"], piece.start, piece.end, piece.text)
            gather.counts[f"spans {outcome}"] += 1
            if outcome == "mismatch":
                message = f"bytes {piece.start}:{piece.end} of {source['path']} are not this text"
                _wrong(gather, piece.table, piece.field, piece.key, message, found or piece.text)


def _complete(tables: "Mapping[str, pa.Table]") -> bool:
    return all(
        name in tables and set(needed) <= set(tables[name].column_names) for name, needed in NEEDED.items()
    )  # what is missing is a finding of `columns` or of the caller


def _pieces(tables: "Mapping[str, pa.Table]") -> dict[str, list[Piece]]:
    articles = {row["article_id"]: row for row in records(tables["articles"], NEEDED["articles"])}
    pieces: dict[str, list[Piece]] = defaultdict(list)
    for article in articles.values():
        pieces[article["source_id"]] += _segments(article)
    for table in ("mentions", "event_reports"):
        for row in records(tables[table], NEEDED[table]):
            if row["article_id"] in articles:
                source = articles[row["article_id"]]["source_id"]
                key = row[NEEDED[table][0]]
                text = _text(articles, row)
                pieces[source].append(Piece(table, "source_start", key, text, row["source_start"], row["source_end"]))
    return pieces


def _segments(article: Row) -> Iterator[Piece]:
    for segment in article["segments"] or ():
        text = (article["title"] if segment["field"] == "title" else article["body"]) or ""
        start, length = segment["source_start"], segment["source_length"]
        piece = text[segment["text_start"] : segment["text_start"] + segment["text_length"]]
        yield Piece("articles", "segments", article["article_id"], piece, start, start + length)


def coverage(tables: "Mapping[str, pa.Table]", gather: Gather) -> None:
    """Every character of a body (paragraph breaks apart) must lie in a segment."""
    if not _complete(tables):
        return
    for article in records(tables["articles"], NEEDED["articles"]):
        body = article["body"] or ""
        covered = sum(s["text_length"] for s in article["segments"] or () if s["field"] == "body")
        if covered < len(body.replace(PARAGRAPH_BREAK, "")):
            message = f"segments cover {covered} of {len(body)} code points of the body"
            _wrong(gather, "articles", "segments", article["article_id"], message, None)


def _same(source: Row, data: bytes | None, gather: Gather) -> bool:
    """Whether the bytes are those that were built; says so if not."""
    if data is None:
        gather.add("source-missing", "the file is not there, so its spans were not sliced again", path=source["path"])
    elif hashlib.sha256(data).hexdigest() != source["sha256"]:
        gather.add("source-changed", "the file is not the one that was built", path=source["path"])
    else:
        return True
    return False


def _text(articles: Mapping[str, Row], row: Row) -> str:
    article = articles.get(row["article_id"])
    text = (article or {}).get("title" if row["field"] == "title" else "body") or ""
    return str(text[row["start"] : row["end"]])


def _wrong(gather: Gather, table: str, field: str, key: str, message: str, sample: str | None) -> None:  # noqa: PLR0917
    gather.add("span-mismatch", message, resource=table, field=field, row_key=key, sample=sample)
