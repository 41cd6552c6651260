"""Files of a package: written once, hashed while written, put in place all together."""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pyarrow as pa

SUMS: Final = "SHA256SUMS"
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

    Until all is written nothing in `target` is touched. A run that was killed while folders were being exchanged is
    completed backwards by the next one: an old folder that was set aside and has no successor goes back.

    Args:
        target: Folder to fill; other files in it stay.
        names: Subfolders that are replaced.
        fill: Writes the new subfolders into the folder it is given.
    """
    spare = target.parent / f".{target.name}.new"
    aside = target.parent / f".{target.name}.old"
    target.mkdir(parents=True, exist_ok=True)
    _restore(target, aside)
    shutil.rmtree(spare, ignore_errors=True)
    spare.mkdir()
    try:
        fill(spare)
        aside.mkdir()
        for name in names:
            if (target / name).exists():
                (target / name).rename(aside / name)
            (spare / name).rename(target / name)
    except BaseException:  # also an interrupt: what was set aside goes back, then the reason goes on
        _restore(target, aside)
        raise
    finally:
        shutil.rmtree(spare, ignore_errors=True)
    shutil.rmtree(aside)


def _restore(target: Path, aside: Path) -> None:
    for old in sorted(aside.iterdir()) if aside.is_dir() else ():
        if not (target / old.name).exists():
            old.rename(target / old.name)
    shutil.rmtree(aside, ignore_errors=True)
