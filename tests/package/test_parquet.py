"""The Parquet writer: row groups follow from the rows, and files say nothing but the rows."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.package import parquet
from broadsheet.package.parquet import groups, write_groups, write_parquet

SCHEMA = pa.schema([
    pa.field("id", pa.int64(), nullable=False),
    pa.field("text", pa.string()),
    pa.field("list", pa.list_(pa.struct([pa.field("word", pa.string())]))),
])  # fmt: skip


def rows(count: int, width: int = 3) -> pa.Table:
    listed = [
        {"id": at, "text": None if at % 5 == 0 else "字" * (at % width), "list": [{"word": "w"}] * (at % 3)}
        for at in range(count)
    ]
    return pa.Table.from_pylist(listed, schema=SCHEMA)


def sizes(table: pa.Table, batch: int) -> list[int]:
    return [group.num_rows for group in groups(table.to_batches(max_chunksize=batch), SCHEMA)]


def test_a_group_ends_at_a_number_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "GROUP_ROWS", 1_024)
    assert sizes(rows(2_500), 1_000) == [1_024, 1_024, 452]
    assert sizes(rows(1_024), 7) == [1_024]
    assert sizes(rows(0), 7) == []


def test_a_group_ends_with_the_step_that_reaches_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = pa.Table.from_pylist([{"id": 1, "text": "x" * 1_000, "list": []}] * 1_300, schema=SCHEMA)
    monkeypatch.setattr(parquet, "GROUP_BYTES", 600_000)  # a step of 512 rows has a little more than 512,000
    assert sizes(wide, 100) == [1_024, 276]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 300), st.integers(1, 90), st.integers(1, 90))
def test_bytes_do_not_depend_on_the_batches(tmp_path: Path, count: int, one: int, other: int) -> None:
    table = rows(count, 40)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parquet, "STEP", 8)
        patch.setattr(parquet, "GROUP_BYTES", 2_000)
        for name, size in (("a", one), ("b", other)):
            write_parquet(tmp_path / name, SCHEMA, table.to_batches(max_chunksize=size))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert pq.read_table(tmp_path / "a").equals(table)


def test_a_bitmap_that_says_nothing_changes_nothing(tmp_path: Path) -> None:
    """Arrow may keep a validity bitmap of a column without nulls, or not."""
    full = pa.array(["a", "b"])
    with_bitmap = pa.array([None, "a", "b"]).slice(1)
    for name, text in (("a", full), ("b", with_bitmap)):
        batch = pa.RecordBatch.from_arrays([pa.array([1, 2]), text, pa.array([[], []], SCHEMA[2].type)], schema=SCHEMA)
        write_parquet(tmp_path / name, SCHEMA, [batch])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_files_are_plain_and_have_a_page_index(tmp_path: Path) -> None:
    schema = SCHEMA.with_metadata({"pandas": "{}", "huggingface": "{}"})
    write_parquet(tmp_path / "a", schema, rows(9).replace_schema_metadata(schema.metadata).to_batches())
    footer = pq.read_metadata(tmp_path / "a")
    assert set(footer.metadata) == {b"ARROW:schema"}
    assert pq.read_schema(tmp_path / "a").metadata is None
    column = footer.row_group(0).column(0)
    assert column.has_offset_index
    assert column.has_column_index
    assert column.compression == "ZSTD"
    assert pq.read_schema(tmp_path / "a").field("id").nullable is False


def test_an_empty_table_keeps_its_columns(tmp_path: Path) -> None:
    write_parquet(tmp_path / "a", SCHEMA, [])
    assert pq.read_table(tmp_path / "a").schema.equals(SCHEMA)


def test_groups_of_a_file_become_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "STEP", 2)
    monkeypatch.setattr(parquet, "GROUP_ROWS", 2)
    write_parquet(tmp_path / "all", SCHEMA, rows(7).to_batches())
    write_groups(tmp_path / "some", tmp_path / "all", [1, 2])
    assert pq.read_table(tmp_path / "some").column("id").to_pylist() == [2, 3, 4, 5]
    assert pq.read_metadata(tmp_path / "some").num_row_groups == 2
