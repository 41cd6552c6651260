"""`broadsheet trace`."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from broadsheet.cli.common import HERE, JsonOption, ProjectOption, load, print_json, say, shown

if TYPE_CHECKING:
    from broadsheet.trace import Basis

PREVIEW: Final = 300  # code points of a place printed for people
WHERE: Final = {
    "before": ", before the clause",
    "after": ", elsewhere",
    "report": ", in another clause that tells it",
    "publication": "up to the day of publication",
    "article": "from what the article is about",
    "office": "by an office or a pronoun",
}


def command(
    row_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a row of any table that has one column as key.")],
    project: ProjectOption = HERE,
    package: Annotated[
        Path | None, typer.Option("--package", metavar="PATH", help="A package to look in, instead of the build.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Most mentions to show for an entity.")] = 10,
    as_json: JsonOption = False,
) -> None:
    """Show the text of a source file that a row was made from.

    The file is found by the project, proved by its hash, and sliced again: `exact` if the bytes are the text, `decoded`
    if they are without tags and character references. An event leads to all its reports, an entity to its mentions.
    Of a package without the project it was made from, places are told, but not compared (`unchecked`).
    Exit status: 0; 1 if a slice does not match; 2 if the id is unknown.

    Example: broadsheet trace ev/004e2a5615b2a681 -C my-corpus
    """
    from broadsheet.collect import Sources
    from broadsheet.emitted.archives import opened
    from broadsheet.emitted.package import read_emitted
    from broadsheet.project import DESCRIPTOR
    from broadsheet.trace import trace

    known = package is None or (project / DESCRIPTOR).is_file()
    files = Sources(load(project)) if known else None
    with opened(package or project) as folder:
        found = trace(read_emitted(folder), files, row_id, limit=limit)
    status = int(found.verdict == "mismatch")
    if as_json:
        print_json(asdict(found) | {"verdict": found.verdict})
        raise typer.Exit(status)
    typer.echo(f"{found.id}: a row of {found.table}")
    if found.row.get("disputed"):
        typer.echo(f"its reports do not agree on: {', '.join(found.row['disputed'])}")
    for place in found.places:
        typer.echo(f"\n{shown(place.path)} (sha256 {place.sha256})")
        characters = f", characters {place.characters[0]}-{place.characters[1]}" if place.characters else ""
        typer.echo(f"  {place.table} {place.id}, {place.field}: bytes {place.start}-{place.end}{characters}")
        typer.echo(f"  {place.verdict}{': ' + place.reason if place.reason else ''}")
        if place.text:
            cut = "…" if len(place.text) > PREVIEW else ""
            typer.echo("  | " + "\n  | ".join(map(shown, place.text[:PREVIEW].splitlines())) + cut)
        if place.verdict in ("mismatch", "unchecked") and place.expected:
            typer.echo(f"  the row says: {shown(place.expected[:PREVIEW])}")
        if place.rule:
            typer.echo(f"    rule {place.rule}{f', joined by {place.joined_by}' if place.joined_by else ''}")
        for basis in place.basis:
            typer.echo(f"    {_told(basis)}")
    if found.table == "entities" and found.total > limit:
        say(f"{limit} of {found.total} mentions shown; --limit shows more")
    raise typer.Exit(status)


def _told(basis: "Basis") -> str:
    """A claim, the words it rests on, and the rule that read them."""
    words = f"“{shown(basis.text)}”" if basis.text else ""
    spot = f" ({basis.field} {basis.start}-{basis.end})" if basis.start is not None else ""
    rule = f" [{basis.rule}]" if basis.rule else ""
    return f"{basis.claim} {shown(basis.value)}: {words}{spot}{WHERE.get(basis.how, '')}{rule}"
