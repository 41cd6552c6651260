"""Front matter: key and value lines between two lines of dashes at the top of a file.

YAML is read from the events of libyaml, so that strings stay strings, every value keeps its place, and neither aliases
nor deep nesting cost anything. What is not YAML is read line by line, and said so.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

import yaml

from broadsheet.document import Reject, SourceText, concatenate
from broadsheet.parse.readings import Peeled, Reading, trimmed

NAME: Final = "front_matter"
OPEN: Final = re.compile(r"[\s\u200b-\u200f\ufeff]*+-{3,}[ \t]*\r?\n")
CLOSE: Final = re.compile(r"^[ \t]*-{3,}[ \t]*\r?$\n?", re.MULTILINE)
LINE: Final = re.compile(r"[^\n]*(?:\n|$)")
KEY: Final = re.compile(r"[ \t]{0,3}([A-Za-z_][\w.-]{0,40}?)[ \t]*(?::(?!//)|：)[ \t]*(.*)$")
INSIDE: Final = re.compile(r"[ \t]*(?:-[ \t]|-\r?$|#|[}\]]|\r?$)|[ \t]{2,}|\t")
ITEM: Final = re.compile(r"[ \t]*-[ \t]+(.*)$")
ESCAPE: Final = re.compile(
    r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r?\n[ \t]*|(.))|[ \t]*\r?\n\s*", re.DOTALL
)
SLIPS: Final = ("title", "date", "author", "published")
MAX_BLOCK: Final = 65536
MAX_DEPTH: Final = 20
MAX_LINES: Final = 400
REACH: Final = 20

FIELDS: Final = {
    "title": "title",
    "date": "published",
    "pubdate": "published",
    "published": "published",
    "published_at": "published",
    "publish_date": "published",
    "date_published": "published",
    "datepublished": "published",
    "datecreated": "published",
    "created": "published",
    "created_at": "published",
    "author": "author",
    "authors": "author",
    "byline": "author",
    "publisher": "publisher",
    "site": "publisher",
    "site_name": "publisher",
    "source_name": "publisher",
    "source": "source",
    "from": "source",
    "url": "url",
    "link": "url",
    "canonical": "url",
    "permalink": "url",
    "source_url": "url",
    "original_url": "original_url",
    "lang": "language",
    "language": "language",
    "tags": "tag",
    "tag": "tag",
    "keywords": "tag",
    "category": "section",
    "section": "section",
    "categories": "shelf",
    "summary": "summary",
    "description": "summary",
    "excerpt": "summary",
    "thumbnail": "image",
    "image": "image",
    "cover": "image",
    "headimg": "image",
    "featured_image": "image",
    "license": "rights",
    "copyright": "rights",
}


class _UnusableError(Exception):
    """The block is not YAML we read; carries why and, if known, the 0-based line."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message, self.line = message, line


def peel(source: SourceText) -> Peeled | None:
    """The front matter of a file and what follows it; None if the file has none."""
    opened = OPEN.match(source.text)
    if not opened:
        return None
    start = opened.end()
    stop, after, closed, clean = _extent(source.text, start)
    if not closed and not KEY.match(source.text[start : source.text.find("\n", start) + 1 or None].rstrip("\n")):
        return None
    block = source.slice(start, stop)
    rejects: list[Reject] = []
    span = source.source_span(start, max(stop, start + 1))
    if not closed:
        rejects.append(Reject("front-matter-unclosed", "Front matter without a closing line `---`.", span=span))
    try:
        if not clean:
            raise _UnusableError("a line that is neither a key nor a part of a value")
        pairs = list(_yaml(block))
    except _UnusableError as failure:
        pairs = list(_by_line(block))
        if closed or "alias" in failure.message:
            place = f" (line {failure.line + 1} of it)" if failure.line is not None else ""
            message = f"Front matter is not plain YAML{place}: {failure.message}. It was read line by line."
            rejects.append(Reject("front-matter-invalid", message, span=span))
    return Peeled(NAME, source.slice(after, len(source)), tuple(_readings(pairs)), tuple(rejects))


def _extent(text: str, start: int) -> tuple[int, int, bool, bool]:
    """Where the block stops, where the body starts, whether it is closed, whether all its lines may be front matter.

    Body text before a closing line means that the block was never closed, unless the line follows soon.
    """
    foreign: int | None = None
    distance = 0
    for number, match in enumerate(LINE.finditer(text, start)):
        if match.start() == match.end() or number > MAX_LINES or match.end() - start > MAX_BLOCK:
            break
        if CLOSE.fullmatch(text, match.start(), match.end()):
            return match.start(), match.end(), True, foreign is None
        line = match[0].rstrip("\n")
        if foreign is None and not (KEY.match(line) or INSIDE.match(line)):
            foreign = match.start()
        distance += foreign is not None
        if distance > REACH:
            break
    stop = foreign if foreign is not None else min(match.end(), len(text))
    return stop, stop, False, True


def _yaml(block: SourceText) -> Iterator[tuple[str, SourceText]]:
    """Key and value for every scalar of the top-level mapping, and for every scalar of a list below a key."""
    depth, key = 0, None
    try:
        for event in yaml.parse(block.text, Loader=yaml.CBaseLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise _UnusableError("aliases and anchors are not read", _line(event))
            if isinstance(event, yaml.CollectionStartEvent):
                if depth == 0 and not isinstance(event, yaml.MappingStartEvent):
                    raise _UnusableError("a list, where keys with values were expected", _line(event))
                depth += 1
                if depth > MAX_DEPTH:
                    raise _UnusableError(f"nested deeper than {MAX_DEPTH}", _line(event))
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
                key = None if depth == 1 else key
            elif isinstance(event, yaml.ScalarEvent):
                if depth == 0:
                    raise _UnusableError("one value, where keys with values were expected", _line(event))
                if depth == 1 and key is None:
                    key = event.value
                elif key is not None and depth <= 2:
                    yield key, _scalar(block, event)
                    key = None if depth == 1 else key
    except yaml.YAMLError as failure:
        mark = getattr(failure, "problem_mark", None)
        raise _UnusableError(
            str(getattr(failure, "problem", None) or failure), mark.line if mark else None
        ) from failure


def _line(event: yaml.Event) -> int | None:
    return event.start_mark.line if event.start_mark else None


def _scalar(block: SourceText, event: yaml.ScalarEvent) -> SourceText:
    """The value with its runs; escapes map to nothing, since their bytes do not spell the character."""
    if not event.start_mark or not event.end_mark:
        return SourceText(event.value)
    start, end = event.start_mark.index, event.end_mark.index
    if event.style in ("'", '"'):
        start, end = start + 1, end - 1
    raw = block.slice(start, end)
    if raw.text == event.value:
        return raw
    if event.style == "'":
        value = _pieces(raw, re.compile(r"'(')|[ \t]*\r?\n\s*"))
    elif event.style == '"':
        value = _pieces(raw, ESCAPE)
    else:
        value = SourceText(event.value)
    return value if value.text == event.value else SourceText(event.value)


def _pieces(raw: SourceText, escape: re.Pattern[str]) -> SourceText:
    parts, position = [], 0
    for match in escape.finditer(raw.text):
        parts.append(raw.slice(position, match.start()))
        if match[1] and match[1] in "\"'\\/":
            parts.append(raw.slice(match.start(1), match.end(1)))
        elif match[0][0] == "\\" and match[0][1] not in "\r\n":
            event = next(e for e in yaml.parse(f'"{match[0]}"', Loader=yaml.CBaseLoader) if hasattr(e, "value"))
            parts.append(SourceText(event.value))
        elif match[0][0] != "\\":
            parts.append(SourceText(" "))
        position = match.end()
    parts.append(raw.slice(position, len(raw)))
    return concatenate(parts)


def _by_line(block: SourceText) -> Iterator[tuple[str, SourceText]]:
    """Key and value as people write them: any colon, quotes that do not match, lists one item a line or in brackets."""
    key = None
    for match in LINE.finditer(block.text):
        line = match[0].rstrip("\n")
        if pair := KEY.match(line):
            key = pair[1]
            value = trimmed(block.slice(match.start() + pair.start(2), match.start() + pair.end(2)))
            if value.text.startswith("[") and value.text.endswith("]"):
                for part in re.finditer(r"[^,，\[\]]+", value.text):
                    yield key, _unquoted(value.slice(*part.span()))
            elif not value.text.startswith(("&", "*", "|", ">")):
                yield key, _unquoted(value)
        elif key and (item := ITEM.match(line)) and not item[1].startswith(("&", "*")):
            yield key, _unquoted(block.slice(match.start() + item.start(1), match.start() + item.end(1)))


def _unquoted(value: SourceText) -> SourceText:
    value = trimmed(value)
    text, depth = value.text, 0
    while len(text) - 2 * depth > 1 and text[depth] == text[-1 - depth] and text[depth] in "\"'":
        depth += 1
    return trimmed(value.slice(depth, len(text) - depth))


def _readings(pairs: list[tuple[str, SourceText]]) -> Iterator[Reading]:
    """What the keys say; a key one slip away from a known one counts as that."""
    keys = {key.strip().lower() for key, _ in pairs}
    for key, value in pairs:
        name = key.strip().lower().replace("-", "_")
        field = FIELDS.get(name)
        if field is None:
            near = [known for known in SLIPS if known not in keys and abs(len(known) - len(name)) <= 1]
            close = get_close_matches(name, near, 1, 0.8) if near else []
            field = FIELDS[close[0]] if close else None
        text = trimmed(value)
        if field is None or not text or text.text.lower() in ("null", "~", "none", "unknown"):
            continue
        if field == "source":
            field = "url" if re.match(r"(?:https?:)?//", text.text) else "publisher"
        yield Reading(field, text, "front_matter", f"{NAME}.{name}")
