"""What an annotator may hand on: drafts that point outside their text, or at what is not there, are taken out and told.

Annotators may come from other packages. Whatever else is wrong with their rows, the schema finds later; these are the
mistakes that rows could not be made of.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final, get_args

from broadsheet.document import PARAGRAPH_BREAK, Article, Reject

if TYPE_CHECKING:
    from broadsheet.annotate.model import Annotation, MentionDraft, ReportDraft

TABLES: Final = {"mentions": "surface", "event_reports": "trigger"}


def sound(annotation: "Annotation", article: Article, types: Collection[str]) -> "tuple[Annotation, list[Reject]]":
    """The annotation without what cannot become rows, and a reject for everything taken out.

    Args:
        annotation: As the annotator gave it.
        article: What it is of.
        types: Event types the annotator said it knows.
    """
    breaks = len(PARAGRAPH_BREAK) * max(len(article.blocks) - 1, 0)
    body = sum(len(block.text.text) for block in article.blocks) + breaks
    lengths = {"title": len(article.title.text) if article.title else 0, "body": body}
    known = {entity.entity_id for entity in annotation.entities}
    rejects: list[Reject] = []

    def kept(table: str, draft: "MentionDraft | ReportDraft", problem: str | None) -> bool:
        if problem is not None:
            column = TABLES[table]
            message = f"The annotator's rule {draft.rule!r} gave {problem}; it was left out."
            value = str(getattr(draft, column))
            rejects.append(Reject("annotation-invalid", message, table, column, value, position=article.position))
        return problem is None

    def wrong(draft: "MentionDraft | ReportDraft", more: Iterator[str]) -> str | None:
        if draft.field not in lengths or not 0 <= draft.start < draft.end <= lengths[draft.field]:
            return f"a span outside the text, {draft.field} {draft.start}:{draft.end}"
        return next(more, None)

    mentions = tuple(m for m in annotation.mentions if kept("mentions", m, wrong(m, _entities(known, m.entity_id))))
    reports = tuple(
        r for r in annotation.reports if kept("event_reports", r, wrong(r, _report_problems(r, known, types)))
    )
    return (replace(annotation, mentions=mentions, reports=reports), rejects) if rejects else (annotation, rejects)


def _entities(known: Collection[str], *named: str | None) -> Iterator[str]:
    return (f"no entity for {entity!r}" for entity in named if entity is not None and entity not in known)


def _report_problems(report: "ReportDraft", known: Collection[str], types: Collection[str]) -> Iterator[str]:
    from broadsheet.annotate.model import Status

    if report.type not in types:
        yield f"an event type it does not list, {report.type!r}"
    if report.status not in get_args(Status):
        yield f"the status {report.status!r}"
    if report.date_start and report.date_end and report.date_start > report.date_end:
        yield f"dates that end before they start, {report.date_start} to {report.date_end}"
    yield from _entities(known, *(entity for entity, _ in report.participants), report.place_id, report.speaker_id)
