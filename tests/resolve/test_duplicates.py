"""Copies, revisions and near copies, and which of them is kept."""

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from resolve_tools import article, held

from broadsheet.addresses import address_key
from broadsheet.resolve.duplicates import find_copies, lay_copies
from broadsheet.resolve.likeness import title_key, titles_agree
from broadsheet.rows import ArticleRow

LONG = "".join(chr(0x5000 + i * 7 % 5000) for i in range(600))
# One word of some two hundred changed; and a text of which one half is other.
NEARLY = LONG[:300] + "改" + LONG[301:]
HALF = LONG[:300] + LONG[300:][::-1]


def marked(*articles: ArticleRow) -> dict[str, tuple[str | None, str | None]]:
    table = held("articles", articles)
    lay_copies(table, find_copies(table))
    rows = table.rows(["article_id", "duplicate_of", "duplicate_kind"])
    return {row["article_id"]: (row["duplicate_of"], row["duplicate_kind"]) for row in rows}


KEPT = (None, None)


def test_articles_of_their_own_are_kept() -> None:
    assert marked(article(1), article(2)) == {"art-01": KEPT, "art-02": KEPT}


def test_an_exact_copy_points_to_the_earliest() -> None:
    found = marked(article(1, "2025-02-14", body=LONG), article(2, "2025-02-13", body=LONG))
    assert found == {"art-02": KEPT, "art-01": ("art-02", "exact")}


def test_an_article_without_a_date_is_not_the_earliest() -> None:
    found = marked(article(1, None, body=LONG), article(2, "2025-02-13", body=LONG))
    assert found == {"art-02": KEPT, "art-01": ("art-02", "exact")}


def test_a_near_copy() -> None:
    found = marked(article(1, "2025-02-12", body=LONG), article(2, body=NEARLY), article(3, body=HALF))
    assert found == {"art-01": KEPT, "art-02": ("art-01", "near"), "art-03": KEPT}


def test_white_space_makes_a_near_copy_not_another_text() -> None:
    spaced = "\n\n".join(LONG[i : i + 50] for i in range(0, 600, 50))
    assert marked(article(1, "2025-02-12", body=LONG), article(2, body=spaced))["art-02"] == ("art-01", "near")


def stamped(number: int, hour: int, **changes: object) -> ArticleRow:
    at = datetime(2025, 2, 13, hour, tzinfo=UTC)
    return article(number, **{"url": "https://example.org/one", "title": "一次通话", "archived_at": at, **changes})


def test_of_versions_of_one_address_the_last_collected_is_kept() -> None:
    found = marked(stamped(1, 8), stamped(2, 12), stamped(3, 10))
    assert found == {"art-01": ("art-02", "revision"), "art-03": ("art-02", "revision"), "art-02": KEPT}


def test_a_version_without_text_is_not_kept() -> None:
    assert marked(stamped(1, 8), stamped(2, 12, body="")) == {"art-01": KEPT, "art-02": ("art-01", "revision")}


def test_a_cut_version_is_not_kept() -> None:
    assert marked(stamped(1, 8), stamped(2, 12, truncated=True)) == {"art-01": KEPT, "art-02": ("art-01", "revision")}


def test_chains_point_to_the_kept_article() -> None:
    # 1 and 2 share a text, 2 and 3 an address: all three are one article.
    found = marked(
        article(1, "2025-02-11", body=LONG),
        article(2, "2025-02-12", body=LONG, title="通话", url="https://example.org/x"),
        article(3, "2025-02-13", title="通话", url="https://example.org/x"),
    )
    assert found == {"art-01": KEPT, "art-02": ("art-01", "exact"), "art-03": ("art-01", "near")}


@pytest.mark.parametrize("url", ["https://example.org", "https://example.org/", "http://[", "", None])
def test_the_address_of_a_site_is_no_address_of_an_article(url: str | None) -> None:
    assert marked(article(1, url=url), article(2, url=url)) == {"art-01": KEPT, "art-02": KEPT}


def test_items_of_one_file_are_not_versions_of_its_address() -> None:
    url = "https://example.org/day"
    day = [article(n, url=url, title="要闻", source_id="src-a", position=n) for n in (1, 2)]
    assert marked(*day, article(3, url=url, title="要闻")) == {"art-01": KEPT, "art-02": KEPT, "art-03": KEPT}


def test_short_and_empty_texts_are_no_copies() -> None:
    short = [article(n, body="今天没有新闻。") for n in (1, 2)]
    empty = [article(n, body="") for n in (3, 4)]
    assert set(marked(*short, *empty).values()) == {KEPT}


def test_nothing_is_not_an_error() -> None:
    assert marked() == {}


def test_like_texts_are_found_past_an_unlike_one_of_the_same_band() -> None:
    # Many versions, each a little further from the first: no pair may be lost because of what lies between.
    versions = [LONG[:i] + LONG[i:][::-1] for i in range(590, 560, -3)]
    articles = [article(n, f"2025-02-{n + 10}", body=body) for n, body in enumerate([LONG, *versions])]
    assert [kept for kept, _ in marked(*articles).values()].count(None) == 1


MIXED = [
    article(1, "2025-02-11", body=LONG),
    article(2, "2025-02-12", body=NEARLY, url="https://example.org/x"),
    article(3, "2025-02-11", body=LONG),
    stamped(4, 8),
    stamped(5, 9, body=""),
    article(6),
    article(7, None, body=HALF),
]


@settings(max_examples=50, deadline=None)
@given(st.permutations(MIXED))
def test_the_order_of_rows_makes_no_difference(articles: list[ArticleRow]) -> None:
    assert marked(*articles) == marked(*MIXED)


def test_every_duplicate_points_to_a_kept_one() -> None:
    found = marked(*MIXED)
    assert all(kept is None or found[kept] == KEPT for kept, _ in found.values())


# What one outlet prints under other headlines is its formula, not its news.
CHANNEL = {"publisher": "山村影像", "body": LONG}


def of_channel(number: int, title: str, published: str = "2025-02-13", **changes: object) -> ArticleRow:
    return article(
        number, published, **{**CHANNEL, "title": title, "url": f"https://v.example/w?v={number}", **changes}
    )


def test_a_formula_under_other_headlines_is_no_copy() -> None:
    found = marked(
        of_channel(1, "早饭做好了"), of_channel(2, "今年的雪下得真大"), of_channel(3, "进城卖核桃", body=NEARLY)
    )
    assert set(found.values()) == {KEPT}


def test_two_names_of_an_outlet_on_one_host_are_one_outlet() -> None:
    found = marked(of_channel(1, "早饭做好了"), of_channel(2, "今年的雪下得真大", publisher="山村"))
    assert set(found.values()) == {KEPT}


def test_another_outlet_may_print_it_under_another_headline() -> None:
    other = article(2, "2025-02-14", body=LONG, title="两国元首昨天说了什么")
    assert marked(article(1, body=LONG, title="通话之后"), other)["art-02"] == ("art-01", "exact")


def test_the_same_headline_without_its_section_or_end_is_the_same() -> None:
    found = marked(
        of_channel(1, "甲国总统：我们愿意继续谈判"),
        of_channel(2, "甲国总统：我们愿意继续…"),
        of_channel(3, "乙国议会：新的预算案三读通过"),
    )
    assert found["art-02"] == ("art-01", "exact")
    assert found["art-03"] == KEPT


def test_a_headline_written_anew_within_the_day_is_the_same() -> None:
    titles = ("两国在湖城经贸会谈发表联合声明", "两国在湖城谈妥降低关税 联合声明发表")
    assert marked(*(of_channel(n, title) for n, title in enumerate(titles, 1)))["art-02"] == ("art-01", "exact")
    days = [of_channel(n, title, f"2025-02-{10 + n}") for n, title in enumerate(titles, 1)]
    assert set(marked(*days).values()) == {KEPT}


def test_a_bulletin_of_another_day_is_no_copy() -> None:
    # One formula and headline every day, only some figures differ; as far apart as a copy of one text may be.
    days = [of_channel(n, "疫情通报", f"2025-02-{n * 7:02}", body=LONG[:550] + LONG[n * 50 :: 11][:50]) for n in (1, 2)]
    assert set(marked(*days).values()) == {KEPT}


def test_a_headline_with_another_number_is_another_article() -> None:
    assert set(marked(of_channel(1, "睡前消息 41 期"), of_channel(2, "睡前消息 42 期")).values()) == {KEPT}


def test_texts_without_headlines_are_copies_only_if_of_the_same_days() -> None:
    bare = {"title": None, "url": None, "publisher": None, "body": LONG}
    found = marked(article(1, "2025-02-11", **bare), article(2, "2025-02-12", **bare), article(3, "2025-03-12", **bare))
    assert found == {"art-01": KEPT, "art-02": ("art-01", "exact"), "art-03": KEPT}


def test_half_a_text_more_is_a_copy_only_under_its_headline() -> None:
    longer = LONG + "".join(chr(0x7000 + i) for i in range(200))
    titled = marked(article(1, title="通话之后", body=LONG), article(2, "2025-02-14", title="通话之后", body=longer))
    assert titled["art-02"] == ("art-01", "near")
    assert set(marked(article(1, body=LONG), article(2, "2025-02-14", body=longer)).values()) == {KEPT}


def test_an_address_that_shows_other_articles_each_day_makes_no_versions() -> None:
    url = "https://example.org/broadcast/20250213"
    items = [article(n, url=url, title=title) for n, title in enumerate(("消费回暖", "国际快讯", "全运会开幕"))]
    assert set(marked(*items).values()) == {KEPT}


def test_a_version_may_have_another_headline() -> None:
    found = marked(stamped(1, 8, body=LONG), stamped(2, 9, title="后来的题目", body=HALF))
    assert found["art-01"] == ("art-02", "revision")


def test_without_stamps_the_longest_version_is_kept() -> None:
    versions = [stamped(n, 1, archived_at=None, body=LONG[: 200 * n]) for n in (2, 3, 1)]
    assert [key for key, value in marked(*versions).items() if value == KEPT] == ["art-03"]


def test_a_report_that_grew_under_another_address_is_a_revision() -> None:
    def issued(number: int, day: int, text: str) -> ArticleRow:
        url, title = f"https://paper.example/{number}", "渡轮公司工会召开记者会"
        return article(number, f"2025-02-{day}", url=url, title=title, publisher="港报", body=text)

    found = marked(issued(1, 13, LONG[:300]), issued(2, 13, LONG), issued(3, 14, LONG[:250] + HALF[300:]))
    assert found == {"art-01": ("art-02", "revision"), "art-02": KEPT, "art-03": KEPT}
    assert set(marked(issued(1, 13, LONG[:300]), issued(2, 13, LONG[300:])).values()) == {KEPT}


def test_a_translation_is_an_article_of_its_own() -> None:
    english = "The two presidents spoke for an hour on Wednesday and agreed to meet again before the summer. " * 4
    found = marked(article(1, title="通话", body=LONG), article(2, title="Call", language="en", body=english))
    assert set(found.values()) == {KEPT}


@pytest.mark.parametrize(
    "other",
    [
        "http://example.org/a/新闻",
        "https://www.example.org//a/%E6%96%B0%E9%97%BB/",
        "https://Example.org/a/新闻?utm_source=rss&utm_medium=feed",
        "https://example.org/a/新闻#top",
    ],
)
def test_ways_to_write_one_address(other: str) -> None:
    assert address_key(other) == address_key("https://example.org/a/新闻")


@pytest.mark.parametrize(
    "other", ["https://example.org/a/新闻?p=2", "https://example.net/a/新闻", "https://example.org/a"]
)
def test_other_addresses(other: str) -> None:
    assert address_key(other) != address_key("https://example.org/a/新闻")


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("“两国”元首 通话", "两国元首通话", True),
        ("两国元首通话 – 某某电台", "两国元首通话", True),
        ("美股收高 道指涨 1%", "美股收高 道指涨 2%", False),
        ("两国元首通话", "两国外长会晤", False),
    ],
)
def test_headlines(left: str, right: str, same: bool) -> None:
    assert titles_agree(title_key(left), title_key(right)) is same


def test_many_copies_of_a_formula_cost_no_more_than_their_number() -> None:
    # Three thousand items of one text, each with its own headline, and one real copy at the end.
    draw = random.Random(1)
    titles = ["".join(chr(draw.randrange(0x4E00, 0x9000)) for _ in range(8)) for _ in range(3000)]
    items = [of_channel(n, title, article_id=f"art-{n:05}") for n, title in enumerate(titles)]
    copy = of_channel(9999, titles[2999], "2025-02-14", article_id="art-99999")
    found = marked(*items, copy)
    assert {key: value for key, value in found.items() if value != KEPT} == {"art-99999": ("art-02999", "exact")}
