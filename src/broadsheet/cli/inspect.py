"""`broadsheet inspect`."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from broadsheet.cli.common import JsonOption, print_json, print_table, progress, shown
from broadsheet.findings import CODES

if TYPE_CHECKING:
    from broadsheet.inspect import Group, Tally

RevisionOption = Annotated[
    str | None,
    typer.Option("--revision", metavar="REV", help="Look at git repositories at this revision, not at their files."),
]
SampleOption = Annotated[
    int, typer.Option("--sample", min=1, metavar="N", help="Read about one file in N, always the same ones.")
]
MOST_ROWS: Final = 40


def command(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Files, folders, archives, repositories.", show_default=False),
    ],
    sample: SampleOption = 1,
    revision: RevisionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a collection of files holds, before there is a project.

    Recognizes formats, publishers, encodings and dates, and names likely problems. Writes nothing.

    Example: broadsheet inspect my-files
    """
    from broadsheet.inspect import How, look

    with progress(quiet=as_json, lines=False) as told:
        groups = look(paths, How(sample, revision, told))
    if as_json:
        print_json({"groups": [group.to_json() for group in groups]})
        return
    for number, group in enumerate(groups):
        if number:
            typer.echo("")
        _print(group)


def _print(group: "Group") -> None:
    from broadsheet.inspect import PER_FILE

    at = f" at {shown(group.revision)}" if group.revision else ""
    typer.echo(f"{shown(group.folder.as_posix())}{at} ({group.name})")
    files = f"{group.offered:,}" + (f" in {group.archives:,} archives" if group.archives and not group.revision else "")
    if group.count != group.offered:
        files += f"; a sample of {group.count:,} was read"
    per_file = ", ".join(f"{name}: {group.per_file[name]:,}" for name in PER_FILE if group.per_file[name])
    rows = [
        ("files", f"{files} ({group.bytes:,} bytes)"),
        ("articles", f"{group.total.articles:,}"),
        ("files by articles", f"{per_file}; at most {group.most:,}" if per_file else "none"),
        ("statuses", _most(group.statuses)),
        ("languages", _most(group.total.languages)),
        ("encodings", _most(group.encodings)),
        ("dates", f"{_dates(group.total)}; {group.total.undated:,} without one"),
    ]
    print_table(("  what", "found"), [(f"  {name}", value) for name, value in rows])
    _print_tallies("format", group.formats)
    _print_tallies("publisher", group.publishers)
    if group.problems:
        problems = sorted(group.problems.items(), key=lambda item: (-item[1], item[0]))
        cells = [(f"  {code}", f"{count:,}", CODES[code].title, group.examples[code]) for code, count in problems]
        print_table(("  problem", "times", "meaning", "for example"), cells, right=(1,))


def _print_tallies(what: str, tallies: "dict[str, Tally]") -> None:
    from broadsheet.inspect import by_size

    ordered = by_size(tallies)
    rows = [
        (
            f"  {name or 'not recognized'}",
            f"{tally.files:,}",
            f"{tally.articles:,}",
            _dates(tally),
            f"{tally.undated:,}",
            _most(tally.languages, 3),
        )
        for name, tally in ordered[:MOST_ROWS]
    ]
    if len(ordered) > MOST_ROWS:
        rows.append((f"  and {len(ordered) - MOST_ROWS} more", "", "", "", "", ""))
    if rows:
        print_table((f"  {what}", "files", "articles", "dates", "undated", "languages"), rows, right=(1, 2, 4))


def _dates(tally: "Tally") -> str:
    return f"{tally.first[:10]} to {(tally.last or '')[:10]}" if tally.first else "none"


def _most(counts: Mapping[str, int], most: int = 8) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    text = ", ".join(f"{name or 'not recognized'} {count:,}" for name, count in ordered[:most])
    return text + (f", and {len(ordered) - most} more" if len(ordered) > most else "") or "none"
