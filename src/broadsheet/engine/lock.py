"""One at a time: builds of a project, and those who change a folder while others read it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from broadsheet.engine.disk import told
from broadsheet.findings import error

LOCK = ".lock"


@contextmanager
def alone(folder: Path, *, reading: bool = False) -> Iterator[None]:
    """Holds a folder against others who change it; those who read it may be several. A dead process holds nothing.

    No file is written for it. Where the file system knows no such locks nobody is held up.

    Args:
        folder: A folder that is there.
        reading: Only hold it against those who change it.

    Raises:
        BroadsheetError: `package-locked` if somebody else holds it.
    """
    with told(folder):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if reading else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            message = "Another process is packaging into this folder, or publishing from it."
            raise error("package-locked", message, path=folder.as_posix()) from None
        except OSError:  # not every file system locks folders
            pass
        yield
    finally:
        os.close(handle)


@contextmanager
def locked(build_dir: Path) -> Iterator[int]:
    """Holds the lock of a build folder; the system releases it if the process dies.

    Yields:
        When it was taken, in nanoseconds by the clock of the file system that files are compared with.

    Raises:
        BroadsheetError: `build-locked` if another build holds it, `write-failed` if the folder cannot be written.
    """
    file = build_dir / LOCK
    with told(file):
        build_dir.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown"
            message = f"Another build of this project is running (process {owner})."
            raise error("build-locked", message, path=file.as_posix()) from None
        with told(file):
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
            os.fsync(handle)
            started = os.fstat(handle).st_mtime_ns
        yield started
    finally:
        os.close(handle)
