"""Publisher profiles: what one publisher does, as `load` reads it from YAML."""

import re
from dataclasses import dataclass, field
from typing import Final, Literal

from broadsheet.document import Basis
from broadsheet.parse.fields.dates import Order
from broadsheet.parse.publishers.sieve import Sieve

Role = Literal[
    "body",
    "subheading",
    "byline",
    "date",
    "section",
    "caption",
    "credit",
    "agencies",
    "translator",
    "original",
    "url",
    "tags",
    "notice",
    "promotion",
    "related",
    "note",
    "truncated",
]
GROUPS: Final = {
    "authors": "author",
    "published": "published",
    "agencies": "agency",
    "translator": "translator",
    "publisher": "publisher",
    "section": "section",
}
CONDITIONS: Final = (
    "matches",
    "has",
    "inside",
    "outside",
    "class",
    "marks",
    "after",
    "before",
    "max",
    "date",
    "own_link",
)
RULE_KEYS: Final = ("role", "cut", "rest", *CONDITIONS)
LAYOUT_KEYS: Final = ("id", "probe", "zone", "zone_of", "head", "any", "tail")
PROFILE_KEYS: Final = (
    "id",
    "name",
    "aliases",
    "domains",
    "platform",
    "zone",
    "date_order",
    "url_dates",
    "title_suffixes",
    "datelines",
    "captions",
    "icons",
    "head",
    "any",
    "tail",
    "layouts",
)
GENERIC: Final = "generic"


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of a node; every part given must.

    Attributes:
        matches: Found in the text.
        has: Words, one of which stands in every text `matches` is found in: most texts are spared the search.
        inside: One of these elements is around it.
        outside: None of these elements is around it.
        classes: Found in the `class` and `id` values around it.
        marks: All of the text stands in each of these inline elements.
        after: What stands right before it: `image`.
        before: What stands right behind it: `date`.
        max: Longest text in code points.
        date: The text is a date and nothing else.
        own_link: The text is one link, to a page (not the home page) of the publisher's own domain.
        anchored: `matches` begins with `^`: it is tried at the start of the text alone.
    """

    matches: re.Pattern[str] | None = None
    has: tuple[str, ...] = ()
    inside: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()
    classes: re.Pattern[str] | None = None
    marks: frozenset[str] = frozenset()
    after: str | None = None
    before: str | None = None
    max: int | None = None
    date: bool = False
    own_link: bool = False
    anchored: bool = False

    @property
    def placed(self) -> bool:
        """Whether it asks only where a node stands and how long it is, nothing of its words."""
        return self.matches is None and self.before is None and not self.date and not self.own_link

    def match(self, text: str) -> re.Match[str] | None:
        """Where `matches` is found in a text; None if it is not, or is not asked for."""
        if self.matches is None:
            return None
        return self.matches.match(text) if self.anchored else self.matches.search(text)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a node is, where a condition holds.

    Attributes:
        id: `profile.part.number`, as candidates name it.
        role: What the node is.
        when: The condition.
        cut: Only the matched part is that; what is left of it stays body text.
        rest: The article ends there: what stands behind it, images included, is no part of it. For `any` rules.
    """

    id: str
    role: Role
    when: Condition
    cut: bool = False
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules by where they look.

    Attributes:
        head: From the start while they hold. A short line that says it is a byline, note or translator may also stand
            behind a lead, among the first blocks.
        any: Anywhere.
        tail: From the end while they hold.
    """

    head: Sieve = field(default_factory=Sieve)
    any: Sieve = field(default_factory=Sieve)
    tail: Sieve = field(default_factory=Sieve)

    def __add__(self, other: "Rules") -> "Rules":
        return Rules(self.head + other.head, self.any + other.any, self.tail + other.tail)


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout of a publisher.

    Attributes:
        id: Its name.
        probe: What one of the first nodes fulfils in this layout; None fits any body.
        zone: Zone of the naive clocks it prints; None if nothing documents it.
        zone_of: The places of a date that `zone` holds for; empty for all.
        rules: Its own, then the profile's, then the generic ones.
    """

    id: str
    probe: Condition | None
    zone: str | None
    zone_of: frozenset[Basis]
    rules: Rules


@dataclass(frozen=True, slots=True)
class Profile:
    """All that is known of one publisher.

    Attributes:
        id: File name without suffix.
        name: Short canonical name; None for the generic profile.
        aliases: Other names it goes by, as files print them.
        domains: Its hosts.
        platform: Others publish there: who the file names as author is the publisher.
        date_order: How it writes numeric dates.
        url_dates: Patterns that find `year`, `month` and `day` in the addresses of its articles.
        title_suffixes: What feeds append to titles.
        datelines: Patterns of datelines at the start of the first paragraph.
        captions: Patterns that part a caption into `caption` and, where there is one, `credit`.
        icons: Patterns found in the addresses of images that are no pictures: buttons, counters, blanks.
        layouts: Tried in order; the last has no probe.
    """

    id: str
    name: str | None
    aliases: tuple[str, ...]
    domains: tuple[str, ...]
    platform: bool
    date_order: Order | None
    url_dates: tuple[re.Pattern[str], ...]
    title_suffixes: tuple[re.Pattern[str], ...]
    datelines: tuple[re.Pattern[str], ...]
    captions: tuple[re.Pattern[str], ...]
    icons: tuple[re.Pattern[str], ...]
    layouts: tuple[Layout, ...]

    def day_in(self, url: str) -> str | None:
        """The day an address names in the publisher's own way, as ISO; None if it names none."""
        matches = (pattern.search(url) for pattern in self.url_dates)
        return next((f"{m['year']}-{m['month']}-{m['day']}" for m in matches if m), None)
