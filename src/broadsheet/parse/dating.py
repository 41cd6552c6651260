"""Dates chosen: when an article was published, by whose clock, and when it was collected."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final, cast

from broadsheet.document import Basis, Published, Reject, ZoneBasis
from broadsheet.parse.choice import Choice
from broadsheet.parse.fields import urls
from broadsheet.parse.fields.dates import PrintedDate, parse_date, zone_of
from broadsheet.parse.readings import Reading

ORDER: Final[dict[Basis, int]] = {"body": 0, "header": 1, "front_matter": 2, "url": 3, "file_name": 4}
SLACK: Final = timedelta(days=2)
"""How much later than the collector's stamp a date may be: a clock without a zone, a feed that stamps ahead."""
EARLIEST: Final = 1900
LATEST: Final = 2100
FIRST_ARCHIVES: Final = 1990
ZERO: Final = ("1970-01-01", "1969-12-31")
"""The zero of computer clocks, east and west of Greenwich: what a program prints that knows no date."""


def published(choice: Choice, url: str | None) -> Published:
    """The first plausible date, in the body before the front matter before addresses and names."""
    readings = choice.of("published")
    if len(readings) > 1:
        readings = sorted(readings, key=lambda r: ORDER.get(r.basis, 9))
    doubtful: Published | None = None
    unreadable: Reading | None = None
    for number, reading in enumerate(readings):
        printed = parse_date(reading.value, choice.profile.date_order)
        if printed is None:
            unreadable = unreadable or reading
            continue
        finer, printed = _finer(choice, readings[number:], reading, printed)
        dated = _dated(choice, printed, finer)
        problem = implausible(printed, dated.at, choice.archived_at)
        if problem is None:
            return dated
        choice.reject("date-implausible", f"{finer.value!r} {problem}.", "published_at", finer)
        doubtful = doubtful or Published(None, dated.local, finer.value, dated.precision, None, finer.basis, "none")
    if unreadable and not doubtful:
        message = f"No rule reads {unreadable.value[:60]!r} as a date."
        choice.reject("date-unreadable", message, "published_at", unreadable)
    if placed := _placed(choice, url):
        return placed
    if doubtful:
        return doubtful
    return Published(text=unreadable.value, basis=unreadable.basis) if unreadable else Published()


def _finer(choice: Choice, rest: list[Reading], reading: Reading, printed: PrintedDate) -> tuple[Reading, PrintedDate]:
    """A later reading of the same part of the file that adds a clock or a zone to the same day."""
    best, found = reading, printed
    for other in rest[1:]:
        if found.zone or other.basis != reading.basis:
            break
        more = parse_date(other.value, choice.profile.date_order)
        if more and more.clock and more.local[:10] == found.local[:10] and (found.clock is None or more.zone):
            best, found = other, more
    return best, found


def _placed(choice: Choice, url: str | None) -> Published | None:
    """The day that the address of the article or the name of its file gives."""
    places: tuple[tuple[Basis, str], ...] = (("url", url or ""), ("file_name", choice.path.rsplit("/", 1)[-1]))
    for basis, place in places:
        day = (choice.profile.day_in(place) if basis == "url" else None) or urls.date_in(place)
        printed = parse_date(day) if day else None
        if day and printed and implausible(printed, None, choice.archived_at) is None:
            return Published(None, day, day, "day", None, basis, "none")
    return None


def _dated(choice: Choice, printed: PrintedDate, reading: Reading) -> Published:
    """The instant, by the zone that stands with the date, that the publisher is known to use, or that is declared."""
    zone, zone_basis = printed.zone, "stated"
    if zone is None and printed.clock is not None:
        layout = choice.layout
        if layout.zone and (not layout.zone_of or reading.basis in layout.zone_of):
            zone, zone_basis = layout.zone, "publisher"
        elif choice.collection.timezone:
            zone, zone_basis = choice.collection.timezone, "collection"
    known = zone_of(zone) if zone else None
    at = None
    if printed.clock is not None and known is not None:
        try:
            at = printed.clock.replace(tzinfo=known).astimezone(UTC)
        except (OverflowError, ValueError):
            at = None
    basis = cast("ZoneBasis", zone_basis if at else "none")
    return Published(at, printed.local, reading.value, printed.precision, zone if at else None, reading.basis, basis)


def implausible(printed: PrintedDate, at: datetime | None, archived_at: datetime | None) -> str | None:
    """Why a date cannot be right; None if it can. Clocks without a zone get two days of slack."""
    if not EARLIEST <= printed.year < LATEST:
        return f"lies outside {EARLIEST} to {LATEST - 1}"
    if printed.local.startswith(ZERO):
        return "is the zero of computer clocks"
    if archived_at is not None:
        moment = at or printed.day().replace(tzinfo=UTC)
        if moment > archived_at + SLACK:
            return f"is later than the collector's stamp {archived_at.isoformat()}"
    return None


def archived(readings: Iterable[Reading], rejects: list[Reject]) -> datetime | None:
    """The collector's stamp, if it is a possible time; a clock without a zone is none."""
    for reading in readings:
        if reading.field == "archived_at":
            printed = parse_date(reading.value)
            zone = zone_of(printed.zone) if printed and printed.zone else None
            if printed and printed.year >= FIRST_ARCHIVES:
                if printed.clock and zone:
                    return printed.clock.replace(tzinfo=zone).astimezone(UTC)
                continue
            message = f"The collector's stamp {reading.value} is no possible time."
            span = reading.text.source_span()
            rejects.append(Reject("date-implausible", message, field="archived_at", value=reading.value, span=span))
    return None
