"""What is looked for first must never hide a match."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.annotate.prefilter import Patterns, Scan, needed_words
from broadsheet.patterns import first_words

PATTERNS = [
    "会(?:晤|谈)",
    "(?<!不)同意(?!书)",
    "打(?:了|来)?(?:一|个)*电话",
    "(?P<a>今|昨)天|(?:大?)后天",
    "[一二三]{1,3}月",
    "访(?=问)|赴",
]
UNCERTAIN = ["[^会]{0,3}电话", "(?<=他)(?=会)", ".谈", "会*"]
TEXTS = st.text(alphabet="会晤谈不同意书打了来一个电话今昨天大后二三月访问赴x", max_size=30)


@pytest.mark.parametrize("pattern", PATTERNS)
@given(TEXTS)
def test_a_scan_finds_what_the_pattern_finds(pattern: str, text: str) -> None:
    plain = re.compile(pattern)
    assert [m.span() for m in Scan(plain).finditer(text)] == [m.span() for m in plain.finditer(text)]
    assert [m.span() for m in Scan(plain).finditer(text, 2, 9)] == [m.span() for m in plain.finditer(text, 2, 9)]


@pytest.mark.parametrize("pattern", PATTERNS)
@given(TEXTS)
def test_a_scan_finds_in_ranges_what_the_pattern_finds_there(pattern: str, text: str) -> None:
    plain = re.compile(pattern)
    ranges = [(0, 4), (4, 9), (11, 20)]
    spans = [m.span() for low, high in ranges for m in plain.finditer(text, low, high)]
    assert [m.span() for m in Scan(plain).between(text, ranges)] == spans


@pytest.mark.parametrize("longest", [1, 2, 3, 8])
@pytest.mark.parametrize("pattern", PATTERNS)
@given(TEXTS)
def test_every_match_begins_with_a_first_word(longest: int, pattern: str, text: str) -> None:
    words = first_words(pattern, longest=longest)
    assert words is not None
    assert all(m.group().startswith(tuple(words)) for m in re.finditer(pattern, text))


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("会(?:晤|谈)", {"会晤", "会谈"}),
        ("(?:国家)?主席", {"国家主", "主席"}),
        ("总统(?:府|$)", {"总统"}),
        ("[0-2]{1,2}月", {"0", "1", "2"}),
        ("今(?=天)天", {"今天"}),
        ("达成[^，]{0,4}协议", {"达成"}),
        ("(?!)", set()),
    ],
)
def test_the_first_words_of_a_pattern(pattern: str, words: set[str]) -> None:
    assert first_words(pattern, longest=3) == words


def test_white_space_and_remarks_of_a_verbose_pattern_begin_nothing() -> None:
    assert first_words("  会 谈  # talks", re.VERBOSE, longest=3) == {"会谈"}


@given(TEXTS)
def test_many_patterns_find_what_each_finds(text: str) -> None:
    plain = [re.compile(pattern) for pattern in [*PATTERNS, *UNCERTAIN]]
    found = [(number, match.span()) for number, pattern in enumerate(plain) for match in pattern.finditer(text)]
    assert [(number, match.span()) for number, match in Patterns(plain).finditer(text)] == found


def test_the_words_a_pattern_needs() -> None:
    assert needed_words("会(?:晤|谈)") == {"会晤", "会谈"}
    assert needed_words("达成[^，。]{0,14}?(?:协议|共识)") == {"达成"}
    assert needed_words("(?:停火)?(?:协议|协定)") == {"停火协议", "停火协定", "协议", "协定"}
    assert needed_words("(?:明确|还)*表示") == {"表示"}
    assert needed_words("[^，]{2}") == frozenset()
    assert needed_words("(?i)summit") == frozenset()


@pytest.mark.parametrize("pattern", [".会", "[^会]谈", "会*", "\\d月"])
def test_a_scan_refuses_a_pattern_whose_beginning_is_not_certain(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"begin|stand|spelled"):
        Scan(re.compile(pattern))
