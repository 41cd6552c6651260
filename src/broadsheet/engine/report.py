"""build/report.json: what a build made, and the mark that it was finished."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from broadsheet import __version__
from broadsheet.engine import disk
from broadsheet.findings import Finding, error, finding
from broadsheet.project import Project
from broadsheet.resolve.held import Held
from broadsheet.resolve.quarantine import RULE_CODES

REPORT: Final = "report.json"


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A table as written."""

    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build made.

    Attributes:
        inputs: Hash of everything the tables depend on: files, settings, code.
        fingerprints: Of the code that makes rows, and of the code that makes tables.
        tables: By name.
        collections: Files by status, and articles, of every collection.
        rejects: Rows of `rejects` by code.
        rights: Hash of what the project says may be published.
        findings: About collections and the blocklist, not about single files.
        files: Files offered (of this run; not part of report.json, like the rest).
        processed: Files parsed and annotated.
        reread: Files read again and found unchanged.
        again: Files annotated again, because others teach, or taught no more, names that stand in them.
        fresh: False if everything was up to date and no table was written.
    """

    inputs: str
    fingerprints: Mapping[str, str]
    tables: Mapping[str, TableFacts]
    collections: Mapping[str, Mapping[str, int]]
    rejects: Mapping[str, int]
    rights: str = ""
    findings: tuple[Finding, ...] = ()
    files: int = field(default=0, compare=False)
    processed: int = field(default=0, compare=False)
    reread: int = field(default=0, compare=False)
    again: int = field(default=0, compare=False)
    fresh: bool = field(default=True, compare=False)

    @property
    def errors(self) -> dict[str, int]:
        """Rows that broke a rule of the schema, by code."""
        return {code: count for code, count in self.rejects.items() if code in RULE_CODES}

    @property
    def status(self) -> int:
        """Exit status: 1 if a rule of the schema failed."""
        return int(bool(self.errors))

    def to_json(self) -> dict[str, Any]:
        """As in report.json: nothing that differs between two builds of the same input."""
        return {
            "broadsheet": __version__,
            "status": self.status,
            "inputs": self.inputs,
            "fingerprints": dict(self.fingerprints),
            "rights": self.rights,
            "tables": {
                name: {"rows": facts.rows, "bytes": facts.bytes, "sha256": facts.sha256}
                for name, facts in self.tables.items()
            },
            "collections": {name: dict(counts) for name, counts in self.collections.items()},
            "rejects": dict(self.rejects),
            "errors": self.errors,
            "findings": [{"code": f.code, "message": f.message} for f in self.findings],
        }


def table_facts(file: Path, rows: int) -> TableFacts:
    """Size and hash of a written table."""
    with disk.told(file):
        content, size = disk.sha256(file)
    return TableFacts(rows, size, content)


def collection_counts(names: tuple[str, ...], sources: Held) -> dict[str, dict[str, int]]:
    """Files by status, and articles, of every collection."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in names}
    for row in sources.rows(["collection", "status", "article_count"]):
        counts[row["collection"]].update({"files": 1, row["status"]: 1, "articles": row["article_count"]})
    order = ("files", "parsed", "empty", "not_article", "rejected", "articles")
    return {name: {key: found[key] for key in order} for name, found in counts.items()}


def reject_counts(rejects: Held) -> dict[str, int]:
    """Rows of `rejects` by code, sorted."""
    return dict(sorted(Counter(row["code"] for row in rejects.rows(["code"])).items()))


def write_report(build_dir: Path, report: BuildReport) -> None:
    """Write report.json, which says that the tables beside it belong together.

    Raises:
        BroadsheetError: `write-failed`.
    """
    text = json.dumps(report.to_json(), ensure_ascii=False, indent=2) + "\n"
    disk.write(build_dir / REPORT, lambda stream: stream.write(text.encode()))


def require_current(project: Project, build_dir: Path) -> None:
    """Refuse a build that was made under other rights than the project has now.

    That there is no build, or none that can be read, is told by whoever reads it.

    Raises:
        BroadsheetError: `build-stale`.
    """
    try:
        report = json.loads((build_dir / REPORT).read_bytes())
    except (OSError, ValueError, RecursionError):
        return
    if isinstance(report, dict) and report.get("rights") != project.rights:
        message = "The build does not know what `redistribution`, `restrictions` and `blocklist.yaml` say now."
        raise error("build-stale", message, path=build_dir.as_posix())


def read_valid_report(build_dir: Path, inputs: str) -> BuildReport | None:
    """The report of the build in place, if it was made of these inputs and every table is as it says."""
    try:
        data = json.loads((build_dir / REPORT).read_bytes())
        if data["inputs"] != inputs or data["broadsheet"] != __version__:
            return None
        tables = {name: TableFacts(t["rows"], t["bytes"], t["sha256"]) for name, t in data["tables"].items()}
        report = BuildReport(
            inputs=inputs,
            fingerprints=dict(data["fingerprints"]),
            tables=tables,
            collections={name: dict(counts) for name, counts in data["collections"].items()},
            rejects=dict(data["rejects"]),
            rights=data["rights"],
            findings=tuple(finding(found["code"], found["message"]) for found in data["findings"]),
            fresh=False,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    for name, facts in tables.items():
        file = build_dir / f"{name}.parquet"
        if not file.is_file() or file.stat().st_size != facts.bytes or table_facts(file, facts.rows) != facts:
            return None
    return report
