"""`broadsheet release`."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from broadsheet.cli.common import (
    HERE,
    JobsOption,
    JsonOption,
    ProjectOption,
    as_dict,
    print_findings,
    print_json,
    progress,
    say,
)
from broadsheet.findings import Severity
from broadsheet.screen import shown

if TYPE_CHECKING:
    from broadsheet.release.release import ReleaseReport


def command(  # noqa: PLR0917
    project: ProjectOption = HERE,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="RELEASE", help="The last release, folder or zip; the newest in dist/releases if left out."
        ),
    ] = None,
    first: Annotated[bool, typer.Option("--first", help="There is no release before this one.")] = False,
    set_version: Annotated[
        str | None,
        typer.Option(metavar="auto|X.Y.Z", help="Write the version to datapackage.yaml; auto: the one called for."),
    ] = None,
    date: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Day for the changelog; that of the package if left out.")
    ] = None,
    changelog: Annotated[str, typer.Option(metavar="FILE", help="Changelog, in the project.")] = "CHANGELOG.md",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done; write nothing but build/.")
    ] = False,
    jobs: JobsOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Build, check, package, and compare with the last release; note the new one.

    Refuses a version that is smaller than the differences call for. Commits, tags and sends nothing.
    Exit status: 0; 1 if it was refused (errors, or the version is too small); 2 if it could not run.

    Example: broadsheet release --set-version auto --dry-run
    """
    from broadsheet.release.release import Options, release

    options = Options(against, first, set_version, date, changelog, dry_run, jobs)
    with progress(quiet=as_json) as told:
        report = release(project, options, told)
    if as_json:
        print_json(as_mapping(report))
    else:
        _print(report)
    raise typer.Exit(report.status)


def as_mapping(report: "ReleaseReport") -> dict[str, object]:
    """A report for machines."""
    from broadsheet.cli.diff import as_mapping as difference

    findings = [as_dict(found) for found in report.findings]
    differs = difference(report.difference) if report.difference else None
    return asdict(report) | {"status": report.status, "findings": findings, "difference": differs}


def _print(report: "ReleaseReport") -> None:
    from broadsheet.cli.diff import print_difference

    refused = [found for found in report.findings if found.severity is Severity.ERROR]
    print_findings(found for found in report.findings if found.severity is not Severity.ERROR)
    if report.difference:
        say(f"compared with {shown(report.against or '')}")
        print_difference(report.difference)
    elif not report.status:
        say("no release to compare with: this is the first")
    if report.status:
        print_findings(refused)  # last: differences can fill more than a screen
        say("not released")
        return
    typer.echo(f"\n{report.entry}")
    for file in report.written:
        say(f"{'would write' if report.dry_run else 'wrote'} {shown(file)}")
    if not report.written:
        say(f"version {report.version} was released already: nothing to write")
    say("left to do:")
    for line in report.commands:
        say(f"  {line}")
