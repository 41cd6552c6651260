"""Markdown to nodes: paragraphs, subheadings, items, images; raw HTML goes through the HTML reader."""

import re
from typing import Final

from broadsheet.document import SourceText
from broadsheet.parse.bodies import html, inline
from broadsheet.parse.bodies.nodes import ROOT, Body, Element, Node
from broadsheet.parse.readings import EDGE_SPACE

LINE: Final = re.compile(r"[^\n]*(?:\n|$)")
HEADING: Final = re.compile(r"\s{0,3}(?:(#{1,6})[ \t]++|(##{1,5})(?!#))(.*)$")
UNDERLINE: Final = re.compile(r"\s{0,3}(?:=+|-+)\s*$")
RULE: Final = re.compile(r"\s{0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$")
ITEM: Final = re.compile(r"[ \t]*(?:[-*+•][ \t]+|\d{1,3}[.)][ \t]+)")
BULLET: Final = re.compile(r"[ \t]*[-*+•][ \t]+")
QUOTE: Final = re.compile(r"[ \t]{0,3}(?:>[ \t]?)+")
HARD_BREAKS: Final = ("  ", "\\")
FENCE: Final = re.compile(r"[ \t]{0,3}(```+|~~~+)")
DIRECTIVE: Final = re.compile(r"\s*(?:\{[.:#%<].*[}>]|\[\[?toc\]?\]|\[TOC\])\s*$", re.IGNORECASE)
MARKUP: Final = re.compile(r"<[/!A-Za-z]|&[#A-Za-z]")
HTML_BLOCK: Final = re.compile(
    r"\s*</?(?:address|article|aside|blockquote|center|div|dd|dl|dt|figcaption|figure|footer|form|h[1-6]|header|hr|"
    r"iframe|li|main|nav|ol|p|pre|script|section|style|table|tbody|td|tr|ul|img|video|!--)\b",
    re.IGNORECASE,
)
PARAGRAPH: Final = ROOT.child("p", "")
H: Final = tuple(ROOT.child(f"h{level}", "") for level in range(1, 7))
LI: Final = ROOT.child("li", "")
BLOCKQUOTE: Final = ROOT.child("blockquote", "")


class _Reader:
    """The lines not yet turned into a node."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.nodes: list[Node] = []
        self.problems: dict[str, str] = {}
        self.start: int | None = None
        self.end = 0
        self.kind, self.element = "paragraph", PARAGRAPH
        self.markup = False

    def line(self, start: int, end: int) -> None:
        """Take one line (its end excluded) that is not inside a fence."""
        text = self.source.text
        raw = text[start:end]
        if not raw.strip(EDGE_SPACE):
            self.flush()
        elif self.start is None and HTML_BLOCK.match(raw):
            self._open(start, end, "paragraph", PARAGRAPH, markup=True)
        elif self.markup:
            self.end = end
        elif self.start is not None and self.kind == "paragraph" and UNDERLINE.match(raw) and len(raw.strip()) > 1:
            self.kind, self.element = "heading", H[0 if "=" in raw else 1]
            self.flush()
        elif RULE.match(raw) or DIRECTIVE.match(raw):
            self.flush()
        elif heading := HEADING.match(raw):
            self.flush()
            stop = start + len(raw.rstrip(" \t#"))
            self._open(
                start + heading.start(3),
                max(stop, start + heading.start(3)),
                "heading",
                H[len(heading[1] or heading[2]) - 1],
            )
            self.flush()
        elif item := ITEM.match(raw):
            self.flush()
            marker = BULLET.match(raw)
            self._open(start + (marker.end() if marker else item.end() - len(item[0].lstrip())), end, "item", LI)
        elif quote := QUOTE.match(raw):
            self.flush()
            self._open(start + quote.end(), end, "paragraph", BLOCKQUOTE)
        elif self.start is None:
            self._open(start, end, "paragraph", PARAGRAPH)
        else:
            self.end = end
        if raw.endswith(HARD_BREAKS) and self.start is not None and not self.markup:
            self.flush()

    def _open(self, start: int, end: int, kind: str, element: Element, *, markup: bool = False) -> None:
        self.start, self.end, self.kind, self.element, self.markup = start, end, kind, element, markup

    def flush(self) -> None:
        """Turn the collected lines into nodes."""
        if self.start is None:
            return
        chunk = self.source.slice(self.start, self.end)
        if self.markup or MARKUP.search(chunk.text) or "\n" in chunk.text:
            body = html.read(chunk)
            self.problems.update(body.problems)
            for node in body.nodes:
                self._emit(node)
        else:
            self.nodes += inline.read(self.kind, chunk, self.element)
        self.start, self.markup = None, False

    def _emit(self, node: Node) -> None:
        """A node of the HTML reader: inline Markdown still stands in it, unless tags made its structure."""
        own = node.element is ROOT
        if node.kind == "image" or node.inlines or (self.markup and not inline.PLAIN.search(node.text.text)):
            self.nodes.append(node)
        else:
            kind, element = (self.kind, self.element) if own else (node.kind, node.element)
            self.nodes += inline.read(kind, node.text, element)


def read(source: SourceText) -> Body:
    """The nodes of a Markdown body."""
    reader = _Reader(source)
    fence = ""
    for match in LINE.finditer(source.text):
        start, end = match.span()
        if start == end:
            continue
        line_end = end - (source.text[end - 1] == "\n")
        line_end -= line_end > start and source.text[line_end - 1] == "\r"
        opened = FENCE.match(source.text, start, line_end)
        if opened and (not fence or opened[1].startswith(fence)):
            reader.flush()
            fence = "" if fence else opened[1]
        elif fence:
            reader.flush()
            reader.line(start, line_end)
        else:
            reader.line(start, line_end)
    reader.flush()
    return Body(tuple(reader.nodes), tuple(reader.problems.items()))
