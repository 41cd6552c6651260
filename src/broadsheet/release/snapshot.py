"""A build or a package as `diff` sees it: schemas and tables, whatever form they come in."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from broadsheet.check import datapackage, files, huggingface
from broadsheet.check.build import REPORT, read_report
from broadsheet.check.report import Gather
from broadsheet.findings import BroadsheetError, error
from broadsheet.project import DESCRIPTOR, load_project
from broadsheet.schema.load import core_tables

if TYPE_CHECKING:
    import pyarrow as pa

FORMS: Final = ("datapackage", "huggingface", "build")


@dataclass(frozen=True, slots=True)
class Column:
    """A column for comparison.

    Attributes:
        type: Arrow type as text.
        constraints: By name; empty where the form does not carry them.
        words: Title and description.
    """

    type: str
    constraints: Mapping[str, Any]
    words: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One side of a comparison.

    Attributes:
        path: Where it lies.
        version: As stated; None if the form states none.
        tables: Rows by table.
        columns: Columns by table.
        keys: Primary key by table.
        contract: Whether constraints and words were known (a Hugging Face dataset carries none).
    """

    path: Path
    version: str | None
    tables: "Mapping[str, pa.Table]"
    columns: Mapping[str, Mapping[str, Column]]
    keys: Mapping[str, tuple[str, ...]]
    contract: bool


def read_snapshot(path: Path) -> Snapshot:
    """Read a package, a build, a project (its build) or a folder of packages (its data package).

    Raises:
        BroadsheetError: `package-invalid` if it is none of them, or what cannot be read of it.
    """
    if (path / DESCRIPTOR).is_file():
        return _of_build(path / "build", load_project(path).version)
    if path.name == datapackage.DESCRIPTOR and path.is_file():
        return _of_data_package(path.parent)
    if (path / datapackage.DESCRIPTOR).is_file():
        return _of_data_package(path)
    if (path / "datapackage" / datapackage.DESCRIPTOR).is_file():
        return _of_data_package(path / "datapackage")
    if (path / REPORT).is_file():
        around = path.absolute().parent
        version = load_project(around).version if (around / DESCRIPTOR).is_file() else None
        return _of_build(path, version)
    if (path / huggingface.CARD).is_file() and (path / "data").is_dir():
        return _of_huggingface(path)
    raise error("package-invalid", f"{path.as_posix()} holds no build or package", path=path.as_posix())


def _of_build(path: Path, version: str | None) -> Snapshot:
    around = path.absolute().parent
    contract = load_project(around).tables if (around / DESCRIPTOR).is_file() else core_tables()
    recorded = read_report(path)
    tables = _read({name: path / f"{name}.parquet" for name in recorded})
    described = {name: _described(_table_schema(contract, name)) for name in tables}
    keys = {name: contract[name].primary_key for name in tables if name in contract}
    return Snapshot(path, version, tables, _columns(tables, described), keys, contract=True)


def _of_data_package(path: Path) -> Snapshot:
    descriptor = datapackage.read_descriptor(path)
    found: dict[str, Path] = {}
    described: dict[str, dict[str, Any]] = {}
    keys: dict[str, tuple[str, ...]] = {}
    for resource in descriptor["resources"]:
        parquet = datapackage.parquet_of(resource).get("path")
        if why := files.unsafe(path, parquet):
            name = resource["name"]
            message = f"resource {name} names no Parquet file that may be opened: {why}"
            raise error("package-invalid", message, path=datapackage.DESCRIPTOR, resource=name)
        schema = resource.get("schema") if isinstance(resource.get("schema"), dict) else {}
        found[resource["name"]] = path / str(parquet)
        described[resource["name"]] = _described(schema)
        keys[resource["name"]] = tuple(schema.get("primaryKey") or ())
    tables = _read(found)
    return Snapshot(path, descriptor.get("version"), tables, _columns(tables, described), keys, contract=True)


def _of_huggingface(path: Path) -> Snapshot:
    found: dict[str, Path] = {}
    for config in huggingface.configs(huggingface.read_card(path)):
        for name in huggingface.data_paths(config):
            if files.unsafe(path, name) is None:
                found[str(config.get("config_name"))] = path / str(name)
    tables = _read(found)
    keys = {name: table.primary_key for name, table in core_tables().items()}
    return Snapshot(path, None, tables, _columns(tables, {}), keys, contract=False)


def _read(found: Mapping[str, Path]) -> "dict[str, pa.Table]":
    gather = Gather()
    tables = files.read_tables(found, gather)
    for problem in gather.report("").findings:
        raise BroadsheetError(problem)
    return tables


def _table_schema(contract: Mapping[str, Any], name: str) -> dict[str, Any]:
    from broadsheet.schema.descriptor import table_schema

    return table_schema(contract[name]) if name in contract else {}


def _described(schema: Mapping[str, Any]) -> dict[str, Any]:
    fields = schema.get("fields")
    return {f["name"]: f for f in fields if isinstance(f, dict) and "name" in f} if isinstance(fields, list) else {}


def _columns(
    tables: "Mapping[str, pa.Table]", described: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Column]]:
    columns: dict[str, dict[str, Column]] = {}
    for name, table in tables.items():
        columns[name] = {}
        for field in table.schema:
            said = described.get(name, {}).get(field.name, {})
            words = (str(said.get("title") or ""), str(said.get("description") or ""))
            columns[name][field.name] = Column(_type(field.type), dict(said.get("constraints") or {}), words)
    return columns


def _type(kind: "pa.DataType") -> str:
    """The type as text, without what differs between forms only: names and nullability of list items."""
    import re

    return re.sub(r"<(item|element): ", "<", str(kind)).replace(" not null", "").replace("large_", "")
