"""What people and other programs read: the published descriptor and the data dictionary."""

import json

import pytest

from broadsheet.schema.descriptor import table_schema
from broadsheet.schema.dictionary import markdown
from broadsheet.schema.load import core_tables, load_table

YAML = r"""
name: things
title: Things
description: "Cells | with <b>markup</b>, *stars* and [links](x)\nover two lines."
fields:
  - name: thing_id
    type: string
    title: Id
    description: The key.
    constraints: {required: true, pattern: 'a|b', unique: true}
  - name: note
    type: string
    title: Note
    description: A note.
    constraints: {required: true}
  - name: day
    type: date
    constraints: {minimum: 2000-01-01, enum: [2000-01-01, 2001-01-01]}
  - name: at
    type: datetime
    constraints: {maximum: '2025-01-01T00:00:00+08:00'}
  - name: parts
    type: array
    constraints: {required: true, maxLength: 3}
    items:
      type: object
      fields:
        - {name: tick, type: string, description: 'With ` and |.', constraints: {required: true, enum: ['`', '|']}}
  - name: parent
    type: string
primaryKey: [thing_id]
foreignKeys:
  - {fields: [parent], reference: {fields: [thing_id]}}
  - {fields: [note], reference: {resource: notes, fields: [text]}}
uniqueKeys:
  - [note, day]
"""


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "things.yaml"
    file.write_text(YAML, encoding="utf-8")
    return load_table(file)


def test_the_published_schema(table) -> None:
    assert table_schema(table) == {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "name": "things",
        "title": "Things",
        "description": "Cells | with <b>markup</b>, *stars* and [links](x)\nover two lines.",
        "fields": [
            {
                "name": "thing_id",
                "type": "string",
                "title": "Id",
                "description": "The key.",
                "constraints": {"required": True, "unique": True, "pattern": "^(?:a|b)$"},
            },
            {
                "name": "note",
                "type": "string",
                "title": "Note",
                "description": "A note. In CSV an empty text is an empty cell.",
            },
            {
                "name": "day",
                "type": "date",
                "constraints": {"minimum": "2000-01-01", "enum": ["2000-01-01", "2001-01-01"]},
            },
            {"name": "at", "type": "datetime", "constraints": {"maximum": "2024-12-31T16:00:00Z"}},
            {
                "name": "parts",
                "type": "array",
                "constraints": {"required": True, "maxLength": 3},
                "items": {
                    "type": "object",
                    "fields": [
                        {
                            "name": "tick",
                            "type": "string",
                            "description": "With ` and |.",
                            "constraints": {"required": True, "enum": ["`", "|"]},
                        }
                    ],
                },
            },
            {"name": "parent", "type": "string"},
        ],
        "missingValues": [""],
        "primaryKey": ["thing_id"],
        "foreignKeys": [
            {"fields": ["parent"], "reference": {"fields": ["thing_id"]}},
            {"fields": ["note"], "reference": {"resource": "notes", "fields": ["text"]}},
        ],
        "uniqueKeys": [["note", "day"]],
    }


def test_the_dictionary(table) -> None:
    assert markdown({"things": table}) == (
        "## `things`\n"
        "\n"
        "Cells \\| with \\<b\\>markup\\</b\\>, \\*stars\\* and \\[links\\](x) over two lines.\n"
        "\n"
        "| column | type | null | constraints | description |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| `thing_id` | string | no | unique; matches `a\\|b` | The key. |\n"
        "| `note` | string | no |  | A note. |\n"
        "| `day` | date | yes | at least 2000-01-01; one of `2000-01-01`, `2001-01-01` |  |\n"
        "| `at` | datetime | yes | at most 2024-12-31 16:00:00+00:00 |  |\n"
        "| `parts` | array of object | no | at most 3 items |  |\n"
        "| `parts[].tick` | string | no | one of `` ` ``, `\\|` | With \\` and \\|. |\n"
        "| `parent` | string | yes |  |  |\n"
        "\n"
        "- Primary key: `thing_id`\n"
        "- Unique together: `note`, `day`\n"
        "- Foreign key: `parent` → `things.thing_id`\n"
        "- Foreign key: `note` → `notes.text`\n"
    )


def test_the_core_dictionary_names_every_column_of_every_table() -> None:
    text = markdown(core_tables())
    for name, table in core_tables().items():
        part = text[text.index(f"## `{name}`\n") :].split("\n## ")[0]
        for column in table.names:
            assert f"\n| `{column}` | " in part
    assert all(line.count(" | ") >= 4 for line in text.splitlines() if line.startswith("| "))


def test_every_core_descriptor_is_taken_by_frictionless(tmp_path) -> None:
    import frictionless

    resources = []
    for name, table in core_tables().items():
        (tmp_path / f"{name}.csv").write_text(",".join(table.names) + "\n", encoding="utf-8")
        resources.append({"name": name, "type": "table", "path": f"{name}.csv", "schema": table_schema(table)})
    profile = "https://datapackage.org/profiles/2.0/datapackage.json"
    package = {"$schema": profile, "name": "core", "resources": resources}
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["message"])
    assert report.stats["tasks"] == 10


def test_body_may_be_empty_in_csv_and_nothing_else_loses_required() -> None:
    for name, table in core_tables().items():
        published = {field["name"]: field.get("constraints", {}) for field in table_schema(table)["fields"]}
        lost = [f.name for f in table.fields if f.constraints.required and not published[f.name].get("required")]
        assert lost == (["body"] if name == "articles" else [])
