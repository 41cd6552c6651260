"""The one place that chooses: from many readings of a field to its value."""

import re
from collections.abc import Sequence
from typing import Final

from broadsheet.document import Article, Basis, Block, Link, Medium, SourceText
from broadsheet.parse.choice import Choice
from broadsheet.parse.dating import published
from broadsheet.parse.fields import language, urls
from broadsheet.parse.naming import authors, house_names, listed, translator
from broadsheet.parse.publishers.model import Profile
from broadsheet.parse.readings import bare, trimmed

TITLE_LIMIT: Final = 2000
CUT: Final = ("...", "…")
URL_ORDER: Final[dict[Basis, int]] = {"header": 0, "front_matter": 1, "body": 2}
BLOCKS_LOOKED_AT: Final = 6
NAMED_SUFFIX: Final = re.compile(r"(?<=\S)\s*+[-–—|｜_·]\s*+([^-–—|｜_·]{2,40})$")
FILE_TITLE: Final = re.compile(r"^(?:\d{4}-\d{1,2}-\d{1,2}-|\d{4,}_)")
NAMED: Final = re.compile(r"[\u3400-\u9fff]{2}|[A-Za-z]+[\s_-]+[A-Za-z]+[\s_-]+[A-Za-z]+")


def choose(choice: Choice) -> Article:
    """The article with its fields chosen; what could not be used is added to `choice.rejects`."""
    house = house_names(choice)
    title = _title(choice, house)
    blocks = tuple(choice.found.blocks)
    if not blocks:
        choice.reject("body-empty", "The article has no text of its own.", "body")
    if choice.publisher is None:
        choice.reject("publisher-unknown", "Neither the file nor the collection names a publisher.", "publisher")
    url, links = _url(choice)
    people = authors(choice, house)
    return Article(
        position=choice.position,
        title=title,
        blocks=blocks,
        span=choice.span,
        language=_language(choice, title, blocks),
        publisher=choice.publisher,
        profile=choice.profile.id,
        published=published(choice, url),
        url=url,
        authors=people,
        dateline=_dateline(choice.profile, blocks),
        agencies=listed(choice.of("agency")),
        translator=translator(choice, house),
        section=next((r.value for r in choice.of("section")), None),
        tags=_tags(choice, {*house, *map(bare, people)}),
        summary=next((r.value for r in choice.of("summary")), None),
        truncated=choice.found.truncated or bool(choice.of("truncated")),
        media=_media(choice),
        links=(*choice.found.links, *links, *_translations(choice, url)),
    )


def _title(choice: Choice, house: set[str]) -> SourceText | None:
    readings = choice.of("title")
    usable = [r for r in readings if len(r.text) <= TITLE_LIMIT]
    for reading in readings:
        if reading not in usable:
            message = f"A title of {len(reading.text)} characters; the limit is {TITLE_LIMIT}. It was dropped."
            choice.reject("title-too-long", message, "title", reading)
    chosen = usable[0].text if usable else None
    if chosen is not None and chosen.text.endswith(CUT):
        stem = chosen.text.rstrip(".…").rstrip()
        chosen = next((r.text for r in usable if r.value.startswith(stem) and not r.value.endswith(CUT)), chosen)
    if chosen is None and not readings:
        named = _file_title(choice.path)
        if named:
            return SourceText(named)
        choice.reject("title-missing", "Neither the file nor its name gives a title.", "title")
    for suffix in choice.profile.title_suffixes:
        match = suffix.search(chosen.text) if chosen else None
        if chosen and match and match.start():
            chosen = trimmed(chosen.slice(0, match.start()))
    while chosen and (behind := NAMED_SUFFIX.search(chosen.text)) and bare(behind[1]) in house:
        chosen = trimmed(chosen.slice(0, behind.start()))
    return chosen


def _file_title(path: str) -> str | None:
    """A title from the name of the file, if the name is words rather than a number or a hash."""
    stem = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    stem = FILE_TITLE.sub("", stem).strip()
    return stem if NAMED.search(stem) else None


def _url(choice: Choice) -> tuple[str | None, list[Link]]:
    """The article's address; if it stood behind a proxy or archive, the raw form as a link."""
    readings = choice.of("original_url") + sorted(choice.of("url"), key=lambda r: URL_ORDER.get(r.basis, 9))
    printed = list(dict.fromkeys(r.value for r in readings if urls.is_url(r.value)))
    if not printed:
        return None, []
    bare_urls = [urls.unwrap(value) for value in printed]
    wrapped = [value for value, inner in zip(printed, bare_urls, strict=True) if inner != value]
    own = bare_urls[0]
    return f"https:{own}" if own.startswith("//") else own, [Link(value, None, "original") for value in wrapped]


def _translations(choice: Choice, url: str | None) -> list[Link]:
    """The same article in other languages, as the page names them."""
    own = {r.value for r in choice.of("url")} | {url}
    others = dict.fromkeys(r.value for r in choice.of("translation") if r.value not in own)
    return [Link(other, None, "translation") for other in others if urls.is_url(other)]


def _tags(choice: Choice, apart: set[str]) -> tuple[str, ...]:
    tags = dict.fromkeys(r.value for r in choice.of("tag"))
    return tuple(tag for tag in tags if bare(tag) not in apart)


def _dateline(profile: Profile, blocks: Sequence[Block]) -> str | None:
    first = next((block.text.text for block in blocks if block.kind == "paragraph"), "")
    for pattern in profile.datelines:
        match = pattern.search(first)
        if match:
            return match[0].strip()
    return None


def _language(choice: Choice, title: SourceText | None, blocks: Sequence[Block]) -> str:
    declared = (*(r.value for r in choice.of("language")), choice.collection.language or "")
    tag = next((known for known in map(language.normalize, declared) if known), None)
    step = max(len(blocks) // BLOCKS_LOOKED_AT, 1)
    parts = [title.text if title else "", *(block.text.text for block in blocks[::step])]
    return language.settle(tag, "\n".join(parts))


def _media(choice: Choice) -> tuple[Medium, ...]:
    """The images of the body, after the one the head of the file names if the body does not show it."""
    if not choice.of("image"):
        return tuple(choice.found.media)
    shown = {_image_key(medium.url) for medium in choice.found.media}
    lead = [urls.unwrap(r.value) for r in choice.of("image") if urls.is_url(r.value)]
    extra = [Medium(url) for url in dict.fromkeys(lead) if _image_key(url) not in shown]
    return (*extra, *choice.found.media)


def _image_key(url: str) -> str:
    return url.partition(":")[2] if url.startswith("http") else url
