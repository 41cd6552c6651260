"""Rules about tables: columns, types, constraints, keys, foreign keys, unique keys, cells of spreadsheets.

DuckDB reads the files, within a limit of memory, and counts first: every total is full, however many rows there are.
Only what is wrong is looked at again, for some rows to name. A file that cannot be read to its end is a finding.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from broadsheet.check.report import KEPT, Gather
from broadsheet.check.sense import check_sense
from broadsheet.check.views import Views
from broadsheet.emitted.tables import ROW, TableFiles
from broadsheet.schema.cells import CellProbe, cell_probes, count, counts, literal, samples
from broadsheet.schema.duckdb import Probe, probes
from broadsheet.schema.model import Table
from broadsheet.sql import quoted

if TYPE_CHECKING:
    import pyarrow as pa

SIGNS: Final = "=+@\t\r-"
FORMULA: Final = f"^[{SIGNS}]"  # what spreadsheets take for a formula at the start of a cell (OWASP, CSV injection)
HARMLESS: Final = "^[+-][0-9:.]*$"  # a number, or the offset of a time zone
BOTH_TIMES: Final = ("published_at", "archived_at")
CLOCK_SLACK: Final = timedelta(hours=1)  # two clocks may differ by that

Tables = Mapping[str, TableFiles]


def check_rows(tables: Tables, contract: Mapping[str, Table], gather: Gather) -> list[str]:
    """All rules that look at no text of a source; the names of the tables that can be read and have their columns.

    Args:
        tables: What is there, by name; a table of the contract that is missing is the caller's to tell.
        contract: The schemas.
        gather: Takes the findings.
    """
    agreeing = columns(contract, tables, gather)
    with Views(tables, gather) as views:
        for name, table in tables.items():
            _cells(table, contract[name] if name in agreeing else None, views, gather)
        _keys(contract, tables, views, gather)
        if "articles" in agreeing:
            _dates(tables["articles"], views, gather)
        check_sense(agreeing, views, gather)
        return [name for name in agreeing if name not in views.broken]


def columns(contract: Mapping[str, Table], tables: Tables, gather: Gather) -> list[str]:
    """Compare columns and Arrow types with the schema; the names of the tables that agree."""
    from broadsheet.schema.arrow import arrow_schema

    sound = []
    for name, table in contract.items():
        if name not in tables:
            continue
        gather.ran(name, "columns-differ")
        found, wanted = tables[name].schema, arrow_schema(table)
        differences = []
        for field in wanted:
            number = found.names.count(field.name)
            if number != 1:
                differences.append((field.name, "two columns have this name" if number else "the column is missing"))
            elif not same_type(found.field(field.name).type, field.type):
                kind = found.field(field.name).type
                differences.append((field.name, f"its type is {kind}, the schema says {field.type}"))
        extra = sorted(set(found.names) - set(wanted.names))
        differences += [(column, "the schema has no such column") for column in extra]
        for column, message in differences:
            gather.add("columns-differ", message, resource=name, field=column)
        if not differences:
            sound.append(name)
            if found.names != wanted.names:
                gather.add("columns-differ", "the columns are in another order than the schema's", resource=name)
    return sound


def same_type(left: "pa.DataType", right: "pa.DataType") -> bool:
    """Whether two Arrow types hold the same values; names of list items and nullability of items do not count."""
    import pyarrow as pa
    import pyarrow.types as kinds

    lists = (pa.ListType, pa.LargeListType)
    if isinstance(left, lists) and isinstance(right, lists):
        return same_type(left.value_type, right.value_type)
    if kinds.is_struct(left) and kinds.is_struct(right):
        names = [left.field(i).name for i in range(left.num_fields)]
        others = [right.field(i).name for i in range(right.num_fields)]
        return names == others and all(
            same_type(left.field(i).type, right.field(i).type) for i in range(left.num_fields)
        )
    if _is_text(left) and _is_text(right):
        return True
    return bool(left == right)


def _is_text(kind: "pa.DataType") -> bool:
    import pyarrow.types as kinds

    return bool(kinds.is_string(kind) or kinds.is_large_string(kind))


def _cells(table: TableFiles, schema: Table | None, views: Views, gather: Gather) -> None:
    """Every cell of a table, in one scan: against the schema (None if its columns differ), and for formulas."""
    found = [probe for probe in cell_probes(schema) if _supported(probe, views, gather)] if schema else []
    together = [probe for probe in found if not probe.alone]
    formulas = _formulas(table)
    conditions = [*(probe.broken for probe in together), *formulas.values()]
    told = views.ask(counts(table.name, conditions, list(dict.fromkeys(table.columns))), table.name)
    if told is None:
        return
    totals = dict(zip((*together, *formulas), told[0], strict=False))
    for probe in found:
        total = totals[probe] if not probe.alone else (views.ask(count(probe), table.name) or [(0,)])[0][0]
        if total and schema:
            _name_cells(schema, probe, total, views, gather)
    for name, condition in formulas.items():
        if totals[name]:
            _name_formula(table, name, condition, totals[name], views, gather)
    gather.ran(table.name, "formula-like", *(("cell-cast", "constraint") if schema else ()))


def _supported(probe: CellProbe, views: Views, gather: Gather) -> bool:
    why = probe.pattern and views.refused(probe.pattern)
    if why:
        message = f"{probe.pattern!r} is not checked: {why}"
        gather.add("pattern-unsupported", message, resource=probe.table, field=probe.field)
    return not why


def _name_cells(table: Table, probe: CellProbe, total: int, views: Views, gather: Gather) -> None:
    listed = views.ask(samples(table, probe, KEPT), table.name) or [(None, None)]
    for position, (row, value, *key) in enumerate(listed):
        gather.add(
            probe.code,
            probe.message,
            resource=table.name,
            field=probe.field,
            row_key="/".join(map(str, key)) if key else None if row is None else f"row {row + 1}",
            sample=value,
            count=_stands_for(position, len(listed), total),
        )


def _stands_for(position: int, listed: int, total: int) -> int:
    """How many offenders a listed one stands for: itself, and the last one for all that are not listed, too."""
    return 1 if position < listed - 1 else max(total - listed + 1, 1)


def _keys(contract: Mapping[str, Table], tables: Tables, views: Views, gather: Gather) -> None:
    """Primary keys, foreign keys and unique keys."""
    for name, table in contract.items():
        for probe in probes(table):
            if not _answerable(probe, tables):
                continue  # what is missing is a finding of its own
            told = views.ask(probe.suspect or probe.count, *probe.needs)
            if told and told[0][0] and probe.suspect:
                told = views.ask(probe.count, *probe.needs)
            if told is None:
                continue
            gather.ran(name, probe.code)
            total = int(told[0][0])
            listed = (views.ask(f"{probe.keys} LIMIT {KEPT}", *probe.needs) or [("",)]) if total else []
            for position, row in enumerate(listed):
                own = row if probe.code == "foreign-key" else row[: len(probe.fields)]
                gather.add(
                    probe.code,
                    probe.message,
                    resource=name,
                    field=", ".join(probe.fields),
                    row_key="/".join(map(str, own)),
                    count=_stands_for(position, len(listed), total),
                )


def _answerable(probe: Probe, tables: Tables) -> bool:
    """Whether the tables and columns of a key are there."""
    return all(name in tables and set(wanted) <= set(tables[name].schema.names) for name, wanted in probe.reads.items())


def _dates(articles: TableFiles, views: Views, gather: Gather) -> None:
    """Count the articles that were published after they were collected: their zone or their date is wrong."""
    published, archived = BOTH_TIMES
    slack = CLOCK_SLACK // timedelta(microseconds=1)
    late = f'FROM "articles" WHERE epoch_us({published})::HUGEINT - epoch_us({archived}) > {slack}'
    told = views.ask(f"SELECT count(*) {late}", articles.name)
    if told is None:
        return
    gather.ran(articles.name, "published-after-archived")
    total = told[0][0]
    shown = ", ".join(f"CAST({name} AS VARCHAR)" for name in ("article_id", *BOTH_TIMES))
    first = views.ask(f"SELECT {shown} {late} ORDER BY ALL LIMIT 1", "articles") if total else None
    for key, printed, collected in first or ():
        gather.add(
            "published-after-archived",
            f"{total} articles, the first published {printed}, collected {collected}",
            resource="articles",
            field=published,
            row_key=key,
            count=total,
        )


def _formulas(table: TableFiles) -> dict[str, str]:
    """For each column of texts, the condition of a cell that a spreadsheet would read as a formula."""
    beyond = literal("string", chr(ord(max(SIGNS)) + 1))  # texts before it are few, and quickly told
    formula, harmless = literal("string", FORMULA), literal("string", HARMLESS)
    texts = [quoted(field.name) for field in table.schema if _is_text(field.type)]
    return {
        name: f"CASE WHEN {name} < {beyond} THEN regexp_matches({name}, {formula})"
        f" AND NOT regexp_matches({name}, {harmless}) ELSE false END"
        for name in texts
    }


def _name_formula(  # noqa: PLR0917
    table: TableFiles, name: str, condition: str, total: int, views: Views, gather: Gather
) -> None:
    """A note: text is never altered."""
    query = f"SELECT left({name}, 100) FROM {quoted(table.name)} WHERE {condition} ORDER BY {ROW}, 1 LIMIT 1"
    sample = views.ask(query, table.name)
    gather.add(
        "formula-like",
        f"{total} cells start with =, +, -, @, a tab or a carriage return",
        resource=table.name,
        field=name[1:-1].replace('""', '"'),
        count=total,
        sample=sample[0][0] if sample else None,
    )
