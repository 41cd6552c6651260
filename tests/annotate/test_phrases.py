"""Masked texts and noun phrases."""

import pytest
from grammar_tools import mask, named, nouns, plain
from hypothesis import given
from hypothesis import strategies as st

MARKED = "{P甲乙丙}与{L丙丁}的{R总统}{T周一}通了{D一小时}电话。"


def test_every_name_is_one_character() -> None:
    masked = mask(MARKED)
    assert len(masked.text) == len("P与L的RT通了D电话。")
    assert masked.text[1] == "与"
    assert masked.text.endswith("电话。")


def test_positions_lead_back_to_the_text() -> None:
    masked, text = mask(MARKED), plain(MARKED)
    assert text[slice(*masked.source(0, 1))] == "甲乙丙"
    assert text[slice(*masked.source(0, 2))] == "甲乙丙与"
    assert text[slice(*masked.source(1, 3))] == "与丙丁"
    assert text[slice(*masked.source(6, 9))] == "通了一小时"
    assert text[slice(*masked.source(0, len(masked.text)))] == text
    assert masked.source(3, 3) == (6, 6)
    assert masked.source(len(masked.text), len(masked.text)) == (len(text), len(text))


def test_symbols_in_a_range() -> None:
    masked = mask("{P甲乙}{L丙丁}{P戊己}")
    person = masked.text[0]
    assert [spot for spot, _ in masked.between(0, 3, person)] == [0, 2]
    assert [spot for spot, _ in masked.between(1, 3, person)] == [2]
    assert masked.between(1, 2, person) == []


@given(st.lists(st.tuples(st.sampled_from("POLSRTDx"), st.text("甲乙丙丁", min_size=1, max_size=4)), max_size=12))
def test_every_range_leads_back_to_the_text(pieces: list[tuple[str, str]]) -> None:
    marked = "".join(text if kind == "x" else f"{{{kind}{text}}}" for kind, text in pieces)
    masked, text = mask(marked), plain(marked)
    for start in range(len(masked.text)):
        for end in range(start + 1, len(masked.text) + 1):
            first, last = masked.source(start, end)
            assert 0 <= first < last <= len(text)
    assert "".join(text[slice(*masked.source(i, i + 1))] for i in range(len(masked.text))) == text


HEADS = {
    # titles, affiliations and brackets belong to the person
    "{L美国}{R总统}{P甲乙}发言": [("甲乙", "person", "总统", "美国")],
    "{L美国}的{R总统}{P甲乙}发言": [("甲乙", "person", "总统", "美国")],
    "{O外交部}{R发言人}{P甲乙}发言": [("甲乙", "person", "发言人", "外交部")],
    "{L美国}前{R总统}{P甲乙}发言": [("甲乙", "person", "总统", "美国")],
    "{R总统}{P甲乙}{R先生}发言": [("甲乙", "person", "总统+先生", "")],
    "{P甲乙}（生于{L美国}）发言": [("甲乙", "person", "", "")],
    "{R总理}兼{R外长}{P甲乙}发言": [("甲乙", "person", "总理+外长", "")],
    # an office without a person
    "{L美国}{R总统}发言": [("美国", "office", "总统", "")],
    "{O联盟}的{R主席}发言": [("联盟", "office", "主席", "")],
    # adjacent full names run from large to small, adjacent abbreviations are several actors
    "{L美国}{O国会}发言": [("国会", "group", "", "美国")],
    "{S美}{S俄}发言": [("美&俄", "group", "", "")],
    "{L美国}官员发言": [("美国", "group", "", "")],
    "{S俄}方发言": [("俄", "group", "", "")],
    # a person before 的 modifies the person after it
    "{P甲乙}的{R顾问}{P丙丁}发言": [("丙丁", "person", "顾问", "甲乙")],
}


@pytest.mark.parametrize("text", HEADS)
def test_heads(text: str) -> None:
    got = [(named(n), n.kind, "+".join(n.offices), "+".join(a.entity_id for a in n.affiliations)) for n in nouns(text)]
    assert got == HEADS[text]


JOINED = {
    "{P甲乙}和{P丙丁}发言": ["甲乙&丙丁"],
    "{P甲乙}、{P丙丁}以及{P戊己}发言": ["甲乙&丙丁&戊己"],
    "{R总统}{P甲乙}与{R总理}{P丙丁}发言": ["甲乙", "丙丁"],
    "{R总统}{P甲乙}和{L美国}{R国务卿}{P丙丁}发言": ["甲乙&丙丁"],
    "{L美国}和{L俄罗斯}发言": ["美国&俄罗斯"],
    "{P甲乙}，{P丙丁}发言": ["甲乙", "丙丁"],
    "{P甲乙}没有和{P丙丁}见面": ["甲乙", "丙丁"],
}


@pytest.mark.parametrize("text", JOINED)
def test_coordination(text: str) -> None:
    assert [named(n) for n in nouns(text)] == JOINED[text]


GOVERNED = {
    "{P甲乙}与{P丙丁}通话": [None, "with"],
    "{P甲乙}同{R总统}{P丙丁}通话": [None, "with"],
    "{P甲乙}对{L美国}发言": [None, "to"],
    "{P甲乙}向{P丙丁}和{P戊己}致意": [None, "to"],
    "{P甲乙}被{L美国}邀请": [None, "by"],
    "{P甲乙}在{L美国}发言": [None, "at"],
    "{P甲乙}抵达{L美国}": [None, "at"],
    "据{O报社}报道": ["other"],
    # 在 before people or several countries opens a clause
    "在{P甲乙}发言后": [None],
    "在{S美}{S俄}会谈后": [None],
}


@pytest.mark.parametrize("text", GOVERNED)
def test_prepositions(text: str) -> None:
    assert [n.preposition for n in nouns(text)] == GOVERNED[text]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("他发言", "he"), ("双方发言", "pair"), ("两国领导人发言", "pair"), ("我发言", "speaker"), ("该组织发言", "it")],
)
def test_pronouns(text: str, kind: str) -> None:
    assert [n.kind for n in nouns(text)] == [kind]


def test_possessives() -> None:
    first, second = nouns("{P甲乙}的计划让{P丙丁}满意")
    assert (first.possessive, second.possessive) == (True, False)
