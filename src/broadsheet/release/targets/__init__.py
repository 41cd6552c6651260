"""Where packages go. A target is one module; this version has one: a folder."""

from pathlib import Path

from broadsheet.findings import error
from broadsheet.release.targets.folder import PublishReport, publish_folder

__all__ = ["PublishReport", "publish"]

LATER = ("hf:", "s3://", "http://", "https://", "ftp://", "gs://")


def publish(dist_dir: Path, target: str, *, dry_run: bool = False) -> PublishReport:
    """Bring what `package` made to a target, and verify what arrived.

    Args:
        dist_dir: Folder with `datapackage/` and `huggingface/`.
        target: A folder; it is made if it does not exist.
        dry_run: Say what would be done, and write nothing.

    Raises:
        BroadsheetError: `target-invalid`, `package-invalid` if there is nothing to publish, `write-failed`.
    """
    if target.startswith(LATER):
        message = f"{target!r}: this version publishes to folders only"
        remedy = "Publish to a folder, then upload that folder with the tools of the host."
        raise error("target-invalid", message, remedy=remedy)
    if not target.strip():
        raise error("target-invalid", "the target is empty")
    return publish_folder(dist_dir, Path(target), dry_run=dry_run)
