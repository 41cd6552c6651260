"""Rules for a build: its report, its tables against the schema, its spans against the source files."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from broadsheet.check import files, rules, spans
from broadsheet.check.report import KEPT, CheckReport, Gather
from broadsheet.check.slices import decode
from broadsheet.collect import Sources
from broadsheet.findings import error
from broadsheet.resolve.quarantine import RULE_CODES
from broadsheet.schema.model import Table

if TYPE_CHECKING:
    import pyarrow as pa

REPORT: Final = "report.json"
TOLD_CODES: Final = (*RULE_CODES, "parse-failed", "annotate-failed")
REJECTED: Final = ("reject_id", "source_id", "source_start", "table", "field", "code", "message", "value")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the report of a build says about one table."""

    rows: int
    bytes: int
    sha256: str


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


def load_build(build_dir: Path, contract: Mapping[str, Table]) -> "dict[str, pa.Table]":
    """All tables of a finished build, hashes verified.

    Raises:
        BroadsheetError: `build-missing`, `build-incomplete`, or the first finding about a table.
    """
    gather = Gather()
    tables = _tables(build_dir, contract, read_report(build_dir), gather)
    found = gather.report("build").findings
    if found:
        incomplete = found[0].code == "table-missing"
        code = "build-incomplete" if incomplete else found[0].code
        raise error(code, found[0].message, path=found[0].path, resource=found[0].resource)
    return tables


def _tables(
    build_dir: Path, contract: Mapping[str, Table], recorded: Mapping[str, Recorded], gather: Gather
) -> "dict[str, pa.Table]":
    sound: dict[str, Path] = {}
    for name in contract:
        file = build_dir / f"{name}.parquet"
        if name not in recorded:
            gather.add("table-missing", f"{REPORT} records no table {name}", path=REPORT, resource=name)
        elif file.is_symlink():
            gather.add("path-unsafe", "a table must be a file, not a link", path=file.name, resource=name)
        else:
            known = recorded[name]
            files.verify(build_dir, file.name, gather, sha256=known.sha256, size=known.bytes)
            if file.is_file():
                sound[name] = file
    tables = files.read_tables(sound, gather)
    for name, table in tables.items():
        if table.num_rows != recorded[name].rows:
            message = f"{table.num_rows} rows, recorded are {recorded[name].rows}"
            gather.add("rows-mismatch", message, path=f"{name}.parquet", resource=name)
    return tables


def check_build(build_dir: Path, contract: Mapping[str, Table], sources: Sources) -> CheckReport:
    """Everything that can be told about a build.

    Args:
        build_dir: Folder with `report.json` and the tables.
        contract: Schemas by table.
        sources: The source files.

    Raises:
        BroadsheetError: `build-missing` or `build-incomplete`.
    """
    gather = Gather()
    tables = _tables(build_dir, contract, read_report(build_dir), gather)
    sound = rules.columns(contract, tables, gather)
    rules.values(contract, tables, sound, gather)
    rules.keys(contract, tables, gather)
    agreed = {name: tables[name] for name in sound}
    spans.texts(agreed, gather)
    spans.coverage(agreed, gather)
    spans.bytes_of_sources(agreed, sources, gather)
    rules.dates(agreed, gather)
    rules.formulas(tables, gather)
    set_aside(tables, sources, gather)
    return gather.report(f"build {build_dir.as_posix()}")


def set_aside(tables: "Mapping[str, pa.Table]", sources: Sources, gather: Gather) -> None:
    """Name what the build could not do: rows that broke a rule, files and articles on which Broadsheet itself failed.

    The build moved them to `rejects`, so the tables are sound, but not the data. Each is told with its file and line.
    """
    if "rejects" not in tables or not set(REJECTED) <= set(tables["rejects"].column_names):
        return
    lines = Lines(tables, sources)
    seen: Counter[tuple[str, str, str | None]] = Counter()
    for row in files.records(tables["rejects"], REJECTED):
        if row["code"] not in TOLD_CODES:
            continue
        group = (row["code"], row["table"], row["field"])
        seen[group] += 1
        path, line = lines.place(row["source_id"], row["source_start"]) if seen[group] <= KEPT else (None, None)
        gather.add(
            row["code"],
            f"set aside by the build: {row['message']}",
            path=path,
            line=line,
            resource=row["table"],
            field=row["field"],
            row_key=row["reject_id"],
            sample=row["value"],
        )


class Lines:
    """Where in which file a reject lies, for people and for CI, who know lines and not bytes.

    No line is told of a member of an archive: nobody opens one at a line, and to count would be to unpack.
    """

    def __init__(self, tables: "Mapping[str, pa.Table]", sources: Sources) -> None:
        wanted = ("source_id", "collection", "path", "sha256", "encoding")
        known = files.records(tables["sources"], wanted) if "sources" in tables else []
        self.sources = {row["source_id"]: row for row in known if set(row) == set(wanted)}
        self.files = sources

    def place(self, source_id: str, start: int | None) -> tuple[str | None, int | None]:
        """Path of a source, and the line of a byte in it: None where the file is not there or is another by now."""
        source = self.sources.get(source_id)
        if source is None:
            return None, None
        path: str = source["path"]
        file = self.files.file(source["collection"], path)
        try:
            data = file.read_bytes() if file is not None and start is not None else b""
        except OSError:
            data = b""
        if hashlib.sha256(data).hexdigest() != source["sha256"]:
            return path, None
        return path, decode(data[:start], source["encoding"]).count("\n") + 1
