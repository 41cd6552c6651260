"""Pages a crawler left: what its head says, and the article between the menus."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parse_tools import assert_traceable, codes, document, paragraphs

from broadsheet.document import SourceText
from broadsheet.parse.layers import crawl_record, wiki_tabs
from broadsheet.parse.layers.crawl_record import without_site

URL = "https://www.daily-example.com/articles/ministers-agree-ferry-timetable-12345.html"
TITLE = "Ministers agree on a new ferry timetable"
TEXT = (
    "Ministers from both sides agreed on Monday to run two more ferries a day from the first of May.",
    "“We have waited ten years for this,” the harbor master told reporters on the quay.",
    "The timetable was drawn up by",
    "an independent panel",
    "It will be reviewed in the autumn, when the number of passengers is known, officials said.",
    "What happens next",
    "The ferry company said it would hire forty people and repair the older of its two ships.",
    "Critics said that fares would have to rise, and that nobody had asked the islanders about it.",
)
PAGE = "\n".join(
    (
        f"{TITLE} | News | Daily Example",
        "Skip to main content",
        "Home",
        "World",
        "Sport",
        "Show more sections",
        "By accepting cookies you help us to show you what you want to see on this site.",
        TITLE,
        "By",
        "Ann Q Example",
        "Published On 7 May 2024",
        "facebook",
        "whatsapp",
        "Listen to this article",
        TEXT[0],
        "Recommended Stories",
        "list of 2 items",
        "list 1 of 2",
        "Harbor to get a new lighthouse, say planners",
        "list 2 of 2",
        "Storm warning lifted after a long night",
        "end of list",
        TEXT[1],
        "A ferry leaves the old harbor at dawn [Some Photographer/Some Agency]",
        *TEXT[2:5],
        "Harbor Master Warns Of Delays As Storm Season Nears Its End",
        *TEXT[5:],
        "Related articles",
        "Three more stories you will certainly want to read today, dear reader.",
        "© 2024 Daily Example. All rights reserved.",
    )
)
LISTED = f"""# www.daily-example.com

## Metadata

- **URL**: {URL}
- **Domain**: www.daily-example.com
- **Scraped at**: 2024-05-08T01:02:03.456789+00:00
- **HTTP Status**: 200

## Content

{PAGE}

## Links

- [Home](https://www.daily-example.com/)
"""
COUNTED = f"""---
title: "{TITLE} | Daily Example"
source: {URL}
date: unknown
description: "Two more ferries a day."
word_count: 120
---

{PAGE}
"""
COMMENTED = f"# Source: {URL}\n# Date: 2024-05-08T15:04:00.334566\n\n{PAGE}\n"


@pytest.mark.parametrize("text", [LISTED, COUNTED, COMMENTED])
def test_three_heads_one_article(text: str):
    parsed = document(text)
    (article,) = parsed.articles
    assert parsed.layers == ("crawl_record", "markdown")
    assert (article.title.text, article.url, article.language) == (TITLE, URL, "en")
    assert article.publisher == "daily-example.com"
    assert article.authors == ("Ann Q Example",)
    assert (article.published.local, article.published.basis) == ("2024-05-07", "body")
    assert paragraphs(parsed) == list(TEXT)
    assert_traceable(parsed)


def test_the_summary_and_the_time_of_the_crawl():
    assert document(COUNTED).articles[0].summary == "Two more ferries a day."
    assert document(LISTED).archived_at.isoformat() == "2024-05-08T01:02:03.456789+00:00"


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ("By Ann Q Example", ("Ann Q Example",)),
        ("ANN EXAMPLE and LI SAMPLE", ("Ann Example", "Li Sample")),
        ("Ann Example, Li Sample and Bo Thirdname", ("Ann Example", "Li Sample", "Bo Thirdname")),
        (
            "Authors\nAnn Example\nNews Writer\nLi Sample\nReporter\nDown Arrow Button Icon",
            ("Ann Example", "Li Sample"),
        ),
        ("Mental Health and Ferry Traffic", ()),
    ],
)
def test_bylines_below_the_title(lines: str, names: tuple[str, ...]):
    assert document(COUNTED.replace("By\nAnn Q Example", lines)).articles[0].authors == names


def test_a_date_in_the_address_counts_before_that_of_the_head():
    text = COUNTED.replace("date: unknown", "date: 2019-06-28").replace(URL, "https://a.example/world/x-2024-05-06")
    published = document(text.replace("Published On 7 May 2024\n", "")).articles[0].published
    assert (published.local, published.basis) == ("2024-05-06", "url")


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://daily-example.com/", PAGE),
        (URL, "Home\nNews\nSport\nRead our latest stories\nSubscribe\n" * 5),
        (URL, "One moment while we look at your browser\nAre you the owner?\n"),
    ],
)
def test_pages_that_are_no_articles(url: str, page: str):
    parsed = document(f"---\ntitle: Daily Example\nsource: {url}\ndate: unknown\nword_count: 9\n---\n\n{page}")
    assert (parsed.status, parsed.articles, codes(parsed)) == ("not_article", (), ["not-article"])


def test_a_stump_before_a_paywall():
    page = PAGE.replace(TEXT[5], "Continue reading this story for free, courtesy of Ann.\nClaim my free story")
    article = document(LISTED.replace(PAGE, page)).articles[0]
    assert article.truncated
    assert [block.text.text for block in article.blocks] == list(TEXT[:5])


@pytest.mark.parametrize(
    ("title", "host", "want"),
    [
        ("Ferries run again | News | Daily Example", "daily-example.com", "Ferries run again"),
        ("Ferries run again - The Daily Example", "daily-example.com", "Ferries run again"),
        ("Ferries run again - The Daily Example - News for All", "daily-example.com", "Ferries run again"),
        ("Ferries run again - Experts doubt it", "daily-example.com", "Ferries run again - Experts doubt it"),
        ("Ferries – and bridges", "daily-example.com", "Ferries – and bridges"),
        ("Ferries run again - AOL", "aol.com", "Ferries run again"),
        ("Ferries run again", "daily-example.com", "Ferries run again"),
    ],
)
def test_the_name_of_the_site_is_no_part_of_the_title(title: str, host: str, want: str):
    assert without_site(SourceText.verbatim(title), host).text == want


@pytest.mark.parametrize(
    "text", ["# Title\n\nOne paragraph.\n", "---\ntitle: a\n---\nword_count: 1\n", "# Source\n\ntext"]
)
def test_other_files_are_not_crawled_pages(text: str):
    assert crawl_record.peel(SourceText.verbatim(text)) is None


@given(st.lists(st.sampled_from([*PAGE.split("\n"), "## Content", "## Metadata", "", "- **URL**: x"]), max_size=60))
def test_any_page_is_an_article_or_none(lines: list[str]):
    parsed = document(f"# Source: {URL}\n\n" + "\n".join(lines))
    assert parsed.status in ("parsed", "empty", "not_article")
    assert_traceable(parsed)


@pytest.mark.parametrize(
    "piece", ["a ", "Home\n", "[a](b) ", "list 1 of 2\n", "By\n", "! ", "| - ", "## Content\n", "on May 1, 2020 "]
)
def test_hostile_pages_cost_little(piece: str):
    started = time.process_time()
    document(f"# Source: {URL}\n\n" + piece * 40_000)
    document(LISTED + piece * 40_000)
    assert time.process_time() - started < 4.0


TABS = "# Tabs {.tabset}\n## One\n<div><iframe src='x'></iframe></div>\n\n<!-- ## Two\n-->\n\n# \n\n"


def test_tabs_with_players_are_peeled():
    peeled = wiki_tabs.peel(SourceText.verbatim(TABS + "第一段。\n"))
    assert peeled.inner.text.strip() == "第一段。"
    assert wiki_tabs.peel(SourceText.verbatim(TABS)).inner.text.strip() == ""


@pytest.mark.parametrize(
    "text",
    [
        TABS.replace("<div>", "一段文字。<div>") + "第一段。\n",
        f"第一段。\n\n{TABS}",
        "# 标题\n\n第一段。\n",
    ],
)
def test_tabs_with_text_stay(text: str):
    assert wiki_tabs.peel(SourceText.verbatim(text)) is None


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=200))
def test_what_follows_the_tabs_comes_back(body: str):
    assert wiki_tabs.peel(SourceText.verbatim(f"{TABS}正文。{body}")).inner.text.strip("\n") == f"正文。{body}".strip(
        "\n"
    )
