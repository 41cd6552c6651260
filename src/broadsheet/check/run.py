"""`check` of a path, whatever it holds: a project, a build, a package, a zip of one, a folder of packages."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from broadsheet.check.accounts import ZIP, check_zip
from broadsheet.check.agreement import check_agreement
from broadsheet.check.build import check_build
from broadsheet.check.contract import check_schemas
from broadsheet.check.datapackage import check_data_package, contract_of, is_ours
from broadsheet.check.files import SUMS, footers, verify_sums
from broadsheet.check.huggingface import check_huggingface
from broadsheet.check.report import CheckReport, Gather, in_order
from broadsheet.collect import Sources
from broadsheet.emitted import archives, paths
from broadsheet.emitted.descriptors import (
    CARD,
    CROISSANT,
    DESCRIPTOR,
    REPORT,
    configs,
    data_paths,
    parquet_of,
    read_card,
    read_descriptor,
    read_json,
)
from broadsheet.engine.progress import Progress
from broadsheet.findings import BroadsheetError, error
from broadsheet.project import DESCRIPTOR as PROJECT
from broadsheet.project import Project, load_project
from broadsheet.schema.load import core_tables

FORMS: Final = ("datapackage", "huggingface")
AROUND: Final = ("releases", "made-of.json", "README.md")
"""What lies beside the packages of a `dist` and is not published: releases before, what they were made of, a page."""


def check_path(
    path: Path,
    *,
    schema_only: bool = False,
    jobs: int = 0,
    progress: Progress | None = None,
    allow_remote: bool = False,
) -> CheckReport:
    """Check what lies at `path`.

    Args:
        path: A project, a build folder, an emitted package (folder, zip, or its datapackage.json), a dataset, or a
            folder that holds `datapackage/` and `huggingface/`.
        schema_only: Of a project, compare its schemas with the core contract and look at no data.
        jobs: Workers for the build of a project; 0 lets the engine choose.
        progress: Told how far it is.
        allow_remote: Whether files of a package that lie on the web are downloaded.

    Raises:
        BroadsheetError: If there is nothing to check, or the project, or the descriptor of a package, cannot be read.
    """
    if schema_only:
        return check_schemas(path)
    if (path / PROJECT).is_file():
        return check_project(load_project(path), jobs=jobs, progress=progress)
    if not archives.is_zip(path):
        return _check(path, progress, allow_remote=allow_remote)
    with archives.opened(path) as folder:
        if (folder / PROJECT).is_file():
            message = "it holds a project, not a package; unpack it if you mean to build what it says"
            raise error("package-invalid", message, path=path.as_posix())
        report = _check(folder, progress, allow_remote=allow_remote)
        return replace(report, subject=f"{report.subject.partition(' ')[0]} {path.as_posix()}")


def _check(path: Path, progress: Progress | None, *, allow_remote: bool) -> CheckReport:
    if path.name == DESCRIPTOR and path.is_file():
        path = path.parent
    if (path / DESCRIPTOR).is_file():
        return check_data_package(path, allow_remote=allow_remote, progress=progress)
    if (path / REPORT).is_file() or any(path.glob("*.parquet")):
        return check_build_dir(path, progress)
    if (path / CARD).is_file() and (path / "data").is_dir():
        return check_huggingface(path, progress=progress)
    parts = [path / form for form in FORMS if (path / form).is_dir()]
    if parts:
        return _check_dist(path, progress, allow_remote=allow_remote)
    raise error("package-invalid", f"{path.as_posix()} holds no project, build or package", path=path.as_posix())


def check_project(project: Project, *, jobs: int = 0, progress: Progress | None = None) -> CheckReport:
    """Build what changed, then check the build."""
    from broadsheet.engine import build

    built = build(project, jobs=jobs, progress=progress)
    report = check_build(project.build_dir, project.tables, Sources(project), progress)
    findings = in_order(report.findings + built.findings)
    return replace(report, subject=f"project {project.root.as_posix()}", findings=findings)


def check_build_dir(build_dir: Path, progress: Progress | None = None) -> CheckReport:
    """A build folder; its source files are found if the project lies around it."""
    around = build_dir.absolute().parent
    project = load_project(around) if (around / PROJECT).is_file() else None
    contract = project.tables if project else core_tables()
    return check_build(build_dir, contract, Sources(project), progress)


def _check_dist(path: Path, progress: Progress | None, *, allow_remote: bool) -> CheckReport:
    """Both packages, and that they say the same."""
    package, dataset = (path / form for form in FORMS)
    reports = []
    contract = None
    if package.is_dir():
        reports.append(("datapackage", _check(package, progress, allow_remote=allow_remote)))
        contract = contract_of(package, Gather())
    if dataset.is_dir():
        reports.append(("huggingface", check_huggingface(dataset, contract, progress=progress)))
    if len(reports) == len(FORMS) and (gather := _agreement(package, dataset)) is not None:
        reports.append(("agreement", gather.report("agreement")))
    if package.is_dir() and (path / ZIP).is_file() and not (path / ZIP).is_symlink():
        gather = Gather()
        check_zip(path, package, gather)
        reports.append(("dist", gather.report("dist")))
    if (path / SUMS).is_file():
        gather = Gather()
        verify_sums(path, gather, beside=(*FORMS, *AROUND))
        reports.append(("dist", gather.report("dist")))
    return _joined(path, reports)


def _agreement(package: Path, dataset: Path) -> Gather | None:
    """Whether both packages agree; None where one of them cannot be read, which is a finding of its own."""
    try:
        descriptor, card = read_descriptor(package), read_card(dataset)
        croissant = read_json(dataset / CROISSANT) if (dataset / CROISSANT).is_file() else {}
    except BroadsheetError:
        return None
    if not is_ours(descriptor):
        return None
    silent = Gather()
    one = {
        resource["name"]: [package / str(parquet)]
        for resource in descriptor["resources"]
        if (parquet := parquet_of(resource).get("path")) and paths.unsafe(package, parquet) is None
    }
    other = {
        str(config.get("config_name")): listed
        for config in configs(card)
        if (listed := [dataset / str(name) for name in data_paths(config) if paths.unsafe(dataset, name) is None])
    }
    return check_agreement(descriptor, card, croissant, footers(one, silent), footers(other, silent))


def _joined(path: Path, reports: list[tuple[str, CheckReport]]) -> CheckReport:
    counts: dict[str, int] = {}
    findings = []
    ran = set()
    for name, report in reports:
        counts |= {f"{name}: {what}": number for what, number in report.counts.items()}
        ran |= set(report.ran)
        inside = name in FORMS
        findings += [
            replace(found, path=f"{name}/{found.path}") if inside and found.path else found for found in report.findings
        ]
    return CheckReport(f"packages in {path.as_posix()}", in_order(findings), counts, tuple(sorted(ran)))
