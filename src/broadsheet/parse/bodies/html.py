"""HTML to nodes: one pass over the tags, with exact offsets, no recursion and no tree.

Browsers' rules are followed as far as news pages need them: blocks end paragraphs, `<p>` closes `<p>`, formatting
elements live on over block borders, script and style are no text. Every step is linear in the input.
"""

import html
import re
from collections import Counter
from typing import Final

from broadsheet.document import Run, SourceText, Span
from broadsheet.parse.bodies.nodes import ROOT, Body, Element, Inline, Node, attributes, common
from broadsheet.parse.readings import EDGE_SPACE

TAG: Final = re.compile(
    r"""<(/?)(?!https?:)([A-Za-z][A-Za-z0-9:_-]*+)((?:[^"'>=]++|=\s*+"[^"]*+"|=\s*+'[^']*+'|["'=])*+)>"""
)
NAME: Final = re.compile(r"</?[A-Za-z]")
SIMPLE_TAG: Final = re.compile(r"<(/?)(?!https?:)([A-Za-z][A-Za-z0-9:_-]*+)([^>]*+)>")
SPECIAL: Final = re.compile(
    r"&(?:#\d{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};?)|[\t\r\n\f\v\x85\u2028\u2029][\s]*+"
)
WIDE: Final = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS: Final = HEADINGS | {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "html", "li", "main", "menu",
    "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
VOID: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
RAW: Final = frozenset(["script", "style", "iframe", "textarea", "title", "noembed", "noframes", "xmp"])
HIDDEN: Final = frozenset(
    ["head", "noscript", "template", "svg", "math", "button", "select", "canvas", "audio", "video", "object"]
)
INLINE: Final = {"a": "a", "cite": "cite", "time": "time", "small": "small"} | {
    "b": "strong",
    "strong": "strong",
    "em": "em",
    "i": "em",
}
MARKS: Final = ("a", "strong", "em", "small", "time")
MAX_DEPTH: Final = 200
MAX_INLINE: Final = 40


def read(source: SourceText) -> Body:
    """The nodes of an HTML body or document."""
    return _Reader(source).read()


class _Reader:
    """The state of one pass: open elements, open formatting, and the block being collected."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.text = source.text
        runs = source.runs
        linear = len(runs) == 1 and runs[0].text_length == runs[0].source_length == len(source.text)
        self.base: int | None = runs[0].source_start if linear else None
        self.nodes: list[Node] = []
        self.problems: dict[str, str] = {}
        self.element = ROOT
        self.open: Counter[str] = Counter()
        self.overflow: Counter[str] = Counter()
        self.hidden = 0
        self.formatting: list[tuple[str, str, int]] = []
        self.unclosed: set[str] = set()
        self.images: list[Node] = []
        self._clear()

    def _clear(self) -> None:
        self.pieces: list[str] = []
        self.runs: list[Run] = []
        self.length = 0
        self.holder: Element | None = None
        self.inlines: list[Inline] = []

    def read(self) -> Body:
        text, position = self.text, 0
        last = text.rfind(">")
        pattern = TAG
        at = text.find("<")
        while 0 <= at < last:
            match = pattern.match(text, at)
            if match is None and pattern is TAG and NAME.match(text, at):
                pattern = SIMPLE_TAG  # a quote is open to the end of the file: quotes mean nothing from here on
                match = pattern.match(text, at)
            end = match.end() if match else self._skip(at)
            if end > at:
                self._add(position, at)
                if match:
                    end = self._tag(match[1] == "/", match[2].lower(), match, end)
                position = end
            at = text.find("<", max(end, at + 1))
        self._add(position, len(text))
        self._flush()
        return Body(tuple(self.nodes), tuple(self.problems.items()))

    def _skip(self, at: int) -> int:
        """The end of a comment, declaration or stray end tag at `at`; `at` itself if the `<` is text."""
        text = self.text
        if text.startswith("<!--", at) and "--" not in self.unclosed:
            end = text.find("-->", at + 2)
            if end >= 0:
                return end + 3
            self.unclosed.add("--")
        if text.startswith(("<!", "<?", "</"), at):
            return text.find(">", at) + 1
        return at

    def _tag(self, closing: bool, tag: str, match: re.Match[str], end: int) -> int:
        """Act on a tag; gives the position to go on from."""
        if tag in INLINE:
            self._format(closing, INLINE[tag], match)
        elif tag == "br":
            self._break()
        elif tag == "img":
            if not closing:
                self._image(match[3])
        elif tag in RAW:
            return end if closing else self._raw(tag, end)
        elif closing:
            self._close(tag)
        else:
            self._start(tag, match[3])
        return end

    def _raw(self, tag: str, end: int) -> int:
        """Skip the content of script, style and the like; without an end tag, up to the next tag of any kind."""
        if tag not in self.unclosed:
            match = re.compile(f"</{tag}\\s*>", re.IGNORECASE).search(self.text, end)
            if match:
                return match.end()
            self.unclosed.add(tag)
            self.problems["markup-unclosed"] = f"<{tag}> is never closed; its text up to the next tag was dropped."
        following = self.text.find("<", end)
        return following if following >= 0 else len(self.text)

    def _start(self, tag: str, raw: str) -> None:
        if tag in BLOCKS:
            self._flush()
            if self.open["p"] and tag != "hr":
                self._close("p")
            if tag in ("li", "dt", "dd", "td", "tr") and self.element.tag == tag:
                self._close(tag)
        if tag in VOID or raw.endswith("/"):
            return
        if self.element.depth >= MAX_DEPTH:
            self.overflow[tag] += 1
            self.problems["markup-too-deep"] = f"Elements nested deeper than {MAX_DEPTH}; the text was kept."
            return
        self.element = self.element.child(tag, raw)
        self.open[tag] += 1
        self.hidden += tag in HIDDEN

    def _close(self, tag: str) -> None:
        if tag in BLOCKS:
            self._flush()
        if self.overflow[tag]:
            self.overflow[tag] -= 1
            return
        if not self.open[tag]:
            return
        while self.element.parent is not None:
            closed, self.element = self.element, self.element.parent
            self.open[closed.tag] -= 1
            self.hidden -= closed.tag in HIDDEN
            if closed.tag == tag:
                return

    def _format(self, closing: bool, tag: str, match: re.Match[str]) -> None:
        if not closing:
            if len(self.formatting) < MAX_INLINE:
                value = ""
                if tag == "a":
                    value = html.unescape(attributes(match[3]).get("href", ""))
                elif tag == "time":
                    value = attributes(match[3]).get("datetime", "")
                self.formatting.append((tag, value, self.length))
            return
        for i in range(len(self.formatting) - 1, -1, -1):
            name, value, start = self.formatting[i]
            if name == tag:
                del self.formatting[i]
                if self.length > start:
                    self.inlines.append(Inline(tag, start, self.length, value))
                return

    def _image(self, raw: str) -> None:
        if self.hidden:
            return
        values = attributes(raw)
        address = values.get("src", "")
        if not address or address.startswith("data:"):
            address = values.get("data-src") or values.get("data-original") or address
        node = Node("image", element=self.element, url=html.unescape(address).strip())
        if self.holder is None:
            self.nodes.append(node)
        else:
            self.images.append(node)

    def _break(self) -> None:
        if self.element.tags & HEADINGS:
            if self.pieces and not WIDE.match(self.pieces[-1][-1:]):
                self._piece(" ", None)
        else:
            self._flush()

    def _add(self, start: int, end: int) -> None:
        """Collect the text between two tags: references decoded, line ends collapsed."""
        if start >= end or self.hidden:
            return
        text = self.text
        position = start
        for match in SPECIAL.finditer(text, start, end):
            a, b = match.span()
            if text[a] == "&":
                value = html.unescape(match[0])
                if value == match[0]:
                    continue
                self._verbatim(position, a)
                self._piece(value, self.source.slice(a, b).source_span())
            else:
                self._verbatim(position, a)
                if "pre" in self.element.tags:
                    self._flush()
                elif self.pieces and self.pieces[-1][-1] not in EDGE_SPACE and not self._within_wide(b):
                    self._piece(" ", self.source.slice(a, b).source_span())
            position = b
        self._verbatim(position, end)

    def _within_wide(self, after: int) -> bool:
        """Whether a line end stands between two characters that are written without blanks."""
        return bool(WIDE.match(self.pieces[-1][-1]) and WIDE.match(self.text, after))

    def _verbatim(self, start: int, end: int) -> None:
        if start >= end:
            return
        piece = self.text[start:end]
        if self.base is not None:
            self.runs.append(Run(self.length, end - start, self.base + start, end - start))
        else:
            for run in self.source.slice(start, end).runs:
                self.runs.append(
                    Run(run.text_start + self.length, run.text_length, run.source_start, run.source_length)
                )
        self._append(piece)

    def _piece(self, value: str, span: Span | None) -> None:
        """Text that stands for something else: a reference, a line end, a `<br>`."""
        if value:
            if span:
                self.runs.append(Run(self.length, len(value), span.start, span.end - span.start))
            self._append(value)

    def _append(self, piece: str) -> None:
        self.pieces.append(piece)
        self.length += len(piece)
        if self.holder is None:
            if piece.strip(EDGE_SPACE):
                self.holder = self.element
        elif self.holder is not self.element and piece.strip(EDGE_SPACE):
            self.holder = common(self.holder, self.element)

    def _flush(self) -> None:
        """End the block: formatting that is open goes on in the next one."""
        if self.holder is not None:
            for name, value, start in self.formatting:
                if self.length > start:
                    self.inlines.append(Inline(name, start, self.length, value))
            self.nodes.append(self._node(self.holder))
        if self.pieces:
            if self.formatting:
                self.formatting = [(name, value, 0) for name, value, _ in self.formatting]
            self._clear()
        if self.images:
            self.nodes += self.images
            self.images = []

    def _node(self, holder: Element) -> Node:
        whole = SourceText("".join(self.pieces), tuple(self.runs))
        text = whole.strip(EDGE_SPACE)
        left = len(whole.text) - len(whole.text.lstrip(EDGE_SPACE))
        inlines = []
        for i in sorted(self.inlines, key=lambda i: (i.start, -i.end)):
            start, end = max(i.start - left, 0), min(i.end - left, len(text.text))
            if end > start:
                inlines.append(Inline(i.tag, start, end, i.value))
        tags = holder.tags
        if "figure" in tags or "figcaption" in tags:
            kind = "caption"
        elif tags & HEADINGS:
            kind = "heading"
        else:
            kind = "item" if "li" in tags else "paragraph"
        return Node(kind, text, holder, tuple(inlines), marks(text.text, inlines) if inlines else frozenset())


def marks(text: str, inlines: list[Inline]) -> frozenset[str]:
    """The inline tags that together cover all of a text but white space."""
    wanted = len("".join(text.split()))
    covered: Counter[str] = Counter()
    reached: Counter[str] = Counter()
    for i in inlines:
        start = max(i.start, reached[i.tag])
        if i.end > start:
            covered[i.tag] += len("".join(text[start : i.end].split()))
            reached[i.tag] = i.end
    return frozenset(tag for tag in MARKS if covered[tag] >= wanted)
