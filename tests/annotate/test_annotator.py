"""The annotator as a whole: the same every time, on any text, at a cost that grows with its length."""

import gc
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from annotate_tools import annotator, article, read, with_language
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.annotate import Annotation, Annotator
from broadsheet.annotate.phrases import SYMBOLS
from broadsheet.document import Article, Block, SourceText

TEXT = [
    "特朗普5月12日与普京通了90分钟电话，双方同意立即开始谈判。",
    "“我会见了塔维·雷哈努（Tavi Rehanu）”，普京说。雷哈努没有回答。",
    "白宫表示，美俄代表团将于下周在利雅得举行会谈，乌克兰没有受到邀请。",
]
TITLE = "美俄总统通话"


def test_twice_the_same() -> None:
    given = article(*TEXT, title=TITLE)
    assert annotator().annotate(given) == annotator().annotate(given)
    assert annotator().annotate(given).reports


def test_two_annotators_agree() -> None:
    other = Annotator.load()
    assert other.fingerprint == annotator().fingerprint
    assert other.annotate(article(*TEXT)) == annotator().annotate(article(*TEXT))


def test_the_order_of_articles_makes_no_difference() -> None:
    articles = [article(text, title=TITLE) for text in TEXT]
    forwards = [annotator().annotate(one) for one in articles]
    backwards = [annotator().annotate(one) for one in reversed(articles)]
    assert forwards == backwards[::-1]


def test_an_article_without_a_day_keeps_what_is_absolute() -> None:
    result = read("特朗普2025年5月12日与普京通电话。", "拉夫罗夫昨天会见王毅。", published=None)
    days = {r.type: (str(r.date_start), str(r.date_end)) for r in result.reports}
    assert days == {"call": ("2025-05-12", "2025-05-12"), "meeting": ("None", "None")}


@pytest.mark.parametrize("published", ["2025-05", "soon", "2025-13-40"])
def test_a_day_that_cannot_be_read_is_none(published: str) -> None:
    assert read(*TEXT, published=published) == read(*TEXT, published=None)


def test_an_empty_body_and_no_title() -> None:
    assert read() == Annotation()
    assert read("") == Annotation()


def test_a_title_alone() -> None:
    assert [m.field for m in read(title=TITLE).mentions] == ["title", "title"]


@pytest.mark.parametrize("language", ["fr", "und", ""])
def test_a_language_without_a_pack_gives_nothing(language: str) -> None:
    assert annotator().annotate(with_language(article(*TEXT), language)) == Annotation()


@pytest.mark.parametrize("language", ["zh", "zh-Hant", "zh-Hans", "zh-CN"])
def test_every_kind_of_chinese_is_read(language: str) -> None:
    assert annotator().annotate(with_language(article(*TEXT), language)) == annotator().annotate(article(*TEXT))


def test_a_subheading_is_a_headline_in_the_body() -> None:
    plain = article(*TEXT, title=TITLE)
    blocks = (plain.blocks[0], Block("subheading", SourceText("两国领导人通话")), *plain.blocks[1:])
    result = annotator().annotate(replace(plain, blocks=blocks))
    assert_sound(replace(plain, blocks=blocks), result)


def assert_sound(given: Article, result: Annotation) -> None:
    """What holds for every text."""
    fields = {"title": given.title.text if given.title else "", "body": given.body().text}
    for field in fields:
        mentions = [m for m in result.mentions if m.field == field]
        assert [fields[field][m.start : m.end] for m in mentions] == [m.surface for m in mentions]
        assert all(m.surface and 0 < m.confidence <= 1 for m in mentions)
        # Ascending, and none overlaps the next.
        assert all(a.end <= b.start for a, b in pairwise(mentions))
    known = [e.entity_id for e in result.entities]
    assert known == sorted(set(known))
    assert {m.entity_id for m in result.mentions} <= set(known)
    for r in result.reports:
        assert 0 <= r.start < r.end <= len(fields[r.field])
        assert r.trigger in fields[r.field][r.start : r.end]
        assert r.date_text is None or r.date_text in fields[r.field]
        assert r.participants
        assert {e for e, _ in r.participants} | {r.place_id, r.speaker_id} <= {*known, None}
        assert not (r.date_start and r.date_end) or r.date_start <= r.date_end
        assert r.duration_minutes is None or r.duration_minutes > 0


# Pieces that mean something to one rule or another, in any order, with any other character between.
MARKS = list("美俄与在将的他“”，。：·（）()🎉\n")
NAMES = ["特朗普", "普京", "塔维·雷哈努", "（Tavi Rehanu）", "美国", "总统", "外交部", "发言人", "莫斯科", "白宫"]
TIMES = ["5月12日", "2025年", "昨天", "90分钟", "e\u0301"]
WORDS = [
    "没有",
    "通电话",
    "会谈",
    "会见",
    "访问",
    "邀请",
    "表示",
    "同意",
    "双方",
    "两人",
    "达成",
    "协议",
    "制裁",
    "战争",
]
PIECES = st.sampled_from(MARKS + NAMES + TIMES + WORDS)
# The symbols of the grammar are private-use characters; what happens to those of a text has a test of its own.
CHARACTERS = st.characters(exclude_characters=list(SYMBOLS.values()), exclude_categories=["Cs"])
TEXTS = st.lists(PIECES | st.text(CHARACTERS, max_size=3), max_size=25).map("".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, max_size=3), TEXTS | st.none())
def test_any_text(paragraphs: list[str], title: str | None) -> None:
    given = article(*paragraphs, title=title)
    assert_sound(given, annotator().annotate(given))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(CHARACTERS, max_size=80), max_size=3), st.text(CHARACTERS, max_size=40))
def test_any_characters(paragraphs: list[str], title: str) -> None:
    given = article(*paragraphs, title=title)
    assert_sound(given, annotator().annotate(given))


@pytest.mark.parametrize("symbol", sorted(SYMBOLS.values()))
def test_private_use_characters_of_a_text_are_no_symbols(symbol: str) -> None:
    given = article(f"{symbol}特朗普会见{symbol}普京。", title=symbol)
    result = annotator().annotate(given)
    assert_sound(given, result)
    assert [m.surface for m in result.mentions] == ["特朗普", "普京"]


def seconds(make: Callable[[int], Article], number: int) -> float:
    """Of the processor: other work on the machine does not count."""
    given = make(number)
    annotate = annotator().annotate
    gc.disable()
    try:
        start = time.process_time()
        annotate(given)
        return time.process_time() - start
    finally:
        gc.enable()


def filler(number: int) -> str:
    """Ideographs without meaning, never the same for long."""
    return "".join(chr(0x4E00 + i * 7919 % 20000) for i in range(number))


NAME = "塔维·雷哈努"
# What grows, and how often it is repeated in the shorter of the two texts.
LONG: dict[str, tuple[int, Callable[[int], Article]]] = {
    "a line of a megabyte": (85_000, lambda n: article(filler(n))),
    "many paragraphs": (40, lambda n: article(*TEXT * n)),
    "one name": (3_000, lambda n: article("普京" * n)),
    "one learned name": (1_000, lambda n: article(NAME + "，雷哈努" * n)),
    "names, each new": (300, lambda n: article("".join(f"塔维·雷{chr(0x4E00 + i)}努来了。" for i in range(n)))),
    "countries by one character": (1_000, lambda n: article("美俄" * n)),
    "countries in a row": (1_000, lambda n: article("美国德国" * n)),
    "dots": (4_000, lambda n: article("塔·" * n)),
    "brackets that never close": (1_500, lambda n: article("普京（" * n)),
    "quotation marks that never close": (500, lambda n: article("普京说：“" * n)),
    "offices": (2_500, lambda n: article("总统" * n)),
    "offices of countries": (1_000, lambda n: article("美国总统" * n)),
    "ministries": (800, lambda n: article("外交部发言人普京" * n)),
    "people of people": (1_000, lambda n: article("普京的" * n)),
    "modifiers": (2_500, lambda n: article("前副" * n)),
    "events without an end of sentence": (400, lambda n: article("普京会见了莫迪，" * n)),
    "events without a subject": (500, lambda n: article("普京来了，" + "访问了，" * n)),
    "clauses between two events": (3_000, lambda n: article("普京来了，" + "下雨，" * n + "会见了莫迪。")),
    "plans without an end": (400, lambda n: article("普京计划访问，下雨，" * n)),
    "times without an event": (3_000, lambda n: article("周一" * n + "普京会见莫迪。")),
    "speakers": (150, lambda n: article(*(f"塔维·雷{chr(0x4E00 + i)}努表示满意。" for i in range(n)))),
    "digits": (25_000, lambda n: article("1" * n)),
    "spaces": (25_000, lambda n: article("会见" + " " * n + "普京")),
    "a long title": (400, lambda n: article("普京来了。", title="普京会见莫迪，" * n)),
}


@pytest.mark.parametrize("what", LONG)
def test_four_times_the_text_costs_about_four_times_the_time(what: str) -> None:
    number, make = LONG[what]
    # The bound leaves room for a busy machine; a cost that grows with the square gives 16.
    short = max(min(seconds(make, number) for _ in range(2)), 0.005)
    assert seconds(make, number * 4) < 9 * short


def test_a_list_of_countries_does_not_double_the_cost_with_each() -> None:
    few, more = (min(seconds(lambda n: article("美国" * n), n) for _ in range(3)) for n in (20, 28))
    assert more < 4 * few
