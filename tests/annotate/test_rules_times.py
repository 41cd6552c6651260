"""What stands beside a time: an example and a counterexample for every boundary and every joint of the packs' grammars.

The rules themselves have theirs in `times.yaml`; other tests run them.
"""

from collections.abc import Callable, Mapping
from functools import cache

import pytest

from broadsheet.annotate.pack import PACKS
from broadsheet.annotate.times import TimeGrammar, TimeMatch
from broadsheet.schema.strict_yaml import read_yaml

LANGUAGES = ("en", "zh")


@cache
def grammar(language: str) -> TimeGrammar:
    return TimeGrammar.load(PACKS / language)


@cache
def ids(language: str, section: str) -> frozenset[str]:
    value = read_yaml(PACKS / language / "times.yaml").value[section]
    return frozenset(value if isinstance(value, Mapping) else (entry["id"] for entry in value))


def first(language: str, text: str) -> TimeMatch:
    return grammar(language).find(text)[0]


# By boundary: a text that it opens, how, and one where the same words open nothing.
BOUNDARIES = {
    ("zh", "before"): ("工程在5月20日之前完成", "before", "2014年之前的边界"),
    ("zh", "before-bare"): ("工程在5月20日前完成", "before", "他5月20日前往巴黎"),
    ("zh", "until-now"): ("今年以来雨很多", "until_now", "今年春天雨很多"),
    ("zh", "since"): ("自2024年以来雨很多", "after", "2024年开始下雨"),
    ("zh", "from"): ("2024年起雨很多", "after", "2024年起诉了他"),
    ("zh", "after"): ("2024年之后雨很多", "after", "2024年之后的雨"),
    ("zh", "after-bare"): ("2024年后雨很多", "after", "2024年后期雨很多"),
    ("en", "since"): ("It has rained since 2019.", "after", "It rained in 2019."),
}


def test_every_boundary_has_an_example_and_a_counterexample() -> None:
    assert set(BOUNDARIES) == {(language, name) for language in LANGUAGES for name in ids(language, "boundaries")}


@pytest.mark.parametrize(("language", "name"), BOUNDARIES)
def test_boundary(language: str, name: str) -> None:
    like, effect, unlike = BOUNDARIES[language, name]
    assert first(language, like).boundary == effect
    assert first(language, unlike).boundary is None


def whole(match: TimeMatch) -> str:
    return match.text


def vague(match: TimeMatch) -> bool:
    return match.approximate


# By joint: what is looked at, a text with what it gives, and one where the same words join nothing.
JOINTS: dict[tuple[str, str], tuple[Callable[[TimeMatch], object], tuple[str, object], tuple[str, object]]] = {
    ("zh", "about_before"): (vague, ("雨下了近90分钟", True), ("附近90分钟车程", False)),
    ("zh", "about_after"): (vague, ("雨下了90分钟左右", True), ("90分钟上下班", False)),
    ("zh", "clock"): (whole, ("雨5月12日上午10时下", "5月12日上午10时"), ("5月12日晚会很长", "5月12日")),
    ("zh", "range"): (whole, ("雨5月30日到6月2日下", "5月30日到6月2日"), ("5月30日到场的人", "5月30日")),
    ("zh", "both"): (whole, ("他5月12日和5月14日都来", "5月12日和5月14日"), ("5月12日和他谈", "5月12日")),
    ("zh", "beside"): (whole, ("雨周三5月14日下", "周三5月14日"), ("周三雨停，5月14日晴", "周三")),
    ("zh", "bracket_open"): (whole, ("雨周三(即5月14日)下", "周三(即5月14日)"), ("周三[5月14日]下", "周三")),
    ("zh", "bracket_close"): (whole, ("雨周三（5月14日）下", "周三（5月14日）"), ("周三（5月14日雨停）", "周三")),
    ("en", "about_before"): (vague, ("It rained for about 90 minutes.", True), ("It rained for 90 minutes.", False)),
    ("en", "about_after"): (vague, ("It rained for 90 minutes or so.", True), ("90 minutes or sometimes more", False)),
    ("en", "clock"): (whole, ("It rained on Monday morning.", "Monday morning"), ("a Monday morningstar", "Monday")),
    ("en", "range"): (whole, ("It rained May 12 to May 14.", "May 12 to May 14"), ("from May 12 to war", "May 12")),
    ("en", "both"): (whole, ("It rained on May 12 and May 14.", "May 12 and May 14"), ("May 12 and later", "May 12")),
    ("en", "beside"): (whole, ("It rained Monday, May 12.", "Monday, May 12"), ("Monday; May 12 was dry.", "Monday")),
    ("en", "bracket_open"): (whole, ("on Monday (May 12) it rained", "Monday (May 12)"), ("Monday [May 12]", "Monday")),
    ("en", "bracket_close"): (whole, ("Monday (May 12), rain", "Monday (May 12)"), ("Monday (May 12, rain)", "Monday")),
}  # fmt: skip


def test_every_joint_has_an_example_and_a_counterexample() -> None:
    assert set(JOINTS) == {(language, name) for language in LANGUAGES for name in ids(language, "glue")}


@pytest.mark.parametrize(("language", "name"), JOINTS)
def test_joint(language: str, name: str) -> None:
    view, (like, joined), (unlike, single) = JOINTS[language, name]
    assert view(first(language, like)) == joined
    assert view(first(language, unlike)) == single


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_has_an_example_and_a_counterexample(language: str) -> None:
    examples = grammar(language).lexicon.examples
    assert set(examples) == ids(language, "rules")
    assert [rule for rule, (like, unlike) in examples.items() if not like or not unlike] == []
