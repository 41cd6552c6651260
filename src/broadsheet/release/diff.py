"""`diff`: what differs between two releases, and the version step it calls for.

Classes, from a reader's side: `breaking` if a program that read the old may fail or misread the new (a table or column
gone, a type changed, a key changed, nulls where there were none), `additive` if it goes on and there is more to read
(a table, a column, a value of a list of values, rows), `cosmetic` for the rest (titles, descriptions, tighter bounds).
Breaking calls for a major step, additive for a minor one, anything else that differs for a patch.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from broadsheet.release.snapshot import Column, Snapshot, read_snapshot

if TYPE_CHECKING:
    import duckdb

Class = Literal["breaking", "additive", "cosmetic"]
Step = Literal["major", "minor", "patch", "none"]
SAMPLES: Final = 5


@dataclass(frozen=True, slots=True)
class Change:
    """A difference of schemas.

    Attributes:
        kind: Its class.
        table: The table.
        column: The column; None if the table as a whole.
        message: What changed.
    """

    kind: Class
    table: str
    column: str | None
    message: str


@dataclass(frozen=True, slots=True)
class TableChange:
    """Differences of the rows of one table, by its key.

    Attributes:
        table: The table.
        added: Rows only in the new.
        removed: Rows only in the old.
        changed: Rows in both with another value in a column of both.
        columns: How many rows changed, by column.
        samples: Some keys each of added, removed and changed rows.
    """

    table: str
    added: int
    removed: int
    changed: int
    columns: Mapping[str, int]
    samples: Mapping[str, tuple[str, ...]]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two releases.

    Attributes:
        old: Version of the old one, if it states one.
        new: Version of the new one, if it states one.
        schema: Differences of schemas.
        rows: Differences of rows, of tables that have any.
        step: The version step they call for.
    """

    old: str | None
    new: str | None
    schema: tuple[Change, ...]
    rows: tuple[TableChange, ...]
    step: Step

    def next_version(self) -> str | None:
        """The old version raised by the step; None if it is unknown."""
        parts = (self.old or "").split("-")[0].split("+")[0].split(".")
        if len(parts) != 3 or not all(part.isdecimal() for part in parts):
            return None
        major, minor, patch = map(int, parts)
        steps = {"major": (major + 1, 0, 0), "minor": (major, minor + 1, 0), "patch": (major, minor, patch + 1)}
        return ".".join(map(str, steps.get(self.step, (major, minor, patch))))


def diff(old: Path, new: Path) -> Difference:
    """Compare two packages or builds.

    Raises:
        BroadsheetError: If one of them cannot be read.
    """
    left, right = read_snapshot(old), read_snapshot(new)
    schema = tuple(_schemas(left, right))
    rows = tuple(change for change in _rows(left, right) if change)
    return Difference(left.version, right.version, schema, rows, _step(schema, rows))


def _step(schema: Sequence[Change], rows: Sequence[TableChange]) -> Step:
    kinds = {change.kind for change in schema}
    if "breaking" in kinds:
        return "major"
    if "additive" in kinds or any(change.added or change.removed for change in rows):
        return "minor"  # ids that go away are news to whoever joined on them
    return "patch" if kinds or rows else "none"


def _schemas(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    for table in old.tables:
        if table not in new.tables:
            # an empty table has no config in a Hugging Face dataset, so its absence there says nothing of the schema
            if old.contract and new.contract:
                yield Change("breaking", table, None, "the table is gone")
            continue
        yield from _columns(table, old, new)
        if old.keys.get(table) != new.keys.get(table):
            yield Change("breaking", table, None, f"its key was {old.keys.get(table)} and is {new.keys.get(table)}")
    for table in new.tables:
        if table not in old.tables and old.contract and new.contract:
            yield Change("additive", table, None, "the table is new")


def _columns(table: str, old: Snapshot, new: Snapshot) -> Iterator[Change]:
    before, after = old.columns[table], new.columns[table]
    for name, column in before.items():
        if name not in after:
            yield Change("breaking", table, name, "the column is gone")
        elif column.type != after[name].type:
            yield Change("breaking", table, name, f"its type was {column.type} and is {after[name].type}")
        elif old.contract and new.contract:
            yield from _constraints(table, name, column, after[name])
    for name in after:
        if name not in before:
            yield Change("additive", table, name, "the column is new")


def _constraints(table: str, name: str, old: Column, new: Column) -> Iterator[Change]:
    for key in sorted({*old.constraints, *new.constraints}):
        before, after = old.constraints.get(key), new.constraints.get(key)
        if before == after:
            continue
        message = f"{key} was {before!r} and is {after!r}"
        if key in ("required", "unique"):
            yield Change("cosmetic" if after else "breaking", table, name, message)
        elif key == "enum" and isinstance(before, list) and isinstance(after, list):
            yield Change(
                "additive" if set(map(str, after)) - set(map(str, before)) else "cosmetic", table, name, message
            )
        else:
            yield Change("cosmetic" if before is None else "additive", table, name, message)
    if old.words != new.words:
        yield Change("cosmetic", table, name, "its title or description reads differently")


def _rows(old: Snapshot, new: Snapshot) -> Iterator[TableChange]:
    import duckdb

    with duckdb.connect(config={"threads": 1}) as connection:
        for table in sorted({*old.tables, *new.tables}, key=[*new.tables, *old.tables].index):
            for side, snapshot, other in (("old", old, new), ("new", new, old)):
                source = snapshot.tables.get(table)
                rows = source if source is not None else other.tables[table].schema.empty_table()
                connection.register(side, rows)
            key = new.keys.get(table) or old.keys.get(table) or ()
            left = old.tables.get(table, new.tables.get(table))
            right = new.tables.get(table, old.tables.get(table))
            shared = [c for c in left.column_names if c in right.column_names and c not in key]
            same = [
                c for c in shared if table not in old.columns or table not in new.columns or _same(table, c, old, new)
            ]
            if key and set(key) <= {*left.column_names} & {*right.column_names}:
                yield _compare(connection, table, key, same)


def _same(table: str, column: str, old: Snapshot, new: Snapshot) -> bool:
    return old.columns[table][column].type == new.columns[table][column].type


def _compare(connection: "duckdb.DuckDBPyConnection", table: str, key: Sequence[str], shared: list[str]) -> TableChange:
    on = " AND ".join(f"o.{_quoted(k)} = n.{_quoted(k)}" for k in key)
    differs = [f"o.{_quoted(c)} IS DISTINCT FROM n.{_quoted(c)}" for c in shared]
    anything = " OR ".join(differs) or "false"
    shown = " || '/' || ".join(f"coalesce(o.{_quoted(k)}, n.{_quoted(k)})::VARCHAR" for k in key)
    first = _quoted(key[0])
    counts = "".join(f", count(*) FILTER (both_sides AND d{i})" for i in range(len(shared)))
    flags = "".join(f", ({one}) AS d{i}" for i, one in enumerate(differs))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE pairs AS SELECT {shown} AS shown, o.{first} IS NULL AS is_new, "
        f"n.{first} IS NULL AS is_gone, o.{first} IS NOT NULL AND n.{first} IS NOT NULL AS both_sides, "
        f"({anything}) AS differs{flags} FROM old o FULL JOIN new n ON {on}"
    )
    classes = {"added": "is_new", "removed": "is_gone", "changed": "both_sides AND differs"}
    sums = ", ".join(f"count(*) FILTER ({condition})" for condition in classes.values())
    row = connection.execute(f"SELECT {sums}{counts} FROM pairs").fetchone() or (0, 0, 0)
    samples = {}
    for name, condition in classes.items():
        query = f"SELECT shown FROM pairs WHERE {condition} ORDER BY shown LIMIT {SAMPLES}"
        samples[name] = tuple(key for (key,) in connection.execute(query).fetchall())
    columns = {column: count for column, count in zip(shared, row[3:], strict=True) if count}
    return TableChange(table, row[0], row[1], row[2], columns, {name: keys for name, keys in samples.items() if keys})


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
