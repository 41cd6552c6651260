"""A project's schemas: tighter is taken, looser is refused with file and line."""

import shutil

import pytest

from broadsheet.findings import BroadsheetError
from broadsheet.schema.load import core_dir, core_tables, project_tables


@pytest.fixture
def schemas(tmp_path):
    folder = tmp_path / "schemas"
    folder.mkdir()
    for name in ("articles", "links", "mentions", "media"):
        shutil.copy(core_dir() / f"{name}.yaml", folder)
    return folder


def change(schemas, table: str, old: str, new: str, after: str = "") -> int:
    """Replace the first `old` after `after`; the line where it stood."""
    file = schemas / f"{table}.yaml"
    text = file.read_text(encoding="utf-8")
    at = text.index(old, text.index(after))
    file.write_text(text[:at] + new + text[at + len(old) :], encoding="utf-8")
    return text.count("\n", 0, at) + 1


def refused(schemas) -> tuple[str | None, int | None, str, str | None]:
    with pytest.raises(BroadsheetError) as caught:
        project_tables(schemas)
    found = caught.value.finding
    assert found.code == "schema-loosened"
    return found.path, found.line, found.message, found.resource


def test_without_schemas_a_project_has_the_core(tmp_path) -> None:
    assert project_tables(tmp_path / "none") == core_tables()


def test_copies_of_the_core_are_the_core(schemas) -> None:
    tables = project_tables(schemas)
    assert tables == core_tables()
    assert list(tables) == list(core_tables())


def test_a_project_may_tighten(schemas) -> None:
    change(schemas, "links", "enum: [body, original, translation, related]", "enum: [body, related]")
    change(schemas, "media", "minLength: 1", "required: true\n      minLength: 3\n      pattern: 'https:.+'", "caption")
    change(schemas, "mentions", "maximum: 1", "maximum: 0.9", "confidence")
    change(schemas, "mentions", "minimum: 0", "minimum: 0.5", "confidence")
    change(schemas, "articles", "title: Title\n", "title: Headline\n")
    tables = project_tables(schemas)
    assert tables["links"].field("relation").constraints.enum == ("body", "related")
    assert tables["media"].field("caption").constraints.pattern == "https:.+"
    assert tables["media"].field("caption").constraints.min_length == 3
    assert not tables["media"].field("caption").nullable
    assert tables["mentions"].field("confidence").constraints.minimum == 0.5
    assert tables["articles"].field("title").title == "Headline"
    assert tables["entities"] == core_tables()["entities"]


def test_a_project_may_append_columns_and_keys(schemas) -> None:
    extra = "  - name: region\n    type: string\n"
    change(schemas, "media", "primaryKey:", extra + "uniqueKeys:\n  - [article_id, url]\nprimaryKey:")
    table = project_tables(schemas)["media"]
    assert table.names == ("article_id", "position", "url", "caption", "credit", "region")
    assert table.unique_keys == (("article_id", "url"),)


# Where to change what, and the text on whose line it is reported: a key that is gone, at the nearest one above it.
LOOSENED = [
    ("links", "relation", "enum: [body,", "enum: [body, advert,", "enum", "'relation' also allows advert"),
    ("links", "relation", "enum:", "minLength: 1 #", "constraints", "'relation' has no enum"),
    ("links", "position", "minimum: 0", "minimum: -1", "minimum", "minimum of 'position' is -1; the core's is 0"),
    ("links", "url", "minLength: 1", "minLength: 0", "minLength", "minLength of 'url' is 0; the core's is 1"),
    ("links", "url", "required: true", "required: false", "required", "'url' is required in the core"),
    ("links", "url", "required: true\n", "\n", "constraints", "'url' is required in the core"),
    ("media", "position", "type: integer", "type: number", "type: number", "the core's type is integer"),
    ("links", "article_id", "'^art", "'^.*art", "pattern", "the pattern of 'article_id' differs"),
    ("mentions", "confidence", "maximum: 1", "maximum: 1.5", "maximum", "is 1.5; the core's is 1"),
    ("mentions", "uniqueKeys", "field, start", "start, field", "uniqueKeys", "key article_id, field, start, end"),
    ("mentions", "foreignKeys", "entities", "articles", "foreignKeys", "foreign key entity_id -> entities"),
    ("media", "primaryKey", ", position]", "]", "primaryKey", "the primary key is article_id; the core's"),
    ("articles", "authors", "  type: string", "  type: integer", "  type: integer", "is array of string"),
    ("articles", "name: segments", "[title,", "[summary, title,", "enum", "'field' also allows summary"),
]


@pytest.mark.parametrize("loosened", LOOSENED)
def test_what_loosens_is_refused_at_its_line(schemas, loosened) -> None:
    table, after, old, new, where, words = loosened
    change(schemas, table, old, new, after)
    path, line, message, resource = refused(schemas)
    assert (path, resource) == (f"schemas/{table}.yaml", table)
    assert words in message
    text = (schemas / f"{table}.yaml").read_text(encoding="utf-8")
    assert line == text.count("\n", 0, text.index(where, text.index(after))) + 1


def test_a_dropped_column_is_refused(schemas) -> None:
    change(schemas, "media", "  - name: credit\n", "  - name: photographer\n")
    path, line, message, _ = refused(schemas)
    assert (path, line) == ("schemas/media.yaml", 5)
    assert "the column 'credit' of the core is missing" in message


def test_columns_keep_their_order_and_new_ones_come_last(schemas) -> None:
    line = change(schemas, "media", "  - name: caption\n", "  - name: region\n    type: string\n  - name: caption\n")
    assert refused(schemas) == (
        "schemas/media.yaml",
        line,
        "'region' stands between columns of the core; move new columns to the end",
        "media",
    )
    change(schemas, "media", "  - name: region\n    type: string\n", "")
    change(schemas, "media", "  - name: url\n", "  - name: x\n")
    change(schemas, "media", "  - name: caption\n", "  - name: url\n")
    change(schemas, "media", "  - name: x\n", "  - name: caption\n")
    assert "the core's columns are not in its order: article_id, position, url, caption, credit" in refused(schemas)[2]


def test_a_new_column_cannot_be_required(schemas) -> None:
    change(
        schemas, "media", "primaryKey:", "  - {name: region, type: string, constraints: {required: true}}\nprimaryKey:"
    )
    assert "'region' is new and required" in refused(schemas)[2]


def test_objects_in_arrays_keep_their_members(schemas) -> None:
    change(
        schemas,
        "articles",
        "        - name: source_start",
        "        - {name: x, type: string}\n        - name: source_start",
    )
    assert "'x' is new; objects inside an array" in refused(schemas)[2]


def test_all_violations_are_named_at_once(schemas) -> None:
    change(schemas, "links", "enum: [body,", "enum: [body, advert,", "relation")
    change(schemas, "links", "minimum: 0", "minimum: -1", "position")
    with pytest.raises(BroadsheetError) as caught:
        project_tables(schemas)
    assert caught.value.finding.count == 2
    assert "minimum of 'position'" in caught.value.finding.message
    assert "also allows advert" in caught.value.finding.message


def test_a_schema_by_another_suffix_is_not_passed_over(schemas) -> None:
    (schemas / "links.yml").write_text("name: links\n", encoding="utf-8")
    with pytest.raises(BroadsheetError) as caught:
        project_tables(schemas)
    assert (caught.value.finding.code, caught.value.finding.path) == ("value-invalid", "schemas/links.yml")


def test_a_schema_of_no_table_names_the_nearest(schemas) -> None:
    (schemas / "link.yaml").write_text("name: link\nfields: [{name: a, type: string}]\n", encoding="utf-8")
    with pytest.raises(BroadsheetError) as caught:
        project_tables(schemas)
    found = caught.value.finding
    assert (found.code, found.path, found.line) == ("value-invalid", "schemas/link.yaml", 1)
    assert "did you mean 'links'" in found.message
