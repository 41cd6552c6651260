"""blocklist.yaml -> Blocklist: what was taken down, and must not come back with the next build.

    - {article: art-0123456789abcdef, reason: Withdrawn by its publisher, date: 2026-01-31}
    - {url: "https://example.org/private/*"}

Every entry names one thing. Reason and date are for people; nothing of them is published.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from broadsheet.addresses import ANY, normal_form, pattern
from broadsheet.ids import short_hash
from broadsheet.restrictions import ARTICLE_ID, address, day
from broadsheet.schema.strict_yaml import read_yaml
from broadsheet.typed_yaml import Reader

BLOCKLIST: Final = "blocklist.yaml"
TAKEN_DOWN: Final = "taken-down/"
"""Stands before the id of a file of which no article is left, instead of its path: many names of files are titles."""
KINDS: Final[dict[str, tuple[re.Pattern[str], str]]] = {
    "article": (ARTICLE_ID, "an article id such as art-0123456789abcdef"),
    "url": (re.compile(r"\S.*"), "an address"),
    "sha256": (re.compile(r"[0-9a-f]{64}"), "64 hex digits in lower case, as in sources.sha256"),
    "body_sha256": (re.compile(r"[0-9a-f]{64}"), "64 hex digits in lower case, as in articles.body_sha256"),
    "source": (re.compile(r"src-[0-9a-f]{16}|(?!/|\.\.?/)[^\\\0]+"), "a source id, or a path as in sources.path"),
    "entity": (re.compile(r"(?:per|org|loc)/[a-z0-9]+(?:-[a-z0-9]+)*"), "an entity id such as per/jane-doe"),
}
"""What an entry may name, and the form of it."""
ENTRY_KEYS: Final = (*KINDS, "reason", "date")
SCALE: Final = 30
"""How many times longer than other YAML files it may be: 100,000 entries with a reason and a date."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was taken down.

    Attributes:
        kind: One of `KINDS`.
        value: What is compared; of an address, its normal form.
        written: As in the file.
    """

    kind: str
    value: str
    written: str = field(compare=False)

    def __str__(self) -> str:
        return f"{self.kind}: {self.written}"


@dataclass(frozen=True)
class Blocklist:
    """All of them, sorted, each once."""

    entries: tuple[Entry, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.entries)

    @property
    def fingerprint(self) -> str:
        """Hash of what is blocked; "" if nothing is. Reasons and order do not count."""
        return short_hash(*(f"{entry.kind}={entry.value}" for entry in self.entries)) if self.entries else ""

    @cached_property
    def entities(self) -> frozenset[str]:
        """Ids of the entities."""
        return frozenset(entry.value for entry in self.entries if entry.kind == "entity")

    def of_source(self, source_id: str, path: str, sha256: str) -> list[Entry]:
        """The entries that name a source file, or a folder or archive it is in."""
        steps = path.rstrip("/").split("/")
        above = (("source", "/".join(steps[:count])) for count in range(1, len(steps) + 1))
        return list(self._named(("source", source_id), ("sha256", sha256), *above))

    def of_article(self, article_id: str, url: str | None, body_sha256: str) -> list[Entry]:
        """The entries that name an article, those of its source apart."""
        found = list(self._named(("article", article_id), ("body_sha256", body_sha256)))
        return found + self.of_address(url) if url else found

    def of_address(self, url: str) -> list[Entry]:
        """The entries that name an address."""
        if not self._urls:
            return []
        form = normal_form(url)
        patterns = (*self._patterns.get(form.partition("/")[0], ()), *self._patterns.get(ANY, ()))
        return [*self._named(("url", form)), *(entry for entry, fits in patterns if fits(form))]

    def _named(self, *keys: tuple[str, str]) -> Iterator[Entry]:
        return (self._by_key[key] for key in keys if key in self._by_key)

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], Entry]:
        return {(entry.kind, entry.value): entry for entry in self.entries}

    @cached_property
    def _urls(self) -> bool:
        return any(entry.kind == "url" for entry in self.entries)

    @cached_property
    def _patterns(self) -> dict[str, list[tuple[Entry, Callable[[str], bool]]]]:
        """Entries with `*`, by their host; those with one in the host by `*`."""
        found: dict[str, list[tuple[Entry, Callable[[str], bool]]]] = {}
        for entry in self.entries:
            if entry.kind == "url" and ANY in entry.value:
                host = entry.value.partition("/")[0]
                found.setdefault(ANY if ANY in host else host, []).append((entry, pattern(entry.value)))
        return found


def read_blocklist(root: Path) -> Blocklist:
    """The blocklist of a project; an empty one if it has none.

    Args:
        root: Folder of the project.

    Raises:
        BroadsheetError: What is wrong in which line.
    """
    file = root / BLOCKLIST
    if not file.exists() and not file.is_symlink():
        return Blocklist()
    reader = Reader(read_yaml(file, file.as_posix(), scale=SCALE))
    listed = reader.yaml.value
    if listed is None:
        return Blocklist()
    if not isinstance(listed, list):
        raise reader.wrong((), listed, "a list of entries such as `- {article: art-0123456789abcdef}`")
    found = sorted(
        (_entry(reader, index) for index in range(len(listed))),
        key=lambda entry: (entry.kind, entry.value, entry.written),
    )
    return Blocklist(tuple(dict.fromkeys(found)))


def _entry(reader: Reader, index: int) -> Entry:
    place = (index,)
    given = reader.mapping(place, ENTRY_KEYS)
    kinds = [kind for kind in KINDS if given.get(kind) is not None]
    if len(kinds) != 1:
        raise reader.wrong(place, dict(given), f"exactly one of {', '.join(KINDS)}", "key-missing")
    kind = kinds[0]
    reader.text(place, given, "reason")
    if (dated := reader.text(place, given, "date")) is not None:
        day(reader, (index, "date"), dated)
    written = reader.text(place, given, kind) or ""
    form, expected = KINDS[kind]
    if not form.fullmatch(written):
        raise reader.wrong((index, kind), written, expected)
    value = address(reader, (index, kind), written) if kind == "url" else written.rstrip("/")
    return Entry(kind, value, written)
