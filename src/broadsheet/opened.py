"""`broadsheet.open`: a package as tables with exact types, and the way back from a row to its source."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, get_args, get_type_hints

from broadsheet.collect import Sources
from broadsheet.emitted.archives import opened
from broadsheet.emitted.package import Emitted, read_emitted
from broadsheet.emitted.tables import TableFiles, connected
from broadsheet.findings import error
from broadsheet.project import load_project
from broadsheet.rows import ROWS
from broadsheet.trace import Trace, trace

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from broadsheet.check import CheckReport


class Table:
    """One table of a dataset; nothing is read before it is asked for.

    Args:
        files: Where it lies.
    """

    def __init__(self, files: TableFiles) -> None:
        self.files = files

    def __len__(self) -> int:
        return self.files.rows

    def __repr__(self) -> str:
        return f"<{self.files.name}: {len(self):,} rows, {len(self.columns)} columns>"

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns in order."""
        return self.files.columns

    def arrow(self, columns: Sequence[str] | None = None) -> "pa.Table":
        """The rows as an Arrow table; the schema holds types and nullability.

        Args:
            columns: Those wanted; all if None.

        Raises:
            KeyError: If there is no such column.
        """
        import pyarrow as pa

        wanted = list(self.columns if columns is None else columns)
        if unknown := [name for name in wanted if name not in self.columns]:
            raise KeyError(f"{self.files.name} has no column {unknown[0]!r}; it has {', '.join(self.columns)}")
        schema = pa.schema([self.files.schema.field(name) for name in wanted])
        return pa.Table.from_batches(self.files.batches(wanted), schema)

    def pandas(self, columns: Sequence[str] | None = None) -> "pd.DataFrame":
        """The rows as a frame whose columns keep their Arrow types: null stays null, whole numbers stay whole.

        Args:
            columns: Those wanted; all if None.

        Raises:
            KeyError: If there is no such column.
        """
        import pandas as pd

        frame: pd.DataFrame = self.arrow(columns).to_pandas(types_mapper=pd.ArrowDtype)
        return frame

    def rows(self) -> Iterator[Any]:
        """The rows one by one, as the classes of `broadsheet.rows`; columns a project added are left out.

        Raises:
            BroadsheetError: `columns-differ` if the table is none of Broadsheet's, or lacks a column of it.
        """
        name = self.files.name
        kind = ROWS.get(name)
        wanted = [field.name for field in fields(kind)] if kind is not None and is_dataclass(kind) else []
        if kind is None or not set(wanted) <= set(self.columns):
            message = f"{name} has not the columns of a table of this version; use `arrow` or `pandas`"
            raise error("columns-differ", message, resource=name)
        nested = _nested(kind)
        for batch in self.files.batches(wanted):
            for row in batch.to_pylist():
                for column, value in row.items():
                    if isinstance(value, list):
                        make = nested.get(column)
                        row[column] = tuple(value if make is None else (make(**each) for each in value))
                yield kind(**row)


class Dataset:
    """A package, a build or a project, open for reading.

    Tables are attributes (`dataset.events`) and items (`dataset["events"]`). Use it in a `with` statement, or call
    `close`, if it is a zip: its temporary folder goes then.

    Attributes:
        emitted: Where it lies, its form, version, and files.
    """

    def __init__(self, path: Path, sources: Path | None = None) -> None:
        self._stack = ExitStack()
        try:
            folder = self._stack.enter_context(opened(path))
            self.emitted: Emitted = read_emitted(folder)
            self._files = None if sources is None else Sources(load_project(sources))
        except BaseException:
            self._stack.close()
            raise

    @property
    def version(self) -> str | None:
        """Version of the dataset; None where it states none."""
        return self.emitted.version

    @property
    def tables(self) -> dict[str, Table]:
        """All tables by name. A Hugging Face dataset has none for tables without rows."""
        return {name: Table(files) for name, files in self.emitted.tables.items()}

    def __getitem__(self, name: str) -> Table:
        if name not in self.emitted.tables:
            raise KeyError(f"no table {name!r}; there are {', '.join(self.emitted.tables)}")
        return Table(self.emitted.tables[name])

    def __getattr__(self, name: str) -> Table:
        if name.startswith("_") or name == "emitted":
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError as reason:
            raise AttributeError(str(reason.args[0])) from None

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.emitted.tables]

    def __repr__(self) -> str:
        shown = ", ".join(map(repr, self.tables.values()))
        return f"<{self.emitted.form} {self.emitted.root.as_posix()}, version {self.version}: {shown}>"

    def sql(self, query: str) -> "pa.Table":
        """The answer to a query of DuckDB, in which every table is a view."""
        with connected(self.emitted.tables, own=True) as connection:
            answer: pa.Table = connection.sql(query).to_arrow_table()
            return answer

    def trace(self, row_id: str, *, limit: int = 10) -> Trace:
        """Where a row comes from: file, hash, bytes, and the text there.

        With the `sources` given to `open`, the text is sliced from the files again and compared. Without, places are
        told as the tables have them, and their verdict is `unchecked`.

        Args:
            row_id: Key of a source, article, mention, event, event report, entity or reject.
            limit: Most mentions to follow for an entity.

        Raises:
            BroadsheetError: `id-unknown`.
        """
        return trace(self.emitted, self._files, row_id, limit=limit)

    def check(self) -> "CheckReport":
        """All that `broadsheet check` finds about it: hashes, types, keys, references, rights, descriptors."""
        from broadsheet.check import check_path

        return check_path(self.emitted.root)

    def close(self) -> None:
        """Remove what was unpacked."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, reason: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()


def _nested(kind: type) -> dict[str, type]:
    """The classes of a row's lists of objects, by column."""
    hints = {name: get_args(hint) for name, hint in get_type_hints(kind).items()}
    return {name: of[0] for name, of in hints.items() if of and is_dataclass(of[0]) and isinstance(of[0], type)}
