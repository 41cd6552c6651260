"""Every type, null or not, with every constraint, through every projection.

Each case is a field as YAML, cells it must accept and cells it must refuse, written by hand: as Python values (for
Arrow, pandera and Parquet) and as the texts of a CSV file (for frictionless and for casting).
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from broadsheet.schema.arrow import arrow_schema
from broadsheet.schema.descriptor import table_schema
from broadsheet.schema.dictionary import markdown
from broadsheet.schema.duckdb import probes
from broadsheet.schema.features import features
from broadsheet.schema.load import load_table
from broadsheet.schema.model import Table
from broadsheet.schema.pandera import pandera_schema
from broadsheet.schema.validate import failures


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


ARROW = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"),
    "strings": pa.list_(pa.field("element", pa.string(), nullable=False)),
    "objects": pa.list_(
        pa.field(
            "element",
            pa.struct([pa.field("role", pa.string(), nullable=False), pa.field("n", pa.int64())]),
            nullable=False,
        )
    ),
}
FEATURES = {
    "string": "Value('string')",
    "integer": "Value('int64')",
    "number": "Value('float64')",
    "boolean": "Value('bool')",
    "date": "Value('date32')",
    "datetime": "Value('timestamp[us, tz=UTC]')",
    "strings": "List(Value('string'))",
    "objects": "List({'role': Value('string'), 'n': Value('int64')})",
}
DUCKDB = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP WITH TIME ZONE",
    "strings": "VARCHAR[]",
    "objects": 'STRUCT("role" VARCHAR, n BIGINT)[]',
}
ITEMS = {
    "strings": "{type: string}",
    "objects": "{type: object, fields: [{name: role, type: string, constraints: {required: true, enum: [host, guest]}},"
    " {name: n, type: integer, constraints: {minimum: 0}}]}",
}
HOST, GUEST = {"role": "host", "n": 1}, {"role": "guest", "n": None}
# One cell of each type, as value and as CSV text, that satisfies a field without constraints.
SAMPLES: dict[str, list[tuple[Any, str]]] = {
    "string": [('中文, "q"\n=1', '中文, "q"\n=1'), ("NA", "NA"), ("00123", "00123"), ("a|b", "a|b")],
    "integer": [(0, "0"), (-(2**63), str(-(2**63))), (2**63 - 1, str(2**63 - 1))],
    "number": [(0.1, "0.1"), (-1e300, "-1e300"), (3.0, "3")],
    "boolean": [(True, "true"), (False, "false")],
    "date": [(date(2025, 2, 12), "2025-02-12"), (date(1, 1, 1), "0001-01-01"), (date(9999, 12, 31), "9999-12-31")],
    "datetime": [
        (instant("2025-02-12T08:00:00"), "2025-02-12T08:00:00Z"),
        (instant("2025-02-12T00:00:00.000001"), "2025-02-12T00:00:00.000001Z"),
        (instant("1600-01-01T00:00:00"), "1600-01-01T00:00:00Z"),
    ],
    "strings": [(["a", "b"], '["a", "b"]'), ([], "[]"), (["", '"中\\'], '["", "\\"中\\\\"]')],
    "objects": [
        ([HOST, GUEST], '[{"role": "host", "n": 1}, {"role": "guest", "n": null}]'),
        ([], "[]"),
    ],
}
# Texts that are not of the type; the second number says whether frictionless sees it too.
NOT_OF_TYPE: dict[str, list[tuple[str, bool]]] = {
    "integer": [("x", True), ("1.5", True), ("0x1F", True), (str(2**63), False), ("1e3", True)],
    "number": [("x", True), ("1,5", True), ("NaN", False), ("inf", False), ("1e999", False)],
    "boolean": [("yes", True), ("maybe", True), ("1", False), ("True", False)],
    "date": [("12.02.2025", True), ("2025-02-30", True), ("2025-02-12T00:00:00Z", True), ("20250212", True)],
    "datetime": [
        ("2025-02-12", True),
        ("2025-02-12T25:00:00Z", True),
        ("2025-02-12T08:00:00", False),
        ("2025-02-12T08:00Z", True),
    ],
    "strings": [("a", True), ("{}", True), ('["a"', True), ('["a", null]', False), ("[1]", False), ("[[]]", False)],
    "objects": [
        ("[1]", False),
        ('[{"role": "host", "n": "x"}]', False),
        ('[{"n": 1}]', False),
        ('[{"role": "host", "n": 1, "more": 1}]', False),
    ],
}


@dataclass(frozen=True)
class Case:
    kind: str
    constraint: str
    yaml: str
    good: list[tuple[Any, str]]
    bad: list[tuple[Any, str]]


D, T = date.fromisoformat, instant
CASES = [
    Case(
        "string",
        "minLength",
        "minLength: 2",
        [("中文", "中文"), ("𠮷𠮷", "𠮷𠮷"), ("abc", "abc")],
        [("中", "中"), ("𠮷", "𠮷")],
    ),
    Case("string", "maxLength", "maxLength: 2", [("a", "a"), ("𠮷𠮷", "𠮷𠮷")], [("abc", "abc")]),
    Case(
        "string", "pattern", "pattern: 'a|b'", [("a", "a"), ("b", "b")], [("axxxx", "axxxx"), ("xb", "xb"), ("c", "c")]
    ),
    Case("string", "pattern", "pattern: '^[0-9]+$'", [("012", "012")], [("1a", "1a"), ("a1", "a1")]),
    Case("string", "enum", "enum: ['yes', no, '1']", [("no", "no"), ("1", "1")], [("true", "true"), ("No", "No")]),
    Case("integer", "minimum", "minimum: 0", [(0, "0"), (9, "9")], [(-1, "-1")]),
    Case("integer", "maximum", "maximum: 0", [(0, "0"), (-9, "-9")], [(1, "1")]),
    Case("integer", "enum", "enum: [1, 3]", [(1, "1"), (3, "3")], [(2, "2")]),
    Case("number", "minimum", "minimum: 0.5", [(0.5, "0.5")], [(0.4999, "0.4999")]),
    Case("number", "maximum", "maximum: 1", [(1.0, "1")], [(1.0000001, "1.0000001")]),
    Case("number", "enum", "enum: [0.5, 1]", [(0.5, "0.5"), (1.0, "1.0")], [(0.75, "0.75")]),
    Case("boolean", "enum", "enum: [true]", [(True, "true")], [(False, "false")]),
    Case(
        "date", "minimum", "minimum: 2025-01-01", [(D("2025-01-01"), "2025-01-01")], [(D("2024-12-31"), "2024-12-31")]
    ),
    Case(
        "date", "maximum", "maximum: 2025-01-01", [(D("2025-01-01"), "2025-01-01")], [(D("2025-01-02"), "2025-01-02")]
    ),
    Case("date", "enum", "enum: [2025-01-01]", [(D("2025-01-01"), "2025-01-01")], [(D("2025-01-02"), "2025-01-02")]),
    Case(
        "datetime",
        "minimum",
        "minimum: 2025-01-01T08:00:00+08:00",
        [(T("2025-01-01T00:00:00"), "2025-01-01T00:00:00Z")],
        [(T("2024-12-31T23:59:59"), "2024-12-31T23:59:59Z")],
    ),
    Case(
        "datetime",
        "maximum",
        "maximum: 2025-01-01T00:00:00Z",
        [(T("2025-01-01T00:00:00"), "2025-01-01T00:00:00Z")],
        [(T("2025-01-01T00:00:01"), "2025-01-01T00:00:01Z")],
    ),
    Case(
        "datetime",
        "enum",
        "enum: ['2025-01-01T00:00:00Z']",
        [(T("2025-01-01T00:00:00"), "2025-01-01T00:00:00Z")],
        [(T("2025-01-01T00:00:01"), "2025-01-01T00:00:01Z")],
    ),
    Case("strings", "minLength", "minLength: 1", [(["a"], '["a"]')], [([], "[]")]),
    Case("strings", "maxLength", "maxLength: 1", [([], "[]"), (["a"], '["a"]')], [(["a", "b"], '["a", "b"]')]),
    Case("objects", "minLength", "minLength: 1", [([HOST], '[{"role": "host", "n": 1}]')], [([], "[]")]),
    Case("objects", "maxLength", "maxLength: 0", [([], "[]")], [([HOST], '[{"role": "host", "n": 1}]')]),
]
UNIQUE = [
    Case(kind, "unique", "unique: true", SAMPLES[kind][:2], [SAMPLES[kind][0]] * 2)
    for kind in ("string", "integer", "number", "boolean", "date", "datetime")
]
PLAIN = [Case(kind, "none", "", SAMPLES[kind], []) for kind in SAMPLES]
ALL = [*PLAIN, *CASES, *UNIQUE]


def named(case: Case) -> str:
    return f"{case.kind}-{case.constraint}"


def table_of(folder: Path, case: Case, *, required: bool) -> Table:
    limits = ", ".join(filter(None, [case.yaml, "required: true" if required else ""]))
    kind, items = ("array", f"items: {ITEMS[case.kind]}") if case.kind in ITEMS else (case.kind, "")
    file = folder / "things.yaml"
    file.write_text(
        "name: things\nfields:\n  - {name: key, type: integer, constraints: {required: true}}\n"
        f"  - name: cell\n    type: {kind}\n    constraints: {{{limits}}}\n    {items}\nprimaryKey: [key]\n",
        encoding="utf-8",
    )
    return load_table(file)


def typed(table: Table, values: list[Any]) -> pa.Table:
    schema = pa.schema([("key", pa.int64()), ("cell", arrow_schema(table).field("cell").type)])
    return pa.table({"key": list(range(len(values))), "cell": values}, schema=schema)


def texts(cells: list[str | None]) -> pa.Table:
    return pa.table({"key": [str(at) for at in range(len(cells))], "cell": pa.array(cells, pa.string())})


def frictionless_errors(folder: Path, table: Table, cells: list[str]) -> list[tuple[str, int]]:
    """Type and row (from 0) of what frictionless finds in the CSV form."""
    import csv

    import frictionless

    with (folder / "things.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["key", "cell"])
        writer.writerows(enumerate(cells))
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "test",
        "resources": [{"name": "things", "type": "table", "path": "things.csv", "schema": table_schema(table)}],
    }
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    report = frictionless.validate(str(folder / "datapackage.json"))
    rows = list(report.flatten(["type", "rowNumber"]))
    assert all(row is not None for _, row in rows), report.flatten(["message"])
    return [(kind, row - 2) for kind, row in rows]


@pytest.mark.parametrize("required", [False, True], ids=["nullable", "required"])
@pytest.mark.parametrize("case", ALL, ids=named)
class TestEveryCase:
    def test_arrow(self, tmp_path, case, required) -> None:
        schema = arrow_schema(table_of(tmp_path, case, required=required))
        expected = pa.field("cell", ARROW[case.kind], nullable=not required)
        assert schema.field("cell").equals(expected, check_metadata=True)
        assert schema.metadata is None
        good = pa.array([value for value, _ in case.good], schema.field("cell").type)
        assert good.to_pylist() == [value for value, _ in case.good]

    def test_features(self, tmp_path, case, required) -> None:
        import datasets

        table = table_of(tmp_path, case, required=required)
        found = features(table)
        assert repr(found["cell"]) == FEATURES[case.kind]
        assert found == datasets.Features.from_arrow_schema(arrow_schema(table))
        assert datasets.Features.from_dict(json.loads(json.dumps(found.to_dict()))) == found

    def test_pandera(self, tmp_path, case, required) -> None:
        import pandas as pd
        from pandera.errors import SchemaErrors

        table = table_of(tmp_path, case, required=required)
        schema = pandera_schema(table)
        good = [value for value, _ in case.good] + ([] if required else [None, None])
        frame = typed(table, good).to_pandas(types_mapper=pd.ArrowDtype)
        assert len(schema.validate(frame, lazy=True)) == len(good)
        bad = [value for value, _ in case.bad] + ([None] if required else [])
        if not bad:
            return
        frame = typed(table, bad).to_pandas(types_mapper=pd.ArrowDtype)
        with pytest.raises(SchemaErrors) as caught:
            schema.validate(frame, lazy=True)
        found = {(row["check"], row["index"]) for _, row in caught.value.failure_cases.iterrows()}
        expected = {(case.constraint, at) for at in range(len(case.bad))}
        assert found == expected | ({("not_nullable", len(case.bad))} if required else set())

    def test_failures(self, tmp_path, case, required) -> None:
        table = table_of(tmp_path, case, required=required)
        for good in (
            typed(table, [value for value, _ in case.good]),
            texts([text for _, text in case.good]),
        ):
            assert failures(table, good) == []
        for bad in (
            typed(table, [None, *(value for value, _ in case.bad)]),
            texts([None, *(text for _, text in case.bad)]),
        ):
            found = [(f.row, f.field, f.code, f.constraint) for f in failures(table, bad)]
            expected = [(at + 1, "cell", "constraint", case.constraint) for at in range(len(case.bad))]
            assert found == ([(0, "cell", "constraint", "required")] if required else []) + expected

    def test_frictionless(self, tmp_path, case, required) -> None:
        table = table_of(tmp_path, case, required=required)
        assert frictionless_errors(tmp_path, table, [text for _, text in case.good]) == []
        found = frictionless_errors(tmp_path, table, ["", *(text for _, text in case.bad)])
        if case.constraint == "unique":
            # It names the second of two equal cells only.
            expected = [("unique-error", 2)]
        else:
            expected = [("constraint-error", at + 1) for at in range(len(case.bad))]
        # An empty text is an empty cell in CSV: `required` is published only where no value is the empty text.
        if required and not (case.kind == "string" and case.constraint in ("none", "maxLength", "unique")):
            expected.insert(0, ("constraint-error", 0))
        assert found == expected

    def test_duckdb(self, tmp_path, case, required) -> None:
        import duckdb

        table = table_of(tmp_path, case, required=required)
        things = typed(table, [value for value, _ in case.good])
        with duckdb.connect() as database:
            database.register("things", things)
            types = dict(database.sql("SELECT column_name, column_type FROM (DESCRIBE things)").fetchall())
            assert types["cell"] == DUCKDB[case.kind]
            (probe,) = probes(table)
            assert database.sql(probe.count).fetchall() == [(0,)]
            database.register("things", pa.concat_tables([things, things]))
            assert database.sql(probe.count).fetchall() == [(len(case.good),)]

    def test_dictionary(self, tmp_path, case, required) -> None:
        row = next(
            line for line in markdown([table_of(tmp_path, case, required=required)]).splitlines() if "`cell`" in line
        )
        kind = {"strings": "array of string", "objects": "array of object"}.get(case.kind, case.kind)
        assert row.startswith(f"| `cell` | {kind} | {'no' if required else 'yes'} |")


@pytest.mark.parametrize("case", [c for c in PLAIN if c.kind in NOT_OF_TYPE], ids=named)
def test_cells_that_are_not_of_the_type(tmp_path, case) -> None:
    table = table_of(tmp_path, case, required=True)
    good = case.good[0][1]
    wrong = NOT_OF_TYPE[case.kind]
    cells = [good, *(text for text, _ in wrong), good]
    found = failures(table, texts(list(cells)))
    assert [(f.row, f.code, f.value) for f in found] == [
        (at + 1, "cell-cast", text) for at, (text, _) in enumerate(wrong)
    ]
    seen = [at + 1 for at, (_, theirs) in enumerate(wrong) if theirs]
    errors = frictionless_errors(tmp_path, table, cells)
    assert [row for kind, row in errors if kind == "type-error"] == seen


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        ("string", pa.array([1, 2])),
        ("string", pa.array([True, False])),
        ("string", pa.array([date(2025, 1, 1)] * 2)),
        ("integer", pa.array([True, False])),
        ("integer", pa.array([1.5, float("nan")])),
        ("integer", pa.array([2**64 - 1, 2**63], pa.uint64())),
        ("number", pa.array([float("nan"), float("-inf")])),
        ("number", pa.array([True, False])),
        ("boolean", pa.array([0, 1])),
        ("date", pa.array([datetime(2025, 1, 1)] * 2)),
        ("date", pa.array([20000, 20001])),
        ("date", pa.array([-800_000, 3_000_000], pa.int32()).cast(pa.date32())),
        ("datetime", pa.array([datetime(2025, 1, 1)] * 2)),
        ("datetime", pa.array([date(2025, 1, 1)] * 2)),
        ("datetime", pa.array([-(2**62), 2**62]).cast(pa.timestamp("us", tz="UTC"))),
        ("datetime", pa.array([1, 2]).cast(pa.timestamp("ns", tz="UTC"))),
        ("strings", pa.array([[1], [2]])),
        ("strings", pa.array([["a", None], [None]])),
        ("strings", pa.array([{"a": 1}] * 2)),
        ("objects", pa.array([[{"role": None, "n": 1}], [None]])),
        ("objects", pa.array([[{"role": "host", "n": 1.5}]] * 2)),
        ("objects", pa.array([[{"role": "host", "n": 1, "x": 1}]] * 2)),
    ],
)
def test_values_of_another_type_are_not_bent(tmp_path, kind, column) -> None:
    table = table_of(tmp_path, Case(kind, "none", "", [], []), required=True)
    found = failures(table, pa.table({"key": [0, 1], "cell": column}))
    assert [(f.row, f.code, f.constraint) for f in found] == [(0, "cell-cast", None), (1, "cell-cast", None)]


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        ("string", pa.array(["a", "b"], pa.large_string())),
        ("string", pa.array(["a", "b"], pa.string_view())),
        ("string", pa.array(["a", "b"]).dictionary_encode()),
        ("integer", pa.array([1, 2], pa.uint8())),
        ("integer", pa.array([1.0, 2.0])),
        ("integer", pa.array(["1", "+2"])),
        ("number", pa.array([1, 2])),
        ("number", pa.array([1, 2], pa.float32())),
        ("datetime", pa.array([datetime(2025, 1, 1)] * 2, pa.timestamp("s", tz="Asia/Shanghai"))),
        ("datetime", pa.array(["2025-01-01T00:00:00Z", "2025-01-01 08:00:00+08:00"])),
        ("date", pa.array([date(2025, 1, 1)] * 2, pa.date64())),
        ("strings", pa.array([["a"], []], pa.large_list(pa.large_string()))),
        ("strings", pa.array([[], []], pa.list_(pa.null()))),
        ("objects", pa.array([[{"role": "host", "n": 1}], []])),
        ("objects", pa.array([[{"n": 1, "role": "host"}], []])),
        ("objects", pa.array([[{"role": "host"}], []])),
    ],
)
def test_the_same_values_in_other_types_are_taken(tmp_path, kind, column) -> None:
    table = table_of(tmp_path, Case(kind, "none", "", [], []), required=True)
    assert failures(table, pa.table({"key": [0, 1], "cell": column})) == []


def test_members_of_objects_are_checked_in_place(tmp_path) -> None:
    table = table_of(tmp_path, Case("objects", "none", "", [], []), required=False)
    data = typed(table, [[HOST], [HOST, {"role": "thief", "n": -1}], None, [], [{"role": "boss", "n": 1}]])
    chunked = pa.concat_tables([data.slice(0, 2), data.slice(2, 2), data.slice(4)])
    for found in (failures(table, data), failures(table, chunked), failures(table, data.slice(0))):
        assert [(f.row, f.constraint) for f in found] == [(1, "n.minimum"), (1, "role.enum"), (4, "role.enum")]
    assert [(f.row, f.constraint) for f in failures(table, data.slice(4))] == [(0, "role.enum")]
