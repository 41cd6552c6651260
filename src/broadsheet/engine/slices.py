"""Does a stretch of a file give the text it is said to give? The promise every source offset makes.

The decoded bytes equal the text, or both are equal once tags, character references and white space are removed; where
the file is JSON, once its escapes are decoded as well.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from broadsheet.document import Document, SourceText, Span

ESCAPE: Final = re.compile(
    r'\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|["\\/bfnrt])'
)
SPACE: Final = re.compile(r"[\s\u200b-\u200f\ufeff]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A verified stretch: code points of the text, bytes of the file."""

    text: Span
    source: Span


class Slices:
    """Byte offsets of one document's texts, verified."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def bytes_of(self, span: Span | None) -> Span | None:
        """A span of the decoded file as bytes."""
        return None if span is None else self.document.byte_map.bytes_of(span)

    def verified(self, text: SourceText, start: int, end: int) -> Span | None:
        """The bytes that characters `start` to `end` came from; None if they do not give them back."""
        span = self.bytes_of(text.source_span(start, end))
        return span if span is not None and self._gives(span, text.text[start:end]) else None

    def longest_part(self, text: SourceText, start: int, end: int, needed: str) -> Part | None:
        """The longest part of a stretch that holds the words `needed` and whose bytes give it."""
        clause = text.slice(start, end)
        best: Part | None = None
        for piece in self._unbroken(clause):
            words = clause.text[piece.start : piece.end]
            first = piece.start + len(words) - len(words.lstrip())
            last = piece.end - (len(words) - len(words.rstrip()))
            if needed not in clause.text[first:last]:
                continue
            if best is not None and best.text.end - best.text.start >= last - first:
                continue
            source = self.verified(clause, first, last)
            if source is not None:
                best = Part(Span(start + first, start + last), source)
        return best

    def _unbroken(self, clause: SourceText) -> Iterator[Span]:
        """Stretches between the places where the file holds something that the text does not."""
        if not clause.runs:
            return
        begun = clause.runs[0].text_start
        for left, right in zip(clause.runs, clause.runs[1:], strict=False):
            ended = left.text_start + left.text_length
            gap = Span(left.source_start + left.source_length, right.source_start)
            source = self.bytes_of(gap) if gap.start <= gap.end else None
            if source is None or not self._gives(source, clause.text[ended : right.text_start]):
                yield Span(begun, ended)
                begun = right.text_start
        yield Span(begun, clause.runs[-1].text_start + clause.runs[-1].text_length)

    def _gives(self, span: Span, text: str) -> bool:
        return gives(self.document.source.data, self.document.encoding, span.start, span.end, text)


def gives(data: bytes, encoding: str, start: int, end: int, text: str) -> bool:
    """Whether bytes `start` to `end` of a file give `text`."""
    found = data[start:end].decode(encoding, "replace")
    return found == text or alike(found, text)


def alike(found: str, text: str) -> bool:
    """Whether decoded bytes give a text once markup, white space and, in JSON, escapes are out of the way."""
    wanted = plain(text)
    return plain(found) == wanted or ("\\" in found and plain(ESCAPE.sub(_decoded, found)) == wanted)


def _decoded(escape: re.Match[str]) -> str:
    """What an escape of a JSON string stands for; of a pair of surrogates the one character."""
    return str(json.loads(f'"{escape[0]}"')).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def plain(text: str) -> str:
    """Without tags, character references (also double ones) and white space."""
    return SPACE.sub("", html.unescape(html.unescape(_without_tags(text))))


def _without_tags(text: str) -> str:
    """Without everything from a `<` to the next `>`; in linear time also where no `>` follows."""
    kept, position = [], 0
    while (opened := text.find("<", position)) >= 0 and (closed := text.find(">", opened)) >= 0:
        kept.append(text[position:opened])
        position = closed + 1
    kept.append(text[position:])
    return "".join(kept)
