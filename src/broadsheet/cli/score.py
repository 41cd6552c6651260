"""`broadsheet score`."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from broadsheet.cli.common import HERE, JsonOption, ProjectOption, load, print_json, print_table, say, shown


def command(
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="Folder of annotation (JSON), events or articles.")],
    project: ProjectOption = HERE,
    build: Annotated[
        Path | None, typer.Option("--build", metavar="DIR", help="The build to measure; the project's if left out.")
    ] = None,
    present: Annotated[
        bool, typer.Option("--present", help="Leave out annotated files the build does not have.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Measure a build against hand annotation.

    Files are found in the build by their sha256, whatever their names. Shares run from 0 to 1; a dash is nothing to
    measure. Intervals (95 %) say how far a share depends on which documents were annotated. Exit status: 0; 2 if it
    could not run.

    Example: broadsheet score gold/events -C my-corpus
    """
    from broadsheet.score import score

    loaded = load(project) if build is None or (project / "datapackage.yaml").is_file() else None
    report = score(gold, build or (loaded or load(project)).build_dir, present=present, project=loaded)
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


def _value(value: float | int | None) -> str:
    return "-" if value is None else f"{value:.4f}" if isinstance(value, float) else f"{value:,}"


def _interval(bounds: tuple[float, float] | None) -> str:
    return f"{bounds[0]:.3f} to {bounds[1]:.3f}" if bounds else ""
