"""Findings on paper: for people, programs, test runners and GitHub. All print from one `CheckReport`."""

from collections.abc import Callable, Mapping
from typing import Final

from broadsheet.check.report import CheckReport
from broadsheet.check.reporters.github import as_github, as_summary
from broadsheet.check.reporters.junit import as_junit
from broadsheet.check.reporters.machine import as_json
from broadsheet.check.reporters.text import as_text

__all__ = ["REPORTERS", "as_github", "as_json", "as_junit", "as_summary", "as_text"]

REPORTERS: Final[Mapping[str, Callable[[CheckReport, bool], str]]] = {
    "text": lambda report, strict: as_text(report, strict=strict),
    "json": lambda report, strict: as_json(report, strict=strict),
    "junit": lambda report, strict: as_junit(report, strict=strict),
    "github": lambda report, strict: as_github(report, strict=strict),
}
