"""Each of the three descriptors, changed key by key: whatever says something that can be checked is checked."""

import copy
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import linked
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from broadsheet.check import check_path
from broadsheet.check.agreement import check_agreement
from broadsheet.check.croissant import check_croissant
from broadsheet.check.datapackage import contract_of, verify_files
from broadsheet.check.descriptor import check_descriptor
from broadsheet.check.huggingface import check_huggingface, verify_card
from broadsheet.check.report import Gather
from broadsheet.emitted.descriptors import read_card, read_descriptor, read_json
from broadsheet.emitted.tables import TableFiles
from broadsheet.findings import Severity
from broadsheet.package import PackageReport

Change = Callable[[Any], object]


@dataclass(frozen=True)
class Dist:
    """Both packages, read once."""

    package: Path
    dataset: Path
    descriptor: dict[str, Any]
    card: dict[str, Any]
    croissant: dict[str, Any]
    tables: dict[str, TableFiles]
    others: dict[str, TableFiles]


@pytest.fixture(scope="module")
def dist(packaged: PackageReport) -> Dist:
    package, dataset = packaged.dist / "datapackage", packaged.dist / "huggingface"
    descriptor, card = read_descriptor(package), read_card(dataset)
    gather = Gather()
    safe = check_descriptor(package, descriptor, gather)
    tables = verify_files(package, descriptor, safe, contract_of(package, gather), gather)
    others = verify_card(dataset, card, gather)
    assert gather.report("").findings == ()
    return Dist(package, dataset, descriptor, card, read_json(dataset / "croissant.json"), tables, others)


def codes(gather: Gather) -> set[tuple[str, str | None]]:
    """Code and table of all errors and warnings."""
    found = gather.report("").findings
    return {(f.code, f.resource) for f in found if f.severity is not Severity.NOTE}


def descriptor_errors(dist: Dist, change: Change) -> set[tuple[str, str | None]]:
    descriptor = copy.deepcopy(dist.descriptor)
    change(descriptor)
    gather = Gather()
    safe = check_descriptor(dist.package, descriptor, gather)
    verify_files(dist.package, descriptor, safe, contract_of(dist.package, gather), gather)
    told = codes(check_agreement(descriptor, dist.card, dist.croissant, dist.tables, dist.others))
    return codes(gather) | told


def card_errors(dist: Dist, change: Change) -> set[tuple[str, str | None]]:
    card = copy.deepcopy(dist.card)
    change(card)
    gather = Gather()
    verify_card(dist.dataset, card, gather)
    return codes(gather) | codes(check_agreement(dist.descriptor, card, dist.croissant, dist.tables, dist.others))


def croissant_errors(dist: Dist, change: Change, folder: Path) -> set[tuple[str, str | None]]:
    """`folder` stands for the dataset: its files linked, and the changed document."""
    croissant = copy.deepcopy(dist.croissant)
    change(croissant)
    shutil.copytree(dist.dataset / "data", folder / "data", copy_function=shutil.copy)
    (folder / "croissant.json").write_text(json.dumps(croissant), "utf-8")
    tables = {
        name: replace(table, files=tuple(folder / file.relative_to(dist.dataset) for file in table.files))
        for name, table in dist.others.items()
    }
    gather = Gather()
    check_croissant(folder, dist.card, tables, gather)
    return codes(gather) | codes(check_agreement(dist.descriptor, dist.card, croissant, dist.tables, tables))


def events(descriptor: dict[str, Any]) -> dict[str, Any]:
    return next(one for one in descriptor["resources"] if one["name"] == "events")


def config(card: dict[str, Any], name: str = "events") -> dict[str, Any]:
    return next(one for one in card["configs"] if one["config_name"] == name)


def info(card: dict[str, Any], name: str = "events") -> dict[str, Any]:
    return next(one for one in card["dataset_info"] if one["config_name"] == name)


def records(croissant: dict[str, Any], name: str = "events") -> dict[str, Any]:
    return next(one for one in croissant["recordSet"] if one["name"] == name)


def field(croissant: dict[str, Any], column: str, name: str = "events") -> dict[str, Any]:
    return next(one for one in records(croissant, name)["field"] if one["name"] == column)


def file(croissant: dict[str, Any], name: str = "events") -> dict[str, Any]:
    return next(one for one in croissant["distribution"] if f"/{name}/" in one["@id"])


def test_unchanged_they_agree(dist: Dist, tmp_path: Path) -> None:
    assert descriptor_errors(dist, lambda d: None) == set()
    assert card_errors(dist, lambda c: None) == set()
    assert croissant_errors(dist, lambda c: None, tmp_path) == set()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda d: d.update(version="9.9.9"), "descriptor-differs"),
        (lambda d: d.update(title="Another"), "descriptor-differs"),
        (lambda d: d.update(licenses=[{"name": "CC-BY-4.0"}]), "descriptor-differs"),
        (lambda d: d.pop("licenses"), "license-missing"),
        (lambda d: d["resources"].remove(events(d)), "table-missing"),
        (lambda d: events(d).update(name="evnts"), "table-missing"),
        (lambda d: events(d).update(type="json"), "descriptor-differs"),
        (lambda d: events(d).update(path="csv/articles.csv"), "hash-mismatch"),
        (lambda d: events(d).update(path="csv/none.csv"), "table-missing"),
        (lambda d: events(d).update(format="tsv"), "descriptor-differs"),
        (lambda d: events(d).update(mediatype="text/plain"), "descriptor-differs"),
        (lambda d: events(d).update(encoding="gb18030"), "descriptor-differs"),
        (lambda d: events(d).update(bytes=7), "bytes-mismatch"),
        (lambda d: events(d).pop("bytes"), "descriptor-differs"),
        (lambda d: events(d).update(hash="sha256:" + "0" * 64), "hash-mismatch"),
        (lambda d: events(d).update(hash="none"), "descriptor-differs"),
        (lambda d: events(d).pop("hash"), "descriptor-differs"),
        (lambda d: events(d)["dialect"].update(delimiter=";"), "descriptor-differs"),
        (lambda d: events(d)["schema"]["fields"][0].update(type="integer"), "descriptor-differs"),
        (lambda d: events(d)["schema"]["fields"].reverse(), "descriptor-differs"),
        (lambda d: events(d)["schema"].pop("primaryKey"), "descriptor-differs"),
        (lambda d: events(d)["schema"].pop("foreignKeys"), "descriptor-differs"),
        (lambda d: events(d)["broadsheet:parquet"].update(path="parquet/articles.parquet"), "hash-mismatch"),
        (lambda d: events(d)["broadsheet:parquet"].update(format="csv"), "descriptor-differs"),
        (lambda d: events(d)["broadsheet:parquet"].update(mediatype="text/csv"), "descriptor-differs"),
        (lambda d: events(d)["broadsheet:parquet"].update(bytes=7), "bytes-mismatch"),
        (lambda d: events(d)["broadsheet:parquet"].update(hash="sha256:" + "0" * 64), "hash-mismatch"),
        (lambda d: events(d)["broadsheet:parquet"].update(rows=7), "rows-mismatch"),
    ],
)
def test_a_key_of_the_data_package_is_checked(dist: Dist, change: Change, code: str) -> None:
    assert code in {found for found, _ in descriptor_errors(dist, change)}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda c: c.update(license="mit"), "descriptor-differs"),
        (lambda c: c.pop("license"), "license-missing"),
        (lambda c: c.update(version="9.9.9"), "descriptor-differs"),
        (lambda c: c.update(pretty_name="Another"), "descriptor-differs"),
        (lambda c: c.update(size_categories=["1M<n<10M"]), "descriptor-differs"),
        (lambda c: c["configs"].remove(config(c)), "descriptor-differs"),
        (lambda c: c["configs"].append(config(c)), "descriptor-differs"),
        (lambda c: config(c).update(config_name="evnts"), "descriptor-differs"),
        (lambda c: config(c).update(default=True), "descriptor-differs"),
        (lambda c: config(c, "articles").pop("default"), "descriptor-differs"),
        (lambda c: config(c)["data_files"][0].update(split="test"), "descriptor-differs"),
        (lambda c: config(c)["data_files"][0].update(path="data/none.parquet"), "table-missing"),
        (lambda c: config(c)["data_files"][0].update(path="data/none/*.parquet"), "table-missing"),
        (lambda c: config(c)["data_files"][0].update(path="../up.parquet"), "path-unsafe"),
        (lambda c: config(c)["data_files"].append({"split": "ghost", "path": "data/ghost.parquet"}), "table-missing"),
        (lambda c: c["dataset_info"].remove(info(c)), "descriptor-differs"),
        (lambda c: info(c)["features"].append({"name": "ghost", "dtype": "string"}), "columns-differ"),
        (lambda c: info(c)["features"].pop(), "columns-differ"),
        (lambda c: info(c)["features"][0].update(dtype="int64"), "columns-differ"),
        (lambda c: info(c)["features"].reverse(), "columns-differ"),
        (lambda c: info(c).update(features=[{"name": "x", "dtype": "colour"}]), "descriptor-differs"),
        (lambda c: info(c)["splits"][0].update(name="test"), "descriptor-differs"),
        (lambda c: info(c)["splits"][0].update(num_examples=7), "rows-mismatch"),
        (lambda c: info(c)["splits"][0].update(num_bytes=7), "bytes-mismatch"),
        (lambda c: info(c).update(download_size=7), "bytes-mismatch"),
        (lambda c: info(c).update(dataset_size=7), "bytes-mismatch"),
    ],
)
def test_a_key_of_the_card_is_checked(dist: Dist, change: Change, code: str) -> None:
    assert code in {found for found, _ in card_errors(dist, change)}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda c: c.update(conformsTo="http://example.org/"), "descriptor-differs"),
        (lambda c: c.pop("@context"), "descriptor-differs"),
        (lambda c: c.update({"@type": "sc:Book"}), "descriptor-differs"),
        (lambda c: c.update(name="Another"), "descriptor-differs"),
        (lambda c: c.update(version="9.9.9"), "descriptor-differs"),
        (lambda c: c.update(license="https://example.org/mine"), "descriptor-differs"),
        (lambda c: c.pop("license"), "license-missing"),
        (lambda c: c["distribution"].remove(file(c)), "descriptor-differs"),
        (lambda c: c["distribution"].append(file(c)), "descriptor-differs"),
        (lambda c: file(c).update({"@id": "other"}), "descriptor-differs"),
        (lambda c: file(c).update({"@type": "cr:Thing"}), "descriptor-differs"),
        (lambda c: file(c).update(contentUrl="data/none.parquet"), "table-missing"),
        (lambda c: file(c).update(contentUrl="../up"), "path-unsafe"),
        (lambda c: file(c).update(contentSize="7 B"), "bytes-mismatch"),
        (lambda c: file(c).pop("contentSize"), "descriptor-differs"),
        (lambda c: file(c).update(sha256="0" * 64), "hash-mismatch"),
        (lambda c: file(c).pop("sha256"), "descriptor-differs"),
        (lambda c: file(c).update(encodingFormat="text/csv"), "descriptor-differs"),
        (lambda c: file(c).update(name="other.parquet"), "descriptor-differs"),
        (lambda c: c["recordSet"].remove(records(c)), "descriptor-differs"),
        (lambda c: records(c).update(name="evnts"), "descriptor-differs"),
        (lambda c: records(c).update(key={"@id": "events/none"}), "descriptor-differs"),
        (lambda c: records(c).update(key={"@id": "events/type"}), "descriptor-differs"),
        (lambda c: records(c).pop("key"), "descriptor-differs"),
        (lambda c: records(c)["annotation"].update(value=7), "rows-mismatch"),
        (lambda c: records(c)["field"].pop(), "columns-differ"),
        (lambda c: field(c, "type").update(name="kind"), "descriptor-differs"),
        (lambda c: field(c, "type").update(dataType="sc:Integer"), "columns-differ"),
        (lambda c: field(c, "date_start").update(dataType="sc:DateTime"), "columns-differ"),
        (lambda c: field(c, "type").update(isArray=True), "columns-differ"),
        (lambda c: field(c, "type")["source"]["extract"].update(column="none"), "columns-differ"),
        (lambda c: field(c, "type")["source"].update(fileObject={"@id": "none"}), "descriptor-differs"),
        (
            lambda c: field(c, "type")["source"].update(fileObject={"@id": file(c, "links")["@id"]}),
            "descriptor-differs",
        ),
        (lambda c: field(c, "place_id")["references"]["extract"].update(column="none"), "descriptor-differs"),
        (lambda c: field(c, "place_id")["references"]["extract"].update(column="name"), "descriptor-differs"),
        (lambda c: field(c, "segments", "articles")["subField"].pop(), "columns-differ"),
        (lambda c: field(c, "segments", "articles")["subField"][0].update(dataType="sc:Date"), "columns-differ"),
        (lambda c: field(c, "segments", "articles").pop("isArray"), "columns-differ"),
    ],
)
def test_a_key_of_croissant_is_checked(dist: Dist, tmp_path: Path, change: Change, code: str) -> None:
    assert code in {found for found, _ in croissant_errors(dist, change, tmp_path)}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda t: t.slice(1), "rows-mismatch"),
        (lambda t: t.drop_columns(["cameo"]), "columns-differ"),
        (lambda t: t.set_column(0, "event_id", pa.array(["ev/x"] * t.num_rows)), "descriptor-differs"),
        (lambda t: t.set_column(0, "event_id", pa.array([1] * t.num_rows)), "columns-differ"),
    ],
)
def test_rows_of_both_packages_must_be_the_same(dist: Dist, tmp_path: Path, change: Change, code: str) -> None:
    changed = tmp_path / "events.parquet"
    table = change(pq.read_table(dist.others["events"].files[0]))
    pq.write_table(table, changed)
    other = replace(dist.others["events"], files=(changed,), schema=table.schema, rows=table.num_rows)
    gather = check_agreement(dist.descriptor, dist.card, dist.croissant, dist.tables, {**dist.others, "events": other})
    assert codes(gather) == {(code, "events")}


def test_a_table_of_one_package_only_is_found(dist: Dist) -> None:
    fewer = {name: table for name, table in dist.others.items() if name != "events"}
    gather = check_agreement(dist.descriptor, dist.card, dist.croissant, dist.tables, fewer)
    assert codes(gather) == {("table-missing", "events")}


def test_disagreement_is_part_of_the_check_of_both(packaged: PackageReport, tmp_path: Path) -> None:
    root = shutil.copytree(packaged.dist, tmp_path / "dist")
    descriptor = json.loads((root / "datapackage" / "datapackage.json").read_text("utf-8"))
    (root / "datapackage" / "datapackage.json").write_text(json.dumps({**descriptor, "version": "9.9.9"}), "utf-8")
    found = {(f.code, f.path) for f in check_path(root).findings if f.severity is Severity.ERROR}
    assert {("descriptor-differs", "README.md"), ("hash-mismatch", "datapackage/datapackage.json")} <= found


def others(root: Path, shards: list[int], named: list[int] | None = None, **table: list[Any]) -> Path:
    """A dataset of somebody else: one config in three shards, some of which are there."""
    folder = root / "data" / "a"
    folder.mkdir(parents=True)
    data = pa.table(table or {"x": [1, 2]})
    for at in shards:
        pq.write_table(data, folder / f"train-{at:05d}-of-00003.parquet")
    paths = [f"data/a/train-{at:05d}-of-00003.parquet" for at in named or range(3)]
    features = [{"name": name, "dtype": "int64"} for name in data.column_names]
    card = {
        "license": "cc0-1.0",
        "configs": [{"config_name": "a", "default": True, "data_files": [{"split": "train", "path": paths}]}],
        "dataset_info": [
            {"config_name": "a", "features": features, "splits": [{"name": "train", "num_examples": 3 * data.num_rows}]}
        ],
    }
    (root / "README.md").write_text(f"---\n{yaml.safe_dump(card)}---\n", "utf-8")
    return root


def test_shards_are_one_table(tmp_path: Path) -> None:
    report = check_huggingface(others(tmp_path, [0, 1, 2]))
    assert [f.code for f in report.findings] == ["check-limited"]  # that it has none of our tables
    assert report.counts["rows of a"] == 6


@pytest.mark.parametrize(
    ("shards", "named", "code"),
    [([0, 2], None, "table-missing"), ([0, 2], [0, 2], "table-missing"), ([0, 1, 2], [0, 2], "descriptor-differs")],
)
def test_a_missing_shard_is_found(tmp_path: Path, shards: list[int], named: list[int] | None, code: str) -> None:
    report = check_huggingface(others(tmp_path, shards, named))
    assert (code, "a") in {(f.code, f.resource) for f in report.findings}
    assert report.status() == 1


def test_an_empty_table_is_found(tmp_path: Path) -> None:
    empty: list[int] = []
    report = check_huggingface(others(tmp_path, [0, 1, 2], x=empty))
    assert [f.message for f in report.findings if "no rows" in f.message]
    assert report.status() == 1


def test_a_path_that_is_read_as_another_split_is_told(tmp_path: Path) -> None:
    root = others(tmp_path, [0, 1, 2])
    (root / "data" / "a").rename(root / "data" / "test")
    text = (root / "README.md").read_text("utf-8").replace("data/a/", "data/test/")
    (root / "README.md").write_text(text, "utf-8")
    told = [f for f in check_huggingface(root).findings if "'test'" in f.message]
    assert {f.severity for f in told} == {Severity.WARNING}


def test_the_fixture_is_the_linked_corpus(dist: Dist) -> None:
    assert dist.tables["events"].rows == linked.tables()["events"].num_rows == 3
