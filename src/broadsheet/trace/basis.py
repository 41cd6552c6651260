"""What each claim of an event report rests on: its trigger, date, parties and place, down to characters and rules."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Row = dict[str, Any]
How = Literal["clause", "before", "after", "report", "publication", "article", "office"]


@dataclass(frozen=True, slots=True)
class Basis:
    """One claim of a report and where the article says so.

    Attributes:
        claim: `trigger`, `date`, `place`, `speaker`, or the role of a participant.
        value: What is claimed: a type, bounds, an entity.
        how: `clause`, `before` or `after`: the words stand in the clause, before it or after it. `report`: another
            report of the event has them. `publication`: the day of publication bounds it. `article`: carried over from
            what the article is about. `office`: an office or a pronoun points there, no name.
        rule: Rule that read the words; empty where nothing was read.
        field: Field the words stand in.
        start: First code point of the words in the field; None without words.
        end: Code point after the last.
        text: The words.
    """

    claim: str
    value: str
    how: How
    rule: str = ""
    field: str = ""
    start: int | None = None
    end: int | None = None
    text: str = ""


def of_report(report: Row, text: str, mentions: Sequence[Row], others: Sequence[Row]) -> tuple[Basis, ...]:
    """The claims of a report.

    Args:
        report: Row of `event_reports`.
        text: The field of the article the report stands in.
        mentions: Mentions of the same article.
        others: Reports of the same event in the same article, the report itself among them.
    """
    return tuple(_claims(report, text, mentions, others))


def _claims(report: Row, text: str, mentions: Sequence[Row], others: Sequence[Row]) -> Iterator[Basis]:
    spot = text.find(report["trigger"], report["start"])
    yield _worded("trigger", report["type"], report, spot, report["trigger"])
    if report["date_start"] or report["date_end"]:
        yield _date(report, text, others)
    parties = [(each["role"], each["entity_id"]) for each in report["participants"] or ()]
    for claim in ("place", "speaker"):
        if report[f"{claim}_id"]:
            parties.append((claim, report[f"{claim}_id"]))
    for claim, entity in parties:
        yield _party(claim, entity, report, mentions)


def _worded(claim: str, value: str, report: Row, spot: int, words: str) -> Basis:
    end = spot + len(words)
    how: How = "before" if end <= report["start"] else "after" if spot >= report["end"] else "clause"
    return Basis(claim, value, how, report["rule"], report["field"], spot, end, words)


def _date(report: Row, text: str, others: Sequence[Row]) -> Basis:
    bounds = report["date_start"], report["date_end"]
    value = "/".join(day.isoformat() if isinstance(day, date) else ".." for day in bounds)
    words = report["date_text"]
    if words:
        spot = text.find(words, report["start"], report["end"])
        if spot < 0:
            spot = text.rfind(words, 0, report["start"])
        return _worded("date", value, report, spot if spot >= 0 else text.find(words), words)
    for other in others:
        if other["date_text"] and (other["date_start"], other["date_end"]) == bounds:
            return Basis("date", value, "report", other["rule"], other["field"], text=other["date_text"])
    return Basis("date", value, "article" if report["date_start"] else "publication")


def _party(claim: str, entity: str, report: Row, mentions: Sequence[Row]) -> Basis:
    """The mention in the clause, else the nearest before it, else the first after it or in another field."""
    same = [m for m in mentions if m["entity_id"] == entity]
    here = [m for m in same if m["field"] == report["field"]]
    inside = [m for m in here if report["start"] <= m["start"] < report["end"]]
    before = [m for m in here if m["start"] < report["start"]]
    found = min(inside, key=_start, default=None) or max(before, key=_start, default=None)
    found = found or min(same, key=lambda m: (m["field"] != report["field"], m["start"]), default=None)
    if found is None:
        return Basis(claim, entity, "office")
    how: How = "clause" if inside else "before" if before else "after"
    return Basis(claim, entity, how, found["rule"], found["field"], found["start"], found["end"], found["surface"])


def _start(mention: Row) -> int:
    return int(mention["start"])
