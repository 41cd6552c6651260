"""Layers: each is recognized by its structure, gives what it says, and leaves what it wraps untouched."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.document import SourceText
from broadsheet.parse.layers import feed_entry, front_matter, html_page, page_dump, peel_all, title_line
from broadsheet.parse.readings import Peeled


def peel(layer, text: str) -> Peeled | None:
    return layer.peel(SourceText.verbatim(text))


def said(peeled: Peeled | None) -> list[tuple[str, str]]:
    assert peeled is not None
    return [(r.field, r.value) for r in peeled.readings]


def test_front_matter_keeps_strings_and_places():
    text = '---\ntitle: "谈判：第一天"\ndate: 2024-05-06\ntags: [甲, 乙]\nlang:\n  - zh-CN\nversion: 010\n---\n正文'
    peeled = peel(front_matter, text)
    assert said(peeled) == [
        ("title", "谈判：第一天"),
        ("published", "2024-05-06"),
        ("tag", "甲"),
        ("tag", "乙"),
        ("language", "zh-CN"),
    ]
    assert peeled.inner.text == "正文"
    for reading in peeled.readings:
        span = reading.text.source_span()
        assert text[span.start : span.end] == reading.value


@pytest.mark.parametrize("start", ["", "\n", "\ufeff", "\u200b\n\n", "\r\n"])
def test_front_matter_after_blank_lines_and_marks(start: str):
    assert said(peel(front_matter, f"{start}---\ntitle: 题\n---\n文")) == [("title", "题")]


def test_front_matter_with_windows_line_ends_and_an_indented_end():
    peeled = peel(front_matter, "---\r\ntitle: 题\r\ndate: 2021-5-19\r\n  ---\r\n文\r\n")
    assert said(peeled) == [("title", "题"), ("published", "2021-5-19")]
    assert peeled.inner.text == "文\r\n"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("title: 'it''s here'", "it's here"),
        (r'title: "say \"yes\""', 'say "yes"'),
        (r'title: "中\u6587"', "中文"),
        ('title: "two\n  lines"', "two lines"),
        ("title: no", "no"),
        ("title: a # b", "a"),
    ],
)
def test_front_matter_scalars(line: str, value: str):
    peeled = peel(front_matter, f"---\n{line}\n---\nx")
    assert said(peeled) == [("title", value)]
    for run in peeled.readings[0].text.runs:
        assert run.text_length == run.source_length


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("title：全角冒号", "全角冒号"),
        ("title:没有空格", "没有空格"),
        ("title: '' \"重引号\" ''", '"重引号"'),
        ('title: "未配对', '"未配对'),
        ("tilte: 写错的键", "写错的键"),
        ('title: """三重"""', "三重"),
        ("title: 甲: 乙: 丙", "甲: 乙: 丙"),
    ],
)
def test_front_matter_as_people_write_it(line: str, value: str):
    assert ("title", value) in said(peel(front_matter, f"---\n{line}\ndate: 2020-01-01\n---\nx"))


def test_a_key_that_only_resembles_a_known_one_is_left_alone():
    assert said(peel(front_matter, "---\ntitle: 题\nauthorbox: false\nlayout: post\n---\nx")) == [("title", "题")]


def test_a_source_is_an_address_or_a_name():
    text = "---\nsource: https://a.org/1\nfrom: 某社\n---\nx"
    assert said(peel(front_matter, text)) == [("url", "https://a.org/1"), ("publisher", "某社")]


@pytest.mark.parametrize("text", ["", "--- a\nb", "---\n\n正文开始。\n", "text\n---\ntitle: x\n---\n", "----"])
def test_no_front_matter(text: str):
    assert peel(front_matter, text) is None


def test_feed_entry():
    peeled = peel(feed_entry, "<!--1739434021000-->\n[外长抵达](https://a.org/b(c)d)\n------\n\n<p>正文</p>")
    assert said(peeled) == [
        ("title", "外长抵达"),
        ("url", "https://a.org/b(c)d"),
        ("archived_at", "1739434021000"),
    ]
    assert peeled.inner.text == "\n<p>正文</p>"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("[[國際] 會談[二] 開始](u)\n---\n", "[國際] 會談[二] 開始"),
        ("[两\n行的标题](u)\n-----\n", "两 行的标题"),
        ("<!---->\n[无时间](u)\n------\n", "无时间"),
        ("<!--1739434021000-->\n[上半\n\n下半](u)\n---\n", "上半 下半"),
    ],
)
def test_feed_titles(head: str, title: str):
    assert said(peel(feed_entry, f"{head}正文"))[0] == ("title", title)


def test_a_feed_stamp_that_is_no_number_is_a_reject():
    peeled = peel(feed_entry, "<!--NaN-->\n[题](u)\n---\n文")
    assert [r.code for r in peeled.rejects] == ["date-unreadable"]
    assert said(peeled) == [("title", "题"), ("url", "u")]


def test_a_feed_entry_with_a_date_line_instead_of_a_stamp():
    peeled = peel(feed_entry, "[题](u)\n------\n日期：Mon, 22 Jun 2020 06:16:40 +0000\n\n<p>文</p>")
    assert ("published", "Mon, 22 Jun 2020 06:16:40 +0000") in said(peeled)
    assert peeled.inner.text == "\n<p>文</p>"


@pytest.mark.parametrize("text", ["[a](b) is a link\n\nmore", "[a]\n---\n", "题\n---\n文", "<!--123-->\n文"])
def test_no_feed_entry(text: str):
    assert peel(feed_entry, text) is None


PAGE = """首页 » 新闻 » 国际

某国外长到访

2024-05-06 07:08:09

来源：某某社

　　第一段。

　　第二段。

　• 相关阅读
　• 别的题目

　　别的正文。
免责声明：只供参考。
"""


def test_page_dump():
    peeled = peel(page_dump, PAGE)
    assert said(peeled) == [
        ("section", "国际"),
        ("title", "某国外长到访"),
        ("published", "2024-05-06 07:08:09"),
        ("publisher", "某某社"),
        ("rights", "免责声明：只供参考。"),
    ]
    assert peeled.inner.text.split() == ["第一段。", "第二段。"]


@pytest.mark.parametrize("lost", ["首页 » 新闻 » 国际", "2024-05-06 07:08:09", "来源：某某社"])
def test_a_page_dump_may_lack_one_line_of_its_head(lost: str):
    peeled = peel(page_dump, PAGE.replace(lost, ""))
    assert ("title", "某国外长到访") in said(peeled)
    assert peeled.inner.text.split() == ["第一段。", "第二段。"]


def test_two_lines_missing_are_too_many():
    assert peel(page_dump, PAGE.replace("来源：某某社", "").replace("首页 » 新闻 » 国际", "")) is None
    assert peel(page_dump, "来源：某某社\n\n一段话。\n") is None


def test_html_page():
    described = {"@type": "NewsArticle", "headline": "外长抵达", "datePublished": "2024-05-06T07:08:09+08:00"}
    linked = json.dumps(described, ensure_ascii=False)
    page = (
        '<!DOCTYPE html><html lang="zh-Hant"><head><meta charset="utf-8">'
        '<meta property="og:title" content="外长抵达 | 某报"><meta property="og:site_name" content="某报">'
        '<link rel="canonical" href="https://a.org/1">'
        f'<script type="application/ld+json">{linked}</script></head>'
        "<body><nav>菜单</nav><article><p>正文。</p></article><p>页脚</p></body></html>"
    )
    peeled = peel(html_page, page)
    assert said(peeled)[0] == ("title", "外长抵达")
    assert ("language", "zh-Hant") in said(peeled)
    assert ("published", "2024-05-06T07:08:09+08:00") in said(peeled)
    assert ("publisher", "某报") in said(peeled)
    assert ("url", "https://a.org/1") in said(peeled)
    assert (peeled.inner.text, peeled.body) == ("<p>正文。</p>", "html")
    for reading in peeled.readings:
        span = reading.text.source_span()
        assert span is None or page[span.start : span.end] == reading.value


@pytest.mark.parametrize(
    "data", ["[1", '{"@type": 3}', '[{"@graph": {"a": 1}}]', '{"@type":"Article","author":[null]}']
)
def test_html_page_with_broken_linked_data(data: str):
    page = f'<html><head><script type="application/ld+json">{data}</script></head><body><p>a</p></body></html>'
    assert peel(html_page, page).inner.text == "<p>a</p>"


def test_html_page_without_article_takes_the_body():
    assert peel(html_page, "<html><body class=x><p>甲</p></body></html>").inner.text == "<p>甲</p>"


def test_title_line():
    peeled = peel(title_line, "Minister arrives\n\nThe minister arrived in the capital on Monday.\n")
    assert said(peeled) == [("title", "Minister arrives")]
    assert peeled.inner.text.startswith("The minister")


@pytest.mark.parametrize(
    "text", ["一段话。\n\n又一段话，比前面的长。\n", "only a line", "a\nb\n\nc", "much longer line\n\nshort"]
)
def test_no_title_line(text: str):
    assert peel(title_line, text) is None


def test_layers_nest():
    text = "---\ntitle: 外\n---\n<!--1739434021000-->\n[内](https://a.org)\n------\n<p>文</p>"
    found = peel_all(SourceText.verbatim(text))
    assert [p.name for p in found] == ["front_matter", "feed_entry"]
    assert found[-1].inner.text == "<p>文</p>"


def test_only_the_declared_layers_are_peeled():
    text = "---\ntitle: 外\n---\n[内](https://a.org)\n------\n<p>文</p>"
    assert [p.name for p in peel_all(SourceText.verbatim(text), frozenset({"front_matter"}))] == ["front_matter"]


BODY = st.text(alphabet="甲乙 <>p/[]()#-:\n\"'&é😀", max_size=60).map(lambda t: f"<p>{t}</p>")
WRAPPINGS = {
    "front_matter": "---\ntitle: 题目\ndate: 2024-05-06\n---\n",
    "feed_entry": "<!--1739434021000-->\n[题目](https://a.org/x)\n------\n",
}


@given(BODY, st.permutations(sorted(WRAPPINGS)), st.integers(0, 2))
def test_wrapping_and_peeling_gives_the_body_back(body: str, order: list[str], count: int):
    names = order[:count]
    wrapped = "".join(WRAPPINGS[name] for name in names) + body
    found = peel_all(SourceText.verbatim(wrapped))
    assert [p.name for p in found] == names
    inner = found[-1].inner if found else SourceText.verbatim(wrapped)
    assert inner.text == body
    assert inner.source_span().start == len(wrapped) - len(body)
