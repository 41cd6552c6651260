"""Short views of what the English pack finds."""

from annotate_tools import DAY, annotator, article

from broadsheet.annotate import Annotation, ReportDraft


def read(*paragraphs: str, title: str | None = None, published: str | None = DAY) -> Annotation:
    return annotator().annotate(article(*paragraphs, title=title, published=published, language="en"))


def reports(*paragraphs: str, title: str | None = None, published: str | None = DAY) -> tuple[ReportDraft, ...]:
    return read(*paragraphs, title=title, published=published).reports


def found(*paragraphs: str) -> list[tuple[str, str]]:
    """(surface, entity id) of every mention; ids of unseen names end in `x`."""
    return [
        (m.surface, m.entity_id.split("/x-")[0] + "/x" * ("/x-" in m.entity_id)) for m in read(*paragraphs).mentions
    ]
