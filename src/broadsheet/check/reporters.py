"""Findings on paper: text for people, JSON for machines. Both print from the same list."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from itertools import groupby
from typing import Final

from broadsheet.check.report import CheckReport
from broadsheet.findings import CODES, Finding, Severity

SHOWN: Final = 5  # places printed for one code; JSON has all that were kept


def as_text(report: CheckReport) -> str:
    """Findings grouped by code, each group with its remedy once; then the sums."""
    lines = [f"checked {report.subject}"]
    ordered = sorted(report.findings, key=lambda f: (list(Severity).index(f.severity), f.code))
    for (severity, code), group in groupby(ordered, key=lambda f: (f.severity, f.code)):
        found = list(group)
        total = sum(f.count for f in found)
        title = CODES[code].title if code in CODES else ""
        lines.append(f"\n{severity} {code} ({total}): {title}")
        lines += [f"  {_line(f)}" for f in found[:SHOWN]]
        if len(found) > SHOWN:
            lines.append(f"  … and {sum(f.count for f in found[SHOWN:])} more; --json lists them")
        if found[0].remedy:
            lines.append(f"  remedy: {found[0].remedy}")
    if report.counts:
        lines.append("\n" + ", ".join(f"{what} {number:,}" for what, number in report.counts.items()))
    sums = ", ".join(f"{report.number(severity):,} {severity}s" for severity in Severity)
    lines.append(sums if report.findings else "no findings")
    return "\n".join(lines) + "\n"


def _line(found: Finding) -> str:
    place = found.place()
    if found.path and found.resource:
        place += f" ({found.resource}{'.' + found.field if found.field else ''})"
    sample = f": {_one_line(found.sample)!r}" if found.sample else ""
    return f"{place + ': ' if place else ''}{_one_line(found.message)}{sample}"


def _one_line(text: str) -> str:
    """Without line breaks and control characters, which could forge lines or colors on a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def as_json(report: CheckReport) -> str:
    """The report as one JSON object."""
    value = {
        "subject": report.subject,
        "counts": dict(report.counts),
        "summary": {str(severity): report.number(severity) for severity in Severity},
        "findings": [asdict(found) for found in report.findings],
    }
    return json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n"


REPORTERS: Final[Mapping[str, Callable[[CheckReport], str]]] = {"text": as_text, "json": as_json}
