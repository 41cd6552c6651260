"""Files of a git repository at a revision: the tree from `git ls-tree`, contents from one `git cat-file --batch`.

Only plumbing that reads objects is run: no hook, no filter, no work tree, no network, no replaced objects.
"""

import contextlib
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from broadsheet.collect.archives.entry import PIECE, Entry, MemberStopped, Stopped, damaged, nothing
from broadsheet.git import QUIET

_LISTED: Final = re.compile(rb"([0-7]{6}) ([a-z]+) ([0-9a-f]{40,64}) +([0-9]+|-|BAD)\t(.+)", re.DOTALL)
_LFS: Final = b"version https://git-lfs.github.com/spec/"
_KINDS: Final = {b"120000": "a symbolic link", b"160000": "a submodule"}


def tree_of(repository: Path, revision: str) -> str:
    """Id of the tree of a revision.

    Raises:
        Stopped: `git-failed` if there is no git, no repository, or no such revision.
    """
    if revision.startswith("-") or "\0" in revision:
        raise Stopped("git-failed", f"There is no revision {revision!r}.")
    if not repository.is_dir():
        raise Stopped(
            "git-failed", "The repository cannot be read: there is no such folder, so it is not a git repository."
        )
    wanted = f"{revision}^{{tree}}"
    try:
        done = subprocess.run(
            _git(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted),
            capture_output=True, check=False, env=_environment(repository),
        )  # fmt: skip
    except OSError as problem:
        raise Stopped("git-failed", f"git cannot be run: {problem.strerror or problem}.") from problem
    if done.returncode:
        why = _words(done.stderr) or f"it has no revision {revision!r}"
        why = why.replace(os.fspath(repository), "…")  # what is told is published; the machine is nobody's business
        raise Stopped("git-failed", f"The repository cannot be read: {why}.")
    return done.stdout.decode("ascii", "replace").strip()


def entries(repository: Path, tree: str) -> Iterator[Entry]:
    """All files of a tree, in the order of their paths.

    Raises:
        Stopped: Where the repository is damaged.
    """
    listing = _started(repository, "ls-tree", "-r", "-z", "-l", "--full-tree", tree)
    contents = _started(repository, "cat-file", "--batch")
    try:
        for line in _records(_pipe(listing.stdout)):
            found = _LISTED.fullmatch(line)
            if found is None:
                raise damaged("git ls-tree gave a line that cannot be read.")
            mode, kind, object_id, size, name = found.groups()
            key = object_id.decode("ascii")
            if kind != b"blob" or mode in _KINDS:
                what = _KINDS.get(mode, "no file")
                yield Entry(name, 0, nothing, ("member-not-file", f"The member is {what}, not a file."), key)
                continue
            blob = _Blob(contents, key)
            yield Entry(name, int(size) if size.isdigit() else None, blob.pieces, key=key)
            blob.finish()
        if listing.wait():
            raise damaged(f"git ls-tree failed: {_words(_pipe(listing.stderr).read(PIECE))}.")
    finally:
        for process in (listing, contents):
            _ended(process)


class _Blob:
    """The content of one object, asked for only when it is read."""

    def __init__(self, contents: "subprocess.Popen[bytes]", key: str) -> None:
        self._contents = contents
        self._key = key
        self._left = 0

    def pieces(self) -> Iterator[bytes]:
        """The content, piece by piece."""
        asked, answered = _pipe(self._contents.stdin), _pipe(self._contents.stdout)
        try:
            asked.write(self._key.encode("ascii") + b"\n")
            asked.flush()
        except OSError as problem:
            raise damaged("git cat-file ended.") from problem
        head = answered.readline(PIECE).split()
        if len(head) == 2:
            raise MemberStopped("file-unreadable", "Its object is not in the repository (a partial clone?).")
        if len(head) != 3 or not head[2].isdigit():
            raise damaged("git cat-file gave an answer that cannot be read.")
        self._left = int(head[2]) + 1  # and a line feed
        first = True
        while self._left > 1:
            piece = answered.read(min(PIECE, self._left - 1))
            if not piece:
                raise damaged("git cat-file ended.")
            self._left -= len(piece)
            if first and piece.startswith(_LFS):
                self.finish()
                raise MemberStopped("member-unsupported", "A pointer to a file kept elsewhere by Git LFS.")
            first = False
            yield piece
        self.finish()

    def finish(self) -> None:
        """Read what is left of the answer."""
        answered = _pipe(self._contents.stdout)
        while self._left and (piece := answered.read(min(PIECE, self._left))):
            self._left -= len(piece)
        self._left = 0


def _git(repository: Path, *words: str) -> list[str]:
    return ["git", "--no-pager", "-c", "core.fsmonitor=false", "-C", os.fspath(repository), *words]


def _environment(repository: Path) -> dict[str, str]:
    """Ours, without what would point git elsewhere; a repository is looked for in the folder named, not above it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | QUIET | {"GIT_CEILING_DIRECTORIES": os.fspath(repository.absolute().parent)}


def _started(repository: Path, *words: str) -> "subprocess.Popen[bytes]":
    stdin = subprocess.PIPE if "--batch" in words else subprocess.DEVNULL
    stderr = subprocess.DEVNULL if "--batch" in words else subprocess.PIPE
    try:
        return subprocess.Popen(
            _git(repository, *words), stdin=stdin, stdout=subprocess.PIPE, stderr=stderr, env=_environment(repository)
        )
    except OSError as problem:
        raise Stopped("git-failed", f"git cannot be run: {problem.strerror or problem}.") from problem


def _ended(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with contextlib.suppress(OSError):  # it may be gone already
                pipe.close()
    process.wait()


def _records(stream: IO[bytes]) -> Iterator[bytes]:
    """What lies between zero bytes."""
    held = b""
    while piece := stream.read1(PIECE):  # type: ignore[attr-defined]
        *whole, held = (held + piece).split(b"\0")
        yield from whole


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise damaged("git ended.")
    return stream


def _words(message: bytes) -> str:
    return " ".join(message.decode("utf-8", "replace").split())[:200].removeprefix("fatal: ").rstrip(".")
