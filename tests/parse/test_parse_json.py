"""Records in JSON: any style of writing, any common naming; every offset leads back to the bytes of the string."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parse_tools import assert_traceable, codes, document, paragraphs

from broadsheet.document import SourceText
from broadsheet.parse.layers import json_record
from broadsheet.parse.layers.json_text import Value, scan, string
from broadsheet.parse.readings import EDGE_SPACE

RECORD = {
    "title": "两国外长通电话",
    "content": "两国外长五日通电话。\n\n双方谈到“航线”与“签证”。",
    "date": "2024-03-05T10:20:00+08:00",
    "sourceUrl": "https://example.org/2024/call.html",
    "author": "陈一",
    "source": "某某社",
    "tags": ["外交", "航线"],
    "scrapedAt": "2024-03-06T01:02:03.004Z",
}


def test_one_object():
    parsed = document(json.dumps(RECORD, ensure_ascii=False, indent=2), "a/2024-03-05-1.json")
    (article,) = parsed.articles
    assert (parsed.status, parsed.layers, codes(parsed)) == ("parsed", ("json_record", "plain"), [])
    assert (article.title.text, article.publisher, article.authors) == ("两国外长通电话", "某某社", ("陈一",))
    assert (article.url, article.tags) == ("https://example.org/2024/call.html", ("外交", "航线"))
    assert (article.published.local, article.published.zone) == ("2024-03-05T10:20:00", "+08:00")
    assert parsed.archived_at.isoformat() == "2024-03-06T01:02:03.004000+00:00"
    assert paragraphs(parsed) == ["两国外长五日通电话。", "双方谈到“航线”与“签证”。"]
    assert_traceable(parsed)


@pytest.mark.parametrize(
    "record",
    [
        {
            "headline": "题目一二",
            "articleBody": "一段话。",
            "datePublished": "2024-03-05",
            "url": "https://a.example/x",
        },
        {
            "Title": "题目一二",
            "body_text": None,
            "text": "一段话。",
            "pub_date": "2024-03-05",
            "link": "https://a.example/x",
        },
        {
            "article-title": "题目一二",
            "maintext": "一段话。",
            "date_publish": "2024-03-05",
            "url": "https://a.example/x",
        },
        {"标题": "题目一二", "正文": "一段话。", "发布时间": "2024-03-05", "链接": "https://a.example/x"},
        {
            "title": "题目一二",
            "content": ["一段话。"],
            "published_at": "2024-03-05",
            "canonical_url": "https://a.example/x",
        },
        {
            "title": "题目一二",
            "content": [{"type": "p", "text": "一段话。"}],
            "time": "2024-03-05",
            "href": "https://a.example/x",
        },
        {
            "title": "题目一二",
            "html": "<div><p>一段话。</p></div>",
            "date": "2024-03-05",
            "permalink": "https://a.example/x",
        },
    ],
)
def test_the_names_people_give(record: dict[str, object]):
    parsed = document(json.dumps(record, ensure_ascii=False))
    (article,) = parsed.articles
    assert article.title.text == "题目一二"
    assert paragraphs(parsed) == ["一段话。"]
    assert (article.published.local, article.url) == ("2024-03-05", "https://a.example/x")
    assert_traceable(parsed)


def test_authors_and_images_in_objects():
    record = {**RECORD, "authors": [{"name": "陈一"}, {"name": "林二"}], "image": {"url": "https://i.example/a.jpg"}}
    del record["author"]
    (article,) = document(json.dumps(record)).articles
    assert article.authors == ("陈一", "林二")
    assert [m.url for m in article.media] == ["https://i.example/a.jpg"]


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_gives_each_record_its_own_range(ascii_only: bool, indent: int | None):
    records = [{**RECORD, "title": f"第{n}题", "url": f"https://example.org/{n}"} for n in range(3)]
    text = json.dumps(records, ensure_ascii=ascii_only, indent=indent)
    parsed = document(text)
    assert [a.title.text for a in parsed.articles] == ["第0题", "第1题", "第2题"]
    for article, record in zip(parsed.articles, records, strict=True):
        assert json.loads(parsed.text[article.span.start : article.span.end]) == record
    assert_traceable(parsed)


def test_records_inside_an_answer_share_what_stands_beside_them():
    records = [{"title": f"第{n}题", "text": "一段话。"} for n in range(2)]
    parsed = document(json.dumps({"site": "某某网", "total": 2, "response": {"docs": records}}, ensure_ascii=False))
    assert [a.publisher for a in parsed.articles] == ["某某网", "某某网"]


def test_json_lines_with_a_broken_line_and_a_record_without_text():
    lines = [json.dumps({**RECORD, "title": f"第{n}题"}, ensure_ascii=False) for n in range(2)]
    text = "\n".join([lines[0], '{"title": "断了', '{"id": 7, "name": "别的"}', "", lines[1]]) + "\n"
    parsed = document(text)
    assert [a.title.text for a in parsed.articles] == ["第0题", "第1题"]
    places = {r.code: parsed.text[r.span.start : r.span.end] for r in parsed.rejects if r.span}
    assert places == {"json-invalid": '{"title": "断了', "not-article": '{"id": 7, "name": "别的"}'}


def test_a_record_may_hold_a_page_dump():
    page = (
        "两国外长通电话\n   2024-03-05 10:20\n   来源： \n     某某社\n   字号：默认\n  大\n 超大\n | 打印\n\n"
        "  正文第一段。\n\n 【我要纠错】责任编辑：林二\n"
    )
    parsed = document(
        json.dumps({"title": "两国外长通电话", "date": "2024-03-05", "content": page}, ensure_ascii=False)
    )
    assert parsed.layers == ("json_record", "page_dump", "plain")
    (article,) = parsed.articles
    assert (article.publisher, article.published.local) == ("某某社", "2024-03-05T10:20")
    assert paragraphs(parsed) == ["正文第一段。"]


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "package", "version": "1.0"}',
        '[1, 2, "x"]',
        '[{"id": 1}, {"id": 2}]',
        '{"title": "只有题目"}',
        "[" * 5000 + "]" * 5000,
    ],
)
def test_other_json_is_no_article(text: str):
    parsed = document(text)
    assert (parsed.status, parsed.articles) == ("not_article", ()) or text.startswith("[[")
    assert "json_record" not in parsed.layers


def test_an_entry_of_a_feed_has_its_summary_for_a_text():
    entry = {
        "title": "题目一二",
        "link": "https://a.example/x",
        "pubDate": "Tue, 05 Mar 2024 02:27:00 GMT",
        "description": "一段话。",
    }
    assert paragraphs(document(json.dumps({"items": [entry]}))) == ["一段话。"]
    assert document(json.dumps({"title": "一份清单", "description": "说明。"})).status == "not_article"


def test_a_lone_half_of_a_pair_becomes_a_replacement_character():
    parsed = document('{"title": "题\\ud83d目", "content": "一段\\ud83d\\ude00话。"}')
    assert parsed.articles[0].title.text == "题\ufffd目"
    assert paragraphs(parsed) == ["一段😀话。"]
    assert_traceable(parsed)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def plain(value: Value, source: SourceText) -> object:
    """A scanned value as Python's own reader gives it."""
    if value.kind == "object":
        return {json.loads(f'"{name}"'): plain(inner, source) for name, inner in value.members()}
    if value.kind == "array":
        return [plain(inner, source) for inner in value.values]
    text = string(source, value).text
    return text if value.kind == "string" else json.loads(text)


@given(VALUES, st.booleans(), st.sampled_from([None, 0, 3]))
def test_the_scanner_reads_what_python_reads(value: object, ascii_only: bool, indent: int | None):
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    scanned = scan(text)
    assert text[scanned.start : scanned.end] == text
    assert plain(scanned, SourceText.verbatim(text)) == value


@given(st.text(max_size=60).filter(lambda text: text.strip(EDGE_SPACE)), st.booleans(), st.sampled_from([None, 2]))
def test_wrapping_a_text_in_a_record_and_peeling_gives_it_back(text: str, ascii_only: bool, indent: int | None):
    wrapped = json.dumps({"title": "题", "content": text, "note": 1.5}, ensure_ascii=ascii_only, indent=indent)
    peeled = json_record.peel(SourceText.verbatim(wrapped))
    assert peeled.inner.text == text.encode("utf-16", "replace").decode("utf-16")
    for run in peeled.inner.runs:
        source = wrapped[run.source_start : run.source_start + run.source_length]
        found = peeled.inner.text[run.text_start : run.text_start + run.text_length]
        assert found == (source if run.text_length == run.source_length else json.loads(f'"{source}"'))


FIELDS = st.sampled_from(["title", "headline", "content", "text", "html", "url", "date", "author", "data", "other"])
RECORDS = st.dictionaries(FIELDS, VALUES, max_size=6)


@given(st.one_of(RECORDS, st.lists(RECORDS, max_size=4), VALUES), st.booleans(), st.sampled_from([None, 2]))
def test_any_json_gives_articles_or_a_reject(value: object, ascii_only: bool, indent: int | None):
    parsed = document(json.dumps(value, ensure_ascii=ascii_only, indent=indent))
    assert parsed.articles or parsed.rejects
    assert parsed.status != "rejected"
    assert_traceable(parsed)
    end = 0
    for article in parsed.articles:
        assert end <= article.span.start <= article.span.end
        end = article.span.end
