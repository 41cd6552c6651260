"""Archives as chunks: one pass through each, its members handed on with their bytes, in parts of bounded size.

An archive is not spread over the buckets of files: whoever wanted the members of one bucket would have to unpack all.
Its members are cut into parts in the order they are stored, each part is a shard, and whether a part ends behind a
member is told by the name of that member alone. So a member that is added moves no cut but those around it, and the
other parts stay as they are.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from broadsheet.collect import Digest, Member, Offer, Refused, digest, members
from broadsheet.engine import fingerprints, shards
from broadsheet.engine.manifest import Archive, Manifest
from broadsheet.engine.pending import Pending
from broadsheet.engine.process import NEVER, Chunk
from broadsheet.engine.shards import Key, Known
from broadsheet.ids import short_hash
from broadsheet.project import Collection

CUT_EVERY: Final = 256
"""Members of a part, on the average."""
MOST_MEMBERS: Final = 1024
MOST_BYTES: Final = 16 * 1024 * 1024


@dataclass(slots=True)
class Unread:
    """An archive that was added or changed.

    Attributes:
        offer: The archive.
        collection: Whose it is.
        settings: Hash of what its rows, and which members it gives, depend on beside its bytes.
        member_settings: The same for the rows of one member.
        sha256: Of the archive; "" for a git repository.
        before: Buckets of the parts it gave when it was read last.
        parts: Buckets of the parts it gave.
        members: How many it gave.
        readable: Whether there is no reason to look again although it did not change.
    """

    offer: Offer
    collection: Collection
    settings: str
    member_settings: str
    sha256: str
    before: list[str]
    parts: list[str] = field(default_factory=list)
    members: int = 0
    readable: bool = True

    @property
    def key(self) -> str:
        """Of the archive in the manifest; the buckets of its parts begin with it."""
        return key_of(self.offer)

    def expected(self) -> int:
        """A guess at the number of members, for choosing how many processes to start."""
        return max(self.offer.size // 8192, 1) if self.offer.size else shards.BUCKETS

    def chunks(self, manifest: Manifest, cache: Path) -> Iterator[Chunk]:
        """Read it, part by part; nothing of a part is kept once it was handed on."""
        part = _Part(self, manifest, cache)
        for member in members(self.offer, self.collection.limits, lambda offer: not part.unchanged(offer)):
            self.members += 1
            if isinstance(member.content, Refused) and member.content.reject.code == "file-unreadable":
                self.readable = False
            part.add(member)
            if part.full or _cuts(member.offer.path):
                yield from part.done()
        yield from part.done()

    def finished(self, manifest: Manifest, started_ns: int) -> None:
        """Say in the manifest that all its parts are there, and forget parts of what it was before."""
        for bucket in set(self.before) - set(self.parts):
            manifest.shards.pop(bucket, None)
        offer, mtime = self.offer, self.offer.mtime_ns
        if not self.readable or _changed(offer):
            mtime = NEVER
        size, parts = offer.size, len(self.parts)
        manifest.archives[self.key] = Archive(size, mtime, self.sha256, self.settings, self.members, parts, started_ns)


class _Part:
    """The part being filled."""

    def __init__(self, archive: Unread, manifest: Manifest, cache: Path) -> None:
        self._archive = archive
        self._manifest = manifest
        self._cache = cache
        self._begin()

    def _begin(self) -> None:
        self._bucket: str | None = None
        self._known: dict[Key, Known] = {}
        self._keep: set[Key] = set()
        self._pending: list[Pending] = []
        self._bytes = 0

    def _named(self, offer: Offer) -> None:
        """A part is known by its first member."""
        if self._bucket is None:
            self._bucket = f"{self._archive.key}-{short_hash(offer.path)}"
            shard = self._manifest.shards.get(self._bucket)
            if shard is not None:
                self._known = known_of(self._manifest, self._bucket, self._cache) or {}

    def unchanged(self, offer: Offer) -> bool:
        """Whether a member need not be read, because its archive says that it is what it was."""
        self._named(offer)
        before = self._known.get((offer.collection, offer.path))
        return before is not None and bool(offer.key) and before.settings == self._settings(offer)

    def _settings(self, offer: Offer) -> str:
        return fingerprints.offered(offer, self._archive.member_settings)

    def add(self, member: Member) -> None:
        """One more member."""
        offer, content = member.offer, member.content
        self._named(offer)
        if content is None:
            self._keep.add((offer.collection, offer.path))
            return
        self._bytes += 0 if isinstance(content, Refused) else len(content.data)
        self._pending.append(Pending(offer, self._settings(offer), content))

    @property
    def full(self) -> bool:
        """Whether it must end, wherever it is."""
        return len(self._pending) + len(self._keep) >= MOST_MEMBERS or self._bytes >= MOST_BYTES

    def done(self) -> Iterator[Chunk]:
        """The part as a chunk, if there is something to do, and an empty one in its place."""
        bucket = self._bucket
        if bucket is None:
            return
        self._archive.parts.append(bucket)
        known, pending = self._known, tuple(self._pending)
        gone = frozenset(known.keys() - self._keep - {item.key for item in pending})
        self._begin()
        if pending or gone:
            yield Chunk(bucket, self._manifest.shards[bucket].file if known else None, gone, pending)


@dataclass(slots=True)
class Live:
    """What earlier builds left of archives.

    Attributes:
        parts: Buckets by archive, of those not looked at yet.
    """

    manifest: Manifest
    cache: Path
    parts: dict[str, list[str]]


def key_of(offer: Offer) -> str:
    """The key of an archive in the manifest."""
    return "a" + short_hash(offer.collection, offer.path)


def known_of(manifest: Manifest, bucket: str, cache: Path) -> dict[Key, Known] | None:
    """What a live shard knows of its files; one that is damaged is dropped from the manifest, and None."""
    import pyarrow as pa

    try:
        return shards.read_facts(cache / manifest.shards[bucket].file)
    except (pa.ArrowException, OSError, KeyError, ValueError):  # its files are built again
        del manifest.shards[bucket]
        return None


def look(offer: Offer, collection: Collection, live: Live, rows: str) -> Unread | None:
    """The archive, if it must be read; None if it is what it was.

    It is what it was if size, time and settings are as in the manifest and the time is older than the build that read
    it; or, where only the time is another, if its sha256 is the same. All its shards must be there and sound.
    """
    member_settings = fingerprints.settings(collection, rows)
    settings = fingerprints.archive(offer, collection, member_settings)
    key, manifest, cache = key_of(offer), live.manifest, live.cache
    known = manifest.archives.get(key)
    sound = [bucket for bucket in live.parts.pop(key, ()) if known_of(manifest, bucket, cache) is not None]
    may_be = known is not None and known.settings == settings and len(sound) == known.parts
    same_file = known is not None and (known.size, known.mtime_ns) == (offer.size, offer.mtime_ns)
    if known is not None and may_be and same_file and offer.mtime_ns < known.started_ns:
        return None
    found = Digest("", 0, "") if offer.stamp else digest(offer.file, offer.path)
    if known is not None and may_be and known.mtime_ns != NEVER and known.sha256 == found.sha256 and not offer.stamp:
        manifest.archives[key] = replace(known, size=offer.size, mtime_ns=offer.mtime_ns)
        return None
    manifest.archives.pop(key, None)  # not to be trusted until it was read to its end
    return Unread(offer, collection, settings, member_settings, found.sha256, sound)


def _cuts(path: str) -> bool:
    """Whether a part ends behind this member."""
    drawn = hashlib.blake2b(path.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(drawn, "big") % CUT_EVERY == 0


def _changed(offer: Offer) -> bool:
    """Whether an archive changed while it was read."""
    if offer.file is None or offer.stamp:
        return False
    with suppress(OSError):
        found = offer.file.stat()
        return (found.st_size, found.st_mtime_ns) != (offer.size, offer.mtime_ns)
    return True
