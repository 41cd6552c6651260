import gzip
import hashlib
import json
import threading
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from broadsheet.check import CheckReport, check_path
from broadsheet.check.foreign import fetch as of_fetch
from broadsheet.check.foreign.child import validate
from broadsheet.check.foreign.delimited import Unreadable
from broadsheet.check.foreign.fetch import fetch
from broadsheet.cli import app
from broadsheet.findings import Severity


def write(root: Path, *resources: dict[str, Any], **files: bytes | str) -> Path:
    """A package of someone else; `a_csv` is the file a.csv."""
    root.mkdir(exist_ok=True)
    for name, data in files.items():
        file = root / name.replace("_", ".")
        file.write_bytes(data.encode() if isinstance(data, str) else data)
    value = {"name": "theirs", "licenses": [{"name": "CC0-1.0"}], "resources": list(resources)}
    (root / "datapackage.json").write_text(json.dumps(value), "utf-8")
    return root


def table(*fields: Any, **more: Any) -> dict[str, Any]:
    """A resource `a` in a.csv; fields are names, or a name and what else is said of it."""
    schema = {key: more.pop(key) for key in list(more) if key in SCHEMA_KEYS}
    listed = [{"name": field} if isinstance(field, str) else {"name": field[0], **field[1]} for field in fields]
    return {"name": "a", "path": "a.csv", "schema": {"fields": listed, **schema}, **more}


SCHEMA_KEYS = ("primaryKey", "uniqueKeys", "foreignKeys", "missingValues", "fieldsMatch")


def places(report: CheckReport) -> list[tuple[str, str | None, int | None, str | None]]:
    """Code, column, line and value of everything but notes."""
    return [(f.code, f.field, f.line, f.sample) for f in report.findings if f.severity is not Severity.NOTE]


def cells(tmp_path: Path, said: dict[str, Any], *values: str, **more: Any) -> list[str | None]:
    """Which cells of a column are refused."""
    text = "id,c\n" + "".join(f'{at},"{value.replace(chr(34), chr(34) * 2)}"\n' for at, value in enumerate(values))
    report = check_path(write(tmp_path / "p", table("id", ("c", said), **more), a_csv=text))
    assert {f.code for f in report.findings} <= {"cell-cast", "constraint"}
    assert all(f.field == "c" for f in report.findings)
    return [f.sample for f in report.findings]


def test_a_sound_package_of_others_is_clean(tmp_path: Path) -> None:
    root = write(
        tmp_path / "p", table(("id", {"type": "integer"}), "name", primaryKey="id"), a_csv="id,name\n1,x\n2,\n"
    )
    report = check_path(root)
    assert report.findings == ()
    assert report.counts == {"resources": 1, "rows of a": 2}


TYPES: list[tuple[dict[str, Any], list[str], list[str]]] = [
    ({"type": "integer"}, ["1", "-7", "+3", "0" * 30], ["1.0", "x", " 1", "1e3", "1_000", "0x1"]),
    ({"type": "integer", "groupChar": ","}, ["1,000"], ["1.000"]),
    ({"type": "integer", "bareNumber": False}, ["€ 95", "95%"], ["x"]),
    ({"type": "number"}, ["1", "1.5", "-.5", "1e-3", "NaN", "-INF"], ["1,5", "x", "1.2.3"]),
    ({"type": "number", "decimalChar": ",", "groupChar": "."}, ["1.234,5"], ["1,2,3"]),
    ({"type": "boolean"}, ["true", "FALSE", "1", "0"], ["yes", "tRUE"]),
    ({"type": "boolean", "trueValues": ["ja"], "falseValues": ["nein"]}, ["ja", "nein"], ["true"]),
    ({"type": "date"}, ["2031-02-28"], ["2031-02-30", "28.02.2031", "2031-2-3"]),
    ({"type": "date", "format": "%d.%m.%Y"}, ["28.02.2031"], ["2031-02-28", "31.02.2031"]),
    ({"type": "date", "format": "any"}, ["2031-02-28", "28.02.2031", "3 March 2031"], ["soon"]),
    ({"type": "time"}, ["23:59:59", "01:00:00.5Z"], ["25:00:00", "1:00"]),
    ({"type": "datetime"}, ["2031-02-28T10:00:00Z", "2031-02-28T10:00:00+08:00"], ["2031-02-28"]),
    ({"type": "year"}, ["2031", "-0044"], ["31", "2031.5"]),
    ({"type": "yearmonth"}, ["2031-12"], ["2031-13", "2031"]),
    ({"type": "duration"}, ["P1Y2M", "PT3H", "P2W"], ["P", "P1YT", "3 hours"]),
    ({"type": "object"}, ['{"a": 1}'], ["[1]", "{", "x"]),
    ({"type": "array"}, ["[1]"], ['{"a": 1}', "[1"]),
    ({"type": "list", "itemType": "integer"}, ["1,2", "3"], ["1,x"]),
    ({"type": "geojson"}, ['{"type": "Point", "coordinates": [1, 2]}'], ['{"type": "Dot"}', "x", '{"type": "Point"}']),
    ({"type": "geojson", "format": "topojson"}, ['{"type": "Topology", "objects": {}, "arcs": []}'], ["{}"]),
    ({"type": "geopoint", "format": "object"}, ['{"lon": 9, "lat": 4}'], ['{"lon": 9, "lat": 4, "z": 1}']),
    ({"type": "date", "format": "any"}, ["Dec 31 2030", "31st December 2030", "20301231"], ["31 Foo 2030"]),
    ({"type": "datetime", "format": "any"}, ["Mon, 12 Nov 2018 09:15:32 GMT", "11/12/2018 9:15 AM"], ["at nine"]),
    ({"type": "time", "format": "any"}, ["3:00 PM", "15:00"], ["noonish"]),
    ({"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S%z"}, ["2031-01-02T09:15:32Z"], ["2031-01-02"]),
    ({"type": "geopoint"}, ["90.5, 45.5"], ["190,45", "90", "x,y"]),
    ({"type": "geopoint", "format": "array"}, ["[90, 45]"], ["[90, 95]", "90,45"]),
    ({"type": "string", "format": "email"}, ["a@b.org"], ["a@b", "a b@c.org"]),
    ({"type": "string", "format": "uri"}, ["https://example.org"], ["example"]),
    ({"type": "string", "format": "uuid"}, ["123e4567-e89b-12d3-a456-426614174000"], ["123e4567"]),
    ({"type": "string", "format": "binary"}, ["aGk="], ["aGk"]),
    ({"type": "any"}, ["x", "1"], []),
]  # fmt: skip


CONSTRAINTS: list[tuple[dict[str, Any], list[str], list[str]]] = [
    ({"type": "integer", "constraints": {"minimum": 3, "maximum": 10}}, ["3", "10"], ["2", "11"]),
    ({"type": "number", "constraints": {"exclusiveMinimum": 3}}, ["3.1"], ["3"]),
    ({"type": "date", "constraints": {"maximum": "2031-01-01"}}, ["2030-12-31"], ["2031-01-02"]),
    ({"type": "date", "format": "%d.%m.%y", "constraints": {"minimum": "02.01.31"}}, ["03.01.31"], ["01.01.31"]),
    ({"type": "string", "constraints": {"minLength": 2, "maxLength": 3}}, ["甲乙"], ["甲", "甲乙丙丁"]),
    ({"type": "array", "constraints": {"maxLength": 1}}, ["[1]"], ["[1, 2]"]),
    ({"type": "string", "constraints": {"pattern": "a|b+"}}, ["a", "bb"], ["axx", "ab"]),
    ({"type": "string", "constraints": {"pattern": "(a+)+"}}, ["aaa"], ["a" * 60 + "!"]),
    ({"type": "string", "constraints": {"pattern": r"\w+ \d"}}, ["Müller 1", "海 2"], ["! 1"]),
    ({"type": "string", "constraints": {"pattern": r"[\u4e00-\u9fff\w]+\Z"}}, ["海é"], ["!"]),
    ({"type": "duration", "constraints": {"minimum": "PT10M"}}, ["PT1H", "P1D"], ["PT9M", "PT59S"]),
    ({"type": "number", "decimalChar": ",", "constraints": {"minimum": 1.5}}, ["1,6"], ["1,4"]),
    ({"type": "boolean", "trueValues": ["J"], "falseValues": ["N"], "constraints": {"enum": [True]}}, ["J"], ["N"]),
    ({"type": "object", "constraints": {"enum": [{"a": 1}]}}, ['{"a":1}'], ['{"a":2}']),
    ({"type": "integer", "constraints": {"enum": [1, 2, ""]}}, ["1", "+2"], ["3"]),
    ({"type": "string", "categories": ["x", {"value": "y", "label": "Y"}]}, ["x", "y"], ["z"]),
    ({"type": "string", "constraints": {"enum": ["it's", "value", "cell"]}}, ["it's", "cell"], ["' OR 1=1 --"]),
]  # fmt: skip


@pytest.mark.parametrize("examples", [TYPES, CONSTRAINTS], ids=["types", "constraints"])
def test_cells_are_what_their_fields_say(tmp_path: Path, examples: list[Any]) -> None:
    resources = []
    for at, (said, good, bad) in enumerate(examples):
        schema = {"fields": [{"name": "c", **said}]}
        resources.append({"name": str(at), "data": [{"c": cell} for cell in (*good, *bad)], "schema": schema})
    report = check_path(write(tmp_path / "p", *resources))
    assert {f.code for f in report.findings} == {"cell-cast" if examples is TYPES else "constraint"}
    for at, (said, _, bad) in enumerate(examples):
        found = [f.sample for f in report.findings if f.resource == str(at)]
        assert sorted(map(str, found)) == sorted(bad), said


def test_missing_values_of_schema_and_field(tmp_path: Path) -> None:
    integer = {"type": "integer"}
    assert cells(tmp_path, integer, "", "1") == []
    assert cells(tmp_path, integer, "", "n/a", missingValues=["n/a"]) == [""]
    assert cells(tmp_path, {**integer, "missingValues": [{"value": "-", "label": "none"}]}, "-", "") == [""]
    assert cells(tmp_path, {**integer, "constraints": {"required": True}}, "1", "") == [None]


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    text = 'id,c\r\n1,"two\r\nlines"\r\n\r\n2,x,y\r\n3\r\n4,bad\r\n'
    schema = table(("id", {"type": "integer"}), ("c", {"constraints": {"pattern": "(?s).*[^d]"}}), primaryKey=["id"])
    report = check_path(write(tmp_path / "p", schema, a_csv=text))
    assert places(report) == [
        ("constraint", "c", 7, "bad"),
        ("resource-invalid", None, 4, None),
        ("resource-invalid", None, 5, None),
        ("resource-invalid", None, 6, None),
    ]
    assert [f.row_key for f in report.findings if f.field] == ["4"]


def test_all_are_counted_and_some_are_named(tmp_path: Path) -> None:
    text = "id\n" + "x\n" * 3_000 + "1\n"
    report = check_path(write(tmp_path / "p", table(("id", {"type": "integer"})), a_csv=text))
    assert report.number(Severity.ERROR) == 3_000
    assert [f.line for f in report.findings] == list(range(2, 22))


def test_keys_and_references(tmp_path: Path) -> None:
    nodes = table(
        ("id", {"type": "integer"}), ("up", {"type": "integer"}), ("tag", {"constraints": {"unique": True}}),
        primaryKey="id", uniqueKeys=[["up", "tag"]], foreignKeys=[{"fields": "up", "reference": {"fields": "id"}}],
    )  # fmt: skip
    edges = {
        "name": "b", "path": "b.csv",
        "schema": {
            "fields": [{"name": "node"}],
            "foreignKeys": [{"fields": ["node"], "reference": {"resource": "a", "fields": ["id"]}}],
        },
    }  # fmt: skip
    a = "id,up,tag\n1,,x\n2,1,y\n02,1,y\n4,9,\n5,,\n,,\n"
    report = check_path(write(tmp_path / "p", nodes, edges, a_csv=a, b_csv="node\n1\n7\n\n"))
    assert places(report) == [
        ("constraint", "id", 7, None),
        ("foreign-key", "up", 5, "9"),
        ("foreign-key", "node", 3, "7"),
        ("key-duplicate", "id", 4, "2"),
        ("unique-key", "tag", 4, "y"),
        ("unique-key", "up, tag", 4, "1/y"),
    ]
    assert report.status() == 1


@pytest.mark.parametrize(
    ("match", "header", "wrong"),
    [
        (None, "x,y", []),
        (None, "y,x", [None]),
        (None, "x", ["y"]),
        (None, "x,y,z", ["z"]),
        ("exact", "x,Y", ["Y", "y"]),
        ("equal", "y,x", []),
        ("equal", "y,x,z", ["z"]),
        ("subset", "z,y,x", []),
        ("subset", "z,y", ["x"]),
        ("superset", "y", []),
        ("superset", "y,z", ["z"]),
        ("partial", "z,x", []),
        ("partial", "z,v", [None]),
        (["equal"], "y,x", []),
    ],
)
def test_which_columns_a_file_may_have(tmp_path: Path, match: Any, header: str, wrong: list[str | None]) -> None:
    more = {} if match is None else {"fieldsMatch": match}
    report = check_path(write(tmp_path / "p", table("x", "y", **more), a_csv=header + "\n"))
    assert [(f.code, f.field) for f in report.findings] == [("columns-differ", field) for field in wrong]


@pytest.mark.parametrize(
    ("more", "data"),
    [
        ({"dialect": {"delimiter": ";", "quoteChar": "'"}}, "x;y\n1;'a;''b'\n"),
        ({"dialect": {"delimiter": "|", "doubleQuote": False, "escapeChar": "\\"}}, 'x|y\n1|"a\\"b"\n'),
        ({"dialect": {"header": False}}, "1,a\n"),
        ({"dialect": {"headerRows": [2]}}, "a title\nx,y\n1,a\n"),
        ({"dialect": {"headerRows": [1, 2], "headerJoin": ""}}, "x,\n,y\n1,a\n"),
        ({"dialect": {"commentChar": "#"}}, '# said,before\nx,y\n#1,2,3\n1,"a\n# no comment"\n'),
        ({"dialect": {"commentRows": [2]}}, "x,y\nunits\n1,a\n"),
        ({"dialect": {"skipInitialSpace": True}}, 'x,y\n1, "a"\n'),
        ({"dialect": {"nullSequence": "NULL"}}, "x,y\nNULL,a\n1,b\n"),
        ({"dialect": {"csv": {"delimiter": ";"}}}, "x;y\n1;a\n"),
        ({"encoding": "gb18030"}, "x,y\n1,海\n".encode("gb18030")),
        ({"encoding": "utf-16"}, "x,y\n1,海\n".encode("utf-16")),
        ({}, "\ufeffx,y\n1,a\n"),
        ({}, "x,y\r1,a\r"),
        ({}, "x,y\r\n1,a\r\n\r\n\r\n"),
        ({}, "\ufeffx,y\n1,a\n".encode("utf-16-le")),
        ({"encoding": "utf-16le"}, "\ufeffx,y\n1,a\n".encode("utf-16-le")),
        ({"encoding": "UTF_8"}, "\ufeffx,y\n1,a\n"),
        ({"dialect": {"caseSensitiveHeader": False}}, "X,Y\n1,a\n"),
        ({"compression": "gz"}, gzip.compress(b"x,y\n1,a\n")),
    ],
)
def test_dialects_and_encodings(tmp_path: Path, more: dict[str, Any], data: str | bytes) -> None:
    report = check_path(write(tmp_path / "p", table(("x", {"type": "integer"}), "y", **more), a_csv=data))
    assert report.findings == ()
    assert report.counts["rows of a"] in (1, 2)


def test_files_of_other_kinds(tmp_path: Path) -> None:
    integer = {"fields": [{"name": "x", "type": "integer"}, {"name": "y"}]}
    resources = [
        {"name": "tabs", "path": "t.tsv", "schema": integer},
        {"name": "packed", "path": "g.csv.gz", "schema": integer},
        {"name": "parts", "path": ["p1.csv", "p2.csv"], "schema": integer},
        {"name": "json", "path": "j.json", "schema": integer},
        {"name": "lines", "path": "l.jsonl", "schema": integer},
        {"name": "inline", "data": [["x", "y"], [1, "a"], ["b", None]], "schema": integer},
        {"name": "picture", "path": "i.png"},
    ]
    root = write(
        tmp_path / "p", *resources, t_tsv="x\ty\n1\ta\n", p1_csv="x,y\n1,a\n", p2_csv="x,y\nz,a\n",
        l_jsonl='{"x": 1}\n\n{"x": "r", "y": "a"}\n', j_json='[{"x": 1, "y": null}, {"x": "q"}]', i_png=b"\x89PNG",
    )  # fmt: skip
    (root / "g.csv.gz").write_bytes(gzip.compress(b"x,y\nk,a\n"))
    report = check_path(root)
    assert {(f.resource, f.path, f.line, f.row_key, f.sample) for f in report.findings} == {
        ("packed", "g.csv.gz", 2, "line 2", "k"),
        ("parts", "p2.csv", 2, "line 2", "z"),
        ("json", "j.json", None, "row 2", "q"),
        ("lines", "l.jsonl", None, "row 2", "r"),
        ("inline", "datapackage.json", None, "row 2", "b"),
    }


def test_packages_as_people_publish_them(tmp_path: Path) -> None:
    fields: dict[str, Any] = {"fields": [{"name": "x", "type": "integer"}, {"name": "y"}]}
    ja = {"fields": [{"name": "x", "type": "boolean", "trueValues": ["ja"], "falseValues": ["nein"]}]}
    address = "https://example.org/datapackage.json"
    abroad = {"fields": "x", "reference": {"package": address, "resource": "z", "fields": ["x"]}}
    resources: list[dict[str, Any]] = [
        {"name": "version-0", "url": "p1.csv", "schema": fields},
        {"name": "parts", "path": ["p1.csv", "p2.csv"], "schema": fields},
        {"name": "prose", "path": "README.txt"},
        {"name": "numbers", "data": [1, 2]},
        {"name": "text", "data": "x,y\n1,a\nq,b\n", "format": "csv", "schema": fields},
        {"name": "none", "data": [], "schema": fields},
        {"name": "spelt", "data": [{"x": True}, {"x": "true"}], "schema": ja},
        {"name": "order", "data": [{"y": "a", "x": 1}], "schema": fields},
        {"name": "keys", "data": [{"y": "a", "z": 2, "x": 1}], "schema": fields, "dialect": {"itemKeys": ["x", "y"]}},
        {"name": "bare", "data": [[1, "a"]], "schema": fields, "dialect": {"header": False}},
        {"name": "lines", "path": "l.jsonl.gz", "schema": {**fields, "primaryKey": [], "foreignKeys": []}},
        {"name": "marked", "path": "p1.csv", "schema": "s.json"},
        {"name": "abroad", "path": "p1.csv", "schema": {**fields, "foreignKeys": [abroad]}},
    ]  # fmt: skip
    schema = "\ufeff" + json.dumps(fields)
    root = write(tmp_path / "p", *resources, p1_csv="x,y\n1,a\n", p2_csv="2,b\n", README_txt="Hi, you\n\na,b,c\n",
                 s_json=schema)  # fmt: skip
    (root / "l.jsonl.gz").write_bytes(gzip.compress(b'{"x": 1, "y": "a"}\n'))
    descriptor = (root / "datapackage.json").read_text("utf-8")
    (root / "datapackage.json").write_text("\ufeff" + descriptor, "utf-8")
    report = check_path(root)
    assert [(f.resource, f.sample) for f in report.findings if f.severity is Severity.ERROR] == [
        ("spelt", "true"),
        ("text", "q"),
    ]
    assert {(f.code, f.resource) for f in report.findings if f.severity is Severity.NOTE} == {
        ("check-limited", "abroad")
    }
    assert {f.resource for f in report.findings if f.severity is Severity.WARNING} == {"lines"}
    assert report.counts["rows of parts"] == 2


@pytest.mark.parametrize(("created", "severity"), [("soon", Severity.ERROR), ("2031-02-28", Severity.WARNING)])
def test_when_a_package_was_made(tmp_path: Path, created: str, severity: Severity) -> None:
    root = write(tmp_path / "p", table("x"), a_csv="x\n1\n")
    value = json.loads((root / "datapackage.json").read_text("utf-8"))
    (root / "datapackage.json").write_text(json.dumps({**value, "created": created}), "utf-8")
    assert [(f.code, f.severity) for f in check_path(root).findings] == [("value-invalid", severity)]


def test_a_table_without_a_schema_can_be_pointed_to(tmp_path: Path) -> None:
    key = {"fields": ["n"], "reference": {"resource": "bare", "fields": ["x"]}}
    bare = {"name": "bare", "path": "b.csv"}
    root = write(tmp_path / "p", bare, table("n", foreignKeys=[key]), a_csv="n\n1\n2\n", b_csv="x,y,y\n1,a,b\n")
    found = [(f.code, f.severity, f.line, f.sample) for f in check_path(root).findings]
    assert found == [("foreign-key", Severity.ERROR, 3, "2"), ("columns-differ", Severity.WARNING, None, None)]


@pytest.mark.parametrize(("dialect", "second"), [({}, "x,z\n2,b\n"), ({"headerRows": [2]}, "t\n7,8\n2,b\n")])
def test_a_second_file_with_another_header_is_refused(tmp_path: Path, dialect: dict[str, Any], second: str) -> None:
    first = ("t\n" if dialect else "") + "x,y\n1,a\n"
    parts = {**table("x", "y", dialect=dialect), "path": ["a.csv", "b.csv"]}
    report = check_path(write(tmp_path / "p", parts, a_csv=first, b_csv=second))
    assert [f.code for f in report.findings] == ["columns-differ"]


def test_remedies_are_for_packages_that_nobody_builds(tmp_path: Path) -> None:
    gone = {"name": "gone", "path": "gone.csv"}
    root = write(tmp_path / "p", table("y", hash="md5:" + "0" * 32, bytes=9), gone, a_csv="x\n1\n")
    value = json.loads((root / "datapackage.json").read_text("utf-8"))
    (root / "datapackage.json").write_text(json.dumps({**value, "licenses": None}), "utf-8")
    report = check_path(root)
    codes = {"columns-differ", "table-missing", "hash-mismatch", "bytes-mismatch", "license-missing"}
    assert {f.code for f in report.findings} == codes
    assert [f.remedy for f in report.findings if "uild" in f.remedy or ".yaml" in f.remedy] == []


def test_a_required_column_may_not_be_left_out(tmp_path: Path) -> None:
    required = ("y", {"constraints": {"required": True}})
    report = check_path(write(tmp_path / "p", table("x", required, fieldsMatch="superset"), a_csv="x\n1\n"))
    assert [(f.code, f.field) for f in report.findings] == [("columns-differ", "y")]


def test_parquet_of_others(tmp_path: Path) -> None:
    data = pa.table({
        "id": [1, 2, 2], "at": pa.array([datetime(2031, 1, 1, tzinfo=UTC), None, None]), "tags": [["a"], [], None],
        "score": [0.5, float("nan"), -1.0], "ok": [True, False, None],
    })  # fmt: skip
    fields = [
        ("id", {"type": "integer"}), ("at", {"type": "datetime"}), ("tags", {"type": "array"}),
        ("score", {"type": "number", "constraints": {"minimum": 0}}), ("ok", {"type": "boolean", "trueValues": ["J"]}),
    ]  # fmt: skip
    root = write(tmp_path / "p", {**table(*fields, primaryKey="id"), "path": "a.parquet"})
    pq.write_table(data, root / "a.parquet")
    report = check_path(root)
    assert [(f.code, f.field, f.row_key) for f in report.findings] == [
        ("constraint", "score", "2"),
        ("key-duplicate", "id", "2"),
    ]
    data = bytearray((root / "a.parquet").read_bytes())
    data[4:400] = b"\xff" * 396
    (root / "a.parquet").write_bytes(data)
    assert "table-unreadable" in {f.code for f in check_path(root).findings}
    (root / "a.parquet").write_bytes(b"PAR1")
    assert {f.code for f in check_path(root).findings} == {"table-unreadable"}


@pytest.mark.parametrize(
    ("more", "data", "code"),
    [
        ({"hash": "md5:" + "0" * 32}, "x\n1\n", "hash-mismatch"),
        ({"bytes": 3}, "x\n1\n", "bytes-mismatch"),
        ({"path": "gone.csv"}, "", "table-missing"),
        ({"encoding": "klingon"}, "x\n1\n", "resource-invalid"),
        ({"encoding": "punycode"}, "x\n1\n", "resource-invalid"),
        ({}, b"x\n\xff\xfe\n", "resource-invalid"),
        ({}, "", "resource-invalid"),
        ({"schema": {"fields": [{"name": "x", "type": "colour"}]}}, "x\n1\n", "value-invalid"),
        ({"schema": {"fields": [{"name": "x", "type": "date", "format": "%Q"}]}}, "x\n1\n", "pattern-unsupported"),
        (
            {"schema": {"fields": [{"name": "x", "constraints": {"pattern": "(?=a)b"}}]}},
            "x\n1\n",
            "pattern-unsupported",
        ),
        (
            {"schema": {"fields": [{"name": "x", "type": "integer", "constraints": {"minimum": "x"}}]}},
            "x\n1\n",
            "value-invalid",
        ),
        ({"schema": {"fields": [{"name": "x", "constraints": {"pattern": "(a"}}]}}, "x\n1\n", "value-invalid"),
        ({"schema": {"fields": [{"name": "x"}], "missingValues": [-99]}}, "x\n1\n", "value-invalid"),
        ({"schema": {"fields": [{"name": "x"}], "missingValues": "NA"}}, "x\n1\n", "value-invalid"),
        ({"data": [{"x": 1}]}, "x\n1\n", "value-invalid"),
        ({"hash": "md5:abc"}, "x\n1\n", "value-invalid"),
        ({"schema": {"fields": [{"name": "x"}, {"name": "x"}]}}, "x,x\n1,2\n", "value-invalid"),
        ({"format": "text/csv", "schema": {"fields": [{"name": "x", "type": "year"}]}}, "x\ny\n", "cell-cast"),
        ({}, 'x\n1\n"2\n3\n', "resource-invalid"),
    ],
)
def test_bad_resources(tmp_path: Path, more: dict[str, Any], data: str | bytes, code: str | None) -> None:
    report = check_path(write(tmp_path / "p", table("x", **more), a_csv=data))
    assert {f.code for f in report.findings} == ({code} if code else set())


def test_a_right_hash_of_any_known_kind_is_clean(tmp_path: Path) -> None:
    data = b"x\n1\n"
    for value in (hashlib.md5(data).hexdigest(), f"sha512:{hashlib.sha512(data).hexdigest()}"):
        assert check_path(write(tmp_path / "p", table("x", hash=value, bytes=4), a_csv=data)).findings == ()


def test_a_file_that_is_one_unclosed_quote_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.check.foreign.delimited.LINE", 10_000)
    report = check_path(write(tmp_path / "p", table("x"), a_csv='x\n1\n"' + "line\n" * 10_000))
    assert [(f.code, f.severity) for f in report.findings] == [("resource-invalid", Severity.ERROR)]
    assert report.counts["rows of a"] == 1


def test_a_compressed_bomb_ends(tmp_path: Path) -> None:
    root = write(tmp_path / "p", {**table("x"), "path": "a.csv.gz"})
    (root / "a.csv.gz").write_bytes(gzip.compress((b"x" * 99_999 + b"\n") * 400, 9))
    assert "package-limit" in {f.code for f in check_path(root).findings}


def test_what_we_do_not_read_goes_through_frictionless_and_is_told(tmp_path: Path) -> None:
    odd = table(("x", {"type": "integer"}), dialect={"lineTerminator": "\u2028"})
    report = check_path(write(tmp_path / "p", odd, a_csv="x\n1\nz\n"))
    assert [f.code for f in report.findings] == ["resource-invalid", "check-limited"]
    assert "type-error" in report.findings[0].message
    assert report.status() == 1


def test_frictionless_may_not_run_for_ever(tmp_path: Path) -> None:
    write(tmp_path / "p", table("x"), a_csv="x\n1\n")
    with pytest.raises(TimeoutError, match="did not end"):
        validate(tmp_path / "p", table("x"), seconds=0.01)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server on loopback and the folder it shows; /hop leads to a file of the machine."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            if self.path == "/hop":
                self.send_response(302)
                self.send_header("Location", "file:///etc/passwd")
                self.end_headers()
            else:
                super().do_GET()

    folder = tmp_path / "served"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}", folder
        running.shutdown()


def test_a_remote_path_is_refused_unless_allowed(tmp_path: Path, server: tuple[str, Path]) -> None:
    address, folder = server
    (folder / "a.csv").write_text("x\nz\n")
    root = write(tmp_path / "p", {**table(("x", {"type": "integer"})), "path": f"{address}/a.csv"})
    report = check_path(root)
    assert ([f.code for f in report.findings], report.status()) == (["path-remote"], 1)
    report = check_path(root, allow_remote=True)
    assert [(f.code, f.path, f.line) for f in report.findings] == [("cell-cast", f"{address}/a.csv", 2)]


def test_downloads_have_limits(tmp_path: Path, server: tuple[str, Path]) -> None:
    address, folder = server
    (folder / "big").write_bytes(bytes(5_000))
    assert fetch(f"{address}/big", tmp_path).stat().st_size == 5_000
    with pytest.raises(Unreadable, match="larger than") as caught:
        fetch(f"{address}/big", tmp_path, most=4_000)
    assert caught.value.code == "package-limit"
    with pytest.raises(Unreadable, match="cannot be downloaded"):
        fetch(f"{address}/gone", tmp_path)
    with pytest.raises(Unreadable, match=r"not allowed|leads to"):
        fetch(f"{address}/hop", tmp_path)


def test_a_server_that_never_ends_is_left(tmp_path: Path, server: tuple[str, Path], monkeypatch: Any) -> None:
    address, folder = server
    (folder / "big").write_bytes(bytes(5_000))
    clock = iter([0.0, 1e9, 2e9])
    monkeypatch.setattr(of_fetch.time, "monotonic", lambda: next(clock))
    with pytest.raises(Unreadable, match="longer than"):
        fetch(f"{address}/big", tmp_path)


@pytest.mark.parametrize(
    ("path", "options", "status", "said"),
    [
        ("sound", (), 0, "no findings"),
        ("remote", (), 1, "path-remote"),
        ("link", (), 1, "path-unsafe"),
        ("up", (), 1, "path-unsafe"),
        ("bomb.zip", (), 2, "package-limit"),
        ("absolute.zip", (), 2, "path-unsafe"),
        ("nothing", (), 2, "package-invalid"),
        ("slip", (), 0, "key-unknown"),
        ("slip", ("--strict",), 1, "key-unknown"),
    ],
)
def test_exit_statuses(tmp_path: Path, path: str, options: tuple[str, ...], status: int, said: str) -> None:
    write(tmp_path / "sound", table("x"), a_csv="x\n1\n")
    write(tmp_path / "remote", {**table("x"), "path": "http://127.0.0.1:9/a.csv"})
    write(tmp_path / "up", {**table("x"), "path": "../sound/a.csv"})
    write(tmp_path / "slip", table("x", titel="X"), a_csv="x\n1\n")
    (write(tmp_path / "link", table("x")) / "a.csv").symlink_to(tmp_path / "sound" / "a.csv")
    for name, members in {"bomb.zip": {"a.csv": bytes(20 << 20)}, "absolute.zip": {"/a.csv": b"x"}}.items():
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, data in members.items():
                archive.writestr(member, data)
    done = CliRunner().invoke(app, ["check", str(tmp_path / path), *options])
    assert done.exit_code == status, done.output
    assert said in done.output
