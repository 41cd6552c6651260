"""The five real files Broadsheet began with, from `init` to both packages, and the figures they must reach.

They are measured by the scorers that lie beside the files and know nothing of Broadsheet but its tables.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from e2e_tools import invoke, rows

FIELDS = ("title", "publ", "lang", "auth", "url", "date")
"""Columns of the article scorer: share of articles whose field has an accepted form."""


@dataclass(frozen=True)
class Measured:
    """The project of the five files, and what the scorers say of it."""

    root: Path
    articles: dict[str, float]
    events: dict[str, dict[str, float]]


@pytest.fixture(scope="module")
def seeds(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Measured:
    root = tmp_path_factory.mktemp("seeds") / "project"
    made = invoke("init", root, "--source", shared / "seeds")
    assert made.stdout.splitlines()[0] == "collection seeds: 5 files, 5 articles"
    for verb in ("build", "check", "package"):
        assert invoke(verb, "-C", root).exit_code == 0
    return Measured(root, _score(shared, root, "articles")["seed"], _score(shared, root, "events"))


def _score(shared: Path, root: Path, what: str) -> dict[str, Any]:
    """What a scorer says, asked about these five files only."""
    names = {file.name for file in (shared / "seeds").iterdir()}
    gold, lines, result = (root.parent / f"{what}{ending}" for ending in ("", ".jsonl", ".json"))
    gold.mkdir()
    for file in sorted((shared / "gold" / what).glob("*.json")):
        told = json.loads(file.read_bytes())
        if Path(told.get("path") or told["file"]).name in names:
            (gold / file.name).write_bytes(file.read_bytes())
    assert len(list(gold.iterdir())) == len(names)
    lines.write_text(_run(shared / "eval/predict.py", what, root / "build"), "utf-8")
    _run(shared / f"eval/score_{what}.py", gold, lines, "--json", result)
    return json.loads(result.read_bytes())


def _run(script: Path, *words: object) -> str:
    command = [sys.executable, str(script), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_fields_of_all_five(seeds: Measured) -> None:
    assert seeds.articles["arts"] == 5
    assert {field: seeds.articles[field] for field in FIELDS} == dict.fromkeys(FIELDS, 1.0)
    assert (seeds.articles["segF1"], seeds.articles["status"]) == (1.0, 1.0)


def test_body_paragraphs(seeds: Measured) -> None:
    assert seeds.articles["pP"] >= 0.99
    assert seeds.articles["pR"] >= 0.99


def test_mentions(seeds: Measured) -> None:
    assert seeds.events["mentions_exact_span_and_type"]["F1"] >= 0.90


def test_events(seeds: Measured) -> None:
    assert seeds.events["events_core"]["core_recall"] >= 0.60
    assert seeds.events["events_all"]["F1"] >= 0.50


def test_the_call_of_12_february_is_one_event_told_by_three(seeds: Measured) -> None:
    build = seeds.root / "build"
    partners: dict[str, set[str]] = {}
    for part in rows(build, "event_participants"):
        partners.setdefault(part["event_id"], set()).add(part["entity_id"])
    day = date(2025, 2, 12)
    calls = [
        event["event_id"]
        for event in rows(build, "events")
        if (event["type"], event["status"], event["date_start"], event["date_end"]) == ("call", "occurred", day, day)
        and {"per/donald-trump", "per/vladimir-putin"} <= partners[event["event_id"]]
    ]
    assert len(calls) == 1
    paths = {row["article_id"]: Path(row["source_path"]).name[:3] for row in rows(build, "articles")}
    told = {paths[row["article_id"]] for row in rows(build, "event_reports") if row["event_id"] == calls[0]}
    assert {"000", "001", "002"} <= told


def test_promises_of_the_tables_hold_when_checked_from_outside(seeds: Measured, shared: Path) -> None:
    told = _run(shared / "eval/verify_build.py", seeds.root / "build", "--root", shared / "seeds")
    found = json.loads(told.splitlines()[0])
    assert found["failures"] == {}
    assert found["rows"]["articles"] == 5
    assert found["source_slices"]["exact"] > 500


def test_frictionless_finds_the_package_valid(seeds: Measured) -> None:
    import frictionless

    report = frictionless.validate(str(seeds.root / "dist/datapackage/datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])


def test_packages_are_sound(seeds: Measured) -> None:
    done = invoke("check", seeds.root / "dist", "--json")
    assert done.exit_code == 0, done.stdout
    assert json.loads(done.stdout)["summary"]["error"] == 0
