"""The sieve of rules: it may only leave out what does not hold."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.document import SourceText
from broadsheet.findings import BroadsheetError
from broadsheet.parse.bodies.nodes import ROOT, Inline, Node
from broadsheet.parse.publishers.assign import holds, reads
from broadsheet.parse.publishers.load import load, profiles
from broadsheet.parse.publishers.model import Condition, Profile, Rule
from broadsheet.parse.publishers.sieve import MOST_KEPT, Sieve, firsts_of

WORDS = (
    "作者：林一", "（完）", "记者林一摄", "编译 林一", "©", "2020-07-01", "订阅或登录", "By Ann Example", "翻译：",
    "图片版权", "Post tags:", "====", "责编", "新华社某地1日电（记者林一）", "……", "END", "。", " ", "广告", "原标题：",
    "a", "|", "港口",
)  # fmt: skip
TAGS = ("p", "div", "li", "footer", "nav", "figure", "address", "h2", "aside", "blockquote", "span")
CLASSES = (
    "",
    "caption",
    "t-copyright",
    "Attribution_content",
    "story-lead",
    "off-screen",
    "o-ads",
    "wp-embedded-content",
)
SIEVES = [
    (profile, sieve)
    for profile in profiles().values()
    for layout in profile.layouts
    for sieve in (layout.rules.head, layout.rules.any, layout.rules.tail)
]

ANCHORED = sorted({r.when.matches.pattern for _, s in SIEVES for r in s.rules if r.when.matches and r.when.anchored})
FIRSTS = {pattern: firsts_of(pattern) for pattern in ANCHORED}


@st.composite
def nodes(draw: st.DrawFn) -> list[Node]:
    """Two neighbors: what stands before a node counts too."""
    made = []
    for _ in range(2):
        element = ROOT
        for tag in draw(st.lists(st.sampled_from(TAGS), max_size=3)):
            element = element.child(tag, f'class="{draw(st.sampled_from(CLASSES))}"')
        text = "".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4))).strip()
        marks = draw(st.frozensets(st.sampled_from(("a", "em", "strong", "small", "time")), max_size=2))
        inlines = (Inline("a", 0, len(text), "https://www.rfa.org/mandarin/1.html"),) if "a" in marks else ()
        kind = draw(st.sampled_from(("paragraph", "heading", "caption", "image")))
        made.append(Node(kind, SourceText.verbatim(text or "x"), element, inlines, marks))
    return made


@settings(deadline=None)
@given(nodes())
def test_the_sieve_keeps_every_rule_that_holds(made: list[Node]):
    for profile, sieve in SIEVES:
        kept = [r for r in sieve.candidates(made[1], made[0].kind) if reads(r.when, made, 1, profile)]
        held = [r for r in sieve.rules if holds(r.when, made, 1, profile)]
        assert kept[:1] == held[:1]


def sieve_of(*conditions: Condition) -> Sieve:
    return Sieve([Rule(f"made.any.{n}", "note", when) for n, when in enumerate(conditions)])


def candidates(sieve: Sieve, text: str) -> Sequence[str]:
    return [rule.id for rule in sieve.candidates(Node("paragraph", SourceText.verbatim(text), ROOT.child("p", "")), "")]


def test_a_text_without_the_words_meets_no_pattern():
    sieve = sieve_of(Condition(re.compile("(?:a|b)摄$"), has=("摄",)), Condition(re.compile("^注："), anchored=True))
    assert candidates(sieve, "没有图片") == []
    assert candidates(sieve, "a摄") == ["made.any.0"]
    assert candidates(sieve, "注：某") == ["made.any.1"]
    assert candidates(sieve, "注：某摄") == ["made.any.0", "made.any.1"]


def test_a_rule_is_not_tried_on_longer_texts():
    sieve = sieve_of(Condition(re.compile("^注"), max=3, anchored=True), Condition(inside=frozenset({"p"}), max=5))
    assert candidates(sieve, "注意到") == ["made.any.0", "made.any.1"]
    assert candidates(sieve, "注意到了") == ["made.any.1"]
    assert candidates(sieve, "注意到了这件事") == []


def test_a_text_meets_the_patterns_that_may_begin_like_it():
    sieve = sieve_of(
        Condition(re.compile("(?i)^END$")),
        Condition(re.compile("^(?P<authors>某|林)"), anchored=True),
        Condition(re.compile(r"^\d"), anchored=True),
    )
    assert candidates(sieve, "林一") == ["made.any.0", "made.any.1", "made.any.2"]
    assert candidates(sieve, "end") == ["made.any.0", "made.any.2"]


def test_what_a_sieve_remembers_is_bounded():
    sieve = sieve_of(Condition(classes=re.compile("caption")))
    for number in range(MOST_KEPT + 10):
        element = ROOT.child(f"x{number}", f'class="c{number}"')
        sieve.candidates(Node("paragraph", SourceText.verbatim("a"), element), "")
    assert max(len(sieve._marked), len(sieve._kept), len(sieve._placed)) <= MOST_KEPT


@pytest.mark.parametrize("pattern", ["^注|附", "^(?:a)|b", "^[|]|b"])
def test_a_pattern_that_begins_at_the_start_does_so_in_all_its_branches(tmp_path, pattern: str):
    file = tmp_path / "made.yaml"
    file.write_text(f"id: made\nname: x\nhead: [{{role: note, matches: '{pattern}'}}]\nlayouts: [{{id: a}}]\n")
    with pytest.raises(BroadsheetError, match="branch"):
        load(file, None)


@pytest.mark.parametrize("pattern", ["^(?:注|附)", "^[|]a", r"^a\|b", "^(?:a(?:b|c)|d)[)|]"])
def test_branches_inside_brackets_are_no_branches(tmp_path, pattern: str):
    file = tmp_path / "made.yaml"
    file.write_text(f"id: made\nname: x\nhead: [{{role: note, matches: '{pattern}'}}]\nlayouts: [{{id: a}}]\n")
    profile: Profile = load(file, None)
    assert profile.layouts[0].rules.head.rules[0].when.anchored


@pytest.mark.parametrize(
    ("pattern", "firsts"),
    [
        ("^abc", "a"),
        ("^(?:注|附)录", "注附"),
        ("^[（(]?(?:作者|文)", "（(作文"),
        (r"^\s*[*·]{0,3}END", "*·E"),
        (r"^(?P<authors>a|b)?\.", "ab."),
        ("^[a-c]+x|^y", None),
        ("^(?:a|b*)c", "abc"),
        (r"^\[(?:a)", "["),
        ("^[]x]y", "]x"),
        ("^a{2,3}b", "a"),
        ("^a{0,3}?b", "ab"),
        ("^(?!x)ab", "a"),
        ("^(?:a|)b", "ab"),
        ("^a?", None),
        ("^.a", None),
        (r"^\d+", None),
        ("^[^a]b", None),
        (r"^[\u4e00-\u9fff]x", None),
        ("abc", None),
    ],
)
def test_the_first_characters_of_a_pattern(pattern: str, firsts: str | None):
    found = firsts_of(pattern)
    assert found == (None if firsts is None else frozenset(firsts))


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map("".join).map(str.strip).filter(bool))
def test_a_text_that_matches_begins_with_a_first_character(text: str):
    for pattern, firsts in FIRSTS.items():
        assert firsts is None or text[0] in firsts or not re.match(pattern, text)


def test_what_is_searched_for_in_any_long_text_names_the_words_it_needs():
    searched = [(r.id, r.when) for _, sieve in SIEVES for r in sieve.rules if r.when.matches and not r.when.anchored]
    anywhere = [
        (name, when) for name, when in searched if not (when.after or when.inside or when.marks or when.classes)
    ]
    assert sorted({name for name, when in anywhere if (when.max or 1000) > 100 and not when.has}) == []
