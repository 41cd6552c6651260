"""What the documentation tells people to type works: commands end with status 0, Python blocks run."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import profile_examples
import pytest
from docs_pages import ROOT, Block, blocks, commands, pages, shown
from typer.testing import CliRunner

from broadsheet.cli import app
from broadsheet.findings import BroadsheetError
from broadsheet.parse.explain import explain
from broadsheet.parse.publishers import find, load
from broadsheet.project import load_project
from broadsheet.schema.strict_yaml import parse_yaml

OURS = ("my-files",)
"""Folders that stand for the reader's own; commands that name them are not run."""

WITH_COMMANDS = [page for page in pages() if any(commands(page))]
WITH_PYTHON = [page for page in pages() if blocks(page, "python")]


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=shown)
def test_commands_of_a_page_end_with_status_0(page: Path, workplace: Path) -> None:
    for line, command in commands(page):
        words = shlex.split(command, comments=True)
        if set(words) & set(OURS):
            continue
        done = CliRunner().invoke(app, words[1:])
        assert done.exit_code == 0, f"{shown(page)}:{line}: {command}\n{done.output[-2000:]}{done.exception or ''}"


@pytest.mark.parametrize("page", WITH_PYTHON, ids=shown)
def test_python_of_a_page_runs(page: Path, sample: Path, tmp_path: Path) -> None:
    """All blocks of a page in one process, in order, as somebody reads it; without network."""
    code = "\n".join(_placed(block) for block in blocks(page, "python"))
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path), "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=sample,
        env={**os.environ, **offline},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{shown(page)}\n{done.stdout[-1000:]}\n{done.stderr[-3000:]}"


def _placed(block: Block) -> str:
    return f"\n# the block of line {block.line}\n{block.text}"


def test_the_pages_people_start_with_have_something_to_run() -> None:
    for name in ("README.md", "docs/tutorial.md"):
        assert ROOT / name in WITH_COMMANDS
        assert ROOT / name in WITH_PYTHON


@pytest.fixture
def quay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[profile_examples.Example]:
    """The example of the how-to, with its profile beside the known ones."""
    page = ROOT / "docs" / "how-to-add-a-publisher.md"
    texts = [block.text for block in blocks(page, "yaml")]
    folder = tmp_path / "publishers"
    shutil.copytree(load.FOLDER, folder)
    (folder / "quay-courier.yaml").write_text(next(text for text in texts if "id: quay-courier" in text), "utf-8")
    (tmp_path / "quay-courier.yaml").write_text(next(text for text in texts if "- layout:" in text), "utf-8")
    monkeypatch.setattr(load, "FOLDER", folder)
    kept = (load.profiles, find._names, find._domains, find.by_name, find.by_url)
    for function in kept:
        function.cache_clear()
    (example,) = profile_examples.examples(tmp_path)
    yield example
    for function in kept:
        function.cache_clear()


def test_the_profile_of_the_how_to_reads_its_example(
    quay: profile_examples.Example, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile_examples.check(quay)
    assert profile_examples.layout_used(quay, monkeypatch) == quay.value["layout"]


def test_the_how_to_shows_what_explain_says_without_the_profile() -> None:
    page = ROOT / "docs" / "how-to-add-a-publisher.md"
    (example,) = [block.text for block in blocks(page, "yaml") if "- layout:" in block.text]
    (shown,) = [block.text for block in blocks(page, "text") if "layers " in block.text]
    file = parse_yaml(example).value[0]["file"]
    assert shown.splitlines()[1:] == list(explain(file.encode()))


def test_the_example_descriptor_is_a_project(tmp_path: Path) -> None:
    (example,) = [b.text for b in blocks(ROOT / "docs" / "descriptor.md", "yaml") if b.text.startswith("$schema")]
    (tmp_path / "datapackage.yaml").write_text(example, "utf-8")
    project = load_project(tmp_path)
    assert (project.name, project.collections[0].timezone) == ("my-corpus", "Asia/Hong_Kong")


def test_errors_of_the_descriptor_read_as_documented(tmp_path: Path) -> None:
    """The messages in the table of errors, made by writing what the first column says."""
    text = (ROOT / "docs" / "descriptor.md").read_text("utf-8").split("## Errors")[1]
    collection = "name: x\nsources:\n  - name: a\n"
    written = [
        f'{collection}    file: "*.md"\n',
        f'{collection}    files: "*.md"\n    redistribution: exerpt\n',
        f'{collection}    files: "*.md"\n    restrictions: [{{agency: [AFP], redistribution: excerpt}}]\n',
        f'{collection}    files: "*.md"\n    timezone: Asia/Shanghia\n',
        "name: x\nversion: 1.0\nsources: []\n",
        "name: x\nname: y\n",
        "name: x\nlicenses: [{title: CC}]\nsources: []\n",
        "name: x\n",
    ]
    file = tmp_path / "datapackage.yaml"
    for descriptor in written:
        file.write_text(descriptor, "utf-8")
        with pytest.raises(BroadsheetError) as caught:
            load_project(tmp_path)
        message = str(caught.value).replace(file.as_posix(), "datapackage.yaml")
        assert f"| `{message}` |" in text
    assert text.count("| `datapackage.yaml:") == len(written)
