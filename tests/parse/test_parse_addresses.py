"""Addresses out of proxies, archives and redirectors; everything else as printed."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parse_tools import document

from broadsheet.parse.fields import urls

WRAPPED = [
    ("https://wsrv.nl/?w=300&url=example.org/a%20b.jpg", "https://example.org/a%20b.jpg"),
    ("//images.weserv.nl/?url=https%3A%2F%2Fexample.org%2Fa%2520b.jpg", "https://example.org/a%20b.jpg"),
    ("https://images.weserv.nl/?url=//example.org/a.jpg", "//example.org/a.jpg"),
    ("https://web.archive.org/web/20210705054535/https:/example.org/x", "https://example.org/x"),
    ("https://web.archive.org/web/20210629003837id_/http://example.org/a", "http://example.org/a"),
    ("https://web.archive.org/web/20210629003837if_/http%3A%2F%2Fexample.org%2Fa", "http://example.org/a"),
    ("https://web.archive.org/web/2020*/example.org/a", "http://example.org/a"),
    ("http://archive.is/20200101000000/http://example.org/a", "http://example.org/a"),
    ("https://wayback.archive-it.org/1234/20200101000000/http://example.org/", "http://example.org/"),
    ("/web/20200101000000im_/https://example.org/a.png", "https://example.org/a.png"),
    (
        "https://web.archive.org/web/20210705054535/https://web.archive.org/web/20200101000000/https://example.org/x",
        "https://example.org/x",
    ),
    ("https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.org%2Fa", "https://example.org/a"),
    ("https://news.google.com/news/url?sa=t&amp;url=http://example.org/x", "http://example.org/x"),
    (
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa%3Ffbclid%3D1&h=AT3",
        "https://example.org/a?fbclid=1",
    ),
    ("https://www.google.com/amp/s/example.org/a/amp", "https://example.org/a/amp"),
    ("https://example-org.cdn.ampproject.org/c/s/example.org/a", "https://example.org/a"),
    ("https://webcache.googleusercontent.com/search?q=cache:abc:https://example.org/a+&cd=1", "https://example.org/a"),
]
AS_PRINTED = [
    "https://news.google.com/rss/articles/CBMiabc?oc=5",
    "https://t.co/abc",
    "http://feedproxy.google.com/~r/x/~3/abc/",
    "https://archive.li/ZteYA",
    "https://archive.org/details/x",
    "https://example.org/archive/2020/01/02/a",
    "https://example.org/?url=http://b.example",
    "https://example.org/文章/特-1?utm_source=x&utm_medium=y#z",
    "https://example.org/%e4%b8%ad",
    "//example.org/a",
    "https://www.google.com/search?q=example",
]


@pytest.mark.parametrize(("raw", "url"), WRAPPED)
def test_wrapped_addresses(raw: str, url: str):
    assert urls.unwrap(raw) == url


@pytest.mark.parametrize("url", AS_PRINTED)
def test_other_addresses_stay(url: str):
    assert urls.unwrap(url) == url


def test_the_wrapped_form_stays_among_the_links():
    raw = "https://web.archive.org/web/20210705054535/https:/example.org/x"
    article = document(f"---\ntitle: 外长会面\nurl: {raw}\n---\n正文在这里。\n").articles[0]
    assert article.url == "https://example.org/x"
    assert [(link.url, link.relation) for link in article.links] == [(raw, "original")]


def test_an_address_without_scheme_gets_one():
    article = document("---\ntitle: 外长会面\nurl: //example.org/x\n---\n正文在这里。\n").articles[0]
    assert article.url == "https://example.org/x"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://user:pw@www.Example.org:8080/a", "example.org"),
        ("example.org/x", "example.org"),
        ("//example.org", "example.org"),
        ("https://例子.example/a", "例子.example"),
        ("https:///a", ""),
    ],
)
def test_hosts(url: str, host: str):
    assert urls.host(url) == host


@pytest.mark.parametrize(
    ("place", "day"),
    [
        ("https://a.example/news/2026/2/7/fish", "2026-02-07"),
        ("https://a.example/n1/2020/0713/c1-2.html", "2020-07-13"),
        ("https://a.example/202007/t20200714_1.html", "2020-07-14"),
        ("https://a.example/2020-7-3/x", "2020-07-03"),
        ("https://a.example/202007/x", None),
        ("https://a.example/2025/1/content_20201", None),
    ],
)
def test_days_in_addresses(place: str, day: str | None):
    assert urls.date_in(place) == day


@given(st.text(max_size=200))
def test_any_string_is_unwrapped_once_and_for_all(text: str):
    inner = urls.unwrap(text)
    assert urls.unwrap(inner) == inner
    urls.host(text)
    urls.date_in(text)


@pytest.mark.parametrize("piece", ["archive.", "/web/", "url=", "%2f", "@", "2020/", "a.", "http://", "?u="])
def test_long_addresses_cost_little(piece: str):
    start = time.perf_counter()
    for head in ("", "https://web.archive.org/web/20200101000000/", "https://images.weserv.nl/?url="):
        urls.unwrap(head + piece * 20_000)
        urls.host(head + piece * 20_000)
        urls.date_in(piece * 20_000)
    assert time.perf_counter() - start < 2
