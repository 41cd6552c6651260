"""Dates in the forms archives print them, and whose clock they run by."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parse_tools import codes, document

from broadsheet.parse.fields import zones
from broadsheet.parse.fields.dates import is_date, parse_date, zone_of
from broadsheet.parse.fields.numerals import number

FORMS = [
    # Chinese
    ("2020年 7月 17日", "2020-07-17", "day", None),
    ("2020 年 7 月 17 日 15 : 30", "2020-07-17T15:30", "minute", None),
    ("二〇二五年三月四日", "2025-03-04", "day", None),
    ("二○二五年三月廿四日", "2025-03-24", "day", None),
    ("二零二零年十一月三十日", "2020-11-30", "day", None),
    ("民國113年3月4日", "2024-03-04", "day", None),
    ("中華民國一百一十三年三月四日 下午3:05", "2024-03-04T15:05", "minute", None),
    ("民国元年1月1日", "1912-01-01", "day", None),
    ("2025年2月13日 星期四 下午三时零五分", "2025-02-13T15:05", "minute", None),
    ("2020年7月17日上午9:05", "2020-07-17T09:05", "minute", None),
    ("2020年7月17日凌晨12:30", "2020-07-17T00:30", "minute", None),
    ("2020年7月17日中午12:30", "2020-07-17T12:30", "minute", None),
    ("2020年7月17日晚9:05", "2020-07-17T21:05", "minute", None),
    ("2020年7月17日晚上12:00", "2020-07-17", "day", None),
    ("2020年7月17日下午3点", "2020-07-17", "day", None),
    ("２０２０年７月１７日　１５：０５", "2020-07-17T15:05", "minute", None),
    ("星期三，2020年7月17日", "2020-07-17", "day", None),
    ("2020/07/17（五）15:05", "2020-07-17T15:05", "minute", None),
    ("最后更新于：2020-06-30 08:00", "2020-06-30T08:00", "minute", None),
    ("2020-07-17 15:05 发布", "2020-07-17T15:05", "minute", None),
    # ISO and its neighbors
    ("20200717", "2020-07-17", "day", None),
    ("20200717T150500Z", "2020-07-17T15:05:00", "second", "UTC"),
    ("20200717150500", "2020-07-17T15:05:00", "second", None),
    ("2025-03-04T12:00:00+08:00[Asia/Shanghai]", "2025-03-04T12:00:00", "second", "Asia/Shanghai"),
    ("2025 08/16 10:52:28", "2025-08-16T10:52:28", "second", None),
    ("2020.7.3", "2020-07-03", "day", None),
    # English
    ("Fri, 17 Jul 20 15:05:00 GMT", "2020-07-17T15:05:00", "second", "UTC"),
    ("Sun, 17 Jul 2020 15:05:00 +0000", "2020-07-17T15:05:00", "second", "UTC"),  # it was a Friday
    ("Wed, 01 Jul 2020 20:10:53 +0800 (CST)", "2020-07-01T20:10:53", "second", "+08:00"),
    ("Mon Jul 20 2020 13:34:38 GMT+0800 (China Standard Time)", "2020-07-20T13:34:38", "second", "+08:00"),
    ("Fri Jul 17 15:05:00 2020", "2020-07-17T15:05:00", "second", None),
    ("Jul. 17, 2020, 3:05 p.m. ET", "2020-07-17T15:05", "minute", "America/New_York"),
    ("Updated 3:05 PM EDT, Fri July 17, 2020", "2020-07-17T15:05", "minute", "-04:00"),
    ("Published on 17th of July 2020", "2020-07-17", "day", None),
    ("17 July 2020 at 15:05 BST", "2020-07-17T15:05", "minute", None),
    ("Friday 17 Jul 2020 15.05", "2020-07-17T15:05", "minute", None),
    ("December 3, 2024 - 5:00 AM", "2024-12-03T05:00", "minute", None),
    ("July 2020", "2020-07", "month", None),
    ("15:05 17.07.2020", "2020-07-17T15:05", "minute", None),
    ("03.02.2020", "2020-02-03", "day", None),
    ("20.07.2020, 14:50 Uhr", "2020-07-20T14:50", "minute", None),
    # Zones in words
    ("北京时间2025年3月4日 12:00", "2025-03-04T12:00", "minute", "Asia/Shanghai"),
    ("2025-03-04 12:00（台北時間）", "2025-03-04T12:00", "minute", "Asia/Taipei"),
    ("2025-03-04 12:00 Hong Kong Time", "2025-03-04T12:00", "minute", "Asia/Hong_Kong"),
    ("2025-03-04 当地时间12:00", "2025-03-04", "day", None),
    ("2025-03-04 12:00 CST", "2025-03-04T12:00", "minute", None),
    ("2025-03-04 12:00 UTC+8", "2025-03-04T12:00", "minute", "+08:00"),
]


@pytest.mark.parametrize(("text", "local", "precision", "zone"), FORMS)
def test_forms(text: str, local: str, precision: str, zone: str | None):
    found = parse_date(text)
    assert found is not None
    assert (found.local, found.precision, found.zone) == (local, precision, zone)
    assert is_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "2 hours ago",
        "昨天 15:05",
        "5月3日",
        "7月17日 15:05",
        "0000-00-00 00:00:00",
        "2020-07-17 15:05 某报",
        "2020-07-17 15:05 ABCD",
        "2020-07-17 12:00 +25:00",
        "20201345",
        "民國3年",
        "May the fourth",
        "第2020-07期",
        "2020-07-17 31:00",
        "true",
    ],
)
def test_what_is_no_date(text: str):
    assert parse_date(text) is None
    assert not is_date(text)


def test_numbers_in_characters():
    assert [number(n) for n in ("十", "十二", "二十", "廿一", "三十一", "一百一十三", "二〇二五")] == [
        10, 12, 20, 21, 31, 113, 2025,
    ]  # fmt: skip


def test_abbreviations_of_many_zones_are_none():
    assert not zones.MANY_MEANINGS & zones.ABBREVIATIONS.keys()
    assert all(zone_of(zone) for zone in (*zones.ABBREVIATIONS.values(), *zones.CITIES.values()))


def published(front_matter: str, body: str = "<p>正文。</p>", stamp: str = "", **settings: str):
    text = f"---\ntitle: 外长会面\n{front_matter}\n---\n{stamp}{body}"
    return document(text, path="made/item.md", **settings)


def test_a_stated_zone_counts_before_that_of_the_collection():
    stated = published("date: 2020-07-17T15:05:00+02:00", timezone="Asia/Shanghai").articles[0].published
    assert (stated.at, stated.zone, stated.zone_basis) == (datetime(2020, 7, 17, 13, 5, tzinfo=UTC), "+02:00", "stated")
    declared = published("date: 2020-07-17 15:05", timezone="Asia/Shanghai").articles[0].published
    assert declared.at == datetime(2020, 7, 17, 7, 5, tzinfo=UTC)
    assert (declared.zone, declared.zone_basis) == ("Asia/Shanghai", "collection")


def test_a_clock_without_a_zone_is_no_instant():
    naive = published("date: 2020-07-17 15:05").articles[0].published
    assert (naive.at, naive.zone, naive.zone_basis) == (None, None, "none")
    assert (naive.local, naive.text, naive.precision) == ("2020-07-17T15:05", "2020-07-17 15:05", "minute")


@pytest.mark.parametrize("zero", ["1970-01-01", "1970-01-01T00:00:00Z", "1969-12-31 19:00:00", "0001-01-01"])
def test_the_zero_of_a_clock_is_no_date(zero: str):
    parsed = published(f"date: {zero}")
    assert "date-implausible" in codes(parsed)
    assert parsed.articles[0].published.at is None


def test_the_address_dates_an_article_whose_own_date_cannot_be_right():
    parsed = published("date: 2999-01-01\nurl: https://a.example/2020/7/3/fish")
    assert "date-implausible" in codes(parsed)
    assert (parsed.articles[0].published.local, parsed.articles[0].published.basis) == ("2020-07-03", "url")


def test_a_date_after_the_stamp_of_the_collector_is_told():
    stamp = "<!--1594998000000-->\n[外长会面](https://a.example/1)\n------\n"  # 2020-07-17T15:00:00Z
    late = document(stamp + "<p>2020-07-20T15:05:00Z</p><p>正文在这里。</p>")
    assert "date-implausible" in codes(late)
    near = document(stamp + "<p>2020-07-18 15:05</p><p>正文在这里。</p>")
    assert "date-implausible" not in codes(near)


@given(st.text(alphabet="0123456789年月日:-/. +TZ一二十民國上午PMUTCJul,（）\u3000", max_size=90))
def test_no_string_breaks_the_grammar(text: str):
    found = parse_date(text)
    assert found is None or found.day().year == found.year


@pytest.mark.parametrize("piece", ["2020-", "1", "年", "一", "(", "Mon ", "上午", "12:", " ", "民國", "T", "Jul "])
def test_long_strings_cost_nothing(piece: str):
    start = time.perf_counter()
    for size in (20, 79, 100_000):
        parse_date((piece * size)[: max(79, size)])
        parse_date("2020-07-17 " + (piece * size)[:68])
    assert time.perf_counter() - start < 1
