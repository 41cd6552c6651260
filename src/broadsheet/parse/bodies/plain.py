"""Plain text to nodes: one line is one paragraph, however it is indented."""

import re
from typing import Final

from broadsheet.document import SourceText
from broadsheet.parse.bodies.nodes import Body, Node
from broadsheet.parse.readings import trimmed

LINE: Final = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
SENTENCE_END: Final = "。！？!?.…”」』）)]】;；,，、"
HEADING_LIMIT: Final = 30


def read(source: SourceText) -> Body:
    """The lines of a plain text; a short line without closing punctuation before a longer one is a heading."""
    lines = [trimmed(source.slice(*match.span())) for match in LINE.finditer(source.text)]
    lines = [line for line in lines if line]
    nodes = []
    for number, line in enumerate(lines):
        follower = lines[number + 1].text if number + 1 < len(lines) else ""
        short = len(line.text) <= HEADING_LIMIT < len(follower) and line.text[-1] not in SENTENCE_END
        nodes.append(Node("heading" if short else "paragraph", line))
    return Body(tuple(nodes))
