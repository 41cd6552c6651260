"""Which articles fall under a restriction, and how addresses are compared."""

import re
from typing import Any

import linked
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.addresses import normal_form, pattern
from broadsheet.restrictions import Restriction, strictest
from broadsheet.rows import ArticleRow


def article(**fields: Any) -> ArticleRow:
    return linked.article_row(linked.OPEN, "A title", "A body.", (), **{"published_local": "2025-02-13", **fields})


@pytest.mark.parametrize(
    ("conditions", "fields", "concerned"),
    [
        ({"agencies": ("reuters",)}, {"agencies": ("AFP", "Ｒeuters")}, True),
        ({"agencies": ("路透社",)}, {"agencies": ("路透社",)}, True),
        ({"agencies": ("Reuters",)}, {"agencies": ("Reuters Institute",)}, False),
        ({"agencies": ("AFP", "Reuters")}, {}, False),
        ({"agencies": ("路透社",)}, {"dateline": "路透社海港城3月4日电"}, True),
        ({"agencies": ("AP",)}, {"dateline": "HARBOR CITY (AP) —"}, True),
        ({"agencies": ("AP",)}, {"dateline": "APIA, March 4 —"}, False),
        ({"urls": ("example.org/wire/*",)}, {"url": "http://www.example.org/wire/a/b?x=1"}, True),
        ({"urls": ("example.org/wire/*",)}, {"url": "https://example.org/own/a"}, False),
        ({"urls": ("example.org/wire/*",)}, {"url": None}, False),
        ({"sections": ("World",)}, {"section": "world"}, True),
        ({"sections": ("World",)}, {"section": None}, False),
        ({"publishers": ("海港报",)}, {"publisher": "海港报"}, True),
        ({"articles": ("art-1",)}, {"article_id": "art-1"}, True),
        ({"articles": ("art-2",)}, {"article_id": "art-1"}, False),
        ({"since": "2025-02-13"}, {"published_local": "2025-02-13T00:00:00"}, True),
        ({"since": "2025-02-14"}, {"published_local": "2025-02-13T23:59:59"}, False),
        ({"before": "2025-02-13"}, {"published_local": "2025-02-13"}, False),
        ({"before": "2025-02-14"}, {"published_local": "2025-02-13"}, True),
        ({"since": "2025-02-20"}, {"published_local": "2025-02"}, True),  # may be later in that month
        ({"since": "2025-02-20", "before": "2026-01-01"}, {"published_local": None}, True),
        ({"agencies": ("AFP",), "sections": ("World",)}, {"agencies": ("AFP",), "section": "Sport"}, False),
        ({"agencies": ("AFP",), "sections": ("World",)}, {"agencies": ("AFP",), "section": "World"}, True),
    ],
)
def test_an_article_falls_under_a_restriction_if_it_meets_all(
    conditions: dict[str, Any], fields: dict[str, Any], concerned: bool
) -> None:
    row = article(**fields)
    assert Restriction("excerpt", **conditions).concerns(row) is concerned
    assert strictest("full", [Restriction("excerpt", **conditions)], row) == ("excerpt" if concerned else "full")


def test_the_strictest_holds_whatever_the_order() -> None:
    rules = [Restriction("metadata", agencies=("AFP",)), Restriction("excerpt", agencies=("AFP",))]
    row = article(agencies=("AFP",))
    assert strictest("full", rules, row) == strictest("full", rules[::-1], row) == "metadata"
    assert strictest("excerpt", [], row) == "excerpt"


@pytest.mark.parametrize(
    ("form", "url", "fits"),
    [
        ("https://example.org/a/1", "http://www.EXAMPLE.org/a/1/?fbclid=z#top", True),
        ("https://example.org/a/1", "https://example.org/a/12", False),
        ("https://example.org/a?id=*", "https://example.org/a?id=7", True),
        ("https://*.example.org/*", "https://news.example.org/", True),
        ("https://*.example.org/*", "https://example.org/x", False),
        ("https://example.org/*/wire/*.html", "https://example.org/2025/03/wire/9.html", True),
        ("https://example.org/*/wire/*.html", "https://example.org/wire/9.html", False),
        ("https://example.org/ab*ba", "https://example.org/aba", False),
        ("https://example.org/%E6%B8%AF", "https://example.org/港", True),
    ],
)
def test_an_address_fits_a_form(form: str, url: str, fits: bool) -> None:
    assert pattern(normal_form(form))(normal_form(url)) is fits


@given(st.text(alphabet="ab*", max_size=8), st.text(alphabet="ab", max_size=10))
def test_a_form_fits_what_a_regular_expression_fits(form: str, address: str) -> None:
    expected = re.fullmatch(".*".join(map(re.escape, form.split("*"))), address) is not None
    assert pattern(form)(address) is expected


def test_a_hostile_form_costs_no_more_than_its_length() -> None:
    assert not pattern("a*" * 2000 + "b")("a" * 100_000)
