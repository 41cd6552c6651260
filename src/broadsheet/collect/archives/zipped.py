"""Members of a zip file, in the order of its directory.

The standard library's `zipfile` makes an object of every entry before the first can be read. Here the directory is
read entry by entry, so that a zip of a million members costs no more memory than one of ten.
"""

import os
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from broadsheet.collect.archives.entry import PIECE, Entry, MemberStopped, Stopped, damaged, nothing
from broadsheet.collect.archives.streams import SLACK

_END: Final = struct.Struct("<4s4H2LH")
_END64_PLACE: Final = struct.Struct("<4sLQL")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_ENTRY: Final = struct.Struct("<4s6H3L5H2L")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_MOST_COMMENT: Final = 0xFFFF
_STORED, _DEFLATED, _BZIP2 = 0, 8, 12
_ENCRYPTED, _UTF8 = 1, 1 << 11
_UNIX: Final = 3
_FULL: Final = 0xFFFFFFFF
_UNICODE_NAME: Final = 0x7075


@dataclass(frozen=True, slots=True)
class _Known:
    """What the directory says of a member."""

    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int
    name: str | bytes


def entries(file: Path, max_ratio: int) -> Iterator[Entry]:
    """Everything in the zip but its folders.

    Args:
        file: The zip.
        max_ratio: Unpacked bytes per packed byte from which on a member, or the whole, is refused.

    Raises:
        Stopped: Where it is damaged.
    """
    try:
        with file.open("rb") as directory, file.open("rb") as data:
            yield from _Zip(directory, data, max_ratio).entries()
    except OSError as problem:
        message = f"The archive cannot be read: {problem.strerror or type(problem).__name__}."
        raise Stopped("file-unreadable", message) from problem


class _Zip:
    def __init__(self, directory: IO[bytes], data: IO[bytes], max_ratio: int) -> None:
        self._directory = directory
        self._data = data
        self._max_ratio = max_ratio
        self._size = os.fstat(directory.fileno()).st_size
        self._made = 0

    def entries(self) -> Iterator[Entry]:
        start, end, shift = self._place()
        self._directory.seek(start)
        while self._directory.tell() < end:
            at = self._directory.tell()
            head = self._directory.read(_ENTRY.size)
            if len(head) < _ENTRY.size or not head.startswith(b"PK\1\2"):
                raise damaged(f"There is no entry of its directory at byte {at:,}.")
            known = self._known(head)
            if _last(known.name) in ("/", "\\"):
                continue
            problem = _problem(known)
            pieces = nothing if problem else self._pieces(known, shift)
            yield Entry(known.name, known.size, pieces, problem)

    def _place(self) -> tuple[int, int, int]:
        """Where the directory starts and ends, and how far all offsets are off because something stands before."""
        tail_at = max(self._size - _END.size - _MOST_COMMENT, 0)
        self._data.seek(tail_at)
        tail = self._data.read(_END.size + _MOST_COMMENT)
        found = tail.rfind(b"PK\5\6")
        if found < 0 or len(tail) < found + _END.size:
            raise damaged("The directory at its end is missing: it is cut short, or no zip.")
        *_, size, offset, _ = _END.unpack_from(tail, found)
        end = tail_at + found
        if _FULL in (offset, size) or tail.startswith(b"PK\6\7", max(found - _END64_PLACE.size, 0)):
            size, offset, end = self._place64(end, size, offset)
        shift = end - size - offset
        if shift < 0 or size > end:
            raise damaged("Its directory lies outside the file.")
        return end - size, end, shift

    def _place64(self, end: int, size: int, offset: int) -> tuple[int, int, int]:
        at = end - _END64_PLACE.size - _END64.size  # where writers put it; its own offset may be shifted
        if at < 0:
            return size, offset, end
        self._data.seek(at)
        block = self._data.read(_END64.size)
        if not block.startswith(b"PK\6\6"):
            return size, offset, end
        *_, size, offset = _END64.unpack(block)
        return size, offset, at

    def _known(self, head: bytes) -> _Known:
        (_, made_by, _, flags, method, _, _, crc, packed, size, name_length, extra_length, comment_length, _, _,
         attributes, offset) = _ENTRY.unpack(head)  # fmt: skip
        name = self._directory.read(name_length)
        extra = self._directory.read(extra_length)
        if len(name) < name_length or len(extra) < extra_length:
            raise damaged("It ends within its directory.")
        self._directory.seek(comment_length, os.SEEK_CUR)
        fields = dict(_fields(extra))
        wide = fields.get(1, b"")
        numbers = []
        for value in (size, packed, offset):
            if value == _FULL and len(wide) >= 8:
                value, wide = int.from_bytes(wide[:8], "little"), wide[8:]  # noqa: PLW2901
            numbers.append(value)
        mode = attributes >> 16 if made_by >> 8 == _UNIX else 0
        return _Known(flags, method, crc, numbers[1], numbers[0], numbers[2], mode, _name(name, flags, fields))

    def _pieces(self, known: _Known, shift: int) -> Callable[[], Iterator[bytes]]:
        def pieces() -> Iterator[bytes]:
            try:
                self._data.seek(known.offset + shift)
                head = self._data.read(_LOCAL.size)
                if len(head) < _LOCAL.size or not head.startswith(b"PK\3\4"):
                    raise MemberStopped("archive-broken", f"There is no member at byte {known.offset + shift:,}.")
                *_, name_length, extra_length = _LOCAL.unpack(head)
                self._data.seek(name_length + extra_length, os.SEEK_CUR)
                yield from self._unpacked(known)
            except (OSError, EOFError, ValueError, zlib.error) as problem:
                raise MemberStopped("archive-broken", f"The member cannot be unpacked: {problem}.") from problem

        return pieces

    def _unpacked(self, known: _Known) -> Iterator[bytes]:
        left, crc, made = known.packed, 0, 0
        unpack = _unpacker(known.method)
        while True:
            packed = self._data.read(min(PIECE, left)) if unpack.hungry() else b""
            left -= len(packed)
            piece = unpack(packed)
            if not piece and not packed and unpack.hungry():
                break
            crc, made = zlib.crc32(piece, crc), made + len(piece)
            self._count(len(piece), made, known)
            if piece:
                yield piece
        if made != known.size or crc != known.crc:
            raise MemberStopped("archive-broken", "The member is not what its checksum says.")

    def _count(self, more: int, made: int, known: _Known) -> None:
        """Refuse what unpacks to far more than it is: the member, or all of them together."""
        self._made += more
        if made > SLACK and made > self._max_ratio * max(known.packed, 1):
            message = f"The member unpacks to more than {self._max_ratio} times its size."
            raise MemberStopped("archive-limit", message)
        if self._made > 4 * SLACK and self._made > self._max_ratio * self._size:
            raise Stopped("archive-limit", f"Its members unpack to more than {self._max_ratio} times its size.")


class _unpacker:  # noqa: N801 - a function with a memory
    """Turns packed pieces into unpacked ones of bounded size."""

    def __init__(self, method: int) -> None:
        self._held = b""
        self._inflate: Any = None
        if method == _DEFLATED:
            self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        elif method == _BZIP2:
            import bz2

            self._inflate = bz2.BZ2Decompressor()
        self._bzip2 = method == _BZIP2

    def hungry(self) -> bool:
        """Whether it needs more packed bytes to go on."""
        if self._inflate is None or self._inflate.eof:
            return True
        return bool(self._inflate.needs_input) if self._bzip2 else not self._held

    def __call__(self, packed: bytes) -> bytes:
        if self._inflate is None:
            return packed
        if self._inflate.eof:
            return b""
        piece: bytes = self._inflate.decompress(self._held + packed, PIECE)
        if not self._bzip2:
            self._held = self._inflate.unconsumed_tail
        return piece


def _problem(known: _Known) -> tuple[str, str] | None:
    kind = known.mode & 0o170000
    if kind == 0o120000:
        return "member-not-file", "The member is a symbolic link, not a file."
    if kind not in (0, 0o100000):
        return "member-not-file", "The member is a device or pipe, not a file."
    if known.flags & _ENCRYPTED:
        return "member-encrypted", "The member is encrypted."
    if known.method not in (_STORED, _DEFLATED, _BZIP2):
        return "member-unsupported", f"The member is compressed by method {known.method}, which is not read."
    return None


def _fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, position)
        yield kind, extra[position + 4 : position + 4 + length]
        position += 4 + length


def _name(name: bytes, flags: int, fields: dict[int, bytes]) -> str | bytes:
    """The name as text where the zip says how it is encoded, else its bytes."""
    unicode_name = fields.get(_UNICODE_NAME, b"")
    if len(unicode_name) > 5 and int.from_bytes(unicode_name[1:5], "little") == zlib.crc32(name):
        name, flags = unicode_name[5:], _UTF8
    return name.decode("utf-8", "backslashreplace") if flags & _UTF8 else name


def _last(name: str | bytes) -> str:
    return name[-1:] if isinstance(name, str) else name[-1:].decode("latin-1")
