"""DuckDB over tables that are held on disk: bounded memory, the rest is spilled."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from broadsheet.findings import error
from broadsheet.resolve.held import Held

if TYPE_CHECKING:
    import duckdb

MEMORY: Final = "512MB"
"""What DuckDB may take before it spills."""


@contextmanager
def database(spill: Path | None = None) -> "Iterator[duckdb.DuckDBPyConnection]":
    """A database in memory.

    Args:
        spill: Folder for what does not fit; a temporary one if None, or if its name is one DuckDB cannot take.

    Raises:
        BroadsheetError: `write-failed` if the disk cannot take what does not fit.
    """
    import duckdb

    with tempfile.TemporaryDirectory(prefix="broadsheet-", dir=_plain(spill), ignore_cleanup_errors=True) as folder:
        settings: dict[str, Any] = {"threads": 1, "memory_limit": MEMORY, "temp_directory": folder}
        try:
            with duckdb.connect(config=settings) as connection:
                yield connection
        except (duckdb.IOException, duckdb.OutOfMemoryException) as problem:  # it spills before it runs out of memory
            why = str(problem).splitlines()[0]
            raise error(
                "write-failed", f"What does not fit in memory cannot be written: {why}", path=folder
            ) from problem


def offer(connection: "duckdb.DuckDBPyConnection", name: str, held: Held, columns: Sequence[str], **how: bool) -> None:
    """Let the next query read some columns of a table, once.

    Args:
        connection: The database.
        name: What the query calls it.
        held: The table.
        columns: Which columns.
        **how: `numbered`, as for `Held.batches`.
    """
    import pyarrow as pa

    schema = held.schema_of(columns, **how)
    pieces = (piece for batch in held.batches(columns, **how) for piece in batch.to_batches())
    connection.register(name, pa.RecordBatchReader.from_batches(schema, pieces))


def _plain(folder: Path | None) -> Path | None:
    if folder is None or not folder.is_dir():
        return None
    try:
        str(folder).encode()
    except UnicodeEncodeError:
        return None
    return folder
