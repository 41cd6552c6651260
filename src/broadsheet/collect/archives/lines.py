"""JSON Lines: every line a member, named by its number; and a compressed file as the one member of itself."""

from collections.abc import Iterator

from broadsheet.collect.archives.entry import PIECE, Entry
from broadsheet.collect.archives.streams import Stream


def lines(stream: Stream) -> Iterator[Entry]:
    """All lines but blank ones, without what ends them.

    Raises:
        Stopped: Where the file is damaged.
    """
    number = 0
    while head := stream.line(PIECE):
        number += 1
        if not head.strip() and head.endswith(b"\n"):
            continue
        line = _Line(stream, head)
        yield Entry(f"{number}.json", None, line.pieces)
        line.skip()


class _Line:
    """What is left of one line."""

    def __init__(self, stream: Stream, head: bytes) -> None:
        self._stream = stream
        self._head = head

    def pieces(self) -> Iterator[bytes]:
        """The line, piece by piece, without CR and LF at its end."""
        held = b""
        while self._head:
            head, ended = self._head, self._head.endswith(b"\n")
            self._head = b"" if ended else self._stream.line(PIECE)
            piece = held + (head[:-1] if ended else head)
            held = b"\r" if piece.endswith(b"\r") else b""  # ends the line only if nothing follows
            yield piece[:-1] if held else piece
        # a CR at the very end belongs to what ends the line

    def skip(self) -> None:
        """Go on behind the line."""
        while self._head and not self._head.endswith(b"\n"):
            self._head = self._stream.line(PIECE)
        self._head = b""


def single(stream: Stream, name: str) -> Iterator[Entry]:
    """The one file a compressed file holds."""

    def pieces() -> Iterator[bytes]:
        while piece := stream.read(PIECE):
            yield piece

    yield Entry(name, None, pieces)
