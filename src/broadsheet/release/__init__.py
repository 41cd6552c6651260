"""What changed since the last release, which version that calls for, and bringing packages to where people get them."""

from broadsheet.release.diff import Change, Difference, TableChange, diff
from broadsheet.release.targets import PublishReport, publish

__all__ = ["Change", "Difference", "PublishReport", "TableChange", "diff", "publish"]
