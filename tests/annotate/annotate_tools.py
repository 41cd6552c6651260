"""What the tests of the annotator share: one loaded annotator, articles of a few sentences, short views of results."""

from dataclasses import replace
from datetime import date
from functools import lru_cache

from broadsheet.annotate import Annotation, Annotator, MentionDraft, ReportDraft
from broadsheet.document import Article, Block, Published, SourceText, Span

# Wednesday.
DAY = "2025-05-14"


@lru_cache(maxsize=1)
def annotator() -> Annotator:
    return Annotator.load()


def article(
    *paragraphs: str, title: str | None = None, published: str | None = DAY, language: str = "zh-Hans"
) -> Article:
    return Article(
        position=0,
        title=None if title is None else SourceText(title),
        blocks=tuple(Block("paragraph", SourceText(text)) for text in paragraphs),
        span=Span(0, 1),
        language=language,
        published=Published(local=published, precision="day" if published else "none"),
    )


def read(*paragraphs: str, title: str | None = None, published: str | None = DAY) -> Annotation:
    return annotator().annotate(article(*paragraphs, title=title, published=published))


def found(*paragraphs: str, title: str | None = None, published: str | None = DAY) -> list[tuple[str, str]]:
    """(surface, entity id) of every mention, in text order, title first; ids of unseen names end in `x`."""
    mentions = read(*paragraphs, title=title, published=published).mentions
    return [(m.surface, m.entity_id.split("/x-")[0] + ("/x" if "/x-" in m.entity_id else "")) for m in mentions]


def only_mention(text: str) -> MentionDraft:
    (mention,) = read(text).mentions
    return mention


def reports(*paragraphs: str, title: str | None = None, published: str | None = DAY) -> tuple[ReportDraft, ...]:
    return read(*paragraphs, title=title, published=published).reports


def bounds(report: ReportDraft) -> str:
    """A day, `start/end` with `..` for an open bound, or nothing."""
    return interval(report.date_start, report.date_end)


def interval(start: date | None, end: date | None) -> str:
    if start == end:
        return str(start) if start else ""
    return f"{start or '..'}/{end or '..'}"


def who(report: ReportDraft) -> dict[str, str]:
    return dict(report.participants)


def with_language(given: Article, language: str) -> Article:
    return replace(given, language=language)
