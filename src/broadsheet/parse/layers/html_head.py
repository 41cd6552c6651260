"""What a saved page says of itself in its head: meta tags, link elements, title, and who saved it."""

import html
import re
from collections.abc import Iterator
from typing import Final

from broadsheet.document import SourceText
from broadsheet.parse.bodies.nodes import attributes
from broadsheet.parse.readings import Reading, trimmed

RULE: Final = "html_page"
ELEMENT: Final = re.compile(r"<(meta|link|html|base)(?=[\s>])", re.I)
REST: Final = re.compile(r"""(?:[^"'<>]++|"[^"]*+"|'[^']*+')*+""")
LONGEST: Final = 8_000
MOST: Final = 600
TITLE: Final = re.compile(r"<title\b[^<>]*+>([^<]*+)", re.I)
SAVED_FROM: Final = re.compile(r"<!--\s*saved from url=\(\d{1,6}\)(https?:\S{4,2000})")
ARCHIVED: Final = re.compile(
    r"FILE ARCHIVED ON (\d\d:\d\d:\d\d [A-Z][a-z]{2} \d{1,2}, \d{4}) AND RETRIEVED FROM THE\s+INTERNET ARCHIVE"
)
TOOLBAR: Final = ("<!-- BEGIN WAYBACK TOOLBAR INSERT -->", "<!-- END WAYBACK TOOLBAR INSERT -->")
META: Final = {
    name: field
    for field, names in {
        "title": "og:title twitter:title dc.title dcterms.title headline title articletitle hdl sailthru.title"
        " parsely-title",
        "published": "article:published_time og:published_time datepublished pubdate publishdate publish-date"
        " publish_date dc.date.issued dcterms.issued dcterms.created dc.date.created dc.date dcterms.date date"
        " date.issued"
        " article:create_at weibo:article:create_at publish_time publishtime pubtime sailthru.date parsely-pub-date"
        " published_time article.published og:release_date citation_publication_date datecreated"
        " originalpublicationdate",
        "publisher": "source og:site_name publisher dc.publisher dcterms.publisher application-name article:media_name"
        " contentsource",
        "url": "og:url twitter:url parsely-link",
        "author": "author dc.creator dcterms.creator article:author_name byl byline parsely-author sailthru.author"
        " article:author article.author citation_author",
        "summary": "og:description description dc.description twitter:description",
        "image": "og:image twitter:image og:image:url",
        "section": "article:section parsely-section",
        "tag": "article:tag keywords news_keywords parsely-tags sailthru.tags",
        "language": "og:locale content-language dc.language dcterms.language language",
        "rights": "copyright dc.rights dcterms.rights rights",
    }.items()
    for name in names.split()
}
LISTED: Final = frozenset({"tag", "author"})
LIST: Final = re.compile(r"\s*[,，;；、]\s*")
LABEL: Final = re.compile(r"^(?:来源|來源|Source)\s*[:：]\s*")


def without_toolbar(source: SourceText) -> SourceText:
    """The page without the block that the Wayback Machine puts at its top."""
    begin = source.text.find(TOOLBAR[0])
    end = source.text.find(TOOLBAR[1], begin) if begin >= 0 else -1
    if end < 0:
        return source
    spans = ((0, begin), (end + len(TOOLBAR[1]), len(source)))
    return source.keep([(a, b) for a, b in spans if b > a])


def readings(source: SourceText) -> list[Reading]:
    """The readings of the head, those that are most often right first."""
    found = [r for r in _readings(source) if r.text]
    order = {name: i for i, name in enumerate(META)}
    return sorted(found, key=lambda r: order.get(r.rule.removeprefix(f"{RULE}."), -1))


def _readings(source: SourceText) -> Iterator[Reading]:
    text = source.text
    for number, match in enumerate(ELEMENT.finditer(text)):
        if number >= MOST:
            break
        rest = REST.match(text, match.end(), min(match.end() + LONGEST, len(text)))
        if rest is not None:
            yield from _element(source, match[1].lower(), rest)
    if title := TITLE.search(text):
        yield Reading("page_title", _decoded(source, *title.span(1)), "header", f"{RULE}.title")
    if saved := SAVED_FROM.search(text):
        yield Reading("url", source.slice(*saved.span(1)), "header", f"{RULE}.saved_from")
    if archived := ARCHIVED.search(text):
        yield Reading(
            "archived_at", SourceText(f"{archived[1][9:]} {archived[1][:8]} GMT"), "header", f"{RULE}.wayback"
        )


def _element(source: SourceText, tag: str, rest: re.Match[str]) -> Iterator[Reading]:
    values = attributes(rest[0])
    if tag == "html":
        lang = values.get("lang") or values.get("xml:lang")
        if lang:
            yield Reading("language", SourceText(lang), "header", f"{RULE}.lang")
        return
    if tag == "link":
        rel = values.get("rel", "").lower().split()
        place = _value(source, rest, values.get("href", ""))
        if "canonical" in rel:
            yield Reading("url", place, "header", f"{RULE}.canonical")
        elif "alternate" in rel and values.get("hreflang", "x-default").lower() != "x-default":
            yield Reading("translation", place, "header", f"{RULE}.hreflang.{values['hreflang']}")
        elif "author" in rel and values.get("title"):
            yield Reading("author", _value(source, rest, values["title"]), "header", f"{RULE}.author")
        return
    name = (
        values.get("property") or values.get("name") or values.get("itemprop") or values.get("http-equiv") or ""
    ).lower()
    field = META.get(name.replace("weibo: ", "weibo:"))
    if field and values.get("content"):
        whole = _value(source, rest, values["content"])
        label = LABEL.match(whole.text)
        whole = whole.slice(label.end(), len(whole)) if label else whole
        for part in _parts(whole) if field in LISTED else (whole,):
            yield Reading(field, trimmed(part), "header", f"{RULE}.{name}")


def _parts(whole: SourceText) -> Iterator[SourceText]:
    position = 0
    for match in LIST.finditer(whole.text):
        yield whole.slice(position, match.start())
        position = match.end()
    yield whole.slice(position, len(whole))


def _value(source: SourceText, rest: re.Match[str], value: str) -> SourceText:
    """The value of an attribute at its place."""
    at = source.text.find(value, rest.start(), rest.end())
    return trimmed(_decoded(source, at, at + len(value))) if value and at >= 0 else SourceText("")


def _decoded(source: SourceText, start: int, end: int) -> SourceText:
    """A stretch of the file with its character references decoded; if it has any, it maps as a whole."""
    raw = trimmed(source.slice(start, end))
    plain = " ".join(html.unescape(raw.text).split())
    place = raw.source_span()
    if plain == raw.text or place is None:
        return raw
    return SourceText.replaced(plain, place.start, place.end - place.start)
