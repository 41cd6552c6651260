"""What only a folder can do to those who publish to it."""

import errno
import os
from pathlib import Path

import pytest
from places import contents

from broadsheet.engine.lock import alone
from broadsheet.findings import BroadsheetError
from broadsheet.package.write import replace_parts
from broadsheet.release import publish
from broadsheet.release.targets import Unwatched
from broadsheet.release.targets.model import Wanted
from broadsheet.release.targets.opening import opened


def test_the_packages_themselves_are_no_target(dist: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for target in (dist, dist / "site", dist / "huggingface", tmp_path / "file"):
        with pytest.raises(BroadsheetError) as caught:
            publish(dist, str(target))
        assert caught.value.finding.code == "target-invalid"


def test_a_link_in_the_target_is_not_written_through(dist: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "datapackage").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BroadsheetError, match="target-invalid"):
        publish(dist, str(tmp_path / "site"))
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_full_disk_is_said_and_the_next_run_completes(
    dist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    real = os.fsync

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 5:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr("broadsheet.release.targets.folder.os.fsync", full)
        with pytest.raises(BroadsheetError, match="No space left on device") as caught:
            publish(dist, str(tmp_path / "site"))
    assert caught.value.finding.code == "write-failed"
    report = publish(dist, str(tmp_path / "site"))
    assert len(report.unchanged) == 4
    assert contents(tmp_path / "site") == contents(dist)


def test_half_a_copy_is_never_seen_under_its_name(dist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(dist, str(tmp_path / "site"))
    before = contents(tmp_path / "site")
    (tmp_path / "site/datapackage/datapackage.json").write_text("{}")

    def lost(self: Path, target: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", lost)
        with pytest.raises(KeyboardInterrupt):
            publish(dist, str(tmp_path / "site"))
    assert (tmp_path / "site/datapackage/datapackage.json").read_text() == "{}"
    publish(dist, str(tmp_path / "site"))
    assert contents(tmp_path / "site") == before


def test_options_of_the_hub_are_refused(dist: Path, tmp_path: Path) -> None:
    for option in ({"private": True}, {"revision": "next"}, {"tag": "1.0.0"}):
        with pytest.raises(BroadsheetError) as caught:
            publish(dist, str(tmp_path / "site"), **option)  # type: ignore[arg-type]
        assert caught.value.finding.code == "argument-invalid"


def test_a_file_that_changed_meanwhile_is_not_shown(dist: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"

    class Changing(Unwatched):
        def stage(self, name: str, total: int) -> None:
            if name == "send":
                (dist / "datapackage/csv/events.csv").write_text("id,text\n0,other\n", "utf-8")

    with pytest.raises(BroadsheetError, match="changed while it was published"):
        publish(dist, str(site), watcher=Changing())
    assert not (site / "datapackage/csv/events.csv").exists()
    assert not list(site.rglob("*.new"))


def test_a_descriptor_that_is_gone_is_told(tmp_path: Path) -> None:
    wanted = Wanted("datapackage/datapackage.json", tmp_path / "x", 1, "")
    found = [*opened([wanted], lambda path: (tmp_path / path).open("rb"))]
    assert [(one.code, one.path) for one in found] == [("table-missing", "datapackage/datapackage.json")]


def test_nobody_packages_or_publishes_meanwhile(dist: Path, tmp_path: Path) -> None:

    def fill(spare: Path) -> None:
        (spare / "a").write_text("one")
        for other in (lambda: replace_parts(dist, ["a"], fill), lambda: publish(dist, str(tmp_path / "site"))):
            with pytest.raises(BroadsheetError, match="package-locked"):
                other()
        assert (spare / "a").is_file()

    replace_parts(dist, ["a"], fill)
    assert (dist / "a").read_text() == "one"
    assert publish(dist, str(tmp_path / "site")).status() == 0
    with alone(dist, reading=True), alone(dist, reading=True), pytest.raises(BroadsheetError, match="package-lock"):
        replace_parts(dist, ["a"], fill)
