"""Printed publication dates: an own grammar, so that nothing depends on today's date, a locale or a guess.

`parse_date` reads a whole string; a string that is more than a date (and a zone) is no date. Two-digit years are not
read. `03/02/2020` is read only where the caller says which comes first, or where the numbers leave no choice.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from broadsheet.document import Precision

Order = Literal["dmy", "mdy"]
EARLIEST_YEAR: Final = 1900
LATEST_YEAR: Final = 2100

_SPACE: Final = r"[\s\u3000]*"
_HALF: Final = r"(?P<half>上午|下午|中午|晚上|晚|凌晨|早上|[AaPp]\.?[Mm]\.?)"
_CLOCK: Final = (
    rf"{_HALF}?\s*(?P<hour>\d{{1,2}})\s*[:：时時]\s*(?P<minute>\d{{1,2}})\s*分?"
    r"(?:[:：]?\s*(?P<second>\d{1,2})秒?(?:[.,]\d{1,9})?)?"
)
_ZONE: Final = (
    r"(?P<zone>Z|UTC|GMT|[A-Z]{3,4}(?=$|[\s)])|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?"
    r"|北京时间|北京時間|香港时间|台北時間|台北时间)"
)
_TAIL: Final = (
    rf"(?:(?:[T\s,，年月日(（|/-]|\u3000)*?{_CLOCK}\s*(?P<half2>[AaPp]\.?[Mm]\.?)?{_SPACE}[（(]?{_ZONE}?[）)]?)?"
)
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_WEEKDAY: Final = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?,?\s+|(?:星期|周|週)[一二三四五六日天][,，]?\s*)?"
_MONTH: Final = r"(?P<name>[A-Za-z]{3,9})\.?"
_WEEKDAY_AFTER: Final = r"(?:\s*[（(]?(?:星期|周|週)[一二三四五六日天][)）]?)?"

FORMS: Final = tuple(
    re.compile(form + _TAIL + r"\Z")
    for form in (
        r"(?P<year>\d{4})-(?P<month>\d{1,2})(?:-(?P<day>\d{2}|\d(?!\d)))?",
        rf"(?P<year>\d{{4}})\s*年\s*(?P<month>\d{{1,2}})\s*月(?:\s*(?P<day>\d{{1,2}})\s*[日号號])?{_WEEKDAY_AFTER}",
        r"(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})",
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH},?[\s-]+(?P<year>\d{{4}})",
        rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
        r"(?P<first>\d{1,2})[/.](?P<other>\d{1,2})[/.](?P<year>\d{4})",
    )
)
CHINESE: Final = re.compile(
    r"[〇○零一二三四五六七八九]{4}\s*年\s*[一二三四五六七八九十]{1,2}\s*月\s*[一二三四五六七八九十]{1,3}\s*日"
)
AMBIGUOUS: Final = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{4}(?:[\s,|-]*\d{1,2}:\d{2}(?::\d{2})?)?\Z")
"""A numeric date that says nothing of its order; the profile may."""
STAMP: Final = re.compile(r"\d{13}|\d{10}")
LABEL: Final = re.compile(
    r"(?:(?:发布|發布|发表|發表|更新|刊登|Published|Updated|Posted)(?:时间|時間|日期|于|於| on)?"
    r"|日期|时间|時間|Date)\s*[:：]?\s*"
)
NAMED_ZONES: Final = {
    "北京时间": "Asia/Shanghai",
    "北京時間": "Asia/Shanghai",
    "香港时间": "Asia/Hong_Kong",
    "台北时间": "Asia/Taipei",
    "台北時間": "Asia/Taipei",
    "HKT": "Asia/Hong_Kong",
    "JST": "Asia/Tokyo",
    "EST": "-05:00",
    "EDT": "-04:00",
    "CDT": "-05:00",
    "PST": "-08:00",
    "PDT": "-07:00",
    "CET": "+01:00",
    "CEST": "+02:00",
}
DIGITS: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0}


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as printed.

    Attributes:
        local: ISO 8601 date or clock without zone.
        precision: Of `local`.
        clock: The same as a naive datetime, where it has a time of day.
        zone: Zone stated with it (`UTC`, `+08:00`, an IANA name), or None.
    """

    local: str
    precision: Precision
    clock: datetime | None = None
    zone: str | None = None

    @property
    def year(self) -> int:
        """The year printed."""
        return int(self.local[:4])

    def day(self) -> datetime:
        """Its first moment, naive."""
        return self.clock or datetime.fromisoformat(self.local if self.precision == "day" else f"{self.local}-01")


def parse_date(text: str, order: Order | None = None) -> PrintedDate | None:
    """Read a string that is a date, with or without time of day and zone.

    Args:
        text: As printed.
        order: Whether `03/02/2020` is the third of February (`dmy`) or the second of March (`mdy`).

    Returns:
        None if it is no date, or no possible one.
    """
    text = text.strip(" \t\r\n\u3000\xa0|`").rstrip(".,")
    if not 6 <= len(text) <= 80:
        return None
    if STAMP.fullmatch(text):
        moment = from_stamp(text)
        return _clocked(moment.replace(tzinfo=None), "second", "UTC", text) if moment else None
    label = LABEL.match(text)
    text = text[label.end() :] if label else text
    if CHINESE.match(text):
        text = _arabic(text)
    for form in FORMS:
        match = form.match(text)
        if match:
            return _printed(match, order)
    return None


def is_date(text: str) -> bool:
    """Whether a whole string is a date."""
    return any(c.isdigit() for c in text[:40]) and parse_date(text) is not None


def from_stamp(digits: str) -> datetime | None:
    """The UTC instant of a stamp in seconds (10 digits) or milliseconds (13)."""
    seconds, milliseconds = divmod(int(digits), 1000) if len(digits) == 13 else (int(digits), 0)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds, milliseconds=milliseconds)
    return moment if moment.year < LATEST_YEAR else None


def zone_of(name: str) -> tzinfo | None:
    """The zone an offset, `UTC` or an IANA name stands for; None if there is no such zone."""
    if name in ("UTC", "GMT", "Z"):
        return UTC
    if match := re.fullmatch(r"([+-])(\d{2}):(\d{2})", name):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
        return timezone(-offset if match[1] == "-" else offset) if offset < timedelta(hours=24) else None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _arabic(text: str) -> str:
    def number(match: re.Match[str]) -> str:
        digits = match[0]
        if "十" not in digits:
            return "".join(str(DIGITS[c]) for c in digits)
        tens, _, ones = digits.partition("十")
        return str((DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0))

    head = CHINESE.match(text)
    end = head.end() if head else 0
    return re.sub(r"[〇○零一二三四五六七八九十]+", number, text[:end]) + text[end:]


def _printed(match: re.Match[str], order: Order | None) -> PrintedDate | None:
    part = match.groupdict()
    year = int(part["year"])
    if "first" in part:
        first, other = int(part["first"]), int(part["other"])
        if order is None:
            order = "dmy" if first > 12 else "mdy" if other > 12 else None
        if order is None:
            return None
        day, month = (first, other) if order == "dmy" else (other, first)
    elif part.get("name"):
        found = _MONTHS.get(part["name"].lower())
        if found is None:
            return None
        month, day = found, int(part["day"])
    else:
        month, day = int(part["month"]), int(part["day"] or 0)
    return _assemble(part, year, month, day, match.string)


def _assemble(part: dict[str, str | None], year: int, month: int, day: int, text: str) -> PrintedDate | None:
    try:
        date = datetime(year, month, day or 1)
        if not day:
            return PrintedDate(f"{year:04d}-{month:02d}", "month")
        if part["hour"] is None:
            return PrintedDate(date.date().isoformat(), "day")
        hour = _hour(int(part["hour"]), part["half"] or part["half2"])
        clock = date.replace(hour=hour, minute=int(part["minute"] or 0), second=int(part["second"] or 0))
    except ValueError:
        return None
    return _clocked(clock, "second" if part["second"] else "minute", _zone(part["zone"]), text)


def _clocked(clock: datetime, precision: Precision, zone: str | None, text: str) -> PrintedDate:
    fraction = re.search(r":\d{2}([.,]\d{1,9})", text)
    if precision == "second" and fraction:
        clock = clock.replace(microsecond=int(fraction[1][1:7].ljust(6, "0")))
        return PrintedDate(clock.isoformat(timespec="seconds")[:19] + "." + fraction[1][1:], precision, clock, zone)
    return PrintedDate(
        clock.isoformat(timespec="minutes" if precision == "minute" else "seconds"), precision, clock, zone
    )


def _hour(hour: int, half: str | None) -> int:
    if not half:
        return hour
    afternoon = half in ("下午", "晚上", "晚") or half[0] in "Pp"
    if half == "中午":
        return hour if hour >= 11 else hour + 12
    if afternoon:
        return hour if hour >= 12 else hour + 12
    return 0 if hour == 12 else hour


def _zone(stated: str | None) -> str | None:
    """The zone in the form we publish; None for abbreviations with more than one meaning (CST, IST)."""
    if not stated:
        return None
    if stated in ("Z", "UTC", "GMT"):
        return "UTC"
    if stated in NAMED_ZONES:
        return NAMED_ZONES[stated]
    if match := re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?", stated):
        offset = f"{match[1]}{int(match[2]):02d}:{match[3] or '00'}"
        return "UTC" if offset in ("+00:00", "-00:00") else offset
    return None
