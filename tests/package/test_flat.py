"""event_reports_flat.csv: what people open in a spreadsheet, made of the published tables."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import linked
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from broadsheet.emitted.tables import TableFiles, read_footers
from broadsheet.package import PackageReport
from broadsheet.package.flat import READ, ROLES, Formulas, flat_batches, flat_chunks, flat_table
from broadsheet.schema.load import core_tables
from broadsheet.schema.validate import failures

HEADER = (
    "label_en,label_zh,type,status,date_start,date_end,date_precision,participants_en,participants_zh,place_en,place_zh,"
    "publisher,title,url,published,quotation,reported_status,reported_date,report_id,event_id,article_id"
)


def lay(folder: Path, **changed: pa.Table) -> dict[str, TableFiles]:
    """The tables of the corpus, some of them changed, as files."""
    made = linked.tables() | changed
    for name in READ:
        pq.write_table(made[name], folder / f"{name}.parquet")
    return {name: read_footers(name, [folder / f"{name}.parquet"]) for name in READ}


def read(tables: dict[str, TableFiles], formulas: Formulas | None = None) -> list[dict[str, str]]:
    text = b"".join(flat_chunks(tables, formulas)).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def published(packaged: PackageReport) -> dict[str, TableFiles]:
    folder = packaged.dist / "datapackage" / "parquet"
    return {name: read_footers(name, [folder / f"{name}.parquet"]) for name in READ}


def test_one_row_for_each_report_with_names_and_the_clause(published: dict[str, TableFiles]) -> None:
    first, second = read(published)
    assert first | {"report_id": "", "article_id": ""} == {
        "label_en": "Lind – Haddad, call, 2031-03-03",
        "label_zh": "林德—哈达德，2031-03-03",
        "type": "call",
        "status": "occurred",
        "date_start": "2031-03-03",
        "date_end": "2031-03-03",
        "date_precision": "day",
        "participants_en": "Anna Lind (participant); Omar Haddad (participant)",
        "participants_zh": "Anna Lind（参与方）；Omar Haddad（参与方）",
        "place_en": "",
        "place_zh": "",
        "publisher": "Open",
        "title": "Lind and Haddad speak by phone",
        "url": "https://example.org/a.txt",
        "published": "2031-03-04T07:00",
        "quotation": "Anna Lind called Omar Haddad on 3 March 2031",
        "reported_status": "occurred",
        "reported_date": "3 March 2031",
        "report_id": "",
        "event_id": "ev/2031-03-03-call-lind-haddad",
        "article_id": "",
    }
    assert (second["publisher"], second["quotation"]) == ("Partial", "Omar Haddad called Anna Lind again")


def test_nothing_withheld_is_in_it(published: dict[str, TableFiles]) -> None:
    text = b"".join(flat_chunks(published)).decode()
    assert text.partition("\n")[0] == HEADER
    assert not [secret for secret in linked.SECRETS if secret in text]


def test_rows_satisfy_the_contract(tmp_path: Path) -> None:
    table = flat_table()
    rows = pa.Table.from_batches(flat_batches(lay(tmp_path)))
    assert rows.num_rows == 4
    assert failures(table, rows) == []
    assert table.field("type").constraints == core_tables()["events"].field("type").constraints
    assert ",".join(table.names) == HEADER
    assert [key.table for key in table.foreign_keys] == ["event_reports", "events", "articles"]


def reports(*changes: dict[str, Any]) -> pa.Table:
    """Copies of the first report of the corpus, changed."""
    table = linked.tables()["event_reports"]
    first = table.to_pylist()[0]
    rows = [first | {"report_id": f"rep-{number:016x}"} | change for number, change in enumerate(changes)]
    return pa.Table.from_pylist(rows, schema=table.schema)


def test_names_are_those_of_the_language_and_roles_are_told(tmp_path: Path) -> None:
    entities = linked.tables()["entities"].to_pylist()
    named = {linked.LIND: ("Anna Lind (en)", "安娜·林德", None), linked.NORLAND: ("Norland (en)", None, "諾蘭")}
    for row in entities:
        if row["entity_id"] in named:
            row["name_en"], row["name_zh_hans"], row["name_zh_hant"] = named[row["entity_id"]]
    people = [
        {"entity_id": linked.HADDAD, "role": "target"},
        {"entity_id": linked.LIND, "role": "initiator"},
        {"entity_id": "per/nobody-listed", "role": "host"},
    ]
    changed = reports({"participants": people, "place_id": linked.NORLAND}, {"participants": []})
    table = pa.Table.from_pylist(entities, schema=linked.tables()["entities"].schema)
    first, second = read(lay(tmp_path, entities=table, event_reports=changed))
    assert first["participants_en"] == "Omar Haddad (target); Anna Lind (en) (initiator); per/nobody-listed (host)"
    assert first["participants_zh"] == "Omar Haddad（对象）；安娜·林德（发起方）；per/nobody-listed（东道主）"
    assert (first["place_en"], first["place_zh"]) == ("Norland (en)", "諾蘭")
    assert (second["participants_en"], second["place_en"]) == ("", "")


def test_every_role_has_a_chinese_word() -> None:
    participants = core_tables()["event_reports"].field("participants").items
    assert participants
    assert set(ROLES) == set(participants.fields[1].constraints.enum or ())


def test_clauses_are_cut_by_code_points_and_only_from_what_is_published(tmp_path: Path) -> None:
    body = "\N{GRINNING FACE}e\u0301 👩\u200d👧, they said.\n\n他们\u3000说。"
    articles = linked.changed(linked.tables()["articles"], 0, body=body)
    cut = [(0, 3), (4, 7), (body.index("他"), len(body)), (len(body) - 2, len(body) + 1), (2, 2)]
    changed = reports(*({"start": start, "end": end} for start, end in cut), {"field": "title", "start": 0, "end": 4})
    rows = read(lay(tmp_path, articles=articles, event_reports=changed))
    assert [row["quotation"] for row in rows] == [
        "\N{GRINNING FACE}e\u0301", "👩\u200d👧", "他们\u3000说。", "", "", "Lind",
    ]  # fmt: skip


def test_the_order_is_date_event_publisher_and_publication(tmp_path: Path) -> None:
    events = linked.tables()["events"].to_pylist()
    keys = {"ev/b": date(2030, 1, 2), "ev/a": date(2030, 1, 2), "ev/c": date(2029, 1, 1), "ev/d": None}
    made = [events[0] | {"event_id": key, "date_start": day} for key, day in keys.items()]
    ids = [linked.ARTICLES[file.id] for file in (linked.OPEN, linked.PARTIAL, linked.CLOSED, linked.EMPTY)]
    told = [("ev/d", 0), ("ev/a", 1), ("ev/a", 2), ("ev/a", 0), ("ev/a", 3), ("ev/b", 0), ("ev/c", 0)]
    changed = reports(*({"event_id": key, "article_id": ids[at]} for key, at in told))
    articles = linked.changed(linked.tables()["articles"], 1, publisher="Open", published_local=None)
    tables = lay(
        tmp_path,
        events=pa.Table.from_pylist(made, schema=linked.tables()["events"].schema),
        articles=articles,
        event_reports=changed,
    )
    rows = read(tables)
    # No date comes last; of ev/a: Closed, Open with its date, Open without, Partial.
    assert [row["report_id"][-1] for row in rows] == ["6", "2", "3", "4", "1", "5", "0"]
    assert b"".join(flat_chunks(tables)) == b"".join(flat_chunks(tables))


def test_cells_like_formulas_are_counted_and_left_alone(tmp_path: Path) -> None:
    body = "=SUM(A1) they said, +5 and @all"
    articles = linked.changed(linked.tables()["articles"], 0, body=body, title="-1")
    spans = [(0, 8), (body.index("+5"), body.index("+5") + 2), (body.index("@"), len(body))]
    changed = reports(*({"start": start, "end": end} for start, end in spans))
    formulas = Formulas()
    rows = read(lay(tmp_path, articles=articles, event_reports=changed), formulas)
    assert [row["quotation"] for row in rows] == ["=SUM(A1)", "+5", "@all"]
    (found,) = formulas.findings()  # +5 and -1 are numbers
    assert (found.code, found.resource, found.field, found.count) == (
        "formula-like",
        "event_reports_flat",
        "quotation",
        2,
    )
    assert found.sample == "=SUM(A1)"


def test_line_breaks_and_quotes_stay_in_their_cell(tmp_path: Path) -> None:
    body = 'He said "no",\nthen left.'
    articles = linked.changed(linked.tables()["articles"], 0, body=body, title='A, "b"\r\nc')
    (row,) = read(lay(tmp_path, articles=articles, event_reports=reports({"start": 0, "end": len(body)})))
    assert (row["quotation"], row["title"]) == (body, 'A, "b"\r\nc')


def test_without_reports_it_is_a_header(tmp_path: Path) -> None:
    none = linked.tables()["event_reports"].slice(0, 0)
    assert b"".join(flat_chunks(lay(tmp_path, event_reports=none))).decode() == f"{HEADER}\n"


def test_rows_come_in_batches(tmp_path: Path) -> None:
    many = reports(*({} for _ in range(9_000)))
    batches: Iterator[pa.RecordBatch] = flat_batches(lay(tmp_path, event_reports=many))
    sizes = [batch.num_rows for batch in batches]
    assert sum(sizes) == 9_000
    assert max(sizes) <= 4_096
