"""Publishing to a folder: each file is copied to a temporary name, written out, then renamed."""

import hashlib
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from broadsheet.check.files import CHUNK, digest
from broadsheet.findings import Finding, error
from broadsheet.release.targets.model import Advance, Plan, Stored, Wanted, changed
from broadsheet.release.targets.opening import opened
from broadsheet.release.targets.wanted import ARCHIVE, PACKAGES


class Folder:
    """A folder as a target. Links in it are not followed, and other files in it stay.

    Args:
        root: The folder; it is made if it does not exist.
        dist_dir: What is published from, which may not be published into.

    Raises:
        BroadsheetError: `target-invalid`.
    """

    def __init__(self, root: Path, dist_dir: Path) -> None:
        self.root = root
        inside, home = root.resolve(), dist_dir.resolve()
        if root.exists() and not root.is_dir():
            raise error("target-invalid", f"{root.as_posix()} is a file", path=root.as_posix())
        if inside == home or home in inside.parents:
            raise error("target-invalid", "the target lies inside what is to be published", path=root.as_posix())

    def stored(self, paths: Collection[str]) -> dict[str, Stored]:
        """Files of the packages, hashed."""
        with self._told():
            return {path: _hashed(self.root / path) for path in self._paths(paths)}

    def refuse(self, plan: Plan) -> None:
        """Nothing is refused but a link in the way: writing through it would leave the target."""
        for file in plan.sent:
            around = (self.root / file.path).relative_to(self.root).parents
            for parent in around:
                if (self.root / parent).is_symlink() and parent != Path():
                    message = f"{parent.as_posix()} is a link in the target"
                    raise error("target-invalid", message, path=(self.root / parent).as_posix())

    def prepare(self) -> None:
        """The folder is there afterwards."""
        with self._told():
            self.root.mkdir(parents=True, exist_ok=True)

    def put(self, file: Wanted, advance: Advance) -> None:
        """Copy a file; under its name it is either old or new, never half."""
        place = self.root / file.path
        spare = place.with_name(f".{place.name}.new")
        with self._told():
            place.parent.mkdir(parents=True, exist_ok=True)
            with file.source.open("rb") as read, spare.open("wb") as written:
                hashed = hashlib.sha256()
                while piece := read.read(CHUNK):
                    hashed.update(piece)
                    written.write(piece)
                    advance(len(piece))
                written.flush()
                os.fsync(written.fileno())
            if hashed.hexdigest() != file.sha256:
                spare.unlink()
                raise changed(file)
            spare.replace(place)

    def remove(self, path: str) -> None:
        """Remove a file; a leftover of a killed run may just have been renamed."""
        with self._told():
            (self.root / path).unlink(missing_ok=True)

    def finish(self) -> None:
        """Every file was shown when it came."""

    def arrived(self, files: Sequence[Wanted], advance: Advance) -> dict[str, Stored]:
        """Every file, read back."""
        found = {}
        for file in files:
            place = self.root / file.path
            with self._told():
                if place.is_file() and not place.is_symlink():
                    found[file.path] = _hashed(place)
            advance(file.bytes)
        return found

    def load(self, files: Sequence[Wanted]) -> Iterator[Finding]:
        """Open descriptor and tables."""
        with self._told():
            yield from opened(files, lambda path: (self.root / path).open("rb"))

    def seal(self) -> tuple[None, None]:
        """A folder has no revisions."""
        return None, None

    def _paths(self, paths: Collection[str]) -> Iterator[str]:
        folders = (self.root / name for name in PACKAGES)
        below = (
            file for folder in folders if folder.is_dir() and not folder.is_symlink() for file in folder.rglob("*")
        )
        found = {file.relative_to(self.root).as_posix() for file in below} | {*paths, ARCHIVE}
        for path in sorted(found):
            if (self.root / path).is_file() and not (self.root / path).is_symlink():
                yield path

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as reason:
            message = f"{reason.strerror or reason}; what arrived until then stays"
            raise error("write-failed", message, path=str(reason.filename or self.root)) from reason


def _hashed(file: Path) -> Stored:
    return Stored(file.stat().st_size, digest(file))
