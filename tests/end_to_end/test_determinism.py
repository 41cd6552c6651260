"""The same files give the same bytes: whatever the workers, the hash seed, the locale, the zone, the order on disk.

`sample` was built from scratch in this process by one worker; everything here is compared with it.
"""

import random
import shutil
from collections.abc import Iterable
from pathlib import Path

from e2e_tools import broadsheet, built, copy_sample, differing, files_of, invoke


def mixed(files: Iterable[Path]) -> list[Path]:
    ordered = sorted(files)
    random.Random(7).shuffle(ordered)
    return ordered


def test_another_process_gives_the_same_bytes(sample: Path, tmp_path: Path) -> None:
    """Two workers instead of one, and an environment in which nothing is as it was."""
    elsewhere = {
        "PYTHONHASHSEED": "2",
        "LC_ALL": "tr_TR.UTF-8",
        "TZ": "America/St_Johns",
        "PYTHONUTF8": "0",  # paths are ASCII then, and those of this project hold other bytes
    }
    project = copy_sample(tmp_path / "another place 别处", mixed)
    for words in (("build", "--jobs", "2"), ("package",)):
        done = broadsheet(*words, "-C", project, env=elsewhere, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    assert len(files_of(sample / "dist")) > 40
    assert differing(built(sample), built(project)) == []
    assert differing(files_of(sample / "dist"), files_of(project / "dist")) == []


def test_a_build_that_grew_is_a_build_from_scratch(sample: Path, tmp_path: Path) -> None:
    """Half of the files, then others, then all: the cache leaves no trace."""
    project, aside = copy_sample(tmp_path / "project"), tmp_path / "aside"
    files = sorted(file for file in (project / "sources").rglob("*") if file.is_file())
    for step in (2, 3):
        shutil.rmtree(aside, ignore_errors=True)
        for file in files[::step]:
            place = aside / file.relative_to(project)
            place.parent.mkdir(parents=True, exist_ok=True)
            file.rename(place)
        assert invoke("build", "-C", project, "--jobs", "1").exit_code == 0
        assert differing(built(sample), built(project)) != []
        for file in files[::step]:
            (aside / file.relative_to(project)).rename(file)
    assert invoke("build", "-C", project, "--jobs", "1").exit_code == 0
    assert invoke("package", "-C", project).exit_code == 0
    assert differing(built(sample), built(project)) == []
    assert differing(files_of(sample / "dist"), files_of(project / "dist")) == []


def test_packaging_again_over_other_packages_gives_the_same_bytes(sample: Path, tmp_path: Path) -> None:
    project = copy_sample(tmp_path / "project")
    shutil.copytree(sample / "build", project / "build")
    for name in ("datapackage", "huggingface"):
        (project / "dist" / name / "data").mkdir(parents=True)
        (project / "dist" / name / "data" / "left.csv").write_text("from an older version")
    assert invoke("package", "-C", project).exit_code == 0
    assert differing(files_of(sample / "dist"), files_of(project / "dist")) == []
