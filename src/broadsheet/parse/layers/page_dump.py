"""The text of a portal page: breadcrumb, title, date, source, body, related reading, disclaimer."""

import re
from typing import Final

from broadsheet.document import SourceText
from broadsheet.parse.fields.dates import is_date
from broadsheet.parse.readings import Peeled, Reading, trimmed

NAME: Final = "page_dump"
LINE: Final = re.compile(r"[^\r\n]+")
CRUMBS: Final = re.compile(r"\s*(?:首页|首頁|主页|Home)?\s*(?:»|›|&gt;|>|»)\s*\S")
CRUMB: Final = re.compile(r"[^»›>]+")
SOURCE: Final = re.compile(r"\s*(?:来源|來源|文章来源|稿源|Source)\s*[:：]\s*(\S.{0,40}?)\s*$")
DATE_LABEL: Final = re.compile(r"\s*(?:发布时间|發布時間|时间|時間|日期)\s*[:：]\s*")
RELATED: Final = re.compile(
    r"^[ \t\u3000]*(?:[•·●■◆▶]\s*)?(?:相关阅读|相關閱讀|相关新闻|相關新聞|相关稿件|延伸阅读)\s*[:：]?[ \t\r]*$",
    re.M,
)
DISCLAIMER: Final = re.compile(r"^[ \t\u3000]*(?:免责声明|免責聲明|版权声明|版權聲明)\s*[:：].*$", re.M)
HINT: Final = re.compile(r"(?:来源|來源|稿源|Source)\s*[:：]|[»›]")
HEAD: Final = 4000
HEAD_LINES: Final = 8


def peel(source: SourceText) -> Peeled | None:
    """The head and foot of a page dump and the body between; None if two of breadcrumb, date and source are missing."""
    if not HINT.search(source.text, 0, HEAD):
        return None
    lines = []
    for match in LINE.finditer(source.text, 0, HEAD):
        line = trimmed(source.slice(*match.span()))
        if line:
            lines.append((line, match.end()))
        if len(lines) == HEAD_LINES:
            break
    readings: list[Reading] = []
    title: SourceText | None = None
    body = 0
    for number, (line, end) in enumerate(lines):
        if number == 0 and CRUMBS.match(line.text) and len(line) < 100:
            crumbs = [trimmed(line.slice(*m.span())) for m in CRUMB.finditer(line.text)]
            readings.append(Reading("section", crumbs[-1], "header", f"{NAME}.breadcrumb"))
        elif source_line := SOURCE.match(line.text):
            readings.append(Reading("publisher", line.slice(*source_line.span(1)), "header", f"{NAME}.source"))
            body = end
        elif (date := _date(line)) is not None:
            readings.append(Reading("published", date, "header", f"{NAME}.date"))
            body = end
        elif title is None:
            title = line
            readings.append(Reading("title", line, "header", f"{NAME}.title"))
        else:
            break
    found = {reading.field for reading in readings}
    if "title" not in found or len(found & {"published", "publisher", "section"}) < 2:
        return None
    stop = len(source)
    if related := RELATED.search(source.text, body):
        stop = related.start()
    if notice := DISCLAIMER.search(source.text, body):
        readings.append(Reading("rights", trimmed(source.slice(*notice.span())), "body", f"{NAME}.disclaimer"))
        stop = min(stop, notice.start())
    return Peeled(NAME, source.slice(body, stop), tuple(readings), body="plain")


def _date(line: SourceText) -> SourceText | None:
    label = DATE_LABEL.match(line.text)
    text = line.slice(label.end(), len(line)) if label else line
    return text if is_date(text.text) else None
