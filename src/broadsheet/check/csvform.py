r"""The CSV form of a table: written by `package`, written again by `check` to prove that both forms say the same.

UTF-8, one header line, LF between rows, RFC 4180 quoting where needed. Null is an empty cell. An empty text is an empty
cell as well; which of the two it is, the schema says: a required text column has `missingValues: []`, so an empty
cell there is the empty text (`articles.body` of an article without body), and everywhere else it is null. A nullable
column therefore must not hold empty texts; `package` counts those that would come back as null.

Rows are taken as they come (`Rows`): the Parquet files of a table (`TableFiles`), an Arrow table, or record batches
with their schema. They are read once, batch by batch, and no more than `PIECE` of them is written at a time.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from broadsheet.emitted.tables import TableFiles
from broadsheet.schema.model import Table

if TYPE_CHECKING:
    import pyarrow as pa

Rows: TypeAlias = "TableFiles | pa.Table | pa.RecordBatchReader | Iterable[pa.RecordBatch]"
BATCH: Final = 32_768
"""Rows of a batch at most, where it is ours to say."""
PACKED: Final = 1024 * 1024
"""Bytes of a Parquet file that are read at once, about: fewer rows where rows are long."""
THREADS: Final = 2
"""Threads that write; Arrow keeps no other Python waiting."""
PIECE: Final = 16 * 1024 * 1024
"""Arrow bytes that become text at once."""
DIALECT: Final = {
    "$schema": "https://datapackage.org/profiles/2.0/tabledialect.json",
    "header": True,
    "delimiter": ",",
    "lineTerminator": "\n",
    "quoteChar": '"',
    "doubleQuote": True,
}


def csv_schema(table: Table) -> dict[str, Any]:
    """The published Table Schema of the CSV form."""
    from broadsheet.schema.descriptor import table_schema

    schema = table_schema(table)
    for field, column in zip(schema["fields"], table.fields, strict=True):
        if column.type == "string" and not column.nullable:
            field["missingValues"] = []
    return schema


def csv_chunks(rows: Rows, schema: "pa.Schema | None" = None) -> Iterator[bytes]:
    """The CSV form in pieces, the first of which is the header.

    Args:
        rows: The table.
        schema: Its columns, where `rows` is an iterable that does not know them.
    """
    import pyarrow as pa

    from broadsheet.check.csvcells import csv_lines

    known = schema if schema is not None else rows.schema  # type: ignore[union-attr]
    header = pa.record_batch([pa.array([name]) for name in known.names], [str(at) for at in range(len(known))])
    yield csv_lines(header) or b"\n"
    pieces = (piece for batch in batches(rows) for piece in _pieces(batch))
    with ThreadPoolExecutor(THREADS) as pool:
        written: deque[Future[bytes]] = deque()
        for piece in pieces:
            written.append(pool.submit(csv_lines, piece))
            if len(written) > THREADS:
                yield written.popleft().result()
        while written:
            yield written.popleft().result()


def batches(rows: Rows, columns: list[str] | None = None) -> "Iterator[pa.RecordBatch]":
    """The rows in order, with some columns only if so wished (not of an iterable)."""
    import pyarrow as pa

    if isinstance(rows, TableFiles):
        size = sum(file.stat().st_size for file in rows.files)
        yield from rows.batches(columns, max(1, min(BATCH, PACKED * rows.rows // max(size, 1))))
    elif isinstance(rows, pa.Table):
        yield from (rows if columns is None else rows.select(columns)).to_batches(max_chunksize=BATCH)
    else:
        yield from rows


def _pieces(batch: "pa.RecordBatch") -> "Iterator[pa.RecordBatch]":
    """A batch of long texts in parts."""
    rows = batch.num_rows
    size = max(1, rows * PIECE // max(batch.nbytes, PIECE))
    for start in range(0, rows, size):
        yield batch.slice(start, size)


def csv_agrees(file: Path, rows: Rows) -> bool:
    """Whether a file is the CSV form of the rows, byte for byte; spares the second hash of a file already hashed."""
    with file.open("rb") as stream:
        return all(stream.read(len(chunk)) == chunk for chunk in csv_chunks(rows)) and not stream.read(1)
