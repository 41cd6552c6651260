"""A saved web page: what it says of itself, and the element that holds the article, without what is set apart in it."""

import re
from collections.abc import Iterator
from itertools import chain, takewhile
from typing import Final

from broadsheet.document import SourceText
from broadsheet.parse.bodies import html
from broadsheet.parse.bodies.nodes import attributes
from broadsheet.parse.fields.dates import parse_date
from broadsheet.parse.fields.urls import host, unwrap
from broadsheet.parse.layers import html_boxes, html_head
from broadsheet.parse.layers.html_boxes import Box
from broadsheet.parse.layers.html_data import Data
from broadsheet.parse.readings import Peeled, Reading, bare, trimmed

NAME: Final = "html_page"
DOCUMENT: Final = re.compile(
    r"[\s\ufeff]*+(?:<\?xml[^<>]{0,200}>\s*+|<!--(?:(?!-->).){0,2000}+-->\s*+){0,5}+"
    r"(?:<!doctype\s+html|<html[\s>]|<head[\s>]|<meta\s)",
    re.I | re.S,
)
HEADING: Final = re.compile(r"<h1\b[^<>]*+>", re.I)
TIME: Final = re.compile(
    r"<(?:time|span|p|div|abbr)\b([^<>]*?(?:\bdatetime\s*=|itemprop\s*=\s*[\"']?datePublished)[^<>]*+)>", re.I
)
DATE: Final = re.compile(
    r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?(?:[\sT,　]*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?"
    r"|(?:\d{1,2}\s+)?[A-Z][a-z]{2,8}\.?\s+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?(?:19|20)\d\d"
    r"(?:,?\s+(?:at\s+)?\d{1,2}:\d{2}(?:\s?[AaPp]\.?[Mm]\.?)?(?:\s?[A-Z]{2,4}\b)?)?"
)
CREDIT: Final = re.compile(r"(?:来源|來源|稿源|信息来源)\s*[:：]\s*([^\s|｜:：]{2,24})")
NO_CREDIT: Final = re.compile(r"^(?:本[站网報报刊]|网络|互联网|综合|原创|转载|作者)")
BYLINE: Final = re.compile(r"^(?:By|BY|by)\s+\S|(?:作者|记者|記者|撰文)\s*[:：]")
SEPARATOR: Final = re.compile(r"\s*[|｜_»•]\s*|\s+[-–—·:]\s+|(?<=[\u4e00-\u9fff）】”])[-–—](?=[\u4e00-\u9fffA-Z])")
PAYWALL: Final = re.compile(
    r"(?:^|[\s_-])(?:paywall|regwall|subscriber-?only|subscribe-?wall|premium-?wall|article-?gate)", re.I
)
STUB: Final = 1500
FEW: Final = 200
LABEL_LINE: Final = 160
FARTHEST: Final = 30_000
HEAD_REACH: Final = 5_000
MOST_LABELS: Final = 25
MOST_HEADINGS: Final = 5
LONGEST_SITE: Final = 20
SHORTEST_SITE: Final = 3
SHORTEST_TITLE: Final = 8


def peel(source: SourceText) -> Peeled | None:
    """The metadata of a full HTML document and its article; None if the text is not such a document."""
    if not DOCUMENT.match(source.text):
        return None
    source = html_head.without_toolbar(source)
    boxes, chunks = html_boxes.boxes_of(source.text)
    html_boxes.add_up(boxes)
    article = html_boxes.article_box(source.text, boxes, chunks)
    data = Data(source)
    head = html_head.readings(source)
    headings = list(_headings(source))
    labels = list(_labels(source, article, headings))
    readings = [
        *_titles(head, data, headings),
        *(r for r in labels if r.field == "publisher"),
        *_merged(head, data.readings, labels),
        *_times(source),
    ]
    if article.prose < STUB and (not data.free or any(PAYWALL.search(box.names) for box in boxes if box.names)):
        readings.append(Reading("truncated", SourceText("paywall"), "header", f"{NAME}.paywall"))
    if data.text is not None and article.prose < FEW and len(data.text) > 2 * article.prose:
        return Peeled(NAME, data.text, tuple(readings), body="html" if "</" in data.text.text else "plain")
    inner = source.keep(html_boxes.kept(source.text, boxes, article))
    return Peeled(NAME, inner, tuple(readings), body="html")


def _merged(head: list[Reading], data: list[Reading], labels: list[Reading]) -> Iterator[Reading]:
    """Of the people, those the best place names; of all else, everything, the data of the page first."""
    for name in ("author", "translator"):
        places = ([r for r in place if r.field == name] for place in (data, head, labels))
        yield from next((found for found in places if found), [])
    apart = ("title", "page_title", "author", "translator")
    yield from (r for r in chain(data, head) if r.field not in apart)
    yield from (r for r in labels if r.field == "published")


def _headings(source: SourceText) -> Iterator[tuple[int, int, SourceText]]:
    """Where each first-level heading stands, and its text."""
    for number, match in enumerate(HEADING.finditer(source.text)):
        if number >= MOST_HEADINGS:
            return
        end = source.text.find("</h", match.end(), match.end() + FARTHEST)
        if end > 0:
            texts = [node.text for node in html.read(source.slice(match.end(), end)).nodes if node.text]
            if texts:
                yield match.start(), end, texts[0]


def _titles(head: list[Reading], data: Data, headings: list[tuple[int, int, SourceText]]) -> Iterator[Reading]:
    """The heading that the page's own data confirms, else what the data says; names of the site are cut off."""
    said = [r for r in (*data.readings, *head) if r.field == "title"]
    page = [r for r in head if r.field == "page_title"]
    sites = {bare(r.value) for r in (*data.readings, *head) if r.field == "publisher"}
    sites |= {label for r in head if r.field == "url" for label in host(unwrap(r.value)).split(".")[-3:-1] if label}
    titles = [Reading("title", _without_site(r.text, sites), "header", r.rule) for r in said]
    titles += [Reading("title", _without_site(r.text, sites, guess=True), "header", r.rule) for r in page]
    named = [Reading("title", text, "header", f"{NAME}.h1") for _, _, text in headings if bare(text.text) not in sites]
    confirmed = [h for h in named if any(_agree(h.value, r.value) for r in (*said, *page))]
    if not confirmed and not said and len(named) == 1:
        confirmed = named
    yield from (*confirmed[:1], *titles)


def _agree(one: str, other: str) -> bool:
    one, other = bare(one), bare(other)
    return bool(one) and bool(other) and (one in other or (len(other) >= SHORTEST_TITLE and other in one))


def _without_site(title: SourceText, sites: set[str], *, guess: bool = False) -> SourceText:
    """A title without the names of the site behind it; with `guess`, without a short last part that may be one."""
    parts = list(SEPARATOR.finditer(title.text))
    if guess and parts and any(m[0].strip() == "_" for m in parts):
        cut = next(m.start() for m in parts if m[0].strip() == "_")
        return trimmed(title.slice(0, cut)) if cut >= SHORTEST_TITLE else title
    for match in reversed(parts):
        tail = bare(title.text[match.end() :])
        known = any(_names(tail, site) for site in sites)
        guessed = guess and len(tail) <= LONGEST_SITE and match.start() >= SHORTEST_TITLE and match is parts[-1]
        if not match.start() or not (known or guessed):
            break
        title = trimmed(title.slice(0, match.start()))
    return title


def _names(tail: str, site: str) -> bool:
    """Whether the last part of a title is the name of the site, or little more or less than that."""
    longer = len(site) >= SHORTEST_SITE and site in tail and len(tail) <= 2 * len(site) + SHORTEST_TITLE
    return tail == site or longer or (len(tail) > SHORTEST_SITE and tail in site)


def _labels(source: SourceText, article: Box, headings: list[tuple[int, int, SourceText]]) -> Iterator[Reading]:
    """What the lines between the heading and the first paragraph say: when, where from, by whom."""
    before = [end for _, end, _ in headings if article.open - FARTHEST <= end < article.close]
    start = before[-1] if before else article.open
    stop = min(max(article.open, start) + HEAD_REACH, article.close)
    lines = [node.text for node in html.read(source.slice(start, stop)).nodes if node.text][:MOST_LABELS]
    for text in takewhile(lambda line: len(line) <= LABEL_LINE, lines):
        if found := DATE.search(text.text):
            whole = text if parse_date(text.text) else text.slice(*found.span())
            yield Reading("published", trimmed(whole), "header", f"{NAME}.label")
        credit = CREDIT.search(text.text)
        if credit and not NO_CREDIT.match(credit[1]):
            yield Reading("publisher", text.slice(*credit.span(1)), "header", f"{NAME}.credit")
        if BYLINE.search(text.text):
            yield Reading("author", text, "header", f"{NAME}.byline")


def _times(source: SourceText) -> Iterator[Reading]:
    """The first machine-readable time of the page."""
    match = TIME.search(source.text)
    values = attributes(match[1]) if match else {}
    value = values.get("datetime") or values.get("content") or ""
    at = source.text.find(value, match.start(1)) if match and value else -1
    if at >= 0 and parse_date(value):
        yield Reading("published", source.slice(at, at + len(value)), "header", f"{NAME}.time")
