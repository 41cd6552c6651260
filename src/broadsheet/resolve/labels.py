"""Names of events for people to read: "Trump – Putin, call, 2025-02-12"."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from broadsheet.rows import EntityRow

NAMED: Final = 3
ROLES: Final = ("initiator", "participant", "host", "target", "mediator")
# Where the family name comes first, also in English.
FAMILY_FIRST: Final = frozenset({"CN", "TW", "HK", "MO", "KR", "KP", "VN"})


def leading(roles: Mapping[str, str], told: Mapping[str, int], entities: Mapping[str, EntityRow]) -> list[str]:
    """The participants a label names: those most reports name, without countries whose people are among them.

    Args:
        roles: Role of each participant.
        told: How many reports name each.
        entities: For types and countries.
    """
    served = {entities[e].country for e in roles if e.startswith("per/") and e in entities}
    acting = [e for e in roles if not (e.startswith("loc/") and e in entities and entities[e].country in served)]
    ranked = sorted(acting, key=lambda e: (ROLES.index(roles[e]), -told.get(e, 0), not e.startswith("per/"), e))
    return ranked[:NAMED]


def label(names: Sequence[str], entities: Mapping[str, EntityRow], language: str, word: str, when: str) -> str:
    """Participants, type and date.

    Args:
        names: Ids of the participants to name, in order.
        entities: Their names.
        language: `en` or `zh`.
        word: The type in that language.
        when: As `day_text` gives it.
    """
    shown = [_short(entities[e], language) for e in names if e in entities]
    parts = [part for part in (" – ".join(shown), word, when) if part]
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
