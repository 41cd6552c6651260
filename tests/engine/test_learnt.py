"""Names learnt in one article and read in others: what is annotated again, and that order leaves no trace."""

import sys
import tarfile
from pathlib import Path

import pytest
from engine_fakes import bytes_of, put, settle, shards_of, tables_of

from broadsheet.collect import Sources
from broadsheet.emitted.package import read_emitted
from broadsheet.engine import BuildReport, build
from broadsheet.findings import BroadsheetError, error
from broadsheet.project import load_project
from broadsheet.trace import trace

HEAD = "---\ntitle: {title}\ndate: 2031-05-0{day} 08:00:00 +0800\n---\n\n"
TEACHER = (
    HEAD.format(title="港务会议", day=1)
    + "总统顾问乌沙拉科夫（Yuri Usharakov）星期四抵达海滨城市。\n\n会议持续一天。\n"
)
PUPIL = HEAD.format(title="港务会议结束", day=2) + "会议结束以后，乌沙拉科夫没有停留。与会者随后离开。\n"
OTHER = HEAD.format(title="天气", day=3) + "今天有雨，明天放晴。渔船都留在港内。\n"
FILES = {"teacher.md": TEACHER, "pupil.md": PUPIL, "other.md": OTHER}


def project(root: Path, files: dict[str, str] = FILES) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    text = (
        "name: demo\nsources:\n  - name: one\n    files: sources/one/**\n    publisher: 测试社\n    language: zh-Hans\n"
    )
    (root / "datapackage.yaml").write_text(text, "utf-8")
    for name, content in files.items():
        put(root, name, content)
    return root


def run(root: Path, jobs: int = 1) -> BuildReport:
    return build(load_project(root), jobs=jobs)


def named(root: Path) -> list[tuple[str, str, str]]:
    """Title of the article, surface and rule of every mention of a person."""
    tables = tables_of(root)
    titles = {row["article_id"]: row["title"] for row in tables["articles"]}
    return sorted(
        (titles[m["article_id"]], m["surface"], m["rule"]) for m in tables["mentions"] if m["type"] == "person"
    )


def test_a_name_one_article_explains_is_read_in_another(tmp_path: Path) -> None:
    root = project(tmp_path)
    report = run(root)
    found = named(root)
    assert ("港务会议结束", "乌沙拉科夫", "learnt-name") in found
    assert ("港务会议", "Yuri Usharakov", "latin-bracket") in found
    people = [row for row in tables_of(root)["entities"] if row["type"] == "person"]
    assert [(row["name"], row["name_en"], row["article_count"]) for row in people] == [
        ("乌沙拉科夫", "Yuri Usharakov", 2)
    ]
    assert (report.processed, report.again) == (3, 1)


def test_a_learnt_name_is_traced_to_the_article_that_taught_it(tmp_path: Path) -> None:
    root = project(tmp_path)
    run(root)
    (mention,) = [row for row in tables_of(root)["mentions"] if row["rule"] == "learnt-name"]
    found = trace(read_emitted(root), Sources(load_project(root)), mention["mention_id"])
    assert [place.text for place in found.places] == ["乌沙拉科夫", "乌沙拉科夫", "Yuri Usharakov"]
    assert [Path(place.path).name for place in found.places] == ["pupil.md", "teacher.md", "teacher.md"]


def test_without_the_teacher_the_name_is_unlearnt(tmp_path: Path) -> None:
    root, alone = (
        project(tmp_path / "all"),
        project(tmp_path / "alone", {n: FILES[n] for n in ("pupil.md", "other.md")}),
    )
    run(root)
    run(alone)
    (root / "sources/one/teacher.md").unlink()
    report = run(root)
    assert (report.processed, report.again) == (0, 1)
    assert named(root) == []
    assert bytes_of(root) == bytes_of(alone)


def test_order_and_workers_leave_no_trace(tmp_path: Path) -> None:
    at_once = project(tmp_path / "at-once")
    run(at_once, jobs=2)
    for number, order in enumerate((("pupil.md", "teacher.md", "other.md"), ("other.md", "teacher.md", "pupil.md"))):
        root = project(tmp_path / str(number), {})
        for name in order:
            put(root, name, FILES[name])
            run(root)
        assert bytes_of(root) == bytes_of(at_once)


def test_a_second_build_does_nothing(tmp_path: Path) -> None:
    root = project(tmp_path)
    run(root)
    before = bytes_of(root), shards_of(root)
    report = run(root)
    assert (report.processed, report.reread, report.again, report.fresh) == (0, 0, 0, False)
    assert (bytes_of(root), shards_of(root)) == before


def test_one_more_file_concerns_only_those_that_print_what_it_teaches(tmp_path: Path) -> None:
    root = project(tmp_path, {name: FILES[name] for name in ("pupil.md", "other.md")})
    for number in range(20):
        put(root, f"more/{number}.md", HEAD.format(title=f"天气{number}", day=4) + "风停了。\n")
    run(root)
    before = shards_of(root)
    put(root, "teacher.md", TEACHER)
    report = run(root)
    assert (report.processed, report.again) == (1, 1)
    assert len(before - shards_of(root)) <= 2


def test_two_spellings_with_one_latin_name_are_one_person(tmp_path: Path) -> None:
    other = HEAD.format(title="港务会议前", day=1) + "总统顾问乌萨拉柯夫（Yuri Usharakov）说，一切就绪。\n"
    root = project(tmp_path, {**FILES, "spelling.md": other})
    run(root)
    people = [row for row in tables_of(root)["entities"] if row["type"] == "person"]
    assert [sorted(row["aliases"]) for row in people] == [["Yuri Usharakov", "乌沙拉科夫", "乌萨拉柯夫"]]


def test_a_name_of_two_people_is_not_learnt(tmp_path: Path) -> None:
    second = HEAD.format(title="另一场会议", day=1) + "总统顾问乌沙拉科夫（Boris Usharakov）说，一切就绪。\n"
    root = project(tmp_path, {**FILES, "second.md": second})
    report = run(root)
    assert report.again == 0
    assert not [rule for _, _, rule in named(root) if "learnt" in rule]


def test_a_build_that_was_ended_between_the_passes_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, whole = project(tmp_path / "ended"), project(tmp_path / "whole")
    run(whole)

    def full(*_: object) -> None:
        raise error("write-failed", "told to fail")

    with monkeypatch.context() as patch:
        patch.setattr(sys.modules["broadsheet.engine.build"], "second_pass", full)
        with pytest.raises(BroadsheetError):
            run(root)
    report = run(root)
    assert (report.processed, report.again) == (0, 1)
    assert bytes_of(root) == bytes_of(whole)


def test_members_of_archives_learn_and_teach(tmp_path: Path) -> None:
    text = "name: demo\nsources:\n  - name: one\n    files: news.tar\n    publisher: 测试社\n    language: zh-Hans\n"
    (tmp_path / "datapackage.yaml").write_text(text, "utf-8")
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, "utf-8")
    with tarfile.open(tmp_path / "news.tar", "w") as made:
        for name in sorted(FILES):
            made.add(tmp_path / name, f"news/{name}")
    settle(tmp_path / "news.tar")
    report = run(tmp_path)
    assert (report.processed, report.again) == (3, 1)
    assert ("港务会议结束", "乌沙拉科夫", "learnt-name") in named(tmp_path)
    again = run(tmp_path)
    assert (again.processed, again.again, again.fresh) == (0, 0, False)
