import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import linked
import pyarrow.parquet as pq
import pytest

from broadsheet.check import CheckReport, check_path
from broadsheet.findings import BroadsheetError, Severity
from broadsheet.package import PackageReport


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
    report = check_path(packaged.dist)
    assert {f.code for f in report.findings} == {"formula-like"}
    assert report.status(strict=True) == 0
    assert report.counts["datapackage: rows of mentions"] == report.counts["huggingface: rows of mentions"] == 5
    assert check_path(packaged.dist / "datapackage" / "datapackage.json").status(strict=True) == 0


@pytest.mark.parametrize(
    "path", ["csv/events.csv", "parquet/events.parquet", "README.md", "schemas/links.yaml", "LICENSE"]
)
def test_a_changed_byte_is_found(dist: Path, path: str) -> None:
    file = dist / "datapackage" / path
    data = bytearray(file.read_bytes())
    data[-2] ^= 1
    file.write_bytes(data)
    found = {(f.code, f.path) for f in check_path(dist / "datapackage").findings}
    assert ("hash-mismatch", path) in found


def test_a_shortened_file_is_found(dist: Path) -> None:
    file = dist / "datapackage" / "csv" / "events.csv"
    file.write_bytes(file.read_bytes()[:-5])
    assert ("bytes-mismatch", "csv/events.csv") in errors(check_path(dist / "datapackage"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda r: r.update(hash="sha256:" + "0" * 64), "hash-mismatch"),
        (lambda r: r.update(bytes=1), "bytes-mismatch"),
        (lambda r: r["broadsheet:parquet"].update(hash="sha256:" + "0" * 64), "hash-mismatch"),
        (lambda r: r["broadsheet:parquet"].update(rows=99), "rows-mismatch"),
        (lambda r: r["schema"]["fields"].pop(), "descriptor-differs"),
        (lambda r: r.update(path="csv/nothing.csv"), "table-missing"),
        (lambda r: r.update(path="../../etc/passwd"), "path-unsafe"),
        (lambda r: r.update(path="/etc/passwd"), "path-unsafe"),
        (lambda r: r.update(path=["https://example.org/x.csv"]), "path-unsafe"),
        (lambda r: r["broadsheet:parquet"].update(path="..\\x"), "path-unsafe"),
        (lambda r: r.update({"broadsheet:parquet": 3}), "path-unsafe"),
        (lambda r: r.update(schema="../schema.json"), "path-unsafe"),
    ],
)
def test_a_descriptor_that_lies_is_found(dist: Path, change: Callable[[dict], object], code: str) -> None:
    resource(dist / "datapackage", "events", change)
    assert code in {found for found, _ in errors(check_path(dist / "datapackage"))}


def test_a_resource_that_is_gone_is_found(dist: Path) -> None:
    file = dist / "datapackage" / "datapackage.json"
    value = json.loads(file.read_text())
    value["resources"] = [r for r in value["resources"] if r["name"] != "events"]
    file.write_text(json.dumps(value))
    assert ("table-missing", "events") in errors(check_path(dist / "datapackage"))


def test_a_parquet_that_says_other_than_its_csv_is_found(dist: Path) -> None:
    replace_parquet(dist / "datapackage", "events", label_en="Nothing happened")
    assert errors(check_path(dist / "datapackage")) == {("descriptor-differs", "events")}


def test_an_orphan_in_a_package_is_found(dist: Path) -> None:
    replace_parquet(dist / "datapackage", "event_reports", event_id="ev/none")
    assert ("foreign-key", "event_reports") in errors(check_path(dist / "datapackage"))


def test_a_package_that_says_too_much_is_found(dist: Path) -> None:
    replace_parquet(dist / "datapackage", "sources", redistribution="metadata")
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
    assert check_path(foreign(tmp_path, "id,day\n1,2031-03-03\n")).status(strict=True) == 0
    report = check_path(foreign(tmp_path, "id,day\n1,2031-03-03\n1,soon\n"))
    assert {f.message.split(":")[0] for f in report.findings} == {"type-error", "primary-key"}
    assert {f.row_key for f in report.findings} == {"line 3"}
    assert report.status() == 1


def test_anybodys_package_may_not_lead_out_either(tmp_path: Path) -> None:
    report = check_path(foreign(tmp_path, "id,day\n", path="https://example.org/a.csv"))
    assert {f.code for f in report.findings} == {"path-unsafe"}


def card(dist: Path, old: str, new: str) -> Path:
    root = dist / "huggingface"
    text = (root / "README.md").read_text("utf-8")
    assert old in text
    (root / "README.md").write_text(text.replace(old, new, 1), "utf-8")
    resum(root, "README.md")
    return root


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("num_examples: 4", "num_examples: 5", ("rows-mismatch", "articles")),
        ("path: data/events/train", "path: data/none/train", ("table-missing", "events")),
        ("path: data/events/train", "path: ../train", ("path-unsafe", "events")),
        ("  - name: event_id\n    dtype: string", "  - name: event_id\n    dtype: int64", ("columns-differ", "events")),
        ("  default: true\n", "", ("descriptor-differs", "README.md")),
    ],
)
def test_a_card_that_lies_is_found(dist: Path, old: str, new: str, expected: tuple[str, str]) -> None:
    assert expected in errors(check_path(card(dist, old, new)))


def test_a_dataset_with_an_orphan_is_found(dist: Path) -> None:
    root = dist / "huggingface"
    file = root / "data" / "mentions" / "train-00000-of-00001.parquet"
    pq.write_table(linked.changed(pq.read_table(file), 0, article_id=linked.ident("art", "none")), file)
    found = errors(check_path(root))
    assert {("foreign-key", "mentions"), ("hash-mismatch", "data/mentions/train-00000-of-00001.parquet")} <= found


def test_a_file_beside_the_dataset_is_found(dist: Path) -> None:
    (dist / "huggingface" / "data.json").write_text("{}")
    assert ("descriptor-differs", "data.json") in errors(check_path(dist / "huggingface"))


def test_metadata_of_pandas_is_found(dist: Path) -> None:
    root = dist / "huggingface"
    file = root / "data" / "links" / "train-00000-of-00001.parquet"
    pq.write_table(pq.read_table(file).replace_schema_metadata({"pandas": "{}"}), file)
    assert ("descriptor-differs", "links") in errors(check_path(root))


def test_a_card_without_front_matter_cannot_be_checked(dist: Path) -> None:
    (dist / "huggingface" / "README.md").write_text("# hello\n")
    with pytest.raises(BroadsheetError, match="package-invalid"):
        check_path(dist / "huggingface")
