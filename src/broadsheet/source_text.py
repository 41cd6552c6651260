"""Text that remembers where in the file it stood.

All offsets in this module are Unicode code points of the decoded file. `ByteMap` turns them into byte offsets where
rows are made.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Final, NamedTuple

from broadsheet.values import value


class Span(NamedTuple):
    """A half-open range of code points in the decoded file."""

    start: int
    end: int


class Run(NamedTuple):
    """A stretch of text and the stretch of the file it came from.

    Equal lengths map one to one. Unequal lengths (a character reference, collapsed white space, an escape) map as a
    whole.
    """

    text_start: int
    text_length: int
    source_start: int
    source_length: int


Piece = tuple[int, int, int, int]
"""The four numbers of a run, before anybody asks for them by name."""


@value
class SourceText:
    """A string and, for every character that came from the file, where it stood.

    Attributes:
        text: The text as readers see it.
        pieces: Ascending by where they start in the text, not overlapping. Characters without one were not in the file.
    """

    text: str
    pieces: tuple[Piece, ...] = ()

    @classmethod
    def verbatim(cls, text: str, source_start: int = 0) -> "SourceText":
        """Text that stands in the file exactly so, from `source_start`."""
        return cls(text, ((0, len(text), source_start, len(text)),) if text else ())

    @classmethod
    def replaced(cls, text: str, source_start: int, source_length: int) -> "SourceText":
        """Text that stands for a stretch of the file as a whole (a character reference, collapsed white space)."""
        return cls(text, ((0, len(text), source_start, source_length),) if text else ())

    @property
    def runs(self) -> tuple[Run, ...]:
        """The pieces, with names."""
        return tuple(map(Run._make, self.pieces))

    @property
    def base(self) -> int | None:
        """Where the text stands in the file, if it stands there as it is."""
        if len(self.pieces) == 1:
            _, length, source, taken = self.pieces[0]
            if length == taken == len(self.text):
                return source
        return None

    def __len__(self) -> int:
        return len(self.text)

    def __bool__(self) -> bool:
        return bool(self.text)

    def slice(self, start: int, end: int) -> "SourceText":
        """The part from `start` to `end` (code points of `text`, not negative)."""
        text = self.text[start:end]
        size = len(text)
        if size == len(self.text):
            return self
        if not size:
            return SourceText("")
        if (base := self.base) is not None:
            return SourceText(text, ((0, size, base + start, size),))
        return SourceText(text, tuple(self._cut(start, start + size)))

    def keep(self, spans: Iterable[tuple[int, int]]) -> "SourceText":
        """The parts from start to end of every span (none empty), one behind the other."""
        base = self.base
        if base is None:
            return concatenate(self.slice(start, end) for start, end in spans)
        pieces: list[Piece] = []
        texts: list[str] = []
        position = 0
        for start, end in spans:
            text = self.text[start:end]
            pieces.append((position, len(text), base + start, len(text)))
            texts.append(text)
            position += len(text)
        return SourceText("".join(texts), tuple(pieces))

    def strip(self, characters: str | None = None) -> "SourceText":
        """Without leading and trailing white space (or `characters`)."""
        inner = self.text.strip(characters)
        if len(inner) == len(self.text):
            return self
        left = len(self.text) - len(self.text.lstrip(characters)) if inner else 0
        return self.slice(left, left + len(inner))

    def source_span(self, start: int = 0, end: int | None = None) -> Span | None:
        """From where to where in the file the characters `start` to `end` stood; None if none of them did."""
        end = len(self.text) if end is None else min(end, len(self.text))
        base = self.base
        if base is not None and start < end:
            return Span(base + start, base + end)
        cut = self._cut(start, end)
        if not cut:
            return None
        return Span(min(piece[2] for piece in cut), max(piece[2] + piece[3] for piece in cut))

    def _cut(self, start: int, end: int) -> list[Piece]:
        """The pieces between `start` and `end`, counted from `start`."""
        found: list[Piece] = []
        pieces = self.pieces
        for i in range(max(bisect_left(pieces, (start + 1,)) - 1, 0), len(pieces)):
            at, length, source, taken = pieces[i]
            if at >= end:
                break
            first, last = max(at, start), min(at + length, end)
            if first < last:
                if length == taken:
                    source, taken = source + first - at, last - first
                found.append((first - start, last - first, source, taken))
        return found


def concatenate(parts: Iterable[SourceText], separator: str = "") -> SourceText:
    """One text of many; `separator` belongs to no file. Adjoining verbatim pieces are merged."""
    texts: list[str] = []
    pieces: list[Piece] = []
    position = 0
    linear_to = -1  # where in the file the last piece ends, if it is verbatim and nothing stands behind it
    for part in parts:
        if texts and separator:
            texts.append(separator)
            position += len(separator)
            linear_to = -1
        texts.append(part.text)
        for at, length, source, taken in part.pieces:
            if source == linear_to and length == taken and pieces[-1][0] + pieces[-1][1] == at + position:
                first, before, begin, _ = pieces[-1]
                pieces[-1] = (first, before + length, begin, before + length)
            else:
                pieces.append((at + position, length, source, taken))
            linear_to = source + length if length == taken else -1
        position += len(part.text)
    return SourceText("".join(texts), tuple(pieces))


class ByteMap:
    """From code points of a decoded file to its bytes. Nothing is counted before somebody asks.

    Args:
        text: The decoded file.
        encoding: Its codec; must encode character by character (no byte order mark of its own).
        lossy: (code point, bytes) of every U+FFFD that stands for undecodable bytes, ascending.
    """

    STEP: Final = 256

    def __init__(self, text: str = "", encoding: str = "utf-8", lossy: Iterable[tuple[int, int]] = ()) -> None:
        self._text, self._encoding = text, encoding
        self._lossy = tuple(lossy)
        self._same = text.isascii() and not self._lossy and not encoding.startswith(("utf-16", "utf-32"))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ByteMap):
            return NotImplemented
        return (self._text, self._encoding, self._lossy) == (other._text, other._encoding, other._lossy)

    def __hash__(self) -> int:
        return hash((self._text, self._encoding, self._lossy))

    def byte(self, position: int) -> int:
        """The byte offset at which code point `position` starts (or the file ends)."""
        if self._same:
            return position
        block = position // self.STEP
        found = self._blocks[block] + self._size(block * self.STEP, position)
        if self._lossy:
            found += self._losses[bisect_left(self._lossy, (position,))]
        return found

    def bytes_of(self, span: Span) -> Span:
        """A span of code points as a span of bytes."""
        return Span(self.byte(span.start), self.byte(span.end))

    def _size(self, start: int, end: int) -> int:
        return len(self._text[start:end].encode(self._encoding, "replace"))

    @cached_property
    def _blocks(self) -> Sequence[int]:
        """Bytes before every block of `STEP` code points, as the codec would write them."""
        starts = range(0, len(self._text), self.STEP)
        return tuple(accumulate((self._size(at, at + self.STEP) for at in starts), initial=0))

    @cached_property
    def _losses(self) -> Sequence[int]:
        """How many bytes more (or less) than that the undecodable ones took, before each of them and after all."""
        written = len("\ufffd".encode(self._encoding, "replace"))
        return tuple(accumulate((length - written for _, length in self._lossy), initial=0))
