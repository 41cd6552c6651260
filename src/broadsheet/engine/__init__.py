"""Which files changed, shards, the cache, executors, the manifest: from sources to build/."""

from broadsheet.engine.build import build
from broadsheet.engine.progress import Progress
from broadsheet.engine.report import BuildReport, TableFacts, require_current

__all__ = ["BuildReport", "Progress", "TableFacts", "build", "require_current"]
