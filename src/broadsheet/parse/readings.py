"""A reading: what one layer or one profile rule took from the file for one field, with its place."""

from collections.abc import Iterable

from broadsheet.document import Basis, Reject, SourceText, Span
from broadsheet.values import value

SPACES = " \t\r\n\f\v\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
EDGE_SPACE = SPACES + INVISIBLE
"""What is cut at the ends of any text: white space, zero-width characters, byte order marks."""


@value
class Reading:
    """One reading of one field.

    Attributes:
        field: What it is a reading of: a column of `articles`, or `archived_at`, `image`, `shelf`, `site`, `rights`.
        text: As it stands in the file, entities and escapes decoded; no runs if it stands nowhere.
        basis: Which part of the file it stands in.
        rule: Id of the layer or profile rule that took it.
    """

    field: str
    text: SourceText
    basis: Basis
    rule: str

    @property
    def value(self) -> str:
        """The text alone."""
        return self.text.text


@value
class Item:
    """One of several articles in a file, as the layer that found it hands it on; it may be peeled further.

    Attributes:
        inner: What the item holds, without its heading and its fields.
        readings: What the layer says about this item; those of the layers around it hold for every item.
        body: The kind of its body (`html`, `markdown`, `plain`), if the layer knows.
        span: Its stretch of the file; None for the stretch from its first character to the next item.
        rejects: What could not be used; one of code `not-article` says that it is none.
    """

    inner: SourceText
    readings: tuple[Reading, ...] = ()
    body: str | None = None
    span: Span | None = None
    rejects: tuple[Reject, ...] = ()


@value
class Peeled:
    """What a layer found around an article, or around several.

    Attributes:
        name: The layer.
        inner: What it wraps.
        readings: What it says about the article.
        rejects: What it could not use; one of code `not-article` says that it wraps none.
        body: The kind of body the layer implies (`html`, `markdown`, `plain`), if it does.
        items: The articles of a file of many, in file order; `inner` is then not read.
        last: It says all there is to say around an article: no further layer is looked for.
        lines: Each line of what it wraps is a paragraph.
    """

    name: str
    inner: SourceText
    readings: tuple[Reading, ...] = ()
    rejects: tuple[Reject, ...] = ()
    body: str | None = None
    items: tuple[Item, ...] = ()
    last: bool = False
    lines: bool = False


def trimmed(text: SourceText) -> SourceText:
    """Without white space, zero-width characters and byte order marks at either end."""
    return text.strip(EDGE_SPACE)


def places(text: str, characters: Iterable[str], start: int = 0, end: int | None = None) -> list[int]:
    """Where any of some characters stands. A search for one is ten times as fast as a pattern of several."""
    found = []
    for character in characters:
        at = text.find(character, start, end)
        while at >= 0:
            found.append(at)
            at = text.find(character, at + 1, end)
    return sorted(found)


def bare(text: str) -> str:
    """For comparison: lower case, without white space and zero-width characters."""
    text = "".join(text.split())
    if not text.isascii():
        for character in INVISIBLE:
            if character in text:
                text = text.replace(character, "")
    return text.casefold()
