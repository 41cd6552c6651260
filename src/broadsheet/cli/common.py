"""What the verbs share: options, findings and tables on the terminal, progress.

Results go to stdout, everything else to stderr. `NO_COLOR` is respected, and nothing moves unless it is a terminal.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from broadsheet import screen
from broadsheet.findings import Finding, Severity

if TYPE_CHECKING:
    from broadsheet.engine import Progress
    from broadsheet.project import Project

ProjectOption = Annotated[
    Path, typer.Option("-C", "--project", metavar="DIR", help="Folder of the project.", show_default=True)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for machines.")]
JobsOption = Annotated[
    int, typer.Option("--jobs", "-j", min=0, metavar="N", help="Number of processes; 0 chooses, 1 starts none.")
]
shown, width = screen.shown, screen.width
HERE: Final = Path()
UNKNOWN: Final = 10_000
"""Files between two lines of progress, where nobody knows how many there are."""
COLORS: Final = {
    Severity.ERROR: typer.colors.RED,
    Severity.WARNING: typer.colors.YELLOW,
    Severity.NOTE: typer.colors.BLUE,
}


def load(folder: Path) -> "Project":
    """The project of a folder.

    Raises:
        BroadsheetError: What is wrong with its descriptor or schemas.
    """
    from broadsheet.project import load_project

    return load_project(folder)


def say(text: str) -> None:
    """A line for people, on stderr."""
    typer.echo(text, err=True)


def print_json(value: Any) -> None:
    """A result for machines, on stdout."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def as_dict(finding: Finding) -> dict[str, Any]:
    """A finding for machines: what it does not say is left out."""
    names = ("severity", "code", "message", "remedy", "path", "line", "resource", "field", "row_key", "count", "sample")
    values = {name: getattr(finding, name) for name in names}
    return {name: str(value) if name == "severity" else value for name, value in values.items() if value is not None}


def print_findings(findings: Iterable[Finding]) -> None:
    """Findings for people, on stderr: severity, place, message, code, and what can be done."""
    for finding in findings:
        word = paint(str(finding.severity), COLORS[finding.severity])
        place = f"{shown(finding.place())}: " if finding.place() else ""
        say(f"{word}: {place}{shown(finding.message)} [{finding.code}]")
        if finding.remedy:
            say(f"  {finding.remedy}")


def print_error(finding: Finding, *, as_json: bool) -> None:
    """What stopped a verb: on stderr, and with `--json` on stdout too."""
    if as_json:
        print_json({"status": 2, "findings": [as_dict(finding)]})
    print_findings([finding])


def paint(text: str, color: str) -> str:
    """Text in color where stderr is a terminal that wants it."""
    return typer.style(text, fg=color, bold=True) if colored() else text


def colored() -> bool:
    """Whether stderr may be colored."""
    return sys.stderr.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def print_table(headers: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[int] = ()) -> None:
    """A table on stdout, aligned by the width of characters on the screen (Chinese ones take two places).

    Args:
        headers: Of the columns.
        rows: Cells, printed with `str`.
        right: Columns aligned to the right.
    """
    cells = [list(headers), *([shown(str(cell)) for cell in row] for row in rows)]
    widths = [max(width(row[at]) for row in cells) for at in range(len(headers))]
    for row in cells:
        padded = []
        for at, cell in enumerate(row):
            space = " " * (widths[at] - width(cell))
            padded.append(space + cell if at in right else cell + space)
        typer.echo("  ".join(padded).rstrip())


@contextmanager
def progress(*, quiet: bool = False, lines: bool = True) -> Iterator["Progress | None"]:
    """Shows progress: a bar on a terminal, a line per stage elsewhere if `lines`, nothing if `quiet`."""
    terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    if quiet or not (terminal or lines):
        yield None
    elif terminal:
        from broadsheet.cli.bar import bar

        with bar() as shown_bar:
            yield shown_bar
    else:
        yield Lines()


class Lines:
    """Progress where it may not move: a line per stage, and one each quarter, or each 10,000, of the files."""

    def __init__(self) -> None:
        self.total = self.done = 0

    def stage(self, name: str, total: int) -> None:
        """A stage begins."""
        self.total, self.done = total, 0
        if total or name not in ("process",):
            say(f"{name}: {total} files" if total else name)

    def advance(self, count: int) -> None:
        """So many files more are done."""
        before, self.done = self.done, self.done + count
        if self.total and before * 4 // self.total != self.done * 4 // self.total:
            say(f"  {self.done} of {self.total}")
        elif not self.total and before // UNKNOWN != self.done // UNKNOWN:
            say(f"  {self.done}")
