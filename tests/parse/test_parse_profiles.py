"""Publisher profiles: an own example of every layout (`examples/`), and what all profiles have in common."""

from datetime import UTC, datetime
from pathlib import Path

import profile_examples
import pytest
from parse_tools import codes, document, paragraphs

from broadsheet.document import Link
from broadsheet.findings import BroadsheetError
from broadsheet.parse.explain import explain
from broadsheet.parse.publishers.load import FOLDER, load, profiles
from broadsheet.parse.publishers.model import GENERIC

EXAMPLES = list(profile_examples.examples())
HEAD = "<!--1739900000000-->\n[{title}]({url})\n------\n\n"

DW = HEAD.format(title="两国代表会谈", url="https://www.dw.com/zh/x/a-1") + (
    "<div><i>张三<br>2025-02-18T10:57:16.358Z</i></div>"
    '<img src="https://images.weserv.nl/?url=static.dw.com/c.jpg" width="100%">'
    '<div><small style="color: #999;">代表们握手</small></div>'
    "<p>（德国之声中文网）两国代表周二会谈。</p><p><strong>“必须继续”</strong></p><p>会谈将于周三继续。</p><p>\xa0</p>"
    "<p>（路透社、德新社）</p>"
    '<p><em>DW中文有<a href="https://www.instagram.com/dw.chinese/">Instagram</a>！欢迎搜寻dw.chinese。</em></p>'
    "<p><em>© 2025年德国之声版权声明：所有内容受保护。</em></p>"
)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_is_read_as_it_says(example: profile_examples.Example):
    profile_examples.check(example)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_names_the_layout_it_is_read_with(
    example: profile_examples.Example, monkeypatch: pytest.MonkeyPatch
):
    assert profile_examples.layout_used(example, monkeypatch) == example.value["layout"]


def test_every_layout_has_an_example():
    shown = {(example.profile, example.value["layout"]) for example in EXAMPLES}
    declared = {(profile.id, layout.id) for profile in profiles().values() for layout in profile.layouts}
    assert (sorted(declared - shown), sorted(shown - declared)) == ([], [])


def test_the_stamp_of_a_feed_is_never_the_date_of_publication():
    parsed = document(HEAD.format(title="没有日期", url="https://example.org/a") + "<p>一段文字。</p>")
    assert parsed.archived_at == datetime(2025, 2, 18, 17, 33, 20, tzinfo=UTC)
    assert (parsed.articles[0].published.local, parsed.articles[0].published.basis) == (None, "none")


def test_a_naive_clock_takes_the_zone_of_the_collection_if_the_publisher_has_none():
    text = "---\ntitle: 题\ndate: 2024-05-06 07:08\n---\n一段。\n"
    published = document(text, timezone="Asia/Taipei").articles[0].published
    assert published.at == datetime(2024, 5, 5, 23, 8, tzinfo=UTC)
    assert (published.zone, published.zone_basis, published.local) == ("Asia/Taipei", "collection", "2024-05-06T07:08")
    published = document(text).articles[0].published
    assert (published.at, published.zone, published.zone_basis) == (None, None, "none")


def test_a_day_is_no_instant():
    published = document("---\ntitle: 题\ndate: 2024-05-06\n---\n一段。\n", timezone="UTC").articles[0].published
    assert (published.at, published.local, published.precision, published.zone) == (None, "2024-05-06", "day", None)


def test_declared_publisher_and_language():
    text = "---\ntitle: 题\n---\n一段。\n"
    article = document(text, publisher="德国之声", language="zh-TW").articles[0]
    assert (article.publisher, article.profile, article.language) == ("德国之声中文网", "dw-chinese", "zh-Hant")
    article = document(text, publisher="某地日报").articles[0]
    assert (article.publisher, article.profile) == ("某地日报", "generic")


def test_a_credited_source_counts_before_the_address_and_the_collection():
    text = "---\ntitle: 题\nurl: https://cn.nytimes.com/x/\nsource: 新华社\n---\n一段。\n"
    assert document(text, publisher="某地日报").articles[0].publisher == "新华网"


def test_a_page_that_credits_an_unknown_source_is_read_as_its_host_lays_it_out():
    head = "title: 题_中国政府网\nurl: https://www.gov.cn/a\nsource: 某地日报\ndate: 2025-11-23 15:36"
    article = document(f"---\n{head}\n---\n一段。\n").articles[0]
    assert (article.publisher, article.profile, article.title.text) == ("某地日报", "gov-cn", "题")
    assert article.published.at == datetime(2025, 11, 23, 7, 36, tzinfo=UTC)


def test_on_a_platform_the_author_is_the_publisher():
    text = "---\ntitle: 题\n{}from: https://www.youtube.com/watch?v=1\n---\n一段。\n"
    article = document(text.format("author: 码头影像\n")).articles[0]
    assert (article.publisher, article.profile, article.authors) == ("码头影像", "youtube", ())
    assert document(text.format("")).articles[0].publisher == "YouTube"
    linked = "---\ntitle: 题\n---\n一段，[影片](https://www.youtube.com/watch?v=1)。\n"
    assert document(linked).articles[0].publisher is None


def test_nothing_behind_the_end_of_the_article_is_part_of_it():
    text = HEAD.format(title="题", url="https://www.iyouport.org/a/") + (
        "<p>一段。</p><div class='sharedaddy'><h3>分享</h3></div><p>记者 林一</p>"
        "<img src='https://example.org/i.jpg'><p>二段。</p>"
    )
    parsed = document(text)
    assert (paragraphs(parsed), parsed.articles[0].authors, parsed.articles[0].media) == (["一段。"], (), ())


def test_explain_shows_every_block_with_its_rule():
    lines = list(explain(DW.encode()))
    assert lines[0] == "layers feed_entry/html; publisher 德国之声中文网; dw-chinese, italic-head"
    assert any(line.startswith("  text         （德国之声中文网）两国代表周二会谈。  <p>") for line in lines)
    assert any(line.startswith("  agencies     （路透社、德新社）  <p>  (dw-chinese.tail.") for line in lines)
    assert next(explain(b"---\ntitle: \xff")).startswith("layers ")


def test_the_site_a_shelf_is_named_after_is_the_publisher_of_what_links_to_it_last():
    text = "---\ntitle: 题\ncategories: [{}]\n---\n\n一段，[例](https://other.example/b)。\n\n[{}](https://www.quayside.example/a/1)\n"
    article = document(text.format("quayside", "quayside")).articles[0]
    assert (article.publisher, article.url) == ("quayside.example", "https://www.quayside.example/a/1")
    assert len(article.blocks) == 1
    assert document(text.format("qu", "qu")).articles[0].publisher is None
    assert document(text.format("码头", "码头")).articles[0].publisher is None


def test_a_host_that_speaks_many_languages_is_recognized_by_its_path():
    text = "---\ntitle: T\nurl: https://www.dw.com/{}/a-1\n---\nOne paragraph.\n"
    assert document(text.format("zh-hant")).articles[0].publisher == "德国之声中文网"
    assert document(text.format("en")).articles[0].publisher == "dw.com"


def test_a_last_line_that_links_to_the_publisher_is_the_address_of_the_article():
    text = "---\ntitle: 题\n---\n\n一段。\n\n[某报](https://news.example.org/{})\n"
    article = document(text.format("a/1"), home="https://www.example.org").articles[0]
    assert (article.url, len(article.blocks)) == ("https://news.example.org/a/1", 1)
    assert document(text.format(""), home="https://www.example.org").articles[0].url is None
    assert document(text.format("a/1")).articles[0].url is None


def test_an_author_that_is_the_shelf_is_the_feed():
    text = "---\ntitle: 题\nauthor: 某频道 - 快讯\ncategories: [某频道 - 快讯]\n---\n一段。\n"
    article = document(text).articles[0]
    assert (article.publisher, article.authors) == ("某频道", ())


def test_an_archived_address_is_unwrapped_and_kept_as_a_link():
    raw = "https://web.archive.org/web/20210705054535/https://news.example.org/1"
    article = document(f"---\ntitle: 题\nurl: {raw}\n---\n一段。\n").articles[0]
    assert article.url == "https://news.example.org/1"
    assert article.links == (Link(raw, None, "original"),)


def test_the_untruncated_title_is_preferred():
    text = "---\ntitle: 一个被截断的...\n---\n[一个被截断的长标题](https://example.org/a)\n------\n<p>一段。</p>"
    assert document(text).articles[0].title.text == "一个被截断的长标题"


def test_the_name_of_the_publisher_behind_the_title_is_no_part_of_it():
    text = "---\ntitle: {}\nauthor: 某地日报\ncategories: [某地日报]\n---\n一段。\n"
    for printed in ("两港签约 - 某地日报", "两港签约_某地日报", "两港签约 | 某地日报"):
        assert document(text.format(printed)).articles[0].title.text == "两港签约"
    for printed in ("两港签约 - 他地日报", "两港签约某地日报", "- 某地日报"):
        assert document(text.format(f"'{printed}'")).articles[0].title.text == printed


def test_the_heading_that_repeats_the_title_is_no_text():
    assert paragraphs(document("---\ntitle: 题目\n---\n\n# 题目\n\n一段。\n")) == ["一段。"]
    parsed = document("# 只有正文里的题目\n\n一段。\n")
    assert (parsed.articles[0].title.text, paragraphs(parsed)) == ("只有正文里的题目", ["一段。"])


def test_a_title_from_the_file_name_has_no_place_in_the_file():
    article = document("一段文字，没有题目。\n", path="a/2020-01-02-文件名里的题目.md").articles[0]
    assert (article.title.text, article.title.runs) == ("文件名里的题目", ())
    parsed = document("一段文字，没有题目。\n", path="a/1234567.md")
    assert parsed.articles[0].title is None
    assert "title-missing" in codes(parsed)


def test_a_paywall_cuts_the_article():
    parsed = document("---\ntitle: 题\n---\n<div><p>一段。</p><div>请<b>订阅或登录</b>，以继续阅读全文！</div></div>")
    assert parsed.articles[0].truncated
    assert paragraphs(parsed) == ["一段。"]


def test_an_unreadable_date_is_kept_and_said():
    parsed = document("---\ntitle: 题\ndate: 去年夏天\n---\n一段。\n")
    assert (parsed.articles[0].published.text, parsed.articles[0].published.local) == ("去年夏天", None)
    assert "date-unreadable" in codes(parsed)


def test_a_date_in_the_address_is_the_last_resort():
    parsed = document(HEAD.format(title="题", url="https://example.org/20240506/x") + "<p>一段。</p>")
    published = parsed.articles[0].published
    assert (published.local, published.precision, published.basis) == ("2024-05-06", "day", "url")


def test_words_of_a_caption_that_stand_in_the_text_too_stay_in_the_text():
    text = HEAD.format(title="题", url="https://example.org/x") + (
        "<p>代表们在门口握手。</p><figure><img src='https://example.org/i.jpg'>代表们在门口握手。</figure><p>会谈继续。</p>"
    )
    assert paragraphs(document(text)) == ["代表们在门口握手。", "会谈继续。"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id: made\nname: x\nlayouts: [{id: a}]\nalias: [y]\n", "alias"),
        ("id: other\nname: x\nlayouts: [{id: a}]\n", "file name"),
        ("id: made\nname: x\nzone: Mars/Base\nlayouts: [{id: a}]\n", "Mars/Base"),
        ("id: made\nname: x\nhead: [{role: hero}]\nlayouts: [{id: a}]\n", "hero"),
        ("id: made\nname: x\nhead: [{role: note, matches: '('}]\nlayouts: [{id: a}]\n", "regular expression"),
        ("id: made\nname: x\nhead: [{role: note, matches: '(?P<autor>a)'}]\nlayouts: [{id: a}]\n", "group 'autor'"),
        ("id: made\nname: x\nhead: [{role: note, inside: p}]\nlayouts: [{id: a}]\n", "expected a list"),
        ("id: made\nname: x\nlayouts: [{id: a, probe: {inside: [p]}}]\n", "probe"),
    ],
)
def test_a_profile_is_read_strictly(tmp_path: Path, text: str, words: str):
    file = tmp_path / "made.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BroadsheetError, match=r"made\.yaml") as caught:
        load(file, None)
    assert words in caught.value.finding.message


def test_profiles_are_found_by_their_files():
    assert set(profiles()) == {file.stem for file in FOLDER.glob("*.yaml")}
    assert profiles()[GENERIC].name is None
