"""What a pull request changes, as findings: differences of schemas, and whether the version follows from them."""

from pathlib import Path

from broadsheet.findings import Finding, Severity, finding
from broadsheet.project import DESCRIPTOR
from broadsheet.release.diff import Difference, diff


def against(release: Path, path: Path) -> list[Finding]:
    """Findings about `path` compared with the last release.

    Raises:
        BroadsheetError: If one of them cannot be read.
    """
    difference = diff(release, path)
    found = [
        finding(
            "schema-change",
            f"{change.kind}: {change.message}",
            severity=Severity.WARNING if change.kind == "breaking" else Severity.NOTE,
            resource=change.table,
            field=change.column,
        )
        for change in difference.schema
    ]
    wanted = difference.next_version()
    if wanted and difference.new and not _reaches(difference, wanted):
        message = f"version is {difference.new}; the differences from {difference.old} call for {wanted} or later"
        found.append(finding("version-step", message, path=DESCRIPTOR, field="version"))
    return found


def _reaches(difference: Difference, wanted: str) -> bool:
    return _numbers(difference.new or "") >= _numbers(wanted)


def _numbers(version: str) -> tuple[int, ...]:
    core = version.split("-", maxsplit=1)[0].split("+", maxsplit=1)[0]
    return tuple(int(part) for part in core.split(".") if part.isdecimal())
