"""What only a bucket can do to those who publish to it. moto and a stub, both on loopback, stand for S3."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from places import BUCKET, InBucket, contents, write_sums

from broadsheet.findings import BroadsheetError
from broadsheet.release import publish
from broadsheet.release.targets import s3 as s3_target

LISTED = (
    b'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    b"<IsTruncated>false</IsTruncated></ListBucketResult>"
)


@contextmanager
def stub(status: int, code: str) -> Iterator[tuple[str, list[str]]]:
    """A server with an empty bucket that fails uploads: with an error, or (status 0) by dying in the middle of them."""
    uploads: list[str] = []

    class Stub(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None:
            """Not on stderr."""

        def do_GET(self) -> None:
            self._send(200, LISTED)

        def do_PUT(self) -> None:
            uploads.append(self.path)
            size = int(self.headers["Content-Length"])
            if not status:
                self.rfile.read(size // 2)
                self.close_connection = True
                return
            if self.headers.get("Expect"):
                self.close_connection = True
            else:
                self.rfile.read(size)
            self._send(status, f"<Error><Code>{code}</Code><Message>No.</Message></Error>".encode())

        def _send(self, status: int, data: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Content-Type", "application/xml")
            self.end_headers()
            self.wfile.write(data)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", uploads
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (0, "", "upload-failed"),
        (500, "InternalError", "upload-failed"),
        (507, "QuotaExceeded", "upload-failed"),
        (403, "AccessDenied", "target-refused"),
        (404, "NoSuchBucket", "target-invalid"),
    ],
)
def test_a_failing_server_is_a_finding_after_few_tries(  # noqa: PLR0917
    s3: object, dist: Path, monkeypatch: pytest.MonkeyPatch, status: int, code: str, expected: str
) -> None:
    with stub(status, code) as (address, uploads):
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        with pytest.raises(BroadsheetError) as caught:
            publish(dist, "s3://harbor/x")
    found = caught.value.finding
    assert (found.code, found.path) == (expected, "s3://harbor/x")
    assert code in found.message
    assert found.remedy
    assert 1 <= len(uploads) <= 4
    assert len(set(uploads)) == 1


def test_a_bucket_that_is_not_there_is_not_made(s3: Any, dist: Path) -> None:
    with pytest.raises(BroadsheetError, match="NoSuchBucket") as caught:
        publish(dist, "s3://another-bucket/x")
    assert caught.value.finding.code == "target-invalid"
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == [BUCKET]


def test_without_credentials_nothing_is_tried(
    s3: object, dist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    with pytest.raises(BroadsheetError) as caught:
        publish(dist, f"s3://{BUCKET}/x")
    assert caught.value.finding.code == "target-refused"
    assert "AWS_PROFILE" in caught.value.finding.remedy


def test_objects_without_our_metadata_are_read_and_hashed(s3: Any, dist: Path) -> None:
    place = InBucket(s3, BUCKET)
    for path, data in contents(dist).items():
        place.write(path, data)
    place.write("datapackage/csv/events.csv", b"id,text\n0,cAll\n1,visit\n")
    report = publish(dist, place.target)
    assert (report.new, report.changed) == ((), ("datapackage/csv/events.csv",))
    assert place.read() == contents(dist)


def test_an_object_whose_metadata_lies_is_sent_again(s3: Any, dist: Path) -> None:
    place = InBucket(s3, BUCKET)
    publish(dist, place.target)
    path = "datapackage/parquet/events.parquet"
    key, data = place.prefix + path, contents(dist)[path]
    told = s3.head_object(Bucket=BUCKET, Key=key)["Metadata"]
    s3.put_object(Bucket=BUCKET, Key=key, Body=data[:-1] + b"!", Metadata=told)
    assert publish(dist, place.target, dry_run=True).changed == ()  # the metadata is believed until the bytes are read
    report = publish(dist, place.target)
    assert (report.status(), report.findings, report.changed, report.bytes) == (0, (), (path,), len(data))
    assert place.read() == contents(dist)


def test_a_large_file_goes_in_parts_and_not_twice(s3: Any, dist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_target, "PART", 5 << 20)
    (dist / "datapackage.zip").write_bytes(bytes(range(256)) * (11 << 12))
    write_sums(dist, [dist / "datapackage.zip"])
    assert publish(dist, f"s3://{BUCKET}").status() == 0
    head = s3.head_object(Bucket=BUCKET, Key="datapackage.zip")
    assert head["ETag"].endswith('-3"')
    again = publish(dist, f"s3://{BUCKET}")
    assert (again.new, again.changed, again.bytes) == ((), (), 0)


def test_without_s3fs_the_remedy_is_told(dist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(BroadsheetError) as caught:
        publish(dist, "s3://bucket/x")
    assert (caught.value.finding.code, caught.value.finding.remedy) == (
        "target-invalid",
        "pip install 'broadsheet[s3]'",
    )
