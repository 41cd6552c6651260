"""Four times the text takes about four times as long, whatever the text is."""

import time
from collections.abc import Iterable
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest
from annotate_tools import annotator, article

from broadsheet.document import Article
from broadsheet.patterns import REPEATS

SHORT, TIMES = 5_000, 4
MOST = 8.0
"""Of what is quadratic, four times as much takes sixteen times as long."""

ZH = "外交部发言人5月12日在北京说，中国总理李强下周访问德国。双方将讨论危机，普京此前同特朗普通话，历时90分钟。"
EN = "Foreign Minister Lavrov said on Monday that he would not sign. Trump met Putin in Anchorage, Alaska, on May 12. "
CHINESE = {
    "news": ZH,
    "no punctuation": ZH.replace("，", "").replace("。", ""),
    "no end of a sentence": ZH.replace("。", "，"),
    "one name": "普京",
    "one name, in a list": "普京、",
    "one name that speaks": "普京说",
    "one name that speaks, in clauses": "普京说，",
    "one name in brackets": "普京（",
    "countries": "中美",
    "offices": "总统",
    "a name of dots": "克·尔·",
    "letters of foreign names": "克尔斯特",
    "ministries": "外交部",
    "missions": "中国驻美国大使馆",
    "brackets that open": "（",
    "brackets": "（）",
    "quotations that open": "普京说：“",
    "titles": "《普京会见拜登》",
    "days": "2025年5月12日",
    "days in clauses": "5月12日，",
    "ranges of days": "5月12日至",
    "digits": "1",
    "numerals": "一",
    "spaces": " ",
    "the same event, again": "普京会见拜登。",
    "an event in one clause": "普京会见拜登",
    "triggers": "会见",
    "verbs of speech": "表示",
    "words before a verb of speech": "还",
    "words before a visit": "工作",
    "pronouns": "他",
    "particles": "的",
    "combining marks": "e\u0301",
    "emoji": "\U0001f469\u200d\U0001f467",
}
ENGLISH = {
    "news": EN,
    "no punctuation": EN.replace(",", "").replace(".", ""),
    "one name": "Putin ",
    "one name, in a list": "Vladimir Putin, ",
    "capital letters": "Abcd ",
    "initials": "J. ",
    "verbs of speech": "said ",
    "offices": "president of ",
    "days": "May 12, 2025, ",
    "one word": "a",
    "hyphens": "A-",
    "quotations": '"said ',
}
PIECES = {(language, what): piece for language, pieces in (("zh-Hans", CHINESE), ("en", ENGLISH))
          for what, piece in pieces.items()}  # fmt: skip


def seconds(made: Article) -> float:
    began = time.process_time()
    annotator().annotate(made)
    return time.process_time() - began


def stays(short: Article, long: Article) -> None:
    """Compares the times; other work of the machine only ever adds to one, so that one good pair is enough."""
    found = []
    for _ in range(4):
        found.append(seconds(long) / max(seconds(short), 0.001))
        if found[-1] < MOST:
            return
    raise AssertionError(f"{TIMES} times the text takes {found} times as long")


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    annotator().preload()


@pytest.mark.parametrize(("language", "what"), PIECES)
def test_one_piece_repeated(language: str, what: str) -> None:
    piece = PIECES[language, what]
    number = SHORT // len(piece)
    short, long = (article(piece * count, language=language) for count in (number, TIMES * number))
    stays(short, long)


def unseen(number: int) -> list[str]:
    """Paragraphs, each with two people no list has."""
    given = [chr(0x4E00 + 7 * step) for step in range(80)]
    names = [f"{given[one % 80]}{given[one // 80]}" for one in range(number)]
    return [f"市长王{name}说，他会见了张{name[::-1]}。" for name in names]


@pytest.mark.parametrize("what", ["one event", "names no list has"])
def test_many_paragraphs(what: str) -> None:
    made = {"one event": lambda number: ["普京会见拜登。"] * number, "names no list has": unseen}[what]
    short, long = (article(*made(count)) for count in (350, 350 * TIMES))
    stays(short, long)


def without_bound(parts: Iterable[tuple[Any, Any]]) -> bool:
    """Whether some part of a pattern may be repeated as often as the text repeats it."""
    for op, value in parts:
        if op in REPEATS and (value[1] is ops.MAXREPEAT or without_bound(value[2])):
            return True
        inner = {ops.SUBPATTERN: lambda: [value[3]], ops.BRANCH: lambda: value[1]}.get(op, list)()  # noqa: B023
        if any(map(without_bound, inner)):
            return True
    return False


def test_where_words_run_together_no_frame_repeats_without_bound() -> None:
    """A run of what may be repeated would be gone through again from each of its characters."""
    pack = annotator().pack("zh")
    assert pack is not None
    assert [frame.id for frame in pack.frames if without_bound(parser.parse(frame.trigger.pattern))] == []
    assert without_bound(parser.parse("(?:还|(?:又){2,})表示"))
