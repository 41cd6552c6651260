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
def project_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's project without build/ and dist/."""
    home = tmp_path_factory.mktemp("sample")
    shutil.copy(ROOT / "datapackage.yaml", home)
    for folder in ("sources", "schemas"):
        shutil.copytree(ROOT / folder, home / folder)
    return home


@pytest.fixture(scope="session")
def tables(project_copy: Path) -> dict[str, list[dict[str, Any]]]:
    """The ten tables of a build from scratch, as lists of rows."""
    try:
        from broadsheet.engine import build
        from broadsheet.project import load_project
    except ImportError as missing:
        pytest.skip(f"the engine cannot be imported: {missing}")
    import pyarrow.parquet as pq

    build(load_project(project_copy), jobs=1)
    return {name: pq.read_table(project_copy / "build" / f"{name}.parquet").to_pylist() for name in TABLES}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One case per file for every test that asks for `path`."""
    if "path" in metafunc.fixturenames:
        expected = yaml.safe_load(Path(__file__).with_name("expectations.yaml").read_text(encoding="utf-8"))
        names = sorted(expected["files"])
        metafunc.parametrize("path", names, ids=[name.removeprefix("sources/") for name in names])
