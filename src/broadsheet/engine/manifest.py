"""Which shards are live: a small JSON file, replaced as a whole after every shard that was finished."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from broadsheet.engine import disk

NAME: Final = "manifest.json"
FORMAT: Final = 3


@dataclass(frozen=True, slots=True)
class Shard:
    """A live shard.

    Attributes:
        file: Its name in the cache folder.
        started_ns: When the build that last looked at its files began; files changed later may have changed unseen.
        learnt: Hash of the lexicon whose names were looked for in its files; "" if none was yet.
    """

    file: str
    started_ns: int
    learnt: str = ""


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive that was read to its end.

    Attributes:
        size: In bytes, when it was read; 0 for a git repository.
        sha256: Of the archive; "" for a git repository, whose tree is part of the settings.
        settings: Hash of what its rows, and which members it gives, depend on beside its bytes.
        members: How many it gave.
        parts: How many shards they are in.
        started_ns: As in `Shard`.
    """

    size: int
    mtime_ns: int
    sha256: str
    settings: str
    members: int
    parts: int
    started_ns: int


@dataclass(slots=True)
class Manifest:
    """The live shard of every bucket that has one, and what is known of archives.

    The bucket of a file is a number; that of a part of an archive is the key of the archive and more. `learnt` is the
    hash of all live shards when names of each were last looked for in the others.
    """

    shards: dict[str, Shard] = field(default_factory=dict)
    archives: dict[str, Archive] = field(default_factory=dict)
    learnt: str = ""

    @classmethod
    def load(cls, cache: Path) -> "Manifest":
        """The manifest of a cache folder; empty if there is none that can be trusted (then all is built again)."""
        try:
            data = json.loads((cache / NAME).read_bytes())
            if data["format"] != FORMAT:
                return cls()
            shards = {bucket: Shard(**known) for bucket, known in data["shards"].items()}
            archives = {key: Archive(**known) for key, known in data["archives"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls()
        live = {bucket: shard for bucket, shard in shards.items() if (cache / shard.file).is_file()}
        return cls(live, archives, str(data.get("learnt", "")))

    def commit(self, cache: Path) -> None:
        """Make these shards the live ones.

        Raises:
            BroadsheetError: `write-failed`.
        """
        shards = {bucket: asdict(shard) for bucket, shard in sorted(self.shards.items())}
        archives = {key: asdict(known) for key, known in sorted(self.archives.items())}
        text = json.dumps({"format": FORMAT, "learnt": self.learnt, "shards": shards, "archives": archives}, indent=1)
        disk.write(cache / NAME, lambda stream: stream.write(text.encode()))

    def parts(self) -> dict[str, list[str]]:
        """Buckets of the parts of every archive."""
        found: dict[str, list[str]] = {}
        for bucket in self.shards:
            archive, dash, _ = bucket.partition("-")
            if dash:
                found.setdefault(archive, []).append(bucket)
        return found

    def files(self) -> set[str]:
        """Names of everything in the cache folder that is alive."""
        return {NAME, *(shard.file for shard in self.shards.values())}
