"""What a pull request changes since a release: a package, a zip, or a tag of git."""

import shutil
from pathlib import Path

import linked
import pytest

from broadsheet.findings import BroadsheetError, Severity
from broadsheet.package import PackageReport
from broadsheet.project import Project
from broadsheet.release.against import Compared, against
from broadsheet.schema.load import core_dir
from repository import edit, git

EXTRA = "  - name: desk\n    type: string\n"


def line_of(file: Path, text: str) -> int:
    return file.read_text("utf-8").splitlines().index(text) + 1


@pytest.fixture
def tagged(tmp_path: Path) -> Path:
    """A project of one schema of its own in a folder of a repository, at a tag."""
    folder = tmp_path / "repository" / "corpus"
    (folder / "schemas").mkdir(parents=True)
    (folder / "datapackage.yaml").write_text(linked.DESCRIPTOR, "utf-8")
    shutil.copy(core_dir() / "links.yaml", folder / "schemas")
    git(folder.parent, "init", "-q")
    commit(folder, "v1.2.0")
    return folder


def commit(folder: Path, tag: str) -> None:
    git(folder.parent, "add", "-A")
    git(folder.parent, "commit", "-q", "-m", "x")
    git(folder.parent, "tag", tag)


def told(compared: Compared) -> list[tuple[str, str, str | None, int | None]]:
    return [(f.code, str(f.severity), f.path and Path(f.path).name, f.line) for f in compared.findings]


@pytest.mark.parametrize("packed", [False, True])
def test_a_project_is_compared_with_its_package(
    project: Project, packaged: PackageReport, tmp_path: Path, packed: bool
) -> None:
    release = packaged.dist / "datapackage"
    if packed:
        release = Path(shutil.make_archive(str(tmp_path / "release"), "zip", release))
    compared = against(release, project.root, schema_only=True)
    assert compared.findings == ()
    assert ("project", "version-step") in compared.ran
    assert ("events", "schema-change") in compared.ran


def test_nothing_is_read_of_the_build_with_schema_only(packaged: PackageReport, tmp_path: Path) -> None:
    (tmp_path / "datapackage.yaml").write_text(linked.DESCRIPTOR, "utf-8")
    assert against(packaged.dist, tmp_path, schema_only=True).findings == ()
    with pytest.raises(BroadsheetError, match="build-missing"):
        against(packaged.dist, tmp_path)


def test_the_state_of_a_tag_is_the_same(tagged: Path) -> None:
    compared = against("git:v1.2.0", tagged)
    assert (compared.findings, compared.counts) == ((), {"tables compared with the release": 10})


def test_a_hook_of_git_compares_with_the_same_repository(tagged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", ".git")  # as git sets it for hooks
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert against("git:v1.2.0", tagged).findings == ()


def test_a_new_column_asks_for_a_minor_version(tagged: Path) -> None:
    schema, descriptor = tagged / "schemas/links.yaml", tagged / "datapackage.yaml"
    edit(schema, "primaryKey:", f"{EXTRA}primaryKey:")
    line, version = line_of(schema, "  - name: desk"), line_of(descriptor, "version: 1.2.0")
    assert told(against("git:v1.2.0", tagged)) == [
        ("schema-change", "note", "links.yaml", line),
        ("version-step", "error", "datapackage.yaml", version),
    ]
    edit(descriptor, "version: 1.2.0", "version: 1.3.0")
    assert told(against("git:v1.2.0", tagged)) == [("schema-change", "note", "links.yaml", line)]


@pytest.mark.parametrize(
    ("version", "severity", "codes"),
    [
        ("1.4.0", "error", ["schema-change", "version-step"]),
        ("2.0.0", "note", ["schema-change"]),
        ("2.0.0-rc.1", "note", ["schema-change"]),
    ],
)
def test_a_breaking_change_weighs_as_the_version_says(
    tagged: Path, version: str, severity: str, codes: list[str]
) -> None:
    schema = tagged / "schemas/links.yaml"
    edit(schema, "primaryKey:", f"{EXTRA}primaryKey:")
    edit(tagged / "datapackage.yaml", "version: 1.2.0", "version: 1.3.0")
    commit(tagged, "v1.3.0")
    edit(schema, EXTRA, "")
    edit(tagged / "datapackage.yaml", "version: 1.3.0", f"version: {version}")
    compared = against("git:v1.3.0", tagged)
    assert [finding.code for finding in compared.findings] == codes
    assert told(compared)[0] == ("schema-change", severity, "links.yaml", line_of(schema, "fields:"))
    assert compared.findings[0].message == "breaking: the column is gone"
    assert ("raise `version`" in compared.findings[0].remedy) == (severity == "error")


def test_a_breaking_change_without_a_version_is_a_warning(tagged: Path) -> None:
    schema = tagged / "schemas/links.yaml"
    edit(schema, "primaryKey:", f"{EXTRA}primaryKey:")
    edit(tagged / "datapackage.yaml", "version: 1.2.0", "version: 1.02.0")  # no semantic version
    commit(tagged, "odd")
    edit(schema, EXTRA, "")
    (found,) = against("git:odd", tagged).findings
    assert (found.code, found.severity) == ("schema-change", Severity.WARNING)


def test_an_old_schema_need_not_hold_what_the_core_has_now(tagged: Path) -> None:
    """At the tag a column of today's core is missing: no error, and the column is told as new."""
    schema = tagged / "schemas/links.yaml"
    text = schema.read_text("utf-8")
    start = text.index("  - name: relation\n")
    end = text.index("primaryKey:")
    schema.write_text(text[:start] + text[end:], "utf-8")
    commit(tagged, "old")
    schema.write_text(text, "utf-8")
    found = {(f.resource, f.field, f.message) for f in against("git:old", tagged).findings if f.resource}
    assert ("links", "relation", "additive: the column is new") in found


@pytest.mark.parametrize("release", ["git:", "git:-x", "git:--output=ran"])
def test_what_is_no_revision_never_reaches_git(tagged: Path, release: str) -> None:
    with pytest.raises(BroadsheetError, match="argument-invalid"):
        against(release, tagged)
    assert not (tagged / "ran").exists()


def test_what_git_does_not_have_is_told(tagged: Path, packaged: PackageReport, tmp_path: Path) -> None:
    with pytest.raises(BroadsheetError, match="no revision 'v9' here; a shallow clone has no tags"):
        against("git:v9", tagged)
    with pytest.raises(BroadsheetError, match="is a state of a project"):
        against("git:v1.2.0", packaged.dist)
    (tagged.parent / "other").mkdir()
    shutil.copy(tagged / "datapackage.yaml", tagged.parent / "other")
    with pytest.raises(BroadsheetError, match=r"at v1\.2\.0 there is no datapackage\.yaml"):
        against("git:v1.2.0", tagged.parent / "other")


def test_mistakes_at_the_tag_have_its_name(tagged: Path) -> None:
    schema = tagged / "schemas/links.yaml"
    good = schema.read_text("utf-8")
    edit(schema, "type: string", "type: strng")
    commit(tagged, "bad")
    schema.write_text(good, "utf-8")
    with pytest.raises(BroadsheetError) as caught:
        against("git:bad", tagged)
    assert caught.value.finding.path == "bad:schemas/links.yaml"


def test_links_and_large_files_at_the_tag_are_not_followed(tagged: Path) -> None:
    schema = tagged / "schemas/links.yaml"
    good = schema.read_text("utf-8")
    schema.unlink()
    schema.symlink_to("/etc/passwd")
    (tagged / "schemas/media.yaml").write_text("#" * 1_000_001)
    commit(tagged, "odd")
    schema.unlink()
    schema.write_text(good, "utf-8")
    (tagged / "schemas/media.yaml").unlink()
    assert against("git:odd", tagged).findings == ()
