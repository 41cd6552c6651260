import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from broadsheet.check.report import CheckReport
from broadsheet.cli import app
from broadsheet.findings import BroadsheetError, finding
from broadsheet.package import PackageReport
from broadsheet.package.stamp import created
from broadsheet.project import Project, load_project
from broadsheet.release import changelog
from broadsheet.release.changelog import first_notes, tag_text, versions, with_entry
from broadsheet.release.descriptor import edited, set_version, version_line
from broadsheet.release.release import Options, ReleaseReport, kept_releases, release

DESCRIPTOR = """\
name: pier-news
title: "Pier # News"
version: 0.1.0  # raised by hand
licenses: [{name: CC0-1.0}]
sources:
  - {name: pier, title: Pier Post, files: "in/*.md", publisher: Pier Post, license: CC0-1.0}
"""
ARTICLE = "---\ntitle: Ann calls Bo\ndate: 2031-03-0{day}T08:00:00Z\nlang: en\n---\n\nAnn called Bo about the pier.\n"
DAY = "2031-04-05"
EPOCH = "1932854400"  # 2031-04-02
Released = Callable[..., ReleaseReport]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one release; tests must not change it."""
    root = tmp_path_factory.mktemp("pier") / "pier"
    (root / "in").mkdir(parents=True)
    (root / "datapackage.yaml").write_text(DESCRIPTOR, "utf-8")
    article(root, 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
        report = release(root, Options(date=DAY, jobs=1))
    assert (report.status, report.version, report.against) == (0, "0.1.0", None), report.findings
    assert report.written == ("CHANGELOG.md", "dist/releases/0.1.0.txt", "dist/releases/0.1.0.zip")
    return root


@pytest.fixture
def whole(first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it; builds, checks and packages are real."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    return shutil.copytree(first, tmp_path / "pier")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one release, whose packages hold one table: a row for each file, made without a build."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    monkeypatch.setattr("broadsheet.release.release.check_path", lambda path, **_: CheckReport(path.as_posix()))
    monkeypatch.setattr("broadsheet.release.release.package", small_package)
    root = tmp_path / "pier"
    (root / "in").mkdir(parents=True)
    (root / "datapackage.yaml").write_text(DESCRIPTOR, "utf-8")
    article(root, 1)
    assert run(root).status == 0
    return root


def small_package(project: Project, build_dir: Path, dist: Path) -> PackageReport:
    dist.mkdir(parents=True, exist_ok=True)
    names = sorted(file.stem for file in (project.root / "in").iterdir())
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"article_id": names}), sink)
    resource = {"name": "articles", "path": "a.csv", "broadsheet:parquet": {"path": "a.parquet"}}
    described = {"name": project.name, "version": project.version, "resources": [resource]}
    with zipfile.ZipFile(dist / "datapackage.zip", "w") as packed:
        for name, data in (("datapackage.json", json.dumps(described)), ("a.parquet", sink.getvalue().to_pybytes())):
            packed.writestr(zipfile.ZipInfo(name), data)
    return PackageReport(dist, (), {"articles": len(names)}, (), ())


def article(root: Path, day: int) -> None:
    (root / "in" / f"{day}.md").write_text(ARTICLE.format(day=day), "utf-8")


def run(root: Path, **options: object) -> ReleaseReport:
    return release(root, Options(**{"date": DAY, "jobs": 1, **options}))  # type: ignore[arg-type]


def files(root: Path) -> dict[str, bytes]:
    """All that a release writes, by path."""
    kept = ("datapackage.yaml", "CHANGELOG.md", "dist")
    found = (f for f in root.rglob("*") if f.is_file() and f.relative_to(root).parts[0] in kept)
    return {f.relative_to(root).as_posix(): f.read_bytes() for f in found}


def test_the_first_release_is_written_down(first: Path) -> None:
    assert [str(version) for version, _ in kept_releases(first / "dist")] == ["0.1.0"]
    with zipfile.ZipFile(first / "dist/releases/0.1.0.zip") as kept:
        assert any(name.endswith("datapackage.json") for name in kept.namelist())
    log = (first / "CHANGELOG.md").read_text("utf-8")
    assert f"## [0.1.0] - {DAY}\n\n### Added\n\n- First release.\n- `sources`: 1 row\n" in log
    tag = (first / "dist/releases/0.1.0.txt").read_text("utf-8")
    assert tag.startswith("Pier # News 0.1.0\n\nAdded:\n- First release.\n- sources: 1 row\n")


def test_the_same_release_twice_changes_nothing(project: Path) -> None:
    before = files(project)
    report = run(project, version="auto")
    assert (report.status, report.version, report.written) == (0, "0.1.0", ())
    assert files(project) == before


def test_a_whole_release(whole: Path) -> None:
    article(whole, 2)
    done = run(whole, version="auto")
    assert (done.status, done.version, done.difference and done.difference.step) == (0, "0.2.0", "minor")
    described = json.loads((whole / "dist/datapackage/datapackage.json").read_text("utf-8"))
    assert described["version"] == "0.2.0"
    assert "- `articles`: 1 row\n" in (whole / "CHANGELOG.md").read_text("utf-8")
    kept = (whole / "dist/releases/0.2.0.zip").read_bytes()
    assert kept == (whole / "dist/datapackage.zip").read_bytes()


def test_more_rows_need_a_minor_step(project: Path) -> None:
    article(project, 2)
    before = files(project)
    refused = run(project)
    assert (refused.status, refused.written) == (1, ())
    (found,) = [f for f in refused.findings if f.code == "version-step"]
    assert (found.path, found.line) == ("datapackage.yaml", 3)
    assert "write `version: 0.2.0`" in found.message
    assert {name for name, data in files(project).items() if before.get(name) != data} == {"dist/datapackage.zip"}
    assert not (project / "dist/releases/0.2.0.zip").exists()

    tried = run(project, version="auto", dry_run=True)
    assert (tried.status, tried.version) == (0, "0.2.0")
    assert "version: 0.1.0 " in (project / "datapackage.yaml").read_text("utf-8")

    done = run(project, version="auto")
    assert (done.version, done.written) == ("0.2.0", tried.written)
    assert "version: 0.2.0  # raised by hand\n" in (project / "datapackage.yaml").read_text("utf-8")
    assert versions((project / "CHANGELOG.md").read_text("utf-8")) == ["0.2.0", "0.1.0"]
    after = files(project)
    again = run(project, version="auto")
    assert (again.version, again.written) == ("0.2.0", ())
    assert files(project) == after
    assert any("git tag -a v0.2.0 -F dist/releases/0.2.0.txt" in one for one in done.commands)


def test_after_the_commit_only_what_comes_after_it_is_left(project: Path) -> None:
    article(project, 2)
    first = run(project, version="auto").commands
    assert first[0] == "git add datapackage.yaml CHANGELOG.md"
    git = ["git", "-C", str(project), "-c", "user.name=A", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    subprocess.run([*git, "init", "-q"], check=True)
    assert run(project).commands == first, "nothing is committed"
    subprocess.run([*git, "add", "datapackage.yaml", "CHANGELOG.md"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "Release 0.2.0"], check=True)
    assert [one.split(" ")[:2] for one in run(project).commands] == [
        ["git", "tag"],
        ["git", "push"],
        ["broadsheet", "publish"],
    ]


def test_a_dry_run_writes_nothing(project: Path) -> None:
    article(project, 2)
    before = files(project)
    report = run(project, version="1.0.0", dry_run=True)
    assert (report.status, report.version, report.dry_run) == (0, "1.0.0", True)
    assert report.written[0] == "datapackage.yaml"
    assert files(project) == before


def test_a_version_is_not_released_twice_with_other_content(project: Path) -> None:
    article(project, 2)
    old = shutil.copy(project / "dist/releases/0.1.0.zip", project.parent / "before.zip")
    run(project, version="0.2.0")
    article(project, 3)
    kept = (project / "dist/releases/0.2.0.zip").read_bytes()
    report = run(project, against=Path(old))
    assert [f.message for f in report.findings if f.code == "version-step"] == [
        "version 0.2.0 was released already, with other content: choose a later version"
    ]
    assert (project / "dist/releases/0.2.0.zip").read_bytes() == kept


def test_a_fresh_clone_needs_the_last_release(project: Path) -> None:
    shutil.rmtree(project / "dist")
    set_version(project, "0.2.0")
    with pytest.raises(BroadsheetError, match="release-missing"):
        run(project)
    assert run(project, first=True, dry_run=True).status == 0


def test_errors_of_a_check_stop_a_release(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    before = files(project)
    bad = CheckReport("project", (finding("key-duplicate", "two rows"),))
    monkeypatch.setattr("broadsheet.release.release.check_path", lambda *_, **__: bad)
    report = run(project, version="auto")
    assert (report.status, [f.code for f in report.findings]) == (1, ["key-duplicate"])
    assert files(project) == before


@pytest.mark.parametrize("at", range(4))
def test_a_kill_at_any_write_is_finished_by_the_next_run(
    project: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    article(project, 2)
    seen: list[str] = []

    def dying(name: str) -> Callable[..., object]:
        import broadsheet.release.release as module

        real = getattr(module, name)

        def call(*arguments: object) -> object:
            if len(seen) == at:
                raise KeyboardInterrupt(name)
            seen.append(name)
            return real(*arguments)

        return call

    with monkeypatch.context() as patch:
        for name in ("set_version", "_write_text", "_keep"):
            patch.setattr(f"broadsheet.release.release.{name}", dying(name))
        with pytest.raises(KeyboardInterrupt):
            run(project, version="auto")
    assert not list(project.rglob("*.tmp"))
    assert not (project / "dist/releases/0.2.0.zip").exists()
    done = run(project, version="auto")
    assert (done.status, done.version) == (0, "0.2.0")
    log = (project / "CHANGELOG.md").read_text("utf-8")
    assert log.count("## [0.2.0]") == 1
    assert run(project, version="auto").written == ()


@pytest.mark.parametrize("options", [{"version": "1.0"}, {"date": "yesterday"}, {"date": "2031-02-30"}])
def test_wrong_arguments_are_told(project: Path, options: dict[str, str]) -> None:
    with pytest.raises(BroadsheetError, match="argument-invalid"):
        run(project, **options)


def test_the_day_is_that_of_the_package_if_nobody_says(project: Path) -> None:
    assert (created(load_project(project)) or "").startswith("2031-04-02")
    report = run(project, date=None, version="0.2.0", dry_run=True)
    assert report.entry.startswith("## [0.2.0] - 2031-04-02\n")


def test_the_verb(project: Path) -> None:
    article(project, 2)
    runner = CliRunner()
    refused = runner.invoke(app, ["release", "-C", str(project), "--dry-run"])
    assert refused.exit_code == 1
    assert "version-step" in refused.stderr
    assert "version step: minor (0.1.0 to 0.2.0)" in refused.stdout
    # Below differences that fill the screen stands why nothing was released.
    assert refused.output.rindex("[version-step]") > refused.output.index("version step: minor")
    assert refused.output.splitlines()[-1] == "not released"
    done = runner.invoke(app, ["release", "-C", str(project), "--dry-run", "--set-version", "auto", "--json"])
    assert done.exit_code == 0, done.stderr
    value = json.loads(done.stdout)
    assert (value["version"], value["difference"]["step"], value["status"]) == ("0.2.0", "minor", 0)


# the version line


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("name: a\nversion: 1.0.0\n", "name: a\nversion: 2.0.0-rc.1\n"),
        ("name: a\nversion:   '1.0.0'   # note\r\ntitle: b\r\n",
         "name: a\nversion:   '2.0.0-rc.1'   # note\r\ntitle: b\r\n"),
        ('"x": 1\nversion: "1.0.0"', '"x": 1\nversion: "2.0.0-rc.1"'),
        ("name: a\nversion:\n", "name: a\nversion: 2.0.0-rc.1\n"),
        ("# note\nname: a\ntitle: |\n  version: 1.0.0\n",
         "# note\nversion: 2.0.0-rc.1\nname: a\ntitle: |\n  version: 1.0.0\n"),
        ("title: |\n  version: 1.0.0\nversion: 1.0.0\nsources:\n  - {version: 1.0.0}\n",
         "title: |\n  version: 1.0.0\nversion: 2.0.0-rc.1\nsources:\n  - {version: 1.0.0}\n"),
    ],
)  # fmt: skip
def test_only_the_version_changes(before: str, after: str) -> None:
    assert edited(before, "2.0.0-rc.1") == after
    assert edited(after, "2.0.0-rc.1") == after


@pytest.mark.parametrize(
    "text", ["{name: a, version: 1.0.0}\n", "version: >\n  1.0.0\nname: a\n", "version:\n  1.0.0\n"]
)
def test_a_line_that_cannot_be_edited_is_told(text: str) -> None:
    with pytest.raises(BroadsheetError, match="value-invalid"):
        edited(text, "2.0.0")


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text("name: a\nversion: 1.0.0\n", "utf-8")
    (tmp_path / "datapackage.yaml").symlink_to("real.yaml")
    set_version(tmp_path, "1.1.0")
    assert (tmp_path / "datapackage.yaml").is_symlink()
    assert (tmp_path / "real.yaml").read_text("utf-8") == "name: a\nversion: 1.1.0\n"
    assert version_line(tmp_path) == 2


# the changelog

NOTES = {"added": ["`articles`: 2 rows"]}
ENTRY = "## [1.1.0] - 2031-04-05\n\n### Added\n\n- `articles`: 2 rows\n"


def test_notes_by_hand_become_those_of_the_version() -> None:
    text = "# Changelog\n\n## [Unreleased]\n\n- By hand.\n\n## [1.0.0] - 2031-01-01\n\n- Old.\n"
    assert with_entry(text, "1.1.0", DAY, NOTES) == (
        "# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2031-04-05\n\n- By hand.\n\n### Added\n\n"
        "- `articles`: 2 rows\n\n## [1.0.0] - 2031-01-01\n\n- Old.\n"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Log\n\n## 1.0.0\n\n- Old.\n", f"# Log\n\n{ENTRY}\n## 1.0.0\n\n- Old.\n"),
        ("# Log\n\nWords.\n", f"# Log\n\nWords.\n\n{ENTRY}"),
        ("# Log\n\n## [Unreleased]\n", f"# Log\n\n## [Unreleased]\n\n{ENTRY}"),
        ("## How we count\n\n## v1.0.0\n", f"## How we count\n\n{ENTRY}\n## v1.0.0\n"),
        ("```\n## [1.1.0]\n```\n\n## [1.0.0]\n", f"```\n## [1.1.0]\n```\n\n{ENTRY}\n## [1.0.0]\n"),
        ("# Log\n\n## 1.0.0\n".replace("\n", "\r\n"), f"# Log\n\n{ENTRY}\n## 1.0.0\n".replace("\n", "\r\n")),
    ],
)  # fmt: skip
def test_an_entry_goes_above_the_version_before(text: str, expected: str) -> None:
    made = with_entry(text, "1.1.0", DAY, NOTES)
    assert made == expected
    assert with_entry(made, "1.1.0", DAY, {"added": ["other"]}) == made


def test_what_stood_there_still_does() -> None:
    text = "# Log\n\nIntro\n## [Unreleased]\n### Fixed\n- x\n\n\n## [1.0.0]\n- Old.\n\n[1.0.0]: https://example.org\n"
    kept = [line for line in text.split("\n") if line]
    made = [line for line in with_entry(text, "1.1.0", None, NOTES).split("\n") if line]
    assert [line for line in made if line in kept] == kept
    assert [line for line in made if line not in kept] == ["## [1.1.0]", "### Added", "- `articles`: 2 rows"]


def test_a_tag_has_no_comments_for_git() -> None:
    text = tag_text("# Odd\n# title", "1.0.0", {"added": ["`#1`: a\\_b **x**"], "removed": ["y"]})
    assert text == "Odd # title 1.0.0\n\nAdded:\n- #1: a_b x\n\nRemoved:\n- y\n"
    assert not any(line.startswith("#") for line in text.splitlines())


def test_no_changelog_makes_one() -> None:
    made = with_entry(None, "1.0.0", None, first_notes({"articles": 3, "links": 0}))
    assert made.startswith("# Changelog\n")
    assert made.endswith("## [1.0.0]\n\n### Added\n\n- First release.\n- `articles`: 3 rows\n")
    assert changelog.versions(made) == ["1.0.0"]


@pytest.mark.parametrize(
    "text", ["# Log\r\n\r\n## Unreleased\r\n", "# Log\r\n", "# Log\r\n\r\n## [Unreleased]\r\n\r\n- x\r\n"]
)
def test_lines_end_as_they_did(text: str) -> None:
    made = with_entry(text, "1.1.0", None, NOTES)
    assert made == with_entry(text.replace("\r\n", "\n"), "1.1.0", None, NOTES).replace("\n", "\r\n")
    assert made.endswith("2 rows\r\n")


def test_a_heading_that_begins_with_a_number_is_no_release(project: Path) -> None:
    shutil.rmtree(project / "dist")
    (project / "CHANGELOG.md").write_text("# Log\n\n## 2030 in short\n", "utf-8")
    assert run(project, dry_run=True).status == 0
