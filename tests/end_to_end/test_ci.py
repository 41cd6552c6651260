"""What the CI of a corpus sees: the workflow, the action and the hook, by the very commands that stand in them."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from e2e_tools import EPOCH, ROOT, invoke

from broadsheet import __version__
from broadsheet.findings import CODES
from broadsheet.inspect.workflow import PATH, WORKFLOW
from repository import edit, git

INDEX_HOSTS = ("py" + "pi.org", "python" + "hosted.org")
EXTRA = "  - name: desk\n    type: string\n    title: Desk\n"


def step(steps: list[dict[str, Any]], name: str) -> dict[str, Any]:
    (found,) = [one for one in steps if one.get("name") == name]
    return found


def run(script: str, workspace: Path, **variables: str) -> tuple[int, str, str]:
    """A step as a runner of GitHub runs it: bash, its variables, this Python first in PATH.

    Returns:
        Exit status, stdout, and the summary of the step.
    """
    summary = workspace.parent / f"{workspace.name}-summary.md"
    summary.write_text("")
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(workspace.parent),
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_WORKSPACE": str(workspace),
        "GITHUB_STEP_SUMMARY": str(summary),
        "SOURCE_DATE_EPOCH": EPOCH,
        **variables,
    }
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    done = subprocess.run(command, cwd=workspace, env=environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, summary.read_text("utf-8")


def run_here(script: str, workspace: Path) -> tuple[int, str, str]:
    """The same for a step that is one command of Broadsheet: in this process, which is quicker."""
    python, _, module, *words = shlex.split(script)
    assert (python, module) == ("python", "broadsheet")
    summary = workspace.parent / f"{workspace.name}-summary.md"
    summary.write_text("")
    runner = {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(workspace)}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(workspace)
        for name, value in (runner | {"GITHUB_STEP_SUMMARY": str(summary)}).items():
            patch.setenv(name, value)
        done = invoke(*words)
    return done.exit_code, done.stdout, summary.read_text("utf-8")


def used(document: Mapping[str, Any]) -> list[str]:
    """Every `uses` of a document, however deep."""
    found, waiting = [], [document]
    while waiting:
        value: Any = waiting.pop()
        if isinstance(value, dict):
            found += [value["uses"]] if "uses" in value else []
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return found


@pytest.fixture
def corpus(small: Path, tmp_path: Path) -> Path:
    """A checkout of a corpus: its own repository, and nothing built."""
    return shutil.copytree(small, tmp_path / "checkout")


@pytest.fixture
def repository(corpus: Path, tmp_path: Path) -> Path:
    """A repository with the corpus in a folder, tagged with a column of its own."""
    checkout = tmp_path / "repository"
    shutil.copytree(corpus, checkout / "corpus")
    schema = checkout / "corpus/schemas/articles.yaml"
    edit(schema, "primaryKey:", f"{EXTRA}primaryKey:")
    git(checkout, "init", "-q")
    git(checkout, "add", "corpus")
    git(checkout, "commit", "-q", "-m", "release")
    git(checkout, "tag", "v0.1.0")
    return checkout


@pytest.fixture(scope="module")
def workflow() -> dict[str, Any]:
    return yaml.safe_load(WORKFLOW)


@pytest.fixture(scope="module")
def action() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))


def test_init_writes_the_workflow_and_can_leave_it_out(small: Path, tmp_path: Path) -> None:
    assert (small / PATH).read_text("utf-8") == WORKFLOW
    assert invoke("init", tmp_path / "p", "--no-workflow").exit_code == 0
    assert not (tmp_path / "p/.github").exists()


def test_the_workflow_asks_for_little(workflow: dict[str, Any]) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    assert all(re.fullmatch(r"actions/[a-z-]+@v[0-9]+", name) for name in used(workflow))
    assert {name.partition("@")[0] for name in used(workflow)} == {
        "actions/checkout",
        "actions/setup-python",
        "actions/cache",
    }
    steps = workflow["jobs"]["check"]["steps"]
    assert steps[0]["with"]["persist-credentials"] is False
    assert "${{" not in "".join(one.get("run", "") for one in steps)
    assert step(steps, "Install")["run"].endswith(f'install --disable-pip-version-check "broadsheet=={__version__}"')


@pytest.mark.parametrize("name", ["action.yml", ".pre-commit-hooks.yaml"])
def test_no_file_names_an_index(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert [host for host in INDEX_HOSTS if host in text + WORKFLOW] == []


def test_the_commands_of_the_workflow_on_a_sound_corpus_and_a_bad_file(corpus: Path, workflow: dict[str, Any]) -> None:
    steps = workflow["jobs"]["check"]["steps"]
    articles = corpus / "schemas/articles.yaml"
    head, tail = articles.read_text("utf-8").split("  - name: title\n", 1)
    limits = "minLength: 1\n      maxLength: 60"
    articles.write_text(f"{head}  - name: title\n{tail.replace('minLength: 1', limits, 1)}", "utf-8")
    for name in ("Schemas", "Corpus"):
        status, out, summary = run(step(steps, name)["run"], corpus)
        assert status == 0, out
        assert "::error" not in out
        assert out.endswith(": passed\n")
        assert summary.startswith("### broadsheet check: passed\n")
    assert (corpus / "build/report.json").is_file()
    assert "rows of articles | 5 |" in summary

    page = f"<!--1748800000000-->\n[{'长' * 61}](https://river.example/x)\n------\n\n<p>一段。</p>\n"
    (corpus / "sources/long.txt").write_text(page, "utf-8")
    status, out, summary = run_here(step(steps, "Corpus")["run"], corpus)
    assert status == 1
    assert re.search(r"^::error file=sources/long\.txt,line=2,title=constraint::articles\.title ", out, re.M), out
    assert summary.startswith("### broadsheet check: failed\n")


def test_a_loosened_schema_fails_the_step_on_its_line(corpus: Path, workflow: dict[str, Any]) -> None:
    line = edit(corpus / "schemas/articles.yaml", "^https?://", "^ftp://")
    status, out, summary = run_here(step(workflow["jobs"]["check"]["steps"], "Schemas")["run"], corpus)
    assert status == 1
    assert f"::error file=schemas/articles.yaml,line={line},title=schema-loosened::" in out
    assert summary.startswith("### broadsheet check: failed\n")
    assert "<code>schema-loosened</code>" in summary
    # What cannot be compared for that reason is told once, and is still a failure, not a check that could not run.
    compared, text, _ = run("broadsheet check --schema-only --against nowhere", corpus)
    assert (compared, text.count("schema-loosened"), text.count("the pattern of 'url'")) == (1, 1, 1)


def test_a_mistake_in_the_descriptor_fails_the_step_on_its_line(corpus: Path, workflow: dict[str, Any]) -> None:
    line = edit(corpus / "datapackage.yaml", "    files:", "    flies:")
    for name in ("Schemas", "Corpus"):
        status, out, _ = run_here(step(workflow["jobs"]["check"]["steps"], name)["run"], corpus)
        assert status == 2
        assert re.search(rf"^::error file=datapackage\.yaml,line={line},title=key-unknown::", out, re.M), out


def check(action: dict[str, Any], workspace: Path, **inputs: str) -> tuple[int, str, str]:
    """The step of the action that checks, with the inputs a workflow gives."""
    given = {name: str(value["default"]) for name, value in action["inputs"].items()} | inputs
    one = step(action["runs"]["steps"], "Check")
    variables = {}
    for name, value in one["env"].items():
        source = re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", value)
        assert source
        variables[name] = given[source[1]]
    assert "${{" not in one["run"]
    return run(one["run"], workspace, **variables)


def test_the_action_installs_what_is_pinned_at_its_own_ref(action: dict[str, Any]) -> None:
    assert action["runs"]["using"] == "composite"
    assert used(action) == ["actions/setup-python@v5"]
    one = step(action["runs"]["steps"], "Install Broadsheet")
    assert one["env"] == {"ACTION": "${{ github.action_path }}"}
    assert "--require-hashes" in one["run"]
    assert all((ROOT / name).exists() for name in re.findall(r'"\$ACTION/?([\w.]*)"', one["run"]))
    assert (ROOT / "requirements.lock").read_text().count("--hash=sha256:") > 100


def test_a_breaking_change_fails_the_action_until_the_version_says_so(repository: Path, action: dict[str, Any]) -> None:
    inputs = {"path": "corpus", "schema-only": "true", "against": "git:v0.1.0"}
    assert check(action, repository, **inputs)[0] == 0

    edit(repository / "corpus/schemas/articles.yaml", EXTRA, "")
    status, out, summary = check(action, repository, **inputs)
    assert status == 1
    schema = (repository / "corpus/schemas/articles.yaml").read_text("utf-8").splitlines()
    fields = schema.index("fields:") + 1
    version = (repository / "corpus/datapackage.yaml").read_text("utf-8").splitlines().index("version: 0.1.0") + 1
    assert (
        f"::error file=corpus/schemas/articles.yaml,line={fields},title=schema-change::articles.desk: breaking" in out
    )
    assert f"::error file=corpus/datapackage.yaml,line={version},title=version-step::" in out
    assert CODES["version-step"].title in summary

    edit(repository / "corpus/datapackage.yaml", "version: 0.1.0", "version: 0.2.0")
    status, out, _ = check(action, repository, **inputs, strict="true")
    assert status == 0, out
    assert "::notice file=corpus/schemas/articles.yaml" in out


def test_a_release_that_git_does_not_have_is_told(repository: Path, action: dict[str, Any]) -> None:
    for revision, why in (("git:v9", "there is no revision"), ("git:--output=x", "names no tag")):
        status, out, _ = check(action, repository, path="corpus", **{"schema-only": "true", "against": revision})
        assert status == 2
        assert re.search(rf"^::error title=(git-failed|argument-invalid)::.*{why}", out, re.M), out


def test_inputs_of_the_action_run_nothing(repository: Path, action: dict[str, Any]) -> None:
    status, out, _ = check(action, repository, path="$(touch ran); `touch ran`", **{"schema-only": "true"})
    assert status == 2
    assert "project-missing" in out
    assert not (repository / "ran").exists()


def test_several_formats_at_once(corpus: Path) -> None:
    edit(corpus / "schemas/articles.yaml", "^https?://", "^ftp://")
    formats = "--format github,json=out/a.json --format junit=b.xml"
    status, out, _ = run_here(f"python -m broadsheet check --schema-only {formats}", corpus)
    assert status == 1
    assert out.startswith("::error file=schemas/articles.yaml")
    assert '"status": 1' in (corpus / "out/a.json").read_text("utf-8")
    assert '<failure type="schema-loosened"' in (corpus / "b.xml").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--format", "xml"], "expected one of text, json, junit, github"),
        (["--format", "junit="], "expected one of"),
        (["--format", "junit,json"], "junit and json cannot both go to stdout"),
        (["--format", "junit=a,json=b", "--output", "c"], "--output has nothing to take"),
    ],
)
def test_formats_that_cannot_be_are_told(options: list[str], said: str, small: Path) -> None:
    done = invoke("check", small, "--schema-only", *options)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "[argument-invalid]" in done.stderr


def test_a_report_that_cannot_be_written_is_told(small: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = invoke("check", small, "--schema-only", "--format", "junit", "--output", tmp_path / "file/report.xml")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "[write-failed]" in done.stderr


def test_the_hook_checks_what_it_is_called_for(repository: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert (hook["id"], hook["language"], hook["pass_filenames"]) == ("broadsheet-check", "python", False)
    matching = [p for p in ("datapackage.yaml", "schemas/links.yaml", "sources/a.md") if re.search(hook["files"], p)]
    assert matching == ["datapackage.yaml", "schemas/links.yaml"]
    corpus = repository / "corpus"
    assert run(shlex.join(shlex.split(hook["entry"])), corpus)[0] == 0
    edit(corpus / "schemas/links.yaml", "type: string", "type: strng")
    assert run(hook["entry"], corpus)[0] == 2


def test_schemas_are_checked_without_heavy_libraries(small: Path) -> None:
    code = (
        "import sys\nfrom broadsheet.cli import app\n"
        f"try: app(['check', '--schema-only', '-C', {str(small)!r}])\nexcept SystemExit as end: assert not end.code\n"
        "from broadsheet.project import load_project\n"
        "heavy = {'pandas', 'pyarrow', 'numpy', 'duckdb', 'frictionless', 'datasets', 'broadsheet.engine'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
