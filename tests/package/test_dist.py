"""What lies beside the two packages: the zip, its hash, and the standards the descriptor keeps."""

import hashlib
import json
import os
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import dplib
import frictionless
import jsonschema
import linked
import pytest

from broadsheet.findings import BroadsheetError
from broadsheet.package import PackageReport, package
from broadsheet.package.describe import UNSEEN
from broadsheet.package.scores import read_scores, write_scores
from broadsheet.package.stamp import committed, last_commit
from broadsheet.package.write import replace_parts
from broadsheet.package.zipped import moment, write_zip
from broadsheet.project import Project

PROFILES = Path(dplib.__file__).parent / "profiles" / "2.0"


def test_the_zip_holds_the_data_package(packaged: PackageReport) -> None:
    root = packaged.dist / "datapackage"
    with zipfile.ZipFile(packaged.dist / "datapackage.zip") as archive:
        names = archive.namelist()
        assert names == sorted(f.relative_to(root).as_posix() for f in root.rglob("*") if f.is_file())
        for member in archive.infolist():
            assert archive.read(member) == (root / member.filename).read_bytes()
            assert member.date_time == (1980, 1, 1, 0, 0, 0)
            assert (member.extra, member.external_attr >> 16) == (b"", 0o100644)


def test_the_hash_of_the_zip_stands_beside_it(packaged: PackageReport) -> None:
    digest = hashlib.sha256((packaged.dist / "datapackage.zip").read_bytes()).hexdigest()
    assert (packaged.dist / "SHA256SUMS").read_text() == f"{digest}  datapackage.zip\n"
    assert {f.path: f.sha256 for f in packaged.files}["datapackage.zip"] == digest


def test_frictionless_finds_the_zip_valid(packaged: PackageReport) -> None:
    report = frictionless.validate(str(packaged.dist / "datapackage.zip"), type="package")
    assert report.valid, report.flatten(["type", "message"])
    assert len(report.tasks) == 11


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        (None, (1980, 1, 1, 0, 0, 0)),
        ("2031-03-04T05:06:07Z", (2031, 3, 4, 5, 6, 6)),
        ("2031-03-04", (2031, 3, 4, 0, 0, 0)),
        ("1969-12-31T00:00:00Z", (1980, 1, 1, 0, 0, 0)),
        ("2200-01-01T00:00:00Z", (1980, 1, 1, 0, 0, 0)),
        ("once", (1980, 1, 1, 0, 0, 0)),
    ],
)
def test_members_are_as_old_as_the_package(created: str | None, expected: tuple[int, ...]) -> None:
    assert moment(created) == expected


def test_a_zip_does_not_depend_on_the_disk(tmp_path: Path) -> None:
    for name, mode in (("one", 0o600), ("two", 0o755)):
        root = tmp_path / name
        root.mkdir()
        for file in ("b.txt", "a.parquet") if name == "one" else ("a.parquet", "b.txt"):
            (root / file).write_text("x" * 100)
            (root / file).chmod(mode)
        write_zip(tmp_path / f"{name}.zip", root, ["b.txt", "a.parquet"], moment(None))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def profile(name: str) -> Any:
    schema = json.loads((PROFILES / f"{name}.json").read_text("utf-8"))
    return jsonschema.validators.validator_for(schema)(schema)


def test_the_descriptor_keeps_the_json_schema_of_data_package_2(packaged: PackageReport) -> None:
    descriptor = json.loads((packaged.dist / "datapackage" / "datapackage.json").read_text("utf-8"))
    checks = [("datapackage", descriptor)]
    for resource in descriptor["resources"]:
        checks += [
            ("dataresource", resource),
            ("tableschema", resource["schema"]),
            ("tabledialect", resource["dialect"]),
        ]
    for name, value in checks:
        assert [f"{error.json_path}: {error.message[:200]}" for error in profile(name).iter_errors(value)] == []
    del descriptor["resources"][0]["path"]
    assert list(profile("datapackage").iter_errors(descriptor))


def test_licences_of_texts_stand_at_the_tables_that_hold_them(tmp_path: Path) -> None:
    tables = linked.tables()
    for index, name in enumerate(("CC-BY-4.0", "The house rules, 2nd edition")):
        tables["sources"] = linked.changed(tables["sources"], index, license=name)
    project = linked.write_project(tmp_path / "project", tables)
    made = package(project, project.build_dir, project.dist_dir)
    descriptor = json.loads((made.dist / "datapackage" / "datapackage.json").read_text("utf-8"))
    stated = {resource["name"]: resource.get("licenses") for resource in descriptor["resources"]}
    assert [entry.get("name") for entry in stated["articles"]] == ["CC0-1.0", "CC-BY-4.0", None]
    assert stated["articles"][2] == {"path": "LICENSE", "title": "The house rules, 2nd edition"}
    assert stated["event_reports_flat"] == stated["articles"]
    assert stated["entities"] is None


def test_files_are_put_back_like_folders(tmp_path: Path) -> None:
    target = tmp_path / "dist"
    target.mkdir()
    (target / "a.zip").write_text("old")

    def half(spare: Path) -> None:
        (spare / "a.zip").write_text("new")  # b is never written, so its rename fails

    with pytest.raises(FileNotFoundError):
        replace_parts(target, ["a.zip", "b"], half)
    assert {f.name: f.read_text() for f in target.iterdir()} == {"a.zip": "old"}
    assert [p.name for p in tmp_path.iterdir()] == ["dist"]


def test_a_kill_between_two_files_is_mended_by_the_next_run(tmp_path: Path) -> None:
    target, old = tmp_path / "dist", tmp_path / ".dist.old"
    target.mkdir()
    old.mkdir()
    (old / "a.zip").write_text("old")
    (target / "a.zip").write_text("new, but its folder never came")

    def fill(spare: Path) -> None:
        assert (target / "a.zip").read_text() == "old"
        (spare / "a.zip").write_text("newest")

    replace_parts(target, ["a.zip"], fill)
    assert {f.name: f.read_text() for f in target.iterdir()} == {"a.zip": "newest"}


def save(project: Project, **more: Any) -> None:
    figures: dict[str, Any] = {
        "mentions": {"precision": None, "recall": 0.875, "found": 35, "missed": 5},
        "core": {"recall": 0.5, "gold": 8},
        "spans": {"share": 1.0, "exact": 40},
    }
    intervals: dict[str, Any] = {measure: dict.fromkeys(named) for measure, named in figures.items()}
    intervals["mentions"]["recall"] = (0.8, 0.95)
    write_scores(project.root, project.build_dir, version="1.2.0", documents=3, figures=figures, intervals=intervals)


def test_a_card_without_scores_tells_what_was_reached_elsewhere(packaged: PackageReport) -> None:
    page = (Path(__file__).parents[2] / "docs" / "quality.md").read_text("utf-8")
    measured = page.split("## Figures on texts nobody tuned on")[1].split("\n## ")[0]
    card = (packaged.dist / "huggingface" / "README.md").read_text("utf-8")
    for name, value in UNSEEN.items():
        assert f"{name} {value}" in card
        assert value in measured


def test_the_card_tells_scores(packaged: PackageReport, tmp_path: Path) -> None:
    before = (packaged.dist / "huggingface" / "README.md").read_text("utf-8")
    assert "was not measured on this corpus" in " ".join(before.split())
    project = linked.write_project(tmp_path / "project")
    save(project)
    package(project, project.build_dir, project.dist_dir)
    text = (project.dist_dir / "huggingface" / "README.md").read_text("utf-8")
    assert "Measured on this release against 3 files annotated by hand." in text
    assert "| measured | precision | recall | f1 | annotated |\n| --- | --- | --- | --- | --- |\n" in text
    assert "\n| mentions |  | 0.875 (0.800 to 0.950) |  | 40 |\n| core |  | 0.500 |  | 8 |\n\n" in text
    assert "\n| spans | share | 1.000 |\n| spans | exact | 40 |\n" in text


def test_scores_of_another_build_are_told_as_such(tmp_path: Path) -> None:
    project = linked.write_project(tmp_path / "project")
    save(project)
    linked.write_build(project.build_dir, linked.tables() | {"links": linked.tables()["links"].slice(0, 0)})
    scores = read_scores(project.root, project.build_dir)
    assert scores is not None
    assert "Measured on an earlier build (version 1.2.0) against 3 files" in scores.markdown()


@pytest.mark.parametrize("text", ["[]", "{", '{"figures": 1}', '{"figures": [{"measure": 1}]}'])
def test_scores_that_are_none_are_refused(tmp_path: Path, text: str) -> None:
    project = linked.write_project(tmp_path / "project")
    (project.root / "scores.json").write_text(text)
    with pytest.raises(BroadsheetError, match=r"scores\.json"):
        read_scores(project.root, project.build_dir)


def test_a_table_of_another_schema_is_refused(tmp_path: Path) -> None:
    tables = linked.tables()
    project = linked.write_project(tmp_path / "project", tables)
    for wrong in (
        tables["links"].drop_columns(["text"]),
        tables["links"].append_column("more", tables["links"]["url"]),
        tables["links"].select(["url", "article_id", "position", "text", "relation"]),
    ):
        linked.write_build(project.build_dir, tables | {"links": wrong})
        with pytest.raises(BroadsheetError) as caught:
            package(project, project.build_dir, project.dist_dir)
        assert (caught.value.finding.code, caught.value.finding.resource) == ("columns-differ", "links")


def test_sha256sum_accepts_the_zip(packaged: PackageReport) -> None:
    done = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=packaged.dist, check=False)
    assert done.returncode == 0


def test_new_packages_are_made_on_the_disk_they_go_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk, link = tmp_path / "disk" / "store", tmp_path / "project" / "dist"
    disk.mkdir(parents=True)
    link.parent.mkdir()
    link.symlink_to(disk)
    places = []

    def fill(spare: Path) -> None:
        places.append(spare.parent)
        (spare / "a").write_text("new")

    replace_parts(link, ["a"], fill)
    monkeypatch.setattr(Path, "is_mount", lambda self: self == disk)
    replace_parts(link, ["a"], fill)
    assert places == [disk.parent, disk]
    assert [entry.name for entry in link.iterdir()] == ["a"]


def test_a_build_that_is_replaced_meanwhile_is_not_packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = linked.write_project(tmp_path / "project", linked.tables())
    report = project.build_dir / "report.json"

    def terms(project: Project) -> None:
        report.write_text(report.read_text("utf-8") + " ", "utf-8")

    monkeypatch.setattr("broadsheet.package.run._terms", terms)
    with pytest.raises(BroadsheetError, match="while this one was packaged"):
        package(project, project.build_dir, project.dist_dir)
    assert list(project.dist_dir.iterdir()) == []


def test_terms_that_are_not_utf8_are_told(tmp_path: Path) -> None:
    project = linked.write_project(tmp_path / "project", linked.tables())
    (project.root / "LICENSE-DATA").write_bytes("许可".encode("gb18030"))
    with pytest.raises(BroadsheetError, match="not UTF-8") as caught:
        package(project, project.build_dir, project.dist_dir)
    assert caught.value.finding.code == "file-unreadable"


def test_the_commit_is_that_of_the_project_wherever_git_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hook of git says which repository it runs for, by a path that holds at its top only."""
    folder = tmp_path / "repository" / "corpus"
    folder.mkdir(parents=True)
    (folder / "a").write_text("a")
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    dated = os.environ | {"GIT_COMMITTER_DATE": "@99 +0000"}
    for words in (["init", "-q"], ["add", "-A"], [*who, "commit", "-q", "-m", "x", "--date", "@1"]):
        subprocess.run(["git", *words], cwd=folder.parent, check=True, env=dated)
    monkeypatch.setenv("GIT_DIR", ".git")
    assert last_commit(folder) == "99"
    assert committed(folder, ["a"])
    (folder / "a").write_text("b")
    assert not committed(folder, ["a"])
