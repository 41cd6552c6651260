"""Scoring mentions and entities of one article against its annotation."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from broadsheet.score.measures import Columns, Counts, Key, Tally, share
from broadsheet.score.predictions import Row
from broadsheet.score.texts import TITLE, Alignment, Spot, gold_spot, overlap

TYPES: Final = {"person": "PER", "organization": "ORG", "place": "LOC"}
MENTIONS: Final = "mentions"
WIKIDATA: Final = "entities, Wikidata"
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


def predicted_mentions(rows: Iterable[Row], aligned: Alignment) -> dict[Typed, str]:
    """(spot, type) -> entity of the mentions in gold text."""
    found: dict[Typed, str] = {}
    for row in rows:
        spot = aligned.spot(row["field"], row["start"], row["end"])
        if spot is not None:
            found.setdefault((spot, str(TYPES.get(row["type"], row["type"]))), row["entity_id"])
    return found


def score_mentions(gold: list[GoldMention], predicted: Mapping[Typed, str]) -> Counter[Key]:
    """Exact span and type. Optional mentions count neither way; an accepted reading counts as the mention.

    Args:
        gold: Annotated mentions.
        predicted: Predicted ones.

    Returns:
        Counts of all mentions, and of each type.
    """
    by_type: dict[str, Tally] = defaultdict(Tally)
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
            by_type[mention.type].found += index in matched
            by_type[mention.type].missed += index not in matched
    for spot, kind in open_:
        touched = [mention for mention in gold if overlap(spot, mention.spot)]
        if not touched or not all(mention.optional for mention in touched):
            by_type[kind].extra += 1
    counts: Counter[Key] = Counter()
    for kind, tally in by_type.items():
        counts.update(tally.counted(f"{MENTIONS}, {kind}"))
        counts.update(tally.counted(MENTIONS))
    return counts


def linked(gold: list[GoldMention], predicted: Mapping[Typed, str]) -> list[tuple[str, str]]:
    """(gold entity, predicted entity) of the mentions with equal spans, whatever their type."""
    by_spot = {spot: entity for (spot, _), entity in predicted.items()}
    return [(mention.entity, by_spot[mention.spot]) for mention in gold if mention.spot in by_spot]


def score_wikidata(gold: Mapping[str, Any], pairs: list[tuple[str, str]], entities: Mapping[str, Row]) -> Counter[Key]:
    """Of linked mentions whose entity the annotator gave an item of Wikidata: whether the build gives it, and the same.

    Args:
        gold: The gold file.
        pairs: What `linked` found.
        entities: Entities of the build.
    """
    items = {entity["entity"]: entity.get("wikidata") for entity in gold["entities"]}
    counts: Counter[Key] = Counter()
    for true, given in pairs:
        wanted, item = items.get(true), entities.get(given, {}).get("wikidata")
        counts[WIKIDATA, "gold"] += bool(wanted)
        counts[WIKIDATA, "given"] += bool(wanted and item)
        counts[WIKIDATA, "equal"] += bool(wanted and item == wanted)
    return counts


def wikidata_columns(counts: Counts) -> Columns:
    """Shares of the mentions whose item is known."""
    gold = counts[WIKIDATA, "gold"]
    return {
        "given": share(counts[WIKIDATA, "given"], gold),
        "equal": share(counts[WIKIDATA, "equal"], gold),
        "mentions": gold,
    }


def votes(gold: list[GoldMention], predicted: Mapping[Typed, str]) -> dict[str, Counter[str]]:
    """Predicted entity -> gold entities it stands for: overlapping mentions vote, equal spans five times."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for (spot, _), entity in predicted.items():
        for mention in gold:
            if overlap(spot, mention.spot):
                counted[entity][mention.entity] += 5 if spot == mention.spot else 1
    return counted
