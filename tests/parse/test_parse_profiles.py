"""Publisher profiles: an own example of every layout, with the fields read by hand."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from parse_tools import assert_traceable, codes, document, kinds, paragraphs

from broadsheet.document import Link, Medium
from broadsheet.findings import BroadsheetError
from broadsheet.parse.publishers.model import FOLDER, GENERIC, load, profiles


@dataclass(frozen=True)
class Example:
    """A file and what it says."""

    profile: str
    text: str
    publisher: str | None
    title: str
    paragraphs: list[str]
    at: datetime | None
    zone_basis: str
    layers: str
    authors: tuple[str, ...] = ()
    fields: dict[str, object] = field(default_factory=dict)
    kinds: list[str] | None = None
    media: tuple[Medium, ...] = ()
    links: tuple[Link, ...] = ()
    rights: str | None = None


HEAD = "<!--1739900000000-->\n[{title}]({url})\n------\n\n"

FX168 = """---
title: "两国央行行长通话"
date: "2025-02-13 08:39:00"
summary: "FX168财经报社(北美)讯 两国央行..."
categories:
  - "fx168"
lang:
  - "zh-CN"
tags:
  - "fx168"
  - "汇率"
authorbox: false
thumbnail: "https://static.fx168api.com/lead.jpg"
---

[FX168财经](https://www.fx168news.com/)报社(北美)讯 两国央行行长周四通话，谈了汇率。

他们没有**公布**细节。

![](https://static.fx168api.com/chart.jpg)

(来源:某交易所)

**市场反应**

股市小幅上涨。



1. 欢迎转载，转载时请写明出处。

2. 所有内容仅供参考，不是投资建议。

[fx168](https://www.fx168news.com/article/央行-1)
"""

NYT_2025 = HEAD.format(title="外长们在苏黎世会面", url="https://cn.nytimes.com/world/20250213/ministers/") + (
    "<address>ANN EXAMPLE, LI O'SAMPLE-ORR</address>"
    '<time pudate="2025-02-13 03:56:11" datetime="2025-02-13 03:56:11">2025年2月13日</time>'
    '<figure><img src="https://images.weserv.nl/?url=static01.nyt.com/a.jpg" width="10">'
    "<figcaption>外长们周三会面。 <cite>Some Photographer</cite></figcaption></figure>"
    '<section><p>外长们周三会面，<a href="https://www.nytimes.com/x">谈了停火</a>。</p><p>会面长达三小时。</p></section>'
    "<footer><p>Ann Example是外交记者。</p><p>Bob Help对本文有报道贡献。</p><p>翻译：林一、王二</p>"
    '<p><a href="https://www.nytimes.com/2025/en.html">点击查看本文英文版。</a></p></footer>'
)

NYT_2020 = HEAD.format(title="法院作出裁决", url="https://cn.nytimes.com/usa/20200717/court/") + (
    "<div><i>林一<br>2020-07-17 11:09:17</i></div>"
    '<img src="https://images.weserv.nl?url=static01.nyt.com/b.jpg" width="100%">'
    '<div><small style="color: #999;">法院的台阶。</small></div>'
    "<p>法院周四作出裁决。</p><p><strong>各方的反应</strong></p><p>双方都表示满意。</p>"
    "<p>林一(Lin Yi)是一名科技记者。欢迎在Twitter上关注她：@linyi。<br/>翻译：纽约时报中文网<br/>"
    '<a href="https://www.nytimes.com/2020/en.html">点击查看本文英文版。</a></p>'
)

DW = HEAD.format(title="两国代表会谈", url="https://www.dw.com/zh/x/a-1") + (
    "<div><i>张三<br>2025-02-18T10:57:16.358Z</i></div>"
    '<img src="https://images.weserv.nl/?url=static.dw.com/c.jpg" width="100%">'
    '<div><small style="color: #999;">代表们握手</small></div>'
    "<p>（德国之声中文网）两国代表周二会谈。</p><p><strong>“必须继续”</strong></p><p>会谈将于周三继续。</p><p>\xa0</p>"
    "<p>（路透社、德新社）</p>"
    '<p><em>DW中文有<a href="https://www.instagram.com/dw.chinese/">Instagram</a>！欢迎搜寻dw.chinese。</em></p>'
    "<p><em>© 2025年德国之声版权声明：所有内容受保护。</em></p>"
)

XINHUA = """首页  »  新闻频道  »  国际新闻

两国元首会晤速览

2025-08-16 10:52:28

来源:新华网

  新华社某地8月16日电 两国元首15日在某地举行会晤，时间大约三个小时，双方都说有进展。

  这是两国元首在会晤之前握手。新华社记者林一摄

  双方各有说法

  会晤之后没有签署任何文件，两国元首都没有回答记者的提问，随后离开了会场。(记者:林一、王二)

  • 相关阅读
  • 另一条新闻

      新华社他地8月15日电 另一件事情。(记者:赵六)

    时间:08-16
免责声明:本网不作保证。
"""

ALJAZEERA = """
---
title: '代表团抵达首都 | 新闻 | 半岛电视台'
categories:
 - Aljazeera 半岛网
headimg: 'https://chinese.aljazeera.net/d.jpg?w=770'
author: Aljazeera 半岛网
date: Mon, 03 Jan 2022 10:02:32 GMT
---

<div>
<p>代表团周一抵达首都。</p>
<figure class="wp-caption"><img src="https://chinese.aljazeera.net/d.jpg?w=770">代表团走下飞机（法国媒体）</figure>
<h3>下一站</h3>
<p>他们周二离开。</p>

</div>
"""

GENERIC_PAGE = """---
title: Ministers agree on a text
date: 2024-05-06T07:08:09+02:00
author: Ann Example
source: https://news.example.org/2024/text
tags: [diplomacy]
---

By Ann Example

GENEVA (Reuters) - The ministers agreed on a text on Monday.

They will meet again.

Copyright 2024 Example Press
"""

EXAMPLES = {
    "fx168": Example(
        profile="fx168",
        text=FX168,
        publisher="FX168财经",
        title="两国央行行长通话",
        paragraphs=[
            "FX168财经报社(北美)讯 两国央行行长周四通话，谈了汇率。",
            "他们没有公布细节。",
            "市场反应",
            "股市小幅上涨。",
        ],
        kinds=["paragraph", "paragraph", "subheading", "paragraph"],
        at=datetime(2025, 2, 13, 0, 39, tzinfo=UTC),
        zone_basis="publisher",
        layers="front_matter/markdown",
        fields={
            "url": "https://www.fx168news.com/article/央行-1",
            "dateline": "FX168财经报社(北美)讯",
            "tags": ("汇率",),
            "summary": "FX168财经报社(北美)讯 两国央行...",
            "language": "zh-Hans",
        },
        media=(
            Medium("https://static.fx168api.com/lead.jpg"),
            Medium("https://static.fx168api.com/chart.jpg", None, "某交易所"),
        ),
        links=(Link("https://www.fx168news.com/", "FX168财经", "body"),),
        rights="1. 欢迎转载，转载时请写明出处。\n2. 所有内容仅供参考，不是投资建议。",
    ),
    "nyt with address": Example(
        profile="nyt-chinese",
        text=NYT_2025,
        publisher="纽约时报中文网",
        title="外长们在苏黎世会面",
        paragraphs=["外长们周三会面，谈了停火。", "会面长达三小时。"],
        at=datetime(2025, 2, 13, 3, 56, 11, tzinfo=UTC),
        zone_basis="publisher",
        layers="feed_entry/html",
        authors=("Ann Example", "Li O'Sample-Orr"),
        fields={"translator": "林一、王二", "url": "https://cn.nytimes.com/world/20250213/ministers/"},
        media=(Medium("https://static01.nyt.com/a.jpg", "外长们周三会面。", "Some Photographer"),),
        links=(
            Link("https://www.nytimes.com/x", "谈了停火", "body"),
            Link("https://www.nytimes.com/2025/en.html", "点击查看本文英文版。", "original"),
        ),
    ),
    "nyt in italics": Example(
        profile="nyt-chinese",
        text=NYT_2020,
        publisher="纽约时报中文网",
        title="法院作出裁决",
        paragraphs=["法院周四作出裁决。", "各方的反应", "双方都表示满意。"],
        kinds=["paragraph", "subheading", "paragraph"],
        at=datetime(2020, 7, 17, 3, 9, 17, tzinfo=UTC),
        zone_basis="publisher",
        layers="feed_entry/html",
        authors=("林一",),
        fields={"translator": None},
        media=(Medium("https://static01.nyt.com/b.jpg", "法院的台阶。"),),
        links=(Link("https://www.nytimes.com/2020/en.html", "点击查看本文英文版。", "original"),),
    ),
    "dw": Example(
        profile="dw-chinese",
        text=DW,
        publisher="德国之声中文网",
        title="两国代表会谈",
        paragraphs=["（德国之声中文网）两国代表周二会谈。", "“必须继续”", "会谈将于周三继续。"],
        kinds=["paragraph", "subheading", "paragraph"],
        at=datetime(2025, 2, 18, 10, 57, 16, 358000, tzinfo=UTC),
        zone_basis="stated",
        layers="feed_entry/html",
        authors=("张三",),
        fields={"agencies": ("路透社", "德新社"), "dateline": "（德国之声中文网）"},
        media=(Medium("https://static.dw.com/c.jpg", "代表们握手"),),
        rights="© 2025年德国之声版权声明：所有内容受保护。",
    ),
    "xinhua page": Example(
        profile="xinhua-page",
        text=XINHUA,
        publisher="新华网",
        title="两国元首会晤速览",
        paragraphs=[
            "新华社某地8月16日电 两国元首15日在某地举行会晤，时间大约三个小时，双方都说有进展。",
            "双方各有说法",
            "会晤之后没有签署任何文件，两国元首都没有回答记者的提问，随后离开了会场。",
        ],
        kinds=["paragraph", "subheading", "paragraph"],
        at=datetime(2025, 8, 16, 2, 52, 28, tzinfo=UTC),
        zone_basis="publisher",
        layers="page_dump/plain",
        authors=("林一", "王二"),
        fields={"dateline": "新华社某地8月16日电", "section": "国际新闻", "url": None},
        rights="免责声明:本网不作保证。",
    ),
    "al jazeera": Example(
        profile="aljazeera-chinese",
        text=ALJAZEERA,
        publisher="半岛网",
        title="代表团抵达首都",
        paragraphs=["代表团周一抵达首都。", "下一站", "他们周二离开。"],
        kinds=["paragraph", "subheading", "paragraph"],
        at=datetime(2022, 1, 3, 10, 2, 32, tzinfo=UTC),
        zone_basis="stated",
        layers="front_matter/html",
        media=(Medium("https://chinese.aljazeera.net/d.jpg?w=770", "代表团走下飞机", "法国媒体"),),
    ),
    "generic": Example(
        profile="generic",
        text=GENERIC_PAGE,
        publisher="news.example.org",
        title="Ministers agree on a text",
        paragraphs=["GENEVA (Reuters) - The ministers agreed on a text on Monday.", "They will meet again."],
        at=datetime(2024, 5, 6, 5, 8, 9, tzinfo=UTC),
        zone_basis="stated",
        layers="front_matter/plain",
        authors=("Ann Example",),
        fields={
            "url": "https://news.example.org/2024/text",
            "language": "en",
            "tags": ("diplomacy",),
            "dateline": "GENEVA (Reuters) -",
        },
        rights="Copyright 2024 Example Press",
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_of_every_layout(name: str):
    example = EXAMPLES[name]
    parsed = document(example.text)
    assert (parsed.status, "/".join(parsed.layers), codes(parsed)) == ("parsed", example.layers, [])
    (article,) = parsed.articles
    assert (article.profile, article.publisher) == (example.profile, example.publisher)
    assert article.title.text == example.title
    assert paragraphs(parsed) == example.paragraphs
    assert (article.published.at, article.published.zone_basis) == (example.at, example.zone_basis)
    assert article.authors == example.authors
    for column, value in example.fields.items():
        assert getattr(article, column) == value, column
    if example.kinds:
        assert kinds(parsed) == example.kinds
    assert article.media == example.media
    assert article.links == example.links
    assert parsed.rights_statement == example.rights
    assert_traceable(parsed)


def test_every_profile_has_an_example():
    assert {example.profile for example in EXAMPLES.values()} == set(profiles())


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


def test_candidates_name_their_rule_and_place():
    parsed = document(DW)
    candidates = {(c.field, c.rule): c for c in parsed.articles[0].candidates}
    title = candidates["title", "feed_entry.title"]
    assert parsed.text[title.span.start : title.span.end] == title.value == "两国代表会谈"
    assert any(field == "agency" and rule.startswith("dw-chinese.tail.") for field, rule in candidates)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id: made\nname: x\nlayouts: [{id: a}]\nalias: [y]\n", "alias"),
        ("id: other\nname: x\nlayouts: [{id: a}]\n", "file name"),
        ("id: made\nname: x\nzone: Mars/Base\nlayouts: [{id: a}]\n", "Mars/Base"),
        ("id: made\nname: x\nhead: [{role: hero}]\nlayouts: [{id: a}]\n", "hero"),
        ("id: made\nname: x\nhead: [{role: note, matches: '('}]\nlayouts: [{id: a}]\n", "regular expression"),
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
