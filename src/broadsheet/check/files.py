"""Files of a build or package: hashes, sizes, lists of both, the Parquet files of each table."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from broadsheet.check.report import Gather
from broadsheet.emitted.paths import unsafe
from broadsheet.emitted.tables import TableFiles, read_footers

SUMS: Final = "SHA256SUMS"
FILE_CODES: Final = ("hash-mismatch", "bytes-mismatch", "table-missing")  # say the same whichever list the hash is in
CHUNK: Final = 1 << 20
SUMS_BYTES: Final = 64 << 20


def digest(file: Path, algorithm: str = "sha256") -> str:
    """Hex digest of a file, read in pieces."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.new(algorithm, usedforsecurity=False)).hexdigest()


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
    known = None if sha256 is None else ("sha256", str(sha256).removeprefix("sha256:").lower())
    return compare(file, path, gather, known, size)


def compare(file: Path, path: str, gather: Gather, known: tuple[str, str] | None, size: object = None) -> bool:
    """Whether a file has its recorded size and digest; says what is not.

    Args:
        file: It is there.
        path: How findings name it.
        gather: Takes them.
        known: Hash function and hexadecimal digest; None if none is recorded.
        size: In bytes; None if it is not recorded.
    """
    real = file.stat().st_size
    sound = True
    if size is not None and size != real:
        gather.add("bytes-mismatch", f"{path} has {real} bytes, recorded are {size}", path=path)
        sound = False
    if known is not None:
        found = digest_once(file, known[0], gather)
        if known[1] != found:
            gather.add("hash-mismatch", f"{path} has {known[0]} {found[:12]}…, recorded is another", path=path)
            sound = False
    return sound


def digest_once(file: Path, algorithm: str, gather: Gather) -> str:
    """Its digest; descriptors and SHA256SUMS tell of the same files, which may be large."""
    key = (file, algorithm)
    if key not in gather.digests:
        gather.digests[key] = digest(file, algorithm)
    return gather.digests[key]


def verify_sums(root: Path, gather: Gather, beside: Sequence[str] = ()) -> None:
    """Every file of a package of ours stands in SHA256SUMS, and is what it says there.

    Args:
        root: Folder that holds the list.
        gather: Takes the findings.
        beside: Folders in it that have lists of their own.
    """
    listed = _read_sums(root, gather)
    reported = {found.path for found in gather.report("").findings if found.code in FILE_CODES}
    for path, known in listed.items():
        if path not in reported:
            verify(root, path, gather, sha256=known)
    gather.ran("files", *FILE_CODES, "path-unsafe")
    for file in sorted(root.rglob("*")):
        path = file.relative_to(root).as_posix()
        if path.partition("/")[0] in beside:
            continue
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
        gather.add("table-missing", f"{SUMS} is not there, so not all files can be verified", path=SUMS)
        return {}
    if file.stat().st_size > SUMS_BYTES:
        gather.add("package-limit", f"{SUMS} is larger than {SUMS_BYTES:,} bytes", path=SUMS)
        return {}
    sums: dict[str, str] = {}
    for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), 1):
        found, _, path = line.partition("  ")
        if len(found) != 64 or not path or path in sums:
            gather.add("descriptor-differs", "a line that is not `digest  path`, or a second", path=SUMS, line=number)
        elif why := unsafe(root, path):
            gather.add("path-unsafe", f"{path!r}: {why}", path=SUMS, line=number)
        else:
            sums[path] = found
    return sums


def footers(found: Mapping[str, Sequence[Path]], gather: Gather) -> dict[str, TableFiles]:
    """All tables whose files can be read, in the order given; the others become findings."""
    import pyarrow as pa

    read = {}
    for name, listed in found.items():
        try:
            read[name] = read_footers(name, listed)
        except FileNotFoundError as reason:
            missing = Path(str(reason.filename)).name if reason.filename else listed[0].name
            gather.add("table-missing", f"no file for the table {name}", path=missing, resource=name)
        except (pa.ArrowException, OSError, ValueError) as reason:
            message = f"{listed[0].name}: {str(reason).splitlines()[0][:120]}"
            gather.add("table-unreadable", message, path=listed[0].name, resource=name)
        else:
            gather.counts[f"rows of {name}"] = read[name].rows
        gather.ran(name, "table-missing", "table-unreadable", "rows-mismatch")
    return read
