"""What a build of this repository's project makes of the sample corpus, against the expectations written by hand."""

from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

Rows = list[dict[str, Any]]
Tables = dict[str, Rows]

# Rejects of other tables come from annotation and are no judgement on a file.
ABOUT_FILES = ("sources", "articles")


def of_file(tables: Tables, path: str) -> tuple[dict[str, Any], Rows]:
    """The source row of a file and its articles."""
    sources = [row for row in tables["sources"] if row["path"] == path]
    assert len(sources) == 1, f"{path} has {len(sources)} rows in sources"
    articles = [row for row in tables["articles"] if row["source_id"] == sources[0]["source_id"]]
    return sources[0], articles


def expected_of(expectations: dict[str, Any], path: str) -> dict[str, Any]:
    defaults = expectations["collections"][path.split("/")[1]]
    common = {"status": "parsed", "encoding": "utf-8", "articles": 1, "authors": [], "rejects": [], "url": None}
    return common | defaults | expectations["files"][path]


def clock(text: str | None) -> str | None:
    return text and text.replace(" ", "T")[:19]


def instant(value: datetime | None) -> datetime | None:
    return value and value.astimezone(UTC).replace(microsecond=0)


def without_query(url: str) -> str:
    return url.split("?", maxsplit=1)[0]


def test_every_file_is_a_source_row(tables: Tables, expectations: dict[str, Any], path: str) -> None:
    expected = expected_of(expectations, path)
    source, articles = of_file(tables, path)
    assert source["collection"] == path.split("/")[1]
    assert source["status"] == expected["status"]
    assert source["article_count"] == len(articles) == expected["articles"]
    assert source["redistribution"] == expected["redistribution"]
    assert source["encoding"].replace("-sig", "") == expected["encoding"]
    if expected["status"] == "parsed":
        assert source["format"].split("/")[0] == expected["layer"]
    if "archived" in expected:
        assert instant(source["archived_at"]) == (expected["archived"] and datetime.fromisoformat(expected["archived"]))


def test_fields_are_those_a_reader_finds(tables: Tables, expectations: dict[str, Any], path: str) -> None:
    expected = expected_of(expectations, path)
    _, articles = of_file(tables, path)
    for article in articles:
        found = {name: article[name] for name in ("title", "publisher", "language", "authors")}
        assert found == {name: expected[name] for name in found}
        assert unquote(article["url"] or "") == (expected["url"] or "")
        assert clock(article["published_local"]) == expected["local"]
        assert instant(article["published_at"]) == (expected["at"] and datetime.fromisoformat(expected["at"]))
        if "basis" in expected:
            assert article["published_basis"] == expected["basis"]
        if "dateline" in expected:
            assert (article["dateline"] or "").strip("（）()") == expected["dateline"]
        assert article["agencies"] == expected.get("agencies", [])
        translators = expected.get("translators", [])
        assert bool(article["translator"]) == bool(translators)
        assert all(name in article["translator"] for name in translators)
        assert not article["truncated"]


def test_bodies_hold_the_article_and_nothing_else(tables: Tables, expectations: dict[str, Any], path: str) -> None:
    expected = expected_of(expectations, path)
    _, articles = of_file(tables, path)
    for article in articles:
        body = article["body"]
        assert len(body.split("\n\n") if body else []) == expected["paragraphs"]
        assert body.startswith(expected.get("begins", ""))
        assert body.endswith(expected.get("ends", ""))
        assert [words for words in expected.get("contains", ()) if words not in body] == []
        assert [words for words in expected.get("absent", ()) if words in body] == []


def test_pictures_keep_their_own_address_and_caption(tables: Tables, expectations: dict[str, Any], path: str) -> None:
    expected = expected_of(expectations, path)
    _, articles = of_file(tables, path)
    if "images" not in expected:
        assert path.startswith("sources/northern-page/") or expected["articles"] == 0
        return
    for article in articles:
        media = [row for row in tables["media"] if row["article_id"] == article["article_id"]]
        assert sorted(without_query(row["url"]) for row in media) == sorted(expected["images"])
        captions = " ".join(row["caption"] or "" for row in media)
        assert [caption for caption in expected.get("captions", ()) if caption not in captions] == []


def test_doubtful_records_are_rejects_with_their_code(tables: Tables, expectations: dict[str, Any], path: str) -> None:
    from broadsheet.findings import CODES, Severity

    expected = expected_of(expectations, path)
    source, _ = of_file(tables, path)
    rows = [row for row in tables["rejects"] if row["source_id"] == source["source_id"]]
    codes = {row["code"] for row in rows if row["table"] in ABOUT_FILES}
    assert {code for code in codes if CODES[code].severity is not Severity.NOTE} == set(expected["rejects"])


def test_image_credits_are_told_apart_from_captions(tables: Tables) -> None:
    credits = {without_query(row["url"]): row["credit"] for row in tables["media"]}
    assert credits["https://img.harbor.example/user/2025/oval-0213.jpg"] == "白宫"
    assert credits["https://static.river.example/images/2025/02/12/putin-call-master1050.jpg"] == (
        "Nils Aberg/River Pool"
    )
    assert credits["https://img.lantern.example/uploads/7101.jpg"] == "路透社"


def test_rights_statements_are_kept_as_printed(tables: Tables) -> None:
    statements = {row["path"]: row["rights_statement"] for row in tables["sources"]}
    assert "转载本站文章" in statements["sources/harbor-wire/2025-02-13-call.md"]
    assert "未经子午邮报书面同意" in statements["sources/meridian-post/a-50211.txt"]


def test_duplicates_point_at_the_copy_that_is_kept(tables: Tables, expectations: dict[str, Any]) -> None:
    known = {row["article_id"]: row["source_path"] for row in tables["articles"]}
    found = {
        (row["duplicate_kind"], frozenset((row["source_path"], known[row["duplicate_of"]])))
        for row in tables["articles"]
        if row["duplicate_of"]
    }
    assert found == {(kind, frozenset((first, second))) for kind, first, second in expectations["duplicates"]}
    kept = {row["article_id"] for row in tables["articles"] if row["duplicate_of"] is None}
    assert {row["duplicate_of"] for row in tables["articles"] if row["duplicate_of"]} <= kept


def test_mentions_are_slices_of_their_article(tables: Tables) -> None:
    articles = {row["article_id"]: row for row in tables["articles"]}
    assert tables["mentions"]
    for row in tables["mentions"]:
        assert articles[row["article_id"]][row["field"]][row["start"] : row["end"]] == row["surface"]


def test_one_person_is_one_entity_in_every_spelling(tables: Tables) -> None:
    spellings = [
        {"泽连斯基", "泽伦斯基", "澤倫斯基"},
        {"特朗普", "川普"},
        {"普京", "普丁"},
        {"卢比奥", "鲁比奥"},
        {"海格塞斯", "赫格塞斯", "赫格塞思"},
        {"沃尔兹", "沃尔茨"},
    ]
    found: dict[str, set[str]] = defaultdict(set)
    for row in tables["mentions"]:
        found[row["surface"]].add(row["entity_id"])
    for group in spellings:
        ids = [found[name] for name in group if name in found]
        assert len(ids) >= 2, f"too few spellings found of {group}"
        assert len(set().union(*ids)) == 1, f"{group} became {ids}"


def test_rights_are_enforced_in_what_is_published(project_copy: Path, tables: Tables) -> None:
    try:
        from broadsheet.package import package
        from broadsheet.project import load_project
    except ImportError as missing:
        pytest.skip(f"the packager cannot be imported: {missing}")
    import pyarrow.parquet as pq

    dist = project_copy / "dist"
    package(load_project(project_copy), project_copy / "build", dist)
    published = dist / "huggingface/data/articles/train-00000-of-00001.parquet"
    bodies = {row["source_path"]: row["body"] for row in pq.read_table(published).to_pylist()}
    before = {row["source_path"]: row["body"] for row in tables["articles"]}
    assert bodies.keys() == before.keys()
    for path, body in bodies.items():
        if path.startswith("sources/meridian-post/"):
            assert 0 < len(body) <= 200
            assert before[path].startswith(body.rstrip("…"))
        elif path.startswith("sources/sealed-letter/"):
            assert not body
        else:
            assert body == before[path]
