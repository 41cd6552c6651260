"""Asking git about a folder, whichever repository a hook of git was called for."""

import os
import subprocess
from pathlib import Path
from typing import Final

QUIET: Final = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
"""No network, no replaced objects, no question, English."""
_ELSEWHERE: Final = ("GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY")
"""What git sets for its hooks; the folder says which repository is meant."""


def git(folder: Path, *words: str, timeout: float | None = None) -> "subprocess.CompletedProcess[bytes]":
    """What git answers for the repository a folder lies in.

    Args:
        folder: In a work tree.
        *words: Command and arguments.
        timeout: In seconds.

    Raises:
        OSError: If git cannot be run.
        subprocess.TimeoutExpired: If it takes longer.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE} | QUIET
    command = ["git", "-C", os.fspath(folder.absolute()), *words]
    return subprocess.run(command, capture_output=True, check=False, timeout=timeout, env=environment)
