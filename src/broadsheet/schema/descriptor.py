"""To Table Schema v2: the published contract of a table's CSV form, which any Frictionless reader can check.

In CSV an empty cell is null, arrays are JSON text, instants are ISO 8601 in UTC with `Z`. What only readers of Parquet
can tell apart, an empty text from a missing one, is not required of CSV. Foreign keys to other tables name resources.
"""

import re
from datetime import date, datetime
from typing import Any

from broadsheet.schema.model import PROFILE, Constraints, Field, Item, Scalar, Table


def table_schema(table: Table) -> dict[str, Any]:
    """The Table Schema descriptor of a table, ready for JSON."""
    schema: dict[str, Any] = {"$schema": PROFILE, "name": table.name}
    _put(schema, title=table.title, description=table.description)
    schema["fields"] = [_field(field) for field in table.fields]
    schema["missingValues"] = [""]
    if table.primary_key:
        schema["primaryKey"] = list(table.primary_key)
    if table.foreign_keys:
        schema["foreignKeys"] = [
            {
                "fields": list(key.fields),
                # A reference inside one table has no resource, by the standard.
                "reference": {
                    **({} if key.table == table.name else {"resource": key.table}),
                    "fields": list(key.reference),
                },
            }
            for key in table.foreign_keys
        ]
    if table.unique_keys:
        schema["uniqueKeys"] = [list(columns) for columns in table.unique_keys]
    return schema


def _field(field: Field) -> dict[str, Any]:
    described: dict[str, Any] = {"name": field.name, "type": field.type}
    _put(described, title=field.title, description=field.description)
    limits = _constraints(field)
    if field.type == "string" and field.constraints.required and "required" not in limits:
        described["description"] = f"{field.description} In CSV an empty text is an empty cell.".strip()
    _put(described, constraints=limits)
    if field.items is not None:
        described["items"] = _item(field.items)
    return described


def _item(item: Item) -> dict[str, Any]:
    """What the array holds: beyond the standard, so for people and for Broadsheet."""
    if item.type != "object":
        return {"type": item.type}
    return {"type": item.type, "fields": [_field(field) for field in item.fields]}


def _constraints(field: Field) -> dict[str, Any]:
    limits = field.constraints
    found: dict[str, Any] = {}
    if limits.required and not (field.type == "string" and _permits_empty(limits)):
        found["required"] = True
    _put(found, unique=limits.unique)
    for key, value in (("minimum", limits.minimum), ("maximum", limits.maximum)):
        if value is not None:
            found[key] = _plain(value)
    for key, length in (("minLength", limits.min_length), ("maxLength", limits.max_length)):
        if length is not None:
            found[key] = length
    _put(found, pattern=limits.anchored)
    if limits.enum is not None:
        found["enum"] = [_plain(word) for word in limits.enum]
    return found


def _permits_empty(limits: Constraints) -> bool:
    """Whether the empty text satisfies the constraints of a string."""
    return (
        not limits.min_length
        and (limits.enum is None or "" in limits.enum)
        and (limits.anchored is None or re.search(limits.anchored, "") is not None)
    )


def _plain(value: Scalar) -> str | int | float | bool:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _put(mapping: dict[str, Any], **values: Any) -> None:
    """Set what is not empty."""
    mapping.update({key: value for key, value in values.items() if value})
