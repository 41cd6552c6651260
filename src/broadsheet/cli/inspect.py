"""`broadsheet inspect`."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from broadsheet.cli.common import JsonOption, print_json, print_table, shown
from broadsheet.findings import CODES

if TYPE_CHECKING:
    from broadsheet.inspect import Group


def command(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files or folders.", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """Say what a collection of files holds, before there is a project.

    Recognizes formats, publishers, encodings and dates, and names likely problems. Writes nothing.

    Example: broadsheet inspect my-files
    """
    from broadsheet.inspect import look

    groups = look(paths)
    if as_json:
        print_json({"groups": [group.to_json() for group in groups]})
        return
    for number, group in enumerate(groups):
        if number:
            typer.echo("")
        _print(group)


def _print(group: "Group") -> None:
    typer.echo(f"{shown(group.folder.as_posix())} ({group.name})")
    span = f"{group.first[:10]} to {(group.last or '')[:10]}" if group.first else "none"
    rows = [
        ("files", f"{group.count:,} ({group.bytes:,} bytes)"),
        ("articles", f"{group.articles:,}"),
        ("formats", _most(group.formats)),
        ("publishers", _most(group.publishers)),
        ("languages", _most(group.languages)),
        ("encodings", _most(group.encodings)),
        ("dates", f"{span}; {group.undated:,} without one"),
    ]
    print_table(("  what", "found"), [(f"  {name}", value) for name, value in rows])
    if group.problems:
        problems = sorted(group.problems.items(), key=lambda item: (-item[1], item[0]))
        cells = [(f"  {code}", f"{count:,}", CODES[code].title, group.examples[code]) for code, count in problems]
        print_table(("  problem", "times", "meaning", "for example"), cells, right=(1,))


def _most(counts: Counter[str]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    text = ", ".join(f"{name or 'not recognized'} {count:,}" for name, count in ordered[:8])
    return text + (f", and {len(ordered) - 8} more" if len(ordered) > 8 else "") or "none"
