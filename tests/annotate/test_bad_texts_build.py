"""A project of texts no editor would print, built and checked: rows are valid, and each text keeps what it says."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from bad_texts import MARKS, PARAGRAPHS

from broadsheet.check import check_path
from broadsheet.engine import build
from broadsheet.project import load_project
from broadsheet.schema.load import core_tables
from broadsheet.schema.validate import failures

CALL = "特朗普5月12日与普京通了电话。"
DESCRIPTOR = """\
name: hostile
licenses: [{name: CC0-1.0}]
sources:
  - name: texts
    files: texts/**
    publisher: 甲报
"""
# People who ring in turn, the days they do so, and status and bounds of the calls.
CALLERS = ["特朗普", "普京", "马克龙", "默茨", "莫迪", "王毅", "斯塔默", "泽连斯基"]
DAYS = {
    "0000年1月1日": ("occurred", None, "2025-05-14"),
    "0001年1月1日": ("occurred", "0001-01-01", "0001-01-01"),
    "907年6月1日": ("occurred", "0907-06-01", "0907-06-01"),
    "9999年12月31日": ("scheduled", "9999-12-31", "9999-12-31"),
    "1848年3月5日": ("occurred", "1848-03-05", "1848-03-05"),
    "2月30日": ("occurred", None, "2025-05-14"),
    "9999年99月": ("occurred", None, "2025-05-14"),
    "一亿年前": ("occurred", None, "2025-05-14"),
}
# Longer than what the readers of files look at, so that the language is certain.
RUSSIAN = "Тихая река течёт медленно, и на берегу никого нет. " * 20
JAPANESE = "川はとても静かで、だれも岸辺にいません。トランプ氏はプーチン氏と電話で話しました。" * 20


def markdown(
    *paragraphs: str, title: str | None = "一则消息", day: str | None = "2025-05-14", language: str | None = None
) -> str:
    head = ["---"]
    head += [f"lang: {language}"] if language is not None else []
    head += [f"title: '{title}'"] if title is not None else []
    head += [f"date: {day}"] if day is not None else []
    return "\n".join([*head, "---", "", *(f"{text}\n" for text in paragraphs)])


FILES = {
    "plain": markdown(CALL),
    "no-date": markdown("特朗普昨天会见了普京。", day=None),
    "no-head": f"{CALL}\n",
    "no-such-day": markdown(CALL, day="2025-02-30"),
    "before-the-calendar": markdown(CALL, day="0000-00-00"),
    "empty-title": markdown(CALL, title=""),
    "title-of-spaces": markdown(CALL, title="\u3000\u200b"),
    "empty-body": markdown(),
    "only-spaces": markdown("\u3000 \t", title=None, day=None),
    "russian": markdown(RUSSIAN, title="Тихая река"),
    "japanese": markdown(JAPANESE, title="静かな川です"),
    "megabyte": markdown("河水很静。" * 70_000, CALL),
    "one-name": markdown("普京" * 5_000),
    "days": markdown(
        *(f"{who}{day}与石破茂通了电话。" for who, day in zip(CALLERS, DAYS, strict=True)),
    ),
    "lengths": markdown(f"特朗普与普京通电话，持续{'9' * 30}小时。", f"马克龙与默茨通电话，持续{'9' * 5_000}分钟。"),
    "windows-lines": markdown(CALL, CALL).replace("\n", "\r\n"),
    "old-lines": markdown(CALL, CALL).replace("\n", "\r"),
} | {f"mark-{name.replace(' ', '-')}": markdown(f"特朗普{mark}会见了普京。{mark}{CALL}{mark}")
     for name, mark in MARKS.items()} | {
    f"text-{name.replace(' ', '-')}": markdown(text, CALL, language="zh-Hans") for name, text in PARAGRAPHS.items()
}  # fmt: skip

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hostile")
    (root / "texts").mkdir()
    for name, text in FILES.items():
        (root / f"texts/{name}.md").write_bytes(text.encode())
    (root / "datapackage.yaml").write_text(DESCRIPTOR, encoding="utf-8")
    build(load_project(root), jobs=1)
    return root


def rows(project: Path, table: str) -> Rows:
    found: Rows = pq.read_table(project / f"build/{table}.parquet").to_pylist()
    return found


def of(project: Path, table: str, name: str) -> Rows:
    """Rows of the articles of one file."""
    (source,) = (row["source_id"] for row in rows(project, "sources") if row["path"] == f"texts/{name}.md")
    articles = {row["article_id"] for row in rows(project, "articles") if row["source_id"] == source}
    return [row for row in rows(project, table) if row["article_id"] in articles]


@pytest.mark.parametrize("table", core_tables())
def test_every_row_is_valid(project: Path, table: str) -> None:
    assert failures(core_tables()[table], pq.read_table(project / f"build/{table}.parquet")) == []


def test_nothing_is_found_wrong_with_the_build(project: Path) -> None:
    report = check_path(project / "build")
    assert [finding for finding in report.findings if finding.severity == "error"] == []


def test_no_file_failed_to_be_read_or_annotated(project: Path) -> None:
    assert sorted(row["path"] for row in rows(project, "sources")) == sorted(f"texts/{name}.md" for name in FILES)
    failed = {"parse-failed", "annotation-failed", "annotation-invalid"}
    assert [row for row in rows(project, "rejects") if row["code"] in failed] == []


def test_every_surface_is_cut_from_its_text(project: Path) -> None:
    texts = {row["article_id"]: row for row in rows(project, "articles")}
    for row in rows(project, "mentions"):
        assert texts[row["article_id"]][row["field"]][row["start"] : row["end"]] == row["surface"]
    for row in rows(project, "event_reports"):
        assert row["trigger"] in texts[row["article_id"]][row["field"]][row["start"] : row["end"]]


@pytest.mark.parametrize("name", [name for name, text in FILES.items() if CALL in text])
def test_each_text_tells_its_call(project: Path, name: str) -> None:
    told = [row for row in of(project, "event_reports", name) if row["type"] == "call"]
    assert {row["trigger"] for row in told} == {"通了电话"}
    assert {f"{row['date_end']:%m-%d}" for row in told if row["date_end"]} <= {"05-12"}


@pytest.mark.parametrize("name", ["russian", "japanese"])
def test_a_language_without_a_pack_has_an_article_and_no_names(project: Path, name: str) -> None:
    (source,) = (row["source_id"] for row in rows(project, "sources") if row["path"] == f"texts/{name}.md")
    (article,) = (row for row in rows(project, "articles") if row["source_id"] == source)
    assert article["language"].partition("-")[0] not in {"zh", "en"}
    assert of(project, "mentions", name) == of(project, "event_reports", name) == []


def test_days_no_calendar_has_are_not_in_the_tables(project: Path) -> None:
    found = sorted(of(project, "event_reports", "days"), key=lambda row: row["start"])
    days = [[None if row[key] is None else str(row[key]) for key in ("date_start", "date_end")] for row in found]
    assert [(row["status"], *day) for row, day in zip(found, days, strict=True)] == list(DAYS.values())


def test_one_name_again_and_again_is_one_entity(project: Path) -> None:
    found = of(project, "mentions", "one-name")
    assert len(found) == 5_000
    assert {row["entity_id"] for row in found} == {"per/vladimir-putin"}
