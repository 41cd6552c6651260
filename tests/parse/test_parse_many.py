"""Files of many articles: every item an article of its own, with its own place in the file."""

import re

from hypothesis import given
from hypothesis import strategies as st
from parse_tools import assert_traceable, codes, document, paragraphs

from broadsheet.document import Document

DAY = """# 《晚间要闻》 (20240305)

## 节目提要

本期内容：

1.两国外长在京会谈；
2.某市地铁新线开通。

## 全部新闻

### 【要闻】两国外长在京会谈

<p><strong>央视网消息</strong>（新闻联播）：两国外长今天上午举行会谈。<br></p><p>双方同意年内重启航线。</p>

[查看原文](https://tv.cctv.com/2024/03/05/VIDEabc240305.shtml)

### 国内快讯

<p><strong>央视网消息</strong>（新闻联播）：<br></p><p><strong>某市地铁新线开通</strong><br></p><p>新线全长二十公里。</p>

[查看原文](https://tv.cctv.com/2024/03/05/VIDEdef240305.shtml)

### 没有文稿的一条

[查看原文](https://tv.cctv.com/2024/03/05/VIDEghi240305.shtml)

---

(更新时间戳: 1709640000000)
"""

DIGEST = """# 国际新闻 - 2024年03月05日

**归档日期：** 2024-03-05 05:09:49
**新闻数量：** 3条

---

## 1. Envoys meet in the capital - Example Times

**来源：** Example Times
**时间：** Tue, 05 Mar 2024 02:27:00 GMT
**分类：** sport
**语言：** en

### 摘要

Envoys of both countries met for the first time in a year.

### 正文

The envoys met in the capital on Tuesday &amp; agreed on nothing.

Both countries called the talks useful.

### 相关图片

![图片](https://img.example.org/a.jpg?w=900)
![图片](https://img.example.org/a.jpg?w=250)
![图片](https://img.example.org/count.gif)

### HTML原始内容

```html
<body>
<h2>### 不是一节</h2>
## 9. 不是一条
</body>
```

### HTML格式

```html
<article><p>&lt;p&gt;twice&lt;/p&gt;</p></article>
```

**原文链接：** [https://example.org/envoys](https://example.org/envoys)

---

## 2. 某市发现古代船只

**来源：** 某某晚报
**时间：** 2024-03-04
**语言：** zh

### 摘要

考古人员在某市河床下发现一艘古代船只，船身完整....

### 正文

请登录后继续。

网站服务条款与隐私说明。

**原文链接：** [https://example.net/ship](https://example.net/ship)

---

## 3. Storm closes two airports - Example Wire

**来源：** Example Wire
**时间：** Tue, 05 Mar 2024 01:00:00 GMT

### 摘要

<ol><li><a href="https://example.org/1">Storm closes two airports</a>&nbsp;&nbsp;<font>Example Wire</font></li>
<li><a href="https://example.org/2">Flights resume after a day</a>&nbsp;&nbsp;<font>Other Daily</font></li></ol>

**原文链接：** [https://example.org/storm](https://example.org/storm)

---
"""


def spans(parsed: Document) -> list[str]:
    return [parsed.text[article.span.start : article.span.end] for article in parsed.articles]


def assert_apart(parsed: Document) -> None:
    """Ranges ascend, do not overlap, lie in the file; each title and body stands inside its own."""
    end = 0
    for number, article in enumerate(parsed.articles):
        assert article.position == number
        assert end <= article.span.start <= article.span.end <= len(parsed.text)
        end = article.span.end
        for text in (article.title, article.body()):
            for run in text.runs if text else ():
                assert article.span.start <= run.source_start
                assert run.source_start + run.source_length <= article.span.end


def test_a_day_page_gives_one_article_for_each_heading_over_a_source_link():
    parsed = document(DAY, "news/20240305.md")
    assert (parsed.status, parsed.layers) == ("parsed", ("day_page", "html"))
    assert [a.title.text for a in parsed.articles] == ["【要闻】两国外长在京会谈", "国内快讯", "没有文稿的一条"]
    assert [a.url for a in parsed.articles] == [
        f"https://tv.cctv.com/2024/03/05/VIDE{name}240305.shtml" for name in ("abc", "def", "ghi")
    ]
    assert {a.publisher for a in parsed.articles} == {"央视网"}
    assert {(a.published.local, a.published.basis) for a in parsed.articles} == {("2024-03-05", "url")}
    assert paragraphs(parsed) == ["央视网消息（新闻联播）：两国外长今天上午举行会谈。", "双方同意年内重启航线。"]
    assert paragraphs(parsed, 1) == ["某市地铁新线开通", "新线全长二十公里。"]
    assert paragraphs(parsed, 2) == []
    assert parsed.archived_at.isoformat() == "2024-03-05T12:00:00+00:00"
    assert [text.splitlines()[0] for text in spans(parsed)] == [
        "### 【要闻】两国外长在京会谈",
        "### 国内快讯",
        "### 没有文稿的一条",
    ]
    assert_apart(parsed)
    assert_traceable(parsed)


def test_what_is_no_item_of_a_day_page_is_rejected_with_its_place():
    parsed = document(DAY)
    summary, empty = parsed.rejects
    assert (summary.code, summary.position) == ("not-article", None)
    assert parsed.text[summary.span.start : summary.span.end].startswith("## 节目提要")
    assert parsed.text[summary.span.start : summary.span.end].rstrip().endswith("## 全部新闻")
    assert (empty.code, empty.position) == ("body-empty", 2)


def test_an_item_without_link_and_address_takes_the_date_of_the_file_name():
    last = "### 又一条\n\n<p>一段文稿。</p>\n\n---"
    parsed = document(DAY.replace("---", last), "news/20240305.md", publisher="晚间要闻")
    assert paragraphs(parsed, 3) == ["一段文稿。"]
    assert (parsed.articles[3].published.local, parsed.articles[3].published.basis) == ("2024-03-05", "file_name")
    assert [a.url is None for a in parsed.articles] == [False, False, False, True]


def test_sections_of_one_article_are_no_items():
    text = (
        "# 一篇长文\n\n## 起因\n\n一段话。\n\n## 经过\n\n又一段。\n\n[阅读原文](https://example.org/long)\n\n"
        "## 结果\n\n末段。\n"
    )
    parsed = document(text)
    assert [a.title.text for a in parsed.articles] == ["一篇长文"]
    assert len(document(f"---\ntitle: 另一篇\n---\n{text[8:]}").articles) == 1
    assert "day_page" not in parsed.layers


def test_a_day_of_headlines_alone_is_no_article():
    text = (
        "# 晚间要闻 2024-03-05\n\n来源：[央视网](https://tv.cctv.com/2024/03/05/VIDEx240305.shtml)\n\n## 主要内容\n\n"
        "1. 两国外长会谈；\n2. 国内快讯：\n（1）某市地铁开通；\n（2）某地降雪；\n3【专题】春耕开始。\n"
    )
    parsed = document(text)
    assert (parsed.status, parsed.articles, codes(parsed)) == ("not_article", (), ["not-article"])
    assert "5 headlines" in parsed.rejects[0].message


def test_a_digest_gives_one_article_for_each_number():
    parsed = document(DIGEST)
    assert [a.title.text for a in parsed.articles] == [
        "Envoys meet in the capital",
        "某市发现古代船只",
        "Storm closes two airports",
    ]
    first, second, third = parsed.articles
    assert (first.publisher, first.language, first.url) == ("Example Times", "en", "https://example.org/envoys")
    assert first.published.at.isoformat() == "2024-03-05T02:27:00+00:00"
    assert paragraphs(parsed) == [
        "The envoys met in the capital on Tuesday & agreed on nothing.",
        "Both countries called the talks useful.",
    ]
    assert first.summary == "Envoys of both countries met for the first time in a year."
    assert [m.url for m in first.media] == ["https://img.example.org/a.jpg?w=900"]
    assert (second.publisher, second.published.local, second.url) == (
        "某某晚报",
        "2024-03-04",
        "https://example.net/ship",
    )
    assert third.blocks == ()
    assert [(link.url, link.relation) for link in third.links] == [
        ("https://example.org/1", "related"),
        ("https://example.org/2", "related"),
    ]
    assert parsed.layers == ("digest", "plain")
    assert_apart(parsed)
    assert_traceable(parsed)


def test_a_body_that_is_another_page_gives_way_to_the_summary():
    parsed = document(DIGEST)
    assert paragraphs(parsed, 1) == ["考古人员在某市河床下发现一艘古代船只，船身完整...."]
    foreign = next(r for r in parsed.rejects if r.code == "body-foreign")
    assert foreign.position == 1
    assert parsed.text[foreign.span.start : foreign.span.end].startswith("请登录后继续。")


def test_readings_around_the_items_hold_for_all_of_them():
    parsed = document(f"---\nsource: 某某社\n---\n{DAY.replace('tv.cctv.com', 'example.org')}")
    assert parsed.layers == ("front_matter", "day_page", "html")
    assert {a.publisher for a in parsed.articles} == {"某某社"}
    assert_apart(parsed)


def test_a_failing_item_does_not_take_the_others_with_it():
    """An item that is an error page of an archive is rejected where it stands; the others are articles."""
    parsed = document(DAY.replace("<p>新线全长二十公里。</p>", "<p>The Wayback Machine has not archived that URL</p>"))
    assert [a.title.text for a in parsed.articles] == ["【要闻】两国外长在京会谈", "没有文稿的一条"]
    assert [a.position for a in parsed.articles] == [0, 1]
    error = next(r for r in parsed.rejects if "error page" in r.message)
    assert parsed.text[error.span.start : error.span.end].startswith("### 国内快讯")


TITLES = st.text(alphabet="甲乙丙 会谈a&【】#*", min_size=1, max_size=12).filter(lambda t: t.strip(" #*&"))
BODIES = st.text(alphabet="甲乙丙。 <>p/\n&;#-`*[]():", max_size=60)


@given(st.lists(st.tuples(TITLES, BODIES), min_size=1, max_size=6))
def test_items_of_any_text_stay_apart(items: list[tuple[str, str]]):
    parts = [
        f"### {title}\n\n<p>{body}</p>\n\n[查看原文](https://example.org/{n})\n\n"
        for n, (title, body) in enumerate(items)
    ]
    parsed = document("# 一天\n\n## 全部\n\n" + "".join(parts))
    assert_apart(parsed)
    assert_traceable(parsed)
    if "day_page" in parsed.layers and not any(re.search(r"(?m)^[ \t]*#", body) for _, body in items):
        assert len(parsed.articles) + codes(parsed).count("not-article") >= len(items)
