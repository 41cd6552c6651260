"""The players that wiki.js pages open with: a heading marked `{.tabset}`, below it one heading a player, no text."""

import re
from typing import Final

from broadsheet.document import SourceText
from broadsheet.parse.readings import Peeled

NAME: Final = "wiki_tabs"
HINT: Final = "{.tabset}"
OPEN: Final = re.compile(r"[\s\u200b-\u200f\ufeff]*+(#{1,5})[ \t]+[^\n{]{0,60}\{\.tabset\}[ \t]*\r?(?:\n|\Z)")
HEADING: Final = re.compile(r"^(#{1,6})(?:[ \t]+([^\n]*?))?[ \t]*\r?$", re.MULTILINE)
MARKUP: Final = re.compile(r"<!--(?:[^-]|-(?!->))*+-->|<[^<>]{0,2000}>|^#{1,6}[^\n]*$|\s+", re.MULTILINE)
LOOK: Final = 2000


def peel(source: SourceText) -> Peeled | None:
    """What follows the tabs; None if the text does not open with tabs, or if they hold text of their own."""
    text = source.text
    if HINT not in text[:LOOK]:
        return None
    opened = OPEN.match(text)
    if not opened:
        return None
    end = len(text)
    for heading in HEADING.finditer(text, opened.end()):
        if len(heading[1]) <= len(opened[1]):
            end = heading.end() if not heading[2] else heading.start()
            break
    if MARKUP.sub("", text[opened.end() : end]):
        return None
    return Peeled(NAME, source.slice(end, len(text)), body="markdown")
