"""Rows to Arrow to Parquet and back: nothing changes, nothing fails, and what cannot be a row is named."""

import dataclasses
import io
import re
import typing
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.rows import ROWS, EventReportRow, MediaRow, ParticipantValue
from broadsheet.schema.arrow import arrow_schema, rows_to_table
from broadsheet.schema.load import core_tables, load_table
from broadsheet.schema.model import Constraints, Field, Table
from broadsheet.schema.validate import failures

HEXADECIMAL = re.compile(r"\^((?:[a-z]{3}-)?)\[0-9a-f\]\{(16|64)\}")  # much faster to draw than by its pattern
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def cells(field: Field) -> st.SearchStrategy[typing.Any]:
    """Cells a field accepts, from its constraints."""
    limits = field.constraints
    if limits.enum is not None:
        found: st.SearchStrategy[typing.Any] = st.sampled_from(limits.enum)
    elif limits.pattern is not None and (hexadecimal := HEXADECIMAL.match(limits.pattern)):
        prefix, digits = hexadecimal[1], int(hexadecimal[2])
        found = st.integers(0, 16**digits - 1).map(lambda n: f"{prefix}{n:0{digits}x}")
    elif limits.pattern is not None:
        # Python's $ also matches before a last line feed, which the contract does not allow.
        found = st.from_regex(limits.anchored or "", alphabet=st.characters(codec="ascii")).filter(
            lambda text: not text.endswith("\n")
        )
    else:
        low, high = limits.min_length or 0, limits.max_length
        found = {
            "string": st.text(st.characters(exclude_categories=["Cs"]), min_size=low, max_size=high),
            "integer": st.integers(-(2**63) if limits.minimum is None else limits.minimum, 2**63 - 1),
            "number": st.floats(limits.minimum, limits.maximum, allow_nan=False, allow_infinity=False),
            "boolean": st.booleans(),
            "date": st.dates(),
            "datetime": st.datetimes(timezones=st.just(UTC)),
            "array": st.nothing(),
        }[field.type]
    if field.items:
        members = field.items.fields
        inner = st.tuples(*(cells(member) for member in members)) if members else TEXT
        found = st.lists(inner, max_size=3).map(tuple)
    return st.none() | found if field.nullable else found


def rows(name: str) -> st.SearchStrategy[typing.Any]:
    table, row = core_tables()[name], ROWS[name]
    hints = typing.get_type_hints(row)

    def build(values: tuple[typing.Any, ...]) -> typing.Any:
        made = dict(zip(table.names, values, strict=True))
        for field in table.fields:
            if field.items and field.items.fields:
                value_type = typing.get_args(hints[field.name])[0]
                made[field.name] = tuple(value_type(*item) for item in made[field.name])
        return row(**made)

    return st.tuples(*(cells(field) for field in table.fields)).map(build)


@pytest.mark.parametrize("name", ROWS)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_row_survives_parquet_and_is_valid(name, data) -> None:
    table = core_tables()[name]
    made = data.draw(st.lists(rows(name), max_size=3))
    arrow = rows_to_table(table, made)
    assert arrow.schema.equals(arrow_schema(table), check_metadata=True)
    arrow.validate(full=True)
    buffer = io.BytesIO()
    pq.write_table(arrow, buffer)
    back = pq.read_table(buffer)
    assert back.schema.equals(arrow_schema(table))
    plain = [
        {key: list(value) if isinstance(value, tuple) else value for key, value in dataclasses.asdict(row).items()}
        for row in made
    ]
    assert back.to_pylist() == plain
    assert failures(table, back) == []


def report(**changes: object) -> EventReportRow:
    row = EventReportRow(
        report_id="rep-0123456789abcdef",
        event_id="ev/2025-02-12-call",
        article_id="art-0123456789abcdef",
        field="body",
        start=0,
        end=9,
        source_start=10,
        source_end=37,
        trigger="通话",
        type="call",
        status="occurred",
        date_start=date(2025, 2, 12),
        date_end=None,
        date_precision="day",
        date_text=None,
        participants=(ParticipantValue("per/a", "initiator"), ParticipantValue("loc/b", "participant")),
        place_id=None,
        duration_minutes=90,
        speaker_id=None,
        rule="frames/call",
        joined_by="first",
    )
    return dataclasses.replace(row, **changes)


def test_objects_in_arrays_become_structs() -> None:
    table = core_tables()["event_reports"]
    arrow = rows_to_table(table, [report(), report(participants=())])
    assert arrow.column("participants").to_pylist() == [
        [{"entity_id": "per/a", "role": "initiator"}, {"entity_id": "loc/b", "role": "participant"}],
        [],
    ]


def test_no_rows_are_a_table_too() -> None:
    for name, table in core_tables().items():
        arrow = rows_to_table(table, [])
        assert (arrow.num_rows, arrow.schema) == (0, arrow_schema(table)), name
        assert failures(table, arrow) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"trigger": None}, "event_reports.trigger: row 1 is null"),
        ({"participants": None}, "event_reports.participants: row 1 is null"),
        ({"start": "0"}, "event_reports.start: "),
        ({"start": 2**63}, "event_reports.start: "),
        ({"rule": "\ud800"}, "event_reports.rule: "),
        ({"date_start": "2025"}, "event_reports.date_start: "),
        ({"participants": (None,)}, "event_reports.participants: an array holds a null item"),
        ({"participants": (ParticipantValue(5, "host"),)}, "event_reports.participants: "),
    ],
)
def test_what_cannot_be_a_row_names_its_column(changes, words) -> None:
    with pytest.raises(ValueError, match="event_reports") as caught:
        rows_to_table(core_tables()["event_reports"], [report(), report(**changes)])
    assert str(caught.value).startswith(words)


def test_columns_a_project_added_are_null(tmp_path) -> None:
    core = core_tables()["media"]
    table = Table(core.name, core.title, core.description, (*core.fields, Field("region", "string")), core.primary_key)
    row = MediaRow("art-0123456789abcdef", 0, "https://a.example/b.jpg", None, None)
    arrow = rows_to_table(table, [row])
    assert arrow.column("region").to_pylist() == [None]
    assert failures(table, arrow) == []


def test_rows_of_the_core_are_judged_by_a_tighter_schema() -> None:
    core = core_tables()["media"]
    caption = dataclasses.replace(core.field("caption"), constraints=Constraints(required=True))
    fields = (*(caption if f.name == "caption" else f for f in core.fields), Field("region", "string"))
    tight = dataclasses.replace(core, fields=fields)
    with_caption = MediaRow("art-0123456789abcdef", 0, "https://a.example/b.jpg", "c", None)
    without = dataclasses.replace(with_caption, position=1, caption=None)
    both = rows_to_table(core, [with_caption, without])
    assert [(f.row, f.field, f.constraint) for f in failures(tight, both) if f.row is not None] == [
        (1, "caption", "required")
    ]


@pytest.mark.parametrize("ignore", [None, "1"])
def test_instants_of_any_zone_are_stored_in_utc(tmp_path, monkeypatch, ignore) -> None:
    if ignore:
        monkeypatch.setenv("PYARROW_IGNORE_TIMEZONE", ignore)
    file = tmp_path / "t.yaml"
    file.write_text("name: t\nfields: [{name: at, type: datetime}]\n", encoding="utf-8")

    @dataclasses.dataclass
    class Row:
        at: datetime

    arrow = rows_to_table(load_table(file), [Row(datetime.fromisoformat("2025-02-12T08:00:00+08:00"))])
    assert arrow.column("at").to_pylist() == [datetime(2025, 2, 12, tzinfo=UTC)]
    assert arrow.schema.field("at").type == pa.timestamp("us", tz="UTC")
    with pytest.raises(ValueError, match=r"t\.at: .* is no instant with a zone"):
        rows_to_table(load_table(file), [Row(datetime(2025, 2, 12))])
