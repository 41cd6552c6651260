"""Tables that do not fit in memory: sorted, read and built the same as those that do."""

import errno
import random
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

import engine_fakes as fakes
import pyarrow as pa
import pytest
from engine_fakes import FakeAnnotator, put, write_project
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.engine import build, sorting
from broadsheet.engine.sorting import in_order
from broadsheet.findings import BroadsheetError
from broadsheet.project import load_project
from broadsheet.resolve.held import Held, Read

BUILD, SHARDS, PROCESS = (import_module(f"broadsheet.engine.{name}") for name in ("build", "shards", "process"))


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every table were far larger than memory."""
    monkeypatch.setattr(sorting, "IN_MEMORY", 400)
    monkeypatch.setattr(sorting, "BATCH_BYTES", 200)
    monkeypatch.setattr(SHARDS, "FILES_PER_GROUP", 2)
    monkeypatch.setattr(SHARDS, "FILES_PER_READ", 1)
    monkeypatch.setattr(PROCESS, "FILES_AT_ONCE", 1)


def reader(table: pa.Table, size: int = 7) -> Read:
    def read(columns: Sequence[str]) -> Iterator[pa.Table]:
        for first in range(0, table.num_rows, size):
            yield table.slice(first, size).select(list(columns))

    return read


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("first", [1, 2])
def test_sorted_over_files_as_in_memory(tmp_path: Path, first: int) -> None:
    draw = random.Random(first)
    words = ["", "a", "ab", "甲", "甲乙", "𠀀", "\uffee"]
    rows = [(draw.choice(words), draw.choice(words), number, {"n": [number]}) for number in range(500)]
    table = pa.table({name: list(values) for name, values in zip("abnl", zip(*rows, strict=True), strict=True)})
    held = in_order(reader(table), table.schema, ("a", "b"), tmp_path / "t.rows", first=first)
    # Equal keys stay in the order they came: `n` counts it.
    assert held.table().to_pylist() == table.sort_by([("a", "ascending"), ("b", "ascending")]).to_pylist()
    assert [file.name for file in tmp_path.iterdir()] == ["t.rows"]  # it was too large, and nothing else is left
    assert pa.concat_tables(held.batches(["n"])).column("n").to_pylist() == held.column("n").to_pylist()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=3) | st.none(), max_size=60), st.integers(1, 2000))
def test_any_keys_and_any_memory(tmp_path_factory: pytest.TempPathFactory, keys: list[str | None], memory: int) -> None:
    table = pa.table({"k": pa.array(keys, pa.string()), "n": pa.array(range(len(keys)), pa.int64())})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorting, "IN_MEMORY", memory)
        held = in_order(reader(table), table.schema, ("k",), tmp_path_factory.mktemp("sort") / "t.rows")
        assert held.table().to_pylist() == table.sort_by([("k", "ascending")]).to_pylist()
    assert held.num_rows == len(keys)


def project(root: Path, count: int = 12) -> Path:
    made = write_project(root, count)
    put(made, "copy.md", fakes.article(3).replace("会谈顺利", "会谈十分顺利"))
    put(made, "empty.md", "")
    return made


@pytest.mark.usefixtures("little_memory")
def test_a_build_with_little_memory_gives_the_same_bytes(tmp_path: Path) -> None:
    little = project(tmp_path / "little")
    build(load_project(little), annotator=FakeAnnotator, jobs=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorting, "IN_MEMORY", 1 << 30)
        much = project(tmp_path / "much")
        build(load_project(much), annotator=FakeAnnotator, jobs=1)
    assert fakes.bytes_of(little) == fakes.bytes_of(much)
    assert not list((little / "build/.staging").iterdir())


@pytest.mark.usefixtures("little_memory")
def test_some_files_changed_with_little_memory(tmp_path: Path) -> None:
    one, two = project(tmp_path / "one", 6), project(tmp_path / "two", 6)
    build(load_project(one), annotator=FakeAnnotator, jobs=1)
    for root in (one, two):
        put(root, "3.md", fakes.article(30))
        (root / "sources/one/4.md").unlink()
        build(load_project(root), annotator=FakeAnnotator, jobs=1)
    assert fakes.bytes_of(one) == fakes.bytes_of(two)


@pytest.mark.usefixtures("little_memory")
def test_disk_full_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(tmp_path)
    real = Path.open

    def full(self: Path, *args: object, **options: object) -> object:
        if ".rows" in self.name:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(self, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(BroadsheetError) as caught:
        build(load_project(root), annotator=FakeAnnotator, jobs=1)
    monkeypatch.undo()
    assert caught.value.finding.code == "write-failed"
    assert not (root / "build/report.json").exists()
    build(load_project(root), annotator=FakeAnnotator, jobs=1)
    assert (root / "build/report.json").exists()


def test_rows_taken_out_and_columns_laid_over() -> None:
    held = Held.of(pa.table({"a": [1, 2, 3, 4], "b": ["w", "x", "y", "z"]}))
    held.lay("b", pa.array(["W", "X", "Y", "Z"]))
    held.remove({1})
    held.blank("b", {2})
    assert held.num_rows == 3
    assert list(held.rows(["b", "a"])) == [{"b": "W", "a": 1}, {"b": None, "a": 3}, {"b": "Z", "a": 4}]
    assert held.picked([0, 1, 3], ["b"]) == {0: {"b": "W"}, 3: {"b": "Z"}}
    longer = held.plus(pa.table({"a": [9], "b": ["q"]}))
    assert longer.column("a").to_pylist() == [1, 3, 4, 9]
    longer.remove({3})
    assert longer.column("b").to_pylist() == ["W", None, "Z"]
