"""Cells of CSV, a column at a time: what `str`, `json` and `isoformat` of Python give, made by Arrow.

Millions of rows are written in seconds that way; row by row it would be minutes. Where Arrow writes a value otherwise
than Python does (a real number, a text that JSON must escape) Python writes each different value once.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as kinds

Column = Any  # an Arrow array; its stubs lack much of what is used here

SPECIAL: Final = '[",\r\n]'  # a lone carriage return, too: the reader of Python's csv takes it for the end of a row
SPECIALS: Final = (b",", b'"', b"\n", b"\r")
ESCAPED: Final = '["\\\\\\x00-\\x1f]'
ESCAPED_BYTES: Final = re.compile(ESCAPED.encode())


def csv_lines(batch: pa.RecordBatch) -> bytes:
    """The rows of a batch as lines; it must be small enough for one Arrow array of text (2 GB)."""
    if not batch.num_columns or not batch.num_rows:
        return b""
    cells = [_quoted(_shown(column)) for column in batch.columns]
    lines = _joined(_joined(*cells, between=","), "\n")
    return _data(lines)


def _joined(*parts: Any, between: str = "", nulls: str = "replace") -> Column:
    return pc.binary_join_element_wise(*parts, between, null_handling=nulls)


def _data(texts: Column) -> bytes:
    """What lies in an array of texts, one after another."""
    _, offsets, data = texts.buffers()
    if data is None:
        return b""
    ends = np.frombuffer(offsets, dtype=np.int32, count=len(texts) + 1, offset=4 * texts.offset)
    return bytes(data.slice(int(ends[0]), int(ends[-1] - ends[0])).to_pybytes())


def _quoted(cells: Column) -> Column:
    """Cells in quotation marks where they need them. Most columns never do, which one look at their bytes tells."""
    data = _data(cells)
    if not any(special in data for special in SPECIALS):
        return cells
    marks = pc.match_substring_regex(cells, SPECIAL)
    marked = pc.replace_substring(cells.filter(marks), '"', '""')
    return pc.replace_with_mask(cells, marks, _joined('"', marked, '"'))


def _shown(column: Column) -> Column:
    """The values of a column as text, null where they are."""
    kind = column.type
    if kinds.is_nested(kind):
        return _json(column)
    return _plain(column, repr)


def _plain(column: Column, real: Callable[[float], str]) -> Column:
    """Values that are not nested, as text; `real` writes a real number."""
    kind = column.type
    if kinds.is_string(kind):
        return column
    if kinds.is_dictionary(kind):
        return _plain(column.dictionary_decode(), real)
    if kinds.is_float64(kind):
        return _reals(column, real)
    if kinds.is_timestamp(kind):
        return _instants(column)
    if kinds.is_date(kind):
        return column.cast(pa.date32()).cast(pa.string())
    if kinds.is_boolean(kind) or kinds.is_integer(kind) or kinds.is_large_string(kind) or kinds.is_string_view(kind):
        return column.cast(pa.string())
    return pa.array([None if value is None else str(value) for value in column.to_pylist()], pa.string())


def _reals(column: Column, real: Callable[[float], str]) -> Column:
    """Real numbers, told apart by their bits: -0.0 is not 0.0."""
    found = column.view(pa.int64()).dictionary_encode()
    texts = [real(value) for value in found.dictionary.view(pa.float64()).to_pylist()]
    return pa.array(texts, pa.string()).take(found.indices)


def _instants(column: Column) -> Column:
    """Instants in UTC with `Z`, and with microseconds only where there are some, as `isoformat` has it."""
    in_utc = column.cast(pa.timestamp("us", tz=column.type.tz)).view(pa.timestamp("us"))
    texts = pc.strftime(in_utc, format="%Y-%m-%dT%H:%M:%S")
    return _joined(pc.replace_substring_regex(texts, r"\.000000$", ""), "Z", nulls="emit_null")


def _json(column: Column) -> Column:
    """Values as JSON, null where they are."""
    kind = column.type
    if kinds.is_list(kind) or kinds.is_large_list(kind):
        return _json_lists(column)
    if kinds.is_struct(kind):
        return _json_objects(column)
    if kinds.is_nested(kind) or kinds.is_binary(kind):
        values = column.to_pylist()
        return pa.array([None if value is None else _dumped(value) for value in values], pa.string())
    texts = _plain(column, _dumped)
    if kinds.is_boolean(kind) or kinds.is_integer(kind) or kinds.is_floating(kind):
        return texts
    if ESCAPED_BYTES.search(_data(texts)):
        marks = pc.match_substring_regex(texts, ESCAPED)
        marked = [_dumped(value)[1:-1] for value in texts.filter(marks).to_pylist()]
        texts = pc.replace_with_mask(texts, marks, pa.array(marked, pa.string()))
    return _joined('"', texts, '"', nulls="emit_null")


def _json_lists(column: Column) -> Column:
    items = pc.fill_null(_json(column.flatten()), "null")
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy()
    ends = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    texts = _joined("[", pc.binary_join(pa.ListArray.from_arrays(pa.array(ends), items), ", "), "]")
    return pc.if_else(column.is_valid(), texts, pa.scalar(None, pa.string()))


def _json_objects(column: Column) -> Column:
    parts: list[Any] = []
    for field, member in zip(column.type, column.flatten(), strict=True):
        parts += [f"{', ' if parts else '{'}{_dumped(field.name)}: ", pc.fill_null(_json(member), "null")]
    texts = _joined(*parts, "}") if parts else pa.array(["{}"] * len(column))
    return pc.if_else(column.is_valid(), texts, pa.scalar(None, pa.string()))


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_iso)


def _iso(value: Any) -> str:
    """A date, or an instant in UTC with `Z`."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    return str(value.isoformat())
