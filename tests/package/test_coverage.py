"""What the READMEs say is there, where there is much of it, or nothing."""

from pathlib import Path
from typing import Any

import linked
import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet.emitted.tables import read_footers
from broadsheet.package.coverage import coverage
from broadsheet.package.describe import Content
from broadsheet.project import load_project


def content(folder: Path, **tables: dict[str, list[Any]]) -> Content:
    (folder / "datapackage.yaml").write_text(linked.DESCRIPTOR, "utf-8")
    for name, columns in tables.items():
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")
    return Content(load_project(folder), {name: read_footers(name, [folder / f"{name}.parquet"]) for name in tables})


def test_many_publishers_and_a_language_without_mentions(tmp_path: Path) -> None:
    count = 14
    articles = {
        "article_id": [f"a{number}" for number in range(count + 2)],
        "language": ["fr"] * count + ["en", None],
        "published_local": ["2031-01-02"] * count + ["2030-05-06T07:08:09", None],
        "publisher": [f"p_{number:02}" for number in range(count)] + ["p_13", None],
        "duplicate_of": [None] * count + ["a0", "a0"],
        "truncated": [True] + [False] * (count + 1),
    }
    told = coverage(
        content(
            tmp_path,
            articles=articles,
            sources={"article_count": [1] * (count + 2)},
            mentions={"article_id": ["a14", "a14"]},
            rejects={"code": pa.array([], pa.string())},
        )
    )
    named = ", ".join(f"p\\_{number:02} (1)" for number in range(11))
    assert told.splitlines() == [
        "- Articles by language: fr (14), en (1), not known (1).",
        "- By year: 2030 (1), 2031 (14), not known (1).",
        f"- By publisher: p\\_13 (2), {named}, 3 others (3).",
        "- Marked as copies or revisions of others (`duplicate_of`): 2; without a printed date: 1; "
        "cut by a paywall or by who collected them (`truncated`): 1.",
        "- Files that gave no article: 0. "
        "What could not be used, or not without doubt, by code (`rejects.code`): none.",
        "- No article in these languages has mentions: fr (14), not known (1).",
    ]
