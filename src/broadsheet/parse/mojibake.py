"""Mojibake: text that was decoded with the wrong codec before it reached us. It is flagged, never repaired.

Each sign is a sequence that its wrong decoding makes all the time and that no one writes; most files are cleared by a
few searches for a character.
"""

import re
from dataclasses import dataclass
from typing import Final

from broadsheet.document import Reject, Span
from broadsheet.parse.readings import places

_REST: Final = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
"""What bytes 80 to BF become in Latin-1 and Windows-1252."""
ENOUGH: Final = 2
LOSS: Final = "\ufffd"


@dataclass(frozen=True, slots=True)
class _Sign:
    """One kind of damage.

    Attributes:
        marks: Characters one of which begins every damaged stretch; looked for first because that is cheap.
        pattern: The damage.
        cause: How it came about.
        sure: One match is enough.
    """

    marks: str
    pattern: re.Pattern[str]
    cause: str
    sure: bool = False


SIGNS: Final = (
    _Sign(
        "âï",
        re.compile(f"â[€\x80]{_REST}|ï»¿|ï¿½"),
        "UTF-8 read as Windows-1252",
        sure=True,
    ),
    _Sign("ÃÂ", re.compile(f"[ÃÂ]{_REST}"), "UTF-8 read as Windows-1252"),
    _Sign(
        "åæçäèéãï",
        re.compile(f"(?:[ä-éã]{_REST}{{2}}|ï¼{_REST}){{2}}"),
        "UTF-8 read as Windows-1252",
    ),
    _Sign("锟", re.compile("(?:锟斤拷)+"), "lost characters read as GBK", sure=True),
    _Sign(
        "鈥銆锛紝",
        re.compile(r"鈥[\u4e00-\u9fff€]|[銆锛][\u4e00-\u9fff€?\ufffd]|(?<=[\u4e00-\u9fff])紝"),
        "UTF-8 read as GBK",
    ),
    _Sign("嚗", re.compile(r"嚗[\u4e00-\u9fff\ue000-\uf8ff]"), "UTF-8 read as Big5"),
    _Sign("µ£¡", re.compile("(?:µÄ|£¬|¡£)(?=[\xa1-\xfe]{2})"), "GBK read as Latin-1"),
    _Sign(LOSS, re.compile(f"{LOSS}+"), "characters lost before the file was collected", sure=True),
)
WIDE_SIGNS: Final = tuple(sign for sign in SIGNS if sign.marks[0] > "\xff")


def find(text: str, lossy: frozenset[int] = frozenset(), *, latin: bool = True) -> list[Reject]:
    """One reject for each kind of damage, with its first place and how often it stands in the file.

    Args:
        text: The decoded file.
        lossy: Places of U+FFFD that stand for bytes we could not decode ourselves, reported elsewhere.
        latin: Whether there may be characters U+0080 to U+00FF in it.
    """
    if text.isascii():
        return []
    return [reject for sign in (SIGNS if latin else WIDE_SIGNS) for reject in _rejects(text, sign, lossy)]


def _rejects(text: str, sign: _Sign, lossy: frozenset[int]) -> list[Reject]:
    spans: list[tuple[int, int]] = []
    for at in places(text, sign.marks):
        match = sign.pattern.match(text, at) if at not in lossy and (not spans or at >= spans[-1][1]) else None
        if match:
            spans.append(match.span())
    if len(spans) < (1 if sign.sure else ENOUGH):
        return []
    start, end = spans[0]
    message = f"Text decoded wrongly before it was collected ({sign.cause}) at {len(spans)} places."
    return [Reject("text-mojibake", message, value=text[max(start - 10, 0) : end + 10], span=Span(start, end))]
