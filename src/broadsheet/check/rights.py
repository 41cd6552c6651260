"""Rules about rights: no package holds more text of an article than its `redistribution` allows.

Of an article that may not be published in full, a package holds of the body at most what is allowed, and none of what
else is text: summary, tags, captions, texts of links, values and messages of rejects, notices of rights. What points
into text that is not there is not there either: mentions, event reports, aliases that no published mention has, and
datelines and dates as printed that stand in no published text. Titles, names of people and publishers, addresses, dates
and numbers stay.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from broadsheet.check.report import KEPT, Gather
from broadsheet.emitted.tables import TableFiles, connected
from broadsheet.findings import CODES
from broadsheet.sql import literal, quoted

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

EXCERPT: Final = 200  # code points of body that `excerpt` allows
FULL: Final = "full"
UNKNOWN: Final = "withheld with the text of its source"
"""Message of a reject whose code has no title."""

ARTICLES: Final = f"""
    CREATE TEMP TABLE limited AS
    SELECT article_id, source_id, CASE allowed WHEN 'excerpt' THEN {EXCERPT} ELSE 0 END AS allowed
    FROM (SELECT article_id, source_id, {{allowed}} AS allowed FROM articles) WHERE allowed <> '{FULL}'
"""
SOURCES: Final = f"""
    CREATE TEMP TABLE limited_sources AS
    SELECT source_id FROM sources WHERE redistribution <> '{FULL}' UNION SELECT source_id FROM limited
"""
OF_SOURCE: Final = "(SELECT redistribution FROM sources WHERE sources.source_id = articles.source_id)"


@dataclass(frozen=True, slots=True)
class _Rule:
    """What must not be there.

    Attributes:
        table: Where it must not be.
        field: Column.
        needs: Columns the query reads, by table; the rule is left out where one is missing.
        query: Lists the key of each offender and what to say of it.
    """

    table: str
    field: str
    needs: Mapping[str, tuple[str, ...]]
    query: str


def check_rights(tables: Mapping[str, TableFiles], gather: Gather) -> None:
    """Everything that is more than the rights of an article allow; totals are full, places are the first few.

    Args:
        tables: Of a package or a dataset, by name; what is missing is not looked at.
        gather: Takes the findings.
    """
    if "sources" in tables and "articles" in tables:
        with connected(tables) as connection:
            _check({name: table.columns for name, table in tables.items()}, connection, gather)


def rights(tables: "Mapping[str, pa.Table]", gather: Gather) -> None:
    """The same for tables in memory."""
    import duckdb

    if "sources" in tables and "articles" in tables:
        with duckdb.connect() as connection:
            for name, table in tables.items():
                connection.register(name, table)
            _check({name: tuple(table.column_names) for name, table in tables.items()}, connection, gather)


def _check(columns: Mapping[str, tuple[str, ...]], connection: "duckdb.DuckDBPyConnection", gather: Gather) -> None:
    needed = {"sources": ("source_id", "redistribution"), "articles": ("article_id", "source_id")}
    if not all(_has(columns, table, names) for table, names in needed.items()):
        return  # what columns are missing is told elsewhere
    gather.ran("articles", "rights-exceeded")
    known = "redistribution" in columns["articles"]  # packages made before the column was there
    connection.execute(ARTICLES.format(allowed="redistribution" if known else OF_SOURCE))
    connection.execute(SOURCES)
    if connection.execute("SELECT count(*) FROM limited_sources").fetchall() == [(0,)]:
        return
    for rule in _rules():
        if all(_has(columns, table, names) for table, names in rule.needs.items()):
            _report(rule, connection, gather)


def _report(rule: _Rule, connection: "duckdb.DuckDBPyConnection", gather: Gather) -> None:
    """The first offenders of a rule by their keys; the last of these stands for all others."""
    total = "(count(*) OVER ())::BIGINT"
    query = f"SELECT key, said, {total} FROM ({rule.query}) ORDER BY key LIMIT {KEPT}"
    found = connection.execute(query).fetchall()
    for at, (key, said, count) in enumerate(found, 1):
        more = count - len(found) + 1 if at == len(found) else 1
        gather.add("rights-exceeded", said, resource=rule.table, field=rule.field, row_key=key, count=more)


def _has(columns: Mapping[str, tuple[str, ...]], table: str, names: tuple[str, ...]) -> bool:
    return table in columns and set(names) <= set(columns[table])


def _rules() -> Iterator[_Rule]:
    yield _Rule(
        "articles", "body", {"articles": ("body",)},
        "SELECT article_id AS key, format('{} code points, {} allowed', length(body), allowed) AS said "
        "FROM articles JOIN limited USING (article_id) WHERE length(body) > allowed",
    )  # fmt: skip
    yield _emptied("articles", "summary", "article_id")
    yield _emptied("media", "caption", "concat(article_id, '/', position)")
    yield _emptied("links", "text", "concat(article_id, '/', position)")
    yield _Rule(
        "articles", "tags", {"articles": ("tags",)},
        "SELECT article_id AS key, 'tags are text of the source' AS said "
        "FROM articles JOIN limited USING (article_id) WHERE len(tags) > 0",
    )  # fmt: skip
    shown = {"articles": ("title", "body")}
    for column in ("dateline", "published_text"):
        yield _Rule(
            "articles", column, {"articles": (column, "title", "body")},
            f"SELECT article_id AS key, 'the {column} stands in no published text' AS said "
            f"FROM articles JOIN limited USING (article_id) WHERE {_unseen(column)}",
        )  # fmt: skip
    for table, key, column in (("mentions", "mention_id", "surface"), ("event_reports", "report_id", "trigger")):
        yield _Rule(
            table, column, shown | {table: ("article_id", key, "field", "end")},
            f"SELECT {key} AS key, 'it points into text that is withheld' AS said FROM {table} AS spans "
            "JOIN limited USING (article_id) JOIN articles USING (article_id) "
            "WHERE spans.field <> 'title' AND spans.\"end\" > length(body)",
        )  # fmt: skip
    yield _Rule(
        "event_reports", "trigger", shown | {"event_reports": ("article_id", "report_id", "field", "end", "trigger")},
        "SELECT report_id AS key, 'the word stands in no published text' AS said FROM event_reports AS spans "
        "JOIN limited USING (article_id) JOIN articles USING (article_id) "
        f"WHERE (spans.field = 'title' OR spans.\"end\" <= length(body)) AND {_unseen('trigger')}",
    )  # fmt: skip
    yield _Rule(
        "event_reports", "date_text", shown | {"event_reports": ("article_id", "report_id", "date_text")},
        "SELECT report_id AS key, 'the date is told by text that is withheld' AS said FROM event_reports "
        f"JOIN limited USING (article_id) JOIN articles USING (article_id) WHERE {_unseen('date_text')}",
    )  # fmt: skip
    yield _Rule(
        "entities", "aliases", {"entities": ("entity_id", "aliases"), "mentions": ("entity_id", "surface")},
        "SELECT entity_id AS key, 'no published text has this alias' AS said "
        "FROM (SELECT entity_id, unnest(aliases) AS surface FROM entities) "
        "ANTI JOIN (SELECT DISTINCT entity_id, surface FROM mentions) USING (entity_id, surface)",
    )  # fmt: skip
    yield from _file_rules()


def _file_rules() -> Iterator[_Rule]:
    """What hangs on files of which not all is published."""
    titles = ", ".join(f"({literal(code)}, {literal(known.title)})" for code, known in sorted(CODES.items()))
    of_limited = "JOIN limited_sources USING (source_id)"
    yield _Rule(
        "sources", "rights_statement", {"sources": ("rights_statement",)},
        f"SELECT source_id AS key, 'the statement is text of the source' AS said FROM sources {of_limited} "
        "WHERE rights_statement IS NOT NULL",
    )  # fmt: skip
    yield _Rule(
        "rejects", "value", {"rejects": ("reject_id", "source_id", "value")},
        f"SELECT reject_id AS key, 'the value is text of the source' AS said FROM rejects {of_limited} "
        "WHERE value IS NOT NULL",
    )  # fmt: skip
    yield _Rule(
        "rejects", "message", {"rejects": ("reject_id", "source_id", "code", "message")},
        f"SELECT reject_id AS key, 'the message may quote the source' AS said FROM rejects {of_limited} "
        f"LEFT JOIN (VALUES {titles}) AS known(code, title) USING (code) "
        f"WHERE message <> coalesce(title, '') AND message <> '{UNKNOWN}'",
    )  # fmt: skip


def _emptied(table: str, field: str, key: str) -> _Rule:
    needs = {table: ("article_id", field, *(("position",) if "position" in key else ()))}
    return _Rule(
        table, field, needs,
        f"SELECT {key} AS key, 'the {field} is text of the source' AS said FROM {table} "
        f"JOIN limited USING (article_id) WHERE \"{field}\" IS NOT NULL",
    )  # fmt: skip


def _unseen(column: str) -> str:
    cell = quoted(column)
    return f"{cell} IS NOT NULL AND NOT contains(coalesce(title, ''), {cell}) AND NOT contains(body, {cell})"
