"""The wheel: it carries all it needs, and works away from the repository."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from e2e_tools import EPOCH, ROOT, TABLES, copy_sample

ONE_AFTER_THE_OTHER = """\
import runpy, sys
ran = 0
for words in {commands}:
    sys.argv = ["broadsheet", *words]
    try:
        runpy.run_module("broadsheet", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if end.code:
            raise
    ran += 1
print("broadsheet ran", ran, "times")
"""
"""`python -m broadsheet` four times in one process, which imports and reads the packs once."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built by hatchling, as `make wheel` does, but elsewhere."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that holds the wheel and, from this environment, only what others wrote.

    A `.pth` line adds this environment's site-packages, but the `.pth` files there are not read a second time, so the
    editable install of the repository is out of reach.
    """
    home = tmp_path_factory.mktemp("environment") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    python = home / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    words = ["install", "--quiet", "--no-deps", "--no-index", "--no-compile", str(wheel)]
    done = subprocess.run([*pip, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (site,) = home.glob("lib/python*/site-packages")
    (site / "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def run(python: Path, *words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = [str(python), *map(str, words)]
    return subprocess.run(
        command,
        cwd=cwd,
        env={**environment, "SOURCE_DATE_EPOCH": EPOCH},
        capture_output=True,
        text=True,
        check=False,
    )


def test_wheel_carries_schemas_packs_profiles_and_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        names = set(opened.namelist())
    assert {f"broadsheet/schema/core/{table}.yaml" for table in TABLES} <= names
    assert {"broadsheet/py.typed", "broadsheet/__main__.py"} <= names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    # whatever is in the package's folder here, data or code, is there
    source = ROOT / "src"
    files = {file.relative_to(source).as_posix() for file in (source / "broadsheet").rglob("*") if file.is_file()}
    here = {name for name in files if "__pycache__" not in name}
    assert {Path(name).suffix for name in here} >= {".py", ".yaml", ".csv"}
    assert here - names == set()
    assert not [name for name in names if name.startswith(("tests", "sources", "build", "dist/"))]


def test_wheel_alone_makes_both_packages(installed: Path, tmp_path: Path) -> None:
    shared = Path(os.environ.get("BROADSHEET_SHARED", ROOT.parent / "shared")) / "seeds"
    source = shared if shared.is_dir() else copy_sample(tmp_path / "sample") / "sources" / "river-times"
    where = run(installed, "-c", "import broadsheet; print(broadsheet.__file__)", cwd=tmp_path)
    assert Path(where.stdout.strip()).is_relative_to(installed.parents[1]), where.stderr
    verbs = (
        ("init", "corpus", "--source", source),
        *((verb, "-C", "corpus") for verb in ("build", "check", "package")),
    )
    code = ONE_AFTER_THE_OTHER.format(commands=[[str(word) for word in words] for words in verbs])
    done = run(installed, "-c", code, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "broadsheet ran 4 times"
    report = json.loads((tmp_path / "corpus/build/report.json").read_text("utf-8"))
    assert list(report["tables"]) == list(TABLES)
    assert min(report["tables"][name]["rows"] for name in ("articles", "mentions", "events")) >= 5
    assert (tmp_path / "corpus/dist/datapackage/datapackage.json").is_file()
    assert (tmp_path / "corpus/dist/huggingface/README.md").is_file()
