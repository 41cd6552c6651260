"""Rules about text: hashes, and every span sliced again, from the row's own text and from the bytes of its file.

Articles are read once, in the order of their files, and DuckDB gives the spans in that order; so one batch of texts is
in memory at a time. What is to be found in source files waits in a temporary file, by source: every file is then read
once, members of an archive in one pass through it, in whatever order they lie there.
"""

import hashlib
import json
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby, islice
from operator import itemgetter
from typing import IO, Any, Final

from broadsheet.check.report import Gather
from broadsheet.check.slices import verdict
from broadsheet.check.views import damaged
from broadsheet.collect import Sources
from broadsheet.document import PARAGRAPH_BREAK
from broadsheet.emitted.tables import TableFiles, connected, readable
from broadsheet.schema.cells import WITHOUT
from broadsheet.sql import literal, quoted

Row = dict[str, Any]
Tables = Mapping[str, TableFiles]
Piece = tuple[str, str, str, str, int, int]
"""A text that a file holds: table, column and key of the row that says so, the text, first byte and the one after."""

NEEDED: Final = {
    "sources": ("source_id", "collection", "path", "sha256", "encoding"),
    "articles": (
        "article_id", "source_id", "title", "body", "character_count", "body_sha256", "segments", "redistribution",
    ),
    "mentions": ("mention_id", "article_id", "field", "start", "end", "surface", "source_start", "source_end"),
    "event_reports": ("report_id", "article_id", "field", "start", "end", "trigger", "source_start", "source_end"),
}  # fmt: skip
SPANNED: Final = ("mentions", "event_reports")
MEMORY: Final = "256MB"
"""What DuckDB may hold of the spans while it sorts them."""
BATCH: Final = 1_024
"""Articles, sources or pieces that are Python objects at a time."""
_encoded: Final = json.JSONEncoder(ensure_ascii=False).encode


def check_texts(tables: Tables, names: Collection[str], gather: Gather) -> None:
    """What can be told without the files: hash and length of bodies, segments that cover them, words in their text.

    In a package the hash and the length of a body describe the full text of the file, so an article whose rights
    shortened it is not compared; what is left of it is a matter of `rights`.

    Args:
        tables: What is there, by name.
        names: Those that can be read and have the columns of the schema.
        gather: Takes the findings.
    """
    if not _complete({name: table for name, table in tables.items() if name in names}):
        return
    gather.ran("articles", "span-mismatch")
    for article, spans in _articles(tables, gather):
        body = article["body"] or ""
        if article["redistribution"] == "full" or len(body) >= article["character_count"]:
            _check_body(article, body, gather)
        for table, key, field, start, end, word, *_ in spans:
            found = _text_of(article, field)[start:end]
            if not found or (word != found if table == "mentions" else word not in found):
                column = NEEDED[table][5]
                _wrong(gather, table, column, key, f"{field} {start}:{end} is another text", found)


def _check_body(article: Row, body: str, gather: Gather) -> None:
    key = article["article_id"]
    if hashlib.sha256(body.encode()).hexdigest() != article["body_sha256"]:
        _wrong(gather, "articles", "body_sha256", key, "the hash is not that of the body", body)
    if len(body) != article["character_count"]:
        message = f"{article['character_count']} is not the length of the body, {len(body)}"
        _wrong(gather, "articles", "character_count", key, message, body)
    lengths = {field: len(_text_of(article, field)) for field in ("title", "body")}
    if any(one["text_start"] + one["text_length"] > lengths[one["field"]] for one in article["segments"]):
        _wrong(gather, "articles", "segments", key, "a segment lies beyond its text", None)
    covered = sum(segment["text_length"] for segment in article["segments"] if segment["field"] == "body")
    if covered < len(body) - len(PARAGRAPH_BREAK) * body.count(PARAGRAPH_BREAK):
        message = f"segments cover {covered} of {len(body)} code points of the body"
        _wrong(gather, "articles", "segments", key, message, None)


def check_bytes(tables: Tables, sources: Sources, gather: Gather) -> None:
    """Slice every segment, mention and report again from the bytes of its file.

    Args:
        tables: The tables of a build that can be read and have the columns of the schema.
        sources: The source files.
        gather: Takes findings; counts spans by verdict.
    """
    if not _complete(tables):
        return
    gather.ran("sources", "source-missing", "source-changed", "span-mismatch")
    with tempfile.TemporaryFile(prefix="broadsheet-") as stream:
        pieces = _Pieces(stream)
        for article, spans in _articles(tables, gather):
            pieces.add(article["source_id"], _pieces(article, spans))
        wanted = {
            (row["collection"], row["path"]): (row["source_id"], row["sha256"], row["encoding"])
            for row in _rows(tables["sources"], gather)
            if row["source_id"] in pieces
        }
        for (collection, path), data in sources.each(wanted):
            source, sha256, encoding = wanted[collection, path]
            _check_file(path, data, sha256, encoding, pieces.of(source), gather)


def _check_file(  # noqa: PLR0917
    path: str, data: bytes | None, sha256: str, encoding: str | None, pieces: Iterable[Piece], gather: Gather
) -> None:
    if data is None:
        gather.add("source-missing", "the file is not there, so its spans were not sliced again", path=path)
    elif hashlib.sha256(data).hexdigest() != sha256:
        gather.add("source-changed", "the file is not the one that was built", path=path)
        data = None
    for table, field, key, expected, start, end in pieces:
        outcome, found = verdict(data, encoding, start, end, expected) if data is not None else ("not checked", "")
        gather.counts[f"spans {outcome}"] += 1
        if outcome == "mismatch":
            message = f"bytes {start}:{end} of {path} are not this text"
            _wrong(gather, table, field, key, message, found or expected)


class _Pieces:
    """What is to be found in source files, kept in a file of our own, by source."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._places: dict[str, list[int]] = defaultdict(list)

    def add(self, source: str, pieces: Iterable[Piece]) -> None:
        left = iter(pieces)
        while some := list(islice(left, BATCH)):
            self._places[source].append(self._stream.tell())
            self._stream.write(_encoded(some).encode() + b"\n")

    def of(self, source: str) -> Iterator[Piece]:
        for place in self._places[source]:
            self._stream.seek(place)
            yield from json.loads(self._stream.readline())

    def __contains__(self, source: str) -> bool:
        return source in self._places


def _pieces(article: Row, spans: Iterable[tuple[Any, ...]]) -> Iterator[Piece]:
    key = article["article_id"]
    for segment in article["segments"]:
        first, start = segment["text_start"], segment["source_start"]
        piece = _text_of(article, segment["field"])[first : first + segment["text_length"]]
        yield "articles", "segments", key, piece, start, start + segment["source_length"]
    for table, key, field, first, last, _, start, end in spans:
        yield table, "source_start", key, _text_of(article, field)[first:last], start, end


def _complete(tables: Tables) -> bool:
    """Whether all is there; what is missing is a finding of the columns, or of the caller."""
    return all(name in tables and set(needed) <= set(tables[name].columns) for name, needed in NEEDED.items())


def _articles(tables: Tables, gather: Gather) -> Iterator[tuple[Row, Iterable[tuple[Any, ...]]]]:
    """Each article, as it lies in its files, with its spans.

    A span is (table, key, field, start, end, word, first byte, byte after). A span without article is an orphan and
    told as such; of articles with one id, the first has the spans.
    """
    import duckdb

    try:
        with _spans_in_order(tables) as spans:
            place, group = next(spans, (None, ()))
            for at, article in enumerate(_rows(tables["articles"], gather)):
                if place != at:
                    yield article, ()
                    continue
                yield article, (span[1:] for span in group)
                place, group = next(spans, (None, ()))
    except duckdb.Error as reason:
        damaged(tables["articles"], reason, gather)


@contextmanager
def _spans_in_order(tables: Tables) -> Iterator[Iterator[tuple[int, Iterable[tuple[Any, ...]]]]]:
    """The spans of each article that has some, with its number; in the order of articles."""
    articles = tables["articles"]
    if not articles.files:
        yield iter(())
        return
    listed = ", ".join(literal(readable(file)) for file in articles.files)
    numbered = (
        "SELECT article_id, row_number() OVER (ORDER BY file_index, file_row_number) - 1 AS place "
        f"FROM read_parquet([{listed}], file_row_number = true, hive_partitioning = false)"
    )
    parts = []
    for name in SPANNED:
        key, _, *columns = NEEDED[name]
        shown = ", ".join(quoted(column) for column in (key, *columns))
        parts.append(f"SELECT place, '{name}', {shown} FROM {quoted(name)} JOIN places USING (article_id)")
    with connected({name: tables[name] for name in SPANNED}, memory=MEMORY, setup=WITHOUT) as connection:
        places = f"SELECT article_id, min(place) AS place FROM ({numbered}) GROUP BY article_id"
        connection.execute(f"CREATE TEMP TABLE places AS {places}")
        reader = connection.sql(f"{' UNION ALL '.join(parts)} ORDER BY 1, 2, 3").to_arrow_reader(8 * BATCH)
        rows = (row for batch in reader for row in zip(*(c.to_pylist() for c in batch.columns), strict=True))
        yield groupby(rows, key=itemgetter(0))


def _rows(table: TableFiles, gather: Gather) -> Iterator[Row]:
    """The rows with the columns needed; what cannot be read ends them, and is a finding."""
    import pyarrow as pa

    try:
        for batch in table.batches(NEEDED[table.name], BATCH):
            yield from batch.to_pylist()
    except (pa.ArrowException, OSError, UnicodeDecodeError) as reason:
        damaged(table, reason, gather)


def _text_of(article: Row, field: str) -> str:
    return (article["title"] if field == "title" else article["body"]) or ""


def _wrong(gather: Gather, table: str, field: str, key: str, message: str, sample: str | None) -> None:  # noqa: PLR0917
    gather.add("span-mismatch", message, resource=table, field=field, row_key=key, sample=sample)
