"""Notes of reposted articles: source, address and author from lines people wrote by hand."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parse_tools import assert_traceable, document, paragraphs

from broadsheet.document import SourceText
from broadsheet.parse.layers import repost_note
from broadsheet.parse.readings import Peeled

URL = "https://mp.weixin.qq.com/s/AbC-d_1"
TITLE = "老街上的书店，关门了？"


def peel(text: str) -> Peeled | None:
    return repost_note.peel(SourceText.verbatim(text))


def said(peeled: Peeled | None) -> dict[str, str]:
    assert peeled is not None
    return {reading.field: reading.value for reading in peeled.readings}


SOURCES = {
    f"原文来自「街坊小报」：~~[{TITLE}]({URL})~~": "街坊小报",
    f"文章来自微信公号「街坊小报」：[{TITLE}]({URL})": "街坊小报",
    f"本文来自微信号「街坊小报（jiefang01）」：[{TITLE}]({URL})": "街坊小报",
    f"原文来自微信某报微信公众号「街坊小报 」：[{TITLE}]({URL})": "街坊小报",
    f"信息源自街坊小报：[{TITLE}]({URL})": "街坊小报",
    f"原文来自公号街坊小报：~~[{TITLE}]({URL})~~": "街坊小报",
    f"原文来自公号：~~[街坊小报]({URL})~~": "街坊小报",
    f"原文来自[街坊小报]({URL})": "街坊小报",
    f"转自：街坊小报 <{URL}>": "街坊小报",
    f"本文原创为「街坊小报」：<{URL}>": "街坊小报",
    f"来源：街坊小报 {URL}": "街坊小报",
    f"> 本文由 [某工具](http://ksria.com/simpread/) 转码，原文地址来自[街坊小报]({URL})": "街坊小报",
    f"看街的人 街坊小报：~~[{TITLE}]({URL})~~": "街坊小报",
    f"微信公众号「街坊小报」：[{TITLE}]({URL})": "街坊小报",
    f"首发：街坊小报 {URL}": "街坊小报",
    f"转载自街坊小报：{URL}": "街坊小报",
    f"原文刊载于《街坊小报》，[{TITLE}]({URL})": "街坊小报",
    f"Originally published at [The Street]({URL})": "The Street",
}


@pytest.mark.parametrize("line", SOURCES)
def test_a_line_names_the_source_and_links_to_it(line: str):
    text = f"\n{line}\n\n作者：林小文\n\n---\n\n书店开了四十年。\n"
    peeled = peel(text)
    title = {"title": TITLE} if TITLE in line else {}
    assert said(peeled) == {"publisher": SOURCES[line], "url": URL, "author": "林小文"} | title
    assert peeled.inner.text == "\n书店开了四十年。\n"
    for reading in peeled.readings:
        span = reading.text.source_span()
        assert text[span.start : span.end] == reading.value


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("作者：林小文", "林小文"),
        ("作者 \\| 林小文", "林小文"),
        ("> ◎作者 \\| 林小文", "林小文"),
        ("作者:[林小文](https://a.example/u)", "林小文"),
        ("文\\丨林小文 来源\\丨街坊小报", "林小文"),
        ("原创 林小文 街坊小报", "林小文"),
        ("本刊记者/林小文 王一", "林小文 王一"),
        ("端傳媒記者 林小文 發自香港", "林小文"),
        ("（作者：林小文）", "林小文"),
        ("本文作者：林小文；编辑：王一", "林小文"),
        ("文/图 | 林小文", "林小文"),
        ("特约撰稿人 林小文", "林小文"),
        ("【撰文：林小文】", "林小文"),
        ("作者：林小文（某大学教授）", "林小文（某大学教授）"),
        ("作者：林小文（来自豆瓣）", "林小文"),
    ],
)
def test_a_line_names_the_author(line: str, name: str):
    assert said(peel(f"原文来自「街坊小报」：<{URL}>\n\n{line}\n\n---\n\n正文。\n"))["author"] == name


def test_a_title_in_the_link_is_no_source():
    assert said(peel(f"原文：~~[{TITLE}]({URL})~~\n\n---\n\n正文。\n")) == {"url": URL, "title": TITLE}


def test_the_words_of_a_link_that_only_points_are_no_title():
    assert said(peel(f"本文来自街坊小报，[原文]({URL})为付费阅读。\n\n---\n\n正文。\n")) == {
        "publisher": "街坊小报",
        "url": URL,
    }


def test_escapes_of_markdown_are_no_part_of_the_title():
    peeled = peel(f"原文来自「街坊小报」：[快评 \\| 书店](<{URL}>)\n原文：[快评 \\| 书店]({URL})\n\n---\n\n正文。\n")
    assert said(peeled)["title"] == "快评 | 书店"


def test_without_a_rule_only_the_lines_that_are_notes_go():
    peeled = peel(
        f"![图](https://a.example/i.jpg)\n\n文章首发于微信公众号：街坊小报\n\n书店开了四十年。\n\n来源：{URL}\n"
    )
    assert said(peeled) == {"publisher": "街坊小报"}
    assert peeled.inner.text.split("\n\n")[1:] == ["书店开了四十年。", f"来源：{URL}\n"]
    assert "https://a.example/i.jpg" in peeled.inner.text


def test_lines_beside_the_note_go_with_it():
    note = ("版权归作者所有，转载请联系作者。", "作者：emma（来自豆瓣）", f"来源：~~{URL}~~", "2019-11-29")
    text = "\n>\n".join(f"> {line}" for line in note) + "\n\n正文。\n"
    peeled = peel(text)
    assert said(peeled)["publisher"] == "豆瓣"
    assert said(peeled)["url"] == URL
    assert peeled.inner.text.strip() == "正文。"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "作者：林小文\n\n书店开了四十年。\n",
        "书店来自一个老人的愿望。\n\n---\n\n第二段。\n",
        "他说消息来源：可靠。\n\n后来的事大家都知道。\n",
        "# 标题\n\n第一段讲书店的来历。\n\n---\n\n第二段。\n",
        "第一段。" * 200 + f"\n\n原文：{URL}\n\n---\n\n第二段。\n",
    ],
)
def test_no_note(text: str):
    assert peel(text) is None


def test_the_source_is_the_publisher_of_the_article():
    note = f"原文来自「街坊小报」：<{URL}>\n\n作者：林小文\n\n---\n\n正文一段。\n"
    text = f"---\ntitle: 题\ndate: 2020-01-02\ntags: 林小文\n---\n\n{note}"
    parsed = document(text)
    article = parsed.articles[0]
    assert (article.publisher, article.url, article.authors) == ("街坊小报", URL, ("林小文",))
    assert paragraphs(parsed) == ["正文一段。"]
    assert_traceable(parsed)


@given(body=st.text(st.characters(exclude_categories=("Cs",)), max_size=300))
def test_what_is_below_the_rule_comes_back(body: str):
    peeled = peel(f"原文来自「街坊小报」：<{URL}>\n\n---\n正文。{body}")
    assert peeled.inner.text == f"正文。{body}"


@given(st.text(st.sampled_from("来源自：原文作者 「」[]()<>~>|\\\n-*#a。，h"), max_size=200))
def test_any_note_gives_readings_with_places_or_nothing(text: str):
    peeled = peel(text)
    if peeled is not None:
        for reading in peeled.readings:
            span = reading.text.source_span()
            assert text[span.start : span.end] == reading.value


@pytest.mark.parametrize("piece", ["来源", "作者：", "[a](", "原文", "> ", "「", "<p ", "* ", "转自："])
def test_hostile_notes_cost_little(piece: str):
    started = time.process_time()
    peel(piece * 50_000)
    peel((piece * 50 + "\n") * 2_000)
    assert time.process_time() - started < 2.0
