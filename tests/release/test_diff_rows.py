"""Rows compared: small tables of a build, written as they are needed."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.findings import BroadsheetError
from broadsheet.release import Difference, TableChange, diff
from broadsheet.release.rows import Cell, Sample, around
from broadsheet.release.show import LIMIT, code, markdown
from broadsheet.release.statistics import Moved

MENTIONS = pa.schema(
    [
        pa.field("mention_id", pa.string(), nullable=True),
        ("surface", pa.string()),
        ("confidence", pa.float64()),
        ("tags", pa.list_(pa.string())),
    ]
)
Row = tuple[Any, ...]


def build(folder: Path, schema: pa.Schema = MENTIONS, groups: int = 1_000, **tables: list[Row]) -> Path:
    """A build of tables without contract, but for keys: `mentions` has `mention_id`, `places` has none."""
    folder.mkdir()
    for name, rows in tables.items():
        columns = list(zip(*rows, strict=True)) or [()] * len(schema)
        table = pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)
        pq.write_table(table, folder / f"{name}.parquet", row_group_size=groups)
    recorded = {name: {"rows": len(rows), "bytes": 0, "sha256": ""} for name, rows in tables.items()}
    (folder / "report.json").write_text(json.dumps({"tables": recorded}), "utf-8")
    return folder


def compared(tmp_path: Path, old: list[Row], new: list[Row], table: str = "mentions") -> TableChange | None:
    made = [build(tmp_path / side, **{table: rows}) for side, rows in (("old", old), ("new", new))]
    rows = diff(*made).rows
    return rows[0] if rows else None


A, B, C = ("men-a", "Ann", 0.5, ["x"]), ("men-b", "Bo", 0.25, []), ("men-c", None, None, None)


def test_order_row_groups_and_noise_are_no_difference(tmp_path: Path) -> None:
    old = build(tmp_path / "old", mentions=[A, B, C, ("men-d", "", 0.1 + 0.2, ["a", "b"])])
    new = build(tmp_path / "new", groups=1, mentions=[("men-d", "", 0.3, ["a", "b"]), C, B, A])
    found = diff(old, new)
    assert (found.rows, found.statistics, found.step) == ((), (), "none")


@pytest.mark.parametrize(
    ("column", "before", "after"),
    [
        (1, "", None),
        (1, "Ann", "ann"),
        (2, 0.0, None),
        (2, 0.1, 0.1000001),
        (3, [], None),
        (3, ["a", "b"], ["b", "a"]),
        (3, ["a, b"], ["a", "b"]),
        (3, [None], []),
        (3, [None], ["NULL"]),
    ],
)
def test_what_is_a_difference(tmp_path: Path, column: int, before: object, after: object) -> None:
    rows = [["men-a", "Ann", 0.5, ["x"]] for _ in "ab"]
    rows[0][column], rows[1][column] = before, after
    found = compared(tmp_path, [tuple(rows[0])], [tuple(rows[1])])
    assert found is not None
    assert (found.changed, dict(found.columns)) == (1, {MENTIONS.names[column]: 1})
    assert [cell.column for cell in found.samples["changed"][0].cells] == [MENTIONS.names[column]]


@pytest.mark.parametrize(
    "old", [[A, A, B], [A, (None, "Bo", 0.25, [])], [A, A]], ids=["a key twice", "a null in a key", "a row twice"]
)
def test_rows_without_a_sound_key_are_a_multiset(tmp_path: Path, old: list[Row]) -> None:
    found = compared(tmp_path, old, [A, C])
    assert found is not None
    assert (found.keyed, found.added, found.removed, found.changed) == (False, 1, len(old) - 1, 0)
    assert found.unchanged == 1


def test_a_table_without_key_is_a_multiset(tmp_path: Path) -> None:
    found = compared(tmp_path, [A, B, B], [B, A, ("men-b", "Bo", 0.5, [])], table="places")
    assert found is not None
    assert (found.keyed, found.added, found.removed, found.unchanged) == (False, 1, 1, 2)


def test_few_changes_among_many_rows_are_counted_by_column(tmp_path: Path) -> None:
    many = [(f"men-{at:03}", f"s{at}", 0.5, []) for at in range(100)]
    found = compared(tmp_path, many, [*many[1:98], ("men-098", "new", 0.5, ["t"]), ("men-100", "", 0.5, []), many[99]])
    assert found is not None
    assert (found.added, found.removed, found.changed, found.unchanged) == (1, 1, 1, 98)
    assert dict(found.columns) == {"surface": 1, "tags": 1}


@pytest.mark.parametrize("table", ["mentions", "places"])
def test_columns_may_have_any_name(tmp_path: Path, table: str) -> None:
    odd = pa.schema([("mention_id", pa.string()), ("h", pa.int64()), ("k0", pa.string()), ('a"b; --', pa.string())])
    rows: list[Row] = [("men-a", 1, "x", "y"), ("men-b", 2, "x", "z")]
    old = build(tmp_path / "old", odd, **{table: rows})
    found = diff(old, build(tmp_path / "new", odd, **{table: [rows[0], ("men-b", 2, "x", "w")]}))
    (change,) = found.rows
    assert (change.added, change.removed, change.changed) == ((0, 0, 1) if table == "mentions" else (1, 1, 0))
    assert diff(old, old).step == "none"


def test_columns_that_differ_in_case_only_are_refused(tmp_path: Path) -> None:
    odd = pa.schema([("mention_id", pa.string()), ("name", pa.string()), ("Name", pa.string())])
    old = build(tmp_path / "old", odd, mentions=[("men-a", "x", "y")])
    with pytest.raises(BroadsheetError, match="table-unreadable"):
        diff(old, build(tmp_path / "new", odd, mentions=[("men-a", "x", "z")]))


def test_samples_are_few_and_sorted(tmp_path: Path) -> None:
    many = [(f"men-{at:03}", "x" * 500 + str(at), 0.5, []) for at in reversed(range(50))]
    found = compared(tmp_path, many[:40], [(key, text.replace("x" * 100, "y"), c, t) for key, text, c, t in many[10:]])
    assert found is not None
    assert (found.added, found.removed, found.changed, found.unchanged) == (10, 10, 30, 0)
    assert [sample.key for sample in found.samples["added"]] == [f"men-{at:03}" for at in range(5)]
    assert [sample.key for sample in found.samples["removed"]] == [f"men-{at:03}" for at in range(40, 45)]
    assert max(len(cell.old or "") for sample in found.samples["changed"] for cell in sample.cells) <= 60


def test_cells_are_shown_around_the_first_difference() -> None:
    assert around("same " * 20 + "old", "same " * 20 + "new") == (
        "…same same same same old",
        "…same same same same new",
    )
    assert around("short", "shore") == ("short", "shore")
    assert around(None, "x" * 100) == (None, "x" * 59 + "…")
    assert around("x" * 100, "x" * 101) == ("…" + "x" * 20, "…" + "x" * 21)


def test_a_column_with_the_same_values_is_renamed(tmp_path: Path) -> None:
    rows = [(f"men-{at}", f"s{at}", 0.5, []) for at in range(20)]
    moved = pa.schema([f.with_name("words") if f.name == "surface" else f for f in MENTIONS])
    old = build(tmp_path / "old", mentions=rows)
    found = diff(old, build(tmp_path / "new", moved, mentions=rows))
    assert [c.message for c in found.schema] == [
        "the column is gone; renamed to words?",
        "the column is new; renamed from surface?",
    ]
    other = diff(old, build(tmp_path / "other", moved, mentions=[(k, s[::-1] + "!", c, t) for k, s, c, t in rows]))
    assert [c.message for c in other.schema] == ["the column is gone", "the column is new"]


def test_a_table_on_one_side_only_is_all_added(tmp_path: Path) -> None:
    old, new = build(tmp_path / "old", mentions=[A]), build(tmp_path / "new", mentions=[A], places=[A, B])
    found = diff(old, new)
    assert [(t.table, t.added, t.removed) for t in found.rows] == [("places", 2, 0)]
    assert [(c.kind, c.table) for c in found.schema] == [("additive", "places")]
    back = diff(new, old)
    assert [(t.table, t.added, t.removed) for t in back.rows] == [("places", 0, 2)]
    assert back.step == "major"


def test_empty_tables_are_compared(tmp_path: Path) -> None:
    assert compared(tmp_path, [], []) is None


def test_rows_that_cannot_be_read_are_a_finding(tmp_path: Path) -> None:
    old, new = build(tmp_path / "old", mentions=[A] * 50), build(tmp_path / "new", mentions=[B] * 50)
    file = new / "mentions.parquet"
    data = bytearray(file.read_bytes())
    data[4:60] = b"\xff" * 56
    file.write_bytes(data)
    with pytest.raises(BroadsheetError, match="table-unreadable"):
        diff(old, new)


keys = st.sampled_from([f"men-{letter}" for letter in "abcdef"])
row = st.tuples(
    keys,
    st.sampled_from(["", "Ann", None]),
    st.sampled_from([0.5, None]),
    st.sampled_from([None, [], ["a"], ["a", None]]),
)
keyed = st.lists(row, max_size=6, unique_by=lambda one: one[0])


@settings(max_examples=8)
@given(st.one_of(st.tuples(keyed, keyed), st.tuples(st.lists(row, max_size=6), st.lists(row, max_size=6))))
def test_a_difference_and_its_mirror(
    tmp_path_factory: pytest.TempPathFactory, sides: tuple[list[Row], list[Row]]
) -> None:
    place = tmp_path_factory.mktemp("mirror")
    old, new = (build(place / name, mentions=rows) for name, rows in zip(("old", "new"), sides, strict=True))
    there, back = diff(old, new), diff(new, old)
    assert diff(old, old).step == diff(new, new).step == "none"
    assert there.step == back.step
    assert mirrored(back.statistics) == set(there.statistics)
    assert bool(there.rows) == bool(back.rows)
    for one, other in zip(there.rows, back.rows, strict=True):
        assert (one.added, one.removed, one.changed) == (other.removed, other.added, other.changed)
        assert (one.columns, one.unchanged) == (other.columns, other.unchanged)
        assert one.added + one.changed + one.unchanged == len(sides[1])
        assert one.removed + one.changed + one.unchanged == len(sides[0])
        assert one.unchanged >= 0


def mirrored(figures: tuple[Moved, ...]) -> set[Moved]:
    return {Moved(m.group, m.name, m.unit, m.new, m.old) for m in figures}


HOSTILE = "`|@admin <img src=x> [a](javascript:1) # \u202e\n\n## Owned https://evil.example ``"


def test_markdown_shows_hostile_text_as_text(tmp_path: Path) -> None:
    old = [("men-b", "was", 1.0, [])]
    found = diff(
        build(tmp_path / "old", mentions=old), build(tmp_path / "new", mentions=[(HOSTILE, HOSTILE, 0.5, []), *old])
    )
    text = markdown(found)
    assert text.count("\n## ") == 0
    assert "\u202e" not in text
    (line,) = [one for one in text.splitlines() if "admin" in one]
    assert line.startswith("- `mentions`, added: ``` `\\|@admin <img src=x> [a](javascript:1)")
    assert line.endswith("https://evil.example `` ```")


def test_markdown_does_not_tell_text_that_is_gone(tmp_path: Path) -> None:
    old = build(tmp_path / "old", mentions=[("men-a", "a secret sentence", 0.5, ["密句"])])
    text = markdown(diff(old, build(tmp_path / "new", mentions=[("men-a", None, 0.75, [])])))
    assert "secret" not in text
    assert "密句" not in text
    assert "`men-a` (`surface`, `confidence`: `0.5` to `0.75`, `tags`)" in text


def test_markdown_does_not_name_who_is_gone() -> None:
    """Ids of entities are names; who was taken down must not stand in the notes of the release without him."""

    def gone(table: str, *keys: str) -> TableChange:
        return TableChange(table, 9, 8, removed=1, samples={"removed": tuple(map(Sample, keys))})

    named = (
        Cell("name_en", "Mustermann", None),
        Cell("status", "scheduled", "occurred"),
        Cell("first", "2025-02-03", None),
    )
    rows = (
        gone("entities", "per/jane-doe"),
        gone("event_participants", "ev/0123456789abcdef/per/jane-doe/target"),
        gone("articles", "art-0123456789abcdef", "art-0123456789abcdef-2"),
        gone("media", "art-0123456789abcdef/3"),
        gone("events", "ev/0123456789abcdef"),
        TableChange("persons", 9, 9, changed=1, samples={"changed": (Sample("per/still-here", named),)}),
    )
    figures = (
        Moved("articles by publisher", "Jane Doe's Diary", "count", 3, 0),
        Moved("articles by publisher", "Harbor Wire", "count", 3, 30),
        Moved("articles by language", "en", "count", 3, 0),
    )
    text = markdown(Difference("1.0.0", "1.1.0", (), rows, figures, "minor"))
    assert [name for name in ("jane", "Jane", "Mustermann") if name in text] == []
    assert "- `articles`, removed: `art-0123456789abcdef`; `art-0123456789abcdef-2`\n" in text
    assert "- `media`, removed: `art-0123456789abcdef/3`\n- `events`, removed: `ev/0123456789abcdef`\n" in text
    assert "`per/still-here` (`name_en`, `status`: `scheduled` to `occurred`, `first`: `2025-02-03` to `null`)" in text
    assert ("| `entities` | 0 | 1 | 0 | 8 |" in text, "`Harbor Wire`" in text, "`en` | 3 | 0" in text) == (True,) * 3


def test_markdown_is_bounded() -> None:
    many = tuple(TableChange(f"table_{at}" + "x" * 200, 1, 1, changed=1, columns={"c": 1}) for at in range(900))
    text = markdown(Difference("1.0.0", "1.0.1", (), many, (), "patch"))
    assert len(text) <= LIMIT
    assert text.endswith("see `broadsheet diff --json`.\n")
    assert all(line.endswith("|") for line in text.splitlines() if line.startswith("|"))


@given(st.text(max_size=40))
@settings(max_examples=60)
def test_code_is_one_span_of_one_line(text: str) -> None:
    made = code(text)
    fence = made[: len(made) - len(made.lstrip("`"))]
    inside = made[len(fence) : -len(fence)]
    assert made.endswith(fence)
    assert fence not in inside.strip("`") or len(fence) == 0
    assert made.isprintable()


def test_figures_move_by_the_rule(tmp_path: Path) -> None:
    events = pa.schema([("event_id", pa.string()), ("type", pa.string()), ("status", pa.string())])

    def rows(calls: int, talks: int, visits: int) -> list[Row]:
        kinds = ["call"] * calls + ["talks"] * talks + ["visit"] * visits
        return [(f"ev/{at}", kind, "occurred" if at % 2 else None) for at, kind in enumerate(kinds)]

    old = build(tmp_path / "old", events, events=rows(100, 100, 0))
    found = diff(old, build(tmp_path / "new", events, events=rows(104, 106, 1)))
    figures = {(m.group, m.name): (m.old, m.new) for m in found.statistics}
    assert figures == {
        ("rows", "events"): (200, 211),
        ("events by type", "talks"): (100, 106),  # 6 of 106 rows
        ("events by type", "visit"): (0, 1),  # 104 calls are only 4 more
        ("events by status", "none"): (100, 106),
    }
