"""Files of a package: written once, hashed while written, put in place all together."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from broadsheet.check.files import SUMS
from broadsheet.engine.disk import sha256
from broadsheet.engine.lock import alone
from broadsheet.package.parquet import write_groups, write_parquet
from broadsheet.package.zipped import Moment, write_zip

if TYPE_CHECKING:
    import pyarrow as pa

PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Written:
    """A file as written: path relative to its package, size in bytes, hex sha256."""

    path: str
    bytes: int
    sha256: str


class Folder:
    """One package being written."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: dict[str, Written] = {}

    def write(self, path: str, chunks: Iterable[bytes]) -> Written:
        """Write a file from pieces."""
        hashed, size = hashlib.sha256(), 0
        with self._place(path).open("wb") as stream:
            for chunk in chunks:
                stream.write(chunk)
                hashed.update(chunk)
                size += len(chunk)
        self.files[path] = Written(path, size, hashed.hexdigest())
        return self.files[path]

    def text(self, path: str, text: str) -> Written:
        """Write a text as UTF-8."""
        return self.write(path, [text.encode()])

    def parquet(self, path: str, schema: "pa.Schema", batches: "Iterable[pa.RecordBatch]") -> Written:
        """Write rows as Parquet, see `parquet.write_parquet`."""
        write_parquet(self._place(path), schema, batches)
        return self._written(path)

    def row_groups(self, path: str, source: Path, numbers: Sequence[int]) -> Written:
        """Write some row groups of a published Parquet file as a file of their own."""
        write_groups(self._place(path), source, numbers)
        return self._written(path)

    def copy(self, path: str, source: Path) -> Written:
        """Write a file that is there already."""
        with source.open("rb") as stream:
            return self.write(path, iter(lambda: stream.read(PIECE), b""))

    def zipped(self, path: str, root: Path, names: Sequence[str], moment: Moment) -> Written:
        """Write files below `root` as a zip, see `zipped.write_zip`."""
        write_zip(self._place(path), root, names, moment)
        return self._written(path)

    def _place(self, path: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        return file

    def _written(self, path: str) -> Written:
        digest, size = sha256(self.root / path)
        self.files[path] = Written(path, size, digest)
        return self.files[path]

    def sums(self) -> Written:
        """Write SHA256SUMS of all files so far, as `sha256sum --check` reads it."""
        listed = sorted(self.files.values(), key=lambda written: written.path)
        return self.text(SUMS, "".join(f"{written.sha256}  {written.path}\n" for written in listed))


def replace_parts(target: Path, names: Sequence[str], fill: Callable[[Path], None]) -> None:
    """Fill a temporary folder beside `target`, then put its `names` in the place of those in `target`: all or none.

    Until all is written nothing in `target` is touched, and nobody else may do the same meanwhile. While they are
    exchanged, the old ones lie in a folder of their own beside it (in it, where it is a mounted disk); if that is there
    when the next run starts, a run was killed in between and they go back.

    Args:
        target: Folder to fill; what else it holds stays.
        names: Folders and files in it that are replaced.
        fill: Writes the new ones into the folder it is given.

    Raises:
        BroadsheetError: `package-locked` if another process does the same, or publishes.
    """
    target.mkdir(parents=True, exist_ok=True)
    target = target.resolve()  # a link to another disk: what lies beside the link cannot be renamed into it
    with alone(target):
        _replace(target, target if target.is_mount() else target.parent, names, fill)


def _replace(target: Path, beside: Path, names: Sequence[str], fill: Callable[[Path], None]) -> None:
    new, old, gone = (beside / f".{target.name}.{word}" for word in ("new", "old", "gone"))
    _restore(target, old)
    for left in (new, gone):
        shutil.rmtree(left, ignore_errors=True)
    new.mkdir()
    try:
        fill(new)
        old.mkdir()
        for name in names:
            if os.path.lexists(target / name):
                (target / name).rename(old / name)
            (new / name).rename(target / name)
        old.rename(gone)  # from here on the new ones stay
    except BaseException:  # also an interrupt: what was set aside goes back, then the reason goes on
        _restore(target, old)
        raise
    finally:
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(gone, ignore_errors=True)


def _restore(target: Path, old: Path) -> None:
    """Put back all that was set aside."""
    if not old.is_dir():
        return
    for part in sorted(old.iterdir()):
        place = target / part.name
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
        part.rename(place)
    old.rmdir()
