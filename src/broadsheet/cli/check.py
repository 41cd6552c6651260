"""`broadsheet check`."""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from broadsheet.cli.common import HERE, JobsOption, JsonOption, ProjectOption, progress


class Format(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"


def command(  # noqa: PLR0917
    path: Annotated[
        Path | None, typer.Argument(metavar="[PATH]", help="Project, build/, or a package; the project if left out.")
    ] = None,
    project: ProjectOption = HERE,
    schema_only: Annotated[
        bool, typer.Option("--schema-only", help="Compare the schemas of a project with the core, in seconds.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail, too.")] = False,
    release: Annotated[
        Path | None,
        typer.Option("--against", metavar="RELEASE", help="A released package: name what changes, check the version."),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How findings are printed.")] = Format.TEXT,
    jobs: JobsOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Check a project, a build or a package: schema, keys, hashes, spans.

    A project is built first, as far as it changed. Spans are sliced again from the source files where they are there.
    Exit status: 0 clean; 1 errors (with --strict also warnings); 2 if it could not run.

    Example: broadsheet check dist --format json
    """
    from broadsheet.check import check_path
    from broadsheet.check.reporters import REPORTERS

    form = Format.JSON if as_json else form
    target = path or project
    with progress(quiet=form is Format.JSON) as shown:
        report = check_path(target, schema_only=schema_only, jobs=jobs, progress=shown)
    if release is not None:
        from broadsheet.release.against import against

        report = replace(report, findings=(*report.findings, *against(release, target)))
    typer.echo(REPORTERS[form](report), nl=False)
    raise typer.Exit(report.status(strict=strict))
