"""Whole-corpus steps: duplicates, entities, events merged across articles.

The result depends on the rows alone, not on the order in which files were read.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from broadsheet.resolve.duplicates import mark_duplicates
from broadsheet.resolve.entities import entity_rows
from broadsheet.resolve.events import EventCodes, merge_events
from broadsheet.schema.arrow import rows_to_table
from broadsheet.schema.load import core_tables

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["EventCodes", "resolve"]


def resolve(tables: "Mapping[str, pa.Table]", codes: Mapping[str, EventCodes]) -> "dict[str, pa.Table]":
    """The ten final tables from the rows of all files.

    Args:
        tables: Rows of all shards. `event_reports.event_id` is provisional (`article_id#n`), `entities` are drafts that
            may repeat.
        codes: Codes and labels per event type.

    Returns:
        All ten tables, unsorted.
    """
    core = core_tables()
    articles = mark_duplicates(tables["articles"].to_pylist())
    reports = tables["event_reports"].to_pylist()
    entities = entity_rows(tables["entities"].to_pylist(), tables["mentions"].to_pylist(), articles)
    events, participants = merge_events(reports, articles, entities, codes)
    return {
        **tables,
        "articles": _like(articles, tables["articles"]),
        "event_reports": _like(reports, tables["event_reports"]),
        "entities": rows_to_table(core["entities"], entities),
        "events": rows_to_table(core["events"], events),
        "event_participants": rows_to_table(core["event_participants"], participants),
    }


def _like(rows: list[dict[str, Any]], table: "pa.Table") -> "pa.Table":
    return type(table).from_pylist(rows, schema=table.schema)
