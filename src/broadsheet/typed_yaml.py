"""Typed access to a strictly read YAML document: what is not as expected is an error with file, line and key."""

import re
from collections.abc import Collection as Names
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Final

from broadsheet.findings import BroadsheetError, error
from broadsheet.schema.strict_yaml import Yaml, check_keys

Place = tuple[str | int, ...]

_SLUG: Final = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")


class Reader:
    """Typed access to a YAML document; what is not as expected becomes an error with its line."""

    def __init__(self, yaml: Yaml) -> None:
        self.yaml = yaml

    def wrong(self, place: Place, value: object, expected: str, code: str = "value-invalid") -> BroadsheetError:
        """The error for a value that is not what is expected at `place`."""
        shown = repr(value) if len(repr(value)) <= 80 else f"{repr(value)[:80]}…"
        return error(
            code,
            f"{dotted(place)} is {shown}; expected {expected}.",
            path=self.yaml.path,
            line=self.yaml.line(*place),
            field=dotted(place),
            sample=shown,
        )

    def mapping(self, place: Place, known: Names[str], required: Names[str] = ()) -> Mapping[str, Any]:
        """The mapping at `place`, its keys checked."""
        value: Any = self.yaml.value
        for key in place:
            value = value[key]
        if not isinstance(value, dict):
            raise self.wrong(place, value, f"a mapping with keys out of {', '.join(known)}")
        check_keys(self.yaml, place, value, known, required)
        return value

    def text(self, place: Place, mapping: Mapping[str, Any], key: str) -> str | None:
        """A string that is not blank, or None if the key is absent or null."""
        value = mapping.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            raise self.wrong((*place, key), value, "text (put numbers and true/false in quotes)")
        return value.strip()

    def slug(self, place: Place, mapping: Mapping[str, Any], key: str) -> str:
        """A name fit for files, addresses and ids."""
        value = mapping.get(key)
        if not isinstance(value, str) or not _SLUG.fullmatch(value):
            raise self.wrong((*place, key), value, "a slug: lower-case letters, digits, and single - _ . between them")
        return value

    def texts(self, place: Place, mapping: Mapping[str, Any], key: str) -> tuple[str, ...]:
        """A list of strings that are not blank."""
        indexes = self.indexes(place, mapping, key)
        for index in indexes:
            value = mapping[key][index]
            if not isinstance(value, str) or not value.strip():
                raise self.wrong((*place, key, index), value, "text")
        return tuple(mapping[key][index].strip() for index in indexes)

    def indexes(self, place: Place, mapping: Mapping[str, Any], key: str) -> range:
        """The indexes of a list; none if the key is absent or null."""
        value = mapping.get(key)
        if value is None:
            return range(0)
        if not isinstance(value, list):
            raise self.wrong((*place, key), value, "a list")
        return range(len(value))

    def choice(self, place: Place, mapping: Mapping[str, Any], key: str, choices: Names[str], default: str) -> str:
        """One of a few words."""
        value = self.text(place, mapping, key)
        if value is None:
            return default
        if value not in choices:
            near = get_close_matches(value, choices, 1)
            hint = f" (did you mean {near[0]!r}?)" if near else ""
            raise self.wrong((*place, key), value, f"one of {', '.join(choices)}{hint}")
        return value


def dotted(place: Place) -> str:
    """`("sources", 0, "files")` as `sources[0].files`."""
    out = ""
    for key in place:
        out += f"[{key}]" if isinstance(key, int) else f".{key}" if out else key
    return out or "the document"
