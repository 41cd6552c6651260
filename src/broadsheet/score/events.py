"""Scoring events: which of them were found, and how much of them is right."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from broadsheet.score.measures import Figures, Tally, assign, harmonic, share
from broadsheet.score.predictions import Told
from broadsheet.score.texts import TITLE, Alignment, gold_spot

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
    """Counts over all articles."""

    events: Tally = field(default_factory=Tally)
    participants: Tally = field(default_factory=Tally)
    evidence: Tally = field(default_factory=Tally)
    counts: Counter[str] = field(default_factory=Counter)
    found: dict[tuple[str, str], str] = field(default_factory=dict)  # (gold event, file) -> predicted event
    gold: dict[str, list[str]] = field(default_factory=dict)  # gold event -> files that tell it

    def figures(self) -> dict[str, Figures]:
        """All figures of events."""
        c = self.counts
        events = self.events.figures()
        core_recall = share(c["core found"], c["core"]) or 0.0
        precision = float(events["precision"] or 0)
        return {
            "events": events,
            "core events": {"recall": core_recall, "f1": harmonic(precision, core_recall), "gold": c["core"]},
            "of matched events": {
                "events": self.events.found,
                "type equal": share(c["type"], self.events.found),
                "status equal": share(c["status"], self.events.found),
                "dated": c["dated"],
                "both dates equal": share(c["both dates"], c["dated"]),
                "place equal": share(c["place"], c["placed"]),
            },
            "participants": self.participants.figures(),
            "evidence, by character": self.evidence.figures(),
            "events across articles": self._across(),
        }

    def _across(self) -> Figures:
        """Pairs of articles that tell one event: joined by the build, and rightly."""
        wanted = {(key, a, b) for key, files in self.gold.items() for i, a in enumerate(files) for b in files[i + 1 :]}
        joined = [(x, y) for x in self.found.items() for y in self.found.items() if x[0][1] < y[0][1] and x[1] == y[1]]
        right = sum(left[0][0] == other[0][0] for left, other in joined)
        recall, precision = share(right, len(wanted)), share(right, len(joined))
        f1 = harmonic(precision or 0.0, recall or 0.0) if wanted else None
        return {"gold pairs": len(wanted), "joined": len(joined), "precision": precision, "recall": recall, "f1": f1}


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
    gold: Mapping[str, Any], told: list[Told], aligned: Alignment, entity: Callable[[str], str], tally: EventTally
) -> None:
    """Add one article.

    An event is found if types are equal or alike, date bounds overlap (a missing bound is open), a participant is
    shared (a government and its country are one actor) and evidence overlaps by a character; matches are one to one.

    Args:
        gold: The gold file, with its name under `id`.
        told: Events the build has for this article.
        aligned: Where texts of the build stand in the gold.
        entity: Gold entity of a predicted one.
        tally: Added to.
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
    for index, claim in enumerate(wanted):
        tally.gold.setdefault(claim.id, []).append(gold["id"])
        tally.counts["core"] += core[index]
        if index in matches:
            tally.counts["core found"] += core[index]
            tally.found[claim.id, gold["id"]] = predicted[matches[index]].id
            _compare(claim, predicted[matches[index]], tally)
    tally.events.missed += len(wanted) - len(matches)
    tally.events.extra += len(predicted) - len(matches)


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


def _compare(gold: Claim, found: Claim, tally: EventTally) -> None:
    """Count what is right of a matched event."""
    tally.events.found += 1
    for counted, left, right in (
        (tally.participants, gold.people, found.people),
        (tally.evidence, gold.cells, found.cells),
    ):
        counted.found += len(left & right)
        counted.extra += len(right - left)
        counted.missed += len(left - right)
    tally.evidence.extra += found.lost
    tally.counts["type"] += gold.types[0] == found.types[0]
    tally.counts["status"] += gold.status == found.status
    if any(gold.dates):
        tally.counts["dated"] += 1
        tally.counts["both dates"] += gold.dates == found.dates
    if gold.place:
        tally.counts["placed"] += 1
        tally.counts["place"] += gold.place == found.place


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
