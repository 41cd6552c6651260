"""From an article to spans: names, what they refer to, times and event frames.

Annotation reads nothing but the article and the packs, so that the same bytes give the same rows in any order.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path

from broadsheet.annotate.capitals import CapitalRecognizer
from broadsheet.annotate.compiled import fingerprint
from broadsheet.annotate.dating import fill, settle
from broadsheet.annotate.frames import EventType, event_types
from broadsheet.annotate.join import join
from broadsheet.annotate.link import Linked, Linker, draft
from broadsheet.annotate.model import Annotation, EntityDraft, FieldName, Learnt, MentionDraft, ReportDraft
from broadsheet.annotate.names import Recognizer, select
from broadsheet.annotate.pack import PACKS, Pack, folding, languages, pack_folders
from broadsheet.annotate.study import Unit as NameUnit
from broadsheet.annotate.tell import Teller
from broadsheet.annotate.telling import Telling, Unit
from broadsheet.annotate.times import Anchor, resolve
from broadsheet.document import PARAGRAPH_BREAK, Article, SourceText, Span

__all__ = ["Annotation", "Annotator", "EntityDraft", "EventType", "Learnt", "MentionDraft", "ReportDraft"]

# An agency's report is not printed later than this; an older day in the first line dates something else.
LAG = timedelta(days=3)


class _Tools:
    """What reads with one pack."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.recognizer = CapitalRecognizer(pack) if pack.writing.apart else Recognizer(pack)
        self.linker = Linker(pack)
        self.teller = Teller(pack)


@cache
def _tools(folder: Path) -> _Tools:
    """Those of a pack that comes with Broadsheet, read once in a process."""
    return _Tools(Pack(folder))


class Annotator:
    """Annotates articles with the packs of their languages.

    Args:
        packs: Loaded packs.
    """

    def __init__(self, packs: Sequence[Pack]) -> None:
        self._folders = tuple(pack.folder for pack in packs)
        self._languages = {language: pack.folder for pack in packs for language in pack.languages}
        self._tools = {pack.folder: _Tools(pack) for pack in packs}

    @classmethod
    def load(cls, names: Sequence[str] | None = None) -> "Annotator":
        """The annotator with these packs, by folder name; with all there are if none is named.

        A pack is read when the first article of its language comes: an archive in one language pays for one pack.
        """
        annotator = cls(())
        annotator._folders = pack_folders() if names is None else tuple(PACKS / name for name in names)
        annotator._languages = {language: folder for folder in annotator._folders for language in languages(folder)}
        return annotator

    @property
    def fingerprint(self) -> str:
        """Changes whenever an annotation may change; hashed when asked for, a build has its own."""
        return hashlib.sha256("".join(sorted(map(fingerprint, self._folders))).encode()).hexdigest()

    def event_types(self) -> dict[str, EventType]:
        """Codes and labels of the event types the packs know; of equals, what the last pack by name says."""
        return {name: kind for folder in self._folders for name, kind in event_types(folder).items()}

    def pack(self, language: str) -> Pack | None:
        """The pack of a language tag; None if there is none."""
        tools = self._of(language)
        return tools.pack if tools else None

    def preload(self) -> None:
        """Read every pack now, and make what else the first article of its language would wait for."""
        for language in self._languages:
            self.annotate(Article(0, SourceText("."), (), Span(0, 0), language))

    def _of(self, language: str) -> "_Tools | None":
        folder = self._languages.get(language.partition("-")[0])
        if folder is not None and folder not in self._tools:
            self._tools[folder] = _tools(folder)
        return self._tools[folder] if folder is not None else None

    def folded(self, text: str, language: str) -> str:
        """A text as names that articles teach are written: in the script of the pack of a language."""
        folder = self._languages.get(language.partition("-")[0])
        return text if folder is None else text.translate(folding(folder))

    def annotate(self, article: Article, learnt: Sequence[Learnt] = ()) -> Annotation:
        """All spans of an article; nothing for a language without a pack.

        Args:
            article: A parsed article.
            learnt: Names that stand in it and that other articles taught.

        Returns:
            Mentions, reports and entities, in text order.
        """
        tools = self._of(article.language)
        if tools is None:
            return Annotation()
        pack, recognizer, linker, teller = tools.pack, tools.recognizer, tools.linker, tools.teller
        texts = _texts(article)
        folded = [pack.fold(text) for _, _, text in texts]
        published = article.published.day()
        names = [NameUnit(t, tuple(select(recognizer.candidates(t)))) for t in folded]
        linked = linker.link(names, published)
        taught = linked.taught
        if learnt:
            linked = linker.link(names, published, learnt)
        headlines = [True] * bool(article.title) + [block.kind == "subheading" for block in article.blocks]
        units = [
            Unit(field, offset, text, names, headline)
            for (field, offset, _), text, names, headline in zip(texts, folded, linked.names, headlines, strict=True)
        ]
        country = partial(_country, linked=linked, pack=pack)
        written = _written(pack, units, published)
        events = join(teller.tell(units, written), country, written)
        settle(events, written, country)
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
            taught,
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


def _written(pack: Pack, units: Sequence[Unit], published: date | None) -> date | None:
    """The day the dateline gives (an agency's report is often printed a day later), else that of publication."""
    body = next((unit.text for unit in units if unit.field == "body"), "")
    match = pack.dateline.match(body) if published else None
    if match is None or published is None:
        return published
    for time in pack.times.find(body[: match.end()]):
        if time.start == match.start("time"):
            day = resolve(time, Anchor(published), "past").date_start
            return day if day and timedelta(0) <= published - day <= LAG else published
    return published


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
