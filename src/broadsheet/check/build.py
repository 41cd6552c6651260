"""Rules for a build: its report, its tables against the schema, its spans against the source files."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from broadsheet.check import files, rules, spans
from broadsheet.check.datapackage import stage
from broadsheet.check.report import KEPT, CheckReport, Gather
from broadsheet.check.slices import decode
from broadsheet.collect import Sources
from broadsheet.emitted.descriptors import REPORT, read_report
from broadsheet.emitted.tables import TableFiles, connected
from broadsheet.engine.progress import Progress
from broadsheet.resolve.quarantine import RULE_CODES
from broadsheet.schema.model import Table

TOLD_CODES: Final = (*RULE_CODES, "parse-failed", "annotate-failed")
REJECTED: Final = ("reject_id", "source_id", "source_start", "table", "field", "code", "message", "value")
SOURCE: Final = ("source_id", "collection", "path", "sha256", "encoding")


def read_build(build_dir: Path, contract: Mapping[str, Table], gather: Gather) -> dict[str, TableFiles]:
    """The tables of a finished build whose files are those it recorded, or at least can be read.

    Raises:
        BroadsheetError: `build-missing` or `build-incomplete`.
    """
    recorded = read_report(build_dir)
    found: dict[str, list[Path]] = {}
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
                found[name] = [file]
    gather.ran("files", "hash-mismatch", "bytes-mismatch", "path-unsafe")
    tables = files.footers(found, gather)
    for name, table in tables.items():
        if table.rows != recorded[name].rows:
            message = f"{table.rows} rows, recorded are {recorded[name].rows}"
            gather.add("rows-mismatch", message, path=f"{name}.parquet", resource=name)
    return tables


def check_build(
    build_dir: Path, contract: Mapping[str, Table], sources: Sources, progress: Progress | None = None
) -> CheckReport:
    """Everything that can be told about a build.

    Args:
        build_dir: Folder with `report.json` and the tables.
        contract: Schemas by table.
        sources: The source files.
        progress: Told what is done.

    Raises:
        BroadsheetError: `build-missing` or `build-incomplete`.
    """
    gather = Gather()
    stage(progress, "verifying tables")
    tables = read_build(build_dir, contract, gather)
    stage(progress, "checking rows")
    names = rules.check_rows(tables, contract, gather)
    stage(progress, "checking texts")
    spans.check_texts(tables, names, gather)
    stage(progress, "slicing sources")
    spans.check_bytes({name: tables[name] for name in names}, sources, gather)
    set_aside(tables, sources, gather)
    return gather.report(f"build {build_dir.as_posix()}")


def set_aside(tables: Mapping[str, TableFiles], sources: Sources, gather: Gather) -> None:
    """Name what the build could not do: rows that broke a rule, files and articles on which Broadsheet itself failed.

    The build moved them to `rejects`, so the tables are sound, but not the data. Each is told with its file and line.
    """
    rejects = tables.get("rejects")
    if rejects is None or not set(REJECTED) <= set(rejects.columns):
        return
    lines = Lines(tables, sources)
    seen: Counter[tuple[str, str, str | None]] = Counter()
    for row in _told(rejects):
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


def _told(rejects: TableFiles) -> Iterator[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted = pa.array(TOLD_CODES)
    try:
        for batch in rejects.batches(REJECTED):
            yield from batch.filter(pc.is_in(batch.column("code"), value_set=wanted)).to_pylist()
    except (pa.ArrowException, OSError, ValueError):
        return  # a file that cannot be read is a finding of `check_rows`


class Lines:
    """Where in which file a reject lies, for people and for CI, who know lines and not bytes.

    No line is told of a member of an archive: nobody opens one at a line, and to count would be to unpack.
    """

    def __init__(self, tables: Mapping[str, TableFiles], sources: Sources) -> None:
        self.files = sources
        self._table = tables.get("sources")
        self._known: dict[str, dict[str, Any] | None] = {}

    def _source(self, source_id: str) -> dict[str, Any] | None:
        """The row of a source; few are asked for, so they are looked up one by one."""
        import duckdb

        if self._table is None or not set(SOURCE) <= set(self._table.columns):
            return None
        if source_id not in self._known:
            query = f"SELECT {', '.join(SOURCE)} FROM sources WHERE source_id = ? LIMIT 1"
            try:
                with connected({"sources": self._table}) as connection:
                    row = connection.execute(query, [source_id]).fetchone()
            except duckdb.Error:
                row = None
            self._known[source_id] = dict(zip(SOURCE, row, strict=True)) if row else None
        return self._known[source_id]

    def place(self, source_id: str, start: int | None) -> tuple[str | None, int | None]:
        """Path of a source, and the line of a byte in it: None where the file is not there or is another by now."""
        source = self._source(source_id)
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
