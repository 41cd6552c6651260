"""The annotator of the extra `jionlp`: dates JioNLP can read and no pack lists."""

from collections.abc import Callable
from datetime import date
from importlib.util import find_spec
from typing import Any

import pytest
from annotate_tools import annotator, article

from broadsheet.annotate import ReportDraft
from broadsheet.annotate.extras import jionlp_dates
from broadsheet.annotate.extras.jionlp_dates import JionlpDates

FEAST = "美国总统特朗普端午节与俄罗斯总统普京通话。"


def answering(
    *moments: str, text: str = "端午节", kind: str = "time_point", sure: str = "accurate"
) -> Callable[..., Any]:
    """A stand-in for JioNLP that reads one thing from every clause it is asked about."""

    def extract(clause: str, *, time_base: dict[str, int]) -> list[dict[str, Any]]:
        assert time_base == {"year": 2025, "month": 6, "day": 14}
        return [{"text": text, "type": kind, "detail": {"definition": sure, "time": list(moments)}}]

    return extract


def dated(extract: Callable[..., Any], text: str = FEAST, published: str | None = "2025-06-14T08:00") -> ReportDraft:
    (report,) = JionlpDates(annotator(), extract, "0").annotate(article(text, published=published)).reports
    return report


def test_a_clause_without_a_date_of_its_own_takes_what_is_read() -> None:
    report = dated(answering("2025-05-31 00:00:00", "2025-05-31 23:59:59"))
    assert (report.date_start, report.date_end) == (date(2025, 5, 31), date(2025, 5, 31))
    assert (report.date_precision, report.date_text, report.rule) == ("day", "端午节", "call.converse+jionlp")
    month = dated(answering("2025-05-01 00:00:00", "2025-05-31 23:59:59"))
    assert (month.date_end, month.date_precision) == (date(2025, 5, 31), "month")


@pytest.mark.parametrize(
    "extract",
    [
        answering("2025-06-15 00:00:00", "2025-06-15 23:59:59"),  # after publication
        answering("2025-06-14 04:00:00", "2025-06-14 04:59:59"),  # an hour
        answering("2024-12-01 00:00:00", "2025-02-28 23:59:59"),  # over the turn of a year
        answering("inf", "2025-05-31 23:59:59"),  # an open bound
        answering("-221-01-01 00:00:00", "-221-12-31 23:59:59"),  # before Christ
        answering("2025-05-31 00:00:00", "2025-05-31 23:59:59", sure="blur"),
        answering("2025-05-31 00:00:00", "2025-05-31 23:59:59", kind="time_span"),
    ],
)
def test_what_is_not_a_sure_day_of_the_past_is_left(extract: Callable[..., Any]) -> None:
    assert dated(extract).date_text is None
    assert dated(extract).rule == "call.converse"


def test_a_date_the_pack_found_and_an_article_without_date_stay_as_they_are() -> None:
    extract = answering("2025-05-31 00:00:00", "2025-05-31 23:59:59")
    assert dated(extract, "美国总统特朗普3月5日与俄罗斯总统普京通话。").date_start == date(2025, 3, 5)
    assert dated(extract, published=None).date_text is None
    assert dated(extract, "美国总统特朗普将与俄罗斯总统普京通话。").status == "scheduled"
    assert dated(extract, "美国总统特朗普将与俄罗斯总统普京通话。").rule == "call.converse"


def test_the_fingerprint_changes_with_jionlp_and_with_the_packs() -> None:
    first, second = (JionlpDates(annotator(), answering(), release) for release in ("1.5.0", "1.5.1"))
    assert first.fingerprint != second.fingerprint != annotator().fingerprint
    assert first.event_types() == annotator().event_types()


@pytest.mark.skipif(find_spec("jionlp") is None, reason="the extra is not installed: pip install broadsheet[jionlp]")
def test_with_jionlp_itself(capsys: pytest.CaptureFixture[str]) -> None:
    made = jionlp_dates.make()
    assert capsys.readouterr().out == ""
    (report,) = made.annotate(article(FEAST, published="2025-06-14")).reports
    assert (report.date_start, report.date_text, report.rule) == (date(2025, 5, 31), "端午节", "call.converse+jionlp")
    two = made.annotate(article("特朗普提出四点要求，并会见了普京。", published="2025-06-14"))
    assert [report.date_text for report in two.reports] == [None, None]
    assert made.annotate(article(FEAST, published="2025-06-14")).reports == (report,)
