"""A difference as Markdown, for a comment on a pull request or for release notes.

Keys and values come from strangers' pages: they are shown as code, on one line, so that nothing of them is a link, a
name that is notified, or markup. What is gone may be what somebody asked to take down, and notes outlive the data: of
values only numbers, dates and words of a vocabulary are shown, of rows removed only keys that are hashes, and of
publishers only those that are still there. The whole has at most 60,000
characters, below what GitHub takes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from broadsheet.package.markdown import table
from broadsheet.release.diff import Difference
from broadsheet.release.rows import Cell, Sample, TableChange
from broadsheet.release.schemas import Change
from broadsheet.release.statistics import BY_PUBLISHER, Moved

LIMIT: Final = 60_000
"""Characters of all of it; GitHub takes 65,536."""
LISTED: Final = 100
"""Changes of schemas, and figures, that are listed."""
WORD: Final = re.compile(r"[a-z0-9_.-]{1,28}|[0-9][0-9TZ:.+ -]{0,27}")
"""Values that are shown: ids, numbers, dates and the words of vocabularies; a name has a capital, or is not Latin."""
HASH: Final = re.compile(r"(?:(?:art|src|men|rep|rej)-|ev/)[0-9a-f]{16}(?:-[0-9]+)?(?:/[0-9]+)?|[0-9]+")
"""Keys of rows removed that are shown; of entities they are names."""
CUT: Final = "\n\nThe rest was left out: see `broadsheet diff --json`.\n"


def markdown(found: Difference) -> str:
    """All of a difference, largest things first."""
    sections = [headline(found), *_sections(found)]
    text = "\n".join(f"{section.rstrip()}\n" for section in sections)
    if len(text) <= LIMIT:
        return text
    whole = text[: LIMIT - len(CUT)].rpartition("\n")[0]  # a line is left out whole, so no markup is cut in two
    return f"{whole.rstrip()}{CUT}"


def headline(found: Difference) -> str:
    """Versions and step, in one line."""
    old, new = (code(version) if version else "no version" for version in (found.old, found.new))
    if found.step == "none":
        return f"**No difference** between {old} and {new}."
    wanted = found.next_version()
    return f"**{found.step.capitalize()}** step from {old}" + (f", to {code(wanted)} or later" if wanted else "") + "."


def _sections(found: Difference) -> Iterator[str]:
    if found.schema:
        yield "### Schema\n\n" + table(("class", "place", "change"), _limited(map(_schema_row, found.schema)))
    if found.rows:
        numbers = ("table", "added", "removed", "changed", "unchanged")
        yield "### Rows\n\n" + table(numbers, [_row(change) for change in found.rows])
        yield "\n".join(line for change in found.rows for line in _details(change))
    if found.statistics:
        head = ("what", "of", "before", "now")
        rows = [
            (cell(m.group), code(m.name), figure(m, m.old), figure(m, m.new))
            for m in limited_figures(found.statistics)
            if m.new or m.group != BY_PUBLISHER
        ]
        yield "### Figures that moved\n\n" + table(head, _limited(rows))


def _schema_row(change: Change) -> tuple[str, ...]:
    return change.kind, code(place(change)), cell(change.message)


def place(change: Change) -> str:
    """Where a contract changed."""
    return f"{change.table}.{change.column}" if change.column else change.table or "dataset"


def _row(change: TableChange) -> tuple[str, ...]:
    numbers = (change.added, change.removed, change.changed, change.unchanged)
    return code(change.table), *(f"{number:,}" for number in numbers)


def _details(change: TableChange) -> Iterator[str]:
    if change.columns:
        counted = ", ".join(f"{code(name)} {count:,}" for name, count in most(change))
        yield f"- {code(change.table)}, columns changed: {counted}"
    if not change.keyed:
        yield f"- {code(change.table)} has no key that identifies rows: whole rows were compared"
    for what, samples in change.samples.items():
        if told := [sample for sample in samples if what != "removed" or HASH.fullmatch(sample.key)]:
            yield f"- {code(change.table)}, {what}: " + "; ".join(map(_sample, told))


def most(change: TableChange) -> list[tuple[str, int]]:
    """Columns of a table by how many rows changed in them."""
    return sorted(change.columns.items(), key=lambda item: (-item[1], item[0]))


def _sample(sample: Sample) -> str:
    return code(sample.key) + (f" ({', '.join(map(_cell, sample.cells))})" if sample.cells else "")


def _cell(found: Cell) -> str:
    values = ("null" if value is None else value for value in (found.old, found.new))
    old, new = (code(value) if WORD.fullmatch(value) else None for value in values)
    if old is None or new is None:
        return code(found.column)
    return f"{code(found.column)}: {old} to {new}"


def figure(moved: Moved, value: float) -> str:
    """A figure in the form of its unit."""
    return {"count": f"{value:,.0f}", "share": f"{value:.1%}", "mean": f"{value:.2f}"}[moved.unit]


def limited_figures(figures: Iterable[Moved], of_each: int = 10) -> list[Moved]:
    """The figures of each group that moved most."""
    groups = (list(group) for _, group in groupby(figures, key=lambda moved: moved.group))
    return [moved for group in groups for moved in group[:of_each]]


def _limited(rows: Iterable[Sequence[str]]) -> list[Sequence[str]]:
    listed = list(rows)
    more = len(listed) - LISTED
    return listed if more <= 0 else [*listed[:LISTED], ("…", f"{more:,} more", *[""] * (len(listed[0]) - 2))]


def line(text: object) -> str:
    """Text on one line: control and direction characters become escapes, white space one space."""
    plain = " ".join(str(text).split())
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in plain)


def code(text: object) -> str:
    """Any text as a code span of GitHub's Markdown, in a list or a table."""
    plain = line(text).replace("|", "\\|") or " "
    fence = "`" * (max((len(run) for run in re.findall("`+", plain)), default=0) + 1)
    pad = " " if "`" in plain else ""
    return f"{fence}{pad}{plain}{pad}{fence}"


def cell(text: object) -> str:
    """A sentence of ours that may quote names and values, in a list or a table."""
    from broadsheet.package.markdown import escape

    return escape(line(text)).replace("@", "&#64;").replace("://", ":&#8203;//")
