"""The layer of Markdown pages whose second line is code: date and author, then a link to the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parse_tools import assert_traceable, codes, document, paragraphs

from broadsheet.document import SourceText
from broadsheet.parse.layers import meta_line

PAGE = (
    "###  [:house:返回](README.md)\r\n---\r\n\r\n\r\n## 两港*签约*\r\n"
    "`{meta}` [转载](https://quay.example/a/1)\r\n\r\n一段。\n二段。\r\n"
)


def readings(meta: str) -> dict[str, str]:
    peeled = meta_line.peel(SourceText.verbatim(PAGE.replace("{meta}", meta)))
    assert peeled is not None
    return {reading.field: reading.value for reading in peeled.readings}


@pytest.mark.parametrize(
    ("meta", "date", "author"),
    [
        ("3/14/2023 12:44 PM UTC 林一", "3/14/2023 12:44 PM UTC", "林一"),
        ("3/14/2023 12:44 PM UTC ", "3/14/2023 12:44 PM UTC", None),
        ("2023-03-14 12:44 东港组/林一", "2023-03-14 12:44", "东港组/林一"),
        (" 东港组", None, "东港组"),
        ("99/99/9999 林一", None, "99/99/9999 林一"),
        ("", None, None),
    ],
)
def test_date_and_author_are_told_apart(meta: str, date: str | None, author: str | None):
    found = readings(meta)
    assert (found["title"], found["url"]) == ("两港签约", "https://quay.example/a/1")
    assert (found.get("published"), found.get("author")) == (date, author)


def test_every_line_is_a_paragraph_and_nothing_is_lost():
    parsed = document(PAGE.replace("{meta}", "2023-03-14 林一"))
    assert (parsed.layers, codes(parsed)) == (("meta_line", "markdown"), [])
    assert paragraphs(parsed) == ["一段。", "二段。"]
    assert parsed.articles[0].authors == ("林一",)
    assert_traceable(parsed)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "## 题\n\n一段，里面有 `code` 和 [链接](https://quay.example/)。\n",
        "## 题\n`没有链接`\n\n一段。\n",
        "## 题\n`林一` [链接](README.md)\n\n一段。\n",
        "一段。\n`林一` [链接](https://quay.example/)\n",
        "#" * 5000 + "`" * 5000,
        "[" * 5000 + "\n## `",
    ],
)
def test_other_texts_are_left_alone(text: str):
    assert meta_line.peel(SourceText.verbatim(text)) is None


def test_a_page_that_ends_with_its_head_has_no_text():
    parsed = document("## 题\n`林一` [链接](https://quay.example/a)")
    assert (parsed.status, codes(parsed)) == ("empty", ["body-empty"])
    assert parsed.articles[0].title.text == "题"


@given(st.text(alphabet=" \n\r\t#`[](){}*-:ab一。\u200b", max_size=200))
def test_any_body_comes_back_and_every_character_of_it_keeps_its_place(body: str):
    text = PAGE.replace("{meta}", "2023-03-14 林一").replace("一段。\n二段。\r\n", body)
    peeled = meta_line.peel(SourceText.verbatim(text))
    assert peeled is not None
    assert "".join(peeled.inner.text.split()) == "".join(body.split())
    for run in peeled.inner.runs:
        there = text[run.source_start : run.source_start + run.source_length]
        assert peeled.inner.text[run.text_start : run.text_start + run.text_length] == there


@given(st.text(alphabet=" \n\r#`[](){}:/.-19AMUTC一h", max_size=300))
def test_no_text_breaks_the_layer(text: str):
    peeled = meta_line.peel(SourceText.verbatim(text))
    assert peeled is None or [r.field for r in peeled.readings].count("title") == 1
