"""Rules for a `datapackage.json`, whoever wrote it: keys, kinds of values, names, keys of tables, hashes, paths."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from broadsheet.check import standard
from broadsheet.check.report import Gather
from broadsheet.check.standard import Shape
from broadsheet.emitted import paths
from broadsheet.emitted.descriptors import DESCRIPTOR, PARQUET, parquet_of, read_json
from broadsheet.findings import BroadsheetError, Severity
from broadsheet.typed_yaml import dotted

Json = dict[str, Any]
Place = tuple[str | int, ...]

NEAR: Final = 0.8  # how like a known key an unknown one is to be taken for a slip
FILLED: Final = ("path", "enum", "categories")  # keys whose empty list says something, and something wrong
_NAME: Final = re.compile(r"[-a-z0-9._/]+")
_DAY: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_DIGEST: Final = re.compile(r"(?:([A-Za-z0-9-]+):)?([0-9A-Fa-f]+)")


def check_descriptor(root: Path, descriptor: Json, gather: Gather, *, allow_remote: bool = False) -> list[Json]:
    """Everything that can be told without looking at data.

    Args:
        root: Folder of the package.
        descriptor: As read.
        gather: Takes the findings.
        allow_remote: Whether resources may lie on the web.

    Returns:
        The resources that may be opened, schemas and dialects put in the place of their paths.
    """
    ours = any(PARQUET in resource for resource in descriptor["resources"])
    for resource in descriptor["resources"]:
        if "url" in resource and "path" not in resource and "data" not in resource:
            resource["path"] = resource["url"]  # of version 0, which readers must still read
    safe = [one for one in descriptor["resources"] if _safe(root, one, gather, allow_remote=allow_remote)]
    for resource in safe:
        for key in ("schema", "dialect"):
            _fetch(root, resource, key, gather)
    _Reading(gather, ours=ours).mapping(descriptor, standard.PACKAGE, ())
    if not descriptor.get("licenses"):
        gather.add("license-missing", "the descriptor gives no licence", path=DESCRIPTOR)
    _names(descriptor, gather)
    _created(descriptor.get("created"), gather)
    schemas = {one["name"]: one.get("schema") for one in descriptor["resources"]}
    for resource in safe:
        _hash(resource, gather)
        if resource.get("path") is not None and resource.get("data") is not None:
            message = "it has both `path` and `data`, and nobody can tell which counts"
            gather.add("value-invalid", message, path=DESCRIPTOR, resource=resource["name"])
        if isinstance(resource.get("schema"), dict):
            _Keys(resource["name"], resource["schema"], schemas, gather).run()
    return safe


class _Reading:
    """One descriptor, read by the shapes of the standard."""

    def __init__(self, gather: Gather, *, ours: bool) -> None:
        self.gather = gather
        self.ours = ours

    def mapping(self, value: Mapping[str, Any], shape: Shape, place: Place, resource: str | None = None) -> None:
        """A mapping and what it holds."""
        for key, held in value.items():
            kind = shape.keys.get(key)
            if kind is None:
                self._unknown(key, shape, place, resource)
            elif held is not None and not standard.is_kind(held, kind) and (held != [] or key != "sources"):
                mild = Severity.WARNING if held == [] and key not in shape.required and key not in FILLED else None
                self._wrong(held, standard.KINDS[kind], (*place, key), resource, mild)
        for key in shape.required:
            if value.get(key) is None:
                message = f"{dotted(place)} has no {key!r}"
                self.gather.add("key-missing", message, path=DESCRIPTOR, resource=resource, field=dotted(place))
        if shape.either and not any(value.get(key) is not None for key in shape.either):
            message = f"{dotted(place)} needs {' or '.join(map(repr, shape.either))}"
            self.gather.add("key-missing", message, path=DESCRIPTOR, resource=resource, field=dotted(place))
        for key, part in shape.parts.items():
            self._part(value.get(key), part, (*place, key), resource)

    def _part(self, value: object, shape: Shape, place: Place, resource: str | None) -> None:
        if isinstance(value, dict):
            self.mapping(value, shape, place, resource)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, dict):
                    named = item.get("name") if place == ("resources",) else resource
                    self.mapping(item, shape, (*place, index), named if isinstance(named, str) else resource)
                else:
                    self._wrong(item, "a mapping", (*place, index), resource)

    def _unknown(self, key: str, shape: Shape, place: Place, resource: str | None) -> None:
        if ":" in key or key.startswith(("$", "@", "_")):
            return
        near = close(key, shape.keys)
        if near is None and self.ours:
            return
        severity = Severity.WARNING if near else Severity.NOTE
        hint = f"; did you mean {near!r}?" if near else ", which the standard does not know"
        message = f"{dotted((*place, key))}: the key {key!r}{hint}"
        self.gather.add("key-unknown", message, path=DESCRIPTOR, resource=resource, severity=severity)

    def _wrong(
        self, value: object, expected: str, place: Place, resource: str | None, severity: Severity | None = None
    ) -> None:
        shown = repr(value)
        message = f"{dotted(place)} is {shown if len(shown) <= 80 else shown[:79] + '…'}; expected {expected}"
        more = {} if severity is None else {"severity": severity}
        self.gather.add("value-invalid", message, path=DESCRIPTOR, resource=resource, **more)


def close(key: str, known: Mapping[str, object]) -> str | None:
    """The known key that an unknown one is a slip of."""
    folded = {name.casefold(): name for name in sorted(known)}
    found = get_close_matches(key.casefold(), list(folded), 1, cutoff=NEAR)
    return folded[found[0]] if found else None


def paths_of(resource: Json) -> list[object]:
    """The data files a resource names; none if its data stand in the descriptor."""
    path = resource.get("path")
    return list(path) if isinstance(path, list) else [] if path is None else [path]


def _all_paths(resource: Json) -> Iterator[object]:
    yield from paths_of(resource)
    yield from (resource[key] for key in ("schema", "dialect") if isinstance(resource.get(key), str))
    if PARQUET in resource:
        yield parquet_of(resource).get("path")
    extra = resource.get("extrapaths")  # frictionless reads these as well
    yield from extra if isinstance(extra, list) else []


def _safe(root: Path, resource: Json, gather: Gather, *, allow_remote: bool) -> bool:
    safe = True
    for path in _all_paths(resource):
        if paths.remote(path):
            if allow_remote:
                continue
            message = f"{path!r} is on the web, and nothing is downloaded unless you say so"
            gather.add("path-remote", message, path=DESCRIPTOR, resource=resource["name"])
        elif why := paths.unsafe(root, path):
            gather.add("path-unsafe", f"{path!r}: {why}", path=DESCRIPTOR, resource=resource["name"])
        else:
            continue
        safe = False
    return safe


def _fetch(root: Path, resource: Json, key: str, gather: Gather) -> None:
    """Put a schema or dialect that lies in a file of its own in the place of its path."""
    path = resource.get(key)
    if path is None or isinstance(path, dict):
        return
    name = resource["name"]
    resource[key] = None
    if not isinstance(path, str):
        gather.add("value-invalid", f"{key} is neither a mapping nor a path", path=DESCRIPTOR, resource=name)
    elif paths.remote(path):
        gather.add("check-limited", f"the {key} at {path} was not read", path=DESCRIPTOR, resource=name)
    else:
        try:
            resource[key] = _document(root / path, path)
        except BroadsheetError as problem:
            gather.take(problem.finding.at(path, problem.finding.line))


def _document(file: Path, shown: str) -> Any:
    from broadsheet.schema.strict_yaml import read_yaml

    return read_yaml(file, shown).value if file.suffix in (".yaml", ".yml") else read_json(file)


def _names(descriptor: Json, gather: Gather) -> None:
    """Names of the package and of its resources: readable, and each only once."""
    named = [(None, descriptor.get("name"))] + [(one["name"], one["name"]) for one in descriptor["resources"]]
    for resource, name in named:
        if isinstance(name, str) and not _NAME.fullmatch(name):
            message = f"the name {name[:80]!r} should hold lower-case letters, digits and - . _ only"
            gather.add("value-invalid", message, path=DESCRIPTOR, resource=resource, severity=Severity.WARNING)
    for name, count in Counter(one["name"] for one in descriptor["resources"]).items():
        if count > 1:
            gather.add("value-invalid", f"{count} resources are called {name!r}", path=DESCRIPTOR, resource=name)


def _created(value: object, gather: Gather) -> None:
    """The moment a package was made: with a zone, as RFC 3339 has it; many give the day only."""
    if isinstance(value, str) and not _MOMENT.fullmatch(value):
        mild = Severity.WARNING if _DAY.fullmatch(value) else Severity.ERROR
        message = f"created is {value[:80]!r}; expected a date and time such as 2031-02-28T10:00:00Z"
        gather.add("value-invalid", message, path=DESCRIPTOR, severity=mild)


def _hash(resource: Json, gather: Gather) -> None:
    for holder in (resource, parquet_of(resource)):
        if isinstance(value := holder.get("hash"), str) and value and algorithm(value) is None:
            if value.partition(":")[0].lower() in standard.ALGORITHMS and ":" in value:
                message = f"the hash {value[:80]!r} has not the digits of its kind"
                gather.add("value-invalid", message, path=DESCRIPTOR, resource=resource["name"])
                continue
            message = f"the hash {value[:80]!r} is of no kind known here, so it protects nothing"
            gather.add("check-limited", message, path=DESCRIPTOR, resource=resource["name"], severity=Severity.WARNING)


def algorithm(value: object) -> tuple[str, str] | None:
    """Function and hexadecimal digest of a `hash` of the standard: MD5 if it names none. None if we know no such."""
    found = _DIGEST.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    digest = found[2].lower()
    name = (found[1] or next((n for n, size in standard.ALGORITHMS.items() if size == len(digest)), "")).lower()
    name = name.replace("-", "")
    return (name, digest) if standard.ALGORITHMS.get(name) == len(digest) else None


class _Keys:
    """What the schema of one resource says about its columns: named once, and every key made of them."""

    def __init__(self, name: str, schema: Json, schemas: Mapping[str, object], gather: Gather) -> None:
        self.name = name
        self.schema = schema
        self.schemas = schemas
        self.gather = gather

    def run(self) -> None:
        """Say what does not fit together."""
        columns = names_of(self.schema)
        for column, count in Counter(columns).items():
            if count > 1:
                message = f"{count} fields are called {column!r}, which only version 1 allows"
                self._wrong(message, column, Severity.WARNING)
        match = self.schema.get("fieldsMatch", "exact")
        match = match[0] if isinstance(match, list) and len(match) == 1 else match  # as version 2.0 first had it
        if match not in standard.FIELDS_MATCH:
            self._wrong(f"fieldsMatch is {match!r}; expected one of {', '.join(standard.FIELDS_MATCH)}")
        self._among("primaryKey", names(self.schema.get("primaryKey")), columns)
        for key in _listed(self.schema.get("uniqueKeys")):
            self._among("uniqueKeys", names(key), columns)
        for key in _listed(self.schema.get("foreignKeys")):
            if isinstance(key, dict) and isinstance(key.get("reference"), dict):
                self._reference(key, columns)

    def _among(self, what: str, wanted: list[str], columns: list[str]) -> None:
        for column in wanted:
            if column not in columns:
                self._wrong(f"{what} names {column!r}, which is no field", column)

    def _reference(self, key: Json, columns: list[str]) -> None:
        own, target = names(key.get("fields")), key["reference"]
        other = names(target.get("fields"))
        self._among("foreignKeys", own, columns)
        if len(own) != len(other):
            self._wrong(f"a foreign key has {len(own)} fields and its reference {len(other)}")
        if isinstance(target.get("package"), str):
            message = f"a foreign key points to the package {target['package'][:80]!r}, which was not read"
            self.gather.add("check-limited", message, path=DESCRIPTOR, resource=self.name)
            return
        resource = target.get("resource") or self.name
        if resource not in self.schemas:
            self._wrong(f"a foreign key points to {resource!r}, which is no resource")
            return
        schema = self.schemas[resource]
        known = names_of(schema) if isinstance(schema, dict) else other
        for column in other:
            if column not in known:
                self._wrong(f"a foreign key points to the field {column!r}, which {resource!r} does not have")

    def _wrong(self, message: str, field: str | None = None, severity: Severity = Severity.ERROR) -> None:
        self.gather.add("value-invalid", message, path=DESCRIPTOR, resource=self.name, field=field, severity=severity)


def names_of(schema: Mapping[str, Any]) -> list[str]:
    """Names of the fields of a Table Schema, in order."""
    return [str(one["name"]) for one in fields_of(schema)]


def fields_of(schema: Mapping[str, Any]) -> list[Json]:
    """The fields of a Table Schema that have names, in order."""
    fields = schema.get("fields")
    listed = fields if isinstance(fields, list) else []
    return [one for one in listed if isinstance(one, dict) and isinstance(one.get("name"), str)]


def names(value: object) -> list[str]:
    """Columns of a key: one text, or a list of them."""
    return [value] if isinstance(value, str) else [one for one in _listed(value) if isinstance(one, str)]


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
