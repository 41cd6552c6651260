"""Members of tar, zip, WARC, JSON Lines and compressed files: what is read, what is refused, that nothing breaks."""

import bz2
import gzip
import hashlib
import io
import lzma
import os
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest
from archive_tools import (
    all_members,
    archive_of,
    at_most,
    gz,
    offered,
    project,
    read,
    record,
    response,
    said,
    tar,
    zipped,
    zst,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.collect import Refused, Sources, members
from broadsheet.collect.archives import Kind, kind_of
from broadsheet.collect.archives.names import Unique, path_of, readable
from broadsheet.document import Origin, SourceFile
from broadsheet.project import Limits

TWO = [("news/1.md", "第一条".encode()), ("news/深/2.md", b"second\r\n")]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.zip", Kind("zip")),
        ("A.ZIP", Kind("zip")),
        ("a.tar", Kind("tar")),
        ("a.b.tar.gz", Kind("tar", "gz")),
        ("a.tgz", Kind("tar", "gz")),
        ("a.tar.zst", Kind("tar", "zst")),
        ("a.tar.xz", Kind("tar", "xz")),
        ("a.warc", Kind("warc")),
        ("a.warc.gz", Kind("warc", "gz")),
        ("a.jsonl", Kind("lines")),
        ("a.ndjson.gz", Kind("lines", "gz")),
        ("a.html.gz", Kind("single", "gz")),
        ("a.md", None),
        ("zip", None),
        (".zip", None),
        ("a.json", None),
        ("a.md.bak", None),
    ],
)
def test_kinds(name: str, kind: Kind | None) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.tar", tar(TWO)),
        ("a.tar.gz", gzip.compress(tar(TWO))),
        ("a.tgz", gz(tar(TWO)[:700], tar(TWO)[700:])),
        ("a.tar.bz2", bz2.compress(tar(TWO))),
        ("a.tar.xz", lzma.compress(tar(TWO))),
        ("a.tar.zst", zst(tar(TWO)[:700]) + zst(tar(TWO)[700:])),
        ("a.zip", zipped(TWO)),
        ("b.zip", zipped(TWO, zipfile.ZIP_STORED)),
        ("c.zip", zipped(TWO, zipfile.ZIP_BZIP2)),
        ("d.zip", b"#!/bin/sh\nself-extracting\n" + zipped(TWO)),
    ],
)
def test_members_by_path(tmp_path: Path, name: str, data: bytes) -> None:
    assert read(tmp_path, name, data) == dict(TWO)


def test_a_member_has_the_hash_and_type_of_its_own_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped(TWO))
    (first, _) = all_members(project(tmp_path, "a.zip"))
    sha256 = hashlib.sha256("第一条".encode()).hexdigest()
    assert first.content == SourceFile("one", "a.zip/news/1.md", "第一条".encode(), sha256, "text/markdown")
    assert (first.offer.size, first.offer.file) == (9, tmp_path / "a.zip")


def test_names_of_any_length_and_form(tmp_path: Path) -> None:
    long = "很长/" * 60 + "a.md"
    names = [long, "./b//c.md", "a b\t.md", "~.md"]
    for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=form) as made:
            for name in names:
                made.addfile(tarfile.TarInfo(name), io.BytesIO())
        found = read(tmp_path, "a.tar", buffer.getvalue())
        assert list(found) == [long, "b/c.md", "a b\t.md", "~.md"]
        assert set(found.values()) == {"file-empty"}


def test_names_that_are_not_utf8_stay_readable(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT, encoding="gb18030") as made:
        for name in ("新闻/一.md", "a.md"):
            made.addfile(tarfile.TarInfo(name), io.BytesIO())
    assert list(read(tmp_path, "a.tar", buffer.getvalue())) == ["新闻/一.md", "a.md"]
    assert readable("café.md".encode("latin-1")) == "caf\\xe9.md"
    assert readable(b"a\0b") == "a\\x00b"


def test_chinese_names_of_a_zip_made_on_windows(tmp_path: Path) -> None:
    plain = zipped([("XXXX.md", b"x")])
    assert read(tmp_path, "a.zip", plain.replace(b"XXXX", "新闻".encode("gb18030"))) == {"新闻.md": b"x"}


def test_second_member_of_a_name_gets_a_number(tmp_path: Path) -> None:
    files = [("a.md", b"1"), ("b", b"2"), ("a.md", b"3"), ("a~2.md", b"4"), ("./a.md", b"5"), ("b", b"6")]
    expected = {"a.md": b"1", "b": b"2", "a~2.md": b"3", "a~2~2.md": b"4", "a~3.md": b"5", "b~2": b"6"}
    assert read(tmp_path, "a.tar", tar(files)) == expected


def test_names_that_leave_the_archive_are_refused(tmp_path: Path) -> None:
    files = [("../up.md", b"x"), ("/etc/passwd", b"x"), ("a/../../b.md", b"x"), ("C:\\x.md", b"x"), ("..\\y.md", b"x")]
    expected = ["\\x2e\\x2e/up.md", "etc/passwd", "a/\\x2e\\x2e/\\x2e\\x2e/b.md", "C:\\x.md", "..\\y.md", "ok.md"]
    for name, data in (("a.tar", tar([*files, ("ok.md", b"k")])), ("a.zip", zipped([*files, ("ok.md", b"k")]))):
        found = read(tmp_path, name, data)
        assert list(found) == expected
        assert list(found.values()) == ["member-unsafe"] * 5 + [b"k"]


def test_links_and_devices_are_not_followed(tmp_path: Path) -> None:
    others = []
    kinds = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE)
    for number, kind in enumerate(kinds):
        other = tarfile.TarInfo(f"o{number}")
        other.type, other.linkname = kind, "/etc/passwd"
        others.append(other)
    found = read(tmp_path, "a.tar", tar([("a.md", b"x")], *others))
    assert found == {"a.md": b"x"} | {f"o{number}": "member-not-file" for number in range(5)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        link = zipfile.ZipInfo("link.md")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    assert read(tmp_path, "a.zip", buffer.getvalue()) == {"link.md": "member-not-file"}


def test_encrypted_and_unknown_methods(tmp_path: Path) -> None:
    for place, value, code in ((8, 1, "member-encrypted"), (10, 97, "member-unsupported")):
        data = bytearray(zipped([("a.md", b"x"), ("b.md", b"y")]))
        struct.pack_into("<H", data, data.index(b"PK\1\2") + place, value)
        assert read(tmp_path, "a.zip", bytes(data)) == {"a.md": code, "b.md": b"y"}


def test_archives_within_archives_are_not_opened(tmp_path: Path) -> None:
    inner = [("in.zip", zipped(TWO)), ("p.html.gz", gzip.compress(b"x")), ("x.jsonl", b"{}")]
    assert set(read(tmp_path, "a.tar", tar(inner)).values()) == {"member-nested"}


def test_a_damaged_member_of_a_zip_harms_no_other(tmp_path: Path) -> None:
    data = bytearray(zipped([("a.md", b"aaaa" * 9), ("b.md", b"bbbb")], zipfile.ZIP_STORED))
    data[data.index(b"aaaa")] = 0
    assert read(tmp_path, "a.zip", bytes(data)) == {"a.md": "archive-broken", "b.md": b"bbbb"}


def test_what_is_cut_off_keeps_the_members_before(tmp_path: Path) -> None:
    files = [(f"{number}.md", os.urandom(40_000)) for number in range(8)]
    whole = tar(files)
    for name, data in (("a.tar", whole), ("a.tgz", gzip.compress(whole)), ("a.tar.zst", zst(whole))):
        found = read(tmp_path, name, data[: len(data) // 2])
        assert found.pop(".") == "archive-broken"
        assert found == dict(files[: len(found)])
        assert 2 <= len(found) <= 4
    (problem,) = [m.offer.problem for m in all_members(project(tmp_path, "a.tar")) if m.offer.problem]
    assert problem is not None
    assert problem.message.startswith(f"It ends at byte {len(whole) // 2:,}, within a member.")
    assert problem.message.endswith("Members before: 4; the last was '3.md'.")


def test_no_archive_at_all(tmp_path: Path) -> None:
    for name in ("a.zip", "a.tar", "a.tgz", "a.tar.zst", "a.tar.xz", "a.tar.bz2", "a.warc", "a.html.gz"):
        assert list(read(tmp_path, name, b"This is a text and no archive. " * 40).items())[-1][1] == "archive-broken"
    for name in ("a.tar", "a.zip"):
        assert read(tmp_path, name, b"") == {".": "archive-broken"}
    assert read(tmp_path, "a.jsonl", b"") == {".": "archive-empty"}
    assert read(tmp_path, "b.zip", zipped([])) == {".": "archive-empty"}


def test_too_large_members_are_hashed_and_not_kept(tmp_path: Path) -> None:
    big = b"x" * 5000
    for name, data in (
        ("a.tgz", gzip.compress(tar([("b.md", big), ("s.md", b"s")]))),
        ("a.zip", zipped([("b.md", big)])),
    ):
        assert read(tmp_path, name, data, Limits(max_bytes=4999))["b.md"] == "file-too-large"
        (member, *_) = all_members(project(tmp_path, name, limits=Limits(max_bytes=4999)))
        assert isinstance(member.content, Refused)
        assert (member.content.digest.size, member.content.digest.sha256) == (5000, hashlib.sha256(big).hexdigest())


def test_bombs(tmp_path: Path) -> None:
    zeros = bytes(64 * 1024 * 1024)
    inside = tar([("z.md", zeros), ("after.md", b"x")])
    tgz, packed_zip = gzip.compress(inside), zipped([("z.md", zeros), ("s.md", b"s")])
    tar_zst, single, page_body = zst(inside), gzip.compress(zeros), gzip.compress(zeros)
    del zeros, inside
    with at_most(40_000_000):
        assert read(tmp_path, "a.tar.zst", tar_zst) == {".": "archive-limit"}
        assert read(tmp_path, "a.tgz", tgz) == {".": "archive-limit"}
        assert read(tmp_path, "z.md.gz", single) == {".": "archive-limit"}
        assert read(tmp_path, "a.zip", packed_zip) == {"z.md": "archive-limit", "s.md": b"s"}
        trusted = read(tmp_path, "a.tgz", tgz, Limits(max_ratio=2000))
        assert trusted == {"z.md": "file-too-large", "after.md": b"x"}
        packed = b"Content-Type: text/html\r\nContent-Encoding: gzip"
        page = response("http://a.example/", page_body, packed.decode())
        assert read(tmp_path, "a.warc", page) == {"a.example": "archive-limit"}


def test_members_whose_sum_is_a_bomb(tmp_path: Path) -> None:
    """Entries of the directory that share one packed member, which no ratio of a single one tells."""
    single = zipped([("a.md", b"ab" * 4_000_000)])
    start, end = single.index(b"PK\1\2"), single.index(b"PK\5\6")
    entries = single[start:end] * 20
    tail = bytearray(single[end:])
    struct.pack_into("<HHL", tail, 8, 20, 20, len(entries))
    data = single[:start] + entries + bytes(tail)
    found = read(tmp_path, "a.zip", data, Limits(max_ratio=1200))
    assert found["a.md"] == b"ab" * 4_000_000
    assert found["."] == "archive-limit"
    assert len(found) == 9  # eight of 8,000,000 bytes stay below 64 MiB


def test_too_many_members(tmp_path: Path) -> None:
    files = [(f"{number}.md", b"x") for number in range(5)]
    found = read(tmp_path, "a.zip", zipped(files), Limits(max_members=3))
    assert found == {"0.md": b"x", "1.md": b"x", "2.md": b"x", ".": "archive-limit"}


def test_headers_that_claim_what_is_not_there(tmp_path: Path) -> None:
    giant = tarfile.TarInfo("x" * 200)
    data = bytearray(giant.tobuf(tarfile.GNU_FORMAT))
    data[124:136] = b"77777777777\0"
    data[148:156] = b" " * 8
    data[148:156] = f"{sum(data[:512]):06o}\0 ".encode()
    assert read(tmp_path, "a.tar", bytes(data)) == {".": "archive-broken"}
    long = b"WARC/1.0\r\nContent-Length: 99999999999999\r\nWARC-Type: response\r\n\r\nHTTP/1.1 200 OK\r\n\r\nx"
    assert read(tmp_path, "a.warc", long) == {".": "archive-broken"}
    endless = b"WARC/1.0\r\n" + b"X: y\r\n" * 100_000
    assert read(tmp_path, "b.warc", endless) == {".": "archive-broken"}


def test_lines(tmp_path: Path) -> None:
    data = b'{"a": 1}\r\n\n  \n{"b": 2}\n\xe4\xb8\xad\r\r\n{"c": 3}'
    expected = {"1.json": b'{"a": 1}', "4.json": b'{"b": 2}', "5.json": b"\xe4\xb8\xad\r", "6.json": b'{"c": 3}'}
    assert read(tmp_path, "a.jsonl", data) == expected
    assert read(tmp_path, "a.ndjson.gz", gzip.compress(data)) == expected
    assert read(tmp_path, "a.jsonl.zst", zst(data)) == expected
    long = b"x" * 200_000
    assert read(tmp_path, "b.jsonl", b"1\n" + long + b"\r\n3\n") == {"1.json": b"1", "2.json": long, "3.json": b"3"}
    refused = read(tmp_path, "b.jsonl", b"1\n" + long + b"\n3\n", Limits(max_bytes=100_000))
    assert refused == {"1.json": b"1", "2.json": "file-too-large", "3.json": b"3"}


def test_one_compressed_file(tmp_path: Path) -> None:
    assert read(tmp_path, "page.html.gz", gz(b"<p>", b"x")) == {"page.html": b"<p>x"}
    assert read(tmp_path, "page.html.zst", zst(b"<p>")) == {"page.html": b"<p>"}


def test_pages_of_a_web_archive(tmp_path: Path) -> None:
    html = "Content-Type: text/html; charset=GB2312"
    chunked = b"4\r\nab\r\n\r\n3;x=y\r\ncde\r\n0\r\n\r\n"
    packed = gzip.compress(b"packed page")
    records = [
        record("warcinfo", "", b"software: x\r\n"),
        response("http://news.example/a/1?x=2#top", b"<p>one", html),
        record("request", "http://news.example/a/1", b"GET / HTTP/1.1\r\n\r\n"),
        response("http://news.example/c", chunked, f"{html}\r\nTransfer-Encoding: chunked"),
        response("http://news.example/c", b"dechunked by the crawler", f"{html}\r\nTransfer-Encoding: chunked"),
        response("https://news.example/z/../..", packed, f"{html}\r\nContent-Encoding: gzip"),
        response("http://news.example/d", zlib.compress(b"deflated"), f"{html}\r\nContent-Encoding: deflate"),
        response("http://news.example/x", b"?", f"{html}\r\nContent-Encoding: rot13"),
        response("http://news.example/api", b"{}", "content-type: application/ld+json"),
        response("http://news.example/p.png", b"\x89PNG", "Content-Type: image/png"),
        response("http://news.example/404", b"no", html, "404 Not Found"),
        record("response", "http://news.example/odd", b"no HTTP at all"),
        record("response", "http://news.example/untyped", b"HTTP/1.0 200\n\nbody"),
    ]
    expected = {
        "news.example/a/1?x=2": b"<p>one",
        "news.example/c": b"ab\r\ncde",
        "news.example/c~2": b"dechunked by the crawler",
        "news.example/z/%2E%2E/%2E%2E": b"packed page",
        "news.example/d": b"deflated",
        "news.example/x": "member-unsupported",
        "news.example/api": b"{}",
        "news.example/untyped": b"body",
        ".": "archive-skipped",
    }
    assert read(tmp_path, "a.warc", b"".join(records)) == expected
    assert read(tmp_path, "a.warc.gz", gz(*records)) == expected
    first, *_, last = all_members(project(tmp_path, "a.warc.gz"))
    assert first.offer.origin == Origin("http://news.example/a/1?x=2#top", "2024-03-01T08:00:00Z", "gb2312")
    assert isinstance(first.content, SourceFile)
    assert first.content.origin == first.offer.origin
    assert last.offer.problem is not None
    assert last.offer.problem.message == (
        "Records that are no pages were left out: 1 request, 1 response of type image/png, "
        "1 response that is not HTTP, 1 response with status 404, 1 warcinfo."
    )


def test_globs_choose_members(tmp_path: Path) -> None:
    files = [("a/1.md", b"1"), ("a/b/2.md", b"2"), ("a/3.txt", b"3"), ("c/4.md", b"4"), (".x/5.md", b"5")]
    (tmp_path / "s").mkdir()
    (tmp_path / "s/d.zip").write_bytes(zipped(files))
    (tmp_path / "s/e.tar").write_bytes(tar(files))
    (tmp_path / "s/f.md").write_bytes(b"f")
    every = [f"s/{name}/{path}" for name in ("d.zip", "e.tar") for path, _ in files]

    def taken(*globs: str) -> list[str]:
        return [path for path, problem in offered(project(tmp_path, *globs)) if problem is None]

    assert taken("s/**") == [*every, "s/f.md"]
    assert taken("s/*.zip") == every[:5]
    assert taken("s/d.zip") == every[:5]
    assert taken("s/**/*.md") == ["s/f.md"]
    assert taken("s/*/*.md") == []
    assert taken("s/*.zip/a/*.md") == ["s/d.zip/a/1.md"]
    assert taken("s/d.zip/**/*.md") == ["s/d.zip/a/1.md", "s/d.zip/a/b/2.md", "s/d.zip/c/4.md"]
    assert taken("s/d.zip/a") == ["s/d.zip/a/1.md", "s/d.zip/a/b/2.md", "s/d.zip/a/3.txt"]
    assert taken("**/*.tar/c/**") == ["s/e.tar/c/4.md"]
    assert taken("s/d.zip", "!s/d.zip/a/**", "!s/d.zip/.x/*") == ["s/d.zip/c/4.md"]
    assert taken("s/**", "!s/*.zip", "!s/*.tar") == ["s/f.md"]
    assert offered(project(tmp_path, "s/d.zip/nothing/**")) == [("s/d.zip", "archive-empty")]
    assert offered(project(tmp_path, "s/gone.zip/**")) == [("s/gone.zip", "file-unreadable")]


def test_folders_named_like_archives(tmp_path: Path) -> None:
    (tmp_path / "s/x.zip").mkdir(parents=True)
    (tmp_path / "s/x.zip/1.md").write_text("x")
    assert offered(project(tmp_path, "s/*.zip/*.md")) == [("s/x.zip/1.md", None)]


def test_archive_outside_the_project(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "d").mkdir()
    (tmp_path / "d/a.zip").write_bytes(zipped(TWO))
    for glob in ("../d/a.zip", "../d/a.zip/news/**"):
        demo = project(tmp_path / "p", glob)
        assert offered(demo) == [("a.zip/news/1.md", None), ("a.zip/news/深/2.md", None)]
        assert Sources(demo).read("one", "a.zip/news/1.md") == "第一条".encode()


def test_two_collections_share_an_archive(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped([("x/1.md", b"1"), ("y/2.md", b"2")]))
    demo = project(tmp_path, one=("a.zip/x/**",), two=("a.zip",))
    assert offered(demo) == [("a.zip/x/1.md", None), ("a.zip/x/1.md", "file-claimed-twice"), ("a.zip/y/2.md", None)]


def test_unwanted_members_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.tgz").write_bytes(gzip.compress(tar([(f"{n}.md", bytes([n])) for n in range(1, 6)])))
    archive = archive_of(project(tmp_path, "a.tgz"))
    found = list(members(archive, Limits(), lambda offer: offer.path.endswith("/4.md")))
    assert [said(m) if m.content else None for m in found] == [None, None, None, b"\4", None]


def test_sources_give_members_again(tmp_path: Path) -> None:
    (tmp_path / "a.tar.zst").write_bytes(zst(tar([*TWO, ("news/1.md", b"again")])))
    (tmp_path / "b.jsonl").write_bytes(b"1\n2\n")
    (tmp_path / "c.md").write_bytes(b"c")
    sources = Sources(project(tmp_path, "**"))
    wanted = {
        "a.tar.zst/news/1~2.md": b"again",
        "b.jsonl/2.json": b"2",
        "c.md": b"c",
        "a.tar.zst/news/1.md": "第一条".encode(),
        "a.tar.zst/none.md": None,
        "../c.md": None,
        "/etc/passwd": None,
        "a.tar.zst": None,
        "a.tar.zst/../c.md": None,
    }
    assert {path: data for (_, path), data in sources.each(("one", path) for path in wanted)} == wanted
    assert sources.read("nowhere", "c.md") is None
    assert Sources(None).read("one", "c.md") is None


def test_memory_does_not_grow_with_members(tmp_path: Path) -> None:
    """6,000 members: `zipfile` and `tarfile` would hold some 3 MB of headers."""
    files = [(f"folder-{number % 7}/{number:08d}.md", b"x") for number in range(6_000)]
    for name, data in (("a.zip", zipped(files, zipfile.ZIP_STORED)), ("a.tar", tar(files))):
        (tmp_path / name).write_bytes(data)
        del data
        archive = archive_of(project(tmp_path, name))
        with at_most(800_000):
            assert sum(1 for member in members(archive, Limits()) if member.content) == 6_000


names = st.one_of(st.binary(min_size=1, max_size=30).map(readable), st.text(min_size=1, max_size=30))


@given(st.lists(names, max_size=30))
def test_any_names_give_paths_that_differ_and_lead_nowhere(given_names: list[str]) -> None:
    unique = Unique()
    paths = [unique(path_of(name)) for name in given_names]
    assert len(set(paths)) == len(paths)
    for path in paths:
        assert path
        assert not {"", ".", ".."} & set(path.split("/"))


def test_many_paths_are_told_apart() -> None:
    unique = Unique()
    assert all(unique(f"{number}.md") == f"{number}.md" for number in range(5000))
    assert unique("17.md") == "17~2.md"


FILES = [(f"n/{number}.md", f"第{number}条新闻。".encode() * (number + 1)) for number in range(6)]
PAGES = [response(f"http://a.example/{name}", data) for name, data in FILES]
WHOLE = {
    "a.tar": tar(FILES),
    "a.tgz": gzip.compress(tar(FILES)),
    "a.tar.zst": zst(tar(FILES)),
    "a.zip": zipped(FILES),
    "a.warc": b"".join(PAGES),
    "a.warc.gz": gz(*PAGES),
    "a.jsonl.gz": gz(*(data + b"\n" for _, data in FILES)),
}
CONTENTS = {data for _, data in FILES}


@pytest.mark.parametrize("name", WHOLE)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1))
def test_any_cut_gives_members_or_a_reject(tmp_path: Path, name: str, share: float) -> None:
    whole = WHOLE[name]
    found = read(tmp_path, name, whole[: int(len(whole) * share)])
    told = [value for value in found.values() if isinstance(value, str)]
    assert len(told) <= 1
    if "jsonl" not in name:  # the last line of a cut file is a line, too
        assert {value for value in found.values() if isinstance(value, bytes)} <= CONTENTS
    if name in ("a.tar", "a.tgz", "a.tar.zst", "a.zip") and share < 1:
        assert len(found) == len(FILES) or told


@pytest.mark.parametrize("name", WHOLE)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=8)), max_size=5))
def test_any_damage_gives_members_or_rejects(tmp_path: Path, name: str, changes: list[tuple[float, bytes]]) -> None:
    data = bytearray(WHOLE[name])
    for place, patch in changes:
        at = int(len(data) * place)
        data[at : at + len(patch)] = patch
    found = read(tmp_path, name, bytes(data))
    assert found
    assert {type(value) for value in found.values()} <= {str, bytes}


@pytest.mark.parametrize(
    "name", ["a.tar", "a.zip", "a.warc", "a.warc.gz", "a.jsonl", "a.tar.xz", "a.html.gz", "a.tar.zst"]
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=2000))
def test_any_bytes_give_members_or_rejects(tmp_path: Path, name: str, data: bytes) -> None:
    assert read(tmp_path, name, data)
