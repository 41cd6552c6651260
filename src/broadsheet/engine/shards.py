"""A shard: one Parquet file per bucket of source files, one row per file, with all rows the file gave.

Shards are the cache and what every whole-corpus step reads. They are named by their content and never changed.
"""

import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from broadsheet.engine import disk
from broadsheet.engine.records import Rows
from broadsheet.schema.model import Constraints, Table

if TYPE_CHECKING:
    import pyarrow as pa

BUCKETS: Final = 64
SHARD_TABLES: Final = ("sources", "articles", "media", "links", "entities", "mentions", "event_reports", "rejects")
FACTS: Final = ("collection", "path", "size", "mtime_ns", "sha256", "settings")
FILES_PER_GROUP: Final = 512

Key = tuple[str, str]
"""Collection and path of a source file."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a shard knows of a file.

    Attributes:
        sha256: Of the file when it was read.
        settings: Hash of everything beside the bytes that the rows depend on.
    """

    size: int
    mtime_ns: int
    sha256: str
    settings: str


def bucket_of(key: Key) -> int:
    """The bucket a file belongs to, for ever."""
    return hashlib.sha256("\0".join(key).encode("utf-8", "surrogatepass")).digest()[0] % BUCKETS


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
        (collection, path): Known(size, mtime, sha256, settings)
        for collection, path, size, mtime, sha256, settings in zip(*(columns[name] for name in FACTS), strict=True)
    }


def read_shard(file: Path) -> "pa.Table":
    """A whole shard."""
    return disk.read_parquet(file)


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
    }
    for name in SHARD_TABLES:
        arrays[name] = _nested(tables[name], [getattr(rows, name) for _, _, rows in files])
    return pa.table(arrays)


def _nested(table: Table, rows: list[list[object]]) -> "pa.Array[Any]":
    """Rows of one table, a list for each file."""
    import pyarrow as pa

    from broadsheet.schema.arrow import rows_to_table

    flat = rows_to_table(table, [row for some in rows for row in some])
    columns = [column.combine_chunks() for column in flat.columns]
    offsets = [0]
    for some in rows:
        offsets.append(offsets[-1] + len(some))
    items = pa.StructArray.from_arrays(columns, fields=list(flat.schema))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), items)


def write_shard(cache: Path, bucket: int, table: "pa.Table") -> str:
    """Write a shard under a name that tells its content; the name.

    Raises:
        BroadsheetError: `write-failed`.
    """
    import pyarrow.parquet as pq

    ordered = table.sort_by([("collection", "ascending"), ("path", "ascending")]).combine_chunks()
    buffer = io.BytesIO()
    pq.write_table(ordered, buffer, compression="zstd", row_group_size=FILES_PER_GROUP, store_schema=True)
    data = buffer.getvalue()
    name = f"shard-{bucket:02d}-{hashlib.sha256(data).hexdigest()[:16]}.parquet"
    disk.write(cache / name, lambda stream: stream.write(data))
    return name


def table_of(shards: Iterable["pa.Table"], name: str) -> "pa.Table | None":
    """All rows of one table in some shards; None if there is no shard."""
    import pyarrow as pa

    parts = list(_flattened(shards, name))
    return pa.concat_tables(parts) if parts else None


def empty(table: Table) -> "pa.Table":
    """A table of a shard without rows."""
    from broadsheet.schema.arrow import rows_to_table

    return rows_to_table(table, [])


def _flattened(shards: Iterable["pa.Table"], name: str) -> Iterator["pa.Table"]:
    import pyarrow as pa
    import pyarrow.compute as pc

    for shard in shards:
        for chunk in shard.column(name).chunks:
            rows: Any = pc.list_flatten(chunk)
            yield pa.Table.from_batches([pa.RecordBatch.from_struct_array(rows)])
