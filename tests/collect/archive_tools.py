"""Archives made for tests, and what comes out of them."""

import gzip
import io
import tarfile
import tracemalloc
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from broadsheet.collect import Member, Offer, Refused, members, offers
from broadsheet.document import SourceFile
from broadsheet.project import Collection, Limits, Project

Files = Iterable[tuple[str, bytes]]


def tar(files: Files, *others: tarfile.TarInfo) -> bytes:
    """A tar of files, then of members of other kinds."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as made:
        for name, data in files:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            made.addfile(member, io.BytesIO(data))
        for other in others:
            made.addfile(other)
    return buffer.getvalue()


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name, data in files:
            made.writestr(name, data)
    return buffer.getvalue()


def zst(data: bytes) -> bytes:
    """One zstd frame."""
    import pyarrow as pa

    packed: bytes = pa.compress(data, codec="zstd", asbytes=True)
    return packed


def record(kind: str, url: str, block: bytes, date: str = "2024-03-01T08:00:00Z") -> bytes:
    """A record of a WARC file."""
    head = f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {date}\r\n"
    return f"{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def response(url: str, body: bytes, headers: str = "Content-Type: text/html", status: str = "200 OK") -> bytes:
    """A record of a page fetched."""
    return record("response", url, f"HTTP/1.1 {status}\r\n{headers}\r\n\r\n".encode() + body)


def gz(*pieces: bytes) -> bytes:
    """Several gzip members, as web archives have one for each record."""
    return b"".join(gzip.compress(piece, mtime=0) for piece in pieces)


def project(root: Path, *globs: str, limits: Limits | None = None, **collections: tuple[str, ...]) -> Project:
    """A project of a collection `one`, or of those named."""
    wanted = collections or {"one": globs}
    made = tuple(Collection(name, name, files, limits=limits or Limits()) for name, files in wanted.items())
    return Project(root=root, name="demo", title="demo", collections=made)


def all_members(demo: Project) -> list[Member]:
    """Members of all archives a project offers; and its files, as members without content."""
    found: list[Member] = []
    for offer in offers(demo):
        limits = demo.collection(offer.collection).limits
        found.extend(members(offer, limits) if offer.inside else [Member(offer, None)])
    return found


def read(root: Path, name: str, data: bytes, limits: Limits | None = None) -> dict[str, bytes | str]:
    """What an archive of that name gives: bytes, or the code of the reject, by path within it."""
    (root / name).write_bytes(data)
    found = {}
    for member in all_members(project(root, name, limits=limits)):
        path = member.offer.path.removeprefix(name).removeprefix("/") or "."
        assert path not in found
        found[path] = said(member)
    return found


@contextmanager
def at_most(limit: int) -> Iterator[None]:
    """What runs within allocates no more bytes at a time than that."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < limit
    finally:
        tracemalloc.stop()


def said(member: Member) -> bytes | str:
    """The bytes of a member, or the code of its reject."""
    if isinstance(member.content, SourceFile):
        return member.content.data
    assert isinstance(member.content, Refused)
    return member.content.reject.code


def offered(demo: Project) -> list[tuple[str, str | None]]:
    """Paths of members and files, with codes of those that cannot be used."""
    return [(m.offer.path, m.offer.problem.code if m.offer.problem else None) for m in all_members(demo)]


def archive_of(demo: Project) -> Offer:
    """The first archive a project offers."""
    return next(offer for offer in offers(demo) if offer.inside)
