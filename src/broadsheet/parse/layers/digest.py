"""A collector's digest in Markdown: numbered headings, bold field lines below each, then sections of one article.

The text is what the section of the body gives. Some collectors saved another page there (a sign-in or an error page
that tells nothing of the title): then the summary, which came with the feed, is all there is of the article.
"""

import re
from collections.abc import Iterator
from typing import Final

from broadsheet.document import Reject, SourceText
from broadsheet.parse.bodies import html
from broadsheet.parse.readings import Item, Peeled, Reading, trimmed

NAME: Final = "digest"
START: Final = re.compile(r"[\s\u200b-\u200f\ufeff]*+#[ \t]")
FIELD_NAMES: Final = {
    "来源": "publisher",
    "來源": "publisher",
    "媒体": "publisher",
    "source": "publisher",
    "publisher": "publisher",
    "时间": "published",
    "時間": "published",
    "日期": "published",
    "发布时间": "published",
    "time": "published",
    "date": "published",
    "published": "published",
    "作者": "author",
    "author": "author",
    "authors": "author",
    "分类": "shelf",
    "分類": "shelf",
    "category": "shelf",
    "语言": "language",
    "語言": "language",
    "language": "language",
    "原文链接": "url",
    "原文連結": "url",
    "链接": "url",
    "连结": "url",
    "link": "url",
    "url": "url",
    "关键词": "tag",
    "tags": "tag",
}
NAMED: Final = r"[ \t]*\*\*([^*\n：:]{1,12})(?:[：:][ \t]*\*\*|\*\*[ \t]*[：:])"
FIELD: Final = re.compile(rf"^{NAMED}[ \t]*([^\n]*)$", re.M)
ITEM: Final = re.compile(rf"\n##[ \t]+\d{{1,4}}[.、][ \t]*(\S[^\n]*)\n\s{{0,9}}?(?={NAMED})")
SECTION: Final = re.compile(r"###(?<=^###)[ \t]+([^\n]{1,40})$", re.M)
BODY: Final = frozenset({"正文", "全文", "内容", "內容", "content", "full text", "body", "text"})
SUMMARY: Final = frozenset({"摘要", "简介", "導言", "导语", "summary", "abstract", "description"})
IMAGES: Final = frozenset({"相关图片", "相關圖片", "图片", "圖片", "images", "image"})
IMAGE: Final = re.compile(r"!\[[^\]\n]*\]\((https?://[^\s)]+)\)")
PIXEL: Final = re.compile(r"\.(?:gif|svg|ico)(?:\?|$)|[./](?:pixel|beacon|blank|spacer)", re.I)
LINK: Final = re.compile(r"\[[^\]\n]*\]\((\S+)\)")
RULE: Final = re.compile(r"\n[ \t]*-{3,}[ \t\r]*\n?\s*\Z")
MARKUP: Final = re.compile(r"</?[a-z][^>\n]*>|&#?\w{2,8};", re.I)
WORDS: Final = re.compile(r"[\u3400-\u9fff]{4}|[A-Za-z]{6,}")
FEWEST_SHARED: Final = 2
COMPARED: Final = 60


def peel(source: SourceText) -> Peeled | None:
    """The numbered articles of a digest; None if the text is none."""
    text = source.text
    if ("\n## 1" not in text and "\n## 2" not in text) or not START.match(text):
        return None
    heads = list(_heads(text))
    if not heads:
        return None
    stops = [*(head.start() + 1 for head in heads[1:]), len(text)]
    items = tuple(_item(source, head, stop) for head, stop in zip(heads, stops, strict=True))
    return Peeled(NAME, source, items=items)


def _heads(text: str) -> Iterator[re.Match[str]]:
    """The numbered headings over field lines; pages saved whole may stand between them, so lines are not looked at."""
    at = text.find("\n## ")
    while at >= 0:
        if head := ITEM.match(text, at):
            yield head
        at = text.find("\n## ", at + 1)


def _item(source: SourceText, head: re.Match[str], stop: int) -> Item:
    text = source.text
    sections, foot = _sections(text, head.end(), stop)
    top = min((start for _, start, _ in sections), default=stop)
    readings = [*_fields(source, head.end(), top), *_fields(source, foot, stop)]
    publisher = next((r.value for r in readings if r.field == "publisher"), "")
    title = _title(trimmed(source.slice(*head.span(1))), publisher)
    rejects: list[Reject] = []
    body, summary = _section(source, sections, BODY), _section(source, sections, SUMMARY)
    if body and summary and not _same_story(f"{title.text}\n{summary.text}", body.text):
        message = "The section of the body shares no words with title and summary: another page was saved there."
        rejects.append(Reject("body-foreign", message, "articles", "body", body.text[:80], body.source_span()))
        body = None
    elif body:
        readings += [] if not summary or MARKUP.search(summary.text) else [_reading("summary", summary)]
        images = _section(source, sections, IMAGES)
        readings += [_reading("image", image) for image in _images(images)] if images else []
    inner = body or summary or source.slice(stop, stop)
    kind = "html" if inner is summary and MARKUP.search(inner.text) else "plain"
    span = source.source_span(head.start() + 1, stop)
    return Item(inner, (_reading("title", title), *readings), kind, span, tuple(rejects))


def _reading(field: str, text: SourceText) -> Reading:
    return Reading(field, text, "header", f"{NAME}.{field}")


def _sections(text: str, start: int, stop: int) -> tuple[list[tuple[str, int, int]], int]:
    """The sections (name, start, end) before the first that holds raw code, and where the fields of the foot begin."""
    found: list[tuple[str, int, int]] = []
    heading = SECTION.search(text, start, stop)
    while heading and not text[heading.end() : heading.end() + 20].lstrip().startswith("```"):
        following = SECTION.search(text, heading.end(), stop)
        end = following.start() if following else stop
        found.append((heading[1].strip().lower(), heading.end(), end))
        heading = following
    fence = text.rfind("\n```", start, stop)
    if fence >= 0:
        return found, fence + 4
    foot = FIELD.search(text, found[-1][1], stop) if found else None
    if foot:
        found[-1] = (*found[-1][:2], foot.start())
    return found, foot.start() if foot else stop


def _section(source: SourceText, sections: list[tuple[str, int, int]], names: frozenset[str]) -> SourceText | None:
    for name, start, end in sections:
        if name in names:
            text = source.slice(start, end)
            rule = RULE.search(text.text)
            text = trimmed(text.slice(0, rule.start()) if rule else text)
            return text or None
    return None


def _fields(source: SourceText, start: int, stop: int) -> Iterator[Reading]:
    for match in FIELD.finditer(source.text, start, stop):
        field = FIELD_NAMES.get(match[1].strip().lower())
        value = trimmed(source.slice(*match.span(2)))
        if field == "url" and (link := LINK.match(value.text)):
            value = value.slice(*link.span(1))
        if field and value:
            yield _reading(field, value)


def _title(title: SourceText, publisher: str) -> SourceText:
    """The headline, references decoded, without the name of the publisher that news searches put behind it."""
    if "&" in title.text:
        nodes = html.read(title).nodes
        title = nodes[0].text if nodes else title
    ending = f" - {publisher}"
    return title.slice(0, len(title) - len(ending)) if publisher and title.text.endswith(ending) else title


def _same_story(known: str, body: str) -> bool:
    """Whether a body shares words with title and summary."""
    words = list(dict.fromkeys(WORDS.findall(known)))[:COMPARED]
    shared = sum(1 for word in words if word in body)
    return shared >= min(FEWEST_SHARED, len(words))


def _images(section: SourceText) -> list[SourceText]:
    """The pictures of the page, without counting pixels and without a second size of one picture."""
    found: dict[str, SourceText] = {}
    for match in IMAGE.finditer(section.text):
        if not PIXEL.search(match[1]):
            found.setdefault(match[1].partition("?")[0], section.slice(*match.span(1)))
    return list(found.values())
