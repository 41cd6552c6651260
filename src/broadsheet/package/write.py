"""Files of a package: written once, hashed while written, put in place all together."""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from broadsheet.check.files import SUMS

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP: Final = 65_536  # rows; part of the bytes, so never chosen by circumstance


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
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        hashed, size = hashlib.sha256(), 0
        with file.open("wb") as stream:
            for chunk in chunks:
                stream.write(chunk)
                hashed.update(chunk)
                size += len(chunk)
        self.files[path] = Written(path, size, hashed.hexdigest())
        return self.files[path]

    def text(self, path: str, text: str) -> Written:
        """Write a text as UTF-8."""
        return self.write(path, [text.encode()])

    def parquet(self, path: str, table: "pa.Table") -> Written:
        """Write a table as plain Parquet: no pandas or datasets metadata, bytes that depend on rows and schema only."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        sink = pa.BufferOutputStream()
        plain = table.replace_schema_metadata(None).combine_chunks()
        pq.write_table(plain, sink, row_group_size=ROW_GROUP, compression="zstd", compression_level=9)
        return self.write(path, [sink.getvalue().to_pybytes()])

    def sums(self) -> Written:
        """Write SHA256SUMS of all files so far, as `sha256sum --check` reads it."""
        listed = sorted(self.files.values(), key=lambda written: written.path)
        return self.text(SUMS, "".join(f"{written.sha256}  {written.path}\n" for written in listed))


def replace_folders(target: Path, names: Sequence[str], fill: Callable[[Path], None]) -> None:
    """Fill a temporary folder beside `target`, then put its subfolders `names` in the place of those in `target`.

    Until all is written nothing in `target` is touched. While folders are exchanged, the old ones lie in a folder of
    their own beside it; if that is there when the next run starts, a run was killed in between and they go back.

    Args:
        target: Folder to fill; other files in it stay.
        names: Subfolders that are replaced.
        fill: Writes the new subfolders into the folder it is given.
    """
    new, old, gone = (target.parent / f".{target.name}.{word}" for word in ("new", "old", "gone"))
    target.mkdir(parents=True, exist_ok=True)
    _restore(target, old)
    for left in (new, gone):
        shutil.rmtree(left, ignore_errors=True)
    new.mkdir()
    try:
        fill(new)
        old.mkdir()
        for name in names:
            if (target / name).exists():
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
    """Put back all folders that were set aside."""
    if not old.is_dir():
        return
    for folder in sorted(old.iterdir()):
        shutil.rmtree(target / folder.name, ignore_errors=True)
        folder.rename(target / folder.name)
    old.rmdir()
