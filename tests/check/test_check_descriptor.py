import json
from pathlib import Path
from typing import Any

import pytest

from broadsheet.check.descriptor import algorithm, check_descriptor
from broadsheet.check.report import Gather
from broadsheet.emitted.descriptors import read_descriptor
from broadsheet.findings import BroadsheetError, Finding, Severity


def found(tmp_path: Path, descriptor: Any, **options: bool) -> list[Finding]:
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    gather = Gather()
    check_descriptor(tmp_path, read_descriptor(tmp_path), gather, **options)
    return list(gather.report("x").findings)


def package(resource: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    schema = {"fields": [{"name": "id", "type": "integer"}, {"name": "of", "type": "integer"}], "primaryKey": "id"}
    whole = {"name": "a", "path": "a.csv", "schema": schema, **(resource or {})}
    return {"name": "p", "licenses": [{"name": "CC0-1.0"}], "resources": [whole], **more}


def with_schema(**more: Any) -> dict[str, Any]:
    return package({"schema": {"fields": [{"name": "id", "type": "integer"}, {"name": "of"}], **more}})


def test_a_sound_descriptor_is_clean(tmp_path: Path) -> None:
    assert found(tmp_path, package()) == []


@pytest.mark.parametrize(
    ("descriptor", "near"),
    [
        (package(license="x"), "licenses"),
        (package(contributers=[]), "contributors"),
        (package({"schemas": {}}), "schema"),
        (with_schema(primarykey="id"), "primaryKey"),
        (with_schema(foreignkeys=[]), "foreignKeys"),
        (with_schema(fields=[{"name": "id", "constraint": {}}]), "constraints"),
        (with_schema(fields=[{"name": "id", "constraints": {"requried": True}}]), "required"),
        (package({"dialect": {"delimeter": ";"}}), "delimiter"),
        (package(contributors=[{"titel": "x"}]), "title"),
        (package(licenses=[{"name": "x", "titles": "y"}]), "title"),
    ],
)
def test_a_slip_of_a_key_is_a_warning_that_names_the_key(tmp_path: Path, descriptor: Any, near: str) -> None:
    (only,) = [f for f in found(tmp_path, descriptor) if f.code == "key-unknown"]
    assert only.severity is Severity.WARNING
    assert f"did you mean {near!r}" in only.message


def test_keys_of_others_are_notes_or_nothing(tmp_path: Path) -> None:
    descriptor = package(weather="fine", **{"my:key": 1, "_hidden": 2})
    assert [(f.code, f.severity) for f in found(tmp_path, descriptor)] == [("key-unknown", Severity.NOTE)]


@pytest.mark.parametrize(
    ("descriptor", "code", "said"),
    [
        (package(title=3), "value-invalid", "title is 3; expected a text"),
        (package(keywords="x"), "value-invalid", "keywords"),
        (package(contributors=["x"]), "value-invalid", "contributors[0]"),
        (package({"bytes": -1}), "value-invalid", "bytes"),
        (package({"path": None}), "key-missing", "'path' or 'data'"),
        (package(licenses=[{"title": "x"}]), "key-missing", "'name' or 'path'"),
        (with_schema(fields=[{"type": "string"}]), "key-missing", "'name'"),
        (package({"schema": {"primaryKey": "id"}}), "key-missing", "'fields'"),
        (package({"name": "Mit Leerzeichen"}), "value-invalid", "lower-case"),
        (with_schema(fields=[{"name": "id"}, {"name": "id"}]), "value-invalid", "2 fields are called 'id'"),
        (with_schema(fieldsMatch="nearly"), "value-invalid", "fieldsMatch"),
        (with_schema(primaryKey="nummer"), "value-invalid", "primaryKey names 'nummer'"),
        (with_schema(uniqueKeys=[["id", "x"]]), "value-invalid", "uniqueKeys names 'x'"),
        (with_schema(foreignKeys=[{"fields": "of"}]), "key-missing", "'reference'"),
        (
            with_schema(foreignKeys=[{"fields": "of", "reference": {"resource": "b", "fields": "id"}}]),
            "value-invalid", "points to 'b'",
        ),
        (
            with_schema(foreignKeys=[{"fields": "of", "reference": {"fields": "nr"}}]),
            "value-invalid", "the field 'nr'",
        ),
        (
            with_schema(foreignKeys=[{"fields": ["of"], "reference": {"fields": ["id", "of"]}}]),
            "value-invalid", "1 fields and its reference 2",
        ),
        (package({"hash": "crc32:abcd"}), "check-limited", "protects nothing"),
        (package(licenses=None), "license-missing", "licence"),
        (package({"schema": "../schema.json"}), "path-unsafe", "leaves the folder"),
        (package({"schema": "gone.json"}), "package-invalid", "gone.json"),
        (package({"schema": 7}), "value-invalid", "neither a mapping nor a path"),
        (package({"path": "../a.csv"}), "path-unsafe", "leaves the folder"),
        (package({"path": ["a.csv", "/etc/passwd"]}), "path-unsafe", "/etc/passwd"),
        (package({"path": "https://example.org/a.csv"}), "path-remote", "on the web"),
        (package({"path": "ftp://example.org/a.csv"}), "path-unsafe", "URL"),
    ],
)  # fmt: skip
def test_what_the_standard_forbids_is_found(tmp_path: Path, descriptor: Any, code: str, said: str) -> None:
    assert [f.message for f in found(tmp_path, descriptor) if f.code == code and said in f.message]


def test_two_resources_of_one_name_are_found(tmp_path: Path) -> None:
    twice = package()
    twice["resources"] *= 2
    assert {f.code for f in found(tmp_path, twice)} == {"value-invalid"}


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to("/etc/passwd")
    assert [f.code for f in found(tmp_path, package())] == ["path-unsafe"]


def test_remote_paths_are_taken_if_the_user_says_so(tmp_path: Path) -> None:
    assert found(tmp_path, package({"path": "https://example.org/a.csv"}), allow_remote=True) == []


def test_a_schema_in_yaml_is_read_strictly(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    (tmp_path / "s.yaml").write_text(bomb)
    (only,) = [f for f in found(tmp_path, package({"schema": "s.yaml"})) if f.code == "yaml-invalid"]
    assert (only.path, only.line) == ("s.yaml", 1)
    (tmp_path / "s.yaml").write_text("fields:\n  - name: id\n    typ: integer\n")
    assert [f.code for f in found(tmp_path, package({"schema": "s.yaml"}))] == ["key-unknown"]


@pytest.mark.parametrize("text", ["[" * 200_000, "{", "[]", '{"resources": [{}]}', '{"resources": [1]}', "9" * 10_000])
def test_what_is_no_descriptor_stops_the_check(tmp_path: Path, text: str) -> None:
    (tmp_path / "datapackage.json").write_text(text)
    with pytest.raises(BroadsheetError) as caught:
        read_descriptor(tmp_path)
    assert caught.value.finding.code == "package-invalid"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("sha256:" + "A" * 64, ("sha256", "a" * 64)),
        ("a" * 32, ("md5", "a" * 32)),
        ("sha-512:" + "0" * 128, ("sha512", "0" * 128)),
        ("sha256:" + "a" * 63, None),
        ("whirlpool:" + "a" * 128, None),
        ("hello", None),
        (None, None),
    ],
)
def test_hashes_as_the_standard_has_them(value: object, expected: object) -> None:
    assert algorithm(value) == expected
