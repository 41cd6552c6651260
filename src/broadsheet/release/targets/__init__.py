"""Where packages go: a folder, S3-compatible storage, the Hugging Face Hub.

A target is one module that says what differs (`model.Target`); the order of steps is `flow.py`, written once.
"""

from contextlib import nullcontext
from pathlib import Path
from typing import Final

from broadsheet.engine.lock import alone
from broadsheet.findings import error
from broadsheet.release.targets.flow import run
from broadsheet.release.targets.model import PublishReport, Target, Watcher
from broadsheet.release.targets.secrets import quiet_clients
from broadsheet.release.targets.wanted import HUGGINGFACE, PACKAGES, read_wanted

__all__ = ["PublishReport", "Watcher", "publish"]

HUB: Final = "hf:"
S3: Final = "s3://"
KNOWN: Final = "Give a folder, s3://BUCKET/PREFIX or hf:OWNER/NAME."


class Unwatched:
    """Nobody looks."""

    def stage(self, name: str, total: int) -> None:
        """A stage begins."""

    def advance(self, count: int) -> None:
        """So many bytes more are done."""


def publish(
    dist_dir: Path,
    target: str,
    *,
    dry_run: bool = False,
    revision: str | None = None,
    private: bool = False,
    tag: str | None = None,
    watcher: Watcher | None = None,
) -> PublishReport:
    """Bring what `package` made to a target: only what differs, verified after.

    Args:
        dist_dir: Folder with `datapackage/` and `huggingface/`.
        target: A folder, `s3://bucket/prefix` or `hf:owner/name`. The Hub gets the Hugging Face dataset only.
        dry_run: Say what would be done, and write nothing.
        revision: Branch of the Hub, `main` if None; made if missing.
        private: Only publish to the Hub where the public cannot read; a new repository is made private.
        tag: Tag of the Hub to put on what was published.
        watcher: Shows how far it is.

    Raises:
        BroadsheetError: `target-invalid`, `target-refused`, `target-changed`, `upload-failed` or `write-failed`;
            `package-invalid` or `hash-mismatch` if `dist_dir` is not fit to be published.
    """
    if not target.startswith(HUB) and (revision or private or tag):
        raise error("argument-invalid", "--revision, --private and --tag are for the Hub only")
    watcher = watcher or Unwatched()
    packages: tuple[str, ...] = PACKAGES
    cut = 0
    with quiet_clients():
        place: Target
        if target.startswith(HUB):
            from broadsheet.release.targets.hub import Hub

            place = Hub(target.removeprefix(HUB), revision=revision, private=private, tag=tag)
            packages, cut = (HUGGINGFACE,), len(HUGGINGFACE) + 1  # its folder is the root of the repository
        else:
            place = _storage(target, dist_dir)
        with alone(dist_dir, reading=True) if dist_dir.is_dir() else nullcontext():
            wanted = read_wanted(dist_dir, packages, watcher)
            return run(target, place, [file.below(cut) for file in wanted], watcher, dry_run=dry_run)


def _storage(target: str, dist_dir: Path) -> Target:
    if target.startswith(S3):
        from broadsheet.release.targets.s3 import Bucket

        return Bucket(target)
    if "://" in target or not target.strip():
        raise error("target-invalid", f"{target!r} cannot be published to", remedy=KNOWN)
    from broadsheet.release.targets.folder import Folder

    return Folder(Path(target), dist_dir)
