"""A table's contract as values: what the loader makes and every projection reads."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

FieldType = Literal["string", "integer", "number", "boolean", "date", "datetime", "array", "object"]
Scalar = str | int | float | bool | date | datetime
Bound = int | float | date | datetime

PROFILE: Final = "https://datapackage.org/profiles/2.0/tableschema.json"
ORDERED_TYPES: Final = frozenset({"integer", "number", "date", "datetime"})
SCALAR_TYPES: Final = frozenset({"string", "boolean", *ORDERED_TYPES})


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a cell must satisfy beside its type. Null satisfies all but `required`.

    Attributes:
        required: The cell may not be null.
        unique: No two cells of the column are equal, nulls apart.
        minimum: Least value allowed (integer, number, date, datetime).
        maximum: Greatest value allowed.
        min_length: Least length: Unicode code points of a string, items of an array.
        max_length: Greatest length.
        pattern: Regular expression that the whole of a string must match; within what both Python and RE2 read.
        enum: The values allowed.
    """

    required: bool = False
    unique: bool = False
    minimum: Bound | None = None
    maximum: Bound | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    enum: tuple[Scalar, ...] | None = None

    @property
    def anchored(self) -> str | None:
        """The pattern so that it matches all of a text or nothing, whoever searches with it."""
        if self.pattern is None:
            return None
        if self.pattern.startswith("^") and self.pattern.endswith("$") and "|" not in self.pattern:
            return self.pattern
        return f"^(?:{self.pattern})$"


@dataclass(frozen=True, slots=True)
class Item:
    """What an array holds; `fields` only where the items are objects. Items are never null."""

    type: FieldType
    fields: tuple["Field", ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A column, or a member of the objects in an array."""

    name: str
    type: FieldType
    title: str = ""
    description: str = ""
    constraints: Constraints = Constraints()
    items: Item | None = None

    @property
    def nullable(self) -> bool:
        """Whether a cell may be null."""
        return not self.constraints.required


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns whose values must stand in `reference` of `table`, unless one of them is null."""

    fields: tuple[str, ...]
    table: str
    reference: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: columns in order, and keys.

    Attributes:
        name: Name of the table, of its file and of the resource.
        title: For people.
        description: For people.
        fields: Columns in order.
        primary_key: Columns that identify a row.
        foreign_keys: References to other tables, or to the same.
        unique_keys: Further sets of columns no two rows may share; rows with a null in one of them are left out.
    """

    name: str
    title: str
    description: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns in order."""
        return tuple(field.name for field in self.fields)

    def field(self, name: str) -> Field:
        """The column of that name.

        Raises:
            KeyError: If there is none.
        """
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)
