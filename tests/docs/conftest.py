"""One built and packaged copy of the sample corpus for all tests of the documentation."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def sample(packaged_sample: Path) -> Path:
    """The repository's project, built and packaged. Tests that write use `workplace`."""
    return packaged_sample


@pytest.fixture
def workplace(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the built project to run commands in: what a reader has after `make dataset`."""
    place = tmp_path / "checkout"
    shutil.copytree(sample, place)
    monkeypatch.chdir(place)
    return place
