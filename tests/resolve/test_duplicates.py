"""Copies, revisions and near copies, and which of them is kept."""

from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from resolve_tools import article

from broadsheet.resolve.duplicates import mark_duplicates
from broadsheet.rows import ArticleRow

LONG = "".join(chr(0x5000 + i * 7 % 5000) for i in range(600))
# One word of some two hundred changed; and a text of which one half is other.
NEARLY = LONG[:300] + "改" + LONG[301:]
HALF = LONG[:300] + LONG[300:][::-1]


def marked(*articles: ArticleRow) -> dict[str, tuple[str | None, str | None]]:
    return {
        r["article_id"]: (r["duplicate_of"], r["duplicate_kind"])
        for r in mark_duplicates([asdict(a) for a in articles])
    }


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
    return article(number, url="https://example.org/one", archived_at=at, **changes)


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
        article(2, "2025-02-12", body=LONG, url="https://example.org/x"),
        article(3, "2025-02-13", url="https://example.org/x"),
    )
    assert found == {"art-01": KEPT, "art-02": ("art-01", "exact"), "art-03": ("art-01", "near")}


@pytest.mark.parametrize("url", ["https://example.org", "https://example.org/", "http://[", "", None])
def test_the_address_of_a_site_is_no_address_of_an_article(url: str | None) -> None:
    assert marked(article(1, url=url), article(2, url=url)) == {"art-01": KEPT, "art-02": KEPT}


def test_items_of_one_file_are_not_versions_of_its_address() -> None:
    url = "https://example.org/day"
    day = [article(n, url=url, source_id="src-a", position=n) for n in (1, 2)]
    assert marked(*day, article(3, url=url)) == {"art-01": KEPT, "art-02": KEPT, "art-03": KEPT}


def test_short_and_empty_texts_are_no_copies() -> None:
    short = [article(n, body="今天没有新闻。") for n in (1, 2)]
    empty = [article(n, body="") for n in (3, 4)]
    assert set(marked(*short, *empty).values()) == {KEPT}


def test_nothing_is_not_an_error() -> None:
    assert mark_duplicates([]) == []


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


def test_rows_come_back_in_their_order_and_the_given_ones_stay() -> None:
    rows = [asdict(a) for a in MIXED]
    assert [r["article_id"] for r in mark_duplicates(rows)] == [a.article_id for a in MIXED]
    assert all(row["duplicate_of"] is None for row in rows)


def test_every_duplicate_points_to_a_kept_one() -> None:
    found = marked(*MIXED)
    assert all(kept is None or found[kept] == KEPT for kept, _ in found.values())
