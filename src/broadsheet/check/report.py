"""What a check found, and how much of it is kept."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from broadsheet.findings import Finding, Severity, finding

KEPT: Final = 20  # places named for one code in one column; the rest is counted
SAMPLE: Final = 80  # code points of an offending value


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The outcome of a check.

    Attributes:
        subject: What was checked, for a person.
        findings: Ordered by severity, code and place.
        counts: What was looked at: rows per table, spans by verdict, files.
    """

    subject: str
    findings: tuple[Finding, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    def number(self, severity: Severity) -> int:
        """How many rows, cells or files have a finding of this severity."""
        return sum(found.count for found in self.findings if found.severity is severity)

    def status(self, *, strict: bool = False) -> int:
        """Exit status: 1 with errors (under `strict` also with warnings), else 0."""
        return int(bool(self.number(Severity.ERROR) or (strict and self.number(Severity.WARNING))))


class Gather:
    """Findings as they come: at most `KEPT` places for one code, table and column, the rest as one count."""

    def __init__(self) -> None:
        self._kept: list[Finding] = []
        self._seen: Counter[tuple[str, str | None, str | None, str | None]] = Counter()
        self.counts: Counter[str] = Counter()

    def add(self, code: str, message: str, **place: object) -> None:
        """Take one finding; `place` as in `findings.finding`."""
        sample = place.get("sample")
        if isinstance(sample, str) and len(sample) > SAMPLE:
            place["sample"] = sample[: SAMPLE - 1] + "…"
        self.take(finding(code, message, **place))

    def take(self, found: Finding) -> None:
        """Take a finding made elsewhere."""
        group = (found.code, found.path if not found.resource else None, found.resource, found.field)
        self._seen[group] += 1
        if self._seen[group] <= KEPT:
            self._kept.append(found)

    def report(self, subject: str) -> CheckReport:
        """Everything taken, sorted; what was not kept joins the last finding of its group as a count."""
        last = {(f.code, f.path if not f.resource else None, f.resource, f.field): i for i, f in enumerate(self._kept)}
        findings = list(self._kept)
        for group, index in last.items():
            more = self._seen[group] - KEPT
            if more > 0:
                found = findings[index]
                findings[index] = replace(
                    found, count=found.count + more, message=f"{found.message} (and {more} more like it)"
                )
        order = list(Severity)
        findings.sort(key=lambda f: (order.index(f.severity), f.code, f.path or "", f.resource or "", f.field or ""))
        return CheckReport(subject, tuple(findings), dict(sorted(self.counts.items())))
