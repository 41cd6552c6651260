"""Live shards -> the ten final tables: resolved, freed of what breaks a rule, in a stable order."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from broadsheet.engine import disk, shards
from broadsheet.findings import error
from broadsheet.resolve.quarantine import quarantine
from broadsheet.schema.model import Table

if TYPE_CHECKING:
    import pyarrow as pa

Resolver = Callable[["dict[str, pa.Table]"], "dict[str, pa.Table]"]
"""From the tables of the shards (entities are drafts that repeat, events are named by article) to all ten."""

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

ROWS_PER_GROUP: Final = 16_384

ROUNDS: Final = 3
"""How often the corpus is resolved again after rows it was made from were rejected."""


def gather(cache: Path, files: list[str], tables: Mapping[str, Table]) -> "dict[str, pa.Table]":
    """The rows of all live shards, by table, sorted so that the number of shards or workers leaves no trace.

    Raises:
        BroadsheetError: `table-unreadable` if a shard was damaged.
    """
    import pyarrow as pa

    loaded = []
    for name in files:
        try:
            loaded.append(shards.read_shard(cache / name))
        except (pa.ArrowException, OSError) as problem:
            message = f"The cached shard cannot be read ({type(problem).__name__}). Remove it and build again."
            raise error("table-unreadable", message, path=(cache / name).as_posix()) from problem
    gathered = {}
    for name in shards.SHARD_TABLES:
        table = shards.table_of(loaded, name)
        if table is None:
            table = shards.empty(tables[name])
        gathered[name] = ordered(name, table)
    return gathered


def finish(gathered: "dict[str, pa.Table]", contract: Mapping[str, Table], resolve: Resolver) -> "dict[str, pa.Table]":
    """Resolve the corpus and move what breaks a rule to `rejects`.

    Where a row that others were made from had to go (a mention, a report, an article), the corpus is resolved again
    without it, so that counts and merged rows tell of what is there.
    """
    removed = False
    for _ in range(ROUNDS):
        done = quarantine(_conform(resolve(dict(gathered)), contract), contract)
        lost = [name for name in shards.SHARD_TABLES if name != "entities" and done.removed.get(name)]
        if not lost:
            break
        removed = True
        for name in lost:
            gathered[name] = _only(gathered[name], done.tables[name], contract[name].primary_key)
        gathered["sources"], gathered["rejects"] = done.tables["sources"], done.tables["rejects"]
    tables = done.tables
    if removed:
        tables["sources"] = _recounted(tables["sources"], tables["articles"])
    return {name: ordered(name, tables[name]) for name in contract}


def ordered(name: str, table: "pa.Table") -> "pa.Table":
    """The rows of a table in its order, as one chunk."""
    return table.sort_by([(column, "ascending") for column in ORDER[name]]).combine_chunks()


def write(file: Path, table: "pa.Table") -> None:
    """Write a final table; equal rows give equal bytes (for one version of pyarrow).

    Raises:
        BroadsheetError: `write-failed`.
    """
    import pyarrow.parquet as pq

    def fill(stream: IO[bytes]) -> None:
        pq.write_table(table, stream, compression="zstd", compression_level=3, row_group_size=ROWS_PER_GROUP)

    disk.write(file, fill)


def _conform(tables: "dict[str, pa.Table]", contract: Mapping[str, Table]) -> "dict[str, pa.Table]":
    """The columns and types of the contract, with nulls allowed: quarantine finds those that are not."""
    import pyarrow as pa

    from broadsheet.schema.arrow import arrow_schema

    conformed = {}
    for name, schema in contract.items():
        table = tables[name]
        for column in set(schema.names) - set(table.column_names):  # a column the project added
            table = table.append_column(column, pa.nulls(table.num_rows))
        target = pa.schema([field.with_nullable(True) for field in arrow_schema(schema)])
        conformed[name] = table.select(list(schema.names)).cast(target)
    return conformed


def _only(table: "pa.Table", kept: "pa.Table", key: tuple[str, ...]) -> "pa.Table":
    """The rows whose key is still there."""
    import pyarrow as pa

    keys = set(zip(*(kept.column(column).to_pylist() for column in key), strict=True))
    own = zip(*(table.column(column).to_pylist() for column in key), strict=True)
    return table.filter(pa.array([values in keys for values in own], pa.bool_()))


def _recounted(sources: "pa.Table", articles: "pa.Table") -> "pa.Table":
    """Sources with the number of articles that are left."""
    from collections import Counter

    import pyarrow as pa

    counts = Counter(articles.column("source_id").to_pylist())
    at = sources.schema.get_field_index("article_count")
    numbers = [counts[key] for key in sources.column("source_id").to_pylist()]
    return sources.set_column(at, sources.schema.field(at), pa.array(numbers, pa.int64()))
