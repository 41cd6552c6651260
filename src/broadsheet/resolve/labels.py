"""Names of events for people to read: "Trump – Putin, call, 2025-02-12"."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from broadsheet.rows import EntityRow

NAMED: Final = 3
ROLES: Final = ("initiator", "participant", "host", "target", "mediator")
# Where the family name comes first, also in English.
FAMILY_FIRST: Final = frozenset({"CN", "TW", "HK", "MO", "KR", "KP", "VN"})


def label(roles: Mapping[str, str], entities: Mapping[str, EntityRow], language: str, word: str, when: str) -> str:
    """The first participants, the type, the date.

    Args:
        roles: Role of each participant.
        entities: Their names.
        language: `en` or `zh`.
        word: The type in that language.
        when: As `day_text` gives it.
    """
    ranked = sorted(roles, key=lambda e: (ROLES.index(roles[e]), not e.startswith("per/"), e))
    names = [_short(entities[e], language) for e in ranked if e in entities][:NAMED]
    parts = [part for part in (" – ".join(names), word, when) if part]
    return (", " if language == "en" else "，").join(parts)


def day_text(start: date | None, end: date | None) -> str:
    """A day, or an ISO 8601 interval with `..` for an open bound; empty without bounds."""
    if start == end:
        return start.isoformat() if start else ""
    return f"{start or '..'}/{end or '..'}"


def _short(entity: EntityRow, language: str) -> str:
    if language != "en":
        return (entity.name_zh_hans or entity.name).split("·")[-1]
    name = entity.name_en or entity.name
    return name.split(" ")[-1] if entity.type == "person" and entity.country not in FAMILY_FIRST else name
