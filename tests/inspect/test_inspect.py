"""What `inspect` recognizes, and the project `init` proposes from it."""

import os
from pathlib import Path

import pytest

from broadsheet.findings import BroadsheetError
from broadsheet.inspect import look, make_project
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
    assert (first.articles, first.first[:10] if first.first else None) == (3, "2025-01-05")
    assert first.last is not None
    assert first.last[:10] == "2025-03-05"
    assert first.formats == {"front_matter/markdown": 3}
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
