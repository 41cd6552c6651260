"""`score`: a build against a folder of hand annotation."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from broadsheet.findings import error
from broadsheet.score.articles import ArticleTally, score_file
from broadsheet.score.events import EventTally, score_events
from broadsheet.score.measures import Figures, Tally, b_cubed
from broadsheet.score.mentions import gold_mentions, linked, predicted_mentions, score_mentions, votes
from broadsheet.score.predictions import Predicted, Predictions, read_predictions
from broadsheet.score.texts import Alignment, normalized

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ScoreReport:
    """Figures by what they measure.

    Attributes:
        figures: Measure -> name -> value (shares from 0 to 1, counts, None where there was nothing to measure).
        files: How many annotated files were counted.
        missing: Annotated files the build does not have.
    """

    figures: Mapping[str, Figures]
    files: int
    missing: tuple[str, ...]


def score(gold_dir: Path, build_dir: Path, *, present: bool = False) -> ScoreReport:
    """Measure a build.

    Args:
        gold_dir: Folder of annotation, or one with `events/` and `articles/`. Files are told apart by their keys and
            found in the build by the sha256 of the source file.
        build_dir: The build.
        present: Leave out annotated files the build does not have; else everything in them counts as missed.

    Raises:
        BroadsheetError: `argument-invalid` if there is no annotation; what cannot be read of the build.
    """
    gold = _read(gold_dir)
    predictions = read_predictions(build_dir)
    missing = tuple(g["id"] for g in gold if g["sha256"] not in predictions.sources)
    if present:
        gold = [g for g in gold if g["id"] not in missing]
    figures: dict[str, Figures] = {}
    events = [g for g in gold if "mentions" in g]
    articles = [g for g in gold if "articles" in g]
    if articles:
        tally = ArticleTally()
        for one in articles:
            source = predictions.sources.get(one["sha256"])
            status = source["status"] if source else None
            score_file(one, predictions.files.get(one["sha256"], []), status, tally)
        figures |= tally.figures()
    if events:
        figures |= _events(events, predictions)
    return ScoreReport(figures, len(gold), missing)


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


def _events(gold: list[Json], predictions: Predictions) -> dict[str, Figures]:
    by_type: dict[str, Tally] = defaultdict(Tally)
    total, items, everywhere = Tally(), [], defaultdict[str, Counter[str]](Counter)
    read = []
    for one in gold:
        article = _article(one, predictions)
        row = article.row if article else {"title": None, "body": ""}
        aligned = Alignment(one["article"], row["title"], row["body"] or "")
        wanted = gold_mentions(one)
        predicted = predicted_mentions(article, aligned) if article else {}
        tally = score_mentions(wanted, predicted, by_type)
        for name in ("found", "extra", "missed"):
            setattr(total, name, getattr(total, name) + getattr(tally, name))
        items += linked(wanted, predicted)
        counted = votes(wanted, predicted)
        for entity, counts in counted.items():
            everywhere[entity].update(counts)
        read.append((one, article, aligned, counted))
    events = EventTally()
    for one, article, aligned, counted in read:
        standing = _Entities(one, counted, everywhere, predictions)
        score_events(one, article.events() if article else [], aligned, standing, events)
    types = {f"mentions, {kind}": tally.figures() for kind, tally in sorted(by_type.items())}
    return {"mentions": total.figures(), **types, "entities, B³": b_cubed(items), **events.figures()}


class _Entities:
    """The gold entity a predicted one stands for: by mentions here, by mentions anywhere, by name."""

    def __init__(
        self,
        gold: Json,
        here: Mapping[str, Counter[str]],
        everywhere: Mapping[str, Counter[str]],
        predictions: Predictions,
    ) -> None:
        self._votes = (here, everywhere)
        self._predictions = predictions
        self._names: dict[str, set[str]] = defaultdict(set)
        for entity in gold["entities"]:
            for name in (entity["name_en"], entity["name_zh"], *entity["surface_forms"]):
                self._names[normalized(name).casefold()].add(entity["entity"])

    def __call__(self, entity_id: str) -> str:
        for counted in self._votes:
            if counted.get(entity_id):
                return counted[entity_id].most_common(1)[0][0]
        named = self._names.get(normalized(self._predictions.entities.get(entity_id, {}).get("name")).casefold(), set())
        return next(iter(named)) if len(named) == 1 else f"?{entity_id}"
