import json
import shutil
from collections.abc import Callable
from pathlib import Path

import linked
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from broadsheet.findings import BroadsheetError
from broadsheet.package import PackageReport
from broadsheet.release import diff
from broadsheet.release.against import against
from broadsheet.release.rows import Sample

Spoil = Callable[[Path], object]


@pytest.fixture
def copy(packaged: PackageReport, tmp_path: Path) -> Path:
    return shutil.copytree(packaged.dist / "datapackage", tmp_path / "datapackage")


def events(root: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    file = root / "parquet" / "events.parquet"
    pq.write_table(change(pq.read_table(file)), file)


def field(root: Path, name: str, change: Callable[[dict], object]) -> None:
    file = root / "datapackage.json"
    value = json.loads(file.read_text("utf-8"))
    resource = next(r for r in value["resources"] if r["name"] == "events")
    change(next(f for f in resource["schema"]["fields"] if f["name"] == name))
    file.write_text(json.dumps(value), "utf-8")


def without(root: Path, name: str) -> None:
    file = root / "datapackage.json"
    value = json.loads(file.read_text("utf-8"))
    value["resources"] = [r for r in value["resources"] if r["name"] != name]
    file.write_text(json.dumps(value), "utf-8")


def test_the_same_is_no_difference(packaged: PackageReport, copy: Path) -> None:
    found = diff(packaged.dist, copy)
    assert (found.schema, found.rows, found.step) == ((), (), "none")
    assert found.next_version() == "1.2.0"


def test_the_two_packages_hold_the_same(packaged: PackageReport) -> None:
    assert diff(packaged.dist / "datapackage", packaged.dist / "huggingface").step == "none"


def test_a_build_is_compared_with_its_package(packaged: PackageReport) -> None:
    found = diff(packaged.dist.parent, packaged.dist)
    lost = {table.table: table.removed for table in found.rows if table.removed}
    assert lost == {"mentions": 3, "event_reports": 2}
    assert found.schema == ()


def retyped(table: pa.Table) -> pa.Table:
    at = table.schema.get_field_index("article_count")
    return table.set_column(at, "article_count", table["article_count"].cast("string"))


def renamed(table: pa.Table) -> pa.Table:
    return table.rename_columns(["cameo_code" if name == "cameo" else name for name in table.column_names])


def nullable(table: pa.Table) -> pa.Table:
    return table.cast(pa.schema([field.with_nullable(True) for field in table.schema]))


def optional(root: Path) -> None:
    events(root, nullable)
    for name in ("event_id", "label_en"):
        field(root, name, lambda f: f["constraints"].pop("required"))


def noted(table: pa.Table) -> pa.Table:
    return table.append_column("note", pa.array(["x"] * table.num_rows))


MAJOR, MINOR, PATCH = ("breaking", "major"), ("additive", "minor"), ("cosmetic", "patch")


@pytest.mark.parametrize(
    ("spoil", "place", "expected"),
    [
        (lambda r: without(r, "links"), ("links", None), MAJOR),
        (lambda r: events(r, lambda t: t.drop_columns(["cameo"])), ("events", "cameo"), MAJOR),
        (lambda r: events(r, retyped), ("events", "article_count"), MAJOR),
        (lambda r: events(r, renamed), ("events", "cameo"), MAJOR),
        (lambda r: events(r, noted), ("events", "note"), MINOR),
        (optional, ("events", "label_en"), MAJOR),
        (lambda r: field(r, "cameo", lambda f: f["constraints"].update(required=True)), ("events", "cameo"), PATCH),
        (lambda r: field(r, "type", lambda f: f["constraints"]["enum"].append("feast")), ("events", "type"), MINOR),
        (lambda r: field(r, "type", lambda f: f["constraints"]["enum"].pop()), ("events", "type"), MAJOR),
        (lambda r: field(r, "type", lambda f: f.update(title="Kind")), ("events", "type"), PATCH),
    ],
)
def test_differences_of_schemas_have_their_class(
    packaged: PackageReport, copy: Path, spoil: Spoil, place: tuple[str, str | None], expected: tuple[str, str]
) -> None:
    spoil(copy)
    found = diff(packaged.dist, copy)
    kind, step = expected
    assert found.step == step
    assert (kind, *place) in {(c.kind, c.table, c.column) for c in found.schema}
    assert {c.kind for c in found.schema} <= {kind, "additive"}  # a renamed column is one gone and one new


def test_a_new_table_is_additive(packaged: PackageReport, copy: Path) -> None:
    without(copy, "links")
    found = diff(copy, packaged.dist)
    assert [(c.kind, c.table, c.message) for c in found.schema] == [("additive", "links", "the table is new")]
    assert found.step == "minor"


def test_rows_are_compared_by_key(packaged: PackageReport, copy: Path) -> None:
    other = linked.changed(pq.read_table(copy / "parquet" / "events.parquet"), 0, label_en="Ring ring", cameo=None)
    more = linked.changed(other.slice(2, 1), 0, event_id="ev/2031-04-01-feast")
    pq.write_table(pa.concat_tables([other.slice(0, 2), more]), copy / "parquet" / "events.parquet")
    found = diff(packaged.dist, copy)
    (table,) = found.rows
    assert (table.table, table.added, table.removed, table.changed) == ("events", 1, 1, 1)
    assert table.columns == {"label_en": 1, "cameo": 1}
    assert {what: [sample.key for sample in found] for what, found in table.samples.items()} == {
        "added": ["ev/2031-04-01-feast"],
        "removed": [linked.TALKS],
        "changed": [linked.CALL],
    }
    (sample,) = table.samples["changed"]
    assert {(cell.column, cell.new) for cell in sample.cells} == {("label_en", "Ring ring"), ("cameo", None)}
    assert (found.step, found.next_version()) == ("minor", "1.3.0")


def test_only_changed_rows_call_for_a_patch(packaged: PackageReport, copy: Path) -> None:
    events(copy, lambda t: linked.changed(t, 0, duration_minutes=41))
    found = diff(packaged.dist, copy)
    assert (found.step, found.next_version()) == ("patch", "1.2.1")
    assert (found.rows[0].added, found.rows[0].removed, found.rows[0].changed) == (0, 0, 1)


def test_keys_of_two_columns_and_lists_are_compared(packaged: PackageReport, copy: Path) -> None:
    file = copy / "parquet" / "media.parquet"
    pq.write_table(linked.changed(pq.read_table(file), 1, position=7), file)
    articles = copy / "parquet" / "articles.parquet"
    pq.write_table(linked.changed(pq.read_table(articles), 0, tags=["other"]), articles)
    rows = {table.table: table for table in diff(packaged.dist, copy).rows}
    assert rows["media"].samples["added"] == (Sample(f"{linked.ARTICLES[linked.PARTIAL.id]}/7"),)
    assert rows["articles"].columns == {"tags": 1}


def test_what_is_no_package_cannot_be_compared(packaged: PackageReport, tmp_path: Path) -> None:
    with pytest.raises(BroadsheetError, match="package-invalid"):
        diff(packaged.dist, tmp_path)


def test_a_package_that_leads_out_is_not_opened(packaged: PackageReport, copy: Path) -> None:
    file = copy / "datapackage.json"
    file.write_text(file.read_text("utf-8").replace("parquet/events.parquet", "../../../etc/passwd"))
    with pytest.raises(BroadsheetError, match="package-invalid"):
        diff(packaged.dist, copy)


def test_a_version_must_follow_from_the_differences(packaged: PackageReport, copy: Path) -> None:
    links = copy / "parquet" / "links.parquet"
    rows = pq.read_table(links)
    pq.write_table(pa.concat_tables([rows, linked.changed(rows, 0, position=1)]), links)
    descriptor = copy / "datapackage.json"
    value = json.loads(descriptor.read_text("utf-8"))
    for version, codes in (("1.2.1", ["version-step"]), ("1.3.0", []), ("2.0.0", [])):
        descriptor.write_text(json.dumps(value | {"version": version}), "utf-8")
        assert [f.code for f in against(packaged.dist, copy).findings] == codes


def test_breaking_changes_are_named_before_they_ship(packaged: PackageReport, copy: Path) -> None:
    events(copy, lambda t: t.drop_columns(["cameo"]))
    found = {(f.code, f.severity.value, f.resource, f.field) for f in against(packaged.dist, copy).findings}
    assert ("schema-change", "error", "events", "cameo") in found  # the version does not announce it
    assert ("version-step", "error", None, "version") in found
