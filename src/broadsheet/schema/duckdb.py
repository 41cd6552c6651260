"""To DuckDB: queries that find broken keys and references, over views named as the tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from broadsheet.schema.model import ForeignKey, Table
from broadsheet.sql import quoted


@dataclass(frozen=True, slots=True)
class Probe:
    """One key to prove.

    Attributes:
        code: `key-duplicate`, `unique-key` or `foreign-key`.
        table: Table the offending rows are in.
        fields: Columns of the key.
        message: What is wrong with an offender, for a person.
        count: Query of one number: rows too many for a key, rows without a parent for a reference.
        keys: Query of the offenders, in order. For a key: its columns, then `rows`, how many share it. For a
            reference: the primary key of each row (as far as it is no part of the reference), then the reference's
            columns.
        suspect: Of a key, query of one number that is 0 only if there is no offender. It groups hashes, which takes
            half the time and a fraction of the memory; None for a reference.
        reads: Columns the queries read, by table.
    """

    code: Literal["key-duplicate", "unique-key", "foreign-key"]
    table: str
    fields: tuple[str, ...]
    message: str
    count: str
    keys: str
    reads: Mapping[str, tuple[str, ...]]
    suspect: str | None = None

    @property
    def needs(self) -> tuple[str, ...]:
        """All tables the queries read, the one of the offenders first."""
        return tuple(self.reads)


def probes(table: Table) -> list[Probe]:
    """The probes of a table: its primary key, its unique keys, its foreign keys."""
    found = []
    if table.primary_key:
        found.append(_unique("key-duplicate", table.name, table.primary_key))
    found += [_unique("unique-key", table.name, columns) for columns in table.unique_keys]
    found += [_foreign(table, key) for key in table.foreign_keys]
    return found


def _unique(code: Literal["key-duplicate", "unique-key"], table: str, columns: tuple[str, ...]) -> Probe:
    names = ", ".join(quoted(name) for name in columns)
    filled = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in columns)
    hashes = f"SELECT hash({names}) AS hashed FROM {quoted(table)} WHERE {filled} GROUP BY hashed HAVING count(*) > 1"
    groups = f"SELECT {names}, count(*) AS rows FROM {quoted(table)} WHERE {filled} GROUP BY {names} HAVING rows > 1"
    return Probe(
        code,
        table,
        columns,
        f"several rows have one {', '.join(columns)}",
        f"SELECT coalesce(sum(rows - 1), 0)::BIGINT FROM ({groups})",
        f"{groups} ORDER BY {names}",
        {table: columns},
        f"SELECT count(*) FROM ({hashes})",
    )


def _foreign(table: Table, key: ForeignKey) -> Probe:
    equal = " AND ".join(
        f"child.{quoted(own)} = parent.{quoted(other)}" for own, other in zip(key.fields, key.reference, strict=True)
    )
    filled = " AND ".join(f"child.{quoted(name)} IS NOT NULL" for name in key.fields)
    orphans = f"FROM {quoted(table.name)} AS child ANTI JOIN {quoted(key.table)} AS parent ON {equal} WHERE {filled}"
    own = (*key.fields, *table.primary_key, *(key.reference if key.table == table.name else ()))
    shown = [*(name for name in table.primary_key if name not in key.fields), *key.fields]
    columns = ", ".join(f"child.{quoted(name)}" for name in shown)
    return Probe(
        "foreign-key",
        table.name,
        key.fields,
        f"no row of {key.table} has this {', '.join(key.reference)}",
        f"SELECT count(*) {orphans}",
        f"SELECT {columns} {orphans} ORDER BY {columns}",
        {table.name: own} if key.table == table.name else {table.name: own, key.table: key.reference},
    )
