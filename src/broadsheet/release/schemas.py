"""What differs between two contracts, classed from the side of those who read the data.

| class | a program that read the old | step |
| --- | --- | --- |
| `breaking` | may fail, or take the new for something else | major |
| `additive` | goes on; there may be more, or other values, than before | minor |
| `cosmetic` | cannot tell | patch |

Rights that are narrowed are `additive`: columns whose text may be withheld could be empty before, programs go on, and
nobody may have to wait for a major version to take something down. A licence that is gone is `breaking`: what was
allowed with the old data is not with the new.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Class = Literal["breaking", "additive", "cosmetic"]
CLASSES: Final[tuple[Class, ...]] = ("breaking", "additive", "cosmetic")
POLICIES: Final = ("metadata", "excerpt", "full")
LOWER: Final = ("minimum", "minLength")
UPPER: Final = ("maximum", "maxLength")
SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Column:
    """A column for comparison.

    Attributes:
        type: As text: the Arrow type where it is known.
        required: Whether no cell is null.
        constraints: The others, by their names in Table Schema.
        words: Title and description.
    """

    type: str
    required: bool = False
    constraints: Mapping[str, Any] = field(default_factory=dict)
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """A table for comparison.

    Attributes:
        columns: By name, in order.
        key: Columns of the primary key.
        unique: Further sets of columns no two rows share.
        references: Foreign keys: columns, table, columns there.
        words: Title and description.
    """

    columns: Mapping[str, Column]
    key: tuple[str, ...] = ()
    unique: frozenset[tuple[str, ...]] = frozenset()
    references: frozenset[tuple[tuple[str, ...], str, tuple[str, ...]]] = frozenset()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be done with the texts of a collection: `redistribution`, and its licence as stated."""

    redistribution: str = "full"
    license: str | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """What readers of a dataset rely on.

    Attributes:
        tables: By name.
        complete: Whether constraints, keys and words are known; a Hugging Face dataset carries columns and types only.
        licenses: Of the dataset; None if unknown.
        collections: Rights of each; None if unknown.
        words: What the descriptor says for people, by key; None if unknown.
    """

    tables: Mapping[str, Shape]
    complete: bool = True
    licenses: frozenset[str] | None = None
    collections: Mapping[str, Policy] | None = None
    words: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A difference of contracts.

    Attributes:
        kind: Its class.
        table: The table; "" if the dataset as a whole.
        column: The column; None if the table as a whole.
        message: What changed.
        what: Whether a table, column, collection or licence was added or removed, or anything changed.
    """

    kind: Class
    table: str
    column: str | None
    message: str
    what: Literal["added", "removed", "changed"] = "changed"


Alike = Callable[[str, str, str], bool]
"""Whether the column of a table (old name) holds mostly the values of another one (new name)."""


def compare(old: Contract, new: Contract, alike: Alike | None = None) -> tuple[Change, ...]:
    """What differs, breaking changes first, then by table and column in the order of the contracts.

    Args:
        old: What readers rely on now.
        new: What it is to become.
        alike: Says whether a column gone and a new one of its type hold the same values, where someone can look. Then
            they are shown as renamed, which is breaking like the loss it is. Without it, equal words are the sign.
    """
    changes = [*_dataset(old, new), *_tables(old, new, alike)]
    return tuple(sorted(changes, key=lambda change: CLASSES.index(change.kind)))


def _tables(old: Contract, new: Contract, alike: Alike | None) -> Iterator[Change]:
    complete = old.complete and new.complete
    for name, before in old.tables.items():
        after = new.tables.get(name)
        if after is not None:
            yield from _table(name, before, after, complete=complete, alike=alike)
        elif complete:  # an empty table has no config in a Hugging Face dataset, so absence there says nothing
            yield Change("breaking", name, None, "the table is gone", "removed")
    for name in new.tables:
        if name not in old.tables and complete:
            yield Change("additive", name, None, "the table is new", "added")


def _table(name: str, old: Shape, new: Shape, *, complete: bool, alike: Alike | None) -> Iterator[Change]:
    renamed = _renamed(name, old, new, alike)
    for column, before in old.columns.items():
        after = new.columns.get(column)
        if column in renamed:
            yield Change("breaking", name, column, f"the column is gone; renamed to {renamed[column]}?", "removed")
        elif after is None:
            yield Change("breaking", name, column, "the column is gone", "removed")
        elif before.type != after.type:
            yield Change("breaking", name, column, f"its type was {before.type} and is {after.type}")
        elif complete:
            yield from _column(name, column, before, after)
    for column in new.columns:
        if column not in old.columns:
            hint = next((f"; renamed from {was}?" for was, now in renamed.items() if now == column), "")
            yield Change("additive", name, column, f"the column is new{hint}", "added")
    shared = [column for column in old.columns if column in new.columns]
    if shared != [column for column in new.columns if column in old.columns]:
        yield Change("cosmetic", name, None, "its columns stand in another order")
    if complete:
        yield from _keys(name, old, new)
        if old.words != new.words:
            yield Change("cosmetic", name, None, "its title or description reads differently")


def _renamed(table: str, old: Shape, new: Shape, alike: Alike | None) -> dict[str, str]:
    """Columns gone, with the new one each seems to have become."""
    fresh = [name for name in new.columns if name not in old.columns]
    found: dict[str, str] = {}
    for name, column in old.columns.items():
        if name in new.columns:
            continue
        for other in fresh:
            if other in found.values() or new.columns[other].type != column.type:
                continue
            same_words = any(column.words) and column.words == new.columns[other].words
            if alike(table, name, other) if alike else same_words:
                found[name] = other
                break
    return found


def _keys(table: str, old: Shape, new: Shape) -> Iterator[Change]:
    if old.key != new.key:
        yield Change("breaking", table, None, f"its key was {_names(old.key)} and is {_names(new.key)}")
    for gone in sorted(old.unique - new.unique):
        if gone != new.key:
            yield Change("breaking", table, None, f"rows may share {_names(gone)} now")
    for more in sorted(new.unique - old.unique):
        if more != old.key:
            yield Change("cosmetic", table, None, f"no two rows share {_names(more)} any more")
    for columns, other, there in sorted(old.references - new.references):
        message = f"{_names(columns)} need not stand in {other} ({_names(there)}) any more"
        yield Change("breaking", table, columns[0] if len(columns) == 1 else None, message)
    for columns, other, there in sorted(new.references - old.references):
        message = f"{_names(columns)} must stand in {other} ({_names(there)}) now"
        yield Change("cosmetic", table, columns[0] if len(columns) == 1 else None, message)


def _column(table: str, name: str, old: Column, new: Column) -> Iterator[Change]:
    if old.required and not new.required:
        yield Change("breaking", table, name, "it may be null now")
    elif new.required and not old.required:
        yield Change("cosmetic", table, name, "it is never null now")
    for key in sorted({*old.constraints, *new.constraints}):
        before, after = old.constraints.get(key), new.constraints.get(key)
        if before != after:
            yield Change(*_constraint(key, before, after, table, name))
    if old.words != new.words:
        yield Change("cosmetic", table, name, "its title or description reads differently")


def _constraint(key: str, before: Any, after: Any, table: str, column: str) -> tuple[Class, str, str, str]:
    if key == "enum" and isinstance(before, list) and isinstance(after, list):
        gone = [value for value in before if value not in after]
        more = [value for value in after if value not in before]
        said = [f"values {word}: {_shown(values)}" for word, values in (("gone", gone), ("new", more)) if values]
        kind: Class = "breaking" if gone else "additive" if more else "cosmetic"
        return kind, table, column, "; ".join(said) or "its values stand in another order"
    message = f"{key} was {_shown(before)} and is {_shown(after)}"
    if key == "unique":
        return "cosmetic" if after else "breaking", table, column, message
    return "cosmetic" if _tighter(key, before, after) else "additive", table, column, message


def _tighter(key: str, before: Any, after: Any) -> bool:
    """Whether all values of the new are values of the old; of two patterns nobody can tell, which counts as no."""
    if before is None or after is None:
        return before is None
    try:
        return bool((key in LOWER and after > before) or (key in UPPER and after < before))
    except TypeError:
        return False


def _dataset(old: Contract, new: Contract) -> Iterator[Change]:
    if old.licenses is not None and new.licenses is not None:
        for gone in sorted(old.licenses - new.licenses):
            yield Change("breaking", "", None, f"the dataset is not under {gone} any more", "removed")
        for more in sorted(new.licenses - old.licenses):
            yield Change("additive", "", None, f"the dataset is under {more} now", "added")
    if old.collections is not None and new.collections is not None:
        yield from _collections(old.collections, new.collections)
    if old.words is not None and new.words is not None:
        for key in sorted({*old.words, *new.words}):
            if old.words.get(key) != new.words.get(key):
                yield Change("cosmetic", "", None, f"{key} of the dataset reads differently")


def _collections(old: Mapping[str, Policy], new: Mapping[str, Policy]) -> Iterator[Change]:
    for name, before in old.items():
        after = new.get(name)
        if after is None:
            yield Change("additive", "", None, f"collection {name} is gone", "removed")
            continue
        if before.redistribution != after.redistribution:
            narrowed = _rank(after.redistribution) < _rank(before.redistribution)
            word = "narrowed" if narrowed else "widened"
            message = f"rights of collection {name} {word}: {before.redistribution} is {after.redistribution} now"
            yield Change("additive", "", None, message)
        if before.license != after.license:
            message = f"license of collection {name} was {_shown(before.license)} and is {_shown(after.license)}"
            yield Change("breaking" if before.license else "additive", "", None, message)
    for name in new:
        if name not in old:
            yield Change("additive", "", None, f"collection {name} is new", "added")


def _rank(policy: str) -> int:
    return POLICIES.index(policy) if policy in POLICIES else -1


def _names(columns: Sequence[str]) -> str:
    return ", ".join(columns) or "none"


def _shown(value: Any) -> str:
    if value is None:
        return "not given"
    listed = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return listed if len(listed) <= SHOWN else f"{listed[: SHOWN - 1]}…"
