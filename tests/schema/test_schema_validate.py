"""Failures: all of them, each once, with its place, however many there are."""

import subprocess
import sys
import time

import pyarrow as pa
import pytest

from broadsheet.schema.load import load_table
from broadsheet.schema.validate import Failure, failures

YAML = """\
name: things
fields:
  - {name: key, type: integer, constraints: {required: true, minimum: 0}}
  - {name: word, type: string, constraints: {required: true, minLength: 1, pattern: '[a-z]*', enum: [a, b, '']}}
  - {name: size, type: integer}
primaryKey: [key]
"""


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "things.yaml"
    file.write_text(YAML, encoding="utf-8")
    return load_table(file)


def test_a_cell_that_cannot_be_cast_hides_nothing_else(table) -> None:
    data = pa.table({"key": ["0", "x", "-1", None], "word": ["a", "A", None, ""], "size": ["1", "?", "3", "!"]})
    assert failures(table, data) == [
        Failure(1, "key", "cell-cast", "expected a value of type integer", "x"),
        Failure(1, "word", "constraint", "expected one of a, b, ", "A", "enum"),
        Failure(1, "word", "constraint", "expected a text that matches [a-z]*", "A", "pattern"),
        Failure(1, "size", "cell-cast", "expected a value of type integer", "?"),
        Failure(2, "key", "constraint", "expected at least 0", "-1", "minimum"),
        Failure(2, "word", "constraint", "required, but there is no value", None, "required"),
        Failure(3, "key", "constraint", "required, but there is no value", None, "required"),
        Failure(3, "word", "constraint", "expected a value that is not empty", "", "minLength"),
        Failure(3, "size", "cell-cast", "expected a value of type integer", "!"),
    ]


def test_columns_that_are_missing_unknown_or_out_of_order(table) -> None:
    data = pa.table({"word": ["A"], "key": [0], "more": [1]})
    assert [(f.row, f.field, f.code, f.message) for f in failures(table, data)] == [
        (None, "key", "columns-differ", "out of order: 'word' stands in its place"),
        (None, "size", "columns-differ", "the column is missing"),
        (None, "more", "columns-differ", "the column is not in the schema"),
        (0, "word", "constraint", "expected one of a, b, "),
        (0, "word", "constraint", "expected a text that matches [a-z]*"),
    ]


def test_two_columns_of_one_name(table) -> None:
    columns = [pa.array([0]), pa.array(["a"]), pa.array([1]), pa.array([1])]
    data = pa.Table.from_arrays(columns, ["key", "word", "size", "size"])
    assert [(f.field, f.message) for f in failures(table, data)] == [("size", "two columns have this name")]


def test_pandera_leaves_no_variables_behind() -> None:
    code = (
        "import os; before = dict(os.environ)\n"
        "from broadsheet.schema.pandera import import_pandera\n"
        "import_pandera(); assert dict(os.environ) == before"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_table_without_columns_or_rows(table) -> None:
    assert [f.code for f in failures(table, pa.table({}))] == ["columns-differ"] * 3
    assert failures(table, pa.table({"key": [], "word": [], "size": []})) == []


def test_values_are_shortened(table) -> None:
    data = pa.table({"key": [0], "word": ["Z" * 50_000], "size": [None]})
    assert {f.value for f in failures(table, data)} == {"Z" * 200}


def test_a_pattern_that_would_run_for_minutes_does_not(tmp_path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text("name: t\nfields: [{name: a, type: string, constraints: {pattern: '(a+)+b'}}]\n", encoding="utf-8")
    start = time.perf_counter()
    assert len(failures(load_table(file), pa.table({"a": ["a" * 100_000]}))) == 1
    assert time.perf_counter() - start < 5


def test_two_hundred_thousand_failures_are_all_there(table) -> None:
    count = 200_000
    data = pa.table({"key": pa.array(range(count)), "word": ["A"] * count, "size": ["x"] * count})
    start = time.perf_counter()
    found = failures(table, data)
    assert time.perf_counter() - start < 30
    assert len(found) == 3 * count
    assert {f.row for f in found if f.code == "cell-cast"} == set(range(count))
    assert [f.row for f in found] == sorted(f.row for f in found if f.row is not None)
