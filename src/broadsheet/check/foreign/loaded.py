"""Tables of others as views of text in DuckDB: `c0`, `c1`, ... with the line and the file each row stands in."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from broadsheet.check.foreign.delimited import Row, Tally, Unreadable
from broadsheet.emitted.tables import ROW
from broadsheet.sql import literal, quoted

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

ROWS: Final = 8_192
CHARACTERS: Final = 16 << 20  # of a batch
COLUMNS: Final = 10_000


class Source(Protocol):
    """Whatever gives rows of text."""

    header: list[str] | None
    shown: str
    lines: bool
    named: bool

    def rows(self) -> Iterator[Row]:
        """Line and cells of each row."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A table that can be asked.

    Attributes:
        name: Of the resource.
        view: Name of its view.
        header: Names of its columns, as it has them.
        native: Whether each column had a type of its own, so that formats and missing values do not matter.
        files: What stands in the view's column `part`, as a user knows it.
        rows: How many.
        lines: Whether `line` is a line of a file, and not the number of a row.
        named: Whether the file names its columns.
    """

    name: str
    view: str
    header: list[str]
    native: list[bool]
    files: list[str]
    rows: int
    lines: bool
    named: bool = True


def store(name: str, view: str, source: Source, connection: "duckdb.DuckDBPyConnection", tally: Tally) -> Loaded:
    """Read a table to its end, into a file of the connection's own folder.

    Args:
        name: Of the resource.
        view: To make.
        source: Its rows.
        connection: With a `temp_directory`.
        tally: Takes rows that are not as they should be.

    Raises:
        Unreadable: If it has no header, or more columns than are read.
    """
    import pyarrow.parquet as pq

    folder = connection.execute("SELECT current_setting('temp_directory')").fetchone()
    assert folder is not None  # a setting always has a value
    file = Path(str(folder[0])) / f"{view}.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    files: list[str] = []
    writer, rows = None, 0
    stopped: Unreadable | None = None
    try:
        for batch in _batches(source, files, tally):
            writer = writer or pq.ParquetWriter(file, batch.schema, compression="lz4")
            writer.write_batch(batch)
            rows += batch.num_rows
    except Unreadable as problem:
        stopped = problem
    finally:
        if writer is not None:
            writer.close()
    header = source.header
    if stopped is not None:
        if header is None or not rows:
            raise stopped
        tally.gather.add(stopped.code, str(stopped), resource=name)
    if header is None:
        raise Unreadable("it has no header")
    if writer is None:
        empty = ", ".join(f"NULL::VARCHAR AS c{at}" for at in range(len(header)))
        columns = f"{empty}, NULL::BIGINT AS line, NULL::INTEGER AS part" if header else "NULL::BIGINT AS line"
        connection.execute(f"CREATE TEMP VIEW {view} AS SELECT {columns} WHERE false")
    else:
        connection.execute(f"CREATE TEMP VIEW {view} AS SELECT * FROM read_parquet({literal(str(file))})")
    return Loaded(name, view, header, [False] * len(header), files, rows, source.lines, source.named)


def _batches(source: Source, files: list[str], tally: Tally) -> "Iterator[pa.RecordBatch]":
    lines: list[int] = []
    cells: list[list[str | None]] = []
    parts: list[int] = []
    size = 0
    try:
        for line, row in source.rows():
            if not files or files[-1] != source.shown:
                files.append(source.shown)
            if len(row) > COLUMNS:
                raise Unreadable(f"it has more than {COLUMNS:,} columns", "package-limit")
            lines.append(line)
            cells.append(row)
            parts.append(len(files) - 1)
            size += sum(map(len, filter(None, row)))
            if len(cells) >= ROWS or size >= CHARACTERS:
                yield _batch(lines, cells, parts, files, tally)
                lines, cells, parts, size = [], [], [], 0
    except Unreadable:
        if cells:
            yield _batch(lines, cells, parts, files, tally)
        raise
    if cells:
        yield _batch(lines, cells, parts, files, tally)


def _batch(
    lines: list[int], cells: list[list[str | None]], parts: list[int], files: list[str], tally: Tally
) -> "pa.RecordBatch":
    import pyarrow as pa

    names, arrays = [], []
    for at, column in enumerate(zip(*cells, strict=True)):
        names.append(f"c{at}")
        try:
            arrays.append(pa.array(column, pa.string()))
        except UnicodeEncodeError:
            arrays.append(pa.array(_mended(column, lines, parts, files, tally), pa.string()))
    arrays += [pa.array(lines, pa.int64()), pa.array(parts, pa.int32())]
    return pa.RecordBatch.from_arrays(arrays, [*names, "line", "part"])


def _mended(
    column: tuple[str | None, ...], lines: list[int], parts: list[int], files: list[str], tally: Tally
) -> list[str | None]:
    """Cells with U+FFFD for what is no text, each counted."""
    mended: list[str | None] = []
    for cell, line, part in zip(column, lines, parts, strict=True):
        sound = cell if cell is None else cell.encode("utf-8", "replace").decode("utf-8")
        if sound != cell:
            tally.add("a cell with bytes that are not of the encoding", files[part], line)
        mended.append(sound)
    return mended


def show_parquet(
    name: str, view: str, files: list[tuple[Path, str]], connection: "duckdb.DuckDBPyConnection"
) -> Loaded:
    """Parquet files as a view of text, as it would stand in a CSV file.

    Raises:
        Unreadable: If they are none, or differ in columns.
    """
    import pyarrow as pa

    from broadsheet.emitted.tables import read_footers, readable

    try:
        found = read_footers(name, [file for file, _ in files])
    except (pa.ArrowException, OSError, ValueError) as problem:
        raise Unreadable(str(problem).splitlines()[0][:160], "table-unreadable") from problem
    paths = [literal(readable(file)) for file in found.files]
    listed = ", ".join(paths)
    read = f"read_parquet([{listed}], file_row_number = true, filename = '{ROW} file', hive_partitioning = false)"
    shown = ", ".join(f"{_as_text(field)} AS c{at}" for at, field in enumerate(found.schema))
    part = " ".join(f"WHEN {path} THEN {at}" for at, path in enumerate(paths))
    query = f"SELECT {shown}, {ROW} + 1 AS line, CASE {quoted(f'{ROW} file')} {part} END AS part FROM {read}"
    connection.execute(f"CREATE TEMP VIEW {view} AS {query}")
    native = [not _is_text(field.type) for field in found.schema]
    return Loaded(name, view, list(found.columns), native, [shown for _, shown in files], found.rows, lines=False)


def _is_text(kind: Any) -> bool:
    import pyarrow.types as kinds

    return bool(kinds.is_string(kind) or kinds.is_large_string(kind))


def _as_text(field: Any) -> str:
    import pyarrow.types as kinds

    column, kind = quoted(field.name), field.type
    if kinds.is_timestamp(kind):
        return f"strftime({column}::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%fZ')"
    if kinds.is_nested(kind):
        return f"to_json({column})::VARCHAR"
    if kinds.is_binary(kind) or kinds.is_large_binary(kind):
        return f"to_base64({column}::BLOB)"
    return f"{column}::VARCHAR"
