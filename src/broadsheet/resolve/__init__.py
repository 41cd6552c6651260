"""Whole-corpus steps: duplicates, entities, events merged across articles.

The result depends on the rows alone, not on the order in which files were read.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from broadsheet.resolve.duplicates import mark_duplicates
from broadsheet.resolve.entities import entity_rows
from broadsheet.resolve.events import EventCodes, merge_events
from broadsheet.schema.arrow import rows_to_table
from broadsheet.schema.load import core_tables

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["EventCodes", "resolve"]

# What whole-corpus steps read of an article; segments and the like stay columns.
COMPARED: Final = [
    "article_id",
    "source_id",
    "source_path",
    "url",
    "publisher",
    "published_at",
    "published_local",
    "archived_at",
    "body",
    "body_sha256",
    "character_count",
    "truncated",
]


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
    articles = mark_duplicates(tables["articles"].select(COMPARED).to_pylist())
    reports = tables["event_reports"].to_pylist()
    mentions = tables["mentions"].select(["entity_id", "article_id", "surface"]).to_pylist()
    entities = entity_rows(tables["entities"].to_pylist(), mentions, reports, articles)
    events, participants = merge_events(reports, articles, entities, codes)
    return {
        **tables,
        "articles": _with(tables["articles"], articles, "duplicate_of", "duplicate_kind"),
        "event_reports": _with(tables["event_reports"], reports, "event_id"),
        "entities": rows_to_table(core["entities"], entities),
        "events": rows_to_table(core["events"], events),
        "event_participants": rows_to_table(core["event_participants"], participants),
    }


def _with(table: "pa.Table", rows: list[dict[str, Any]], *columns: str) -> "pa.Table":
    """The table with these columns as the rows have them."""
    import pyarrow as pa

    for name in columns:
        at = table.schema.get_field_index(name)
        field = table.schema.field(at)
        table = table.set_column(at, field, pa.array([row[name] for row in rows], field.type))
    return table
