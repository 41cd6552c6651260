"""Rows that break a rule move to `rejects`, with the rows that hang on them, until every rule holds.

What breaks what: first single cells against their columns, then keys, then references, round after round. A row whose
parent went goes too (`parent-rejected`) if the reference is required; an optional reference becomes null. Rows of
`sources` stay whatever they break, because every reject names its source: an optional cell becomes null, and the build
says that it failed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from broadsheet.ids import Numbered, short_hash
from broadsheet.resolve.held import ROW, Held
from broadsheet.resolve.origins import Origins, place
from broadsheet.resolve.sql import database, offer
from broadsheet.schema.model import ForeignKey, Table
from broadsheet.sql import quoted

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

VALUE_LENGTH: Final = 200
RULE_CODES: Final = ("cell-cast", "constraint", "foreign-key", "key-duplicate", "unique-key")
"""Codes of `rejects` that say a rule of the schema failed."""

LEDGER: Final = "sources"
REJECTS: Final = "rejects"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Tables without the rows that broke a rule.

    Attributes:
        tables: All tables; `rejects` holds what moved.
        removed: How many rows went, by table.
    """

    tables: dict[str, Held]
    removed: Mapping[str, int]


def quarantine(tables: Mapping[str, Held], contract: Mapping[str, Table], spill: Path | None = None) -> Quarantined:
    """Move what breaks a rule to `rejects`.

    Args:
        tables: All tables of the contract, with its columns and types; nulls anywhere. Rows are taken out of them and
            cells blanked in place.
        contract: The schemas.
        spill: Folder for what does not fit in memory.
    """
    with database(spill) as connection:
        ward = _Ward({name: tables[name] for name in contract}, contract, connection)
        for name in contract:
            ward.cells(name)
        for name in contract:
            ward.keys(name)
        while sum(ward.references(name) for name in contract):  # all of them, each round
            pass
        return ward.result()


@dataclass(slots=True)
class _Ward:
    """The tables while rows are taken out of them."""

    tables: dict[str, Held]
    contract: Mapping[str, Table]
    connection: "duckdb.DuckDBPyConnection"
    origins: Origins | None = None
    new: list[Row] = field(default_factory=list)
    gone: dict[str, set[tuple[object, ...]]] = field(default_factory=dict)
    removed: Counter[str] = field(default_factory=Counter)
    numbered: Numbered = field(default_factory=Numbered)

    def cells(self, name: str) -> None:
        """Cells against their columns."""
        table = _without_unique(self.contract[name])
        rows: set[int] = set()
        blank: dict[str, set[int]] = {}
        for batch in self.tables[name].batches(table.names, numbered=True):
            data = batch.drop_columns([ROW])
            if not sound(table, data):
                self._failures(table, data, batch.column(ROW).to_pylist(), rows, blank)
        for unique in self.contract[name].fields:
            if unique.constraints.unique:
                self._shared(name, unique.name, rows, blank)
        for column, cells in blank.items():
            self.tables[name].blank(column, cells)
        self._remove(name, rows)

    def _failures(
        self, table: Table, data: "pa.Table", numbers: list[int], rows: set[int], blank: dict[str, set[int]]
    ) -> None:
        """Tell the cells of a batch that break a rule, and note what is to be done about them."""
        from broadsheet.schema.validate import failures

        for failure in failures(table, data):
            if failure.row is None:
                raise ValueError(f"{table.name}.{failure.field}: {failure.message}")  # our own code made the table
            row = data.slice(failure.row, 1).to_pylist()[0]
            code, message, value = failure.code, failure.message, failure.value
            self._tell(table.name, row, code=code, column=failure.field, message=message, value=value)
            self._note(table.name, failure.field, numbers[failure.row], rows, blank)

    def _shared(self, name: str, column: str, rows: set[int], blank: dict[str, set[int]]) -> None:
        """Values of a column that several rows have, though no two may."""
        message = "expected a value no other row has"
        found = self._query({"here": (name, (column,))}, _shared_rows(column), _shared_keys([column]))
        for number, row in sorted(self.tables[name].picked(found).items()):
            self._tell(name, row, code="constraint", column=column, message=message, value=str(row[column]))
            self._note(name, column, number, rows, blank)

    def _note(self, name: str, column: str, number: int, rows: set[int], blank: dict[str, set[int]]) -> None:
        """Remember what is to be done about a cell."""
        if name != LEDGER:
            rows.add(number)
        elif self.contract[name].field(column).nullable:
            blank.setdefault(column, set()).add(number)

    def keys(self, name: str) -> None:
        """Primary and unique keys: the first row keeps a key."""
        table = self.contract[name]
        for code, columns in (
            ("key-duplicate", table.primary_key),
            *(("unique-key", key) for key in table.unique_keys),
        ):
            if not columns or name == LEDGER:
                continue
            found = self._query({"here": (name, columns)}, _second_rows(columns), _shared_keys(columns))
            message = f"An earlier row has this {', '.join(columns)}."
            for _, row in sorted(self.tables[name].picked(found).items()):
                value = " / ".join(str(row[column]) for column in columns)
                self._tell(name, row, code=code, column=columns[-1], message=message, value=value)
            self._remove(name, set(found))

    def references(self, name: str) -> bool:
        """References to rows that are not there; whether any was found."""
        found = False
        for key in self.contract[name].foreign_keys:
            sides = {"child": (name, key.fields), "parent": (key.table, key.reference)}
            rows = self._query(sides, _orphans(key))
            if not rows:
                continue
            found = True
            optional = any(self.contract[name].field(column).nullable for column in key.fields)
            for _, row in sorted(self.tables[name].picked(rows).items()):
                value = tuple(row[column] for column in key.fields)
                lost = value in self.gone.get(key.table, ())
                code = "parent-rejected" if lost else "foreign-key"
                what = "was rejected" if lost else "is not there"
                then = "the reference was removed" if optional else "so this row went too"
                message = f"The row of {key.table} it refers to {what}; {then}."
                if name != REJECTS:
                    text = " / ".join(map(str, value))
                    self._tell(name, row, code=code, column=key.fields[-1], message=message, value=text)
            if optional:
                for column in key.fields:
                    if self.contract[name].field(column).nullable:
                        self.tables[name].blank(column, rows)
            else:
                self._remove(name, set(rows))
        return found

    def result(self) -> Quarantined:
        """The tables as they are now."""
        import pyarrow as pa

        if self.new:
            known = set(self.tables[REJECTS].column("reject_id").to_pylist())
            articles = set(self.tables["articles"].column("article_id").to_pylist())
            kept = [row for row in self.new if row["reject_id"] not in known]
            for row in kept:
                row["article_id"] = row["article_id"] if row["article_id"] in articles else None
            more = pa.Table.from_pylist(kept, schema=self.tables[REJECTS].schema)
            self.tables[REJECTS] = self.tables[REJECTS].plus(more)
        return Quarantined(self.tables, dict(self.removed))

    def _tell(self, name: str, row: Row, *, code: str, column: str, message: str, value: str | None) -> None:
        """Add a row to `rejects`."""
        if self.origins is None:
            self.origins = Origins(self.tables)
        source, article = self.origins.of(name, row)
        key = " / ".join(str(row[part]) for part in self.contract[name].primary_key)
        reject = f"rej-{short_hash(source, code, name, column, key)}"
        start, end = (None, None) if name == REJECTS else place(column, row)
        shown = None if value is None else value if len(value) <= VALUE_LENGTH else f"{value[: VALUE_LENGTH - 1]}…"
        if source is None:  # a corpus without sources has no row that could break a rule
            return
        self.new.append(
            {
                "reject_id": self.numbered(reject),
                "source_id": source,
                "article_id": article,
                "table": LEDGER if name == REJECTS else name,
                "field": column,
                "code": code,
                "message": f"{column}: {message}" if code in ("cell-cast", "constraint") else message,
                "value": shown,
                "source_start": start,
                "source_end": end,
            }
        )

    def _remove(self, name: str, rows: set[int]) -> None:
        if not rows:
            return
        held, key = self.tables[name], self.contract[name].primary_key
        gone = self.gone.setdefault(name, set())
        gone.update(tuple(row[part] for part in key) for row in held.picked(rows, key).values())
        held.remove(rows)
        self.removed[name] += len(rows)
        # An earlier row with the same key may have stayed: then nothing hangs on the one that went.
        for batch in held.batches(key):
            gone.difference_update(zip(*(batch.column(part).to_pylist() for part in key), strict=True))

    def _query(self, sides: Mapping[str, tuple[str, Sequence[str]]], sql: str, doubt: str | None = None) -> list[int]:
        """Numbers of the rows a query finds, ascending.

        Args:
            sides: Table and columns for each name the query reads.
            sql: The query.
            doubt: A cheaper one, asked first: if it finds nothing, neither would the other.
        """
        for query in (doubt, sql):
            if query is None:
                continue
            for side, (name, columns) in sides.items():
                offer(self.connection, side, self.tables[name], list(dict.fromkeys(columns)), numbered=True)
            found = self.connection.execute(query).fetchall()
            if not found:
                break
        return [int(row[0]) for row in found]


def _without_unique(table: Table) -> Table:
    """The table without what only all of its rows together can break."""
    return replace(
        table, fields=tuple(replace(f, constraints=replace(f.constraints, unique=False)) for f in table.fields)
    )


def sound(table: Table, data: "pa.Table") -> bool:
    """Whether no cell of a table with the right types breaks a rule: the quick look that is enough as a rule."""
    import pyarrow.compute as pc

    from broadsheet.schema.arrow import arrow_type
    from broadsheet.schema.checks import column_checks

    if tuple(data.column_names) != table.names:
        return False
    for wanted in table.fields:
        column = data.column(wanted.name)
        if column.type != arrow_type(wanted) or (column.null_count and not wanted.nullable):
            return False
        if not len(column):
            continue
        if wanted.type == "number" and pc.any(pc.is_nan(column)).as_py():
            return False
        for check in column_checks(wanted):
            if not pc.all(pc.fill_null(check.good(column), True)).as_py():
                return False
    return True


def _shared_keys(columns: Sequence[str]) -> str:
    """Whether any key may stand twice: by its hash, which takes less memory than the key."""
    names = ", ".join(quoted(column) for column in columns)
    return f"SELECT 1 FROM (SELECT hash({names}) AS key FROM here) GROUP BY key HAVING count(*) > 1 LIMIT 1"


def _shared_rows(column: str) -> str:
    name = quoted(column)
    return f"SELECT {ROW} FROM here WHERE {name} IS NOT NULL QUALIFY count(*) OVER (PARTITION BY {name}) > 1 ORDER BY 1"


def _second_rows(columns: Sequence[str]) -> str:
    names = ", ".join(quoted(column) for column in columns)
    filled = " AND ".join(f"{quoted(column)} IS NOT NULL" for column in columns)
    place = f"row_number() OVER (PARTITION BY {names} ORDER BY {ROW})"
    return f"SELECT {ROW} FROM here WHERE {filled} QUALIFY {place} > 1 ORDER BY {ROW}"


def _orphans(key: ForeignKey) -> str:
    equal = " AND ".join(
        f"child.{quoted(own)} = parent.{quoted(other)}" for own, other in zip(key.fields, key.reference, strict=True)
    )
    filled = " AND ".join(f"child.{quoted(column)} IS NOT NULL" for column in key.fields)
    return (
        f"SELECT child.{ROW} FROM child WHERE {filled} "
        f"AND NOT EXISTS (SELECT 1 FROM parent WHERE {equal}) ORDER BY child.{ROW}"
    )
