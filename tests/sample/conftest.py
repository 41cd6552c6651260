"""What the tests of the sample corpus share: the descriptor, the expectations, and one build of the project."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TABLES = (
    "sources",
    "articles",
    "media",
    "links",
    "entities",
    "mentions",
    "events",
    "event_participants",
    "event_reports",
    "rejects",
)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def descriptor() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "datapackage.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def expectations() -> dict[str, Any]:
    return yaml.safe_load(Path(__file__).with_name("expectations.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def project_copy(built_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's project, built from scratch."""
    return shutil.copytree(built_sample, tmp_path_factory.mktemp("sample") / "project")


@pytest.fixture(scope="session")
def tables(project_copy: Path) -> dict[str, list[dict[str, Any]]]:
    """The ten tables of its build, as lists of rows."""
    import pyarrow.parquet as pq

    return {name: pq.read_table(project_copy / "build" / f"{name}.parquet").to_pylist() for name in TABLES}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One case per file for every test that asks for `path`."""
    if "path" in metafunc.fixturenames:
        expected = yaml.safe_load(Path(__file__).with_name("expectations.yaml").read_text(encoding="utf-8"))
        names = sorted(expected["files"])
        metafunc.parametrize("path", names, ids=[name.removeprefix("sources/") for name in names])
