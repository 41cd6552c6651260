"""`broadsheet score`."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from broadsheet.cli.common import HERE, JsonOption, ProjectOption, load, print_json, print_table, say, shown

if TYPE_CHECKING:
    from broadsheet.project import Project
    from broadsheet.score import ScoreReport


def command(  # noqa: PLR0917 - typer makes options of them
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="Folder of annotation (JSON), events or articles.")],
    project: ProjectOption = HERE,
    build: Annotated[
        Path | None, typer.Option("--build", metavar="DIR", help="The build to measure; the project's if left out.")
    ] = None,
    present: Annotated[
        bool, typer.Option("--present", help="Leave out annotated files the build does not have.")
    ] = False,
    save: Annotated[bool, typer.Option("--save", help="Also keep the figures in scores.json, for the card.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Measure a build against hand annotation.

    Files are found in the build by their sha256, whatever their names. Shares run from 0 to 1; a dash is nothing to
    measure. Intervals (95 %) say how far a share depends on which documents were annotated. With --save the next
    package quotes them. Exit status: 0; 2 if it could not run.

    Example: broadsheet score gold/events -C my-corpus
    """
    from broadsheet.score import score

    loaded = load(project) if build is None or (project / "datapackage.yaml").is_file() else None
    measured = build or (loaded or load(project)).build_dir
    report = score(gold, measured, present=present, project=loaded)
    if save:
        _save(loaded or load(project), measured, report)
    if as_json:
        print_json(asdict(report))
        return
    rows = [
        (measure, name, _value(value), _interval(report.intervals[measure][name]))
        for measure, figures in report.figures.items()
        for name, value in figures.items()
    ]
    print_table(("measure", "figure", "value", "95 % interval"), rows, right=(2,))
    if report.missing:
        how = "left out" if present else "everything in them counts as missed"
        say(f"{len(report.missing)} annotated files are not in the build; {how}:")
        for name in report.missing:
            say(f"  {shown(name)}")


def _save(project: "Project", build: Path, report: "ScoreReport") -> None:
    from broadsheet.package.scores import write_scores

    file = write_scores(
        project.root,
        build,
        version=project.version,
        documents=report.files,
        figures=report.figures,
        intervals=report.intervals,
    )
    say(f"saved in {file.as_posix()}; `broadsheet package` quotes them")


def _value(value: float | int | None) -> str:
    return "-" if value is None else f"{value:.4f}" if isinstance(value, float) else f"{value:,}"


def _interval(bounds: tuple[float, float] | None) -> str:
    return f"{bounds[0]:.3f} to {bounds[1]:.3f}" if bounds else ""
