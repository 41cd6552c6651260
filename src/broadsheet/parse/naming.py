"""Names chosen: the people who wrote and translated an article, apart from the house, its shelves and its topics."""

import re
from functools import lru_cache
from typing import Final

from broadsheet.parse.choice import LINE_LIMIT, Choice
from broadsheet.parse.fields import people
from broadsheet.parse.publishers.find import by_name, feed_name
from broadsheet.parse.readings import Reading, bare

TRANSLATED: Final = re.compile(r"[译譯]|ransl")
LIST: Final = re.compile(r"\s*[、，,/;；]\s*|\s+(?:and|und)\s+")


@lru_cache(maxsize=256)
def _bare_names(name: str | None, aliases: tuple[str, ...]) -> frozenset[str]:
    return frozenset(bare(printed) for printed in (name, *aliases) if printed)


def house_names(choice: Choice) -> set[str]:
    """The names of the publisher, for comparison: they are no authors and no topics."""
    names = set(_bare_names(choice.profile.name, choice.profile.aliases))
    names.update(bare(name) for name in (choice.publisher, feed_name(choice.readings)) if name)
    return names


def authors(choice: Choice, house: set[str]) -> tuple[str, ...]:
    """People from the bylines of the body, else from the front matter or the page's metadata."""
    readings = choice.of("author")
    if not readings:
        return ()
    shelves: set[str] | None = None
    found: dict[str, str] = {}
    taken = ""
    for reading in sorted(readings, key=lambda r: r.basis != "body"):
        if found and reading.basis != "body" and reading.rule != taken:  # a list under one key is one byline
            break
        taken = reading.rule
        value = bare(reading.value)
        if value in house:
            continue
        if reading.basis != "body":
            if shelves is None:
                shelves = {bare(r.value) for r in (*choice.of("shelf"), *choice.of("tag"))}
            if value in shelves or by_name(reading.value):
                continue
        for name in people.split_people(reading.value):
            person = people.ordinary_case(name, choice.text)
            if bare(person) not in house:
                found.setdefault(bare(person), person)
    return tuple(found.values())


def translator(choice: Choice, house: set[str]) -> str | None:
    """Who translated it: named as such, or in a byline that says so."""
    named: list[str] = []
    for reading in choice.of("translator"):
        named += people.split_people(reading.value) + people.split_translators(reading.value)
    for reading in choice.of("author"):
        if TRANSLATED.search(reading.value):
            named += people.split_translators(reading.value)
    return "、".join(name for name in dict.fromkeys(named) if bare(name) not in house) or None


def listed(readings: list[Reading]) -> tuple[str, ...]:
    """The names of lists as printed, once each."""
    parts = (name.strip("等 ") for r in readings for name in LIST.split(r.value[:LINE_LIMIT]))
    return tuple(dict.fromkeys(part for part in parts if part))
