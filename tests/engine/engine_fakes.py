"""A tiny annotator and projects for the tests of the engine; a module of its own so that workers can import it."""

import os
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from broadsheet.annotate.model import Annotation, EntityDraft, MentionDraft, ReportDraft
from broadsheet.document import Article

NAMES = {"甲国": ("loc/jia", "place"), "乙国": ("loc/yi", "place"), "Ding": ("per/ding", "person")}
FAIL = "BREAK THE ANNOTATOR"
DIE = "KILL THE WORKER"


class FakeAnnotator:
    """Finds three names, and a call wherever 通话 stands in a sentence."""

    fingerprint = "fake-1"

    def event_types(self) -> dict[str, Any]:
        call = SimpleNamespace(plover="CONSULT", cameo="041", label_en="call", label_zh="通话", mutual=True)
        return {"call": call}

    def annotate(self, article: Article) -> Annotation:
        texts = [("title", article.title.text if article.title else ""), ("body", article.body().text)]
        if any(FAIL in text for _, text in texts):
            raise RuntimeError("told to fail")
        if any(DIE in text for _, text in texts):
            os._exit(9)
        mentions, reports, entities = [], [], {}
        for field, text in texts:
            for name, (key, kind) in NAMES.items():
                for found in re.finditer(name, text):
                    mentions.append(MentionDraft(field, *found.span(), name, kind, key, "fake", 1.0))
                    entities[key] = EntityDraft(key, kind, name)
            for found in re.finditer(r"[^。\n]+", text):
                if "通话" not in found.group():
                    continue
                actors = tuple((key, "participant") for key in sorted(entities))
                report = ReportDraft(field, *found.span(), "通话", "call", "occurred", "fake", 1, participants=actors)
                reports.append(report)
        return Annotation(tuple(mentions), tuple(reports), tuple(entities[key] for key in sorted(entities)))


class OtherAnnotator(FakeAnnotator):
    """The same with another fingerprint."""

    fingerprint = "fake-2"


def article(number: int) -> str:
    """A file with front matter, title and two paragraphs."""
    return f"""---
title: 甲国与乙国第{number}次通话
date: 2025-03-{number % 28 + 1:02d} 08:00:00 +0800
---

甲国外长 Ding 昨天说，双方第{number}次通话。会谈顺利。

乙国表示同意，并感谢甲国。
"""


def write_project(root: Path, count: int = 5, extra: str = "") -> Path:
    """A project of one collection with `count` articles."""
    (root / "sources/one").mkdir(parents=True)
    text = f"name: demo\nsources:\n  - name: one\n    files: sources/one/**\n    publisher: 测试社\n{extra}"
    (root / "datapackage.yaml").write_text(text, encoding="utf-8")
    for number in range(count):
        put(root, f"{number}.md", article(number))
    return root


def put(root: Path, name: str, text: str | bytes) -> Path:
    """Write a source file, with a time of change well in the past, so that it counts as settled."""
    file = root / "sources/one" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    settle(file)
    return file


def settle(file: Path, seconds: int = 1_700_000_000) -> None:
    """Set the time of change."""
    os.utime(file, ns=(seconds * 1_000_000_000, seconds * 1_000_000_000))


def tables_of(root: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of a build."""
    import pyarrow.parquet as pq

    return {file.stem: pq.read_table(file).to_pylist() for file in sorted((root / "build").glob("*.parquet"))}


def bytes_of(root: Path) -> dict[str, bytes]:
    """The files of a build, without the cache."""
    return {
        file.name: file.read_bytes()
        for file in sorted((root / "build").iterdir())
        if file.suffix in (".parquet", ".json")
    }


def shards_of(root: Path) -> set[str]:
    """Names of the shards in the cache."""
    return {file.name for file in (root / "build/.cache").glob("shard-*")}
