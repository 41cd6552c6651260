"""What is looked for first must never hide a match."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.annotate.prefilter import Prefilter, Scan, needed_words

PATTERNS = [
    "会(?:晤|谈)",
    "(?<!不)同意(?!书)",
    "打(?:了|来)?(?:一|个)*电话",
    "(?P<a>今|昨)天|(?:大?)后天",
    "[一二三]{1,3}月",
    "访(?=问)|赴",
]
TEXTS = st.text(alphabet="会晤谈不同意书打了来一个电话今昨天大后二三月访问赴x", max_size=30)


@pytest.mark.parametrize("pattern", PATTERNS)
@given(TEXTS)
def test_a_scan_finds_what_the_pattern_finds(pattern: str, text: str) -> None:
    plain = re.compile(pattern)
    assert [m.span() for m in Scan(plain).finditer(text)] == [m.span() for m in plain.finditer(text)]
    assert [m.span() for m in Scan(plain).finditer(text, 2, 9)] == [m.span() for m in plain.finditer(text, 2, 9)]


@given(TEXTS)
def test_no_pattern_that_matches_is_left_out(text: str) -> None:
    candidates = Prefilter(PATTERNS).candidates(text)
    assert {number for number, pattern in enumerate(PATTERNS) if re.search(pattern, text)} <= set(candidates)


def test_the_words_a_pattern_needs() -> None:
    assert needed_words("会(?:晤|谈)") == {"会晤", "会谈"}
    assert needed_words("达成[^，。]{0,14}?(?:协议|共识)") == {"达成"}
    assert needed_words("(?:停火)?(?:协议|协定)") == {"停火协议", "停火协定", "协议", "协定"}
    assert needed_words("(?:明确|还)*表示") == {"表示"}
    assert needed_words("[^，]{2}") == frozenset()
    assert needed_words("(?i)summit") == frozenset()


def test_patterns_without_words_are_always_tried() -> None:
    assert Prefilter(["[^，]", "电话"]).candidates("会") == [0]


@pytest.mark.parametrize("pattern", [".会", "[^会]谈", "会*", "\\d月"])
def test_a_scan_refuses_a_pattern_whose_beginning_is_not_certain(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"begin|stand|spelled"):
        Scan(re.compile(pattern))
