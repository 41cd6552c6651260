"""Files within files: tar, zip, WARC, JSON Lines, compressed files and git trees, read without unpacking to disk."""

from broadsheet.collect.archives.kinds import GIT, Kind, kind_of, spelled

__all__ = ["GIT", "Kind", "kind_of", "spelled"]
