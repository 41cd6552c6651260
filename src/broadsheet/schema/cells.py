"""To DuckDB: conditions that find broken cells, over a view named as the table.

They find what `broadsheet.schema.validate` finds in a table whose columns have the types of the schema, and so need no
row in memory: `counts` tells the offenders of all constraints in one scan, `samples` names some of one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Literal

from broadsheet import sql
from broadsheet.schema.model import Constraints, Field, FieldType, Item, Scalar, Table
from broadsheet.sql import quoted

ROW: Final = "file_row_number"
"""Column of the view that numbers the rows of a file, from 0."""
WITHOUT: Final = (
    "SET disabled_optimizers = "
    "'filter_pushdown,statistics_propagation,row_group_pruner,join_filter_pushdown,partial_aggregate_pushdown'"
)
"""To be said to DuckDB first: the least and greatest values a footer tells are a stranger's claims, and leave out NaN,
so no row may be skipped on their word."""
VALUE_LENGTH: Final = 200
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = 86_400_000_000
_FIRST: Final = (date.min.toordinal() - _EPOCH.toordinal()) * _DAY
_LAST: Final = (date.max.toordinal() - _EPOCH.toordinal() + 1) * _DAY


@dataclass(frozen=True, slots=True)
class CellProbe:
    """One constraint of one column, or its type as far as Arrow's type does not tell it.

    Attributes:
        code: `cell-cast` or `constraint`.
        table: Table of the column.
        field: The column.
        constraint: Name of the constraint as in `validate.Failure`, such as `minimum` or `role.enum`; None for a cast.
        message: What was expected, for a person.
        broken: SQL condition, true for a row whose cell is broken, else false or null.
        pattern: The regular expression the condition holds, if any: RE2 may refuse it.
        alone: Whether it reads the whole table by itself, and so should be counted apart.
    """

    code: Literal["cell-cast", "constraint"]
    table: str
    field: str
    constraint: str | None
    message: str
    broken: str
    pattern: str | None = None
    alone: bool = False


def cell_probes(table: Table) -> list[CellProbe]:
    """The probes of all columns."""
    return [probe for field in table.fields for probe in _column(table.name, field)]


def counts(table: str, conditions: Sequence[str], columns: Sequence[str]) -> str:
    """Query of one row, in one scan: how many rows each condition holds for, then how many values each column has.

    The latter have every page of the columns decoded, so that a damaged one is noticed.
    """
    told = [f"count(*) FILTER (WHERE {condition})" for condition in conditions]
    told += [f"count({quoted(name)})" for name in columns]
    return f"SELECT {', '.join(told)} FROM {quoted(table)}"


def count(probe: CellProbe) -> str:
    """Query of one number: how many cells a probe finds."""
    return f"SELECT count(*) FROM {quoted(probe.table)} WHERE {probe.broken}"


def samples(table: Table, probe: CellProbe, limit: int) -> str:
    """Query of the first cells a probe finds: row, value as text (shortened), then the primary key as texts."""
    column = quoted(probe.field)
    shown = f"left(CAST({column} AS VARCHAR), {VALUE_LENGTH})"
    key = "".join(f", left(CAST({quoted(name)} AS VARCHAR), {VALUE_LENGTH})" for name in table.primary_key)
    return f"SELECT {ROW}, {shown}{key} FROM {quoted(table.name)} WHERE {probe.broken} ORDER BY ALL LIMIT {limit}"


def literal(kind: FieldType, value: Scalar) -> str:
    """A value of SQL, to be compared with `_compared` of a cell."""
    match value:
        case bool():
            return str(value).lower()
        case datetime():
            since = value - _EPOCH
            return str(since.days * _DAY + since.seconds * 1_000_000 + since.microseconds)
        case date():
            return f"DATE '{value.isoformat()}'"
        case str():
            return sql.literal(value)
        case _:
            return f"CAST('{float(value)!r}' AS DOUBLE)" if kind == "number" else f"CAST('{value}' AS BIGINT)"


def _column(table: str, field: Field) -> Iterator[CellProbe]:
    column = quoted(field.name)
    if field.constraints.required:
        message = "required, but there is no value"
        yield CellProbe("constraint", table, field.name, "required", message, f"{column} IS NULL")
    unfit = _unfit(field, column)
    if unfit:
        message = f"expected {_kind(field)}"
        yield CellProbe("cell-cast", table, field.name, None, message, unfit)
    fit = f" AND NOT ({unfit})" if unfit else ""
    for name, message, broken, pattern in _limits(field, field.constraints, column):
        yield CellProbe("constraint", table, field.name, name, message, f"{broken}{fit}", pattern)
    if field.constraints.unique:
        often = f"SELECT {column} FROM {quoted(table)} WHERE {column} IS NOT NULL{fit} GROUP BY 1 HAVING count(*) > 1"
        message, broken = "expected a value no other row has", f"{column} IN ({often}){fit}"
        yield CellProbe("constraint", table, field.name, "unique", message, broken, alone=True)
    for member in field.items.fields if field.items else ():
        for name, message, broken, pattern in _limits(member, member.constraints, f"i.{quoted(member.name)}"):
            yield CellProbe(
                "constraint",
                table,
                field.name,
                f"{member.name}.{name}",
                f"{member.name}: {message}",
                f"{_any_item(column, broken)}{fit}",
                pattern,
            )


def _kind(field: Field) -> str:
    return f"a value of type {field.type}" if field.items is None else f"an array of {field.items.type}, without nulls"


def _any_item(column: str, broken: str) -> str:
    return f"len(list_filter({column}, lambda i: {broken})) > 0"


def _unfit(field: Field | Item, value: str) -> str:
    """Condition of a value that is of the Arrow type, but not of the type of the schema; empty if none can be.

    No number is NaN or infinite, no day lies outside the calendar, no item of an array is null.
    """
    match field.type:
        case "number":
            return f"NOT isfinite({value})"
        case "date":
            return f"({value} < {literal('date', date.min)} OR {value} > {literal('date', date.max)})"
        case "datetime":
            return f"(epoch_us({value}) < {_FIRST} OR epoch_us({value}) >= {_LAST})"
        case "array" if isinstance(field, Field) and field.items is not None:
            wrong = ["i IS NULL", _unfit(field.items, "i")]
            for member in field.items.fields:
                name = f"i.{quoted(member.name)}"
                wrong += ["" if member.nullable else f"{name} IS NULL", _unfit(member, name)]
            return _any_item(value, " OR ".join(filter(None, wrong)))
        case _:
            return ""


def _limits(field: Field, limits: Constraints, value: str) -> Iterator[tuple[str, str, str, str | None]]:
    """Name, message, condition and pattern of each constraint, except those that look at other rows or at null."""
    compared = f"epoch_us({value})" if field.type == "datetime" else value
    if (low := limits.minimum) is not None:
        yield "minimum", f"expected at least {low}", f"{compared} < {literal(field.type, low)}", None
    if (high := limits.maximum) is not None:
        yield "maximum", f"expected at most {high}", f"{compared} > {literal(field.type, high)}", None
    unit = "items" if field.type == "array" else "characters"
    if (least := limits.min_length) is not None:
        message = f"expected at least {least} {unit}" if least > 1 else "expected a value that is not empty"
        yield "minLength", message, f"length({value}) < {least}", None
    if (most := limits.max_length) is not None:
        yield "maxLength", f"expected at most {most} {unit}", f"length({value}) > {most}", None
    if (pattern := limits.anchored) is not None:
        broken = f"NOT regexp_full_match({value}, {literal('string', pattern)})"
        yield "pattern", f"expected a text that matches {limits.pattern}", broken, pattern
    if limits.enum is not None:
        words = ", ".join(literal(field.type, word) for word in limits.enum)
        message = f"expected one of {', '.join(str(word) for word in limits.enum)}"
        yield "enum", message, f"{compared} NOT IN ({words})" if words else f"{compared} IS NOT NULL", None
