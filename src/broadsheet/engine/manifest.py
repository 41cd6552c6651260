"""Which shards are live: a small JSON file, replaced as a whole after every shard that was finished."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from broadsheet.engine import disk

NAME: Final = "manifest.json"
FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Shard:
    """A live shard.

    Attributes:
        file: Its name in the cache folder.
        started_ns: When the build that last looked at its files began; files changed later may have changed unseen.
    """

    file: str
    started_ns: int


@dataclass(slots=True)
class Manifest:
    """The live shard of every bucket that has one."""

    shards: dict[int, Shard] = field(default_factory=dict)

    @classmethod
    def load(cls, cache: Path) -> "Manifest":
        """The manifest of a cache folder; empty if there is none that can be trusted (then all is built again)."""
        try:
            data = json.loads((cache / NAME).read_bytes())
            if data["format"] != FORMAT:
                return cls()
            shards = {int(bucket): Shard(str(s["file"]), int(s["started_ns"])) for bucket, s in data["shards"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls()
        return cls({bucket: shard for bucket, shard in shards.items() if (cache / shard.file).is_file()})

    def commit(self, cache: Path) -> None:
        """Make these shards the live ones.

        Raises:
            BroadsheetError: `write-failed`.
        """
        shards = {
            str(bucket): {"file": shard.file, "started_ns": shard.started_ns}
            for bucket, shard in sorted(self.shards.items())
        }
        text = json.dumps({"format": FORMAT, "shards": shards}, indent=1)
        disk.write(cache / NAME, lambda stream: stream.write(text.encode()))

    def files(self) -> set[str]:
        """Names of everything in the cache folder that is alive."""
        return {NAME, *(shard.file for shard in self.shards.values())}
