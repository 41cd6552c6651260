"""Who is told how far a build is."""

from typing import Protocol


class Progress(Protocol):
    """Shows how far a build is."""

    def stage(self, name: str, total: int) -> None:
        """A stage begins; `total` files, or 0 where there is nothing to count."""

    def advance(self, count: int) -> None:
        """So many files more are done."""
