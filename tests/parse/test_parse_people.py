"""Who wrote it: people apart from desks, agencies, platforms, places and those who did something else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parse_tools import document

from broadsheet.parse.fields import bylines
from broadsheet.parse.fields.people import is_person, ordinary_case, split_people, split_translators

BYLINES = [
    # Chinese: labels, roles, places
    ("记者 林一 王二 北京报道", ["林一", "王二"]),
    ("记者林一北京报道", ["林一"]),
    ("记者林一 王二报道", ["林一", "王二"]),
    ("记者林一 郑州报道", ["林一"]),
    ("本报特约通讯员 刘一 本报特约记者 王二", ["刘一", "王二"]),
    ("某通社记者栾一　高二", ["栾一", "高二"]),
    ("山城报记者 庞一 实习生 郑二", ["庞一", "郑二"]),
    ("广播电台记者 夏林 台北报导 责编 王一 张二 网编 赵三", ["夏林"]),
    ("中央社記者林一台北3日電", ["林一"]),
    ("（中央社記者林一華盛頓三日專電）", ["林一"]),
    ("端岸記者 楊子一 發自香港", ["楊子一"]),
    ("林一 发自华盛顿", ["林一"]),
    ("本刊记者/李想一 李明子", ["李想一", "李明子"]),
    ("文｜林一", ["林一"]),
    ("文/林一 图/王二", ["林一"]),
    ("图文：豫广", ["豫广"]),
    ("撰文：林一", ["林一"]),
    ("撰文 | 韩一  编辑 | 王二", ["韩一"]),
    ("作者：林一（某某大学教授）", ["林一"]),
    ("本文作者 林一", ["林一"]),
    ("林一记者", ["林一"]),
    ("林一（実習）", ["林一"]),
    ("张三（文）李四（图）", ["张三"]),
    ("林一、王二、张三等", ["林一", "王二", "张三"]),
    ("林一和王二", ["林一", "王二"]),
    # Names
    ("张 三", ["张三"]),
    ("张 三 李小四", ["张三", "李小四"]),
    ("马可 · 波罗", ["马可·波罗"]),
    ("伊万·彼得罗维奇·西多罗夫", ["伊万·彼得罗维奇·西多罗夫"]),
    ("孟一 (Paul Example)、王二", ["孟一", "王二"]),
    ("徐一  美国某州某某学院教授", ["徐一"]),
    ("林一教授", ["林一"]),
    ("趙一副校長@HK Some Club", ["趙一"]),
    # English
    ("By Ann Example, Bob Sample and Carl Third in Beijing", ["Ann Example", "Bob Sample", "Carl Third"]),
    ("Reporting by Ann Example; Editing by Bob Sample", ["Ann Example"]),
    ("Ann Example, BBC News", ["Ann Example"]),
    ("Ann Example, Chief Correspondent", ["Ann Example"]),
    ("Ann Example, Jr.", ["Ann Example Jr"]),
    ("Ann (Annie) Example", ["Ann Example"]),
    ("Ann Example ann@example.org", ["Ann Example"]),
    ("Gavin Newsom", ["Gavin Newsom"]),
    ("Dr. Ann Example", ["Ann Example"]),
    ("Ann Example | The Valley Post", ["Ann Example"]),
    ("林一 河内", ["林一"]),
    ("某某社驻华盛顿分社记者林一、王二", ["林一", "王二"]),
    ("William  Young", ["William Young"]),
    ("林一, 王二 and Ann Example", ["林一", "王二", "Ann Example"]),
    # Nobody
    ("编译：林一", []),
    ("编译/审校 白一/王二", []),
    ("责任编辑：林一", []),
    ("翻译：林一", []),
    ("林一，王二 译", []),
    ("特約轉載", []),
    ("某某新聞中國組", []),
    ("国际在线", []),
    ("秘密组-精选组 G-Team", []),
    ("九歌Vlog", []),
    ("Disport Channel", []),
    ("Anonymous", []),
    ("ARD", []),
    ("@someone", []),
    ("北京报道", []),
    ("综合报道", []),
    ("Some Institute", []),
]


@pytest.mark.parametrize(("text", "expected"), BYLINES)
def test_authors_of_a_byline(text: str, expected: list[str]):
    assert split_people(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("作者：林一 翻译：王二", ["王二"]),
        ("编译 林一/王二;审校 张三/赵四", ["林一", "王二"]),
        ("林一，王二 译", ["林一", "王二"]),
        ("Ann Example Translated by Bob Sample", ["Bob Sample"]),
        ("林一", []),
    ],
)
def test_translators_of_a_byline(text: str, expected: list[str]):
    assert split_translators(text) == expected


def test_a_translator_in_the_byline_is_one_of_the_article():
    parsed = document("---\ntitle: 外长会面\nauthor: Ann Example 翻译：林一\n---\n正文在这里。\n")
    assert parsed.articles[0].authors == ("Ann Example",)
    assert parsed.articles[0].translator == "林一"


def test_another_house_is_no_author():
    parsed = document("---\ntitle: 外长会面\nauthor: 纽约时报中文网\npublisher: 某转载站\n---\n正文在这里。\n")
    assert parsed.articles[0].authors == ()


def test_the_parts_of_a_byline():
    assert bylines.parts("记者 林一 责编 王二 翻译：张三") == [
        ("author", "林一 "),
        ("other", "王二 "),
        ("translator", "张三"),
    ]


def test_capitals_with_numerals():
    assert ordinary_case("JOHN EXAMPLE III", "") == "John Example III"
    assert ordinary_case("小王TV", "") == "小王TV"


@given(st.text(max_size=300))
def test_any_string_gives_names_that_are_persons(text: str):
    for name in (*split_people(text), *split_translators(text)):
        assert name == name.strip()
        assert is_person(name.removesuffix(" Jr").removesuffix(" Sr")) or " " in name


@pytest.mark.parametrize(
    "piece", ["记者", "(", "（a）", "林 ", " and ", "A", "@", "文/", "一", "、", "发自", "报道", "By "]
)
def test_long_bylines_cost_little(piece: str):
    start = time.perf_counter()
    split_people(piece * (20_000 // len(piece)))
    assert time.perf_counter() - start < 1
