"""Every cell of a table that breaks its schema, as data."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from broadsheet.schema.cast import cast_column
from broadsheet.schema.checks import column_checks
from broadsheet.schema.model import Field, Table
from broadsheet.schema.pandera import import_pandera, pandera_schema

VALUE_LENGTH: Final = 200
_REQUIRED: Final = "required, but there is no value"


@dataclass(frozen=True, slots=True)
class Failure:
    """A cell that breaks its column's contract, or a column that is not as promised.

    Attributes:
        row: Number of the row, from 0; None where it is about the column.
        field: Name of the column.
        code: `cell-cast`, `constraint` or `columns-differ`.
        message: What was expected, without the value.
        value: The offending value as text, at most 200 code points; None for a missing one.
        constraint: The constraint broken, such as `minimum`, or `role.enum` for a member of an array's objects.
    """

    row: int | None
    field: str
    code: str
    message: str
    value: str | None = None
    constraint: str | None = None


def failures(table: Table, data: pa.Table) -> list[Failure]:
    """All failures, by row and column.

    Cells that cannot be cast are set aside first, so that they hide nothing else; pandera then checks the rest.

    Args:
        table: The contract.
        data: Rows of any types; a column of texts is cast, as from CSV (where the caller has made empty cells null).
    """
    found = list(_columns(table, data))
    present = [field for field in table.fields if field.name in data.column_names]
    clean: dict[str, Any] = {}
    quarantined: set[tuple[str, int]] = set()
    for field in present:
        clean[field.name], bad = cast_column(field, data.column(data.column_names.index(field.name)))
        quarantined.update((field.name, row) for row, _ in bad)
        found += [Failure(row, field.name, "cell-cast", _expected(field), _text(value)) for row, value in bad]
    if present and data.num_rows:
        checked = Table(table.name, table.title, table.description, tuple(present))
        found += _broken(checked, pa.table(clean), quarantined)
    order = {name: at for at, name in enumerate(table.names)}
    last = len(order)
    return sorted(found, key=lambda f: (-1 if f.row is None else f.row, order.get(f.field, last), f.constraint or ""))


def _columns(table: Table, data: pa.Table) -> Iterator[Failure]:
    """Columns that are missing, unknown, double or out of order."""
    names = data.column_names
    for name in table.names:
        if name not in names:
            yield Failure(None, name, "columns-differ", "the column is missing")
    for name in sorted(set(names)):
        if name not in table.names:
            yield Failure(None, name, "columns-differ", "the column is not in the schema")
        elif names.count(name) > 1:
            yield Failure(None, name, "columns-differ", "two columns have this name")
    expected = [name for name in table.names if name in names]
    actual = [name for name in dict.fromkeys(names) if name in table.names]
    for name, other in zip(expected, actual, strict=True):
        if name != other:
            yield Failure(None, name, "columns-differ", f"out of order: {other!r} stands in its place")
            return


def _broken(table: Table, data: pa.Table, quarantined: set[tuple[str, int]]) -> Iterator[Failure]:
    """What pandera finds; its index is the number of the row."""
    import pandas as pd

    frame = data.to_pandas(types_mapper=pd.ArrowDtype)
    try:
        pandera_schema(table).validate(frame, lazy=True)
    except import_pandera().errors.SchemaErrors as problem:
        cases = problem.failure_cases  # the exception itself must never be printed: it may take up many megabytes
    else:
        return
    messages = {(field.name, check.name): check.message for field in table.fields for check in column_checks(field)}
    for (column, check), group in cases.groupby(["column", "check"], sort=True):
        rows = [int(row) for row in group["index"]]
        if check == "not_nullable":
            for row in rows:
                if (column, row) not in quarantined:
                    yield Failure(row, column, "constraint", _REQUIRED, None, "required")
            continue
        message = messages[column, check]
        for row, value in zip(rows, data.column(column).take(pa.array(rows)).to_pylist(), strict=True):
            yield Failure(row, column, "constraint", message, _text(value), check)


def _expected(field: Field) -> str:
    if field.items is None:
        return f"expected a value of type {field.type}"
    return f"expected an array of {field.items.type}, without nulls"


def _text(value: Any) -> str:
    """A value for a report: text as it is, the rest as Python writes it, shortened."""
    import json

    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False, default=str)
    return str(value)[:VALUE_LENGTH]
