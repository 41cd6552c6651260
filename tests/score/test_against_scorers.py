"""The figures are those of the scorers that lie beside the annotation, on tables with every kind of mistake."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from oracle import build_of

from broadsheet.score import score

SHARED = Path(os.environ.get("BROADSHEET_SHARED", Path(__file__).parents[3] / "shared"))
GOLD, SCORERS = SHARED / "gold" / "events", SHARED / "eval"

REPORTS = "event_reports"
PRF = {"precision": "P", "recall": "R", "f1": "F1"}
SAME = {
    ("mentions",): ("mentions_exact_span_and_type",),
    ("entities, B³",): ("entities_b3_all_articles",),
    ("entities, B³ within an article",): ("entities_b3_within_article",),
    ("events",): ("events_all",),
    ("participants",): ("on_matched_events", "participants"),
    ("evidence, by character",): ("on_matched_events", "evidence_characters"),
}
SINGLE = {
    ("entities, Wikidata", "equal"): ("wikidata", "accuracy"),
    ("core events", "recall"): ("events_core", "core_recall"),
    ("core events", "f1"): ("events_core", "F1"),
    ("outside the annotated text", "mentions"): ("paragraphs", "pred_mentions_outside_gold_text"),
    ("of matched events", "type equal"): ("on_matched_events", "type_equal"),
    ("of matched events", "status equal"): ("on_matched_events", "status_accuracy"),
    ("dates of matched events", "both dates equal"): ("on_matched_events", "dates", "both_bounds_equal"),
    ("dates of matched events", "first day equal"): ("on_matched_events", "dates", "start_equal"),
    ("dates of matched events", "last day equal"): ("on_matched_events", "dates", "end_equal"),
    ("dates of matched events", "any date given"): ("on_matched_events", "dates", "any_date_given"),
    ("dates of matched events", "of one day, equal"): ("on_matched_events", "dates", "single_day_right"),
    ("dates of matched events", "of undated, date given"): ("on_matched_events", "dates", "date_invented"),
    ("places of matched events", "place equal"): ("on_matched_events", "place", "accuracy"),
    ("places of matched events", "given where there is none"): (
        "on_matched_events", "place", "place_where_gold_has_none",
    ),
    ("events across articles", "gold pairs"): ("cross_article_events", "gold_pairs"),
    ("events across articles", "joined"): ("cross_article_events", "predicted_joins_between_matched"),
    ("events across articles", "precision"): ("cross_article_events", "join_precision"),
    ("events across articles", "recall"): ("cross_article_events", "recall"),
    ("events across articles", "f1"): ("cross_article_events", "F1"),
}  # fmt: skip


def spoiled(rows: dict[str, list[dict[str, Any]]]) -> None:
    """Mistakes of every kind, by position: names lost, moved and mixed up; events lost, misdated, misnamed, joined."""
    kept = []
    for at, row in enumerate(rows["mentions"]):
        if at % 11 == 0:
            continue
        change: dict[str, Any] = {}
        if at % 13 == 0:
            change["end"] = row["end"] + 1
        if at % 17 == 0:
            change["type"] = "place"
        if at % 19 == 0:
            change["entity_id"] = rows["mentions"][at - 1]["entity_id"]
        kept.append(row | change)
    rows["mentions"] = kept
    told = []
    numbers = {key: at for at, key in enumerate(dict.fromkeys((r["article_id"], r["event_id"]) for r in rows[REPORTS]))}
    for row in rows[REPORTS]:
        number = numbers[row["article_id"], row["event_id"]]
        if number % 9 == 4:
            continue
        change = {}
        if number % 5 == 0 and row["date_start"]:
            change["date_end"] = row["date_start"]
        if number % 7 == 0:
            change |= {"date_start": None, "participants": row["participants"][:1]}
        if number % 6 == 0:
            change |= {"type": "talks", "status": "scheduled", "place_id": None}
        if number % 8 == 0:
            change |= {"end": row["start"] + 6, "event_id": f"{row['event_id']}-{row['article_id']}"}
        if number % 10 == 0:
            change |= {"place_id": rows["entities"][0]["entity_id"]}
        told.append(row | change)
    rows[REPORTS] = told


def at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


@pytest.mark.skipif(not GOLD.is_dir(), reason="the hand annotation is not here (BROADSHEET_SHARED)")
def test_figures_are_those_of_the_scorers(tmp_path: Path) -> None:
    build = build_of(GOLD, tmp_path, spoiled)
    lines, result = tmp_path / "events.jsonl", tmp_path / "events.json"
    lines.write_text(run(SCORERS / "predict.py", "events", build), "utf-8")
    run(SCORERS / "score_events.py", GOLD, lines, "--json", result)
    theirs, ours = json.loads(result.read_bytes()), score(GOLD, build).figures
    pairs = {(group, name): (*path, key) for (group,), path in SAME.items() for name, key in PRF.items()} | SINGLE
    for kind, figures in theirs["mentions_by_type"].items():
        pairs |= {(f"mentions, {kind}", name): ("mentions_by_type", kind, key) for name, key in PRF.items() if figures}
    different = {}
    for (group, name), path in pairs.items():
        mine, other = ours[group][name], at(theirs, path)
        if mine != pytest.approx(other, abs=0.00011):
            different[group, name] = (mine, other)
    assert different == {}
    for kind, figures in theirs["events_by_type"].items():
        mine = ours[f"events, {kind}"]
        assert [mine[name] or 0.0 for name in PRF] == pytest.approx([figures[key] for key in PRF.values()], abs=0.00011)
        assert mine["core recall"] == figures["core_recall"]
    assert 0.5 < ours["events"]["f1"] < 0.95, "the tables hold no mistakes worth measuring"
    assert 0.5 < ours["mentions"]["f1"] < 0.95


def run(script: Path, *words: object) -> str:
    command = [sys.executable, str(script), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
