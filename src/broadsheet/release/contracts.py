"""The contract of a project, a build or a package, as `schemas.compare` takes it."""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from broadsheet.emitted.descriptors import read_descriptor
from broadsheet.emitted.package import Emitted
from broadsheet.project import DESCRIPTOR, Project, load_project
from broadsheet.release.schemas import Column, Contract, Policy, Shape

if TYPE_CHECKING:
    import pyarrow as pa

WORDS: Final = ("name", "title", "description", "homepage", "keywords", "image", "contributors")


def of_project(project: Project) -> Contract:
    """The contract a project declares; nothing has to be built."""
    from broadsheet.schema.arrow import arrow_schema
    from broadsheet.schema.descriptor import table_schema

    tables = {name: _shape(arrow_schema(table), table_schema(table), name) for name, table in project.tables.items()}
    return Contract(tables, **_declared(project))


def of_emitted(emitted: Emitted) -> Contract:
    """The contract of a build or a package; only descriptors and footers are read.

    Raises:
        BroadsheetError: If a descriptor cannot be read.
    """
    tables = {
        name: _shape(files.schema, emitted.schemas.get(name, {}), name, emitted.keys.get(name, ()))
        for name, files in emitted.tables.items()
    }
    if emitted.form == "huggingface":
        return Contract(tables, complete=False)
    if emitted.form == "datapackage":
        return Contract(tables, **_published(read_descriptor(emitted.root)))
    around = emitted.root.absolute().parent
    return Contract(tables, **(_declared(load_project(around)) if (around / DESCRIPTOR).is_file() else {}))


def _declared(project: Project) -> dict[str, Any]:
    people = [{"title": p.title, "path": p.path, "roles": list(p.roles)} for p in project.contributors]
    words = {
        "name": project.name,
        "title": project.title,
        "description": project.description,
        "homepage": project.homepage,
        "keywords": list(project.keywords),
        "image": project.image,
        "contributors": people,
    }
    return {
        "licenses": frozenset(one.name or one.path or one.title or "" for one in project.licenses),
        "collections": {c.name: Policy(c.redistribution, c.license) for c in project.collections},
        "words": {key: value for key, value in words.items() if value},
    }


def _published(descriptor: Mapping[str, Any]) -> dict[str, Any]:
    """What a descriptor says of the dataset; entries of a kind nobody expects are passed over."""
    words = {key: descriptor[key] for key in WORDS if descriptor.get(key)}
    if "contributors" in words:
        people = _objects(words["contributors"])
        words["contributors"] = [
            {"title": p.get("title"), "path": p.get("path"), "roles": p.get("roles") or []} for p in people
        ]
    licenses = _objects(descriptor.get("licenses"))
    return {
        "licenses": frozenset(str(one.get("name") or one.get("path") or one.get("title") or "") for one in licenses),
        "collections": {
            str(one["name"]): Policy(str(one.get("redistribution") or "full"), _text(one.get("license")))
            for one in _objects(descriptor.get("sources"))
            if one.get("name")
        },
        "words": words,
    }


def _shape(schema: "pa.Schema", said: Mapping[str, Any], name: str, key: tuple[str, ...] | None = None) -> Shape:
    """A table, from its Arrow schema and what its Table Schema adds to it."""
    described = {str(one.get("name")): one for one in _objects(said.get("fields"))}
    return Shape(
        {field.name: _column(field, described.get(field.name, {})) for field in schema},
        _columns(said.get("primaryKey")) if key is None else key,
        frozenset(_columns(one) for one in _list(said.get("uniqueKeys"))),
        frozenset(_references(said, name)),
        _words(said),
    )


def _column(field: "pa.Field[Any]", said: Mapping[str, Any]) -> Column:
    stated = said.get("constraints")
    limits = dict(stated) if isinstance(stated, dict) else {}
    required = bool(limits.pop("required", False)) or not field.nullable
    return Column(type_name(field.type), required, limits, _words(said))


def type_name(kind: "pa.DataType") -> str:
    """A type as text, without what differs between forms only: names of list items, offsets' width, nullability."""
    return re.sub(r"<(item|element): ", "<", str(kind)).replace(" not null", "").replace("large_", "")


def _references(said: Mapping[str, Any], name: str) -> Iterable[tuple[tuple[str, ...], str, tuple[str, ...]]]:
    for one in _objects(said.get("foreignKeys")):
        there = one.get("reference")
        if isinstance(there, dict):
            yield _columns(one.get("fields")), str(there.get("resource") or name), _columns(there.get("fields"))


def _words(said: Mapping[str, Any]) -> tuple[str, ...]:
    return str(said.get("title") or ""), str(said.get("description") or "").removesuffix(EMPTY).rstrip()


EMPTY: Final = "In CSV an empty text is an empty cell."
"""What the descriptor of the CSV form adds to a description."""


def _columns(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(map(str, _list(value)))


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [one for one in _list(value) if isinstance(one, dict)]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return None if value is None else str(value)
