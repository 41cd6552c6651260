import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import linked
import pyarrow.parquet as pq
import pytest

from broadsheet.check import CheckReport, check_path
from broadsheet.check.datapackage import contract_of
from broadsheet.check.report import Gather
from broadsheet.findings import BroadsheetError, Severity
from broadsheet.package import PackageReport
from broadsheet.schema.load import core_tables


@pytest.fixture
def dist(packaged: PackageReport, tmp_path: Path) -> Path:
    """A copy of both packages that a test may spoil."""
    return shutil.copytree(packaged.dist, tmp_path / "dist")


def errors(report: CheckReport) -> set[tuple[str, str | None]]:
    return {(f.code, f.resource or f.path) for f in report.findings if f.severity is Severity.ERROR}


def resource(root: Path, name: str, change: Callable[[dict], object]) -> None:
    """Change a resource of the descriptor, and its hash in SHA256SUMS as a careful forger would."""
    file = root / "datapackage.json"
    value = json.loads(file.read_text("utf-8"))
    change(next(r for r in value["resources"] if r["name"] == name))
    file.write_text(json.dumps(value), "utf-8")
    resum(root, "datapackage.json")


def resum(root: Path, *paths: str) -> None:
    lines = (root / "SHA256SUMS").read_text().splitlines()
    kept = [line for line in lines if line.split("  ", 1)[1] not in paths]
    kept += [f"{hashlib.sha256((root / path).read_bytes()).hexdigest()}  {path}" for path in paths]
    (root / "SHA256SUMS").write_text("\n".join(sorted(kept)) + "\n")


def replace_parquet(root: Path, name: str, **cells: object) -> None:
    """Change the first row of a table, and every hash with it."""
    file = root / "parquet" / f"{name}.parquet"
    pq.write_table(linked.changed(pq.read_table(file), 0, **cells), file)
    data = file.read_bytes()

    def record(entry: dict) -> None:
        said = {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
        entry["broadsheet:parquet"] |= said

    resource(root, name, record)
    resum(root, f"parquet/{name}.parquet")


def test_what_package_makes_is_clean(packaged: PackageReport) -> None:
    stages: list[str] = []

    class Told:
        def stage(self, name: str, total: int) -> None:
            assert total >= 0
            stages.append(name)

        def advance(self, count: int) -> None:
            assert stages

    report = check_path(packaged.dist, progress=Told())
    assert {f.code for f in report.findings} == {"formula-like"}
    assert report.status(strict=True) == 0
    assert report.counts["datapackage: rows of mentions"] == report.counts["huggingface: rows of mentions"] == 5
    assert stages[:3] == ["verifying files", "checking rows", "checking texts"]
    assert check_path(packaged.dist / "datapackage" / "datapackage.json").status(strict=True) == 0


def test_every_changed_byte_is_found(dist: Path) -> None:
    changed = ["csv/events.csv", "parquet/events.parquet", "README.md", "schemas/links.yaml", "LICENSE"]
    for path in changed:
        file = dist / "datapackage" / path
        data = bytearray(file.read_bytes())
        data[-2] ^= 1
        file.write_bytes(data)
    shortened = dist / "datapackage" / "csv" / "media.csv"
    shortened.write_bytes(shortened.read_bytes()[:-5])
    report = check_path(dist / "datapackage")
    assert {("hash-mismatch", path) for path in changed} <= {(f.code, f.path) for f in report.findings}
    assert ("bytes-mismatch", "csv/media.csv") in errors(report)


Lies = dict[str, tuple[Callable[[dict], object], tuple[str, str]]]


@pytest.mark.parametrize(
    "lies",
    [
        {
            "sources": (lambda r: r.update(hash="sha256:" + "0" * 64), ("hash-mismatch", "csv/sources.csv")),
            "media": (lambda r: r.update(bytes=1), ("bytes-mismatch", "csv/media.csv")),
            "links": (
                lambda r: r["broadsheet:parquet"].update(hash="sha256:" + "0" * 64),
                ("hash-mismatch", "parquet/links.parquet"),
            ),
            "mentions": (lambda r: r["broadsheet:parquet"].update(rows=99), ("rows-mismatch", "mentions")),
            "events": (lambda r: r["schema"]["fields"].pop(), ("descriptor-differs", "events")),
            "rejects": (lambda r: r.update(path="csv/nothing.csv"), ("table-missing", "rejects")),
        },
        {
            "sources": (lambda r: r.update(path="../../etc/passwd"), ("path-unsafe", "sources")),
            "media": (lambda r: r.update(path="/etc/passwd"), ("path-unsafe", "media")),
            "links": (lambda r: r.update(path=["https://example.org/x.csv"]), ("path-remote", "links")),
            "mentions": (lambda r: r["broadsheet:parquet"].update(path="..\\x"), ("path-unsafe", "mentions")),
            "events": (lambda r: r.update({"broadsheet:parquet": 3}), ("path-unsafe", "events")),
            "rejects": (lambda r: r.update(schema="../schema.json"), ("path-unsafe", "rejects")),
        },
    ],
    ids=["files", "paths"],
)
def test_a_descriptor_that_lies_is_found(dist: Path, lies: Lies) -> None:
    for name, (change, _) in lies.items():
        resource(dist / "datapackage", name, change)
    assert {expected for _, expected in lies.values()} <= errors(check_path(dist / "datapackage"))


def test_a_resource_that_is_gone_is_found(dist: Path) -> None:
    file = dist / "datapackage" / "datapackage.json"
    value = json.loads(file.read_text())
    value["resources"] = [r for r in value["resources"] if r["name"] != "events"]
    file.write_text(json.dumps(value))
    assert ("table-missing", "events") in errors(check_path(dist / "datapackage"))


def test_a_parquet_that_says_other_than_its_csv_is_found(dist: Path) -> None:
    replace_parquet(dist / "datapackage", "events", label_en="Nothing happened")
    assert errors(check_path(dist / "datapackage")) == {
        ("descriptor-differs", "events"),
        ("descriptor-differs", "event_reports_flat"),
    }


def test_an_orphan_in_a_package_is_found(dist: Path) -> None:
    replace_parquet(dist / "datapackage", "event_reports", event_id="ev/none")
    assert ("foreign-key", "event_reports") in errors(check_path(dist / "datapackage"))


def test_a_package_that_says_too_much_is_found(dist: Path) -> None:
    replace_parquet(dist / "datapackage", "articles", redistribution="metadata")
    found = errors(check_path(dist / "datapackage"))
    assert {("rights-exceeded", "articles"), ("rights-exceeded", "media")} <= found


def test_an_excerpt_of_more_than_200_is_found(dist: Path) -> None:
    root = dist / "datapackage"
    file = root / "parquet" / "articles.parquet"
    table = pq.read_table(file)
    at = table["title"].to_pylist().index(linked.PARTIAL_TITLE)
    pq.write_table(linked.changed(table, at, body="x" * 201), file)
    assert ("rights-exceeded", "articles") in errors(check_path(root))


def test_files_nobody_listed_and_links_are_found(dist: Path) -> None:
    root = dist / "datapackage"
    (root / "csv" / "extra.csv").write_text("a\n")
    (root / "csv" / "link.csv").symlink_to("/etc/hostname")
    found = errors(check_path(root))
    assert {("descriptor-differs", "csv/extra.csv"), ("path-unsafe", "csv/link.csv")} <= found


def test_a_resource_behind_a_link_is_not_opened(dist: Path) -> None:
    file = dist / "datapackage" / "csv" / "events.csv"
    outside = dist.parent / "outside.csv"
    shutil.move(file, outside)
    file.symlink_to(outside)
    assert ("path-unsafe", "events") in errors(check_path(dist / "datapackage"))


@pytest.mark.parametrize("text", ["{", "[]", '{"resources": 3}', '{"resources": [{}]}', "[" * 100_000])
def test_a_descriptor_that_is_none_cannot_be_checked(tmp_path: Path, text: str) -> None:
    (tmp_path / "datapackage.json").write_text(text)
    with pytest.raises(BroadsheetError, match="package-invalid"):
        check_path(tmp_path)


def foreign(folder: Path, rows: str, **more: object) -> Path:
    (folder / "a.csv").write_text(rows)
    schema = {"fields": [{"name": "id", "type": "integer"}, {"name": "day", "type": "date"}], "primaryKey": ["id"]}
    value = {"name": "x", "resources": [{"name": "a", "path": "a.csv", "type": "table", "schema": schema} | more]}
    (folder / "datapackage.json").write_text(json.dumps(value))
    return folder


def test_anybodys_package_is_checked_by_its_own_schema(tmp_path: Path) -> None:
    clean = check_path(foreign(tmp_path, "id,day\n1,2031-03-03\n"))
    assert [f.code for f in clean.findings] == ["license-missing"]
    report = check_path(foreign(tmp_path, "id,day\n1,2031-03-03\n1,soon\n"))
    assert errors(report) == {("cell-cast", "a"), ("key-duplicate", "a")}
    assert {f.line for f in report.findings if f.severity is Severity.ERROR} == {3}
    assert report.status() == 1


def test_a_card_that_lies_is_found(dist: Path) -> None:
    file = dist / "huggingface" / "README.md"
    text = file.read_text("utf-8")
    for old, new in (
        ("num_examples: 4", "num_examples: 5"),
        ("path: data/media/train", "path: data/none/train"),
        ("path: data/links/train", "path: ../train"),
        ("  - name: event_id\n    dtype: string", "  - name: event_id\n    dtype: int64"),
        ("  default: true\n", ""),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text, "utf-8")
    resum(dist / "huggingface", "README.md")
    assert errors(check_path(dist / "huggingface")) >= {
        ("rows-mismatch", "articles"), ("table-missing", "media"), ("path-unsafe", "links"),
        ("columns-differ", "events"), ("descriptor-differs", "README.md"),
    }  # fmt: skip


def test_a_dataset_with_an_orphan_is_found(dist: Path) -> None:
    root = dist / "huggingface"
    file = root / "data" / "mentions" / "train-00000-of-00001.parquet"
    pq.write_table(linked.changed(pq.read_table(file), 0, article_id=linked.ident("art", "none")), file)
    (root / "data.json").write_text("{}")
    assert errors(check_path(root)) >= {
        ("foreign-key", "mentions"),
        ("hash-mismatch", "data/mentions/train-00000-of-00001.parquet"),
        ("descriptor-differs", "data.json"),
    }


def test_metadata_of_pandas_is_found(dist: Path) -> None:
    root = dist / "huggingface"
    file = root / "data" / "links" / "train-00000-of-00001.parquet"
    pq.write_table(pq.read_table(file).replace_schema_metadata({"pandas": "{}"}), file)
    assert ("descriptor-differs", "links") in errors(check_path(root))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("# hello\n", "package-invalid"),
        ("---\n- a\n---\n", "package-invalid"),
        ("---\na: &a [x, x]\nb: [*a, *a]\n---\n", "yaml-invalid"),
        (f"---\na: {'[' * 5000}\n---\n", "yaml-limit"),
        ("---\na: 1\na: 2\n---\n", "yaml-duplicate-key"),
    ],
)
def test_a_card_that_cannot_be_read_is_found(dist: Path, text: str, code: str) -> None:
    (dist / "huggingface" / "README.md").write_text(text)
    report = check_path(dist / "huggingface")
    assert (code, "README.md") in errors(report)
    assert report.status() == 1


@pytest.mark.parametrize(
    ("schema", "code"),
    [
        ("a: &a [x, x]\nb: [*a, *a]\n", "yaml-invalid"),
        ("[" * 5000, "yaml-limit"),
        ("name: links\nfeilds: []\n", "key-unknown"),
    ],
)
def test_a_schema_that_cannot_be_read_is_found_with_its_line(tmp_path: Path, schema: str, code: str) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "links.yaml").write_text(schema)
    gather = Gather()
    assert contract_of(tmp_path, gather) == core_tables()
    (found,) = gather.report("it").findings
    assert found.code == code
    assert found.path == "schemas/links.yaml"
    assert found.line


def test_a_zip_of_a_package_is_checked(packaged: PackageReport, tmp_path: Path) -> None:
    file = shutil.make_archive(str(tmp_path / "release"), "zip", packaged.dist / "datapackage")
    report = check_path(Path(file))
    assert report.status(strict=True) == 0
    assert report.subject == f"datapackage {file}"
    assert report.counts["rows of mentions"] == 5
