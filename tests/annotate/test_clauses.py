"""Clauses, and what a name does in one."""

import pytest
from grammar_tools import grammar, mask, named, phrases

from broadsheet.annotate.clauses import ClauseReader, Functions

READER = ClauseReader(grammar(), lambda name: not name.endswith("市"))


def clauses(marked: str) -> list[tuple[str, int]]:
    masked = mask(marked)
    return [(masked.text[c.start : c.end], c.sentence) for c in READER.clauses(masked)]


def test_clauses_and_sentences() -> None:
    assert clauses("今天下雨，明天晴。后天：阴！") == [("今天下雨", 0), ("明天晴", 0), ("后天", 1), ("阴", 1)]
    assert clauses("一；二？三\n四") == [("一", 0), ("二", 1), ("三", 2), ("四", 3)]


def test_punctuation_alone_makes_no_clause() -> None:
    assert clauses("，。！？") == []
    assert clauses("") == []


def functions(marked: str, trigger: str, *, noun_like: bool = False) -> Functions:
    """What the names of a sentence of one clause do towards a word of it."""
    masked = mask(marked)
    (clause,) = READER.clauses(masked)
    inside = [n for n in phrases().nouns(masked) if clause.start <= n.start < clause.end]
    start = masked.text.index(trigger)
    return READER.functions(masked, inside, (start, start + len(trigger)), noun_like)


SUBJECTS = {
    ("{P甲乙}{T周一}发言", "发言"): "甲乙",
    ("{T周一}{P甲乙}和{P丙丁}发言", "发言"): "甲乙&丙丁",
    ("{P甲乙}与{P丙丁}通话", "通话"): "甲乙",
    ("{P甲乙}在{L丙丁}发言", "发言"): "甲乙",
    ("{P甲乙}的计划被{P丙丁}批评", "批评"): "",
    ("据{O报社}报道{P甲乙}发言", "发言"): "甲乙",
    ("{P甲乙}会见{P丙丁}并发言", "发言"): "甲乙",
    ("{P甲乙}批评{P丙丁}后发言", "发言"): "甲乙",
    ("{P甲乙}说{P丙丁}发言", "发言"): "丙丁",
    ("下雨后发言", "发言"): "",
    # a place that cannot act is no subject
    ("{L甲乙市}{P丙丁}发言", "发言"): "丙丁",
    ("{L甲乙市}下雨", "下雨"): "",
}


@pytest.mark.parametrize(("text", "trigger"), SUBJECTS)
def test_subject(text: str, trigger: str) -> None:
    assert named(functions(text, trigger).subject) == SUBJECTS[text, trigger]


def test_partners_addressees_agents_and_places() -> None:
    told = functions("{P甲乙}在{L丙市}与{P戊己}向{L庚辛}被{O壬癸}通话", "通话")
    assert [named(n) for n in told.partners] == ["戊己"]
    assert [named(n) for n in told.addressees] == ["庚辛"]
    assert [named(n) for n in told.agents] == ["壬癸"]
    assert [named(n) for n in told.places] == ["丙市"]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("{P甲乙}批评{P丙丁}", "丙丁"),
        ("{P甲乙}批评了{L丙丁}的做法", "丙丁"),
        ("{P甲乙}批评这项由许多国家提出的主张是{L丙丁}的", ""),
        ("{P甲乙}批评在{L丙丁}的做法", ""),
        ("{P甲乙}批评", ""),
    ],
)
def test_object(text: str, who: str) -> None:
    assert named(functions(text, "批评").object) == who


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("{S美}{S俄}会谈", "美&俄"),
        ("{L美国}和{L俄罗斯}的会谈", "美国&俄罗斯"),
        ("{L美国}和{L俄罗斯}{D一小时}会谈", "美国&俄罗斯"),
        ("{L美国}和{L俄罗斯}{T周一}会谈", ""),
        ("{L美国}十分期待下一次会谈", ""),
    ],
)
def test_compound(text: str, who: str) -> None:
    assert named(functions(text, "会谈", noun_like=True).compound) == who


def test_between() -> None:
    assert named(functions("{L美国}和{L俄罗斯}之间会谈", "会谈", noun_like=True).between) == "美国&俄罗斯"


def test_a_clause_that_only_says_when() -> None:
    masked = mask("会见{P甲乙}后，{P丙丁}发言。")
    first, second = READER.clauses(masked)
    assert READER.subordinate(masked, first)
    assert not READER.subordinate(masked, second)
