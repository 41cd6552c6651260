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
    measure. Exit status: 0; 2 if it could not run.

    Example: broadsheet score gold/events -C my-corpus
    """
    from broadsheet.score import score

    report = score(gold, build or load(project).build_dir, present=present)
    if as_json:
        print_json(asdict(report))
        return
    rows = [
        (measure, name, "-" if value is None else f"{value:.4f}" if isinstance(value, float) else f"{value:,}")
        for measure, figures in report.figures.items()
        for name, value in figures.items()
    ]
    print_table(("measure", "figure", "value"), rows, right=(2,))
    if report.missing:
        how = "left out" if present else "everything in them counts as missed"
        say(f"{len(report.missing)} annotated files are not in the build; {how}:")
        for name in report.missing:
            say(f"  {shown(name)}")
