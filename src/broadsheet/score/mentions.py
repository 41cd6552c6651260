"""Scoring mentions and entities of one article against its annotation."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from broadsheet.score.measures import Tally
from broadsheet.score.predictions import Predicted
from broadsheet.score.texts import TITLE, Alignment, Spot, gold_spot, overlap

TYPES: Final = {"person": "PER", "organization": "ORG", "place": "LOC"}
PROSE: Final = re.compile(r"(?:(PER|ORG|LOC|span) )?[\"“]?([^\s\"“”/+]+)[\"”]?")

Json = dict[str, Any]
Typed = tuple[Spot, str]


@dataclass(frozen=True, slots=True)
class GoldMention:
    """An annotated mention and everything else accepted in its place."""

    spot: Spot
    type: str
    entity: str
    optional: bool
    readings: tuple[tuple[Typed, ...], ...]


def gold_mentions(gold: Mapping[str, Any]) -> list[GoldMention]:
    """The annotated mentions of a gold file."""
    texts = {TITLE: gold["article"]["title"], **dict(enumerate(gold["article"]["paragraphs"]))}
    found = []
    for mention in gold["mentions"]:
        if "alt_spans" in mention:
            readings = [
                tuple((gold_spot(texts.__getitem__, span, mention["para"]), span["type"]) for span in reading)
                for reading in mention["alt_spans"]
            ]
        else:
            readings = _in_prose(mention, texts)
        spot = gold_spot(texts.__getitem__, mention)
        optional = bool(mention.get("optional"))
        found.append(GoldMention(spot, mention["type"], mention["entity"], optional, tuple(readings)))
    return found


def _in_prose(mention: Json, texts: Mapping[int, str]) -> list[tuple[Typed, ...]]:
    """Readings from a note such as `LOC X + ORG Y acceptable` or `span "X" or "Y" acceptable`."""
    text = texts[mention["para"]]
    readings = []
    for reading in re.split(r" / | or ", mention.get("alt") or ""):
        spans: list[Typed] = []
        for kind, words in PROSE.findall(reading):
            start = text.find(words, max(0, mention["start"] - len(words)))
            if words.isalpha() and words.isascii() and words.islower():
                continue  # a word of the note
            if 0 <= start < mention["end"]:
                span = {"para": mention["para"], "start": start, "end": start + len(words)}
                spans.append((gold_spot(texts.__getitem__, span), mention["type"] if kind in ("", "span") else kind))
        if spans:
            readings.append(tuple(spans))
    return readings


def predicted_mentions(article: Predicted, aligned: Alignment) -> dict[Typed, str]:
    """(spot, type) -> entity of the mentions in gold text."""
    found: dict[Typed, str] = {}
    for row in article.mentions:
        spot = aligned.spot(row["field"], row["start"], row["end"])
        if spot is not None:
            found.setdefault((spot, str(TYPES.get(row["type"], row["type"]))), row["entity_id"])
    return found


def score_mentions(gold: list[GoldMention], predicted: Mapping[Typed, str], by_type: Mapping[str, Tally]) -> Tally:
    """Exact span and type. Optional mentions count neither way; an accepted reading counts as the mention.

    Args:
        gold: Annotated mentions.
        predicted: Predicted ones.
        by_type: A tally per type, added to.
    """
    tally = Tally()
    open_ = set(predicted)
    matched: dict[int, list[Typed]] = {}
    for index, mention in enumerate(gold):
        if (mention.spot, mention.type) in open_:
            matched[index] = [(mention.spot, mention.type)]
            open_.discard((mention.spot, mention.type))
    for index, mention in enumerate(gold):
        if index in matched:
            continue
        hits = next((h for reading in mention.readings if (h := [one for one in reading if one in open_])), None)
        if hits:
            matched[index] = hits
            open_.difference_update(hits)
    for index, mention in enumerate(gold):
        if not mention.optional:
            found = index in matched
            for one in (tally, by_type[mention.type]):
                one.found += found
                one.missed += not found
    for spot, kind in open_:
        touched = [mention for mention in gold if overlap(spot, mention.spot)]
        if not touched or not all(mention.optional for mention in touched):
            tally.extra += 1
            by_type[kind].extra += 1
    return tally


def linked(gold: list[GoldMention], predicted: Mapping[Typed, str]) -> list[tuple[str, str]]:
    """(gold entity, predicted entity) of the mentions with equal spans, whatever their type."""
    by_spot = {spot: entity for (spot, _), entity in predicted.items()}
    return [(mention.entity, by_spot[mention.spot]) for mention in gold if mention.spot in by_spot]


def votes(gold: list[GoldMention], predicted: Mapping[Typed, str]) -> dict[str, Counter[str]]:
    """Predicted entity -> gold entities it stands for: overlapping mentions vote, equal spans five times."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for (spot, _), entity in predicted.items():
        for mention in gold:
            if overlap(spot, mention.spot):
                counted[entity][mention.entity] += 5 if spot == mention.spot else 1
    return counted
