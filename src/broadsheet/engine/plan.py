"""What changed since the last build: which files to read, bucket by bucket."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from broadsheet.collect import Offer
from broadsheet.engine import fingerprints, parts, shards
from broadsheet.engine.manifest import Manifest
from broadsheet.engine.packed import Packed
from broadsheet.engine.pending import Pending
from broadsheet.engine.process import Chunk
from broadsheet.engine.shards import Known
from broadsheet.findings import Finding, finding
from broadsheet.project import Project


@dataclass(slots=True)
class Plan:
    """What a build has to do.

    Attributes:
        chunks: Buckets in which some file was added, changed, or vanished.
        archives: Archives that were added or changed.
        files: Files offered, and members of archives that need not be read.
        to_read: Files of `chunks` that must be read.
        findings: About collections, not about single files.
    """

    chunks: list[Chunk] = field(default_factory=list)
    archives: list[parts.Unread] = field(default_factory=list)
    files: int = 0
    to_read: int = 0
    findings: list[Finding] = field(default_factory=list)


def make_plan(project: Project, offered: Iterable[Offer], manifest: Manifest, cache: Path, rows: str) -> Plan:
    """Compare what is offered with what the live shards hold.

    Args:
        project: The project.
        offered: Its offers.
        manifest: The live shards; those that cannot be read are dropped from it.
        cache: Their folder.
        rows: Fingerprint of everything that makes rows.
    """
    archives = _Archives(project, manifest, cache, rows)
    settings = {c.name: fingerprints.settings(c, rows) for c in project.collections}
    buckets: dict[str, Packed] = defaultdict(Packed)
    counts: Counter[str] = Counter()
    for offer in offered:
        counts[offer.collection] += 1
        if offer.inside is not None:
            archives.look(offer)
            continue
        item = Pending(offer, fingerprints.offered(offer, settings[offer.collection]))
        buckets[shards.bucket_of(item.key)].append(item)
    archives.forget_others()
    plan = Plan(archives=archives.unread, files=counts.total() - archives.count + archives.members)
    live = {bucket for bucket in manifest.shards if "-" not in bucket}
    for bucket in sorted({*live, *buckets}):
        chunk = _chunk(bucket, buckets.pop(bucket, Packed()), manifest, cache)
        if chunk is not None:
            plan.chunks.append(chunk)
            plan.to_read += len(chunk.pending)
    for collection in project.collections:
        if not counts[collection.name]:
            message = f"Collection {collection.name!r} matches no file: {', '.join(collection.files)}."
            plan.findings.append(
                finding("collection-empty", message, path=(project.root / "datapackage.yaml").as_posix())
            )
    return plan


def _chunk(bucket: str, offered: Packed, manifest: Manifest, cache: Path) -> Chunk | None:
    """What is to be done in a bucket; None if nothing."""
    known = parts.known_of(manifest, bucket, cache) if bucket in manifest.shards else None
    shard = manifest.shards.get(bucket)
    gone, pending = set(known or ()), Packed()
    for item in offered:
        before = known.get(item.key) if known else None
        gone.discard(item.key)
        if before is None or shard is None or not _unchanged(item, before, shard.started_ns):
            pending.append(item)
    if not pending and not gone:
        return None
    return Chunk(bucket, shard.file if shard else None, frozenset(gone), pending)


def _unchanged(item: Pending, before: Known, started_ns: int) -> bool:
    """Whether a file need not be read: size, time and settings are equal, and the time is older than the look at it."""
    offer = item.offer
    return (before.size, before.mtime_ns, before.settings) == (
        offer.size,
        offer.mtime_ns,
        item.settings,
    ) and offer.mtime_ns < started_ns


class _Archives:
    """The archives among the offers."""

    def __init__(self, project: Project, manifest: Manifest, cache: Path, rows: str) -> None:
        self.unread: list[parts.Unread] = []
        self.count = self.members = 0
        self._collections = {collection.name: collection for collection in project.collections}
        self._live = parts.Live(manifest, cache, manifest.parts())
        self._rows = rows

    def look(self, offer: Offer) -> None:
        """One more archive."""
        self.count += 1
        unread = parts.look(offer, self._collections[offer.collection], self._live, self._rows)
        if unread is not None:
            self.unread.append(unread)
        else:
            self.members += self._live.manifest.archives[parts.key_of(offer)].members

    def forget_others(self) -> None:
        """Drop what was made of archives that are offered no more."""
        manifest = self._live.manifest
        for key, buckets in self._live.parts.items():
            manifest.archives.pop(key, None)
            for bucket in buckets:
                manifest.shards.pop(bucket, None)
