"""Tellings of one article that are one event, and how the article's main event dates the rest."""

from datetime import date
from typing import Any

import pytest

from broadsheet.annotate.dating import settle
from broadsheet.annotate.join import Event, join
from broadsheet.annotate.telling import Span, Telling

COUNTRIES = {"a": "AA", "b": "BB", "c": "CC", "loc/aa": "AA", "loc/bb": "BB"}
PUBLISHED = date(2025, 5, 14)
MONDAY = date(2025, 5, 12)
TUESDAY = date(2025, 5, 13)


def telling(kind: str, who: str, day: date | None = None, **changes: Any) -> Telling:
    """`a&b` as equals, `a>b` as one towards another."""
    actors, _, targets = who.partition(">")
    role = "initiator" if ">" in who else "participant"
    named = [(a, role) for a in actors.split("&") if a] + [(t, "target") for t in targets.split("&") if t]
    occurred = changes.get("status", "occurred") == "occurred"
    values: dict[str, Any] = {
        "field": "body",
        "start": 0,
        "end": 5,
        "trigger": Span(0, 2),
        "type": kind,
        "rule": "test",
        "status": "occurred",
        "participants": tuple(named),
        "date_start": day,
        "date_end": day or (PUBLISHED if occurred else None),
        "date_precision": "day" if day else "none",
        "date_text": Span(0, 2) if day else None,
        "dated": day is not None,
        "place_id": None,
        "duration_minutes": None,
        "speaker_id": None,
        "complete": True,
    }
    return Telling(**(values | changes))


def keys(*tellings: Telling) -> list[list[int]]:
    """Which tellings, by number, are one event."""
    return [[tellings.index(t) for t in event.tellings] for event in join(tellings, COUNTRIES.get)]


PART = {"complete": False}
JOINED = {
    "the same people on one day": (telling("call", "a&b", MONDAY), telling("call", "b&a", MONDAY)),
    "fewer of the same": (telling("call", "a&b", MONDAY), telling("call", "a", **PART)),
    "a meeting also called talks": (telling("meeting", "a&b", MONDAY), telling("talks", "a&b")),
    "two of three": (telling("talks", "a&b", MONDAY), telling("talks", "a&b&c")),
    "several verbs of one speaker": (telling("statement", "a>", MONDAY), telling("accusation", "a>b")),
    "a plan told twice": (
        telling("visit", "a>", status="scheduled"),
        telling("visit", "a>", status="scheduled", start=20),
    ),
    "an agreement by the ministers and by their countries": (
        telling("agreement", "a&b", MONDAY),
        telling("agreement", "loc/aa&loc/bb"),
    ),
    "what a country and its government say": (
        telling("statement", "org/government-of-aa>", MONDAY),
        telling("statement", "loc/aa>"),
    ),
    "a war and the invasion that began it": (
        telling("military_action", "loc/aa&loc/bb", date_end=None, ongoing=True),
        telling("invasion", "loc/aa>loc/bb", MONDAY),
    ),
    "an invasion and the war it began": (
        telling("invasion", "loc/aa>loc/bb", MONDAY),
        telling("military_action", "loc/bb", date_end=None, ongoing=True),
    ),
    "a headline that names only countries": (
        telling("call", "a&b", MONDAY),
        telling("call", "loc/aa&loc/bb", field="title", headline=True),
    ),
}


@pytest.mark.parametrize("why", JOINED)
def test_one_event(why: str) -> None:
    assert keys(*JOINED[why]) == [[0, 1]]


APART = {
    "a war and a strike in it": (
        telling("military_action", "loc/aa&loc/bb", date_end=None, ongoing=True),
        telling("attack", "loc/aa>loc/bb", MONDAY),
    ),
    "a war and a strike in the headline": (
        telling("military_action", "loc/aa&loc/bb", date_end=None, ongoing=True),
        telling("attack", "loc/aa>", field="title", headline=True),
    ),
    "other days": (telling("call", "a&b", MONDAY), telling("call", "a&b", TUESDAY)),
    "other people": (telling("call", "a&b", MONDAY), telling("call", "a&c", MONDAY)),
    "a call and a meeting": (telling("call", "a&b", MONDAY), telling("meeting", "a&b", MONDAY)),
    "one that was refused": (telling("call", "a&b"), telling("call", "a&b", status="unrealized")),
    "people met, and others of their countries": (
        telling("meeting", "a&b", MONDAY),
        telling("meeting", "loc/aa&loc/bb"),
    ),
    "what was said, and what was not": (telling("statement", "a>"), telling("statement", "a>", status="unrealized")),
    "two speakers": (telling("statement", "a>"), telling("statement", "b>")),
    "one who speaks and one who is spoken to": (telling("statement", "a>b"), telling("statement", "b>")),
}


@pytest.mark.parametrize("why", APART)
def test_two_events(why: str) -> None:
    assert keys(*APART[why]) == [[0], [1]]


def test_what_points_back_to_nothing_tells_nothing() -> None:
    assert keys(telling("call", "a", **PART)) == []


def test_what_points_back_joins_the_last_that_fits() -> None:
    assert keys(telling("call", "a&b", MONDAY), telling("call", "a&c", TUESDAY), telling("call", "a", **PART)) == [
        [0],
        [1, 2],
    ]


def test_who_attends_joins_the_event_told_before() -> None:
    assert keys(telling("meeting", "a&b", MONDAY), telling("meeting", "c", refers=True, **PART)) == [[0, 1]]


def settled(*tellings: Telling) -> list[tuple[date | None, date | None]]:
    events = join(tellings, COUNTRIES.get)
    settle(events, PUBLISHED, COUNTRIES.get)
    return [(t.date_start, t.date_end) for event in events for t in event.tellings]


CALL = telling("call", "a&b", MONDAY)


def test_what_the_parties_did_there_they_did_on_its_day() -> None:
    assert settled(CALL, telling("agreement", "a&b")) == [(MONDAY, MONDAY)] * 2
    assert settled(CALL, telling("promise", "a>b")) == [(MONDAY, MONDAY)] * 2


def test_what_a_country_of_theirs_said_it_said_by_publication() -> None:
    assert settled(CALL, telling("statement", "loc/aa>"))[1] == (MONDAY, PUBLISHED)


@pytest.mark.parametrize(
    ("why", "other"),
    [
        ("others did it", telling("promise", "c>")),
        ("it has a date", telling("promise", "a>b", TUESDAY)),
        ("it is only a plan", telling("promise", "a>b", status="scheduled")),
        ("such things are not done at a call", telling("attack", "a>b")),
    ],
)
def test_the_main_event_does_not_date(why: str, other: Telling) -> None:
    assert settled(CALL, other)[1] == (other.date_start, other.date_end), why


@pytest.mark.parametrize(
    "main", [telling("call", "a&b"), telling("call", "a&b", date(2025, 5, 1)), telling("visit", "a>", MONDAY)]
)
def test_nothing_is_dated_without_a_recent_contact_of_one_day(main: Telling) -> None:
    assert settled(main, telling("promise", "a>b"))[1] == (None, PUBLISHED)


def test_an_article_without_a_day_dates_nothing() -> None:
    events: list[Event] = join([CALL, telling("promise", "a>b", date_end=None)], COUNTRIES.get)
    settle(events, None, COUNTRIES.get)
    assert events[1].tellings[0].date_start is None
