"""What the claims of a report rest on; the article is written for these tests."""

from datetime import date
from typing import Any

import pytest

from broadsheet.trace.basis import Basis, of_report

TEXT = "林德周三抵达海港城。她次日会见哈达德，并表示满意。"
DAY = date(2031, 3, 5)


def mention(entity: str, surface: str, field: str = "body", start: int | None = None) -> dict[str, Any]:
    at = TEXT.index(surface) if start is None else start
    return {
        "entity_id": entity,
        "surface": surface,
        "field": field,
        "start": at,
        "end": at + len(surface),
        "rule": f"rule.{surface}",
    }


def report(clause: str, trigger: str, **changes: Any) -> dict[str, Any]:
    start = TEXT.index(clause)
    row = {
        "field": "body",
        "start": start,
        "end": start + len(clause),
        "trigger": trigger,
        "type": "meeting",
        "rule": "meeting.meet",
        "date_start": DAY,
        "date_end": DAY,
        "date_text": None,
        "participants": [],
        "place_id": None,
        "speaker_id": None,
    }
    return row | changes


MENTIONS = [mention("per/lind", "林德"), mention("per/haddad", "哈达德"), mention("loc/port", "海港城")]
CLAUSE = ("她次日会见哈达德", "会见")


def basis(row: dict[str, Any], claim: str, *others: dict[str, Any], mentions: list[dict[str, Any]] = MENTIONS) -> Basis:
    (found,) = [each for each in of_report(row, TEXT, mentions, [row, *others]) if each.claim == claim]
    return found


def test_words_in_the_clause() -> None:
    row = report(*CLAUSE, date_text="次日", participants=[{"entity_id": "per/haddad", "role": "participant"}])
    trigger, when, who = (basis(row, claim) for claim in ("trigger", "date", "participant"))
    assert [TEXT[each.start : each.end] for each in (trigger, when, who)] == ["会见", "次日", "哈达德"]
    assert [each.how for each in (trigger, when, who)] == ["clause"] * 3
    assert [each.rule for each in (trigger, when, who)] == ["meeting.meet", "meeting.meet", "rule.哈达德"]
    assert (trigger.value, when.value, who.value) == ("meeting", "2031-03-05/2031-03-05", "per/haddad")


def test_a_party_carried_over_is_found_before_the_clause() -> None:
    who = basis(report(*CLAUSE, participants=[{"entity_id": "per/lind", "role": "initiator"}]), "initiator")
    assert (who.how, who.text, who.start) == ("before", "林德", 0)


def test_of_several_mentions_before_the_clause_the_nearest_counts() -> None:
    again = mention("per/lind", "林德", start=4)
    who = basis(
        report(*CLAUSE, participants=[{"entity_id": "per/lind", "role": "initiator"}]),
        "initiator",
        mentions=[*MENTIONS, again],
    )
    assert who.start == 4


def test_a_name_that_stands_only_in_the_title_or_after_it() -> None:
    row = report("林德周三抵达海港城", "抵达", participants=[{"entity_id": "per/haddad", "role": "target"}])
    assert basis(row, "target").how == "after"
    titled = basis(row, "target", mentions=[mention("per/haddad", "哈达德", "title", 0)])
    assert (titled.how, titled.field) == ("after", "title")


def test_an_office_without_a_name() -> None:
    row = report(*CLAUSE, participants=[{"entity_id": "per/otto", "role": "participant"}], place_id="loc/port")
    assert basis(row, "participant") == Basis("participant", "per/otto", "office")
    assert basis(row, "place").text == "海港城"


@pytest.mark.parametrize(
    ("row", "how", "words"),
    [
        (report("并表示满意", "表示", date_text="周三"), "before", "周三"),
        (report("林德周三抵达海港城", "抵达", date_text="次日"), "after", "次日"),
        (report("并表示满意", "表示", date_start=None), "publication", ""),
        (report("并表示满意", "表示"), "article", ""),
    ],
)
def test_dates_that_stand_elsewhere_or_nowhere(row: dict[str, Any], how: str, words: str) -> None:
    found = basis(row, "date")
    assert (found.how, found.text) == (how, words)


def test_a_date_of_another_report_of_the_event() -> None:
    other = report(*CLAUSE, date_text="次日")
    found = basis(report("并表示满意", "表示"), "date", other)
    assert (found.how, found.rule, found.text) == ("report", "meeting.meet", "次日")


def test_no_date_is_no_claim() -> None:
    row = report("并表示满意", "表示", date_start=None, date_end=None)
    assert [each.claim for each in of_report(row, TEXT, MENTIONS, [row])] == ["trigger"]
