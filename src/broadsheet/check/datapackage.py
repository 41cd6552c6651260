"""Rules for an emitted data package: ours down to every row, anybody's through frictionless.

A package is a stranger's data: no path of it is opened before `files.unsafe` has looked at it.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from broadsheet.check import files, rules, spans
from broadsheet.check.csvform import csv_digest, csv_schema
from broadsheet.check.report import CheckReport, Gather
from broadsheet.check.rights import rights
from broadsheet.findings import BroadsheetError, Severity, error
from broadsheet.schema.model import Table

if TYPE_CHECKING:
    import pyarrow as pa

DESCRIPTOR: Final = "datapackage.json"
PARQUET: Final = "broadsheet:parquet"  # key of a resource: {path, hash, bytes, rows} of the Parquet form beside the CSV
LIMIT: Final = 64 * 1024 * 1024  # bytes of a descriptor

Json = dict[str, Any]


def check_data_package(root: Path) -> CheckReport:
    """Check the data package in a folder.

    Raises:
        BroadsheetError: `package-invalid` if its descriptor cannot be read.
    """
    descriptor = read_descriptor(root)
    gather = Gather()
    subject = f"datapackage {root.as_posix()}"
    safe = _safe(root, descriptor, gather)
    resources = descriptor["resources"]
    if not any(PARQUET in resource for resource in resources):
        if safe:
            _foreign(root, gather)
        return gather.report(subject)
    if safe:
        _own(root, resources, gather)
    files.verify_sums(root, gather)
    return gather.report(subject)


def read_descriptor(root: Path) -> Json:
    """`datapackage.json` of a folder, its resources known to be mappings with names.

    Raises:
        BroadsheetError: `package-invalid` if it is not such a file.
    """
    file = root / DESCRIPTOR
    try:
        if file.is_symlink() or file.stat().st_size > LIMIT:
            raise ValueError("it is a link, or larger than 64 MB")
        value = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as reason:
        raise error("package-invalid", f"{DESCRIPTOR} cannot be read: {reason}", path=file.as_posix()) from reason
    resources = value.get("resources") if isinstance(value, dict) else None
    if not isinstance(resources, list) or not all(
        isinstance(resource, dict) and isinstance(resource.get("name"), str) for resource in resources
    ):
        raise error("package-invalid", "`resources` is not a list of mappings with names", path=file.as_posix())
    return dict(value)


def parquet_of(resource: Mapping[str, Any]) -> Json:
    """What a resource says of its Parquet form; empty if it says nothing usable."""
    value = resource.get(PARQUET)
    return value if isinstance(value, dict) else {}


def _paths(resource: Json) -> Iterator[object]:
    path = resource.get("path")
    yield from path if isinstance(path, list) else [path] if path is not None else []
    yield from (resource[key] for key in ("schema", "dialect") if isinstance(resource.get(key), str))
    if PARQUET in resource:
        yield parquet_of(resource).get("path")
    extra = resource.get("extrapaths")  # frictionless reads these as well
    yield from extra if isinstance(extra, list) else []


def _safe(root: Path, descriptor: Json, gather: Gather) -> bool:
    safe = True
    for resource in descriptor["resources"]:
        for path in _paths(resource):
            if why := files.unsafe(root, path):
                gather.add("path-unsafe", f"{path!r}: {why}", path=DESCRIPTOR, resource=resource["name"])
                safe = False
    return safe


def _own(root: Path, resources: list[Json], gather: Gather) -> None:
    from broadsheet.schema.load import core_tables, project_tables

    try:
        contract = project_tables(root / "schemas")
    except BroadsheetError as problem:
        gather.take(problem.finding)
        contract = core_tables()
    named = {resource["name"]: resource for resource in resources}
    found: dict[str, Path] = {}
    for name, table in contract.items():
        if name not in named:
            gather.add("table-missing", f"{DESCRIPTOR} has no resource {name}", path=DESCRIPTOR, resource=name)
            continue
        resource, parquet = named[name], parquet_of(named[name])
        if resource.get("schema") != csv_schema(table):
            message = f"the schema in {DESCRIPTOR} is not that of schemas/{name}.yaml"
            gather.add("descriptor-differs", message, path=DESCRIPTOR, resource=name)
        files.verify(root, str(parquet["path"]), gather, sha256=parquet.get("hash"), size=parquet.get("bytes"))
        if (root / str(parquet["path"])).is_file():
            found[name] = root / str(parquet["path"])
    tables = files.read_tables(found, gather)
    for name, read in tables.items():
        _rows(name, read, named[name], gather)
        _csv(root, name, read, named[name], gather)
    check_tables(contract, tables, gather)


def check_tables(contract: Mapping[str, Table], tables: "Mapping[str, pa.Table]", gather: Gather) -> None:
    """The rules that hold for the rows of any package."""
    sound = rules.columns(contract, tables, gather)
    rules.values(contract, tables, sound, gather)
    rules.keys(contract, tables, gather)
    agreed = {name: tables[name] for name in sound}
    spans.texts(agreed, gather)
    rights(agreed, gather)
    rules.dates(agreed, gather)
    rules.formulas(tables, gather)


def _rows(name: str, table: "pa.Table", resource: Json, gather: Gather) -> None:
    recorded = parquet_of(resource).get("rows")
    if recorded != table.num_rows:
        gather.add("rows-mismatch", f"{table.num_rows} rows, recorded are {recorded}", path=DESCRIPTOR, resource=name)


def _csv(root: Path, name: str, table: "pa.Table", resource: Json, gather: Gather) -> None:
    """The CSV is what its resource records, and what the Parquet gives when it is written as CSV."""
    path = resource.get("path")
    if not isinstance(path, str):
        gather.add("descriptor-differs", "a resource of one file is expected", path=DESCRIPTOR, resource=name)
        return
    recorded = resource.get("hash")
    sound = files.verify(root, path, gather, sha256=recorded, size=resource.get("bytes"))
    if sound and str(recorded).removeprefix("sha256:") != csv_digest(table):
        gather.add("descriptor-differs", f"{path} does not hold the rows of the Parquet file", path=path, resource=name)


def _foreign(root: Path, gather: Gather) -> None:
    """Anybody's package, by its own schema. frictionless stops at 1,000 errors a resource."""
    import frictionless

    report = frictionless.validate(str((root / DESCRIPTOR).absolute()))
    gather.counts["resources"] = len(report.tasks)
    for problem in report.errors:
        gather.add("resource-invalid", f"{problem.type}: {problem.message[:200]}", path=DESCRIPTOR)
    for task in report.tasks:
        for problem in task.errors:
            row = getattr(problem, "row_number", None)
            gather.add(
                "resource-invalid",
                f"{problem.type}: {problem.message[:200]}",
                resource=task.name,
                field=getattr(problem, "field_name", None),
                row_key=None if row is None else f"line {row}",
            )
        for warning in task.warnings:
            gather.add("resource-invalid", str(warning)[:200], resource=task.name, severity=Severity.WARNING)
