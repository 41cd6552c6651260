"""Shared by all tests: settings, one small project of linked rows, and its packages."""

import linked
import pytest
from hypothesis import settings

from broadsheet.package import PackageReport, package
from broadsheet.project import Project

pytest.register_assert_rewrite("frame_examples", "parse_tools", "profile_examples")

# Several processes share the cores: how long one example takes says nothing. `make fuzz` searches for long.
settings.register_profile("here", deadline=None)
settings.register_profile("fuzz", max_examples=20_000, deadline=None)
settings.load_profile("here")


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with a finished build; tests must not change it."""
    return linked.write_project(tmp_path_factory.mktemp("corpus") / "project")


@pytest.fixture(scope="session")
def packaged(project: Project) -> PackageReport:
    """Both packages of that project; tests must not change them."""
    return package(project, project.build_dir, project.dist_dir)
