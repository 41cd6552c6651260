"""HTML to nodes: one pass over the tags, with exact offsets, no recursion and no tree.

Browsers' rules are followed as far as news pages need them: blocks end paragraphs, `<p>` closes `<p>`, formatting
elements live on over block borders, script and style are no text. Every step is linear in the input.
"""

import re
from functools import lru_cache
from html import unescape
from typing import Final

from broadsheet.document import Piece, SourceText
from broadsheet.parse.bodies.nodes import ROOT, Body, Element, Node, attribute, attributes, block, common
from broadsheet.parse.bodies.tags import BLOCKS, HEADINGS, HIDDEN, IMAGES, INLINE, RAW, VOID
from broadsheet.parse.readings import EDGE_SPACE, places

TAG: Final = r"<(?:(/?)(?!https?:)([A-Za-z][A-Za-z0-9:_-]*+)(ATTRIBUTES)>|(?=[!?/]|(?!https?:)[A-Za-z]))"
QUOTED: Final = re.compile(TAG.replace("ATTRIBUTES", r"""(?:[^"'>=]++|=\s*+"[^"]*+"|=\s*+'[^']*+'|["'=])*+"""))
BARE: Final = re.compile(TAG.replace("ATTRIBUTES", "[^>]*+"))
NAME: Final = re.compile(r"</?[A-Za-z]")
SPECIAL: Final = re.compile(r"&(?:#\d{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};?)|\s++")
SPECIALS: Final = "&\n\t\r\f\v\x85\u2028\u2029"
"""What text between tags is not taken as it stands: references, and white space that begins with the end of a line."""
WIDE: Final = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
MAX_DEPTH: Final = 200
MAX_INLINE: Final = 40


def read(source: SourceText) -> Body:
    """The nodes of an HTML body or document."""
    return _Reader(source).read()


class _Reader:
    """The state of one pass: open elements, open formatting, and the block being collected.

    A block begins at its first character that is no white space; until then `pieces` is empty.
    """

    def __init__(self, source: SourceText) -> None:
        self.source, self.text, self.base = source, source.text, source.base
        self.last = source.text.rfind(">") + 1
        self.pattern = QUOTED
        self.specials = [character for character in SPECIALS if character in source.text]
        self.nodes: list[Node] = []
        self.problems: dict[str, str] = {}
        self.element = ROOT
        self.open: dict[str, int] = {}
        self.overflow: dict[str, int] = {}
        self.hidden = 0
        self.formatting: list[tuple[str, str, int]] = []
        self.unclosed: set[str] = set()
        self._clear()

    def _clear(self) -> None:
        self.texts: list[str] = []
        self.pieces: list[Piece] = []
        self.length = 0
        self.holder: Element | None = None
        self.inlines: list[tuple[int, int, str, str]] = []
        self.images: list[Node] = []

    def read(self) -> Body:
        position: int | None = 0
        while position is not None:
            position = self._tags(position)
        if self.texts:
            self._flush()
        return Body(tuple(self.nodes), tuple(self.problems.items()))

    def _tags(self, position: int) -> int | None:
        """Go from tag to tag; gives where to begin anew, behind what hides tags in itself, or None at the end."""
        for match in self.pattern.finditer(self.text, position, self.last):
            at, end = match.span()
            slash, name, raw = match.groups()
            if name is None:
                if self.pattern is QUOTED and NAME.match(self.text, at):
                    self.pattern = BARE  # a quote is open to the end of the file: quotes mean nothing from here on
                    return position
                self._add(position, at)
                return self._skip(at)
            tag = name.lower()
            if at > position:
                self._add(position, at, last=tag in BLOCKS or tag == "br")
            position = end
            if tag in INLINE:
                self._format(slash, INLINE[tag], raw)
            elif tag == "br":
                self._break(at, end)
            elif tag in IMAGES:
                if not slash:
                    self._image(raw)
            elif tag in RAW:
                if not slash:
                    return self._raw(tag, end)
            elif slash:
                self._close(tag)
            else:
                self._start(tag, raw)
        self._add(position, len(self.text), last=True)
        return None

    def _skip(self, at: int) -> int:
        """The end of the comment, declaration or stray end tag at `at`."""
        if self.text.startswith("<!--", at) and "--" not in self.unclosed:
            end = self.text.find("-->", at + 2)
            if end >= 0:
                return end + 3
            self.unclosed.add("--")
        return self.text.find(">", at) + 1

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
            if self.texts:
                self._flush()
            if self.open.get("p") and tag != "hr":
                self._close("p")
            if tag == self.element.tag and tag in ("li", "dt", "dd", "td", "tr"):
                self._close(tag)
        if tag in VOID or raw.endswith("/"):
            return
        if self.element.depth >= MAX_DEPTH:
            self.overflow[tag] = self.overflow.get(tag, 0) + 1
            self.problems["markup-too-deep"] = f"Elements nested deeper than {MAX_DEPTH}; the text was kept."
            return
        self.element = self.element.child(tag, raw)
        self.open[tag] = self.open.get(tag, 0) + 1
        self.hidden += tag in HIDDEN

    def _close(self, tag: str) -> None:
        if self.texts and tag in BLOCKS:
            self._flush()
        if self.overflow.get(tag):
            self.overflow[tag] -= 1
            return
        if not self.open.get(tag):
            return
        while self.element.parent is not None:
            closed, self.element = self.element.tag, self.element.parent
            self.open[closed] -= 1
            self.hidden -= closed in HIDDEN
            if closed == tag:
                return

    def _format(self, closing: str, tag: str, raw: str) -> None:
        if not closing:
            if len(self.formatting) < MAX_INLINE:
                value = ""
                if tag == "a":
                    value = unescape(attribute(raw, "href"))
                elif tag == "time":
                    value = attribute(raw, "datetime")
                self.formatting.append((tag, value, self.length))
            return
        for i in range(len(self.formatting) - 1, -1, -1):
            name, value, start = self.formatting[i]
            if name == tag:
                del self.formatting[i]
                if self.length > start:
                    self.inlines.append((start, self.length, tag, value))
                return

    def _image(self, raw: str) -> None:
        if self.hidden:
            return
        values = attributes(raw)
        address = values.get("src", "")
        if not address or address.startswith("data:"):
            address = values.get("data-src") or values.get("data-original") or address
        node = Node("image", element=self.element, url=unescape(address).strip())
        (self.nodes if self.holder is None else self.images).append(node)

    def _break(self, start: int, end: int) -> None:
        if not self.texts:
            return
        if self.element.tags.isdisjoint(HEADINGS):
            self._flush()
        elif not WIDE.match(self.texts[-1][-1]):
            self._instead(" ", start, end)

    def _add(self, start: int, end: int, *, last: bool = False) -> None:
        """Collect the text between two tags, the `last` of a block perhaps: references decoded, line ends collapsed."""
        if self.hidden:
            return
        text = self.text[start:end]
        if last and self.element.tags.isdisjoint(HEADINGS):  # where a `<br>` ends no block
            text = text.rstrip()
            end = start + len(text)
        if not self.texts:
            text = text.lstrip()
            if not text:
                return
            start = end - len(text)
        for special in self.specials:
            if special in text:
                self._special(start, end)
                return
        self._verbatim(start, text)

    def _special(self, start: int, end: int) -> None:
        text = self.text
        for a in places(text, self.specials, start, end):
            match = SPECIAL.match(text, a, end) if a >= start else None
            if match is None:
                continue
            b = match.end()
            if text[a] == "&":
                stands_for = _reference(match[0])
                if stands_for == match[0] or self._torn(a, b):
                    continue
                self._verbatim(start, text[start:a])
                self._instead(stands_for, a, b)
            else:
                self._verbatim(start, text[start:a])
                self._line_end(a, b)
            start = b
        self._verbatim(start, text[start:end])

    def _torn(self, start: int, end: int) -> bool:
        """Whether the file holds something between two places that the text does not: then it is no reference."""
        if self.base is not None:
            return False
        pieces = self.source.slice(start, end).pieces
        return bool(pieces) and pieces[-1][2] + pieces[-1][3] - pieces[0][2] > sum(taken for *_, taken in pieces)

    def _line_end(self, start: int, end: int) -> None:
        """A line end is a blank, if it does not stand between two characters that are written without one."""
        if not self.texts:
            return
        if self.open.get("pre"):
            self._flush()
        elif (last := self.texts[-1][-1]) not in EDGE_SPACE and not (WIDE.match(last) and WIDE.match(self.text, end)):
            self._instead(" ", start, start + 1)  # what follows may hold what a source has and no text, such as zeros

    def _verbatim(self, start: int, text: str) -> None:
        if not text:
            return
        if self.base is not None:
            self.pieces.append((self.length, len(text), self.base + start, len(text)))
        else:
            for at, length, source, taken in self.source.slice(start, start + len(text)).pieces:
                self.pieces.append((self.length + at, length, source, taken))
        self._append(text)

    def _instead(self, text: str, start: int, end: int) -> None:
        """Text that stands for something else: a reference, a line end."""
        if not text:
            return
        if self.base is not None:
            self.pieces.append((self.length, len(text), self.base + start, end - start))
        elif span := self.source.source_span(start, end):
            self.pieces.append((self.length, len(text), span.start, span.end - span.start))
        self._append(text)

    def _append(self, text: str) -> None:
        self.texts.append(text)
        self.length += len(text)
        if self.holder is not self.element and text.strip(EDGE_SPACE):
            self.holder = common(self.holder, self.element) if self.holder else self.element

    def _flush(self) -> None:
        """End the block: formatting that is open goes on in the next one."""
        if self.holder is not None:
            found = self.inlines
            if self.formatting:
                found = found + [(start, self.length, name, value) for name, value, start in self.formatting]
            whole = SourceText("".join(self.texts), tuple(self.pieces))
            node = block(_kind(self.holder.tags), whole, self.holder, found)
            if node:
                self.nodes.append(node)
        if self.formatting:
            self.formatting = [(name, value, 0) for name, value, _ in self.formatting]
        self.nodes += self.images
        self._clear()


@lru_cache(maxsize=4096)
def _kind(tags: frozenset[str]) -> str:
    """The kind of a block that stands inside these elements."""
    if "figure" in tags or "figcaption" in tags:
        return "caption"
    if not tags.isdisjoint(HEADINGS):
        return "heading"
    return "item" if "li" in tags else "paragraph"


_reference = lru_cache(maxsize=1024)(unescape)
