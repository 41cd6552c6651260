"""Parquet as it is published: bytes that depend on rows and schema only, and memory for one row group.

A row group is closed at a number of rows or of bytes, whichever comes first. Both are counted of the rows themselves,
not of the batches they happen to come in, so that the same rows give the same file whoever hands them over.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from broadsheet.engine.disk import arrow_file

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

GROUP_ROWS: Final = 65_536
GROUP_BYTES: Final = 32 * 1024 * 1024
"""Of Arrow; a group is closed at the first multiple of `STEP` rows at or above it."""
STEP: Final = 512


def write_parquet(file: Path, schema: "pa.Schema", batches: "Iterable[pa.RecordBatch]") -> None:
    """Write rows as plain Parquet: no pandas or datasets metadata, page index, zstd.

    Args:
        file: Where to.
        schema: Columns and types; metadata is dropped.
        batches: Rows in order, of that schema.
    """
    with file.open("wb") as stream, _writer(stream, schema) as writer:
        for group in groups(batches, schema):
            writer.write_table(group, row_group_size=GROUP_ROWS)


def write_groups(file: Path, source: Path, numbers: Sequence[int]) -> None:
    """Write some row groups of a published Parquet file as a file of their own, group by group."""
    import pyarrow.parquet as pq

    with arrow_file(source) as opened, file.open("wb") as stream:
        parquet = pq.ParquetFile(opened)
        with _writer(stream, parquet.schema_arrow) as writer:
            for number in numbers:
                group = parquet.read_row_group(number, use_threads=False).combine_chunks()
                writer.write_table(group, row_group_size=GROUP_ROWS)


def _writer(stream: Any, schema: "pa.Schema") -> "pq.ParquetWriter":
    import pyarrow.parquet as pq

    plain = schema.remove_metadata()
    return pq.ParquetWriter(stream, plain, compression="zstd", compression_level=6, write_page_index=True)


def groups(batches: "Iterable[pa.RecordBatch]", schema: "pa.Schema") -> "Iterator[pa.Table]":
    """Rows as the row groups they are written in."""
    held: list[pa.RecordBatch] = []
    rows = bits = 0
    for batch in batches:
        at = 0
        while at < batch.num_rows:
            part = batch.slice(at, STEP - rows % STEP)
            held.append(part)
            at += part.num_rows
            rows += part.num_rows
            bits += sum(map(_bits, part.columns))
            if rows == GROUP_ROWS or (rows % STEP == 0 and bits >= 8 * GROUP_BYTES):
                yield _joined(held, schema)
                held, rows, bits = [], 0, 0
    if held:
        yield _joined(held, schema)


def _joined(batches: "Sequence[pa.RecordBatch]", schema: "pa.Schema") -> "pa.Table":
    import pyarrow as pa

    return pa.Table.from_batches(batches, schema.remove_metadata()).combine_chunks()


def _bits(array: "pa.Array[Any]") -> int:
    """Size of values in Arrow: always with a validity bitmap, which Arrow itself keeps or not as it pleases."""
    import pyarrow.compute as pc
    import pyarrow.types as kinds

    values: Any = array
    kind, count = values.type, len(values)
    if kinds.is_list(kind):
        return 33 * count + _bits(values.flatten())
    if kinds.is_struct(kind):
        return count + sum(map(_bits, values.flatten()))
    if kinds.is_string(kind):
        return 33 * count + 8 * (pc.sum(pc.binary_length(values)).as_py() or 0)
    return count * (1 + int(kind.bit_width))
