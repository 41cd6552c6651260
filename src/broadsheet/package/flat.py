"""`event_reports_flat.csv`: one row for each report of an event, with names instead of ids, for people.

It is a view of the published tables and holds nothing they do not hold: what is withheld there is missing here. It is
a resource of the data package beside the ten tables, not one of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from broadsheet.emitted.tables import TableFiles, connected
from broadsheet.schema.model import Constraints, Field, ForeignKey, Table

if TYPE_CHECKING:
    import pyarrow as pa

    from broadsheet.findings import Finding

NAME: Final = "event_reports_flat"
FILE: Final = f"{NAME}.csv"
READ: Final = ("articles", "entities", "events", "event_reports")
ROWS: Final = 4_096  # of a batch

# Roles for readers of Chinese. The words of the English column are those of the schema.
ROLES: Final = {
    "initiator": "发起方",
    "participant": "参与方",
    "target": "对象",
    "mediator": "调解方",
    "host": "东道主",
}

# name, column it repeats (type and constraints come from there; "" for a text made here), title, description
_COLUMNS: Final = (
    ("label_en", "events.label_en", "Event", "Label of the event, in English."),
    ("label_zh", "events.label_zh", "Event, Chinese", "Label of the event, in Chinese."),
    ("type", "events.type", "Type", "Kind of event."),
    ("status", "events.status", "Status", "occurred, scheduled or unrealized, all reports of the event considered."),
    ("date_start", "events.date_start", "First day", "First day of the event, all its reports considered."),
    ("date_end", "events.date_end", "Last day", "Last day of the event, all its reports considered."),
    ("date_precision", "events.date_precision", "Precision of the date", "How exact the date of the event is."),
    ("participants_en", "", "Participants", "Who took part, as this article tells it, with roles."),
    ("participants_zh", "", "Participants, Chinese", "The same, with Chinese names where they are known."),
    ("place_en", "", "Place", "Where it happened, as this article tells it."),
    ("place_zh", "", "Place, Chinese", "The same, with its Chinese name where it is known."),
    ("publisher", "articles.publisher", "Publisher", "Who published the article."),
    ("title", "articles.title", "Title", "Title of the article, as printed."),
    ("url", "articles.url", "Address", "Address of the article."),
    ("published", "articles.published_local", "Published", "Date or clock of the article as printed, without zone."),
    ("quotation", "", "Quotation", "The clause that tells the event; empty where its text may not be published."),
    ("reported_status", "event_reports.status", "Status in this article", "What this article alone says."),
    ("reported_date", "event_reports.date_text", "Date in this article", "The words it gives the date in, as printed."),
    ("report_id", "event_reports.report_id", "Report id", "Row of event_reports."),
    ("event_id", "event_reports.event_id", "Event id", "Row of events."),
    ("article_id", "event_reports.article_id", "Article id", "Row of articles."),
)

_NAME_EN: Final = "coalesce({0}.name_en, {0}.name)"
_NAME_ZH: Final = "coalesce({0}.name_zh_hans, {0}.name_zh_hant, {0}.name)"
_ROLE_ZH: Final = " ".join(f"WHEN '{role}' THEN '{word}'" for role, word in ROLES.items())

# Each step ends before the next begins, so that its memory is free again, and what is sorted in the end has no bodies.
# In the second the order of the tables is kept (see _SETUP): reports are held, and the articles stream past them.
_SETUP: Final = "SET disabled_optimizers = 'join_order,build_side_probe_side'"
_STEPS: Final = (
    f"""
CREATE TEMP TABLE named AS
WITH told AS (
    SELECT report_id, unnest(participants) AS who, generate_subscripts(participants, 1) AS place FROM event_reports
)
SELECT report_id,
    string_agg(coalesce({_NAME_EN.format("e")}, who.entity_id) || ' (' || who.role || ')', '; ' ORDER BY place) AS en,
    string_agg(coalesce({_NAME_ZH.format("e")}, who.entity_id) || '（' || CASE who.role {_ROLE_ZH} ELSE who.role END
        || '）', '；' ORDER BY place) AS zh
FROM told LEFT JOIN entities e ON e.entity_id = who.entity_id GROUP BY report_id
""",
    """
CREATE TEMP TABLE clauses AS
SELECT r.report_id, a.publisher, a.title, a.url, a.published_local,
    CASE WHEN r."end" <= length(CASE r.field WHEN 'title' THEN a.title ELSE a.body END)
        THEN substring(CASE r.field WHEN 'title' THEN a.title ELSE a.body END, r.start + 1, r."end" - r.start)
    END AS quotation
FROM articles a JOIN event_reports r ON r.article_id = a.article_id
""",
)
_QUERY: Final = f"""
SELECT v.label_en, v.label_zh, v.type, v.status, v.date_start, v.date_end, v.date_precision,
    n.en AS participants_en, n.zh AS participants_zh,
    {_NAME_EN.format("w")} AS place_en, {_NAME_ZH.format("w")} AS place_zh,
    c.publisher, c.title, c.url, c.published_local AS published, nullif(c.quotation, '') AS quotation,
    r.status AS reported_status, r.date_text AS reported_date, r.report_id, r.event_id, r.article_id
FROM event_reports r
LEFT JOIN events v ON v.event_id = r.event_id
LEFT JOIN entities w ON w.entity_id = r.place_id
LEFT JOIN named n ON n.report_id = r.report_id
LEFT JOIN clauses c ON c.report_id = r.report_id
ORDER BY v.date_start NULLS LAST, r.event_id, c.publisher NULLS LAST, c.published_local NULLS LAST, r.report_id
"""


def flat_table() -> Table:
    """The contract of the file: what it repeats of a table has the type and the constraints it has there."""
    return Table(
        NAME,
        "Reports of events, flat",
        "One row per row of event_reports, with labels, names and addresses instead of ids: for people. "
        "Ordered by date of the event, event, publisher and date of publication.",
        tuple(_field(*column) for column in _COLUMNS),
        ("report_id",),
        tuple(
            ForeignKey((column,), table, (column,))
            for column, table in (("report_id", "event_reports"), ("event_id", "events"), ("article_id", "articles"))
        ),
    )


def _field(name: str, source: str, title: str, description: str) -> Field:
    from broadsheet.schema.load import core_tables

    if not source:
        return Field(name, "string", title, description, Constraints(min_length=1))
    table, _, column = source.partition(".")
    return replace(core_tables()[table].field(column), name=name, title=title, description=description)


@dataclass(slots=True)
class Formulas:
    """Cells of the file that a spreadsheet takes for a formula: counted while it is written, never altered.

    Attributes:
        counts: By column.
        samples: The first of each column.
    """

    counts: dict[str, int] = field(default_factory=dict)
    samples: dict[str, str] = field(default_factory=dict)

    def add(self, batch: "pa.RecordBatch") -> None:
        """Count the cells of a batch."""
        import pyarrow as pa
        import pyarrow.compute as pc

        from broadsheet.check.rules import FORMULA, HARMLESS

        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            if not pa.types.is_string(column.type):
                continue
            starts = pc.match_substring_regex(column, FORMULA)
            found = column.filter(pc.and_not(starts, pc.match_substring_regex(column, HARMLESS)))
            if len(found):
                self.counts[name] = self.counts.get(name, 0) + len(found)
                self.samples.setdefault(name, str(found[0]))

    def findings(self) -> "list[Finding]":
        """One note for each column that has some."""
        from broadsheet.findings import finding

        return [
            finding(
                "formula-like",
                f"{count} cells start with =, +, -, @, a tab or a carriage return",
                resource=NAME,
                field=name,
                count=count,
                sample=self.samples[name][:80],
            )
            for name, count in self.counts.items()
        ]


def flat_batches(tables: Mapping[str, TableFiles]) -> "Iterator[pa.RecordBatch]":
    """The rows, in order; what does not fit into memory is sorted on the disk.

    Args:
        tables: The published tables.
    """
    import pyarrow as pa

    from broadsheet.schema.arrow import arrow_schema

    schema = arrow_schema(flat_table())
    with connected({name: tables[name] for name in READ}, setup=_SETUP) as connection:
        for step in _STEPS:
            connection.execute(step)
        for batch in connection.sql(_QUERY).to_arrow_reader(ROWS):
            arrays = [column.cast(kind.type) for column, kind in zip(batch.columns, schema, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def flat_chunks(tables: Mapping[str, TableFiles], formulas: Formulas | None = None) -> Iterator[bytes]:
    """The file in pieces.

    Args:
        tables: The published tables.
        formulas: Counts cells that look like formulas.
    """
    from broadsheet.check.csvform import csv_chunks
    from broadsheet.schema.arrow import arrow_schema

    rows = _counted(flat_batches(tables), formulas if formulas is not None else Formulas())
    yield from csv_chunks(rows, arrow_schema(flat_table()))


def _counted(batches: "Iterable[pa.RecordBatch]", formulas: Formulas) -> "Iterator[pa.RecordBatch]":
    for batch in batches:
        formulas.add(batch)
        yield batch
