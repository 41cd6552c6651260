"""The command line as its users meet it: help, exit statuses, streams, colors."""

import json
import os
import subprocess
import sys
import time
import zipfile
from importlib import import_module
from pathlib import Path

import pytest

import forked
from broadsheet import __version__
from broadsheet.cli import VERBS
from broadsheet.cli.common import shown, width
from broadsheet.findings import CODES

TEXT = """---
title: 甲国代表抵达乙国
date: 2025-03-02
---

甲国代表今天抵达乙国首都。
"""


def broadsheet(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, forked from one that has read the packs."""
    return forked.broadsheet(*words)


def from_nothing(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a user starts it: `python -m broadsheet`, with everything still to be imported."""
    command = [sys.executable, "-m", "broadsheet", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "files").mkdir()
    (tmp_path / "files/a.md").write_text(TEXT, encoding="utf-8")
    return tmp_path


def test_help_names_every_verb_and_is_quick() -> None:
    from_nothing("--help")  # warm
    began = time.perf_counter()
    done = from_nothing("--help")
    assert time.perf_counter() - began < 2  # 0.1 s on an idle machine; the figure itself is measured, not tested
    assert done.returncode == 0
    for verb, summary in VERBS.items():
        assert f"  {verb} " in done.stdout
        assert " ".join(summary.split()[:4]) in done.stdout


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom broadsheet.cli import app\n"
        "try: app(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'pyarrow', 'pandas', 'numpy', 'duckdb', 'rich', 'yaml', 'frictionless', 'datasets', 'pandera'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_version() -> None:
    assert from_nothing("--version").stdout == f"broadsheet {__version__}\n"


@pytest.mark.parametrize("verb", VERBS)
def test_verb_has_its_summary_and_an_example(verb: str) -> None:
    doc = import_module(f"broadsheet.cli.{verb}").command.__doc__
    assert doc.strip().splitlines()[0] == VERBS[verb]
    assert f"broadsheet {verb}" in doc


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_every_verb(verb: str) -> None:
    done = broadsheet(verb, "--help")
    assert done.returncode == 0
    assert f"Usage: broadsheet {verb}" in " ".join(done.stdout.split())
    assert "--json" in done.stdout


def test_misspelt_verb() -> None:
    done = broadsheet("biuld")
    assert done.returncode == 2
    assert "'build'" in done.stderr
    assert done.stdout == ""


def test_unknown_option() -> None:
    assert broadsheet("build", "--fast").returncode == 2


def test_from_files_to_tables(corpus: Path) -> None:
    made = broadsheet("init", corpus / "p", "--source", corpus / "files")
    assert (made.returncode, made.stdout.splitlines()[0]) == (0, "collection files: 1 files, 1 articles")
    built = from_nothing("build", "-C", corpus / "p")
    assert built.returncode == 0
    lines = [line.split() for line in built.stdout.splitlines()]
    assert ["articles", "1"] in lines
    assert "1 of 1 files processed" in built.stderr
    again = broadsheet("build", "-C", corpus / "p", "--json")
    result = json.loads(again.stdout)
    assert again.stderr == ""
    assert result["tables"]["articles"]["rows"] == 1
    assert result["run"] == {"files": 1, "processed": 0, "reread": 0, "again": 0, "fresh": False}


def test_build_fails_when_a_rule_fails(corpus: Path) -> None:
    broadsheet("init", corpus / "p", "--source", corpus / "files")
    schema = corpus / "p/schemas/articles.yaml"
    text = schema.read_text(encoding="utf-8")
    head, rest = text.split("  - name: body\n", 1)
    rest = rest.replace("required: true\n", "required: true\n      minLength: 500\n", 1)
    schema.write_text(f"{head}  - name: body\n{rest}", encoding="utf-8")
    done = broadsheet("build", "-C", corpus / "p")
    assert done.returncode == 1
    assert "1 constraint" in done.stderr
    assert "rejects.parquet" in done.stderr


def test_error_has_place_code_and_remedy(corpus: Path) -> None:
    (corpus / "datapackage.yaml").write_text("name: demo\nsources:\n  - name: one\n    fils: a/**\n")
    done = broadsheet("build", "-C", corpus)
    assert done.returncode == 2
    assert done.stdout == ""
    assert f"{corpus.as_posix()}/datapackage.yaml:4" in done.stderr
    assert "[key-unknown]" in done.stderr
    assert CODES["key-unknown"].remedy in done.stderr
    assert "Traceback" not in done.stderr
    machine = json.loads(broadsheet("build", "-C", corpus, "--json").stdout)
    assert (machine["status"], machine["findings"][0]["line"]) == (2, 4)


def test_no_project() -> None:
    done = from_nothing("build", "-C", "/nonexistent")
    assert done.returncode == 2
    assert "[project-missing]" in done.stderr


def test_init_says_whose_files_a_clone_will_not_have(corpus: Path) -> None:
    done = broadsheet("init", corpus / "p", "--source", corpus / "files")
    assert f"lie outside {(corpus / 'p').as_posix()}: a clone of it, and CI, will not have them" in done.stderr
    inside = broadsheet("init", corpus, "--source", corpus / "files")
    assert "outside" not in inside.stderr
    assert f"`broadsheet build -C {corpus.as_posix()}`" in inside.stderr


def test_init_leaves_a_project_alone(corpus: Path) -> None:
    broadsheet("init", corpus / "p")
    before = {file: file.read_bytes() for file in (corpus / "p").rglob("*") if file.is_file()}
    done = broadsheet("init", corpus / "p", "--source", corpus / "files")
    assert done.returncode == 2
    assert "[project-exists]" in done.stderr
    assert {file: file.read_bytes() for file in (corpus / "p").rglob("*") if file.is_file()} == before


def test_inspect_writes_nothing(corpus: Path) -> None:
    before = sorted(corpus.rglob("*"))
    done = broadsheet("inspect", corpus / "files")
    assert done.returncode == 0
    assert "2025-03-02" in done.stdout
    assert sorted(corpus.rglob("*")) == before
    (group,) = json.loads(broadsheet("inspect", corpus / "files", "--json").stdout)["groups"]
    assert (group["files"], group["articles"], group["dates"]["first"]) == (1, 1, "2025-03-02")
    missing = broadsheet("inspect", corpus / "nothing")
    assert missing.returncode == 2


def test_no_color_where_it_is_not_a_terminal(corpus: Path) -> None:
    done = from_nothing("build", "-C", corpus / "nothing", FORCE_COLOR="1")
    assert "\x1b" not in done.stderr


def test_strange_text_cannot_steer_the_terminal() -> None:
    assert shown("a\nb\x1b[31m\u202e中文 c") == "a\\nb\\x1b[31m\\u202e中文 c"


def test_width_counts_places_on_the_screen() -> None:
    assert [width(text) for text in ("abc", "中文", "e\u0301", "ｆ", "")] == [3, 4, 1, 2, 0]


def test_inspect_of_an_archive_in_chinese(corpus: Path) -> None:
    packed = corpus / "news.zip"
    with zipfile.ZipFile(packed, "w") as made:
        for number, publisher in enumerate(("新华社", "新华社", "Reuters")):
            made.writestr(f"{number}.md", TEXT.replace("date:", f"source: {publisher}\ndate:"))
        made.writestr("../up.md", TEXT)
    done = broadsheet("inspect", packed)
    assert (done.returncode, done.stderr) == (0, "")  # nothing moves where it is no terminal
    assert "4 in 1 archives" in done.stdout
    lines = done.stdout.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("  publisher "))
    place = width(lines[start][: lines[start].index("dates")])
    for line in lines[start + 1 : start + 3]:
        assert width(line[: line.index("2025-03-02")]) == place  # columns stand below each other on the screen
    assert "member-unsafe" in done.stdout
    (group,) = json.loads(broadsheet("inspect", packed, "--json").stdout)["groups"]
    assert (group["files"], group["archives"], group["articles"]) == (4, 1, 3)
    assert group["statuses"] == {"parsed": 3, "rejected": 1}


def test_an_archive_from_init_to_check(corpus: Path) -> None:
    with zipfile.ZipFile(corpus / "news.zip", "w") as made:
        made.writestr("a/1.md", TEXT)
    made = broadsheet("init", corpus / "p", "--source", corpus / "news.zip")
    assert made.stdout.splitlines()[0] == "collection news: 1 files, 1 articles"
    assert broadsheet("check", "-C", corpus / "p").returncode == 0
    again = json.loads(broadsheet("build", "-C", corpus / "p", "--json").stdout)
    assert again["run"] == {"files": 1, "processed": 0, "reread": 0, "again": 0, "fresh": False}
