"""What holds for any text made of the pieces that rules look at, in any order, with anything between them."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest
from annotate_tools import annotator, article
from bad_texts import INSTRUCTIONS, MARKS
from frame_examples import COUNTER_EXAMPLES, EXAMPLES
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from opencc import OpenCC
from test_bad_texts import assert_valid

from broadsheet.annotate import Annotation, Annotator
from broadsheet.annotate.pack import Pack
from broadsheet.document import Article

# Every so many names of the lists; enough of each kind, and quickly drawn.
EVERY = 41
PUBLISHED = ["2025-05-14", "2024-02-29", "1989-06-05", "0001-01-01", "9999-12-31", None]
SCRIPTS = ("s2t", "s2tw", "s2hk")


def pack(language: str) -> Pack:
    found = annotator().pack(language)
    assert found
    return found


@lru_cache(maxsize=1)
def spare() -> Annotator:
    """Another annotator, which reads the same articles in another order."""
    return Annotator.load()


def words(value: Any) -> list[str]:
    """The plain words of a part of a grammar; patterns are left out."""
    if isinstance(value, str):
        return [value] if value.isalpha() else []
    parts = value.values() if isinstance(value, dict) else value
    return [word for part in parts for word in words(part)]


@lru_cache(maxsize=2)
def pieces(language: str) -> list[list[str]]:
    """Names, words for offices, times, function words and sentences of the examples of a pack."""
    read = pack(language)
    names = [name for authority in read.authorities[::EVERY] for name in authority.names[:2]]
    times = [text for like, unlike in read.times.lexicon.examples.values() for text in (*like, *unlike)]
    keys = ("prepositions", "pronouns", "groups", "modifiers", "coordination", "subordinate", "denials", "anaphors")
    functions = [word for key in keys for word in words(read.grammar[key])]
    told = [example.text for example in EXAMPLES] + list(COUNTER_EXAMPLES.values())
    return [
        names,
        sorted(read.role_of),
        times,
        functions,
        told if language == "zh" else [text.lower() for text in names],
    ]


ODD = st.sampled_from(sorted(MARKS.values()))
SIGNS = st.sampled_from(list("，。：；！？、·“”‘’「」『』（）()《》[]{}.,:;\"'\n \u3000") + INSTRUCTIONS[:2])
CHARACTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=3)


def texts(language: str, *more: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Pieces of a pack and other text, side by side."""
    drawn = [st.sampled_from(kind) for kind in pieces(language)]
    separator = " " if language == "en" else ""
    return st.lists(st.one_of(*drawn, SIGNS, *more), max_size=14).map(separator.join)


def articles(language: str, *more: st.SearchStrategy[str]) -> st.SearchStrategy[Article]:
    text = texts(language, *more)
    return st.builds(
        lambda paragraphs, title, day: article(*paragraphs, title=title, published=day, language=language),
        st.lists(text, max_size=3),
        text | st.none(),
        st.sampled_from(PUBLISHED),
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_any_article_is_valid(language: str) -> None:
    @settings(max_examples=120, deadline=None)
    @given(articles(language, ODD, CHARACTERS))
    def check(drawn: Article) -> None:
        assert_valid(drawn, annotator().annotate(drawn))

    check()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_read_before_makes_no_difference(language: str) -> None:
    @settings(max_examples=40, deadline=None)
    @given(st.lists(articles(language, ODD), min_size=1, max_size=3))
    def check(drawn: list[Article]) -> None:
        forwards = [annotator().annotate(one) for one in drawn]
        assert [annotator().annotate(one) for one in drawn] == forwards
        assert [spare().annotate(one) for one in reversed(drawn)] == forwards[::-1]

    check()


def claims(result: Annotation) -> tuple[Sequence[object], ...]:
    """An annotation without what is cut from the text, or made of it."""
    ids: dict[str, int] = {}

    def unseen(entity: str | None) -> object:
        """Entities no list has are told by their first place: their ids are made of their names."""
        return ids.setdefault(entity, len(ids)) if entity and "/x-" in entity else entity

    mentions = [(m.field, m.start, m.end, m.type, unseen(m.entity_id), m.rule, m.confidence) for m in result.mentions]
    reports = [
        replace(
            report,
            trigger="",
            date_text=None if report.date_text is None else "",
            participants=tuple((str(unseen(entity)), role) for entity, role in report.participants),
            place_id=str(unseen(report.place_id)),
            speaker_id=str(unseen(report.speaker_id)),
        )
        for report in result.reports
    ]
    return mentions, reports


@pytest.mark.parametrize("script", SCRIPTS)
def test_simplified_and_traditional_spelling_tell_the_same(script: str) -> None:
    simplify, convert = OpenCC("t2s").convert, OpenCC(script).convert

    @settings(max_examples=60, deadline=None)
    @given(articles("zh"))
    def check(drawn: Article) -> None:
        title = simplify(drawn.title.text) if drawn.title else None
        simple = article(*(simplify(block.text.text) for block in drawn.blocks), title=title)
        other = [convert(block.text.text) for block in simple.blocks]
        heading = None if title is None else convert(title)
        lengths = [len(block.text.text) for block in simple.blocks]
        assume(lengths == [len(text) for text in other] and len(heading or "") == len(title or ""))
        traditional = article(*other, title=heading, language="zh-Hant")
        assert claims(annotator().annotate(traditional)) == claims(annotator().annotate(simple))

    check()


# Simplified characters that OpenCC does not give back once it has made them Traditional; no rule needs them.
NOT_GIVEN_BACK = {"s2t": set("馀昵"), "s2tw": set("馀昵"), "s2hk": set("馀昵")}


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_character_the_rules_are_written_with_is_folded_from_its_other_spellings(script: str) -> None:
    read, convert = pack("zh"), OpenCC(script).convert
    files = [*read.folder.glob("*.yaml"), *read.folder.glob("frames/*.yaml"), *read.folder.glob("lexicon/*")]
    written = {c for file in files for c in file.read_text(encoding="utf-8") if "\u3400" <= c <= "\u9fff"}
    # Notes and the fold of the time grammar itself hold Traditional characters.
    simplified = {c for c in written if read.fold(c) == c}
    lost = {c for c in simplified if len(convert(c)) == 1 and read.fold(convert(c)) != c}
    assert lost <= NOT_GIVEN_BACK[script]


@pytest.mark.parametrize(
    ("text", "simplified"),
    [
        ("隨著時間過去", "随着时间过去"),
        ("衞生部長與啟德機場", "卫生部长与启德机场"),
        ("羣眾、峯會、綫路、説明", "群众、峰会、线路、说明"),
        ("著名", "着名"),
        ("什麼，什么", "什么，什么"),
    ],
)
def test_spellings_of_hong_kong_and_taiwan_are_folded(text: str, simplified: str) -> None:
    assert pack("zh").fold(text) == simplified
