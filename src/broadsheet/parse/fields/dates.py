"""Printed publication dates: an own grammar, so that nothing depends on today's date, a locale or a guess.

`parse_date` reads a whole string; a string that is more than a date (a label, a clock, a zone) is no date. Years of two
digits are read in the form of mail headers only. `03/02/2020` is read only where the caller says which comes first, or
where the numbers leave no choice. A weekday that does not fit its date is not believed. Words that need to know when
they were written (`昨天`, `2 hours ago`) are no dates.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal

from broadsheet.document import Precision
from broadsheet.parse.fields import zones
from broadsheet.parse.fields.numerals import arabic
from broadsheet.parse.fields.zones import zone_of

__all__ = ["AMBIGUOUS", "Order", "PrintedDate", "from_stamp", "is_date", "parse_date", "zone_of"]

Order = Literal["dmy", "mdy"]
LATEST_YEAR: Final = 2100
SHORTEST, LONGEST = 6, 80
EDGES: Final = " \t\r\n\u3000\xa0|`*【】<>·•"

_NIGHT: Final = "晚上|晚间|晚間|夜间|夜間|深夜|午夜|晚|夜"
_HALF: Final = rf"(?:上午|下午|中午|正午|午后|午後|傍晚|{_NIGHT}|凌晨|清晨|早上|早晨|早|[AaPp](?:\.\s?|\s)?[Mm]\b\.?)"
_CLOCK: Final = (
    rf"(?P<half>{_HALF})?\s*(?P<hour>\d{{1,2}})\s*"
    r"(?:[:：时時点點h.]\s*(?P<minute>\d{1,2})\s*分?(?:[:：]?\s*(?P<second>\d{1,2})秒?(?P<fraction>[.,]\d{1,9})?)?"
    r"|[时時点點]整?|(?=\s*[AaPp]\.?[Mm]))"
)
_ZONE: Final = r"(?P<zone>(?:UTC|GMT|Z)?\s?[+-]\d{1,2}(?::?\d{2})?|[A-Z]{1,4})"
_WEEK: Final = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?|(?:星期|周|週|礼拜|禮拜)[一二三四五六日天])"
_BEFORE: Final = rf"(?:{_WEEK}[,，]?\s*)?"
_AFTER: Final = rf"(?:[\s,，]*(?:[（(][一二三四五六日月火水木金土][)）]|[（(]?{_WEEK}[)）]?))?"
_TAIL: Final = (
    rf"(?:(?:[T\s,，年月日（(|/·•@–—-]|at(?=\s))*?{_CLOCK}\s*(?P<half2>[AaPp]\.?\s?[Mm]\b\.?)?(?:\s*Uhr)?"
    rf"\s*[（(]?(?:{_ZONE}(?![A-Za-z]))?[）)]?\s*(?:\([A-Za-z ]{{2,40}}\)|\[(?P<iana>[A-Za-z_]+/[A-Za-z_/+-]+)\])?)?"
)
_MONTH: Final = r"(?P<name>[A-Za-z]{3,9})\.?"
_NUMBERED: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("january", "february", "march", "april", "may", "june", "july",
         "august", "september sept", "october", "november", "december"), 1)
    for full in names.split()
    for name in (full, full[:3])
}  # fmt: skip

_DIGITS_FIRST: Final = (
    r"(?P<year>\d{4})\s?-\s?(?P<month>\d{1,2})(?:\s?-\s?(?P<day>\d{2}|\d(?!\d)))?" + _AFTER,
    r"(?P<year>\d{4})\s*年\s*(?P<month>\d{1,2})\s*月(?:\s*(?P<day>\d{1,2})\s*[日号號])?" + _AFTER,
    r"(?P<year>\d{4})\s?[/.]\s?(?P<month>\d{1,2})\s?[/.]\s?(?P<day>\d{1,2})" + _AFTER,
    r"(?P<year>\d{4})\s+(?P<month>\d{2})[/-](?P<day>\d{2})",
    rf"{_NUMBERED}(?:[\s/-]+|\s+of\s+){_MONTH},?[\s/-]+(?P<year>\d{{4}})(?!\d)",
    r"(?P<first>\d{1,2})\s?(?P<mark>[/.-])\s?(?P<other>\d{1,2})\s?(?P=mark)\s?(?P<year>\d{4})(?!\d)" + _AFTER,
)
_WORDS_FIRST: Final = (
    rf"{_BEFORE}{_NUMBERED}(?:[\s/-]+|\s+of\s+){_MONTH},?[\s/-]+(?P<year>\d{{4}}|\d\d(?=\s+\d\d:))(?!\d)",
    rf"{_BEFORE}{_MONTH}[\s-]+{_NUMBERED}[,，]?[\s-]+(?P<year>\d{{4}})(?!\d|:)",
    rf"{_BEFORE}(?P<first>\d{{1,2}})(?P<mark>[/.-])(?P<other>\d{{1,2}})(?P=mark)(?P<year>\d{{4}})(?!\d)",
    rf"{_MONTH},?\s+(?P<year>\d{{4}})(?!\d)(?!\s*:)",
    r"(?:星期|周|週)[一二三四五六日天][,，]?\s*(?P<year>\d{4})\s*[年/-]\s*(?P<month>\d{1,2})\s*[月/-]\s*(?P<day>\d{1,2})日?",
)
DIGITS_FIRST: Final = tuple(re.compile(form + _TAIL + r"\Z") for form in _DIGITS_FIRST)
WORDS_FIRST: Final = tuple(re.compile(form + _TAIL + r"\Z") for form in _WORDS_FIRST)
UNIX: Final = re.compile(
    rf"{_WEEK}\s+{_MONTH}\s+(?P<day>\d{{1,2}})\s+(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)\s+"
    rf"(?:(?P<zone>[A-Z]{{3,4}}|[+-]\d{{4}})\s+)?(?P<year>\d{{4}})\Z"
)
"""`Fri Jul 17 15:05:00 2020`, as programs print dates."""
COMPACT: Final = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)"
    r"(?:[T ]?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?P<zone>Z|[+-]\d{4})?)?\Z"
)
CLOCK_FIRST: Final = re.compile(
    r"(\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s*[AaPp]\.?[Mm]\b\.?)?(?:\s*\(?(?:UTC|GMT|[A-Z]{2,4})?(?:[+-]\d{1,2})?\)?)?)"
    r"[\s,，|·]+(?=\S)"
)
AMBIGUOUS: Final = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{4}(?:[\s,|-]*\d{1,2}:\d{2}(?::\d{2})?)?\Z")
"""A numeric date that says nothing of its order; the profile may."""
DIGIT: Final = re.compile(r"\d")
STAMP: Final = re.compile(r"\d{13}|\d{10}")
LABEL: Final = re.compile(
    r"(?:(?:最后|最後|首次|最近)?(?:发布|發布|發佈|发佈|发表|發表|更新|修改|修訂|修订|刊登|刊发|刊發|刊出|发稿|發稿|出版|上架|创建|建立|撰写)"
    r"(?:时间|時間|日期|于|於|在)?|日期|时间|時間|文章日期"
    r"|(?:(?:Last|First|Originally)\s)?(?:Published|Updated|Posted|Created|Modified|Publication|Issued|Filed)"
    r"(?:\s(?:on|at|date|time))?|Date|On)\s*[:：/]?\s*",
    re.IGNORECASE,
)
BEHIND: Final = re.compile(r"\s*(?:发布|發布|發佈|发表|發表|更新|刊登|首发|首發|updated)$", re.IGNORECASE)
WIDE: Final = {0xFF10 + digit: ord("0") + digit for digit in range(10)} | {
    ord(wide): plain for wide, plain in zip("：／－．，（）＋　\xa0\u202f", ":/-.,()+   ", strict=True)
}


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
    """Read a string that is a date, with or without label, time of day and zone.

    Args:
        text: As printed.
        order: Whether `03/02/2020` is the third of February (`dmy`) or the second of March (`mdy`).

    Returns:
        None if it is no date, or no possible one.
    """
    text = text.strip(EDGES).rstrip(".,，。")
    return _parse(text, order) if SHORTEST <= len(text) <= LONGEST else None


def is_date(text: str) -> bool:
    """Whether a whole string is a date."""
    return len(text) <= LONGEST and parse_date(text) is not None


def from_stamp(digits: str) -> datetime | None:
    """The UTC instant of a stamp in seconds (10 digits) or milliseconds (13)."""
    seconds, milliseconds = divmod(int(digits), 1000) if len(digits) == 13 else (int(digits), 0)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds, milliseconds=milliseconds)
    return moment if moment.year < LATEST_YEAR else None


@lru_cache(maxsize=256)  # one date of a file is looked at by several rules
def _parse(text: str, order: Order | None) -> PrintedDate | None:
    if not DIGIT.search(text) and "年" not in text:
        return None
    if text.isdecimal() and STAMP.fullmatch(text):
        moment = from_stamp(text)
        return _clocked(moment.replace(tzinfo=None), "second", "UTC") if moment else None
    zone: str | None = None
    elsewhere = False
    if not text.isascii():
        text = arabic(text.translate(WIDE))
    if "间" in text or "間" in text or "ime" in text:
        named = zones.NAMED.search(text)
        if named:
            zone, elsewhere = zones.named(named), zones.named(named) is None
            text = f"{text[: named.start()]} {text[named.end() :]}".strip()
    if not text[:1].isdigit():
        label = LABEL.match(text)
        text = text[label.end() :] if label else text
    text = BEHIND.sub("", text)
    if text[1:3].find(":") >= 0 and (clock := CLOCK_FIRST.match(text)):
        text = f"{text[clock.end() :]} {clock[1]}"
    found = _match(text, order)
    if found is None or found.clock is None:
        return found
    if elsewhere:
        return PrintedDate(found.local[:10], "day")
    return _clocked(found.clock, found.precision, zone, found.local[19:]) if zone and not found.zone else found


def _match(text: str, order: Order | None) -> PrintedDate | None:
    first = text[:1]
    if not first:
        return None
    if first.isdecimal():
        forms = DIGITS_FIRST if len(text) < 8 or not text[:8].isdigit() else (COMPACT,)
    else:
        forms = (*WORDS_FIRST, UNIX)
    for form in forms:
        match = form.match(text)
        if match:
            return _printed(match.groupdict(), order)
    return None


def _printed(part: dict[str, str | None], order: Order | None) -> PrintedDate | None:
    printed = part["year"] or "0"
    year = int(printed)
    if len(printed) == 2:
        year += 1900 if year >= 70 else 2000
    if "first" in part:
        first, other = int(part["first"] or 0), int(part["other"] or 0)
        if order is None and part["mark"] == ".":
            order = "dmy"  # no one writes the month first with full stops
        if order is None:
            order = "dmy" if first > 12 else "mdy" if other > 12 else None
        if order is None:
            return None
        day, month = (first, other) if order == "dmy" else (other, first)
    else:
        month = _MONTHS.get((part["name"] or "").lower(), 0) if "name" in part else int(part["month"] or 0)
        day = int(part.get("day") or 0)
    try:
        return _assemble(part, year, month, day)
    except (ValueError, OverflowError):
        return None


def _assemble(part: dict[str, str | None], year: int, month: int, day: int) -> PrintedDate:
    """The date of the parts of a match; ValueError if there is no such day, clock or zone."""
    date = datetime(year, month, day or 1)
    hour_printed = part.get("hour")
    if not day:
        if hour_printed is not None:
            raise ValueError("a clock without a day")
        return PrintedDate(f"{year:04d}-{month:02d}", "month")
    local = date.date().isoformat()
    if hour_printed is None:
        return PrintedDate(local, "day")
    hour = _hour(int(hour_printed), part.get("half") or part.get("half2"))
    if hour is None or part["minute"] is None:
        return PrintedDate(local, "day")
    clock = date.replace(hour=hour, minute=int(part["minute"]), second=int(part["second"] or 0))
    zone = part.get("iana") or zones.stated(part.get("zone"))
    return _clocked(clock, "second" if part["second"] else "minute", zone, part.get("fraction") or "")


def _clocked(clock: datetime, precision: Precision, zone: str | None, fraction: str = "") -> PrintedDate:
    if fraction:
        clock = clock.replace(microsecond=int(fraction[1:7].ljust(6, "0")))
        return PrintedDate(f"{clock.isoformat()[:19]}.{fraction[1:]}", precision, clock, zone)
    return PrintedDate(clock.isoformat()[: 16 if precision == "minute" else 19], precision, clock, zone)


def _hour(hour: int, half: str | None) -> int | None:
    """The hour of 24; None where the words do not settle it (`晚上12时`: of which day?)."""
    if not half or hour > 12:
        return hour
    if half in ("中午", "正午"):
        return hour if hour >= 11 else hour + 12
    if re.fullmatch(_NIGHT, half):
        return hour + 12 if 5 <= hour < 12 and half != "午夜" else None
    if half in ("下午", "午后", "午後", "傍晚") or half[0] in "Pp":
        return hour if hour == 12 else hour + 12
    return 0 if hour == 12 else hour
