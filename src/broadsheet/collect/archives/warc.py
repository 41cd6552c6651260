"""Pages saved in a WARC file: responses with status 200 whose content is HTML, text or JSON, unwrapped from HTTP.

The framing is read here rather than with fastwarc, which ends the process's own way (a Rust panic) on input it did not
expect, and cannot say at which byte. The format is ISO 28500: named headers, a length, a block.
"""

import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from typing import Final

from broadsheet.collect.archives.entry import PIECE, Entry, MemberStopped, damaged
from broadsheet.collect.archives.streams import SLACK, Body, Stream
from broadsheet.document import Origin

MOST_HEADERS: Final = 1 << 18
_PAGES: Final = frozenset(("text/html", "text/plain", "text/markdown", "application/xhtml+xml", "application/json"))
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:/{0,2}", re.IGNORECASE)
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_CHUNK: Final = re.compile(rb"\s*([0-9A-Fa-f]{1,15})\s*(?:;.*)?\r?\n?\Z", re.DOTALL)

Headers = Mapping[str, str]


def entries(stream: Stream, skipped: Counter[str], max_ratio: int) -> Iterator[Entry]:
    """The pages.

    Args:
        stream: The unpacked file.
        skipped: Counts every other record by what it is.
        max_ratio: Unpacked bytes per packed byte from which on the content of a response is refused.

    Raises:
        Stopped: Where it is damaged.
    """
    while (headers := _record(stream)) is not None:
        at = stream.position
        length = headers.get("content-length", "")
        if not re.fullmatch("[0-9]{1,18}", length):
            raise damaged(f"The record at byte {at:,} does not say how long it is.")
        body = Body(stream, int(length), "a record")
        kind = headers.get("warc-type", "without type").lower()
        if kind == "response":
            yield from _response(headers, body, skipped, max_ratio)
        else:
            skipped[kind[:40]] += 1
        body.skip()


def _record(stream: Stream) -> Headers | None:
    """The headers of the next record; None at the end."""
    while True:
        at = stream.position
        line = stream.line(PIECE)
        if not line:
            return None
        if line.strip():
            break
    if not line.upper().startswith(b"WARC/"):
        raise damaged(f"There is no record at byte {at:,}.")
    try:
        return _headers(stream)
    except _NoHeadersError:
        raise damaged(f"The headers of the record at byte {at:,} have no end.") from None


class _NoHeadersError(Exception):
    """Headers without a blank line behind them."""


def _headers(source: Stream | Body) -> Headers:
    """Headers up to a blank line; names in lower case, the first of a name counts."""
    found: dict[str, str] = {}
    name, left = "", MOST_HEADERS
    while True:
        line = source.line(min(PIECE, left))
        left -= len(line)
        if not line.endswith(b"\n"):
            raise _NoHeadersError
        text = line.decode("utf-8", "replace").rstrip()
        if not text:
            return found
        if text[0] in " \t" and name:
            found[name] += " " + text.strip()
            continue
        name, _, value = text.partition(":")
        name = name.strip().lower()
        found.setdefault(name, value.strip())


def _response(record: Headers, body: Body, skipped: Counter[str], max_ratio: int) -> Iterator[Entry]:
    """The page of a response, if it is one."""
    status = body.line(PIECE).split()
    try:
        http = _headers(body)
    except _NoHeadersError:
        status, http = [], {}
    code = status[1].decode("latin-1") if len(status) > 1 and status[0].upper().startswith(b"HTTP/") else ""
    if code != "200":
        skipped[f"response with status {code}" if code.isdigit() else "response that is not HTTP"] += 1
        return
    content = http.get("content-type", "").split(";")[0].strip().lower()
    if content and content not in _PAGES and not content.endswith("+json"):
        skipped[f"response of type {content[:60]}"] += 1
        return
    url = record.get("warc-target-uri", "").strip("<>") or None
    charset = _CHARSET.search(http.get("content-type", ""))
    origin = Origin(url, record.get("warc-date"), charset[1].lower() if charset else None)
    yield Entry(_name(url), None, lambda: _content(body, http, max_ratio), origin=origin)


def _name(url: str | None) -> str:
    """An address as a path: without scheme and fragment."""
    bare = _SCHEME.sub("", url or "page", count=1).split("#")[0]
    return "/".join("%2E" * len(part) if part in (".", "..") else part for part in bare.split("/"))


def _content(body: Body, http: Headers, max_ratio: int) -> Iterator[bytes]:
    """The content of a response, without the encodings of transfer and content."""
    pieces = body.pieces()
    if "chunked" in http.get("transfer-encoding", "").lower():
        pieces = _dechunked(body)
    for coding in reversed([c.strip() for c in http.get("content-encoding", "").lower().split(",")]):
        if coding in ("", "identity"):
            continue
        pieces = _decoded(pieces, coding, max_ratio)
    return pieces


def _dechunked(body: Body) -> Iterator[bytes]:
    """Chunks; a crawler that took them apart and kept the header is common, so what is no chunk is content."""
    line = body.line(PIECE)
    size = _CHUNK.match(line)
    if size is None:
        yield line
        yield from body.pieces()
        return
    while size is not None and (left := int(size[1], 16)):
        while left:
            piece = body.read(min(left, PIECE))
            if not piece:
                raise MemberStopped("archive-broken", "The page ends within a chunk.")
            left -= len(piece)
            yield piece
        body.line(PIECE)
        size = _CHUNK.match(body.line(PIECE))


def _decoded(pieces: Iterator[bytes], coding: str, max_ratio: int) -> Iterator[bytes]:
    """Decompressed pieces, none of them large."""
    packed = made = 0
    unpack, failure = _unpacker(coding)
    try:
        for piece in pieces:
            packed += len(piece)
            for out in unpack(piece):
                made += len(out)
                if made > SLACK and made > max_ratio * packed:
                    raise MemberStopped("archive-limit", f"The page unpacks to more than {max_ratio} times its size.")
                yield out
    except failure as problem:
        raise MemberStopped("archive-broken", f"The page cannot be decoded: {problem}.") from problem


def _unpacker(coding: str) -> tuple[Callable[[bytes], Iterator[bytes]], type[Exception]]:
    """What decodes a piece of a content coding, and what it raises."""
    if coding in ("gzip", "x-gzip", "deflate"):
        inflate = zlib.decompressobj(zlib.MAX_WBITS if coding == "deflate" else 16 + zlib.MAX_WBITS)

        def inflated(piece: bytes) -> Iterator[bytes]:
            while piece and not inflate.eof:
                yield inflate.decompress(piece, PIECE)
                piece = inflate.unconsumed_tail

        return inflated, zlib.error
    if coding == "br" and find_spec("brotli"):
        import brotli

        decoder = brotli.Decompressor()

        def unbroken(piece: bytes) -> Iterator[bytes]:
            yield decoder.process(piece, output_buffer_limit=PIECE)
            while not decoder.can_accept_more_data():
                yield decoder.process(b"", output_buffer_limit=PIECE)

        return unbroken, brotli.error
    raise MemberStopped("member-unsupported", f"The page is encoded as {coding[:40]!r}, which is not read.")
