"""To Markdown: the data dictionary, table by table."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from broadsheet.schema.model import Constraints, Field, ForeignKey, Table

# Characters that could start markup inside a table cell or a paragraph; a pipe would even end the cell.
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#|~&$!])")
_SPACE: Final = re.compile(r"\s+")


def markdown(tables: Mapping[str, Table] | Iterable[Table]) -> str:
    """The data dictionary of tables.

    Args:
        tables: Tables in the order to print them.

    Returns:
        Markdown that starts with the first table's heading (level 2) and ends with a line feed.
    """
    listed = tables.values() if isinstance(tables, Mapping) else tables
    return "\n".join("\n".join(_table(table)) + "\n" for table in listed)


def _table(table: Table) -> Iterator[str]:
    yield f"## {_code(table.name)}"
    yield ""
    if table.description:
        yield from (_text(table.description), "")
    yield "| column | type | null | constraints | description |"
    yield "| --- | --- | --- | --- | --- |"
    for field in table.fields:
        yield _row(field.name, field)
        for member in field.items.fields if field.items else ():
            yield _row(f"{field.name}[].{member.name}", member)
    keys = list(_keys(table))
    if keys:
        yield ""
        yield from keys


def _row(name: str, field: Field) -> str:
    cells = (
        _code(name),
        f"array of {field.items.type}" if field.items else field.type,
        "yes" if field.nullable else "no",
        "; ".join(_constraints(field)),
        _text(field.description),
    )
    return f"| {' | '.join(cells)} |"


def _constraints(field: Field) -> Iterator[str]:
    limits: Constraints = field.constraints
    unit = "items" if field.type == "array" else "characters"
    if limits.unique:
        yield "unique"
    if limits.minimum is not None:
        yield f"at least {_text(str(limits.minimum))}"
    if limits.maximum is not None:
        yield f"at most {_text(str(limits.maximum))}"
    if limits.min_length == 1:
        yield "not empty"
    elif limits.min_length is not None:
        yield f"at least {limits.min_length} {unit}"
    if limits.max_length is not None:
        yield f"at most {limits.max_length} {unit}"
    if limits.pattern is not None:
        yield f"matches {_code(limits.pattern)}"
    if limits.enum is not None:
        yield "one of " + ", ".join(_code(str(word)) for word in limits.enum)


def _keys(table: Table) -> Iterator[str]:
    if table.primary_key:
        yield f"- Primary key: {_columns(table.primary_key)}"
    for columns in table.unique_keys:
        yield f"- Unique together: {_columns(columns)}"
    for key in table.foreign_keys:
        yield f"- Foreign key: {_columns(key.fields)} → {_reference(key)}"


def _reference(key: ForeignKey) -> str:
    return ", ".join(_code(f"{key.table}.{column}") for column in key.reference)


def _columns(columns: tuple[str, ...]) -> str:
    return ", ".join(_code(column) for column in columns)


def _text(text: str) -> str:
    """Text as itself: on one line, with nothing in it that Markdown or HTML would read as markup."""
    return _SPECIAL.sub(r"\\\1", _SPACE.sub(" ", text).strip())


def _code(text: str) -> str:
    """Text as code, on one line, inside a table cell too."""
    text = _SPACE.sub(" ", text).replace("|", "\\|")
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"
