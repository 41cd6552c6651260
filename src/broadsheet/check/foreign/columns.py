"""A loaded table against its Table Schema: columns, types, constraints, keys, references. All are counted, some named.

One pass counts the offenders of every rule of a table; only for rules that have some, a second names the first.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from broadsheet.check.descriptor import fields_of, names
from broadsheet.check.foreign import cells
from broadsheet.check.foreign.loaded import Loaded
from broadsheet.check.foreign.patterns import broken
from broadsheet.check.report import KEPT, Gather
from broadsheet.emitted.descriptors import DESCRIPTOR
from broadsheet.findings import Severity

if TYPE_CHECKING:
    import duckdb

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A field of the schema: its place in the file, and SQL of the text and of the value of its cells."""

    name: str
    field: Json
    at: int
    cell: str
    value: str


class Checked:
    """One table whose cells were looked at.

    Attributes:
        table: It.
        columns: By name.
        key: Columns of the primary key.
    """

    def __init__(
        self,
        table: Loaded,
        schema: Json,
        null: object,
        connection: "duckdb.DuckDBPyConnection",
        gather: Gather,
    ) -> None:
        self.table = table
        self.schema = schema
        self._connection = connection
        self._gather = gather
        self._all = list(self._columns(null))
        self.columns = {column.name: column for column in self._all}  # version 1 lets two fields have one name
        self.key = [name for name in names(schema.get("primaryKey")) if name in self.columns]

    def run(self) -> None:
        """Types, constraints, and keys within the table."""
        ruled = [(column, rule) for column in self._all for rule in self._rules(column)]
        if self._any_fails(ruled):
            ruled = [(column, rule) for column, rule in ruled if self._usable(column, rule)]
        self._words(ruled)
        for start in range(0, len(ruled), 200):  # one query for many rules, but not one of any length
            part = ruled[start : start + 200]
            sums = ", ".join(f"count_if({rule.bad(column.cell, column.value)})" for column, rule in part)
            counts = self._connection.execute(f"SELECT {sums} FROM {self.table.view}").fetchone() or ()
            for (column, rule), count in zip(part, counts, strict=True):
                if count:
                    self._name(column, rule, count)
        self._keys()

    def _columns(self, null: object) -> Iterator[Column]:
        for at, field in self._matched():
            name = field["name"]
            if self.table.native[at]:
                field = {key: held for key, held in field.items() if key not in cells.FORMATS}  # noqa: PLW2901
                cell = f"c{at}"
            else:
                cell = cells.present(f"c{at}", cells.missing(field, self.schema, null))
            read = cells.value(field)
            if read is None:
                kind = f"{field.get('type')!r} with format {field.get('format', 'default')!r}"
                known = field.get("type") in ("geopoint", "list", "topojson", "geojson")
                code = "check-limited" if known else "value-invalid"
                self._say(code, f"the type {kind} is not known here, so its cells were not read", field=name)
            value = read(f"({cell})") if read is not None else cell
            if self._fails(value, at):
                self._say("pattern-unsupported", f"the format {field.get('format')!r} cannot be read", field=name)
                value = cell
            yield Column(name, field, at, f"({cell})", f"({value})")

    def _matched(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Position in the file of each field of the schema, by its `fieldsMatch`."""
        found = self.table.header
        fields = fields_of(self.schema)
        if not fields:
            for name, count in Counter(found).items():
                if count > 1 and self.table.named:
                    message = f"several columns are called {name[:80]!r}"
                    self._say("columns-differ", message, severity=Severity.WARNING)
                yield found.index(name), {"name": name, "type": "any"}
            return
        wanted = [field["name"] for field in fields]
        if not self.table.named:
            if len(fields) != len(found):
                self._say("columns-differ", f"the file has {len(found)} columns, the schema {len(fields)}")
            yield from enumerate(fields[: len(found)])
            return
        match = self.schema.get("fieldsMatch", "exact")
        match = match[0] if isinstance(match, list) and match else match
        missing = [name for name in wanted if name not in found]
        extra = [name for name in found if name not in wanted]
        if match == "exact" and found == wanted:
            yield from enumerate(fields)
            return
        limits = ((f["name"], f.get("constraints")) for f in fields)
        needed = {name for name, limit in limits if isinstance(limit, dict) and limit.get("required") is True}
        if match in ("exact", "equal", "subset"):
            self._differ("the file has no column {}", missing)
        elif match in ("superset", "partial"):
            keyed = {*needed, *names(self.schema.get("primaryKey"))}
            self._differ("the file has no column {}, which is required", [name for name in missing if name in keyed])
        if match in ("exact", "equal", "superset"):
            self._differ("the schema has no column {}", extra)
        if match == "partial" and len(missing) == len(wanted):
            self._say("columns-differ", "the file has none of the columns of the schema")
        in_order = [name for name in found if name in wanted] == [name for name in wanted if name in found]
        if match == "exact" and not missing and not extra and (not in_order or len(found) != len(wanted)):
            self._say("columns-differ", "the columns are not in the order of the schema, or stand twice")
        for field in fields:
            if field["name"] in found:
                yield found.index(field["name"]), field

    def _differ(self, message: str, listed: list[str]) -> None:
        for name in listed:
            self._say("columns-differ", message.format(repr(name[:80])), field=name)

    def _rules(self, column: Column) -> Iterator[cells.Rule]:
        kind = column.field.get("type") or "any"
        yield cells.Rule("type", f"expected {kind}", lambda cell, value: f"{cell} IS NOT NULL AND {value} IS NULL")
        yield from cells.rules(column.field)
        limits = column.field.get("constraints")
        limits = limits if isinstance(limits, dict) else {}
        if column.name in names(self.schema.get("primaryKey")) and limits.get("required") is not True:
            yield cells.Rule("key", "a part of the primary key must not be missing", lambda cell, _: f"{cell} IS NULL")
        if "jsonSchema" in limits:
            self._say("check-limited", "the constraint jsonSchema was not checked", field=column.name)
        for name in cells.BOUNDS if kind not in cells.ORDERED else ():
            if name in limits:
                message = f"the constraint {name} is not for the type {kind}, and was not checked"
                self._say("value-invalid", message, column.name, Severity.WARNING)

    def _usable(self, column: Column, rule: cells.Rule) -> bool:
        """Whether DuckDB can apply a rule: patterns and bounds are strangers' words."""
        if why := self._fails(rule.bad(column.cell, column.value), column.at):
            code = "pattern-unsupported" if rule.name == "pattern" and not broken(why) else "value-invalid"
            self._say(code, f"the constraint {rule.name} cannot be applied: {why}", field=column.name)
            return False
        return True

    def _words(self, ruled: "list[tuple[Column, cells.Rule]]") -> None:
        """The values that constraints give must be of the type of their field, or nothing can be compared to them."""
        given = [(column, rule) for column, rule in ruled if rule.words]
        if not given:
            return
        wrong = ", ".join(" OR ".join(f"({word}) IS NULL" for word in rule.words) for _, rule in given)
        for (column, rule), bad in zip(
            given, self._connection.execute(f"SELECT {wrong}").fetchone() or (), strict=True
        ):
            if bad:
                message = f"the constraint {rule.name} gives what is no {column.field.get('type')}: {rule.message}"
                self._say("value-invalid", message, field=column.name)

    def _any_fails(self, ruled: "list[tuple[Column, cells.Rule]]") -> bool:
        """Whether any rule cannot be applied: asked of all at once, for seldom one cannot."""
        import duckdb

        over = sorted({column.at for column, _ in ruled})
        asked = ", ".join(rule.bad(column.cell, column.value) for column, rule in ruled)
        one, other = (f"({', '.join([word] * len(over))})" for word in ("'x'", "'y'"))
        try:
            if over:
                named = ", ".join(f"c{at}" for at in over)
                self._connection.execute(f"SELECT {asked} FROM (VALUES {one}, {other}) AS v({named})").fetchall()
        except duckdb.Error:
            return True
        return False

    def _fails(self, expression: str, at: int) -> str | None:
        """Why DuckDB cannot answer an expression over the text of one column."""
        import duckdb

        try:
            self._connection.execute(f"SELECT {expression} FROM (VALUES ('x'), ('y')) AS v(c{at})").fetchall()
        except duckdb.Error as problem:
            return str(problem).splitlines()[0][:120]
        return None

    def _name(self, column: Column, rule: cells.Rule, count: int) -> None:
        """The first offenders of a rule; the last of them stands for all others."""
        code = "cell-cast" if rule.name == "type" else "constraint"
        key = ", ".join(self.columns[name].cell for name in self.key) or "NULL"
        bad = rule.bad(column.cell, column.value)
        query = f"SELECT part, line, left({column.cell}, 100), {key} FROM {self.table.view} WHERE {bad}"
        listed = self._connection.execute(f"{query} ORDER BY part, line LIMIT {KEPT}").fetchall()
        message = rule.message if rule.name in ("type", "required", "key") else f"{rule.name}: {rule.message}"
        self._list(code, message, column.name, count, listed)

    def _list(self, code: str, message: str, field: str, count: int, listed: list[Any]) -> None:
        for at, (part, line, sample, *key) in enumerate(listed, 1):
            key_text = "/".join(str(one) for one in key if one is not None) if self.key else ""
            place = f"line {line}" if self.table.lines else f"row {line}"
            self._gather.add(
                code,
                message,
                resource=self.table.name,
                field=field,
                path=self.table.files[part],
                line=line if self.table.lines else None,
                row_key=key_text or place,
                sample=sample,
                count=count - len(listed) + 1 if at == len(listed) else 1,
            )

    def _keys(self) -> None:
        keys = [("key-duplicate", self.key)] if len(self.key) == len(names(self.schema.get("primaryKey"))) else []
        listed = self.schema.get("uniqueKeys")
        keys += [("unique-key", names(key)) for key in listed or () if isinstance(listed, list)]
        for column in self.columns.values():
            limits = column.field.get("constraints")
            if isinstance(limits, dict) and limits.get("unique") is True and [column.name] != self.key:
                keys.append(("unique-key", [column.name]))
        for code, key in keys:
            if key and all(name in self.columns for name in key):
                self._unique(code, key)

    def _unique(self, code: str, key: list[str]) -> None:
        values = [self.columns[name].value for name in key]
        filled = " AND ".join(f"{value} IS NOT NULL" for value in values)
        made = ", ".join(f"{value} AS k{at}" for at, value in enumerate(values))
        over = ", ".join(f"k{at}" for at in range(len(key)))
        rows = f"SELECT {made}, part, line FROM {self.table.view} WHERE {filled}"
        twice = f"SELECT hash({over}) AS hashed FROM ({rows}) GROUP BY hashed HAVING count(*) > 1"
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE twice AS {twice}")  # few; their lines are looked up
        groups = (
            f"SELECT {over}, count(*) AS many, max_by(part, (part, line)) AS part, max(line) AS line "
            f"FROM ({rows}) WHERE hash({over}) IN (FROM twice) GROUP BY {over} HAVING many > 1"
        )
        total = self._connection.execute(f"SELECT coalesce(sum(many - 1), 0)::BIGINT FROM ({groups})").fetchone()
        if total is None or not total[0]:
            return
        sample = "concat_ws('/', " + over + ")"
        query = f"SELECT part, line, left({sample}, 100), {sample} FROM ({groups}) ORDER BY part, line LIMIT {KEPT}"
        self._list(code, f"several rows have one {', '.join(key)}", ", ".join(key), total[0],
                   self._connection.execute(query).fetchall())  # fmt: skip

    def reference(self, key: Json, others: Mapping[str, "Checked"]) -> None:
        """Every value of a foreign key must stand in what it points to."""
        target = key["reference"]
        parent = others.get(str(target.get("resource") or self.table.name))
        own, other = names(key.get("fields")), names(target.get("fields"))
        if parent is None or len(own) != len(other) or not own:
            return  # a finding of its own
        if not all(name in self.columns for name in own) or not all(name in parent.columns for name in other):
            return  # a finding of its own as well
        pairs = [(self.columns[a], parent.columns[b]) for a, b in zip(own, other, strict=True)]
        same = [a.field.get("type") == b.field.get("type") for a, b in pairs]
        child = ", ".join(
            f"{a.value if eq else a.cell} AS k{at}" for at, ((a, _), eq) in enumerate(zip(pairs, same, strict=True))
        )
        known = ", ".join(
            f"{b.value if eq else b.cell} AS k{at}" for at, ((_, b), eq) in enumerate(zip(pairs, same, strict=True))
        )
        filled = " AND ".join(f"k{at} IS NOT NULL" for at in range(len(own)))
        equal = " AND ".join(f"child.k{at} = parent.k{at}" for at in range(len(own)))
        shown = ", ".join(self.columns[name].cell for name in self.key) or "NULL"
        orphans = (
            f"FROM (SELECT {child}, part, line, concat_ws('/', {shown}) AS shown FROM {self.table.view}) AS child "
            f"WHERE {filled} AND NOT EXISTS (SELECT 1 FROM (SELECT {known} FROM {parent.table.view}) AS parent "
            f"WHERE {equal})"
        )
        count = self._connection.execute(f"SELECT count(*) {orphans}").fetchone()
        if count is None or not count[0]:
            return
        over = ", ".join(f"child.k{at}" for at in range(len(own)))
        query = (
            f"SELECT part, line, left(concat_ws('/', {over}), 100), shown {orphans} ORDER BY part, line LIMIT {KEPT}"
        )
        message = f"no row of {parent.table.name} has this {', '.join(other)}"
        self._list("foreign-key", message, ", ".join(own), count[0], self._connection.execute(query).fetchall())

    def _say(self, code: str, message: str, field: str | None = None, severity: Severity | None = None) -> None:
        path = DESCRIPTOR if code != "columns-differ" else None
        more = {} if severity is None else {"severity": severity}
        self._gather.add(code, message, resource=self.table.name, field=field, path=path, **more)
