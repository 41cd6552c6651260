"""`broadsheet publish`."""

from dataclasses import asdict
from typing import Annotated

import typer

from broadsheet.cli.common import HERE, JsonOption, ProjectOption, load, print_json, say, shown


def command(
    target: Annotated[str, typer.Argument(metavar="TARGET", help="A folder; it is made if it does not exist.")],
    project: ProjectOption = HERE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Copy dist/ to a folder, only what changed, and verify what arrived.

    Files of the two packages that are not part of them any more are removed there; other files stay.
    Exit status: 0; 2 if it could not run, or what arrived is not what was sent.

    Example: broadsheet publish /srv/data/my-corpus --dry-run
    """
    from broadsheet.release import publish

    report = publish(load(project).dist_dir, target, dry_run=dry_run)
    if as_json:
        print_json(asdict(report))
        return
    copied, removed = ("would copy", "would remove") if dry_run else ("copied", "removed")
    for path in report.copied:
        typer.echo(f"{copied} {shown(path)}")
    for path in report.removed:
        typer.echo(f"{removed} {shown(path)}")
    say(
        f"{shown(report.target)}: {copied} {len(report.copied)} files ({report.bytes:,} bytes), "
        f"{removed} {len(report.removed)}, unchanged {len(report.unchanged)}"
        + ("" if dry_run else "; all hashes verified")
    )
