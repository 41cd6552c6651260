"""Bad input: a clear reject for each, and nothing else lost."""

import time

import pytest
from parse_tools import assert_traceable, codes, document, paragraphs

from broadsheet.findings import CODES

BODY = "第一段写得清楚。\n\n第二段也写得清楚。\n"


def test_an_empty_file():
    parsed = document(b"")
    assert (parsed.status, codes(parsed), parsed.articles) == ("empty", ["file-empty"], ())


def test_a_file_of_white_space_is_empty():
    parsed = document(" \n\n \t\n", path="made/x.md")
    assert (parsed.status, parsed.articles) == ("empty", ())
    assert codes(parsed) == ["body-empty"]


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n" + b"\0" * 50, bytes(range(256)) * 4, b"\0\0\0\0"])
def test_a_binary_file_named_md(data: bytes):
    parsed = document(data)
    assert (parsed.status, codes(parsed)) == ("rejected", ["file-binary"])


def test_padding_with_zero_bytes_is_no_binary_file():
    parsed = document("题目在此一行\n\n".encode() + BODY.encode() + b"\0" * 500)
    assert parsed.status == "parsed"
    assert paragraphs(parsed) == ["第一段写得清楚。", "第二段也写得清楚。"]


def test_bytes_that_are_not_utf_8_become_one_replacement_each_and_are_counted():
    parsed = document(
        "甲乙丙丁戊己庚辛的文章标题\n\n".encode()
        + "这是很长的一段正文，".encode() * 4
        + b"\xff\xe4\xb8"
        + "完。\n".encode()
    )
    assert parsed.encoding == "utf-8"
    assert "encoding-lossy" in codes(parsed)
    assert paragraphs(parsed) == ["这是很长的一段正文，" * 4 + "\ufffd\ufffd完。"]
    assert_traceable(parsed)


def test_invalid_front_matter_is_read_line_by_line():
    parsed = document(f'---\ntitle: "外长"抵达"首都"\ndate: 2024-05-06 07:08\nauthor: 林一\n---\n\n{BODY}')
    assert codes(parsed).count("front-matter-invalid") == 1
    article = parsed.articles[0]
    assert article.title is not None
    assert article.title.text == '外长"抵达"首都'
    assert (article.published.local, article.authors) == ("2024-05-06T07:08", ("林一",))
    assert paragraphs(parsed) == ["第一段写得清楚。", "第二段也写得清楚。"]
    assert_traceable(parsed)


def test_endless_front_matter_ends_where_text_begins():
    parsed = document(f"---\ntitle: 没有结尾的文件头\ndate: 2024-05-06\n\n{BODY}")
    assert codes(parsed)[0] == "front-matter-unclosed"
    assert parsed.articles[0].title.text == "没有结尾的文件头"
    assert parsed.articles[0].published.local == "2024-05-06"
    assert paragraphs(parsed) == ["第一段写得清楚。", "第二段也写得清楚。"]


def test_yaml_aliases_are_not_expanded():
    bomb = "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n"
    parsed = document(f"---\ntitle: 别名\n{bomb}tags: *c\n---\n\n{BODY}")
    reject = next(r for r in parsed.rejects if r.code == "front-matter-invalid")
    assert "aliases" in reject.message
    assert parsed.articles[0].title.text == "别名"
    assert parsed.articles[0].tags == ()
    assert len(paragraphs(parsed)) == 2


def test_yaml_nested_beyond_the_limit():
    parsed = document(f"---\ntitle: 深\nx: {'[' * 30000}\n---\n\n{BODY}")
    assert "front-matter-invalid" in codes(parsed)
    assert parsed.articles[0].title.text == "深"
    assert len(paragraphs(parsed)) == 2


def test_unclosed_html_keeps_every_paragraph():
    parsed = document("<div><p>一段。<p>二段<b>粗。<div>三段。<script>var x = 1;")
    assert "markup-unclosed" in codes(parsed)
    assert paragraphs(parsed)[:3] == ["一段。", "二段粗。", "三段。"]


def test_ten_thousand_nested_tags():
    parsed = document("<div>" * 10_000 + "<p>深处的一段。</p>" + "</div>" * 10_000 + "<p>外面的一段。</p>")
    assert codes(parsed).count("markup-too-deep") == 1
    assert paragraphs(parsed) == ["深处的一段。", "外面的一段。"]


def test_a_date_of_2099_is_kept_as_printed_but_is_no_instant():
    stamp = "<!--1739434021000-->\n[标题在此](https://example.org/a)\n------\n"
    parsed = document(f"{stamp}\n<div><i>2099-01-02T03:04:05Z</i></div><p>正文一段。</p>")
    published = parsed.articles[0].published
    assert (published.at, published.text, published.local) == (None, "2099-01-02T03:04:05Z", "2099-01-02T03:04:05")
    reject = next(r for r in parsed.rejects if r.code == "date-implausible")
    assert (reject.table, reject.field, reject.position) == ("articles", "published_at", 0)
    assert parsed.text[reject.span.start : reject.span.end] == "2099-01-02T03:04:05Z"


def test_a_year_out_of_range_without_a_stamp():
    parsed = document(f"---\ntitle: 远\ndate: 2199-01-01\n---\n\n{BODY}")
    assert parsed.articles[0].published.at is None
    assert "date-implausible" in codes(parsed)


def test_a_title_of_50_000_characters_is_dropped():
    parsed = document(f"---\ntitle: {'长' * 50_000}\n---\n\n{BODY}")
    assert parsed.articles[0].title is None
    assert "title-too-long" in codes(parsed)
    assert len(paragraphs(parsed)) == 2


def test_an_article_without_text_is_a_row_and_a_reject():
    parsed = document("<!--1739434021000-->\n[只有标题](https://example.org/b)\n------\n\n<div></div>\n")
    assert (parsed.status, len(parsed.articles)) == ("empty", 1)
    assert parsed.articles[0].body().text == ""
    assert "body-empty" in codes(parsed)


def test_an_archive_error_page_is_no_article():
    parsed = document("---\ntitle: x\n---\n\nThe Wayback Machine has not archived that URL.\n")
    assert (parsed.status, parsed.articles, codes(parsed)) == ("not_article", (), ["not-article"])


def test_a_list_of_links_is_no_article():
    lines = "\n".join(f"- [第{n}条新闻的题目](https://example.org/{n})" for n in range(12))
    parsed = document(f"# 目录\n\n{lines}\n")
    assert (parsed.status, codes(parsed)) == ("not_article", ["not-article"])


def test_json_without_an_article_is_not_taken_for_text():
    parsed = document('{"name": "题", "count": 3}')
    assert (parsed.status, codes(parsed)) == ("not_article", ["not-article"])
    assert "JSON" in parsed.rejects[0].message
    assert document("{一段文字，用括号开头。}\n\n又一段。").status == "parsed"


def test_a_failure_of_the_parser_is_a_reject(monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError("made up")

    monkeypatch.setattr("broadsheet.parse.pipeline.decode", broken)
    parsed = document("text")
    assert (parsed.status, codes(parsed)) == ("rejected", ["parse-failed"])
    assert "ZeroDivisionError: made up" in parsed.rejects[0].message


HOSTILE = {
    "open tags": "<div>" * 100_000,
    "tags without end": "<a href='x" * 100_000,
    "quoted ends": '<a =">"' * 50_000,
    "comments without end": "<!-- " * 100_000,
    "scripts without end": "<script>" * 50_000,
    "end tags": "<b>" * 30 + "</i></b>" * 100_000,
    "brackets": "[" * 200_000,
    "links without end": "[a](" * 100_000,
    "images without end": "![" * 100_000,
    "emphasis": "*a_" * 100_000,
    "backslashes": "\\" * 300_000,
    "entities": "&amp" * 100_000,
    "blanks": "a" + " " * 1_000_000 + "b",
    "heading of blanks": "# a" + " " * 500_000 + "b",
    "front matter of blanks": "---\na: b" + " " * 60_000 + "c\n- " + " " * 60_000 + "d\n---\n",
    "front matter quotes": "---\ntitle: " + "'\"" * 30_000 + "\n---\n",
    "breadcrumbs": "首页 » " * 50_000,
    "one line": "字" * 1_000_000,
    "many lines": "字\n" * 200_000,
    "feed title": "[" + "标题[x]" * 30_000 + "](u)\n---\nbody",
    "author": "---\ntitle: a\nauthor: '" + " " * 50_000 + "x" + "'\n---\nb",
    "json": "[" * 100_000 + "{",
    "json list": "[{" * 50_000,
    "fences": "```\n" * 50_000,
    "page": "<html><article>" + "<article>" * 20_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_costs_linear_time(name: str):
    start = time.perf_counter()
    parsed = document(HOSTILE[name])
    assert time.perf_counter() - start < 5
    assert "parse-failed" not in codes(parsed)


def test_every_code_used_is_registered():
    import re
    from pathlib import Path

    import broadsheet.parse

    folder = Path(broadsheet.parse.__file__).parent
    used = set()
    for file in folder.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        used |= set(re.findall(r'(?:Reject|reject)\(\s*"([a-z]+(?:-[a-z]+)+)"', text))
        used |= set(re.findall(r'problems\["([a-z-]+)"\]', text))
    assert {"file-empty", "body-empty", "markup-too-deep", "date-implausible"} <= used
    assert used <= CODES.keys()
