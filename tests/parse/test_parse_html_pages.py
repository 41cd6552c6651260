"""Saved web pages of different systems, in `pages/`; every page was written for this test."""

import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parse_tools import assert_traceable, codes, document, paragraphs

FOLDER = Path(__file__).parent / "pages"
ONE = "两国外长星期三在首都会面，讨论了边境贸易和渔业合作，会谈持续了将近三个小时。"
TWO = "双方同意在年底以前再次见面，届时将邀请专家参加，并交换关于河流水位的资料。"
THREE = "一名参加会谈的官员表示，气氛坦率，分歧仍然存在，但双方都愿意继续谈下去。"
FIRST = "The two foreign ministers met in the capital on Wednesday and talked for almost three hours about fisheries."
SECOND = "They agreed to meet again before the end of the year, and to exchange data on the level of the river."
THIRD = "An official who took part said the mood was frank, and that neither side wanted to walk away from the table."


@dataclass
class Page:
    """What must come of a page."""

    title: str
    body: list[str]
    publisher: str | None = None
    local: str | None = None
    zone: str | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None
    language: str = "zh-Hans"
    encoding: str = "utf-8"
    section: str | None = None
    tags: tuple[str, ...] = ()
    truncated: bool = False
    links: dict[str, list[str]] = field(default_factory=dict)
    images: list[str] = field(default_factory=list)


WORDPRESS = Page(
    title="外长会面谈渔业",
    body=[ONE, "接下来", TWO, THREE],
    publisher="河岸邮报",
    local="2024-05-08T09:30:00",
    zone="+08:00",
    authors=("林一",),
    url="https://riverpost.example/2024/05/fish/",
    section="国际",
    tags=("渔业", "边境"),
    links={
        "translation": ["https://riverpost.example/en/2024/05/fish/"],
        "related": ["https://riverpost.example/2024/04/boat/"],
    },
    images=[
        "https://riverpost.example/wp-content/uploads/lead.jpg",
        "https://riverpost.example/wp-content/uploads/hall.jpg",
    ],
)

DRUPAL = Page(
    title="Ministers talk fish",
    body=[FIRST, SECOND, THIRD],
    publisher="Harbour Institute",
    local="2019-11-20T16:05:00",
    zone="-05:00",
    authors=("Ann Example",),
    url="https://harbour.example/comment/ministers-talk-fish",
    language="en",
)

PORTAL = Page(
    title="外长会面谈渔业",
    body=[ONE, TWO, THREE],
    publisher="山城晚报",
    local="2012-05-08T09:30",
    authors=("林一",),
    encoding="gb18030",
    tags=("外长", "渔业", "江边网"),
)

LAYOUT_TABLES = Page(
    title="外長會面談漁業",
    body=[
        "兩國外長星期三在首都會面，討論了邊境貿易和漁業合作，會談持續了將近三個小時。",
        "雙方同意在年底以前再次見面，屆時將邀請專家參加，並交換關於河流水位的資料。",
    ],
    language="zh-Hant",
    encoding="big5",
)

AMP = Page(
    title="Ministers talk fish",
    body=[FIRST, SECOND, THIRD],
    publisher="Daily Example",
    local="2021-03-04T05:06:07",
    zone="UTC",
    authors=("Ann Example",),
    url="https://daily.example/world/fish",
    language="en",
    links={"related": ["/boats"]},
    images=["https://daily.example/i/hall.jpg"],
)

NEXT = Page(
    title="外长会面谈渔业",
    body=[ONE, TWO, THREE],
    publisher="潮声",
    local="2023-09-01T12:00:00.000",
    zone="UTC",
    url="https://chao.example/a/5",
)

WAYBACK = Page(
    title="Ministers talk fish",
    body=[FIRST, SECOND, THIRD],
    publisher="Old Example",
    local="2020-01-01",
    url="https://old.example/news/2020/1/1/fish",
    language="en",
    links={"original": ["https://web.archive.org/web/20200102030405/https://old.example/news/2020/1/1/fish"]},
    images=["https://old.example/i/hall.jpg"],
)

PAYWALL = Page(
    title="Ministers talk fish",
    body=[FIRST],
    publisher="The Ledger",
    authors=("Bob Sample",),
    language="en",
    truncated=True,
)

WEIXIN = Page(
    title="外长会面谈渔业",
    body=[ONE, TWO, THREE],
    authors=("林一",),
    url="http://mp.weixin.qq.com/s?__biz=Mz&mid=1",
)

PLAIN_DIVS = Page(
    title="Ministers talk fish",
    body=[FIRST, SECOND, THIRD],
    local="2020-07-17T15:05",
    authors=("Ann Example", "Bob Sample"),
    language="en",
)

MICRODATA = Page(
    title="Ministers talk fish",
    body=[FIRST, SECOND, THIRD],
    local="2018-02-03T10:11:12",
    zone="+01:00",
    url="https://gazette.example/2018/02/03/fish",
    language="en",
)

SEVERAL_ARTICLES = Page(
    title="外長會面談漁業",
    body=[
        "兩國外長星期三在首都會面，討論了邊境貿易和漁業合作，會談持續了將近三個小時。",
        "雙方同意在年底以前再次見面，屆時將邀請專家參加，並交換關於河流水位的資料。",
    ],
    publisher="海風新聞",
    local="2022-10-10T08:00:00",
    zone="+08:00",
    language="zh-Hant",
)

PAGES = {name.lower(): page for name, page in list(globals().items()) if isinstance(page, Page)}


@pytest.mark.parametrize("name", PAGES)
def test_saved_pages(name: str):
    page = PAGES[name]
    parsed = document((FOLDER / f"{name}.html").read_bytes(), path=f"pages/{name}.html")
    assert parsed.status == "parsed"
    assert parsed.encoding == page.encoding
    article = parsed.articles[0]
    assert article.title is not None
    assert article.title.text == page.title
    assert paragraphs(parsed) == page.body
    assert article.published.local == page.local
    assert article.published.zone == page.zone
    assert article.authors == page.authors
    assert article.language == page.language
    assert article.section == page.section
    assert article.tags == page.tags
    assert article.truncated == page.truncated
    if page.publisher:
        assert article.publisher == page.publisher
    assert article.url == page.url
    for relation in ("translation", "related", "original"):
        assert [link.url for link in article.links if link.relation == relation] == page.links.get(relation, []), (
            relation
        )
    if page.images:
        assert [medium.url for medium in article.media] == page.images
    assert_traceable(parsed)


def test_the_wayback_machine_says_when_it_saved_a_page():
    assert document((FOLDER / "wayback.html").read_bytes()).archived_at.isoformat() == "2020-01-02T03:04:05+00:00"


def test_a_page_without_an_article_has_no_body():
    parsed = document("<!doctype html><html><head><title>x</title></head><body></body></html>")
    assert parsed.status == "empty"
    assert "body-empty" in codes(parsed)


@pytest.mark.parametrize(
    "page",
    [
        "<!doctype html>" + "<div>" * 50_000 + FIRST,
        "<!doctype html>" + "<article><p>" * 20_000,
        "<!doctype html>" + '<meta content="' * 50_000,
        "<!doctype html>" + "<script type='application/ld+json'>{" * 5_000,
        "<!doctype html>" + "<!--" * 50_000,
        "<!doctype html>" + "<h1>" * 20_000,
        "<!doctype html>" + "<ul><li><a href=x>a</a>" * 20_000,
        "<!doctype html><script type='application/ld+json'>" + "[" * 50_000 + "</script>",
        "<!--" + "-" * 100_000,
        "<!doctype html><title>" + "a | " * 20_000 + "</title>",
    ],
    ids=lambda page: page[-20:],
)
def test_hostile_pages_cost_little(page: str):
    start = time.perf_counter()
    document(page)
    assert time.perf_counter() - start < 4


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<div class='related'>", "</div>", "<p>", "</p>", FIRST, "<article>", "</article>", "<a href='/x'>",
             "</a>", "<ul>", "<li>", "<h1>", "</h1>", "<nav>", "</nav>", "<script>", "</script>", "<!--", "-->",
             "<meta name=author content=", "'", '"', ">"]
        ),
        max_size=40,
    )
)  # fmt: skip
def test_any_soup_of_tags_is_read_and_traceable(parts: list[str]):
    parsed = document("<!doctype html><html><body>" + "".join(parts))
    assert "parse-failed" not in codes(parsed)
    assert_traceable(parsed)
