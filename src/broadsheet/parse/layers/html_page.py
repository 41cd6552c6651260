"""A saved web page: metadata of its head, and the element that holds the article."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from broadsheet.document import SourceText
from broadsheet.parse.readings import Peeled, Reading, trimmed

NAME: Final = "html_page"
DOCUMENT: Final = re.compile(r"[\s\ufeff]*+(?:<!--.{0,500}?-->\s*)?(?:<!doctype\s+html|<html[\s>])", re.I | re.S)
META: Final = {
    "og:title": "title",
    "article:published_time": "published",
    "datepublished": "published",
    "pubdate": "published",
    "publishdate": "published",
    "og:site_name": "publisher",
    "og:url": "url",
    "author": "author",
    "description": "summary",
    "og:image": "image",
}
HOLDERS: Final = ("article", "main", "body")


def peel(source: SourceText) -> Peeled | None:
    """The metadata of a full HTML document and its article element; None if the text is not such a document."""
    if not DOCUMENT.match(source.text):
        return None
    readings = [r for r in _metadata(source) if r.text]
    start, end = _holder(source.text)
    return Peeled(NAME, source.slice(start, end), tuple(readings), body="html")


def _holder(text: str) -> tuple[int, int]:
    """The content of the first `<article>`, else `<main>`, else `<body>`, else all of it."""
    for tag in HOLDERS:
        opened = re.search(rf"<{tag}(?:\s[^>]*)?>", text, re.I)
        if opened:
            ends = [m.start() for m in re.finditer(rf"</{tag}\s*>", text, re.I)]
            inner = next((e for e in ends if e > opened.end()), len(text))
            return opened.end(), (ends[-1] if ends and tag != "article" else inner)
    return 0, len(text)


def _metadata(source: SourceText) -> Iterator[Reading]:
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(source.text)
    root = tree.css_first("html")
    if root is not None and root.attributes.get("lang"):
        yield Reading("language", SourceText(root.attributes["lang"] or ""), "header", f"{NAME}.lang")
    for node in tree.css("script[type='application/ld+json']"):
        yield from _linked_data(source, node.text() or "")
    for node in tree.css("meta"):
        name = node.attributes.get("property") or node.attributes.get("name") or node.attributes.get("itemprop") or ""
        field = META.get(name.lower())
        if field and node.attributes.get("content"):
            yield Reading(field, _located(source, node.attributes["content"] or ""), "header", f"{NAME}.{name.lower()}")
    link = tree.css_first("link[rel='canonical']")
    if link is not None and link.attributes.get("href"):
        yield Reading("url", _located(source, link.attributes["href"] or ""), "header", f"{NAME}.canonical")
    for selector in ("h1", "title"):
        heading = tree.css_first(selector)
        if heading is not None:
            yield Reading("title", _located(source, " ".join(heading.text().split())), "header", f"{NAME}.{selector}")


def _linked_data(source: SourceText, text: str) -> Iterator[Reading]:
    try:
        data = json.loads(text[:200_000])
    except (ValueError, RecursionError):
        return
    items: list[Any] = data if isinstance(data, list) else [data]
    items += [i for item in items if isinstance(item, dict) for i in item.get("@graph") or [] if isinstance(i, dict)]
    for item in items:
        if not isinstance(item, dict) or not str(item.get("@type", "")).endswith("Article"):
            continue
        rule = f"{NAME}.json_ld"
        for key, field in (("headline", "title"), ("datePublished", "published"), ("inLanguage", "language")):
            if isinstance(item.get(key), str):
                yield Reading(field, _located(source, item[key]), "header", rule)
        people = item.get("author")
        for person in people if isinstance(people, list) else [people]:
            name = person.get("name") if isinstance(person, dict) else person
            if isinstance(name, str):
                yield Reading("author", _located(source, name), "header", rule)
        publisher = item.get("publisher")
        if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
            yield Reading("publisher", _located(source, publisher["name"]), "header", rule)


def _located(source: SourceText, value: str) -> SourceText:
    """A value of the parsed tree at its place in the file, if it stands there as it is."""
    value = value.strip()
    at = source.text.find(value) if value else -1
    return trimmed(source.slice(at, at + len(value))) if at >= 0 else SourceText(value)
