"""Scoring events: which of them were found, and how much of them is right."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Final

from broadsheet.score.measures import (
    Column,
    Columns,
    Counts,
    Key,
    Tally,
    Weights,
    assign,
    harmonic,
    of_pairs,
    precision_recall,
    share,
)
from broadsheet.score.predictions import Told
from broadsheet.score.texts import TITLE, Alignment, gold_spot

EVENTS: Final = "events"
CORE: Final = "core events"
STATUS: Final = "events by status"
MATCHED: Final = "of matched events"
PARTICIPANTS: Final = "participants"
EVIDENCE: Final = "evidence, by character"
OUTSIDE: Final = "outside the annotated text"

# Types that careful readers confuse, by the guideline of the gold (section 5, rule 11).
ALIKE: Final = (
    {"call", "talks"},
    {"meeting", "summit", "talks"},
    {"statement", "promise", "demand", "threat"},
    {"aid", "promise"},
    {"invitation", "agreement"},
    {"military_action", "attack"},
)
UNREALIZED: Final = {"hypothetical/refused": "unrealized"}

Json = dict[str, Any]


@dataclass(slots=True)
class EventTally:
    """What was counted in one article.

    Attributes:
        counts: By group of figures and name.
        gold: The annotated events.
        found: Annotated event -> the predicted one matched with it.
    """

    counts: Counter[Key] = field(default_factory=Counter)
    gold: list[str] = field(default_factory=list)
    found: dict[str, str] = field(default_factory=dict)


def event_columns(counts: Counts) -> dict[str, Columns]:
    """All figures of events but those of pairs of articles."""

    def c(name: str, group: str = MATCHED) -> Column:
        return counts[group, name]

    events = precision_recall(counts, EVENTS)
    recall = share(c("core found", CORE), c("core", CORE))
    dated, undated, days, placed = c("dated"), c("undated"), c("days"), c("placed")
    return {
        EVENTS: events,
        CORE: {
            "recall": recall,
            "f1": harmonic(events["precision"], recall),
            "found": c("core found", CORE),
            "gold": c("core", CORE),
        },
        **{group: _of_type(counts, group) for group in counts.groups(f"{EVENTS}, ")},
        **{group: _of_status(counts, group) for group in counts.groups(f"{STATUS}, ")},
        MATCHED: {
            "events": events["found"],
            "type equal": share(c("type"), events["found"]),
            "status equal": share(c("status"), events["found"]),
        },
        "dates of matched events": {
            "dated": dated,
            "both dates equal": share(c("both dates"), dated),
            "first day equal": share(c("first"), dated),
            "last day equal": share(c("last"), dated),
            "any date given": share(c("given"), dated),
            "of one day": days,
            "of one day, equal": share(c("days equal"), days),
            "undated": undated,
            "of undated, date given": share(c("invented"), undated),
        },
        "places of matched events": {
            "with place": placed,
            "place equal": share(c("place"), placed),
            "given where there is none": c("place extra"),
        },
        PARTICIPANTS: precision_recall(counts, PARTICIPANTS),
        EVIDENCE: precision_recall(counts, EVIDENCE),
    }


def _of_type(counts: Counts, group: str) -> Columns:
    """Precision over predictions of a type, recall over gold of it: an event matched by one of a like type is found."""
    found, right, extra, missed = (counts[group, name] for name in ("found", "right", "extra", "missed"))
    precision, recall = share(right, right + extra), share(found, found + missed)
    return {
        "precision": precision,
        "recall": recall,
        "f1": harmonic(precision, recall),
        "gold": found + missed,
        "predicted": right + extra,
        "core recall": share(counts[group, "core found"], counts[group, "core"]),
    }


def _of_status(counts: Counts, group: str) -> Columns:
    found, missed = counts[group, "found"], counts[group, "missed"]
    return {"recall": share(found, found + missed), "gold": found + missed}


def across_columns(articles: Sequence[EventTally], weights: Weights) -> Columns:
    """Pairs of articles that tell one event: joined by the build, and rightly."""
    wanted, joined, right = Counter[tuple[int, int]](), Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    for (a, left), (b, other) in combinations(enumerate(articles), 2):
        wanted[a, b] = len(set(left.gold) & set(other.gold))
        events = defaultdict(list)
        for gold, predicted in other.found.items():
            events[predicted].append(gold)
        for gold, predicted in left.found.items():
            joined[a, b] += len(events[predicted])
            right[a, b] += gold in events[predicted]
    pairs, made, hit = (of_pairs(+counted, weights) for counted in (wanted, joined, right))
    return {
        "gold pairs": pairs,
        "joined": made,
        "precision": share(hit, made),
        "recall": share(hit, pairs),
        "f1": share(2 * hit, pairs + made),
    }


@dataclass(frozen=True, slots=True)
class Claim:
    """An event as one side has it, in terms both sides share.

    Attributes:
        id: Of the event.
        types: Its type first, then others it may be filed under.
        status: In the words of the tables.
        dates: First and last day.
        place: Gold entity.
        people: Gold entities, a government as its country.
        cells: Characters of evidence: (gold paragraph, position).
        lost: Characters of evidence outside the gold's text.
    """

    id: str
    types: tuple[str, ...]
    status: str
    dates: tuple[str | None, str | None]
    place: str | None
    people: frozenset[str]
    cells: frozenset[tuple[int, int]]
    lost: int = 0


def score_events(
    gold: Mapping[str, Any], told: list[Told], aligned: Alignment, entity: Callable[[str], str]
) -> EventTally:
    """Count one article.

    An event is found if types are equal or alike, date bounds overlap (a missing bound is open), a participant is
    shared (a government and its country are one actor) and evidence overlaps by a character; matches are one to one.

    Args:
        gold: The gold file.
        told: Events the build has for this article.
        aligned: Where texts of the build stand in the gold.
        entity: Gold entity of a predicted one.
    """
    predicted = [claim for one in told if (claim := _predicted(one, aligned, entity)).cells or not one.spans]
    texts = {TITLE: gold["article"]["title"], **dict(enumerate(gold["article"]["paragraphs"]))}
    wanted = [_annotated(event, texts.__getitem__) for event in gold["events"]]
    core = [event["certainty"] == "core" for event in gold["events"]]
    weights = [
        [_weight(event, claim, p) + (0.5 if main and _weight(event, claim, p) else 0) for p in predicted]
        for event, claim, main in zip(gold["events"], wanted, core, strict=True)
    ]
    matches = assign(weights) if predicted and wanted else {}
    tally = EventTally(gold=[claim.id for claim in wanted])
    tally.counts[OUTSIDE, "events"] = len(told) - len(predicted)
    for index, claim in enumerate(wanted):
        outcome = "found" if index in matches else "missed"
        kind = f"{EVENTS}, {claim.types[0]}"
        for group in (EVENTS, kind, f"{STATUS}, {claim.status}"):
            tally.counts[group, outcome] += 1
        for group in (CORE, kind):
            tally.counts[group, "core"] += core[index]
            tally.counts[group, "core found"] += core[index] and index in matches
        if index in matches:
            found = predicted[matches[index]]
            tally.found[claim.id] = found.id
            _compare(claim, gold["events"][index]["precision"], found, tally.counts)
    for index, found in enumerate(predicted):
        if index in matches.values():
            tally.counts[f"{EVENTS}, {found.types[0]}", "right"] += 1
        else:
            tally.counts[f"{EVENTS}, {found.types[0]}", "extra"] += 1
            tally.counts[EVENTS, "extra"] += 1
    return tally


def _annotated(event: Json, texts: Callable[[int], str]) -> Claim:
    spots = [gold_spot(texts, span) for span in event["evidence"]]
    return Claim(
        event["id"],
        (event["type"],),
        str(UNREALIZED.get(event["status"], event["status"])),
        (event["date_start"], event["date_end"]),
        event["place"],
        frozenset(actor(p["entity"]) for p in event["participants"]),
        frozenset((s[0], i) for s in spots for i in range(s[1], s[2])),
    )


def _predicted(told: Told, aligned: Alignment, entity: Callable[[str], str]) -> Claim:
    spots = [aligned.spot(*span) for span in told.spans]
    return Claim(
        told.event_id,
        told.types,
        told.status,
        told.dates,
        entity(told.place) if told.place else None,
        frozenset(actor(entity(person)) for person in told.participants),
        frozenset((s[0], i) for s in spots if s for i in range(s[1], s[2])),
        sum(end - start for (_, start, end), spot in zip(told.spans, spots, strict=True) if not spot),
    )


def _compare(gold: Claim, precision: str | None, found: Claim, counts: Counter[Key]) -> None:
    """Count what is right of a matched event."""
    for group, left, right in ((PARTICIPANTS, gold.people, found.people), (EVIDENCE, gold.cells, found.cells)):
        counts.update(Tally(len(left & right), len(right - left), len(left - right)).counted(group))
    counts[EVIDENCE, "extra"] += found.lost
    counts[MATCHED, "type"] += gold.types[0] == found.types[0]
    counts[MATCHED, "status"] += gold.status == found.status
    both = gold.dates == found.dates
    if any(gold.dates):
        day = precision == "day" and gold.dates[0] == gold.dates[1]
        agreed = {"dated": True, "both dates": both, "given": any(found.dates), "days": day, "days equal": day and both}
        agreed |= {"first": gold.dates[0] == found.dates[0], "last": gold.dates[1] == found.dates[1]}
    else:
        agreed = {"undated": True, "invented": any(found.dates)}
    if gold.place:
        agreed |= {"placed": True, "place": gold.place == found.place}
    else:
        agreed["place extra"] = found.place is not None
    for name, holds in agreed.items():
        counts[MATCHED, name] += holds


def _weight(event: Json, gold: Claim, found: Claim) -> float:
    """0 for no match; else more for what agrees beyond the least, so that the best of several is taken."""
    shared, cells = gold.people & found.people, gold.cells & found.cells
    if not shared or not cells or not alike(event, found.types) or not _overlap(gold.dates, found.dates):
        return 0.0
    same = 4 * (gold.types[0] == found.types[0]) + (gold.status == found.status) + (gold.dates == found.dates)
    overlaps = len(shared) / len(gold.people | found.people) + len(cells) / len(gold.cells | found.cells)
    return 100.0 + same + 2 * overlaps + 1.5 * (gold.place == found.place)


def alike(event: Json, types: tuple[str, ...]) -> bool:
    """Whether one of the types may stand for the gold's."""
    also = event.get("type_alt") or []
    wanted = [event["type"], *([also] if isinstance(also, str) else also)]
    if any(w == t or any({w, t} <= pair for pair in ALIKE) for w in wanted for t in types):
        return True
    press = event["type"] == "other" and "press-conference" in event["id"]
    return press and bool({"statement", "meeting"} & set(types))


def _overlap(left: tuple[str | None, str | None], right: tuple[str | None, str | None]) -> bool:
    return (left[0] or "0000") <= (right[1] or "9999") and (right[0] or "0000") <= (left[1] or "9999")


def actor(entity: str) -> str:
    """A government and its country are one actor."""
    if entity == "org/us-government":
        return "loc/united-states"
    return entity.replace("org/government-of-", "loc/") if entity.startswith("org/government-of-") else entity
