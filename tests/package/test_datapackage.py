import csv
import hashlib
import io
import json
import subprocess
from datetime import date, datetime
from pathlib import Path

import duckdb
import frictionless
import linked
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from broadsheet.check.csvform import csv_chunks
from broadsheet.findings import BroadsheetError
from broadsheet.package import PackageReport, package
from broadsheet.package.write import replace_parts
from broadsheet.project import Project


def descriptor(packaged: PackageReport) -> dict:
    return json.loads((packaged.dist / "datapackage" / "datapackage.json").read_text("utf-8"))


def test_frictionless_finds_the_package_valid(packaged: PackageReport) -> None:
    report = frictionless.validate(str(packaged.dist / "datapackage" / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])
    rows = {task.name: task.stats["rows"] for task in report.tasks}
    assert rows == packaged.rows | {"event_reports_flat": packaged.rows["event_reports"]}


def test_frictionless_reads_empty_text_and_null_apart(packaged: PackageReport) -> None:
    read = frictionless.Package(str(packaged.dist / "datapackage" / "datapackage.json"))
    rows = {row["title"]: row for row in read.get_resource("articles").read_rows()}
    empty = rows[linked.EMPTY_TITLE]
    assert empty["body"] == ""
    assert empty["summary"] is None
    assert empty["authors"] == []
    assert rows[linked.OPEN_TITLE]["authors"] == ["Ida Quill", 'O. "Pen" Name']


def test_the_descriptor_says_what_the_project_says(packaged: PackageReport) -> None:
    said = descriptor(packaged)
    assert said["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert (said["name"], said["version"]) == ("harbor-news", "1.2.0")
    assert said["title"] == "Harbor <b>News</b> | a *test*"
    assert said["licenses"][0]["name"] == "CC0-1.0"
    assert said["contributors"] == [{"title": "Maker: of #things", "roles": ["creator"]}]
    assert [s["redistribution"] for s in said["sources"]] == ["full", "excerpt", "metadata"]
    assert "created" not in said  # no commit, no SOURCE_DATE_EPOCH, and never the clock
    assert [r["name"] for r in said["resources"]] == [*linked.tables(), "event_reports_flat"]


def test_hashes_and_sizes_are_those_of_the_files(packaged: PackageReport) -> None:
    root = packaged.dist / "datapackage"
    for resource in descriptor(packaged)["resources"]:
        for said in filter(None, (resource, resource.get("broadsheet:parquet"))):
            data = (root / said["path"]).read_bytes()
            assert said["bytes"] == len(data)
            assert said["hash"] == "sha256:" + hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("name", ["datapackage", "huggingface"])
def test_sha256sum_accepts_every_file(packaged: PackageReport, name: str) -> None:
    folder = packaged.dist / name
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    listed = {line.split("  ", 1)[1] for line in (folder / "SHA256SUMS").read_text().splitlines()}
    there = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    assert listed == there - {"SHA256SUMS"}


def test_csv_writes_every_type_as_promised() -> None:
    table = pa.table(
        {
            "text": ["a,b", 'say "x"', "two\nlines", None, ""],
            "flag": [True, False, None, True, True],
            "day": [date(2031, 3, 4), None, None, None, None],
            "at": pa.array(
                [datetime(2031, 3, 4, 8, 30, 15, 250_000), None, None, None, None], pa.timestamp("us", "UTC")
            ),
            "real": [0.1, 1.0, None, 1e-9, 2.0],
            "list": [["海", 'q"'], [], None, [], []],
            "structs": [[{"a": 1, "b": None}], [], None, [], []],
        }
    )
    text = b"".join(csv_chunks(table)).decode()
    assert text == (
        "text,flag,day,at,real,list,structs\n"
        '"a,b",true,2031-03-04,2031-03-04T08:30:15.250000Z,0.1,"[""海"", ""q\\""""]","[{""a"": 1, ""b"": null}]"\n'
        '"say ""x""",false,,,1.0,[],[]\n'
        '"two\nlines",,,,,,\n'
        ",true,,,1e-09,[],[]\n"
        ",true,,,2.0,[],[]\n"
    )


def test_csv_keeps_every_kind_of_line_end() -> None:
    texts = ["a\rb", "a\r\nb", "a\nb", "\r", ' "', "tab\t", "\x00"]
    text = b"".join(csv_chunks(pa.table({"n": list(range(len(texts))), "t": texts}))).decode()
    assert [row["t"] for row in csv.DictReader(io.StringIO(text, newline=""))] == texts


def test_csv_and_parquet_hold_the_same_rows(packaged: PackageReport) -> None:
    root = packaged.dist / "datapackage"
    for name in packaged.rows:
        rows = pq.read_table(root / "parquet" / f"{name}.parquet").to_pylist()
        text = (root / "csv" / f"{name}.csv").read_text("utf-8")
        read = list(csv.DictReader(io.StringIO(text, newline="")))
        assert len(read) == len(rows)
        for cells, row in zip(read, rows, strict=True):
            for column, value in row.items():
                if isinstance(value, list):
                    assert json.loads(cells[column]) == value
                elif isinstance(value, str) or value is None:
                    assert cells[column] == (value or "")
                elif isinstance(value, bool):
                    assert cells[column] == str(value).lower()
                elif isinstance(value, int):
                    assert int(cells[column]) == value


def test_packaging_twice_gives_the_same_bytes(project: Project, packaged: PackageReport, tmp_path: Path) -> None:
    again = package(project, project.build_dir, tmp_path / "dist")
    assert again.files == packaged.files
    for file in again.files:
        assert (tmp_path / "dist" / file.path).read_bytes() == (packaged.dist / file.path).read_bytes()


def test_created_is_the_epoch_the_caller_gives(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    made = package(project, project.build_dir, tmp_path / "dist")
    assert descriptor(made)["created"] == "2001-09-09T01:46:40Z"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(BroadsheetError, match="argument-invalid"):
        package(project, project.build_dir, tmp_path / "dist")


def test_created_is_the_last_commit_of_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    project = linked.write_project(tmp_path / "project")
    stamp = {"GIT_COMMITTER_DATE": "@1111111111 +0000", "GIT_AUTHOR_DATE": "@1111111111 +0000", "PATH": "/usr/bin:/bin"}
    for command in (["init", "-q"], ["add", "datapackage.yaml"], ["commit", "-q", "-m", "x"]):
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *who, *command], cwd=project.root, env=stamp, check=True)
    assert descriptor(package(project, project.build_dir, project.dist_dir))["created"] == "2005-03-18T01:58:31Z"


def test_user_text_is_no_markup(packaged: PackageReport) -> None:
    for name in ("datapackage", "huggingface"):
        text = (packaged.dist / name / "README.md").read_text("utf-8")
        body = text.split("\n---\n", 1)[-1]
        assert "<script>" not in body
        assert "<b>" not in body
        assert "\n# Harbor &lt;b&gt;News&lt;/b&gt; \\| a \\*test\\*\n" in f"\n{body}"
        assert "https://example.org/open?a=1&b=%282%29)" in body


def test_missing_licence_is_said(tmp_path: Path) -> None:
    silent = linked.DESCRIPTOR.replace("licenses:\n  - name: CC0-1.0\n", "")
    project = linked.write_project(tmp_path / "project", descriptor=silent)
    report = package(project, project.build_dir, project.dist_dir)
    assert [f.path for f in report.findings if f.code == "license-missing"] == ["datapackage.yaml"]
    assert "No licence is stated" in (report.dist / "datapackage" / "LICENSE").read_text("utf-8")


def test_collections_without_a_licence_are_told_in_one_finding(tmp_path: Path) -> None:
    more = "".join(f"  - {{name: pier-{at}, title: Pier, files: sources/pier-{at}/*.txt}}\n" for at in range(6))
    closed = "  - {name: shut, title: Shut, files: sources/shut/*.txt, redistribution: metadata}\n"
    project = linked.write_project(tmp_path / "project", descriptor=linked.DESCRIPTOR + more + closed)
    report = package(project, project.build_dir, project.dist_dir)
    (found,) = [f for f in report.findings if f.code == "license-missing"]
    assert found.message.endswith("state no licence: pier-0, pier-1, pier-2, pier-3, pier-4 and 1 more")
    assert (found.count, found.remedy.startswith("Add `license` to these collections")) == (6, True)


def test_the_terms_of_the_project_are_part_of_the_licence(tmp_path: Path) -> None:
    project = linked.write_project(tmp_path / "project")
    (project.root / "LICENSE-DATA").write_text("Use it kindly.\n", "utf-8")
    report = package(project, project.build_dir, project.dist_dir)
    assert (report.dist / "huggingface" / "LICENSE").read_text("utf-8").endswith("\nUse it kindly.\n")


def test_cells_like_formulas_are_counted_and_kept(packaged: PackageReport) -> None:
    found = [f for f in packaged.findings if f.code == "formula-like"]
    assert [(f.resource, f.field, f.count, f.sample) for f in found] == [("articles", "title", 1, linked.EMPTY_TITLE)]
    assert linked.EMPTY_TITLE in (packaged.dist / "datapackage" / "csv" / "articles.csv").read_text("utf-8")


def test_the_project_may_describe_a_resource(tmp_path: Path) -> None:
    more = linked.DESCRIPTOR + "resources:\n  - name: events\n    title: What happened in the harbor\n"
    project = linked.write_project(tmp_path / "project", descriptor=more)
    said = descriptor(package(project, project.build_dir, project.dist_dir))
    assert {r["name"]: r["title"] for r in said["resources"]}["events"] == "What happened in the harbor"


def test_no_build_is_refused(project: Project, tmp_path: Path) -> None:
    with pytest.raises(BroadsheetError, match="build-missing"):
        package(project, tmp_path / "nothing", tmp_path / "dist")
    assert not (tmp_path / "dist").exists()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda build: (build / "report.json").unlink(), "build-incomplete"),
        (lambda build: (build / "report.json").write_text("{"), "build-incomplete"),
        (lambda build: (build / "links.parquet").unlink(), "build-incomplete"),
        (lambda build: (build / "links.parquet").write_bytes(b"PAR1"), "bytes-mismatch"),
    ],
)
def test_a_build_that_is_not_whole_is_refused(tmp_path: Path, spoil, code: str) -> None:
    project = linked.write_project(tmp_path / "project")
    spoil(project.build_dir)
    with pytest.raises(BroadsheetError) as caught:
        package(project, project.build_dir, project.dist_dir)
    assert caught.value.finding.code == code
    assert not project.dist_dir.exists()


def contents(folder: Path) -> dict[str, bytes]:
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


@pytest.mark.parametrize("broken", ["disk", "query"])
def test_a_packaging_that_dies_leaves_the_old_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    project = linked.write_project(tmp_path / "project")
    package(project, project.build_dir, project.dist_dir)
    (project.dist_dir / "README.md").write_text("mine")
    before = contents(project.dist_dir)
    linked.write_build(project.build_dir, linked.tables() | {"links": linked.tables()["links"].slice(0, 0)})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "somewhere")

    def spilled(*_: object) -> None:
        raise duckdb.IOException("No space left on device\nfor a temporary file")

    monkeypatch.setattr("broadsheet.package.huggingface.card.card", full if broken == "disk" else spilled)
    with pytest.raises(BroadsheetError, match="No space left on device") as caught:
        package(project, project.build_dir, project.dist_dir)
    assert caught.value.finding.code == "write-failed"
    assert contents(project.dist_dir) == before
    assert sorted(p.name for p in project.root.iterdir()) == ["build", "datapackage.yaml", "dist", "sources"]


def test_a_kill_between_two_renames_is_mended_by_the_next_run(tmp_path: Path) -> None:
    target = tmp_path / "dist"
    (target / "b").mkdir(parents=True)
    (target / "b" / "f").write_text("old b")
    (tmp_path / ".dist.old" / "a").mkdir(parents=True)  # set aside, and its successor never arrived
    (tmp_path / ".dist.old" / "a" / "f").write_text("old a")
    (tmp_path / ".dist.new" / "a").mkdir(parents=True)

    def fail(spare: Path) -> None:
        assert (target / "a" / "f").read_text() == "old a"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replace_parts(target, ["a", "b"], fail)
    assert contents(target) == {"a/f": b"old a", "b/f": b"old b"}
    assert [p.name for p in tmp_path.iterdir()] == ["dist"]


def test_a_failing_exchange_puts_everything_back(tmp_path: Path) -> None:
    target = tmp_path / "dist"
    for name in ("a", "b"):
        (target / name).mkdir(parents=True)
        (target / name / "f").write_text(f"old {name}")

    def half(spare: Path) -> None:
        (spare / "a").mkdir()
        (spare / "a" / "f").write_text("new a")  # b is never written, so its rename fails

    with pytest.raises(FileNotFoundError):
        replace_parts(target, ["a", "b"], half)
    assert (target / "b" / "f").read_text() == "old b"
    assert (target / "a" / "f").read_text() == "old a"


def test_schemas_travel_with_the_package(packaged: PackageReport) -> None:
    from broadsheet.schema.load import core_tables, project_tables

    assert project_tables(packaged.dist / "datapackage" / "schemas") == core_tables()
