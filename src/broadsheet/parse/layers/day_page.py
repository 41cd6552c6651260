"""A day's page in Markdown: headings of one rank, each over an article that ends with a link to where it stands.

Nothing is asked of the words of its headings: items are told from sections by their source links. A page that holds
nothing but a numbered list of headlines is no article.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from broadsheet.document import Reject, SourceText, Span
from broadsheet.parse.readings import EDGE_SPACE, Item, Peeled, Reading, trimmed

NAME: Final = "day_page"
START: Final = re.compile(r"[\s\u200b-\u200f\ufeff]*+#{1,2}[ \t]")
HEADING: Final = re.compile(r"#(?<=^#)(#{0,4})[ \t]+(\S[^\n]*)$", re.M)
SOURCE_LINK: Final = re.compile(
    r"\n[ \t>]*\[(?:(?:查看|阅读|閱讀|点击|點擊)?(?:原文|全文|来源|來源|详情|詳情)(?:链接|連結|地址)?"
    r"|Read (?:more|the full story)|Original(?: article)?|Full (?:story|text)|Source)\]\((\S+)\)[ \t\r]*(?=\n|\Z)",
    re.I,
)
RULE: Final = re.compile(r"^[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t\r]*$", re.M)
STAMP: Final = re.compile(
    r"[（(]?(?:更新|抓取|采集|归档)?(?:时间戳|時間戳|timestamp)\s*[:：]\s*(\d{13}|\d{10})\s*[)）]?"
)
PAGE_LINK: Final = re.compile(r"^(?:来源|來源|Source)\s*[:：]\s*\[([^\]\n]{1,40})\]\((\S+)\)[ \t\r]*$", re.M)
ENTRY: Final = re.compile(r"[ \t]*(?:\d{1,3}(?:[.、．)]|(?=[【《“]))|[（(]\d{1,3}[)）]|[-*+•])[ \t]*\S")
CONTENTS: Final = re.compile(r"主要内容|主要內容|内容提要|新闻摘要|新聞摘要|目录|目錄|要目|Headlines|Contents", re.I)
REACH: Final = 4000
FEWEST_ENTRIES: Final = 3
FEWEST_LINKED: Final = 2


class _Heading(NamedTuple):
    rank: int
    title: Span
    start: int


def peel(source: SourceText) -> Peeled | None:
    """The items of a day's page, or why it has none; None if the text is no such page."""
    text = source.text
    if not START.match(text):
        return None
    links = list(SOURCE_LINK.finditer(text)) if "](" in text else []
    if not links:
        return _list_only(source)
    headings = [_Heading(len(m[1]) + 1, Span(*m.span(2)), m.start()) for m in HEADING.finditer(text)]
    rank = _rank(headings, links)
    if rank is None:
        return None
    items = tuple(_items(source, headings, links, rank))
    stamp = STAMP.search(text, links[-1].end())
    readings = (Reading("archived_at", source.slice(*stamp.span(1)), "header", f"{NAME}.stamp"),) if stamp else ()
    first = next(h.start for h in headings if h.rank == rank)
    return Peeled(NAME, source, readings, _before(source, headings, first), items=items)


def _rank(headings: list[_Heading], links: list[re.Match[str]]) -> int | None:
    """The rank of the headings that stand over source links; None if some such headings have none."""
    starts = [h.start for h in headings]
    above: Counter[int] = Counter()
    at = -1
    for link in links:
        before = at
        while at + 1 < len(starts) and starts[at + 1] < link.start():
            at += 1
        if at >= 0 and at != before:
            above[headings[at].rank] += 1
    if not above:
        return None
    rank, linked = min(above.items(), key=lambda pair: (-pair[1], pair[0]))
    same = sum(h.rank == rank for h in headings)
    enough = linked >= FEWEST_LINKED or rank > 2  # one section with a link to the original may be all of an article
    return rank if rank > 1 and enough and 4 * linked >= 3 * same else None


def _items(source: SourceText, headings: list[_Heading], links: list[re.Match[str]], rank: int) -> Iterator[Item]:
    """Every heading of the rank with what stands below it, up to the next of this or a higher rank."""
    borders = [h for h in headings if h.rank <= rank]
    at = 0
    for number, heading in enumerate(borders):
        stop = borders[number + 1].start if number + 1 < len(borders) else len(source)
        if heading.rank != rank:
            continue
        while at < len(links) and links[at].start() < heading.start:
            at += 1
        link = links[at] if at < len(links) and links[at].start() < stop else None
        end = link.start() if link else _end(source.text, heading.title.end, stop)
        readings = [Reading("title", trimmed(source.slice(*_pair(heading.title))), "header", f"{NAME}.heading")]
        if link:
            readings.append(Reading("url", source.slice(*link.span(1)), "header", f"{NAME}.source_link"))
        yield Item(source.slice(heading.title.end, end), tuple(readings), span=source.source_span(heading.start, stop))


def _pair(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _end(text: str, start: int, stop: int) -> int:
    """Where the text of an item without a link ends: at a rule that nothing but the page's own foot follows."""
    rule = RULE.search(text, start, stop)
    return rule.start() if rule and stop - rule.end() < REACH // 40 else stop


def _before(source: SourceText, headings: list[_Heading], first: int) -> tuple[Reject, ...]:
    """What stands before the first item and is more than headings: a list of the day's items."""
    text = source.text[:first]
    lines = sum(1 for line in text.splitlines() if line.strip(EDGE_SPACE) and not line.startswith("#"))
    if not lines:
        return ()
    opening = next((h.start for h in headings if h.rank > 1 and h.start < first), 0)
    message = f"The summary of the page ({lines} lines): its articles follow one by one."
    return (Reject("not-article", message, span=source.source_span(opening, first)),)


def _list_only(source: SourceText) -> Peeled | None:
    """A page of nothing but headlines, told by a heading of contents with only numbered lines below."""
    heading = next((m for m in HEADING.finditer(source.text, 0, REACH) if CONTENTS.search(m[2])), None)
    if not heading:
        return None
    lines = [line for line in source.text[heading.end() :].splitlines() if line.strip(EDGE_SPACE)]
    entries = sum(1 for line in lines if ENTRY.match(line))
    if entries < FEWEST_ENTRIES or entries < len(lines):
        return None
    readings = []
    if page := PAGE_LINK.search(source.text, 0, heading.start()):
        readings = [
            Reading("publisher", trimmed(source.slice(*page.span(1))), "header", f"{NAME}.source"),
            Reading("url", source.slice(*page.span(2)), "header", f"{NAME}.source_link"),
        ]
    message = f"A list of {entries} headlines without the articles."
    reject = Reject("not-article", message, span=source.source_span(heading.start(), len(source)))
    return Peeled(NAME, source, tuple(readings), (reject,), body="markdown")
