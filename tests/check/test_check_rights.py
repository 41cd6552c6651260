"""Rules about rights: what is more than the rights of an article allow is found, counted, and not quoted."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import linked
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from broadsheet.check.report import KEPT, Gather
from broadsheet.check.rights import check_rights, rights
from broadsheet.emitted.tables import read_footers
from broadsheet.findings import Finding
from broadsheet.package import PackageReport

Rows = list[dict[str, Any]]
PARTIAL, CLOSED = linked.ARTICLES[linked.PARTIAL.id], linked.ARTICLES[linked.CLOSED.id]


def found(folder: Path) -> tuple[Finding, ...]:
    gather = Gather()
    check_rights({file.stem: read_footers(file.stem, [file]) for file in sorted(folder.glob("*.parquet"))}, gather)
    return gather.report("the package").findings


def published(packaged: PackageReport, name: str) -> pa.Table:
    return pq.read_table(packaged.dist / "datapackage" / "parquet" / f"{name}.parquet")


def written(folder: Path, packaged: PackageReport, name: str, change: Callable[[Rows], Any]) -> Path:
    """The published tables with one changed."""
    for table in linked.tables():
        made = published(packaged, table)
        if table == name:
            rows = made.to_pylist()
            change(rows)
            made = pa.Table.from_pylist(rows, schema=made.schema)
        pq.write_table(made, folder / f"{table}.parquet")
    return folder


def of(rows: Rows, article: str) -> dict[str, Any]:
    return next(row for row in rows if row["article_id"] == article)


def test_a_package_holds_no_more_than_it_may(packaged: PackageReport) -> None:
    assert found(packaged.dist / "datapackage" / "parquet") == ()


def add_mention(rows: Rows) -> None:
    rows.append({**rows[0], "mention_id": "men-" + "0" * 16, "article_id": CLOSED, "field": "body", "end": 3})


def add_report(**more: Any) -> Callable[[Rows], None]:
    return lambda rows: rows.append({**rows[0], "report_id": "rep-" + "0" * 16, "article_id": PARTIAL, **more})


CHANGES: dict[tuple[str, str], Callable[[Rows], Any]] = {
    ("articles", "body"): lambda rows: of(rows, CLOSED).update(body="x"),
    ("articles", "summary"): lambda rows: of(rows, CLOSED).update(summary="x"),
    ("articles", "tags"): lambda rows: of(rows, PARTIAL).update(tags=["x"]),
    ("articles", "dateline"): lambda rows: of(rows, PARTIAL).update(dateline="HARBOR CITY"),
    ("articles", "published_text"): lambda rows: of(rows, PARTIAL).update(published_text="the day of the ferry"),
    ("media", "caption"): lambda rows: of(rows, PARTIAL).update(caption="x"),
    ("links", "text"): lambda rows: of(rows, PARTIAL).update(text="x"),
    ("mentions", "surface"): add_mention,
    ("event_reports", "trigger"): add_report(end=201, date_text=None),
    ("event_reports", "date_text"): add_report(end=3, trigger="called", date_text="two days later"),
    ("entities", "aliases"): lambda rows: rows[0].update(aliases=["x"]),
    ("sources", "rights_statement"): lambda rows: [row.update(rights_statement="x") for row in rows],
    ("rejects", "value"): lambda rows: [row.update(value="x") for row in rows],
    ("rejects", "message"): lambda rows: [row.update(message="quoted: x") for row in rows],
}


@pytest.mark.parametrize(("table", "field"), CHANGES)
def test_whatever_is_too_much_is_found(packaged: PackageReport, tmp_path: Path, table: str, field: str) -> None:
    errors = found(written(tmp_path, packaged, table, CHANGES[table, field]))
    assert {(error.code, error.resource, error.field) for error in errors} == {("rights-exceeded", table, field)}
    assert not any("quoted" in str(error) or "two days" in str(error) for error in errors)


def test_a_word_from_a_withheld_part_is_too_much(packaged: PackageReport, tmp_path: Path) -> None:
    errors = found(written(tmp_path, packaged, "event_reports", add_report(end=3, trigger="met", date_text=None)))
    assert [(error.field, error.row_key) for error in errors] == [("trigger", "rep-" + "0" * 16)]


def test_rights_are_those_of_the_article(packaged: PackageReport, tmp_path: Path) -> None:
    def limit(rows: Rows) -> None:
        of(rows, linked.ARTICLES[linked.OPEN.id]).update(redistribution="metadata")

    fields = {(error.resource, error.field) for error in found(written(tmp_path, packaged, "articles", limit))}
    assert {("articles", "body"), ("articles", "tags"), ("media", "caption")} <= fields


def test_a_package_made_before_articles_had_rights_is_judged_by_its_sources(
    packaged: PackageReport, tmp_path: Path
) -> None:
    written(tmp_path, packaged, "articles", CHANGES["articles", "body"])
    table = pq.read_table(tmp_path / "articles.parquet").drop_columns(["redistribution"])
    pq.write_table(table, tmp_path / "articles.parquet")
    assert [(error.field, error.row_key) for error in found(tmp_path)] == [("body", CLOSED)]


def test_totals_are_full_and_places_the_first(packaged: PackageReport) -> None:
    tables = {name: published(packaged, name) for name in linked.tables()}
    (link,) = tables["links"].to_pylist()
    many = [{**link, "position": position, "text": "x"} for position in range(KEPT + 30)]
    gather = Gather()
    rights(tables | {"links": pa.Table.from_pylist(many, schema=tables["links"].schema)}, gather)
    errors = gather.report("tables").findings
    assert (len(errors), sum(error.count for error in errors)) == (KEPT, KEPT + 30)
