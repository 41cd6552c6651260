"""A package as a folder: one that is a folder as it is, a zip unpacked within limits.

A zip is a stranger's data. Its members are counted as they are unpacked, not as its directory says, and one name that
could lead out of the folder, hide another file or be none refuses the whole: nobody packs such names by mistake.
"""

import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from broadsheet.collect.archives.entry import Entry, Stopped
from broadsheet.collect.archives.names import readable, unsafe
from broadsheet.collect.archives.zipped import entries
from broadsheet.engine.disk import told
from broadsheet.findings import BroadsheetError, error

MAGIC: Final = (b"PK\3\4", b"PK\5\6")
DESCRIPTOR: Final = "datapackage.json"
CODES: Final = {  # of what stops reading an archive: the code of a package
    "archive-broken": "package-invalid",
    "archive-limit": "package-limit",
    "file-unreadable": "package-invalid",
    "member-encrypted": "package-invalid",
    "member-not-file": "path-unsafe",
    "member-unsupported": "package-invalid",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a zip may hold.

    Attributes:
        members: Files.
        bytes: Of all of them, unpacked.
        ratio: Unpacked bytes for each packed one, of each member and of all; the first 16 MiB are free.
        depth: Folders within folders.
        name: Bytes of the name of a member, folders included.
    """

    members: int = 100_000
    bytes: int = 256 << 30
    ratio: int = 200
    depth: int = 16
    name: int = 1_024


LIMITS: Final = Limits()


@contextmanager
def opened(path: Path, limits: Limits = LIMITS) -> Iterator[Path]:
    """The package at `path` as a folder.

    What is no zip is given as it is. A zip whose files all lie in one folder is given as that folder. The temporary
    folder is removed at the end.

    Args:
        path: A folder, a zip, or a descriptor.
        limits: Of a zip.

    Raises:
        BroadsheetError: `package-limit`, `path-unsafe`, `package-invalid`, or `write-failed` if the disk is full.
    """
    if not is_zip(path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="broadsheet-") as folder:
        root = Path(folder)
        _Unpacking(path, root, limits).run()
        yield _inner(root)


def is_zip(path: Path) -> bool:
    """Whether a path is a zip file, by its name or its first bytes."""
    if not path.is_file():
        return False
    if path.suffix.lower() == ".zip":
        return True
    try:
        with path.open("rb") as stream:
            return stream.read(4) in MAGIC
    except OSError:
        return False  # whoever opens it next says so


def _inner(root: Path) -> Path:
    held = list(root.iterdir())
    return held[0] if len(held) == 1 and held[0].is_dir() else root


class _Unpacking:
    """One zip on its way into a folder."""

    def __init__(self, file: Path, root: Path, limits: Limits) -> None:
        self.file = file
        self.root = root
        self.limits = limits
        self.members = 0
        self.left = limits.bytes
        self.seen: dict[str, str] = {}  # "file" or "folder", by the name as a disk that ignores case has it

    def run(self) -> None:
        """Unpack all members."""
        try:
            for entry in entries(self.file, self.limits.ratio):
                self._member(entry)
        except Stopped as problem:
            raise self._refused(CODES[problem.code], problem.message) from problem

    def _member(self, entry: Entry) -> None:
        self.members += 1
        if self.members > self.limits.members:
            raise self._refused("package-limit", f"It has more than {self.limits.members:,} members.")
        name = readable(entry.name)
        if entry.problem:
            code, message = entry.problem
            raise self._refused(CODES[code], message, name)
        self._allow(name)
        target = self.root / name
        with told(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as stream:
                self._fill(stream, entry, name)

    def _fill(self, stream: IO[bytes], entry: Entry, name: str) -> None:
        for piece in entry.pieces():
            self.left -= len(piece)
            if self.left < 0:
                raise self._refused("package-limit", f"It unpacks to more than {self.limits.bytes:,} bytes.", name)
            stream.write(piece)

    def _allow(self, name: str) -> None:
        """Refuse a name that is no plain path below the folder, or one that another member has."""
        parts = name.split("/")
        if len(name.encode("utf-8", "surrogatepass")) > self.limits.name or len(parts) > self.limits.depth:
            raise self._refused("package-limit", "A name that is too long or too deep.", name)
        if why := unsafe(name) or _odd(name, parts):
            raise self._refused("path-unsafe", f"A member cannot be unpacked: {why}.", name)
        alike = [unicodedata.normalize("NFC", part).casefold() for part in parts]
        for depth in range(1, len(parts)):
            if self.seen.setdefault("/".join(alike[:depth]), "folder") != "folder":
                raise self._refused("package-invalid", "A member is both a file and a folder.", name)
        if "/".join(alike) in self.seen:
            raise self._refused("package-invalid", "Two members have one name, or differ in case only.", name)
        self.seen["/".join(alike)] = "file"

    def _refused(self, code: str, message: str, name: str | None = None) -> BroadsheetError:
        place = f"{self.file.as_posix()}!{name[:200]}" if name else self.file.as_posix()
        return error(code, message, path=place)


def _odd(name: str, parts: list[str]) -> str | None:
    if "\\" in name or ":" in name:
        return "its name has a back slash or a colon in it"
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in name):
        return "its name has a control character in it"
    if any(part in ("", ".") or part.endswith((" ", ".")) or len(part.encode()) > 255 for part in parts):
        return "its name has a part that is empty, a dot, too long, or ends with a space or a dot"
    return None
