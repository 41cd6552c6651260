"""The CSV form, made a column at a time, against rows written one cell at a time as the csv module would."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import linked
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadsheet.check import csvform
from broadsheet.check.csvform import csv_agrees, csv_chunks
from broadsheet.emitted.tables import TableFiles, read_footers

OBJECT = pa.struct([("a", pa.string()), ('b "x"', pa.float64()), ("c", pa.list_(pa.date32()))])
SCHEMA = pa.schema(
    {
        "text, one": pa.string(),
        "long": pa.large_string(),
        "whole": pa.int64(),
        "real": pa.float64(),
        "flag": pa.bool_(),
        "day": pa.date32(),
        "at": pa.timestamp("us", tz="UTC"),
        "texts": pa.list_(pa.string()),
        "objects": pa.list_(OBJECT),
        "object": OBJECT,
        "numbers": pa.large_list(pa.int64()),
        "ats": pa.list_(pa.timestamp("us", tz="UTC")),
        "flags": pa.list_(pa.bool_()),
    }
)
TEXT = st.text(st.sampled_from('",\r\n\\\t\x00\x01\x1f\x7f a中𠮷=\u2028é'), max_size=6)
REAL = st.floats() | st.sampled_from([-0.0, 0.0, 1e16, 1e-5, 0.1, 3.0, 1e22, 5e-324])
WHOLE = st.integers(-(2**63), 2**63 - 1)
DAY = st.dates()
AT = st.datetimes(timezones=st.just(UTC)) | st.just(datetime(2031, 3, 4, 8, 30, 15, 250_000, tzinfo=UTC))
OBJECTS = st.fixed_dictionaries(
    {
        "a": st.none() | TEXT,
        'b "x"': st.none() | REAL,
        "c": st.none() | st.lists(st.none() | DAY, max_size=2),
    }
)
CELLS = {
    "text, one": TEXT,
    "long": TEXT,
    "whole": WHOLE,
    "real": REAL,
    "flag": st.booleans(),
    "day": DAY,
    "at": AT,
    "texts": st.lists(st.none() | TEXT, max_size=3),
    "objects": st.lists(st.none() | OBJECTS, max_size=2),
    "object": OBJECTS,
    "numbers": st.lists(WHOLE, max_size=2),
    "ats": st.lists(AT, max_size=2),
    "flags": st.lists(st.none() | st.booleans(), max_size=2),
}
ROWS = st.lists(st.fixed_dictionaries({name: st.none() | cell for name, cell in CELLS.items()}), max_size=5)
FULL = {
    "text, one": 'a "b", c\r',
    "long": "",
    "whole": -1,
    "real": -0.0,
    "flag": False,
    "day": date(1, 1, 1),
    "at": datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    "texts": [None, "", "\n"],
    "objects": [None, {"a": "\\", 'b "x"': 1e16, "c": []}],
    "object": {"a": None, 'b "x"': 0.0, "c": [None]},
    "numbers": [],
    "ats": [datetime(2031, 3, 4, tzinfo=UTC)],
    "flags": [None, True],
}


def iso(value: date) -> str:
    return value.isoformat() if not isinstance(value, datetime) else value.isoformat().removesuffix("+00:00") + "Z"


def cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case list() | dict():
            return json.dumps(value, ensure_ascii=False, default=iso)
        case date():
            return iso(value)
        case _:
            return repr(value) if isinstance(value, float) else str(value)


def line(cells: list[str]) -> str:
    marked = [f'"{c.replace(chr(34), chr(34) * 2)}"' if set(c) & set('",\r\n') else c for c in cells]
    return ",".join(marked) + "\n"


def written(table: pa.Table) -> bytes:
    """The table as a plain writer has it."""
    lines = [line(table.column_names)]
    lines += [line([cell(value) for value in row.values()]) for row in table.to_pylist()]
    return "".join(lines).encode()


@settings(max_examples=60)
@given(ROWS)
@example([FULL, dict.fromkeys(CELLS), FULL])
@example([])
def test_columns_give_the_bytes_that_rows_give(rows: list[dict]) -> None:
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    assert b"".join(csv_chunks(table)) == written(table)
    part = table.slice(1, max(table.num_rows - 2, 0))
    assert b"".join(csv_chunks(part)) == written(part)


def test_an_array_whose_items_begin_late_and_a_dictionary_are_written_as_they_are() -> None:
    table = pa.Table.from_pylist([FULL] * 4, schema=SCHEMA).slice(2)
    table = table.append_column("words", pa.array(["x", None]).dictionary_encode())
    assert b"".join(csv_chunks(table)) == written(table)


@pytest.fixture
def links(tmp_path: Path) -> TableFiles:
    """A table of two files."""
    table = linked.changed(linked.tables()["links"], 0, text="")
    files = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    for file in files:
        pq.write_table(table, file)
    return read_footers("links", files)


def test_files_tables_and_batches_give_the_same_bytes(links: TableFiles) -> None:
    whole = pa.concat_tables(pq.read_table(file) for file in links.files)
    expected = written(whole)

    def batches() -> Iterator[pa.RecordBatch]:
        yield from whole.to_batches(max_chunksize=1)

    assert b"".join(csv_chunks(links)) == expected
    assert b"".join(csv_chunks(whole.to_reader())) == expected
    assert b"".join(csv_chunks(batches(), whole.schema)) == expected


def test_long_texts_are_written_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pa.table({"n": list(range(100)), "text": [f"{at}," * 50 for at in range(100)]})
    monkeypatch.setattr(csvform, "PIECE", 1_000)
    chunks = list(csv_chunks(table))
    assert max(len(chunk) for chunk in chunks) < 2_000
    assert b"".join(chunks) == written(table)


@pytest.mark.parametrize("spoil", [lambda b: b[:-1], lambda b: b + b"\n", lambda b: b.replace(b",", b";", 1)])
def test_a_file_that_is_not_the_csv_form_does_not_agree(tmp_path: Path, links: TableFiles, spoil: object) -> None:
    file = tmp_path / "links.csv"
    file.write_bytes(b"".join(csv_chunks(links)))
    assert csv_agrees(file, links)
    file.write_bytes(spoil(file.read_bytes()))
    assert not csv_agrees(file, links)


def test_a_table_without_rows_or_columns_is_its_header() -> None:
    assert b"".join(csv_chunks(SCHEMA.empty_table())).count(b"\n") == 1
    assert b"".join(csv_chunks(pa.table({}))) == b"\n"
