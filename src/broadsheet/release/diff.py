"""`diff`: what differs between two releases, and the version step it calls for.

Differences of contracts call for the step of their class (`schemas`). Rows added call for a minor step, and so do rows
removed, however many: ids that go away are news to whoever joined on them, but a take-down must never have to wait for
a major version. Values that changed call for a patch.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from broadsheet.emitted.archives import opened
from broadsheet.emitted.package import Emitted, read_emitted
from broadsheet.emitted.tables import TableFiles, connected
from broadsheet.findings import error
from broadsheet.release import statistics
from broadsheet.release.contracts import of_emitted
from broadsheet.release.rows import Pair, TableChange, same_files
from broadsheet.release.schemas import Alike, Change, compare
from broadsheet.release.version import Step, following, parse_version

STEP_OF: Final[Mapping[str, Step]] = {"breaking": "major", "additive": "minor", "cosmetic": "patch"}
ORDER: Final[Sequence[Step]] = ("major", "minor", "patch")


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two releases.

    Attributes:
        old: Version of the old one, if it states one.
        new: Version of the new one, if it states one.
        schema: Differences of contracts.
        rows: Differences of rows, of tables that have any.
        statistics: Figures that moved.
        step: The version step they call for.
    """

    old: str | None
    new: str | None
    schema: tuple[Change, ...]
    rows: tuple[TableChange, ...]
    statistics: tuple[statistics.Moved, ...]
    step: Step

    def next_version(self) -> str | None:
        """The least version that is such a step from the old one; None if that has no semantic version."""
        old = parse_version(self.old)
        return str(following(old, self.step)) if old else None


def diff(old: Path, new: Path) -> Difference:
    """Compare two packages, builds or projects; zip archives, too.

    Raises:
        BroadsheetError: If one of them cannot be read.
    """
    with opened(old) as left, opened(new) as right:
        return difference(read_emitted(left), read_emitted(right))


def difference(old: Emitted, new: Emitted) -> Difference:
    """What differs between two that are read already.

    Raises:
        BroadsheetError: `table-unreadable` if the rows of one of them cannot be read.
    """
    left, right = _paired(old.tables, new.tables)
    names = [name for name in left if not _same(left[name], right[name])]
    views = {f"{side} {name}": tables[name] for side, tables in (("old", left), ("new", right)) for name in tables}
    with _reading(), connected(views) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        pairs = {name: Pair(connection, name, left[name], right[name], _key(old, new, name)) for name in left}
        schema = compare(of_emitted(old), of_emitted(new), _alike(pairs))
        rows = tuple(change for name in names if (change := pairs[name].compared()))
        figures = statistics.moved(connection, left, right) if rows else ()
    return Difference(old.version, new.version, schema, rows, figures, _step(schema, rows))


def _paired(
    old: Mapping[str, TableFiles], new: Mapping[str, TableFiles]
) -> tuple[dict[str, TableFiles], dict[str, TableFiles]]:
    """The tables of both; one that a side lacks has no rows there."""
    names = [*new, *(name for name in old if name not in new)]

    def of(tables: Mapping[str, TableFiles], others: Mapping[str, TableFiles]) -> dict[str, TableFiles]:
        return {
            name: tables[name] if name in tables else TableFiles(name, (), others[name].schema, 0) for name in names
        }

    return of(old, new), of(new, old)


def _same(old: TableFiles, new: TableFiles) -> bool:
    with _reading():
        return same_files(old, new)


def _key(old: Emitted, new: Emitted, name: str) -> tuple[str, ...]:
    return new.keys.get(name) or old.keys.get(name) or ()


def _alike(pairs: Mapping[str, Pair]) -> Alike:
    return lambda table, before, after: table in pairs and pairs[table].alike(before, after)


@contextmanager
def _reading() -> Iterator[None]:
    """Turns what stops a comparison of rows into a finding."""
    import duckdb

    try:
        yield
    except (duckdb.Error, OSError) as reason:
        message = f"rows cannot be compared: {str(reason).splitlines()[0][:200]}"
        raise error("table-unreadable", message) from reason


def _step(schema: Sequence[Change], rows: Sequence[TableChange]) -> Step:
    steps = {STEP_OF[change.kind] for change in schema}
    if any(change.added or change.removed for change in rows):
        steps.add("minor")
    if rows:
        steps.add("patch")
    return next((step for step in ORDER if step in steps), "none")
