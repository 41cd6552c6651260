"""Rows that break a rule move to `rejects`, with the rows that hang on them, until every rule holds.

What breaks what: first single cells against their columns, then keys, then references, round after round. A row whose
parent went goes too (`parent-rejected`) if the reference is required; an optional reference becomes null. Rows of
`sources` stay whatever they break, because every reject names its source: an optional cell becomes null, and the build
says that it failed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from broadsheet.ids import Numbered, short_hash
from broadsheet.schema.model import ForeignKey, Table

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

ROW: Final = "__row"
VALUE_LENGTH: Final = 200
RULE_CODES: Final = ("cell-cast", "constraint", "foreign-key", "key-duplicate", "unique-key")
"""Codes of `rejects` that say a rule of the schema failed."""

LEDGER: Final = "sources"
REJECTS: Final = "rejects"


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Tables without the rows that broke a rule.

    Attributes:
        tables: All tables; `rejects` holds what moved.
        removed: How many rows went, by table.
    """

    tables: "dict[str, pa.Table]"
    removed: Mapping[str, int]


def quarantine(tables: "Mapping[str, pa.Table]", contract: Mapping[str, Table]) -> Quarantined:
    """Move what breaks a rule to `rejects`.

    Args:
        tables: All tables of the contract, with its columns and types; nulls anywhere.
        contract: The schemas.
    """
    import duckdb

    with duckdb.connect(config={"threads": 1}) as connection:
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

    tables: "dict[str, pa.Table]"
    contract: Mapping[str, Table]
    connection: "duckdb.DuckDBPyConnection"
    views: set[str] = field(default_factory=set)
    origins: "_Origins | None" = None
    new: "list[dict[str, Any]]" = field(default_factory=list)
    gone: dict[str, set[tuple[object, ...]]] = field(default_factory=dict)
    removed: Counter[str] = field(default_factory=Counter)
    numbered: Numbered = field(default_factory=Numbered)

    def cells(self, name: str) -> None:
        """Cells against their columns."""
        table = self.contract[name]
        if sound(table, self.tables[name]):
            return
        from broadsheet.schema.validate import failures

        rows: set[int] = set()
        blank: dict[str, set[int]] = {}
        for failure in failures(table, self.tables[name]):
            if failure.row is None:
                raise ValueError(f"{name}.{failure.field}: {failure.message}")  # our own code made the table
            self._tell(
                name,
                failure.row,
                code=failure.code,
                column=failure.field,
                message=failure.message,
                value=failure.value,
            )
            if name != LEDGER:
                rows.add(failure.row)
            elif table.field(failure.field).nullable:
                blank.setdefault(failure.field, set()).add(failure.row)
        for column, cells in blank.items():
            self._blank(name, column, cells)
        self._remove(name, rows)

    def keys(self, name: str) -> None:
        """Primary and unique keys: the first row keeps a key."""
        table = self.contract[name]
        for code, columns in (
            ("key-duplicate", table.primary_key),
            *(("unique-key", key) for key in table.unique_keys),
        ):
            if not columns or name == LEDGER:
                continue
            rows = self._query(_second_rows(name, columns))
            shown = ", ".join(columns)
            for row in rows:
                value = " / ".join(str(self.tables[name].column(column)[row].as_py()) for column in columns)
                message = f"An earlier row has this {shown}."
                self._tell(name, row, code=code, column=columns[-1], message=message, value=value)
            self._remove(name, set(rows))

    def references(self, name: str) -> bool:
        """References to rows that are not there; whether any was found."""
        found = False
        for key in self.contract[name].foreign_keys:
            rows = self._query(_orphans(name, key))
            if not rows:
                continue
            found = True
            optional = any(self.contract[name].field(column).nullable for column in key.fields)
            for row in rows:
                value = tuple(self.tables[name].column(column)[row].as_py() for column in key.fields)
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
                        self._blank(name, column, set(rows))
            else:
                self._remove(name, set(rows))
        return found

    def result(self) -> Quarantined:
        """The tables as they are now."""
        import pyarrow as pa

        from broadsheet.schema.arrow import arrow_schema

        if self.new:
            known = set(self.tables[REJECTS].column("reject_id").to_pylist())
            articles = set(self.tables["articles"].column("article_id").to_pylist())
            kept = [row for row in self.new if row["reject_id"] not in known]
            for row in kept:
                row["article_id"] = row["article_id"] if row["article_id"] in articles else None
            more = pa.Table.from_pylist(kept, schema=self.tables[REJECTS].schema)
            self.tables[REJECTS] = pa.concat_tables([self.tables[REJECTS], more])
        exact = {name: table.cast(arrow_schema(self.contract[name])) for name, table in self.tables.items()}
        return Quarantined(exact, dict(self.removed))

    def _tell(self, name: str, row: int, *, code: str, column: str, message: str, value: str | None) -> None:
        """Add a row to `rejects`."""
        if self.origins is None:
            self.origins = _Origins(self.tables)
        values = self.tables[name].slice(row, 1).to_pylist()[0]
        source, article = self.origins.of(name, values)
        key = " / ".join(str(values[part]) for part in self.contract[name].primary_key)
        reject = f"rej-{short_hash(source, code, name, column, key)}"
        start, end = (None, None) if name == REJECTS else _place(column, values)
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
        import numpy as np
        import pyarrow as pa

        table = self.tables[name]
        gone = table.take(pa.array(sorted(rows)))
        columns = [gone.column(part).to_pylist() for part in self.contract[name].primary_key]
        self.gone.setdefault(name, set()).update(zip(*columns, strict=True))
        mask = np.ones(table.num_rows, dtype=bool)
        mask[sorted(rows)] = False
        self.tables[name] = table.filter(pa.array(mask))
        self.views.discard(name)
        self.removed[name] += len(rows)
        # An earlier row with the same key may have stayed: then nothing hangs on the one that went.
        kept = [self.tables[name].column(part).to_pylist() for part in self.contract[name].primary_key]
        self.gone[name] -= set(zip(*kept, strict=True))

    def _blank(self, name: str, column: str, rows: set[int]) -> None:
        import pyarrow as pa

        table = self.tables[name]
        at = table.schema.get_field_index(column)
        values = [None if row in rows else value for row, value in enumerate(table.column(at).to_pylist())]
        self.tables[name] = table.set_column(at, table.schema.field(at), pa.array(values, table.schema.field(at).type))
        self.views.discard(name)

    def _query(self, sql: str) -> list[int]:
        """Numbers of the rows a query finds, ascending."""
        import numpy as np
        import pyarrow as pa

        for other in set(self.tables) - self.views:
            table = self.tables[other]
            numbers = pa.array(np.arange(table.num_rows, dtype=np.int64))
            self.connection.register(other, table.append_column(ROW, numbers))
            self.views.add(other)
        return [int(row[0]) for row in self.connection.execute(sql).fetchall()]


def _place(column: str, row: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """The bytes a cell was made from, as near as the row tells: its own of title and body, else those of the row."""
    pieces = [piece for piece in row.get("segments") or () if piece["field"] == column]
    if pieces:
        last = pieces[-1]
        return pieces[0]["source_start"], last["source_start"] + last["source_length"]
    return row.get("source_start"), row.get("source_end")


class _Origins:
    """Which source and article a row of any table comes from."""

    def __init__(self, tables: "Mapping[str, pa.Table]") -> None:
        self.sources = _pairs(tables["articles"], "article_id", "source_id")
        self.entities = _pairs(tables["mentions"], "entity_id", "article_id")
        self.events = _pairs(tables["event_reports"], "event_id", "article_id")
        self.first: str | None = min(_texts(tables[LEDGER], "source_id"), default=None)

    def of(self, table: str, row: Mapping[str, Any]) -> tuple[str | None, str | None]:
        """Source and article. What no article tells (a place of an authority) goes to the first source."""
        article = row.get("article_id")
        if article is None and table in ("events", "event_participants"):
            article = self.events.get(row["event_id"])
        if article is None and table == "entities":
            article = self.entities.get(row["entity_id"])
        source = row.get("source_id") or self.sources.get(article or "") or self.first
        return source, article if article in self.sources else None


def _texts(table: "pa.Table", column: str) -> list[str]:
    values: list[Any] = table.column(column).to_pylist()
    return values


def _pairs(table: "pa.Table", key: str, value: str) -> dict[str, str]:
    """The first value of every key."""
    found: dict[str, str] = {}
    for a, b in zip(_texts(table, key), _texts(table, value), strict=True):
        found.setdefault(a, b)
    return found


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


def _second_rows(table: str, columns: Sequence[str]) -> str:
    names = ", ".join(_quoted(column) for column in columns)
    filled = " AND ".join(f"{_quoted(column)} IS NOT NULL" for column in columns)
    return (
        f"SELECT {ROW} FROM (SELECT {ROW}, row_number() OVER (PARTITION BY {names} ORDER BY {ROW}) AS place "
        f"FROM {_quoted(table)} WHERE {filled}) WHERE place > 1 ORDER BY {ROW}"
    )


def _orphans(table: str, key: ForeignKey) -> str:
    equal = " AND ".join(
        f"child.{_quoted(own)} = parent.{_quoted(other)}" for own, other in zip(key.fields, key.reference, strict=True)
    )
    filled = " AND ".join(f"child.{_quoted(column)} IS NOT NULL" for column in key.fields)
    return (
        f"SELECT child.{ROW} FROM {_quoted(table)} AS child WHERE {filled} "
        f"AND NOT EXISTS (SELECT 1 FROM {_quoted(key.table)} AS parent WHERE {equal}) ORDER BY child.{ROW}"
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
