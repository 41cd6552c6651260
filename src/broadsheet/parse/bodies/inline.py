"""Inline Markdown: links and images reduced to what readers see, emphasis and escapes removed.

Every kept stretch keeps its own run, so that each slices exactly; the markers between them belong to no run.
"""

import re
from typing import Final

from broadsheet.document import SourceText
from broadsheet.parse.bodies.nodes import Element, Node, block
from broadsheet.parse.readings import places

TARGET: Final = r"\(\s*+<?(?P<{name}>(?:[^\s()<>]++|\([^\s()<>]*+\))*+)>?(?:\s++(?:\"[^\"]*+\"|'[^']*+'))?\s*+\)"
TOKEN: Final = re.compile(
    r"!(?P<image>\[[^\]]*+\]" + TARGET.replace("{name}", "src") + r"(?P<bare>(?<=!\[\]\(\))https?://[^\s!]++)?)"
    r"|\[\[(?:[a-z]{2,3}:)?(?P<wiki>[^\[\]|\n]++)\]\]"
    r"|\[(?P<link>(?P<label>(?:[^\[\]\\]++|\\.|\[[^\[\]]*+\])*+)\]" + TARGET.replace("{name}", "href") + r")"
    r"|<(?P<auto>https?://[^>\s]++)>"
    r"|\{(?P<code>\{[<%][^{}]*+\}\})"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|\*(?:\*\*(?!\*)|\*)?|__?|~~|``*+",
    re.DOTALL,
)
UNESCAPED: Final = re.compile(r"[^\\]+")
"""Converters escape addresses between angle brackets too; no address has a backslash of its own."""
MARKUP: Final = "[*_`\\<~{!"
MARKERS: Final = ("***", "**", "__", "*", "_", "~~", "`")
CLOSERS: Final = {
    marker: re.compile(rf"(?<=[^\s{re.escape(marker[0])}]){re.escape(marker)}(?!{re.escape(marker[0])})")
    for marker in MARKERS
}


def marked(text: str) -> bool:
    """Whether a text may hold inline Markdown."""
    return (
        "[" in text
        or "*" in text
        or "_" in text
        or "`" in text
        or "\\" in text
        or "<" in text
        or "~" in text
        or "{" in text
    )


class _Line:
    """What has been read of a paragraph: the stretches kept, what is inline in them, the images."""

    def __init__(self, source: SourceText, element: Element) -> None:
        self.source, self.text, self.element = source, source.text, element
        self.kept: list[tuple[int, int]] = []
        self.length = 0
        self.inlines: list[tuple[int, int, str, str]] = []
        self.images: list[Node] = []
        self.open: dict[str, int] = {}
        self._closers: dict[str, int | None] = {}

    def keep(self, start: int, end: int) -> None:
        if end > start:
            self.kept.append((start, end))
            self.length += end - start

    def last(self, marker: str) -> int | None:
        """Where a marker last stands behind a word and could close; -1 if nowhere, None if there are no two of it."""
        if marker not in self._closers:
            ends = (m.start() for m in CLOSERS[marker].finditer(self.text))
            self._closers[marker] = max(ends, default=-1) if self.text.count(marker) > 1 else None
        return self._closers[marker]


def read(kind: str, source: SourceText, element: Element) -> list[Node]:
    """The node of one paragraph, heading or item, and the images that stand in it.

    Args:
        kind: Kind of the node.
        source: Its Markdown.
        element: The element it counts as.
    """
    if not marked(source.text):
        node = block(kind, source, element)
        return [node] if node else []
    line = _Line(source, element)
    _scan(line, 0, len(source.text))
    node = block(kind, source.keep(line.kept), element, line.inlines)
    if node is None:
        return line.images
    text_first = source.text.find(node.text.text[0]) < source.text.find("![")
    return [node, *line.images] if text_first else [*line.images, node]


def _scan(line: _Line, start: int, end: int, inside: bool = False) -> None:
    position = reached = start
    for at in places(line.text, MARKUP, start, end):
        match = TOKEN.match(line.text, at, end) if at >= reached else None
        if match is None:
            continue
        reached = match.end()
        if not _acts(line, match):
            continue
        line.keep(position, at)
        position = reached
        kind, first = match.lastgroup, line.length
        if kind is None:
            _toggle(line, match[0])
        elif kind == "image":
            if address := match["src"] or match["bare"]:
                line.images.append(Node("image", element=line.element, url=address))
        elif kind == "link":
            if inside:
                line.keep(*match.span("label"))
            else:
                _scan(line, *match.span("label"), inside=True)
                line.inlines.append((first, line.length, "a", match["href"]))
        elif kind == "auto":
            for part in UNESCAPED.finditer(line.text, *match.span("auto")):
                line.keep(*part.span())
            line.inlines.append((first, line.length, "a", match["auto"].replace("\\", "")))
        elif kind in ("wiki", "escaped"):
            line.keep(*match.span(kind))
    line.keep(position, end)


def _toggle(line: _Line, marker: str) -> None:
    """Emphasis begins or ends; other markers only go."""
    if marker[0] in "*_":
        opened = line.open.pop(marker, None)
        if opened is None:
            line.open[marker] = line.length
        else:
            line.inlines.append((opened, line.length, "em" if len(marker) == 1 else "strong", ""))


def _acts(line: _Line, match: re.Match[str]) -> bool:
    """Whether a marker is markup where it stands: it opens before a word with an end to come, or closes behind one."""
    if match.lastgroup is not None:
        return True
    marker, text = match[0], line.text
    if marker[0] in "~`":
        return marker in CLOSERS and line.last(marker) is not None
    before, after = text[max(match.start() - 1, 0) : match.start()], text[match.end() : match.end() + 1]
    if before.isalnum() and after.isalnum() and (marker[0] == "_" or (before.isascii() and after.isascii())):
        return False
    if marker in line.open:
        return bool(before) and not before.isspace()
    return bool(after) and not after.isspace() and (line.last(marker) or -1) > match.start()
