"""One immutable class per table: what a shard holds and every later stage reads.

Field names, order and nullability are those of `schemas/*.yaml`; a test compares the two. Text offsets are Unicode code
points, source offsets are bytes of the source file, both half open. Instants are aware datetimes in UTC.
"""

from datetime import date, datetime
from typing import Final

from broadsheet.values import value


@value
class SourceRow:
    """A file offered by a collection."""

    source_id: str
    collection: str
    path: str
    sha256: str
    bytes: int
    media_type: str
    encoding: str | None
    format: str | None
    parser_version: str
    archived_at: datetime | None
    status: str
    article_count: int
    license: str | None
    rights_statement: str | None
    redistribution: str


@value
class SegmentValue:
    """A stretch of title or body and the bytes it came from."""

    field: str
    text_start: int
    text_length: int
    source_start: int
    source_length: int


@value
class ArticleRow:
    """An article."""

    article_id: str
    source_id: str
    source_path: str
    source_sha256: str
    position: int
    title: str | None
    publisher: str | None
    language: str
    published_at: datetime | None
    published_local: str | None
    published_text: str | None
    published_precision: str
    published_zone: str | None
    published_basis: str
    published_zone_basis: str
    archived_at: datetime | None
    url: str | None
    authors: tuple[str, ...]
    dateline: str | None
    agencies: tuple[str, ...]
    translator: str | None
    section: str | None
    tags: tuple[str, ...]
    summary: str | None
    body: str
    truncated: bool
    character_count: int
    body_sha256: str
    duplicate_of: str | None
    duplicate_kind: str | None
    source_start: int
    source_end: int
    segments: tuple[SegmentValue, ...]
    license: str | None
    redistribution: str


@value
class MediaRow:
    """An image or other medium of an article."""

    article_id: str
    position: int
    url: str
    caption: str | None
    credit: str | None


@value
class LinkRow:
    """A link of an article."""

    article_id: str
    position: int
    url: str
    text: str | None
    relation: str


@value
class EntityRow:
    """A person, organization or place of the corpus."""

    entity_id: str
    type: str
    name: str
    name_en: str | None
    name_zh_hans: str | None
    name_zh_hant: str | None
    wikidata: str | None
    country: str | None
    aliases: tuple[str, ...]
    linked: bool
    mention_count: int
    article_count: int


@value
class MentionRow:
    """A name in a title or body."""

    mention_id: str
    article_id: str
    entity_id: str
    type: str
    field: str
    start: int
    end: int
    surface: str
    source_start: int
    source_end: int
    rule: str
    confidence: float


@value
class EventRow:
    """An event, merged from its reports."""

    event_id: str
    label_en: str
    label_zh: str
    type: str
    plover: str | None
    cameo: str | None
    status: str
    date_start: date | None
    date_end: date | None
    date_precision: str
    place_id: str | None
    duration_minutes: int | None
    report_count: int
    article_count: int
    publisher_count: int
    disputed: tuple[str, ...]
    first_reported_at: datetime | None


@value
class EventParticipantRow:
    """Who took part in an event."""

    event_id: str
    entity_id: str
    role: str


@value
class ParticipantValue:
    """Who took part, as one report tells it."""

    entity_id: str
    role: str


@value
class EventReportRow:
    """A clause of an article that tells an event, and only what it supports."""

    report_id: str
    event_id: str
    article_id: str
    field: str
    start: int
    end: int
    source_start: int
    source_end: int
    trigger: str
    type: str
    status: str
    date_start: date | None
    date_end: date | None
    date_precision: str
    date_text: str | None
    participants: tuple[ParticipantValue, ...]
    place_id: str | None
    duration_minutes: int | None
    speaker_id: str | None
    rule: str
    joined_by: str


@value
class RejectRow:
    """A record that could not be used as it is."""

    reject_id: str
    source_id: str
    article_id: str | None
    table: str
    field: str | None
    code: str
    message: str
    value: str | None
    source_start: int | None
    source_end: int | None


ROWS: Final[dict[str, type]] = {
    "sources": SourceRow,
    "articles": ArticleRow,
    "media": MediaRow,
    "links": LinkRow,
    "entities": EntityRow,
    "mentions": MentionRow,
    "events": EventRow,
    "event_participants": EventParticipantRow,
    "event_reports": EventReportRow,
    "rejects": RejectRow,
}
