"""Front matter: keys and values between two fences at the top of a file.

The fences are those of site generators: `---` around YAML, `+++` around TOML, `;;;` or a bare `{ … }` around JSON. A
block its grammar refuses is read line by line; every line mended is a reject of its own.
"""

import json
import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Final, NamedTuple

from broadsheet.document import Reject, SourceText
from broadsheet.parse.fields.dates import is_date
from broadsheet.parse.layers.front_matter_lines import INSIDE, KEY, LINE, TOML_KEY, Mend, read_lines
from broadsheet.parse.layers.front_matter_pairs import Pair, UnusableError, read_toml, read_yaml
from broadsheet.parse.readings import Peeled, Reading, trimmed

NAME: Final = "front_matter"
OPEN: Final = re.compile(
    r"[\s\u200b-\u200f\ufeff]*+(?:(-{3,}|\+{3,}|;{3,})[ \t]*(yaml|toml|json)?[ \t]*\r?\n|(?=\{))", re.I
)
ODD: Final = re.compile(r"[\u200b-\u200f]")
MAX_BLOCK: Final = 65536
MAX_LINES: Final = 400
REACH: Final = 20
ENOUGH: Final = 2
LOOK: Final = 200
LONGEST_KEY: Final = 41


class _Grammar(NamedTuple):
    name: str
    read: Callable[[SourceText], list[Pair]]
    key: re.Pattern[str]


GRAMMARS: Final = {
    "-": _Grammar("YAML", read_yaml, KEY),
    "+": _Grammar("TOML", read_toml, TOML_KEY),
    ";": _Grammar("JSON", read_yaml, KEY),
}
NAMED: Final = {"yaml": "-", "toml": "+", "json": ";"}
END: Final = {c: re.compile(rf"^[ \t]*{re.escape(c)}{{3,}}[ \t]*\r?(?:\n|\Z)", re.MULTILINE) for c in GRAMMARS}
CLOSE: Final = {c: re.compile(rf"[ \t]*{re.escape(c)}{{3,}}[ \t]*\r?(?:\n|\Z)") for c in GRAMMARS}

FIELDS: Final = {
    "title": "title",
    "标题": "title",
    "標題": "title",
    "date": "published",
    "日期": "published",
    "时间": "published",
    "時間": "published",
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
    "作者": "author",
    "byline": "author",
    "publisher": "publisher",
    "site": "publisher",
    "site_name": "publisher",
    "source_name": "publisher",
    "source": "source",
    "from": "source",
    "来源": "source",
    "來源": "source",
    "url": "url",
    "link": "url",
    "链接": "url",
    "連結": "url",
    "canonical": "url",
    "permalink": "url",
    "source_url": "url",
    "original_url": "original_url",
    "lang": "language",
    "language": "language",
    "tags": "tag",
    "tag": "tag",
    "标签": "tag",
    "標籤": "tag",
    "keywords": "tag",
    "category": "section",
    "分类": "section",
    "分類": "section",
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
    "feature_image": "image",
    "image_feature": "image",
    "license": "rights",
    "copyright": "rights",
}
SLIPS: Final = ("title", "date", "author", "published", "layout")
BESIDE: Final = frozenset(("layout", "comments", "draft", "slug", "type", "id"))
"""Keys that say nothing about an article, but that front matter begins with."""
CUT_TITLES: Final = frozenset(("ti", "tit", "titl", "itle"))
NOTHING: Final = frozenset(("null", "~", "none", "unknown", "undefined"))


def peel(source: SourceText) -> Peeled | None:
    """The front matter of a file and what follows it; None if the file has none."""
    opened = OPEN.match(source.text, 0, LOOK)
    if opened is None:
        return _unopened(source)
    if opened[1] is None:
        return _json_object(source, opened.end())
    mark = NAMED[opened[2].lower()] if opened[2] else opened[1][0]
    mends = []
    if ODD.search(opened[0]):
        mends.append(Mend("zero-width characters before the opening line", 0, opened.end()))
    return _fenced(source, opened.end(), opened[1][0], GRAMMARS[mark], mends)


def _fenced(source: SourceText, start: int, fence: str, grammar: _Grammar, mends: list[Mend]) -> Peeled | None:
    text = source.text
    plain = _plain(source, start, fence, grammar)
    if plain is not None:
        pairs, stop, after = plain
        if text[stop] in " \t":
            mends.append(Mend("indented closing line", stop, after))
        readings = tuple(_readings(pairs, start, mends))
        return Peeled(NAME, source.slice(after, len(source)), readings, tuple(_repairs(source, mends)))
    stop, after, closed, clean = _extent(text, start, CLOSE[fence], grammar)
    if not closed and not grammar.key.match(text[start : text.find("\n", start) + 1 or None].rstrip("\n")):
        return None
    block = source.slice(start, stop)
    rejects: list[Reject] = []
    span = source.source_span(start, max(stop, start + 1))
    if not closed:
        message = f"Front matter without a closing line `{fence * 3}`."
        rejects.append(Reject("front-matter-unclosed", message, span=span))
    elif text[stop] in " \t":
        mends.append(Mend("indented closing line", stop, after))
    try:
        if not clean:
            raise UnusableError("a line that is neither a key nor a part of a value")
        pairs = grammar.read(block)
    except UnusableError as failure:
        pairs, found = read_lines(block, grammar.key)
        mends += (Mend(mend.message, mend.start + start, mend.end + start) for mend in found)
        if closed or "alias" in failure.message:
            place = f" (line {failure.line + 1} of it)" if failure.line is not None else ""
            message = f"Front matter is not plain {grammar.name}{place}: {failure.message}. It was read line by line."
            rejects.append(Reject("front-matter-invalid", message, span=span))
    readings = tuple(_readings(pairs, start, mends))
    rejects += _repairs(source, mends)
    return Peeled(NAME, source.slice(after, len(source)), readings, tuple(rejects))


def _plain(source: SourceText, start: int, fence: str, grammar: _Grammar) -> tuple[list[Pair], int, int] | None:
    """The pairs of a block that its grammar takes up to the first closing line, and where both end."""
    end = END[fence].search(source.text, start, start + MAX_BLOCK)
    if end is None:
        return None
    try:
        pairs = grammar.read(source.slice(start, end.start()))
    except UnusableError:
        return None
    if not pairs or any(len(pair.key) > LONGEST_KEY for pair in pairs):
        return None
    return pairs, end.start(), end.end()


def _extent(text: str, start: int, close: re.Pattern[str], grammar: _Grammar) -> tuple[int, int, bool, bool]:
    """Where the block stops, where the body starts, whether it is closed, whether all its lines may be front matter.

    Body text before a closing line means that the block was never closed, unless the line follows soon. Lists and
    strings of TOML and JSON may hold any line, so there only the end counts.
    """
    foreign: int | None = None
    distance = 0
    any_line = grammar.name != "YAML"
    for number, match in enumerate(LINE.finditer(text, start)):
        if match.start() == match.end() or number > MAX_LINES or match.end() - start > MAX_BLOCK:
            break
        if close.fullmatch(text, match.start(), match.end()):
            return match.start(), match.end(), True, any_line or foreign is None
        line = match[0].rstrip("\n")
        if foreign is None and not (grammar.key.match(line) or INSIDE.match(line)):
            foreign = match.start()
        distance += foreign is not None
        if distance > (MAX_LINES if any_line else REACH):
            break
    stop = foreign if foreign is not None else min(match.end(), len(text))
    return stop, stop, False, True


def _json_object(source: SourceText, start: int) -> Peeled | None:
    """An object that opens the file, with text behind it; a file that is nothing but JSON is a record, not this."""
    text = source.text
    try:
        value, stop = json.JSONDecoder(strict=False).raw_decode(text[start : start + MAX_BLOCK])
    except (ValueError, RecursionError):
        return None
    stop += start
    behind = re.compile(r"[ \t]*\r?\n\s*([^\s{\[\]},])").match(text, stop)
    if not isinstance(value, dict) or not behind or not FIELDS.keys() & {str(key).lower() for key in value}:
        return None
    try:
        pairs = read_yaml(source.slice(start, stop))
    except UnusableError:  # JSON that libyaml refuses: surrogate pairs, raw control characters
        pairs = [Pair(k, SourceText(v), 0) for k, v in value.items() if isinstance(v, str)]
    return Peeled(NAME, source.slice(stop, len(source)), tuple(_readings(pairs, start, [])))


def _unopened(source: SourceText) -> Peeled | None:
    """Keys and values at the top of a file without an opening line; a title and another known key must be there.

    They end at a closing line, or else at the first blank line.
    """
    text = source.text
    first = KEY.match(text[: text.find("\n") + 1 or LOOK].strip("\r\n\ufeff"))
    if not first or first[2].lower() not in FIELDS.keys() | BESIDE:
        return None
    names: set[str] = set()
    stop, after, closed = _unopened_extent(text, names)
    if not after or "title" not in names or len(names) < ENOUGH:
        return None
    lead = len(text) - len(text.lstrip("\ufeff"))
    pairs, mends = read_lines(source.slice(lead, stop))
    mends = [Mend(mend.message, mend.start + lead, mend.end + lead) for mend in mends]
    mends.insert(0, Mend(f"no opening line `---`{'' if closed else ', and no closing one'}", lead, stop))
    readings = tuple(_readings(pairs, lead, mends))
    return Peeled(NAME, source.slice(after, len(source)), readings, tuple(_repairs(source, mends)))


def _unopened_extent(text: str, names: set[str]) -> tuple[int, int, bool]:
    """Where such a block stops and where the body starts (0 for nowhere); the fields it names go into `names`."""
    blank: tuple[int, int, set[str]] | None = None
    for number, match in enumerate(LINE.finditer(text)):
        line = match[0].strip("\r\n\ufeff")
        if match.start() == match.end() or number > 2 * REACH:
            break
        if CLOSE["-"].fullmatch(match[0]):
            return match.start(), match.end(), True
        key = KEY.match(line)
        if key and key[2].lower() in FIELDS:
            names.add(FIELDS[key[2].lower()])
        elif not line.strip():
            blank = blank or (match.start(), match.end(), set(names))
        elif not key and not INSIDE.match(line):
            break
    if blank is None:
        return 0, 0, False
    names &= blank[2]
    return blank[0], blank[1], False


def _repairs(source: SourceText, mends: list[Mend]) -> Iterator[Reject]:
    for mend in sorted(mends, key=lambda mend: mend.start):
        value = source.text[mend.start : mend.end].strip()
        span = source.source_span(mend.start, mend.end)
        yield Reject("front-matter-repaired", f"Front matter: {mend.message}.", value=value[:LOOK], span=span)


def _readings(pairs: list[Pair], start: int, mends: list[Mend]) -> Iterator[Reading]:
    """What the keys say; a key one slip away from a known one counts as that, and that is added to `mends`."""
    keys = {pair.key.strip().lower() for pair in pairs}
    if "datecreated" in keys:  # wiki.js: `date` is the time of the last edit
        pairs = sorted(pairs, key=lambda pair: pair.key.lower() not in ("title", "datecreated"))
    for key, value, at in pairs:
        name = key.strip().lower().replace("-", "_")
        field = FIELDS.get(name)
        if field is None:
            near = [known for known in SLIPS if known not in keys and abs(len(known) - len(name)) <= 1]
            cut = ["title"] if name in CUT_TITLES and "title" not in keys else []
            close = cut or (get_close_matches(name, near, 1, 0.8) if near else [])
            if close:
                field = FIELDS.get(close[0])
                mends.append(Mend(f"key {key.strip()} read as {close[0]}", start + at, start + at + len(key)))
        text = trimmed(value)
        if field is None or not text or text.text.lower() in NOTHING:
            continue
        if field == "source":
            field = "url" if re.match(r"(?:https?:)?//", text.text) else "publisher"
        yield Reading(field, text, "front_matter", f"{NAME}.{name}")
        if field == "title" and text.text[-1].isdigit() and is_date(text.text):
            yield Reading("published", text, "front_matter", f"{NAME}.{name}")  # a daily issue, named by its day
