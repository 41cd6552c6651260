"""Rules between rows: what each row may say, but not beside the others.

Counts that are not those of the rows, entities within lists that are not there, copies of copies, ends before starts,
articles whose source has another hash or stricter rights. The rules of one table are counted in one scan of it; only
what is broken is asked for again, for some rows to name. Rows without their parent are told as orphans, and not here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from broadsheet.check.report import KEPT, Gather
from broadsheet.check.views import Views
from broadsheet.resolve.quarantine import RULE_CODES
from broadsheet.sql import literal

CONTRADICT: Final = "rows-contradict"
STRICTNESS: Final = "list_position(['full', 'excerpt', 'metadata'], {})"
COMPLETE: Final = (
    "(SELECT count(*) FROM articles WHERE redistribution <> 'full') = 0 "
    "AND (SELECT count(*) FROM rejects WHERE code IN (" + ", ".join(literal(code) for code in RULE_CODES) + ")) = 0"
)
"""Whether no row that was counted was withheld or set aside."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """What must not be true of a row.

    Attributes:
        field: Column it is about.
        broken: SQL condition; null is no offence.
        message: What is wrong.
        sample: SQL of the offending value.
        code: Of the finding.
    """

    field: str
    broken: str
    message: str
    sample: str
    code: str = CONTRADICT


@dataclass(frozen=True, slots=True)
class _Scan:
    """The rules of one table.

    Attributes:
        table: It.
        key: Column that names a row.
        needs: Tables that are read.
        rows: What stands behind FROM; the table is `t`.
        rules: Conditions over it.
    """

    table: str
    key: str
    needs: tuple[str, ...]
    rows: str
    rules: tuple[_Rule, ...]


def _span(size: str) -> _Rule:
    broken = f"t.source_start > t.source_end OR t.source_end > {size}"
    return _Rule("source_end", broken, "the bytes are not within the file", "t.source_end")


def _counted(field: str, real: str) -> _Rule:
    """A count may not be below that of the rows, nor above it where all rows are there."""
    real = f"coalesce({real}, 0)"
    return _Rule(field, f"t.{field} < {real} OR (t.{field} > {real} AND (SELECT * FROM complete))",
                 "the rows give another number", f"t.{field} || ', counted ' || {real}")  # fmt: skip


_DATES: Final = _Rule("date_end", "t.date_end < t.date_start", "it ends before it begins", "t.date_end")
_SOURCED: Final = "JOIN articles AS a USING (article_id) JOIN sources AS s USING (source_id)"
_KIND: Final = "CASE left({}, 3) WHEN 'per' THEN 'person' WHEN 'org' THEN 'organization' WHEN 'loc' THEN 'place' END"

SCANS: Final = (
    _Scan(
        "sources", "source_id", ("sources", "articles"),
        "sources AS t LEFT JOIN (SELECT source_id, count(*) AS n FROM articles GROUP BY source_id) AS a "
        "USING (source_id)",
        (_Rule("article_count", "t.article_count < coalesce(a.n, 0)", "it has more articles than it counts",
               "t.article_count || ', counted ' || coalesce(a.n, 0)"),),
    ),
    _Scan(
        "articles", "article_id", ("articles", "sources"),
        "articles AS t JOIN sources AS s USING (source_id) "
        "LEFT JOIN (SELECT article_id, duplicate_of FROM articles) AS k ON k.article_id = t.duplicate_of",
        (
            _Rule("source_sha256", "t.source_sha256 <> s.sha256", "its source has another hash", "t.source_sha256"),
            _Rule("source_path", "t.source_path <> s.path", "its source has another path", "t.source_path"),
            _Rule("redistribution",
                  f"{STRICTNESS.format('t.redistribution')} < {STRICTNESS.format('s.redistribution')}",
                  "its source allows less", "t.redistribution", "rights-exceeded"),
            _Rule("duplicate_of", "k.duplicate_of IS NOT NULL", "what it duplicates is itself a duplicate",
                  "t.duplicate_of"),
            _Rule("duplicate_kind", "(t.duplicate_kind IS NULL) <> (t.duplicate_of IS NULL)",
                  "one of duplicate_of and duplicate_kind is there without the other", "t.duplicate_kind"),
            _span("s.bytes"),
        ),
    ),
    _Scan(
        "entities", "entity_id", ("entities", "mentions", "articles", "rejects"),
        "entities AS t LEFT JOIN (SELECT entity_id, count(*) AS n, count(DISTINCT article_id) AS a FROM mentions "
        "SEMI JOIN (SELECT article_id FROM articles WHERE duplicate_of IS NULL) USING (article_id) "
        "GROUP BY entity_id) AS m USING (entity_id)",
        (
            _Rule("type", f"t.type <> {_KIND.format('t.entity_id')}", "its id is of another type", "t.type"),
            _counted("mention_count", "m.n"),
            _counted("article_count", "m.a"),
        ),
    ),
    _Scan(
        "mentions", "mention_id", ("mentions", "articles", "sources"),
        f"mentions AS t {_SOURCED}",
        (
            _Rule("type", f"t.type <> {_KIND.format('t.entity_id')}", "its entity is of another type", "t.type"),
            _span("s.bytes"),
        ),
    ),
    _Scan(
        "events", "event_id", ("events", "event_reports", "articles", "rejects"),
        "events AS t LEFT JOIN (SELECT event_id, count(*) AS n, list(DISTINCT type) AS types, "
        "count(DISTINCT coalesce(duplicate_of, article_id)) AS a FROM event_reports "
        "LEFT JOIN (SELECT article_id, duplicate_of FROM articles) USING (article_id) GROUP BY event_id) AS r "
        "USING (event_id)",
        (
            _DATES,
            _Rule("type", "NOT list_contains(r.types, t.type) AND (SELECT * FROM complete)",
                  "no report of it says so", "t.type"),
            _counted("report_count", "r.n"),
            _counted("article_count", "r.a"),
            _Rule("publisher_count", "t.publisher_count > t.article_count", "more publishers than articles",
                  "t.publisher_count"),
        ),
    ),
    _Scan(
        "event_reports", "report_id", ("event_reports", "articles", "sources"),
        f"event_reports AS t {_SOURCED}",
        (_DATES, _span("s.bytes")),
    ),
    _Scan(
        "event_reports", "report_id", ("event_reports", "entities"),
        "(SELECT report_id, unnest(participants).entity_id AS entity_id FROM event_reports) AS t "
        "ANTI JOIN entities USING (entity_id)",
        (_Rule("participants", "true", "no row of entities has this entity_id", "t.entity_id", "foreign-key"),),
    ),
    _Scan(
        "event_participants", "event_id", ("event_participants", "event_reports", "articles", "rejects"),
        "event_participants AS t ANTI JOIN (SELECT event_id, unnest(participants).entity_id AS entity_id "
        "FROM event_reports) AS r USING (event_id, entity_id)",
        (_Rule("entity_id", "(SELECT * FROM complete)", "no report of the event names it", "t.entity_id"),),
    ),
    _Scan(
        "rejects", "reject_id", ("rejects", "sources"),
        "rejects AS t JOIN sources AS s USING (source_id)",
        (_span("s.bytes"),),
    ),
)  # fmt: skip


def check_sense(names: Collection[str], views: Views, gather: Gather) -> None:
    """What contradicts what.

    Args:
        names: Tables that have the columns of the schema.
        views: All tables.
        gather: Takes the findings; totals are full, places are the first few.
    """
    needed = {"articles", "rejects"}
    known = needed <= set(names) and views.ask(f"CREATE TEMP TABLE complete AS SELECT {COMPLETE}", *sorted(needed))
    for scan in SCANS:
        if not set(scan.needs) <= set(names) or (needed <= set(scan.needs) and known is None):
            continue
        sums = ", ".join(f"count_if({rule.broken})" for rule in scan.rules)
        told = views.ask(f"SELECT {sums} FROM {scan.rows}", *scan.needs)
        for rule, total in zip(scan.rules, told[0] if told else (), strict=False):
            gather.ran(scan.table, rule.code)
            if total:
                _name(scan, rule, total, views, gather)


def _name(scan: _Scan, rule: _Rule, total: int, views: Views, gather: Gather) -> None:
    """The first offenders by their keys; the last of these stands for all others."""
    shown = f"t.{scan.key}, CAST({rule.sample} AS VARCHAR)"
    query = f"SELECT {shown} FROM {scan.rows} WHERE {rule.broken} ORDER BY ALL LIMIT {KEPT}"
    listed = views.ask(query, *scan.needs) or [(None, None)]
    for at, (key, sample) in enumerate(listed, 1):
        count = max(total - len(listed) + 1, 1) if at == len(listed) else 1
        gather.add(
            rule.code, rule.message, resource=scan.table, field=rule.field, row_key=key, sample=sample, count=count
        )
