"""Event types that tell the same occurrence in other words: shared by joining inside an article and across articles."""

from typing import Final

SPEECH: Final = frozenset({"statement", "accusation", "rejection", "demand", "threat"})
CONTACTS: Final = frozenset({"call", "meeting", "summit", "talks"})
# A call that is also called talks stays a call: people who rang did not meet.
FAMILIES: Final = (
    CONTACTS - {"call"},
    SPEECH,
    frozenset({"attack", "military_action", "invasion"}),
)


def family(kind: str) -> frozenset[str]:
    """The types that may tell one occurrence with `kind`, itself included."""
    return next((types for types in FAMILIES if kind in types), frozenset({kind}))
