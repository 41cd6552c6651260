"""Members of a tar stream: ustar, GNU long names, pax.

The standard library's `tarfile` keeps every header it saw and reads extended headers of any size into memory; archives
of a million members, and hostile ones, must not do that here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from broadsheet.collect.archives.entry import Entry, damaged, nothing
from broadsheet.collect.archives.streams import Body, Stream

BLOCK: Final = 512
MOST_HEADER: Final = 1 << 20
"""Bytes of an extended header; names are a few hundred."""
_FILES: Final = b"0\x007"
_FOLDER: Final = b"5"
_OTHERS: Final = {
    b"1": "a hard link",
    b"2": "a symbolic link",
    b"3": "a device",
    b"4": "a device",
    b"6": "a pipe",
}
_SPARSE: Final = b"S"
_PAX: Final = re.compile(rb"([0-9]{1,7}) ([^=]+)=")


@dataclass(slots=True)
class _Extended:
    """What extended headers say of the next member."""

    path: bytes | None = None
    size: int | None = None
    sparse: bool = False


@dataclass(slots=True)
class _Reader:
    stream: Stream
    extended: _Extended = field(default_factory=_Extended)

    def header(self) -> bytes | None:
        """The next header block; None at the end."""
        at = self.stream.position
        block = self.stream.read(BLOCK)
        if not block:
            raise damaged(f"It ends at byte {at:,} without the blocks that close a tar.")
        if len(block) < BLOCK:
            raise damaged(f"It ends at byte {self.stream.position:,}, within a header.")
        if not block.strip(b"\0"):
            return None
        if not _sound(block):
            raise damaged(f"There is no tar header at byte {at:,}.")
        return block

    def extend(self, kind: bytes, size: int) -> None:
        """Read an extended header."""
        if size > MOST_HEADER:
            raise damaged(f"The extended header at byte {self.stream.position:,} claims {size:,} bytes.")
        body = self.stream.exactly(size, "an extended header")
        self.stream.skip(-size % BLOCK, "an extended header")
        if kind == b"L":
            self.extended.path = body.rstrip(b"\0")
        elif kind == b"x":
            self._pax(body)

    def _pax(self, body: bytes) -> None:
        position = 0
        while found := _PAX.match(body, position):
            length = int(found[1])
            value = body[found.end() : position + length - 1]
            if length <= found.end() - position:
                return
            if found[2] == b"path":
                self.extended.path = value
            elif found[2] == b"size" and value.isdigit() and len(value) < 20:
                self.extended.size = int(value)
            elif found[2].startswith(b"GNU.sparse"):
                self.extended.sparse = True
            position += length


def entries(stream: Stream) -> Iterator[Entry]:
    """Everything in the tar but its folders.

    Raises:
        Stopped: Where it is damaged.
    """
    reader = _Reader(stream)
    while (block := reader.header()) is not None:
        kind, size = block[156:157], _number(block[124:136])
        if kind in (b"L", b"K", b"x", b"g", b"X"):
            reader.extend(kind, size)
            continue
        known, reader.extended = reader.extended, _Extended()
        name = known.path if known.path is not None else _name(block)
        size = size if known.size is None else known.size
        if kind in _FILES and name.endswith(b"/"):  # how tars before POSIX mark folders
            kind = _FOLDER
        holds = kind not in _OTHERS and kind != _FOLDER  # links and devices have no bytes here, whatever they claim
        body = Body(stream, size if holds else 0, "a member")
        if kind == _SPARSE or known.sparse:
            yield Entry(name, size, nothing, ("member-unsupported", "A sparse file is not read."))
        elif kind in _FILES:
            yield Entry(name, size, body.pieces)
        elif kind != _FOLDER:
            what = _OTHERS.get(kind, "of a kind tar does not define")
            yield Entry(name, 0, nothing, ("member-not-file", f"The member is {what}, not a file."))
        body.skip()
        stream.skip(-size % BLOCK if holds else 0, "the padding of a member")


def _sound(block: bytes) -> bool:
    """Whether the checksum is right; old tars summed signed bytes."""
    try:
        stated = int(block[148:156].strip(b"\0 ") or b"0", 8)
    except ValueError:
        return False
    rest = block[:148] + b" " * 8 + block[156:]
    unsigned = sum(rest)
    return stated == unsigned or stated == unsigned - 256 * sum(byte > 127 for byte in rest)


def _number(raw: bytes) -> int:
    """Octal digits, or base 256 where the first bit is set."""
    if raw[0] == 0x80:
        return int.from_bytes(raw[1:], "big")
    try:
        value = int(raw.strip(b"\0 ") or b"0", 8)
    except ValueError:
        value = -1
    if value < 0:
        raise damaged("A header gives a size that is no number.")
    return value


def _name(block: bytes) -> bytes:
    name = block[:100].split(b"\0", 1)[0]
    if block[257:263] == b"ustar\0" and (prefix := block[345:500].split(b"\0", 1)[0]):
        return prefix + b"/" + name
    return name
