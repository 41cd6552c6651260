"""What publishing speaks of: files wanted and stored, the plan between them, a target, and the report."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from broadsheet.findings import BroadsheetError, Finding, Severity, error

Advance = Callable[[int], None]
"""Told of so many bytes more."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to be at the target.

    Attributes:
        path: There, POSIX, relative to the target.
        source: Where it lies here.
        bytes: Its size.
        sha256: Hex.
    """

    path: str
    source: Path
    bytes: int
    sha256: str

    def below(self, cut: int) -> "Wanted":
        """The same file where the first `cut` characters of its path are the target's root."""
        return replace(self, path=self.path[cut:])


def changed(file: Wanted) -> BroadsheetError:
    """The error for a file that is another since it was hashed: it must not be shown under what describes the old."""
    message = f"{file.path} changed while it was published; what arrived until then stays"
    return error("hash-mismatch", message, path=file.source.as_posix(), remedy="Package again, then publish again.")


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is at the target.

    Attributes:
        bytes: Its size.
        digest: Hex; empty if nobody can tell.
        kind: `sha256` of the bytes, or `git`: the object id git gives them, all that the Hub tells of small files.
    """

    bytes: int
    digest: str
    kind: Literal["sha256", "git"] = "sha256"


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to do. Paths in the order they are sent; `removed` comes after all that is sent."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    sent: tuple[Wanted, ...]

    @property
    def idle(self) -> bool:
        """Whether all is there already."""
        return not (self.sent or self.removed)


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What was done, or would be.

    Attributes:
        target: Where to.
        new: Files that were not there.
        changed: Files that were there with other bytes.
        removed: Files of the packages that are no part of them any more.
        unchanged: Files that were there already.
        bytes: Sum of what was sent.
        dry_run: Nothing was written.
        verified: Files whose hash was compared after.
        revision: Commit of the Hub that was published; None elsewhere.
        tag: Tag that names it.
        findings: Why what arrived is not what was sent.
    """

    target: str
    new: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    bytes: int
    dry_run: bool
    verified: int = 0
    revision: str | None = None
    tag: str | None = None
    findings: tuple[Finding, ...] = ()

    def status(self) -> int:
        """1 if what arrived is not what was sent."""
        return int(any(found.severity is Severity.ERROR for found in self.findings))


class Watcher(Protocol):
    """Shows how far it is; stages count bytes."""

    def stage(self, name: str, total: int) -> None:
        """A stage begins."""

    def advance(self, count: int) -> None:
        """So many bytes more are done."""


class Target(Protocol):
    """Where packages go: what differs between a folder, a bucket and the Hub. The order of calls is `flow.py`."""

    def stored(self, paths: Collection[str]) -> Mapping[str, Stored]:
        """What is there of `paths`, and what else is ours and will be removed; as the target remembers it."""

    def refuse(self, plan: Plan) -> None:
        """Raise if the plan must not be carried out; writes nothing."""

    def prepare(self) -> None:
        """Make the place."""

    def put(self, file: Wanted, advance: Advance) -> None:
        """Bring a file."""

    def remove(self, path: str) -> None:
        """Remove a file; it may be gone already."""

    def finish(self) -> None:
        """Show it to readers, where that is a step of its own."""

    def arrived(self, files: Sequence[Wanted], advance: Advance) -> Mapping[str, Stored]:
        """Hashes of the files there now, from their bytes; those that are not there are left out."""

    def load(self, files: Sequence[Wanted]) -> Iterator[Finding]:
        """Open what was published as a reader does; says what cannot be."""

    def seal(self) -> tuple[str | None, str | None]:
        """After all is verified: revision and tag of what was published, if the target has such."""
