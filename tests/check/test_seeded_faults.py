"""Every seeded fault is found, with its code, at its place, and nothing else; the clean package is clean."""

import json
import random
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import md5
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import linked
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from faults import FAULTS, FOR_PEOPLE, Fault, groups
from forgery import FORMS, Copy, clean_project, copied, subject
from typer.testing import CliRunner

from broadsheet.check.descriptor import check_descriptor
from broadsheet.check.huggingface import verify_card
from broadsheet.check.report import Gather
from broadsheet.cli import app
from broadsheet.emitted.descriptors import read_card, read_descriptor
from broadsheet.findings import BroadsheetError


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clean_project(tmp_path_factory.mktemp("faults") / "project")


def run(*arguments: object) -> tuple[int, list[dict]]:
    """Exit status and findings of a verb."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, json.loads(done.stdout or done.stderr).get("findings", [])


def checked(path: Path, *options: str) -> tuple[int, list[dict]]:
    return run("check", path, "--format", "json", *options)


@pytest.mark.parametrize("form", ["build", "dist", "datapackage.zip"])
def test_the_clean_one_has_no_findings_of_any_severity(clean: Path, form: str) -> None:
    path = clean / "dist" / form if form.endswith(".zip") else clean / form
    assert checked(path, "--strict") == (0, [])


@pytest.mark.parametrize("faults", groups().values(), ids=list(groups()))
def test_seeded_faults_are_found(clean: Path, tmp_path: Path, faults: list[Fault]) -> None:
    form = faults[0].form
    copy = copied(clean, form, tmp_path / "spoiled")
    for fault in faults:
        fault.spoil(copy)
    status, findings = checked(subject(copy, form), *faults[0].options)
    for fault in faults:
        assert any(is_of(fault, one) for one in findings), (fault.name, findings)
    others = {one["code"] for one in findings if one.get("resource") != FOR_PEOPLE}
    assert others <= {code for fault in faults for code in (fault.code, *fault.also)}, findings
    assert status == max(fault.status for fault in faults)


def is_of(fault: Fault, one: dict) -> bool:
    """Whether a finding is the one that tells a fault."""
    return (
        (one["code"], one["severity"]) == (fault.code, fault.severity)
        and fault.resource in (None, one.get("resource"))
        and fault.field in (None, one.get("field"))
        and fault.says in one["message"]
    )


def test_there_are_enough_faults_of_every_form() -> None:
    assert len(FAULTS) >= 36
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    assert {fault.form for fault in FAULTS} == set(FORMS)


# What must not count as a fault.


def digest_in_capitals(copy: Copy) -> None:
    copy.resource("events", lambda one: one.update(hash=f"sha256:{one['hash'][7:].upper()}"))


def rows_in_another_order(copy: Copy) -> None:
    copy.rows("mentions", lambda rows: rows.reverse())


def table_without_rows(copy: Copy) -> None:
    copy.store("links", copy.table("links").slice(0, 0))


@pytest.mark.parametrize("change", [digest_in_capitals, rows_in_another_order, table_without_rows])
def test_what_is_no_fault_is_not_told(clean: Path, tmp_path: Path, change: Callable[[Copy], None]) -> None:
    copy = copied(clean, "datapackage", tmp_path / "changed")
    change(copy)
    assert checked(copy.package, "--strict") == (0, [])


@pytest.mark.parametrize(("served", "status", "codes"), [("x\n1\n", 0, []), ("x\n2\n", 1, ["hash-mismatch"])])
def test_a_resource_on_the_web_is_proven_like_any_other(
    tmp_path: Path, served: str, status: int, codes: list[str]
) -> None:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "a.csv").write_text(served)
    handler = partial(Quiet, directory=str(tmp_path / "served"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        path = f"http://127.0.0.1:{server.server_address[1]}/a.csv"
        hashed = md5(b"x\n1\n").hexdigest()  # without a name it is MD5
        (tmp_path / "p").mkdir()
        Copy(tmp_path / "p").foreign({"name": "a", "path": path, "hash": hashed})
        found = checked(tmp_path / "p", "--allow-remote")
        server.shutdown()
    assert (found[0], [one["code"] for one in found[1]]) == (status, codes)


# Limits of the machine.

MEASURED = """
import resource, sys
from pathlib import Path
from broadsheet.check import check_path
report = check_path(Path(sys.argv[1]))
print(report.status(), [(f.code, f.field, f.row_key, f.count) for f in report.findings], report.counts["rows of a"])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_ten_million_rows_are_checked_within_a_gigabyte(tmp_path: Path) -> None:
    rows, group = 10_000_000, 1_000_000
    schema = pa.schema({"id": pa.int64()})
    ids = pa.array(range(group))
    with pq.ParquetWriter(
        tmp_path / "a.parquet", schema, use_dictionary=False, column_encoding="DELTA_BINARY_PACKED"
    ) as to:
        for _ in range(rows // group - 1):
            to.write_table(pa.table([ids], schema=schema))
        to.write_table(pa.table([pa.concat_arrays([ids[1:], pa.array([-7])])], schema=schema))
    fields = [{"name": "id", "type": "integer", "constraints": {"minimum": 0}}]
    Copy(tmp_path).foreign({"name": "a", "path": "a.parquet", "schema": {"fields": fields}})
    done = subprocess.run([sys.executable, "-c", MEASURED, tmp_path], capture_output=True, text=True, check=True)
    told, memory = done.stdout.splitlines()
    assert told == f"1 [('constraint', 'id', 'row {rows}', 1)] {rows}"
    assert int(memory) < 1_000_000  # kilobytes


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """No file can become larger than this: the system refuses, as it does where no space is left."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_fills_while_a_zip_is_unpacked(clean: Path) -> None:
    with full_disk(4_096):
        status, (found,) = checked(clean / "dist" / "datapackage.zip")
    assert (status, found["code"]) == (2, "write-failed")


def test_a_disk_that_fills_while_packages_are_written(tmp_path: Path) -> None:
    project = linked.write_project(tmp_path / "project")
    with full_disk(4_096):
        done = CliRunner().invoke(app, ["package", "-C", str(project.root)])
    assert done.exit_code == 2
    assert "write-failed" in done.stderr
    assert not (project.dist_dir / "datapackage").exists()


# Bytes changed at random places, always the same: whatever comes of it, it is told and ends.

PLACES = 100


def flipped(data: bytes, seed: int, end: int | None = None) -> Iterator[bytes]:
    dice = random.Random(seed)
    for _ in range(PLACES):
        changed = bytearray(data)
        changed[dice.randrange(end or len(data))] ^= 1 << dice.randrange(8)
        yield bytes(changed)


def test_flipped_bytes_of_a_descriptor_never_stop_it_otherwise_than_told(clean: Path, tmp_path: Path) -> None:
    file = tmp_path / "datapackage.json"
    stopped = 0
    for data in flipped((clean / "dist/datapackage/datapackage.json").read_bytes(), 1):
        file.write_bytes(data)
        try:
            check_descriptor(tmp_path, read_descriptor(tmp_path), Gather())
        except BroadsheetError as problem:
            assert problem.finding.code == "package-invalid"
            stopped += 1
    assert 0 < stopped < PLACES


def test_flipped_bytes_of_a_card_never_stop_it_otherwise_than_told(clean: Path, tmp_path: Path) -> None:
    card = (clean / "dist/huggingface/README.md").read_bytes()
    codes = set()
    for data in flipped(card, 2, card.index(b"\n---\n", 4)):
        (tmp_path / "README.md").write_bytes(data)
        try:
            verify_card(tmp_path, read_card(tmp_path), Gather())
        except BroadsheetError as problem:
            codes.add(problem.finding.code)
    assert codes <= {"yaml-invalid", "yaml-duplicate-key", "package-invalid"}
    assert "yaml-invalid" in codes


def test_flipped_bytes_of_a_parquet_file_are_told_or_change_nothing(clean: Path, tmp_path: Path) -> None:
    data = (clean / "dist/datapackage/parquet/links.parquet").read_bytes()
    copy = Copy(tmp_path)
    fields = [{"name": name} for name in ("article_id", "position", "url", "text", "relation")]
    copy.foreign({"name": "a", "path": "a.parquet", "schema": {"fields": fields}}, a_parquet=data)
    assert checked(tmp_path) == (0, [])
    statuses = set()
    for changed in list(flipped(data, 3))[:30]:
        (tmp_path / "a.parquet").write_bytes(changed)
        status, findings = checked(tmp_path)
        assert bool(status) == bool(findings)
        statuses.add(status)
    assert statuses == {0, 1}
