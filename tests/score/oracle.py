"""Hand annotation as the tables of a build: what a perfect annotator would have made."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

TYPES = {"PER": "person", "ORG": "organization", "LOC": "place"}
Rows = dict[str, list[dict[str, Any]]]
DATES = pa.date32()
COLUMNS = {"date_start": DATES, "date_end": DATES, "place_id": pa.string()}


def build_of(gold: Path, folder: Path, change: Callable[[Rows], None] | None = None) -> Path:
    """Write the tables; `change` may spoil the rows first."""
    rows: Rows = {name: [] for name in ("sources", "articles", "entities", "mentions", "events", "event_reports")}
    for file in sorted(gold.glob("*.json")):
        value = json.loads(file.read_text("utf-8"))
        key, article = file.stem, value["article"]
        starts = [sum(len(p) + 2 for p in article["paragraphs"][:i]) for i in range(len(article["paragraphs"]))]
        rows["sources"].append({"source_id": key, "path": key, "sha256": value["sha256"], "status": "parsed"})
        body = "\n\n".join(article["paragraphs"])
        rows["articles"].append(
            {"article_id": key, "source_id": key, "position": 0, "title": article["title"], "body": body}
        )
        for mention in value["mentions"]:
            place = {"entity_id": mention["entity"], "type": TYPES[mention["type"]]}
            rows["mentions"].append({"article_id": key} | place | spot(mention, starts))
        rows["entities"] += [
            {"entity_id": e["entity"], "name": e["name_zh"], "wikidata": e["wikidata"]} for e in value["entities"]
        ]
        for event in value["events"]:
            told = {
                "event_id": event["id"],
                "type": event["type"],
                "status": event["status"].replace("hypothetical/refused", "unrealized"),
                "date_start": day(event["date_start"]),
                "date_end": day(event["date_end"]),
                "participants": [{"entity_id": p["entity"]} for p in event["participants"]],
                "place_id": event["place"],
            }
            rows["event_reports"] += [{"article_id": key} | told | spot(s, starts) for s in event["evidence"]]
    if change:
        change(rows)
    rows["events"] = [{"event_id": key} for key in sorted({row["event_id"] for row in rows["event_reports"]})]
    for name, listed in rows.items():
        table = pa.Table.from_pylist(listed)
        for column, kind in COLUMNS.items():
            if column in table.column_names:
                at = table.schema.get_field_index(column)
                table = table.set_column(at, column, table[column].cast(kind))
        pq.write_table(table, folder / f"{name}.parquet")
    (folder / "report.json").write_text('{"tables": {}}')
    return folder


def spot(span: dict[str, Any], starts: list[int]) -> dict[str, Any]:
    """A span of the annotation in the coordinates of title or body."""
    shift = 0 if span["para"] < 0 else starts[span["para"]]
    field = "title" if span["para"] < 0 else "body"
    return {"field": field, "start": span["start"] + shift, "end": span["end"] + shift}


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
