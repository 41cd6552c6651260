"""A shard: one Parquet file per bucket of source files, one row per file, with all rows the file gave.

Shards are the cache and what every whole-corpus step reads. They are named by their content and never changed.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from broadsheet.engine import disk
from broadsheet.engine.records import Rows
from broadsheet.findings import error
from broadsheet.resolve.held import Read
from broadsheet.resolve.sketch import BYTES, SKETCH, sketches
from broadsheet.schema.model import Constraints, Table

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

    Opener = Callable[[str], pq.ParquetFile]

BUCKETS: Final = 64
SMALL: Final = 1 << 20
"""Bytes of a shard that is kept open while tables are gathered; what a large one has to be read by takes up memory."""
SHARD_TABLES: Final = ("sources", "articles", "media", "links", "entities", "mentions", "event_reports", "rejects")
FACTS: Final = ("collection", "path", "size", "mtime_ns", "sha256", "settings", "learnt")
TAUGHT: Final = ("article", "language", "form", "entity_id", "type", "how", "own")
"""Columns of the names a file teaches; `article` is its position in the file."""
FILES_PER_GROUP: Final = 512
BYTES_PER_GROUP: Final = 32 * 1024 * 1024
FILES_PER_READ: Final = 64

Key = tuple[str, str]
"""Collection and path of a source file."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a shard knows of a file.

    Attributes:
        sha256: Of the file when it was read.
        settings: Hash of everything beside the bytes that the rows depend on, but for other files.
        learnt: Hash of the names it was annotated with that other files taught; "" if there are none.
    """

    size: int
    mtime_ns: int
    sha256: str
    settings: str
    learnt: str = ""


def bucket_of(key: Key) -> str:
    """The bucket a file belongs to, for ever."""
    number = hashlib.sha256("\0".join(key).encode("utf-8", "surrogatepass")).digest()[0] % BUCKETS
    return f"{number:02d}"


def relaxed(tables: Mapping[str, Table]) -> dict[str, Table]:
    """The shard tables with every column nullable: what breaks a rule is found later, and named."""
    return {
        name: replace(
            tables[name], fields=tuple(replace(field, constraints=Constraints()) for field in tables[name].fields)
        )
        for name in SHARD_TABLES
    }


def read_facts(file: Path) -> dict[Key, Known]:
    """What a shard knows of its files, without their rows."""
    columns = disk.read_parquet(file, columns=list(FACTS)).to_pydict()
    return {
        (collection, path): Known(size, mtime, sha256, settings, learnt)
        for collection, path, size, mtime, sha256, settings, learnt in zip(
            *(columns[name] for name in FACTS), strict=True
        )
    }


def read_lists(file: Path, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Rows of a shard, one per file, with these columns; `articles.title` is the titles of its articles, and so on.

    Args:
        file: The shard.
        columns: Facts, and columns of nested tables; all that is asked of a table.
    """
    import pyarrow.parquet as pq

    nested = [column.replace(".", ".list.element.") for column in columns]
    with disk.arrow_file(file) as stream, pq.ParquetFile(stream) as shard:
        for batch in shard.iter_batches(batch_size=FILES_PER_READ, columns=nested):
            yield from batch.to_pylist()


def read_pieces(file: Path) -> Iterator["pa.Table"]:
    """A whole shard, some files at a time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with disk.arrow_file(file) as stream, pq.ParquetFile(stream) as shard:
        for batch in shard.iter_batches(batch_size=FILES_PER_READ):
            yield pa.Table.from_batches([batch])


def opener(cache: Path) -> "Opener":
    """Opens shards, and keeps the small ones open: those take longer to open than to read.

    Args:
        cache: Folder of the shards.
    """
    import pyarrow.parquet as pq

    def opened(file: str) -> "pq.ParquetFile":
        return pq.ParquetFile(disk.arrow_file(cache / file))

    kept = lru_cache(maxsize=BUCKETS)(opened)
    return lambda file: (kept if (cache / file).stat().st_size <= SMALL else opened)(file)


def read_rows(cache: Path, opened: "Opener", files: Sequence[str], name: str, schema: "pa.Schema") -> Read:
    """Reads the rows of one table from shards, some columns of it, some files at a time.

    Args:
        cache: Folder of the shards.
        opened: Opens them.
        files: Their names.
        name: Of the table.
        schema: Of its rows; null where a shard lacks a column, because the project added it since.

    Raises:
        BroadsheetError: `table-unreadable` if a shard was damaged; when it is read.
    """

    def read(columns: Sequence[str]) -> "Iterator[pa.Table]":
        import pyarrow as pa

        wanted = pa.schema([schema.field(column) for column in columns])
        for file in files:
            try:
                yield from _rows(opened(file), name, wanted)
            except (pa.ArrowException, OSError) as problem:
                message = f"The cached shard cannot be read ({type(problem).__name__}). Remove it and build again."
                raise error("table-unreadable", message, path=(cache / file).as_posix()) from problem

    return read


def _rows(shard: "pq.ParquetFile", name: str, schema: "pa.Schema") -> Iterator["pa.Table"]:
    import pyarrow as pa
    import pyarrow.compute as pc

    nested: Any = shard.schema_arrow.field(name).type
    known = {nested.value_type.field(at).name for at in range(nested.value_type.num_fields)}
    columns = [f"{name}.list.element.{column}" for column in schema.names if column in known]
    for batch in shard.iter_batches(batch_size=FILES_PER_READ, columns=columns or [name]):
        lists: Any = batch.column(0)
        rows = pa.RecordBatch.from_struct_array(pc.list_flatten(lists))
        arrays: list[Any] = [
            rows.column(field.name).cast(field.type) if field.name in known else pa.nulls(rows.num_rows, field.type)
            for field in schema
        ]
        yield pa.Table.from_arrays(arrays, schema=schema)


def make_shard(files: Iterable[tuple[Key, Known, Rows]], tables: Mapping[str, Table]) -> "pa.Table":
    """Rows of files as a shard.

    Args:
        files: Key, facts and rows of each.
        tables: The relaxed tables.

    Raises:
        ValueError: If a value is not of its column's type; names table and column.
    """
    import pyarrow as pa

    files = list(files)
    arrays: dict[str, pa.Array[Any]] = {
        "collection": pa.array([key[0] for key, _, _ in files], pa.string()),
        "path": pa.array([key[1] for key, _, _ in files], pa.string()),
        "size": pa.array([known.size for _, known, _ in files], pa.int64()),
        "mtime_ns": pa.array([known.mtime_ns for _, known, _ in files], pa.int64()),
        "sha256": pa.array([known.sha256 for _, known, _ in files], pa.string()),
        "settings": pa.array([known.settings for _, known, _ in files], pa.string()),
        "learnt": pa.array([known.learnt for _, known, _ in files], pa.string()),
        "taught": pa.array([rows.taught for _, _, rows in files], taught_type()),
    }
    for name in SHARD_TABLES:
        arrays[name] = _nested(tables[name], [getattr(rows, name) for _, _, rows in files])
    return pa.table(arrays)


def taught_type() -> "pa.DataType":
    """Of the column of names a file teaches."""
    import pyarrow as pa

    types = {"article": pa.int64(), "own": pa.bool_()}
    return pa.list_(pa.struct([pa.field(name, types.get(name, pa.string())) for name in TAUGHT]))


def _nested(table: Table, rows: list[list[Any]]) -> "pa.Array[Any]":
    """Rows of one table, a list for each file; articles with their sketches."""
    import pyarrow as pa

    from broadsheet.schema.arrow import rows_to_table

    flat = rows_to_table(table, [row for some in rows for row in some])
    if table.name == "articles":
        flat = flat.append_column(SKETCH, sketches(row.body for some in rows for row in some))
    columns = [column.combine_chunks() for column in flat.columns]
    offsets = [0]
    for some in rows:
        offsets.append(offsets[-1] + len(some))
    items = pa.StructArray.from_arrays(columns, fields=list(flat.schema))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), items)


def row_schema(table: Table) -> "pa.Schema":
    """Columns of the rows that shards hold of a table: nulls anywhere, and the sketches of articles."""
    import pyarrow as pa

    from broadsheet.schema.arrow import arrow_schema

    fields = [field.with_nullable(True) for field in arrow_schema(table)]
    return pa.schema([*fields, pa.field(SKETCH, pa.binary(BYTES))] if table.name == "articles" else fields)


def write_shard(cache: Path, bucket: str, pieces: Iterable["pa.Table"]) -> str | None:
    """Write a shard under a name that tells its content; the name, or None if there is nothing to write.

    Args:
        cache: Folder of the shards.
        bucket: Number of the shard.
        pieces: Its rows, some files at a time; only a group of them is in memory at once.

    Raises:
        BroadsheetError: `write-failed`.
    """
    import pyarrow.parquet as pq

    groups = _groups(pieces)
    first = next(groups, None)
    if first is None:
        return None

    def fill(stream: IO[bytes]) -> None:
        with pq.ParquetWriter(stream, first.schema, compression="zstd", store_schema=True) as writer:
            for group in chain([first], groups):
                writer.write_table(group, row_group_size=FILES_PER_GROUP)

    def name(content: str) -> str:
        return f"shard-{bucket}-{content[:16]}.parquet"

    return disk.write_named(cache, f"shard-{bucket}", fill, name)


def _groups(pieces: Iterable["pa.Table"]) -> Iterator["pa.Table"]:
    """The same rows, as many at a time as make a row group."""
    import pyarrow as pa

    waiting: list[pa.Table] = []
    for piece in pieces:
        waiting.append(piece)
        if sum(p.num_rows for p in waiting) >= FILES_PER_GROUP or sum(p.nbytes for p in waiting) >= BYTES_PER_GROUP:
            whole = pa.concat_tables(waiting)
            while whole.num_rows >= FILES_PER_GROUP or whole.nbytes >= BYTES_PER_GROUP:
                yield whole.slice(0, FILES_PER_GROUP).combine_chunks()
                whole = whole.slice(FILES_PER_GROUP)
            waiting = [whole] if whole.num_rows else []
    if waiting:
        yield pa.concat_tables(waiting).combine_chunks()
