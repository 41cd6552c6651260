"""What the how-to for packs tells people to add gives what it says, and explain says what the page shows."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from docs_pages import ROOT, Block, blocks

from broadsheet.annotate import Annotator
from broadsheet.annotate.explain import explain, main
from broadsheet.annotate.pack import PACKS, Pack

PAGE = ROOT / "docs" / "how-to-change-a-pack.md"
DAY = date(2025, 5, 14)


def shown() -> list[list[str]]:
    """What the page shows explain to say, before and after."""
    return [block.text.splitlines() for block in blocks(PAGE, "text")]


def only(language: str, word: str) -> Block:
    (block,) = [block for block in blocks(PAGE, language) if word in block.text]
    return block


def put(file: Path, before: str, text: str) -> None:
    """A text right before the first line of a file that begins with another."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    spot = next(number for number, line in enumerate(lines) if line.startswith(before)) if before else len(lines)
    file.write_text("".join([*lines[:spot], text, *lines[spot:]]), encoding="utf-8")


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Annotator:
    """An annotator with the pack as it is after the page."""
    folder = tmp_path_factory.mktemp("packs") / "zh"
    shutil.copytree(PACKS / "zh", folder, ignore=shutil.ignore_patterns("__pycache__"))
    row = only("csv", "tavi-rehanu").text
    persons = folder / "authority" / "persons.csv"
    first = next(line for line in persons.read_text(encoding="utf-8").splitlines()[1:] if line > row)
    put(persons, first, row)
    put(folder / "times.yaml", "", only("yaml", "colloquial-day").text)
    other = folder / "frames" / "other.yaml"
    other.write_text(
        other.read_text(encoding="utf-8").replace("  frames:\n", f"  frames:\n{only('yaml', 'other.ribbon').text}", 1),
        encoding="utf-8",
    )
    return Annotator((Pack(folder),))


def test_the_page_shows_what_explain_says_before_the_change(capsys: pytest.CaptureFixture[str]) -> None:
    (command,) = [block.text for block in blocks(PAGE, "sh") if "explain" in block.text]
    assert f'"{shown()[0][0]}"' in command
    main(["--day", str(DAY), shown()[0][0]])
    assert capsys.readouterr().out.splitlines() == shown()[0]


def test_the_page_shows_what_explain_says_after_it(changed: Annotator) -> None:
    assert list(explain(changed, shown()[1][0], DAY)) == shown()[1]


def test_the_examples_of_the_page_hold(changed: Annotator) -> None:
    pack = changed.pack("zh")
    assert pack
    like, unlike = pack.times.lexicon.examples["colloquial-day"]
    assert all("colloquial-day" in {match.rule for match in pack.times.find(text)} for text in like)
    assert not any("colloquial-day" in {match.rule for match in pack.times.find(text)} for text in unlike)
    told: dict[str, object] = {}
    exec(only("python", "EXAMPLES").text, told)
    (example,) = told["EXAMPLES"]  # type: ignore[misc]
    (event,) = [line for line in explain(changed, example["text"], DAY) if "(other.ribbon)" in line]
    assert event.split("  ")[3] == f"other, occurred, {example['when']}: participant per/emmanuel-macron"
    (counter,) = told["COUNTER_EXAMPLES"].values()  # type: ignore[attr-defined]
    assert not any("(other.ribbon)" in line for line in explain(changed, counter, DAY))


def test_a_language_without_a_pack_is_said_to_have_none() -> None:
    assert list(explain(Annotator.load(), "Река.", DAY, "ru")) == ["Река.", "  no pack reads the language 'ru'"]


def test_every_test_file_the_page_names_is_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    named = {
        word for row in text.splitlines() if row.startswith("| ") for word in row.split("`") if word.endswith(".py")
    }
    assert len(named) >= 6
    for name in named:
        assert (ROOT / name).exists() or (ROOT / "tests" / "annotate" / name).exists(), name
