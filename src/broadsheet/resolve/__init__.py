"""Whole-corpus steps: duplicates, entities, events merged across articles.

The result depends on the rows alone, not on the order in which files were read. Tables are held on disk and read in
batches, only the columns a step needs; no step reads a body.
"""

from collections.abc import Mapping
from pathlib import Path

from broadsheet.resolve.duplicates import find_copies, lay_copies
from broadsheet.resolve.entities import entity_rows
from broadsheet.resolve.events import EventCodes, merge_events
from broadsheet.resolve.held import Held
from broadsheet.resolve.reports import lay_events, load_reports, reported_articles, told_of
from broadsheet.schema.arrow import rows_to_table
from broadsheet.schema.load import core_tables

__all__ = ["EventCodes", "resolve"]


def resolve(tables: Mapping[str, Held], codes: Mapping[str, EventCodes], spill: Path | None = None) -> dict[str, Held]:
    """The ten final tables from the rows of all files.

    Args:
        tables: Rows of all shards. `articles` has a column of sketches, `event_reports.event_id` is provisional
            (`article_id#n`), `entities` are drafts that may repeat. Columns that are decided here are laid over them.
        codes: Codes and labels per event type.
        spill: Folder for what does not fit in memory.

    Returns:
        All ten tables; the new ones sorted by key, the others in their order.
    """
    core = core_tables()
    copies = find_copies(tables["articles"])
    lay_copies(tables["articles"], copies)
    reports = load_reports(tables["event_reports"])
    entities = entity_rows(tables["entities"], tables["mentions"], told_of(reports), copies, spill)
    articles = reported_articles(tables["articles"], reports, copies)
    events, participants = merge_events(reports, articles, entities, codes)
    lay_events(tables["event_reports"], reports)
    return {
        **tables,
        "entities": Held.of(rows_to_table(core["entities"], entities)),
        "events": Held.of(rows_to_table(core["events"], events)),
        "event_participants": Held.of(rows_to_table(core["event_participants"], participants)),
    }
