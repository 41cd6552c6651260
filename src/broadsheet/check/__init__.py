"""Rules, findings, reporters: whether a build or a package is what it says it is."""

from broadsheet.check.report import CheckReport
from broadsheet.check.run import check_path

__all__ = ["CheckReport", "check_path"]
