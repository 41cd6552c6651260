"""Probes: duplicates and orphans are counted and listed, nulls are neither."""

import duckdb
import pyarrow as pa
import pytest

from broadsheet.schema.duckdb import probes
from broadsheet.schema.load import core_tables, load_table

YAML = """\
name: part
fields:
  - {name: order, type: string, constraints: {required: true}}
  - {name: number, type: integer, constraints: {required: true}}
  - {name: group, type: string}
  - {name: parent, type: integer}
primaryKey: [order, number]
foreignKeys:
  - {fields: [group], reference: {resource: select, fields: [name]}}
  - {fields: [order, parent], reference: {fields: [order, number]}}
uniqueKeys:
  - [group, parent]
"""


@pytest.fixture
def found(tmp_path):
    file = tmp_path / "part.yaml"
    file.write_text(YAML, encoding="utf-8")
    rows = [
        ("a", 1, "x", None),
        ("a", 1, None, None),
        ("a", 1, "x", None),
        ("a", 2, "x", 1),
        ("b", 1, "x", 1),
        ("b", 2, "z", 7),
        ("b", 3, "z", None),
        ("b", 3, None, 9),
    ]
    part = pa.Table.from_pylist([dict(zip(("order", "number", "group", "parent"), row, strict=True)) for row in rows])
    select = pa.table({"name": ["x", "y", None]})
    with duckdb.connect() as database:
        database.register("part", part)
        database.register("select", select)
        return {
            (probe.code, probe.fields): (
                probe.needs,
                database.sql(probe.count).fetchall(),
                database.sql(probe.keys).fetchall(),
            )
            for probe in probes(load_table(file))
        }


def test_primary_keys(found) -> None:
    assert found["key-duplicate", ("order", "number")] == (("part",), [(3,)], [("a", 1, 3), ("b", 3, 2)])


def test_unique_keys_leave_rows_with_null_alone(found) -> None:
    assert found["unique-key", ("group", "parent")] == (("part",), [(1,)], [("x", 1, 2)])


def test_foreign_keys_name_the_row_and_the_value(found) -> None:
    assert found["foreign-key", ("group",)] == (("part", "select"), [(2,)], [("b", 2, "z"), ("b", 3, "z")])


def test_foreign_keys_inside_one_table(found) -> None:
    assert found["foreign-key", ("order", "parent")] == (("part",), [(2,)], [(2, "b", 7), (3, "b", 9)])


def test_every_core_key_has_its_probe() -> None:
    made = [(p.code, p.table, p.fields, p.needs) for table in core_tables().values() for p in probes(table)]
    assert ("key-duplicate", "event_participants", ("event_id", "entity_id", "role"), ("event_participants",)) in made
    assert ("foreign-key", "articles", ("duplicate_of",), ("articles",)) in made
    assert ("foreign-key", "event_reports", ("speaker_id",), ("event_reports", "entities")) in made
    assert sum(code == "key-duplicate" for code, *_ in made) == 10
    assert sum(code == "foreign-key" for code, *_ in made) == 15
