"""`check` of a path, whatever it holds: a project, a build, a package, a folder of packages."""

from dataclasses import replace
from pathlib import Path

from broadsheet.check.build import REPORT, check_build
from broadsheet.check.datapackage import check_data_package
from broadsheet.check.huggingface import check_huggingface
from broadsheet.check.report import CheckReport
from broadsheet.collect import Sources
from broadsheet.engine.progress import Progress
from broadsheet.findings import error
from broadsheet.project import DESCRIPTOR, Project, load_project
from broadsheet.schema.load import core_tables

PACKAGE = "datapackage.json"


def check_path(
    path: Path, *, schema_only: bool = False, jobs: int = 0, progress: Progress | None = None
) -> CheckReport:
    """Check what lies at `path`.

    Args:
        path: A project, a build folder, an emitted package (folder or its datapackage.json), or a folder that holds
            `datapackage/` and `huggingface/`.
        schema_only: Of a project, compare its schemas with the core contract and look at no data.
        jobs: Workers for the build of a project; 0 lets the engine choose.
        progress: Told how far that build is.

    Raises:
        BroadsheetError: If there is nothing to check, or the project cannot be read.
    """
    if (path / DESCRIPTOR).is_file():
        project = load_project(path)
        return check_contract(project) if schema_only else check_project(project, jobs=jobs, progress=progress)
    if schema_only:
        raise error(
            "project-missing", f"{path.as_posix()} holds no project to compare schemas of", path=path.as_posix()
        )
    if path.name == PACKAGE and path.is_file():
        return check_data_package(path.parent)
    if (path / PACKAGE).is_file():
        return check_data_package(path)
    if (path / REPORT).is_file() or any(path.glob("*.parquet")):
        return check_build_dir(path)
    if (path / "README.md").is_file() and (path / "data").is_dir():
        return check_huggingface(path)
    parts = [part for part in (path / "datapackage", path / "huggingface") if part.is_dir()]
    if parts:
        return _joined(path, [check_path(part) for part in parts])
    raise error("package-invalid", f"{path.as_posix()} holds no project, build or package", path=path.as_posix())


def check_contract(project: Project) -> CheckReport:
    """The schemas of a project against the core. Loading the project has compared them already; this says so."""
    own = sorted(file.stem for file in (project.root / "schemas").glob("*.yaml"))
    counts = {"tables": len(project.tables), "tables with a schema of the project": len(own)}
    return CheckReport(f"schemas of {project.root.as_posix()}", (), counts)


def check_project(project: Project, *, jobs: int = 0, progress: Progress | None = None) -> CheckReport:
    """Build what changed, then check the build."""
    from broadsheet.engine import build

    built = build(project, jobs=jobs, progress=progress)
    report = check_build(project.build_dir, project.tables, Sources(project))
    findings = report.findings + built.findings
    return replace(report, subject=f"project {project.root.as_posix()}", findings=findings)


def check_build_dir(build_dir: Path) -> CheckReport:
    """A build folder; its source files are found if the project lies around it."""
    around = build_dir.absolute().parent
    project = load_project(around) if (around / DESCRIPTOR).is_file() else None
    contract = project.tables if project else core_tables()
    return check_build(build_dir, contract, Sources(project))


def _joined(path: Path, reports: list[CheckReport]) -> CheckReport:
    counts: dict[str, int] = {}
    findings = []
    for report in reports:
        name = report.subject.split(" ", 1)[0]
        counts |= {f"{name}: {what}": number for what, number in report.counts.items()}
        for found in report.findings:
            findings.append(replace(found, path=f"{name}/{found.path}" if found.path else None))
    return CheckReport(f"packages in {path.as_posix()}", tuple(findings), counts)
