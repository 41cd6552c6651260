"""Which paths of a stranger's descriptor may be opened."""

from pathlib import Path, PurePosixPath
from typing import Final

REMOTE: Final = ("http://", "https://")


def remote(path: object) -> bool:
    """Whether a path is an address of the web."""
    return isinstance(path, str) and path.lower().startswith(REMOTE)


def unsafe(root: Path, path: object) -> str | None:
    """Why `path` of a descriptor must not be opened below `root`; None if it may.

    Refused are URLs, absolute paths, `..`, back slashes, drive letters and anything that a symbolic link is part of: a
    package is data from strangers, and reading `/etc/passwd` into a report is their oldest trick.
    """
    if not isinstance(path, str) or not path:
        return "it is not a text"
    if "://" in path:
        return "it is a URL"
    if "\\" in path or ":" in path or "\0" in path:
        return "it has a back slash, a colon or a zero byte"
    parts = PurePosixPath(path).parts
    if path.startswith("/") or ".." in parts:
        return "it leaves the folder"
    place = root
    for part in parts:
        place = place / part
        if place.is_symlink():
            return "a symbolic link is part of it"
    return None
