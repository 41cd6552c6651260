"""Small immutable values, cheap to make."""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[T]) -> type[T]:
    """A slotted dataclass that nobody changes.

    The type checker holds it frozen. At run time it is not: a frozen one takes three times as long to make, and a file
    gives thousands.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)
