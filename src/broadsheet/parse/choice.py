"""All that is known of one article before its fields are chosen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from broadsheet.document import Reject, Span
from broadsheet.parse.publishers.apply import Interpretation
from broadsheet.parse.publishers.model import Layout, Profile
from broadsheet.parse.readings import Reading

if TYPE_CHECKING:
    from broadsheet.project import Collection

LINE_LIMIT: Final = 500
"""Longest line of names that is read."""


@dataclass(slots=True)
class Choice:
    """All that is known of one article before its fields are chosen.

    Attributes:
        text: The decoded file, or the part of it the article takes up.
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
    _by_field: dict[str, list[Reading]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for reading in self.readings:
            self._by_field.setdefault(reading.field, []).append(reading)

    def of(self, name: str) -> list[Reading]:
        """The readings of one field."""
        return self._by_field.get(name, [])

    def reject(self, code: str, message: str, column: str, reading: Reading | None = None) -> None:
        """Record what could not be used."""
        value, span = (reading.value, reading.text.source_span()) if reading else (None, None)
        self.rejects.append(Reject(code, message, "articles", column, value, span, self.position))
