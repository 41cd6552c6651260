"""Which articles of a collection may be published less fully than the rest: wire copy, for the most part.

An article falls under a restriction if it meets all its conditions. Where that cannot be known, it does: a text without
a date may be of any day. The strictest of the collection's own rule and of all restrictions holds.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final

from broadsheet.addresses import normal_form, pattern
from broadsheet.rows import ArticleRow
from broadsheet.typed_yaml import Place, Reader

REDISTRIBUTIONS: Final = ("full", "excerpt", "metadata")
"""From all of a text to none of it."""
LISTS: Final = ("agencies", "urls", "sections", "publishers", "articles")
DAYS: Final = ("since", "before")
CONDITIONS: Final = (*LISTS, *DAYS)
RESTRICTION_KEYS: Final = (*CONDITIONS, "redistribution", "reason")
ARTICLE_ID: Final = re.compile(r"art-[0-9a-f]{16}(?:-[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Restriction:
    """Conditions, all of which an article must meet, and what is published of it then. An empty list is no condition.

    Attributes:
        redistribution: `excerpt` or `metadata`.
        agencies: One of these is among `articles.agencies`, or stands in `articles.dateline`.
        urls: The address fits one of these, in their normal form.
        sections: The section is one of these.
        publishers: The publisher is one of these.
        articles: Ids.
        since: ISO 8601 day; published then or later.
        before: ISO 8601 day; published earlier.
        reason: For people.
    """

    redistribution: str
    agencies: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    since: str | None = None
    before: str | None = None
    reason: str | None = field(default=None, compare=False, repr=False)

    def concerns(self, row: ArticleRow) -> bool:
        """Whether an article falls under it."""
        return (
            (not self.articles or row.article_id in self.articles)
            and (not self.publishers or _named(row.publisher, self.publishers))
            and (not self.sections or _named(row.section, self.sections))
            and (not self.agencies or self._credits(row))
            and (not self.urls or self._lies(row.url))
            and self._in_time(row.published_local)
        )

    def _lies(self, url: str | None) -> bool:
        return url is not None and any(fits(normal_form(url)) for fits in _fits(self.urls))

    def _credits(self, row: ArticleRow) -> bool:
        return any(_named(name, self.agencies) for name in row.agencies) or any(
            _stands(_folded(agency), _folded(row.dateline or "")) for agency in self.agencies
        )

    def _in_time(self, printed: str | None) -> bool:
        if printed is None:
            return True
        first, last = (printed[:10], printed[:10]) if len(printed) >= 10 else (f"{printed}-01", f"{printed}-31")
        return (self.since is None or last >= self.since) and (self.before is None or first < self.before)


def strictest(allowed: str, restrictions: Iterable[Restriction], row: ArticleRow) -> str:
    """What is published of an article of a collection.

    Args:
        allowed: What the collection allows.
        restrictions: Its restrictions.
        row: The article.
    """
    found = [allowed, *(entry.redistribution for entry in restrictions if entry.concerns(row))]
    return max(found, key=REDISTRIBUTIONS.index)


def read_restrictions(reader: Reader, place: Place, entry: Mapping[str, Any], allowed: str) -> tuple[Restriction, ...]:
    """The `restrictions` of a collection.

    Args:
        reader: The descriptor.
        place: Of the collection in it.
        entry: The collection.
        allowed: Its `redistribution`.

    Raises:
        BroadsheetError: `key-unknown`, `key-missing`, `value-invalid`, with the line.
    """
    return tuple(
        _restriction(reader, (*place, "restrictions", index), allowed)
        for index in reader.indexes(place, entry, "restrictions")
    )


def _restriction(reader: Reader, place: Place, allowed: str) -> Restriction:
    given = reader.mapping(place, RESTRICTION_KEYS, ("redistribution",))
    redistribution = reader.choice(place, given, "redistribution", REDISTRIBUTIONS, "")
    if not redistribution or REDISTRIBUTIONS.index(redistribution) <= REDISTRIBUTIONS.index(allowed):
        stricter = " or ".join(REDISTRIBUTIONS[REDISTRIBUTIONS.index(allowed) + 1 :]) or "nothing"
        expected = f"{stricter}: stricter than `redistribution: {allowed}` of the collection"
        raise reader.wrong((*place, "redistribution"), given["redistribution"], expected)
    lists = {key: reader.texts(place, given, key) for key in LISTS}
    days = {key: _day(reader, place, given, key) for key in DAYS}
    for key in LISTS:
        if key in given and not lists[key]:
            raise reader.wrong((*place, key), given[key], "at least one entry")
    if not any(lists.values()) and not any(days.values()):
        expected = f"at least one condition out of {', '.join(CONDITIONS)}; for all articles, set it on the collection"
        raise reader.wrong(place, dict(given), expected, "key-missing")
    for index, key in enumerate(lists["articles"]):
        if not ARTICLE_ID.fullmatch(key):
            raise reader.wrong((*place, "articles", index), key, "an article id such as art-0123456789abcdef")
    forms = tuple(address(reader, (*place, "urls", index), url) for index, url in enumerate(lists["urls"]))
    if days["since"] and days["before"] and days["since"] >= days["before"]:
        raise reader.wrong((*place, "before"), days["before"], f"a day after `since: {days['since']}`")
    return Restriction(
        redistribution,
        agencies=lists["agencies"],
        urls=forms,
        sections=lists["sections"],
        publishers=lists["publishers"],
        articles=lists["articles"],
        since=days["since"],
        before=days["before"],
        reason=reader.text(place, given, "reason"),
    )


def address(reader: Reader, place: Place, written: str) -> str:
    """The normal form of an address, or of a pattern of addresses."""
    scheme, separator, rest = written.partition("://")
    if not separator or not scheme or not rest.strip("/*") or any(map(str.isspace, written)):
        raise reader.wrong(place, written, "an address such as https://example.org/a/b, with * for any characters")
    return normal_form(written)


def _day(reader: Reader, place: Place, given: Mapping[str, Any], key: str) -> str | None:
    text = reader.text(place, given, key)
    return None if text is None else day(reader, (*place, key), text)


def day(reader: Reader, place: Place, text: str) -> str:
    """An ISO 8601 day."""
    try:
        known = date.fromisoformat(text).isoformat()
    except ValueError:
        known = ""
    if known != text:  # `fromisoformat` also takes 20260131 and 2026-W05
        raise reader.wrong(place, text, "a day such as 2026-01-31")
    return known


@lru_cache(maxsize=256)
def _fits(forms: tuple[str, ...]) -> tuple[Callable[[str], bool], ...]:
    return tuple(pattern(form) for form in forms)


@lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _named(name: str | None, names: Iterable[str]) -> bool:
    return name is not None and _folded(name) in {_folded(other) for other in names}


def _stands(name: str, text: str) -> bool:
    """Whether a name stands in a text; one in Latin letters as a word of its own."""
    at = text.find(name)
    while at >= 0:
        around = text[max(at - 1, 0) : at] + text[at + len(name) : at + len(name) + 1]
        if not (name.isascii() and any(other.isascii() and other.isalnum() for other in around)):
            return True
        at = text.find(name, at + 1)
    return False
