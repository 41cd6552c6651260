"""What changed since the last build: which files to read, bucket by bucket."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from broadsheet.collect import Offer
from broadsheet.engine import fingerprints, shards
from broadsheet.engine.manifest import Manifest
from broadsheet.engine.process import Chunk, Pending
from broadsheet.engine.shards import Key, Known
from broadsheet.findings import Finding, finding
from broadsheet.project import Project


@dataclass(slots=True)
class Plan:
    """What a build has to do.

    Attributes:
        chunks: Buckets in which some file was added, changed, or vanished.
        files: Files offered.
        to_read: Files of `chunks` that must be read.
        findings: About collections, not about single files.
    """

    chunks: list[Chunk] = field(default_factory=list)
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
    known = _known(manifest, cache)
    settings = {c.name: fingerprints.settings(c, rows) for c in project.collections}
    keep: dict[int, set[Key]] = defaultdict(set)
    pending: dict[int, list[Pending]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for offer in offered:
        counts[offer.collection] += 1
        item = Pending(offer, fingerprints.offered(offer, settings[offer.collection]))
        bucket = shards.bucket_of(item.key)
        before = known[bucket].get(item.key) if bucket in known else None
        if before is not None and _unchanged(item, before, manifest.shards[bucket].started_ns):
            keep[bucket].add(item.key)
        else:
            pending[bucket].append(item)
    plan = Plan(files=counts.total(), to_read=sum(map(len, pending.values())))
    for bucket in sorted({*known, *pending}):
        vanished = len(known.get(bucket, ())) - len(keep[bucket])
        if bucket in pending or vanished:
            previous = manifest.shards[bucket].file if bucket in known else None
            plan.chunks.append(Chunk(bucket, previous, frozenset(keep[bucket]), tuple(pending[bucket])))
    for collection in project.collections:
        if not counts[collection.name]:
            message = f"Collection {collection.name!r} matches no file: {', '.join(collection.files)}."
            plan.findings.append(
                finding("collection-empty", message, path=(project.root / "datapackage.yaml").as_posix())
            )
    return plan


def _unchanged(item: Pending, before: Known, started_ns: int) -> bool:
    """Whether a file need not be read: size, time and settings are equal, and the time is older than the look at it."""
    offer = item.offer
    return (before.size, before.mtime_ns, before.settings) == (
        offer.size,
        offer.mtime_ns,
        item.settings,
    ) and offer.mtime_ns < started_ns


def _known(manifest: Manifest, cache: Path) -> dict[int, dict[Key, Known]]:
    import pyarrow as pa

    known = {}
    for bucket, shard in sorted(manifest.shards.items()):
        try:
            known[bucket] = shards.read_facts(cache / shard.file)
        except (pa.ArrowException, OSError, KeyError, ValueError):  # damaged: its files are built again
            del manifest.shards[bucket]
    return known
