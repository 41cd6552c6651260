"""Sorting tables that do not fit in memory: rows are spread over files by ranges of their first key, each sorted alone.

The result depends neither on where the ranges end nor on how many there are.
"""

import bisect
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from broadsheet.engine import disk
from broadsheet.resolve.held import BATCH_ROWS, Held, Read

if TYPE_CHECKING:
    import pyarrow as pa

IN_MEMORY: Final = 32 * 1024 * 1024
"""Bytes of rows that are sorted at once, about."""

BATCH_BYTES: Final = 4 * 1024 * 1024
"""Bytes of a batch as it is stored, about."""

SAMPLED: Final = 65_536
"""Keys kept to find ranges of about equal size."""


def in_order(read: Read, schema: "pa.Schema", by: Sequence[str], file: Path, *, first: int = 1) -> Held:
    """A table sorted; rows that are equal stay in the order they came.

    Args:
        read: Reads the rows; called twice.
        schema: Of the rows.
        by: Columns to sort by.
        file: Where to put the rows if they are too many for memory; files beside it are used on the way.
        first: How many of the columns, all texts, make the key that ranges are of.

    Raises:
        BroadsheetError: `write-failed`.
    """
    count, sample = _sampled(read, by[:first])
    size = count * _row_bytes(read, schema)
    if size <= IN_MEMORY:
        return Held.of(sorted_rows(read(schema.names), schema, by))
    ranges = int(size // IN_MEMORY) + 1
    bounds = sorted({sample[len(sample) * at // ranges] for at in range(1, ranges)})
    parts = [file.with_name(f"{file.name}.{at:04}") for at in range(len(bounds) + 1)]
    rows_per_batch = max(1, min(BATCH_ROWS, BATCH_BYTES * count // size))
    with ExitStack() as stack:
        rows_at_once = max(1, 4 * rows_per_batch // len(parts))
        writers = [stack.enter_context(_Writer(part, schema, rows_at_once)) for part in parts]
        _spread(read(schema.names), by[:first], bounds, writers)
    with _Writer(file, schema, rows_per_batch) as stored:
        for part in parts:
            stored.write(sorted_rows(_stored(part, schema)(schema.names), schema, by))
            part.unlink()
    return Held(schema, count, _stored(file, schema))


def sorted_rows(rows: "Iterable[pa.Table]", schema: "pa.Schema", by: Sequence[str]) -> "pa.Table":
    """Rows sorted, in memory, as one chunk."""
    import pyarrow as pa

    whole = pa.concat_tables([schema.empty_table(), *rows])
    return whole.sort_by([(column, "ascending") for column in by]).combine_chunks()


def _spread(
    batches: "Iterable[pa.Table]", by: Sequence[str], bounds: Sequence[str], writers: "Sequence[_Writer]"
) -> None:
    """Write each row to the file of its range."""
    import numpy as np
    import pyarrow as pa

    for rows in batches:
        ranges = np.array([bisect.bisect_right(bounds, key) for key in _keys(rows, by)], dtype=np.int64)
        order = np.argsort(ranges, kind="stable")
        ends = np.searchsorted(ranges[order], np.arange(len(writers) + 1)).tolist()
        spread = rows.take(pa.array(order))
        for writer, start, end in zip(writers, ends[:-1], ends[1:], strict=True):
            writer.write(spread.slice(start, end - start))


def _sampled(read: Read, by: Sequence[str]) -> tuple[int, list[str]]:
    """Number of rows, and the keys of some of them, sorted."""
    count, step, sample = 0, 1, []
    for rows in read(by):
        sample += [key for at, key in enumerate(_keys(rows, by), count) if at % step == 0]
        count += rows.num_rows
        while len(sample) > SAMPLED:
            sample, step = sample[::2], step * 2
    return count, sorted(sample)


def _keys(rows: "pa.Table", by: Sequence[str]) -> list[str]:
    """What ranges are of. Texts of Python sort as those of Arrow do; what is missing comes last."""
    columns: list[list[Any]] = [rows.column(name).to_pylist() for name in by]
    return ["\0".join("\U0010ffff" if part is None else part for part in key) for key in zip(*columns, strict=True)]


def _row_bytes(read: Read, schema: "pa.Schema") -> int:
    """Bytes of a row in memory, by the first batch."""
    rows = next(iter(read(schema.names)), None)
    return 0 if rows is None or not rows.num_rows else max(1, rows.nbytes // rows.num_rows)


def _stored(file: Path, schema: "pa.Schema") -> Read:
    """Reads a file that `_Writer` wrote."""

    def read(columns: Sequence[str]) -> "Iterator[pa.Table]":
        import pyarrow as pa

        options = pa.ipc.IpcReadOptions(included_fields=[schema.get_field_index(name) for name in columns])
        with disk.arrow_file(file) as source, pa.ipc.open_file(source, options=options) as stored:
            for at in range(stored.num_record_batches):
                yield pa.Table.from_batches([stored.get_batch(at)])

    return read


class _Writer:
    """Writes rows to a file on the way; nothing trusts it after this build, so it is not flushed to the disk."""

    def __init__(self, file: Path, schema: "pa.Schema", rows_per_batch: int) -> None:
        import pyarrow as pa

        self._file = file
        self._rows = rows_per_batch
        self._waiting: list[pa.Table] = []
        with disk.told(file):
            file.parent.mkdir(parents=True, exist_ok=True)
            self._stream = file.open("wb")
            self._writer = pa.ipc.new_file(self._stream, schema, options=pa.ipc.IpcWriteOptions(compression="lz4"))

    def write(self, rows: "pa.Table") -> None:
        """Write some rows; few at a time are gathered first."""
        self._waiting.append(rows)
        if sum(piece.num_rows for piece in self._waiting) >= self._rows:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if self._waiting:
            with disk.told(self._file):
                rows = pa.concat_tables(self._waiting).combine_chunks()
                self._writer.write_table(rows, max_chunksize=self._rows)
            self._waiting.clear()

    def __enter__(self) -> "_Writer":
        return self

    def __exit__(self, *problem: object) -> None:
        if problem[0] is None:
            self._flush()
        with disk.told(self._file):
            self._writer.close()
            self._stream.close()
