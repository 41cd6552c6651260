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
MARKDOWN: Final = re.compile(r"^\s{0,3}#{1,6}[ \t]\S|\]\([^()\s]|^(?:[-*_=]){3,}\s*$|\*\*\S|^```|^[ \t]*[-*+] \S", re.M)
BLANK_LINES: Final = re.compile(r"\n[ \t\r]*\n")


def kind_of(text: str) -> str:
    """The kind of a body, by its structure: where most of the text stands in tags, it is HTML."""
    if TAGS.search(text):
        inside = outside = 0
        for chunk in BLANK_LINES.split(text):
            if OPENING.match(chunk):
                inside += len(chunk)
            else:
                outside += len(chunk)
        if inside > outside:
            return "html"
        return "markdown"
    return "markdown" if MARKDOWN.search(text) else "plain"
