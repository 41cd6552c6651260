"""One built and packaged copy of the sample corpus for all tests of the documentation."""

import shutil
from pathlib import Path

import pytest
from docs_pages import run_broadsheet
from regenerate import copy_project


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's project, built and packaged. Tests that write use `workplace`."""
    project = copy_project(tmp_path_factory.mktemp("documented"))
    run_broadsheet(["build", "--jobs", "1", "-C", str(project)])
    run_broadsheet(["package", "-C", str(project)])
    return project


@pytest.fixture
def workplace(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the built project to run commands in: what a reader has after `make dataset`."""
    place = tmp_path / "checkout"
    shutil.copytree(sample, place)
    monkeypatch.chdir(place)
    return place
