"""Cells to their column's type, cell by cell where a whole column cannot be cast.

What Arrow would cast without a word is refused where it changes the meaning: a number is no boolean and no string, an
instant without zone is no instant in UTC, NaN is no number, and an array that holds a null is not the array promised.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from broadsheet.schema.arrow import arrow_type
from broadsheet.schema.model import Field, FieldType, Item
from broadsheet.schema.scalars import parse_scalar

Column = Any  # an Arrow chunked array (or array); its stubs lack much of what is used here

# Texts whose cast by Arrow means what `parse_scalar` means; where one cell differs, all are read by `parse_scalar`.
_PLAIN: Final[dict[str, str]] = {
    "integer": "^-?[0-9]{1,18}$",
    "number": r"^-?[0-9]{1,30}(?:\.[0-9]{1,30})?$",
    "boolean": "^(?:true|false)$",
    "date": "^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$",
    "datetime": r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?Z$",
}
# The days Python's calendar has, counted from 1970-01-01, and how many ticks of each unit make a day.
_FIRST_DAY: Final = date.min.toordinal() - date(1970, 1, 1).toordinal()
_LAST_DAY: Final = date.max.toordinal() - date(1970, 1, 1).toordinal()
_TICKS: Final = {"day": 1, "s": 86_400, "ms": 86_400_000, "us": 86_400_000_000}


def cast_column(field: Field, column: Column) -> tuple[Column, list[tuple[int, Any]]]:
    """A column as its field's type.

    Args:
        field: The column's contract.
        column: Its cells, of any type; texts are read as `parse_scalar` does, arrays as JSON text.

    Returns:
        The column, null where a cell could not be cast; and number and value of each such row.
    """
    target = arrow_type(field)
    if pt.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    column, bad = _within_calendar(field, column)
    if _whole(field, column):
        try:
            return column.cast(target), bad
        except pa.ArrowException:
            pass  # some cell does not fit: find out which
    values = []
    for row, value in enumerate(_values(column)):
        found = None if value is None else _cell(field, value)
        values.append(found)
        if found is None and value is not None:
            bad.append((row, value))
    return pa.chunked_array([pa.array(values, target)]), bad


def _whole(field: Field | Item, column: Column) -> bool:
    """Whether Arrow may cast all cells at once, because it means by the cast what we mean."""
    type_ = column.type
    if pt.is_null(type_):
        return True
    if isinstance(field, Field) and field.items is not None:
        return bool(pt.is_list(type_) or pt.is_large_list(type_)) and _whole_items(field.items, pc.list_flatten(column))
    if _is_text(type_):
        return field.type == "string" or _all(pc.match_substring_regex(column, _PLAIN[field.type]))
    return _family(field.type, type_) and not (pt.is_floating(type_) and not _all(pc.is_finite(column)))


def _whole_items(item: Item, values: Column) -> bool:
    if values.null_count:
        return False
    if item.type != "object":
        return _whole(item, values)
    type_ = values.type
    if not pt.is_struct(type_) or [f.name for f in type_] != [f.name for f in item.fields]:
        return False
    members = [(field, pc.struct_field(values, field.name)) for field in item.fields]
    return all(_whole(f, member) and (f.nullable or not member.null_count) for f, member in members)


def _family(kind: FieldType, type_: Any) -> bool:
    match kind:
        case "integer" | "number":
            return bool(pt.is_integer(type_) or pt.is_floating(type_))
        case "boolean":
            return bool(pt.is_boolean(type_))
        case "date":
            return bool(pt.is_date(type_))
        case "datetime":
            return bool(pt.is_timestamp(type_)) and type_.tz is not None
        case _:
            return False


def _is_text(type_: Any) -> bool:
    return bool(pt.is_string(type_) or pt.is_large_string(type_) or pt.is_string_view(type_))


def _all(mask: Any) -> bool:
    """Whether all are true, nulls apart."""
    return pc.all(mask).as_py() is not False


def _within_calendar(field: Field, column: Column) -> tuple[Column, list[tuple[int, Any]]]:
    """Days and instants Arrow can hold and Python cannot: null, and listed by their bare number."""
    type_ = column.type
    if not (field.type == "date" and pt.is_date(type_)) and not (field.type == "datetime" and pt.is_timestamp(type_)):
        return column, []
    unit = type_.unit if pt.is_timestamp(type_) else "ms" if pt.is_date64(type_) else "day"
    if unit == "ns":  # 64 bits of nanoseconds do not reach beyond the calendar
        return column, []
    ticks: Any = column.cast(pa.int32() if pt.is_date32(type_) else pa.int64())
    low, high = _FIRST_DAY * _TICKS[unit], (_LAST_DAY + 1) * _TICKS[unit]
    beyond: Any = pc.or_(pc.less(ticks, pa.scalar(low)), pc.greater_equal(ticks, pa.scalar(high)))
    rows = pc.indices_nonzero(pc.fill_null(beyond, False)).to_pylist()
    if not rows:
        return column, []
    kept = pc.if_else(beyond, pa.scalar(None, type_), column)
    return kept, list(zip(rows, ticks.take(pa.array(rows)).to_pylist(), strict=True))


def _values(column: Column) -> Iterator[Any]:
    for chunk in column.chunks:
        yield from chunk.to_pylist()


def _cell(field: Field | Item, value: Any) -> Any:
    """A cell as its type has it; None if it is none of that type."""
    if isinstance(field, Item) and field.type == "object":
        return _object(field, value)
    if not isinstance(field, Field) or field.items is None:
        return parse_scalar(field.type, value)
    items = _json(value) if isinstance(value, str) else value
    if not isinstance(items, list):
        return None
    found = [_cell(field.items, item) for item in items]
    return None if any(item is None for item in found) else found


def _object(item: Item, value: Any) -> dict[str, Any] | None:
    """An object with the members of the contract and no other, or None."""
    if not isinstance(value, dict) or not value.keys() <= {field.name for field in item.fields}:
        return None
    found: dict[str, Any] = {}
    for field in item.fields:
        given = value.get(field.name)
        found[field.name] = None if given is None else _cell(field, given)
        if found[field.name] is None and (given is not None or not field.nullable):
            return None
    return found


def _json(text: str) -> Any:
    """The value of JSON text; None if it is no JSON, or holds text that cannot be written as UTF-8."""
    try:
        value = json.loads(text)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return value
