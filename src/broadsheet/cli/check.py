"""`broadsheet check`."""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from broadsheet.cli.common import HERE, JobsOption, JsonOption, ProjectOption, paint, print_error, progress
from broadsheet.findings import BroadsheetError, Finding, Severity, error

if TYPE_CHECKING:
    from broadsheet.check import CheckReport

FORMATS: Final = ("text", "json", "junit", "github")


@dataclass(frozen=True, slots=True)
class Output:
    """A format, and the file it goes to; None for stdout."""

    form: str
    file: Path | None


def command(  # noqa: PLR0917
    path: Annotated[
        Path | None, typer.Argument(metavar="[PATH]", help="Project, build/, or a package; the project if left out.")
    ] = None,
    project: ProjectOption = HERE,
    schema_only: Annotated[
        bool, typer.Option("--schema-only", help="Compare the schemas of a project with the core; reads no data.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail, too.")] = False,
    release: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="RELEASE",
            help="A released package, or git:TAG: name what changes, check the version.",
        ),
    ] = None,
    allow_remote: Annotated[bool, typer.Option("--allow-remote", help="Fetch what a package names by https.")] = False,
    forms: Annotated[
        list[str] | None,
        typer.Option(
            "--format", metavar="FORMAT[=FILE]", help="text, json, junit or github; several, each to its file."
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Where the format without a file of its own goes.")
    ] = None,
    jobs: JobsOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Check a project, a build or a package: schema, keys, hashes, spans.

    A project is built first, as far as it changed. Spans are sliced again from the source files where they are there.
    Exit status: 0 clean; 1 errors (with --strict also warnings); 2 if it could not run.

    Example: broadsheet check dist --format github --format junit=report.xml
    """
    outputs = _outputs(["json"] if as_json else forms or ["text"], output)
    target = path or project
    told = next((one.form for one in outputs if one.file is None), None)
    with progress(quiet=schema_only or told == "json") as shown:
        try:
            if schema_only:
                from broadsheet.check.contract import check_schemas

                report = check_schemas(target)
            else:
                from broadsheet.check.run import check_path

                remote = {"allow_remote": True} if allow_remote else {}
                report = check_path(target, jobs=jobs, progress=shown, **remote)
        except BroadsheetError as problem:
            report = _stopped(target.as_posix(), problem.finding)
    if release is not None and not report.stopped:
        report = _against(report, release, target, schema_only=schema_only)
    for one in outputs:
        _write(one, report, target, strict=strict)
    if report.stopped:
        print_error(report.findings[0], as_json=False)
    raise typer.Exit(report.status(strict=strict))


def _outputs(forms: list[str], output: Path | None) -> list[Output]:
    """Which formats go where.

    Raises:
        BroadsheetError: `argument-invalid`.
    """
    found = []
    for word in (part for form in forms for part in form.split(",")):
        form, given, file = word.partition("=")
        if form not in FORMATS or (given and not file):
            raise error("argument-invalid", f"--format {word!r}: expected one of {', '.join(FORMATS)}, or FORMAT=FILE")
        found.append(Output(form, Path(file) if file else output))
    bare = [one.form for one in found if one.file == output]
    if len(bare) > 1:
        where = f"--output {output.as_posix()}" if output else "stdout"
        raise error(
            "argument-invalid", f"{' and '.join(bare)} cannot both go to {where}: write --format {bare[1]}=FILE"
        )
    if output and not bare:
        raise error("argument-invalid", "every format has a file of its own, so --output has nothing to take")
    return found


def _stopped(subject: str, finding: Finding) -> "CheckReport":
    from broadsheet.check.report import CheckReport, stage

    return CheckReport(subject, (finding,), ran=((stage(finding), finding.code),), stopped=True)


def _against(report: "CheckReport", release: str, target: Path, *, schema_only: bool) -> "CheckReport":
    """The report with what the comparison found; with what stopped it, if it was stopped."""
    from broadsheet.check.report import in_order
    from broadsheet.release.against import against

    try:
        compared = against(release, target, schema_only=schema_only)
    except BroadsheetError as problem:
        if schema_only and problem.finding.code == "schema-loosened" and report.status():
            return report  # told already, line by line; what loosens the core cannot be compared
        return replace(report, findings=(problem.finding, *report.findings), stopped=True)
    return replace(
        report,
        findings=in_order((*report.findings, *compared.findings)),
        ran=tuple(sorted({*report.ran, *compared.ran})),
        counts={**report.counts, **compared.counts},
    )


def _write(output: Output, report: "CheckReport", target: Path, *, strict: bool) -> None:
    """One format to its file or to stdout; GitHub's summary goes to the file that GitHub names.

    Raises:
        BroadsheetError: `write-failed`.
    """
    from broadsheet.check.reporters import REPORTERS, as_summary, as_text

    if output.form == "github":
        report = replace(report, findings=tuple(_in_repository(found, target) for found in report.findings))
        if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
            _save(Path(summary), as_summary(report, strict=strict), mode="a")
    if output.file is not None:
        _save(output.file, REPORTERS[output.form](report, strict))
    elif output.form != "text":
        typer.echo(REPORTERS[output.form](report, strict), nl=False)
    elif not report.stopped or len(report.findings) > 1:  # what stopped it goes to stderr, as with every verb
        typer.echo(as_text(report, strict=strict, paint=_paint), nl=False)


def _save(file: Path, text: str, *, mode: str = "w") -> None:
    try:
        file.absolute().parent.mkdir(parents=True, exist_ok=True)
        with file.open(mode, encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except OSError as problem:
        raise error(
            "write-failed", f"cannot write it: {problem.strerror or problem}", path=file.as_posix()
        ) from problem


def _in_repository(found: Finding, target: Path) -> Finding:
    """The finding with its path as GitHub knows it: from the root of the repository.

    Paths come from the folder of the project or package, or from where the command runs; the first that is there holds.
    """
    if found.path is None:
        return found
    base = target if target.is_dir() else target.parent
    places = [base / found.path, Path(found.path)]
    place = next((place for place in places if place.exists()), places[-1])
    if place.is_dir():  # an annotation stands on a line of a file
        return replace(found, path=None)
    workspace = os.environ.get("GITHUB_WORKSPACE") or Path.cwd()
    shown = Path(os.path.relpath(os.path.normpath(place.absolute()), os.path.normpath(Path(workspace).absolute())))
    return found if ".." in shown.parts else replace(found, path=shown.as_posix())


def _paint(text: str, severity: Severity) -> str:
    import sys

    from broadsheet.cli.common import COLORS

    return paint(text, COLORS[severity]) if sys.stdout.isatty() else text
