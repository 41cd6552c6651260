import hashlib
import resource
from pathlib import Path

import pytest

from broadsheet.collect import Offer, digest, media_type, read
from broadsheet.document import Reject, SourceFile
from broadsheet.project import Limits

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def offer(file: Path) -> Offer:
    return Offer("one", file.name, file, file.stat().st_size, file.stat().st_mtime_ns)


def test_read_gives_bytes_and_hash(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes("新闻\r\n".encode())
    assert read(offer(file), Limits()) == SourceFile(
        "one", "a.md", "新闻\r\n".encode(), hashlib.sha256("新闻\r\n".encode()).hexdigest(), "text/markdown"
    )


def test_empty_file(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.touch()
    found = read(offer(file), Limits())
    assert isinstance(found, Reject)
    assert found.code == "file-empty"
    assert digest(file, "a.md").sha256 == EMPTY


def test_large_file_is_not_read_into_memory(tmp_path: Path) -> None:
    file = tmp_path / "big.md"
    with file.open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = read(offer(file), Limits())
    known = digest(file, "big.md")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert isinstance(found, Reject)
    assert found.code == "file-too-large"
    assert "104,857,600" in found.message
    assert found.value == "104857600"
    # sha256sum of 104,857,600 zero bytes
    assert known.sha256 == "20492a4d0d84f8beb1767f6616229f85d44c2827b64bdbfb260ee12fa1109e0e"
    assert grown < 50 * 1024  # kilobytes


def test_file_that_grew_after_it_was_offered(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"12345678")
    offered = offer(file)
    file.write_bytes(b"1234567890")
    found = read(offered, Limits(max_bytes=9))
    assert isinstance(found, Reject)
    assert found.code == "file-too-large"


def test_file_that_vanished_after_it_was_offered(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"1")
    offered = offer(file)
    file.unlink()
    found = read(offered, Limits())
    assert isinstance(found, Reject)
    assert found.code == "file-unreadable"
    assert "No such file" in found.message
    assert digest(file, "a.md").size == 0


def test_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"1")
    offered = offer(file)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    found = read(offered, Limits())
    assert isinstance(found, Reject)
    assert found.code == "file-unreadable"
    assert "Permission denied" in found.message


@pytest.mark.parametrize(
    ("path", "head", "expected"),
    [
        ("a.md", b"# x", "text/markdown"),
        ("a.MD", b"# x", "text/markdown"),
        ("a.md", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("a.txt", b"\xef\xbb\xbf \n<!DOCTYPE HTML><html>", "text/html"),
        ("a.json", b"{}", "application/json"),
        ("a", b"", "text/plain"),
        ("a.b/c", b"x", "text/plain"),
    ],
)
def test_media_types(path: str, head: bytes, expected: str) -> None:
    assert media_type(path, head) == expected
