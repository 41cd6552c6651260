"""What the documentation tells people to type works: commands end with status 0, Python blocks run."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from docs_pages import ROOT, Block, blocks, commands, pages, shown
from typer.testing import CliRunner

from broadsheet.cli import app
from broadsheet.document import SourceText
from broadsheet.findings import BroadsheetError
from broadsheet.parse.bodies import plain
from broadsheet.parse.layers import front_matter
from broadsheet.parse.publishers.apply import interpret, layout_of
from broadsheet.parse.publishers.model import load, profiles
from broadsheet.project import load_project

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


def test_the_profile_of_the_how_to_is_read_and_applied(tmp_path: Path) -> None:
    page = ROOT / "docs" / "how-to-add-a-publisher.md"
    (example,) = [block.text for block in blocks(page, "yaml") if "id: quay-courier" in block.text]
    file = tmp_path / "quay-courier.yaml"
    file.write_text(example, "utf-8")
    profile = load(file, profiles()["generic"])
    (made,) = [block.text for block in blocks(page, "text") if "QUAY = " in block.text]
    text = made.split('"""')[1]
    peeled = front_matter.peel(SourceText.verbatim(text))
    assert peeled is not None
    nodes = plain.read(peeled.inner).nodes
    found = interpret(nodes, profile, layout_of(profile, nodes), ["两港签约"])
    assert [block.text.text for block in found.blocks] == ["两港周二签约。"]
    assert [(r.field, r.value) for r in found.readings] == [("author", "林一")]
    assert found.notices == ["© 码头信使报"]
    assert profile.title_suffixes[0].sub("", "两港签约｜码头信使报") == "两港签约"


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
