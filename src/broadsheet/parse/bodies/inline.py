"""Inline Markdown: links and images reduced to what readers see, emphasis and escapes removed.

Every kept stretch keeps its own run, so that each slices exactly; the markers between them belong to no run.
"""

import re
from typing import Final

from broadsheet.document import SourceText, concatenate
from broadsheet.parse.bodies.html import marks
from broadsheet.parse.bodies.nodes import Element, Inline, Node
from broadsheet.parse.readings import EDGE_SPACE

TARGET: Final = r"\(\s*+<?((?:[^\s()<>]++|\([^\s()<>]*+\))*+)>?(?:\s++(?:\"[^\"]*+\"|'[^']*+'))?\s*+\)"
TOKEN: Final = re.compile(
    r"(?P<image>!\[(?P<alt>[^\]]*+)\]" + TARGET.replace("((", "(?P<src>(", 1) + r")"
    r"|(?P<bare>(?<=!\[\]\(\))https?://[^\s!]++)"
    r"|\[\[(?:[a-z]{2,3}:)?(?P<wiki>[^\[\]|\n]++)\]\]"
    r"|(?P<link>\[(?P<label>(?:[^\[\]\\]++|\\.|\[[^\[\]]*+\])*+)\]" + TARGET.replace("((", "(?P<href>(", 1) + r")"
    r"|<(?P<auto>https?://[^>\s]++)>"
    r"|(?P<code>\{\{[<%][^{}]*+[>%]\}\})"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<strong>\*\*|__)"
    r"|(?P<em>[*_])"
    r"|(?P<strike>~~)"
    r"|(?P<tick>`+)",
    re.DOTALL,
)
PLAIN: Final = re.compile(r"[\[*_~`\\<{]")


class _Line:
    """What has been read of a paragraph."""

    def __init__(self, source: SourceText, element: Element) -> None:
        self.source, self.element = source, element
        self.parts: list[SourceText] = []
        self.length = 0
        self.inlines: list[Inline] = []
        self.images: list[Node] = []
        self.strong: int | None = None
        self.em: int | None = None

    def keep(self, start: int, end: int) -> None:
        if end > start:
            self.parts.append(self.source.slice(start, end))
            self.length += end - start


def read(kind: str, source: SourceText, element: Element) -> list[Node]:
    """The node of one paragraph, heading or item, and the images that stand in it.

    Args:
        kind: Kind of the node.
        source: Its Markdown.
        element: The element it counts as.
    """
    if not PLAIN.search(source.text):
        text = source.strip(EDGE_SPACE)
        return [Node(kind, text, element)] if text else []
    line = _Line(source, element)
    _scan(line, 0, len(source.text), _paired(source.text))
    whole = concatenate(line.parts)
    text = whole.strip(EDGE_SPACE)
    if not text:
        return line.images
    left = len(whole.text) - len(whole.text.lstrip(EDGE_SPACE))
    moved = [Inline(i.tag, max(i.start - left, 0), min(i.end - left, len(text)), i.value) for i in line.inlines]
    inlines = sorted((i for i in moved if i.end > i.start), key=lambda i: (i.start, -i.end))
    node = Node(kind, text, element, tuple(inlines), marks(text.text, inlines))
    return [node, *line.images] if source.text.find(text.text[:1]) < source.text.find("![") else [*line.images, node]


def _paired(text: str) -> frozenset[str]:
    """Markers that occur often enough to be markup; a lone one is text."""
    found = set()
    if text.count("**") >= 2:
        found.add("**")
    if text.count("__") >= 2:
        found.add("__")
    if text.count("~~") >= 2:
        found.add("~~")
    if text.count("*") - 2 * text.count("**") >= 2:
        found.add("*")
    if text.count("_") - 2 * text.count("__") >= 2:
        found.add("_")
    if text.count("`") >= 2:
        found.add("`")
    return frozenset(found)


def _scan(line: _Line, start: int, end: int, paired: frozenset[str], inside: bool = False) -> None:
    text, position = line.source.text, start
    for match in TOKEN.finditer(text, start, end):
        at, after = match.span()
        group = match.lastgroup or ""
        if at < position or not _acts(text, match, paired):
            continue
        line.keep(position, at)
        position = after
        if match["image"] is not None:
            if match["src"]:
                line.images.append(Node("image", element=line.element, url=match["src"]))
        elif match["bare"] is not None:
            line.images.append(Node("image", element=line.element, url=match["bare"]))
        elif match["link"] is not None:
            first = line.length
            if inside:
                line.keep(*match.span("label"))
            else:
                _scan(line, *match.span("label"), paired, inside=True)
            line.inlines.append(Inline("a", first, line.length, match["href"]))
        elif match["wiki"] is not None:
            line.keep(*match.span("wiki"))
        elif match["auto"] is not None:
            first = line.length
            line.keep(*match.span("auto"))
            line.inlines.append(Inline("a", first, line.length, match["auto"]))
        elif match["escaped"] is not None:
            line.keep(*match.span("escaped"))
        elif group in ("strong", "em"):
            _toggle(line, group)
    line.keep(position, end)


def _toggle(line: _Line, tag: str) -> None:
    opened = line.strong if tag == "strong" else line.em
    if opened is not None:
        line.inlines.append(Inline(tag, opened, line.length))
    value = line.length if opened is None else None
    if tag == "strong":
        line.strong = value
    else:
        line.em = value


def _acts(text: str, match: re.Match[str], paired: frozenset[str]) -> bool:
    """Whether a marker is markup where it stands."""
    group = match.lastgroup
    if group in ("strong", "strike"):
        return match[0] in paired
    if group == "tick":
        return "`" in paired
    if group != "em":
        return True
    if match[0] not in paired:
        return False
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    if before.isalnum() and after.isalnum():
        return match[0] == "*" and not (before.isascii() and after.isascii())
    return not (before.isspace() or not before) or not (after.isspace() or not after)
