"""A copy of `dist/` that a fault may spoil: as an accident does, file by file, or as a forger does.

A forger rewrites whatever else would tell: the CSV beside the Parquet file, sizes, hashes and row counts in
`datapackage.json`, in the card and in Croissant, and `SHA256SUMS`; so only the one thing is wrong.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import linked
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from broadsheet.check.csvform import csv_chunks, csv_schema
from broadsheet.package import package
from broadsheet.schema.load import load_table

Change = Callable[[Any], object]
SUMS = "SHA256SUMS"


def clean_project(root: Path) -> Path:
    """The linked project, with no cell that a spreadsheet takes for a formula, built and packaged."""
    made = linked.tables()
    length = len(linked.EMPTY_TITLE) - 1  # without the minus sign it begins with
    segment = {"field": "title", "text_start": 0, "text_length": length, "source_start": 1, "source_length": length}
    articles = linked.changed(made["articles"], 1, title=linked.EMPTY_TITLE[1:], segments=[segment])
    project = linked.write_project(root, {**made, "articles": articles})
    package(project, project.build_dir, project.dist_dir)
    return root


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


class Copy:
    """What a fault gets: a folder of its own, with copies of what it asks for.

    Attributes:
        root: The folder; `datapackage` and `huggingface` lie in it, or a project, or nothing.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.package = root / "datapackage"
        self.dataset = root / "huggingface"

    def sums(self, folder: Path) -> None:
        """Write the list of hashes again."""
        listed = sorted(
            path.relative_to(folder).as_posix()
            for path in folder.rglob("*")
            if path.is_file() and not path.is_symlink() and path.name != SUMS
        )
        (folder / SUMS).write_text("".join(f"{sha256(folder / path)}  {path}\n" for path in listed), "utf-8")

    def write(self, path: str, data: bytes) -> None:
        """Write a file of a package, and the list of hashes it stands in."""
        file = self.root / path
        file.write_bytes(data)
        self.sums(self.root / path.split("/", maxsplit=1)[0])

    def text(self, path: str, old: str, new: str) -> None:
        """Change a text file, once."""
        text = (self.root / path).read_text("utf-8")
        assert old in text
        self.write(path, text.replace(old, new, 1).encode())

    # The three descriptors.

    def descriptor(self, change: Change) -> None:
        file = self.package / "datapackage.json"
        value = json.loads(file.read_text("utf-8"))
        change(value)
        file.write_text(json.dumps(value), "utf-8")
        self.sums(self.package)

    def resource(self, name: str, change: Change) -> None:
        self.descriptor(lambda value: change(next(one for one in value["resources"] if one["name"] == name)))

    def card(self, change: Change) -> None:
        file = self.dataset / "README.md"
        _, front, rest = file.read_text("utf-8").split("---\n", 2)
        value = yaml.safe_load(front)
        change(value)
        front = yaml.safe_dump(value, sort_keys=False, allow_unicode=True)
        file.write_text(f"---\n{front}---\n{rest}", "utf-8")
        self.sums(self.dataset)

    def info(self, name: str, change: Change) -> None:
        self.card(lambda card: change(next(one for one in card["dataset_info"] if one["config_name"] == name)))

    def croissant(self, change: Change) -> None:
        file = self.dataset / "croissant.json"
        value = json.loads(file.read_text("utf-8"))
        change(value)
        file.write_text(json.dumps(value), "utf-8")
        self.sums(self.dataset)

    def schema(self, name: str, old: str, new: str) -> None:
        """Change the schema of a table, and what the descriptor says of it."""
        path = f"datapackage/schemas/{name}.yaml"
        self.text(path, old, new)
        said = csv_schema(load_table(self.root / path))
        self.resource(name, lambda one: one.update(schema=said))

    # Tables.

    def table(self, name: str) -> pa.Table:
        folder = self.package / "parquet" if self.package.exists() else self.dataset / "data"
        return pq.read_table(folder / f"{name}.parquet" if self.package.exists() else self.shard(name))

    def shard(self, name: str) -> Path:
        return self.dataset / "data" / name / "train-00000-of-00001.parquet"

    def cell(self, table: str, row: int, **cells: Any) -> None:
        """Change cells of a row."""
        self.store(table, linked.changed(self.table(table), row, **cells))

    def rows(self, table: str, change: Change) -> None:
        """Change the rows of a table as a list of mappings."""
        old = self.table(table)
        listed = old.to_pylist()
        change(listed)
        self.store(table, pa.Table.from_pylist(listed, schema=old.schema))

    def store(self, name: str, table: pa.Table, **options: Any) -> None:
        """Put a table in the place of one, in every form there is."""
        if self.package.exists():
            csv = self.package / "csv" / f"{name}.csv"
            csv.write_bytes(b"".join(csv_chunks(table)))
            pq.write_table(table, self.package / "parquet" / f"{name}.parquet", **options)
            self.recorded(name, table.num_rows)
        if self.dataset.exists():
            pq.write_table(table, self.shard(name), **options)
            self.told(name, table.num_rows)

    def recorded(self, name: str, rows: int | None = None) -> None:
        """Let the data package record the files of a table as they are."""

        def record(one: dict[str, Any]) -> None:
            for said in (one, one.get("broadsheet:parquet", {})):
                if "path" in said:
                    file = self.package / said["path"]
                    said |= {"bytes": file.stat().st_size, "hash": f"sha256:{sha256(file)}"}
            if rows is not None:
                one["broadsheet:parquet"]["rows"] = rows

        self.resource(name, record)

    def told(self, name: str, rows: int) -> None:
        """Let the card and Croissant tell the file of a table as it is."""
        file = self.shard(name)
        size = file.stat().st_size

        def tell(card: dict[str, Any]) -> None:
            told = next(one for one in card["dataset_info"] if one["config_name"] == name)
            told["splits"][0]["num_examples"] = rows
            told["download_size"] = size
            if name == "articles":
                assert rows < 1_000, "size_categories"

        def describe(value: dict[str, Any]) -> None:
            path = file.relative_to(self.dataset).as_posix()
            entry = next(one for one in value["distribution"] if one["@id"] == path)
            entry |= {"contentSize": f"{size} B", "sha256": sha256(file)}
            next(one for one in value["recordSet"] if one["name"] == name)["annotation"]["value"] = rows

        self.card(tell)
        self.croissant(describe)

    def build(self, change: Callable[[dict[str, pa.Table]], dict[str, pa.Table]]) -> None:
        """Put tables in the place of some of a build, and record them."""
        folder = self.root / "build"
        made = {file.stem: pq.read_table(file) for file in folder.glob("*.parquet")}
        linked.write_build(folder, {**made, **change(made)})

    # What others made.

    def foreign(self, *resources: Mapping[str, Any], **files: str | bytes) -> None:
        """A package of someone else; `a_csv` is the file a.csv."""
        for name, data in files.items():
            (self.root / name.replace("_", ".")).write_bytes(data.encode() if isinstance(data, str) else data)
        value = {"name": "theirs", "licenses": [{"name": "CC0-1.0"}], "resources": list(resources)}
        (self.root / "datapackage.json").write_text(json.dumps(value), "utf-8")

    def column(self, *cells: str, path: str = "a.csv", **field: Any) -> None:
        """A package of someone else with one table of one column `x`."""
        schema = {"fields": [{"name": "x", **field}]}
        text = "".join(f"{cell}\n" for cell in ("x", *cells))
        self.foreign({"name": "a", "path": path, "schema": schema}, a_csv=text)


FORMS = {
    "datapackage": ("datapackage",),
    "huggingface": ("huggingface",),
    "dist": ("datapackage", "huggingface", "datapackage.zip", SUMS, "made-of.json"),
    "zip": ("datapackage",),
    "build": (),
    "foreign": (),
}
"""What a fault may be about, and what of `dist` it gets a copy of."""


def copied(project: Path, form: str, root: Path) -> Copy:
    """A copy of what a fault of this form spoils."""
    root.mkdir()
    if form == "build":
        shutil.copytree(project, root, ignore=shutil.ignore_patterns("dist"), dirs_exist_ok=True)
    for name in FORMS[form]:
        source = project / "dist" / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, root / name)
    return Copy(root)


def subject(copy: Copy, form: str) -> Path:
    """What is checked."""
    if form in ("build", "datapackage", "huggingface"):
        return copy.root / form
    return next(copy.root.glob("*.zip"), copy.root) if form in ("foreign", "zip") else copy.root
