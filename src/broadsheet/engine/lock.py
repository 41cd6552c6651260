"""One build of a project at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from broadsheet.engine.disk import told
from broadsheet.findings import error

LOCK = ".lock"


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
