"""A build that is killed or finds the disk full: nothing half-written is trusted, and the next one completes."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import engine_fakes as fakes
import pyarrow.parquet as pq
import pytest
from engine_fakes import FakeAnnotator, put, write_project

import forked
from broadsheet.engine import BuildReport, build, disk
from broadsheet.findings import BroadsheetError
from broadsheet.project import load_project

FILES = 4

WARM = ("duckdb", "pyarrow.compute", "pyarrow.parquet", "engine_fakes", "broadsheet.engine")


def build_until() -> None:
    """Build a project; the process is killed at one of its renames. Runs in a process of its own."""
    left, when = int(sys.argv[2]), sys.argv[3]
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        # every file comes into its place by a rename, so these are all the points that matter
        nonlocal left
        left -= 1
        if left < 0 and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        done = real(self, target)
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    Path.replace = replace  # type: ignore[method-assign, assignment]
    run(Path(sys.argv[1]))


def run(root: Path) -> BuildReport:
    return build(load_project(root), annotator=FakeAnnotator, jobs=1)


def killed(root: Path, point: int, when: str) -> bool:
    """Build in a process that is killed at its `point`-th rename; whether it was."""
    done = forked.run(f"{__name__}:build_until", root, str(point), when, warm=(*WARM, __name__))
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


def trusted(root: Path) -> bool:
    """Whether the build in place calls itself finished; if it does, it must be."""
    report = root / "build/report.json"
    if not report.exists():
        return False
    for name, facts in json.loads(report.read_text())["tables"].items():
        file = root / f"build/{name}.parquet"
        assert file.stat().st_size == facts["bytes"]
        assert pq.read_table(file).num_rows == facts["rows"]
    return True


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was built; tests change copies of it."""
    root = write_project(tmp_path_factory.mktemp("whole") / "p", FILES)
    run(root)
    return root


@pytest.fixture
def root(whole: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(whole, tmp_path / "p")


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What an undisturbed build of the changed project gives."""
    root = write_project(tmp_path_factory.mktemp("expected") / "p", FILES)
    change(root)
    run(root)
    return fakes.bytes_of(root)


def change(root: Path) -> None:
    put(root, "0.md", fakes.article(40))
    put(root, "9.md", fakes.article(41))
    (root / "sources/one/1.md").unlink()


# a build of this change renames: 3 shards or fewer, the manifest, ten staged tables, ten tables, the report
@pytest.mark.parametrize(
    ("point", "when"),
    [(0, "before"), (1, "after"), (3, "before"), (8, "before"), (14, "after"), (19, "before"), (23, "after")],
)
def test_killed_build_is_completed_by_the_next(root: Path, expected: dict[str, bytes], point: int, when: str) -> None:
    before = fakes.bytes_of(root)
    change(root)
    killed(root, point, when)
    if trusted(root):
        assert fakes.bytes_of(root) in (before, expected)
    run(root)
    assert fakes.bytes_of(root) == expected
    assert not list((root / "build").rglob("*.tmp"))
    assert not list((root / "build/.staging").glob("*"))


def test_the_points_above_reach_the_end(tmp_path: Path) -> None:
    root = write_project(tmp_path / "p", FILES)
    assert killed(root, 20, "before")
    assert not killed(root, 60, "before")


def test_killed_build_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write_project(tmp_path / "p", FILES)
    monkeypatch.setattr(import_module("broadsheet.engine.build"), "COMMIT_SECONDS", -1)
    refuse(monkeypatch, "replace", lambda file: "shard" in file.name, 2)
    with pytest.raises(BroadsheetError):
        run(root)
    monkeypatch.undo()
    assert run(root).processed == FILES - 2


def refuse(monkeypatch: pytest.MonkeyPatch, name: str, which: Callable[[Path], bool], after: int = 0) -> None:
    """Let `Path.<name>` say that the disk is full, for some files, from the `after`-th on."""
    real = getattr(Path, name)
    left = [after]

    def full(self: Path, *args: object, **options: object) -> object:
        if which(self):
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
        return real(self, *args, **options)

    monkeypatch.setattr(Path, name, full)


@pytest.mark.parametrize("what", ["shard-", "manifest", "mentions.parquet", "report.json"])
@pytest.mark.parametrize("name", ["open", "replace"])
def test_full_disk(
    root: Path, monkeypatch: pytest.MonkeyPatch, expected: dict[str, bytes], what: str, name: str
) -> None:
    before = fakes.bytes_of(root)
    change(root)
    refuse(monkeypatch, name, lambda file: what in file.name and (name != "open" or file.name.endswith(".tmp")))
    with pytest.raises(BroadsheetError) as caught:
        run(root)
    monkeypatch.undo()
    found = caught.value.finding
    assert found.code == "write-failed"
    assert "No space left on device" in found.message
    assert found.path is not None
    assert what in found.path
    if trusted(root):
        assert fakes.bytes_of(root) == before
    run(root)
    assert fakes.bytes_of(root) == expected


def test_full_disk_in_the_middle_of_a_file(tmp_path: Path) -> None:
    def fill(stream: object) -> None:
        stream.write(b"half")  # type: ignore[attr-defined]
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(BroadsheetError):
        disk.write(tmp_path / "a", fill)
    assert [file.name for file in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


def test_build_folder_that_is_a_file(tmp_path: Path) -> None:
    root = write_project(tmp_path / "p", 1)
    (root / "build").write_text("in the way")
    with pytest.raises(BroadsheetError) as caught:
        run(root)
    assert caught.value.finding.code == "write-failed"


def test_damaged_cache(root: Path) -> None:
    whole = fakes.bytes_of(root)
    (root / "build/.cache/manifest.json").write_text('{"format": 1, "shards": {"0": 7}}')
    assert run(root).processed == FILES
    shard = sorted((root / "build/.cache").glob("shard-*"))[0]
    shard.write_bytes(shard.read_bytes()[:100])
    assert run(root).processed == 1
    assert fakes.bytes_of(root) == whole


def test_locked_project(tmp_path: Path) -> None:
    root = write_project(tmp_path / "p", 1)
    code = (
        "import sys, time; from pathlib import Path; from broadsheet.engine.lock import locked\n"
        "with locked(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(root / "build")], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(BroadsheetError) as caught:
            run(root)
        assert caught.value.finding.code == "build-locked"
        assert str(holder.pid) in caught.value.finding.message
    finally:
        holder.kill()
        holder.wait()
    assert run(root).tables["articles"].rows == 1
