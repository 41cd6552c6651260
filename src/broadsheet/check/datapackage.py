"""Rules for an emitted data package: ours down to every row, in both its forms, and anybody's by its own schema.

A package is a stranger's data: no path of it is opened before `paths.unsafe` has looked at it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from broadsheet.check import accounts, files, rules, spans
from broadsheet.check.csvform import DIALECT, csv_agrees, csv_schema
from broadsheet.check.descriptor import algorithm, check_descriptor
from broadsheet.check.foreign import check_foreign
from broadsheet.check.foreign.resources import REMEDIES
from broadsheet.check.report import CheckReport, Gather
from broadsheet.check.rights import check_rights
from broadsheet.emitted.descriptors import DESCRIPTOR, PARQUET, parquet_of, read_descriptor
from broadsheet.emitted.tables import TableFiles
from broadsheet.engine.progress import Progress
from broadsheet.findings import BroadsheetError
from broadsheet.schema.model import Table

Json = dict[str, Any]
Contract = Mapping[str, Table]

GROUP: Final = 65_536
"""Rows a row group of ours may have, so that readers need not hold more."""
AS_CSV: Final = {"type": "table", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "dialect": DIALECT}
AS_PARQUET: Final = {"format": "parquet", "mediatype": "application/vnd.apache.parquet"}


def check_data_package(root: Path, *, allow_remote: bool = False, progress: Progress | None = None) -> CheckReport:
    """Check the data package in a folder.

    Args:
        root: Holds `datapackage.json`.
        allow_remote: Whether resources that lie on the web are downloaded.
        progress: Told what is done.

    Raises:
        BroadsheetError: `package-invalid` if its descriptor cannot be read.
    """
    descriptor = read_descriptor(root)
    gather = Gather()
    gather.ran("files", "key-unknown", "key-missing", "value-invalid", "path-unsafe", "license-missing")
    ours = is_ours(descriptor)
    safe = check_descriptor(root, descriptor, gather, allow_remote=allow_remote)
    if not ours:
        check_foreign(root, safe, gather, progress)
        report = gather.report(f"datapackage {root.as_posix()}")
        told = tuple(replace(one, remedy=REMEDIES.get(one.code, one.remedy)) for one in report.findings)
        return replace(report, findings=told)
    contract = contract_of(root, gather)
    tables = verify_files(root, descriptor, safe, contract, gather, progress)
    names = check_tables(contract, tables, gather, progress)
    readable = {name: tables[name] for name in names}
    accounts.check_origins(descriptor, readable, gather)
    others = [resource for resource in safe if resource["name"] not in contract]
    if others:
        check_foreign(root, others, gather)
    for resource in others:
        if resource["name"] == accounts.FLAT and isinstance(path := resource.get("path"), str):
            accounts.check_flat(root / path, readable, gather)
    files.verify_sums(root, gather)
    return gather.report(f"datapackage {root.as_posix()}")


def is_ours(descriptor: Json) -> bool:
    """Whether Broadsheet made a package: its resources name their Parquet form."""
    return any(PARQUET in resource for resource in descriptor["resources"])


def contract_of(root: Path, gather: Gather) -> Contract:
    """The schemas of a package of ours; the core's, and a finding, where they cannot be read."""
    from broadsheet.schema.load import core_tables, project_tables

    folder = root / "schemas"
    links = [file for file in (folder, *sorted(folder.glob("*"))) if file.is_symlink()]
    try:
        return core_tables() if links else project_tables(folder)  # a link is a finding of `verify_sums`
    except BroadsheetError as problem:
        found = problem.finding
        inside = Path(found.path).is_relative_to(root) if found.path else False
        gather.take(found.at(Path(str(found.path)).relative_to(root).as_posix(), found.line) if inside else found)
        return core_tables()


def verify_files(  # noqa: PLR0917
    root: Path,
    descriptor: Json,
    safe: list[Json],
    contract: Contract,
    gather: Gather,
    progress: Progress | None = None,
) -> dict[str, TableFiles]:
    """Whether the files of a package of ours are what its descriptor says; the tables that can be read.

    Args:
        root: Folder of the package.
        descriptor: As read.
        safe: Its resources that may be opened.
        contract: Schemas by table.
        gather: Takes the findings.
        progress: Told what is done.
    """
    named = {resource["name"]: resource for resource in safe}
    every = {resource["name"] for resource in descriptor["resources"]}
    if progress is not None:
        progress.stage("verifying files", 2 * len(contract))
    found: dict[str, Sequence[Path]] = {}
    sound = set()
    for name, table in contract.items():
        if name not in every:
            gather.add("table-missing", f"{DESCRIPTOR} has no resource {name}", path=DESCRIPTOR, resource=name)
        elif name in named:
            _described(named[name], table, gather)
            if _verified(root, named[name], gather):
                sound.add(name)
            if isinstance(path := parquet_of(named[name]).get("path"), str) and (root / path).is_file():
                found[name] = [root / path]
        if progress is not None:
            progress.advance(1)
    tables = files.footers(found, gather)
    for name, read in tables.items():
        _footer(read, contract[name], parquet_of(named[name]), gather)
        path = named[name].get("path")
        if name in sound and isinstance(path, str):
            _agree(root / path, path, read, gather)
        if progress is not None:
            progress.advance(1)
    _unlisted(root, descriptor, gather)
    return tables


def check_tables(
    contract: Contract, tables: Mapping[str, TableFiles], gather: Gather, progress: Progress | None = None
) -> list[str]:
    """The rules that hold for the rows of any package; names of the tables that are readable and of the schema."""
    stage(progress, "checking rows")
    names = rules.check_rows(tables, contract, gather)
    stage(progress, "checking texts")
    spans.check_texts(tables, names, gather)
    stage(progress, "checking rights")
    check_rights({name: tables[name] for name in names}, gather)
    return names


def stage(progress: Progress | None, name: str) -> None:
    """Say that something begins which cannot be counted."""
    if progress is not None:
        progress.stage(name, 0)


def _described(resource: Json, table: Table, gather: Gather) -> None:
    """What a resource says of its files in words: the schema, and how they are written."""
    name = resource["name"]
    if resource.get("schema") != csv_schema(table):
        message = f"the schema in {DESCRIPTOR} is not that of schemas/{name}.yaml"
        gather.add("descriptor-differs", message, path=DESCRIPTOR, resource=name)
    for given, expected in ((resource, AS_CSV), (parquet_of(resource), AS_PARQUET)):
        for key, value in expected.items():
            if given.get(key) != value:
                message = f"{key} is {given.get(key)!r}; the file is written with {value!r}"
                gather.add("descriptor-differs", message, path=DESCRIPTOR, resource=name)


def _verified(root: Path, resource: Json, gather: Gather) -> bool:
    """Whether the CSV and the Parquet file are those the descriptor records."""
    sound = True
    for given in (resource, parquet_of(resource)):
        path = given.get("path")
        if not isinstance(path, str):
            message = "a resource of one file in each form is expected"
            gather.add("descriptor-differs", message, path=DESCRIPTOR, resource=resource["name"])
            sound = False
            continue
        known = algorithm(given.get("hash"))
        for key, value in (("hash", known), ("bytes", given.get("bytes"))):
            if value is None:
                message = f"{path} has no usable {key!r}, so nobody can verify it"
                gather.add("descriptor-differs", message, path=DESCRIPTOR, resource=resource["name"])
        if not (root / path).is_file():
            message = f"{path} is named but not there"
            gather.add("table-missing", message, path=path, resource=resource["name"])
            sound = False
        elif not files.compare(root / path, path, gather, known, given.get("bytes")):
            sound = False
    return sound


def _footer(read: TableFiles, table: Table, recorded: Json, gather: Gather) -> None:
    """What the footer of the Parquet file says beside columns and types."""
    from broadsheet.schema.arrow import arrow_schema

    if recorded.get("rows") != read.rows:
        message = f"{read.rows} rows, recorded are {recorded.get('rows')}"
        gather.add("rows-mismatch", message, path=DESCRIPTOR, resource=read.name)
    for wanted in arrow_schema(table):
        at = read.schema.get_field_index(wanted.name)
        if at >= 0 and read.schema.field(at).nullable != wanted.nullable:
            message = (
                "the footer forbids null, the schema does not"
                if wanted.nullable
                else ("the footer allows null, the schema does not")
            )
            gather.add("columns-differ", message, resource=read.name, field=wanted.name)
    row_groups(read, gather)


def row_groups(read: TableFiles, gather: Gather) -> None:
    """Row groups that readers can hold."""
    if large := [rows for rows in read.row_groups if rows > GROUP]:
        message = f"{len(large)} row groups of more than {GROUP:,} rows, the largest of {max(large):,}"
        gather.add("descriptor-differs", message, path=read.files[0].name, resource=read.name, count=len(large))


def _agree(file: Path, path: str, read: TableFiles, gather: Gather) -> None:
    """The CSV says what the Parquet says."""
    import pyarrow as pa

    try:
        same = csv_agrees(file, read)
    except (pa.ArrowException, OSError, ValueError) as reason:
        message = (str(reason).splitlines() or ["unreadable"])[0][:160]
        gather.add("table-unreadable", message, path=read.files[0].name, resource=read.name)
        return
    if not same:
        message = f"{path} does not hold the rows of the Parquet file"
        gather.add("descriptor-differs", message, path=path, resource=read.name)


def _unlisted(root: Path, descriptor: Json, gather: Gather) -> None:
    """Tables that lie in the package without being part of it, as far as a descriptor can tell."""
    listed = {path for one in descriptor["resources"] for path in (one.get("path"), parquet_of(one).get("path"))
              if isinstance(path, str)}  # fmt: skip
    for file in sorted((*root.glob("*.csv"), *root.glob("*/*.csv"), *root.glob("parquet/*"))):
        path = file.relative_to(root).as_posix()
        if path not in listed:
            gather.add("descriptor-differs", f"{path} is no resource of {DESCRIPTOR}", path=path)
