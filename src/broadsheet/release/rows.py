"""Rows of one table that were added, removed or changed, found by DuckDB in bounded memory.

Rows are joined by the key of their table on hashes of all they hold; only those that differ are looked at column by
column. What is no difference: the order of rows, the files and row groups they lie in, and floating-point noise
(numbers are compared by nine significant digits). What is one: the order of a list, for it means something here. Where
a key does not identify rows (a null in it, or two rows that share one) the whole rows are compared as multisets.
"""

import filecmp
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from broadsheet.emitted.tables import TableFiles
from broadsheet.findings import error
from broadsheet.release.contracts import type_name
from broadsheet.sql import quoted

if TYPE_CHECKING:
    import duckdb

SAMPLES: Final = 5
LONGEST: Final = 65_536
"""Characters of a cell that are looked at for a sample."""
SHOWN: Final = 60
"""Characters of a cell in a sample."""
MANY: Final = 20
"""If more than one row in so many changed, all are compared column by column."""
KEY: Final = 200
"""Characters of a key in a sample."""
ALIKE: Final = 0.9
"""Share of rows with the same value from which on a new column is taken for an old one renamed."""
LOOKED: Final = 10_000
"""Rows looked at for that."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a changed row: the values before and after, shortened around the first place they differ at."""

    column: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Sample:
    """A row: its key, and of a changed one the cells that changed."""

    key: str
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class TableChange:
    """Differences of the rows of one table.

    Attributes:
        table: The table.
        old_rows: Rows of the old.
        new_rows: Rows of the new.
        added: Rows only in the new.
        removed: Rows only in the old.
        changed: Rows in both with another value in a column of both.
        keyed: Whether rows were told apart by their key; else none counts as changed.
        columns: How many rows changed, by column.
        samples: Some rows `added`, `removed` and `changed`, in the order of their keys.
    """

    table: str
    old_rows: int
    new_rows: int
    added: int = 0
    removed: int = 0
    changed: int = 0
    keyed: bool = True
    columns: Mapping[str, int] = field(default_factory=dict)
    samples: Mapping[str, tuple[Sample, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    @property
    def unchanged(self) -> int:
        """Rows that are the same in both."""
        return self.new_rows - self.added - self.changed


def same_files(old: TableFiles, new: TableFiles) -> bool:
    """Whether two tables are the same bytes, so that nothing has to be compared."""
    if old.rows != new.rows or len(old.files) != len(new.files):
        return False
    return all(filecmp.cmp(one, other, shallow=False) for one, other in zip(old.files, new.files, strict=True))


class Pair:
    """One table of both sides, as the views `left` and `right` of a connection."""

    def __init__(  # noqa: D417
        self, connection: "duckdb.DuckDBPyConnection", name: str, old: TableFiles, new: TableFiles, key: Sequence[str]
    ) -> None:
        """Take the table.

        Args:
            key: Columns that are said to identify a row.
        """
        self.connection = connection
        self.name = name
        self.old, self.new = old, new
        self.left, self.right = quoted(f"old {name}"), quoted(f"new {name}")
        for side in (old, new):
            if len({column.casefold() for column in side.columns}) < len(side.columns):
                message = f"{name} has columns that differ in case only, which cannot be compared"
                raise error("table-unreadable", message, resource=name)
        types = {column.name: type_name(column.type) for column in new.schema}
        self.types = {c.name: type_name(c.type) for c in old.schema if types.get(c.name) == type_name(c.type)}
        self.key = tuple(key)

    def compared(self) -> TableChange:
        """What differs between the rows."""
        if same_files(self.old, self.new):
            return TableChange(self.name, self.old.rows, self.new.rows)
        if self.sound():
            return self._by_key()
        return self._by_row()

    def sound(self) -> bool:
        """Whether the key identifies rows on both sides."""
        if not self.key or any(column not in self.types for column in self.key):
            return False
        names = ", ".join(map(quoted, self.key))
        nulls = " OR ".join(f"{quoted(column)} IS NULL" for column in self.key)
        return not any(
            self._one(f"SELECT count(*) FROM (SELECT 1 FROM {view} WHERE {nulls} LIMIT 1)")[0]
            or self._one(f"SELECT count(*) FROM (SELECT 1 FROM {view} GROUP BY {names} HAVING count(*) > 1 LIMIT 1)")[0]
            for view in (self.left, self.right)
        )

    def alike(self, before: str, after: str) -> bool:
        """Whether the first rows both sides have agree in a column of the old and one of the new."""
        if not self.sound():
            return False
        one, other = quoted(before), quoted(after)
        rows, same, filled = self._one(
            f"SELECT count(*), count(*) FILTER (o.{one} IS NOT DISTINCT FROM n.{other}), count(o.{one}) "
            f"FROM (SELECT * FROM {self.left} LIMIT {LOOKED}) o JOIN {self.right} n ON {self._on()}"
        )
        return bool(filled and same >= ALIKE * rows)

    def _by_key(self) -> TableChange:
        keys = [f"k{at}" for at in range(len(self.key))]
        named = ", ".join(f"{quoted(column)} AS {key}" for column, key in zip(self.key, keys, strict=True))
        values = [column for column in self.types if column not in self.key]
        hashed = f"hash({', '.join(self._hashed(column) for column in values) or '0'})"
        on = " AND ".join(f"o.{key} = n.{key}" for key in keys)
        both = ", ".join(f"coalesce(o.{key}, n.{key}) AS {key}" for key in keys)
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE unlike AS SELECT {both}, "
            "CASE WHEN o.h IS NULL THEN 'added' WHEN n.h IS NULL THEN 'removed' ELSE 'changed' END AS what "
            f"FROM (SELECT {named}, {hashed} AS h FROM {self.left}) o "
            f"FULL JOIN (SELECT {named}, {hashed} AS h FROM {self.right}) n ON {on} WHERE o.h IS DISTINCT FROM n.h"
        )
        counts = dict(self.connection.execute("SELECT what, count(*) FROM unlike GROUP BY what").fetchall())
        columns = self._columns(values, keys, changed) if (changed := counts.get("changed", 0)) else {}
        samples = {what: self._samples(what, list(columns), keys) for what in ("added", "removed", "changed")}
        return TableChange(
            self.name,
            self.old.rows,
            self.new.rows,
            counts.get("added", 0),
            counts.get("removed", 0),
            counts.get("changed", 0),
            columns=columns,
            samples={what: found for what, found in samples.items() if found},
        )

    def _columns(self, values: Sequence[str], keys: Sequence[str], changed: int) -> dict[str, int]:
        """How many rows changed in each column."""
        hashes = ", ".join(f"{self._hashed(column)} AS c{at}" for at, column in enumerate(values))
        named = ", ".join(f"{quoted(column)} AS {key}" for column, key in zip(self.key, keys, strict=True))
        # where many rows changed, finding them first costs more than comparing all
        only = "" if changed > self.new.rows / MANY else f"SEMI JOIN unlike USING ({', '.join(keys)})"
        sides = [f"(SELECT * FROM (SELECT {named}, {hashes} FROM {v}) {only})" for v in (self.left, self.right)]
        sums = ", ".join(f"count(*) FILTER (o.c{at} IS DISTINCT FROM n.c{at})" for at in range(len(values)))
        counts = self._one(f"SELECT {sums} FROM {sides[0]} o JOIN {sides[1]} n USING ({', '.join(keys)})")
        return {column: int(count) for column, count in zip(values, counts, strict=True) if count}

    def _samples(self, what: str, columns: Sequence[str], keys: Sequence[str]) -> tuple[Sample, ...]:
        order = ", ".join(keys)
        first = f"SELECT {order} FROM unlike WHERE what = '{what}' ORDER BY {order} LIMIT {SAMPLES}"
        shown = " || '/' || ".join(f"u.{key}::VARCHAR" for key in keys)
        if what != "changed":
            rows = self.connection.execute(f"SELECT {shown} FROM ({first}) u ORDER BY {order}").fetchall()
            return tuple(Sample(_short(key, KEY)) for (key,) in rows)
        triples = "".join(
            f", {self._hashed(c, 'o.')} IS DISTINCT FROM {self._hashed(c, 'n.')}, {_text('o', c)}, {_text('n', c)}"
            for c in columns
        )
        sides = [
            " AND ".join(f"u.{key} = {side}.{quoted(c)}" for c, key in zip(self.key, keys, strict=True))
            for side in ("o", "n")
        ]
        rows = self.connection.execute(
            f"SELECT {shown}{triples} FROM ({first}) u JOIN {self.left} o ON {sides[0]} "
            f"JOIN {self.right} n ON {sides[1]} ORDER BY {', '.join(f'u.{key}' for key in keys)}"
        ).fetchall()
        return tuple(Sample(_short(row[0], KEY), tuple(_cells(columns, row[1:]))) for row in rows)

    def _by_row(self) -> TableChange:
        hashed = f"hash({', '.join(self._hashed(column) for column in self.types) or '0'})"
        sides = [f"(SELECT {hashed} AS h, count(*) AS c FROM {view} GROUP BY 1)" for view in (self.left, self.right)]
        added, removed = self._one(
            "SELECT coalesce(sum(greatest(coalesce(n.c, 0) - coalesce(o.c, 0), 0)), 0), "
            "coalesce(sum(greatest(coalesce(o.c, 0) - coalesce(n.c, 0), 0)), 0) "
            f"FROM {sides[0]} o FULL JOIN {sides[1]} n USING (h)"
        )
        return TableChange(self.name, self.old.rows, self.new.rows, int(added), int(removed), keyed=False)

    def _hashed(self, column: str, of: str = "") -> str:
        """What stands for a cell: equal for cells that are no difference. DuckDB hashes [] as it hashes null."""
        kind, name = self.types[column], f"{of}{quoted(column)}"
        if kind in ("double", "float", "halffloat"):
            return f"hash(format('{{:.9g}}', {name}::DOUBLE + 0.0))"
        return f"hash({name}::VARCHAR)" if "<" in kind else f"hash({name})"

    def _on(self) -> str:
        return " AND ".join(f"o.{quoted(column)} = n.{quoted(column)}" for column in self.key)

    def _one(self, query: str) -> tuple[Any, ...]:
        row = self.connection.execute(query).fetchone()
        assert row is not None  # a count always has a row
        return row


def _text(side: str, column: str) -> str:
    return f"left({side}.{quoted(column)}::VARCHAR, {LONGEST})"


def _cells(columns: Sequence[str], triples: Sequence[Any]) -> list[Cell]:
    found = []
    for at, column in enumerate(columns):
        differs, old, new = triples[3 * at : 3 * at + 3]
        if differs:
            found.append(Cell(column, *around(old, new)))
    return found


def around(old: str | None, new: str | None) -> tuple[str | None, str | None]:
    """Two texts, shortened so that the first place they differ at is seen."""
    if old is None or new is None:
        return (old if old is None else _short(old)), (new if new is None else _short(new))
    shared = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), None)
    start = (min(len(old), len(new)) if shared is None else shared) - SHOWN // 3
    if start <= 1 or max(len(old), len(new)) <= SHOWN:
        return _short(old), _short(new)
    return _short(f"…{old[start:]}"), _short(f"…{new[start:]}")


def _short(text: str, longest: int = SHOWN) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
