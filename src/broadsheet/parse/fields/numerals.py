"""Numbers in Chinese characters before the units of dates and clocks, and years of the Republic."""

import re
from typing import Final

DIGITS: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "Ｏ": 0, "元": 1, "两": 2}
TENS: Final = {"十": 10, "廿": 20, "卅": 30}
_RUN: Final = r"[〇○Ｏ零一二三四五六七八九十百廿卅元两]+"
RUN: Final = re.compile(_RUN + r"(?=\s*[年月日号號时時点點分秒])")
REPUBLIC: Final = re.compile(rf"(?:中華|中华)?民[國国]\s*({_RUN}|\d{{1,3}})\s*年")


def arabic(text: str) -> str:
    """The text with Chinese numbers before 年, 月, 日, 时, 分 in digits, and years of the Republic as common years."""
    if "民" in text:
        text = REPUBLIC.sub(lambda m: f"{1911 + (int(m[1]) if m[1].isdecimal() else number(m[1]))}年", text)
    return RUN.sub(lambda m: str(number(m[0])), text)


def number(characters: str) -> int:
    """The number that Chinese characters stand for, digit by digit or with 十 and 百."""
    if not any(c in TENS or c == "百" for c in characters):
        return int("".join(str(DIGITS[c]) for c in characters))
    total = digit = 0
    for c in characters:
        if c == "百":
            total, digit = total + 100 * (digit or 1), 0
        elif c in TENS:
            total, digit = total + TENS[c] * (digit or 1), 0
        else:
            digit = DIGITS[c]
    return total + digit
