"""What `inspect` recognizes, and the project `init` proposes from it."""

import io
import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from broadsheet.findings import BroadsheetError
from broadsheet.inspect import How, look, make_project
from broadsheet.project import load_project

MARKDOWN = """---
title: 甲国与乙国签署协定
date: 2025-0{month}-05 10:00:00 +0800
---

## 内容

两国**代表**今天签署[协定](https://example.org/)。
"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    for folder in ("First Wire", "second", ".git"):
        (tmp_path / "a" / folder / "deep").mkdir(parents=True)
    for month in range(1, 4):
        text = MARKDOWN.format(month=month)
        (tmp_path / f"a/First Wire/deep/{month}.md").write_text(text, encoding="utf-8")
    (tmp_path / "a/second/1.md").write_text(MARKDOWN.format(month=9), encoding="utf-8")
    (tmp_path / "a/second/photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    (tmp_path / "a/second/empty.md").touch()
    (tmp_path / "a/loose.md").write_text(MARKDOWN.format(month=5), encoding="utf-8")
    (tmp_path / "a/.git/x.md").write_text("x")
    return tmp_path / "a"


def test_a_group_for_every_folder(archive: Path) -> None:
    groups = {group.name: group for group in look([archive])}
    assert list(groups) == ["a", "first-wire", "second"]
    assert [group.count for group in groups.values()] == [1, 3, 3]
    first = groups["first-wire"]
    assert (first.total.articles, first.total.first, first.total.last) == (
        3,
        "2025-01-05T10:00:00",
        "2025-03-05T10:00:00",
    )
    assert {name: (tally.files, tally.articles) for name, tally in first.formats.items()} == {
        "front_matter/markdown": (3, 3)
    }
    assert first.publishers[""].first == "2025-01-05T10:00:00"
    assert (first.statuses, first.per_file, first.most) == ({"parsed": 3}, {"1": 3}, 1)
    second = groups["second"]
    assert second.problems["file-empty"] == 1
    assert second.examples["file-empty"] == "empty.md"
    assert second.unusable == (".png",)


def test_single_file_and_equal_names(archive: Path) -> None:
    groups = look([archive / "loose.md", archive / "second", archive / "second"])
    assert [(group.name, group.count) for group in groups] == [("loose", 1), ("second", 3), ("second-2", 3)]


def test_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BroadsheetError) as caught:
        look([tmp_path / "gone"])
    assert caught.value.finding.code == "file-unreadable"


def test_proposed_project_matches_the_files(archive: Path, tmp_path: Path) -> None:
    home = tmp_path / "work" / "My Corpus"
    make_project(home, look([archive]))
    project = load_project(home)
    assert project.name == "my-corpus"
    assert [collection.files for collection in project.collections] == [
        ("../../a/*",),
        ("../../a/First Wire/**",),
        ("../../a/second/**", "!../../a/second/**/*.png"),
    ]
    from broadsheet.collect import offers

    offered = [(offer.collection, offer.path) for offer in offers(project)]
    assert offered == [
        ("a", "loose.md"),
        ("first-wire", "deep/1.md"),
        ("first-wire", "deep/2.md"),
        ("first-wire", "deep/3.md"),
        ("second", "1.md"),
        ("second", "empty.md"),
    ]
    assert len(project.resources) == 10


def test_odd_folder_names_are_escaped(tmp_path: Path) -> None:
    odd = tmp_path / "we[i]rd *'\"\n"
    odd.mkdir()
    (odd / "a.md").write_text(MARKDOWN.format(month=1), encoding="utf-8")
    make_project(tmp_path / "p", look([odd]))
    from broadsheet.collect import offers

    assert [offer.file for offer in offers(load_project(tmp_path / "p"))] == [odd / "a.md"]


def test_project_without_sources(tmp_path: Path) -> None:
    written = make_project(tmp_path / "p", [])
    project = load_project(tmp_path / "p")
    assert project.collections[0].files == ("sources/first/**",)
    names = {os.path.relpath(file, tmp_path / "p") for file in written}
    assert {
        "datapackage.yaml",
        ".gitignore",
        "pyproject.toml",
        "README.md",
        "tests/test_corpus.py",
        "build/README.md",
        "dist/README.md",
        "sources/README.md",
        "schemas/articles.yaml",
    } <= names
    assert "/build/*" in (tmp_path / "p/.gitignore").read_text().splitlines()


def test_files_that_are_there_stay(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p/README.md").write_text("mine")
    make_project(tmp_path / "p", [])
    assert (tmp_path / "p/README.md").read_text() == "mine"
    with pytest.raises(BroadsheetError) as caught:
        make_project(tmp_path / "p", [])
    assert caught.value.finding.code == "project-exists"


def tar_of(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as made:
        made.add(folder, "x")
    return buffer.getvalue()


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def test_archive_is_a_group(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "news.tar.gz").write_bytes(tar_of(archive / "First Wire"))
    (group,) = look([tmp_path / "news.tar.gz"])
    assert (group.name, group.archives, group.offered, group.count) == ("news", 1, 3, 3)
    assert (group.total.articles, group.total.first) == (3, "2025-01-05T10:00:00")
    make_project(tmp_path / "p", [group])
    from broadsheet.collect import offers

    (offer,) = offers(load_project(tmp_path / "p"))
    assert offer.inside is not None
    assert (offer.path, load_project(tmp_path / "p").collections[0].title) == ("news.tar.gz", "news")


def test_archives_beside_files_are_looked_into(archive: Path) -> None:
    (archive / "second/more.tgz").write_bytes(tar_of(archive / "First Wire"))
    (group,) = look([archive / "second"])
    assert (group.offered, group.archives, group.total.articles) == (6, 1, 4)
    assert group.unusable == (".png",)


def test_damaged_archive_is_a_problem_and_no_file(archive: Path, tmp_path: Path) -> None:
    data = tar_of(archive / "First Wire")
    (tmp_path / "news.tgz").write_bytes(data[: len(data) - 20])
    (group,) = look([tmp_path / "news.tgz"])
    assert group.problems["archive-broken"] == 1
    assert group.examples["archive-broken"] == "news.tgz"
    assert group.offered == group.count == group.total.articles
    assert 1 <= group.count <= 3


def test_repositories(archive: Path, tmp_path: Path) -> None:
    wire = archive / "First Wire"
    git(wire, "init", "-q")
    git(wire, "add", "-A")
    git(wire, "commit", "-qm", "x")
    (wire / "deep/9.md").write_text(MARKDOWN.format(month=9), encoding="utf-8")
    git(tmp_path, "clone", "-q", "--bare", str(wire), "bare.git")
    (files,) = look([wire])
    (tree,) = look([wire], How(revision="main"))
    (bare,) = look([tmp_path / "bare.git"])
    assert [(group.revision, group.offered) for group in (files, tree, bare)] == [(None, 4), ("main", 3), ("HEAD", 3)]
    assert tree.to_json()["revision"] == "main"
    make_project(tmp_path / "p", [tree, bare])
    one, two = load_project(tmp_path / "p").collections
    assert (one.repository, one.revision, one.files) == ("../a/First Wire", "main", ("**",))
    assert (two.name, two.repository, two.revision) == ("bare", "../bare.git", "HEAD")
    from broadsheet.collect import members, offers

    (first, _) = offers(load_project(tmp_path / "p"))
    assert len(list(members(first, one.limits))) == 3
    with pytest.raises(BroadsheetError) as caught:
        look([wire], How(revision="gone"))
    assert caught.value.finding.code == "git-failed"


def test_a_sample_is_the_same_every_time(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    for number in range(120):
        (tmp_path / f"x/{number}.md").write_text(MARKDOWN.format(month=number % 9 + 1), encoding="utf-8")
    (tmp_path / "x.tgz").write_bytes(tar_of(tmp_path / "x"))
    one, again, packed = look([tmp_path / "x", tmp_path / "x", tmp_path / "x.tgz"], How(sample=6))
    assert one.offered == packed.offered == 120
    assert 8 <= one.count <= 40
    assert 8 <= packed.count <= 40
    assert one.to_json() | {"name": ""} == again.to_json() | {"name": ""}
    assert one.total.articles == one.count


def test_by_publisher_and_articles_per_file(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    page = MARKDOWN.replace("date:", "source: {publisher}\ndate:")
    for number, publisher in enumerate(("新华社", "新华社", "德国之声")):
        text = page.format(month=number + 1, publisher=publisher)
        (tmp_path / f"x/{number}.md").write_text(text, encoding="utf-8")
    (tmp_path / "x/none.md").write_bytes(b"")
    (group,) = look([tmp_path / "x"])
    found = group.to_json()
    assert found["articles_per_file"] == {"0": 0, "1": 3, "2-10": 0, "more than 10": 0, "most": 1}
    assert found["statuses"] == {"empty": 1, "parsed": 3}
    assert sum(entry["articles"] for entry in found["publishers"]) == 3
    assert [entry["files"] for entry in found["formats"]] == [3]


def test_names_of_publishers_are_bounded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("broadsheet.inspect.tally.MOST_NAMES", 2)
    (tmp_path / "x").mkdir()
    for number in range(5):
        text = MARKDOWN.format(month=1).replace("date:", f"source: 通讯社{number}号\ndate:")
        (tmp_path / f"x/{number}.md").write_text(text, encoding="utf-8")
    (group,) = look([tmp_path / "x"])
    assert sum(tally.articles for tally in group.publishers.values()) == 5
    assert len(group.publishers) <= 3
