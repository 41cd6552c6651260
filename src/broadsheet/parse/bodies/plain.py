"""Plain text to nodes: one line is one paragraph, however it is indented.

Text that was taken from a page may hold character references, and paragraphs whose line ends were lost: what is left
of them is the indentation of two wide blanks.
"""

import html
import re
from collections.abc import Iterator
from typing import Final

from broadsheet.document import SourceText, concatenate
from broadsheet.parse.bodies.nodes import Body, Node
from broadsheet.parse.readings import trimmed

LINE: Final = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
SENTENCE_END: Final = "。！？!?.…”」』）)]】;；,，、"
HEADING_LIMIT: Final = 30


REFERENCE: Final = re.compile(
    r"&(?:nbsp|amp|quot|apos|lt|gt|middot|mdash|hellip|[lr][sd]quo|#\d{2,6}|#x[0-9A-Fa-f]{2,5});"
)
INDENTED: Final = re.compile(r"[\u2003\u3000]{2,}")
RUN_ON: Final = 200


def read(source: SourceText) -> Body:
    """The lines of a plain text; a short line without closing punctuation before a longer one is a heading."""
    source = unescaped(source)
    lines = [trimmed(source.slice(start, end)) for start, end in _lines(source.text)]
    lines = [line for line in lines if line]
    nodes = []
    for number, line in enumerate(lines):
        follower = lines[number + 1].text if number + 1 < len(lines) else ""
        short = len(line.text) <= HEADING_LIMIT < len(follower) and line.text[-1] not in SENTENCE_END
        nodes.append(Node("heading" if short else "paragraph", line))
    return Body(tuple(nodes))


def unescaped(source: SourceText) -> SourceText:
    """With character references as the characters they stand for."""
    if "&" not in source.text or not (found := list(REFERENCE.finditer(source.text))):
        return source
    parts: list[SourceText] = []
    position = 0
    for match in found:
        place = source.source_span(*match.span())
        text = html.unescape(match[0])
        parts.append(source.slice(position, match.start()) if match.start() > position else SourceText(""))
        parts.append(SourceText.replaced(text, place.start, place.end - place.start) if place else SourceText(text))
        position = match.end()
    return concatenate([*parts, source.slice(position, len(source))])


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Where each line stands; a run-on line is parted where paragraphs were indented."""
    for match in LINE.finditer(text):
        start, end = match.span()
        if end - start > RUN_ON:
            for gap in INDENTED.finditer(text, start, end):
                yield start, gap.start()
                start = gap.end()
        yield start, end
