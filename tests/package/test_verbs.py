import json
import shutil
from pathlib import Path

import linked
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from broadsheet.cli import VERBS, app
from broadsheet.package import PackageReport
from broadsheet.package.scores import Figure, read_scores
from broadsheet.project import Project


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.mark.parametrize("verb", ["check", "package", "trace", "diff", "publish", "score"])
def test_help_begins_with_the_summary_and_has_an_example(verb: str) -> None:
    text = " ".join(run(verb, "--help").stdout.split())
    assert VERBS[verb] in text
    assert f"Example: broadsheet {verb} " in text


def test_package_says_what_it_made(tmp_path: Path) -> None:
    project = linked.write_project(tmp_path / "project")
    done = run("package", "-C", project.root)
    assert done.exit_code == 0
    assert "mentions" in done.stdout
    assert "text-withheld" in done.stderr
    assert "datapackage: 36 files" in done.stderr
    value = json.loads(run("package", "-C", project.root, "--json").stdout)
    assert value["rows"]["mentions"] == 5
    assert [(w["collection"], w["mentions"]) for w in value["withheld"]] == [("closed", 2), ("partial", 1)]
    assert {f["code"] for f in value["findings"]} == {"text-withheld", "formula-like"}


def test_check_exits_with_0_1_or_2(packaged: PackageReport, tmp_path: Path) -> None:
    assert run("check", packaged.dist / "datapackage").exit_code == 0
    spoiled = shutil.copytree(packaged.dist / "datapackage", tmp_path / "datapackage")
    (spoiled / "LICENSE").write_text("mine")
    done = run("check", spoiled, "--format", "json")
    assert done.exit_code == 1
    assert [f["path"] for f in json.loads(done.stdout)["findings"] if f["severity"] == "error"] == ["LICENSE"]
    assert run("check", tmp_path / "nothing").exit_code == 2


def test_strict_lets_warnings_fail(tmp_path: Path) -> None:
    project = linked.write_project(tmp_path / "project")
    (project.root / linked.OPEN.path).unlink()
    assert run("check", project.build_dir).exit_code == 0
    assert run("check", project.build_dir, "--strict").exit_code == 1


def test_check_against_a_release_asks_for_a_version(packaged: PackageReport, tmp_path: Path) -> None:
    new = shutil.copytree(packaged.dist / "datapackage", tmp_path / "datapackage")
    file = new / "parquet" / "events.parquet"
    pq.write_table(pq.read_table(file).drop_columns(["cameo"]), file)
    done = run("check", new, "--against", packaged.dist)
    assert "call for 2.0.0 or later" in done.stdout
    assert done.exit_code == 1


def test_check_of_a_project_builds_it_first(tmp_path: Path) -> None:
    project = linked.write_project(tmp_path / "project")
    shutil.rmtree(project.build_dir)
    done = run("check", "-C", project.root, "--json", "--jobs", 1)
    value = json.loads(done.stdout)
    assert value["subject"] == f"project {project.root}"
    assert value["counts"]["rows of sources"] == 5
    assert (project.build_dir / "report.json").is_file()
    assert not [f for f in value["findings"] if f["code"] == "span-mismatch"]


def test_trace_shows_the_text_and_its_verdict(project: Project) -> None:
    done = run("trace", linked.CALL, "-C", project.root)
    assert done.exit_code == 0
    assert "  | Anna Lind called Omar Haddad on 3 March 2031\n" in done.stdout
    assert done.stdout.count("  exact\n") == 2
    assert run("trace", "ev/none", "-C", project.root).exit_code == 2


def test_trace_of_a_changed_file_fails(tmp_path: Path) -> None:
    project = linked.write_project(tmp_path / "project")
    (project.root / linked.OPEN.path).write_text("other")
    done = run("trace", linked.OPEN.id, "-C", project.root, "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["verdict"] == "mismatch"


def test_diff_names_the_step(packaged: PackageReport, tmp_path: Path) -> None:
    assert run("diff", packaged.dist, packaged.dist).exit_code == 0
    new = shutil.copytree(packaged.dist / "datapackage", tmp_path / "new")
    file = new / "parquet" / "events.parquet"
    pq.write_table(pq.read_table(file).slice(1), file)
    done = run("diff", packaged.dist, new)
    assert done.exit_code == 1
    assert f"events, removed: {linked.CALL}" in done.stdout
    assert done.stdout.endswith("version step: minor (1.2.0 to 1.3.0)\n")
    assert json.loads(run("diff", packaged.dist, new, "--json").stdout)["rows"][0]["removed"] == 1


def test_publish_to_a_folder(packaged: PackageReport, project: Project, tmp_path: Path) -> None:
    done = run("publish", tmp_path / "site", "-C", project.root)
    assert done.exit_code == 0
    assert "hashes are right" in done.stderr
    assert (tmp_path / "site" / "huggingface" / "README.md").is_file()


def gold(folder: Path) -> Path:
    folder.mkdir()
    value = {
        "sha256": linked.OPEN.sha256,
        "article": {"title": linked.OPEN_TITLE, "paragraphs": linked.OPEN_BODY.split("\n\n")},
        "mentions": [{"para": 1, "start": 0, "end": 2, "type": "PER", "entity": "per/lind"}],
        "entities": [{"entity": "per/lind", "name_en": "Lind", "name_zh": "", "surface_forms": []}],
        "events": [],
    }
    (folder / "a.json").write_text(json.dumps(value))
    return folder


def test_score_prints_figures(project: Project, tmp_path: Path) -> None:
    done = run("score", gold(tmp_path / "gold"), "-C", project.root)
    assert done.exit_code == 0
    assert ["mentions", "recall", "1.0000"] in [line.split() for line in done.stdout.splitlines()]
    assert not (project.root / "scores.json").exists()


def test_score_keeps_figures_for_the_card(tmp_path: Path) -> None:
    project = linked.write_project(tmp_path / "project")
    done = run("score", gold(tmp_path / "gold"), "-C", project.root, "--save")
    assert done.exit_code == 0
    assert "`broadsheet package` quotes them" in done.stderr
    scores = read_scores(project.root, project.build_dir)
    assert scores is not None
    assert (scores.documents, scores.version, scores.current) == (1, "1.2.0", True)
    assert Figure("mentions", "recall", 1.0) in scores.figures
