"""No published byte holds what may not be published: every file, every column, every statistic, every member."""

import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import withheld
from typer.testing import CliRunner

from broadsheet.check.report import Gather
from broadsheet.check.rights import check_rights
from broadsheet.cli import app
from broadsheet.emitted.tables import TableFiles, read_footers
from broadsheet.engine import build
from broadsheet.findings import BroadsheetError
from broadsheet.package import package
from broadsheet.project import load_project

WINDOW = 12
Tables = dict[str, list[dict[str, Any]]]


def tables(folder: Path) -> Tables:
    return {file.stem: pq.read_table(file).to_pylist() for file in sorted(folder.glob("*.parquet"))}


@dataclass(frozen=True)
class Made:
    """What was built without the blocklist, built with it, and published."""

    root: Path
    before: Tables
    built: Tables
    published: Tables


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    root = withheld.write(tmp_path_factory.mktemp("withheld"))
    build(load_project(root), jobs=1)
    before = tables(root / "build")
    (root / "blocklist.yaml").write_text(withheld.BLOCKLIST, "utf-8")
    project = load_project(root)
    with pytest.raises(BroadsheetError) as caught:
        package(project, project.build_dir, project.dist_dir)
    assert caught.value.finding.code == "build-stale"
    assert not project.dist_dir.exists()
    report = build(project, jobs=1)
    assert (report.processed, report.rejects["blocked"]) == (0, 1)
    package(project, project.build_dir, project.dist_dir)
    return Made(root, before, tables(root / "build"), tables(project.dist_dir / "datapackage" / "parquet"))


def texts(value: Any) -> Iterator[str]:
    """All texts in a value, however deep."""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str | bytes):
        yield value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def parquet_texts(data: bytes) -> Iterator[str]:
    """Every cell of every column, and what footers say: names, metadata, least and greatest values."""
    file = pq.ParquetFile(io.BytesIO(data))
    yield from texts(file.read().to_pydict())
    yield from texts(file.metadata.metadata or {})
    for group in range(file.metadata.num_row_groups):
        for column in range(file.metadata.num_columns):
            found = file.metadata.row_group(group).column(column)
            if found.statistics is not None and found.statistics.has_min_max:
                yield from texts([found.statistics.min, found.statistics.max])


def said(name: str, data: bytes) -> Iterator[str]:
    """All that a file says, in every way it can be read."""
    yield data.decode("utf-8", "replace")  # page headers, indexes and footers of Parquet are not compressed
    for encoding in ("utf-16-le", "gb18030", "big5"):
        yield data.decode(encoding, "ignore")
    if name.endswith(".parquet"):
        yield from parquet_texts(data)
    elif name.endswith(".json"):
        yield from texts(json.loads(data))
    elif name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                yield member.filename + member.comment.decode("utf-8", "replace")
                yield from said(member.filename, archive.read(member))


def windows(text: str) -> set[str]:
    return {text[at : at + WINDOW] for at in range(len(text) - WINDOW + 1)}


def secrets(made: Made) -> set[str]:
    """Every stretch of a body that is not published, but for those that stand in published text or are names."""
    shown = {row["article_id"]: row["body"] for row in made.published["articles"]}
    hidden: set[str] = set()
    for row in made.before["articles"]:
        kept = len(shown.get(row["article_id"], ""))
        hidden |= windows(row["body"][kept:])
    for row in made.published["articles"]:
        hidden -= windows(row["title"]) | windows(row["body"])
    for row in made.published["entities"]:  # names are facts
        hidden -= {window for name in texts(row) for window in windows(name)}
    return hidden


def leaks(folder: Path, hidden: set[str]) -> list[tuple[str, str]]:
    found = []
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            for text in said(file.name, file.read_bytes()):
                secret = {marker for marker in withheld.MARKERS if marker in text} | (windows(text) & hidden)
                found += [(file.relative_to(folder).as_posix(), one) for one in sorted(secret)]
    return found


def holding(found: Tables, path: str) -> set[tuple[str, str]]:
    """Tables and columns in which a marker stands, of rows of one file."""
    sources = {row["source_id"] for row in found["sources"] if row["path"] == f"sources/{path}"}
    articles = {row["article_id"] for row in found["articles"] if row["source_id"] in sources}
    return {
        (name, column)
        for name, listed in found.items()
        for row in listed
        if row.get("source_id") in sources or row.get("article_id") in articles
        for column, value in row.items()
        if any(marker in text for text in texts(value) for marker in withheld.MARKERS)
    }


def test_markers_stand_wherever_text_of_a_source_can(made: Made) -> None:
    wire = {("articles", "body"), ("articles", "summary"), ("articles", "tags"), ("links", "text")}
    assert holding(made.before, "open/mine.md") == wire | {("sources", "rights_statement")}
    assert holding(made.before, "part/school.html") == wire | {("media", "caption"), ("sources", "rights_statement")}
    assert {column for table, column in holding(made.before, "closed/tea.md") if table != "links"} == {
        "body", "summary", "tags", "rights_statement", "published_text", "value", "message",
    }  # fmt: skip
    assert ("rejects", "value") in holding(made.before, "closed/fog.md")
    assert ("articles", "title") in holding(made.before, "open/暗记文件名-gone.md")
    assert holding(made.before, "open/bridge.md") == set()


def test_rights_of_articles_are_the_strictest_of_all(made: Made) -> None:
    assert {Path(row["source_path"]).name: row["redistribution"] for row in made.published["articles"]} == {
        "bridge.md": "full", "guest.md": "full", "yard.md": "full", "mine.md": "metadata", "school.html": "excerpt",
        "tea.md": "metadata", "fog.md": "metadata",
    }  # fmt: skip


def test_no_published_byte_holds_what_is_withheld_or_taken_down(made: Made) -> None:
    hidden = secrets(made)
    assert len(hidden) > 400
    assert leaks(made.root / "dist", hidden) == []
    found = {file.suffix for file in (made.root / "dist").rglob("*") if file.is_file()}
    assert {".parquet", ".csv", ".json", ".md", ".zip", ".cff", ".yaml"} <= found


def test_what_is_published_elsewhere_holds_no_more(made: Made, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["publish", str(tmp_path / "site"), "-C", str(made.root)])
    assert done.exit_code == 0, done.output
    files = [file for file in (tmp_path / "site").rglob("*") if file.is_file()]
    assert any(file.suffix == ".parquet" for file in files)
    assert leaks(tmp_path / "site", secrets(made)) == []
    assert not (tmp_path / "site" / "made-of.json").exists()  # a hash of the blocklist would confirm guesses


def test_packages_of_an_earlier_build_are_not_published(made: Made, tmp_path: Path) -> None:
    root = shutil.copytree(made.root, tmp_path / "project")
    arguments = ["publish", str(tmp_path / "site"), "-C", str(root)]
    (root / "blocklist.yaml").write_text(withheld.BLOCKLIST + "- {article: art-0123456789abcdef}\n", "utf-8")
    assert "build-stale" in CliRunner().invoke(app, arguments).output
    project = load_project(root)
    build(project, jobs=1)
    for file in project.dist_dir.rglob("*"):
        os.utime(file, (4_000_000_000, 4_000_000_000))  # newer than all there is
    assert "package-stale" in CliRunner().invoke(app, arguments).output
    shutil.rmtree(project.build_dir)  # as where somebody else built
    assert "package-stale" in CliRunner().invoke(app, arguments).output
    assert not (tmp_path / "site").exists()
    (root / "blocklist.yaml").write_text(withheld.BLOCKLIST, "utf-8")
    assert CliRunner().invoke(app, arguments).exit_code == 0


def test_the_tests_above_find_what_is_there(made: Made, tmp_path: Path) -> None:
    hidden = secrets(made)
    articles = pq.read_table(made.root / "build" / "articles.parquet")
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(made.root / "build" / "articles.parquet", "inner/articles.parquet")
    pq.write_table(articles.select(["tags"]), tmp_path / "b.parquet", compression="zstd")
    (tmp_path / "c.json").write_text(json.dumps({"a": ["暗记"]}), "utf-8")
    (tmp_path / "d.txt").write_text("竹簍裡的嫩芽帶著露水，到了中午才下山過秤", "utf-8")
    (tmp_path / "e.bin").write_bytes("暗记".encode("gb18030"))
    assert {name for name, _ in leaks(tmp_path, hidden)} == {"a.zip", "b.parquet", "c.json", "d.txt", "e.bin"}


def test_statistics_are_those_of_published_rows(made: Made) -> None:
    """A least value that only the build has would tell what the package does not."""
    told = 0
    for file in sorted((made.root / "dist").rglob("*.parquet")):
        parquet = pq.ParquetFile(file)
        for group in range(parquet.num_row_groups):
            cells = parquet.read_row_group(group)
            for column in range(parquet.metadata.num_columns):
                found = parquet.metadata.row_group(group).column(column)
                name = found.path_in_schema
                if found.statistics is None or not found.statistics.has_min_max or "." in name:
                    continue
                values = [value for value in cells.column(name).to_pylist() if value is not None]
                assert (found.statistics.min, found.statistics.max) == (min(values), max(values)), (file, name)
                told += 1
    assert told > 50


def test_the_build_knows_nothing_of_what_was_taken_down(made: Made) -> None:
    gone = next(row for row in made.before["articles"] if row["source_path"].endswith("gone.md"))
    hidden = windows(gone["body"]) | {gone["title"], gone["article_id"], gone["url"], "科隆佐夫", "Kolonzov", "鲁托"}
    shown = "\n".join(texts(made.built)) + (made.root / "build" / "report.json").read_text("utf-8")
    for row in made.built["articles"]:  # who heard of him elsewhere may say so
        shown = shown.replace(row["body"], "")
    assert {secret for secret in hidden if secret in shown} == set()
    taught = {row["surface"] for row in made.before["mentions"]} - {row["surface"] for row in made.built["mentions"]}
    assert {"科隆佐夫", "Ivan Kolonzov", "鲁托", "卢拉"} <= taught


def test_the_check_finds_nothing_in_the_package_and_much_in_the_build(made: Made) -> None:
    def found(folder: Path) -> set[tuple[str | None, str | None]]:
        files: dict[str, TableFiles] = {
            file.stem: read_footers(file.stem, [file]) for file in sorted(folder.glob("*.parquet"))
        }
        gather = Gather()
        check_rights(files, gather)
        return {(one.resource, one.field) for one in gather.report("it").findings}

    assert found(made.root / "dist" / "datapackage" / "parquet") == set()
    assert found(made.root / "build") == {
        ("articles", "body"), ("articles", "summary"), ("articles", "tags"), ("articles", "published_text"),
        ("media", "caption"), ("links", "text"), ("sources", "rights_statement"), ("rejects", "value"),
        ("rejects", "message"),
    }  # fmt: skip
