"""Findings for whatever reads JUnit XML: a suite for each table or stage, a case for each rule applied to it."""

import re
from collections.abc import Iterable
from typing import Final
from xml.etree import ElementTree as ET

from broadsheet.check.report import CheckReport, stage
from broadsheet.check.reporters.text import place, told
from broadsheet.findings import CODES, Finding, Severity

_INVALID: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ELEMENT: Final = {"failure": "failures", "error": "errors"}


def as_junit(report: CheckReport, *, strict: bool = False) -> str:
    """The report as JUnit XML.

    Errors (under `strict` also warnings) are failures, what stopped the check is an error. Other warnings and notes
    stand in `system-out` of a case that passed. A rule that found nothing is a case, too.
    """
    found: dict[tuple[str, str], list[Finding]] = {(where, code): [] for where, code in report.ran}
    for one in report.findings:
        found.setdefault((stage(one), one.code), []).append(one)
    top = ET.Element("testsuites", name=_clean(f"broadsheet check: {report.subject}"))
    sums = {"tests": 0, "failures": 0, "errors": 0}
    for suite in sorted({where for where, _ in found}):
        cases = [
            _case(suite, code, ones, report, strict) for (where, code), ones in sorted(found.items()) if where == suite
        ]
        numbers = {"tests": len(cases), "failures": 0, "errors": 0}
        for case in cases:
            for tag, total in _ELEMENT.items():
                numbers[total] += case.find(tag) is not None
        said = {"name": _clean(suite)} | {name: str(number) for name, number in numbers.items()}
        element = ET.SubElement(top, "testsuite", said)
        element.extend(cases)
        for name, number in numbers.items():
            sums[name] += number
    for name, number in sums.items():
        top.set(name, str(number))
    ET.indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(top, encoding="unicode") + "\n"


def _case(suite: str, code: str, found: list[Finding], report: CheckReport, strict: bool) -> ET.Element:
    title = CODES[code].title if code in CODES else code
    case = ET.Element("testcase", classname=_clean(suite), name=f"{code}: {title}")
    located = next((one for one in found if one.path), None)
    if located and located.path:
        case.set("file", _clean(located.path))
        if located.line:
            case.set("line", str(located.line))
    failing = [one for one in found if one.severity is Severity.ERROR or (strict and one.severity is Severity.WARNING)]
    passing = [one for one in found if one not in failing]
    if failing:
        tag = "error" if report.stopped and report.findings[0] in failing else "failure"
        total = sum(one.count for one in failing)
        message = failing[0].message if total == 1 else f"{total:,}: {title}"
        ET.SubElement(case, tag, type=code, message=_clean(message)).text = _told(failing)
    if passing:
        ET.SubElement(case, "system-out").text = _told(passing)
    return case


def _told(found: Iterable[Finding]) -> str:
    """A line for each place, and the remedy."""
    ones = list(found)
    lines = [
        f"{one.severity}: {place(one)}: {told(one)}" if place(one) else f"{one.severity}: {told(one)}" for one in ones
    ]
    remedy = [f"remedy: {ones[0].remedy}"] if ones[0].remedy else []
    return _clean("\n".join([line.replace("\n", " ") for line in lines] + remedy))


def _clean(text: str) -> str:
    """Without what XML 1.0 cannot hold, not even escaped."""
    return _INVALID.sub("\ufffd", text)
