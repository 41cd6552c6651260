"""Bare text: a title on the first line, an empty line, then the body."""

import re
from typing import Final

from broadsheet.document import SourceText
from broadsheet.parse.readings import Peeled, Reading, trimmed

NAME: Final = "title_line"
FIRST: Final = re.compile(r"[\s\u200b-\u200f\ufeff]*+([^\r\n]{2,200})\r?\n[ \t]*\r?\n(?=\s*\S)")
SENTENCE_END: Final = "。；;，,：:"


def peel(source: SourceText) -> Peeled | None:
    """The title line and the text below; None if the first line is a paragraph like the others."""
    first = FIRST.match(source.text)
    if not first:
        return None
    title = trimmed(source.slice(*first.span(1)))
    longest = max(len(line) for line in source.text[first.end() :].splitlines())
    if not title or title.text[-1] in SENTENCE_END or len(title) >= longest:
        return None
    reading = Reading("title", title, "header", f"{NAME}.title")
    return Peeled(NAME, source.slice(first.end(), len(source)), (reading,), body="plain")
