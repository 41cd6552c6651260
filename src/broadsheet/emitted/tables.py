"""The Parquet files of a table, read without holding them: footers, batches of rows, views in DuckDB."""

import atexit
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from broadsheet.engine.disk import arrow_file
from broadsheet.sql import literal, quoted

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

MEMORY: Final = "512MB"
"""What DuckDB may hold; beyond it, it writes to a temporary folder."""
BATCH: Final = 8_192
"""Rows of a batch."""
PATTERN: Final = frozenset("*?[")
"""Characters that make DuckDB look for files that fit."""
ROW: Final = "file_row_number"
"""Column of a view beside those of the table: the row's number in its file, from 0."""


@dataclass(frozen=True, slots=True)
class TableFiles:
    """A table as it lies on the disk.

    Attributes:
        name: Of the table.
        files: Its Parquet files in order; none for a table without rows that was left out.
        schema: Columns and types, as in the footer of the first.
        rows: Sum of the rows the footers tell.
        row_groups: Rows of each row group, of all files.
    """

    name: str
    files: tuple[Path, ...]
    schema: "pa.Schema"
    rows: int
    row_groups: tuple[int, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns in order."""
        return tuple(self.schema.names)

    def batches(self, columns: Sequence[str] | None = None, size: int = BATCH) -> "Iterator[pa.RecordBatch]":
        """Rows in order.

        Args:
            columns: Names of those wanted; all if None.
            size: Rows of a batch, at most.
        """
        import pyarrow.parquet as pq

        for file in self.files:
            with arrow_file(file) as stream:
                parquet = pq.ParquetFile(stream)
                wanted = list(columns) if columns is not None else None
                yield from parquet.iter_batches(batch_size=size, columns=wanted, use_threads=False)


def read_footers(name: str, files: Sequence[Path]) -> TableFiles:
    """What the footers of a table's Parquet files tell.

    Args:
        name: Of the table.
        files: One at least, in order.

    Raises:
        OSError, pyarrow.ArrowException: If a file is not there, or is no Parquet.
        ValueError: If the files do not have the same columns.
    """
    import pyarrow.parquet as pq

    schema, rows, groups = None, 0, []
    for file in files:
        with arrow_file(file) as stream:
            parquet = pq.ParquetFile(stream)
            if schema is None:
                schema = parquet.schema_arrow
            elif not schema.equals(parquet.schema_arrow):
                raise ValueError(f"{file.name} has other columns than {files[0].name}")
            rows += parquet.metadata.num_rows
            groups += [parquet.metadata.row_group(at).num_rows for at in range(parquet.num_row_groups)]
    return TableFiles(name, tuple(files), schema, rows, tuple(groups))


@contextmanager
def connected(
    tables: Mapping[str, TableFiles], *, memory: str = MEMORY, threads: int = 2, setup: str = "", own: bool = False
) -> "Iterator[duckdb.DuckDBPyConnection]":
    """DuckDB with a view for each table, named as the table; rows carry `file_row_number`.

    Nothing is read before a query; what does not fit into `memory` goes to a temporary folder. A table without files is
    an empty view of its columns. To open a database takes longer than to read a small package, so those who want the
    same share one: what they make in it must be temporary, which is seen by nobody else and ends with the connection.

    Args:
        tables: By the names of their views.
        memory: What the database may hold.
        threads: How many it may use.
        setup: A statement that sets options of the database.
        own: Share no database, because nobody knows what will be asked of it.
    """
    with _opened(memory, threads, setup) if own else _cursor(memory, threads, setup) as connection:
        for name, table in tables.items():
            add_view(connection, name, table)
        yield connection


_databases: "dict[tuple[int, str, int, str], duckdb.DuckDBPyConnection]" = {}
"""Those that are shared, by process and by what was wanted."""


def _cursor(memory: str, threads: int, setup: str) -> "duckdb.DuckDBPyConnection":
    import duckdb

    key = (os.getpid(), memory, threads, setup)
    if key in _databases:
        try:
            cursor = _databases[key].cursor()
            cursor.execute("SELECT 1").fetchall()  # an answer nobody fetched stands in the way of `register`
            return cursor
        except duckdb.Error:  # one that met an error of its own answers no more
            _databases[key].close()
    _databases[key] = _opened(memory, threads, setup)
    atexit.register(_databases[key].close)
    return _databases[key].cursor()


def _opened(memory: str, threads: int, setup: str) -> "duckdb.DuckDBPyConnection":
    import duckdb

    # DuckDB makes this folder when it needs it, and removes it in the end.
    spill = Path(tempfile.gettempdir()) / f"broadsheet-{uuid4().hex}"
    config = {"memory_limit": memory, "threads": threads, "temp_directory": str(spill)}
    connection = duckdb.connect(config=config)  # type: ignore[arg-type]
    connection.execute(setup or "SELECT 1").fetchall()
    return connection


def add_view(connection: "duckdb.DuckDBPyConnection", name: str, table: TableFiles) -> None:
    """Show a table to DuckDB under a name."""
    if table.files:
        listed = ", ".join(literal(readable(file)) for file in table.files)
        query = f"SELECT * FROM read_parquet([{listed}], file_row_number = true, hive_partitioning = false)"
        connection.execute(f"CREATE TEMP VIEW {quoted(name)} AS {query}")
    else:
        connection.register(f"{name} without rows", table.schema.empty_table())
        none = f"SELECT *, NULL::BIGINT AS {ROW} FROM {quoted(f'{name} without rows')}"
        connection.execute(f"CREATE TEMP VIEW {quoted(name)} AS {none}")


def readable(file: Path) -> str:
    """A path by which DuckDB opens this file and no other.

    One that is not UTF-8 it cannot open, and one with `*`, `?` or `[` it takes for a pattern, which other files may
    fit, too: those get a link of a plain name.
    """
    shown = str(file)
    try:
        shown.encode()
        plain = not PATTERN.intersection(shown)
    except UnicodeEncodeError:
        plain = False
    if plain:
        return shown
    link = Path(_links().name) / f"{uuid4().hex}{file.suffix}"
    link.symlink_to(file.absolute())
    return str(link)


@cache
def _links() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="broadsheet-")
