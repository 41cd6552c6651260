"""What a build gives, and what it does again."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import engine_fakes as fakes
import pytest
from engine_fakes import FakeAnnotator, OtherAnnotator, put, settle, write_project

from broadsheet.engine import BuildReport, build
from broadsheet.findings import BroadsheetError
from broadsheet.project import load_project


def run(root: Path, **options: object) -> BuildReport:
    return build(load_project(root), **{"annotator": FakeAnnotator, "jobs": 1, **options})  # type: ignore[arg-type]


def codes(root: Path) -> list[str]:
    return sorted(row["code"] for row in fakes.tables_of(root)["rejects"])


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of five files that was built; tests change copies of it."""
    root = write_project(tmp_path_factory.mktemp("five") / "p")
    run(root)
    return root


@pytest.fixture
def root(five: Path, tmp_path: Path) -> Path:
    """A copy of it, files as old as they were."""
    return shutil.copytree(five, tmp_path / "p")


def test_ten_tables_and_a_report(tmp_path: Path) -> None:
    root = write_project(tmp_path, 2)
    report = run(root)
    tables = fakes.tables_of(root)
    assert len(tables) == 10
    assert [row["path"] for row in tables["sources"]] == ["sources/one/0.md", "sources/one/1.md"]
    assert [row["title"] for row in tables["articles"]] == ["甲国与乙国第0次通话", "甲国与乙国第1次通话"]
    assert tables["articles"][0]["publisher"] == "测试社"
    # per article: 甲国 and 乙国 in the title; 甲国, Ding, 乙国, 甲国 in the body
    assert len(tables["mentions"]) == 12
    assert {row["entity_id"]: row["mention_count"] for row in tables["entities"]} == {
        "loc/jia": 6,
        "loc/yi": 4,
        "per/ding": 2,
    }
    assert len(tables["event_reports"]) == 4
    assert {row["event_id"] for row in tables["event_reports"]} == {row["event_id"] for row in tables["events"]}
    written = json.loads((root / "build/report.json").read_text())
    assert written["tables"]["mentions"]["rows"] == 12
    assert written["collections"] == {
        "one": {"files": 2, "parsed": 2, "empty": 0, "not_article": 0, "rejected": 0, "articles": 2}
    }
    assert (report.processed, report.fresh, report.status) == (2, True, 0)


def test_unchanged_files_are_not_even_opened(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fakes.bytes_of(root), fakes.shards_of(root)
    real, opened = Path.open, []

    def noted(self: Path, *args: object, **options: object) -> object:
        opened.append(self)
        return real(self, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", noted)
    report = run(root)
    monkeypatch.undo()
    assert (report.files, report.processed, report.reread, report.fresh) == (5, 0, 0, False)
    assert not [file for file in opened if "sources/one" in file.as_posix()]
    assert (fakes.bytes_of(root), fakes.shards_of(root)) == before


def test_one_more_file_changes_one_shard_and_no_other_row(tmp_path: Path) -> None:
    root = write_project(tmp_path, 12)
    run(root)
    shards, rows = fakes.shards_of(root), fakes.tables_of(root)
    put(root, "new.md", fakes.article(20))
    report = run(root)
    assert report.processed == 1
    assert len(fakes.shards_of(root) - shards) == 1
    assert len(shards - fakes.shards_of(root)) <= 1
    after = fakes.tables_of(root)
    for table in ("sources", "articles", "mentions", "event_reports"):
        assert [row for row in after[table] if row in rows[table]] == rows[table]


def test_touched_file_is_read_but_not_processed(root: Path) -> None:
    before = fakes.bytes_of(root)
    settle(root / "sources/one/3.md", 1_700_000_099)
    report = run(root)
    assert (report.processed, report.reread, report.fresh) == (0, 1, False)
    assert fakes.bytes_of(root) == before
    report = run(root)
    assert (report.processed, report.reread) == (0, 0)


def test_changed_file_is_processed(root: Path) -> None:
    put(root, "3.md", fakes.article(33))  # same length and same time: only where it is too young is that not enough
    settle(root / "sources/one/3.md", 1_700_000_050)
    report = run(root)
    assert report.processed == 1
    assert "甲国与乙国第33次通话" in {row["title"] for row in fakes.tables_of(root)["articles"]}


def test_change_during_the_clock_tick_of_the_build_is_seen(tmp_path: Path) -> None:
    root = write_project(tmp_path, 1)
    file = root / "sources/one/0.md"
    future = 4_000_000_000
    settle(file, future)  # not older than the build that reads it
    run(root)
    file.write_text(fakes.article(1).replace("第1次", "第9次"))
    file.write_text(fakes.article(9)[: len(fakes.article(0))])
    settle(file, future)
    report = run(root)
    assert report.processed == 1
    assert [row["title"] for row in fakes.tables_of(root)["articles"]] == ["甲国与乙国第9次通话"]


def test_vanished_file_drops_out(root: Path) -> None:
    (root / "sources/one/3.md").unlink()
    report = run(root)
    assert (report.files, report.processed, report.fresh) == (4, 0, True)
    assert len(fakes.tables_of(root)["articles"]) == 4
    for file in (root / "sources/one").iterdir():
        file.unlink()
    report = run(root)
    assert (report.files, report.tables["articles"].rows) == (0, 0)
    assert [found.code for found in report.findings] == ["collection-empty"]


def test_settings_of_a_collection_count(root: Path) -> None:
    descriptor = root / "datapackage.yaml"
    descriptor.write_text(descriptor.read_text() + "    title: For people only\n")
    assert run(root).processed == 0
    descriptor.write_text(descriptor.read_text() + "    license: CC0-1.0\n")
    assert run(root).processed == 5
    assert {row["license"] for row in fakes.tables_of(root)["articles"]} == {"CC0-1.0"}


def test_another_annotator_processes_all(root: Path) -> None:
    assert run(root, annotator=OtherAnnotator).processed == 5


def test_tampered_table_is_written_again(root: Path) -> None:
    before = fakes.bytes_of(root)
    (root / "build/links.parquet").write_bytes(b"PAR1")
    report = run(root)
    assert (report.processed, report.fresh) == (0, True)
    assert fakes.bytes_of(root) == before


def test_workers_builds_and_cache_leave_no_trace(tmp_path: Path) -> None:
    one, two, three = (write_project(tmp_path / name, 10) for name in ("one", "two", "three"))
    run(one, jobs=1)
    run(two, jobs=2)
    for number in range(5, 10):
        (three / f"sources/one/{number}.md").rename(tmp_path / f"{number}.md")
    run(three)
    for number in range(5, 10):
        (tmp_path / f"{number}.md").rename(three / f"sources/one/{number}.md")
    assert run(three).processed == 5
    assert fakes.bytes_of(one) == fakes.bytes_of(two) == fakes.bytes_of(three)


def test_order_of_hashing_leaves_no_trace(tmp_path: Path) -> None:
    one, two = write_project(tmp_path / "one", 6), write_project(tmp_path / "two", 6)
    code = (
        "import sys; from pathlib import Path; from engine_fakes import FakeAnnotator;"
        "from broadsheet.engine import build; from broadsheet.project import load_project;"
        "build(load_project(Path(sys.argv[1])), annotator=FakeAnnotator)"
    )
    run(one)
    # This process has a seed of its own, by chance unless it was told one.
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parent)}
    subprocess.run([sys.executable, "-c", code, str(two)], env=environment, check=True)
    assert fakes.bytes_of(one) == fakes.bytes_of(two)


def test_bad_files_lose_nothing_else(tmp_path: Path) -> None:
    root = write_project(tmp_path / "p", 2)
    put(root, "empty.md", b"")
    with (root / "sources/one/big.md").open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    put(root, "line\nbreak.md", fakes.article(7))
    (tmp_path / "secret.md").write_text("not for you")
    (root / "sources/one/leak.md").symlink_to(tmp_path / "secret.md")
    report = run(root)
    assert report.status == 0
    tables = fakes.tables_of(root)
    statuses = {row["path"].rsplit("/", 1)[1]: row["status"] for row in tables["sources"]}
    assert statuses == {
        "0.md": "parsed",
        "1.md": "parsed",
        "big.md": "rejected",
        "empty.md": "empty",
        "leak.md": "rejected",
        "line\nbreak.md": "parsed",
    }
    assert codes(root) == ["file-empty", "file-too-large", "symlink-outside"]
    paths = {row["source_id"]: row["path"] for row in tables["sources"]}
    assert {row["code"]: paths[row["source_id"]] for row in tables["rejects"]} == {
        "file-empty": "sources/one/empty.md",
        "file-too-large": "sources/one/big.md",
        "symlink-outside": "sources/one/leak.md",
    }
    assert len(tables["articles"]) == 3
    assert not [row for row in tables["articles"] if "not for you" in row["body"]]


def test_file_of_two_collections(tmp_path: Path) -> None:
    root = write_project(tmp_path, 2, "  - name: two\n    files: sources/one/1.md\n")
    run(root)
    tables = fakes.tables_of(root)
    assert [(row["collection"], row["path"], row["status"]) for row in tables["sources"]] == [
        ("one", "sources/one/0.md", "parsed"),
        ("one", "sources/one/1.md", "parsed"),
        ("two", "sources/one/1.md", "rejected"),
    ]
    assert codes(root) == ["file-claimed-twice"]
    assert run(root).processed == 0


def test_unreadable_file_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write_project(tmp_path, 2)
    real = Path.open

    def refuse(self: Path, *args: object, **options: object) -> object:
        if self.name == "1.md":
            raise PermissionError(13, "Permission denied")
        return real(self, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    run(root)
    assert codes(root) == ["file-unreadable"]
    monkeypatch.undo()
    assert run(root).processed == 1
    assert codes(root) == []


def test_annotator_that_fails_costs_one_article_its_spans(tmp_path: Path) -> None:
    root = write_project(tmp_path, 2)
    put(root, "bad.md", fakes.article(3).replace("会谈顺利", fakes.FAIL))
    report = run(root)
    assert report.status == 0
    tables = fakes.tables_of(root)
    (reject,) = tables["rejects"]
    bad = {row["source_path"]: row for row in tables["articles"]}["sources/one/bad.md"]
    assert (reject["code"], reject["article_id"], reject["table"]) == ("annotate-failed", bad["article_id"], "articles")
    assert "told to fail" in reject["message"]
    assert len(tables["mentions"]) == 12


def test_parser_that_fails_costs_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import broadsheet.parse

    root = write_project(tmp_path, 3)
    real = broadsheet.parse.parse

    def fail(source: object, collection: object) -> object:
        if source.path.endswith("1.md"):  # type: ignore[attr-defined]
            raise ValueError("a bug")
        return real(source, collection)  # type: ignore[arg-type]

    monkeypatch.setattr(broadsheet.parse, "parse", fail)
    run(root)
    tables = fakes.tables_of(root)
    (reject,) = tables["rejects"]
    assert (reject["code"], "a bug" in reject["message"]) == ("parse-failed", True)
    assert [row["status"] for row in tables["sources"]] == ["parsed", "rejected", "parsed"]
    assert len(tables["articles"]) == 2


def test_worker_that_dies_is_told_and_the_next_build_completes(tmp_path: Path) -> None:
    root = write_project(tmp_path, 6)
    bad = put(root, "bad.md", fakes.article(3).replace("会谈顺利", fakes.DIE))
    with pytest.raises(BroadsheetError) as caught:
        run(root, jobs=2)
    assert caught.value.finding.code == "worker-died"
    assert not (root / "build/report.json").exists()
    bad.unlink()
    assert run(root).tables["articles"].rows == 6


def test_cluster_without_dask_says_so(tmp_path: Path) -> None:
    try:
        import distributed  # noqa: F401
    except ImportError:
        pass
    else:
        pytest.skip("Dask is installed")
    with pytest.raises(BroadsheetError) as caught:
        run(write_project(tmp_path, 1), cluster="tcp://127.0.0.1:1")
    assert "distributed" in caught.value.finding.message


def tighten_titles(root: Path, pattern: str) -> None:
    """Let the project allow only some titles."""
    from broadsheet.schema.load import core_dir

    (root / "schemas").mkdir()
    text = (core_dir() / "articles.yaml").read_text()
    head, rest = text.split("  - name: title\n", 1)
    field, tail = rest.split("  - name: publisher\n", 1)
    assert "constraints:\n" in field
    field = field.replace("constraints:\n", f"constraints:\n      pattern: '{pattern}'\n", 1)
    (root / "schemas/articles.yaml").write_text(f"{head}  - name: title\n{field}  - name: publisher\n{tail}")


def test_what_is_resolved_again_is_as_if_the_rejected_had_never_been(tmp_path: Path) -> None:
    one, two = write_project(tmp_path / "one", 6), write_project(tmp_path / "two", 5)
    tighten_titles(one, ".*第[0-4]次.*")
    assert run(one).status == 1
    run(two)
    left, never = fakes.tables_of(one), fakes.tables_of(two)
    assert len(left["events"]) < len(left["articles"]) == 5  # some events have reports of several articles
    for table in ("articles", "events", "event_participants", "event_reports", "entities", "mentions"):
        assert left[table] == never[table], table


def test_tightened_schema_moves_rows_and_fails_the_build(tmp_path: Path) -> None:
    root = write_project(tmp_path, 3)
    tighten_titles(root, ".*第[01]次.*")
    report = run(root)
    assert report.status == 1
    assert report.errors == {"constraint": 1}
    tables = fakes.tables_of(root)
    assert len(tables["articles"]) == 2
    assert [row["article_count"] for row in tables["sources"]] == [1, 1, 0]
    broken = [row for row in tables["rejects"] if row["code"] == "constraint"]
    assert [(row["table"], row["field"], row["value"]) for row in broken] == [
        ("articles", "title", "甲国与乙国第2次通话")
    ]
    gone = [row for row in tables["rejects"] if row["code"] == "parent-rejected"]
    assert sorted(row["table"] for row in gone) == ["event_reports"] * 2 + ["mentions"] * 6
    # what was counted from the rows that went is counted without them
    assert {row["entity_id"]: row["mention_count"] for row in tables["entities"]} == {
        "loc/jia": 6,
        "loc/yi": 4,
        "per/ding": 2,
    }
    assert run(root).status == 1
