import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from broadsheet.emitted.archives import Limits, opened
from broadsheet.findings import BroadsheetError

LINK = 0o120777 << 16
DEVICE = 0o020666 << 16


def zipped(file: Path, members: dict[str, bytes], modes: dict[str, int] | None = None) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = (modes or {}).get(name, 0o100644 << 16)
            archive.writestr(entry, data)
    return file


def refused(file: Path, limits: Limits | None = None) -> str:
    with pytest.raises(BroadsheetError) as caught, opened(file, limits or Limits()):
        pass
    assert file.as_posix() in str(caught.value.finding.path)
    return caught.value.finding.code


def test_a_zip_is_unpacked_and_removed_again(tmp_path: Path) -> None:
    file = zipped(tmp_path / "p.zip", {"datapackage.json": b"{}", "csv/a.csv": b"x\n1\n", "leer/": b""})
    with opened(file) as folder:
        assert (folder / "csv" / "a.csv").read_bytes() == b"x\n1\n"
        assert sorted(path.name for path in folder.iterdir()) == ["csv", "datapackage.json"]
    assert not folder.exists()


def test_a_zip_of_one_folder_is_that_folder(tmp_path: Path) -> None:
    with opened(zipped(tmp_path / "p.zip", {"data-1.0/datapackage.json": b"{}"})) as folder:
        assert (folder / "datapackage.json").is_file()


def test_what_is_no_zip_is_given_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_text("{}")
    for path in (tmp_path, tmp_path / "datapackage.json", tmp_path / "not-there"):
        with opened(path) as given:
            assert given == path


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../up",
        "a/../../up",
        "a\\b",
        "C:/x",
        "c:x",
        "a\nb",
        "a\x00b",
        "a//b",
        "./a",
        "a/./b",
        "a/b. ",
        "x.",
    ],
)
def test_names_that_are_no_plain_path_are_refused(tmp_path: Path, name: str) -> None:
    data = zipped(tmp_path / "p.zip", {"name" + "_" * (len(name) - 4) if len(name) > 4 else "n" * len(name): b"x"})
    plain = ("name" + "_" * (len(name) - 4) if len(name) > 4 else "n" * len(name)).encode()
    data.write_bytes(data.read_bytes().replace(plain, name.encode()))  # zipfile would mend the name
    assert refused(data) == "path-unsafe"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.zip"]


@pytest.mark.parametrize("mode", [LINK, DEVICE])
def test_links_and_devices_are_refused(tmp_path: Path, mode: int) -> None:
    assert refused(zipped(tmp_path / "p.zip", {"a": b"/etc/passwd"}, {"a": mode})) == "path-unsafe"


@pytest.mark.parametrize(
    "members",
    [
        {"a.csv": b"1", "A.CSV": b"2"},
        {"caf\u00e9": b"1", "cafe\u0301": b"2"},
        {"a": b"1", "a/b": b"2"},
        {"a/b": b"1", "a": b"2"},
    ],
)
def test_names_that_hide_one_another_are_refused(tmp_path: Path, members: dict[str, bytes]) -> None:
    assert refused(zipped(tmp_path / "p.zip", members)) == "package-invalid"


@pytest.mark.parametrize(
    ("members", "limits"),
    [
        ({str(at): b"" for at in range(6)}, Limits(members=5)),
        ({"a": b"x" * 60, "b": b"y" * 60}, Limits(bytes=100)),
        ({"/".join("abcdef"): b""}, Limits(depth=5)),
        ({"n" * 40: b""}, Limits(name=30)),
    ],
)
def test_limits_hold(tmp_path: Path, members: dict[str, bytes], limits: Limits) -> None:
    file = zipped(tmp_path / "p.zip", members)
    assert refused(file, limits) == "package-limit"


def test_a_bomb_is_stopped_while_it_is_unpacked(tmp_path: Path) -> None:
    file = zipped(tmp_path / "bomb.zip", {"zeros.csv": bytes(40 << 20)})
    assert file.stat().st_size < 100_000
    assert refused(file) == "package-limit"


def test_the_size_in_the_directory_is_not_believed(tmp_path: Path) -> None:
    def lie(data: bytes) -> bytes:
        return data.replace(struct.pack("<L", 1000), struct.pack("<L", 1))

    file = zipped(tmp_path / "p.zip", {"a": b"x" * 1000})
    file.write_bytes(lie(file.read_bytes()))
    assert refused(file, Limits(bytes=100)) == "package-limit"
    assert refused(file) == "package-invalid"  # not what its checksum says


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:-30],
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(zlib.crc32(b"hello" * 50).to_bytes(4, "little"), b"\0\0\0\0"),
        lambda data: b"PK\3\4 and nothing more",
        lambda data: b"",
    ],
)
def test_a_damaged_zip_is_refused(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    file = zipped(tmp_path / "p.zip", {"a": b"hello" * 50})
    file.write_bytes(spoil(file.read_bytes()))
    assert refused(file) == "package-invalid"


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    file = zipped(tmp_path / "p.zip", {"a": b"hello"})
    data = bytearray(file.read_bytes())
    data[data.index(b"PK\1\2") + 8] |= 1
    file.write_bytes(bytes(data))
    assert refused(file) == "package-invalid"
