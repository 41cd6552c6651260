"""Publishing to a folder: only files that differ are copied, each to a temporary name first, and read back after."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from broadsheet.check.files import digest
from broadsheet.findings import error

PACKAGES: Final = ("datapackage", "huggingface")


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What was done, or would be.

    Attributes:
        target: Where to.
        copied: Paths relative to the target that were new or different.
        unchanged: Paths that were there already with the same bytes.
        removed: Paths of the two packages that are no part of them any more.
        bytes: Sum of the files copied.
        dry_run: Nothing was written.
    """

    target: str
    copied: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    bytes: int
    dry_run: bool


def publish_folder(dist_dir: Path, target: Path, *, dry_run: bool = False) -> PublishReport:
    """Make the packages in `target` equal to those in `dist_dir`; other files there stay.

    Data comes before the descriptors that describe it, so a reader in between sees a hash that does not fit rather
    than data nobody described.

    Raises:
        BroadsheetError: `package-invalid`, `target-invalid`, `write-failed`, `hash-mismatch`.
    """
    wanted = _files(dist_dir)
    if not any(wanted):
        message = f"{dist_dir.as_posix()} holds no package"
        raise error("package-invalid", message, path=dist_dir.as_posix(), remedy="Run `broadsheet package` first.")
    if target.exists() and not target.is_dir():
        raise error("target-invalid", f"{target.as_posix()} is a file", path=target.as_posix())
    inside = target.resolve()
    home = dist_dir.resolve()
    if inside == home or home in inside.parents or inside in (home / name for name in PACKAGES):
        raise error("target-invalid", "the target lies inside what is to be published", path=target.as_posix())
    digests = {path: digest(dist_dir / path) for path in wanted}
    there = set(_files(target))
    same = [path for path in wanted if path in there and digest(target / path) == digests[path]]
    copied = [path for path in wanted if path not in same]
    removed = sorted(there - set(wanted))
    if not dry_run:
        try:
            _bring(dist_dir, target, copied, digests)
            for path in removed:
                (target / path).unlink(missing_ok=True)  # a leftover of a killed run may just have been renamed
        except OSError as reason:
            message = f"{reason.strerror or reason}; run it again, files that arrived are not copied twice"
            raise error("write-failed", message, path=str(reason.filename or target)) from reason
    size = sum((dist_dir / path).stat().st_size for path in copied)
    return PublishReport(target.as_posix(), tuple(copied), tuple(same), tuple(removed), size, dry_run)


def _files(root: Path) -> list[str]:
    """Files of the packages below a folder, data first, what describes them last. Links are not followed."""
    found = [
        file.relative_to(root).as_posix()
        for name in PACKAGES
        if (root / name).is_dir() and not (root / name).is_symlink()
        for file in (root / name).rglob("*")
        if file.is_file() and not file.is_symlink()
    ]
    return sorted(found, key=lambda path: (path.count("/") == 1, path))


def _bring(source: Path, target: Path, paths: list[str], digests: dict[str, str]) -> None:
    for path in paths:
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        spare = place.with_name(f".{place.name}.new")
        with (source / path).open("rb") as read, spare.open("wb") as written:
            shutil.copyfileobj(read, written)
            written.flush()
            os.fsync(written.fileno())
        spare.replace(place)
        if digest(place) != digests[path]:
            message = f"{path} arrived with another hash"
            raise error("hash-mismatch", message, path=place.as_posix(), remedy="Publish again; check the disk.")
