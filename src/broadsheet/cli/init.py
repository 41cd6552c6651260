"""`broadsheet init`."""

from pathlib import Path
from typing import Annotated

import typer

from broadsheet.cli.common import JsonOption, print_json, say, shown


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the new project.", show_default=False)],
    source: Annotated[
        list[Path] | None, typer.Option("--source", metavar="PATH", help="Files or a folder to build from; repeatable.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a new project, proposed from what `inspect` finds.

    The source files stay where they are; datapackage.yaml names them. Exit status: 0; 2 if DIR holds a project.

    Example: broadsheet init my-corpus --source my-files
    """
    from broadsheet.inspect import look, make_project, refuse_project
    from broadsheet.project import DESCRIPTOR

    refuse_project(folder)
    groups = look(source or [])
    written = make_project(folder, groups)
    if as_json:
        print_json({"written": [file.as_posix() for file in written], "groups": [group.to_json() for group in groups]})
        return
    for group in groups:
        typer.echo(f"collection {group.name}: {group.count:,} files, {group.articles:,} articles")
    place = shown(folder.as_posix())
    typer.echo(f"project made in {place}")
    say(f"Next: read {place}/{DESCRIPTOR}, then run `broadsheet build -C {place}`.")
