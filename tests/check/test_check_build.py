import hashlib
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import linked
import pyarrow as pa
import pytest

from broadsheet.check import CheckReport, check_path
from broadsheet.check.build import check_build
from broadsheet.check.report import KEPT, Gather
from broadsheet.check.reporters import as_json, as_text
from broadsheet.check.slices import verdict
from broadsheet.collect import Sources
from broadsheet.findings import BroadsheetError, Severity
from broadsheet.project import Project
from broadsheet.schema.load import core_tables


def codes(report: CheckReport) -> set[tuple[str, str | None, str | None]]:
    """Code, table and column of everything but notes."""
    return {(f.code, f.resource, f.field) for f in report.findings if f.severity is not Severity.NOTE}


def check_changed(tmp_path: Path, project: Project, **tables: pa.Table) -> CheckReport:
    """Check a build with some tables replaced; the source files are the shared project's."""
    build = linked.write_build(tmp_path / "build", linked.tables() | tables)
    return check_build(build, core_tables(), Sources(project))


def test_a_sound_build_is_clean_and_every_span_is_sliced(project: Project) -> None:
    report = check_path(project.build_dir)
    assert codes(report) == set()
    assert report.status(strict=True) == 0
    # 8 segments (4 titles, 2 + 1 + 1 stretches of bodies), 8 mentions and 4 reports; one stretch holds a reference
    assert report.counts["spans exact"] == 19
    assert report.counts["spans decoded"] == 1
    assert report.counts["rows of mentions"] == 8


def test_an_orphan_is_found_with_its_row(tmp_path: Path, project: Project) -> None:
    mentions = linked.changed(linked.tables()["mentions"], 3, entity_id="per/nobody")
    report = check_changed(tmp_path, project, mentions=mentions)
    assert codes(report) == {("foreign-key", "mentions", "entity_id")}
    (found,) = [f for f in report.findings if f.code == "foreign-key"]
    assert found.row_key == f"{mentions['mention_id'][3].as_py()}/per/nobody"
    assert report.status() == 1


def test_two_rows_with_one_key_are_found(tmp_path: Path, project: Project) -> None:
    entities = linked.tables()["entities"]
    report = check_changed(tmp_path, project, entities=pa.concat_tables([entities, entities.slice(2, 1)]))
    assert ("key-duplicate", "entities", "entity_id") in codes(report)


def test_two_mentions_at_one_place_are_found(tmp_path: Path, project: Project) -> None:
    mentions = linked.tables()["mentions"]
    twin = linked.changed(mentions.slice(0, 1), 0, mention_id=linked.ident("men", "twin"))
    report = check_changed(tmp_path, project, mentions=pa.concat_tables([mentions, twin]))
    assert ("unique-key", "mentions", "article_id, field, start, end") in codes(report)


@pytest.mark.parametrize(
    "wrong",
    [
        [
            ("sources", 0, {"status": "fine"}, ("constraint", "sources", "status")),
            ("mentions", 0, {"confidence": 1.5}, ("constraint", "mentions", "confidence")),
            ("mentions", 3, {"surface": "Anna Lynd"}, ("span-mismatch", "mentions", "surface")),
            ("mentions", 4, {"source_start": 0}, ("span-mismatch", "mentions", "source_start")),
            ("events", 0, {"event_id": "EV 1"}, ("constraint", "events", "event_id")),
            ("articles", 0, {"character_count": 3}, ("span-mismatch", "articles", "character_count")),
            ("articles", 1, {"body_sha256": "0" * 64}, ("span-mismatch", "articles", "body_sha256")),
            ("articles", 2, {"segments": []}, ("span-mismatch", "articles", "segments")),
            ("event_reports", 0, {"trigger": "rang"}, ("span-mismatch", "event_reports", "trigger")),
            ("event_reports", 1, {"source_end": 50}, ("span-mismatch", "event_reports", "source_start")),
        ],
        [("mentions", 0, {"source_end": 99_999}, ("span-mismatch", "mentions", "source_start"))],
    ],
    ids=["many", "beyond the file"],
)
def test_a_wrong_cell_is_found(tmp_path: Path, project: Project, wrong: list[tuple[str, int, dict, tuple]]) -> None:
    tables = linked.tables()
    for table, row, values, _ in wrong:
        tables[table] = linked.changed(tables[table], row, **values)
    assert {expected for *_, expected in wrong} <= codes(check_changed(tmp_path, project, **tables))


def test_columns_that_differ_are_named(tmp_path: Path, project: Project) -> None:
    links = linked.tables()["links"]
    fewer = links.drop_columns(["relation"]).append_column("note", pa.array(["x"]))
    media = linked.tables()["media"]
    retyped = media.set_column(1, "position", media["position"].cast(pa.string()))
    report = check_changed(tmp_path, project, links=fewer, media=retyped)
    expected = {("links", "relation"), ("links", "note"), ("media", "position")}
    assert {(f.resource, f.field) for f in report.findings if f.code == "columns-differ"} == expected


def test_rows_the_build_set_aside_are_errors(tmp_path: Path, project: Project) -> None:
    rejects = linked.changed(linked.tables()["rejects"], 1, code="foreign-key", field="place_id", table="events")
    assert codes(check_changed(tmp_path, project, rejects=rejects)) == {("foreign-key", "events", "place_id")}


def test_a_table_that_is_not_the_recorded_one_is_found(tmp_path: Path) -> None:
    build = linked.write_build(tmp_path / "build", linked.tables())
    report = json.loads((build / "report.json").read_text())
    for table, lie in (("events", {"rows": 7}), ("mentions", {"bytes": 7}), ("entities", {"sha256": "0" * 64})):
        report["tables"][table] |= lie
    (build / "report.json").write_text(json.dumps(report))
    (build / "rejects.parquet").unlink()
    (build / "event_reports.parquet").write_bytes(b"PAR1 is not enough")
    shutil.copy(build / "media.parquet", build / "links.parquet")
    link(build / "event_participants.parquet", build / "media.parquet")
    checked = check_path(build)
    assert checked.status() == 1
    told = {(f.code, table) for f in checked.findings for table in linked.tables() if table in (f.resource, f.path)}
    told |= {(f.code, Path(f.path).stem) for f in checked.findings if f.path}
    assert told >= {
        ("rows-mismatch", "events"), ("bytes-mismatch", "mentions"), ("hash-mismatch", "entities"),
        ("table-missing", "rejects"), ("table-unreadable", "event_reports"), ("hash-mismatch", "links"),
        ("path-unsafe", "event_participants"),
    }  # fmt: skip


def link(file: Path, target: Path) -> None:
    file.unlink()
    file.symlink_to(target)


def test_a_missing_source_file_is_a_warning_and_a_changed_one_too(tmp_path: Path) -> None:
    project = linked.write_project(tmp_path / "project")
    (project.root / linked.OPEN.path).unlink()
    (project.root / linked.CLOSED.path).write_bytes(b"something else")
    report = check_path(project.build_dir)
    assert {(f.code, f.path) for f in report.findings if f.severity is Severity.WARNING} == {
        ("source-missing", linked.OPEN.path),
        ("source-changed", linked.CLOSED.path),
    }
    assert report.counts["spans not checked"] == 7 + 6  # 3 segments, 3 mentions, 1 report; 2, 3 and 1
    assert (report.status(), report.status(strict=True)) == (0, 1)


def test_without_a_project_around_it_a_build_is_checked_but_for_its_bytes(tmp_path: Path) -> None:
    report = check_path(linked.write_build(tmp_path / "build", linked.tables()))
    assert {f.code for f in report.findings} == {"source-missing", "formula-like"}


def test_paths_of_a_table_cannot_lead_out_of_the_project(project: Project) -> None:
    locate = Sources(project).file
    assert locate("open", linked.OPEN.path) is not None
    assert locate("open", "../../etc/passwd") is None
    assert locate("open", "/etc/passwd") is None
    assert locate("nowhere", linked.OPEN.path) is None


def test_no_build_and_no_package_cannot_be_checked(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none", "package-invalid"), (tmp_path, "package-invalid")):
        with pytest.raises(BroadsheetError) as caught:
            check_path(path)
        assert caught.value.finding.code == code
    (tmp_path / "links.parquet").write_bytes(b"")
    with pytest.raises(BroadsheetError, match="build-incomplete"):
        check_path(tmp_path)


def test_schema_only_reads_no_data(tmp_path: Path) -> None:
    (tmp_path / "datapackage.yaml").write_text(linked.DESCRIPTOR)
    assert check_path(tmp_path, schema_only=True).status(strict=True) == 0
    schema = (Path(__file__).parents[2] / "schemas" / "links.yaml").read_text()
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "links.yaml").write_text(schema.replace("enum: [body, ", "enum: [other, body, "))
    report = check_path(tmp_path, schema_only=True)
    (found,) = report.findings
    assert (found.code, report.status()) == ("schema-loosened", 1)
    assert str(found.path).endswith("schemas/links.yaml")
    assert found.line
    media = (Path(__file__).parents[2] / "schemas" / "media.yaml").read_text()
    loose = media.replace("minimum: 0", "minimum: -1").replace("  - name: credit", "  - name: photographer")
    (tmp_path / "schemas" / "media.yaml").write_text(loose)
    found_in = [(found.resource, found.line) for found in check_path(tmp_path, schema_only=True).findings]
    lines = loose.splitlines()
    assert ("media", lines.index("      minimum: -1") + 1) in found_in
    assert ("media", lines.index("fields:") + 1) in found_in
    assert [table for table, _ in found_in].count("links") == 1, "one table does not hide another"


def test_many_findings_of_one_kind_are_counted_not_kept() -> None:
    gather = Gather()
    for number in range(1000):
        gather.add("constraint", "too big", resource="links", field="position", row_key=str(number))
    gather.add("constraint", "too big", resource="media", field="position")
    report = gather.report("x")
    assert len(report.findings) == KEPT + 1
    assert report.number(Severity.ERROR) == 1001


def test_text_names_code_place_and_remedy_and_hides_control_characters() -> None:
    gather = Gather()
    gather.add(
        "span-mismatch", "not \x1b[31mthis", resource="mentions", field="surface", row_key="men-1", sample="a\nb"
    )
    text = as_text(replace(gather.report("build x"), counts={"files": 3}))
    assert "error span-mismatch (1): a span that does not give its text" in text
    assert "  mentions.surface [men-1]  not \\x1b[31mthis: 'a\\nb'" in text
    assert "remedy: Build again; the source changed, or report it." in text
    assert text.endswith("looked at\n  files  3\n\n1 error, 0 warnings, 0 notes: failed\n")


def test_json_holds_every_finding(tmp_path: Path, project: Project) -> None:
    mentions = linked.changed(linked.tables()["mentions"], 3, entity_id="per/nobody")
    value = json.loads(as_json(check_changed(tmp_path, project, mentions=mentions)))
    assert value["summary"]["error"] == 1
    assert [f["resource"] for f in value["findings"] if f["code"] == "foreign-key"] == ["mentions"]


@pytest.mark.parametrize(
    ("data", "encoding", "text", "expected"),
    [
        (b"plain", "utf-8", "plain", "exact"),
        (b"a &amp; <b>b</b>", "utf-8", "a & b", "decoded"),
        (b"a &amp;amp; b", None, "a & b", "decoded"),
        (b"other", "utf-8", "plain", "mismatch"),
        ("海港".encode("gb18030"), "gb18030", "海港", "exact"),
        (b"x", "no-such-codec", "x", "exact"),
        (b"<" * 200_000, "utf-8", "<", "mismatch"),
        (rb"\u65b0\u534e\ud83d\ude00", "utf-8", "新华😀", "decoded"),
        (rb"say \"yes\"\n", "utf-8", 'say "yes"', "decoded"),
        (rb"\u65b0", "utf-8", "旧", "mismatch"),
        (rb"\ud83d", "utf-8", "新", "mismatch"),
    ],
)
def test_verdicts(data: bytes, encoding: str | None, text: str, expected: str) -> None:
    assert verdict(data, encoding, 0, len(data), text)[0] == expected


def test_a_span_outside_the_file_is_a_mismatch() -> None:
    assert verdict(b"abc", "utf-8", 2, 9, "c") == ("mismatch", "")
    assert verdict(b"abc", "utf-8", -1, 2, "ab") == ("mismatch", "")


def test_the_fixture_files_are_what_their_rows_say(project: Project) -> None:
    for file in linked.FILES:
        data = (project.root / file.path).read_bytes()
        assert hashlib.sha256(data).hexdigest() == file.sha256


def test_an_article_published_after_it_was_collected_is_told(tmp_path: Path, project: Project) -> None:
    collected = datetime(2031, 3, 4, 12, tzinfo=UTC)
    articles = linked.changed(linked.tables()["articles"], 0, archived_at=collected)
    for hours, expected in ((0, set()), (2, {("published-after-archived", "articles", "published_at")})):
        later = linked.changed(articles, 0, published_at=collected + timedelta(hours=hours))
        report = check_changed(tmp_path / str(hours), project, articles=later)
        assert codes(report) == expected
    assert report.status() == 0
    assert report.status(strict=True) == 1
