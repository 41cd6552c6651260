"""`broadsheet diff`."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from broadsheet.cli.common import JsonOption, print_json, print_table, shown


def command(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="Package, build or project.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Package, build or project.")],
    as_json: JsonOption = False,
) -> None:
    """Compare two packages or builds, and say what version step that is.

    Schemas are compared by table and column (breaking, additive, cosmetic), rows by the key of their table.
    Exit status: 0 if they are the same; 1 if they differ; 2 if it could not run.

    Example: broadsheet diff release-1.0.0/datapackage dist/datapackage
    """
    from broadsheet.release import diff

    found = diff(old, new)
    status = int(found.step != "none")
    if as_json:
        print_json(asdict(found) | {"next_version": found.next_version()})
        raise typer.Exit(status)
    if found.schema:
        rows = [(c.kind, f"{c.table}.{c.column}" if c.column else c.table, c.message) for c in found.schema]
        print_table(("class", "place", "change"), rows)
        typer.echo("")
    if found.rows:
        numbers = [(t.table, f"{t.added:,}", f"{t.removed:,}", f"{t.changed:,}") for t in found.rows]
        print_table(("table", "added", "removed", "changed"), numbers, right=(1, 2, 3))
        typer.echo("")
    for table in found.rows:
        for what, keys in table.samples.items():
            typer.echo(f"{table.table}, {what}: {shown(', '.join(keys))}")
        if table.columns:
            typer.echo(f"{table.table}, columns: " + ", ".join(f"{c} {n:,}" for c, n in table.columns.items()))
    following = found.next_version()
    step = f"version step: {found.step}"
    typer.echo(step + (f" ({found.old} to {following})" if following and status else ""))
    raise typer.Exit(status)
