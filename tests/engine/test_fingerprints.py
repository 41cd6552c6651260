"""No code that rows depend on may be missing from the hashes that decide what is built again."""

from pathlib import Path

import grimp
import pytest

import broadsheet
from broadsheet.engine import fingerprints

PACKAGE = Path(broadsheet.__file__).parent
# What these decide is hashed in another way (the settings of a collection) or changes no row.
NO_ROW = {
    "broadsheet", "broadsheet.blocklist", "broadsheet.findings", "broadsheet.project", "broadsheet.typed_yaml",
    "broadsheet.engine.disk",
}  # fmt: skip


def behind(*roots: str) -> set[str]:
    """Every module of some packages, and all that they import."""
    graph = grimp.build_graph("broadsheet", exclude_type_checking_imports=True)
    modules = {m for m in graph.modules for root in roots if m == root or m.startswith(f"{root}.")}
    return modules.union(*(graph.find_upstream_modules(m) for m in modules))


def hashed(module: str, paths: tuple[str, ...]) -> bool:
    name = module.removeprefix("broadsheet.").replace(".", "/")
    return any(path in {name, f"{name}.py"} or name.startswith(f"{path}/") for path in paths)


@pytest.mark.parametrize(
    ("roots", "paths"),
    [
        (
            ("broadsheet.parse", "broadsheet.annotate", "broadsheet.engine.process"),
            (*fingerprints.ROW_CODE, *fingerprints.ANNOTATE_CODE, "parse"),
        ),
        (("broadsheet.resolve",), fingerprints.CORPUS_CODE),
    ],
)
def test_every_module_rows_depend_on_is_hashed(roots: tuple[str, ...], paths: tuple[str, ...]) -> None:
    assert sorted(m for m in behind(*roots) - NO_ROW if not hashed(m, paths)) == []


def test_every_hashed_path_exists() -> None:
    paths = (*fingerprints.ROW_CODE, *fingerprints.ANNOTATE_CODE, *fingerprints.CORPUS_CODE)
    assert [path for path in paths if not (PACKAGE / path).exists()] == []
