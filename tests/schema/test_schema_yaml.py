"""Strict YAML: what it reads, what it refuses, and that hostile texts cost little."""

import time

import pytest

from broadsheet.findings import BroadsheetError
from broadsheet.schema.strict_yaml import MAX_BYTES, MAX_DEPTH, check_keys, parse_yaml, read_yaml


def refused(text: str) -> tuple[str, int | None]:
    with pytest.raises(BroadsheetError) as caught:
        parse_yaml(text, "a.yaml")
    assert caught.value.finding.path == "a.yaml"
    return caught.value.finding.code, caught.value.finding.line


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("True", "True"),
        ("Null", "Null"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("012", "012"),
        ("0o14", "0o14"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("+5", "+5"),
        (".5", ".5"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("1e999", "1e999"),
        ("9" * 5000, "9" * 5000),
        ("0", 0),
        ("-7", -7),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("2025-02-12", "2025-02-12"),
        ("2025-02-12T08:00:00Z", "2025-02-12T08:00:00Z"),
        ("'true'", "true"),
        ('"12"', "12"),
        ("=", "="),
        ("|\n  a\n  b\n", "a\nb\n"),
        (">-\n  a\n  b\n", "a b"),
    ],
)
def test_a_scalar_is_what_it_looks_like(text: str, value: object) -> None:
    found = parse_yaml(f"- {text}\n").value[0]
    assert found == value
    assert type(found) is type(value)


def test_keys_are_strings_whatever_they_look_like() -> None:
    assert parse_yaml("1: a\ntrue: b\nno: c\n").value == {"1": "a", "true": "b", "no": "c"}


def test_every_value_knows_its_line() -> None:
    yaml = parse_yaml("title: A\nsources:\n  - name: one\n    files: [x,\n            y]\n  -\n    name: two\n")
    assert yaml.value == {"title": "A", "sources": [{"name": "one", "files": ["x", "y"]}, {"name": "two"}]}
    assert yaml.line("title") == 1
    assert yaml.line("sources") == 2
    assert yaml.line("sources", 0) == 3
    assert yaml.line("sources", 0, "files") == 4
    assert yaml.line("sources", 0, "files", 1) == 5
    assert yaml.line("sources", 1, "name") == 7
    assert yaml.line("sources", 0, "files", 9, "deeper") == 4
    assert yaml.line("nowhere") == 1


def test_a_byte_order_mark_and_comments_are_not_content() -> None:
    assert parse_yaml("\ufeff# note\na: 1 # more\n").value == {"a": 1}


def test_nothing_is_nothing() -> None:
    yaml = parse_yaml("")
    assert yaml.value is None
    assert yaml.line("a") is None


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: &x 1\nb: 2\n", "yaml-invalid", 1),
        ("a: 1\nb: *x\n", "yaml-invalid", 2),
        ("a: 1\nb: !!python/object:os.system {}\n", "yaml-invalid", 2),
        ("a: !!str 1\n", "yaml-invalid", 1),
        ("a: ! 1\n", "yaml-invalid", 1),
        ("b:\n  <<: {a: 1}\n", "yaml-invalid", 2),
        ("? [a]\n: 1\n", "yaml-invalid", 1),
        ("? {a: 1}\n: 1\n", "yaml-invalid", 1),
        (": 1\n", "yaml-invalid", 1),
        ("a: 1\n---\nb: 1\n", "yaml-invalid", 2),
        ("%TAG ! tag:example.org,2000:\n---\na: 1\n", "yaml-invalid", None),
        ("a: [1, 2\nb: 3\n", "yaml-invalid", 2),
        ("a: 1\n\tb: 2\n", "yaml-invalid", 2),
        ("a: 'open\n", "yaml-invalid", 2),
        ("a: \x07\n", "yaml-invalid", 1),
        ("a: 1\nb: \x00\n", "yaml-invalid", 2),
        ("a: 1\nb: \ud800\n", "yaml-invalid", 2),
        ("a: 1\nb: 2\na: 3\n", "yaml-duplicate-key", 3),
        ("x:\n  - {a: 1, 'a': 2}\n", "yaml-duplicate-key", 2),
    ],
)
def test_what_is_refused_names_its_line(text: str, code: str, line: int | None) -> None:
    found, at = refused(text)
    assert found == code
    if line is not None:
        assert at == line


def test_a_duplicate_key_names_the_first_line_too() -> None:
    with pytest.raises(BroadsheetError, match="'a' stands twice, first on line 1"):
        parse_yaml("a: 1\nb: 2\na: 3\n")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_nesting_is_limited_long_before_the_stack_is(opening: str) -> None:
    start = time.perf_counter()
    assert refused(opening * 200_000)[0] == "yaml-limit"
    assert time.perf_counter() - start < 2


def test_the_depth_limit_is_exact() -> None:
    value = parse_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH).value
    assert value[0] != []
    assert refused("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)) == ("yaml-limit", 1)


def test_a_billion_laughs_end_at_the_first_anchor() -> None:
    lines = ["a0: &a0 [ha, ha]"] + [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 40)]
    assert refused("\n".join(lines)) == ("yaml-invalid", 1)


def test_many_values_are_too_many() -> None:
    # The list itself is the first of the 50,000 values allowed.
    assert refused("- x\n" * 60_000) == ("yaml-limit", 50_000)


def test_size_is_counted_in_bytes() -> None:
    assert refused("a: " + "好" * (MAX_BYTES // 3 + 1)) == ("yaml-limit", None)


def test_files_are_read_with_their_shown_name(tmp_path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\n")
    yaml = read_yaml(file, "schemas/x.yaml")
    assert (yaml.value, yaml.path) == ({"a": 1}, "schemas/x.yaml")


def test_a_file_that_is_not_utf8_names_the_line(tmp_path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes("a: 1\nb: 中\n".encode("gbk"))
    with pytest.raises(BroadsheetError) as caught:
        read_yaml(file)
    assert (caught.value.finding.code, caught.value.finding.line) == ("yaml-invalid", 2)


def test_a_file_that_is_missing_or_huge(tmp_path) -> None:
    with pytest.raises(BroadsheetError) as caught:
        read_yaml(tmp_path / "none.yaml")
    assert caught.value.finding.code == "file-unreadable"
    huge = tmp_path / "huge.yaml"
    huge.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(BroadsheetError) as caught:
        read_yaml(huge)
    assert caught.value.finding.code == "yaml-limit"


def test_an_unknown_key_names_the_nearest_known_one() -> None:
    yaml = parse_yaml("name: x\nfields:\n  - name: a\n    constraint: {}\n", "s.yaml")
    with pytest.raises(BroadsheetError) as caught:
        check_keys(yaml, ("fields", 0), yaml.value["fields"][0], ("name", "type", "constraints"))
    found = caught.value.finding
    assert (found.code, found.path, found.line) == ("key-unknown", "s.yaml", 4)
    assert "'constraint'" in found.message
    assert "'constraints'" in found.message


def test_case_does_not_hide_the_nearest_key() -> None:
    yaml = parse_yaml("primarykey: [a]\n")
    with pytest.raises(BroadsheetError, match="did you mean 'primaryKey'"):
        check_keys(yaml, (), yaml.value, ("fields", "primaryKey"))


def test_a_key_like_none_lists_all() -> None:
    yaml = parse_yaml("zzz: 1\n")
    with pytest.raises(BroadsheetError, match="known here: fields, name"):
        check_keys(yaml, (), yaml.value, ("name", "fields"))


def test_a_missing_key_is_named_at_its_mapping() -> None:
    yaml = parse_yaml("a: 1\nb:\n  c: 2\n")
    with pytest.raises(BroadsheetError) as caught:
        check_keys(yaml, ("b",), yaml.value["b"], ("c", "d"), ("d",))
    assert (caught.value.finding.code, caught.value.finding.line) == ("key-missing", 2)
