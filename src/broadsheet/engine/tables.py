"""Live shards -> the ten final tables: resolved, freed of what breaks a rule, in a stable order.

Tables are held on disk where they are large, and pass through in batches; memory does not grow with their texts.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from broadsheet.engine import disk, shards
from broadsheet.engine.sorting import in_order
from broadsheet.resolve.held import Held
from broadsheet.resolve.quarantine import quarantine
from broadsheet.schema.model import Table

if TYPE_CHECKING:
    import pyarrow as pa

Resolver = Callable[[Mapping[str, Held], Path], dict[str, Held]]
"""From the tables of the shards (entities are drafts that repeat, events are named by article) to all ten; the folder
is for what does not fit in memory."""

ORDER: Final[dict[str, tuple[str, ...]]] = {
    "sources": ("collection", "path"),
    "articles": ("source_path", "source_id", "position", "article_id"),
    "media": ("article_id", "position"),
    "links": ("article_id", "position"),
    "entities": ("entity_id",),
    "mentions": ("article_id", "field", "start", "end", "mention_id"),
    "events": ("event_id",),
    "event_participants": ("event_id", "role", "entity_id"),
    "event_reports": ("event_id", "article_id", "field", "start", "report_id"),
    "rejects": ("source_id", "reject_id"),
}
"""How rows are sorted: as people look for them, and the same on every machine."""

TOGETHER: Final = {"sources": 2}
"""How many columns of the order make a key that few rows share; the first alone does for the other tables."""

ROWS_PER_GROUP: Final = 16_384
ARTICLES_PER_GROUP: Final = 2048
"""Rows of a Parquet row group, which is in memory as a whole while it is written."""

ROUNDS: Final = 3
"""How often the corpus is resolved again after rows it was made from were rejected."""

LAID_OVER: Final = ("articles", "media", "links", "entities", "mentions", "event_reports")
"""Tables over which each round lays its own columns. What was found wrong with `sources` and `rejects` stays."""


def gather(cache: Path, files: Sequence[str], contract: Mapping[str, Table], folder: Path) -> dict[str, Held]:
    """The rows of all live shards, by table, sorted so that the number of shards or workers leaves no trace.

    Args:
        cache: Folder of the shards.
        files: Their names.
        contract: The schemas; shards hold their columns, with nulls anywhere.
        folder: For tables that do not fit in memory; to be removed after use.

    Raises:
        BroadsheetError: `table-unreadable` if a shard was damaged, `write-failed`.
    """
    gathered, opened = {}, shards.opener(cache)
    for name in shards.SHARD_TABLES:
        schema = shards.row_schema(contract[name])
        read = shards.read_rows(cache, opened, files, name, schema)
        gathered[name] = in_order(read, schema, ORDER[name], folder / f"{name}.rows", first=TOGETHER.get(name, 1))
    return gathered


def finish(
    gathered: dict[str, Held], contract: Mapping[str, Table], resolve: Resolver, folder: Path
) -> dict[str, Held]:
    """Resolve the corpus and move what breaks a rule to `rejects`.

    Where a row that others were made from had to go (a mention, a report, an article), the corpus is resolved again
    without it, so that counts and merged rows tell of what is there.

    Args:
        gathered: Tables of the shards; rows are taken out of them.
        contract: The schemas.
        resolve: Resolves the corpus.
        folder: For what does not fit in memory.
    """
    removed = False
    for round_ in range(ROUNDS):
        done = quarantine(_conform(resolve(gathered, folder), contract), contract, folder)
        gathered["rejects"] = done.tables["rejects"]
        if not any(done.removed.get(name) for name in shards.SHARD_TABLES if name != "entities"):
            break
        removed = True
        for name in LAID_OVER if round_ + 1 < ROUNDS else ():
            gathered[name].bare()
    if removed:
        _recount(done.tables["sources"], done.tables["articles"])
    moved = {name for name in contract if name not in shards.SHARD_TABLES} | {"entities", "event_reports", "rejects"}
    return {
        name: in_order(held.batches, held.schema, ORDER[name], folder / f"{name}.sorted") if name in moved else held
        for name, held in ((name, done.tables[name]) for name in contract)
    }


def write(file: Path, held: Held, table: Table) -> None:
    """Write a final table; equal rows give equal bytes (for one version of pyarrow).

    Raises:
        BroadsheetError: `write-failed`.
    """
    import pyarrow.parquet as pq

    from broadsheet.schema.arrow import arrow_schema

    schema = arrow_schema(table)
    rows = ARTICLES_PER_GROUP if table.name == "articles" else ROWS_PER_GROUP

    def fill(stream: IO[bytes]) -> None:
        with pq.ParquetWriter(stream, schema, compression="zstd", compression_level=3) as writer:
            for group in _groups(held, schema, rows):
                writer.write_table(group, row_group_size=rows)

    disk.write(file, fill)


def _groups(held: Held, schema: "pa.Schema", rows: int) -> "Iterator[pa.Table]":
    """The rows, so many at a time; an empty table if there are none."""
    import pyarrow as pa

    waiting, written = schema.empty_table(), False
    for batch in held.batches(schema.names):
        waiting = pa.concat_tables([waiting, batch.cast(schema)])
        while waiting.num_rows >= rows:
            yield waiting.slice(0, rows).combine_chunks()
            waiting, written = waiting.slice(rows), True
    if waiting.num_rows or not written:
        yield waiting.combine_chunks()


def _conform(tables: Mapping[str, Held], contract: Mapping[str, Table]) -> dict[str, Held]:
    """The columns and types of the contract, with nulls allowed: quarantine finds those that are not."""
    conformed = {}
    for name, table in contract.items():
        made = name not in shards.SHARD_TABLES or name == "entities"
        conformed[name] = tables[name].as_types(shards.row_schema(table)) if made else tables[name]
    return conformed


def _recount(sources: Held, articles: Held) -> None:
    """Count the articles that are left, by source."""
    import pyarrow as pa

    counts = Counter(row["source_id"] for row in articles.rows(["source_id"]))
    numbers = [
        pa.array([counts[key] for key in stored.column("source_id").to_pylist()], pa.int64())
        for stored in sources.read(["source_id"])
    ]
    sources.lay("article_count", pa.chunked_array(numbers, pa.int64()))
