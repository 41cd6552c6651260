"""A page of a Markdown site: a link home, the title as a heading, date and author as code, a link to the original."""

import re
from typing import Final

from broadsheet.document import SourceText
from broadsheet.parse.bodies import markdown
from broadsheet.parse.fields.dates import parse_date
from broadsheet.parse.readings import Peeled, Reading, trimmed

NAME: Final = "meta_line"
REACH: Final = 2000
HOME: Final = re.compile(
    r"[\s\u200b-\u200f\ufeff]*+(?:#{1,6}[ \t]++)?\[[^\]\n]{0,80}\]\([^)\s]{0,200}\)[ \t]*+\r?\n"
    r"\s*+(?:-{3,}[ \t]*+\r?\n)?"
)
HEAD: Final = re.compile(
    r"[\s\u200b-\u200f\ufeff]*+(?P<title>#{1,3}[ \t]++[^\n]{1,500})\n\s{0,20}"
    r"`(?P<meta>[^`\n]{0,200})`[ \t]*+\[[^\]\n]{0,100}\]\((?P<url>(?:https?:)?//[^)\s]{1,2000})\)[ \t]*\r?(?:\n|\Z)"
)
DATE: Final = re.compile(
    r"\s*(\d[\d/.:, T年月日-]{5,40}(?:[AaPp]\.?[Mm]\.?)?(?:\s?(?:UTC|GMT|Z|[+-]\d{2}:?\d{2}))?)(?=\s|$)"
)


def peel(source: SourceText) -> Peeled | None:
    """The head of such a page and its body; None if heading, code and link do not follow each other at the top."""
    if source.text.find("`", 0, REACH) < 0:
        return None
    home = HOME.match(source.text)
    head = HEAD.match(source.text, home.end() if home else 0)
    if not head:
        return None
    readings = [Reading("title", _plain(source.slice(*head.span("title"))), "header", f"{NAME}.title")]
    meta = head.start("meta")
    dated = DATE.match(head["meta"])
    if dated and parse_date(dated[1], "mdy"):
        date = trimmed(source.slice(meta + dated.start(1), meta + dated.end(1)))
        readings.append(Reading("published", date, "header", f"{NAME}.date"))
        meta += dated.end()
    readings.append(Reading("author", trimmed(source.slice(meta, head.end("meta"))), "header", f"{NAME}.author"))
    readings.append(Reading("url", source.slice(*head.span("url")), "header", f"{NAME}.link"))
    found = tuple(reading for reading in readings if reading.text)
    body = source.slice(head.end(), len(source))
    return Peeled(NAME, body, found, body="markdown", last=True, lines=True)


def _plain(title: SourceText) -> SourceText:
    """A title without the Markdown and the HTML references in it."""
    nodes = markdown.read(title).nodes
    return next((node.text for node in nodes if node.text), trimmed(title))
