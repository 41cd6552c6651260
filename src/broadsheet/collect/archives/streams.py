"""A file, unpacked while it is read: forward only, in bounded memory, never more than a ratio of what is on disk."""

import io
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final

from broadsheet.collect.archives.entry import PIECE, Stopped, damaged
from broadsheet.collect.archives.kinds import Codec

SLACK: Final = 16 * 1024 * 1024
"""Up to this many bytes any ratio is harmless."""
BUFFER: Final = 1 << 15  # of what a cut stream still holds, no more than this is lost


class Stream:
    """The unpacked bytes of a file.

    Args:
        file: The file.
        codec: What it is compressed with.
        max_ratio: Unpacked bytes per packed byte from which on it is refused.

    Raises:
        Stopped: `file-unreadable` if the file cannot be opened.
    """

    def __init__(self, file: Path, codec: Codec, max_ratio: int) -> None:
        self.position = 0
        try:
            self._packed = file.open("rb")
            self._size = os.fstat(self._packed.fileno()).st_size
        except OSError as problem:
            message = f"The archive cannot be read: {problem.strerror or type(problem).__name__}."
            raise Stopped("file-unreadable", message) from problem
        self._plain = not codec
        self._buffer: IO[bytes] = self._packed
        if codec:
            self._buffer = io.BufferedReader(_Unpacked(self._packed, codec, max_ratio), BUFFER)

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._packed.close()

    def read(self, size: int) -> bytes:
        """So many bytes, or fewer at the end."""
        return self._counted(self._told(self._buffer.read, size))

    def exactly(self, size: int, what: str) -> bytes:
        """So many bytes; damaged if there are fewer."""
        data = self.read(size)
        if len(data) < size:
            raise damaged(f"It ends at byte {self.position:,}, within {what}.")
        return data

    def line(self, limit: int) -> bytes:
        """Up to and with the next line feed, or `limit` bytes."""
        return self._counted(self._told(self._buffer.readline, limit))

    def skip(self, size: int, what: str) -> None:
        """Go on behind so many bytes."""
        if self._plain:
            if self.position + size > self._size:
                raise damaged(f"It ends at byte {self._size:,}, within {what}.")
            self._told(self._buffer.seek, self.position + size)
            self.position += size
            return
        while size > 0:
            size -= len(self.exactly(min(size, PIECE), what))

    def _counted(self, data: bytes) -> bytes:
        self.position += len(data)
        return data

    def _told(self, read: Any, size: int) -> Any:
        try:
            return read(size)
        except Stopped:
            raise
        # ValueError: Arrow's own errors; a damaged stream has no other way to show
        except (OSError, EOFError, ValueError, zlib.error, _lzma_error()) as problem:
            why = " ".join(str(problem).split())[:120] or type(problem).__name__
            raise damaged(f"It cannot be unpacked beyond byte {self.position:,}: {why}.") from problem


class Body:
    """The bytes of one member within a stream."""

    def __init__(self, stream: Stream, size: int, what: str) -> None:
        self._stream = stream
        self._left = size
        self._what = what

    def read(self, size: int) -> bytes:
        """So many bytes, or fewer at the end of the member."""
        data = self._stream.exactly(min(size, self._left), self._what)
        self._left -= len(data)
        return data

    def line(self, limit: int) -> bytes:
        """Up to and with the next line feed, `limit` bytes, or the end of the member."""
        data = self._stream.line(min(limit, self._left))
        if not data and min(limit, self._left):
            raise damaged(f"It ends at byte {self._stream.position:,}, within {self._what}.")
        self._left -= len(data)
        return data

    def pieces(self) -> Iterator[bytes]:
        """All that is left, piece by piece."""
        while self._left:
            yield self.read(PIECE)

    def skip(self) -> None:
        """Go on behind the member."""
        self._stream.skip(self._left, self._what)
        self._left = 0


class _Unpacked(io.RawIOBase):
    """The decompressed bytes of an open file, counted against the compressed ones."""

    def __init__(self, packed: IO[bytes], codec: Codec, max_ratio: int) -> None:
        self._packed = packed
        self._source = _opened(packed, codec)
        self._max_ratio = max_ratio
        self._made = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._source(min(len(buffer), BUFFER))
        buffer[: len(data)] = data
        self._made += len(data)
        if self._made > SLACK and self._made > self._max_ratio * self._packed.tell():
            message = (
                f"It unpacks to more than {self._max_ratio} times its size; reading stopped at {self._made:,} bytes."
            )
            raise Stopped("archive-limit", message)
        return len(data)


def _opened(packed: IO[bytes], codec: Codec) -> Any:
    """A function that reads up to so many unpacked bytes. `read1` gives what there is before it tells of an end."""
    if codec == "gz":
        import gzip

        return gzip.GzipFile(fileobj=packed, mode="rb").read1
    if codec == "bz2":
        import bz2

        return bz2.BZ2File(packed).read1
    if codec == "xz":
        import lzma

        return lzma.LZMAFile(packed).read1
    import pyarrow as pa  # Python 3.11 has no zstd of its own

    return pa.CompressedInputStream(pa.PythonFile(packed, mode="r"), "zstd").read


def _lzma_error() -> type[Exception]:
    import lzma

    return lzma.LZMAError
