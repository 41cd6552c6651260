"""What a saved page says of itself in JSON: schema.org's description of the article, or the data it is drawn from."""

import json
import re
from collections.abc import Iterator
from typing import Final

from broadsheet.document import SourceText
from broadsheet.parse.layers.json_text import Value, scan, string
from broadsheet.parse.readings import Reading, trimmed

SCRIPT: Final = re.compile(r"<script\b([^<>]*+)>", re.I)
LINKED: Final = re.compile(r"application/ld\+json", re.I)
STATE: Final = re.compile(r"""\bid\s*=\s*["']?(?:__NEXT_DATA__|__NUXT_DATA__|__APOLLO_STATE__|initial-state)""", re.I)
ARTICLE: Final = re.compile(r"(?:Article|BlogPosting|Posting|Report)$")
ORGANIZATION: Final = re.compile(r"Organization|Corporation|WebSite|Brand")
LIST: Final = re.compile(r"\s*[,，;；、]\s*")
TEXTS: Final = ("articleBody", "content", "body", "text", "html", "contentHtml", "bodyHtml", "article_content")
MOST_SCRIPTS: Final = 200
MOST_OBJECTS: Final = 500
LARGEST: Final = 4_000_000
SHORTEST_TEXT: Final = 120
RULE: Final = "html_page.json_ld"
SIMPLE: Final = (
    ("headline", "title"),
    ("name", "title"),
    ("datePublished", "published"),
    ("dateCreated", "published"),
    ("inLanguage", "language"),
    ("url", "url"),
    ("mainEntityOfPage", "url"),
    ("articleSection", "section"),
    ("description", "summary"),
    ("copyrightNotice", "rights"),
    ("image", "image"),
    ("publisher", "publisher"),
    ("translator", "translator"),
)


class Data:
    """The JSON of a page.

    Attributes:
        readings: What schema.org data says of the article.
        text: The article's text, if the data holds it.
        free: False if the data says that readers have to pay.
    """

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.readings: list[Reading] = []
        self.text: SourceText | None = None
        self.free = True
        for linked, start, end in _scripts(source.text):
            value = _value(source.text, start, end)
            if value and linked:
                self._describe(value)
            elif value and self.text is None:
                self.text = self._longest(value)

    def _describe(self, top: Value) -> None:
        objects = list(_objects(top))
        article = next((o for o in objects if any(map(ARTICLE.search, self._types(o)))), None)
        if article is None or self.readings:
            return
        known = {name: o for o in objects if (name := self._plain(o, "@id"))}
        under = dict(article.members())
        for key, field in SIMPLE:
            if key in under and not (field == "title" and any(r.field == "title" for r in self.readings)):
                for text in self._texts(under[key], known)[: 1 if field != "section" else None]:
                    self._add(field, text)
        for person in _listed(under.get("author") or under.get("creator")):
            named = known.get(self._plain(person, "@id"), person) if "name" not in person.names else person
            if not any(map(ORGANIZATION.search, self._types(named))):
                for text in self._texts(named, known):
                    self._add("author", text)
        for text in self._texts(under["keywords"], known) if "keywords" in under else ():
            self._keywords(text)
        if "articleBody" in under:
            self.text = self._text(under["articleBody"])
        free = under.get("isAccessibleForFree")
        self.free = not (free and self.source.text[free.start : free.end].strip('"').lower() == "false")

    def _add(self, field: str, text: SourceText) -> None:
        text = trimmed(text)
        if text:
            self.readings.append(Reading(field, text, "header", RULE))

    def _keywords(self, text: SourceText) -> None:
        position = 0
        for match in (*LIST.finditer(text.text), None):
            end = match.start() if match else len(text)
            self._add("tag", text.slice(position, end))
            position = match.end() if match else end

    def _texts(self, value: Value, known: dict[str, Value]) -> list[SourceText]:
        """The texts of a value: itself, its items, or what it is called."""
        found: list[SourceText] = []
        for inner in _listed(value):
            if inner.kind == "string":
                found.append(string(self.source, inner))
            elif inner.kind == "object":
                named = inner if {"name", "url"} & set(inner.names) else known.get(self._plain(inner, "@id"), inner)
                under = dict(named.members())
                text = next(
                    (under[k] for k in ("name", "url", "@id") if k in under and under[k].kind == "string"), None
                )
                if text:
                    found.append(string(self.source, text))
        return found

    def _types(self, value: Value) -> list[str]:
        under = dict(value.members())
        kinds = under.get("@type")
        return [string(self.source, kind).text for kind in _listed(kinds) if kind.kind == "string"]

    def _plain(self, value: Value, key: str) -> str:
        inner = dict(value.members()).get(key)
        return string(self.source, inner).text if inner and inner.kind == "string" else ""

    def _text(self, value: Value) -> SourceText | None:
        text = string(self.source, value) if value.kind == "string" else None
        return text if text and len(text) >= SHORTEST_TEXT else None

    def _longest(self, top: Value) -> SourceText | None:
        """The longest text under a name that texts go by."""
        found = [v for o in _objects(top) for k, v in o.members() if k in TEXTS and v.kind == "string"]
        longest = max(found, key=lambda v: v.end - v.start, default=None)
        return self._text(longest) if longest else None


def _scripts(text: str) -> Iterator[tuple[bool, int, int]]:
    """The scripts that hold data: whether it is schema.org's, and where its JSON stands."""
    for number, match in enumerate(SCRIPT.finditer(text)):
        linked = LINKED.search(match[1]) is not None
        if number >= MOST_SCRIPTS:
            return
        if linked or STATE.search(match[1]):
            end = text.find("</", match.end())
            while end >= 0 and text[end + 2 : end + 8].lower() != "script":
                end = text.find("</", end + 2)
            if 0 <= end - match.end() <= LARGEST:
                yield linked, match.end(), end


def _value(text: str, start: int, end: int) -> Value | None:
    """The JSON of a script, without the comment some wrap it in; None if it is broken."""
    marks = [i for i in (text.find("{", start, end), text.find("[", start, end)) if i >= 0]
    if not marks:
        return None
    start, end = min(marks), max(text.rfind("}", start, end), text.rfind("]", start, end)) + 1
    try:
        json.loads(text[start:end], strict=False)
    except (ValueError, RecursionError):
        return None
    return scan(text, start, end)


def _listed(value: Value | None) -> list[Value]:
    if value is None:
        return []
    return [inner for inner in value.values if inner.kind != "array"] if value.kind == "array" else [value]


def _objects(top: Value) -> Iterator[Value]:
    """The objects of a value, outer ones before inner ones, up to a limit."""
    level, seen = [top], 0
    while level and seen < MOST_OBJECTS:
        seen += len(level)
        yield from (value for value in level if value.kind == "object")
        level = [inner for value in level for inner in value.values if inner.kind in ("object", "array")]
