"""A project's schema against the core's: it may permit less, never more."""

from collections.abc import Iterable, Iterator

from broadsheet.findings import BroadsheetError, Finding, error, finding
from broadsheet.schema.model import Constraints, Field, Table
from broadsheet.schema.strict_yaml import Yaml

Keys = tuple[str | int, ...]
Violation = tuple[Keys, str]


def violations(core: Table, table: Table) -> Iterator[Violation]:
    """Everything in which `table` permits what `core` refuses, or lacks what readers of the core rely on.

    Yields:
        Where it stands in the project's YAML, and what is wrong.
    """
    yield from _fields(core.fields, table.fields, ("fields",))
    if table.primary_key != core.primary_key:
        yield ("primaryKey",), f"the primary key is {_list(table.primary_key)}; the core's is {_list(core.primary_key)}"
    for key in core.foreign_keys:
        if key not in table.foreign_keys:
            yield ("foreignKeys",), f"the foreign key {_list(key.fields)} -> {key.table} of the core is missing"
    for columns in core.unique_keys:
        if columns not in table.unique_keys:
            yield ("uniqueKeys",), f"the unique key {_list(columns)} of the core is missing"


def loosened(core: Table, table: Table, yaml: Yaml) -> Iterator[Finding]:
    """`schema-loosened` for each violation, on its line."""
    for keys, message in violations(core, table):
        yield finding("schema-loosened", message, path=yaml.path, line=yaml.line(*keys), resource=table.name)


def check_tightens(core: Table, table: Table, yaml: Yaml) -> None:
    """Refuse a schema that permits more than the core's.

    Args:
        core: The core's table.
        table: The project's, of the same name.
        yaml: The document it was read from.

    Raises:
        BroadsheetError: `schema-loosened` at the first violation; the message names all the others with their lines.
    """
    found = [(yaml.line(*keys), message) for keys, message in violations(core, table)]
    if found:
        raise _error(found, table, yaml)


def _error(found: list[tuple[int | None, str]], table: Table, yaml: Yaml) -> BroadsheetError:
    line, message = found[0]
    if len(found) > 1:
        message += "; also " + "; ".join(f"line {at}: {text}" for at, text in found[1:])
    return error("schema-loosened", message, path=yaml.path, line=line, resource=table.name, count=len(found))


def _fields(
    core: tuple[Field, ...], fields: tuple[Field, ...], keys: Keys, *, nested: bool = False
) -> Iterator[Violation]:
    places = {field.name: at for at, field in enumerate(fields)}
    order = [field.name for field in core if field.name in places]
    for expected in core:
        if expected.name not in places:
            yield keys, f"the column {expected.name!r} of the core is missing"
            continue
        at = places[expected.name]
        yield from _field(expected, fields[at], (*keys, at))
    known = {field.name for field in core}
    if [field.name for field in fields if field.name in known] != order:
        yield keys, f"the core's columns are not in its order: {_list(order)}"
    last = max((places[name] for name in order), default=-1)
    for name, at in places.items():
        if name in known:
            continue
        if at < last and not nested:
            yield (*keys, at), f"{name!r} stands between columns of the core; move new columns to the end"
        if nested:
            yield (*keys, at), f"{name!r} is new; objects inside an array keep the core's members"
        elif not fields[at].nullable:
            yield (*keys, at), f"{name!r} is new and required; nothing fills it, so it must be nullable"


def _field(core: Field, field: Field, keys: Keys) -> Iterator[Violation]:
    if field.type != core.type:
        yield (*keys, "type"), f"{core.name!r} is retyped; the core's type is {_type(core)}"
        return
    if core.items and field.items and core.items.type != field.items.type:
        yield (*keys, "items", "type"), f"{core.name!r} is retyped; the core's type is {_type(core)}"
        return
    yield from _constraints(core.name, core.constraints, field.constraints, (*keys, "constraints"))
    if core.items and field.items:
        yield from _fields(core.items.fields, field.items.fields, (*keys, "items", "fields"), nested=True)


def _constraints(name: str, core: Constraints, own: Constraints, keys: Keys) -> Iterator[Violation]:
    for flag in ("required", "unique"):
        if getattr(core, flag) and not getattr(own, flag):
            yield (*keys, flag), f"{name!r} is {flag} in the core"
    for bound, key, sign in (
        ("minimum", "minimum", 1),
        ("maximum", "maximum", -1),
        ("min_length", "minLength", 1),
        ("max_length", "maxLength", -1),
    ):
        least, given = getattr(core, bound), getattr(own, bound)
        if least is not None and (given is None or (given < least if sign > 0 else given > least)):
            yield (*keys, key), f"{key} of {name!r} is {given}; the core's is {least}"
    if core.enum is not None and (own.enum is None or not set(own.enum) <= set(core.enum)):
        more = [str(word) for word in own.enum or () if word not in core.enum]
        what = f"also allows {_list(more)}" if more else "has no enum"
        yield (*keys, "enum"), f"{name!r} {what}; the core allows {_list(str(word) for word in core.enum)}"
    # Whether one pattern permits less than another is not worth deciding: the core's stays as it is.
    if core.pattern is not None and own.pattern != core.pattern:
        yield (
            (*keys, "pattern"),
            f"the pattern of {name!r} differs from the core's, {core.pattern}; add an enum instead",
        )


def _list(words: Iterable[str]) -> str:
    return ", ".join(words) or "none"


def _type(field: Field) -> str:
    return f"array of {field.items.type}" if field.items else field.type
