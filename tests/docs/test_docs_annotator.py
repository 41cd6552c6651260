"""The annotator of the how-to, taken from the page, installed as the page says, and used by a build."""

import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml
from docs_pages import ROOT, blocks
from typer.testing import CliRunner

from broadsheet.cli import app
from broadsheet.engine import process

PAGE = ROOT / "docs" / "how-to-add-an-annotator.md"
FILE = """\
---
title: 港口消息
date: 2031-03-04 08:00:00 +0800
---

昨晚海鸥号抵港，船员平安。信天翁号仍在海上。
"""


def test_the_annotator_of_the_how_to_builds_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tomllib

    module = next(block.text for block in blocks(PAGE, "python") if "class HarborNames" in block.text)
    (offered,) = blocks(PAGE, "toml")
    (chosen,) = blocks(PAGE, "yaml")
    ((group, entries),) = tomllib.loads(offered.text)["project"]["entry-points"].items()
    info = tmp_path / "site" / "harbor_names-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: harbor-names\nVersion: 1.0\n", "utf-8")
    lines = [f"[{group}]", *(f"{name} = {value}" for name, value in entries.items())]
    (info / "entry_points.txt").write_text("\n".join(lines), "utf-8")
    (tmp_path / "site" / "harbor_names.py").write_text(module, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))

    root = tmp_path / "project"
    (root / "sources").mkdir(parents=True)
    (root / "sources" / "a.md").write_text(FILE, "utf-8")
    (root / "datapackage.yaml").write_text(
        f"name: harbor\nsources:\n  - name: wire\n    files: sources/**\n    publisher: 测试社\n{chosen.text}", "utf-8"
    )
    assert yaml.safe_load(chosen.text) == {"annotator": next(iter(entries))}
    try:
        done = CliRunner().invoke(app, ["build", "--jobs", "1", "-C", str(root)])
        assert done.exit_code == 0, done.output
        checked = CliRunner().invoke(app, ["check", "-C", str(root)])
    finally:
        sys.modules.pop("harbor_names", None)
        process._annotators.clear()
    assert checked.exit_code == 0, checked.output
    mentions, reports, events, participants = (
        pq.read_table(root / "build" / f"{name}.parquet").to_pylist()
        for name in ("mentions", "event_reports", "events", "event_participants")
    )
    assert [(row["surface"], row["rule"]) for row in mentions] == [
        ("海鸥号", "harbor.list"),
        ("信天翁号", "harbor.list"),
    ]
    assert [(row["trigger"], row["rule"], row["end"] - row["start"]) for row in reports] == [
        ("抵港", "harbor.arrive", 7)
    ]
    assert [(row["type"], row["cameo"]) for row in events] == [("visit", "042")]
    assert [row["entity_id"] for row in participants] == ["org/ship-seagull"]
