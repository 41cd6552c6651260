"""Every seeded fault is found, with its code, at its place, and nothing else; the clean package is clean."""

import json
from pathlib import Path

import pytest
from faults import FAULTS, Fault
from forgery import FORMS, clean_project, copied, subject
from typer.testing import CliRunner

from broadsheet.cli import app


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clean_project(tmp_path_factory.mktemp("faults") / "project")


def checked(path: Path, *options: str) -> tuple[int, list[dict]]:
    """Exit status and findings of `broadsheet check`."""
    done = CliRunner().invoke(app, ["check", str(path), "--format", "json", *options])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, json.loads(done.stdout)["findings"]


@pytest.mark.parametrize("form", ["build", "dist", "datapackage.zip"])
def test_the_clean_one_has_no_findings_of_any_severity(clean: Path, form: str) -> None:
    path = clean / "dist" / form if form.endswith(".zip") else clean / form
    assert checked(path, "--strict") == (0, [])


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_seeded_fault_is_found(clean: Path, tmp_path: Path, fault: Fault) -> None:
    copy = copied(clean, fault.form, tmp_path / "spoiled")
    fault.spoil(copy)
    status, findings = checked(subject(copy, fault.form), *fault.options)
    found = [one for one in findings if one["code"] == fault.code and one["severity"] == fault.severity]
    assert found, findings
    for key in ("resource", "field"):
        expected = getattr(fault, key)
        assert expected is None or expected in {one.get(key) for one in found}, findings
    assert any(fault.says in one["message"] for one in found), findings
    assert {one["code"] for one in findings} <= {fault.code, *fault.also}
    assert status == fault.status


def test_there_are_enough_faults_of_every_form() -> None:
    assert len(FAULTS) >= 36
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    assert {fault.form for fault in FAULTS} == set(FORMS)
