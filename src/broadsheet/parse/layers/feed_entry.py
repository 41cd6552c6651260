"""A feed reader's dump: a millisecond comment, the title as a link, a rule of dashes, then the body on one line."""

import re
from typing import Final

from broadsheet.document import Reject, SourceText, concatenate
from broadsheet.parse.readings import Peeled, Reading, trimmed

NAME: Final = "feed_entry"
STAMP: Final = re.compile(r"[\s\u200b-\u200f\ufeff]*+<!--\s*+(-?\d{1,20}|NaN|undefined|null)?\s*+-->[ \t]*\r?\n?")
RULE: Final = re.compile(r"\n[ \t]*-{3,}[ \t]*\r?(?:\n|\Z)")
START: Final = re.compile(r"[\s\u200b-\u200f\ufeff]*+\[")
DATE_LINE: Final = re.compile(r"\s*(?:日期|时间|時間|Date)\s?[:：][ \t]*([^\n<]{4,60})\n")
REACH: Final = 200_000
LINE_END: Final = re.compile(r"[ \t]*[\r\n]\s*")


def peel(source: SourceText) -> Peeled | None:
    """The head of a feed entry and its body; None if the text does not start with one."""
    text = source.text
    stamp = STAMP.match(text)
    opened = START.match(text, stamp.end() if stamp else 0)
    if not opened:
        return None
    rule = RULE.search(text, opened.end(), opened.end() + REACH)
    if not rule:
        return None
    end = len(text[: rule.start()].rstrip())
    middle = text.rfind("](", opened.end(), end)
    if middle < 0 or not text.endswith(")", middle + 2, end):
        return None
    if stamp is None and "\n\n" in text[opened.end() : middle]:  # without a stamp, a paragraph that begins with a link
        return None
    rejects: list[Reject] = []
    readings = [
        Reading("title", _one_line(trimmed(source.slice(opened.end(), middle))), "header", f"{NAME}.title"),
        Reading("url", trimmed(source.slice(middle + 2, end - 1)), "header", f"{NAME}.link"),
    ]
    if stamp and stamp[1]:
        value = source.slice(*stamp.span(1))
        if re.fullmatch(r"\d{10}|\d{13}", stamp[1]):
            readings.append(Reading("archived_at", value, "header", f"{NAME}.stamp"))
        else:
            message = f"The collector's stamp {stamp[1]!r} is not a time in milliseconds."
            rejects.append(
                Reject("date-unreadable", message, field="archived_at", value=stamp[1], span=value.source_span())
            )
    body = rule.end()
    if date := DATE_LINE.match(text, body):
        readings.append(Reading("published", trimmed(source.slice(*date.span(1))), "header", f"{NAME}.date_line"))
        body = date.end()
    found = tuple(r for r in readings if r.text)
    return Peeled(NAME, source.slice(body, len(text)), found, tuple(rejects))


def _one_line(text: SourceText) -> SourceText:
    """With line ends turned into blanks."""
    parts, position = [], 0
    for match in LINE_END.finditer(text.text):
        parts += [text.slice(position, match.start()), SourceText(" ")]
        position = match.end()
    return concatenate([*parts, text.slice(position, len(text))]) if parts else text
