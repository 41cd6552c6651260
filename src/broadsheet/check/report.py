"""What a check found, and how much of it is kept."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Final

from broadsheet.findings import CODES, Finding, Severity, finding

KEPT: Final = 20  # places named for one code in one column; the rest is counted
DESCRIPTOR: Final = "datapackage.yaml"
SAMPLE: Final = 80  # code points of an offending value
_COUNTED: Final = re.compile(r" \(and [0-9,]+ more(?: like it)?\)$")
_ORDER: Final = {severity: at for at, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The outcome of a check.

    Attributes:
        subject: What was checked, for a person.
        findings: Ordered by severity, code and place.
        counts: What was looked at: rows per table, spans by verdict, files.
        ran: Rules that were applied, found something or not: (table or stage, code).
        stopped: Whether the check could not be brought to its end; the first finding says why.
    """

    subject: str
    findings: tuple[Finding, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    ran: tuple[tuple[str, str], ...] = ()
    stopped: bool = False

    def number(self, severity: Severity) -> int:
        """How many rows, cells or files have a finding of this severity."""
        return sum(found.count for found in self.findings if found.severity is severity)

    def status(self, *, strict: bool = False) -> int:
        """Exit status: 2 if it was stopped, 1 with errors (under `strict` also with warnings), else 0."""
        if self.stopped:
            return 2
        return int(bool(self.number(Severity.ERROR) or (strict and self.number(Severity.WARNING))))

    def groups(self) -> Iterator["Group"]:
        """Findings by severity and code, the gravest first: what every form for people is made of.

        Within a code the first place of every column comes before the second of any: few are shown, and of all kinds.
        """
        ordered = sorted(self.findings, key=lambda f: (_ORDER[f.severity], f.code))
        for (severity, code), found in groupby(ordered, key=lambda f: (f.severity, f.code)):
            columns: dict[tuple[str | None, str | None], list[Finding]] = {}
            for one in found:
                columns.setdefault((one.resource, one.field), []).append(one)
            mixed = (one for row in zip_longest(*columns.values()) for one in row if one is not None)
            yield Group(severity, code, tuple(mixed))


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one code and severity."""

    severity: Severity
    code: str
    findings: tuple[Finding, ...]

    @property
    def total(self) -> int:
        """How many rows, cells or files they stand for."""
        return sum(found.count for found in self.findings)

    @property
    def title(self) -> str:
        """What the code means."""
        return CODES[self.code].title if self.code in CODES else self.code

    @property
    def remedy(self) -> str:
        """What can be done."""
        return self.findings[0].remedy


class Gather:
    """Findings as they come: at most `KEPT` places for one code in one column, or in files; the rest is counted.

    Attributes:
        counts: What was looked at.
        digests: Of files that were hashed in this check, by file and hash function.
    """

    def __init__(self) -> None:
        self._kept: list[Finding] = []
        self._last: dict[tuple[str, ...], int] = {}
        self._seen: Counter[tuple[str, ...]] = Counter()
        self._ran: set[tuple[str, str]] = set()
        self.counts: Counter[str] = Counter()
        self.digests: dict[tuple[Path, str], str] = {}

    def add(self, code: str, message: str, **place: object) -> None:
        """Take one finding; `place` as in `findings.finding`."""
        sample = place.get("sample")
        if isinstance(sample, str) and len(sample) > SAMPLE:
            place["sample"] = sample[: SAMPLE - 1] + "…"
        self.take(finding(code, message, **place))

    def take(self, found: Finding) -> None:
        """Take a finding made elsewhere; how many it stands for is said by `count`, not by its message."""
        group = (str(found.severity), found.code, found.resource or "", found.field or "")
        self._seen[group] += 1
        if self._seen[group] > KEPT:
            last = self._last[group]
            self._kept[last] = replace(self._kept[last], count=self._kept[last].count + found.count)
            return
        self._last[group] = len(self._kept)
        self._kept.append(replace(found, message=_COUNTED.sub("", found.message)))

    def ran(self, where: str, *codes: str) -> None:
        """Say that rules were applied to a table, or in a stage, so that a report without findings shows them."""
        self._ran.update((where, code) for code in codes)

    def report(self, subject: str) -> CheckReport:
        """Everything taken, sorted; what was not kept was counted with the last finding of its group."""
        ran = self._ran | {(stage(found), found.code) for found in self._kept}
        return CheckReport(subject, in_order(self._kept), dict(sorted(self.counts.items())), tuple(sorted(ran)))


def joined(subject: str, parts: Mapping[str, CheckReport]) -> CheckReport:
    """Several reports as one.

    Args:
        subject: What all of them are about.
        parts: By the folder each is about; it goes before paths and counts, and is the place of what has no path.
    """
    counts: dict[str, int] = {}
    findings: list[Finding] = []
    for name, report in parts.items():
        counts |= {f"{name}: {what}": number for what, number in report.counts.items()}
        findings += [replace(found, path=f"{name}/{found.path}" if found.path else name) for found in report.findings]
    ran = sorted({rule for report in parts.values() for rule in report.ran})
    stopped = any(report.stopped for report in parts.values())
    return CheckReport(subject, in_order(findings), counts, tuple(ran), stopped)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by severity, code and place; those of one column stay as they came."""
    return tuple(
        sorted(findings, key=lambda f: (_ORDER[f.severity], f.code, f.path or "", f.resource or "", f.field or ""))
    )


def stage(found: Finding) -> str:
    """Where a rule was applied: a table, or one of the stages that are about no table."""
    if found.resource:
        return found.resource
    return "files" if found.path and not found.path.endswith(DESCRIPTOR) else "project"
