"""What parse makes and annotate reads. Nothing here knows a layout, a publisher or a language."""

from datetime import date, datetime
from typing import Literal

from broadsheet.source_text import ByteMap, Piece, Run, SourceText, Span, concatenate
from broadsheet.values import value

__all__ = [
    "PARAGRAPH_BREAK",
    "Article",
    "Basis",
    "Block",
    "BlockKind",
    "ByteMap",
    "Document",
    "Link",
    "Medium",
    "Origin",
    "Piece",
    "Precision",
    "Published",
    "Reject",
    "Run",
    "SourceFile",
    "SourceStatus",
    "SourceText",
    "Span",
    "ZoneBasis",
    "concatenate",
]

SourceStatus = Literal["parsed", "empty", "not_article", "rejected"]
BlockKind = Literal["paragraph", "subheading"]
Basis = Literal["body", "header", "front_matter", "file_name", "url", "none"]
ZoneBasis = Literal["stated", "publisher", "collection", "none"]
Precision = Literal["second", "minute", "day", "month", "none"]
PARAGRAPH_BREAK = "\n\n"


@value
class Origin:
    """What an archive knows of a member beside its bytes.

    Attributes:
        url: Address it was fetched from.
        archived_at: When it was fetched, ISO 8601, as the archive has it.
        charset: What the server said it is encoded in.
    """

    url: str | None = None
    archived_at: str | None = None
    charset: str | None = None


@value
class SourceFile:
    """One file offered by a collection.

    Attributes:
        collection: Name of the collection that claims it.
        path: POSIX path as published in `sources.path`.
        data: The bytes; of the uncompressed member where the file lies in an archive.
        sha256: Hex digest of `data`.
        media_type: Guessed from name and content.
        origin: What the archive it lies in knows of it; None for a file.
    """

    collection: str
    path: str
    data: bytes
    sha256: str
    media_type: str = "text/plain"
    origin: Origin | None = None


@value
class Block:
    """One paragraph or subheading of an article's own text."""

    kind: BlockKind
    text: SourceText


@value
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

    def day(self) -> date | None:
        """The day as printed; None where no whole day is."""
        try:
            return date.fromisoformat(self.local[:10]) if self.local else None
        except ValueError:
            return None


@value
class Medium:
    """An image or other medium of an article."""

    url: str
    caption: str | None = None
    credit: str | None = None


@value
class Link:
    """A link of an article; `relation` is `body`, `original`, `translation` or `related`."""

    url: str
    text: str | None = None
    relation: str = "body"


@value
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


@value
class Article:
    """One article with its fields chosen; the only thing of a file that annotate reads.

    Attributes:
        position: 0-based place in the file.
        title: As the publisher printed it; no runs if it was taken from the file name; None if there is none.
        blocks: Paragraphs and subheadings of the article's own text, in order.
        span: The part of the file this article takes up.
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

    def body(self) -> SourceText:
        """The paragraphs joined by an empty line."""
        return concatenate((block.text for block in self.blocks), PARAGRAPH_BREAK)


@value
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
    byte_map: ByteMap
    layers: tuple[str, ...]
    status: SourceStatus
    archived_at: datetime | None = None
    rights_statement: str | None = None
    articles: tuple[Article, ...] = ()
    rejects: tuple[Reject, ...] = ()
