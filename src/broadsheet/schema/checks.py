"""A field's constraints as checks over whole columns, for pandera to run.

Patterns are matched by RE2 (through Arrow), in time linear in the text whoever wrote them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from broadsheet.schema.arrow import arrow_type
from broadsheet.schema.model import Constraints, Field, Item

Mask = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class ColumnCheck:
    """One constraint of one column.

    Attributes:
        name: Name of the constraint, after the member of an object it concerns; unique in the column.
        message: What a cell should be, for a person.
        good: From the column (a chunked array) to a boolean for each cell; null counts as good.
    """

    name: str
    message: str
    good: Mask


def column_checks(field: Field) -> Iterator[ColumnCheck]:
    """The checks of a column; `required` is not among them, being a matter of null."""
    limits = field.constraints
    if field.items is None:
        yield from _value_checks(field, limits)
        return
    yield from _length_checks(limits, pc.list_value_length, "items")
    for at, member in enumerate(field.items.fields):
        for check in _value_checks(member, member.constraints):
            yield ColumnCheck(
                f"{member.name}.{check.name}", f"{member.name}: {check.message}", _in_arrays(at, check.good)
            )


def _value_checks(field: Field | Item, limits: Constraints) -> Iterator[ColumnCheck]:
    type_ = arrow_type(field)
    if limits.minimum is not None:
        low = pa.scalar(limits.minimum, type_)
        yield ColumnCheck("minimum", f"expected at least {limits.minimum}", lambda c: pc.greater_equal(c, low))
    if limits.maximum is not None:
        high = pa.scalar(limits.maximum, type_)
        yield ColumnCheck("maximum", f"expected at most {limits.maximum}", lambda c: pc.less_equal(c, high))
    yield from _length_checks(limits, pc.utf8_length, "characters")
    if limits.anchored is not None:
        pattern = limits.anchored
        message = f"expected a text that matches {limits.pattern}"
        yield ColumnCheck("pattern", message, lambda c: pc.match_substring_regex(c, pattern))
    if limits.enum is not None:
        words = pa.array(list(limits.enum), type_)
        message = f"expected one of {', '.join(str(word) for word in limits.enum)}"
        yield ColumnCheck("enum", message, lambda c: pc.or_(pc.is_null(c), pc.is_in(c, value_set=words)))
    if limits.unique:
        yield ColumnCheck("unique", "expected a value no other row has", _different)


def _length_checks(limits: Constraints, length: Mask, unit: str) -> Iterator[ColumnCheck]:
    if (low := limits.min_length) is not None:
        message = f"expected at least {low} {unit}" if low > 1 else "expected a value that is not empty"
        yield ColumnCheck("minLength", message, lambda c: pc.greater_equal(length(c), pa.scalar(low)))
    if (high := limits.max_length) is not None:
        yield ColumnCheck(
            "maxLength", f"expected at most {high} {unit}", lambda c: pc.less_equal(length(c), pa.scalar(high))
        )


def _different(column: Any) -> Any:
    """False where another row has the same value; nulls are not values."""
    counts: Any = pc.value_counts(column)
    often = counts.field("values").filter(pc.greater(counts.field("counts"), pa.scalar(1)))
    return pc.or_(pc.is_null(column), pc.invert(pc.is_in(column, value_set=often)))


def _in_arrays(member: int, good: Mask) -> Mask:
    """The check of an object's member as a check of the arrays that hold the objects."""

    def check(column: "pa.ChunkedArray[Any]") -> Any:
        masks = []
        for chunk in column.chunks:
            held = pc.fill_null(good(pc.struct_field(pc.list_flatten(chunk), member)), True)
            parents = pc.filter(pc.list_parent_indices(chunk), pc.invert(held))
            mask = np.ones(len(chunk), dtype=bool)
            mask[parents.to_numpy()] = False
            masks.append(pa.array(mask))
        return pa.chunked_array(masks, pa.bool_())

    return check
