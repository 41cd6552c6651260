"""Language by script and characters, where nothing is declared or what is declared cannot be."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.parse.fields import language

HANS = "两国外长星期三在首都举行会谈，讨论了边境问题和贸易合作，并同意继续对话。记者林一报道。"
HANT = "兩國外長星期三在首都舉行會談，討論了邊境問題和貿易合作，並同意繼續對話。記者林一報導。"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("头条", "zh-Hans"),
        ("頭條", "zh-Hant"),
        ("习近平", "zh-Hans"),
        ("臺灣 2020", "zh-Hant"),
        ("佢哋話咁樣唔得", "zh-Hant"),  # Cantonese
        ("會談「两国举行会谈」，外長說話", "zh-Hant"),  # a quotation in the other form
        ("会谈“兩國舉行會談”，外长说话", "zh-Hans"),
        ("「普京」", "zh-Hant"),
        ("Xi Jinping", "en"),
        ("Les ministres se sont rencontrés hier à Paris pour discuter de la crise en mer. " * 4, "fr"),
        ("Die Minister trafen sich gestern in Berlin, um die Krise zu besprechen und Wege zu finden. " * 4, "de"),
        ("De ministers hebben gisteren in Den Haag gesproken over de crisis, en dat was voor het eerst. " * 4, "nl"),
        ("Министры встретились вчера в столице и обсудили торговлю рыбой. " * 4, "ru"),
        ("Міністри зустрілися вчора в Києві, щоб обговорити кризу й торгівлю. " * 4, "uk"),
        ("两国 " + "ABC " * 2 + HANS, "zh-Hans"),
        ("function go(e) { return e.value; } " * 8 + HANS * 20, "zh-Hans"),
        ("2020-07-17 15:05", "und"),
        ("🙂🙂🙂", "und"),
        ("", "und"),
    ],
)
def test_languages(text: str, expected: str):
    assert language.detect(text) == expected


@pytest.mark.parametrize(
    ("declared", "text", "expected"),
    [
        ("en", HANS, "zh-Hans"),  # the language of a template
        ("zh-Hans", HANT, "zh-Hant"),
        ("zh-Hant", HANS, "zh-Hans"),
        ("zh-Hant", "两国", "zh-Hant"),  # too little to contradict
        ("zh-Hans", "", "zh-Hans"),
        ("fr", "Les ministres à Paris", "fr"),
        ("ja", "外相会談", "ja"),
        ("en", "The ministers met.", "en"),
        (None, HANT, "zh-Hant"),
    ],
)
def test_a_declared_language_counts_unless_the_text_contradicts_it(declared: str | None, text: str, expected: str):
    assert language.settle(declared, text) == expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("zh-yue", "zh-Hant"),
        ("gb2312", "zh-Hans"),
        ("zh_Hans_CN", "zh-Hans"),
        ("Chinese", None),
        ("English", "en"),
        ("pt-BR", "pt-BR"),
    ],
)
def test_tags(tag: str, expected: str | None):
    assert language.normalize(tag) == expected


def test_the_two_forms_share_no_character():
    assert not language.simplified() & language.traditional()
    assert len(language.simplified()) > 2000


@given(st.text(max_size=400))
def test_any_text_has_a_tag(text: str):
    assert language.TAG.fullmatch(language.detect(text))
    assert language.settle("zh-Hans", text).startswith(("zh-Han", "zh"))


def test_long_texts_cost_no_more():
    start = time.perf_counter()
    for text in (HANS * 20_000, "a " * 500_000, "\n" * 1_000_000, "é" * 1_000_000):
        language.detect(text)
    assert time.perf_counter() - start < 2
