"""Texts no editor would print: whatever they hold, every row is valid, and what stands beside them is read.

Expectations are worked out by hand; the articles are of Wednesday, 14 May 2025.
"""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from annotate_tools import annotator, article, bounds, interval, read, reports, who, with_language
from bad_texts import INSTRUCTIONS, MARKS, PARAGRAPHS
from test_annotator import assert_sound

from broadsheet.annotate import Annotation, Annotator, ReportDraft
from broadsheet.document import Article
from broadsheet.schema.load import core_tables

CALL = "特朗普5月12日与普京通了电话。"
MONDAY = "2025-05-12"
PARTIES = {"per/donald-trump": "participant", "per/vladimir-putin": "participant"}
TABLES = core_tables()
LARGEST = 2**31 - 1


@cache
def allowed(table: str, column: str) -> frozenset[str]:
    """The values the schema knows."""
    (field,) = (field for field in TABLES[table].fields if field.name == column)
    return frozenset(map(str, field.constraints.enum or ()))


def assert_valid(given: Article, result: Annotation) -> None:
    """What holds for every text: the invariants of spans, and the values the schema allows."""
    assert_sound(given, result)
    kinds = annotator().event_types()
    for mention in result.mentions:
        assert mention.type in allowed("mentions", "type")
        assert {"person": "per", "organization": "org", "place": "loc"}[mention.type] == mention.entity_id[:3]
        assert mention.rule
    for report in result.reports:
        assert report.type in kinds
        assert report.status in allowed("event_reports", "status")
        assert report.date_precision in allowed("event_reports", "date_precision")
        assert {role for _, role in report.participants} <= allowed("event_participants", "role")
        assert len({entity for entity, _ in report.participants}) == len(report.participants)
        assert report.trigger
        assert report.rule
        assert (report.duration_minutes or 0) <= LARGEST
        assert report.date_precision == "none" or report.date_start or report.date_end


def facts(found: tuple[ReportDraft, ...], kind: str = "call") -> list[tuple[str, str, dict[str, str]]]:
    """What the reports of a type claim, without where."""
    return [(report.status, bounds(report), who(report)) for report in found if report.type == kind]


THE_CALL = [("occurred", MONDAY, PARTIES)]


@pytest.mark.parametrize("what", PARAGRAPHS)
def test_a_bad_paragraph_changes_nothing_in_those_beside_it(what: str) -> None:
    bad = PARAGRAPHS[what]
    for paragraphs in ((CALL, bad), (bad, CALL), (bad, CALL, bad)):
        given = article(*paragraphs)
        result = annotator().annotate(given)
        assert_valid(given, result)
        assert facts(result.reports) == THE_CALL
        assert [m.surface for m in result.mentions if m.entity_id.startswith("per/")] == ["特朗普", "普京"]


@pytest.mark.parametrize("what", PARAGRAPHS)
def test_a_bad_title_is_only_a_title(what: str) -> None:
    given = article(CALL, title=PARAGRAPHS[what])
    result = annotator().annotate(given)
    assert_valid(given, result)
    assert facts(tuple(r for r in result.reports if r.field == "body")) == THE_CALL


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
@pytest.mark.parametrize("what", [*PARAGRAPHS, *MARKS])
def test_nothing_but_bad_text(what: str, language: str) -> None:
    bad = {**PARAGRAPHS, **MARKS}[what]
    given = article(bad, "", bad, title=bad, language=language)
    result = annotator().annotate(given)
    assert_valid(given, result)
    assert result.reports == ()


@pytest.mark.parametrize("mark", MARKS.values(), ids=list(MARKS))
def test_a_mark_beside_a_name_is_no_part_of_it_and_moves_nothing(mark: str) -> None:
    given = article(f"{mark}特朗普{mark}会见了{mark}普京{mark}。", f"{mark}俄罗斯{mark}", title=f"{mark}白宫{mark}")
    result = annotator().annotate(given)
    assert_valid(given, result)
    assert [m.surface for m in result.mentions] == ["白宫", "特朗普", "普京", "俄罗斯"]


@pytest.mark.parametrize("mark", MARKS.values(), ids=list(MARKS))
def test_a_mark_at_either_end_of_a_sentence_changes_nothing(mark: str) -> None:
    for text in (f"{mark}{CALL}", f"{CALL}{mark}", f"{CALL[:-1]}{mark}。"):
        given = article(text)
        result = annotator().annotate(given)
        assert_valid(given, result)
        assert facts(result.reports) == THE_CALL


# What is printed for the day of the call, and the bounds it can be given; without a day it was over by publication.
UNDATED = "../2025-05-14"
DAYS = {
    # no calendar has them
    "0000年": UNDATED,
    "0000年1月1日": UNDATED,
    "9999年99月": UNDATED,
    "10000年1月1日": UNDATED,
    "99999999999999999999年5月12日": UNDATED,
    "2月30日": UNDATED,
    "2025年2月29日": UNDATED,
    "2025-02-30": UNDATED,
    "13月1日": UNDATED,
    "5月0日": UNDATED,
    "5月99日": UNDATED,
    "32日": UNDATED,
    "周八": UNDATED,
    "5月12日至2月30日": UNDATED,
    "2025年5月12日至2025年5月1日": UNDATED,
    # too far away to be counted
    "999999999天前": UNDATED,
    "99999年前": UNDATED,
    "一亿年前": UNDATED,
    "公元前221年5月1日": UNDATED,
    # long ago, and still days
    "0001年1月1日": "0001-01-01",
    "907年6月1日": "0907-06-01",
    "1368年1月23日": "1368-01-23",
    "1848年3月": "1848-03-01/1848-03-31",
    "1789年": "1789-01-01/1789-12-31",
    "2024年2月29日": "2024-02-29",
    "去年2月29日": "2024-02-29",
    # other digits
    "２０２５年５月１２日": MONDAY,
    "二〇二五年五月十二日": MONDAY,
}


@pytest.mark.parametrize("day", DAYS)
def test_a_day_is_what_is_printed_or_none(day: str) -> None:
    given = article(f"特朗普{day}与普京通了电话。")
    result = annotator().annotate(given)
    assert_valid(given, result)
    assert facts(result.reports) == [("occurred", DAYS[day], PARTIES)]


def test_the_last_day_of_the_calendar_is_still_to_come() -> None:
    (report,) = reports("特朗普9999年12月31日与普京通了电话。")
    assert (report.status, interval(report.date_start, report.date_end)) == ("scheduled", "9999-12-31")


@pytest.mark.parametrize("published", ["0001-01-01", "9999-12-31", "1899-12-31", None])
@pytest.mark.parametrize(
    "when", ["昨天", "明天", "上周", "下周三", "三个月前", "去年", "明年5月", "前一天", "过去十年", "周三"]
)
def test_days_beside_the_ends_of_the_calendar(published: str | None, when: str) -> None:
    given = article(f"特朗普{when}与普京通了电话。", published=published)
    result = annotator().annotate(given)
    assert_valid(given, result)
    assert len(facts(result.reports)) == 1


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("特朗普5月12日与普京通电话，持续90分钟。", 90),
        ("特朗普5月12日与普京通电话，持续９０分钟。", 90),
        (f"特朗普5月12日与普京通电话，持续{'9' * 40}小时。", None),
        (f"特朗普5月12日与普京通电话，持续{'9' * 5_000}分钟。", None),
        ("特朗普5月12日与普京通电话，持续-5分钟。", 5),
        ("特朗普5月12日与普京通电话，持续0分钟。", None),
    ],
)
def test_a_length_is_a_number_a_table_can_hold(text: str, minutes: int | None) -> None:
    given = article(text)
    result = annotator().annotate(given)
    assert_valid(given, result)
    assert [r.duration_minutes for r in result.reports] == [minutes]


@pytest.mark.parametrize(
    "language", ["und", "xx", "", "ja", "ru", "ar", "zho-", "-zh", "ZH", "zh_CN", "x-zh", "\u202e"]
)
def test_a_language_no_pack_reads_gives_nothing_and_raises_nothing(language: str) -> None:
    given = with_language(article(CALL, title=CALL), language)
    assert annotator().annotate(given) == Annotation()
    assert annotator().pack(language) is None
    assert annotator().folded(CALL, language) == CALL


@pytest.mark.parametrize("language", ["zh-", "zh--", "zh-xx-private", "zh-Hant-TW-u-ca-roc"])
def test_whatever_follows_the_language_it_is_read(language: str) -> None:
    assert facts(annotator().annotate(with_language(article(CALL), language)).reports) == THE_CALL


@pytest.mark.parametrize(
    "published", [None, "", "2025", "2025-02-30", "0000-00-00", "昨天", "2025-05-14T99:99", "\x00"]
)
def test_without_a_day_only_what_is_stated_in_full_has_one(published: str | None) -> None:
    given = article("特朗普昨天会见了普京。", "马克龙2025年5月12日致电莫迪。", published=published)
    result = annotator().annotate(given)
    assert_valid(given, result)
    day = "2025-05-13" if published == "2025-05-14T99:99" else ""
    assert [(r.type, bounds(r)) for r in result.reports] == [("meeting", day), ("call", MONDAY)]


@pytest.mark.parametrize(("paragraphs", "title"), [((), None), ((), ""), (("",), None), (("", ""), ""), ((" ",), "\n")])
def test_empty_articles(paragraphs: tuple[str, ...], title: str | None) -> None:
    assert read(*paragraphs, title=title) == Annotation()


def test_one_name_again_and_again() -> None:
    result = read("普京" * 2_000)
    assert [(m.start, m.surface) for m in result.mentions] == [(2 * n, "普京") for n in range(2_000)]
    assert ({m.entity_id for m in result.mentions}, result.reports) == ({"per/vladimir-putin"}, ())


def test_a_megabyte_keeps_what_stands_at_its_end() -> None:
    filling = "河水很静。" * 60_000
    given = article(filling, CALL)
    result = annotator().annotate(given)
    assert_valid(given, result)
    assert facts(result.reports) == THE_CALL
    assert result.reports[0].start == len(filling) + 2


MIXED = [
    ("特朗普5月12日與普京通了電話。", THE_CALL),
    ("特朗普5月12日与普京通了電話。", THE_CALL),
    ("川普5月12日與普丁通了電話。", THE_CALL),
    ("特朗普（Donald Trump）5月12日与普京（Путин）通了电话。", THE_CALL),
    ("特朗普(トランプ)5月12日与普京通了电话。", THE_CALL),
    ("特朗普５月１２日與普京通了電話。", THE_CALL),
]


@pytest.mark.parametrize(("text", "expected"), MIXED)
def test_mixed_scripts(text: str, expected: list[tuple[str, str, dict[str, str]]]) -> None:
    given = article(text)
    result = annotator().annotate(given)
    assert_valid(given, result)
    assert facts(result.reports) == expected


@pytest.mark.parametrize(
    "name", ["特.普", "普*", "(普京", "[美国]", "美国|俄罗斯", "^美国$", "塔维·(a+)+·雷", "\\美国\\", "普{2}京"]
)
def test_names_that_look_like_patterns(name: str) -> None:
    given = article(f"总统{name}表示满意。{name}走了。", f"{name}（{name}）来了。", title=name)
    assert_valid(given, annotator().annotate(given))


@pytest.mark.parametrize("text", INSTRUCTIONS)
def test_whoever_is_told_what_to_write_writes_what_stands_there(text: str) -> None:
    """Words addressed to software are words: they take nothing away, add nothing and change no type or date."""
    alone = read(text)
    assert alone.reports == ()
    told = f"特朗普说：“{text}”"
    given = article(told, CALL)
    result = annotator().annotate(given)
    assert_valid(given, result)
    assert facts(result.reports) == THE_CALL
    assert {m.surface: m.type for m in result.mentions} == {"特朗普": "person", "普京": "person"}


# Read by another process, in another place, with another order of sets.
ELSEWHERE = """
import sys
sys.path.insert(0, sys.argv[1])
from annotate_tools import read
from bad_texts import MARKS, PARAGRAPHS
print(read("特朗普昨天会见了普京。", *PARAGRAPHS.values(), *MARKS.values(), title="双方会谈"))
"""


def test_nothing_but_the_article_and_the_packs_decides(tmp_path: Path) -> None:
    here = str(Path(__file__).parent)
    found = set()
    for seed, zone, locale in (("1", "Pacific/Kiritimati", "C"), ("2", "America/Adak", "tr_TR.UTF-8")):
        settings = {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale, "PYTHONUTF8": "1", "HOME": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-c", ELSEWHERE, here], env={**os.environ, **settings}, cwd=tmp_path,
            capture_output=True, check=True, text=True, encoding="utf-8",
        )  # fmt: skip
        found.add(done.stdout.strip())
    assert found == {str(read("特朗普昨天会见了普京。", *PARAGRAPHS.values(), *MARKS.values(), title="双方会谈"))}


def test_a_pack_of_another_folder_is_the_same_pack() -> None:
    other = Annotator.load(("zh",))
    given = article(CALL, *PARAGRAPHS.values())
    assert other.annotate(given) == annotator().annotate(given)
