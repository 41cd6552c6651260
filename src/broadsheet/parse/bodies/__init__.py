"""Bodies: HTML, Markdown and plain text to a neutral stream of nodes."""

import re
from collections.abc import Callable
from typing import Final

from broadsheet.document import SourceText
from broadsheet.parse.bodies import html, markdown, plain
from broadsheet.parse.bodies.nodes import Body

READERS: Final[dict[str, Callable[[SourceText], Body]]] = {
    "html": html.read,
    "markdown": markdown.read,
    "plain": plain.read,
}
TAGS: Final = re.compile(r"</?(?:p|div|br|img|span|figure|section|article|table|ul|ol|li|h[1-6]|blockquote)\b", re.I)
OPENING: Final = re.compile(r"\s*<(?!https?:)[A-Za-z!/]")
INLINE: Final = re.compile(r"\]\([^()\s]|\*\*\S")
LINE_START: Final = re.compile(r"\n(?:\s{0,3}#{1,6}[ \t]\S|[-*_=]{3,}\s*$|```|[ \t]*[-*+] \S)", re.M)
MARKED: Final = re.compile(r"\s*(?:#{1,6}[ \t]+\S|\{\{[<%]|!?\[[^\]\n]{0,200}\]\(\S)")
BLANK_LINES: Final = re.compile(r"\n[ \t\r]*\n")


def read(kind: str | None, source: SourceText, *, lines: bool = False) -> Body:
    """The nodes of a body.

    Args:
        kind: `html`, `markdown` or `plain`; None for plain.
        source: The body.
        lines: Each line is a paragraph, in Markdown too.
    """
    if lines and kind == "markdown":
        return markdown.read_lines(source)
    return READERS[kind or "plain"](source)


def kind_of(text: str) -> str:
    """The kind of a body, by its structure: where most of the text stands in tags, it is HTML."""
    if TAGS.search(text):
        inside = outside = 0
        for chunk in BLANK_LINES.split(text):
            if OPENING.match(chunk):
                inside += len(chunk)
            elif MARKED.match(chunk):  # Markdown around figures in HTML, whose addresses are longer than the text
                return "markdown"
            else:
                outside += len(chunk)
        if inside > outside:
            return "html"
        return "markdown"
    inline = ("](" in text or "**" in text) and INLINE.search(text)
    return "markdown" if inline or LINE_START.search("\n" + text) else "plain"
