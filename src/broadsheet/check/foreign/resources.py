"""Anybody's data package: every table read as text, then proven by its own schema.

What is not read here, spreadsheets above all, goes through frictionless in a process with limits, and is told.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from broadsheet.check import files
from broadsheet.check.descriptor import algorithm, fields_of, names_of, paths_of
from broadsheet.check.foreign.columns import Checked
from broadsheet.check.foreign.delimited import Dialect, Items, Table, Tally, Unreadable, json_items
from broadsheet.check.foreign.fetch import fetch
from broadsheet.check.foreign.loaded import Loaded, show_parquet, store
from broadsheet.check.report import Gather
from broadsheet.emitted import paths
from broadsheet.emitted.descriptors import DESCRIPTOR
from broadsheet.emitted.tables import connected
from broadsheet.engine.progress import Progress

if TYPE_CHECKING:
    import duckdb

Json = dict[str, Any]

DELIMITED: Final = ("csv", "tsv", "tab", "txt", "psv", "dsv")
LINES: Final = ("jsonl", "ndjson")
PROSE: Final = ("txt", "")  # tables only if the descriptor says so
MEDIA: Final = {"text/csv": "csv", "text/tab-separated-values": "tsv", "application/json": "json"}
REMEDIES: Final = {
    **dict.fromkeys(
        ("cell-cast", "constraint", "key-duplicate", "unique-key", "foreign-key"),
        "Mend the rows named, or the schema in the descriptor.",
    ),
    "columns-differ": "Give the file and the schema the same columns, or say `fieldsMatch` in the schema.",
    "table-missing": "Put the file named into the package, or correct its path in datapackage.json.",
    "table-unreadable": "Replace the file with one that is whole.",
    "hash-mismatch": "Download the file again, or correct its hash in datapackage.json.",
    "bytes-mismatch": "Download the file again, or correct its size in datapackage.json.",
    "license-missing": "Add `licenses` to datapackage.json.",
}
"""What can be done about packages that Broadsheet did not make, where its own would be built again."""
PACKED: Final = (".gz", ".bz2", ".xz", ".zst")


def check_foreign(root: Path, resources: list[Json], gather: Gather, progress: Progress | None = None) -> None:
    """Check the resources of a package.

    Args:
        root: Folder of the package.
        resources: Those that may be opened, schemas and dialects in place.
        gather: Takes the findings.
        progress: Told how many resources were read.
    """
    if progress is not None:
        progress.stage("reading resources", len(resources))
    with tempfile.TemporaryDirectory(prefix="broadsheet-") as folder, connected({}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        checked: dict[str, Checked] = {}
        for at, resource in enumerate(resources):
            one = _Resource(root, resource, Path(folder), gather).check(f"r{at}", connection)
            if one is not None and _read_through(one, one.run, gather):
                checked[one.table.name] = one
            if progress is not None:
                progress.advance(1)
        _references(resources, checked, gather)
    gather.counts["resources"] = len(resources)


def _read_through(one: Checked, step: Callable[[], None], gather: Gather) -> bool:
    """Whether a table could be read to its end; a damaged file shows only when it is read."""
    import duckdb

    try:
        step()
    except duckdb.Error as problem:
        message = (str(problem).splitlines() or ["it cannot be read"])[0][:160]
        gather.add("table-unreadable", message, resource=one.table.name)
        return False
    return True


def _references(resources: list[Json], checked: Mapping[str, Checked], gather: Gather) -> None:
    for resource in resources:
        schema = resource.get("schema")
        keys = schema.get("foreignKeys") if isinstance(schema, dict) else None
        one = checked.get(resource["name"])
        for key in keys if isinstance(keys, list) and one is not None else ():
            if one is not None and isinstance(key, dict) and isinstance(key.get("reference"), dict):
                _read_through(one, partial(one.reference, key, checked), gather)


class _Resource:
    """One resource on its way into DuckDB."""

    def __init__(self, root: Path, resource: Json, folder: Path, gather: Gather) -> None:
        self.root = root
        self.resource = resource
        self.folder = folder
        self.gather = gather
        self.name: str = resource["name"]
        schema, dialect = resource.get("schema"), resource.get("dialect")
        self.schema: Json = schema if isinstance(schema, dict) else {}
        self.dialect: Json = dialect if isinstance(dialect, dict) else {}

    def check(self, view: str, connection: "duckdb.DuckDBPyConnection") -> Checked | None:
        """Its files and, if it is a table that can be read, the table; else a finding says why not."""
        tally = Tally(self.name, self.gather)
        try:
            found = self._files()
            if found is None:
                return None
            table = self._load(view, found, connection, tally)
        except Unreadable as problem:
            if problem.code == "check-limited":
                self._by_frictionless(str(problem))
            else:
                self.gather.add(problem.code, str(problem), path=DESCRIPTOR, resource=self.name)
            return None
        finally:
            tally.close()
        if table is None:
            return None
        self.gather.counts[f"rows of {self.name}"] = table.rows
        if self.dialect.get("caseSensitiveHeader") is False:  # of version 1
            known = {name.casefold(): name for name in names_of(self.schema)}
            table = replace(table, header=[known.get(name.casefold(), name) for name in table.header])
        return Checked(table, self.schema, self.dialect.get("nullSequence"), connection, self.gather)

    def _files(self) -> list[tuple[Path, str]] | None:
        """The files with the names to show, verified; None if one is not there."""
        listed = []
        for path in paths_of(self.resource):
            file = fetch(str(path), self.folder) if paths.remote(path) else self.root / str(path)
            if not file.is_file():
                message = f"{path} is named but not there"
                self.gather.add("table-missing", message, path=DESCRIPTOR, resource=self.name)
                return None
            listed.append((file, str(path)))
        if len(listed) == 1:
            file, shown = listed[0]
            files.compare(file, shown, self.gather, algorithm(self.resource.get("hash")), self.resource.get("bytes"))
        elif listed and (self.resource.get("hash") or self.resource.get("bytes")):
            message = "hash and bytes of a resource of several files are not checked"
            self.gather.add("check-limited", message, path=DESCRIPTOR, resource=self.name)
        return listed

    def _load(
        self, view: str, found: list[tuple[Path, str]], connection: "duckdb.DuckDBPyConnection", tally: Tally
    ) -> Loaded | None:
        form = self._format(found)
        if not found:
            return self._inline(view, form, connection, tally)
        if form in DELIMITED and (form not in PROSE or self._is_table()):
            dialect = Dialect(self.dialect, found[0][1])
            encoding = self.resource.get("encoding")
            packed = self.resource.get("compression")
            table = Table(found, dialect, encoding if isinstance(encoding, str) else None, tally, packed)
            return store(self.name, view, table, connection, tally)
        if form in ("parquet", "parq"):
            return show_parquet(self.name, view, found, connection)
        if not self._is_table():
            return None  # a file like any other: that it is the one recorded is all that can be said
        if form in ("json", *LINES) and len(found) == 1:
            items = json_items(found[0][0], self.dialect, tally, found[0][1], lines=form in LINES)
            items.arrange(fields_of(self.schema))
            return store(self.name, view, items, connection, tally)
        raise Unreadable(f"files of the format {form!r} are not read here", "check-limited")

    def _inline(self, view: str, form: str, connection: "duckdb.DuckDBPyConnection", tally: Tally) -> Loaded | None:
        """The data that stand in the descriptor itself."""
        data = self.resource.get("data")
        if isinstance(data, str) and form in DELIMITED and (form not in PROSE or self._is_table()):
            file = self.folder / f"{view}.inline"
            file.write_bytes(data.encode("utf-8", "surrogateescape"))
            table = Table([(file, DESCRIPTOR)], Dialect(self.dialect, f"data.{form}"), "utf-8", tally)
            table.lines = False
            return store(self.name, view, table, connection, tally)
        rows = isinstance(data, list) and all(isinstance(one, dict | list) for one in data[:1])
        if not rows and not self._is_table():
            return None
        items = Items(data, self.dialect, tally, DESCRIPTOR)
        items.arrange(fields_of(self.schema))
        return store(self.name, view, items, connection, tally)

    def _is_table(self) -> bool:
        return bool(
            self.schema
            or self.resource.get("type") == "table"
            or self.resource.get("profile") == "tabular-data-resource"
        )

    def _format(self, found: list[tuple[Path, str]]) -> str:
        form = self.resource.get("format")
        media = str(self.resource.get("mediatype", "")).partition(";")[0].strip().lower()
        if isinstance(form, str) and form:
            return MEDIA.get(form.lower(), form.lower().removeprefix(".").removesuffix(".gz"))
        name = PurePosixPath(found[0][1] if found else "")
        name = PurePosixPath(name.stem) if name.suffix.lower() in PACKED else name
        return name.suffix.lower().removeprefix(".") or MEDIA.get(media, "")

    def _by_frictionless(self, why: str) -> None:
        from broadsheet.check.foreign.child import validate

        message = f"{why}; frictionless looked at it, without counting or limits of ours"
        self.gather.add("check-limited", message, path=DESCRIPTOR, resource=self.name)
        if any(paths.remote(path) for path in paths_of(self.resource)):
            return
        try:
            found = validate(self.root, self.resource)
        except TimeoutError as problem:
            self.gather.add("package-limit", str(problem), path=DESCRIPTOR, resource=self.name)
            return
        for one in found:
            row = one["row"]
            if "1-character string" in one["message"] or (one["type"] == "error" and "install" in one["message"]):
                message = f"nor can frictionless: {one['message']}"
                self.gather.add("check-limited", message, path=DESCRIPTOR, resource=self.name)
                continue
            self.gather.add(
                "resource-invalid",
                f"{one['type']}: {one['message']}",
                resource=self.name,
                field=one["field"],
                row_key=None if row is None else f"row {row}",
                count=one["count"],
            )
