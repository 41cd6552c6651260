"""What a body reader makes of a body: a flat stream of nodes that no publisher has interpreted yet."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from broadsheet.document import SourceText
from broadsheet.parse.readings import EDGE_SPACE
from broadsheet.values import value

ATTRIBUTE: Final = re.compile(r"""([^\s=>"'/]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?""")
FIRST_ATTRIBUTE: Final = re.compile(r'\s*+([A-Za-z-]++)="([^"]++)"')
MARKS: Final = frozenset({"a", "strong", "em", "small", "time"})
CLASS_LIMIT: Final = 300
Found = tuple[int, int, str, str]
"""An inline element: start, end, tag, and its address or time."""
NOTHING: Final[frozenset[str]] = frozenset()
NEVER: Final = 1 << 60


@dataclass(slots=True, eq=False)
class Element:
    """An open element of the markup, linked to the one around it.

    Attributes:
        tag: Lower-case name.
        raw: Its attributes as written.
        parent: The element around it.
        tags: Names of this element and all around it.
        depth: How many are around it.
    """

    tag: str
    raw: str = ""
    parent: "Element | None" = None
    tags: frozenset[str] = frozenset()
    depth: int = 0
    _classes: str | None = None

    def child(self, tag: str, raw: str) -> "Element":
        """A new element inside this one."""
        return Element(tag, raw, self, _with(self.tags, tag), self.depth + 1)

    def classes(self) -> str:
        """`class` and `id` of this element and those around it, innermost first; long values are cut."""
        if self._classes is None:
            own = ""
            if "class" in self.raw or "id" in self.raw:
                values = attributes(self.raw)
                own = f"{values.get('class', '')} {values.get('id', '')}".strip()[:CLASS_LIMIT]
            around = self.parent.classes() if self.parent else ""
            self._classes = f"{own} {around}".strip()[: 4 * CLASS_LIMIT] if own else around
        return self._classes


@lru_cache(maxsize=4096)
def _with(tags: frozenset[str], tag: str) -> frozenset[str]:
    """Most elements of most pages stand in the same few places."""
    return tags | {tag}


def common(one: Element, other: Element) -> Element:
    """The innermost element around both."""
    while one is not other:
        if one.depth >= other.depth and one.parent:
            one = one.parent
        elif other.parent:
            other = other.parent
        else:
            break
    return one


ROOT = Element("")
EMPTY = SourceText("")


@value
class Inline:
    """A stretch of a node's text inside an inline element: `a`, `cite`, `time`, `small`, `strong`, `em`."""

    tag: str
    start: int
    end: int
    value: str = ""
    """`href` of a link, `datetime` of a time."""


@value
class Node:
    """One block of a body.

    Attributes:
        kind: `paragraph`, `heading`, `item`, `caption` or `image`.
        text: White space at the ends removed; empty for an image.
        element: The element that made it.
        inlines: Links and other inline elements in the text.
        marks: Inline tags that cover the whole text (`strong`, `em`, `small`, `a`, `time`).
        url: Address of an image, as written with references decoded.
    """

    kind: str
    text: SourceText = EMPTY
    element: Element = ROOT
    inlines: tuple[Inline, ...] = ()
    marks: frozenset[str] = NOTHING
    url: str = ""


@value
class Body:
    """A read body: its nodes, and what was wrong with its markup as (code, message)."""

    nodes: tuple[Node, ...]
    problems: tuple[tuple[str, str], ...] = ()


def block(
    kind: str, whole: SourceText, element: Element, found: Sequence[tuple[int, int, str, str]] = ()
) -> Node | None:
    """The node of a text with what is inline in it; None if the text is but white space.

    Args:
        kind: Kind of the node.
        whole: The text, white space at the ends included.
        element: The element that made it.
        found: What is inline in it, by where it stands in `whole`; in any order.
    """
    text = whole.strip(EDGE_SPACE)
    if not text or not found:
        return Node(kind, text, element) if text else None
    size = len(text.text)
    left = len(whole.text) - len(whole.text.lstrip(EDGE_SPACE)) if size < len(whole.text) else 0
    if len(found) > 1:
        found = sorted(found, key=lambda i: (i[0], -i[1]))
    inlines = [
        Inline(tag, max(start - left, 0), min(end - left, size), value)
        for start, end, tag, value in found
        if max(start, left) < min(end, left + size)
    ]
    return Node(kind, text, element, tuple(inlines), _marks(text.text, inlines))


def _marks(text: str, inlines: Sequence[Inline]) -> frozenset[str]:
    """The inline tags that together cover all of a text but white space."""
    if not inlines or inlines[0].start > 0:
        return NOTHING
    covered: dict[str, int] = {}
    for i in inlines:
        reached = covered.get(i.tag, 0)
        if i.start <= reached or not text[reached : i.start].strip():
            covered[i.tag] = max(reached, i.end)
        else:
            covered[i.tag] = NEVER
    return frozenset(tag for tag, reached in covered.items() if len(text) <= reached < NEVER and tag in MARKS)


def attribute(raw: str, name: str) -> str:
    """One attribute of a tag; most often it is the first."""
    first = FIRST_ATTRIBUTE.match(raw)
    return first[2] if first and first[1] == name else attributes(raw).get(name, "")


def attributes(raw: str) -> dict[str, str]:
    """The attributes of a tag; the first of two with one name counts."""
    found: dict[str, str] = {}
    for name, double, single, bare in ATTRIBUTE.findall(raw):
        found.setdefault(name.lower(), double or single or bare)
    return found
