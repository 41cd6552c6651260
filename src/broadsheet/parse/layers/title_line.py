"""Bare text: a title on the first line, then the body, after an empty line or at once."""

import re
from typing import Final

from broadsheet.document import SourceText
from broadsheet.parse.bodies.plain import unescaped
from broadsheet.parse.readings import EDGE_SPACE, Peeled, Reading, trimmed

NAME: Final = "title_line"
FIRST: Final = re.compile(r"[\s\u200b-\u200f\ufeff]*+([^\r\n]{2,200})\r?\n([ \t]*\r?\n)?(?=\s*\S)")
SENTENCE_END: Final = "。；;，,：:！!…．"
LINE: Final = re.compile(r"[^\r\n]+")
NO_TITLE: Final = re.compile(
    r"[（(【□■◎●]|.{0,8}(?:记者|記者|通讯员|特派员)|.{0,16}\d日(?:电|電|讯|訊)|(?:作者|来源|來源|时间|時間|编辑|关键[字词]|标题)\s*[:：]"
    r"|\d{1,2}[.、．]|[一二三四五六七八九十]{1,3}、"
)
SHORT, LONG, LOOK = 45, 60, 3


def peel(source: SourceText) -> Peeled | None:
    """The title line and the text below; None if the first line is a paragraph like the others."""
    first = FIRST.match(source.text)
    if not first:
        return None
    title = trimmed(unescaped(source.slice(*first.span(1))))
    if not title or title.text[-1] in SENTENCE_END or "。" in title.text:
        return None
    lengths = [len(match[0].strip(EDGE_SPACE)) for match in LINE.finditer(source.text, first.end())]
    if len(title) >= max(lengths):
        return None
    if not first[2] and not _stands_alone(title.text, [length for length in lengths if length][:LOOK]):
        return None
    reading = Reading("title", title, "header", f"{NAME}.title")
    return Peeled(NAME, source.slice(first.end(), len(source)), (reading,), body="plain")


def _stands_alone(title: str, following: list[int]) -> bool:
    """Whether a line right above the text is its title: short, no byline, and a real paragraph follows soon."""
    return len(title) <= SHORT and max(following, default=0) >= LONG and not NO_TITLE.match(title)
