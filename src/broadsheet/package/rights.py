"""Rights: what of an article may be published, decided once, before anything else is written.

`full` publishes all. `excerpt` keeps titles and metadata, and of each body at most 200 code points, cut after a
paragraph or a sentence where one ends in them. `metadata` keeps titles and metadata. Both take away summaries, tags,
datelines and dates as printed, captions, texts of links, and every mention and event report that points into what was
taken away. Rejects and notices of a file follow the strictest of the file and its articles, because nobody knows whose
words they are.

What stays describes the corpus, not the package: `character_count` and `body_sha256` are those of the full text (who
has it can verify it; nobody can learn it from them), and the counts of entities and events are those of the corpus. No
source, article, entity or event goes away, so every key that held before holds after. An alias that only withheld text
has goes; names, and who did what where and when, are facts and stay.

Rows pass in batches. Held in memory are an entry for each limited article and file, and the aliases taken away.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from broadsheet.check.rights import EXCERPT, FULL, UNKNOWN
from broadsheet.emitted.tables import TableFiles, connected
from broadsheet.findings import CODES, Finding, finding
from broadsheet.restrictions import REDISTRIBUTIONS

if TYPE_CHECKING:
    import pyarrow as pa

SENTENCE_ENDS: Final = "。！？!?…"
CLOSERS: Final = "”’」』）)\"'》"
PRINTED: Final = ("dateline", "published_text")
"""Columns of an article that stay only where they stand in what is published of it."""
TEXT: Final = {"media": "caption", "links": "text"}
"""Columns of article text that are emptied, by table."""
ROWS: Final = 1_024
"""Of a batch: bodies are long."""
MEMORY: Final = "256MB"
"""Of a query, beside which the entries of all limited articles are held."""
HIDDEN_WORDS: Final = """
    SELECT r.report_id, contains(shown, r.trigger) AS told
    FROM event_reports r
    JOIN (SELECT article_id, concat_ws(chr(10), title, body) AS shown, length(body) AS kept FROM articles
          WHERE redistribution <> 'full') a USING (article_id)
    WHERE (r.field = 'title' OR r."end" <= a.kept)
      AND NOT (contains(shown, r.trigger) AND contains(shown, coalesce(r.date_text, '')))
"""
HIDDEN_ALIASES: Final = """
    SELECT entity_id, surface FROM (SELECT entity_id, unnest(aliases) AS surface FROM entities)
    ANTI JOIN (SELECT DISTINCT entity_id, surface FROM mentions) USING (entity_id, surface)
"""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Withheld:
    """What one collection lost.

    Attributes:
        collection: The collection.
        redistribution: `excerpt` or `metadata`.
        articles: How many articles were cut.
        characters: Code points of body taken away.
        mentions: Mentions dropped.
        reports: Event reports dropped.
        cells: Of summaries, tags, datelines, captions, texts of links, date texts, notices and rejected values,
            those emptied.
    """

    collection: str
    redistribution: str
    articles: int = 0
    characters: int = 0
    mentions: int = 0
    reports: int = 0
    cells: int = 0


class _Tally:
    """What a collection loses under one policy, counted."""

    __slots__ = ("articles", "cells", "characters", "mentions", "reports")

    def __init__(self) -> None:
        self.articles = self.characters = self.mentions = self.reports = self.cells = 0


@dataclass(frozen=True, slots=True)
class _Limited:
    """A limited article: how many code points of its body stay, and on whose account the rest goes."""

    kept: int
    tally: _Tally


def excerpt(body: str, limit: int = EXCERPT) -> str:
    """The beginning of a body, at most `limit` code points, up to the last end of a paragraph or sentence in them."""
    if len(body) <= limit:
        return body
    head = body[:limit]
    end = max(head.rfind("\n\n"), 0)
    for position in range(len(head) - 1, end, -1):
        stop = head[position] in SENTENCE_ENDS or (head[position] == "." and body[position + 1].isspace())
        if stop:
            end = position + 1
            while end < len(head) and head[end] in CLOSERS:
                end += 1
            break
    return head[:end] if end else head


def strictest(*policies: str) -> str:
    """Of several policies the one that publishes least."""
    return max(policies, key=REDISTRIBUTIONS.index)


class Rights:
    """The rows of a build as they may be published.

    `rows` must be asked for `articles` before what hangs on them, as `ORDER` does.

    Attributes:
        loosened: Articles whose own policy allows more than that of their file: a fault of the build. The file's holds.
    """

    ORDER: Final = (
        "sources", "articles", "media", "links", "mentions", "entities", "events", "event_participants",
        "event_reports", "rejects",
    )  # fmt: skip

    def __init__(self, tables: Mapping[str, TableFiles]) -> None:
        self.loosened = 0
        self._tables = tables
        of_articles = self._by_source()
        self._tallies: dict[tuple[str, str], _Tally] = {}
        self._articles: dict[str, _Limited] = {}
        self._sources: dict[str, tuple[str, str, str]] = {}  # limited ones: collection, policy, encoding
        self._own: dict[str, str] = {}  # policies of the files themselves, where limited
        columns = ["source_id", "collection", "redistribution", "encoding"]
        for batch in tables["sources"].batches(columns):
            for row in batch.to_pylist():
                self._file(row, of_articles.get(row["source_id"], FULL))

    def _file(self, row: Row, of_articles: str) -> None:
        source, own = row["source_id"], row["redistribution"]
        policy = strictest(own, of_articles)
        if policy != FULL:
            self._sources[source] = (row["collection"], policy, row["encoding"] or "utf-8")
        if own != FULL:
            self._own[source] = own

    def _by_source(self) -> dict[str, str]:
        """The strictest policy of the articles of each file that has a limited one."""
        import pyarrow.compute as pc

        found: dict[str, str] = {}
        for batch in self._tables["articles"].batches(["source_id", "redistribution"]):
            limited = batch.filter(pc.not_equal(batch.column("redistribution"), FULL))
            for row in limited.to_pylist():
                source = row["source_id"]
                found[source] = strictest(row["redistribution"], found.get(source, FULL))
        return found

    def rows(self, name: str, published: Mapping[str, TableFiles]) -> "Iterator[pa.RecordBatch]":
        """The rows of a table as they may be published, in order.

        Args:
            name: Of the table.
            published: The tables written so far, in `ORDER`.
        """
        batches = self._tables[name].batches(size=ROWS)
        if not self._sources:
            return batches
        match name:
            case "sources":
                return map(self._notices, batches)
            case "articles":
                return map(self._cut, batches)
            case "media" | "links":
                return (self._emptied(batch, TEXT[name]) for batch in batches)
            case "mentions":
                return map(self._mentions, batches)
            case "entities":
                return self._entities(batches, published)
            case "event_reports":
                return self._reports(batches, published)
            case "rejects":
                return map(self._rejects, batches)
        return batches

    def withheld(self) -> tuple[Withheld, ...]:
        """What each collection lost, sorted; complete once all tables have passed."""
        return tuple(
            Withheld(collection, policy, tally.articles, tally.characters, tally.mentions, tally.reports, tally.cells)
            for (collection, policy), tally in sorted(self._tallies.items())
        )

    def _tally(self, collection: str, policy: str) -> _Tally:
        return self._tallies.setdefault((collection, policy), _Tally())

    def _notices(self, batch: "pa.RecordBatch") -> "pa.RecordBatch":
        notices = batch.column("rights_statement").to_pylist()
        for at, source in enumerate(batch.column("source_id").to_pylist()):
            if source in self._sources and notices[at] is not None:
                self._of_file(source).cells += 1
                notices[at] = None
        return _with_columns(batch, {"rights_statement": notices})

    def _of_file(self, source: str) -> _Tally:
        collection, policy, _ = self._sources[source]
        return self._tally(collection, policy)

    def _cut(self, batch: "pa.RecordBatch") -> "pa.RecordBatch":
        sources = batch.column("source_id").to_pylist()
        own = batch.column("redistribution").to_pylist()
        hits = [
            at for at, (source, policy) in enumerate(zip(sources, own, strict=True))
            if policy != FULL or source in self._own
        ]  # fmt: skip
        return _replaced(batch, hits, [self._article(row) for row in batch.take(_indexes(hits)).to_pylist()])

    def _article(self, row: Row) -> Row:
        collection, _, encoding = self._sources[row["source_id"]]
        policy = strictest(row["redistribution"], self._own.get(row["source_id"], FULL))
        self.loosened += policy != row["redistribution"]
        tally = self._tally(collection, policy)
        body = row["body"]
        kept = excerpt(body) if policy == "excerpt" else ""
        self._articles[row["article_id"]] = _Limited(len(kept), tally)
        tally.articles += len(kept) < len(body)
        tally.characters += len(body) - len(kept)
        printed = {column: row[column] for column in PRINTED}
        for column, text in printed.items():
            if text is not None and text not in (row["title"] or "") and text not in kept:
                printed[column] = None
                tally.cells += 1
        tally.cells += (row["summary"] is not None) + bool(row["tags"])
        segments = [_clip(segment, kept, encoding, body) for segment in row["segments"]]
        return {
            **row, "body": kept, "summary": None, "tags": [], **printed, "redistribution": policy,
            "segments": [segment for segment in segments if segment is not None],
        }  # fmt: skip

    def _limits(self, batch: "pa.RecordBatch") -> list[_Limited | None]:
        """The limits of the article of each row."""
        known = self._articles
        return [known.get(article) for article in batch.column("article_id").to_pylist()]

    def _emptied(self, batch: "pa.RecordBatch", column: str) -> "pa.RecordBatch":
        texts = batch.column(column).to_pylist()
        limits = self._limits(batch)
        for text, limit in zip(texts, limits, strict=True):
            if limit is not None and text is not None:
                limit.tally.cells += 1
        shown = [text if limit is None else None for text, limit in zip(texts, limits, strict=True)]
        return _with_columns(batch, {column: shown})

    def _shown(self, batch: "pa.RecordBatch") -> tuple[list[_Limited | None], list[bool]]:
        """The limits of each row's article, and whether its span lies in what is published."""
        limits = self._limits(batch)
        fields, ends = batch.column("field").to_pylist(), batch.column("end").to_pylist()
        return limits, [
            limit is None or field == "title" or end <= limit.kept
            for limit, field, end in zip(limits, fields, ends, strict=True)
        ]

    def _mentions(self, batch: "pa.RecordBatch") -> "pa.RecordBatch":
        limits, shown = self._shown(batch)
        if all(shown):
            return batch
        for limit, kept in zip(limits, shown, strict=True):
            if limit is not None and not kept:
                limit.tally.mentions += 1
        return _filtered(batch, shown)

    def _entities(
        self, batches: "Iterable[pa.RecordBatch]", published: Mapping[str, TableFiles]
    ) -> "Iterator[pa.RecordBatch]":
        """No alias that only withheld text has."""
        views = {"mentions": published["mentions"], "entities": self._tables["entities"]}
        with connected(views, memory=MEMORY) as connection:
            hidden = set(connection.execute(HIDDEN_ALIASES).fetchall())
        for batch in batches:
            ids, listed = batch.column("entity_id").to_pylist(), batch.column("aliases").to_pylist()
            shown = [
                [alias for alias in aliases if (entity, alias) not in hidden]
                for entity, aliases in zip(ids, listed, strict=True)
            ]
            yield _with_columns(batch, {"aliases": shown})

    def _reports(
        self, batches: "Iterable[pa.RecordBatch]", published: Mapping[str, TableFiles]
    ) -> "Iterator[pa.RecordBatch]":
        """No report of a withheld clause, and no words from elsewhere in the article: a date may stand far off."""
        views = {"articles": published["articles"], "event_reports": self._tables["event_reports"]}
        with connected(views, memory=MEMORY) as connection:
            hidden: dict[str, bool] = dict(connection.execute(HIDDEN_WORDS).fetchall())
        for batch in batches:
            limits, shown = self._shown(batch)
            ids, dates = batch.column("report_id").to_pylist(), batch.column("date_text").to_pylist()
            for at, (limit, key) in enumerate(zip(limits, ids, strict=True)):
                if limit is None:
                    continue
                shown[at] = shown[at] and hidden.get(key, True)
                if not shown[at]:
                    limit.tally.reports += 1
                elif key in hidden and dates[at] is not None:
                    limit.tally.cells += 1
                    dates[at] = None
            yield _filtered(_with_columns(batch, {"date_text": dates}), shown)

    def _rejects(self, batch: "pa.RecordBatch") -> "pa.RecordBatch":
        """Messages may quote the value, so the title of the code stands in for them."""
        columns = {name: batch.column(name).to_pylist() for name in ("source_id", "code", "message", "value")}
        for at, source in enumerate(columns["source_id"]):
            if source not in self._sources:
                continue
            if columns["value"][at] is not None:
                self._of_file(source).cells += 1
            code = CODES.get(columns["code"][at])
            columns["message"][at] = code.title if code else UNKNOWN
            columns["value"][at] = None
        return _with_columns(batch, {name: columns[name] for name in ("message", "value")})


def _indexes(numbers: Sequence[int]) -> "pa.Array[Any]":
    import pyarrow as pa

    return pa.array(numbers, pa.int64())


def _filtered(batch: "pa.RecordBatch", kept: Sequence[bool]) -> "pa.RecordBatch":
    import pyarrow as pa

    return batch if all(kept) else batch.filter(pa.array(kept, pa.bool_()))


def _with_columns(batch: "pa.RecordBatch", columns: Mapping[str, Sequence[Any]]) -> "pa.RecordBatch":
    """The batch with the values of some columns replaced."""
    import pyarrow as pa

    arrays = [
        pa.array(columns[field.name], field.type) if field.name in columns else batch.column(field.name)
        for field in batch.schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=batch.schema)


def _replaced(batch: "pa.RecordBatch", hits: Sequence[int], rows: Sequence[Row]) -> "pa.RecordBatch":
    """The batch with the rows at `hits` replaced."""
    import pyarrow as pa

    if not hits:
        return batch
    order = list(range(batch.num_rows))
    for place, hit in enumerate(hits):
        order[hit] = batch.num_rows + place
    made = pa.RecordBatch.from_pylist(list(rows), schema=batch.schema)
    return pa.concat_batches([batch, made]).take(_indexes(order))


def _clip(segment: Row, kept: str, encoding: str, body: str) -> Row | None:
    """A segment as far as it points into what is kept; one that is cut through stays only if it maps byte by byte."""
    end = segment["text_start"] + segment["text_length"]
    if segment["field"] == "title" or end <= len(kept):
        return segment
    length = len(kept) - segment["text_start"]
    if length <= 0:
        return None
    try:
        whole = len(body[segment["text_start"] : end].encode(encoding))
        part = len(kept[segment["text_start"] :].encode(encoding))
    except (UnicodeEncodeError, LookupError):
        return None
    if whole != segment["source_length"]:
        return None
    return {**segment, "text_length": length, "source_length": part}


def findings(withheld: Sequence[Withheld]) -> list[Finding]:
    """One note per collection that lost text."""
    return [
        finding(
            "text-withheld",
            f"collection {lost.collection} ({lost.redistribution}): {lost.articles} articles cut by "
            f"{lost.characters:,} code points, {lost.mentions} mentions and {lost.reports} event reports dropped, "
            f"{lost.cells} cells emptied",
            resource="articles",
            count=lost.articles,
        )
        for lost in withheld
    ]
