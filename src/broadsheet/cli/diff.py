"""`broadsheet diff`."""

from collections.abc import Iterator
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from broadsheet.cli.common import JsonOption, print_json, print_table, say
from broadsheet.screen import shown

if TYPE_CHECKING:
    from broadsheet.release import Difference, TableChange


class Format(StrEnum):
    """How a difference is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def command(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="Package (folder or zip), build or project.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Package (folder or zip), build or project.")],
    form: Annotated[Format, typer.Option("--format", help="How the difference is printed.")] = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Compare two packages or builds, and say what version step that is.

    Schemas are compared by table and column (breaking, additive, cosmetic), rows by the key of their table.
    Exit status: 0 if they are the same; 1 if they differ; 2 if it could not run.

    Example: broadsheet diff release-1.0.0.zip dist/datapackage --format markdown
    """
    from broadsheet.project import DESCRIPTOR
    from broadsheet.release import diff
    from broadsheet.release.show import markdown

    for path in (old, new):
        if (path / DESCRIPTOR).is_file():
            say(f"{shown(path.as_posix())}: as it was built last; `broadsheet build` first if it changed since")
    found = diff(old, new)
    form = Format.JSON if as_json else form
    if form is Format.JSON:
        print_json(as_mapping(found))
    elif form is Format.MARKDOWN:
        typer.echo(markdown(found), nl=False)
    else:
        print_difference(found)
    raise typer.Exit(int(found.step != "none"))


def as_mapping(found: "Difference") -> dict[str, Any]:
    """A difference for machines."""
    rows = [asdict(change) | {"unchanged": change.unchanged} for change in found.rows]
    return asdict(found) | {"rows": rows, "next_version": found.next_version()}


def print_difference(found: "Difference") -> None:
    """A difference for people, on stdout."""
    from broadsheet.release.show import figure, limited_figures, place

    if found.schema:
        print_table(("class", "place", "change"), [(c.kind, place(c), c.message) for c in found.schema])
        typer.echo("")
    if found.rows:
        numbers = [(t.table, *(f"{n:,}" for n in (t.added, t.removed, t.changed, t.unchanged))) for t in found.rows]
        print_table(("table", "added", "removed", "changed", "unchanged"), numbers, right=(1, 2, 3, 4))
        typer.echo("")
        for change in found.rows:
            for line in _details(change):
                typer.echo(shown(line))
        typer.echo("")
    if found.statistics:
        figures = [(m.group, m.name, figure(m, m.old), figure(m, m.new)) for m in limited_figures(found.statistics)]
        print_table(("figure", "of", "before", "now"), figures, right=(2, 3))
        typer.echo("")
    wanted = found.next_version() if found.step != "none" else None
    typer.echo(f"version step: {found.step}" + (f" ({found.old} to {wanted})" if wanted else ""))


def _details(change: "TableChange") -> Iterator[str]:
    from broadsheet.release.show import most

    if not change.keyed:
        yield f"{change.table}: no key identifies its rows; whole rows were compared"
    if change.columns:
        yield f"{change.table}, columns: " + ", ".join(f"{name} {count:,}" for name, count in most(change))
    for what, samples in change.samples.items():
        yield f"{change.table}, {what}: " + ", ".join(sample.key for sample in samples)
        for sample in samples:
            for cell in sample.cells:
                yield f"  {sample.key} {cell.column}: {_value(cell.old)} to {_value(cell.new)}"


def _value(value: str | None) -> str:
    return "null" if value is None else f'"{value}"'
