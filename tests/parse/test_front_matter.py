"""Front matter as people write it: three grammars and four fences, and the lines no grammar takes."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parse_tools import codes, document

from broadsheet.document import SourceText
from broadsheet.parse.layers import front_matter
from broadsheet.parse.readings import Peeled


def peel(text: str) -> Peeled | None:
    return front_matter.peel(SourceText.verbatim(text))


def said(peeled: Peeled | None) -> list[tuple[str, str]]:
    assert peeled is not None
    return [(reading.field, reading.value) for reading in peeled.readings]


def mended(peeled: Peeled | None) -> list[tuple[str, str]]:
    """What was mended, and the text of the line it was mended in."""
    assert peeled is not None
    return [(r.message, r.value) for r in peeled.rejects if r.code == "front-matter-repaired"]


def assert_places(text: str, peeled: Peeled) -> None:
    for reading in peeled.readings:
        span = reading.text.source_span()
        assert span is not None, reading
        assert text[span.start : span.end] == reading.value


TOML = """+++
title = "两国外长会谈" # 题
date = 2024-05-06T07:08:09+08:00
tags = ["外交", "边境",
  "贸易"]
weight = 3
'author' = 'Ann Example'

[params]
url = "https://a.example/not-this"
+++
正文
"""


def test_toml():
    peeled = peel(TOML)
    assert said(peeled) == [
        ("title", "两国外长会谈"),
        ("published", "2024-05-06T07:08:09+08:00"),
        ("tag", "外交"),
        ("tag", "边境"),
        ("tag", "贸易"),
        ("author", "Ann Example"),
    ]
    assert (peeled.inner.text, peeled.rejects) == ("正文\n", ())
    assert_places(TOML, peeled)


def test_toml_with_windows_line_ends():
    peeled = peel("+++\r\ntitle = '题'\r\ndate = 2024-05-06\r\n+++\r\n文\r\n")
    assert said(peeled) == [("title", "题"), ("published", "2024-05-06")]
    assert peeled.inner.text == "文\r\n"


def test_toml_escapes_have_no_place_of_their_own():
    peeled = peel('+++\ntitle = "\\u4e2d文"\n+++\nx')
    assert said(peeled) == [("title", "中文")]


def test_toml_that_is_not_toml_is_read_line_by_line():
    peeled = peel('+++\ntitle = "甲" 乙\ndate = 2024-05-06\n+++\nx')
    assert said(peeled) == [("title", '"甲" 乙'), ("published", "2024-05-06")]
    assert [r.code for r in peeled.rejects] == ["front-matter-invalid", "front-matter-repaired"]
    assert "TOML" in peeled.rejects[0].message


JSON = '{\n  "title": "两国外长会谈",\n  "tags": ["外交", "边境"],\n  "date": "2024-05-06"\n}'


@pytest.mark.parametrize("text", [f";;;\n{JSON}\n;;;\n正文", f"{JSON}\n\n正文", f"---json\n{JSON}\n---\n正文"])
def test_json(text: str):
    peeled = peel(text)
    assert said(peeled) == [("title", "两国外长会谈"), ("tag", "外交"), ("tag", "边境"), ("published", "2024-05-06")]
    assert peeled.inner.text.strip() == "正文"
    assert peeled.rejects == ()
    assert_places(text, peeled)


@pytest.mark.parametrize(
    "text", [JSON, f"{JSON}\n{JSON}\n", f"[{JSON}]\n\n正文", '{"a": 1}\n\n正文', "{ 不是 }\n\n正文"]
)
def test_data_without_text_is_no_front_matter(text: str):
    assert peel(text) is None


def test_json_beyond_yaml_is_still_read():
    peeled = peel('{"title": "\\ud83d\\ude00 笑"}\n\n正文')
    assert said(peeled) == [("title", "😀 笑")]


MENDS = {
    "date：2021-5-19": ("published", "2021-5-19", "full-width colon read as a colon (date)"),
    "date:2021-5-19": ("published", "2021-5-19", "no blank after the colon (date)"),
    'title: "未配对': ("title", '"未配对', "quotes that do not match (title)"),
    'title: """"\'引号\'""""': ("title", "引号", "quotes that do not match (title)"),
    'title: "外长"抵达"首都"': ("title", '外长"抵达"首都', "quotes that do not match (title)"),
    'title: "甲\\智乙"': ("title", "甲\\智乙", "an escape that YAML does not know, kept as printed (title)"),
    "title: 甲: 乙": ("title", "甲: 乙", "value that needs quotes (title)"),
    "title: @某人说": ("title", "@某人说", "value that needs quotes (title)"),
    "title: 甲\x08乙": ("title", "甲乙", "control characters left out (title)"),
    "作者：张三": ("author", "张三", "full-width colon read as a colon (作者)"),
}


@pytest.mark.parametrize("line", MENDS)
def test_a_line_is_mended_and_that_is_said(line: str):
    field, value, message = MENDS[line]
    text = f"---\nlayout: post\n{line}\nurl: https://a.example/1\n---\n正文"
    peeled = peel(text)
    assert (field, value) in said(peeled)
    assert ("url", "https://a.example/1") in said(peeled)
    assert mended(peeled) == [(f"Front matter: {message}.", line.strip())]
    (repair,) = (r for r in peeled.rejects if r.code == "front-matter-repaired")
    assert text[repair.span.start : repair.span.end] == line
    assert peeled.inner.text == "正文"


@pytest.mark.parametrize(
    ("key", "known"), [("tilte", "title"), ("titel", "title"), ("autor", "author"), ("dat", "date")]
)
def test_a_misspelt_key_is_read_and_said(key: str, known: str):
    peeled = peel(f"---\n{key}: 甲\nurl: https://a.example/1\n---\nx")
    assert said(peeled)[0][1] == "甲"
    assert mended(peeled) == [(f"Front matter: key {key} read as {known}.", key)]


def test_a_misspelt_key_beside_the_right_one_is_another_key():
    peeled = peel("---\ntitle: 甲\ntitel: 乙\n---\nx")
    assert (said(peeled), mended(peeled)) == ([("title", "甲")], [])


def test_a_line_that_is_no_front_matter_is_said():
    peeled = peel("---\ntitle: 甲\n这一行不知为何在此\ndate: 2024-05-06\n---\n正文")
    assert said(peeled) == [("title", "甲"), ("published", "2024-05-06")]
    assert mended(peeled) == [("Front matter: left out, neither a key nor a part of a value.", "这一行不知为何在此")]


def test_blank_lines_inside_need_no_mending():
    peeled = peel("---\n\nlayout: post\n\ntitle: 甲\n\n\ndate: 2024-05-06\n\n---\n\n正文")
    assert said(peeled) == [("title", "甲"), ("published", "2024-05-06")]
    assert peeled.rejects == ()


def test_fences_that_stand_oddly_are_said():
    assert mended(peel("\u200b---\ntitle: 甲\n---\nx"))[0][0].startswith("Front matter: zero-width characters")
    assert mended(peel("---\ntitle: 甲\n  ---\nx")) == [("Front matter: indented closing line.", "---")]
    assert peel("\ufeff---\ntitle: 甲\n---\nx").rejects == ()


def test_a_missing_opening_line():
    text = "title: 甲\nlayout: post\ndate: 2024-05-06\n---\n\n正文"
    peeled = peel(text)
    assert said(peeled) == [("title", "甲"), ("published", "2024-05-06")]
    assert mended(peeled)[0][0] == "Front matter: no opening line `---`."
    assert peeled.inner.text == "\n正文"
    assert_places(text, peeled)


def test_a_missing_opening_line_before_blank_lines():
    peeled = peel("layout: post\n\ntitle: 甲\n\ndate: 2024-05-06\n\n---\n\n正文")
    assert said(peeled) == [("title", "甲"), ("published", "2024-05-06")]
    assert peeled.inner.text == "\n正文"


def test_no_fence_at_all():
    peeled = peel("Title: 甲\nDate: 2024-05-06\n\n正文：第一段。\n")
    assert said(peeled) == [("title", "甲"), ("published", "2024-05-06")]
    assert "no closing one" in mended(peeled)[0][0]
    assert peeled.inner.text == "正文：第一段。\n"


@pytest.mark.parametrize(
    "text",
    [
        "title: 只有一个键\n\n正文",
        "日期：今天\n作者：张三\n\n没有题目",
        "title: 甲\n一行正文\ndate: 2024-05-06\n\n正文",
        "他说：我们走吧。\n她说：好。\n",
        "title: 甲\ndate: 2024-05-06",
    ],
)
def test_lines_with_colons_are_no_front_matter(text: str):
    assert peel(text) is None


def test_a_missing_closing_line():
    peeled = peel("+++\ntitle = '甲'\ndate = 2024-05-06\n\n正文从这里开始。\n")
    assert ("title", "甲") in said(peeled)
    assert [r.code for r in peeled.rejects] == ["front-matter-unclosed"]
    assert peeled.inner.text.strip() == "正文从这里开始。"


def test_a_date_without_a_blank_before_the_clock():
    article = document("---\ntitle: 甲\ndate: 2018-05-1210:00\n---\n\n一段。\n").articles[0]
    assert (article.published.local, article.published.text) == ("2018-05-12T10:00", "2018-05-1210:00")


def test_a_title_that_is_a_day_is_the_day_of_the_issue():
    text = "---\ntitle: 2023-03-01\ndate: 2023-10-03T13:11:52Z\n---\n\n一段。\n"
    article = document(text).articles[0]
    assert (article.title.text, article.published.local, article.published.precision) == (
        "2023-03-01",
        "2023-03-01",
        "day",
    )


def test_the_time_of_creation_counts_before_that_of_the_last_edit():
    text = "---\ntitle: 甲\ndate: 2023-10-03T13:11:52Z\ndateCreated: 2023-09-01T01:02:03Z\n---\n\n一段。\n"
    assert document(text).articles[0].published.local == "2023-09-01T01:02:03"


def test_a_repair_is_a_reject_of_the_document():
    assert "front-matter-repaired" in codes(document("---\ntilte: 甲\n---\n\n一段。\n"))


VALUE = (
    st.text(st.characters(categories=("L", "Nd"), include_characters=" ·"), min_size=1, max_size=30)
    .map(str.strip)
    .filter(lambda value: value and value.lower() not in ("null", "none", "unknown", "undefined", "true"))
)
BODY = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n"), max_size=200)
FENCES = {
    "yaml": ("---\ntitle: '{}'\nauthor: \"{}\"\n---\n", ""),
    "toml": ("+++\ntitle = \"{}\"\nauthor = '{}'\n+++\n", ""),
    "json": (';;;\n{{"title": "{}", "author": "{}"}}\n;;;\n', ""),
    "object": ('{{"title": "{}",\n "author": "{}"}}\n', "正"),
    "line by line": ("---\ntitle：{}\nauthor:{}\n---\n", ""),
}


@pytest.mark.parametrize("fence", FENCES)
@given(title=VALUE, author=VALUE, body=BODY)
def test_what_is_wrapped_comes_back(fence: str, title: str, author: str, body: str):
    form, first = FENCES[fence]
    head, body = form.format(title, author), first + body
    peeled = peel(head + body)
    assert [value for field, value in said(peeled) if field in ("title", "author")] == [title, author]
    assert peeled.inner.text.lstrip("\n") == body.lstrip("\n")
    assert_places(head + body, peeled)


@given(opening=st.sampled_from(["---\n", "+++\n", ";;;\n", "{", "title: x\n"]), inside=st.text(), closing=st.booleans())
def test_any_text_between_fences_gives_readings_or_rejects(opening: str, inside: str, closing: bool):
    text = opening + inside + (f"\n{opening}正文" if closing else "")
    peeled = peel(text)
    if peeled is not None:
        assert text.endswith(peeled.inner.text)
        for reading in peeled.readings:
            span = reading.text.source_span()
            assert span is None or 0 <= span.start < span.end <= len(text)


HOSTILE = {
    "brackets": "---\ntitle: " + "[" * 60_000 + "\n---\nx",
    "toml brackets": "+++\ntitle = " + "[" * 60_000 + "\n+++\nx",
    "toml dots": "+++\n" + "a." * 30_000 + "b = 1\n+++\nx",
    "json brackets": '{"title": ' + "[" * 60_000 + "\n\nx",
    "json braces": ";;;\n" + '{"title": ' * 6_000 + "\n;;;\nx",
    "keys": "---\n" + "k: v\n" * 12_000 + "---\nx",
    "colons": "---\n" + "：" * 60_000 + "\n---\nx",
    "quotes": "---\ntitle: " + "'\"" * 30_000 + "\n---\nx",
    "escapes": '---\ntitle: "' + "\\x41" * 15_000 + '"\n---\nx',
    "blanks": "title: a" + " " * 60_000 + "\n" + " \n" * 30_000,
    "no end": "+++\n" + "a = 1\n" * 100_000,
    "control characters": "---\ntitle: " + "a\x01" * 30_000 + "\n---\nx",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_front_matter_costs_little(name: str):
    started = time.process_time()
    document(HOSTILE[name])
    assert time.process_time() - started < 2.0
