"""What the blocklist names is taken out of the rows of all files, before any step that looks at the whole corpus.

So no count, label, merged event or kept duplicate ever knew it. That something was taken down is told by rejects that
quote nothing; the file stays in `sources`, because every reject names its source.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from broadsheet.addresses import address_key
from broadsheet.blocklist import BLOCKLIST, TAKEN_DOWN, Blocklist, Entry
from broadsheet.findings import CODES, Finding, finding
from broadsheet.ids import Numbered, short_hash
from broadsheet.resolve.duplicates import find_copies
from broadsheet.resolve.held import ROW, Held

if TYPE_CHECKING:
    import pyarrow as pa

CODE: Final = "blocked"
HANGING: Final = ("media", "links", "mentions", "event_reports")
"""Tables whose rows go with their article."""
NAMED: Final = 20
"""Copies, and entries that name nothing, that are named one by one."""
TOLD: Final = {
    "articles": f"An article was taken down, as {BLOCKLIST} asks, with all rows that hang on it.",
    "sources": f"The file was taken down, as {BLOCKLIST} asks.",
}
WITHHELD: Final = "A row of a file that holds something taken down."

Tables = dict[str, Held]
Row = dict[str, Any]


@dataclass(slots=True)
class _Found:
    """What the blocklist names, as it stands in the rows.

    Attributes:
        sources: Files that are blocked as a whole.
        articles: Blocked articles, with their source and where they stand in it.
        addresses: Of blocked articles, to be compared.
        left: How many articles of a file are left, for those that have a blocked one.
        names: What blocked entities are called.
        used: Entries that name something.
    """

    sources: set[str] = field(default_factory=set)
    articles: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    addresses: set[str] = field(default_factory=set)
    left: Counter[str] = field(default_factory=Counter)
    names: set[str] = field(default_factory=set)
    used: set[Entry] = field(default_factory=set)

    @property
    def touched(self) -> set[str]:
        """Files that are blocked, or hold a blocked article."""
        return self.sources | {source for source, _, _ in self.articles.values()}


def take_down(tables: Tables, blocklist: Blocklist) -> tuple[Tables, list[Finding]]:
    """The rows of all files without what is blocked, and what is to be told about the list.

    Args:
        tables: Rows of all shards. Rows are taken out of them; tables with other cells are new ones. `aliases` of
            entities are the articles that tell them.
        blocklist: What to take down.
    """
    if not blocklist:
        return tables, []
    found = _Found()
    _find_sources(tables["sources"], blocklist, found)
    rows = _find_articles(tables["articles"], blocklist, found)
    copies = _kept_copies(tables["articles"], found)
    tables["articles"].remove(rows)
    for name in HANGING if found.articles else ():
        _remove(tables[name], "article_id", found.articles.keys())
    _remove_links(tables["links"], blocklist, found)
    if blocklist.entities:
        _take_entities(tables, blocklist, found)
    made = {**tables, "sources": _sources(tables["sources"], found)}
    if blocklist.entities:
        made["event_reports"] = _without_entities(tables["event_reports"], blocklist.entities)
    _remove_drafts(tables["entities"], found)
    made["rejects"] = _rejects(tables["rejects"], found)
    unused = [f"The entry `{entry}` names nothing collected." for entry in blocklist.entries if entry not in found.used]
    more = "{} more entries name nothing collected."
    return made, [*_limited("blocklist-unused", unused, more), *copies]


def _limited(code: str, messages: Sequence[str], more: str) -> Iterator[Finding]:
    """A finding for each of the first, and one that counts the rest."""
    yield from (finding(code, message) for message in messages[:NAMED])
    if (rest := len(messages) - NAMED) > 0:
        yield finding(code, more.format(rest), count=rest)


def _find_sources(sources: Held, blocklist: Blocklist, found: _Found) -> None:
    for row in sources.rows(["source_id", "path", "sha256"]):
        entries = blocklist.of_source(row["source_id"], row["path"], row["sha256"])
        found.used.update(entries)
        if entries:
            found.sources.add(row["source_id"])


def _find_articles(articles: Held, blocklist: Blocklist, found: _Found) -> list[int]:
    """Note the blocked articles; numbers of their rows."""
    numbers = []
    per_source: Counter[str] = Counter()
    columns = ("article_id", "source_id", "url", "body_sha256", "source_start", "source_end", ROW)
    for batch in articles.batches(columns[:-1], numbered=True):
        lists: list[list[Any]] = [batch.column(name).to_pylist() for name in columns]
        for key, source, url, body, start, end, number in zip(*lists, strict=True):
            per_source[source] += 1
            entries = blocklist.of_article(key, url, body)
            found.used.update(entries)
            if entries or source in found.sources:
                found.articles[key] = source, start, end
                found.addresses.update(filter(None, [address_key(url)]))
                numbers.append(number)
    gone = Counter(source for source, _, _ in found.articles.values())
    found.left.update({source: per_source[source] - gone[source] for source in found.touched})
    return numbers


def _kept_copies(articles: Held, found: _Found) -> list[Finding]:
    """Articles with the text or the address of a blocked one: whoever asked for one will hardly mean only that one."""
    if not found.articles:
        return []
    copies = find_copies(articles)
    root = {key: copy.kept for key, copy in copies.items()}
    blocked = {root.get(key, key) for key in found.articles}
    alike = {key for pair in root.items() if pair[1] in blocked for key in pair}
    for row in articles.rows(["article_id", "url"]) if found.addresses else ():
        if address_key(row["url"]) in found.addresses:
            alike.add(row["article_id"])
    kept = sorted(alike - found.articles.keys())
    told = [f"Article {key} is a copy of one that was taken down, and is published." for key in kept]
    more = "{} more articles are copies of some that were taken down, and are published."
    return [*_limited("blocked-copy-kept", told, more)]


def _remove_links(links: Held, blocklist: Blocklist, found: _Found) -> None:
    """Take out what leads to a blocked article from elsewhere: its text is most often the title."""
    if not found.addresses and not any(entry.kind == "url" for entry in blocklist.entries):
        return
    gone: list[int] = []
    for batch in links.batches(["url"], numbered=True):
        lists: list[list[Any]] = [batch.column(name).to_pylist() for name in ("url", ROW)]
        gone += [
            number
            for url, number in zip(*lists, strict=True)
            if url and (address_key(url) in found.addresses or blocklist.of_address(url))
        ]
    links.remove(gone)


def _take_entities(tables: Tables, blocklist: Blocklist, found: _Found) -> None:
    """Take mentions and drafts of blocked entities out."""
    present = set()
    for row in tables["mentions"].rows(["entity_id", "surface"]):
        if row["entity_id"] in blocklist.entities:
            present.add(row["entity_id"])
            found.names.add(row["surface"])
    for row in tables["entities"].rows(["entity_id", "name", "name_en", "name_zh_hans", "name_zh_hant"]):
        if row["entity_id"] in blocklist.entities:
            present.add(row.pop("entity_id"))
            found.names.update(name for name in row.values() if name)
    found.used.update(entry for entry in blocklist.entries if entry.kind == "entity" and entry.value in present)
    for name in ("mentions", "entities"):
        _remove(tables[name], "entity_id", blocklist.entities)


def _without_entities(reports: Held, entities: Collection[str]) -> Held:
    """Event reports in which nothing points to these entities; the clause is told all the same."""

    def change(rows: list[Row]) -> None:
        for row in rows:
            row["participants"] = [p for p in row["participants"] or () if p["entity_id"] not in entities]
            for column in ("place_id", "speaker_id"):
                row[column] = None if row[column] in entities else row[column]

    return _changed(reports, ("participants", "place_id", "speaker_id"), change)


def _remove_drafts(drafts: Held, found: _Found) -> None:
    """Take out what only blocked articles tell of an entity."""
    gone = []
    for batch in drafts.batches(["aliases"], numbered=True) if found.articles else ():
        lists: list[list[Any]] = [batch.column(name).to_pylist() for name in ("aliases", ROW)]
        gone += [number for told, number in zip(*lists, strict=True) if told and found.articles.keys() >= set(told)]
    drafts.remove(gone)


def _sources(sources: Held, found: _Found) -> Held:
    """Files with the articles that are left; what was printed about their rights may be part of what was taken down.

    Of a file of which nothing is left, the path goes, too.
    """
    touched = found.touched

    def change(rows: list[Row]) -> None:
        for row in rows:
            if row["source_id"] in touched:
                row["article_count"] = found.left[row["source_id"]]
                if not row["article_count"]:
                    row["status"] = "rejected"
                    row["path"] = f"{TAKEN_DOWN}{row['source_id']}"
                row["rights_statement"] = None

    return _changed(sources, ("source_id", "path", "article_count", "status", "rights_statement"), change)


def _rejects(rejects: Held, found: _Found) -> Held:
    """Rejects that quote nothing of what is blocked, and those that say that it is."""
    import pyarrow as pa

    touched = found.touched

    def change(rows: list[Row]) -> None:
        for row in rows:
            quoted = any(name in text for text in (row["value"], row["message"]) if text for name in found.names)
            if row["source_id"] not in touched and not quoted:
                continue
            row["value"] = None
            row["message"] = CODES[row["code"]].title if row["code"] in CODES else WITHHELD
            if row["article_id"] in found.articles:
                row["article_id"] = None

    kept = _changed(rejects, ("source_id", "article_id", "code", "message", "value"), change)
    return kept.plus(pa.Table.from_pylist(list(_told(found)), schema=rejects.schema))


def _told(found: _Found) -> Iterable[Row]:
    """The rows that say what was taken down."""
    numbered = Numbered()
    places: list[tuple[str, str, int | None, int | None]] = [("articles", *place) for place in found.articles.values()]
    without = found.sources - {source for source, _, _ in found.articles.values()}
    places += [("sources", source, None, None) for source in without]
    for table, source, start, end in sorted(places, key=lambda place: (place[1], place[2] or 0, place[3] or 0)):
        where = "" if start is None else f"{start}:{end}"
        yield {
            "reject_id": numbered(f"rej-{short_hash(source, CODE, table, None, where)}"),
            "source_id": source,
            "table": table,
            "code": CODE,
            "message": TOLD[table],
            "source_start": start,
            "source_end": end,
        }


def _remove(held: Held, column: str, values: Iterable[str]) -> None:
    """Take out the rows with one of these values."""
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted = pa.array(sorted(values), pa.string())
    gone: list[int] = []
    for batch in held.batches([column], numbered=True):
        gone += batch.filter(pc.is_in(batch.column(column), value_set=wanted)).column(ROW).to_pylist()
    held.remove(gone)


def _changed(held: Held, columns: Sequence[str], change: Callable[[list[Row]], None]) -> Held:
    """A table with other cells in some columns, batch by batch as it is read.

    Args:
        held: The table as it is stored; nothing may be laid over it.
        columns: Those that are changed, and that the change must know.
        change: Changes rows of just these columns in place.
    """

    def read(wanted: Sequence[str]) -> "Iterator[pa.Table]":
        import pyarrow as pa

        others = [name for name in wanted if name not in columns]
        if len(others) == len(wanted):
            yield from held.read(wanted)
            return
        for stored in held.read([*others, *columns]):
            rows = stored.select(list(columns)).to_pylist()
            change(rows)
            new = pa.Table.from_pylist(rows, schema=pa.schema([stored.schema.field(name) for name in columns]))
            arrays: list[Any] = [(new if name in columns else stored).column(name) for name in wanted]
            yield pa.Table.from_arrays(arrays, schema=pa.schema([stored.schema.field(name) for name in wanted]))

    return Held(held.schema, held.stored, read, held.gone)
