"""A hash of all that decides how a file is parsed: code and profiles."""

import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def fingerprint() -> str:
    """SHA-256 (hex) over the names and contents of the parser's modules and profiles, in a fixed order."""
    digest = hashlib.sha256()
    for file in sorted(
        (f for f in FOLDER.rglob("*") if f.suffix in (".py", ".yaml")), key=lambda f: f.relative_to(FOLDER).as_posix()
    ):
        digest.update(f"{file.relative_to(FOLDER).as_posix()}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
