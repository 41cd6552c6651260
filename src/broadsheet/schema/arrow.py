"""To Arrow: the canonical form of a table, from which all others are derived.

Types are plain (`string`, `int64`, `double`, `bool`, `date32`, `timestamp[us, tz=UTC]`, lists and structs of them), the
fields carry nullability, and the schema carries no metadata: readers of other libraries stumble over theirs.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from broadsheet.schema.model import Field, Item, Table


def arrow_type(field: Field | Item) -> pa.DataType:
    """The Arrow type of a column, of an item of an array, or of a member of an object."""
    match field.type:
        case "string":
            return pa.string()
        case "integer":
            return pa.int64()
        case "number":
            return pa.float64()
        case "boolean":
            return pa.bool_()
        case "date":
            return pa.date32()
        case "datetime":
            return pa.timestamp("us", tz="UTC")
        case "array":
            assert isinstance(field, Field)
            assert field.items is not None  # the loader sees to it
            return pa.list_(pa.field("element", arrow_type(field.items), nullable=False))
        case "object":
            assert isinstance(field, Item)
            return pa.struct([pa.field(f.name, arrow_type(f), nullable=f.nullable) for f in field.fields])


def arrow_schema(table: Table) -> pa.Schema:
    """The Arrow schema of a table: columns in order, with types and nullability."""
    return pa.schema([pa.field(f.name, arrow_type(f), nullable=f.nullable) for f in table.fields])


def rows_to_table(table: Table, rows: Sequence[Any]) -> pa.Table:
    """Rows as an Arrow table with exactly `arrow_schema`.

    Args:
        table: The contract.
        rows: Dataclass rows of that table. Columns a project added, which no row has, become null.

    Raises:
        ValueError: If a value is not of its column's type, or null where the schema allows none; names the column.
    """
    schema = arrow_schema(table)
    present = {name for name in table.names if not rows or hasattr(rows[0], name)}
    arrays = []
    for field, target in zip(table.fields, schema, strict=True):
        values = [getattr(row, field.name) for row in rows] if field.name in present else [None] * len(rows)
        try:
            array = _array(field, values, target.type)
        except (pa.ArrowException, TypeError, OverflowError, UnicodeEncodeError) as problem:
            raise ValueError(f"{table.name}.{field.name}: {problem}") from problem
        if array.null_count and not target.nullable:
            at = values.index(None)
            raise ValueError(f"{table.name}.{field.name}: row {at} is null, but the column is required")
        arrays.append(array)
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(field: Field, values: list[Any], type_: pa.DataType) -> "pa.Array[Any]":
    """A column; arrays of objects are built member by member, which spares a dict for each of them."""
    if field.items is None or field.items.type != "object":
        return pa.array(_in_utc(values) if field.type == "datetime" else values, type_)
    offsets = [0]
    flat: list[Any] = []
    for value in values:
        flat.extend(value or ())
        offsets.append(len(flat))
    if any(item is None for item in flat):
        raise TypeError("an array holds a null item")
    struct: Any = arrow_type(field.items)
    members = [_array(f, [getattr(item, f.name) for item in flat], arrow_type(f)) for f in field.items.fields]
    items = pa.StructArray.from_arrays(members, fields=list(struct))
    missing = pa.array([value is None for value in values]) if any(value is None for value in values) else None
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), items, type=type_, mask=missing)


def _in_utc(values: list[Any]) -> list[datetime | None]:
    """Instants as Arrow takes them right: it ignores their zone where PYARROW_IGNORE_TIMEZONE is set."""
    for value in values:
        if value is not None and (not isinstance(value, datetime) or value.tzinfo is None):
            raise TypeError(f"{value!r} is no instant with a zone")
    return [None if value is None else value.astimezone(UTC) for value in values]
