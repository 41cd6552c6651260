"""Records in JSON: one object, an array of objects (also inside an object), or one object on each line."""

import re
from collections.abc import Iterator
from typing import Final

from broadsheet.document import Reject, SourceText, concatenate
from broadsheet.parse.layers.json_text import Value, is_json, scan, string
from broadsheet.parse.readings import EDGE_SPACE, Item, Peeled, Reading, trimmed

NAME: Final = "json_record"
START: Final = re.compile(r"[\s\u200b-\u200f\ufeff]*+[{\[]")
LINE: Final = re.compile(r"[^\r\n]+")
SIGNS: Final = str.maketrans("", "", "_-. :@")
BODIES: Final = (
    "articlebody", "content", "body", "maintext", "fulltext", "article", "contenthtml", "bodyhtml", "html", "text",
    "contenttext", "rawcontent", "markdown", "story", "正文", "内容", "內容",
)  # fmt: skip
SUMMARIES: Final = ("description", "summary")
FIELDS: Final = {
    name: field
    for field, names in {
        "title": "title headline articletitle newstitle subject 标题 標題 题目",
        "published": "date published publishedat publisheddate publishedtime publishdate publishtime pubdate pubtime"
        " datepublished datepublish dateline datetime time timestamp posted postedat ptime 日期 时间 发布时间 發佈時間",
        "url": "url link href permalink sourceurl articleurl weburl canonical canonicalurl newsurl originalurl pageurl"
        " 链接 連結 网址",
        "author": "author authors byline creator writer reporter 作者 记者 記者",
        "publisher": "source publisher site sitename sourcename media medianame outlet newspaper website domain"
        " sourcedomain hostname 来源 來源 媒体 媒體",
        "language": "lang language locale inlanguage",
        "tag": "tags tag keywords keyword topics 标签 关键词 關鍵詞",
        "section": "section category channel column 栏目 分类",
        "image": "image images imageurl img topimage thumbnail cover leadimage picture",
        "summary": "summary description abstract excerpt lead snippet deck 摘要",
        "archived_at": "scrapedat crawledat fetchedat collectedat archivedat retrievedat downloadedat datedownload"
        " crawltime fetchtime scrapetime savedat",
    }.items()
    for name in names.split()
}
SHARED: Final = frozenset({"publisher", "language", "archived_at"})
INSIDE: Final = ("name", "text", "value", "url", "src", "href", "content", "title")
NOTHING: Final = frozenset({"", "null", "none", "true", "false", "nan", "n/a"})
DEEPEST: Final = 4


def peel(source: SourceText) -> Peeled | None:
    """The record of the text, or its records; None if it is no JSON or holds nothing that could be an article."""
    start = START.match(source.text)
    if not start:
        return None
    end = len(source.text.rstrip(EDGE_SPACE))
    begin = start.end() - 1
    if source.text[end - 1] in "]}" and is_json(source.text, begin, end):
        top = scan(source.text, begin, end)
        if _is_record(top):
            record = _item(source, top)
            return Peeled(NAME, record.inner, record.readings, record.rejects)
        shared = tuple(r for r in _readings(source, top) if r.field in SHARED)
        return _many(source, list(_found(top)), shared, ())
    return _lines(source) if source.text[begin] == "{" else None


def _lines(source: SourceText) -> Peeled | None:
    """One record on each line; None if the first line is none."""
    values: list[Value] = []
    rejects: list[Reject] = []
    for match in LINE.finditer(source.text):
        if not match[0].strip(EDGE_SPACE):
            continue
        start = match.start() + len(match[0]) - len(match[0].lstrip(EDGE_SPACE))
        if is_json(source.text, start, match.end()):
            values.append(scan(source.text, start, match.end()))
        elif not values:
            return None
        else:
            message = "A line that is not valid JSON among lines that are."
            rejects.append(Reject("json-invalid", message, value=match[0], span=source.source_span(*match.span())))
    if len(rejects) > len(values) or len(values) + len(rejects) < 2:
        return None
    return _many(source, values, (), tuple(rejects))


def _many(
    source: SourceText, values: list[Value], shared: tuple[Reading, ...], rejects: tuple[Reject, ...]
) -> Peeled | None:
    records = [value for value in values if _is_record(value)]
    if not records:
        return None
    others = []
    for value in values:
        if not _is_record(value):
            keys = ", ".join(value.names[:6]) or "no keys"
            message = f"A record without a text that could be an article ({keys})."
            others.append(Reject("not-article", message, span=source.source_span(value.start, value.end)))
    items = tuple(_item(source, value) for value in records)
    return Peeled(NAME, source, shared, (*rejects, *others), items=items)


def _found(top: Value) -> Iterator[Value]:
    """The members of the outermost array that holds records, in file order."""
    level = [top]
    for _ in range(DEEPEST):
        for value in level:
            if value.kind == "array" and any(map(_is_record, value.values)):
                yield from value.values
            elif _is_record(value):
                yield value
        if any(_is_record(inner) for value in level for inner in (value, *value.values)):
            return
        level = [inner for value in level for inner in value.values if inner.kind in ("object", "array")]


def _key(name: str) -> str:
    return name.translate(SIGNS).lower()


def _is_record(value: Value) -> bool:
    """Whether an object has a text, and a title or an address; with only a summary, all of title, address and date."""
    if value.kind != "object":
        return False
    names = {_key(name) for name, inner in value.members() if inner.kind in ("string", "array", "other")}
    fields = {FIELDS.get(name) for name in names}
    if not names.isdisjoint(BODIES):
        return "title" in fields or "url" in fields
    return not names.isdisjoint(SUMMARIES) and {"title", "url", "published"} <= fields


def _item(source: SourceText, record: Value) -> Item:
    body = _body(source, record)
    span = source.source_span(record.start, record.end)
    return Item(body, tuple(_readings(source, record)), None, span)


def _body(source: SourceText, record: Value) -> SourceText:
    """The text under the first of the names a text goes by that holds any; a list is a list of paragraphs."""
    under = {_key(name): value for name, value in record.members()}
    for name in (*BODIES, *SUMMARIES):
        value = under.get(name)
        if value is None:
            continue
        texts = [text for text in _strings(source, value) if trimmed(text)]
        if texts:
            return texts[0] if len(texts) == 1 else concatenate(texts, "\n\n")
    return source.slice(record.end, record.end)


def _readings(source: SourceText, record: Value) -> Iterator[Reading]:
    for name, value in record.members():
        field = FIELDS.get(_key(name))
        if field is None:
            continue
        for text in map(trimmed, _strings(source, value)):
            if text.text.lower() not in NOTHING:
                yield Reading(field, text, "front_matter", f"{NAME}.{_key(name)}")


def _strings(source: SourceText, value: Value) -> Iterator[SourceText]:
    """The text of a value; of a list or an object its texts, one level down."""
    if value.kind == "array":
        for inner in value.values:
            if inner.kind == "object":
                yield from _named(source, inner)
            elif inner.kind == "string":
                yield string(source, inner)
    elif value.kind == "object":
        yield from _named(source, value)
    else:
        text = string(source, value)
        if value.kind == "string" or text.text not in NOTHING:
            yield text


def _named(source: SourceText, value: Value) -> Iterator[SourceText]:
    """What an object is called or says: `{"name": ...}` of an author, `{"url": ...}` of an image."""
    under = {_key(name): inner for name, inner in value.members() if inner.kind == "string"}
    for name in INSIDE:
        if name in under:
            yield string(source, under[name])
            return
