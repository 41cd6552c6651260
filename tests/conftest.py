"""Shared by all tests: settings, one small project of linked rows, and its packages."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import linked
import pytest
from hypothesis import settings

from broadsheet.engine import build
from broadsheet.package import PackageReport, package
from broadsheet.project import Project, load_project

pytest.register_assert_rewrite("frame_examples", "parse_tools", "profile_examples")

# Several processes share the cores: how long one example takes says nothing. `make fuzz` searches for long.
settings.register_profile("here", deadline=None)
settings.register_profile("fuzz", max_examples=20_000, deadline=None)
settings.load_profile("here")


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk() -> Iterator[None]:
    """Nothing is flushed to the disk: only a machine that loses its power could tell, and no test takes it away."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        yield


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with a finished build; tests must not change it."""
    return linked.write_project(tmp_path_factory.mktemp("corpus") / "project")


@pytest.fixture(scope="session")
def packaged(project: Project) -> PackageReport:
    """Both packages of that project; tests must not change them."""
    return package(project, project.build_dir, project.dist_dir)


def once(factory: pytest.TempPathFactory, worker_id: str, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that the first worker to come makes, and all workers use."""
    base = factory.getbasetemp()
    place = (base if worker_id == "master" else base.parent) / name
    done = place.with_suffix(".done")
    with place.with_suffix(".lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not done.exists():
            make(place)
            done.touch()
    return place


@pytest.fixture(scope="session")
def built_sample(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The project of this repository, built from scratch by one process; tests copy it."""

    def make(place: Path) -> None:
        repository = Path(__file__).parents[1]
        place.mkdir()
        shutil.copy2(repository / "datapackage.yaml", place)
        for name in ("schemas", "sources"):
            shutil.copytree(repository / name, place / name)
        build(load_project(place), jobs=1)

    return once(tmp_path_factory, worker_id, "built-sample", make)


@pytest.fixture(scope="session")
def packaged_sample(built_sample: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The same, packaged; tests must not change it."""

    def make(place: Path) -> None:
        project = load_project(shutil.copytree(built_sample, place))
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SOURCE_DATE_EPOCH", linked.EPOCH)
            assert package(project, project.build_dir, project.dist_dir).status == 0

    return once(tmp_path_factory, worker_id, "packaged-sample", make)
