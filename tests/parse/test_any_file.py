"""Any file gives rows or rejects: files grown from the pieces real archives are made of, cut, spliced and damaged.

    make fuzz          the same search for ten minutes and more, with other files every time

What a long search finds becomes a test of its own beside the rule it broke; the ones so far stand at the end.
"""

import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from parse_tools import assert_traceable, document

SAMPLE = Path(__file__).parents[2] / "sources"
SLOWEST = 2.0  # seconds for one file, on a machine that does other things as well
PIECES = (
    "---\n",
    "--- \n",
    "+++\n",
    ";;;\n",
    "title: 两国外长会晤\n",
    "title：缺空格\n",
    'title: """"x\'\n',
    "tilte:会谈\n",
    "date: 2021-05-19 12:10:00 +0800\n",
    "date：2018-05-1210:00\n",
    "author: [张三, 李四]\n",
    "tags:\n  - 外交\n",
    "from: https://a.example/%E5\n",
    "url: https://web.archive.org/web/2020/https://b.example/x\n",
    "\\智: &a *a !!x\n",
    "layput: post\n",
    "{{< video >}}\n",
    "<!--1594952226000-->\n",
    "<!--NaN-->\n",
    "[[國際] 標題\n續](https://c.example/a_(b).html)\n",
    "------\n",
    "======\n",
    "日期：Mon, 22 Jun 2020 06:16:40 +0000\n",
    "<p>",
    "</p>",
    "<p><strong>小标题</strong></p>",
    "<div><i>AUTHOR<br>2020-07-15 18:07:52</i></div>",
    '<img src="https://images.weserv.nl/?url=d.example/i.jpg">',
    "<small>图片说明</small>",
    "<figure><figcaption>摄</figcaption></figure>",
    "<br>",
    "<br/>",
    "<script>",
    "</script>",
    "<style>p{}</style>",
    "<iframe src=x></iframe>",
    "<!doctype html><html lang=zh><head>",
    '<meta property="og:title" content="题">',
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"h"}</script>',
    "<title>题 - 站</title></head><body>",
    "<article>",
    "</article>",
    '<time datetime="2020-01-02T03:04:05Z">',
    '<a href="https://e.example">',
    "</a>",
    "<table><tr><td>",
    "<ul><li>",
    "<blockquote>",
    "<pre>",
    "&amp;lt;p&amp;gt;",
    "&nbsp;",
    "&#x4e2d;",
    "&#0;",
    "&#xD800;",
    "&copy",
    "<",
    ">",
    '"',
    "'",
    "## 新闻摘要\n",
    "## 详细新闻\n",
    "### 会见来宾\n",
    "[查看原文](https://tv.example/2023/03/14/V.shtml)\n",
    "## 1. 第一条\n",
    "**来源：** 某社 **时间：** 2024-13-45 **分类：** 国际\n",
    "```html\n",
    "```\n",
    "# Tabs {.tabset}\n",
    "- [一](https://f.example/1)\n",
    "> 引文\n",
    "**粗",
    "**",
    "_",
    "![](https://g.example/i.webp)",
    "![]()https://g.example/i.webp![]()\n",
    "`3/14/2023 12:44 PM UTC NAME` [..](https://h.example/x)\n",
    '{"title": "题", "content": "第一段。\\n\\u7b2c二段\\ud83d\\ude00"}',
    '[{"url":"',
    '"}]',
    '{"data": [',
    "]}",
    "\\u",
    '\\"',
    "原文来自「某报」：~~[题](https://i.example/1)~~\n",
    "作者 \\| 张三\n",
    "> 来源：~~https://j.example~~\n",
    "# Source: https://k.example/a-b-c-d\n",
    "# k.example\n\n## Metadata\n\n- **URL**: https://k.example/x\n",
    "## Content\n",
    "word_count: 3\n",
    "list 1 of 2\n",
    "By\nAnn Example\n",
    "## Tabs {.tabset}\n",
    "首页 > 时政 > 要闻\n",
    "来源：新华社\n",
    "字号：默认 大 超大 | 打印\n",
    "责任编辑：某某\n",
    "相关阅读\n",
    "免责声明：本站\n",
    "新华社北京8月16日电(记者某某)",
    "双方就共同关心的问题交换了意见。",
    "The ministers met on Tuesday. ",
    "我們會面，討論問題。",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\u2028",
    "\u3000\u3000",
    "\u200b",
    "\ufeff",
    "\x00",
    "\ufffd",
    "😀",
    "e\u0301",
    "\x85",
    "\x0b",
    " ",
    "\t",
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "big5", "cp1252")
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.sampled_from(PIECES), st.text(max_size=12)), max_size=40)


@st.composite
def grown(draw: st.DrawFn) -> bytes:
    """A file put together from pieces of known layouts and of noise, in some encoding."""
    return "".join(draw(TEXTS)).encode(draw(st.sampled_from(ENCODINGS)), "ignore")


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A file of the sample corpus, cut, spliced with another, repeated, or with bytes changed."""
    files = sorted(file for file in SAMPLE.rglob("*") if file.is_file())
    data = bytearray(draw(st.sampled_from(files)).read_bytes())
    chance = random.Random(draw(st.integers(0, 2**32)))
    for _ in range(draw(st.integers(1, 6))):
        at, to = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
        match chance.randrange(6):
            case 0:
                del data[at : min(to, at + 400)]
            case 1:
                data[at:at] = data[at : min(to, at + 2000)]
            case 2:
                data[at:at] = chance.choice(PIECES).encode("utf-8", "ignore")
            case 3:
                data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(4)))
            case 4:
                other = chance.choice(files).read_bytes()
                data[at:] = other[chance.randrange(len(other) + 1) :]
            case _:
                data[at:to] = data[at:to].replace(
                    *chance.choice(((b"\n", b"\r\n"), (b"\n", b""), (b">", b""), (b"<", b"&lt;")))
                )
    return bytes(data)


def assert_sound(data: bytes, path: str = "made/item.md") -> None:
    """The promise of the parser, for any bytes."""
    began = time.process_time()
    parsed = document(data, path)
    assert time.process_time() - began < SLOWEST
    assert "parse-failed" not in {reject.code for reject in parsed.rejects}, parsed.rejects
    assert parsed.articles or parsed.rejects
    assert parsed.status == "parsed" or parsed.rejects
    assert_traceable(parsed)
    reached = 0
    for position, article in enumerate(parsed.articles):
        assert article.position == position
        assert reached <= article.span.start <= article.span.end <= len(parsed.text)
        reached = article.span.end
        body = article.body()
        inside = body.source_span() if body.runs else None
        assert inside is None or article.span.start <= inside.start <= inside.end <= article.span.end
        for text in (article.title, body):
            assert text is None or all(run.text_length for run in text.runs)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(grown())
def test_a_file_of_known_pieces_in_any_order_gives_rows_or_rejects(data: bytes) -> None:
    assert_sound(data)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(damaged(), st.sampled_from(["a/20230314.md", "a/2020-01-02-x.html", "a/b.json", "a/b.txt"]))
def test_a_damaged_file_gives_rows_or_rejects(data: bytes, path: str) -> None:
    assert_sound(data, path)


@pytest.mark.parametrize(
    "repeated",
    [
        "<b>",
        "<p>",
        "[",
        "![](",
        "**",
        "&",
        '{"a":',
        "[[",
        "---\n",
        "### x\n",
        "## 1. x\n",
        "<!--",
        "\\",
        "'",
        "title:\n",
        "> ",
        "- ",
        "|",
        "`",
    ],
)
def test_a_piece_repeated_without_end_costs_linear_time(repeated: str) -> None:
    assert_sound((repeated * 40_000).encode())
    assert_sound(("---\ntitle: x\n---\n" + repeated * 40_000).encode())


@pytest.mark.parametrize(
    "content",
    [
        "<p>一\n    \0 二 three\n \0four</p>",
        "<p>价格&nb\0\0sp;上涨，a&nb\0sp;b</p>",
        "<h3>Talks in<br>Geneva end</h3><p>一句话。</p>",
        "»»",
    ],
    ids=["zeros in white space", "zeros in a reference", "a line break in a heading", "crumbs without words"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp936", "cp1252"])
def test_what_a_long_search_found(content: str, encoding: str) -> None:
    assert_sound(content.encode(encoding, "ignore"))
