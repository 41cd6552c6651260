"""Document and annotations -> rows: ids, byte offsets, and no span that does not give its text."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Final

from broadsheet.collect import Digest
from broadsheet.document import Article, Document, Reject, SourceStatus, SourceText, Span
from broadsheet.engine.slices import Slices
from broadsheet.ids import Numbered, short_hash, source_id
from broadsheet.project import Collection
from broadsheet.restrictions import strictest
from broadsheet.rows import (
    ArticleRow,
    EntityRow,
    EventReportRow,
    LinkRow,
    MediaRow,
    MentionRow,
    ParticipantValue,
    RejectRow,
    SegmentValue,
    SourceRow,
)

if TYPE_CHECKING:
    from broadsheet.annotate.model import Annotation, EntityDraft, MentionDraft, ReportDraft

VALUE_LENGTH: Final = 200
"""Code points of an offending value that a reject row keeps."""


@dataclass(slots=True)
class Rows:
    """The rows one file gave, by table. `entities` are drafts that repeat from file to file; `resolve` merges them.

    `taught` is no table: names its articles are sure of, for other files; columns as in `shards.TAUGHT`.
    """

    sources: list[SourceRow] = field(default_factory=list)
    articles: list[ArticleRow] = field(default_factory=list)
    media: list[MediaRow] = field(default_factory=list)
    links: list[LinkRow] = field(default_factory=list)
    entities: list[EntityRow] = field(default_factory=list)
    mentions: list[MentionRow] = field(default_factory=list)
    event_reports: list[EventReportRow] = field(default_factory=list)
    rejects: list[RejectRow] = field(default_factory=list)
    taught: list[dict[str, object]] = field(default_factory=list)


def rejected_rows(
    collection: Collection, path: str, *, digest: Digest, reject: Reject, status: SourceStatus, parser_version: str
) -> Rows:
    """The rows of a file that no parser saw: its source row and why."""
    rows = Rows()
    source = source_id(collection.name, path)
    rows.sources.append(
        SourceRow(
            source_id=source,
            collection=collection.name,
            path=path,
            sha256=digest.sha256,
            bytes=digest.size,
            media_type=digest.media_type,
            encoding=None,
            format=None,
            parser_version=parser_version,
            archived_at=None,
            status=status,
            article_count=0,
            license=collection.license,
            rights_statement=None,
            redistribution=collection.redistribution,
        )
    )
    rows.rejects.append(_Rejects(source).row(reject, None, None))
    return rows


def document_rows(
    document: Document, annotations: "Sequence[Annotation]", collection: Collection, parser_version: str
) -> Rows:
    """The rows of a parsed file.

    Args:
        document: What the parser made.
        annotations: One per article, in order.
        collection: Whose file it is.
        parser_version: For `sources.parser_version`.
    """
    maker = _RowMaker(document, collection, parser_version)
    for article, annotation in zip(document.articles, annotations, strict=True):
        maker.article(article, annotation)
    return maker.finished()


class _RowMaker:
    """Makes the rows of one document."""

    def __init__(self, document: Document, collection: Collection, parser_version: str) -> None:
        self.document = document
        self.collection = collection
        self.source_id = source_id(collection.name, document.source.path)
        self.parser_version = parser_version
        self.rows = Rows()
        self.slices = Slices(document)
        self.rejects = _Rejects(self.source_id)
        self.entities: dict[EntityDraft, list[str]] = {}
        self.article_ids: dict[int, str] = {}
        self._numbered = Numbered()

    def finished(self) -> Rows:
        """All rows, once every article was given."""
        document, rows = self.document, self.rows
        rows.sources.append(
            SourceRow(
                source_id=self.source_id,
                collection=self.collection.name,
                path=document.source.path,
                sha256=document.source.sha256,
                bytes=len(document.source.data),
                media_type=document.source.media_type,
                encoding=document.encoding,
                format="/".join(document.layers) or None,
                parser_version=self.parser_version,
                archived_at=document.archived_at,
                status=document.status,
                article_count=len(document.articles),
                license=self.collection.license,
                rights_statement=document.rights_statement or None,
                redistribution=self.collection.redistribution,
            )
        )
        for reject in document.rejects:
            article = None if reject.position is None else self.article_ids.get(reject.position)
            rows.rejects.append(self.rejects.row(reject, article, self.slices.bytes_of(reject.span)))
        drafts = sorted(self.entities.items(), key=lambda item: (item[0].entity_id, repr(item[0])))
        rows.entities.extend(_entity_row(draft, articles) for draft, articles in drafts)
        return rows

    def article(self, article: Article, annotation: "Annotation") -> None:
        """One article with its media, links, mentions and reports."""
        title, body = article.title, article.body()
        name = article.url or (title.text if title else None) or ""
        key = self._numbered(f"art-{short_hash(self.source_id, name)}")
        self.article_ids[article.position] = key
        row = self._article_row(key, article, body)
        if self.collection.restrictions:
            allowed = strictest(self.collection.redistribution, self.collection.restrictions, row)
            row = replace(row, redistribution=allowed)
        self.rows.articles.append(row)
        for position, medium in enumerate(article.media):
            self.rows.media.append(MediaRow(key, position, medium.url, medium.caption or None, medium.credit or None))
        for position, link in enumerate(article.links):
            self.rows.links.append(LinkRow(key, position, link.url, link.text or None, link.relation))
        texts = {"title": title or SourceText(""), "body": body}
        for mention in annotation.mentions:
            self._mention(key, texts[mention.field], mention)
        for report in annotation.reports:
            self._report(key, texts[report.field], report)
        for entity in annotation.entities:
            self.entities.setdefault(entity, []).append(key)
        where = {"article": article.position, "language": article.language.partition("-")[0]}
        self.rows.taught.extend(where | asdict(name) for name in annotation.taught)

    def _article_row(self, key: str, article: Article, body: SourceText) -> ArticleRow:
        published, span = article.published, self.document.byte_map.bytes_of(article.span)
        return ArticleRow(
            article_id=key,
            source_id=self.source_id,
            source_path=self.document.source.path,
            source_sha256=self.document.source.sha256,
            position=article.position,
            title=article.title.text if article.title else None,
            publisher=article.publisher or None,
            language=article.language,
            published_at=published.at,
            published_local=published.local,
            published_text=published.text,
            published_precision=published.precision,
            published_zone=published.zone,
            published_basis=published.basis,
            published_zone_basis=published.zone_basis,
            archived_at=self.document.archived_at,
            url=article.url or None,
            authors=article.authors,
            dateline=article.dateline or None,
            agencies=article.agencies,
            translator=article.translator or None,
            section=article.section or None,
            tags=article.tags,
            summary=article.summary or None,
            body=body.text,
            truncated=article.truncated,
            character_count=len(body.text),
            body_sha256=hashlib.sha256(body.text.encode()).hexdigest(),
            duplicate_of=None,
            duplicate_kind=None,
            source_start=span.start,
            source_end=span.end,
            segments=(*self._segments("title", article.title), *self._segments("body", body)),
            license=self.collection.license,
            redistribution=self.collection.redistribution,
        )

    def _segments(self, name: str, text: SourceText | None) -> Iterable[SegmentValue]:
        byte = self.document.byte_map.byte
        for at, length, source, taken in text.pieces if text else ():
            start = byte(source)
            yield SegmentValue(name, at, length, start, byte(source + taken) - start)

    def _mention(self, article: str, text: SourceText, draft: "MentionDraft") -> None:
        key = f"men-{short_hash(article, draft.field, draft.start, draft.end, draft.type)}"
        span = self.slices.verified(text, draft.start, draft.end)
        differs = text.text[draft.start : draft.end] != draft.surface
        if span is None or differs:
            why = "The bytes of the name hold markup that cuts through it"
            if differs:
                why = "The annotator gave another text than stands there"
            elif not text.runs:
                why = "The name stands in a title that is not in the file"
            message = f"{why}; the mention was left out."
            self._cut(
                article, text, draft, Reject("span-not-verifiable", message, "mentions", "surface", draft.surface)
            )
            return
        self.rows.mentions.append(
            MentionRow(
                mention_id=self._numbered(key),
                article_id=article,
                entity_id=draft.entity_id,
                type=draft.type,
                field=draft.field,
                start=draft.start,
                end=draft.end,
                surface=draft.surface,
                source_start=span.start,
                source_end=span.end,
                rule=draft.rule,
                confidence=draft.confidence,
            )
        )

    def _report(self, article: str, text: SourceText, draft: "ReportDraft") -> None:
        start, end = draft.start, draft.end
        span = self.slices.verified(text, start, end)
        if span is None or draft.trigger not in text.text[start:end]:
            part = self.slices.longest_part(text, start, end, draft.trigger)
            what = "narrowed to the longest part with the trigger that can be verified" if part else "left out"
            message = f"The bytes of the clause hold markup or text that is not in it; the report was {what}."
            reject = Reject("span-not-verifiable", message, "event_reports", "trigger", text.text[start:end])
            self._cut(article, text, draft, reject)
            if part is None:
                return
            start, end = part.text.start, part.text.end
            span = part.source
        key = f"rep-{short_hash(article, draft.field, start, end, draft.type)}"
        self.rows.event_reports.append(
            EventReportRow(
                report_id=self._numbered(key),
                event_id=f"{article}#{draft.event_key}",
                article_id=article,
                field=draft.field,
                start=start,
                end=end,
                source_start=span.start,
                source_end=span.end,
                trigger=draft.trigger,
                type=draft.type,
                status=draft.status,
                date_start=draft.date_start,
                date_end=draft.date_end,
                date_precision=draft.date_precision,
                date_text=draft.date_text,
                participants=tuple(ParticipantValue(entity, role) for entity, role in draft.participants),
                place_id=draft.place_id,
                duration_minutes=draft.duration_minutes,
                speaker_id=draft.speaker_id,
                rule=draft.rule,
                joined_by="article",
            )
        )

    def _cut(self, article: str, text: SourceText, draft: "MentionDraft | ReportDraft", reject: Reject) -> None:
        span = self.slices.bytes_of(text.source_span(draft.start, draft.end))
        self.rows.rejects.append(self.rejects.row(reject, article, span))


class _Rejects:
    """Makes reject rows of one source with ids that differ."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._numbered = Numbered()

    def row(self, reject: Reject, article: str | None, span: Span | None) -> RejectRow:
        where = f"{span.start}:{span.end}" if span else ""
        key = f"rej-{short_hash(self.source, reject.code, reject.table, reject.field, where)}"
        value = reject.value
        if value is not None and len(value) > VALUE_LENGTH:
            value = value[: VALUE_LENGTH - 1] + "…"
        return RejectRow(
            reject_id=self._numbered(key),
            source_id=self.source,
            article_id=article,
            table=reject.table,
            field=reject.field,
            code=reject.code,
            message=reject.message,
            value=value,
            source_start=span.start if span else None,
            source_end=span.end if span else None,
        )


def _entity_row(draft: "EntityDraft", articles: Sequence[str]) -> EntityRow:
    """A draft. What it is called is counted later; until then, `aliases` are the articles that tell it."""
    return EntityRow(
        entity_id=draft.entity_id,
        type=draft.type,
        name=draft.name,
        name_en=draft.name_en,
        name_zh_hans=draft.name_zh_hans,
        name_zh_hant=draft.name_zh_hant,
        wikidata=draft.wikidata,
        country=draft.country,
        aliases=tuple(articles),
        linked=draft.linked,
        mention_count=0,
        article_count=0,
    )
