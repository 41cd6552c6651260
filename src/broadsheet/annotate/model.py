"""What the annotator hands on: mentions, reports and the entities they name.

Offsets are Unicode code points of the field they stand in (`title` or `body`), half open.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

EntityType = Literal["person", "organization", "place"]
FieldName = Literal["title", "body"]
Status = Literal["occurred", "scheduled", "unrealized"]


@dataclass(frozen=True, slots=True)
class MentionDraft:
    """A name in a title or body.

    Attributes:
        entity_id: Id of an `EntityDraft` of the same annotation.
        rule: Which recogniser found it.
        confidence: 0 to 1; 1 for an unambiguous alias of an authority file.
    """

    field: FieldName
    start: int
    end: int
    surface: str
    type: EntityType
    entity_id: str
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """A clause that tells an event, with what this article supports.

    Attributes:
        participants: (entity id, role), in order of role and mention.
        event_key: Reports of one article with equal keys tell one event.
        rule: Id of the frame rule that made it.
    """

    field: FieldName
    start: int
    end: int
    trigger: str
    type: str
    status: Status
    rule: str
    event_key: int
    date_start: date | None = None
    date_end: date | None = None
    date_precision: str = "none"
    date_text: str | None = None
    participants: tuple[tuple[str, str], ...] = ()
    place_id: str | None = None
    duration_minutes: int | None = None
    speaker_id: str | None = None


@dataclass(frozen=True, slots=True)
class EntityDraft:
    """An entity as one article (or the authority file) knows it."""

    entity_id: str
    type: EntityType
    name: str
    name_en: str | None = None
    name_zh_hans: str | None = None
    name_zh_hant: str | None = None
    wikidata: str | None = None
    country: str | None = None
    linked: bool = True


@dataclass(frozen=True, slots=True)
class Learnt:
    """A name that other articles taught: wherever it stands, it means this entity.

    Attributes:
        form: The name, folded.
    """

    form: str
    entity_id: str
    type: EntityType


@dataclass(frozen=True, slots=True)
class Taught:
    """A name this article is sure of, for articles that print it and do not say whose it is.

    Attributes:
        form: The name, folded.
        how: `latin` if a name in Latin letters stands behind it, `full` if the article has the full name, `office` if
            only an office stands before it.
        own: Whether the id is made of this very form: nothing tells the entity but its name.
    """

    form: str
    entity_id: str
    type: EntityType
    how: Literal["latin", "full", "office"]
    own: bool


@dataclass(frozen=True, slots=True)
class Annotation:
    """All spans of one article, in text order, and the names it teaches, which depend on no other article."""

    mentions: tuple[MentionDraft, ...] = ()
    reports: tuple[ReportDraft, ...] = ()
    entities: tuple[EntityDraft, ...] = ()
    taught: tuple[Taught, ...] = ()
