"""The scores that docs/quality.md publishes are those of this code."""

from pathlib import Path

import pytest
from quality_page import COMMAND, FIELDS, PAGE, PART, SHARED, SUMMARY, gold_project, measured, page

NAMES = ["gold", "summary", "mentions", "events", "statuses", "fields"]


def test_every_generated_part_says_so_and_how() -> None:
    text = PAGE.read_text("utf-8")
    assert [match[2] for match in PART.finditer(text)] == NAMES
    assert text.count("<!-- generated: ") == text.count("<!-- end of generated -->") == len(NAMES)
    assert f"`{COMMAND}`" in text


def test_every_measure_is_published() -> None:
    parts = {match[2]: match[0] for match in PART.finditer(PAGE.read_text("utf-8"))}
    assert [label for label, *_ in SUMMARY if f"| {label} | " not in parts["summary"]] == []
    assert [name for name in FIELDS if f"| {name} | " not in parts["fields"]] == []


@pytest.mark.slow
@pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the hand annotation is not here (BROADSHEET_SHARED)")
def test_the_published_scores_are_those_of_this_code(tmp_path: Path) -> None:
    text = PAGE.read_text("utf-8")
    assert text == page(text, measured(tmp_path)), f"docs/quality.md is not up to date; run {COMMAND}"


@pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the hand annotation is not here (BROADSHEET_SHARED)")
def test_the_project_holds_every_annotated_file(tmp_path: Path) -> None:
    project = gold_project(tmp_path)
    files = [file for file in (tmp_path / "sources").rglob("*") if file.is_file()]
    assert len(files) == 79
    assert "seeds" in {collection.name for collection in project.collections}
