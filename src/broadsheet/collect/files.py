"""Bytes and hashes of offered files."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from broadsheet.collect.media_types import media_type
from broadsheet.collect.offers import Offer
from broadsheet.document import Reject, SourceFile
from broadsheet.project import Limits

_CHUNK = 1024 * 1024
_HEAD = 512


@dataclass(frozen=True, slots=True)
class Digest:
    """What a file is known by without keeping its bytes."""

    sha256: str
    size: int
    media_type: str


NOTHING = Digest(hashlib.sha256(b"").hexdigest(), 0, "application/octet-stream")
"""Stands for a file that could not be read at all."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A member of an archive that is not used: why, and what is known of it."""

    reject: Reject
    digest: Digest


def refused(reject: Reject) -> Refused:
    """A member that was not read."""
    return Refused(reject, NOTHING)


def read(offer: Offer, limits: Limits) -> SourceFile | Reject:
    """The file of an offer in memory, or why it is not: its problem, its size, or the system's refusal."""
    if offer.problem is not None:
        return offer.problem
    if offer.file is None:
        return Reject("file-unreadable", "There is no file to read.", field="path", value=offer.path)
    if offer.size > limits.max_bytes:
        return _too_large(offer.size, limits)
    try:
        with offer.file.open("rb") as stream:
            data = stream.read(limits.max_bytes + 1)  # it may have grown since it was offered
    except OSError as problem:
        message = f"The file cannot be read: {problem.strerror or type(problem).__name__}."
        return Reject("file-unreadable", message, field="path", value=offer.path)
    if len(data) > limits.max_bytes:
        return _too_large(len(data), limits)
    if not data:
        return _empty()
    sha256 = hashlib.sha256(data).hexdigest()
    return SourceFile(offer.collection, offer.path, data, sha256, media_type(offer.path, data))


def source_file(offer: Offer, pieces: Iterable[bytes], limits: Limits) -> SourceFile | Refused:
    """A member of an archive in memory; one that is too large is hashed and not kept."""
    sha, size, head, kept = hashlib.sha256(), 0, b"", bytearray()
    for piece in pieces:
        sha.update(piece)
        size += len(piece)
        if size <= limits.max_bytes:
            kept += piece
        elif kept:
            head, kept = bytes(kept[:_HEAD]), bytearray()
    data = bytes(kept)
    found = Digest(sha.hexdigest(), size, media_type(offer.path, data or head))
    if size > limits.max_bytes:
        return Refused(_too_large(size, limits), found)
    if not data:
        return Refused(_empty(), found)
    return SourceFile(offer.collection, offer.path, data, found.sha256, found.media_type, offer.origin)


def digest(file: Path | None, path: str) -> Digest:
    """Hash, size and media type of a file of any size, read in pieces; `NOTHING` if it cannot be read.

    Args:
        file: The file.
        path: Its published path, whose ending tells the media type.
    """
    if file is None:
        return NOTHING
    sha, size, head = hashlib.sha256(), 0, b""
    try:
        with file.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                head = head or chunk[:_HEAD]
                sha.update(chunk)
                size += len(chunk)
    except OSError:  # told by the reject that `read` gave
        return NOTHING
    return Digest(sha.hexdigest(), size, media_type(path, head))


def _too_large(size: int, limits: Limits) -> Reject:
    message = f"The file has {size:,} bytes; the limit is {limits.max_bytes:,}."
    return Reject("file-too-large", message, field="bytes", value=str(size))


def _empty() -> Reject:
    return Reject("file-empty", "The file has no bytes.", field="bytes", value="0")
