"""Table Schema YAML to `Table`: every key known, every value of its kind, or an error with file and line."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, get_args

from broadsheet.findings import Finding, error
from broadsheet.schema.model import (
    ORDERED_TYPES,
    PROFILE,
    SCALAR_TYPES,
    Constraints,
    Field,
    FieldType,
    ForeignKey,
    Item,
    Scalar,
    Table,
)
from broadsheet.schema.regular import both_read, read_by_re2
from broadsheet.schema.scalars import parse_scalar
from broadsheet.schema.strict_yaml import Yaml, check_keys, nearest, read_yaml
from broadsheet.schema.tighten import check_tightens, loosened

Keys = tuple[str | int, ...]

TABLES: Final = (
    "sources",
    "articles",
    "media",
    "links",
    "entities",
    "mentions",
    "events",
    "event_participants",
    "event_reports",
    "rejects",
)

_TABLE_KEYS: Final = ("$schema", "name", "title", "description", "fields", "primaryKey", "foreignKeys", "uniqueKeys")
_FIELD_KEYS: Final = ("name", "type", "title", "description", "constraints", "items")
# Which types a constraint applies to; both `required` and `unique` need equality only, which arrays lack in places.
_APPLIES: Final[dict[str, frozenset[str]]] = {
    "required": SCALAR_TYPES | {"array"},
    "unique": SCALAR_TYPES,
    "minimum": ORDERED_TYPES,
    "maximum": ORDERED_TYPES,
    "minLength": frozenset({"string", "array"}),
    "maxLength": frozenset({"string", "array"}),
    "pattern": frozenset({"string"}),
    "enum": SCALAR_TYPES,
}
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_TYPES: Final = get_args(FieldType)


def core_dir() -> Path:
    """The folder of the core schemas: beside this module in a wheel, at the top of a checkout."""
    installed = Path(__file__).parent / "core"
    return installed if installed.is_dir() else Path(__file__).resolve().parents[3] / "schemas"


@lru_cache(maxsize=1)
def _core() -> tuple[Table, ...]:
    return tuple(load_table(core_dir() / f"{name}.yaml") for name in TABLES)


def core_tables() -> dict[str, Table]:
    """The ten tables of the contract, in its order."""
    return {table.name: table for table in _core()}


def project_tables(schemas_dir: Path) -> dict[str, Table]:
    """The tables of a project: its own schema where it has one, else the core's, in the contract's order.

    Args:
        schemas_dir: The project's `schemas/`; may be missing.

    Raises:
        BroadsheetError: `schema-loosened` where a schema permits what the core refuses, or as `load_table`.
    """
    tables = core_tables()
    for yaml, table in _own_tables(schemas_dir):
        check_tightens(tables[table.name], table, yaml)
        tables[table.name] = table
    return tables


def loosened_tables(schemas_dir: Path) -> Iterator[Finding]:
    """Every place where a project's schemas permit what the core refuses: all that `project_tables` would refuse.

    Raises:
        BroadsheetError: As `load_table`.
    """
    tables = core_tables()
    for yaml, table in _own_tables(schemas_dir):
        yield from loosened(tables[table.name], table, yaml)


def _own_tables(schemas_dir: Path) -> Iterator[tuple[Yaml, Table]]:
    """The schemas of a project, by name."""
    for file in sorted(schemas_dir.glob("*.y*ml")) if schemas_dir.is_dir() else ():
        shown = f"{schemas_dir.name}/{file.name}"
        if file.suffix != ".yaml":
            raise error("value-invalid", "the name of a schema ends in .yaml", path=shown)
        if _is_core(file):
            continue
        yaml = read_yaml(file, shown)
        table = _Reader(yaml).table(file.stem)
        if table.name not in TABLES:
            near = nearest(table.name, TABLES)
            hint = f"did you mean {near!r}?" if near else f"the tables are {', '.join(TABLES)}"
            raise yaml.error(f"there is no table {table.name!r}; {hint}", "name")
        yield yaml, table


def _is_core(file: Path) -> bool:
    """Whether a schema is the core's, byte for byte, and so need not be read: most are, and YAML takes its time."""
    core = core_dir() / file.name
    try:
        return file.stat().st_size == core.stat().st_size and file.read_bytes() == core.read_bytes()
    except OSError:
        return False  # whoever reads it says so


def load_table(file: Path) -> Table:
    """Read one table's schema.

    Args:
        file: Table Schema YAML; its name without suffix is the table's.

    Raises:
        BroadsheetError: `key-unknown`, `key-missing`, `value-invalid` or as `read_yaml`, with file and line.
    """
    return _Reader(read_yaml(file)).table(file.stem)


class _Reader:
    """Reads one document; `keys` always say where in it a value stands."""

    def __init__(self, yaml: Yaml) -> None:
        self.yaml = yaml

    def table(self, stem: str) -> Table:
        value = self.mapping((), self.yaml.value, _TABLE_KEYS, ("name", "fields"))
        name = self.name(("name",), value["name"])
        if name != stem:
            raise self.yaml.error(f"the table is called {name!r} but its file {stem!r}", "name")
        if value.get("$schema", PROFILE) != PROFILE:
            raise self.yaml.error(f"$schema is {value['$schema']!r}; expected {PROFILE}", "$schema")
        fields = self.fields(("fields",), value["fields"], nested=False)
        names = {field.name for field in fields}
        primary = self.columns(("primaryKey",), value["primaryKey"], names) if "primaryKey" in value else ()
        for column in primary:
            if next(f for f in fields if f.name == column).nullable:
                raise self.yaml.error(f"{column!r} is part of the primary key but not required", "primaryKey")
        unique = tuple(
            self.columns(("uniqueKeys", at), columns, names)
            for at, columns in enumerate(self.sequence(("uniqueKeys",), value.get("uniqueKeys", [])))
        )
        foreign = tuple(
            self.foreign_key(("foreignKeys", at), key, name, names)
            for at, key in enumerate(self.sequence(("foreignKeys",), value.get("foreignKeys", [])))
        )
        title, description = self.text((), value, "title"), self.text((), value, "description")
        return Table(name, title, description, fields, primary, foreign, unique)

    def fields(self, keys: Keys, value: Any, *, nested: bool) -> tuple[Field, ...]:
        items = self.sequence(keys, value)
        if not items:
            raise self.yaml.error("a table or object has at least one field", *keys)
        fields = tuple(self.field((*keys, at), item, nested=nested) for at, item in enumerate(items))
        seen: set[str] = set()
        for at, field in enumerate(fields):
            if field.name in seen:
                raise self.yaml.error(f"two fields are called {field.name!r}", *keys, at, "name")
            seen.add(field.name)
        return fields

    def field(self, keys: Keys, value: Any, *, nested: bool) -> Field:
        field = self.mapping(keys, value, _FIELD_KEYS, ("name", "type"))
        name = self.name((*keys, "name"), field["name"])
        kind = self.type((*keys, "type"), field["type"])
        if kind == "object":
            raise self.yaml.error("an object may only stand in an array: give `items`", *keys, "type")
        if nested and kind == "array":
            raise self.yaml.error("an object in an array holds no further array", *keys, "type")
        if (kind == "array") != ("items" in field):
            raise self.yaml.error("`items` belongs to a field of type array, and to each such field", *keys)
        constraints = self.constraints((*keys, "constraints"), field.get("constraints", {}), kind, nested=nested)
        item = self.item((*keys, "items"), field["items"]) if kind == "array" else None
        title, description = self.text(keys, field, "title"), self.text(keys, field, "description")
        return Field(name, kind, title, description, constraints, item)

    def item(self, keys: Keys, value: Any) -> Item:
        item = self.mapping(keys, value, ("type", "fields"), ("type",))
        kind = self.type((*keys, "type"), item["type"])
        if kind == "array":
            raise self.yaml.error("an array holds no further array", *keys, "type")
        if (kind == "object") != ("fields" in item):
            raise self.yaml.error("`fields` belongs to items of type object, and to each such item", *keys)
        return Item(kind, self.fields((*keys, "fields"), item["fields"], nested=True) if kind == "object" else ())

    def constraints(self, keys: Keys, value: Any, kind: FieldType, *, nested: bool) -> Constraints:
        given = self.mapping(keys, value, _APPLIES)
        for key in given:
            if kind not in _APPLIES[key] or (nested and key == "unique"):
                where = "inside an array" if nested and key == "unique" else f"to type {kind}"
                raise self.yaml.error(f"{key!r} does not apply {where}", *keys, key)
        found = Constraints(
            required=self.flag(keys, given, "required"),
            unique=self.flag(keys, given, "unique"),
            minimum=self.bound(keys, given, "minimum", kind),
            maximum=self.bound(keys, given, "maximum", kind),
            min_length=self.length(keys, given, "minLength"),
            max_length=self.length(keys, given, "maxLength"),
            pattern=self.pattern((*keys, "pattern"), given["pattern"]) if "pattern" in given else None,
            enum=self.enum((*keys, "enum"), given["enum"], kind) if "enum" in given else None,
        )
        for low, high, key in (
            (found.minimum, found.maximum, "maximum"),
            (found.min_length, found.max_length, "maxLength"),
        ):
            if low is not None and high is not None and low > high:  # type: ignore[operator]
                raise self.yaml.error(f"no value is at least {low} and at most {high}", *keys, key)
        return found

    def foreign_key(self, keys: Keys, value: Any, table: str, names: set[str]) -> ForeignKey:
        key = self.mapping(keys, value, ("fields", "reference"), ("fields", "reference"))
        reference = self.mapping((*keys, "reference"), key["reference"], ("resource", "fields"), ("fields",))
        target = table
        if "resource" in reference:
            target = self.name((*keys, "reference", "resource"), reference["resource"])
        fields = self.columns((*keys, "fields"), key["fields"], names)
        known = names if target == table else None
        columns = self.columns((*keys, "reference", "fields"), reference["fields"], known)
        if len(fields) != len(columns):
            raise self.yaml.error(f"{len(fields)} columns refer to {len(columns)}", *keys)
        return ForeignKey(fields, target, columns)

    def columns(self, keys: Keys, value: Any, known: set[str] | None) -> tuple[str, ...]:
        columns = tuple(self.name((*keys, at), name) for at, name in enumerate(self.sequence(keys, value)))
        if not columns or len(set(columns)) != len(columns):
            raise self.yaml.error("expected a list of different columns, at least one", *keys)
        for at, column in enumerate(columns):
            if known is not None and column not in known:
                near = nearest(column, known)
                raise self.yaml.error(
                    f"there is no column {column!r}" + (f"; did you mean {near!r}?" if near else ""), *keys, at
                )
        return columns

    def mapping(
        self, keys: Keys, value: Any, known: tuple[str, ...] | Mapping[str, Any], required: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.yaml.error(f"expected a mapping of {', '.join(known)}; found {_shown(value)}", *keys)
        check_keys(self.yaml, keys, value, known, required)
        return value

    def sequence(self, keys: Keys, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self.yaml.error(f"{keys[-1]!r}: expected a list; found {_shown(value)}", *keys)
        return value

    def text(self, keys: Keys, mapping: dict[str, Any], key: str) -> str:
        value = mapping.get(key, "")
        if not isinstance(value, str):
            raise self.yaml.error(f"{key!r}: expected text; found {_shown(value)}", *keys, key)
        return value.strip()

    def name(self, keys: Keys, value: Any) -> str:
        if not isinstance(value, str) or not _NAME.fullmatch(value):
            raise self.yaml.error(
                f"expected a name of lower-case letters, digits and underscores; found {_shown(value)}", *keys
            )
        return value

    def type(self, keys: Keys, value: Any) -> FieldType:
        for kind in _TYPES:
            if value == kind:
                return kind  # type: ignore[no-any-return]
        near = nearest(value, _TYPES) if isinstance(value, str) else None
        hint = f"did you mean {near!r}?" if near else f"the types are {', '.join(_TYPES)}"
        raise self.yaml.error(f"unknown type {_shown(value)}; {hint}", *keys)

    def flag(self, keys: Keys, given: dict[str, Any], key: str) -> bool:
        value = given.get(key, False)
        if not isinstance(value, bool):
            raise self.yaml.error(f"{key!r}: expected true or false; found {_shown(value)}", *keys, key)
        return value

    def length(self, keys: Keys, given: dict[str, Any], key: str) -> int | None:
        if key not in given:
            return None
        value = given[key]
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.yaml.error(f"{key!r}: expected a whole number from 0; found {_shown(value)}", *keys, key)
        return value

    def bound(self, keys: Keys, given: dict[str, Any], key: str, kind: FieldType) -> Any:
        return self.scalar((*keys, key), given[key], kind) if key in given else None

    def enum(self, keys: Keys, value: Any, kind: FieldType) -> tuple[Scalar, ...]:
        words = tuple(self.scalar((*keys, at), word, kind) for at, word in enumerate(self.sequence(keys, value)))
        if not words or len(set(words)) != len(words):
            raise self.yaml.error("'enum': expected a list of different values, at least one", *keys)
        return words

    def scalar(self, keys: Keys, value: Any, kind: FieldType) -> Scalar:
        found = parse_scalar(kind, value)
        if found is None:
            raise self.yaml.error(f"expected a value of type {kind}; found {_shown(value)}", *keys)
        return found

    def pattern(self, keys: Keys, value: Any) -> str:
        """A pattern both engines read: RE2, which cannot be made to run for minutes, and Python's."""
        if not isinstance(value, str) or not value:
            raise self.yaml.error(f"'pattern': expected text; found {_shown(value)}", *keys)
        try:
            re.compile(value)
            if not both_read(value):
                read_by_re2(Constraints(pattern=value).anchored or "")
        except (re.error, ValueError, RecursionError, OverflowError) as problem:
            raise self.yaml.error(f"'pattern': {_shown(value)} cannot be used: {problem}", *keys) from problem
        return value


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
