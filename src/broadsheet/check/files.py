"""Files of a build or package: paths that may be trusted, hashes, Parquet tables."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from broadsheet.check.report import Gather
from broadsheet.engine.disk import read_parquet

if TYPE_CHECKING:
    import pyarrow as pa

SUMS: Final = "SHA256SUMS"
FILE_CODES: Final = ("hash-mismatch", "bytes-mismatch", "table-missing")  # say the same whichever list the hash is in
CHUNK: Final = 1 << 20


def digest(file: Path) -> str:
    """Hex sha256 of a file, read in pieces."""
    hashed = hashlib.sha256()
    with file.open("rb") as stream:
        while piece := stream.read(CHUNK):
            hashed.update(piece)
    return hashed.hexdigest()


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


def verify(root: Path, path: str, gather: Gather, *, sha256: object = None, size: object = None) -> bool:
    """Whether a file is there, of its recorded size and hash (None: not recorded); says what is not.

    Args:
        root: Folder of the package.
        path: Relative POSIX path, already known to be safe.
        gather: Takes the findings.
        sha256: Hex digest, with or without `sha256:` before it.
        size: In bytes.
    """
    file = root / path
    if not file.is_file():
        gather.add("table-missing", f"{path} is named but not there", path=path)
        return False
    real = file.stat().st_size
    sound = True
    if size is not None and size != real:
        gather.add("bytes-mismatch", f"{path} has {real} bytes, recorded are {size}", path=path)
        sound = False
    if sha256 is not None:
        found = digest(file)
        if str(sha256).removeprefix("sha256:") != found:
            gather.add("hash-mismatch", f"{path} has sha256 {found[:12]}…, recorded is another", path=path)
            sound = False
    return sound


def verify_sums(root: Path, gather: Gather) -> None:
    """Every file of a package of ours stands in SHA256SUMS, and is what it says there."""
    listed = _read_sums(root, gather)
    reported = {found.path for found in gather.report("").findings if found.code in FILE_CODES}
    for path, known in listed.items():
        if path not in reported:
            verify(root, path, gather, sha256=known)
    for file in sorted(root.rglob("*")):
        path = file.relative_to(root).as_posix()
        if file.is_symlink():
            gather.add("path-unsafe", "a symbolic link in a package", path=path)
        elif file.is_file():
            gather.counts["files"] += 1
            if path != SUMS and path not in listed:
                gather.add("descriptor-differs", f"a file that {SUMS} does not list", path=path)


def _read_sums(root: Path, gather: Gather) -> dict[str, str]:
    """{path: digest}; unsafe paths and lines that are none become findings."""
    file = root / SUMS
    if not file.is_file() or file.is_symlink():
        return {}
    sums = {}
    for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), 1):
        found, _, path = line.partition("  ")
        if len(found) != 64 or not path:
            gather.add("descriptor-differs", "a line that is not `digest  path`", path=SUMS, line=number)
        elif why := unsafe(root, path):
            gather.add("path-unsafe", f"{path!r}: {why}", path=SUMS, line=number)
        else:
            sums[path] = found
    return sums


def read_table(file: Path, name: str, gather: Gather) -> "pa.Table | None":
    """A Parquet file as a table, or None and a finding."""
    import pyarrow as pa

    try:
        table = read_parquet(file, use_threads=False)
    except FileNotFoundError:
        gather.add("table-missing", f"no file for the table {name}", path=file.name, resource=name)
        return None
    except (pa.ArrowException, OSError, ValueError) as reason:
        gather.add(
            "table-unreadable", f"{file.name}: {str(reason).splitlines()[0][:120]}", path=file.name, resource=name
        )
        return None
    gather.counts[f"rows of {name}"] = table.num_rows
    return table


def read_tables(files: Mapping[str, Path], gather: Gather) -> "dict[str, pa.Table]":
    """All tables that can be read, in the order given."""
    read = ((name, read_table(file, name, gather)) for name, file in files.items())
    return {name: table for name, table in read if table is not None}


def records(table: "pa.Table", columns: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """Rows as dictionaries, with some columns only."""
    chosen = table if columns is None else table.select([c for c in columns if c in table.column_names])
    rows: list[dict[str, Any]] = chosen.to_pylist()
    return rows
