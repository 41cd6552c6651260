"""A reading: what one layer or one profile rule took from the file for one field, with its place."""

from dataclasses import dataclass

from broadsheet.document import Basis, Candidate, Reject, SourceText

SPACES = " \t\r\n\f\v\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
EDGE_SPACE = SPACES + INVISIBLE
"""What is cut at the ends of any text: white space, zero-width characters, byte order marks."""


@dataclass(frozen=True, slots=True)
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

    def candidate(self) -> Candidate:
        """The reading as the document publishes it."""
        return Candidate(self.field, self.text.text, self.basis, self.rule, self.text.source_span())


@dataclass(frozen=True, slots=True)
class Peeled:
    """What a layer found around an article.

    Attributes:
        name: The layer.
        inner: What it wraps.
        readings: What it says about the article.
        rejects: What it could not use.
        body: The kind of body the layer implies (`html`, `markdown`, `plain`), if it does.
    """

    name: str
    inner: SourceText
    readings: tuple[Reading, ...] = ()
    rejects: tuple[Reject, ...] = ()
    body: str | None = None


def trimmed(text: SourceText) -> SourceText:
    """Without white space, zero-width characters and byte order marks at either end."""
    return text.strip(EDGE_SPACE)


def bare(text: str) -> str:
    """For comparison: lower case, without white space and zero-width characters."""
    return "".join(text.split()).translate(_NOTHING).casefold()


_NOTHING = dict.fromkeys(map(ord, INVISIBLE))
