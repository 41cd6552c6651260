"""Markdown to nodes: paragraphs, subheadings, items, images; raw HTML goes through the HTML reader."""

import re
from typing import Final

from broadsheet.document import SourceText
from broadsheet.parse.bodies import html, inline
from broadsheet.parse.bodies.nodes import ROOT, Body, Element, Node
from broadsheet.parse.readings import EDGE_SPACE

BLANK: Final = re.compile(rf"\n[{re.escape(EDGE_SPACE)}]*\n")
LINE: Final = re.compile(r"[^\n]+")
STARTS: Final = frozenset("<#=-*_+•>{[`~0123456789")
"""What a line can begin with that is more than text."""
MARKS: Final = "[*_`\\<~{&"
"""What stands in every line with markup or references in it."""
FENCES: Final = frozenset("`~")
ITEMS: Final = frozenset("-*+•0123456789")
HEADING: Final = re.compile(r"\s{0,3}(?:(#{1,6})[ \t]++|(##{1,5})(?!#))(.*)$")
UNDERLINE: Final = re.compile(r"\s{0,3}(?:=+|-+)\s*$")
RULE: Final = re.compile(r"\s{0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$")
ITEM: Final = re.compile(r"[ \t]*(?:[-*+•][ \t]+|[0-9]{1,3}[.)][ \t]+)")
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
        self.source, self.text = source, source.text
        self.nodes: list[Node] = []
        self.problems: dict[str, str] = {}
        self.start: int | None = None
        self.end = 0
        self.kind, self.element = "paragraph", PARAGRAPH
        self.markup = False
        self.fence = ""
        self.marks = [mark for mark in MARKS if mark in source.text]

    def lines(self, start: int, end: int) -> None:
        """Take the lines between two empty ones; most often it is one, and nothing but text."""
        chunk = self.text[start:end]
        if "\n" in chunk or chunk.lstrip()[:1] in STARTS:
            for line in chunk.split("\n"):
                self._line(start, start + len(line) - line.endswith("\r"))
                start += len(line) + 1
        elif any(map(chunk.__contains__, self.marks)):
            self._open(start, end, "paragraph", PARAGRAPH)
        elif text := chunk.strip(EDGE_SPACE):
            start += chunk.index(text[0])
            self.nodes.append(Node("paragraph", self.source.slice(start, start + len(text)), PARAGRAPH))
        self.flush()

    def _line(self, start: int, end: int) -> None:
        raw = self.text[start:end]
        first = raw.lstrip()[:1]
        if first in FENCES and (fence := FENCE.match(raw)) and (not self.fence or fence[1].startswith(self.fence)):
            self.flush()
            self.fence = "" if self.fence else fence[1]
            return
        if self.fence:
            self.flush()
        if self.start is None and first == "<" and HTML_BLOCK.match(raw):
            self._open(start, end, "paragraph", PARAGRAPH, markup=True)
        elif self.markup or first not in STARTS or not self._structure(start, raw, first):
            if not raw.strip(EDGE_SPACE):
                self.flush()
            elif self.start is None:
                self._open(start, end, "paragraph", PARAGRAPH)
            else:
                self.end = end
        if raw.endswith(HARD_BREAKS) and self.start is not None and not self.markup:
            self.flush()

    def _structure(self, start: int, raw: str, first: str) -> bool:
        """Take a line that is more than text; False if it only begins as if."""
        below_text = self.start is not None and self.kind == "paragraph"
        if first in "=-" and below_text and UNDERLINE.match(raw) and len(raw.strip()) > 1:
            self.kind, self.element = "heading", H[0 if "=" in raw else 1]
            self.flush()
        elif (first in "-*_" and RULE.match(raw)) or (first in "{[<" and DIRECTIVE.match(raw)):
            self.flush()
        elif first == "#" and (heading := HEADING.match(raw)):
            self.flush()
            begin, stop = start + heading.start(3), start + len(raw.rstrip(" \t#"))
            self._open(begin, max(stop, begin), "heading", H[len(heading[1] or heading[2]) - 1])
            self.flush()
        elif first in ITEMS and (item := ITEM.match(raw)):
            self.flush()
            marker = BULLET.match(raw)
            begin = marker.end() if marker else item.end() - len(item[0].lstrip())
            self._open(start + begin, start + len(raw), "item", LI)
        elif first == ">" and (quote := QUOTE.match(raw)):
            self.flush()
            self._open(start + quote.end(), start + len(raw), "paragraph", BLOCKQUOTE)
        else:
            return False
        return True

    def _open(self, start: int, end: int, kind: str, element: Element, *, markup: bool = False) -> None:
        self.start, self.end, self.kind, self.element, self.markup = start, end, kind, element, markup

    def flush(self) -> None:
        """Turn the collected lines into nodes."""
        if self.start is None:
            return
        chunk = self.source.slice(self.start, self.end)
        text = chunk.text
        if self.markup or "\n" in text or (("<" in text or "&" in text) and MARKUP.search(text)):
            body = html.read(chunk)
            self.problems.update(body.problems)
            for node in body.nodes:
                self._emit(node)
        else:
            self.nodes += inline.read(self.kind, chunk, self.element)
        self.start, self.markup = None, False

    def _emit(self, node: Node) -> None:
        """A node of the HTML reader: inline Markdown still stands in it, unless tags made its structure."""
        if node.kind == "image" or node.inlines or (self.markup and not inline.marked(node.text.text)):
            self.nodes.append(node)
        else:
            own = node.element is ROOT
            kind, element = (self.kind, self.element) if own else (node.kind, node.element)
            self.nodes += inline.read(kind, node.text, element)


def read_lines(source: SourceText) -> Body:
    """The nodes of a Markdown body that has one paragraph on each line."""
    reader = _Reader(source)
    for line in LINE.finditer(source.text):
        reader.lines(*line.span())
    return Body(tuple(reader.nodes), tuple(reader.problems.items()))


def read(source: SourceText) -> Body:
    """The nodes of a Markdown body."""
    reader = _Reader(source)
    position = 0
    for blank in BLANK.finditer(source.text):
        reader.lines(position, blank.start())
        position = blank.end()
    reader.lines(position, len(source.text))
    return Body(tuple(reader.nodes), tuple(reader.problems.items()))
