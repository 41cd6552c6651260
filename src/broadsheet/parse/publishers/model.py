"""Publisher profiles: what one publisher does, declared in YAML and read once."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

from broadsheet.document import Basis
from broadsheet.findings import BroadsheetError
from broadsheet.parse.fields.dates import Order, zone_of
from broadsheet.schema.strict_yaml import Yaml, check_keys, read_yaml

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
CONDITIONS: Final = ("matches", "inside", "outside", "class", "marks", "after", "before", "max", "date", "own_link")
RULE_KEYS: Final = ("role", "cut", *CONDITIONS)
LAYOUT_KEYS: Final = ("id", "probe", "zone", "zone_of", "head", "any", "tail")
PROFILE_KEYS: Final = (
    "id",
    "name",
    "aliases",
    "domains",
    "zone",
    "date_order",
    "title_suffixes",
    "datelines",
    "captions",
    "head",
    "any",
    "tail",
    "layouts",
)
GENERIC: Final = "generic"
FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of a node; every part given must.

    Attributes:
        matches: Found in the text.
        inside: One of these elements is around it.
        outside: None of these elements is around it.
        classes: Found in the `class` and `id` values around it.
        marks: All of the text stands in each of these inline elements.
        after: What stands right before it: `image`.
        before: What stands right behind it: `date`.
        max: Longest text in code points.
        date: The text is a date and nothing else.
        own_link: The text is one link, to a page (not the home page) of the publisher's own domain.
    """

    matches: re.Pattern[str] | None = None
    inside: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()
    classes: re.Pattern[str] | None = None
    marks: frozenset[str] = frozenset()
    after: str | None = None
    before: str | None = None
    max: int | None = None
    date: bool = False
    own_link: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """What a node is, where a condition holds.

    Attributes:
        id: `profile.part.number`, as candidates name it.
        role: What the node is.
        when: The condition.
        cut: Only the matched part is that; what is left of it stays body text.
    """

    id: str
    role: Role
    when: Condition
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules by where they look: from the start while they hold, anywhere, from the end while they hold."""

    head: tuple[Rule, ...] = ()
    any: tuple[Rule, ...] = ()
    tail: tuple[Rule, ...] = ()

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
        date_order: How it writes numeric dates.
        title_suffixes: What feeds append to titles.
        datelines: Patterns of datelines at the start of the first paragraph.
        captions: Patterns that part a caption into `caption` and `credit`.
        layouts: Tried in order; the last has no probe.
    """

    id: str
    name: str | None
    aliases: tuple[str, ...]
    domains: tuple[str, ...]
    date_order: Order | None
    title_suffixes: tuple[re.Pattern[str], ...]
    datelines: tuple[re.Pattern[str], ...]
    captions: tuple[re.Pattern[str], ...]
    layouts: tuple[Layout, ...]


@cache
def profiles() -> dict[str, Profile]:
    """All profiles by id, the generic one among them.

    Raises:
        BroadsheetError: If a profile is not well formed.
    """
    generic = load(FOLDER / f"{GENERIC}.yaml", None)
    found = {GENERIC: generic}
    for file in sorted(FOLDER.glob("*.yaml")):
        if file.stem != GENERIC:
            found[file.stem] = load(file, generic)
    return found


def load(file: Path, generic: Profile | None) -> Profile:
    """Read one profile; the rules of `generic` are appended to each of its layouts.

    Raises:
        BroadsheetError: If a key, a pattern, a role or a zone is wrong, with file and line.
    """
    yaml = read_yaml(file, shown=file.name)
    value: dict[str, Any] = yaml.value
    check_keys(yaml, (), value, PROFILE_KEYS, ("id", "name", "layouts"))
    if value["id"] != file.stem:
        raise yaml.error(f"id {value['id']!r}, expected the file name {file.stem!r}", "id")
    shared = _rules(yaml, (), value, value["id"])
    inherited = generic.layouts[-1].rules if generic else Rules()
    layouts = []
    for number, item in enumerate(value["layouts"]):
        check_keys(yaml, ("layouts", number), item, LAYOUT_KEYS, ("id",))
        own = _rules(yaml, ("layouts", number), item, f"{value['id']}.{item['id']}")
        probe = _condition(yaml, ("layouts", number, "probe"), item["probe"]) if "probe" in item else None
        zone = item.get("zone", value.get("zone"))
        if zone and zone_of(zone) is None:
            raise yaml.error(f"zone {zone!r} is no offset, UTC or IANA name", "layouts", number, "zone")
        layouts.append(Layout(item["id"], probe, zone, frozenset(item.get("zone_of", ())), own + shared + inherited))
    if layouts[-1].probe is not None:
        raise yaml.error("the last layout must fit any body: leave out its probe", "layouts", len(layouts) - 1)
    return Profile(
        id=value["id"],
        name=value["name"],
        aliases=tuple(value.get("aliases", ())),
        domains=tuple(value.get("domains", ())),
        date_order=value.get("date_order"),
        title_suffixes=_patterns(yaml, value, "title_suffixes"),
        datelines=_patterns(yaml, value, "datelines") + (generic.datelines if generic else ()),
        captions=_patterns(yaml, value, "captions"),
        layouts=tuple(layouts),
    )


def _rules(yaml: Yaml, keys: tuple[str | int, ...], value: dict[str, Any], name: str) -> Rules:
    parts = []
    for part in ("head", "any", "tail"):
        rules = []
        for number, item in enumerate(value.get(part) or ()):
            place = (*keys, part, number)
            check_keys(yaml, place, item, RULE_KEYS, ("role",))
            if item["role"] not in get_args(Role):
                raise yaml.error(f"role {item['role']!r}, expected one of {', '.join(get_args(Role))}", *place, "role")
            when = _condition(yaml, place, {k: v for k, v in item.items() if k in CONDITIONS})
            rules.append(Rule(f"{name}.{part}.{number}", item["role"], when, item.get("cut", False)))
        parts.append(tuple(rules))
    return Rules(*parts)


def _condition(yaml: Yaml, keys: tuple[str | int, ...], value: dict[str, Any]) -> Condition:
    check_keys(yaml, keys, value, CONDITIONS)
    return Condition(
        matches=_pattern(yaml, (*keys, "matches"), value.get("matches")),
        inside=frozenset(value.get("inside", ())),
        outside=frozenset(value.get("outside", ())),
        classes=_pattern(yaml, (*keys, "class"), value.get("class")),
        marks=frozenset(value.get("marks", ())),
        after=value.get("after"),
        before=value.get("before"),
        max=value.get("max"),
        date=value.get("date", False),
        own_link=value.get("own_link", False),
    )


def _patterns(yaml: Yaml, value: dict[str, Any], key: str) -> tuple[re.Pattern[str], ...]:
    found = (_pattern(yaml, (key, number), item) for number, item in enumerate(value.get(key, ())))
    return tuple(pattern for pattern in found if pattern)


def _pattern(yaml: Yaml, keys: tuple[str | int, ...], text: str | None) -> re.Pattern[str] | None:
    if text is None:
        return None
    try:
        return re.compile(text)
    except re.error as problem:
        raise _not_a_pattern(yaml, keys, problem) from problem


def _not_a_pattern(yaml: Yaml, keys: tuple[str | int, ...], problem: re.error) -> BroadsheetError:
    return yaml.error(f"not a regular expression: {problem}", *keys)
