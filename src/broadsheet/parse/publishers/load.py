"""Reading publisher profiles: one YAML file each, checked as strictly as it can be."""

import re
from functools import cache
from pathlib import Path
from typing import Any, Final, get_args

from broadsheet.parse.fields.dates import zone_of
from broadsheet.parse.publishers.model import (
    CONDITIONS,
    GENERIC,
    GROUPS,
    LAYOUT_KEYS,
    PROFILE_KEYS,
    RULE_KEYS,
    Condition,
    Layout,
    Profile,
    Role,
    Rule,
    Rules,
)
from broadsheet.parse.publishers.sieve import Sieve
from broadsheet.schema.strict_yaml import Yaml, check_keys, read_yaml

FOLDER: Final = Path(__file__).parent
PARTS: Final = ("caption", "credit", "year", "month", "day")
"""Groups that are no field of the article: parts of a caption, of a date in an address."""


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
        platform=value.get("platform", False),
        date_order=value.get("date_order"),
        url_dates=_patterns(yaml, value, "url_dates"),
        title_suffixes=_patterns(yaml, value, "title_suffixes"),
        datelines=_patterns(yaml, value, "datelines") + (generic.datelines if generic else ()),
        captions=_patterns(yaml, value, "captions"),
        icons=_patterns(yaml, value, "icons") + (generic.icons if generic else ()),
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
            cut, rest = item.get("cut", False), item.get("rest", False)
            rules.append(Rule(f"{name}.{part}.{number}", item["role"], when, cut, rest))
        parts.append(Sieve(rules))
    return Rules(*parts)


def _condition(yaml: Yaml, keys: tuple[str | int, ...], value: dict[str, Any]) -> Condition:
    check_keys(yaml, keys, value, CONDITIONS)
    for key in ("has", "inside", "outside", "marks"):
        if not isinstance(value.get(key, []), list):
            raise yaml.error(f"{key}: {value[key]!r}, expected a list", *keys, key)
    matches = _pattern(yaml, (*keys, "matches"), value.get("matches"))
    if matches and matches.pattern.startswith("^") and _has_branches(matches.pattern):
        raise yaml.error(f"^ holds for the first branch of {matches.pattern!r} alone; put (?:…) around all", *keys)
    return Condition(
        matches=matches,
        has=tuple(value.get("has", ())),
        inside=frozenset(value.get("inside", ())),
        outside=frozenset(value.get("outside", ())),
        classes=_pattern(yaml, (*keys, "class"), value.get("class")),
        marks=frozenset(value.get("marks", ())),
        after=value.get("after"),
        before=value.get("before"),
        max=value.get("max"),
        date=value.get("date", False),
        own_link=value.get("own_link", False),
        anchored=matches is not None and matches.pattern.startswith("^"),
    )


def _has_branches(pattern: str) -> bool:
    """Whether a regular expression has a `|` outside all brackets."""
    bare = re.sub(r"\\.|\[\^?\]?[^\]\\]*(?:\\.[^\]\\]*)*\]", "", pattern)
    depth = 0
    for character in bare:
        depth += (character == "(") - (character == ")")
        if character == "|" and not depth:
            return True
    return False


def _patterns(yaml: Yaml, value: dict[str, Any], key: str) -> tuple[re.Pattern[str], ...]:
    found = (_pattern(yaml, (key, number), item) for number, item in enumerate(value.get(key, ())))
    return tuple(pattern for pattern in found if pattern)


def _pattern(yaml: Yaml, keys: tuple[str | int, ...], text: str | None) -> re.Pattern[str] | None:
    if text is None:
        return None
    try:
        pattern = re.compile(text)
    except re.error as problem:
        raise yaml.error(f"not a regular expression: {problem}", *keys) from problem
    for name in pattern.groupindex:
        if name not in GROUPS and name not in PARTS:
            raise yaml.error(f"group {name!r}, expected one of {', '.join((*GROUPS, *PARTS))}", *keys)
    return pattern
