"""When a package was created: said by the project, the caller or the last commit, never by the clock."""

import os
import re
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from broadsheet.findings import error
from broadsheet.git import git
from broadsheet.project import Project


def created(project: Project) -> str | None:
    """`created` of the package, UTC: the descriptor's, else SOURCE_DATE_EPOCH, else the last commit of the project.

    Returns:
        ISO 8601 with `Z`; None where nobody says.

    Raises:
        BroadsheetError: `argument-invalid` if SOURCE_DATE_EPOCH is not a number of seconds.
    """
    if project.created:
        return project.created
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is not None and not re.fullmatch(r"[0-9]{1,11}", epoch):
        raise error("argument-invalid", f"SOURCE_DATE_EPOCH is {epoch!r}; expected seconds since 1970")
    seconds = epoch or last_commit(project.root)
    return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%dT%H:%M:%SZ}" if seconds else None


def committed(folder: Path, names: Iterable[str]) -> bool:
    """Whether files of a folder are in git as they stand; False without git or outside a repository."""
    return _git(folder, "status", "--porcelain", "--", *sorted(names)) == ""


def last_commit(folder: Path) -> str | None:
    """Seconds since 1970 of the last commit that touched a folder; None without git or outside a repository."""
    seconds = (_git(folder, "log", "-1", "--no-show-signature", "--format=%ct", "--", ".") or "").strip()
    return seconds if seconds.isdecimal() else None


def _git(folder: Path, *words: str) -> str | None:
    """What git says of a folder; None if it cannot say."""
    try:
        done = git(folder, *words, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else done.stdout.decode("utf-8", "replace")
