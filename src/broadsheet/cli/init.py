"""`broadsheet init`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from broadsheet.cli.common import JsonOption, print_json, progress, say, shown
from broadsheet.cli.inspect import RevisionOption, SampleOption


def command(  # noqa: PLR0917
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the new project.", show_default=False)],
    source: Annotated[
        list[Path] | None, typer.Option("--source", metavar="PATH", help="Files, a folder, an archive; repeatable.")
    ] = None,
    sample: SampleOption = 1,
    revision: RevisionOption = None,
    no_workflow: Annotated[bool, typer.Option("--no-workflow", help="Leave out .github/workflows/check.yml.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Make a new project, proposed from what `inspect` finds.

    The source files stay where they are; datapackage.yaml names them. Exit status: 0; 2 if DIR holds a project.

    Example: broadsheet init my-corpus --source my-files
    """
    from broadsheet.inspect import How, look, make_project, refuse_project
    from broadsheet.project import DESCRIPTOR

    refuse_project(folder)
    with progress(quiet=as_json, lines=False) as told:
        groups = look(source or [], How(sample, revision, told))
    written = make_project(folder, groups, workflow=not no_workflow)
    if as_json:
        print_json({"written": [file.as_posix() for file in written], "groups": [group.to_json() for group in groups]})
        return
    for group in groups:
        read = f" in a sample of {group.count:,}" if group.count != group.offered else ""
        typer.echo(f"collection {group.name}: {group.offered:,} files, {group.total.articles:,} articles{read}")
    place = shown(folder.as_posix())
    typer.echo(f"project made in {place}")
    if outside := [group.name for group in groups if os.path.relpath(group.folder, folder).startswith("..")]:
        which = f"collection {outside[0]}" if len(outside) == 1 else f"{len(outside)} collections"
        say(f"The files of {which} lie outside {place}: a clone of it, and CI, will not have them.")
    here = "" if folder == Path() else f" -C {place}"
    say(f"Next: read {shown((folder / DESCRIPTOR).as_posix())}, then run `broadsheet build{here}`.")
