"""Writing so that a kill or a full disk never leaves something half-written that is trusted later.

Everything is written under a temporary name, flushed to the disk and renamed. Whatever goes wrong becomes
`write-failed` with the name of the file.
"""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from broadsheet.findings import BroadsheetError, error

if TYPE_CHECKING:
    import pyarrow as pa

TEMPORARY = ".tmp"


@contextlib.contextmanager
def told(file: Path) -> Iterator[None]:
    """Turns a refusal of the system into `write-failed` for `file`."""
    try:
        yield
    except OSError as problem:
        raise failed(file, problem) from problem


def failed(file: Path, problem: OSError) -> BroadsheetError:
    """The error for a file that cannot be written."""
    why = problem.strerror or str(problem) or type(problem).__name__
    return error("write-failed", f"The file cannot be written: {why}.", path=file.as_posix())


def write(file: Path, fill: Callable[[IO[bytes]], object]) -> None:
    """Write a file whole or not at all.

    Args:
        file: Where it is to be; replaced if it is there.
        fill: Writes the content to the open file it is given.

    Raises:
        BroadsheetError: `write-failed`.
    """
    _write(file, fill, lambda _: file)


def write_named(folder: Path, prefix: str, fill: Callable[[IO[bytes]], object], name: Callable[[str], str]) -> str:
    """Write a file, whole or not at all, under a name that tells its content; the name.

    Args:
        folder: Where it is to be.
        prefix: What its name begins with, for messages and until the rest is known.
        fill: Writes the content to the open file it is given.
        name: The name, from the hex sha256 of the content.

    Raises:
        BroadsheetError: `write-failed`.
    """
    return _write(folder / prefix, fill, lambda temporary: folder / name(sha256(temporary)[0])).name


def sha256(file: Path) -> tuple[str, int]:
    """Hex hash of a file, and its size."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest(), stream.tell()


def _write(shown: Path, fill: Callable[[IO[bytes]], object], target: Callable[[Path], Path]) -> Path:
    """Write to a temporary file, then move it to where `target`, which may look at it, says."""
    temporary = shown.with_name(f"{shown.name}.{os.getpid()}{TEMPORARY}")
    with told(shown):
        shown.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as stream:
                fill(stream)
                stream.flush()
                os.fsync(stream.fileno())
            file = target(temporary)
            temporary.replace(file)
        except BaseException:
            with contextlib.suppress(OSError):  # the first failure is the one to tell
                temporary.unlink(missing_ok=True)
            raise
        sync_folder(file.parent)
    return file


def arrow_file(file: Path) -> "pa.OSFile":
    """A file open for Arrow, whatever bytes its path is made of: by name, Arrow opens paths of UTF-8 only."""
    import pyarrow as pa

    name: Any = os.fsencode(file)
    return pa.OSFile(name, "rb")


def read_parquet(file: Path, **options: Any) -> "pa.Table":
    """One Parquet file as a table; folders above it are no partitions.

    Args:
        file: The file.
        **options: Of `pyarrow.parquet.read_table`.
    """
    import pyarrow.parquet as pq

    with arrow_file(file) as stream:
        return pq.read_table(stream, partitioning=None, **options)


def rename(source: Path, target: Path) -> None:
    """Move a finished file into its place."""
    with told(target):
        source.replace(target)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder last; a system that cannot is not asked twice."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sweep(folder: Path, keep: Callable[[Path], bool]) -> None:
    """Remove what an earlier run left in `folder`, except what `keep` says."""
    if not folder.is_dir():
        return
    with told(folder):
        for entry in sorted(folder.iterdir()):
            if keep(entry):
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink(missing_ok=True)
