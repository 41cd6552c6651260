"""A table of the whole corpus, held on disk or in memory: read in batches, some columns at a time, never all at once.

Rows are known by their number. What whole-corpus steps decide is laid over what is stored: rows that were taken out,
columns that were replaced.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

ROW: Final = "__row"
"""Name of the column with the numbers of rows."""

BATCH_ROWS: Final = 4096

Row = dict[str, Any]
Read = Callable[[Sequence[str]], "Iterator[pa.Table]"]
"""All rows in order, with at least these of their columns; called anew for each pass."""


@dataclass(slots=True)
class Held:
    """A table that need not fit in memory.

    Attributes:
        schema: Its columns as they are stored.
        stored: Number of rows as they are stored.
        read: Reads what is stored.
        gone: True where a row was taken out; None if none was.
        laid: Columns that replace stored ones, with a value for every stored row.
    """

    schema: "pa.Schema"
    stored: int
    read: Read
    gone: "npt.NDArray[np.bool_] | None" = None
    laid: "dict[str, pa.ChunkedArray[Any]]" = field(default_factory=dict)

    @classmethod
    def of(cls, table: "pa.Table") -> "Held":
        """A table that is in memory."""

        def read(columns: Sequence[str]) -> "Iterator[pa.Table]":
            chosen = table.select(list(columns))
            for first in range(0, table.num_rows, BATCH_ROWS):
                yield chosen.slice(first, BATCH_ROWS)

        return cls(table.schema, table.num_rows, read)

    @property
    def num_rows(self) -> int:
        """Rows that are there."""
        return self.stored - (0 if self.gone is None else int(self.gone.sum()))

    @property
    def names(self) -> list[str]:
        """Columns, in order."""
        return list(self.schema.names)

    def schema_of(self, columns: Sequence[str], *, numbered: bool = False) -> "pa.Schema":
        """The schema of what `batches` gives."""
        import pyarrow as pa

        fields = [self.schema.field(name) for name in columns]
        return pa.schema([*fields, pa.field(ROW, pa.int64())] if numbered else fields)

    def batches(self, columns: Sequence[str] | None = None, *, numbered: bool = False) -> "Iterator[pa.Table]":
        """The rows that are there, in order, batch by batch.

        Args:
            columns: Which; all if None.
            numbered: Add the number of each row as column `ROW`.
        """
        import numpy as np
        import pyarrow as pa

        wanted = self.names if columns is None else list(columns)
        schema = self.schema_of(wanted, numbered=numbered)
        needed = [name for name in wanted if name not in self.laid] or self.names[:1]
        first = 0
        for stored in self.read(needed):
            size = stored.num_rows
            arrays: list[Any] = [
                self.laid[name].slice(first, size) if name in self.laid else stored.column(name) for name in wanted
            ]
            if numbered:
                arrays.append(pa.array(np.arange(first, first + size, dtype=np.int64)))
            batch = pa.Table.from_arrays(arrays, schema=schema)
            if self.gone is not None:
                batch = batch.filter(pa.array(~self.gone[first : first + size]))
            first += size
            yield batch

    def rows(self, columns: Sequence[str]) -> Iterator[Row]:
        """The rows that are there, as dicts, one batch of them in memory."""
        for batch in self.batches(columns):
            yield from batch.to_pylist()

    def column(self, name: str) -> "pa.ChunkedArray[Any]":
        """One whole column: for those that are small."""
        import pyarrow as pa

        chunks = [chunk for batch in self.batches([name]) for chunk in batch.column(name).chunks]
        return pa.chunked_array(chunks, self.schema.field(name).type)

    def picked(self, numbers: Collection[int], columns: Sequence[str] | None = None) -> dict[int, Row]:
        """A few rows by their numbers."""
        import numpy as np
        import pyarrow as pa

        wanted = np.zeros(self.stored, dtype=bool)
        wanted[sorted(numbers)] = True
        found: dict[int, Row] = {}
        for batch in self.batches(columns, numbered=True) if numbers else ():
            for row in batch.filter(pa.array(wanted[batch.column(ROW).to_numpy()])).to_pylist():
                found[row.pop(ROW)] = row
        return found

    def table(self) -> "pa.Table":
        """All of it in memory: for small tables."""
        import pyarrow as pa

        return pa.concat_tables([self.schema.empty_table(), *self.batches()])

    def remove(self, numbers: Collection[int]) -> None:
        """Take rows out."""
        import numpy as np

        if self.gone is None:
            self.gone = np.zeros(self.stored, dtype=bool)
        self.gone[sorted(numbers)] = True

    def lay(self, name: str, values: "pa.Array[Any] | pa.ChunkedArray[Any]") -> None:
        """Replace a column; `values` has one for every stored row."""
        import pyarrow as pa

        type_ = self.schema.field(name).type
        chunks = values.chunks if isinstance(values, pa.ChunkedArray) else [values]
        self.laid[name] = pa.chunked_array([chunk.cast(type_) for chunk in chunks], type_)

    def bare(self) -> None:
        """Forget all columns that were laid over what is stored; rows that were taken out stay out."""
        self.laid.clear()

    def blank(self, name: str, numbers: Collection[int]) -> None:
        """Set cells of a column to null."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        null = np.zeros(self.stored, dtype=bool)
        null[sorted(numbers)] = True
        whole = self.laid.get(name)
        chunks = whole.chunks if whole is not None else [c for t in self.read([name]) for c in t.column(name).chunks]
        first, made = 0, []
        type_ = self.schema.field(name).type
        for chunk in chunks:
            made.append(pc.if_else(pa.array(null[first : first + len(chunk)]), pa.scalar(None, type_), chunk))
            first += len(chunk)
        self.laid[name] = pa.chunked_array(made, type_)

    def plus(self, more: "pa.Table") -> "Held":
        """These rows and then those of a table in memory, numbered anew."""

        def read(columns: Sequence[str]) -> "Iterator[pa.Table]":
            yield from self.batches(columns)
            yield more.select(list(columns))

        return Held(self.schema, self.num_rows + more.num_rows, read)

    def as_types(self, schema: "pa.Schema") -> "Held":
        """The columns of a schema with its types; null where this table lacks one. Nothing may be laid over yet."""
        import pyarrow as pa

        own = set(self.schema.names)

        def read(columns: Sequence[str]) -> "Iterator[pa.Table]":
            for stored in self.read([name for name in columns if name in own] or self.names[:1]):
                arrays: list[Any] = [
                    stored.column(name).cast(schema.field(name).type)
                    if name in own
                    else pa.nulls(stored.num_rows, schema.field(name).type)
                    for name in columns
                ]
                yield pa.Table.from_arrays(arrays, schema=pa.schema([schema.field(name) for name in columns]))

        return Held(schema, self.stored, read)
