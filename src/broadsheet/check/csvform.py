r"""The CSV form of a table: written by `package`, written again by `check` to prove that both forms say the same.

UTF-8, one header line, LF between rows, RFC 4180 quoting where needed. Null is an empty cell. An empty text is an empty
cell as well; which of the two it is, the schema says: a required text column has `missingValues: []`, so an empty
cell there is the empty text (`articles.body` of an article without body), and everywhere else it is null. A nullable
column therefore must not hold empty texts; `empty_texts` counts those that would come back as null.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from broadsheet.schema.model import Table

if TYPE_CHECKING:
    import pyarrow as pa

SPECIAL: Final = re.compile('[",\r\n]')
BATCH: Final = 4096  # rows turned into Python values at a time
DIALECT: Final = {
    "$schema": "https://datapackage.org/profiles/2.0/tabledialect.json",
    "header": True,
    "delimiter": ",",
    "lineTerminator": "\n",
    "quoteChar": '"',
    "doubleQuote": True,
}


def csv_schema(table: Table) -> dict[str, Any]:
    """The published Table Schema of the CSV form."""
    from broadsheet.schema.descriptor import table_schema

    schema = table_schema(table)
    for field, column in zip(schema["fields"], table.fields, strict=True):
        if column.type == "string" and not column.nullable:
            field["missingValues"] = []
    return schema


def csv_chunks(table: "pa.Table") -> Iterator[bytes]:
    """The CSV form in pieces."""
    yield _line(table.column_names)
    shown = [_cell(field.type) for field in table.schema]
    for batch in table.to_batches(max_chunksize=BATCH):
        columns = [
            [show(value) for value in column.to_pylist()] for show, column in zip(shown, batch.columns, strict=True)
        ]
        yield b"".join(_line(cells) for cells in zip(*columns, strict=True))


def _line(cells: Iterable[str]) -> bytes:
    """One row. The csv module leaves a lone carriage return unquoted, which its own reader takes for the row's end."""
    quoted = ('"' + cell.replace('"', '""') + '"' if SPECIAL.search(cell) else cell for cell in cells)
    return (",".join(quoted) + "\n").encode()


def csv_digest(table: "pa.Table") -> str:
    """Hex sha256 of the CSV form."""
    hashed = hashlib.sha256()
    for chunk in csv_chunks(table):
        hashed.update(chunk)
    return hashed.hexdigest()


def empty_texts(contract: Table, table: "pa.Table") -> dict[str, int]:
    """How many empty texts stand in each nullable text column; the CSV form has null for them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = [field.name for field in contract.fields if field.type == "string" and field.nullable]
    empty = pa.scalar("")
    counts = {name: pc.equal(table.column(name), empty).to_pylist().count(True) for name in columns}
    return {name: count for name, count in counts.items() if count}


def _cell(kind: "pa.DataType") -> Callable[[Any], str]:
    """How values of an Arrow type are written."""
    import pyarrow.types as kinds

    if kinds.is_boolean(kind):
        return lambda value: "" if value is None else "true" if value else "false"
    if kinds.is_nested(kind):
        return lambda value: "" if value is None else json.dumps(value, ensure_ascii=False, default=_iso)
    if kinds.is_timestamp(kind) or kinds.is_date(kind):
        return lambda value: "" if value is None else _iso(value)
    if kinds.is_floating(kind):
        return lambda value: "" if value is None else repr(value)
    return lambda value: "" if value is None else str(value)


def _iso(value: Any) -> str:
    """A date, or an instant in UTC with `Z`."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    return str(value.isoformat())
