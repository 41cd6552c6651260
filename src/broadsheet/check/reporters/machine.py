"""Findings for a program."""

import json
from collections import Counter
from dataclasses import asdict

from broadsheet.check.report import CheckReport
from broadsheet.findings import Severity


def as_json(report: CheckReport, *, strict: bool = False) -> str:
    """The report as one JSON object; of a finding, what is not known is left out."""
    codes: Counter[str] = Counter()
    for found in report.findings:
        codes[found.code] += found.count
    value = {
        "status": report.status(strict=strict),
        "subject": report.subject,
        "counts": dict(report.counts),
        "summary": {str(severity): report.number(severity) for severity in Severity},
        "codes": dict(sorted(codes.items())),
        "findings": [
            {key: entry for key, entry in asdict(found).items() if entry is not None} for found in report.findings
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n"
