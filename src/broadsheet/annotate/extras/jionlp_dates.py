"""Broadsheet's annotator, with dates read by JioNLP where it found none of its own (`pip install broadsheet[jionlp]`).

JioNLP knows calendar terms no pack lists, such as feasts and solar terms. It prints when it is imported, and takes the
clock of the machine for the day of publication unless it is given one; both are kept from it here.
"""

import contextlib
import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from typing import Any, Final

from broadsheet.annotate import Annotation, Annotator, EventType, ReportDraft
from broadsheet.document import Article

LONGEST: Final = 200
"""Characters of a clause that are looked at: reading times takes it long."""

Extractor = Callable[..., list[dict[str, Any]]]


def make() -> "JionlpDates":
    """The annotator, with the packs that come with Broadsheet."""
    with contextlib.redirect_stdout(io.StringIO()):
        from jionlp import ner
    return JionlpDates(Annotator.load(), ner.extract_time, version("jionlp"))


class JionlpDates:
    """An annotator around another one.

    Args:
        base: Finds names and events.
        extract: `jionlp.ner.extract_time`.
        release: Version of JioNLP.
    """

    def __init__(self, base: Annotator, extract: Extractor, release: str) -> None:
        self._base = base
        self._extract = extract
        self._release = release

    @property
    def fingerprint(self) -> str:
        """Changes with the packs and with JioNLP."""
        return hashlib.sha256(f"{self._base.fingerprint} {self._release}".encode()).hexdigest()

    def event_types(self) -> Mapping[str, EventType]:
        """Those of the packs."""
        return self._base.event_types()

    def annotate(self, article: Article) -> Annotation:
        """The base's annotation; reports of what happened, whose clause gives it no date, are dated if JioNLP can."""
        annotation = self._base.annotate(article)
        published = article.published.day()
        if published is None or not article.language.startswith("zh"):
            return annotation
        texts = {"title": article.title.text if article.title else "", "body": article.body().text}
        reports = tuple(
            self._dated(report, texts[report.field][report.start : report.end], published)
            for report in annotation.reports
        )
        return replace(annotation, reports=reports)

    def _dated(self, report: ReportDraft, clause: str, published: date) -> ReportDraft:
        if report.date_text is not None or report.status != "occurred":
            return report
        base = {"year": published.year, "month": published.month, "day": published.day}
        for found in self._extract(clause[:LONGEST], time_base=base):
            bounds = _bounds(found)
            if bounds is None or bounds[1] > published:
                continue
            first, last = bounds
            return replace(
                report,
                date_start=first,
                date_end=last,
                date_precision="day" if first == last else "month" if first.month == last.month else "year",
                date_text=found["text"],
                rule=f"{report.rule}+jionlp",
            )
        return report


def _bounds(found: Mapping[str, Any]) -> tuple[date, date] | None:
    """First and last day of whole days that JioNLP is sure of, within one year; an hour says nothing of the day."""
    detail = found["detail"]
    if found["type"] != "time_point" or detail["definition"] != "accurate":
        return None
    begins, ends = detail["time"]
    if not (begins.endswith(" 00:00:00") and ends.endswith(" 23:59:59")):
        return None
    try:
        first, last = date.fromisoformat(begins[:10]), date.fromisoformat(ends[:10])
    except ValueError:  # an open bound, or a year before Christ
        return None
    return (first, last) if first <= last and first.year == last.year else None
