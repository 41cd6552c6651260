"""Dates, people, addresses, languages: what printed values mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.parse.fields import language, people, urls
from broadsheet.parse.fields.dates import from_stamp, is_date, parse_date, zone_of

DATES = [
    ("2025-02-13 08:39:00", "2025-02-13T08:39:00", "second", None),
    ("2025-02-13T08:39", "2025-02-13T08:39", "minute", None),
    ("2025-02-13", "2025-02-13", "day", None),
    ("2025-02", "2025-02", "month", None),
    ("2021-5-19", "2021-05-19", "day", None),
    ("2018-05-1210:00", "2018-05-12T10:00", "minute", None),
    ("2025-02-18T10:57:16.358Z", "2025-02-18T10:57:16.358", "second", "UTC"),
    ("2025-02-18T10:57:16+0800", "2025-02-18T10:57:16", "second", "+08:00"),
    ("2025-02-18T10:57:16-05:30", "2025-02-18T10:57:16", "second", "-05:30"),
    ("Mon, 03 Jan 2022 10:02:32 GMT", "2022-01-03T10:02:32", "second", "UTC"),
    ("Wed, 01 Jul 2020 20:10:53 +0000", "2020-07-01T20:10:53", "second", "UTC"),
    ("3 January 2022", "2022-01-03", "day", None),
    ("Feb. 13, 2025", "2025-02-13", "day", None),
    ("February 13th, 2025, 3:05 p.m.", "2025-02-13T15:05", "minute", None),
    ("2020年 7月 17日", "2020-07-17", "day", None),
    ("2025年2月13日 星期四 下午3时05分", "2025-02-13T15:05", "minute", None),
    ("2025年2月13日12:30", "2025-02-13T12:30", "minute", None),
    ("2020年7月", "2020-07", "month", None),
    ("二〇二五年十二月二十一日", "2025-12-21", "day", None),
    ("2025/2/3 9:05", "2025-02-03T09:05", "minute", None),
    ("20/07/2020 - 14:50", "2020-07-20T14:50", "minute", None),
    ("3/14/2023 12:44 PM UTC", "2023-03-14T12:44", "minute", "UTC"),
    ("3/14/2023 12:44 AM UTC", "2023-03-14T00:44", "minute", "UTC"),
    ("发布时间：2025-02-13 08:39", "2025-02-13T08:39", "minute", None),
    ("2025-02-13 08:39（北京时间）", "2025-02-13T08:39", "minute", "Asia/Shanghai"),
    ("1594157123000", "2020-07-07T21:25:23", "second", "UTC"),
    ("2099-01-01", "2099-01-01", "day", None),
]


@pytest.mark.parametrize(("text", "local", "precision", "zone"), DATES)
def test_dates(text: str, local: str, precision: str, zone: str | None):
    found = parse_date(text)
    assert found is not None
    assert (found.local, found.precision, found.zone) == (local, precision, zone)
    assert (found.clock is None) == (precision in ("day", "month"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-13-40",
        "2025-02-30",
        "unknown",
        "昨天",
        "2025",
        "x 2025-01-01",
        "2025-01-01 又一段",
        "25:61:00",
        "03/02/2020",
        "2025-02-13 25:00",
        "Foo 12, 2025",
        "1" * 50,
        "2025年13月1日",
    ],
)
def test_no_dates(text: str):
    assert parse_date(text) is None
    assert not is_date(text)


def test_the_order_of_numeric_dates_is_never_guessed():
    assert parse_date("03/02/2020", "dmy").local == "2020-02-03"
    assert parse_date("03/02/2020", "mdy").local == "2020-03-02"


def test_an_ambiguous_abbreviation_is_no_zone():
    assert parse_date("2025-02-13 08:39:00 CST").zone is None


@given(st.datetimes())
def test_iso_dates_come_back(moment):
    found = parse_date(moment.isoformat())
    if moment.year >= 1000:
        assert found.clock == moment


@given(st.text(max_size=90))
def test_no_text_breaks_the_grammar(text: str):
    parse_date(text)


def test_zones():
    assert zone_of("Asia/Shanghai") is not None
    assert zone_of("+08:00") is not None
    assert [zone_of(z) for z in ("Nowhere/Town", "+99:00", "", "../etc")] == [None] * 4


def test_stamps():
    assert from_stamp("1739434021000").isoformat() == "2025-02-13T08:07:01+00:00"
    assert from_stamp("9999999999999") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("林一、王二", ["林一", "王二"]),
        ("林一 王二", ["林一", "王二"]),
        ("林一/王二", ["林一", "王二"]),
        ("记者 林一", ["林一"]),
        ("本报特约记者林一", ["林一"]),
        ("作者：林一（发自日内瓦）", ["林一"]),
        ("實習記者 林一", ["林一"]),
        ("By Ann Example and Bob Sample", ["Ann Example", "Bob Sample"]),
        ("ANN EXAMPLE, BOB SAMPLE", ["ANN EXAMPLE", "BOB SAMPLE"]),
        ("null 林一", ["林一"]),
        ("（综合报道）", []),
        ("某某通讯社", []),
        ("国际新闻编辑部", []),
        ("Example News Agency", []),
        ("Staff", []),
        ("admin", []),
        ("马可·波罗", ["马可·波罗"]),
        ("林一,林一", ["林一"]),
        ("一段很长的话，说的是别的事情。它不是名字。", []),
        ("", []),
    ],
)
def test_people(text: str, expected: list[str]):
    assert people.split_people(text) == expected


def test_capitals_take_the_case_the_file_prints():
    text = "Ann de Example and Zoe McSample-Orr reported; ANN DE EXAMPLE wrote."
    assert people.ordinary_case("ANN DE EXAMPLE", text) == "Ann de Example"
    assert people.ordinary_case("ZOE MCSAMPLE-ORR", text) == "Zoe McSample-Orr"
    assert people.ordinary_case("JOHN O'HARA-SMITH", text) == "John O'Hara-Smith"
    assert people.ordinary_case("RENÉ VAN DER VEEN", text) == "René van der Veen"
    assert people.ordinary_case("MCADAM", text) == "McAdam"
    assert people.ordinary_case("Ann Other", text) == "Ann Other"
    assert people.ordinary_case("林一", text) == "林一"


@pytest.mark.parametrize(
    ("raw", "url"),
    [
        ("https://images.weserv.nl/?url=static.example.org/a.jpg", "https://static.example.org/a.jpg"),
        ("https://images.weserv.nl?url=example.org/a.jpg&w=100", "https://example.org/a.jpg"),
        ("//images.weserv.nl/?url=https%3A%2F%2Fexample.org%2Fa.jpg", "https://example.org/a.jpg"),
        ("https://images.weserv.nl/?url=ssl:example.org/a.jpg", "https://example.org/a.jpg"),
        ("https://web.archive.org/web/20210705054535/https://example.org/x", "https://example.org/x"),
        ("https://web.archive.org/web/20210629003837im_/http://example.org/a.jpg", "http://example.org/a.jpg"),
        ("https://example.org/文章/特-1", "https://example.org/文章/特-1"),
        (" https://example.org/a%20b ", "https://example.org/a%20b"),
    ],
)
def test_addresses_are_unwrapped_and_otherwise_kept(raw: str, url: str):
    assert urls.unwrap(raw) == url


def test_hosts_and_domains():
    assert urls.host("https://www.Example.org:80/x") == "example.org"
    assert urls.host("http://[bad/") == ""
    assert urls.on_domain("https://cn.example.org/x", "example.org")
    assert not urls.on_domain("https://badexample.org/x", "example.org")
    assert [urls.is_url(u) for u in ("https://a.org", "//a.org/x", "/post/1", "a.org", "http://x")] == [
        True,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("https://a.org/world/20250213/x", "2025-02-13"),
        ("https://a.org/2025/02/13/x", "2025-02-13"),
        ("2025-02-13-x.md", "2025-02-13"),
        ("https://a.org/2025/02/x", None),
        ("https://a.org/id/120250213", None),
        ("https://a.org/20251340/", None),
    ],
)
def test_dates_in_addresses(path: str, day: str | None):
    assert urls.date_in(path) == day


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("zh-CN", "zh-Hans"),
        ("zh_TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hans", "zh-Hans"),
        ("zh", None),
        ("en-US", "en"),
        ("EN", "en"),
        ("fr-FR", "fr-FR"),
        ("", None),
        ("not a tag", None),
    ],
)
def test_declared_languages(tag: str, expected: str | None):
    assert language.normalize(tag) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("两国外长举行会谈，讨论边境问题。", "zh-Hans"),
        ("兩國外長舉行會談，討論邊境問題。", "zh-Hant"),
        ("The two ministers met.", "en"),
        ("外长会见 CEO Tim Example 及 OpenAI 团队，谈了两国合作。", "zh-Hans"),
        ("外相は会談しました。", "ja"),
        ("Министры встретились.", "ru"),
        ("123", "und"),
    ],
)
def test_detected_languages(text: str, expected: str):
    assert language.detect(text) == expected
