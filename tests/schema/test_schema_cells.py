"""What DuckDB finds in files is what pandera finds in memory, constraint by constraint and row by row."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadsheet.schema.arrow import arrow_schema
from broadsheet.schema.cells import WITHOUT, cell_probes, counts, samples
from broadsheet.schema.load import core_tables, load_table
from broadsheet.schema.model import Constraints, Field, Item, Table
from broadsheet.schema.validate import failures

NOON = datetime(2031, 3, 4, 12, tzinfo=UTC)
DAY = date(2031, 3, 4)
CHARACTERS = st.sampled_from("ab'\"1|\n\0𠮷e\u0301")
VALUES = {
    "string": st.text(CHARACTERS, max_size=4),
    "integer": st.integers(-3, 3) | st.sampled_from([-(2**63), 2**63 - 1]),
    "number": st.sampled_from([-1e300, -0.1, 0.0, 0.1, 0.5, 1.0, 3.0, float("nan"), float("inf"), float("-inf")]),
    "boolean": st.booleans(),
    "date": st.sampled_from([date.min, date(2031, 3, 3), DAY, date(2031, 3, 5), date.max]),
    "datetime": st.sampled_from([NOON.replace(microsecond=at) for at in (0, 1, 2)] + [NOON.replace(year=1)]),
}
LIMITS = {
    "string": [
        Constraints(min_length=2), Constraints(min_length=1), Constraints(max_length=2), Constraints(pattern="a|b.*"),
        Constraints(pattern="^[ab']+$"), Constraints(pattern="^a.b$"), Constraints(enum=("a", "'", "\0", "")),
    ],
    "integer": [
        Constraints(minimum=0), Constraints(maximum=-1), Constraints(enum=(1, -3)), Constraints(minimum=-(2**63)),
    ],
    "number": [Constraints(minimum=0), Constraints(maximum=0.1), Constraints(enum=(0.1, 1))],
    "boolean": [Constraints(enum=(True,))],
    "date": [Constraints(minimum=DAY), Constraints(maximum=DAY), Constraints(enum=(DAY,))],
    "datetime": [
        Constraints(minimum=NOON.replace(microsecond=1)), Constraints(maximum=NOON), Constraints(enum=(NOON,)),
    ],
}  # fmt: skip


@st.composite
def scalar_fields(draw: st.DrawFn, name: str, *, unique: bool = True) -> Field:
    kind = draw(st.sampled_from(sorted(VALUES)))
    limits = Constraints()
    for more in draw(st.lists(st.sampled_from(LIMITS[kind]), max_size=2)):
        limits = merged(limits, more)
    required, different = draw(st.booleans()), unique and draw(st.booleans())
    return Field(name, kind, constraints=replace(limits, required=required, unique=different))


def merged(limits: Constraints, more: Constraints) -> Constraints:
    names = ("minimum", "maximum", "min_length", "max_length", "pattern", "enum")
    return replace(limits, **{name: value for name in names if (value := getattr(more, name)) is not None})


@st.composite
def columns(draw: st.DrawFn, name: str) -> Field:
    """Any type, null or not, with some of the constraints it can have."""
    shape = draw(st.sampled_from(["scalar", "array", "objects"]))
    if shape == "scalar":
        return draw(scalar_fields(name))
    lengths = draw(st.sampled_from([Constraints(), Constraints(min_length=1), Constraints(max_length=1)]))
    limits = replace(lengths, required=draw(st.booleans()))
    if shape == "array":
        return Field(name, "array", constraints=limits, items=Item(draw(st.sampled_from(sorted(VALUES)))))
    members = tuple(draw(scalar_fields(f'm "{at}"', unique=False)) for at in range(2))
    return Field(name, "array", constraints=limits, items=Item("object", members))


def cells(field: Field | Item) -> st.SearchStrategy:
    """Cells of a column's Arrow type, broken or not."""
    if isinstance(field, Field) and field.items is not None:
        return st.lists(st.none() | cells(field.items), max_size=2)
    if field.type == "object":
        return st.fixed_dictionaries({member.name: st.none() | cells(member) for member in field.fields})
    return VALUES[field.type]


@st.composite
def tables(draw: st.DrawFn) -> tuple[Table, pa.Table]:
    fields = tuple(draw(columns(f"column {at}'")) for at in range(3))
    table = Table("some things", "", "", fields)
    rows = draw(st.lists(st.tuples(*(st.none() | cells(field) for field in fields)), max_size=6))
    schema = loose(arrow_schema(table))
    arrays = [pa.array([row[at] for row in rows], schema.field(at).type) for at in range(len(fields))]
    return table, pa.table(arrays, schema=schema)


def loose(schema: pa.Schema) -> pa.Schema:
    """The schema of a stranger's file: the same types, but anything may be null."""

    def nullable(kind: pa.DataType) -> pa.DataType:
        if pa.types.is_list(kind):
            return pa.list_(nullable(kind.value_type))
        if pa.types.is_struct(kind):
            return pa.struct([(member.name, nullable(member.type)) for member in kind])
        return kind

    return pa.schema([(field.name, nullable(field.type)) for field in schema])


def found_by_duckdb(table: Table, file: Path) -> set[tuple[int, str, str, str | None]]:
    probes = cell_probes(table)
    together = [probe for probe in probes if not probe.alone]
    found = set()
    with duckdb.connect(config={"threads": 1}) as database:
        database.execute("SET TimeZone = 'UTC'")
        database.execute(WITHOUT)
        query = f"""CREATE VIEW "{table.name}" AS SELECT * FROM read_parquet('{file}', file_row_number = true)"""
        database.execute(query)
        told = dict(
            zip(
                together,
                database.execute(counts(table.name, [p.broken for p in together], table.names)).fetchone() or (),
                strict=False,
            )
        )
        for probe in probes:
            rows = database.execute(samples(table, probe, 1_000)).fetchall()
            assert len(rows) == told.get(probe, len(rows))
            found |= {(row[0], probe.field, probe.code, probe.constraint) for row in rows}
    return found


HIDDEN = Table("t", "", "", (Field("x", "number"),)), pa.table({"x": [-1.0, float("nan")]})
"""The footer tells -1 as the least and the greatest value."""


@settings(max_examples=30)
@given(made=tables())
@example(made=HIDDEN)
def test_duckdb_finds_what_pandera_finds(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[Table, pa.Table]
) -> None:
    table, data = made
    file = tmp_path_factory.getbasetemp() / "any.parquet"
    pq.write_table(data, file)
    expected = {(f.row, f.field, f.code, f.constraint) for f in failures(table, data)}
    assert found_by_duckdb(table, file) == expected


def test_days_that_no_calendar_has_are_found(tmp_path: Path) -> None:
    table = Table("t", "", "", (Field("d", "date"), Field("at", "datetime"), Field("ds", "array", items=Item("date"))))
    days = pa.array([0, -800_000, 2**31 - 1], pa.int32()).cast(pa.date32())
    ats = pa.array([0, 2**62, -(2**62)]).cast(pa.timestamp("us", tz="UTC"))
    lists = pa.ListArray.from_arrays([0, 1, 1, 3], days)
    pq.write_table(pa.table({"d": days, "at": ats, "ds": lists}), tmp_path / "t.parquet")
    assert found_by_duckdb(table, tmp_path / "t.parquet") == {
        (1, "d", "cell-cast", None), (2, "d", "cell-cast", None),
        (1, "at", "cell-cast", None), (2, "at", "cell-cast", None),
        (2, "ds", "cell-cast", None),
    }  # fmt: skip


YAML = """\
name: things
fields:
  - {name: key, type: integer, constraints: {required: true, minimum: 0}}
  - {name: word, type: string, constraints: {maxLength: 2}}
  - {name: parts, type: array, items: {type: object, fields: [{name: role, type: string, constraints: {enum: [a]}}]}}
primaryKey: [key]
"""


def test_samples_name_row_value_and_key_and_stop_at_their_limit(tmp_path: Path) -> None:
    (tmp_path / "things.yaml").write_text(YAML, "utf-8")
    table = load_table(tmp_path / "things.yaml")
    rows = [(7, "ab", [{"role": "a"}]), (8, "abc" * 500, []), (None, "𠮷𠮷𠮷", [{"role": "a"}, {"role": "b"}])]
    things = pa.Table.from_pylist([dict(zip(table.names, row, strict=True)) for row in rows])
    probes = {(probe.field, probe.constraint): probe for probe in cell_probes(table)}
    with duckdb.connect() as database:
        database.register("things", things.append_column("file_row_number", pa.array(range(3))))

        def first(field: str, constraint: str, limit: int) -> list[tuple]:
            return database.execute(samples(table, probes[field, constraint], limit)).fetchall()

        assert first("word", "maxLength", 5) == [(1, ("abc" * 500)[:200], "8"), (2, "𠮷𠮷𠮷", None)]
        assert first("word", "maxLength", 1) == [(1, ("abc" * 500)[:200], "8")]
        assert first("parts", "role.enum", 5) == [(2, "[{'role': a}, {'role': b}]", None)]
        assert first("key", "required", 5) == [(2, None, None)]


def test_every_constraint_of_the_core_has_a_probe() -> None:
    made = {(p.table, p.field, p.constraint) for table in core_tables().values() for p in cell_probes(table)}
    assert ("articles", "segments", "text_start.minimum") in made
    assert ("event_reports", "participants", "entity_id.pattern") in made
    assert ("mentions", "confidence", "maximum") in made
    assert ("mentions", "confidence", None) in made
    assert ("articles", "body", "required") in made
