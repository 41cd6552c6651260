"""Stable ids: derived from content, so that files added beside one do not change them."""

import hashlib
from collections import Counter

LENGTH = 16


def short_hash(*parts: object) -> str:
    """16 hex digits of the parts, joined by a character that no part contains in practice."""
    text = "\0".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


def source_id(collection: str, path: str) -> str:
    """Id of a file a collection offers."""
    return f"src-{short_hash(collection, path)}"


class Numbered:
    """Tells equal ids apart by `-2`, `-3` in the order they come."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def __call__(self, wanted: str) -> str:
        """The id to use for one more row that wants `wanted`."""
        self._seen[wanted] += 1
        number = self._seen[wanted]
        return wanted if number == 1 else f"{wanted}-{number}"
