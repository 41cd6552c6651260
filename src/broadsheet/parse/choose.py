"""The one place that chooses: from many readings of a field to its value."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from broadsheet.document import (
    Article,
    Basis,
    Block,
    Link,
    Medium,
    Published,
    Reject,
    SourceText,
    Span,
    ZoneBasis,
)
from broadsheet.parse.fields import language, people, urls
from broadsheet.parse.fields.dates import PrintedDate, from_stamp, parse_date, zone_of
from broadsheet.parse.publishers.apply import Interpretation
from broadsheet.parse.publishers.find import feed_name
from broadsheet.parse.publishers.model import Layout, Profile
from broadsheet.parse.readings import Reading, bare, trimmed

if TYPE_CHECKING:
    from broadsheet.project import Collection

TITLE_LIMIT: Final = 2000
LINE_LIMIT: Final = 500
CUT: Final = ("...", "…", "......", "……")
DATE_ORDER: Final[dict[Basis, int]] = {"body": 0, "header": 1, "front_matter": 2, "url": 3, "file_name": 4}
URL_ORDER: Final[dict[Basis, int]] = {"header": 0, "front_matter": 1, "body": 2}
SLACK: Final = timedelta(days=2)
EARLIEST, LATEST = 1900, 2100
LIST: Final = re.compile(r"\s*[、，,/;；]\s*|\s+(?:and|und)\s+")
FILE_TITLE: Final = re.compile(r"^(?:\d{4}-\d{1,2}-\d{1,2}-|\d{4,}_)")
NAMED: Final = re.compile(r"[\u3400-\u9fff]{2}|[A-Za-z]+[\s_-]+[A-Za-z]+[\s_-]+[A-Za-z]+")


@dataclass(slots=True)
class Choice:
    """All that is known of one article before its fields are chosen.

    Attributes:
        text: The decoded file.
        path: Of the file.
        span: The part of the file the article takes up.
        readings: Of the layers and of the body, in that order.
        found: The body, interpreted.
        profile: Of the publisher.
        layout: Of this file.
        publisher: Name of the publisher.
        collection: What the project declares.
        archived_at: The collector's stamp.
        position: Of the article in the file.
        rejects: What could not be used; filled here.
    """

    text: str
    path: str
    span: Span
    readings: Sequence[Reading]
    found: Interpretation
    profile: Profile
    layout: Layout
    publisher: str | None
    collection: "Collection"
    archived_at: datetime | None
    position: int = 0
    rejects: list[Reject] = field(default_factory=list)

    def of(self, *fields: str) -> list[Reading]:
        """The readings of some fields."""
        return [r for r in self.readings if r.field in fields]

    def reject(self, code: str, message: str, column: str, reading: Reading | None = None) -> None:
        """Record what could not be used."""
        value, span = (reading.value, reading.text.source_span()) if reading else (None, None)
        self.rejects.append(Reject(code, message, "articles", column, value, span, self.position))


def choose(choice: Choice) -> Article:
    """The article with its fields chosen; what could not be used is added to `choice.rejects`."""
    title = _title(choice)
    blocks = tuple(choice.found.blocks)
    if not blocks:
        choice.reject("body-empty", "The article has no text of its own.", "body")
    if choice.publisher is None:
        choice.reject("publisher-unknown", "Neither the file nor the collection names a publisher.", "publisher")
    url, links = _url(choice)
    names = _house_names(choice)
    authors = _authors(choice, names)
    return Article(
        position=choice.position,
        title=title,
        blocks=blocks,
        span=choice.span,
        language=_language(choice, title, blocks),
        publisher=choice.publisher,
        profile=choice.profile.id,
        published=_published(choice, url),
        url=url,
        authors=authors,
        dateline=_dateline(choice.profile, blocks),
        agencies=_listed(choice.of("agency")),
        translator=_translator(choice, names),
        section=next((r.value for r in choice.of("section")), None),
        tags=_tags(choice, {*names, *map(bare, authors)}),
        summary=next((r.value for r in choice.of("summary")), None),
        truncated=choice.found.truncated,
        media=_media(choice),
        links=(*choice.found.links, *links),
        candidates=tuple(r.candidate() for r in choice.readings),
    )


def _title(choice: Choice) -> SourceText | None:
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
    return chosen


def _file_title(path: str) -> str | None:
    """A title from the name of the file, if the name is words rather than a number or a hash."""
    stem = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    stem = FILE_TITLE.sub("", stem).strip()
    return stem if NAMED.search(stem) else None


def _published(choice: Choice, url: str | None) -> Published:
    """The first plausible date, in the body before the front matter before addresses and names."""
    readings = sorted(choice.of("published"), key=lambda r: DATE_ORDER.get(r.basis, 9))
    doubtful: Published | None = None
    unreadable: Reading | None = None
    for reading in readings:
        printed = parse_date(reading.value, choice.profile.date_order)
        if printed is None:
            unreadable = unreadable or reading
            continue
        published = _dated(choice, printed, reading)
        problem = implausible(printed, published.at, choice.archived_at)
        if problem is None:
            return published
        choice.reject("date-implausible", f"{reading.value!r} {problem}.", "published_at", reading)
        doubtful = doubtful or Published(
            None, published.local, reading.value, published.precision, None, reading.basis, "none"
        )
    if doubtful:
        return doubtful
    if unreadable:
        message = f"No rule reads {unreadable.value[:60]!r} as a date."
        choice.reject("date-unreadable", message, "published_at", unreadable)
    places: tuple[tuple[Basis, str], ...] = (("url", url or ""), ("file_name", choice.path.rsplit("/", 1)[-1]))
    for basis, place in places:
        day = urls.date_in(place)
        printed = parse_date(day) if day else None
        if day and printed and implausible(printed, None, choice.archived_at) is None:
            return Published(None, day, day, "day", None, basis, "none")
    if unreadable:
        return Published(text=unreadable.value, basis=unreadable.basis)
    return Published()


def _dated(choice: Choice, printed: PrintedDate, reading: Reading) -> Published:
    zone, zone_basis = printed.zone, "stated"
    if zone is None and printed.clock is not None:
        layout = choice.layout
        if layout.zone and (not layout.zone_of or reading.basis in layout.zone_of):
            zone, zone_basis = layout.zone, "publisher"
        elif choice.collection.timezone:
            zone, zone_basis = choice.collection.timezone, "collection"
    known = zone_of(zone) if zone else None
    at = None
    if printed.clock is not None and known is not None:
        try:
            at = printed.clock.replace(tzinfo=known).astimezone(UTC)
        except (OverflowError, ValueError):
            at = None
    basis: ZoneBasis = "none" if at is None else zone_basis  # type: ignore[assignment]
    return Published(at, printed.local, reading.value, printed.precision, zone if at else None, reading.basis, basis)


def implausible(printed: PrintedDate, at: datetime | None, archived_at: datetime | None) -> str | None:
    """Why a date cannot be right; None if it can. Clocks without a zone get two days of slack."""
    if not EARLIEST <= printed.year < LATEST:
        return f"lies outside {EARLIEST} to {LATEST - 1}"
    if archived_at is not None:
        moment = at or printed.day().replace(tzinfo=UTC)
        if moment > archived_at + SLACK:
            return f"is later than the collector's stamp {archived_at.isoformat()}"
    return None


def archived(readings: Iterable[Reading], rejects: list[Reject]) -> datetime | None:
    """The collector's stamp, if it is a possible time."""
    for reading in readings:
        if reading.field == "archived_at":
            moment = from_stamp(reading.value)
            if moment is not None and moment.year >= 1990:
                return moment
            message = f"The collector's stamp {reading.value} is no possible time."
            span = reading.text.source_span()
            rejects.append(Reject("date-implausible", message, field="archived_at", value=reading.value, span=span))
    return None


def _url(choice: Choice) -> tuple[str | None, list[Link]]:
    """The article's address; if it stood behind a proxy or archive, the raw form as a link."""
    readings = choice.of("original_url") + sorted(choice.of("url"), key=lambda r: URL_ORDER.get(r.basis, 9))
    chosen = next((r.value for r in readings if urls.is_url(r.value)), None)
    if chosen is None:
        return None, []
    wrapped = [r.value for r in readings if urls.is_url(r.value) and urls.unwrap(r.value) != r.value]
    return urls.unwrap(chosen), [Link(value, None, "original") for value in dict.fromkeys(wrapped)]


def _house_names(choice: Choice) -> set[str]:
    """The names of the publisher, for comparison: they are no authors and no topics."""
    names = [choice.publisher, choice.profile.name, *choice.profile.aliases, feed_name(choice.readings)]
    return {bare(name) for name in names if name}


def _authors(choice: Choice, names: set[str]) -> tuple[str, ...]:
    """People from the bylines of the body, else from the front matter or the page's metadata."""
    shelves = {bare(r.value) for r in choice.of("shelf", "tag")}
    readings = sorted(choice.of("author"), key=lambda r: r.basis != "body")
    found: list[str] = []
    for reading in readings:
        if found and reading.basis != "body":
            break
        value = bare(reading.value)
        if value in names or (reading.basis != "body" and value in shelves):
            continue
        for name in people.split_people(reading.value[:LINE_LIMIT]):
            person = people.ordinary_case(name, choice.text)
            if bare(person) not in names and person not in found:
                found.append(person)
    return tuple(found)


def _translator(choice: Choice, names: set[str]) -> str | None:
    people_named = [p for r in choice.of("translator") for p in LIST.split(r.value[:LINE_LIMIT].strip(" 。."))]
    return "、".join(p for p in dict.fromkeys(people_named) if p and bare(p) not in names) or None


def _listed(readings: list[Reading]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            name.strip("等 ") for r in readings for name in LIST.split(r.value[:LINE_LIMIT]) if name.strip("等 ")
        )
    )


def _tags(choice: Choice, apart: set[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(r.value for r in choice.of("tag") if bare(r.value) not in apart))


def _dateline(profile: Profile, blocks: Sequence[Block]) -> str | None:
    first = next((block.text.text for block in blocks if block.kind == "paragraph"), "")
    for pattern in profile.datelines:
        match = pattern.search(first)
        if match:
            return match[0].strip()
    return None


def _language(choice: Choice, title: SourceText | None, blocks: Sequence[Block]) -> str:
    declared = [r.value for r in choice.of("language")]
    for tag in (*declared, choice.collection.language or ""):
        known = language.normalize(tag)
        if known:
            return known
    parts = [title.text if title else "", *(block.text.text for block in blocks[:40])]
    return language.detect("\n".join(parts))


def _media(choice: Choice) -> tuple[Medium, ...]:
    """The images of the body, after the one the head of the file names if the body does not show it."""
    shown = {_image_key(medium.url) for medium in choice.found.media}
    lead = [urls.unwrap(r.value) for r in choice.of("image") if urls.is_url(r.value)]
    extra = [Medium(url) for url in dict.fromkeys(lead) if _image_key(url) not in shown]
    return (*extra, *choice.found.media)


def _image_key(url: str) -> str:
    return re.sub(r"^https?:", "", url)
