"""Front matter as people write it: line by line, with what had to be mended said for each line."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from broadsheet.document import SourceText, concatenate
from broadsheet.parse.layers.front_matter_pairs import Pair
from broadsheet.parse.readings import trimmed

LINE: Final = re.compile(r"[^\n]*(?:\n|$)")
CHINESE_KEYS: Final = "标题|標題|作者|日期|时间|時間|来源|來源|链接|連結|标签|標籤|分类|分類"
KEY: Final = re.compile(
    rf"([ \t]{{0,3}})([A-Za-z_][\w.-]{{0,40}}?|{CHINESE_KEYS})([ \t]*(?::(?!//)|：))([ \t\u3000]*)(.*)$"
)
TOML_KEY: Final = re.compile(r"([ \t]{0,3})([A-Za-z_][\w.-]{0,40}?)([ \t]*=)([ \t]*)(.*)$")
INSIDE: Final = re.compile(r"[ \t]*(?:-[ \t]|-\r?$|#|[}\]]|\r?$)|[ \t]{2,}|\t")
ITEM: Final = re.compile(r"[ \t]*-[ \t]+(.*)$")
PART: Final = re.compile(r"[^,，\[\]]+")
DOUBLE_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*+"\s*(?:#.*)?$')
SINGLE_QUOTED: Final = re.compile(r"'(?:[^']|'')*+'\s*(?:#.*)?$")
BAD_ESCAPE: Final = re.compile(r"\\[^0abtnvfre \"/\\N_LPxuU\t]")
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+")
NEEDS_QUOTES: Final = re.compile(r"[@`%!{}\]|>,]|.*?:(?:\s|$)")


class Mend(NamedTuple):
    """What was mended in the block, from `start` to `end`."""

    message: str
    start: int
    end: int


def read_lines(block: SourceText, key: re.Pattern[str] = KEY) -> tuple[list[Pair], list[Mend]]:
    """Key and value of every line: any colon, quotes that do not match, lists one item a line or in brackets.

    Args:
        block: The lines between the fences.
        key: How a line with a key looks; five groups as in `KEY`.
    """
    pairs: list[Pair] = []
    mends: list[Mend] = []
    name, at = "", 0
    for match in LINE.finditer(block.text):
        line = match[0].rstrip("\r\n")
        start, end = match.start(), match.start() + len(line)
        if not line:
            continue
        if found := key.match(line):
            name, at = found[2], start + found.start(2)
            value = trimmed(block.slice(start + found.start(5), end))
            mends += (Mend(f"{what} ({name})", start, end) for what in _wrong(found, value.text))
            pairs += (Pair(name, text, at) for text in _values(value))
        elif name and (item := ITEM.match(line)):
            if not item[1].startswith(("&", "*")):
                pairs.append(Pair(name, _unquoted(block.slice(start + item.start(1), end)), at))
        elif not INSIDE.match(line):
            mends.append(Mend("left out, neither a key nor a part of a value", start, end))
    return pairs, mends


def _values(value: SourceText) -> Iterator[SourceText]:
    if CONTROL.search(value.text):
        value = concatenate(
            value.slice(*m.span()) for m in re.finditer(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+", value.text)
        )
    if value.text.startswith("[") and value.text.endswith("]"):
        for part in PART.finditer(value.text):
            yield _unquoted(value.slice(*part.span()))
    elif not value.text.startswith(("&", "*", "|", ">")):
        yield _unquoted(value)


def _wrong(found: re.Match[str], value: str) -> Iterator[str]:
    """What no YAML reader would take in a line with a key."""
    if found[3].endswith("："):
        yield "full-width colon read as a colon"
    elif found[3].endswith(":") and found[5] and not found[4]:
        yield "no blank after the colon"
    if CONTROL.search(value):
        yield "control characters left out"
    if value[:1] == '"':
        if not DOUBLE_QUOTED.match(value):
            yield "quotes that do not match"
        elif BAD_ESCAPE.search(value):
            yield "an escape that YAML does not know, kept as printed"
    elif value[:1] == "'":
        if not SINGLE_QUOTED.match(value):
            yield "quotes that do not match"
    elif value[:1] in ("&", "*", "|", ">"):
        yield "value left out, it is not read line by line"
    elif value[:1] != "[" and NEEDS_QUOTES.match(value):
        yield "value that needs quotes"


def _unquoted(value: SourceText) -> SourceText:
    value = trimmed(value)
    text, depth = value.text, 0
    while len(text) - 2 * depth > 1 and text[depth] == text[-1 - depth] and text[depth] in "\"'":
        depth += 1
    return trimmed(value.slice(depth, len(text) - depth))
