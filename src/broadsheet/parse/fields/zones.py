"""Zones as people print them: offsets, abbreviations and names; only what has one meaning becomes a zone."""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ABBREVIATIONS: Final = {
    "Z": "UTC", "UT": "UTC", "UTC": "UTC", "GMT": "UTC",
    "HKT": "Asia/Hong_Kong", "SGT": "Asia/Singapore", "JST": "Asia/Tokyo", "KST": "Asia/Seoul",
    "MSK": "Europe/Moscow", "WET": "+00:00", "CET": "+01:00", "CEST": "+02:00", "EET": "+02:00", "EEST": "+03:00",
    "ET": "America/New_York", "EST": "-05:00", "EDT": "-04:00", "CDT": "-05:00", "MDT": "-06:00",
    "PT": "America/Los_Angeles", "PST": "-08:00", "PDT": "-07:00",
    "AEST": "+10:00", "AEDT": "+11:00", "ACST": "+09:30", "AWST": "+08:00", "NZST": "+12:00", "NZDT": "+13:00",
}  # fmt: skip
MANY_MEANINGS: Final = frozenset(["CST", "IST", "BST", "MST", "AST", "CT", "MT", "SST", "GST", "WST"])
"""Abbreviations of more than one zone: China or Central time, India or Ireland, and so on."""
CITIES: Final = {
    "北京": "Asia/Shanghai", "中国": "Asia/Shanghai", "beijing": "Asia/Shanghai", "china": "Asia/Shanghai",
    "香港": "Asia/Hong_Kong", "hong kong": "Asia/Hong_Kong",
    "台北": "Asia/Taipei", "臺北": "Asia/Taipei", "台灣": "Asia/Taipei", "臺灣": "Asia/Taipei", "台湾": "Asia/Taipei",
    "taipei": "Asia/Taipei", "taiwan": "Asia/Taipei",
    "新加坡": "Asia/Singapore", "singapore": "Asia/Singapore", "吉隆坡": "Asia/Kuala_Lumpur",
    "东京": "Asia/Tokyo", "東京": "Asia/Tokyo", "日本": "Asia/Tokyo", "tokyo": "Asia/Tokyo",
    "首尔": "Asia/Seoul", "首爾": "Asia/Seoul", "seoul": "Asia/Seoul",
    "美东": "America/New_York", "美東": "America/New_York", "eastern": "America/New_York",
    "纽约": "America/New_York", "紐約": "America/New_York", "华盛顿": "America/New_York", "華盛頓": "America/New_York",
    "美西": "America/Los_Angeles", "pacific": "America/Los_Angeles",
    "伦敦": "Europe/London", "倫敦": "Europe/London", "london": "Europe/London",
    "巴黎": "Europe/Paris", "paris": "Europe/Paris", "柏林": "Europe/Berlin", "莫斯科": "Europe/Moscow",
    "格林尼治": "UTC", "格林威治": "UTC", "世界": "UTC", "协调世界": "UTC",
}  # fmt: skip
NAMED: Final = re.compile(
    rf"[（(]?(?P<city>{'|'.join(sorted(CITIES, key=len, reverse=True))}|当地|當地|本地|local)"
    r"\s?(?:标准|標準|夏令|standard\s|daylight\s|summer\s)?(?:时间|時間|time)[)）]?[:：]?",
    re.IGNORECASE,
)
OFFSET: Final = re.compile(r"(?:UTC|GMT|Z)?\s?([+-])(\d{1,2}):?(\d{2})?\Z")
CANONICAL: Final = re.compile(r"([+-])(\d{2}):(\d{2})")


def stated(printed: str | None) -> str | None:
    """The zone an offset or abbreviation stands for, as we publish it.

    Returns:
        None for none, and for an abbreviation with more than one meaning.

    Raises:
        ValueError: If it is no zone at all.
    """
    if not printed or printed in MANY_MEANINGS:
        return None
    if printed in ABBREVIATIONS:
        return ABBREVIATIONS[printed]
    match = OFFSET.match(printed)
    if not match or int(match[2]) > 14:
        raise ValueError(f"{printed!r} is no zone")
    offset = f"{match[1]}{int(match[2]):02d}:{match[3] or '00'}"
    return "UTC" if offset in ("+00:00", "-00:00") else offset


def named(match: re.Match[str]) -> str | None:
    """The zone of a match of `NAMED`; None for the time of an unnamed place."""
    return CITIES.get(match["city"].lower())


@lru_cache(maxsize=64)
def zone_of(name: str) -> tzinfo | None:
    """The zone an offset, `UTC` or an IANA name stands for; None if there is no such zone."""
    if name in ("UTC", "GMT", "Z"):
        return UTC
    if match := CANONICAL.fullmatch(name):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
        return timezone(-offset if match[1] == "-" else offset) if offset < timedelta(hours=24) else None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
