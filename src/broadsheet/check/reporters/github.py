"""Findings as GitHub shows them: annotations on files and lines, and a summary of the step.

GitHub keeps ten annotations of each severity of a step and drops the rest without a word. So every code gets one that
says how many there are; what is left over goes to further places; codes beyond the tenth share one. The summary names
all codes. Texts of articles stand in both, so both are escaped: a text can neither end a command nor make a link.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest
from typing import Final

from broadsheet.check.report import CheckReport, Group
from broadsheet.check.reporters.text import place, told, totals, verdict
from broadsheet.findings import Finding, Severity
from broadsheet.screen import shown

ANNOTATIONS: Final = 10
"""Of one severity that GitHub shows of a step."""
PLACES: Final = 3
"""Of a code, in the summary."""
LONG: Final = 300
"""Code points of one text in the summary, which may have a megabyte."""
COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_PLAIN: Final = frozenset(" -/,;()")


def as_github(report: CheckReport, *, strict: bool = False) -> str:
    """Workflow commands, and a last line with the totals."""
    groups = list(report.groups())
    lines: list[str] = []
    for severity in Severity:
        lines += _annotations([group for group in groups if group.severity is severity])
    lines.append(f"checked {shown(report.subject)}: {totals(report)}: {verdict(report, strict=strict)}")
    return "\n".join(lines) + "\n"


def _annotations(groups: list[Group]) -> Iterator[str]:
    """At most `ANNOTATIONS`: the first place of every code before the second of any."""
    alone = groups if len(groups) <= ANNOTATIONS else groups[: ANNOTATIONS - 1]
    shared = groups[len(alone) :]
    rounds = zip_longest(*(_worth_annotating(group) for group in alone))
    order = [(at, found) for row in rounds for at, found in enumerate(row) if found is not None]
    chosen = order[: ANNOTATIONS - bool(shared)]
    numbers = [sum(1 for at, _ in chosen if at == number) for number in range(len(alone))]
    first = set(range(len(alone)))
    for at, found in chosen:
        yield _annotation(found, alone[at], numbers[at] if at in first else None)
        first.discard(at)
    if shared:
        names = ", ".join(f"{group.code} ({group.total:,})" for group in shared)
        yield f"::{COMMANDS[shared[0].severity]} title=further findings::{_data(names)}; the summary shows them"


def _worth_annotating(group: Group) -> list[Finding]:
    """Whatever stands in a file; of rows, which GitHub cannot point at, the first of each column."""
    columns: dict[tuple[str | None, str | None], Finding] = {}
    for found in group.findings:
        if not found.path:
            columns.setdefault((found.resource, found.field), found)
    return [found for found in group.findings if found.path or found in columns.values()]


def _annotation(found: Finding, group: Group, named: int | None) -> str:
    """One command.

    Args:
        found: The finding.
        group: Its group.
        named: How many of the group get an annotation, if this is the first of them.
    """
    properties = {"file": found.path, "line": found.line if found.path else None, "title": found.code}
    given = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items() if value is not None)
    where = place(replace(found, path=None))  # the file is told already
    lines = [f"{where}: {_once(found)}" if where else _once(found)]
    if named is not None and group.total > named:
        lines.append(f"{group.total:,} in all; {named} of them named here, more in the summary of the step.")
    if found.remedy and named is not None:
        lines.append(found.remedy)
    return f"::{COMMANDS[found.severity]} {given}::{_data(chr(10).join(shown(line) for line in lines))}"


def _once(found: Finding) -> str:
    """Message and sample; the number of those like it is that of the code."""
    return told(found).removesuffix(f" (and {found.count - 1:,} more like it)")


def _data(text: str) -> str:
    """A text behind the second `::` of a command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A value of a property of a command."""
    return _data(shown(text)).replace(":", "%3A").replace(",", "%2C")


def as_summary(report: CheckReport, *, strict: bool = False) -> str:
    """Markdown for the summary of a step: the verdict, every code with number, places and remedy, the counts."""
    lines = [
        f"### broadsheet check: {verdict(report, strict=strict)}",
        "",
        f"{_code(report.subject)}: {totals(report)}",
        "",
    ]
    groups = list(report.groups())
    if groups:
        lines += ["| | code | number | places | remedy |", "| --- | --- | ---: | --- | --- |"]
        lines += [_row(group) for group in groups]
        lines.append("")
    if report.counts:
        lines += ["<details><summary>What was looked at</summary>", "", "| what | number |", "| --- | ---: |"]
        lines += [f"| {_plain(what)} | {number:,} |" for what, number in report.counts.items()]
        lines += ["", "</details>", ""]
    return "\n".join(lines) + "\n"


def _row(group: Group) -> str:
    cells = [f"{_code(place(found))} {_code(_once(found))}".strip() for found in group.findings[:PLACES]]
    more = group.total - min(len(group.findings), PLACES)
    if more > 0:
        cells.append(f"and {more:,} more")
    code = f"{_code(group.code)}<br>{_plain(group.title)}"
    return f"| {group.severity} | {code} | {group.total:,} | {'<br>'.join(cells)} | {_plain(group.remedy)} |"


def _code(text: str) -> str:
    return f"<code>{_plain(text)}</code>" if text else ""


def _plain(text: str) -> str:
    """A text in a cell: every sign that Markdown or HTML could read is a character reference."""
    short = shown(text if len(text) <= LONG else text[: LONG - 1] + "…")
    return "".join(c if c.isalnum() or c in _PLAIN or not c.isascii() else f"&#{ord(c)};" for c in short)
