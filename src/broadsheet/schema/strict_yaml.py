"""YAML as configuration needs it: small, shallow, without surprises, and every value knows its line.

The scalars are those of YAML 1.2's core schema, narrowed: only `true` and `false` are booleans, only plain decimal
numbers are numbers, and `null`, `~` and nothing are null; `no`, `012` and dates stay strings. Anchors, aliases, tags,
merge keys, duplicate keys and several documents in one file are refused. The text is read as a stream of events with
counters, so that neither depth nor aliases can exhaust the stack or the memory.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import yaml as pyyaml

from broadsheet.findings import BroadsheetError, error

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 30
MAX_NODES: Final = 50_000

_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_FLOAT: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,30})?(?:[eE][-+]?[0-9]{1,2})?")
_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None, "~": None, "": None}
_LOADER: Final[Any] = getattr(pyyaml, "CSafeLoader", pyyaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Yaml:
    """A document that was read.

    Attributes:
        value: Plain dict (keys are strings), list, str, int, float, bool or None.
        path: File as shown to the user.
        lines: 1-based line of every key and item, by the keys and indexes that lead to it.
    """

    value: Any
    path: str
    lines: Mapping[tuple[str | int, ...], int]

    def line(self, *keys: str | int) -> int | None:
        """The line of a key or item, or of the nearest parent that has one."""
        for length in range(len(keys), -1, -1):
            found = self.lines.get(keys[:length])
            if found is not None:
                return found
        return None

    def error(self, message: str, *keys: str | int, code: str = "value-invalid") -> BroadsheetError:
        """The exception for something wrong at a key or item, to be raised by the caller."""
        return error(code, message, path=self.path, line=self.line(*keys))


@dataclass(slots=True)
class _Open:
    """A mapping or list that is not closed yet."""

    node: dict[str, Any] | list[Any]
    keys: tuple[str | int, ...]
    key: str | None = None


def read_yaml(file: Path, shown: str | None = None, *, scale: int = 1) -> Yaml:
    """Read a file.

    Args:
        file: The file; UTF-8, with or without a byte order mark.
        shown: How messages name it.
        scale: How many times larger than others it may be.

    Raises:
        BroadsheetError: `file-unreadable`, or as `parse_yaml`.
    """
    path = shown or file.as_posix()
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES * scale + 1)
    except OSError as problem:
        raise error("file-unreadable", f"cannot read it: {problem.strerror or problem}", path=path) from problem
    if len(data) > MAX_BYTES * scale:
        raise error("yaml-limit", f"more than {MAX_BYTES * scale:,} bytes", path=path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise error("yaml-invalid", f"not UTF-8 at byte {problem.start}", path=path, line=line) from problem
    return parse_yaml(text, path, scale=scale)


def parse_yaml(text: str, path: str = "<text>", *, scale: int = 1) -> Yaml:
    """Read a text.

    Args:
        text: One YAML document.
        path: How messages name it.
        scale: How many times larger than others it may be.

    Raises:
        BroadsheetError: `yaml-invalid`, `yaml-limit` or `yaml-duplicate-key`, with path and line.
    """
    text = text.removeprefix("\ufeff")
    try:
        size = len(text.encode())
    except UnicodeEncodeError as problem:
        line = text.count("\n", 0, problem.start) + 1
        raise error("yaml-invalid", "half of a surrogate pair", path=path, line=line) from problem
    if size > MAX_BYTES * scale:
        raise error("yaml-limit", f"more than {MAX_BYTES * scale:,} bytes", path=path)
    try:
        return _Composer(path, MAX_NODES * scale).document(pyyaml.parse(text, Loader=_LOADER))
    except pyyaml.YAMLError as problem:
        raise error("yaml-invalid", _reason(problem), path=path, line=_line(problem, text)) from problem


def _reason(problem: pyyaml.YAMLError) -> str:
    reason = getattr(problem, "problem", None) or getattr(problem, "reason", None) or "not YAML"
    context = getattr(problem, "context", None)
    return f"{reason} ({context})" if context else str(reason)


def _line(problem: pyyaml.YAMLError, text: str) -> int | None:
    mark = getattr(problem, "problem_mark", None) or getattr(problem, "context_mark", None)
    if mark is not None:
        return int(mark.line) + 1
    position = getattr(problem, "position", None)
    return text.count("\n", 0, position) + 1 if isinstance(position, int) else None


class _Composer:
    """Builds values from events without recursion."""

    def __init__(self, path: str, most: int) -> None:
        self.path = path
        self.most = most
        self.lines: dict[tuple[str | int, ...], int] = {}
        self.open: list[_Open] = []
        self.root: Any = None
        self.nodes = 0
        self.documents = 0

    def document(self, events: Iterator[Any]) -> Yaml:
        for event in events:
            self.take(event, event.start_mark.line + 1)
        return Yaml(self.root, self.path, self.lines)

    def take(self, event: Any, line: int) -> None:
        if isinstance(event, pyyaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1 or event.tags:
                raise self.invalid("a second document" if self.documents > 1 else "a %TAG directive", line)
        elif isinstance(event, pyyaml.AliasEvent):
            raise self.invalid(f"the alias *{event.anchor}", line)
        elif isinstance(event, pyyaml.CollectionEndEvent):
            self.open.pop()
        elif isinstance(event, pyyaml.NodeEvent):
            self.node(event, line)

    def node(self, event: Any, line: int) -> None:
        self.nodes += 1
        if self.nodes > self.most:
            raise error("yaml-limit", f"more than {self.most:,} values", path=self.path, line=line)
        if event.anchor is not None:
            raise self.invalid(f"the anchor &{event.anchor}", line)
        if event.tag is not None:
            raise self.invalid(f"the tag {event.tag}", line)
        parent = self.open[-1] if self.open else None
        scalar = isinstance(event, pyyaml.ScalarEvent)
        if parent is not None and isinstance(parent.node, dict) and parent.key is None:
            if not scalar:
                raise self.invalid("a mapping or list as a key", line)
            self.key(parent, event, line)
            return
        if scalar:
            self.add(parent, _scalar(event.value) if event.implicit[0] else event.value, line)
            return
        if len(self.open) >= MAX_DEPTH:
            raise error("yaml-limit", f"nested deeper than {MAX_DEPTH} levels", path=self.path, line=line)
        value: dict[str, Any] | list[Any] = {} if isinstance(event, pyyaml.MappingStartEvent) else []
        self.open.append(_Open(value, self.add(parent, value, line)))

    def key(self, parent: _Open, event: Any, line: int) -> None:
        key = event.value
        if key == "" or (key == "<<" and event.implicit[0]):
            raise self.invalid("a merge key" if key else "an empty key", line)
        keys = (*parent.keys, key)
        if key in parent.node:
            message = f"the key {key!r} stands twice, first on line {self.lines[keys]}"
            raise error("yaml-duplicate-key", message, path=self.path, line=line)
        self.lines[keys] = line
        parent.key = key

    def add(self, parent: _Open | None, value: Any, line: int) -> tuple[str | int, ...]:
        """Put a value where it belongs; the keys that lead to it."""
        if parent is None:
            self.root = value
            self.lines[()] = line
            return ()
        keys: tuple[str | int, ...]
        if isinstance(parent.node, list):
            keys = (*parent.keys, len(parent.node))
            self.lines[keys] = line
            parent.node.append(value)
            return keys
        assert parent.key is not None  # `node` has seen to it
        keys = (*parent.keys, parent.key)
        parent.node[parent.key] = value
        parent.key = None
        return keys

    def invalid(self, what: str, line: int) -> BroadsheetError:
        return error("yaml-invalid", f"{what}, which is not allowed here", path=self.path, line=line)


def _scalar(text: str) -> str | int | float | bool | None:
    """The value of a plain scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def check_keys(
    yaml: Yaml,
    keys: tuple[str | int, ...],
    mapping: Mapping[str, Any],
    known: Collection[str],
    required: Collection[str] = (),
) -> None:
    """Refuse the first key that is not known or is missing.

    Args:
        yaml: The document, for path and lines.
        keys: Where in it the mapping stands.
        mapping: The mapping.
        known: Keys it may have.
        required: Keys it must have.

    Raises:
        BroadsheetError: `key-unknown`, naming the nearest known key, or `key-missing`.
    """
    for key in mapping:
        if key not in known:
            near = nearest(key, known)
            hint = f"did you mean {near!r}?" if near else f"known here: {', '.join(sorted(known))}"
            raise yaml.error(f"unknown key {key!r}; {hint}", *keys, key, code="key-unknown")
    for key in required:
        if key not in mapping:
            raise yaml.error(f"the key {key!r} is missing", *keys, code="key-missing")


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word most like this one, whatever its case; None if none is like it."""
    folded = {name.casefold(): name for name in sorted(known)}
    found = get_close_matches(word.casefold(), list(folded), 1, cutoff=0.6)
    return folded[found[0]] if found else None
