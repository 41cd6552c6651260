"""What beside the text says that two articles are one: address, headline, outlet, day.

A text alone does not: a channel prints the same description under every item, and a ceremony is told in the same words
for every guest. So copies within one outlet must also agree in what they are called.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from broadsheet.addresses import address_key
from broadsheet.resolve.sketch import SHORTEST

Row = dict[str, Any]

ALIKE: Final = 0.8
"""Share of common stretches from which texts are near copies."""

TITLED: Final = 0.65
"""The same, where the headlines agree too."""

REPEATED: Final = 0.95
"""The same, for an outlet that prints under one headline on other days, as it does with its columns and bulletins."""

NEAR_DAYS: Final = 3
REISSUED: Final = 0.3
"""The same, where headline, outlet and day are the same: a report that grew."""

DISTINCT: Final = 6
"""Characters of a headline that is not a mere section."""

AKIN: Final = 0.1
"""Share from which two texts have something to do with each other; unlike ones have next to nothing in common."""

TITLE_SHARE: Final = 0.6
TITLE_AKIN: Final = 0.4
"""Share of common pairs of characters from which two headlines of one day may stand over one text."""

WORD: Final = re.compile(r"\w")
NUMBER: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared beside the text.

    Attributes:
        title: As `title_key` gives it; empty if there is none.
        outlets: Host and publisher, as far as known.
        day: Of publication, if known to the day.
        told: Whether there are a headline and a text to speak of.
    """

    title: str
    outlets: frozenset[str]
    day: date | None
    told: bool

    @classmethod
    def of(cls, row: Row) -> "Known":
        """From a row of `articles`."""
        address = address_key(row["url"])
        host = address.partition("/")[0] if address else None
        printed = row["published_local"]
        day = date.fromisoformat(printed[:10]) if printed and len(printed) >= 10 else None
        outlets = frozenset(name for name in (host, row["publisher"]) if name)
        title = title_key(row["title"])
        return cls(title, outlets, day, bool(title) and row["character_count"] >= SHORTEST)


def copies(left: Known, right: Known, share: float) -> bool:
    """Whether two articles are one.

    Args:
        left: One.
        right: The other.
        share: Of their text that they have in common, as their sketches tell.
    """
    titled = titles_agree(left.title, right.title) if left.title and right.title else None
    if share < (TITLED if titled else ALIKE):
        return False
    elsewhere = left.outlets and right.outlets and left.outlets.isdisjoint(right.outlets)
    if elsewhere:
        return True
    if titled is False:  # a headline may be written anew within the day
        return left.day is not None and left.day == right.day and _title_share(left.title, right.title) >= TITLE_AKIN
    apart = left.day is not None and right.day is not None and abs((left.day - right.day).days) > NEAR_DAYS
    return not apart or (titled is True and share >= REPEATED)


def issue_key(known: Known) -> str | None:
    """Headline, outlet and day of an article: what it keeps when it is issued anew; None where one is not known."""
    if len(known.title) < DISTINCT or known.day is None or not known.outlets:
        return None
    return f"{known.title} {known.day} {min(known.outlets)}"


def reissues(_left: Known, _right: Known, share: float) -> bool:
    """Whether two articles with one `issue_key` are one: of a bulletin of the same hour, nearly all words differ."""
    return share >= REISSUED


def versions(left: Known, right: Known, share: float) -> bool:
    """Whether two articles under one address are versions of one article.

    They are not if they agree in nothing else: then the address is that of a page which shows other articles each day.

    Args:
        left: One.
        right: The other.
        share: As for `copies`.
    """
    return not left.told or not right.told or share >= AKIN or titles_agree(left.title, right.title)


def titles_agree(left: str, right: str) -> bool:
    """Whether two headlines, as `title_key` gives them, may stand over one article: the same numbers, like words."""
    short, long = sorted((left, right), key=len)
    if short and long.startswith(short) and len(short) * 2 > len(long):  # one was cut, or carries the name of a section
        return True
    return _title_share(left, right) >= TITLE_SHARE


def _title_share(left: str, right: str) -> float:
    """The share of their pairs of characters that two headlines have in common; none where their numbers differ."""
    if Counter(NUMBER.findall(left)) != Counter(NUMBER.findall(right)):
        return 0.0
    a, b = _pairs(left), _pairs(right)
    return 2 * (a & b).total() / (a.total() + b.total()) if a and b else float(left == right)


def title_key(title: str | None) -> str:
    """A headline without what differs between printings: case, width, punctuation, space."""
    return "".join(WORD.findall(unicodedata.normalize("NFKC", title or "").casefold()))


def _pairs(text: str) -> Counter[str]:
    return Counter(text[at : at + 2] for at in range(len(text) - 1))
