"""A build or a package as `diff` and `open` see it: version, contract and tables, whatever form they come in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from broadsheet.emitted import descriptors, paths
from broadsheet.emitted.tables import TableFiles, read_footers
from broadsheet.findings import error
from broadsheet.project import DESCRIPTOR, load_project
from broadsheet.schema.load import core_tables
from broadsheet.schema.model import Table

Form = Literal["build", "datapackage", "huggingface"]


@dataclass(frozen=True, slots=True)
class Emitted:
    """What was built or emitted.

    Attributes:
        root: Folder it lies in.
        form: How it is laid out.
        version: As stated; None if the form states none.
        tables: Their files, in the order told.
        schemas: Published Table Schema by table; empty for a Hugging Face dataset, which carries none.
        keys: Primary key by table, empty where none is known.
    """

    root: Path
    form: Form
    version: str | None
    tables: Mapping[str, TableFiles]
    schemas: Mapping[str, Mapping[str, Any]]
    keys: Mapping[str, tuple[str, ...]]


def read_emitted(path: Path) -> Emitted:
    """Read a package, a build, a project (its build) or a folder of packages (its data package).

    Only descriptors and footers are read. Zip archives: `archives.opened` makes a folder of them.

    Raises:
        BroadsheetError: `package-invalid` if it is none of them, or what cannot be read of it.
    """
    if (path / DESCRIPTOR).is_file():
        return _of_build(path / "build")
    if path.name == descriptors.DESCRIPTOR and path.is_file():
        return _of_data_package(path.parent)
    for folder in (path, path / "datapackage"):
        if (folder / descriptors.DESCRIPTOR).is_file():
            return _of_data_package(folder)
    if (path / descriptors.REPORT).is_file():
        return _of_build(path)
    for folder in (path, path / "huggingface"):
        if (folder / descriptors.CARD).is_file() and (folder / "data").is_dir():
            return _of_huggingface(folder)
    raise error("package-invalid", f"{path.as_posix()} holds no build or package", path=path.as_posix())


def _of_build(path: Path) -> Emitted:
    from broadsheet.schema.descriptor import table_schema

    around = path.absolute().parent
    project = load_project(around) if (around / DESCRIPTOR).is_file() else None
    contract: Mapping[str, Table] = project.tables if project else core_tables()
    tables = {name: _footers(path, name, [f"{name}.parquet"]) for name in descriptors.read_report(path)}
    known = {name: contract[name] for name in tables if name in contract}
    return Emitted(
        path,
        "build",
        project.version if project else None,
        tables,
        {name: table_schema(table) for name, table in known.items()},
        {name: table.primary_key for name, table in known.items()},
    )


def _of_data_package(path: Path) -> Emitted:
    descriptor = descriptors.read_descriptor(path)
    tables: dict[str, TableFiles] = {}
    schemas: dict[str, Mapping[str, Any]] = {}
    for resource in descriptor["resources"]:
        if descriptors.PARQUET not in resource and any(descriptors.PARQUET in one for one in descriptor["resources"]):
            continue  # one of our files for people, made of the tables
        name = resource["name"]
        tables[name] = _footers(path, name, [descriptors.parquet_of(resource).get("path")])
        schema = resource.get("schema")
        schemas[name] = schema if isinstance(schema, dict) else {}
    keys = {name: _key(schema.get("primaryKey")) for name, schema in schemas.items()}
    version = descriptor.get("version")
    return Emitted(path, "datapackage", None if version is None else str(version), tables, schemas, keys)


def _of_huggingface(path: Path) -> Emitted:
    card = descriptors.read_card(path)
    tables = {}
    for config in descriptors.configs(card):
        name = str(config.get("config_name"))
        tables[name] = _footers(path, name, list(descriptors.data_paths(config)))
    keys = {name: table.primary_key for name, table in core_tables().items() if name in tables}
    version = card.get("version")
    return Emitted(path, "huggingface", None if version is None else str(version), tables, {}, keys)


def _footers(root: Path, name: str, listed: Sequence[object]) -> TableFiles:
    import pyarrow as pa

    for path in listed:
        if why := paths.unsafe(root, path):
            message = f"table {name} names no Parquet file that may be opened ({path!r}): {why}"
            raise error("package-invalid", message, path=root.as_posix(), resource=name)
    files = [root / str(path) for path in listed]
    try:
        return read_footers(name, files)
    except FileNotFoundError as reason:
        raise error(
            "table-missing", f"no file for the table {name}", path=str(reason.filename), resource=name
        ) from reason
    except (pa.ArrowException, OSError, ValueError) as reason:
        message = f"{name}: {str(reason).splitlines()[0][:120]}"
        raise error("table-unreadable", message, path=files[0].as_posix(), resource=name) from reason


def _key(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else (value,) if isinstance(value, str) else ()
