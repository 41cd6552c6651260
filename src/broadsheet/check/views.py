"""Tables as views of DuckDB, asked in SQL; what cannot be read is a finding, not a failure."""

from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from broadsheet.check.report import Gather
from broadsheet.emitted.tables import TableFiles, add_view, connected
from broadsheet.schema.cells import WITHOUT, literal

if TYPE_CHECKING:
    import duckdb


class Views:
    """One connection over all tables, to be used in a `with` statement.

    Args:
        tables: By name.
        gather: Takes `table-unreadable`, once for each table.

    Attributes:
        broken: Names of the tables that could not be read; they are not asked again.
    """

    def __init__(self, tables: Mapping[str, TableFiles], gather: Gather) -> None:
        self._tables = tables
        self._gather = gather
        self._stack = ExitStack()
        self._refused: dict[str, str] = {}
        self.broken: set[str] = set()

    def __enter__(self) -> "Views":
        self._connection = self._connect()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _connect(self) -> "duckdb.DuckDBPyConnection":
        import duckdb

        self._stack.close()
        connection = self._stack.enter_context(connected({}, setup=WITHOUT))
        connection.execute("SET TimeZone = 'UTC'")
        for name, table in self._tables.items():
            try:
                if name not in self.broken:
                    add_view(connection, name, table)
            except duckdb.Error as reason:
                self._damaged(name, reason)
        return connection

    def ask(self, query: str, *tables: str) -> "list[tuple[Any, ...]] | None":
        """The rows of a query's answer; None if it cannot be had, which is a finding about the first of its tables."""
        import duckdb

        if self.broken & set(tables):
            return None
        try:
            return self._connection.execute(query).fetchall()
        except duckdb.Error as reason:
            self._damaged(tables[0], reason)
            if isinstance(reason, duckdb.FatalException | duckdb.InternalException):
                self._connection = self._connect()  # DuckDB answers no more after these
            return None

    def refused(self, pattern: str) -> str:
        """Why RE2 does not take a pattern; empty if it does. Another engine could be made to run for ever."""
        import duckdb

        if pattern not in self._refused:
            try:
                self._connection.execute(f"SELECT regexp_full_match('', {literal('string', pattern)})")
                self._refused[pattern] = ""
            except duckdb.Error as reason:
                self._refused[pattern] = first_line(reason)
        return self._refused[pattern]

    def _damaged(self, name: str, reason: Exception) -> None:
        self.broken.add(name)
        damaged(self._tables[name], reason, self._gather)


def damaged(table: TableFiles, reason: Exception, gather: Gather) -> None:
    """Say that a table could not be read to its end."""
    path = table.files[0].name if len(table.files) == 1 else None
    gather.add("table-unreadable", first_line(reason), path=path, resource=table.name)


def first_line(reason: Exception) -> str:
    """What an exception says, in short, without folders of this machine."""
    return (str(reason).splitlines() or [type(reason).__name__])[0][:160]
