"""Rules about tables: columns, types, constraints, keys, foreign keys, unique keys, cells of spreadsheets."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from broadsheet.check.report import Gather
from broadsheet.schema.model import Table

if TYPE_CHECKING:
    import pyarrow as pa

FORMULA: Final = "^[=+@\t\r-]"  # what spreadsheets take for a formula at the start of a cell (OWASP, CSV injection)
HARMLESS: Final = "^[+-][0-9:.]*$"  # a number, or the offset of a time zone
BOTH_TIMES: Final = ("published_at", "archived_at")
CLOCK_SLACK: Final = timedelta(hours=1)  # two clocks may differ by that
LISTED: Final = 20  # keys named for one probe


def columns(contract: Mapping[str, Table], tables: "Mapping[str, pa.Table]", gather: Gather) -> list[str]:
    """Compare columns and Arrow types with the schema; the names of the tables that agree."""
    from broadsheet.schema.arrow import arrow_schema

    sound = []
    for name, table in contract.items():
        if name not in tables:
            continue
        found, wanted = tables[name].schema, arrow_schema(table)
        differences = []
        for field in wanted:
            at = found.get_field_index(field.name)
            if at < 0:
                differences.append((field.name, "the column is missing"))
            elif not same_type(found.field(at).type, field.type):
                differences.append((field.name, f"its type is {found.field(at).type}, the schema says {field.type}"))
        extra = sorted(set(found.names) - set(wanted.names))
        differences += [(column, "the schema has no such column") for column in extra]
        for column, message in differences:
            gather.add("columns-differ", message, resource=name, field=column)
        if not differences:
            sound.append(name)
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


def values(contract: Mapping[str, Table], tables: "Mapping[str, pa.Table]", names: list[str], gather: Gather) -> None:
    """Every cell against type and constraints, through the schema's pandera projection."""
    from broadsheet.schema.validate import failures

    for name in names:
        table = contract[name]
        keys = [tables[name].column(key) for key in table.primary_key]
        for failure in failures(table, tables[name]):
            key = "/".join(str(column[failure.row].as_py()) for column in keys) if failure.row is not None else None
            gather.add(
                failure.code,
                failure.message,
                resource=name,
                field=failure.field,
                row_key=key,
                sample=None if failure.value is None else str(failure.value),
            )


def keys(contract: Mapping[str, Table], tables: "Mapping[str, pa.Table]", gather: Gather) -> None:
    """Primary keys, foreign keys and unique keys, by the schema's DuckDB probes."""
    import duckdb

    from broadsheet.schema.duckdb import probes

    with duckdb.connect(config={"threads": 1}) as connection:
        for name, table in tables.items():
            connection.register(name, table)
        for name, schema in contract.items():
            if name not in tables:
                continue
            for probe in probes(schema):
                try:
                    count = int((connection.execute(probe.count).fetchone() or (0,))[0])
                    listed = connection.execute(probe.keys).fetchmany(LISTED) if count else []
                except duckdb.CatalogException:
                    continue  # it points at a table that is missing, which is a finding of its own
                except duckdb.BinderException:
                    continue  # it needs a column that is missing, which is a finding of its own
                for position, row in enumerate(listed):
                    more = count - len(listed) if position == len(listed) - 1 else 0
                    gather.add(
                        probe.code,
                        probe.message + (f" (and {more} more)" if more > 0 else ""),
                        resource=name,
                        field=", ".join(probe.fields),
                        row_key="/".join(str(value) for value in row),
                        count=1 + max(more, 0),
                    )


def dates(tables: "Mapping[str, pa.Table]", gather: Gather) -> None:
    """Count the articles that were published after they were collected: their zone or their date is wrong."""
    import pyarrow as pa
    import pyarrow.compute as pc

    articles = tables.get("articles")
    if articles is None or not {"published_at", "archived_at", "article_id"} <= set(articles.column_names):
        return
    known = articles.filter(pc.and_(pc.is_valid(articles["published_at"]), pc.is_valid(articles["archived_at"])))
    if not known.num_rows or not all(pa.types.is_timestamp(known.schema.field(f).type) for f in BOTH_TIMES):
        return
    late = known.filter(pc.greater(pc.subtract(known["published_at"], known["archived_at"]), pa.scalar(CLOCK_SLACK)))
    if late.num_rows:
        first = late.slice(0, 1).to_pylist()[0]
        gather.add(
            "published-after-archived",
            f"{late.num_rows} articles, the first published {first['published_at']}, collected {first['archived_at']}",
            resource="articles",
            field="published_at",
            row_key=first["article_id"],
            count=late.num_rows,
        )


def formulas(tables: "Mapping[str, pa.Table]", gather: Gather) -> None:
    """Count the cells that a spreadsheet would read as a formula. A note: text is never altered."""
    import pyarrow.compute as pc

    for name, table in tables.items():
        for field in table.schema:
            if not _is_text(field.type):
                continue
            column = table.column(field.name)
            harmless = pc.match_substring_regex(column, HARMLESS)
            hits = pc.and_not(pc.match_substring_regex(column, FORMULA), harmless)
            count = hits.to_pylist().count(True)
            if count:
                sample = column.filter(hits)[0].as_py()
                gather.add(
                    "formula-like",
                    f"{count} cells start with =, +, -, @, a tab or a carriage return",
                    resource=name,
                    field=field.name,
                    count=count,
                    sample=sample,
                )
