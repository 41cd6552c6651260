"""What a layer wraps comes back: the same paragraphs and the same title from every way of wrapping them."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parse_tools import assert_traceable, document, paragraphs

SENTENCES = (
    "两国外长星期二在首都举行会谈，就边境贸易和航班安排交换了意见。",
    "代表团成员随后参观了新落成的港口，并同当地商会的负责人座谈。",
    "“我们愿意继续谈下去，”她在会后对等候多时的人群说，“门一直开着。”",
    "根据双方商定的时间表，第二轮磋商将于下个月在另一座城市举行！",
    "協議草案共有十二條，其中三條仍有分歧，雙方同意交由專家小組研究。",
    "The two delegations agreed to meet again before the end of the year, wherever the weather allows.",
    "Trade rose by 3.5 percent in the first half of the year & is expected to grow further, the minister said.",
    "一位不愿透露姓名的官员表示，5 < 7 这样的算式也写进了附件 😀，令人费解。",
)
TITLE = "两国外长就边境贸易举行会谈"
LINK = "https://news.example/2024/story-17.html"


def _html(paragraphs: list[str]) -> str:
    escaped = (text.replace("&", "&amp;").replace("<", "&lt;") for text in paragraphs)
    return "".join(f"<p>{text}</p>" for text in escaped)


def _lines(paragraphs: list[str]) -> str:
    return "\n\n".join(paragraphs)


def _feed(body: str) -> str:
    return f"<!--1594952226000-->\n[{TITLE}]({LINK})\n------\n{body}"


BODIES: dict[str, Callable[[list[str]], str]] = {"html": _html, "text": _lines}
WRAPS: dict[str, Callable[[str], str]] = {
    "yaml front matter": lambda body: (
        f"---\ntitle: {TITLE}\nurl: {LINK}\ndate: 2024-05-06 10:00:00 +0800\n---\n{body}\n"
    ),
    "yaml front matter, windows lines": lambda body: f"\ufeff---\r\ntitle: '{TITLE}'\r\n---\r\n\r\n{body}\r\n",
    "toml front matter": lambda body: f'+++\ntitle = "{TITLE}"\ndate = 2024-05-06T10:00:00Z\n+++\n\n{body}\n',
    "json front matter": lambda body: f'{{\n  "title": "{TITLE}",\n  "date": "2024-05-06"\n}}\n\n{body}\n',
    "feed entry": _feed,
    "front matter around a feed entry": lambda body: f"---\nlayout: post\ntitle: {TITLE}\n---\n\n{_feed(body)}",
    "json record": lambda body: json.dumps({"title": TITLE, "url": LINK, "content": body}, ensure_ascii=False),
    "json record, escaped": lambda body: json.dumps([{"headline": TITLE, "body": body, "link": LINK}], indent=2),
    "day page": lambda body: f"## 详细新闻\n\n### {TITLE}\n\n{body}\n\n[查看原文]({LINK})\n",
    "web page": lambda body: (
        f"<!DOCTYPE html>\n<html lang='zh'><head><meta charset='utf-8'><meta property='og:title' content='{TITLE}'>"
        f"<title>{TITLE}</title></head>\n<body><nav><a href='/'>首页</a></nav><article><h1>{TITLE}</h1>"
        f"{body if body.startswith('<p>') else f'<pre>{_escaped(body)}</pre>'}</article>"
        "<footer>站点</footer></body></html>"
    ),
}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


@pytest.mark.parametrize("wrap", WRAPS)
@pytest.mark.parametrize("body", BODIES)
@settings(max_examples=25, deadline=None)
@given(chosen=st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6, unique=True))
def test_a_wrapped_body_comes_back(wrap: str, body: str, chosen: list[str]) -> None:
    parsed = document(WRAPS[wrap](BODIES[body](chosen)))
    assert len(parsed.articles) == 1, (parsed.layers, parsed.rejects)
    article = parsed.articles[0]
    assert article.title is not None
    assert article.title.text == TITLE
    assert paragraphs(parsed) == chosen
    assert_traceable(parsed)


@settings(max_examples=25, deadline=None)
@given(days=st.lists(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3, unique=True), min_size=2, max_size=5))
def test_every_item_of_a_day_comes_back(days: list[list[str]]) -> None:
    items = (
        f"### 第{number}条新闻\n\n{_html(texts)}\n\n[查看原文]({LINK}?{number})\n" for number, texts in enumerate(days)
    )
    parsed = document("## 详细新闻\n\n" + "\n".join(items), "days/20240506.md")
    assert [paragraphs(parsed, number) for number in range(len(parsed.articles))] == days
    assert [article.published.local for article in parsed.articles] == ["2024-05-06"] * len(days)
    assert_traceable(parsed)


@settings(max_examples=25, deadline=None)
@given(
    records=st.lists(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3, unique=True), min_size=2, max_size=5)
)
def test_every_record_of_json_lines_comes_back(records: list[list[str]]) -> None:
    lines = (
        json.dumps({"title": f"{TITLE}{number}", "content": _lines(texts)}, ensure_ascii=bool(number % 2))
        for number, texts in enumerate(records)
    )
    parsed = document("\n".join(lines) + "\n", "dump.jsonl")
    assert [paragraphs(parsed, number) for number in range(len(parsed.articles))] == records
    assert_traceable(parsed)
