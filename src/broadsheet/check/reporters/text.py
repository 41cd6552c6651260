"""Findings for a person at a terminal."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from broadsheet.check.report import CheckReport, Group
from broadsheet.findings import Finding, Severity
from broadsheet.screen import padded, shown, width

SHOWN: Final = 5  # places printed for one code; JSON has all that were kept
COLUMN: Final = 48  # places on the screen up to which messages are aligned behind their places
ROWS: Final = "rows of "

Paint = Callable[[str, Severity], str]


def as_text(report: CheckReport, *, strict: bool = False, paint: Paint = lambda text, _: text) -> str:
    """Findings grouped by code, each group with its remedy once; then what was looked at, and the sums.

    Args:
        report: What was found.
        strict: Whether warnings fail, too.
        paint: Colors a text by severity.
    """
    lines = [f"checked {shown(report.subject)}"]
    for group in report.groups():
        lines += ["", f"{paint(f'{group.severity} {group.code}', group.severity)} ({group.total:,}): {group.title}"]
        lines += _places(group)
        if group.remedy:
            lines.append(f"  remedy: {shown(group.remedy)}")
    if report.counts:
        lines += ["", *_looked_at(report.counts)]
    if not report.findings:
        lines += ["", "no findings"]
    else:
        lines += ["", f"{totals(report)}: {verdict(report, strict=strict)}"]
    return "\n".join(lines) + "\n"


def totals(report: CheckReport) -> str:
    """`1 error, 2 warnings, 0 notes`."""
    numbers = ((report.number(severity), severity) for severity in Severity)
    return ", ".join(f"{number:,} {severity}{'' if number == 1 else 's'}" for number, severity in numbers)


def verdict(report: CheckReport, *, strict: bool) -> str:
    """What the exit status says."""
    if report.stopped:
        return "could not be checked to the end"
    return "failed" if report.status(strict=strict) else "passed"


def place(found: Finding) -> str:
    """Where it is: the file with its line, and the table, column and row as far as they are known."""
    where = found.resource or ""
    if where and found.field:
        where += f".{found.field}"
    if where and found.row_key:
        where += f" [{found.row_key}]"
    if not found.path:
        return where
    return f"{found.place()} ({where})" if where else found.place()


def told(found: Finding) -> str:
    """The message with its sample and, where it stands for several and does not say so itself, their number."""
    text = found.message
    if found.sample and found.sample not in text:
        text += f": {found.sample!r}"
    counted = found.count == 1 or found.message.startswith((f"{found.count} ", f"{found.count:,} "))
    return text if counted else f"{text} (and {found.count - 1:,} more like it)"


def _places(group: Group) -> Iterator[str]:
    """The first places, messages below each other unless places are long, and how many more there are."""
    listed = [(shown(place(found)), shown(told(found))) for found in group.findings[:SHOWN]]
    column = max((width(where) for where, _ in listed), default=0)
    for where, text in listed:
        if where:
            yield f"  {padded(where, column) if column <= COLUMN else where}  {text}"
        else:
            yield f"  - {text}"
    more = sum(found.count for found in group.findings[SHOWN:])
    if more:
        kept = len(group.findings)
        yield f"  … and {more:,} more; --format json lists {'all' if kept == group.total else kept} of them"


def _looked_at(counts: Mapping[str, int]) -> Iterator[str]:
    """Rows in one line for each package, everything else below it, numbers below each other."""
    rows: dict[str, list[int]] = {}
    listed: list[tuple[str, int]] = []
    for what, number in counts.items():
        prefix, _, name = what.rpartition(": ")
        if name.startswith(ROWS):
            rows.setdefault(prefix, []).append(number)
        else:
            listed.append((what, number))
    for at, (prefix, numbers) in enumerate(rows.items()):
        tables = f"rows in {len(numbers)} table{'' if len(numbers) == 1 else 's'}"
        listed.insert(at, (f"{prefix}: {tables}" if prefix else tables, sum(numbers)))
    column = max(width(what) for what, _ in listed)
    digits = max(len(f"{number:,}") for _, number in listed)
    yield "looked at"
    yield from (f"  {padded(shown(what), column)}  {number:>{digits},}" for what, number in listed)
