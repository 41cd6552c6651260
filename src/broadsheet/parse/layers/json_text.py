"""JSON with places: where in the text every value stands, and the text of a string with its runs."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from broadsheet.document import SourceText, concatenate

TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\],:]|[^\s"{}\[\],:]++', re.S)
ESCAPE: Final = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.S)
ITSELF: Final = frozenset('"\\/')
SPACES: Final = {"n": "\n", "t": "\t", "r": "\r", "f": "\f"}

Kind = Literal["object", "array", "string", "other"]


@dataclass(slots=True)
class Value:
    """One JSON value.

    Attributes:
        kind: `other` is a number, true, false or null.
        start: Where it starts in the text, its quotes or brackets included.
        end: Where it ends.
        names: Keys of an object, as they stand between their quotes.
        values: The values of an object or an array.
    """

    kind: Kind
    start: int
    end: int = 0
    names: list[str] = field(default_factory=list)
    values: list["Value"] = field(default_factory=list)

    def members(self) -> Iterator[tuple[str, "Value"]]:
        """The pairs of an object."""
        return zip(self.names, self.values, strict=True) if self.kind == "object" else iter(())


def is_json(text: str, start: int = 0, end: int | None = None) -> bool:
    """Whether a stretch of text is one JSON value, by Python's own reader."""
    try:
        json.loads(text[start:end])
    except (ValueError, RecursionError):
        return False
    return True


def scan(text: str, start: int = 0, end: int | None = None) -> Value:
    """The value that a stretch of valid JSON holds, in one pass without recursion."""
    top = Value("array", start)
    open_values = [top]
    key: str | None = None
    for token in TOKEN.finditer(text, start, len(text) if end is None else end):
        mark = text[token.start()]
        around = open_values[-1]
        if mark in "]}":
            open_values.pop().end = token.end()
            continue
        if mark in ",:":
            continue
        if around.kind == "object" and key is None:
            key = token[0][1:-1]
            continue
        kind: Kind = "object" if mark == "{" else "array" if mark == "[" else "string" if mark == '"' else "other"
        value = Value(kind, token.start(), token.end())
        around.values.append(value)
        if around.kind == "object":
            around.names.append(key or "")
            key = None
        if kind in ("object", "array"):
            open_values.append(value)
    return top.values[0]


def string(source: SourceText, value: Value) -> SourceText:
    """The text of a string (or of a number, as it stands).

    An escape stands for its bytes as a whole. White space that is written as an escape stands nowhere: no comparison
    of the bytes with the text could find it.
    """
    if value.kind != "string":
        return source.slice(value.start, value.end)
    start, end = value.start + 1, value.end - 1
    if source.text.find("\\", start, end) < 0:
        return source.slice(start, end)
    parts: list[SourceText] = []
    position = start
    for match in ESCAPE.finditer(source.text, start, end):
        if match.start() > position:
            parts.append(source.slice(position, match.start()))
        position = match.end()
        if match[0][1] in ITSELF:
            parts.append(source.slice(match.start() + 1, match.end()))
            continue
        if match[0][1] in SPACES:
            parts.append(SourceText(SPACES[match[0][1]]))
            continue
        decoded = str(json.loads(f'"{match[0]}"')).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        place = None if decoded.isspace() else source.source_span(*match.span())
        parts.append(
            SourceText.replaced(decoded, place.start, place.end - place.start) if place else SourceText(decoded)
        )
    parts.append(source.slice(position, end))
    return concatenate(parts)
