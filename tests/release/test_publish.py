"""Publishing, the same for a folder, a bucket and the Hub. Servers are on loopback: see conftest.py and mock_hub.py."""

import hashlib
import json
import logging
import os
import traceback
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest
from mock_hub import DIE
from places import SECRET, SECRETS, SESSION, InFolder, OnHub, Place, write_dist, write_sums
from typer.testing import CliRunner

from broadsheet.cli import app
from broadsheet.findings import BroadsheetError
from broadsheet.package import PackageReport
from broadsheet.project import load_project
from broadsheet.release import publish
from broadsheet.release.targets.s3 import Bucket

REPORT = b'{"rights": "RIGHTS"}'


class KilledError(BaseException):
    """What a signal does: nobody catches it."""


def class_of(place: Place) -> type:
    module, _, name = place.module.rpartition(".")
    found: type = getattr(import_module(module), name)
    return found


def kill_after(place: Place, operation: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process die as soon as the target has carried out so many writes."""
    done = Counter[str]()

    def mortal(name: str) -> None:
        real = getattr(class_of(place), name)

        def write(self: object, *args: object) -> None:
            real(self, *args)
            done["writes"] += 1
            if done["writes"] == operation:
                raise KilledError

        monkeypatch.setattr(f"{place.module}.{name}", write)

    for name in ("prepare", "put", "remove", "finish"):
        mortal(name)


class Recorder:
    """Bytes told, by stage."""

    def __init__(self) -> None:
        self.totals: list[tuple[str, int]] = []
        self.told: list[int] = []

    def stage(self, name: str, total: int) -> None:
        self.totals.append((name, total))
        self.told.append(0)

    def advance(self, count: int) -> None:
        self.told[-1] += count


def test_everything_arrives_and_nothing_twice(place: Place, dist: Path) -> None:
    recorder = Recorder()
    first = publish(dist, place.target, watcher=recorder)
    assert place.read() == place.wanted(dist)
    assert sorted(first.new) == sorted(place.wanted(dist))
    assert (first.changed, first.removed, first.unchanged, first.status()) == ((), (), (), 0)
    assert first.bytes == sum(map(len, place.wanted(dist).values()))
    assert first.verified == len(first.new)
    assert [name for name, _ in recorder.totals] == ["hash", "compare", "send", "verify", "load"]
    assert [total for _, total in recorder.totals] == [first.bytes, 0, first.bytes, first.bytes, 0]
    assert recorder.told == [total for _, total in recorder.totals]
    again = publish(dist, place.target)
    assert (again.new, again.changed, again.removed, again.bytes) == ((), (), (), 0)
    assert again.unchanged == first.new
    assert again.revision == first.revision


def test_only_what_differs_is_sent_and_what_is_gone_removed(place: Place, dist: Path, tmp_path: Path) -> None:
    publish(dist, place.target)
    place.write(place.stale, b"old")
    place.write(place.foreign, b"mine")
    changed = write_dist(tmp_path / "changed", note="a note")
    report = publish(changed, place.target)
    wanted, before = place.wanted(changed), place.wanted(dist)
    assert sorted(report.changed) == sorted(path for path, data in wanted.items() if data != before[path])
    assert 0 < len(report.changed) < len(wanted)
    assert (report.new, report.removed) == ((), (place.stale,))
    assert place.read() == wanted | {place.foreign: b"mine"}


def test_a_dry_run_writes_nothing(place: Place, dist: Path) -> None:
    report = publish(dist, place.target, dry_run=True)
    assert (report.dry_run, sorted(report.new), report.verified) == (True, sorted(place.wanted(dist)), 0)
    assert place.read() == {}
    if isinstance(place, OnHub):
        assert place.hub.repositories == {}
        assert place.hub.asked("^(POST|PUT|DELETE)") == 0
    if isinstance(place, InFolder):
        assert not place.root.exists()


@pytest.mark.parametrize("place", ["in_folder", "on_hub"], indirect=True)
def test_descriptors_come_after_what_they_describe(place: Place, dist: Path) -> None:
    order = publish(dist, place.target, dry_run=True).new
    data = [at for at, path in enumerate(order) if path.endswith((".parquet", ".csv", ".zip"))]
    descriptors = [at for at, path in enumerate(order) if path.endswith(("datapackage.json", "README.md"))]
    sums = [at for at, path in enumerate(order) if path.endswith("SHA256SUMS")]
    assert max(data) < min(descriptors)
    assert max(descriptors) < min(sums)


@pytest.mark.parametrize(
    ("place", "operation"),
    [("in_folder", n) for n in range(1, 14)] + [("on_hub", n) for n in range(1, 8)] + [("in_bucket", 6)],
    indirect=["place"],
)
def test_killed_after_any_write_the_next_run_sends_the_rest(
    place: Place, dist: Path, tmp_path: Path, operation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write(place.stale, b"old")
    monkeypatch.setattr(f"{place.module}.load", lambda self, files: iter(()))
    with monkeypatch.context() as patch:
        kill_after(place, operation, patch)
        with pytest.raises(KilledError):
            publish(dist, place.target)
    there = place.read()
    arrived = {path for path, data in place.wanted(dist).items() if there.get(path) == data}
    report = publish(dist, place.target)
    assert place.read() == place.wanted(dist)
    assert set(report.unchanged) == arrived
    assert set(report.new) | set(report.changed) == set(place.wanted(dist)) - arrived
    if isinstance(place, OnHub):
        sent = Counter(line for line in place.hub.requests if line.startswith("PUT /lfs/"))
        assert (len(sent), set(sent.values())) == (2, {1})
        assert place.hub.asked("POST .*/commit/") == 1


def test_what_arrives_with_other_bytes_is_status_1(place: Place, dist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(dist, place.target)
    real = class_of(place).arrived
    table = next(path for path in place.wanted(dist) if path.endswith("articles/train-00000-of-00001.parquet"))

    def spoilt(self: object, files: object, advance: object) -> object:
        place.write(table, b"spoilt")
        if isinstance(place, OnHub):
            self.base = place.hub.repositories["owner/harbor-news"].branches["main"]  # type: ignore[attr-defined]
        return real(self, files, advance)

    monkeypatch.setattr(f"{place.module}.arrived", spoilt)
    report = publish(dist, place.target)
    assert [(found.code, found.path) for found in report.findings] == [("hash-mismatch", table)]
    assert (report.status(), report.verified, report.tag) == (1, 0, None)


def test_what_was_damaged_meanwhile_is_sent_once_more(
    dist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = InFolder(tmp_path / "site")
    publish(dist, place.target)
    real, damaged = class_of(place).arrived, ["datapackage/csv/events.csv", "huggingface/README.md"]

    def spoilt(self: object, files: object, advance: object) -> object:
        if damaged:
            place.write(damaged.pop(), b"spoilt")
            (place.root / damaged.pop()).unlink()
        return real(self, files, advance)

    monkeypatch.setattr(f"{place.module}.arrived", spoilt)
    recorder = Recorder()
    report = publish(dist, place.target, watcher=recorder)
    assert (report.status(), report.findings, report.verified) == (0, (), len(place.wanted(dist)))
    assert sorted(report.changed) == ["datapackage/csv/events.csv", "huggingface/README.md"]
    assert not set(report.changed) & set(report.unchanged)
    assert report.bytes == sum(len(place.wanted(dist)[path]) for path in report.changed)
    assert [name for name, _ in recorder.totals] == ["hash", "compare", "verify", "send", "verify", "load"]
    assert place.read() == place.wanted(dist)


@pytest.mark.parametrize("place", ["in_folder", "on_hub"], indirect=True)
def test_what_does_not_arrive_is_status_1(place: Place, dist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{place.module}.put", lambda self, file, advance: None)
    monkeypatch.setattr(f"{place.module}.finish", lambda self: None)
    report = publish(dist, place.target)
    assert {found.code for found in report.findings} == {"hash-mismatch"}
    assert len(report.findings) == len(place.wanted(dist))
    assert report.status() == 1


def test_a_table_that_cannot_be_opened_there_is_told(place: Place, dist: Path) -> None:
    """Sound by its hash, but no Parquet: only opening it shows that."""
    for path in ("datapackage/parquet/events.parquet", "huggingface/data/events/train-00000-of-00001.parquet"):
        (dist / path).write_bytes(b"PAR1 this is no table PAR1")
    for root in (dist / "datapackage", dist / "huggingface"):
        (root / "SHA256SUMS").unlink()
        write_sums(root, [file for file in root.rglob("*") if file.is_file()])
    report = publish(dist, place.target)
    assert {found.code for found in report.findings} == {"table-unreadable"}
    assert report.status() == 1


@pytest.mark.parametrize(
    ("place", "package"),
    [("in_folder", "datapackage"), ("in_folder", "huggingface"), ("on_hub", "huggingface")],
    indirect=["place"],
)
def test_a_package_that_is_not_as_its_hashes_say_is_not_published(place: Place, dist: Path, package: str) -> None:
    (table,) = (dist / package).rglob("*events*/train*" if package == "huggingface" else "events.parquet")
    table.write_bytes(table.read_bytes()[:-1] + b"!")
    with pytest.raises(BroadsheetError) as caught:
        publish(dist, place.target)
    assert caught.value.finding.code == "hash-mismatch"
    assert caught.value.finding.path == table.as_posix()
    assert place.read() == {}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda dist: (dist / "huggingface/SHA256SUMS").unlink(), "package-invalid"),
        (lambda dist: (dist / "huggingface/notes.txt").write_text("x"), "hash-mismatch"),
        (lambda dist: (dist / "huggingface/README.md").unlink(), "hash-mismatch"),
        (lambda dist: (dist / "huggingface/link").symlink_to("README.md"), "hash-mismatch"),
        (lambda dist: (dist / "huggingface/SHA256SUMS").write_text("x"), "package-invalid"),
        (lambda dist: (dist / "huggingface/SHA256SUMS").write_text(f"{'0' * 64}  ../../x\n"), "package-invalid"),
        (lambda dist: (dist / "huggingface").rename(dist / "other"), "package-invalid"),
    ],
)
def test_a_broken_package_is_not_published(dist: Path, tmp_path: Path, change: object, code: str) -> None:
    change(dist)  # type: ignore[operator]
    with pytest.raises(BroadsheetError) as caught:
        publish(dist, str(tmp_path / "site"))
    assert caught.value.finding.code == code
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org",
        "gs://bucket",
        "  ",
        "s3://",
        "s3://UPPER/x",
        "s3://bucket/../x",
        "s3://bucket/x?versionId=3",
        "hf:name",
        "hf:a/b/c",
    ],
)
def test_what_is_no_target_is_refused_in_words(dist: Path, target: str) -> None:
    with pytest.raises(BroadsheetError) as caught:
        publish(dist, target)
    assert caught.value.finding.code == "target-invalid"
    assert "BUCKET" in caught.value.finding.message + caught.value.finding.remedy or "OWNER" in str(caught.value)


@pytest.mark.parametrize("place", ["in_folder", "on_hub"], indirect=True)
def test_the_real_packages_arrive(place: Place, packaged: PackageReport) -> None:
    report = publish(packaged.dist, place.target)
    assert (report.status(), report.findings) == (0, ())
    assert place.read() == place.wanted(packaged.dist)


def write_project(dist: Path, version: str = "1.2.0") -> Path:
    """The project the packages are of, and what says that they are."""
    root = dist.parent
    (root / "datapackage.yaml").write_text(f"name: harbor-news\nversion: {version}\nsources: []\n", "utf-8")
    lists = ("SHA256SUMS", "datapackage/SHA256SUMS", "huggingface/SHA256SUMS")
    sums = {path: hashlib.sha256((dist / path).read_bytes()).hexdigest() for path in lists}
    rights = load_project(root).rights
    report = hashlib.sha256(REPORT.replace(b"RIGHTS", rights.encode())).hexdigest()
    told = {"rights": rights, "report": report, "sums": sums}
    (dist / "made-of.json").write_text(json.dumps(told), "utf-8")
    return root


@pytest.mark.parametrize("place", ["in_folder", "on_hub"], indirect=True)
def test_the_command_says_what_it_does(place: Place, dist: Path) -> None:
    project = write_project(dist)
    first = CliRunner().invoke(app, ["publish", place.target, "-C", str(project)])
    assert first.exit_code == 0, first.output
    assert f"all {len(place.wanted(dist))} hashes are right" in first.stderr
    assert first.stdout.count("new     ") == len(place.wanted(dist))
    again = CliRunner().invoke(app, ["publish", place.target, "-C", str(project), "--json"])
    told = json.loads(again.stdout)
    assert (told["status"], told["new"], told["changed"], told["bytes"]) == (0, [], [], 0)
    assert sorted(told["unchanged"]) == sorted(place.wanted(dist))


def refused(project: Path, site: Path) -> str:
    """Code and file of the finding, after nothing was published."""
    done = CliRunner().invoke(app, ["publish", str(site), "-C", str(project), "--json"])
    assert (done.exit_code, site.exists()) == (2, False), done.output
    (found,) = json.loads(done.stdout)["findings"]
    return f"{found['code']} {Path(found['path']).name}"


def test_packages_that_are_not_of_their_project_are_not_published(dist: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert refused(write_project(dist, "1.3.0"), site) == "package-stale datapackage.json"
    project = write_project(dist)
    (project / "blocklist.yaml").write_text("- article: art-0123456789abcdef\n", "utf-8")
    assert refused(project, site) == "package-stale dist"
    (project / "blocklist.yaml").unlink()
    (project / "build").mkdir()
    rights = load_project(project).rights
    (project / "build/report.json").write_text(json.dumps({"rights": rights, "inputs": "others"}), "utf-8")
    assert refused(project, site) == "package-stale dist"
    (project / "build/report.json").write_text('{"rights": "others"}', "utf-8")
    assert refused(project, site) == "build-stale build"
    (project / "build/report.json").unlink()
    for text in ("", "[]", "{}", '{"rights": 1, "report": "", "sums": {}}'):
        (dist / "made-of.json").write_text(text, "utf-8")
        assert refused(project, site) == "package-stale dist"
    (dist / "made-of.json").unlink()
    assert refused(project, site) == "package-stale dist"
    dist.rename(project / "elsewhere")
    assert refused(project, site) == "package-invalid dist"


@pytest.mark.parametrize("part", ["datapackage", "huggingface", "datapackage.zip"])
def test_packages_that_were_not_made_together_are_not_published(dist: Path, tmp_path: Path, part: str) -> None:
    """As a package that was killed while it replaced the old ones leaves them: each is sound by its own hashes."""
    older = write_dist(tmp_path / "older", note="what was taken down since")
    project = write_project(dist)
    for path in (part, "SHA256SUMS") if part.endswith(".zip") else (part,):
        (dist / path).rename(tmp_path / f"new-{path}")
        (older / path).rename(dist / path)
    assert refused(project, tmp_path / "site") == "package-stale dist"


@pytest.mark.parametrize("seconds", [0, 4_000_000_000])
def test_times_of_files_prove_nothing(dist: Path, tmp_path: Path, seconds: int) -> None:
    """A checkout, a download or `touch` sets them."""
    project = write_project(dist)
    for file in dist.rglob("*"):
        os.utime(file, (seconds, seconds))
    (project / "build").mkdir()
    (project / "build/report.json").write_bytes(REPORT.replace(b"RIGHTS", load_project(project).rights.encode()))
    (project / "blocklist.yaml").write_text("- entity: per/jane-doe\n", "utf-8")
    assert refused(project, tmp_path / "site") == "build-stale build"
    (project / "blocklist.yaml").write_text("# nothing any more\n", "utf-8")
    assert CliRunner().invoke(app, ["publish", str(tmp_path / "site"), "-C", str(project)]).exit_code == 0


@pytest.mark.parametrize(
    ("place", "trouble"),
    [("in_bucket", "none"), ("in_bucket", "server")]
    + [("on_hub", trouble) for trouble in ("none", "refused", "server", "lost")],
    indirect=["place"],
)
def test_secrets_are_never_printed(  # noqa: PLR0917
    place: Place,
    dist: Path,
    trouble: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Not in what is printed, nor in reports, exceptions or logs, whatever the level and whatever goes wrong."""
    for name in ("", "huggingface_hub", "botocore", "botocore.auth", "aiobotocore", "s3fs", "httpx2"):
        caplog.set_level(logging.DEBUG, logger=name)
    project = write_project(dist)
    if isinstance(place, OnHub):
        place.hub.echo = True
        faults = {"refused": ("whoami", 401), "server": ("preupload", 500), "lost": ("PUT /lfs", DIE)}
        if trouble in faults:
            place.hub.fail(*faults[trouble], times=99)
    elif trouble == "server":

        def fail(self: Bucket, *args: object) -> None:
            with self._told("x"):
                raise OSError(f"the server repeats {SECRET} and {SESSION}")

        monkeypatch.setattr(f"{place.module}.put", fail)
    printed = []
    for arguments in ([], ["--json"])[trouble == "none" :]:
        done = CliRunner().invoke(app, ["publish", place.target, "-C", str(project), *arguments])
        assert done.exit_code == (0 if trouble == "none" else 2), done.output
        printed += [done.output, done.stderr, *traceback.format_exception(done.exception)]
    try:
        printed.append(str(publish(dist, place.target)))
    except BroadsheetError as reason:
        printed += [traceback.format_exc(), repr(reason.finding)]
    printed += [caplog.text, *capfd.readouterr()]
    assert [secret for secret in SECRETS if secret in "".join(printed)] == []
    if trouble == "server":
        assert "***" in "".join(printed)
