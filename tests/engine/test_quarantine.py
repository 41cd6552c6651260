"""Rows that break a rule, and the rows that hang on them."""

from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pytest

from broadsheet.resolve.held import Held
from broadsheet.resolve.quarantine import quarantine
from broadsheet.schema.arrow import arrow_schema
from broadsheet.schema.load import core_tables
from broadsheet.schema.model import Constraints, Table

SRC = "src-" + "0" * 16
ART = ["art-" + str(n) * 16 for n in range(4)]


def source(**values: Any) -> dict[str, Any]:
    return {
        "source_id": SRC,
        "collection": "one",
        "path": "a.md",
        "sha256": "0" * 64,
        "bytes": 10,
        "media_type": "text/plain",
        "parser_version": "1",
        "status": "parsed",
        "article_count": 1,
        "redistribution": "full",
        **values,
    }


def article(number: int, **values: Any) -> dict[str, Any]:
    return {
        "article_id": ART[number],
        "source_id": SRC,
        "source_path": "a.md",
        "source_sha256": "0" * 64,
        "position": number,
        "title": "t",
        "language": "zh-Hans",
        "published_precision": "none",
        "published_basis": "none",
        "published_zone_basis": "none",
        "authors": [],
        "agencies": [],
        "tags": [],
        "body": "b",
        "truncated": False,
        "character_count": 1,
        "body_sha256": "0" * 64,
        "redistribution": "full",
        "source_start": 0,
        "source_end": 10,
        "segments": [],
        **values,
    }


def link(number: int, position: int) -> dict[str, Any]:
    return {"article_id": ART[number], "position": position, "url": "https://example.org/", "relation": "body"}


def entity(key: str, **values: Any) -> dict[str, Any]:
    found = {"entity_id": key, "type": "place", "name": "X", "aliases": [], "linked": True}
    return {**found, "mention_count": 1, "article_count": 1, **values}


def mention(tag: str, number: int, key: str, **values: Any) -> dict[str, Any]:
    return {
        "mention_id": "men-" + tag * 16,
        "article_id": ART[number],
        "entity_id": key,
        "type": "place",
        "field": "body",
        "start": int(tag, 16),
        "end": int(tag, 16) + 1,
        "surface": "X",
        "source_start": 3,
        "source_end": 4,
        "rule": "r",
        "confidence": 1.0,
        **values,
    }


@dataclass(frozen=True)
class Done:
    """What is left, in memory."""

    tables: dict[str, pa.Table]
    removed: dict[str, int]


def run(contract: dict[str, Table] | None = None, **given: list[dict[str, Any]]) -> Done:
    tables = {}
    for name, schema in core_tables().items():
        nullable = pa.schema([field.with_nullable(True) for field in arrow_schema(schema)])
        tables[name] = Held.of(pa.Table.from_pylist(given.get(name, []), schema=nullable))
    contract = contract or core_tables()
    done = quarantine(tables, contract)
    # The cast fails where a null is left that the contract does not allow.
    left = {name: held.table().cast(arrow_schema(contract[name])) for name, held in done.tables.items()}
    return Done(left, dict(done.removed))


def told(done: Done) -> list[tuple[Any, ...]]:
    rows = done.tables["rejects"].to_pylist()
    return sorted((row["table"], row["field"], row["code"], row["value"]) for row in rows)


def keys(done: Done, table: str, column: str) -> list[Any]:
    found: list[Any] = done.tables[table].column(column).to_pylist()
    return found


def test_sound_tables_stay() -> None:
    done = run(
        sources=[source()], articles=[article(0)], entities=[entity("loc/x")], mentions=[mention("a", 0, "loc/x")]
    )
    assert told(done) == []
    assert done.removed == {}
    assert done.tables["mentions"].schema == arrow_schema(core_tables()["mentions"])


def test_broken_cell_takes_its_row_and_what_hangs_on_it() -> None:
    done = run(
        sources=[source()],
        articles=[article(0, character_count=-1), article(1)],
        links=[link(0, 0), link(1, 0)],
        entities=[entity("loc/x")],
        mentions=[mention("a", 0, "loc/x"), mention("b", 1, "loc/x")],
    )
    assert told(done) == [
        ("articles", "character_count", "constraint", "-1"),
        ("links", "article_id", "parent-rejected", ART[0]),
        ("mentions", "article_id", "parent-rejected", ART[0]),
    ]
    assert keys(done, "articles", "article_id") == [ART[1]]
    assert keys(done, "mentions", "mention_id") == ["men-" + "b" * 16]
    assert done.removed == {"articles": 1, "links": 1, "mentions": 1}
    assert {row["article_id"] for row in done.tables["rejects"].to_pylist()} == {None}


def test_null_where_a_value_is_required() -> None:
    done = run(sources=[source()], articles=[article(0, body=None)])
    assert told(done) == [("articles", "body", "constraint", None)]
    assert keys(done, "articles", "article_id") == []


def test_the_first_row_keeps_a_key() -> None:
    done = run(
        sources=[source()],
        articles=[article(0), article(0, title="again")],
        entities=[entity("loc/x"), entity("loc/y")],
        mentions=[mention("a", 0, "loc/x"), mention("b", 0, "loc/y", start=10, end=11)],
        links=[link(0, 0)],
    )
    assert keys(done, "articles", "title") == ["t"]
    assert keys(done, "links", "position") == [0]
    assert told(done) == [
        ("articles", "article_id", "key-duplicate", ART[0]),
        ("mentions", "end", "unique-key", f"{ART[0]} / body / 10 / 11"),
    ]
    assert keys(done, "mentions", "entity_id") == ["loc/x"]
    (row,) = [row for row in done.tables["rejects"].to_pylist() if row["table"] == "mentions"]
    assert (row["source_id"], row["article_id"], row["source_start"]) == (SRC, ART[0], 3)


def test_optional_reference_becomes_null() -> None:
    done = run(
        sources=[source()],
        articles=[article(0, character_count=-1), article(1, duplicate_of=ART[0]), article(2, duplicate_of=ART[3])],
    )
    assert keys(done, "articles", "duplicate_of") == [None, None]
    assert told(done) == [
        ("articles", "character_count", "constraint", "-1"),
        ("articles", "duplicate_of", "foreign-key", ART[3]),
        ("articles", "duplicate_of", "parent-rejected", ART[0]),
    ]


def test_cascade_of_two_steps() -> None:
    event = "ev/x"
    done = run(
        sources=[source()],
        articles=[article(0)],
        entities=[entity("loc/x", type="planet")],
        events=[
            {
                "event_id": event,
                "label_en": "l",
                "label_zh": "l",
                "type": "call",
                "status": "occurred",
                "date_precision": "none",
                "place_id": "loc/x",
                "report_count": 1,
                "article_count": 1,
                "publisher_count": 1,
                "disputed": [],
            }
        ],
        event_participants=[{"event_id": event, "entity_id": "loc/x", "role": "host"}],
    )
    assert told(done) == [
        ("entities", "type", "constraint", "planet"),
        ("event_participants", "entity_id", "parent-rejected", "loc/x"),
        ("events", "place_id", "parent-rejected", "loc/x"),
    ]
    assert keys(done, "events", "place_id") == [None]
    assert keys(done, "event_participants", "role") == []


def test_sources_stay_and_say_what_is_wrong() -> None:
    contract = core_tables()
    fields = tuple(
        replace(field, constraints=Constraints(enum=("CC0-1.0",))) if field.name == "license" else field
        for field in contract["sources"].fields
    )
    contract = {**contract, "sources": replace(contract["sources"], fields=fields)}
    done = run(contract, sources=[source(license="unknown")], articles=[article(0)])
    assert keys(done, "sources", "license") == [None]
    assert keys(done, "articles", "article_id") == [ART[0]]
    assert told(done) == [("sources", "license", "constraint", "unknown")]


def test_rejects_lose_the_article_that_went() -> None:
    before = {
        "reject_id": "rej-" + "1" * 16,
        "source_id": SRC,
        "table": "articles",
        "code": "body-empty",
        "message": "m",
    }
    done = run(
        sources=[source()], articles=[article(0, character_count=-1)], rejects=[{**before, "article_id": ART[0]}]
    )
    assert sorted(zip(keys(done, "rejects", "code"), keys(done, "rejects", "article_id"), strict=True)) == [
        ("body-empty", None),
        ("constraint", None),
    ]


@pytest.mark.parametrize("count", [2000])
def test_all_failures_are_told(count: int) -> None:
    links = [{**link(0, number), "relation": "wrong"} for number in range(count)]
    done = run(sources=[source()], articles=[article(0)], links=links)
    assert len(told(done)) == count
    ids = keys(done, "rejects", "reject_id")
    assert len(set(ids)) == count
