"""The generated parts of docs/quality.md: what `broadsheet score` says of the annotated development files.

Run it (`.venv/bin/python tests/score/quality_page.py`) after a change of rules; it needs the development data.
"""

import json
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from broadsheet.engine import build
from broadsheet.project import Project, load_project
from broadsheet.score import ScoreReport, score

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "quality.md"
SHARED = Path(os.environ.get("BROADSHEET_SHARED", ROOT.parent / "shared"))
COMMAND = ".venv/bin/python tests/score/quality_page.py"
PART = re.compile(r"(<!-- generated: (\w+)[^\n]* -->\n).*?(<!-- end of generated -->)", re.DOTALL)

SUMMARY = (
    ("mentions, precision", "mentions", "precision"),
    ("mentions, recall", "mentions", "recall"),
    ("mentions, F1", "mentions", "f1"),
    ("entities, B³ over all articles", "entities, B³", "f1"),
    ("entities, item of Wikidata equal", "entities, Wikidata", "equal"),
    ("events, precision", "events", "precision"),
    ("events, recall", "events", "recall"),
    ("events, F1", "events", "f1"),
    ("core events, recall", "core events", "recall"),
    ("type equal, of matched events", "of matched events", "type equal"),
    ("status equal, of matched events", "of matched events", "status equal"),
    ("both dates equal, of matched events with a date", "dates of matched events", "both dates equal"),
    ("both dates equal, of those of one day", "dates of matched events", "of one day, equal"),
    ("a date given, of matched events without one", "dates of matched events", "of undated, date given"),
    ("place equal, of matched events with a place", "places of matched events", "place equal"),
    ("participants, precision", "participants", "precision"),
    ("participants, recall", "participants", "recall"),
    ("participants, F1", "participants", "f1"),
    ("evidence, precision by character", "evidence, by character", "precision"),
    ("evidence, recall by character", "evidence, by character", "recall"),
    ("pairs of articles that tell one event, precision", "events across articles", "precision"),
    ("pairs of articles that tell one event, recall", "events across articles", "recall"),
    ("pairs of articles that tell one event, F1", "events across articles", "f1"),
    ("spans that re-slice from the source", "spans that re-slice", "share"),
)
FIELDS = ("title", "publisher", "language", "published", "day", "authors", "url", "status")


def annotated(kind: str) -> list[dict[str, Any]]:
    """The annotation of one kind."""
    return [json.loads(file.read_text("utf-8")) for file in sorted((SHARED / "gold" / kind).glob("*.json"))]


def gold_project(root: Path) -> Project:
    """A project of all annotated files, one collection for each folder they lie in."""
    collections = set()
    for gold in (*annotated("events"), *annotated("articles")):
        path = gold.get("path") or gold["file"]
        found = (SHARED / place / path for place in ("corpora", ".", "seeds"))
        file = next(file for file in found if file.is_file())
        name, *below = file.relative_to(SHARED / "seeds" if "seeds" in file.parts else SHARED / "corpora").parts
        target = root / "sources" / ("seeds" if not below else name) / Path(*below or [name])
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        collections.add(target.relative_to(root / "sources").parts[0])
    lines = [f'  - {{name: {n.replace("_", "-")}, files: ["sources/{n}/**"]}}\n' for n in sorted(collections)]
    (root / "datapackage.yaml").write_text("name: annotated\nsources:\n" + "".join(lines), "utf-8")
    return load_project(root)


def measured(folder: Path) -> ScoreReport:
    """Build all annotated files in a folder and score them."""
    project = gold_project(folder)
    failed = build(project, jobs=1).rejects.keys() & {"parse-failed", "annotate-failed"}
    assert not failed, f"this code cannot be measured: {sorted(failed)}"
    return score(SHARED / "gold", project.build_dir, project=project)


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = ["F1" if head == "f1" else head for head in heads]
    rules = ["---", *("---" if "interval" in head or not head else "---:" for head in heads[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, rules, *rows)) + "\n"


def shown(value: float | int | None) -> str:
    return "" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


class Parts:
    """The generated parts, by name."""

    def __init__(self, report: ScoreReport) -> None:
        self.figures: Mapping[str, Mapping[str, Any]] = report.figures
        self.intervals: Mapping[str, Mapping[str, Any]] = report.intervals
        self.parts = {
            "gold": self.gold(),
            "summary": table(
                ("of the sixteen articles", "figure", "95 % interval"),
                ((label, *self.cell(group, name)) for label, group, name in SUMMARY),
            ),
            "mentions": self.by_group("mentions, ", ("found", "extra", "missed"), ("precision", "recall", "f1"), "f1"),
            "events": self.by_group(
                "events, ", ("gold", "predicted"), ("precision", "recall", "f1", "core recall"), "f1"
            ),
            "statuses": self.by_group("events by status, ", ("gold",), ("recall",), "recall"),
            "fields": self.fields(),
        }

    def cell(self, group: str, name: str) -> tuple[str, str]:
        bounds = self.intervals[group][name]
        return shown(self.figures[group][name]), f"{bounds[0]:.3f} to {bounds[1]:.3f}" if bounds else ""

    def by_group(self, start: str, counts: tuple[str, ...], shares: tuple[str, ...], main: str) -> str:
        """A row for every group whose name begins so; the main share has its interval."""
        rows = []
        for group in sorted(group for group in self.figures if group.startswith(start)):
            row = [f"`{group.removeprefix(start)}`", *(shown(self.figures[group][name]) for name in counts)]
            for name in shares:
                row += self.cell(group, name) if name == main else self.cell(group, name)[:1]
            rows.append(row)
        heads = [head for name in shares for head in ((name, "95 % interval") if name == main else (name,))]
        return table(("", *counts, *heads), rows)

    def fields(self) -> str:
        rows = [(name, *self.cell("article fields", name)) for name in FIELDS]
        rows += [
            (f"{group}, {name}", *self.cell(group, name))
            for group in ("paragraphs", "articles per file")
            for name in ("precision", "recall")
        ]
        count = self.figures["article fields"]["articles"]
        return table((f"of {count} articles", "figure", "95 % interval"), rows)

    def gold(self) -> str:
        """Counts of the annotation, read from it."""
        events = annotated("events")
        articles = [gold["article"] for gold in events]
        publishers = sorted(Counter(article["publisher"] for article in articles).items(), key=lambda i: (-i[1], i[0]))
        years = Counter(article["published"][:4] for article in articles)
        told = Counter(event["id"] for gold in events for event in gold["events"])
        certain = Counter(event["certainty"] for gold in events for event in gold["events"])
        rows = [
            ("articles", str(len(events))),
            ("of which Traditional Chinese", str(sum(article["lang"] == "zh-Hant" for article in articles))),
            ("in other languages than Chinese", str(sum(article["lang"][:2] != "zh" for article in articles))),
            ("publishers", ", ".join(f"{name} {number}" for name, number in publishers)),
            ("years", ", ".join(f"{year}: {n}" for year, n in sorted(years.items()))),
            ("paragraphs", str(sum(len(article["paragraphs"]) for article in articles))),
            ("mentions", str(sum(len(gold["mentions"]) for gold in events))),
            ("of which optional", str(sum(bool(m.get("optional")) for gold in events for m in gold["mentions"]))),
            ("entities", str(len({entity["entity"] for gold in events for entity in gold["entities"]}))),
            ("tellings of events, core and minor", f"{certain['core']} and {certain['minor']}"),
            ("events told by several articles", str(sum(number > 1 for number in told.values()))),
            ("files annotated for their fields and paragraphs", str(len(annotated("articles")))),
        ]  # fmt: skip
        return table(("of the annotation", ""), rows)


def page(text: str, report: ScoreReport) -> str:
    """The page with its generated parts as they should be."""
    parts = Parts(report).parts
    return PART.sub(lambda match: f"{match[1]}\n{parts[match[2]]}\n{match[3]}", text)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(page(PAGE.read_text("utf-8"), measured(Path(folder))), "utf-8")


if __name__ == "__main__":
    main()
