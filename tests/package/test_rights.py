from dataclasses import replace
from pathlib import Path

import linked
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from broadsheet.check.slices import verdict
from broadsheet.cli import app
from broadsheet.emitted.tables import TableFiles, read_footers
from broadsheet.package import PackageReport, package
from broadsheet.package.rights import Rights, excerpt
from broadsheet.schema.arrow import rows_to_table
from broadsheet.schema.load import core_tables


def published(packaged: PackageReport, name: str) -> list[dict]:
    return pq.read_table(packaged.dist / "datapackage" / "parquet" / f"{name}.parquet").to_pylist()


def test_no_published_byte_holds_withheld_text(packaged: PackageReport) -> None:
    forms = [s.encode(e) for s in linked.SECRETS for e in ("utf-8", "utf-16-le", "gb18030")]
    forms += [s.encode("unicode_escape") for s in linked.SECRETS]
    names = 0
    for file in packaged.dist.rglob("*"):
        if file.suffix == ".parquet":
            text = str(pq.read_table(file).to_pydict()).encode()  # pages are compressed
        elif file.is_file():
            text = file.read_bytes()
        else:
            continue
        names += 1
        for form in forms:
            assert form not in text, (file, form)
            assert form not in file.read_bytes(), (file, form)
    assert names == len(packaged.files)


def test_the_test_above_can_fail() -> None:
    assert all(any(s in str(t.to_pydict()) for t in linked.tables().values()) for s in linked.SECRETS)


def test_bodies_are_cut_as_their_rights_say(packaged: PackageReport) -> None:
    bodies = {row["title"]: row["body"] for row in published(packaged, "articles")}
    assert bodies == {
        linked.OPEN_TITLE: linked.OPEN_BODY,
        linked.EMPTY_TITLE: "",
        linked.PARTIAL_TITLE: linked.PARTIAL_KEPT,
        linked.CLOSED_TITLE: "",
    }


def test_hash_and_length_are_those_of_the_full_text(packaged: PackageReport) -> None:
    lengths = {row["title"]: row["character_count"] for row in published(packaged, "articles")}
    assert lengths[linked.PARTIAL_TITLE] == len(linked.PARTIAL_BODY)
    assert lengths[linked.CLOSED_TITLE] == 26


def test_spans_into_withheld_text_are_gone_and_listed(packaged: PackageReport) -> None:
    surfaces = [(m["field"], m["surface"]) for m in published(packaged, "mentions")]
    assert surfaces == [
        ("body", "Anna Lind"), ("body", "安娜"), ("body", "海港城"), ("body", "Omar Haddad"), ("title", "海港城"),
    ]  # fmt: skip
    told = [(row["trigger"], row["field"]) for row in published(packaged, "event_reports")]
    assert told == [("called", "body"), ("called", "body")]  # "met" and 会谈 stand in withheld text
    closed, partial = packaged.withheld
    assert (closed.articles, closed.mentions, closed.reports) == (1, 2, 1)
    assert (partial.articles, partial.mentions, partial.reports) == (1, 1, 1)
    assert partial.characters == len(linked.PARTIAL_BODY) - len(linked.PARTIAL_KEPT)
    assert (partial.redistribution, closed.redistribution) == ("excerpt", "metadata")
    notes = [f.message for f in packaged.findings if f.code == "text-withheld"]
    assert notes[0].startswith("collection closed (metadata): 1 articles cut by 26 code points")
    assert "2 mentions and 1 event reports dropped" in notes[0]
    assert notes[1].startswith("collection partial (excerpt): 1 articles cut by")


def test_events_and_entities_stay_with_the_counts_of_the_corpus(packaged: PackageReport) -> None:
    assert {row["event_id"]: row["report_count"] for row in published(packaged, "events")} == {
        linked.CALL: 2, linked.MEETING: 1, linked.TALKS: 1,
    }  # fmt: skip
    assert {row["entity_id"]: row["mention_count"] for row in published(packaged, "entities")}[linked.HADDAD] == 2


def test_aliases_that_only_withheld_text_has_are_gone(packaged: PackageReport) -> None:
    assert {row["entity_id"]: row["aliases"] for row in published(packaged, "entities")} == {
        linked.CITY: ["海港城"],  # also in the open article
        linked.NORLAND: [],
        linked.LIND: ["Anna Lind", "安娜"],
        linked.HADDAD: ["Omar Haddad"],
    }


def test_cells_that_quote_the_source_are_empty(packaged: PackageReport) -> None:
    assert [row["caption"] for row in published(packaged, "media")] == ["A ferry.", None]
    assert [row["credit"] for row in published(packaged, "media")] == [None, "Ida Quill"]
    assert [row["text"] for row in published(packaged, "links")] == [None]
    by_code = {row["code"]: row for row in published(packaged, "rejects")}
    assert by_code["date-unreadable"]["value"] is None
    assert by_code["date-unreadable"]["message"] == "a date no rule can read"
    assert by_code["body-empty"]["message"] == "No text."
    dates = {row["article_id"]: row["date_text"] for row in published(packaged, "event_reports")}
    assert dates == {linked.ARTICLES[linked.OPEN.id]: "3 March 2031", linked.ARTICLES[linked.PARTIAL.id]: None}


def test_segments_that_stay_still_lead_to_the_file(packaged: PackageReport) -> None:
    row = next(r for r in published(packaged, "articles") if r["title"] == linked.PARTIAL_TITLE)
    title, body = row["segments"]
    assert (title["field"], title["text_length"]) == ("title", len(linked.PARTIAL_TITLE))
    assert (body["text_start"], body["text_length"]) == (0, len(linked.PARTIAL_KEPT))
    end = body["source_start"] + body["source_length"]
    assert verdict(linked.PARTIAL.data, "utf-8", body["source_start"], end, linked.PARTIAL_KEPT)[0] == "exact"
    closed = next(r for r in published(packaged, "articles") if r["title"] == linked.CLOSED_TITLE)
    assert [s["field"] for s in closed["segments"]] == ["title"]


def test_a_corpus_without_limits_is_not_touched(tmp_path: Path) -> None:
    tables = linked.tables()
    for name in ("sources", "articles"):
        for index in range(tables[name].num_rows):
            tables[name] = linked.changed(tables[name], index, redistribution="full")
    allowed = Rights(on_disk(tmp_path, tables))
    for name, table in tables.items():
        assert [row for batch in allowed.rows(name, {}) for row in batch.to_pylist()] == table.to_pylist()
    assert allowed.withheld() == ()


def on_disk(folder: Path, tables: dict[str, pa.Table]) -> dict[str, TableFiles]:
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    return {name: read_footers(name, [folder / f"{name}.parquet"]) for name in tables}


def test_one_article_may_be_limited_in_a_file_that_is_not(tmp_path: Path) -> None:
    """The open file holds the mail of one reader, who allows its title only: rejects of the file are silent, too."""
    tables = linked.tables()
    titles = tables["articles"].column("title").to_pylist()
    mine = titles.index(linked.OPEN_TITLE)
    tables["articles"] = linked.changed(tables["articles"], mine, redistribution="metadata")
    reject = replace(linked.rejects()[0], source_id=linked.OPEN.id, value="fish & ferries", message="'fish & ferries'")
    tables["rejects"] = rows_to_table(core_tables()["rejects"], [reject])
    project = linked.write_project(tmp_path / "project", tables)
    made = package(project, project.build_dir, project.dist_dir)
    bodies = {row["title"]: row["body"] for row in published(made, "articles")}
    assert bodies[linked.OPEN_TITLE] == ""
    assert [(r["value"], r["message"]) for r in published(made, "rejects")] == [(None, "a file that is not text")]
    assert [row["caption"] for row in published(made, "media")] == [None, None]
    aliases = {row["entity_id"]: row["aliases"] for row in published(made, "entities")}
    assert aliases[linked.CITY] == ["海港城"]  # still in the title of the closed article
    assert aliases[linked.LIND] == []
    assert made.status == 0


def test_an_article_may_not_allow_more_than_its_file(tmp_path: Path) -> None:
    tables = linked.tables()
    for index in range(tables["articles"].num_rows):
        tables["articles"] = linked.changed(tables["articles"], index, redistribution="full")
    project = linked.write_project(tmp_path / "project", tables)
    made = package(project, project.build_dir, project.dist_dir)
    assert {row["title"]: row["redistribution"] for row in published(made, "articles")} == {
        linked.OPEN_TITLE: "full", linked.EMPTY_TITLE: "full",
        linked.PARTIAL_TITLE: "excerpt", linked.CLOSED_TITLE: "metadata",
    }  # fmt: skip
    assert [(f.code, f.count) for f in made.findings if f.severity == "error"] == [("rights-exceeded", 2)]
    assert made.status == 1
    done = CliRunner().invoke(app, ["package", "-C", str(project.root)])
    assert done.exit_code == 1
    assert "articles more than their files" in done.stderr


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("短。", "短。"),
        ("一" * 150 + "。" + "二" * 100, "一" * 150 + "。"),
        ("一" * 150 + "！”" + "二" * 100, "一" * 150 + "！”"),
        ("一" * 90 + "\n\n" + "二" * 200, "一" * 90),
        ("一" * 90 + "。\n\n" + "二" * 50 + "？" + "三" * 100, "一" * 90 + "。\n\n" + "二" * 50 + "？"),
        ("word " * 30 + "end. " + "more " * 30, "word " * 30 + "end."),
        ("3.14 " * 60, ("3.14 " * 60)[:200]),
        ("一" * 300, "一" * 200),
        ("一" * 199 + "。" + "二" * 9, "一" * 199 + "。"),
    ],
)
def test_an_excerpt_ends_with_a_paragraph_or_sentence(body: str, kept: str) -> None:
    assert excerpt(body) == kept


@given(st.text(alphabet="a。.\n ”", max_size=500))
def test_an_excerpt_is_a_beginning_of_at_most_200(body: str) -> None:
    kept = excerpt(body)
    assert body.startswith(kept)
    assert len(kept) <= 200
    assert kept or not body or len(body) > 200


def test_an_excerpt_of_a_text_is_never_empty() -> None:
    assert excerpt("\n\n" + "一" * 300)
