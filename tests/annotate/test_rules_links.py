"""What a name means: by the office in force, the full name, the Latin name behind it, the words beside it.

Every rule has an example and a counterexample, written for these tests; tests over the pack's own lists say the same of
each of their rows. Whom an office meant on a day is looked up in no list: presidents of France are well known.
"""

import csv
from functools import lru_cache

import pytest
from annotate_tools import annotator, found, only_mention, read, reports, who

from broadsheet.annotate import Annotation

PACK = annotator().pack("zh")
assert PACK
FOLDER = PACK.folder


@pytest.mark.parametrize(
    ("text", "published", "parties"),
    [
        # who held the office on the article's day
        ("法国总统昨天会见德国总理。", "2025-05-14", {"per/emmanuel-macron", "per/friedrich-merz"}),
        ("法国总统昨天会见德国总理。", "2010-05-14", {"per/nicolas-sarkozy", "per/angela-merkel"}),
        ("法國總統昨天會見德國總理。", "2010-05-14", {"per/nicolas-sarkozy", "per/angela-merkel"}),
        # one word is another office in another country
        ("中国总理昨天会见英国首相。", "2025-05-14", {"per/li-qiang", "per/keir-starmer"}),
        # without a day, or on one nobody is known for, the country acts
        ("法国总统昨天会见德国总理。", None, {"loc/france", "loc/germany"}),
        ("法国总统昨天会见德国总理。", "1901-05-14", {"loc/france", "loc/germany"}),
        # an office that many hold at once means nobody
        ("法国议员昨天会见德国总理。", "2025-05-14", {"loc/france", "per/friedrich-merz"}),
    ],
)
def test_an_office_means_who_holds_it_on_the_day(text: str, published: str | None, parties: set[str]) -> None:
    (report,) = reports(text, published=published)
    assert set(who(report)) == parties


@pytest.mark.parametrize(
    ("text", "published", "entity"),
    [
        # in office on the day
        ("亚当斯没有来。", "2025-05-14", "per/eric-adams"),
        ("亚当斯没有来。", "2010-05-14", "per/gerry-adams"),
        # the office before the name goes before the day
        ("市长亚当斯没有来。", "2010-05-14", "per/eric-adams"),
        ("防长伊万诺夫走了。", "2005-05-14", "per/sergei-ivanov"),
        ("外长伊万诺夫走了。", "2003-05-14", "per/igor-ivanov"),
    ],
)
def test_a_shared_name_means_who_holds_or_held_the_office(text: str, published: str, entity: str) -> None:
    (mention,) = read(text, published=published).mentions
    assert mention.entity_id == entity
    assert mention.confidence < 1


@pytest.mark.parametrize(
    ("text", "names"),
    [
        # one sense per document: the full name decides, wherever it stands
        ("伊戈尔·伊万诺夫来了。伊万诺夫走了。", ["per/igor-ivanov", "per/igor-ivanov"]),
        ("谢尔盖·伊万诺夫来了。伊万诺夫走了。", ["per/sergei-ivanov", "per/sergei-ivanov"]),
        ("伊万诺夫走了。伊戈尔·伊万诺夫来了。", ["per/igor-ivanov", "per/igor-ivanov"]),
        ("小布什来了。布什走了。", ["per/george-w-bush", "per/george-w-bush"]),
        ("伊万卡·特朗普来了。伊万卡走了。", ["per/ivanka-trump", "per/ivanka-trump"]),
        # without it, a name that many bear is nobody's
        ("伊万诺夫走了。", []),
        ("伊万卡来了。", []),
        # and it is not the full name of another
        ("梅拉尼娅·特朗普来了。", ["per/melania-trump"]),
    ],
)
def test_a_full_name_decides_for_its_document(text: str, names: list[str]) -> None:
    assert [entity for _, entity in found(text)] == names


def test_what_one_document_decides_another_does_not() -> None:
    assert found("伊戈尔·伊万诺夫来了。")
    assert found("伊万诺夫走了。") == []


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        # the Latin name is known
        ("塔维·雷哈努（Sergei Ryabkov）来了。", "per/sergei-ryabkov"),
        ("雷哈努（Sergei Ryabkov）来了。", "per/sergei-ryabkov"),
        # it is not
        ("塔维·雷哈努（Tavi Rehanu）来了。", "per/x"),
        # in brackets, but no name of a person
        ("塔维·雷哈努（Ministry）来了。", "per/x"),
    ],
)
def test_a_latin_name_in_brackets_says_who_it_is(text: str, entity: str) -> None:
    assert found(text)[0][1] == entity


def test_the_latin_name_counts_for_what_follows() -> None:
    assert found("雷哈努（Sergei Ryabkov）来了。雷哈努走了。")[-1] == ("雷哈努", "per/sergei-ryabkov")
    assert found("雷哈努走了。") == []


def test_spellings_of_one_given_name_are_one_person_and_other_given_names_are_not() -> None:
    assert only_mention("谢尔盖·拉夫罗夫来了。").entity_id == "per/sergey-lavrov"
    assert only_mention("塔维·拉夫罗夫来了。").entity_id.startswith("per/x-")


def test_an_office_behind_a_name_vouches_for_it_if_its_bearer_held_it() -> None:
    assert found("哈珀总理很忙。") == [("哈珀", "per/stephen-harper")]
    assert found("哈珀部长很忙。") == []
    assert found("哈珀很忙。") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("X平台很慢。", [("X", "org/x")]),
        ("X很慢。", []),
        ("X射线很强。", []),
    ],
)
def test_a_name_that_is_a_letter_needs_a_word_beside_it(text: str, names: list[tuple[str, str]]) -> None:
    assert [(m.surface, m.entity_id) for m in read(text).mentions] == names


# ---- every row of the lists


@lru_cache(maxsize=1)
def ambiguous() -> list[dict[str, str]]:
    with (FOLDER / "authority" / "ambiguous_persons.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def entities(text: str) -> set[str]:
    return {mention.entity_id for mention in read(text).mentions}


def test_every_name_that_needs_an_office_or_the_full_name_counts_with_it_and_not_alone() -> None:
    wrong = []
    for row in ambiguous():
        ids = {f"per/{slug}" for slug in row["ids"].split("|")}
        if row["rule"] in {"needs-title", "full-name-first"}:
            alone, titled = entities(f"{row['alias']}表示满意。"), entities(f"总统{row['alias']}表示满意。")
            wrong += [row["alias"]] if alone & ids or not titled & ids else []
    assert wrong == []


def test_every_name_that_several_bear_counts_and_means_one_of_them() -> None:
    wrong = []
    for row in ambiguous():
        ids = {f"per/{slug}" for slug in row["ids"].split("|")}
        if row["rule"] == "role-in-force" and len(entities(f"{row['alias']}很好。") & ids) != 1:
            wrong.append(row["alias"])
    assert wrong == []


def lines(name: str) -> list[str]:
    text = (FOLDER / "lexicon" / name).read_text(encoding="utf-8")
    return [line for line in text.split("\n") if line and not line.startswith("#")]


def aliases(result: Annotation) -> list[str]:
    return [mention.surface for mention in result.mentions if mention.rule == "alias"]


def test_no_shield_is_a_name() -> None:
    assert {word: names for word in lines("shields.txt") if (names := aliases(read(f"{word}。")))} == {}


def test_after_an_office_no_word_of_the_list_is_a_new_name() -> None:
    def new(word: str) -> list[str]:
        return [m.surface for m in read(f"总统{word}。").mentions if m.rule.startswith("office-")]

    assert {word: names for word in PACK.names["not_names"] if (names := new(word))} == {}


def test_in_no_word_of_the_list_a_country_is_abbreviated() -> None:
    def short(word: str) -> list[str]:
        return [m.surface for m in read(f"{word}。").mentions if m.rule.startswith("abbreviation")]

    words = [word for word in PACK.grammar["compounds"]["not_inside"] if word.isalpha()]
    assert len(words) > 100
    assert {word: names for word in words if (names := short(word))} == {}


def test_every_abbreviation_of_a_country_counts_before_its_minister() -> None:
    single = {short: entity for short, entity in PACK.abbreviations.items() if len(short) == 1}
    assert len(single) > 30
    assert [short for short, entity in sorted(single.items()) if entity not in entities(f"{short}外长没有回答。")] == []
