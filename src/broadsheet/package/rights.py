"""Rights: what of a source may be published, decided once, before either package is written.

`full` publishes all. `excerpt` keeps titles and metadata, and of each body at most 200 code points, cut after a
paragraph or a sentence where one ends in them. `metadata` keeps titles and metadata. Both take away summaries,
captions, texts of links and rejected values, and every mention and event report that points into what was taken away.

What stays describes the corpus, not the package: `character_count` and `body_sha256` are those of the full text (who
has it can verify it; nobody can learn it from them), and the counts of entities and events are those of the corpus. No
source, article, entity or event goes away, so every key that held before holds after. An alias that only withheld text
has goes; names, and who did what where and when, are facts and stay.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from broadsheet.check.rights import EXCERPT, FULL
from broadsheet.findings import CODES, Finding, finding

if TYPE_CHECKING:
    import pyarrow as pa

SENTENCE_ENDS: Final = "。！？!?…"
CLOSERS: Final = "”’」』）)\"'》"
UNKNOWN: Final = "withheld with the text of its source"

Row = dict[str, Any]
Change = Callable[[Row], Row | None]
Tables = Mapping[str, "pa.Table"]


@dataclass(frozen=True, slots=True)
class Withheld:
    """What one source lost.

    Attributes:
        source_id: The source.
        collection: Its collection.
        redistribution: `excerpt` or `metadata`.
        articles: Ids of the articles cut.
        characters: Code points of body taken away.
        mentions: Ids of the mentions dropped.
        reports: Ids of the event reports dropped.
        cells: Summaries, captions, texts of links, date texts and rejected values emptied, aliases removed.
    """

    source_id: str
    collection: str
    redistribution: str
    articles: tuple[str, ...] = ()
    characters: int = 0
    mentions: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    cells: int = 0


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


def enforce(tables: Tables) -> "tuple[dict[str, pa.Table], tuple[Withheld, ...]]":
    """The tables as they may be published, and what each source lost.

    Args:
        tables: All tables of a build.
    """
    limited = {
        row["source_id"]: row
        for row in tables["sources"].select(["source_id", "collection", "redistribution", "encoding"]).to_pylist()
        if row["redistribution"] != FULL
    }
    if not limited:
        return dict(tables), ()
    work = _Withholding(limited)
    published = dict(tables)
    for name, column, change in work.changes():
        published[name] = rewrite(tables[name], tables[name].column(column).to_pylist(), work.owner(column), change)
    change = work.alias_change(published["mentions"])
    ids = tables["entities"].column("entity_id").to_pylist()
    published["entities"] = rewrite(tables["entities"], ids, work.unseen.__contains__, change)
    return published, work.summary()


def rewrite(table: "pa.Table", values: Sequence[Any], affected: Callable[[Any], bool], change: Change) -> "pa.Table":
    """The table with the affected rows changed, or dropped where `change` returns None; the order stays."""
    import pyarrow as pa

    hits = [index for index, value in enumerate(values) if affected(value)]
    if not hits:
        return table
    changed = [change(row) for row in table.take(hits).to_pylist()]
    position = {index: number for number, index in enumerate(hits)}
    kept = [row for row in changed if row is not None]
    place, order = 0, []
    for index in range(table.num_rows):
        if index not in position:
            order.append(index)
        elif changed[position[index]] is not None:
            order.append(table.num_rows + place)
            place += 1
    both = pa.concat_tables([table, pa.Table.from_pylist(kept, schema=table.schema)])
    return both.take(order).combine_chunks()


class _Withholding:
    """The changes of all tables, and the tally of what they took."""

    def __init__(self, limited: Mapping[str, Row]) -> None:
        self._limited = limited
        self._source: dict[str, str] = {}  # of an article
        self._kept: dict[str, tuple[str, str]] = {}  # title and body of an article, as published
        self._articles: dict[str, list[str]] = {source: [] for source in limited}
        self._mentions: dict[str, list[str]] = {source: [] for source in limited}
        self._reports: dict[str, list[str]] = {source: [] for source in limited}
        self._characters = dict.fromkeys(limited, 0)
        self._cells = dict.fromkeys(limited, 0)
        self.unseen: dict[str, dict[str, str]] = {}  # entity -> surface of a dropped mention -> its source

    def changes(self) -> tuple[tuple[str, str, Change], ...]:
        """(table, column that says whose row it is, change): articles first, the others depend on them."""
        return (
            ("articles", "source_id", self._article),
            ("media", "article_id", lambda row: self._empty(row, "caption")),
            ("links", "article_id", lambda row: self._empty(row, "text")),
            ("mentions", "article_id", self._mention),
            ("event_reports", "article_id", self._report),
            ("rejects", "source_id", self._reject),
        )

    def owner(self, column: str) -> Callable[[Any], bool]:
        """Whether a value of that column belongs to a source with limited rights."""
        return (self._limited if column == "source_id" else self._source).__contains__

    def summary(self) -> tuple[Withheld, ...]:
        """What each source lost, in the order of `sources`."""
        return tuple(
            Withheld(
                source,
                row["collection"],
                row["redistribution"],
                tuple(self._articles[source]),
                self._characters[source],
                tuple(self._mentions[source]),
                tuple(self._reports[source]),
                self._cells[source],
            )
            for source, row in self._limited.items()
        )

    def _article(self, row: Row) -> Row:
        source = self._limited[row["source_id"]]
        body = row["body"] or ""
        kept = excerpt(body) if source["redistribution"] == "excerpt" else ""
        self._source[row["article_id"]] = row["source_id"]
        self._kept[row["article_id"]] = (row["title"] or "", kept)
        if len(kept) < len(body):
            self._articles[row["source_id"]].append(row["article_id"])
            self._characters[row["source_id"]] += len(body) - len(kept)
        segments = [_clip(segment, kept, source["encoding"], body) for segment in row["segments"] or ()]
        self._cells[row["source_id"]] += row["summary"] is not None
        return {**row, "body": kept, "summary": None, "segments": [s for s in segments if s is not None]}

    def _empty(self, row: Row, column: str) -> Row:
        self._cells[self._source[row["article_id"]]] += row[column] is not None
        return {**row, column: None}

    def _mention(self, row: Row) -> Row | None:
        if self._visible(row):
            return row
        source = self._source[row["article_id"]]
        self._mentions[source].append(row["mention_id"])
        self.unseen.setdefault(row["entity_id"], {})[row["surface"]] = source
        return None

    def alias_change(self, mentions: "pa.Table") -> Change:
        """The change of entities: no alias that only withheld text has. `mentions` are those published."""
        seen = set(zip(mentions.column("entity_id").to_pylist(), mentions.column("surface").to_pylist(), strict=True))

        def change(row: Row) -> Row:
            hidden = self.unseen[row["entity_id"]]
            gone = [alias for alias in row["aliases"] if alias in hidden and (row["entity_id"], alias) not in seen]
            for alias in gone:
                self._cells[hidden[alias]] += 1
            return {**row, "aliases": [alias for alias in row["aliases"] if alias not in gone]}

        return change

    def _report(self, row: Row) -> Row | None:
        source = self._source[row["article_id"]]
        if not self._visible(row):
            self._reports[source].append(row["report_id"])
            return None
        text = row["date_text"]
        if text is None or any(text in kept for kept in self._kept[row["article_id"]]):
            return row
        self._cells[source] += 1  # the date was read from a sentence that is withheld; what it means stays
        return {**row, "date_text": None}

    def _visible(self, row: Row) -> bool:
        return bool(row["field"] == "title" or row["end"] <= len(self._kept[row["article_id"]][1]))

    def _reject(self, row: Row) -> Row:
        """Messages may quote the value, so the title of the code stands in for them."""
        self._cells[row["source_id"]] += row["value"] is not None
        code = CODES.get(row["code"])
        return {**row, "value": None, "message": code.title if code else UNKNOWN}


def _clip(segment: Row, kept: str, encoding: str | None, body: str) -> Row | None:
    """A segment as far as it points into what is kept; one that is cut through stays only if it maps byte by byte."""
    end = segment["text_start"] + segment["text_length"]
    if segment["field"] == "title" or end <= len(kept):
        return segment
    length = len(kept) - segment["text_start"]
    if length <= 0:
        return None
    try:
        whole = len(body[segment["text_start"] : end].encode(encoding or "utf-8"))
        part = len(kept[segment["text_start"] :].encode(encoding or "utf-8"))
    except (UnicodeEncodeError, LookupError):
        return None
    if whole != segment["source_length"]:
        return None
    return {**segment, "text_length": length, "source_length": part}


def findings(withheld: Sequence[Withheld]) -> list[Finding]:
    """One note per collection that lost text."""
    sums: dict[tuple[str, str], list[int]] = {}
    for lost in withheld:
        total = sums.setdefault((lost.collection, lost.redistribution), [0, 0, 0, 0, 0])
        numbers = (len(lost.articles), lost.characters, len(lost.mentions), len(lost.reports), lost.cells)
        sums[lost.collection, lost.redistribution] = [a + b for a, b in zip(total, numbers, strict=True)]
    return [
        finding(
            "text-withheld",
            f"collection {collection} ({rule}): {articles} articles cut by {characters:,} code points, "
            f"{mentions} mentions and {reports} event reports dropped, {cells} cells emptied",
            resource="articles",
            count=articles,
        )
        for (collection, rule), (articles, characters, mentions, reports, cells) in sums.items()
    ]
