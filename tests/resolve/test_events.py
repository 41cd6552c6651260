"""One event, many reports. Every corpus is made by hand, every expectation by reading it."""

import gc
import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from resolve_tools import Told, article, merge, report

FOUR = [article(1, "2025-02-12"), article(2), article(3), article(4, "2025-02-14")]
CALL = [
    report(1, "call", "ada-berg&carl-dorn", "2025-02-12", duration_minutes=90),
    report(2, "call", "ada-berg>carl-dorn", "2025-02-12", duration_minutes=60),
    report(3, "call", "ada-berg&carl-dorn", "2025-02-12", duration_minutes=90),
    report(4, "call", "ada-berg&carl-dorn", ("2025-02-10", "2025-02-16")),
]


def test_four_publishers_tell_one_call() -> None:
    told = merge(FOUR, CALL)
    event = told.only()
    assert (event.type, event.status, event.date_start, event.date_end) == (
        "call",
        "occurred",
        date(2025, 2, 12),
        date(2025, 2, 12),
    )
    assert (event.report_count, event.article_count, event.publisher_count) == (4, 4, 4)
    assert event.duration_minutes == 90
    assert event.first_reported_at == datetime(2025, 2, 12, tzinfo=UTC)
    assert (event.plover, event.cameo, event.date_precision) == ("CONSULT phone", "041", "day")


def test_reports_keep_where_they_disagree() -> None:
    told = merge(FOUR, CALL)
    assert [r["duration_minutes"] for r in told.reports] == [90, 60, 90, None]
    assert [r["date_start"] for r in told.reports] == [date(2025, 2, 12)] * 3 + [date(2025, 2, 10)]
    assert {r["event_id"] for r in told.reports} == {told.only().event_id}


def test_what_reports_dispute_is_named() -> None:
    assert merge(FOUR, CALL).only().disputed == ("duration",)  # a day and the week it lies in do not disagree
    two = [
        report(1, "call", "ada-berg&carl-dorn", day, start=at) for at, day in enumerate(("2025-02-12", "2025-02-14"))
    ]
    assert merge([article(1)], two).only().disputed == ("date",)
    plan = report(1, "call", "ada-berg&carl-dorn", "2025-02-12", status="scheduled")
    assert merge(FOUR[:2], [plan, CALL[1]]).only().disputed == ("status",)


@pytest.mark.parametrize("why", ["date", "news", "speaker", "war"])
def test_each_report_says_why_it_joined(why: str) -> None:
    example = {
        "date": "the week and the day in it",
        "news": "news of one day without a date",
        "speaker": "one speaker on one day",
        "war": "a war spoken of as such",
    }
    again = report(2, "call", "ada-berg&carl-dorn", "2025-02-12", start=40)
    told = merge([article(1), article(2)], [*TOGETHER[example[why]], *([again] if why == "date" else [])])
    assert [r["joined_by"] for r in told.reports][:2] == ["first", why]
    assert [r["joined_by"] for r in told.reports][2:] == ["article"] * (why == "date")


def test_a_role_is_what_most_articles_say() -> None:
    assert merge(FOUR, CALL).roles() == {"per/ada-berg": "participant", "per/carl-dorn": "participant"}
    two = merge(FOUR[:2], [CALL[1], replace(CALL[0], article_id="art-01")])
    # One each: the earlier article's word stands.
    assert two.roles() == {"per/ada-berg": "participant", "per/carl-dorn": "participant"}


def test_labels() -> None:
    event = merge(FOUR, CALL).only()
    assert event.label_en == "Berg – Dorn, call, 2025-02-12"
    assert event.label_zh == "贝里 – 多恩，通话，2025-02-12"
    chinese = merge([article(1)], [report(1, "visit", "li-wen>", ("2025-02-10", "2025-02-16"))]).only()
    assert chinese.label_en == "Li Wen, visit, 2025-02-10/2025-02-16"
    undated = merge([article(1)], [report(1, "statement", "carl-dorn>=china")]).only()
    assert undated.label_en == "Dorn – China, statement"
    assert undated.date_precision == "none"


def test_a_scheduled_meeting_that_takes_place_is_one_event() -> None:
    told = merge(
        [article(1, "2025-02-10"), article(2, "2025-02-19")],
        [
            report(1, "meeting", "ada-berg&carl-dorn", "2025-02-18", status="scheduled"),
            report(2, "talks", "ada-berg&carl-dorn", "2025-02-18"),
        ],
    )
    assert told.only().status == "occurred"
    assert [r["status"] for r in told.reports] == ["scheduled", "occurred"]
    assert [r["type"] for r in told.reports] == ["meeting", "talks"]


APART = {
    "other days": [
        report(1, "call", "ada-berg&carl-dorn", "2025-02-12"),
        report(2, "call", "ada-berg&carl-dorn", "2025-02-13"),
    ],
    "other weeks": [
        report(1, "call", "ada-berg&carl-dorn", ("2025-02-03", "2025-02-09")),
        report(2, "call", "ada-berg&carl-dorn", "2025-02-12"),
    ],
    "a refused one and one that took place": [
        report(1, "call", "ada-berg&carl-dorn", "2025-02-12", status="unrealized"),
        report(2, "call", "ada-berg&carl-dorn", "2025-02-12"),
    ],
    "other people of the same countries": [
        report(1, "meeting", "ada-berg&carl-dorn", "2025-02-12"),
        report(2, "meeting", "otto-lund&=germany", "2025-02-12"),
    ],
    "other types": [
        report(1, "call", "ada-berg&carl-dorn", "2025-02-12"),
        report(2, "meeting", "ada-berg&carl-dorn", "2025-02-12"),
    ],
    "only one party in common": [
        report(1, "call", "ada-berg&carl-dorn", "2025-02-12"),
        report(2, "call", "ada-berg&li-wen", "2025-02-12"),
    ],
    "statements of two speakers": [
        report(1, "statement", "ada-berg>=china", "2025-02-12"),
        report(2, "statement", "carl-dorn>=china", "2025-02-12"),
    ],
    "two who speak for one body": [
        report(1, "statement", "ada-berg&org/union", "2025-02-12"),
        report(2, "statement", "carl-dorn&org/union", "2025-02-12"),
    ],
    "statements of two days": [
        report(1, "statement", "ada-berg>", "2025-02-12"),
        report(2, "statement", "ada-berg>", "2025-02-13"),
    ],
    "a statement of a day and one of its week": [
        report(1, "statement", "ada-berg>", "2025-02-12"),
        report(2, "statement", "ada-berg>", ("2025-02-10", "2025-02-16")),
    ],
    "statements without a date": [report(1, "statement", "ada-berg>"), report(2, "statement", "ada-berg>")],
    "visits to two countries": [
        report(1, "visit", "li-wen>", "2025-02-12", place_id="loc/berlin"),
        report(2, "visit", "li-wen>", "2025-02-12", place_id="loc/stockholm"),
    ],
    "sanctions against two countries": [
        report(1, "sanction", "org/union>=china", "2025-02-12"),
        report(2, "sanction", "org/union>=germany", "2025-02-12"),
    ],
    "a war and one attack in it": [
        report(1, "military_action", "=china&=germany", (None, None), date_text=None, date_precision="none"),
        report(2, "attack", "=china>=germany", "2025-02-12"),
    ],
    "a war and what one side does in it": [
        report(1, "military_action", "=china&=germany", (None, None), date_text=None, date_precision="none"),
        report(2, "military_action", "=china>", (None, None), date_text=None, date_precision="none"),
    ],
    "a war and the seizure of a town": [
        report(1, "military_action", "=china&=germany", (None, None), date_text=None, date_precision="none"),
        report(2, "invasion", "=china>=berlin", "2025-02-12"),
    ],
    "a statement of a day and one of the days before it": [
        report(1, "statement", "ada-berg>", "2025-02-12"),
        report(2, "statement", "ada-berg>", ("2025-02-11", "2025-02-12")),
    ],
    "a year and a day in it": [
        report(1, "call", "ada-berg&carl-dorn", ("2025-01-01", "2025-12-31")),
        report(2, "call", "ada-berg&carl-dorn", "2025-02-12"),
    ],
}


@pytest.mark.parametrize("why", APART)
def test_stay_apart(why: str) -> None:
    assert len(merge([article(1), article(2)], APART[why]).events) == 2


TOGETHER = {
    "the week and the day in it": [
        report(1, "call", "ada-berg&carl-dorn", ("2025-02-10", "2025-02-16")),
        report(2, "call", "ada-berg&carl-dorn", "2025-02-12"),
    ],
    "the month and the day in it": [
        report(1, "call", "ada-berg&carl-dorn", ("2025-02-01", "2025-02-28")),
        report(2, "call", "ada-berg&carl-dorn", "2025-02-12"),
    ],
    "people and the countries they serve": [
        report(1, "talks", "ada-berg&carl-dorn", "2025-02-12"),
        report(2, "talks", "=sweden&=germany", "2025-02-12"),
    ],
    "a country and its government": [
        report(1, "talks", "ada-berg&org/government-of-germany", "2025-02-12"),
        report(2, "talks", "ada-berg&=germany", "2025-02-12"),
    ],
    "one party and both": [
        report(1, "talks", "ada-berg", "2025-02-12"),
        report(2, "talks", "ada-berg&carl-dorn", "2025-02-12"),
    ],
    "a third that only one article names": [
        report(1, "talks", "ada-berg&carl-dorn&li-wen", "2025-02-12"),
        report(2, "talks", "ada-berg&carl-dorn", "2025-02-12"),
    ],
    "a visit to a city and to its country": [
        report(1, "visit", "li-wen>", "2025-02-12", place_id="loc/berlin"),
        report(2, "visit", "li-wen>", "2025-02-12", place_id="loc/germany"),
    ],
    "one speaker on one day": [
        report(1, "statement", "ada-berg>", "2025-02-12"),
        report(2, "rejection", "ada-berg>=china", "2025-02-12"),
    ],
    "a statement of a day and one of that day or the next": [
        report(1, "statement", "ada-berg>", "2025-02-12"),
        report(2, "statement", "ada-berg>", ("2025-02-12", "2025-02-13")),
    ],
    "a body and who speaks for it": [
        report(1, "statement", "org/union>", "2025-02-12"),
        report(2, "statement", "carl-dorn&org/union", "2025-02-12"),
    ],
    "news without a date of what another dates": [
        report(1, "talks", "ada-berg&carl-dorn", "2025-02-12"),
        report(2, "talks", "ada-berg&carl-dorn"),
    ],
    "news of one day without a date": [
        report(1, "agreement", "ada-berg&carl-dorn"),
        report(2, "agreement", "ada-berg&carl-dorn"),
    ],
    "plans without a date": [
        report(1, "meeting", "ada-berg&carl-dorn", status="scheduled"),
        report(2, "meeting", "ada-berg&carl-dorn&li-wen", "2025-03-01", status="scheduled"),
    ],
    "a war spoken of as such": [
        report(1, "military_action", "=china&=germany", (None, None), date_text=None, date_precision="none"),
        report(2, "military_action", "=china", (None, None), date_text=None, date_precision="none"),
    ],
    "a war and the invasion that began it": [
        report(1, "military_action", "=china&=germany", (None, None), date_text=None, date_precision="none"),
        report(2, "invasion", "=china>=germany", "2022-02-24"),
    ],
}


@pytest.mark.parametrize("why", TOGETHER)
def test_are_one(why: str) -> None:
    assert len(merge([article(1), article(2)], TOGETHER[why]).events) == 1


@pytest.mark.parametrize(
    ("published", "events"), [("2025-02-12", 1), ("2025-02-15", 1), ("2025-02-16", 2), ("2025-02-11", 2)]
)
def test_what_has_no_date_is_news_for_three_days(published: str, events: int) -> None:
    dated = report(1, "talks", "ada-berg&carl-dorn", "2025-02-12")
    other = report(2, "talks", "ada-berg&carl-dorn", published=published)
    assert len(merge([article(1, "2025-02-12"), article(2, published)], [dated, other]).events) == events


def test_a_country_does_not_bridge_two_people() -> None:
    told = merge(
        [article(1), article(2), article(3)],
        [
            report(1, "talks", "ada-berg&carl-dorn", "2025-02-12"),
            report(2, "talks", "=sweden&=germany", "2025-02-12"),
            report(3, "talks", "otto-lund&=germany", "2025-02-12"),
        ],
    )
    assert told.groups() == {frozenset({"rep-01-0-0", "rep-02-0-0"}), frozenset({"rep-03-0-0"})}


def test_two_events_of_one_article_never_join() -> None:
    told = merge(
        [article(1), article(2)],
        [
            report(1, "call", "ada-berg&carl-dorn", "2025-02-12", key=0),
            report(1, "call", "ada-berg&carl-dorn", "2025-02-12", key=1),
            report(2, "call", "ada-berg&carl-dorn", "2025-02-12"),
        ],
    )
    assert told.groups() == {frozenset({"rep-01-0-0", "rep-02-0-0"}), frozenset({"rep-01-1-20"})}


def test_reports_of_one_article_with_one_key_are_one_event() -> None:
    told = merge(
        [article(1)],
        [
            report(1, "talks", "ada-berg&carl-dorn", start=0),
            report(1, "talks", "ada-berg&carl-dorn", "2025-02-12", start=40),
            report(1, "meeting", "ada-berg&li-wen", "2025-02-12", start=80),
        ],
    )
    event = told.only()
    assert (event.type, event.date_start, event.report_count, event.article_count) == ("talks", date(2025, 2, 12), 3, 1)
    assert set(told.roles()) == {"per/ada-berg", "per/carl-dorn", "per/li-wen"}


COPY = article(1).body


def test_copies_tell_the_same_even_without_a_date() -> None:
    articles = [article(1, "2025-02-13"), article(2, "2025-03-20", body=COPY)]
    told = merge(
        articles,
        [report(1, "statement", "ada-berg>"), report(2, "statement", "ada-berg>", published="2025-03-20")],
    )
    event = told.only()
    assert (event.report_count, event.article_count, event.publisher_count) == (2, 1, 1)


def test_two_events_of_a_copy_stay_two() -> None:
    articles = [article(1, "2025-02-13"), article(2, "2025-03-20", body=COPY)]
    both = [
        report(number, "statement", "ada-berg>", key=key, published=day)
        for number, day in ((1, "2025-02-13"), (2, "2025-03-20"))
        for key in (0, 1)
    ]
    assert merge(articles, both).groups() == {
        frozenset({"rep-01-0-0", "rep-02-0-0"}),
        frozenset({"rep-01-1-20", "rep-02-1-20"}),
    }


def test_the_id_comes_from_the_earliest_report_and_survives_later_ones() -> None:
    first = merge(FOUR[:1], CALL[:1]).only().event_id
    assert merge(FOUR, CALL).only().event_id == first
    # An article from before takes its place: then it is the earliest.
    assert merge([*FOUR, article(5, "2025-02-11")], [*CALL, replace(CALL[0], article_id="art-05", event_id="art-05#0",
                 report_id="rep-05")]).only().event_id != first  # fmt: skip


def test_an_article_without_a_date_comes_last_and_breaks_nothing() -> None:
    told = merge([article(1, None), article(2)], [report(1, "call", "ada-berg&carl-dorn", status="scheduled"), CALL[1]])
    assert len(told.events) == 2
    assert merge([article(1, "2025-02"), article(2)], CALL[:2]).only().report_count == 2


def test_participants_no_list_knows_are_compared_by_id() -> None:
    reports = [report(n, "call", "per/x-1&per/x-2", "2025-02-12") for n in (1, 2)]
    event = merge([article(1), article(2)], reports).only()
    assert event.label_en == "call, 2025-02-12"


MANY = [
    *CALL,
    *(
        replace(r, report_id=f"{r.report_id}-b", event_id=f"{r.event_id}b", start=50)
        for r in APART["statements of two days"]
    ),
    *(
        replace(r, report_id=f"{r.report_id}-c", event_id=f"{r.event_id}c", start=70)
        for r in TOGETHER["people and the countries they serve"]
    ),
    report(3, "talks", "ada-berg&carl-dorn", key=5),
    report(4, "meeting", "=sweden&carl-dorn", "2025-02-14", key=6, status="scheduled"),
]


def _view(told: Told) -> tuple[object, ...]:
    key = lambda row: (row.event_id, getattr(row, "entity_id", ""))  # noqa: E731
    return sorted(told.events, key=key), sorted(told.participants, key=key), told.groups()


@settings(max_examples=40, deadline=None)
@given(st.permutations(FOUR), st.permutations(MANY))
def test_the_order_of_rows_makes_no_difference(articles: list, reports: list) -> None:
    assert _view(merge(articles, reports)) == _view(merge(FOUR, MANY))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_later_articles_never_change_how_earlier_ones_were_joined(data: st.DataObject) -> None:
    people = st.sampled_from(["ada-berg", "carl-dorn", "otto-lund", "=sweden", "=germany"])
    who = st.lists(people, min_size=1, max_size=3, unique=True).map("&".join)
    when = st.sampled_from(["2025-02-11", "2025-02-12", ("2025-02-10", "2025-02-16"), None])
    status = st.sampled_from(["occurred", "scheduled", "unrealized"])
    reports = [
        report(n, "talks", data.draw(who), data.draw(when), status=data.draw(status), published=f"2025-02-{n + 9}")
        for n in range(1, 8)
    ]
    articles = [article(n, f"2025-02-{n + 9}") for n in range(1, 8)]
    before, after = merge(articles[:5], reports[:5]), merge(articles, reports)
    early = {r["report_id"] for r in before.reports}
    assert {group & early for group in after.groups()} - {frozenset()} == before.groups()
    ids = {r["report_id"]: r["event_id"] for r in after.reports}
    assert all(ids[r["report_id"]] == r["event_id"] for r in before.reports)


def test_what_agrees_is_found_under_a_shared_key() -> None:
    """The keys under which tellings are filed may not hide a pair that agrees."""
    for why, reports in TOGETHER.items():
        backwards = [replace(r, article_id=f"art-0{3 - int(r.article_id[-1])}") for r in reports]
        assert len(merge([article(1), article(2)], backwards).events) == 1, why


def test_a_crowd_of_events_of_one_day_costs_no_more_than_its_number() -> None:
    def seconds(number: int) -> float:
        people = [f"per/x-{n}" for n in range(number)]
        articles = [article(n, url=None, body="") for n in range(number)]
        reports = [report(n, "talks", f"=china&{people[n]}", "2025-02-12") for n in range(number)]
        gc.collect()
        gc.disable()  # what other tests left in memory is no cost of these
        try:
            start = time.process_time()
            assert len(merge(articles, reports).events) == number
            return time.process_time() - start
        finally:
            gc.enable()

    seconds(100)
    # Four times as many: four times as long, and sixteen times if each were compared with all.
    assert seconds(1200) < 9 * seconds(300)
