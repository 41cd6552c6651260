"""What is to be published: the files of `dist/`, all of them as their SHA256SUMS say, in the order they are sent."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from broadsheet.check.files import SUMS, digest
from broadsheet.emitted.descriptors import CARD, CROISSANT, DESCRIPTOR, read_descriptor
from broadsheet.emitted.paths import unsafe
from broadsheet.engine.report import require_current
from broadsheet.findings import error
from broadsheet.package.made_of import outdated
from broadsheet.project import Project
from broadsheet.release.targets.model import Wanted, Watcher

DATAPACKAGE: Final = "datapackage"
HUGGINGFACE: Final = "huggingface"
PACKAGES: Final = (DATAPACKAGE, HUGGINGFACE)
ARCHIVE: Final = "datapackage.zip"
DATA: Final = (".parquet", ".csv", ".zip")
DESCRIPTORS: Final = (f"{DATAPACKAGE}/{DESCRIPTOR}", f"{HUGGINGFACE}/{CARD}", f"{HUGGINGFACE}/{CROISSANT}")
FIRST: Final = "Run `broadsheet package` first."
AGAIN: Final = "Run `broadsheet package` again."


def read_wanted(dist_dir: Path, packages: Sequence[str], watcher: Watcher) -> list[Wanted]:
    """Files to publish, hashed: data first, then what describes it, then the hashes.

    A reader who comes in between thus sees a hash that does not fit, rather than data nobody described.

    Args:
        dist_dir: Folder of the packages.
        packages: Names of those wanted. With both come the archive and its hash.
        watcher: Shows how far it is.

    Raises:
        BroadsheetError: `package-invalid` where a package is missing or has no list of hashes; `hash-mismatch` for the
            first file that is not as listed.
    """
    roots = [name for name in packages if (dist_dir / name).is_dir() and not (dist_dir / name).is_symlink()]
    if missing := [name for name in packages if name not in roots]:
        message = f"{dist_dir.as_posix()} holds no {' and no '.join(missing)}/"
        raise error("package-invalid", message, path=dist_dir.as_posix(), remedy=FIRST)
    listed = {f"{root}/{path}": told for root in roots for path, told in _sums(dist_dir / root).items()}
    if len(packages) > 1 and (dist_dir / SUMS).is_file():
        listed |= _sums(dist_dir, nested=False)
    watcher.stage("hash", sum((dist_dir / path).stat().st_size for path in listed))
    found = []
    for path, told in listed.items():
        file = dist_dir / path
        size, hashed = file.stat().st_size, digest(file)
        if told and hashed != told:
            message = f"{path} has sha256 {hashed[:12]}…, {SUMS} lists another; nothing was published"
            raise error("hash-mismatch", message, path=file.as_posix(), remedy=AGAIN)
        found.append(Wanted(path, file, size, hashed))
        watcher.advance(size)
    return sorted(found, key=lambda file: (_rank(file.path), file.path))


def refuse_stale(project: Project) -> None:
    """Refuse packages that are not of their project as it is now: other rights, another version, another build.

    Raises:
        BroadsheetError: `build-stale`, `package-stale`, or `package-invalid` where there is no package.
    """
    require_current(project, project.build_dir)
    root = project.dist_dir / DATAPACKAGE
    if not root.is_dir():
        message = f"{project.dist_dir.as_posix()} holds no {DATAPACKAGE}/"
        raise error("package-invalid", message, path=project.dist_dir.as_posix(), remedy=FIRST)
    packaged = read_descriptor(root).get("version")
    if packaged != project.version:
        message = f"the package has version {packaged}, the project {project.version}"
        raise error("package-stale", message, path=(root / DESCRIPTOR).as_posix())
    if why := outdated(project, project.dist_dir):
        raise error("package-stale", why, path=project.dist_dir.as_posix())


def _rank(path: str) -> int:
    if path.rpartition("/")[2] == SUMS:
        return 3
    return 2 if path in DESCRIPTORS else 0 if path.endswith(DATA) else 1


def _sums(root: Path, *, nested: bool = True) -> dict[str, str]:
    """{path: digest} of a list of hashes and all it lists; "" is the digest of the list itself."""
    file = root / SUMS
    if file.is_symlink() or not file.is_file():
        raise error("package-invalid", f"{root.as_posix()} has no {SUMS}", path=file.as_posix(), remedy=AGAIN)
    sums = {SUMS: ""}
    for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), 1):
        told, _, path = line.partition("  ")
        why = "it is not `digest  path`" if len(told) != 64 else unsafe(root, path)
        if why:
            raise error("package-invalid", f"a line of {SUMS}: {why}", path=file.as_posix(), line=number, remedy=AGAIN)
        if not (root / path).is_file():
            message = f"{path} is listed but not there; nothing was published"
            raise error("hash-mismatch", message, path=(root / path).as_posix(), remedy=AGAIN)
        sums[path] = told
    there = (entry for entry in root.rglob("*") if nested and (entry.is_symlink() or entry.is_file()))
    for entry in there:
        if entry.relative_to(root).as_posix() not in sums:
            message = f"a file that {SUMS} does not list; nothing was published"
            raise error("hash-mismatch", message, path=entry.as_posix(), remedy="Remove it, or package again.")
    return sums
