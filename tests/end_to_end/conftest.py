"""What is built once for all end-to-end tests. Tests must not change what these fixtures give; they copy it."""

import os
from pathlib import Path

import pytest
from e2e_tools import ROOT, collect, invoke


@pytest.fixture(scope="session")
def sample(packaged_sample: Path) -> Path:
    """The project of this repository, built by one process and packaged."""
    return packaged_sample


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of the five files in five layouts, below its own sources/, with nothing built."""
    project = tmp_path_factory.mktemp("e2e") / "small"
    collect(project / "sources")
    assert invoke("init", project, "--source", project / "sources").exit_code == 0
    return project


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real files and hand annotation beside the repository."""
    folder = Path(os.environ.get("BROADSHEET_SHARED", ROOT.parent / "shared"))
    if not (folder / "seeds").is_dir():
        pytest.skip("no real files here: ../shared is absent and BROADSHEET_SHARED is not set")
    return folder
