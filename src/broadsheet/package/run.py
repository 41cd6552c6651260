"""`package`: a finished build becomes both packages, or nothing changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from broadsheet.check.build import load_build
from broadsheet.check.csvform import empty_texts
from broadsheet.check.report import Gather
from broadsheet.check.rights import FULL
from broadsheet.check.rules import formulas
from broadsheet.findings import Finding, Severity, error, finding
from broadsheet.package import rights
from broadsheet.package.datapackage import write_data_package
from broadsheet.package.describe import Content
from broadsheet.package.huggingface import write_huggingface
from broadsheet.package.rights import Withheld
from broadsheet.package.stamp import created
from broadsheet.package.write import Folder, replace_folders
from broadsheet.project import Project

WRITERS: Final = {"datapackage": write_data_package, "huggingface": write_huggingface}
TERMS: Final = ("LICENSE-DATA", "LICENSE-DATA.md", "LICENSE-DATA.txt")


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A file that was made: path relative to `dist`, size in bytes, hex sha256."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PackageReport:
    """What was made.

    Attributes:
        dist: Folder that holds `datapackage/` and `huggingface/`.
        files: All files, sorted by path.
        rows: Rows published, by table.
        withheld: What each source lost to its rights, with the ids of the rows dropped.
        findings: Notes and warnings: withheld text, missing licence, cells that look like formulas.
    """

    dist: Path
    files: tuple[PackageFile, ...]
    rows: dict[str, int]
    withheld: tuple[Withheld, ...]
    findings: tuple[Finding, ...]


def package(project: Project, build_dir: Path, dist_dir: Path) -> PackageReport:
    """Make both packages of a build.

    Args:
        project: The project the build is of.
        build_dir: Folder with `report.json` and the tables.
        dist_dir: Folder to put `datapackage/` and `huggingface/` in; what else it holds stays.

    Raises:
        BroadsheetError: `build-missing`, `build-incomplete`, or another finding about the build; `write-failed` if the
            disk refuses. The packages in `dist_dir` are then as they were before.
    """
    tables, withheld = rights.enforce(load_build(build_dir, project.tables))
    content = Content(project, tables, withheld, created(project), _terms(project))
    files: list[PackageFile] = []

    def fill(spare: Path) -> None:
        for name, write in WRITERS.items():
            folder = Folder(spare / name)
            write(folder, content)
            files.extend(PackageFile(f"{name}/{file.path}", file.bytes, file.sha256) for file in folder.files.values())

    try:
        replace_folders(dist_dir, list(WRITERS), fill)
    except OSError as reason:
        message = f"{reason.strerror or reason} while packaging; what was in {dist_dir.as_posix()} is unchanged"
        raise error("write-failed", message, path=str(reason.filename or dist_dir.as_posix())) from reason
    return PackageReport(
        dist_dir,
        tuple(sorted(files, key=lambda file: file.path)),
        {name: table.num_rows for name, table in tables.items()},
        withheld,
        tuple(_findings(content)),
    )


def _terms(project: Project) -> str | None:
    found = next((file for name in TERMS if (file := project.root / name).is_file()), None)
    return found.read_text("utf-8") if found else None


def _findings(content: Content) -> Iterable[Finding]:
    project = content.project
    if not project.licenses:
        yield finding("license-missing", "the descriptor gives no licence for the dataset", path="datapackage.yaml")
    for collection in project.collections:
        if collection.license is None and collection.redistribution == FULL:
            message = f"collection {collection.name} states no licence, and its texts are published in full"
            yield finding("license-missing", message, path="datapackage.yaml")
    yield from rights.findings(content.withheld)
    gather = Gather()
    formulas(content.tables, gather)
    for name, table in project.tables.items():
        for column, count in empty_texts(table, content.tables[name]).items():
            message = f"{count} empty texts are null in the CSV form"
            gather.add("constraint", message, severity=Severity.NOTE, resource=name, field=column, count=count)
    yield from gather.report("").findings
