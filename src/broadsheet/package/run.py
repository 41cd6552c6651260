"""`package`: a finished build becomes all that people download, or nothing changes.

The tables of the build pass the rights once, batch by batch, into the Parquet files of the data package. Everything
else is made of those files: what they do not hold cannot be in a release.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from broadsheet.check.files import SUMS
from broadsheet.check.rights import FULL
from broadsheet.emitted.descriptors import REPORT
from broadsheet.emitted.tables import TableFiles, read_footers
from broadsheet.engine import require_current
from broadsheet.engine.disk import sha256
from broadsheet.findings import Finding, Severity, error, finding
from broadsheet.package import rights, zipped
from broadsheet.package.built import built_tables
from broadsheet.package.datapackage import write_data_package
from broadsheet.package.describe import Content
from broadsheet.package.huggingface import write_huggingface
from broadsheet.package.made_of import MADE_OF, made_of
from broadsheet.package.rights import Rights, Withheld
from broadsheet.package.scores import read_scores
from broadsheet.package.stamp import created
from broadsheet.package.watch import Watch
from broadsheet.package.write import Folder, Written, replace_parts
from broadsheet.project import Project

if TYPE_CHECKING:
    import pyarrow as pa

DATA_PACKAGE: Final = "datapackage"
HUGGING_FACE: Final = "huggingface"
ZIP: Final = "datapackage.zip"
PARTS: Final = (DATA_PACKAGE, HUGGING_FACE, ZIP, SUMS, MADE_OF)
NAMED: Final = 5  # collections named in one finding; the rest is counted
AGAIN: Final = "Package again."
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
        dist: Folder that holds `datapackage/`, `huggingface/`, `datapackage.zip`, `SHA256SUMS` and `made-of.json`.
        files: All files, sorted by path.
        rows: Rows published, by table.
        withheld: What each collection lost to its rights.
        findings: Withheld text, missing licence, cells that look like formulas, faults of the content.
    """

    dist: Path
    files: tuple[PackageFile, ...]
    rows: dict[str, int]
    withheld: tuple[Withheld, ...]
    findings: tuple[Finding, ...]

    @property
    def status(self) -> int:
        """Exit status: 1 if the content has a fault, else 0."""
        return int(any(found.severity is Severity.ERROR for found in self.findings))


def package(project: Project, build_dir: Path, dist_dir: Path) -> PackageReport:
    """Make all of `dist` of a build.

    Args:
        project: The project the build is of.
        build_dir: Folder with `report.json` and the tables.
        dist_dir: Folder to put the packages in; what else it holds stays.

    Raises:
        BroadsheetError: `build-missing`, `build-incomplete`, `build-stale`, or another finding about the build;
            `write-failed` if the disk refuses. The packages in `dist_dir` are then as they were before.
    """
    import duckdb

    require_current(project, build_dir)
    file = build_dir / REPORT
    report = sha256(file) if file.is_file() else None
    built = built_tables(build_dir, project.tables)
    work = _Packaging(project, build_dir, built, report)
    try:
        replace_parts(dist_dir, PARTS, work.fill)
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as reason:
        said = getattr(reason, "strerror", None) or str(reason).splitlines()[0][:200]
        place = getattr(reason, "filename", None) or dist_dir.as_posix()
        message = f"{said} while packaging; what was in {dist_dir.as_posix()} is unchanged"
        raise error("write-failed", message, path=str(place)) from reason
    return PackageReport(
        dist_dir,
        tuple(sorted(work.files, key=lambda file: file.path)),
        work.rows,
        work.withheld,
        tuple(work.findings),
    )


class _Packaging:
    """One run: the folders being filled, and what is found meanwhile."""

    def __init__(
        self, project: Project, build_dir: Path, built: dict[str, TableFiles], report: tuple[str, int] | None
    ) -> None:
        self.project = project
        self.build_dir = build_dir
        self.built = built
        self.report = report
        self.files: list[PackageFile] = []
        self.rows: dict[str, int] = {}
        self.withheld: tuple[Withheld, ...] = ()
        self.findings: list[Finding] = []

    def fill(self, spare: Path) -> None:
        """Write all of `dist` into a folder."""
        folder = Folder(spare / DATA_PACKAGE)
        allowed, watch = Rights(self.built), Watch(self.project.tables)
        tables, parquet = self._publish(folder, allowed, watch)
        self.rows = {name: table.rows for name, table in tables.items()}
        self.withheld, loosened = allowed.withheld(), allowed.loosened
        del allowed  # it holds an entry for each limited article
        scores = read_scores(self.project.root, self.build_dir)
        content = Content(self.project, tables, self.withheld, created(self.project), _terms(self.project), scores)
        flat = write_data_package(folder, content, parquet)
        hub = Folder(spare / HUGGING_FACE)
        write_huggingface(hub, content)
        top = Folder(spare)
        top.zipped(ZIP, folder.root, list(folder.files), zipped.moment(content.created))
        top.sums()
        top.text(MADE_OF, made_of(self.project, self.build_dir, spare))
        require_current(self.project, self.build_dir)
        if sha256(self.build_dir / REPORT) != self.report:
            raise error("build-stale", "another build was made while this one was packaged", remedy=AGAIN)
        for name, made in ((DATA_PACKAGE, folder), (HUGGING_FACE, hub), (None, top)):
            self._keep(name, made.files.values())
        self.findings = [*_licenses(self.project), *_loosened(loosened), *rights.findings(self.withheld)]
        self.findings += [*watch.findings(), *flat]

    def _publish(
        self, folder: Folder, allowed: Rights, watch: Watch
    ) -> tuple[dict[str, TableFiles], dict[str, Written]]:
        """The tables after their rights, as the Parquet files of the data package."""
        from broadsheet.schema.arrow import arrow_schema

        tables: dict[str, TableFiles] = {}
        written: dict[str, Written] = {}
        for name in sorted(self.project.tables, key=_turn):
            schema = arrow_schema(self.project.tables[name])
            rows = watch.seen(name, _as(schema, allowed.rows(name, tables)))
            written[name] = folder.parquet(f"parquet/{name}.parquet", schema, rows)
            tables[name] = read_footers(name, [folder.root / written[name].path])
        return {name: tables[name] for name in self.project.tables}, written

    def _keep(self, name: str | None, made: Iterable[Written]) -> None:
        for file in made:
            path = f"{name}/{file.path}" if name else file.path
            self.files.append(PackageFile(path, file.bytes, file.sha256))


def _turn(name: str) -> int:
    return Rights.ORDER.index(name) if name in Rights.ORDER else len(Rights.ORDER)


def _as(schema: "pa.Schema", batches: "Iterable[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
    """Batches as of exactly that schema: a build's Parquet may name nullability and list items differently."""
    import pyarrow as pa

    for batch in batches:
        arrays = [batch.column(field.name).cast(field.type) for field in schema]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _terms(project: Project) -> str | None:
    found = next((file for name in TERMS if (file := project.root / name).is_file()), None)
    try:
        return found.read_text("utf-8") if found else None
    except UnicodeDecodeError as reason:
        message = f"{reason.object[reason.start]:#04x} at byte {reason.start} is not UTF-8"
        raise error("file-unreadable", message, path=str(found), remedy="Save it as UTF-8.") from reason


def _licenses(project: Project) -> Iterator[Finding]:
    if not project.licenses:
        yield finding("license-missing", "the descriptor gives no licence for the dataset", path="datapackage.yaml")
    silent = [one.name for one in project.collections if one.license is None and one.redistribution == FULL]
    if silent:
        which = ", ".join(silent[:NAMED]) + (f" and {len(silent) - NAMED} more" if len(silent) > NAMED else "")
        message = f"texts are published in full of collections that state no licence: {which}"
        remedy = "Add `license` to these collections, or choose another `redistribution`."
        yield finding("license-missing", message, path="datapackage.yaml", remedy=remedy, count=len(silent))


def _loosened(articles: int) -> Iterator[Finding]:
    if articles:
        yield finding(
            "rights-exceeded",
            f"the build allows {articles} articles more than their files; the rights of the files were applied",
            remedy="Build again, then package again.",
            resource="articles",
            field="redistribution",
            count=articles,
        )
