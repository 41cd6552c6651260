"""What a body reader makes of a body: a flat stream of nodes that no publisher has interpreted yet."""

import re
from dataclasses import dataclass

from broadsheet.document import SourceText

ATTRIBUTE = re.compile(r"""([^\s=>"'/]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?""")


CLASS_LIMIT = 300


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
        tags = self.tags if tag in self.tags else self.tags | {tag}
        return Element(tag, raw, self, tags, self.depth + 1)

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


@dataclass(frozen=True, slots=True)
class Inline:
    """A stretch of a node's text inside an inline element: `a`, `cite`, `time`, `small`, `strong`, `em`."""

    tag: str
    start: int
    end: int
    value: str = ""
    """`href` of a link, `datetime` of a time."""


@dataclass(frozen=True, slots=True)
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
    marks: frozenset[str] = frozenset()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """A read body: its nodes, and what was wrong with its markup as (code, message)."""

    nodes: tuple[Node, ...]
    problems: tuple[tuple[str, str], ...] = ()


def attributes(raw: str) -> dict[str, str]:
    """The attributes of a tag; the first of two with one name counts."""
    found: dict[str, str] = {}
    for match in ATTRIBUTE.finditer(raw):
        found.setdefault(match[1].lower(), match[2] or match[3] or match[4] or "")
    return found
