"""Databases that are shared: nothing of one connection is seen by another, and one that broke is replaced."""

import os
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from broadsheet.emitted import tables
from broadsheet.emitted.tables import TableFiles, connected, read_footers


@pytest.fixture
def things(tmp_path: Path) -> TableFiles:
    pq.write_table(pa.table({"x": [1, 2]}), tmp_path / "things.parquet")
    return read_footers("things", [tmp_path / "things.parquet"])


def test_nothing_of_a_connection_is_seen_by_another(things: TableFiles) -> None:
    none = TableFiles("things", (), things.schema, 0)
    with connected({"things": things}) as outer, connected({"things": none}) as inner:
        outer.execute("CREATE TEMP TABLE kept AS SELECT * FROM things")
        outer.execute("SET TimeZone = 'Asia/Tokyo'")
        assert outer.execute("SELECT count(*) FROM things").fetchall() == [(2,)]
        assert inner.execute("SELECT count(*) FROM things").fetchall() == [(0,)]
        assert inner.execute("SELECT current_setting('TimeZone')").fetchall() != [("Asia/Tokyo",)]
        with pytest.raises(duckdb.CatalogException):
            inner.execute("SELECT * FROM kept")
    with connected({}) as later:
        assert later.execute("SELECT count(*) FROM duckdb_views() WHERE NOT internal").fetchall() == [(0,)]
        assert later.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]


def test_options_hold_for_those_who_asked_for_them() -> None:
    option = "SELECT current_setting('disabled_optimizers')"
    with connected({}, setup="SET disabled_optimizers = 'join_order'") as one, connected({}) as other:
        assert one.execute(option).fetchall() == [("join_order",)]
        assert other.execute(option).fetchall() == [("",)]
    with connected({}, own=True) as alone:
        alone.execute("SET threads = 1")
        alone.execute("CREATE TABLE kept AS SELECT 1")
    with connected({}) as other:
        assert other.execute("SELECT current_setting('threads')").fetchall() == [(2,)]
        assert other.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]


def test_a_database_that_answers_no_more_is_replaced(things: TableFiles) -> None:
    key = (os.getpid(), "100MB", 1, "")
    with connected({}, memory="100MB", threads=1):
        tables._databases[key].close()
    with connected({"things": things}, memory="100MB", threads=1) as connection:
        assert connection.execute("SELECT sum(x)::INT FROM things").fetchall() == [(3,)]


def test_what_does_not_fit_is_put_aside_and_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with connected({}, memory="40MB", threads=1, own=True) as connection:
        assert list(tmp_path.iterdir()) == []
        connection.execute("CREATE TEMP TABLE big AS SELECT range || repeat('x', 99) AS x FROM range(700_000)")
        assert [folder.name.startswith("broadsheet-") for folder in tmp_path.iterdir()] == [True]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("folder", "other"), [("news [1]", "news 1"), ("wh?", "why"), ("a*", "ab")])
def test_a_path_is_never_a_pattern(tmp_path: Path, folder: str, other: str) -> None:
    for number, name in enumerate((folder, other)):
        (tmp_path / name).mkdir()
        pq.write_table(pa.table({"x": [number]}), tmp_path / name / "things.parquet")
    with connected({"things": read_footers("things", [tmp_path / folder / "things.parquet"])}) as connection:
        assert connection.execute("SELECT x FROM things").fetchall() == [(0,)]
