"""The schemas of a project against the core, in a moment: no data is read, and nothing heavy is imported."""

from pathlib import Path

from broadsheet.check.report import CheckReport, Gather
from broadsheet.findings import BroadsheetError, error
from broadsheet.project import DESCRIPTOR, Project, load_project
from broadsheet.schema.load import loosened_tables


def check_schemas(path: Path) -> CheckReport:
    """Read `datapackage.yaml` and `schemas/` of the project at `path`, and compare them with the core.

    A schema that loosens the core can be read, so it is a finding like others, with file and line.

    Raises:
        BroadsheetError: `project-missing`, or what cannot be read in which line of which file.
    """
    if not (path / DESCRIPTOR).is_file():
        shown = path.as_posix()
        raise error("project-missing", f"{shown} holds no project to compare schemas of", path=shown)
    try:
        return check_contract(load_project(path))
    except BroadsheetError as problem:
        if problem.finding.code != "schema-loosened":
            raise
        gather = Gather()
        for found in loosened_tables(path / "schemas"):
            gather.take(found)
        return gather.report(f"schemas of {path.as_posix()}")


def check_contract(project: Project) -> CheckReport:
    """What is to say of the schemas of a project; loading it has compared them with the core already."""
    own = sorted(file.stem for file in (project.root / "schemas").glob("*.yaml"))
    counts = {"tables": len(project.tables), "tables with a schema of the project": len(own)}
    ran = (*((table, "schema-loosened") for table in own), ("project", "value-invalid"))
    return CheckReport(f"schemas of {project.root.as_posix()}", (), counts, ran)
