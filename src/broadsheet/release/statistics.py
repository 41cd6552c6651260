"""Figures that moved between two releases: what nobody sees in a list of rows.

A count moved if it is 5 rows and 5 % (of the larger) away from what it was, or if it came from or fell to nothing; a
share if it is a whole percentage point away, a mean if it is 5 % away. Of each group the 50 that moved most are kept.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from broadsheet.emitted.tables import TableFiles
from broadsheet.sql import literal, quoted

if TYPE_CHECKING:
    import duckdb

Unit = Literal["count", "share", "mean"]
KEPT: Final = 50
MOVED: Final[Mapping[Unit, str]] = {
    "count": "(abs(a - b) >= 5 AND abs(a - b) >= 0.05 * greatest(a, b)) OR (least(a, b) = 0 AND a != b)",
    "share": "abs(a - b) >= 0.01 - 1e-9",
    "mean": "abs(a - b) >= 0.05 * greatest(a, b) AND a != b",
}


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure that moved.

    Attributes:
        group: What is measured.
        name: Of what: a collection, a type, a column.
        unit: Whether it counts rows, is a share from 0 to 1, or a mean.
        old: Before.
        new: After.
    """

    group: str
    name: str
    unit: Unit
    old: float
    new: float


@dataclass(frozen=True, slots=True)
class Measure:
    """A group of figures: SQL that gives `name` and `value`, with `{table}` where a table is meant."""

    group: str
    unit: Unit
    sql: str


def _counted(group: str, table: str, what: str) -> Measure:
    return Measure(group, "count", f"SELECT {what} AS name, count(*) AS value FROM {{{table}}} GROUP BY 1")


BY_PUBLISHER: Final = "articles by publisher"
YEAR: Final = "coalesce(year(published_at)::VARCHAR, left(published_local, 4), 'undated')"
MEASURES: Final = (
    Measure(
        "articles by collection",
        "count",
        "SELECT s.collection AS name, count(*) AS value "
        "FROM {articles} a JOIN {sources} s ON a.source_id = s.source_id GROUP BY 1",
    ),
    _counted(BY_PUBLISHER, "articles", "publisher"),
    _counted("articles by language", "articles", "language"),
    _counted("articles by year", "articles", YEAR),
    Measure(
        "articles", "share", "SELECT 'duplicates' AS name, coalesce(avg((duplicate_of IS NOT NULL)::INT), 0) AS value "
        "FROM {articles}",
    ),
    Measure(
        "mentions", "mean", "SELECT 'per article' AS name, (SELECT count(*) FROM {mentions})::DOUBLE "
        "/ greatest((SELECT count(*) FROM {articles}), 1) AS value",
    ),
    Measure(
        "mentions", "share", "SELECT 'linked' AS name, coalesce(avg(e.linked::INT), 0) AS value "
        "FROM {mentions} m JOIN {entities} e ON m.entity_id = e.entity_id",
    ),
    Measure("entities", "share", "SELECT 'linked' AS name, coalesce(avg(linked::INT), 0) AS value FROM {entities}"),
    _counted("events by type", "events", "type"),
    _counted("events by status", "events", "status"),
    _counted("rejects by code", "rejects", "code"),
)  # fmt: skip


def moved(
    connection: "duckdb.DuckDBPyConnection", old: Mapping[str, TableFiles], new: Mapping[str, TableFiles]
) -> tuple[Moved, ...]:
    """The figures that moved, by group, the largest move first.

    Args:
        connection: With the tables of both sides as views `old NAME` and `new NAME`.
        old: Tables of the old release.
        new: Tables of the new one; the same names.
    """
    return (*_rows(connection, old, new), *_measured(connection), *_nulls(connection, old, new))


def _rows(
    connection: "duckdb.DuckDBPyConnection", old: Mapping[str, TableFiles], new: Mapping[str, TableFiles]
) -> Iterator[Moved]:
    def told(tables: Mapping[str, TableFiles]) -> str:
        return _values({name: files.rows for name, files in tables.items()})

    yield from _moves(connection, "rows", "count", told(old), told(new))


def _measured(connection: "duckdb.DuckDBPyConnection") -> Iterator[Moved]:
    """Figures of the tables of the core; a package that lacks a table or column of one has none of those."""
    import duckdb

    for measure in MEASURES:
        try:
            yield from _moves(connection, measure.group, measure.unit, *map(_on(measure.sql), ("old", "new")))
        except (duckdb.CatalogException, duckdb.BinderException, duckdb.ConversionException):
            continue


def _on(sql: str) -> Callable[[str], str]:
    names = ("sources", "articles", "mentions", "entities", "events", "rejects")
    return lambda side: sql.format(**{name: quoted(f"{side} {name}") for name in names})


def _nulls(
    connection: "duckdb.DuckDBPyConnection", old: Mapping[str, TableFiles], new: Mapping[str, TableFiles]
) -> Iterator[Moved]:
    """Share of nulls of each column that both have, of tables with rows on both sides."""
    for table in new:
        columns = [column for column in new[table].columns if column in old[table].columns]
        if not (columns and old[table].rows and new[table].rows):
            continue
        shares = [_null_shares(connection, f"{side} {table}", columns) for side in ("old", "new")]
        yield from _moves(connection, f"nulls of {table}", "share", *map(_values, shares))


def _null_shares(connection: "duckdb.DuckDBPyConnection", view: str, columns: list[str]) -> dict[str, float]:
    counts = ", ".join(f"1 - count({quoted(column)}) / count(*)" for column in columns)
    row = connection.execute(f"SELECT {counts} FROM {quoted(view)}").fetchone()
    assert row is not None
    return dict(zip(columns, row, strict=True))


def _values(figures: Mapping[str, float]) -> str:
    rows = ", ".join(f"({literal(name)}, {value!r})" for name, value in figures.items()) or "(NULL, 0)"
    return f"SELECT * FROM (VALUES {rows}) AS told(name, value)"


def _moves(connection: "duckdb.DuckDBPyConnection", group: str, unit: Unit, before: str, after: str) -> Iterator[Moved]:
    """The figures of two queries that moved."""
    sides = [f"(SELECT coalesce(name::VARCHAR, 'none') AS name, sum(value)::DOUBLE AS value FROM ({q}) GROUP BY 1)"
             for q in (before, after)]  # fmt: skip
    rows = connection.execute(
        f"SELECT name, a, b FROM (SELECT name, coalesce(o.value, 0) AS a, coalesce(n.value, 0) AS b "
        f"FROM {sides[0]} o FULL JOIN {sides[1]} n USING (name)) WHERE {MOVED[unit]} "
        f"ORDER BY abs(a - b) DESC, name LIMIT {KEPT}"
    ).fetchall()
    for name, old, new in rows:
        yield Moved(group, name, unit, round(old, 6), round(new, 6))
