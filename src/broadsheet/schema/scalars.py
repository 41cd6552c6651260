"""One reading of a single value for each type, strict, wherever a value has to be read: a bound, an enum, a cell."""

import re
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any, Final

from broadsheet.schema.model import FieldType, Scalar

_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,19}")
_NUMBER: Final = re.compile(r"[-+]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][-+]?[0-9]{1,3})?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:[Zz]|[-+][0-9]{2}:[0-9]{2})"
)
_INT64: Final = 2**63


def parse_scalar(kind: FieldType, value: Any) -> Scalar | None:
    """The value as its type has it, or None if it is none of that type.

    A text is read where the type is not `string`: decimal numbers, `true` and `false`, ISO 8601 dates, and ISO 8601
    instants that state their offset. A number is never taken for a string or a boolean, nor a day for an instant.
    """
    match kind:
        case "string":
            return value if isinstance(value, str) else None
        case "integer":
            return _integer(value)
        case "number":
            return _number(value)
        case "boolean":
            return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value))
        case "date":
            return _date(value)
        case "datetime":
            return _instant(value)
        case _:
            return None


def _integer(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        value = int(value) if isfinite(value) and value.is_integer() else None
    elif isinstance(value, str):
        value = int(value) if _INTEGER.fullmatch(value) else None
    return value if isinstance(value, int) and -_INT64 <= value < _INT64 else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = float(value) if _NUMBER.fullmatch(value) else None
    if not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if isfinite(found) else None


def _date(value: Any) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _instant(value: Any) -> datetime | None:
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        try:
            value = datetime.fromisoformat(value.upper())
        except ValueError:
            return None
    # pandas has instants finer than the microseconds a column holds
    if not isinstance(value, datetime) or value.tzinfo is None or getattr(value, "nanosecond", False):
        return None
    try:
        return value.astimezone(UTC)
    except OverflowError:
        return None
