"""`score`: a build against a folder of hand annotation."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from broadsheet.findings import error
from broadsheet.project import Project
from broadsheet.score.articles import ArticleTally, article_columns, score_file
from broadsheet.score.bootstrap import Interval, intervals, resampled
from broadsheet.score.events import OUTSIDE, across_columns, event_columns, score_events
from broadsheet.score.measures import (
    Columns,
    Counts,
    Figures,
    Key,
    Weights,
    b_cubed,
    b_cubed_within,
    precision_recall,
    values,
)
from broadsheet.score.mentions import (
    MENTIONS,
    gold_mentions,
    linked,
    predicted_mentions,
    score_mentions,
    score_wikidata,
    votes,
    wikidata_columns,
)
from broadsheet.score.predictions import Predicted, Predictions, read_predictions
from broadsheet.score.spans import SPANS, score_spans, span_columns
from broadsheet.score.texts import Alignment, normalized

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ScoreReport:
    """Figures by what they measure.

    Attributes:
        figures: Measure -> name -> value (shares from 0 to 1, counts, None where there was nothing to measure).
        intervals: The same with the 95 % interval of each share; None for counts, and where too few documents have it.
        files: How many annotated files were counted.
        missing: Annotated files the build does not have.
    """

    figures: Mapping[str, Figures]
    intervals: Mapping[str, Mapping[str, Interval | None]]
    files: int
    missing: tuple[str, ...]


def score(gold_dir: Path, build_dir: Path, *, present: bool = False, project: Project | None = None) -> ScoreReport:
    """Measure a build.

    Args:
        gold_dir: Folder of annotation, or one with `events/` and `articles/`. Files are told apart by their keys and
            found in the build by the sha256 of the source file.
        build_dir: The build.
        present: Leave out annotated files the build does not have; else everything in them counts as missed.
        project: Whose build it is, so that spans can be looked up in the files; None to leave that out.

    Raises:
        BroadsheetError: `argument-invalid` if there is no annotation; what cannot be read of the build.
    """
    gold = _read(gold_dir)
    predictions = read_predictions(build_dir)
    missing = tuple(g["id"] for g in gold if g["sha256"] not in predictions.sources)
    if present:
        gold = [g for g in gold if g["id"] not in missing]
    columns: dict[str, Columns] = {}
    events = [g for g in gold if "mentions" in g]
    articles = [g for g in gold if "articles" in g]
    if articles:
        columns |= article_columns(Counts([_file(g, predictions) for g in articles], _resampled(articles)))
    if events:
        columns |= _events(events, predictions)
    if project is not None:
        files = [key for key in dict.fromkeys(g["sha256"] for g in gold) if predictions.files.get(key)]
        counts = score_spans(project, [predictions.files[key] for key in files])
        columns[SPANS] = span_columns(Counts(counts, resampled(files)))
    figures = {group: values(one) for group, one in columns.items()}
    return ScoreReport(figures, {group: intervals(one) for group, one in columns.items()}, len(gold), missing)


def _read(folder: Path) -> list[Json]:
    found = []
    for file in sorted([*folder.glob("*.json"), *folder.glob("events/*.json"), *folder.glob("articles/*.json")]):
        try:
            value = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError, RecursionError) as reason:
            raise error("argument-invalid", f"cannot be read: {reason}", path=file.as_posix()) from reason
        if isinstance(value, dict) and isinstance(value.get("sha256"), str) and {"mentions", "articles"} & set(value):
            found.append({**value, "id": f"{file.parent.name}/{file.stem}"})
    if not found:
        message = f"{folder.as_posix()} holds no annotation (JSON with sha256 and mentions, or articles)"
        raise error("argument-invalid", message, path=folder.as_posix())
    return found


def _article(gold: Json, predictions: Predictions) -> Predicted | None:
    """The article of the file the annotation is of: by title where the file has several."""
    candidates = predictions.files.get(gold["sha256"], [])
    titles = {normalized(gold["article"]["title"])}
    titles |= {normalized(alt["text"]) for alt in gold["article"].get("text_alts", ()) if alt["para"] == -1}
    titled = next((c for c in candidates if normalized(c.row["title"]) in titles), None)
    return titled or (candidates[0] if len(candidates) == 1 else None)


def _file(gold: Json, predictions: Predictions) -> Counter[Key]:
    """The counts of a file whose articles are annotated."""
    tally = ArticleTally()
    source = predictions.sources.get(gold["sha256"])
    score_file(gold, predictions.files.get(gold["sha256"], []), source["status"] if source else None, tally)
    return tally.counted()


def _resampled(gold: list[Json]) -> Weights:
    return resampled([f"{g['sha256']} {g['article']['title'] if 'article' in g else ''}" for g in gold])


@dataclass(frozen=True, slots=True)
class _Read:
    """An annotated article beside the one of the build."""

    gold: Json
    article: Predicted | None
    aligned: Alignment
    votes: Mapping[str, Counter[str]]
    linked: list[tuple[str, str]]
    counts: Counter[Key]


def _events(gold: list[Json], predictions: Predictions) -> dict[str, Columns]:
    read = [_read_names(one, predictions) for one in gold]
    everywhere = defaultdict[str, Counter[str]](Counter)
    for one in read:
        for entity, counted in one.votes.items():
            everywhere[entity].update(counted)
    tallies = []
    for one in read:
        standing = _Entities(one, everywhere, predictions)
        tallies.append(score_events(one.gold, one.article.events() if one.article else [], one.aligned, standing))
    weights = _resampled(gold)
    clusters = [Counter(one.linked) for one in read]
    counts = Counts([one.counts + tally.counts for one, tally in zip(read, tallies, strict=True)], weights)
    return {
        **{group: precision_recall(counts, group) for group in counts.groups(MENTIONS)},
        "entities, B³": b_cubed(clusters, weights),
        "entities, B³ within an article": b_cubed_within(clusters, weights),
        "entities, Wikidata": wikidata_columns(counts),
        **event_columns(counts),
        "events across articles": across_columns(tallies, weights),
        OUTSIDE: {name: counts[OUTSIDE, name] for name in ("mentions", "events")},
    }


def _read_names(gold: Json, predictions: Predictions) -> _Read:
    """Find the article and compare its mentions."""
    article = _article(gold, predictions)
    row = article.row if article else {"title": None, "body": ""}
    aligned = Alignment(gold["article"], row["title"], row["body"] or "")
    wanted = gold_mentions(gold)
    rows = article.mentions if article else []
    predicted = predicted_mentions(rows, aligned)
    pairs = linked(wanted, predicted)
    counts = score_mentions(wanted, predicted) + score_wikidata(gold, pairs, predictions.entities)
    counts[OUTSIDE, "mentions"] = sum(aligned.spot(row["field"], row["start"], row["end"]) is None for row in rows)
    return _Read(gold, article, aligned, votes(wanted, predicted), pairs, counts)


class _Entities:
    """The gold entity a predicted one stands for.

    By mentions here, by mentions anywhere; one this article mentions where nothing is annotated, by item or name.
    """

    def __init__(self, read: _Read, everywhere: Mapping[str, Counter[str]], predictions: Predictions) -> None:
        self._votes = (read.votes, everywhere)
        self._mentioned = {row["entity_id"] for row in read.article.mentions} if read.article else set()
        self._predictions = predictions
        self._items: dict[str, str] = {}
        self._names: dict[str, set[str]] = defaultdict(set)
        for entity in read.gold["entities"]:
            if entity.get("wikidata"):
                self._items[entity["wikidata"]] = entity["entity"]
            for name in (entity["name_en"], entity["name_zh"], *entity["surface_forms"]):
                self._names[normalized(name).casefold()].add(entity["entity"])

    def __call__(self, entity_id: str) -> str:
        for counted in self._votes:
            if counted.get(entity_id):
                return counted[entity_id].most_common(1)[0][0]
        known = self._predictions.entities.get(entity_id, {}) if entity_id in self._mentioned else {}
        if known.get("wikidata") in self._items:
            return self._items[known["wikidata"]]
        named = self._names.get(normalized(known.get("name")).casefold(), set())
        return next(iter(named)) if len(named) == 1 else f"?{entity_id}"
