"""From an article to spans: names, what they refer to, times and event frames.

Annotation reads nothing but the article and the packs, so that the same bytes give the same rows in any order.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from broadsheet.annotate.join import fill, join, settle
from broadsheet.annotate.link import Linked, Linker, draft
from broadsheet.annotate.link import Unit as NameUnit
from broadsheet.annotate.model import Annotation, EntityDraft, FieldName, MentionDraft, ReportDraft
from broadsheet.annotate.names import Recognizer, select
from broadsheet.annotate.pack import PACKS, EventType, Pack
from broadsheet.annotate.tell import Teller
from broadsheet.annotate.telling import Telling, Unit
from broadsheet.document import PARAGRAPH_BREAK, Article

__all__ = ["Annotation", "Annotator", "EntityDraft", "EventType", "MentionDraft", "ReportDraft"]


class Annotator:
    """Annotates articles with the packs of their languages.

    Args:
        packs: Loaded packs.
    """

    def __init__(self, packs: Sequence[Pack]) -> None:
        self._packs = {language: pack for pack in packs for language in pack.languages}
        self._tools = {id(pack): (Recognizer(pack), Linker(pack), Teller(pack)) for pack in packs}
        self._loaded = tuple(packs)

    @property
    def fingerprint(self) -> str:
        """Changes whenever an annotation may change; hashed when asked for, a build has its own."""
        return hashlib.sha256("".join(sorted(pack.fingerprint for pack in self._loaded)).encode()).hexdigest()

    @classmethod
    def load(cls, names: Sequence[str] = ("zh",)) -> "Annotator":
        """The annotator with these packs, by folder name."""
        return cls([Pack(PACKS / name) for name in names])

    def event_types(self) -> dict[str, EventType]:
        """Codes and labels of the event types the packs know."""
        return {name: kind for pack in self._packs.values() for name, kind in sorted(pack.types.items())}

    def annotate(self, article: Article) -> Annotation:
        """All spans of an article; nothing for a language without a pack.

        Args:
            article: A parsed article.

        Returns:
            Mentions, reports and entities, in text order.
        """
        pack = self._packs.get(article.language.split("-")[0])
        if pack is None:
            return Annotation()
        recognizer, linker, teller = self._tools[id(pack)]
        texts = _texts(article)
        folded = [pack.fold(text) for _, _, text in texts]
        published = _day(article)
        linked = linker.link([NameUnit(t, tuple(select(recognizer.candidates(t)))) for t in folded], published)
        headlines = [True] * bool(article.title) + [block.kind == "subheading" for block in article.blocks]
        units = [
            Unit(field, offset, text, names, headline)
            for (field, offset, _), text, names, headline in zip(texts, folded, linked.names, headlines, strict=True)
        ]
        country = partial(_country, linked=linked, pack=pack)
        events = join(teller.tell(units, published), country)
        settle(events, published, country)
        fill(events)
        tellings = [(event.key, telling) for event in events for telling in event.tellings]
        tellings.sort(key=lambda pair: (pair[1].field, pair[1].start, pair[1].end))
        mentions = self._mentions(texts, linked)
        entities = self._entities(linked, tellings, pack)
        for mention in reversed(mentions):  # an entity no list has is called what the article calls it first
            if not entities[mention.entity_id].linked:
                entities[mention.entity_id] = replace(entities[mention.entity_id], name=mention.surface)
        fields = {"title": article.title.text if article.title else "", "body": article.body().text}
        return Annotation(
            tuple(mentions),
            tuple(_report(key, telling, fields[telling.field]) for key, telling in tellings),
            tuple(entities[key] for key in sorted(entities)),
        )

    def _mentions(self, texts: list[tuple[FieldName, int, str]], linked: Linked) -> list[MentionDraft]:
        return [
            MentionDraft(
                field,
                offset + name.start,
                offset + name.end,
                text[name.start : name.end],
                name.type,
                name.entity_id,
                name.rule,
                name.confidence,
            )
            for (field, offset, text), names in zip(texts, linked.names, strict=True)
            for name in names
        ]

    def _entities(self, linked: Linked, tellings: list[tuple[int, Telling]], pack: Pack) -> dict[str, EntityDraft]:
        """Those that are mentioned, and those only an office pointed to."""
        found = dict(linked.entities)
        for _, telling in tellings:
            for entity in [*(e for e, _ in telling.participants), telling.place_id, telling.speaker_id]:
                if entity and entity not in found and entity in pack.by_id:
                    found[entity] = draft(pack.by_id[entity])
        return found


def _texts(article: Article) -> list[tuple[FieldName, int, str]]:
    """Title and paragraphs with their offsets in their field."""
    found: list[tuple[FieldName, int, str]] = [("title", 0, article.title.text)] if article.title else []
    offset = 0
    for block in article.blocks:
        found.append(("body", offset, block.text.text))
        offset += len(block.text.text) + len(PARAGRAPH_BREAK)
    return found


def _day(article: Article) -> date | None:
    local = article.published.local
    try:
        return date.fromisoformat(local[:10]) if local else None
    except ValueError:
        return None


def _country(entity: str, linked: Linked, pack: Pack) -> str | None:
    known = pack.by_id.get(entity) or linked.entities.get(entity)
    return known.country if known else None


def _report(key: int, telling: Telling, text: str) -> ReportDraft:
    return ReportDraft(
        field=telling.field,
        start=telling.start,
        end=telling.end,
        trigger=text[telling.trigger.start : telling.trigger.end],
        type=telling.type,
        status=telling.status,
        rule=telling.rule,
        event_key=key,
        date_start=telling.date_start,
        date_end=telling.date_end,
        date_precision=telling.date_precision,
        date_text=text[telling.date_text.start : telling.date_text.end] if telling.date_text else None,
        participants=telling.participants,
        place_id=telling.place_id,
        duration_minutes=telling.duration_minutes,
        speaker_id=telling.speaker_id,
    )
