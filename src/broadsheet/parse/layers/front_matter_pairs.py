"""Front matter as keys and values with their places: YAML from the events of libyaml, TOML from the standard library.

Strings stay strings, and every value keeps its place. What the grammar refuses is read by `front_matter_lines`.
"""

import re
import tomllib
from collections.abc import Iterator
from datetime import date, time
from typing import Any, Final, NamedTuple

import yaml

from broadsheet.document import SourceText, concatenate
from broadsheet.parse.readings import trimmed

ESCAPE: Final = re.compile(
    r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r?\n[ \t]*|(.))|[ \t]*\r?\n\s*", re.DOTALL
)
SINGLE: Final = re.compile(r"'(')|[ \t]*\r?\n\s*")
TOML_KEY: Final = re.compile(r"^[ \t]*[\"']?([\w-]{1,60})[\"']?[ \t]*=[ \t]*", re.MULTILINE)
TOML_TABLE: Final = re.compile(r"^[ \t]*\[", re.MULTILINE)
TOML_BARE: Final = re.compile(r"[^#\r\n]*")
MAX_DEPTH: Final = 20


class Pair(NamedTuple):
    """One key and one value of it.

    Attributes:
        key: As written.
        value: As readers see it, with its place in the file.
        at: Where in the block the key stands.
    """

    key: str
    value: SourceText
    at: int


class UnusableError(Exception):
    """The block is not of the grammar we read; carries why and, if known, the 0-based line."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message, self.line = message, line


def read_yaml(block: SourceText) -> list[Pair]:
    """Every scalar of the top-level mapping, and every scalar of a list or mapping right below a key.

    JSON is read by the same events: it is YAML in flow style.

    Raises:
        UnusableError: If the block is not a YAML mapping, or uses aliases, anchors or deep nesting.
    """
    pairs: list[Pair] = []
    depth, key, at = 0, None, 0
    try:
        for event in yaml.parse(block.text, Loader=yaml.CBaseLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise UnusableError("aliases and anchors are not read", _line(event))
            if isinstance(event, yaml.ScalarEvent):
                if depth == 0:
                    raise UnusableError("one value, where keys with values were expected", _line(event))
                if depth == 1 and key is None:
                    key, at = event.value, event.start_mark.index if event.start_mark else 0
                elif key is not None and depth <= 2:
                    pairs.append(Pair(key, _scalar(block, event), at))
                    key = None if depth == 1 else key
            elif isinstance(event, yaml.CollectionStartEvent):
                if depth == 0 and not isinstance(event, yaml.MappingStartEvent):
                    raise UnusableError("a list, where keys with values were expected", _line(event))
                depth += 1
                if depth > MAX_DEPTH:
                    raise UnusableError(f"nested deeper than {MAX_DEPTH}", _line(event))
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
                key = None if depth == 1 else key
    except yaml.YAMLError as failure:
        mark = getattr(failure, "problem_mark", None)
        raise UnusableError(str(getattr(failure, "problem", None) or failure), mark.line if mark else None) from failure
    return pairs


def _line(event: yaml.Event) -> int | None:
    return event.start_mark.line if event.start_mark else None


def _scalar(block: SourceText, event: yaml.ScalarEvent) -> SourceText:
    """The value with its runs; escapes map to nothing, since their bytes do not spell the character."""
    if not event.start_mark or not event.end_mark:
        return SourceText(event.value)
    start, end = event.start_mark.index, event.end_mark.index
    if event.style in ("'", '"'):
        start, end = start + 1, end - 1
    raw = block.slice(start, end)
    if raw.text == event.value:
        return raw
    if event.style not in ("'", '"'):
        return SourceText(event.value)
    value = _pieces(raw, SINGLE if event.style == "'" else ESCAPE)
    return value if value.text == event.value else SourceText(event.value)


def _pieces(raw: SourceText, escape: re.Pattern[str]) -> SourceText:
    parts, position = [], 0
    for match in escape.finditer(raw.text):
        parts.append(raw.slice(position, match.start()))
        if match[1] and match[1] in "\"'\\/":
            parts.append(raw.slice(match.start(1), match.end(1)))
        elif match[0][0] == "\\" and match[0][1] not in "\r\n":
            event = next(e for e in yaml.parse(f'"{match[0]}"', Loader=yaml.CBaseLoader) if hasattr(e, "value"))
            parts.append(SourceText(event.value))
        elif match[0][0] != "\\":
            parts.append(SourceText(" "))
        position = match.end()
    parts.append(raw.slice(position, len(raw)))
    return concatenate(parts)


def read_toml(block: SourceText) -> list[Pair]:
    """Every scalar of the top level, and every scalar of a list there, at the place a line reader finds it.

    Raises:
        UnusableError: If the block is not TOML, or nests deeper than front matter does.
    """
    if any(line.partition("=")[0].count(".") > MAX_DEPTH for line in block.text.splitlines()):
        raise UnusableError(f"nested deeper than {MAX_DEPTH}")
    try:
        values = tomllib.loads(block.text.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError) as failure:
        line = re.search(r"at line (\d+)", str(failure))
        raise UnusableError(str(failure) or "nested too deep", int(line[1]) - 1 if line else None) from failure
    table = TOML_TABLE.search(block.text)
    keys = list(TOML_KEY.finditer(block.text))
    pairs: list[Pair] = []
    for number, match in enumerate(keys):
        value = values.get(match[1])
        if value is None or (table and match.start() > table.start() and not _continues(block.text, keys, number)):
            continue
        pairs += (Pair(match[1], text, match.start(1)) for text in _toml_values(block, match.end(), value))
        del values[match[1]]
    return pairs


def _continues(text: str, keys: list[re.Match[str]], number: int) -> bool:
    """Whether the bracket at the start of a line before this key belongs to a list, not to a table."""
    before = text[: keys[number].start()]
    return not re.search(r"^[ \t]*\[[^\]\n,]*\][ \t]*(?:#.*)?\r?$", before, re.MULTILINE)


def _toml_values(block: SourceText, start: int, value: Any) -> Iterator[SourceText]:
    if isinstance(value, str):
        yield _located(block, start, value)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, str):
                text = _located(block, start, item)
                span = text.source_span()
                start = max(start, block.text.find(item, start) + len(item)) if span else start
                yield text
    elif isinstance(value, date | time | int | float):
        raw = TOML_BARE.match(block.text, start)
        yield trimmed(block.slice(*raw.span())) if raw else SourceText(str(value))


def _located(block: SourceText, start: int, value: str) -> SourceText:
    """A string where it stands at or behind `start`; without a place if it is written with escapes."""
    at = block.text.find(value, start) if value else -1
    return block.slice(at, at + len(value)) if at >= 0 else SourceText(value)
