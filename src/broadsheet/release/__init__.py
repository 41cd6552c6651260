"""What changed since the last release, which version that calls for, and bringing packages to where people get them."""

from broadsheet.release.diff import Difference, diff
from broadsheet.release.rows import TableChange
from broadsheet.release.schemas import Change
from broadsheet.release.targets import PublishReport, publish

__all__ = ["Change", "Difference", "PublishReport", "TableChange", "diff", "publish"]
