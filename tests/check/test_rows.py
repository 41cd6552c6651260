"""Rules over Parquet files: all of them found, all of them counted, within bounds, and damage told."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import linked
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from broadsheet.check import spans, views
from broadsheet.check.report import CheckReport, Gather
from broadsheet.check.rules import check_rows
from broadsheet.check.spans import check_bytes, check_texts
from broadsheet.collect import Sources
from broadsheet.emitted.tables import TableFiles, connected, read_footers
from broadsheet.findings import Finding, Severity
from broadsheet.project import Project
from broadsheet.schema.load import core_tables
from broadsheet.schema.model import Constraints, Field, Table


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., dict[str, TableFiles]]:
    """Writes the linked tables, some of them replaced; each in as many files as asked for."""

    def written(*, parts: int = 1, **replaced: pa.Table) -> dict[str, TableFiles]:
        return {name: stored(tmp_path, name, table, parts) for name, table in {**linked.tables(), **replaced}.items()}

    return written


def stored(folder: Path, name: str, table: pa.Table, parts: int = 1) -> TableFiles:
    size = -(-table.num_rows // parts) or 1
    files = [folder / f"{name}-{part}.parquet" for part in range(parts)]
    for part, file in enumerate(files):
        pq.write_table(table.slice(part * size, size), file)
    return read_footers(name, files)


def check(tables: Mapping[str, TableFiles], contract: Mapping[str, Table] | None = None) -> CheckReport:
    gather = Gather()
    check_rows(tables, contract or core_tables(), gather)
    return gather.report("tables")


def wrong(report: CheckReport) -> list[Finding]:
    return [found for found in report.findings if found.severity is not Severity.NOTE]


def places(report: CheckReport) -> list[tuple]:
    return [(f.code, f.resource, f.field, f.row_key, f.sample) for f in wrong(report)]


@pytest.mark.parametrize("parts", [1, 3])
def test_sound_tables_are_clean_and_readable(write: Callable, parts: int) -> None:
    gather = Gather()
    assert check_rows(write(parts=parts), core_tables(), gather) == list(core_tables())
    report = gather.report("tables")
    assert wrong(report) == []
    assert {("mentions", "foreign-key"), ("mentions", "constraint"), ("links", "columns-differ")} <= set(report.ran)


def test_cells_are_named_by_key_with_their_value(write: Callable) -> None:
    made = linked.tables()
    mentions = linked.changed(linked.changed(made["mentions"], 1, confidence=1.5), 2, confidence=float("nan"))
    reports = linked.changed(made["event_reports"], 0, participants=[{"entity_id": linked.LIND, "role": "boss"}])
    keys = mentions["mention_id"].to_pylist()
    assert places(check(write(mentions=mentions, event_reports=reports))) == [
        ("cell-cast", "mentions", "confidence", keys[2], "nan"),
        (
            "constraint",
            "event_reports",
            "participants",
            reports["report_id"][0].as_py(),
            f"[{{'entity_id': {linked.LIND}, 'role': boss}}]",
        ),
        ("constraint", "mentions", "confidence", keys[1], "1.5"),
    ]


def test_every_offender_is_counted_and_twenty_are_named(write: Callable) -> None:
    rows = 100_000
    links = pa.table(
        {
            "article_id": ["art-0000000000000000"] * rows,
            "position": pa.array(range(-1_000, rows - 1_000)),
            "url": ["https://example.org/"] * rows,
            "text": ["=1+1"] * rows,
            "relation": ["none"] * rows,
        },
        schema=linked.tables()["links"].schema,
    )
    report = check(write(links=links))
    totals: dict[tuple, list[int]] = {}
    for found in report.findings:
        totals.setdefault((found.code, found.field), []).append(found.count)
    assert {group: sum(found) for group, found in totals.items() if group[1] != "title"} == {
        ("constraint", "position"): 1_000,
        ("constraint", "relation"): rows,
        ("foreign-key", "article_id"): rows,
        ("formula-like", "text"): rows,
    }
    assert max(len(found) for found in totals.values()) == 20


def test_keys_are_counted_and_named(write: Callable) -> None:
    made = linked.tables()
    entities = pa.concat_tables([made["entities"], *[made["entities"].slice(2, 1)] * 3])
    mentions = linked.changed(made["mentions"], 3, entity_id="per/nobody")
    report = check(write(entities=entities, mentions=mentions))
    twin, orphan = wrong(report)[1], wrong(report)[0]
    assert (orphan.code, orphan.field, orphan.count) == ("foreign-key", "entity_id", 1)
    assert orphan.row_key == f"{mentions['mention_id'][3].as_py()}/per/nobody"
    assert (twin.code, twin.row_key, twin.count) == ("key-duplicate", linked.LIND, 3)


def test_a_pattern_re2_does_not_take_is_told_and_the_rest_is_checked(tmp_path: Path) -> None:
    fields = (
        Field("a", "string", constraints=Constraints(pattern="(?=x)x")),
        Field("b", "string", constraints=Constraints(pattern="(x+x+)+y")),
    )
    table = Table("things", "", "", fields)
    things = stored(tmp_path, "things", pa.table({"a": ["y"], "b": ["x" * 100_000]}))
    report = check({"things": things}, {"things": table})
    assert [(f.code, f.field, f.row_key) for f in wrong(report)] == [
        ("constraint", "b", "row 1"),
        ("pattern-unsupported", "a", None),
    ]
    assert report.findings[1].severity is Severity.WARNING
    assert "invalid perl operator" in report.findings[1].message


def spoil(table: TableFiles, column: str) -> None:
    """Overwrite the pages of a column; the footer stays as it is."""
    with pq.ParquetFile(table.files[0]) as parquet:
        group = parquet.metadata.row_group(0)
        chunk = next(group.column(at) for at in range(group.num_columns) if group.column(at).path_in_schema == column)
        start, size = chunk.dictionary_page_offset or chunk.data_page_offset, chunk.total_compressed_size
    data = bytearray(table.files[0].read_bytes())
    data[start : start + size] = b"\xff" * size
    table.files[0].write_bytes(data)


@pytest.mark.parametrize(("table", "column"), [("mentions", "rule"), ("articles", "truncated"), ("links", "text")])
def test_a_page_that_cannot_be_decoded_is_a_finding(write: Callable, table: str, column: str) -> None:
    tables = write()
    spoil(tables[table], column)
    gather = Gather()
    readable = check_rows(tables, core_tables(), gather)
    assert readable == [name for name in core_tables() if name != table]
    assert [(f.code, f.resource, f.count) for f in wrong(gather.report(""))] == [("table-unreadable", table, 1)]
    check_texts(tables, readable, gather)  # whatever it says, it ends
    check_bytes(tables, Sources(None), gather)


def test_a_text_that_is_no_utf8_is_a_finding(write: Callable) -> None:
    links = linked.tables()["links"]
    raw = pa.StringArray.from_buffers(1, pa.array([0, 1], pa.int32()).buffers()[1], pa.py_buffer(b"\xff"))
    tables = write(links=links.set_column(3, links.schema.field(3), raw))
    assert [(f.code, f.resource) for f in wrong(check(tables))] == [("table-unreadable", "links")]


def test_columns_that_are_missing_double_or_others_are_told(write: Callable) -> None:
    made = linked.tables()
    media = made["media"].set_column(1, "position", made["media"]["position"].cast(pa.string()))
    links = made["links"].drop_columns(["relation"]).append_column("note", pa.array(["@x"]))
    report = check(write(media=media, links=links))
    assert {(f.resource, f.field) for f in wrong(report)} == {
        ("links", "relation"), ("links", "note"), ("media", "position"),
    }  # fmt: skip
    assert ("formula-like", "note") in {(f.code, f.field) for f in report.findings}


def test_a_table_without_files_has_no_rows(write: Callable) -> None:
    tables = write()
    links = TableFiles("links", (), tables["links"].schema, 0)
    assert wrong(check({**tables, "links": links})) == []
    entities = TableFiles("entities", (), tables["entities"].schema, 0)
    assert sum(f.count for f in wrong(check({**tables, "entities": entities})) if f.resource == "mentions") == 8


def test_more_rows_than_memory_holds_are_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = 400_000  # their keys alone take 28 MB
    name = "1234567890" * 6
    schema = pa.schema({"key": pa.string(), "parent": pa.string()})
    with pq.ParquetWriter(tmp_path / "t.parquet", schema) as writer:
        for start in range(0, rows, 50_000):
            keys = [f"{name}{at:09}" for at in range(start, start + 50_000)]
            writer.write_table(pa.table({"key": keys, "parent": keys[::-1]}, schema=schema))
    one = pa.table({"key": [f"{name}{7:09}"], "parent": ["?"]})
    pq.write_table(one, tmp_path / "u.parquet")
    files = read_footers("t", [tmp_path / "t.parquet", tmp_path / "u.parquet"])
    limits = Constraints(pattern="[0-9]+")
    fields = (Field("key", "string", constraints=replace(limits, unique=True)), Field("parent", "string"))
    table = Table("t", "", "", fields, ("key",))
    monkeypatch.setattr(views, "connected", lambda made, **more: connected(made, memory="64MB", threads=1, **more))
    report = check({"t": files}, {"t": table})
    assert [(f.code, f.field, f.count) for f in wrong(report)] == [
        ("constraint", "key", 1), ("constraint", "key", 1), ("key-duplicate", "key", 1),
    ]  # fmt: skip


# Spans.


def sliced(tables: Mapping[str, TableFiles], sources: Sources) -> CheckReport:
    gather = Gather()
    check_texts(tables, list(tables), gather)
    check_bytes(tables, sources, gather)
    return gather.report("spans")


@pytest.mark.parametrize("parts", [1, 3])
@pytest.mark.parametrize("batch", [1, 1_024])
def test_every_span_is_sliced(
    write: Callable, project: Project, monkeypatch: pytest.MonkeyPatch, parts: int, batch: int
) -> None:
    monkeypatch.setattr(spans, "BATCH", batch)
    report = sliced(write(parts=parts), Sources(project))
    assert report.findings == ()
    assert report.counts == {"spans exact": 19, "spans decoded": 1}


@pytest.mark.parametrize(
    ("table", "row", "values", "field"),
    [
        ("articles", 0, {"character_count": 3}, "character_count"),
        ("articles", 3, {"body_sha256": "0" * 64}, "body_sha256"),
        ("articles", 0, {"segments": []}, "segments"),
        ("mentions", 7, {"surface": "Anna Lynd"}, "surface"),
        ("mentions", 0, {"start": 1}, "surface"),
        ("mentions", 0, {"source_start": 0}, "source_start"),
        ("mentions", 7, {"source_end": 99_999}, "source_start"),
        ("event_reports", 0, {"trigger": "rang"}, "trigger"),
        ("event_reports", 3, {"source_end": 5}, "source_start"),
    ],
)
def test_a_wrong_span_is_found_wherever_its_article_lies(  # noqa: PLR0917
    write: Callable, project: Project, table: str, row: int, values: dict, field: str
) -> None:
    made = linked.tables()
    spoiled = linked.changed(made[table], row, **values)
    backwards = {name: made[name].take(list(range(made[name].num_rows))[::-1]) for name in ("articles", "mentions")}
    key = spoiled[core_tables()[table].primary_key[0]][row].as_py()
    for parts, others in ((1, {}), (2, backwards)):
        found = sliced(write(parts=parts, **{**others, table: spoiled}), Sources(project)).findings
        assert ("span-mismatch", table, field, key) in {(f.code, f.resource, f.field, f.row_key) for f in found}
        assert {f.row_key for f in found} == {key}


def test_a_shortened_article_is_not_compared_with_its_whole(write: Callable) -> None:
    articles = linked.tables()["articles"]
    short = {"body": linked.PARTIAL_KEPT, "segments": []}
    gather = Gather()
    check_texts(
        write(articles=linked.changed(articles, 2, **short, redistribution="excerpt")), list(core_tables()), gather
    )
    assert {(f.resource, f.field) for f in gather.report("").findings} == {
        ("mentions", "surface"), ("event_reports", "trigger"),
    }  # fmt: skip
    gather = Gather()
    check_texts(
        write(articles=linked.changed(articles, 2, **short, redistribution="full")), list(core_tables()), gather
    )
    assert {f.field for f in gather.report("").findings if f.resource == "articles"} == {
        "body_sha256", "character_count", "segments",
    }  # fmt: skip


def test_two_articles_with_one_id_do_not_multiply_their_spans(write: Callable, project: Project) -> None:
    articles = linked.tables()["articles"]
    report = sliced(write(articles=pa.concat_tables([articles, articles])), Sources(project))
    assert sum(report.counts.values()) == 8 + 8 + 4 + 8  # segments twice


def test_files_that_are_gone_or_changed_are_told(write: Callable, tmp_path: Path) -> None:
    project = linked.write_project(tmp_path / "project")
    (project.root / linked.OPEN.path).unlink()
    (project.root / linked.CLOSED.path).write_bytes(b"something else")
    report = sliced(write(), Sources(project))
    assert {(f.code, f.path) for f in report.findings} == {
        ("source-missing", linked.OPEN.path), ("source-changed", linked.CLOSED.path),
    }  # fmt: skip
    assert report.counts["spans not checked"] == 7 + 6


def test_nothing_is_sliced_where_a_table_is_missing(write: Callable) -> None:
    tables = write()
    gather = Gather()
    check_texts(tables, [name for name in tables if name != "articles"], gather)
    check_bytes({name: table for name, table in tables.items() if name != "sources"}, Sources(None), gather)
    assert gather.report("").findings == ()
    assert (
        hashlib.sha256(linked.OPEN_BODY.encode()).hexdigest() == linked.tables()["articles"]["body_sha256"][0].as_py()
    )
