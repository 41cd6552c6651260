"""The documents that say what a package or a build holds, read with limits: a package is a stranger's data."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from broadsheet.findings import error

DESCRIPTOR: Final = "datapackage.json"
CARD: Final = "README.md"
CROISSANT: Final = "croissant.json"
REPORT: Final = "report.json"
PARQUET: Final = "broadsheet:parquet"
"""Key of a resource: {path, hash, bytes, rows} of the Parquet form beside the CSV."""
LIMIT: Final = 64 * 1024 * 1024
"""Bytes of a descriptor."""
FENCE: Final = "---\n"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the report of a build says about one table."""

    rows: int
    bytes: int
    sha256: str


def read_json(file: Path) -> Json:
    """A JSON document that is one object.

    Raises:
        BroadsheetError: `package-invalid` if it is a link, too large, not there, or not such a document.
    """
    try:
        if file.is_symlink() or file.stat().st_size > LIMIT:
            raise ValueError("it is a link, or larger than 64 MB")
        value = json.loads(file.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as reason:
        raise error("package-invalid", f"{file.name} cannot be read: {reason}", path=file.as_posix()) from reason
    if not isinstance(value, dict):
        raise error("package-invalid", f"{file.name} is not a mapping", path=file.as_posix())
    return value


def read_descriptor(root: Path) -> Json:
    """`datapackage.json` of a folder, its resources known to be mappings with names.

    Raises:
        BroadsheetError: `package-invalid` if it is not such a file.
    """
    file = root / DESCRIPTOR
    value = read_json(file)
    resources = value.get("resources")
    if not isinstance(resources, list) or not all(
        isinstance(resource, dict) and isinstance(resource.get("name"), str) for resource in resources
    ):
        raise error("package-invalid", "`resources` is not a list of mappings with names", path=file.as_posix())
    return value


def parquet_of(resource: Mapping[str, Any]) -> Json:
    """What a resource says of its Parquet form; empty if it says nothing usable."""
    value = resource.get(PARQUET)
    return value if isinstance(value, dict) else {}


def read_card(root: Path) -> Json:
    """The front matter of a dataset card.

    Raises:
        BroadsheetError: `package-invalid` or a YAML error.
    """
    from broadsheet.schema.strict_yaml import parse_yaml

    file = root / CARD
    readable = file.is_file() and not file.is_symlink() and file.stat().st_size <= LIMIT
    text = file.read_text("utf-8", "replace") if readable else ""
    end = text.find(f"\n{FENCE}", len(FENCE) - 1)
    if not text.startswith(FENCE) or end < 0:
        raise error("package-invalid", "the card has no YAML front matter", path=file.as_posix())
    value = parse_yaml(text[len(FENCE) : end + 1], CARD).value
    if not isinstance(value, dict):
        raise error("package-invalid", "the front matter of the card is not a mapping", path=file.as_posix())
    return value


def mappings(value: object) -> list[Json]:
    """The mappings of a list, or of one that stands alone."""
    return [entry for entry in (value if isinstance(value, list) else [value]) if isinstance(entry, dict)]


def configs(card: Mapping[str, Any]) -> list[Json]:
    """The configs of a card."""
    return mappings(card.get("configs"))


def data_paths(config: Mapping[str, Any]) -> Iterator[object]:
    """The paths a config names, of whatever type a stranger wrote there."""
    data = config.get("data_files")
    for entry in data if isinstance(data, list) else [data]:
        path = entry.get("path") if isinstance(entry, dict) else entry
        yield from path if isinstance(path, list) else [path]


def read_report(build_dir: Path) -> dict[str, Recorded]:
    """The tables a finished build recorded.

    Raises:
        BroadsheetError: `build-missing` if there is no build, `build-incomplete` if it has no valid report.
    """
    file = build_dir / REPORT
    shown = build_dir.as_posix()
    if not file.is_file():
        parts = build_dir.is_dir() and any(build_dir.glob("*.parquet"))
        code, what = ("build-incomplete", "has tables but no report") if parts else ("build-missing", "holds no build")
        raise error(code, f"{shown} {what}", path=shown)
    try:
        value: Any = json.loads(file.read_text("utf-8"))
        return {
            str(name): Recorded(int(entry["rows"]), int(entry["bytes"]), str(entry["sha256"]))
            for name, entry in value["tables"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as reason:
        message = f"{shown}/{REPORT} cannot be read: {reason!r}"
        raise error("build-incomplete", message, path=file.as_posix()) from reason
