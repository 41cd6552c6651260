"""The schema loader's errors, and the ten core schemas against the rows and the words of the contract."""

import dataclasses
import types
import typing
from datetime import date, datetime
from pathlib import Path

import pytest

from broadsheet.findings import BroadsheetError
from broadsheet.rows import ROWS
from broadsheet.schema.load import core_dir, core_tables, load_table
from broadsheet.schema.model import Constraints, Field, ForeignKey, Item, Table

GOOD = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: things
title: Things
description: All of them.
fields:
  - name: thing_id
    type: string
    title: Id
    description: The key.
    constraints: {required: true, pattern: '^t-[0-9]+$'}
  - name: size
    type: integer
    constraints: {minimum: 0, maximum: 9, enum: [1, 2]}
  - name: day
    type: date
    constraints: {minimum: 2000-01-01}
  - name: parts
    type: array
    constraints: {required: true, maxLength: 3}
    items:
      type: object
      fields:
        - {name: word, type: string, constraints: {required: true, minLength: 1}}
  - name: other_id
    type: string
  - name: parent_id
    type: string
primaryKey: [thing_id]
foreignKeys:
  - fields: [other_id]
    reference: {resource: others, fields: [other_id]}
  - fields: [parent_id]
    reference: {fields: [thing_id]}
uniqueKeys:
  - [size, day]
"""


def write(folder: Path, text: str, name: str = "things") -> Path:
    file = folder / f"{name}.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_schema_becomes_a_table(tmp_path) -> None:
    assert load_table(write(tmp_path, GOOD)) == Table(
        "things",
        "Things",
        "All of them.",
        (
            Field("thing_id", "string", "Id", "The key.", Constraints(required=True, pattern="^t-[0-9]+$")),
            Field("size", "integer", constraints=Constraints(minimum=0, maximum=9, enum=(1, 2))),
            Field("day", "date", constraints=Constraints(minimum=date(2000, 1, 1))),
            Field(
                "parts",
                "array",
                constraints=Constraints(required=True, max_length=3),
                items=Item("object", (Field("word", "string", constraints=Constraints(required=True, min_length=1)),)),
            ),
            Field("other_id", "string"),
            Field("parent_id", "string"),
        ),
        ("thing_id",),
        (ForeignKey(("other_id",), "others", ("other_id",)), ForeignKey(("parent_id",), "things", ("thing_id",))),
        (("size", "day"),),
    )


@pytest.mark.parametrize(
    "wrong",
    [
        ("primaryKey:", "primarykey:", "key-unknown", 28, "did you mean 'primaryKey'"),
        ("    constraints: {minimum", "    constraint: {minimum", "key-unknown", 13, "did you mean 'constraints'"),
        ("{minimum: 0,", "{minimun: 0,", "key-unknown", 13, "did you mean 'minimum'"),
        ("type: integer", "type: int", "value-invalid", 12, "unknown type 'int'; did you mean"),
        ("type: integer", "type: list", "value-invalid", 12, "the types are string, integer"),
        ("type: integer", "type: object", "value-invalid", 12, "an object may only stand in an array"),
        ("type: integer", "type: 5", "value-invalid", 12, "unknown type 5"),
        ("name: things", "name: thing", "value-invalid", 2, "called 'thing' but its file 'things'"),
        ("name: things", "name: Things", "value-invalid", 2, "lower-case"),
        ("name: things\n", "", "key-missing", 1, "'name' is missing"),
        ("2.0/tableschema", "1.0/tableschema", "value-invalid", 1, "expected https://datapackage.org/profiles/2.0"),
        ("name: size", "name: thing_id", "value-invalid", 11, "two fields are called 'thing_id'"),
        ("minimum: 0", "minimum: nil", "value-invalid", 13, "type integer; found 'nil'"),
        ("minimum: 0", "minimum: true", "value-invalid", 13, "type integer; found True"),
        ("minimum: 0", "minimum: 10", "value-invalid", 13, "at least 10 and at most 9"),
        ("minimum: 0", "pattern: x", "value-invalid", 13, "'pattern' does not apply to type integer"),
        ("minimum: 0", "minLength: 1", "value-invalid", 13, "'minLength' does not apply to type integer"),
        ("2000-01-01", "2000-02-30", "value-invalid", 16, "type date"),
        ("enum: [1, 2]", "enum: [1, 1]", "value-invalid", 13, "different values"),
        ("enum: [1, 2]", "enum: []", "value-invalid", 13, "at least one"),
        ("enum: [1, 2]", "enum: 1", "value-invalid", 13, "expected a list; found 1"),
        ("maxLength: 3", "maxLength: -3", "value-invalid", 19, "whole number from 0"),
        ("maxLength: 3", "unique: true", "value-invalid", 19, "'unique' does not apply to type array"),
        ("{required: true, maxLength", "{required: True, maxLength", "value-invalid", 19, "expected true or false"),
        ("required: true, minLength: 1", "unique: true", "value-invalid", 23, "does not apply inside an array"),
        ("word, type: string, con", "word, type: array, con", "value-invalid", 23, "no further array"),
        ("      type: object", "      type: string", "value-invalid", 20, "`fields` belongs to items of type object"),
        ("    items:\n      type: object\n      fields:", "    title:\n      type: object\n      fields:", "", 17, ""),
        ("'^t-[0-9]+$'", "'t-[0-9'", "value-invalid", 10, "cannot be used"),
        ("'^t-[0-9]+$'", r"'(a)\1'", "value-invalid", 10, "cannot be used"),
        ("'^t-[0-9]+$'", "'(?=a)a'", "value-invalid", 10, "cannot be used"),
        ("'^t-[0-9]+$'", "'(a{1000}){1000}'", "value-invalid", 10, "cannot be used"),
        ("primaryKey: [thing_id]", "primaryKey: [thingid]", "value-invalid", 28, "did you mean 'thing_id'"),
        ("primaryKey: [thing_id]", "primaryKey: thing_id", "value-invalid", 28, "expected a list"),
        ("primaryKey: [thing_id]", "primaryKey: []", "value-invalid", 28, "at least one"),
        ("primaryKey: [thing_id]", "primaryKey: [size]", "value-invalid", 28, "not required"),
        ("resource: others, fields: [other_id]", "resource: others, fields: [a, b]", "value-invalid", 30, "1 columns"),
        ("{fields: [thing_id]}", "{fields: [thing]}", "value-invalid", 33, "did you mean 'thing_id'"),
        ("title: Things", "title: 5", "value-invalid", 3, "expected text; found 5"),
        ("fields:\n  - name: thing_id", "fields: {}\nx:\n  - name: thing_id", "key-unknown", 6, "'x'"),
    ],
)
def test_a_wrong_schema_names_file_line_and_remedy(tmp_path, wrong) -> None:
    old, new, code, line, words = wrong
    assert old in GOOD
    with pytest.raises(BroadsheetError) as caught:
        load_table(write(tmp_path, GOOD.replace(old, new, 1)))
    found = caught.value.finding
    assert found.path is not None
    assert found.path.endswith("things.yaml")
    assert found.line == line
    assert words in found.message
    assert found.code == (code or "value-invalid")


@pytest.mark.parametrize("text", ["", "- a\n", "5\n", "name: things\nfields: []\n", "name: things\nfields: [5]\n"])
def test_a_document_that_is_no_schema(tmp_path, text) -> None:
    with pytest.raises(BroadsheetError) as caught:
        load_table(write(tmp_path, text))
    assert caught.value.finding.code == "value-invalid"


# The contract, copied by hand from the design: scripts outside the project read these names.
COLUMNS = {
    "sources": "source_id collection path sha256 bytes media_type encoding format parser_version archived_at status "
    "article_count license rights_statement redistribution",
    "articles": "article_id source_id source_path source_sha256 position title publisher language published_at "
    "published_local published_text published_precision published_zone published_basis published_zone_basis "
    "archived_at url authors dateline agencies translator section tags summary body truncated character_count "
    "body_sha256 duplicate_of duplicate_kind source_start source_end segments license redistribution",
    "media": "article_id position url caption credit",
    "links": "article_id position url text relation",
    "entities": "entity_id type name name_en name_zh_hans name_zh_hant wikidata country aliases linked mention_count "
    "article_count",
    "mentions": "mention_id article_id entity_id type field start end surface source_start source_end rule confidence",
    "events": "event_id label_en label_zh type plover cameo status date_start date_end date_precision place_id "
    "duration_minutes report_count article_count publisher_count disputed first_reported_at",
    "event_participants": "event_id entity_id role",
    "event_reports": "report_id event_id article_id field start end source_start source_end trigger type status "
    "date_start date_end date_precision date_text participants place_id duration_minutes speaker_id rule joined_by",
    "rejects": "reject_id source_id article_id table field code message value source_start source_end",
}
WORDS = {
    "sources.status": "parsed empty not_article rejected",
    "sources.redistribution": "full excerpt metadata",
    "articles.published_precision": "second minute day month none",
    "articles.published_basis": "body header front_matter file_name url none",
    "articles.published_zone_basis": "stated publisher collection none",
    "articles.duplicate_kind": "exact near revision",
    "links.relation": "body original translation related",
    "entities.type": "person organization place",
    "mentions.type": "person organization place",
    "mentions.field": "title body",
    "events.status": "occurred scheduled unrealized",
    "event_reports.status": "occurred scheduled unrealized",
    "event_reports.joined_by": "first article copy date news speaker war",
    "event_participants.role": "initiator participant target mediator host",
}
EVENT_TYPES = (
    "call meeting summit visit talks invitation agreement statement promise demand accusation rejection threat aid "
    "sanction sanction_relief release_exchange ceasefire withdrawal mobilization attack invasion military_action "
    "expulsion arrest protest appointment election other"
)
PRIMARY = {
    "sources": "source_id",
    "articles": "article_id",
    "media": "article_id position",
    "links": "article_id position",
    "entities": "entity_id",
    "mentions": "mention_id",
    "events": "event_id",
    "event_participants": "event_id entity_id role",
    "event_reports": "report_id",
    "rejects": "reject_id",
}
FOREIGN = {
    "articles": {"source_id": "sources", "duplicate_of": "articles"},
    "media": {"article_id": "articles"},
    "links": {"article_id": "articles"},
    "mentions": {"article_id": "articles", "entity_id": "entities"},
    "events": {"place_id": "entities"},
    "event_participants": {"event_id": "events", "entity_id": "entities"},
    "event_reports": {
        "event_id": "events",
        "article_id": "articles",
        "place_id": "entities",
        "speaker_id": "entities",
    },
    "rejects": {"source_id": "sources", "article_id": "articles"},
}


def test_the_core_has_the_ten_tables_in_order_with_their_columns() -> None:
    tables = core_tables()
    assert list(tables) == list(COLUMNS)
    assert {name: " ".join(table.names) for name, table in tables.items()} == COLUMNS
    assert sorted(file.stem for file in core_dir().glob("*.yaml")) == sorted(COLUMNS)


def test_the_core_has_the_words_of_the_contract() -> None:
    tables = core_tables()
    for place, words in WORDS.items():
        table, column = place.split(".")
        assert tables[table].field(column).constraints.enum == tuple(words.split()), place
    for table in ("events", "event_reports"):
        assert tables[table].field("type").constraints.enum == tuple(EVENT_TYPES.split())


def test_the_core_has_the_keys_of_the_contract() -> None:
    tables = core_tables()
    assert {name: " ".join(table.primary_key) for name, table in tables.items()} == PRIMARY
    for name, table in tables.items():
        assert {key.fields[0]: key.table for key in table.foreign_keys} == FOREIGN.get(name, {})
        for key in table.foreign_keys:
            target = tables[key.table]
            assert key.reference == target.primary_key
            assert [table.field(c).type for c in key.fields] == [target.field(c).type for c in key.reference]


def test_every_core_column_is_explained() -> None:
    for table in core_tables().values():
        assert table.title
        assert table.description.endswith(".")
        for field in table.fields:
            for each in (field, *(field.items.fields if field.items else ())):
                assert each.title, (table.name, each.name)
                assert each.description.endswith("."), (table.name, each.name)


@pytest.mark.parametrize("name", COLUMNS)
def test_rows_and_schema_agree_on_names_order_types_and_null(name) -> None:
    assert expected_fields(ROWS[name]) == actual_fields(core_tables()[name].fields)


def expected_fields(row: type) -> list[tuple[str, object, bool]]:
    """Name, type and nullability of each field of a row's class."""
    hints = typing.get_type_hints(row)
    found = []
    for field in dataclasses.fields(row):
        hint, null = hints[field.name], False
        if isinstance(hint, types.UnionType):
            hint, null = next(a for a in typing.get_args(hint) if a is not types.NoneType), True
        if typing.get_origin(hint) is tuple:
            inner, ellipsis = typing.get_args(hint)
            assert ellipsis is ...
            hint = [expected_fields(inner) if dataclasses.is_dataclass(inner) else inner]
        found.append((field.name, hint, null))
    return found


def actual_fields(fields: tuple[Field, ...]) -> list[tuple[str, object, bool]]:
    python = {"string": str, "integer": int, "number": float, "boolean": bool, "date": date, "datetime": datetime}
    found: list[tuple[str, object, bool]] = []
    for field in fields:
        hint: object = python.get(field.type)
        if field.items:
            hint = [actual_fields(field.items.fields) if field.items.fields else python[field.items.type]]
        found.append((field.name, hint, field.nullable))
    return found


ID_SAMPLES = {
    "sources.source_id": ("src-0123456789abcdef", "src-0123456789ABCDEF"),
    "articles.article_id": ("art-0123456789abcdef-2", "art-0123456789abcdef-"),
    "articles.language": ("zh-Hant-TW", "zh_Hant"),
    "articles.published_local": ("2025-02-12T08:30", "2025-02-12 08:30"),
    "articles.published_zone": ("America/Argentina/Buenos_Aires", "8:00"),
    "articles.url": ("https://例子.example/文章?a=b", "https://a.example/a b"),
    "articles.body_sha256": ("0" * 64, "0" * 63),
    "entities.entity_id": ("per/volodymyr-zelensky", "per/Volodymyr-Zelensky"),
    "entities.country": ("UA", "UKR"),
    "entities.wikidata": ("Q42", "42"),
    "events.event_id": ("ev/2025-02-12-call-putin-trump", "ev/2025--02"),
    "events.cameo": ("0841", "84a"),
    "events.plover": ("CONSULT third-party", "consult"),
    "events.place_id": ("loc/alaska", "per/alaska"),
    "sources.format": ("front_matter/feed_entry/html", "front_matter/"),
    "sources.media_type": ("application/xhtml+xml", "text"),
    "rejects.code": ("body-empty", "Body empty"),
}


@pytest.mark.parametrize("place", ID_SAMPLES)
def test_patterns_of_the_core_accept_and_refuse(place) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc

    table, column = place.split(".")
    pattern = core_tables()[table].field(column).constraints.anchored
    good, bad = ID_SAMPLES[place]
    texts = [good, bad, good + "\n", "\n" + good, " " + good, good + " "]
    assert pc.match_substring_regex(pa.array(texts), pattern).to_pylist() == [True] + [False] * 5


def test_language_tags_and_local_dates() -> None:
    import re

    articles = core_tables()["articles"]
    language = re.compile(articles.field("language").constraints.anchored or "")
    for tag in ("zh-Hans", "zh-Hant", "en", "zh", "und", "yue-Hant-HK", "es-419", "de-1996", "sl-rozaj"):
        assert language.search(tag), tag
    for tag in ("ZH", "zh-hans", "zh-CN-Hans", "chinese", "e", "en-"):
        assert not language.search(tag), tag
    local = re.compile(articles.field("published_local").constraints.anchored or "")
    for text in ("2025-02", "2025-02-12", "2025-02-12T08:30", "2025-02-12T08:30:59", "2025-02-12T08:30:59.123"):
        assert local.search(text), text
    for text in ("2025", "2025-13", "2025-02-32", "2025-02-12T24:00", "2025-02-12T08:30Z", "2025-02-12T08:30+08:00"):
        assert not local.search(text), text
