"""What parse makes and annotate reads: text that remembers where in the file it stood.

All offsets in this module are Unicode code points of the decoded file. `ByteMap` turns them into byte offsets where
rows are made. Nothing here knows a layout, a publisher or a language.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Literal

SourceStatus = Literal["parsed", "empty", "not_article", "rejected"]
BlockKind = Literal["paragraph", "subheading"]
Basis = Literal["body", "header", "front_matter", "file_name", "url", "none"]
ZoneBasis = Literal["stated", "publisher", "collection", "none"]
Precision = Literal["second", "minute", "day", "month", "none"]
PARAGRAPH_BREAK = "\n\n"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file offered by a collection.

    Attributes:
        collection: Name of the collection that claims it.
        path: POSIX path as published in `sources.path`.
        data: The bytes; of the uncompressed member where the file lies in an archive.
        sha256: Hex digest of `data`.
        media_type: Guessed from name and content.
    """

    collection: str
    path: str
    data: bytes
    sha256: str
    media_type: str = "text/plain"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points in the decoded file."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text and the stretch of the file it came from.

    Equal lengths map one to one. Unequal lengths (a character reference, collapsed white space, an escape) map as a
    whole.
    """

    text_start: int
    text_length: int
    source_start: int
    source_length: int


@dataclass(frozen=True, slots=True)
class SourceText:
    """A string and, for every character that came from the file, where it stood.

    Attributes:
        text: The text as readers see it.
        runs: Ascending by `text_start`, not overlapping. Characters without a run were not in the file.
    """

    text: str
    runs: tuple[Run, ...] = ()

    @classmethod
    def verbatim(cls, text: str, source_start: int = 0) -> "SourceText":
        """Text that stands in the file exactly so, from `source_start`."""
        return cls(text, (Run(0, len(text), source_start, len(text)),) if text else ())

    @classmethod
    def replaced(cls, text: str, source_start: int, source_length: int) -> "SourceText":
        """Text that stands for a stretch of the file as a whole (a character reference, collapsed white space)."""
        return cls(text, (Run(0, len(text), source_start, source_length),) if text else ())

    def __len__(self) -> int:
        return len(self.text)

    def __bool__(self) -> bool:
        return bool(self.text)

    def slice(self, start: int, end: int) -> "SourceText":
        """The part from `start` to `end` (code points of `text`, not negative)."""
        end = min(end, len(self.text))
        if start <= 0 and end == len(self.text):
            return self
        runs = []
        for run in self.runs[max(self._run_at(start), 0) :]:
            if run.text_start >= end:
                break
            first, last = max(run.text_start, start), min(run.text_start + run.text_length, end)
            if first >= last:
                continue
            if run.text_length == run.source_length:
                source = run.source_start + first - run.text_start
                runs.append(Run(first - start, last - first, source, last - first))
            else:
                runs.append(Run(first - start, last - first, run.source_start, run.source_length))
        return SourceText(self.text[start:end], tuple(runs))

    def strip(self, characters: str | None = None) -> "SourceText":
        """Without leading and trailing white space (or `characters`)."""
        left = len(self.text) - len(self.text.lstrip(characters))
        return self.slice(left, max(len(self.text.rstrip(characters)), left))

    def source_span(self, start: int = 0, end: int | None = None) -> Span | None:
        """From where to where in the file the characters `start` to `end` stood; None if none of them did."""
        end = len(self.text) if end is None else end
        low: int | None = None
        high = 0
        for run in self.runs[max(self._run_at(start), 0) :]:
            if run.text_start >= end:
                break
            first, last = max(run.text_start, start), min(run.text_start + run.text_length, end)
            if first >= last:
                continue
            linear = run.text_length == run.source_length
            a = run.source_start + (first - run.text_start if linear else 0)
            b = run.source_start + (last - run.text_start if linear else run.source_length)
            low = a if low is None else min(low, a)
            high = max(high, b)
        return None if low is None else Span(low, high)

    def _run_at(self, position: int) -> int:
        return bisect_right(self.runs, position, key=lambda run: run.text_start) - 1


def concatenate(parts: Iterable[SourceText], separator: str = "") -> SourceText:
    """One text of many; `separator` belongs to no file. Adjoining verbatim runs are merged."""
    texts: list[str] = []
    runs: list[Run] = []
    position = 0
    for number, part in enumerate(parts):
        if number and separator:
            texts.append(separator)
            position += len(separator)
        texts.append(part.text)
        for run in part.runs:
            moved = Run(run.text_start + position, run.text_length, run.source_start, run.source_length)
            last = runs[-1] if runs else None
            if last and _adjoin(last, moved):
                length = last.text_length + moved.text_length
                runs[-1] = Run(last.text_start, length, last.source_start, length)
            else:
                runs.append(moved)
        position += len(part.text)
    return SourceText("".join(texts), tuple(runs))


def _adjoin(left: Run, right: Run) -> bool:
    return (
        left.text_length == left.source_length
        and right.text_length == right.source_length
        and left.text_start + left.text_length == right.text_start
        and left.source_start + left.source_length == right.source_start
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading of one field; `parse.choose` decides between several.

    Attributes:
        field: Column of `articles` it is a reading of.
        value: As printed.
        basis: Which part of the file it stands in.
        rule: Id of the layer or profile rule that read it.
        span: Where it stands; None for a value from the path or the profile.
    """

    field: str
    value: str
    basis: Basis
    rule: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph or subheading of an article's own text."""

    kind: BlockKind
    text: SourceText


@dataclass(frozen=True, slots=True)
class Published:
    """When an article was published, as far as the file and the profile say.

    Attributes:
        at: UTC instant (aware); None without a zone or at day or month precision.
        local: ISO 8601 date or clock as printed, without zone.
        text: As printed.
        precision: Of `local`.
        zone: Offset (`+08:00`) or IANA name used.
        basis: Where the date stands.
        zone_basis: Who says the zone.
    """

    at: datetime | None = None
    local: str | None = None
    text: str | None = None
    precision: Precision = "none"
    zone: str | None = None
    basis: Basis = "none"
    zone_basis: ZoneBasis = "none"


@dataclass(frozen=True, slots=True)
class Medium:
    """An image or other medium of an article."""

    url: str
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link of an article; `relation` is `body`, `original`, `translation` or `related`."""

    url: str
    text: str | None = None
    relation: str = "body"


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that cannot be used as it is, with code, place and value; becomes a row of `rejects`.

    Attributes:
        code: Key of `findings.CODES`.
        message: One sentence for a person.
        table: Table the record belongs to.
        field: Column, if one.
        value: The offending value, shortened to 200 code points by the row maker.
        span: Where in the decoded file.
        position: Position of the article it belongs to; None if none was made.
    """

    code: str
    message: str
    table: str = "sources"
    field: str | None = None
    value: str | None = None
    span: Span | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One article with its fields chosen; the only thing of a file that annotate reads.

    Attributes:
        position: 0-based place in the file.
        title: As the publisher printed it; no runs if it was taken from the file name; None if there is none.
        blocks: Paragraphs and subheadings of the article's own text, in order.
        span: The part of the file this article takes up.
        candidates: All readings the fields were chosen from.
        profile: Id of the publisher profile applied.
    """

    position: int
    title: SourceText | None
    blocks: tuple[Block, ...]
    span: Span
    language: str
    publisher: str | None = None
    profile: str | None = None
    published: Published = Published()
    url: str | None = None
    authors: tuple[str, ...] = ()
    dateline: str | None = None
    agencies: tuple[str, ...] = ()
    translator: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    summary: str | None = None
    truncated: bool = False
    media: tuple[Medium, ...] = ()
    links: tuple[Link, ...] = ()
    candidates: tuple[Candidate, ...] = ()

    def body(self) -> SourceText:
        """The paragraphs joined by an empty line."""
        return concatenate((block.text for block in self.blocks), PARAGRAPH_BREAK)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file.

    Attributes:
        source: The file.
        text: The decoded file; all spans point into it.
        encoding: Python codec that gives `text` back from the bytes (invalid bytes apart).
        byte_map: From code points of `text` to bytes of the file.
        layers: Layers recognised, outermost first; joined by `/` they are `sources.format`.
        status: What became of the file.
        archived_at: The collector's stamp, UTC.
        rights_statement: As printed in the file.
        articles: Articles in file order.
        rejects: What could not be used as it is.
    """

    source: SourceFile
    text: str
    encoding: str
    byte_map: "ByteMap"
    layers: tuple[str, ...]
    status: SourceStatus
    archived_at: datetime | None = None
    rights_statement: str | None = None
    articles: tuple[Article, ...] = ()
    rejects: tuple[Reject, ...] = ()


@dataclass(frozen=True, slots=True)
class ByteMap:
    """From code points of a decoded file to its bytes.

    Attributes:
        ends: Byte offset after each code point, or empty where every code point is one byte.
    """

    ends: Sequence[int] = ()

    @classmethod
    def of(cls, text: str, encoding: str, lossy: Iterable[tuple[int, int]] = ()) -> "ByteMap":
        """The map of a file decoded as `text`.

        Args:
            text: The decoded file.
            encoding: Its codec; must encode character by character (no byte order mark of its own).
            lossy: (code point, bytes) of every U+FFFD that stands for undecodable bytes.
        """
        if text.isascii() and not lossy and not encoding.startswith(("utf-16", "utf-32")):
            return cls()
        if encoding == "utf-8":
            import numpy as np

            points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
            widths = np.ones(len(points), dtype=np.int64)
            for limit in (0x80, 0x800, 0x10000):
                widths += points >= limit
            for position, length in lossy:
                widths[position] = length
            return cls(np.cumsum(widths).data)
        special = dict(lossy)
        sizes = (special[i] if i in special else len(c.encode(encoding)) for i, c in enumerate(text))
        return cls(tuple(accumulate(sizes)))

    def byte(self, position: int) -> int:
        """The byte offset at which code point `position` starts (or the file ends)."""
        if not len(self.ends):
            return position
        return int(self.ends[position - 1]) if position > 0 else 0

    def bytes_of(self, span: Span) -> Span:
        """A span of code points as a span of bytes."""
        return Span(self.byte(span.start), self.byte(span.end))
