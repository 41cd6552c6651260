import os
from pathlib import Path

import pytest

from broadsheet.check import check_path
from broadsheet.findings import BroadsheetError
from broadsheet.package import PackageReport
from broadsheet.release import publish


def test_everything_arrives_and_nothing_twice(packaged: PackageReport, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "site"
    first = publish(packaged.dist, str(target))
    assert sorted(first.copied) == [file.path for file in packaged.files]
    assert first.bytes == sum(file.bytes for file in packaged.files)
    assert check_path(target).status(strict=True) == 0
    stamps = {file: file.stat().st_mtime_ns for file in target.rglob("*")}
    again = publish(packaged.dist, str(target))
    assert (again.copied, again.removed, len(again.unchanged)) == ((), (), len(packaged.files))
    assert {file: file.stat().st_mtime_ns for file in target.rglob("*")} == stamps


def test_only_what_differs_is_copied_and_what_is_gone_removed(packaged: PackageReport, tmp_path: Path) -> None:
    publish(packaged.dist, str(tmp_path / "site"))
    (tmp_path / "site" / "datapackage" / "LICENSE").write_text("changed")
    (tmp_path / "site" / "huggingface" / "data" / "old.parquet").write_text("old")
    (tmp_path / "site" / "index.html").write_text("mine")
    report = publish(packaged.dist, str(tmp_path / "site"))
    assert report.copied == ("datapackage/LICENSE",)
    assert report.removed == ("huggingface/data/old.parquet",)
    assert (tmp_path / "site" / "index.html").read_text() == "mine"
    assert not (tmp_path / "site" / "huggingface" / "data" / "old.parquet").exists()


def test_descriptors_come_after_what_they_describe(packaged: PackageReport, tmp_path: Path) -> None:
    order = publish(packaged.dist, str(tmp_path / "site"), dry_run=True).copied
    assert order.index("datapackage/datapackage.json") > order.index("datapackage/parquet/sources.parquet")
    assert order.index("huggingface/README.md") > order.index("huggingface/data/sources/train-00000-of-00001.parquet")


def test_a_dry_run_writes_nothing(packaged: PackageReport, tmp_path: Path) -> None:
    report = publish(packaged.dist, str(tmp_path / "site"), dry_run=True)
    assert (report.dry_run, len(report.copied)) == (True, len(packaged.files))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("target", ["hf:owner/name", "s3://bucket/x", "https://example.org", "  "])
def test_other_targets_are_refused_in_words(packaged: PackageReport, target: str) -> None:
    with pytest.raises(BroadsheetError) as caught:
        publish(packaged.dist, target)
    assert caught.value.finding.code == "target-invalid"


def test_the_packages_themselves_are_no_target(packaged: PackageReport, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for target in (packaged.dist, packaged.dist / "site", packaged.dist / "huggingface", tmp_path / "file"):
        with pytest.raises(BroadsheetError) as caught:
            publish(packaged.dist, str(target))
        assert caught.value.finding.code == "target-invalid"


def test_nothing_packaged_is_nothing_to_publish(tmp_path: Path) -> None:
    with pytest.raises(BroadsheetError, match="package-invalid"):
        publish(tmp_path / "dist", str(tmp_path / "site"))


def test_what_arrives_is_read_back(packaged: PackageReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lossy(source, written) -> None:
        written.write(source.read()[:-1])

    monkeypatch.setattr("broadsheet.release.targets.folder.shutil.copyfileobj", lossy)
    with pytest.raises(BroadsheetError, match="hash-mismatch"):
        publish(packaged.dist, str(tmp_path / "site"))


def test_a_full_disk_is_said_and_the_next_run_completes(
    packaged: PackageReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    real = os.fsync

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 5:
            raise OSError(28, "No space left on device")
        real(descriptor)

    monkeypatch.setattr("broadsheet.release.targets.folder.os.fsync", full)
    with pytest.raises(BroadsheetError, match="write-failed"):
        publish(packaged.dist, str(tmp_path / "site"))
    report = publish(packaged.dist, str(tmp_path / "site"))
    assert len(report.unchanged) == 4
    assert check_path(tmp_path / "site").status(strict=True) == 0
