"""Take-downs: what is blocked is in no table and no count, stays away while it is listed, and costs no parsing."""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import linked
import pyarrow as pa
import pytest
from engine_fakes import FakeAnnotator, bytes_of, put, shards_of, tables_of, write_project

from broadsheet import rows as r
from broadsheet.blocklist import Blocklist, Entry
from broadsheet.emitted.package import read_emitted
from broadsheet.engine import BuildReport, build, require_current
from broadsheet.engine.shards import row_schema
from broadsheet.findings import BroadsheetError
from broadsheet.project import load_project
from broadsheet.resolve.blocked import take_down
from broadsheet.resolve.held import Held
from broadsheet.resolve.sketch import BYTES, SKETCH
from broadsheet.schema.arrow import rows_to_table
from broadsheet.schema.load import core_tables
from broadsheet.trace import trace

HEAD = "---\ntitle: {title}\nurl: {url}\ndate: 2025-03-0{day} 08:00:00 +0800\n---\n\n"
GONE_BODY = "甲国外长 Ding 在码头说，明天同乙国通话。\n\n渔民都不相信这一番话，各自回家补网。"
GONE_URL = "https://www.example.org/gone/1?utm_source=mail"
GONE = HEAD.format(title="码头上的一番话", url=GONE_URL, day=1) + GONE_BODY + "\n"
KEPT_BODY = "甲国和乙国星期二通话，谈了桥梁和道路。\n\n工程师们说，桥墩明年才能完工。"
KEPT = HEAD.format(title="桥梁与道路", url="https://example.org/kept/2", day=2) + KEPT_BODY + "\n"
MARKERS = ("码头", "渔民", "gone", "Ding")
ENTRIES = ("article: {article_id}", "url: 'http://example.org/g*/1/'", "source: sources/one/old")


def run(root: Path) -> BuildReport:
    return build(load_project(root), jobs=1, annotator=FakeAnnotator)


def block(root: Path, *entries: str) -> BuildReport:
    (root / "blocklist.yaml").write_text("".join(f"- {{{entry}, reason: asked for}}\n" for entry in entries), "utf-8")
    return run(root)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_project(tmp_path_factory.mktemp("blocklist"), 0)
    put(root, "old/gone.md", GONE)
    put(root, "kept.md", KEPT)
    run(root)
    return root


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built, tmp_path / "project")


def article(root: Path, name: str) -> dict[str, Any]:
    (row,) = [row for row in tables_of(root)["articles"] if row["source_path"].endswith(name)]
    return row


@pytest.mark.parametrize("entry", ENTRIES)
def test_what_is_blocked_is_nowhere_and_nothing_is_parsed(root: Path, entry: str) -> None:
    shards = shards_of(root)
    gone = article(root, "gone.md")
    report = block(root, entry.format_map(gone))
    assert (report.processed, report.reread, report.again, report.fresh) == (0, 0, 0, True)
    assert (report.rejects, report.findings, shards_of(root)) == ({"blocked": 1}, (), shards)
    tables = tables_of(root)
    told = str(tables) + json.dumps(report.to_json())
    assert [marker for marker in MARKERS if marker in told] == []
    assert [row["title"] for row in tables["articles"]] == ["桥梁与道路"]
    assert {row["entity_id"]: row["mention_count"] for row in tables["entities"]} == {"loc/jia": 1, "loc/yi": 1}
    assert [(row["report_count"], row["article_count"]) for row in tables["events"]] == [(1, 1)]
    states = {row["path"]: (row["status"], row["article_count"]) for row in tables["sources"]}
    assert states == {f"taken-down/{gone['source_id']}": ("rejected", 0), "sources/one/kept.md": ("parsed", 1)}
    (reject,) = tables["rejects"]
    assert (reject["table"], reject["code"], reject["article_id"], reject["value"]) == (
        "articles", "blocked", None, None,
    )  # fmt: skip
    for key in (gone["source_id"], reject["reject_id"]):
        traced = trace(read_emitted(root), None, key)
        assert {(place.verdict, place.reason) for place in traced.places} == {("unchecked", "the file was taken down")}


def test_a_list_that_did_not_change_does_nothing_and_one_that_went_leaves_no_trace(root: Path) -> None:
    before = bytes_of(root)
    unused = ("article: art-0000000000000000", "entity: per/nobody")
    first = block(root, "url: 'https://example.org/gone/*'", *unused)
    assert [(f.code, f.severity, Path(f.path or "").name) for f in first.findings] == [
        ("blocklist-unused", "warning", "blocklist.yaml"),
    ] * 2  # fmt: skip
    blocked = bytes_of(root)
    again = run(root)
    assert (again.fresh, again.findings, bytes_of(root)) == (False, first.findings, blocked)
    (root / "blocklist.yaml").unlink()
    assert run(root).fresh
    assert bytes_of(root) == before


def test_other_words_about_the_same_entries_are_no_change(root: Path) -> None:
    block(root, "url: 'https://example.org/gone/*'")
    (root / "blocklist.yaml").write_text("# why not\n- url: 'http://example.org/gone/*'\n  date: 2026-02-03\n", "utf-8")
    assert not run(root).fresh


def test_a_copy_of_what_is_blocked_is_told(root: Path) -> None:
    text = "码头的灯整夜亮着，海鸥在桅杆之间飞来飞去。" * 8 + "\n"
    for day, name in enumerate(("first", "second"), 1):
        put(root, f"{name}.md", HEAD.format(title="海鸥与灯", url=f"https://{name}.example.org/x", day=day) + text)
    run(root)
    blocked, copy = (article(root, f"{name}.md") for name in ("first", "second"))
    assert copy["duplicate_of"] == blocked["article_id"]
    report = block(root, f"article: {blocked['article_id']}")
    assert [(f.code, copy["article_id"] in f.message) for f in report.findings] == [("blocked-copy-kept", True)]
    assert article(root, Path(copy["source_path"]).name)["duplicate_of"] is None  # nothing points to what is not there
    report = block(root, f"body_sha256: {blocked['body_sha256']}")
    assert (report.findings, report.rejects) == ((), {"blocked": 2})


def test_what_leads_to_a_blocked_article_goes_with_it(root: Path) -> None:
    links = (
        "渔船回港，见[码头上的一番话](http://example.org/gone/1/?utm_source=x)和[海港](https://example.org/harbor)。\n"
    )
    put(root, "linking.md", HEAD.format(title="渔船回港", url="https://example.org/boats", day=3) + links)
    put(
        root,
        "other.md",
        HEAD.format(title="改过的一篇", url="https://example.org/gone/1#top", day=4) + "全文改写过了。\n",
    )
    run(root)
    assert sorted(row["text"] for row in tables_of(root)["links"]) == ["海港", "码头上的一番话"]
    edition = article(root, "other.md")
    for entry in (f"article: {article(root, 'gone.md')['article_id']}", "source: sources/one/old"):
        report = block(root, entry)
        assert [row["text"] for row in tables_of(root)["links"]] == ["海港"]
        assert [(f.code, edition["article_id"] in f.message) for f in report.findings] == [("blocked-copy-kept", True)]
    report = block(root, "url: 'https://example.org/gone/*'")
    assert (report.findings, report.rejects, [row["text"] for row in tables_of(root)["links"]]) == (
        (), {"blocked": 2}, ["海港"],
    )  # fmt: skip


def test_of_many_entries_that_name_nothing_a_few_are_named(root: Path) -> None:
    report = block(root, *(f"article: art-{number:016x}" for number in range(50)))
    assert [(f.code, f.count) for f in report.findings] == [("blocklist-unused", 1)] * 20 + [("blocklist-unused", 30)]
    assert report.findings[0].message == "The entry `article: art-0000000000000000` names nothing collected."


def test_a_blocked_entity_is_in_no_row(root: Path) -> None:
    shards = shards_of(root)
    report = block(root, "entity: per/ding")
    assert (report.processed, report.rejects, shards_of(root)) == (0, {}, shards)
    tables = tables_of(root)
    shown = str({name: rows for name, rows in tables.items() if name != "articles"})
    assert ("per/ding" in shown, "Ding" in shown) == (False, False)
    assert len(tables["articles"]) == 2
    assert all(row["participants"] for row in tables["event_reports"])  # the others took part all the same
    assert any("Ding" in row["label_en"] for row in _built_without_list(root)["events"])


def _built_without_list(root: Path) -> dict[str, list[dict[str, Any]]]:
    (root / "blocklist.yaml").unlink()
    run(root)
    return tables_of(root)


def test_names_a_blocked_article_taught_are_unlearnt(tmp_path: Path) -> None:
    teacher = "总统顾问乌沙拉科夫（Yuri Usharakov）星期四抵达海滨城市。\n\n会议持续一天。\n"
    pupil = "会议结束以后，乌沙拉科夫没有停留。与会者随后离开。\n"
    write_project(tmp_path, 0, "    language: zh-Hans\n")
    for day, (name, text) in enumerate({"teacher": teacher, "pupil": pupil}.items(), 1):
        put(
            tmp_path,
            f"{name}.md",
            HEAD.format(title=f"港务会议{day}", url=f"https://example.org/{day}", day=day) + text,
        )
    build(load_project(tmp_path), jobs=1)
    assert {row["rule"] for row in tables_of(tmp_path)["mentions"]} >= {"learnt-name", "latin-bracket"}
    (tmp_path / "blocklist.yaml").write_text("- url: https://example.org/1\n", "utf-8")
    report = build(load_project(tmp_path), jobs=1)
    assert (report.processed, report.again) == (0, 1)
    assert [row["surface"] for row in tables_of(tmp_path)["mentions"] if row["type"] == "person"] == []
    assert "Usharakov" not in str(tables_of(tmp_path))
    assert not build(load_project(tmp_path), jobs=1).fresh


def test_restrictions_are_part_of_what_rows_depend_on(root: Path) -> None:
    assert {row["redistribution"] for row in tables_of(root)["articles"]} == {"full"}
    with (root / "datapackage.yaml").open("a", encoding="utf-8") as stream:
        stream.write("    restrictions:\n      - {urls: ['https://example.org/gone/*'], redistribution: excerpt}\n")
    assert run(root).processed == 2
    assert article(root, "gone.md")["redistribution"] == "excerpt"
    assert article(root, "kept.md")["redistribution"] == "full"
    assert {row["redistribution"] for row in tables_of(root)["sources"]} == {"full"}


def test_a_build_made_under_other_rights_is_stale(root: Path) -> None:
    require_current(load_project(root), root / "build")
    (root / "blocklist.yaml").write_text("- source: sources/one/old/gone.md\n", "utf-8")
    with pytest.raises(BroadsheetError) as caught:
        require_current(load_project(root), root / "build")
    assert caught.value.finding.code == "build-stale"
    run(root)
    require_current(load_project(root), root / "build")
    require_current(load_project(root), root / "nothing")  # that there is no build is told elsewhere


def test_a_file_that_gave_no_article_can_be_blocked(root: Path) -> None:
    put(root, "empty.md", b"")
    run(root)
    report = block(root, f"sha256: {hashlib.sha256(b'').hexdigest()}")
    assert report.rejects == {"blocked": 1, "file-empty": 1}


def held(name: str, rows: list[Any]) -> Held:
    table = rows_to_table(core_tables()[name], rows)
    schema = pa.schema([field for field in row_schema(core_tables()[name]) if field.name in table.column_names])
    return Held.of(table.cast(schema))


def test_of_a_file_with_several_articles_the_others_stay() -> None:
    one = linked.article_row(linked.OPEN, "One", "Text one.", ())
    two = replace(one, article_id="art-" + "2" * 16, position=1, url=None, body="Text two.", body_sha256="2" * 64)
    draft = r.EntityRow("per/x", "person", "X", None, None, None, None, None, (one.article_id,), False, 0, 0)
    drafts = [draft, replace(draft, name_en="Only In Two", aliases=(two.article_id,))]
    quoting = replace(linked.rejects()[2], source_id=one.source_id, article_id=None)
    source = replace(linked.source_row(linked.OPEN, 2), rights_statement="As printed in Two.")
    rows: dict[str, list[Any]] = {"sources": [source], "articles": [one, two], "entities": drafts, "rejects": [quoting]}
    tables = {name: held(name, rows.get(name, [])) for name in core_tables()}
    sketched = tables["articles"].table().append_column(SKETCH, pa.nulls(2, pa.binary(BYTES)))
    tables["articles"] = Held.of(sketched)
    done, findings = take_down(tables, Blocklist((Entry("body_sha256", "2" * 64, "2" * 64),)))
    assert findings == []
    assert done["articles"].column("article_id").to_pylist() == [one.article_id]
    assert done["entities"].column("name_en").to_pylist() == [None]
    (left,) = done["sources"].table().to_pylist()
    assert (left["status"], left["article_count"], left["rights_statement"]) == ("parsed", 1, None)
    told = [(row["code"], row["message"], row["value"]) for row in done["rejects"].table().to_pylist()]
    assert told == [
        ("date-unreadable", "a date no rule can read", None),
        ("blocked", "An article was taken down, as blocklist.yaml asks, with all rows that hang on it.", None),
    ]
