"""The whole-corpus steps together, from tables to tables."""

import random
from dataclasses import asdict, replace
from typing import Any

import pytest
from resolve_tools import CODES, KNOWN, article, held, report

from broadsheet.resolve import resolve
from broadsheet.rows import MentionRow
from broadsheet.schema.load import core_tables

CORE = core_tables()
ARTICLES = [article(1, "2025-02-12"), article(2), replace(article(3), body=article(1).body, body_sha256="1" * 64)]
REPORTS = [report(n, "call", "ada-berg&carl-dorn", "2025-02-12") for n in (1, 2, 3)]
MENTIONS = [
    MentionRow(f"men-{n}", f"art-0{n}", "per/ada-berg", "person", "body", 0, 2, "贝里", 0, 6, "alias", 1.0)
    for n in (1, 2, 3)
]


def run(order: random.Random | None = None) -> dict[str, Any]:
    rows = {"articles": ARTICLES, "event_reports": REPORTS, "mentions": MENTIONS, "entities": [*KNOWN, *KNOWN]}
    if order:
        rows = {name: order.sample(values, len(values)) for name, values in rows.items()}
    done = resolve({name: held(name, rows.get(name, [])) for name in CORE if name != "events"}, CODES)
    return {name: table.table() for name, table in done.items()}


@pytest.fixture(scope="module")
def tables() -> dict[str, Any]:
    return run()


def test_all_ten_tables_come_back(tables: dict[str, Any]) -> None:
    assert set(tables) == set(CORE)


def test_every_report_points_to_an_event_and_every_participant_to_an_entity(tables: dict[str, Any]) -> None:
    events = tables["events"].column("event_id").to_pylist()
    assert set(tables["event_reports"].column("event_id").to_pylist()) == set(events)
    assert len(events) == 1
    assert events[0].startswith("ev/")
    entities = set(tables["entities"].column("entity_id").to_pylist())
    assert {"per/ada-berg", "per/carl-dorn"} == entities
    assert set(tables["event_participants"].column("entity_id").to_pylist()) <= entities


def test_copies_are_marked_and_counted_once(tables: dict[str, Any]) -> None:
    assert tables["articles"].column("duplicate_of").to_pylist() == [None, None, "art-01"]
    assert tables["articles"].column("duplicate_kind").to_pylist() == [None, None, "near"]
    (event,) = tables["events"].to_pylist()
    assert (event["report_count"], event["article_count"], event["publisher_count"]) == (3, 2, 2)
    berg = next(row for row in tables["entities"].to_pylist() if row["entity_id"] == "per/ada-berg")
    assert (berg["mention_count"], berg["article_count"]) == (2, 2)


def test_a_copy_joins_as_a_copy(tables: dict[str, Any]) -> None:
    assert {row["article_id"]: row["joined_by"] for row in tables["event_reports"].to_pylist()} == {
        "art-01": "first",
        "art-02": "date",
        "art-03": "copy",
    }


def test_everything_else_stays_as_it_was(tables: dict[str, Any]) -> None:
    wanted = [asdict(row) for row in REPORTS]
    found = tables["event_reports"].to_pylist()
    for row in [*wanted, *found]:
        del row["event_id"], row["joined_by"]
    assert [{**row, "participants": list(row["participants"])} for row in wanted] == found
    assert tables["mentions"].num_rows == 3
    assert tables["articles"].column("body").to_pylist() == [row.body for row in ARTICLES]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_makes_no_difference(tables: dict[str, Any], seed: int) -> None:
    shuffled = run(random.Random(seed))
    for name in ("events", "event_participants", "entities", "articles", "event_reports"):
        key = [(column, "ascending") for column in CORE[name].primary_key]
        assert shuffled[name].sort_by(key).to_pylist() == tables[name].sort_by(key).to_pylist(), name
