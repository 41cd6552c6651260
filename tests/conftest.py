"""Shared by the tests of every stage after the build: one small project of linked rows, and its packages."""

import linked
import pytest

from broadsheet.package import PackageReport, package
from broadsheet.project import Project


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with a finished build; tests must not change it."""
    return linked.write_project(tmp_path_factory.mktemp("corpus") / "project")


@pytest.fixture(scope="session")
def packaged(project: Project) -> PackageReport:
    """Both packages of that project; tests must not change them."""
    return package(project, project.build_dir, project.dist_dir)
