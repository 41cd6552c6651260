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
    r"|(?P<code>\{\{[<%][^{}]*+\}\})"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<strong>\*\*|__)"
    r"|(?P<em>[*_])"
    r"|(?P<strike>~~)"
    r"|(?P<tick>`+)",
    re.DOTALL,
)
CLOSERS: Final = {
    marker: re.compile(rf"(?<=[^\s{re.escape(marker[0])}]){re.escape(marker)}(?!{re.escape(marker[0])})")
    for marker in ("**", "__", "*", "_", "~~", "`")
}
PLAIN: Final = re.compile(r"[\[*_~`\\<{]")


class _Line:
    """What has been read of a paragraph."""

    def __init__(self, source: SourceText, element: Element) -> None:
        self.source, self.element = source, element
        self.parts: list[SourceText] = []
        self.length = 0
        self.inlines: list[Inline] = []
        self.images: list[Node] = []
        self.open: dict[str, int] = {}

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


def _paired(text: str) -> dict[str, int]:
    """Where each marker last stands behind a word and could close; markers that stand alone are left out."""
    found = {}
    for marker in ("**", "__", "*", "_", "~~", "`"):
        if text.count(marker) > 1:
            found[marker] = max((m.start() for m in CLOSERS[marker].finditer(text)), default=-1)
    return found


def _scan(line: _Line, start: int, end: int, paired: dict[str, int], inside: bool = False) -> None:
    text, position = line.source.text, start
    for match in TOKEN.finditer(text, start, end):
        at, after = match.span()
        group = match.lastgroup or ""
        if at < position or not _acts(line, match, paired):
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
            _toggle(line, match[0])
    line.keep(position, end)


def _toggle(line: _Line, marker: str) -> None:
    opened = line.open.pop(marker, None)
    if opened is None:
        line.open[marker] = line.length
    elif line.length > opened:
        line.inlines.append(Inline("strong" if len(marker) == 2 else "em", opened, line.length))


def _acts(line: _Line, match: re.Match[str], paired: dict[str, int]) -> bool:
    """Whether a marker is markup where it stands: it opens before a word with an end to come, or closes behind one."""
    if match.lastgroup in ("strike", "tick"):
        return match[0] in paired
    if match.lastgroup not in ("strong", "em"):
        return True
    text = line.source.text
    before, after = text[max(match.start() - 1, 0) : match.start()], text[match.end() : match.end() + 1]
    if before.isalnum() and after.isalnum() and (match[0][0] == "_" or (before.isascii() and after.isascii())):
        return False
    if match[0] in line.open:
        return bool(before) and not before.isspace()
    return bool(after) and not after.isspace() and paired.get(match[0], -1) > match.start()
