"""The progress bar of a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)


class Bar:
    """A bar per stage that has files to count."""

    def __init__(self, display: Progress) -> None:
        self.display = display
        self.task: TaskID | None = None

    def stage(self, name: str, total: int) -> None:
        """A stage begins."""
        if self.task is not None:
            self.display.remove_task(self.task)
        self.task = self.display.add_task(name, total=total or None)

    def advance(self, count: int) -> None:
        """So many files more are done."""
        if self.task is not None:
            self.display.advance(self.task, count)


@contextmanager
def bar(*, of_bytes: bool = False) -> Iterator[Bar]:
    """A bar on stderr that leaves nothing behind; counts files, or bytes."""
    counted = DownloadColumn() if of_bytes else MofNCompleteColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), counted, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as display:
        yield Bar(display)
