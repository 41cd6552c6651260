"""The driver: what changed is processed into shards, the corpus is resolved, tables are committed together."""

import contextlib
import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from broadsheet.blocklist import BLOCKLIST
from broadsheet.collect import offers
from broadsheet.engine import disk, fingerprints, shards, tables
from broadsheet.engine.annotators import Chosen
from broadsheet.engine.executor import run
from broadsheet.engine.learnt import live, second_pass
from broadsheet.engine.lock import locked
from broadsheet.engine.manifest import Manifest, Shard
from broadsheet.engine.plan import Plan, make_plan
from broadsheet.engine.process import AnnotatorLike, Chunk, Facts, Work, annotator_of
from broadsheet.engine.progress import Progress
from broadsheet.engine.report import (
    REPORT,
    BuildReport,
    TableFacts,
    collection_counts,
    read_valid_report,
    reject_counts,
    table_facts,
    write_report,
)
from broadsheet.findings import BroadsheetError
from broadsheet.project import Project
from broadsheet.resolve.blocked import take_down
from broadsheet.resolve.held import Held

CACHE: Final = ".cache"
STAGING: Final = ".staging"
COMMIT_SECONDS: Final = 2
"""How much work a killed build may lose."""


def build(
    project: Project,
    *,
    jobs: int = 0,
    progress: Progress | None = None,
    cluster: str | None = None,
    annotator: Callable[[], AnnotatorLike] | None = None,
    resolve: tables.Resolver | None = None,
) -> BuildReport:
    """Build the tables of a project into its `build/`.

    Args:
        project: The project.
        jobs: Number of processes; 0 to choose, 1 for none beside this one.
        progress: Told how far it is.
        cluster: Address of a Dask scheduler, to process files there.
        annotator: Makes the annotator, in every process; importable by name. The one the project names if None.
        resolve: Resolves the corpus; Broadsheet's own if None.

    Raises:
        BroadsheetError: `build-locked`, `write-failed`, `worker-died`, `table-unreadable`, `argument-invalid`,
            `annotator-unknown`, `annotator-invalid`.
    """
    with locked(project.build_dir) as started_ns:
        return _Build(project, started_ns, progress, annotator, resolve).run(jobs, cluster)


class _Build:
    """One build, under the lock."""

    def __init__(
        self,
        project: Project,
        started_ns: int,
        progress: Progress | None,
        annotator: Callable[[], AnnotatorLike] | None,
        resolve: tables.Resolver | None,
    ) -> None:
        self.project = project
        self.started_ns = started_ns
        self.progress = progress
        self.dir = project.build_dir
        self.cache = self.dir / CACHE
        self.relaxed = shards.relaxed(project.tables)
        chosen = Chosen(project.annotator)
        self.annotator = annotator or chosen
        self.resolve = resolve
        own = chosen.fingerprint() if annotator is None else annotator().fingerprint
        self.rows_fingerprint = fingerprints.rows(own)
        self.corpus_fingerprint = fingerprints.corpus(project.tables)

    def run(self, jobs: int, cluster: str | None) -> BuildReport:
        manifest = Manifest.load(self.cache)
        disk.sweep(self.dir / STAGING, lambda _: False)
        disk.sweep(self.cache, lambda file: file.name in manifest.files())
        self._stage("collect", 0)
        plan = make_plan(self.project, offers(self.project), manifest, self.cache, self.rows_fingerprint)
        processed, reread = self._process(plan, manifest, jobs, cluster)
        again = self._learn(manifest, jobs, cluster)
        files = [shard.file for _, shard in sorted(manifest.shards.items())]
        inputs = self._inputs(files)
        report = read_valid_report(self.dir, inputs) or self._tables(files, inputs)
        blocklist = (self.project.root / BLOCKLIST).as_posix()
        findings = (*plan.findings, *(found.at(blocklist) for found in report.findings))
        report = replace(report, findings=findings, files=plan.files)
        return replace(report, processed=processed, reread=reread, again=again)

    def _process(self, plan: Plan, manifest: Manifest, jobs: int, cluster: str | None) -> tuple[int, int]:
        """Make the shards of all chunks, each file by itself."""
        loaded = (chunk for archive in plan.archives for chunk in archive.chunks(manifest, self.cache))
        expected = sum(archive.expected() for archive in plan.archives)
        processed = reread = 0
        self._stage("process", 0 if expected else plan.to_read)

        def made(facts: Facts) -> None:
            nonlocal processed, reread
            manifest.shards.pop(facts.bucket, None)
            if facts.shard is not None:
                manifest.shards[facts.bucket] = Shard(facts.shard, self.started_ns)
            processed, reread = processed + facts.processed, reread + facts.reread

        self._work_off(manifest, made, plan.chunks, loaded, expected=expected, jobs=jobs, cluster=cluster)
        for archive in plan.archives:
            archive.finished(manifest, self.started_ns)
            plan.files += archive.members
        self._keep(manifest)
        return processed, reread

    def _learn(self, manifest: Manifest, jobs: int, cluster: str | None) -> int:
        """Annotate again what prints names that others teach; how many files that were."""
        code = f"{self.rows_fingerprint}{self.corpus_fingerprint}{self.project.blocklist.fingerprint}"
        again = second_pass(self.project, manifest, self.cache, self.annotator, code)
        count = 0
        self._stage("learn", 0 if again.members else sum(len(chunk.pending) for chunk in again.chunks))

        def made(facts: Facts) -> None:
            nonlocal count
            before = manifest.shards.pop(facts.bucket)
            if facts.shard is not None:
                manifest.shards[facts.bucket] = replace(before, file=facts.shard, learnt=again.lexicon)
            count += facts.processed

        self._work_off(manifest, made, again.chunks, again.archives, expected=again.members, jobs=jobs, cluster=cluster)
        manifest.learnt = live(manifest, code)
        self._keep(manifest)
        return count

    def _work_off(
        self,
        manifest: Manifest,
        made: Callable[[Facts], None],
        chunks: Sequence[Chunk],
        loaded: Iterable[Chunk],
        *,
        expected: int,
        jobs: int,
        cluster: str | None,
    ) -> None:
        """Process chunks; the manifest is kept up, so that a build that was ended goes on there."""
        collections = {collection.name: collection for collection in self.project.collections}
        work = Work(self.cache.absolute(), collections, self.relaxed, self.annotator)
        committed = time.monotonic()
        try:
            for facts in run(work, chunks, loaded, expected=expected, jobs=jobs, cluster=cluster):
                made(facts)
                if self.progress is not None:
                    self.progress.advance(facts.processed + facts.reread)
                if time.monotonic() - committed > COMMIT_SECONDS:
                    manifest.commit(self.cache)
                    committed = time.monotonic()
        except BroadsheetError:
            with contextlib.suppress(BroadsheetError):  # what ended the build is what to tell
                manifest.commit(self.cache)
            raise

    def _keep(self, manifest: Manifest) -> None:
        """Write the manifest if it is not what is on disk, and remove the shards it does not know."""
        if manifest != Manifest.load(self.cache):
            manifest.commit(self.cache)
            disk.sweep(self.cache, lambda file: file.name in manifest.files())

    def _inputs(self, files: list[str]) -> str:
        """Hash of every file, its settings, and the code: equal inputs give equal tables."""
        hashed = hashlib.sha256(f"{self.corpus_fingerprint}{self.project.rights}".encode())
        if self.resolve is not None:
            hashed.update(f"{self.resolve.__module__}.{self.resolve.__qualname__}".encode())
        for key, known in sorted(item for name in files for item in shards.read_facts(self.cache / name).items()):
            line = "\0".join((*key, known.sha256, known.settings, known.learnt))
            hashed.update(line.encode("utf-8", "surrogatepass") + b"\n")
        return hashed.hexdigest()

    def _tables(self, files: list[str], inputs: str) -> BuildReport:
        """Resolve and write all tables; the report comes last and says that they belong together."""
        self._stage("resolve", 0)
        staging = self.dir / STAGING
        contract = self.project.tables
        try:
            gathered = tables.gather(self.cache, files, contract, staging)
            gathered, findings = take_down(gathered, self.project.blocklist)
            final = tables.finish(gathered, contract, self.resolve or self._resolved, staging)
            self._stage("write", 0)
            names = tuple(collection.name for collection in self.project.collections)
            report = BuildReport(
                inputs=inputs,
                fingerprints={"rows": self.rows_fingerprint, "corpus": self.corpus_fingerprint},
                tables=self._commit(final),
                collections=collection_counts(names, final["sources"]),
                rejects=reject_counts(final["rejects"]),
                rights=self.project.rights,
                findings=tuple(findings),
            )
        finally:
            with contextlib.suppress(BroadsheetError):  # the next build sweeps it too
                disk.sweep(staging, lambda _: False)
        write_report(self.dir, report)
        return report

    def _resolved(self, gathered: Mapping[str, Held], folder: Path) -> dict[str, Held]:
        from broadsheet.resolve import resolve

        return resolve(gathered, annotator_of(self.annotator).event_types(), folder)

    def _commit(self, final: Mapping[str, Held]) -> dict[str, TableFacts]:
        """Stage all tables, then move them into place together. Until the report is back, the build is incomplete."""
        staging = self.dir / STAGING
        facts = {}
        for name, held in final.items():
            file = staging / f"{name}.parquet"
            tables.write(file, held, self.project.tables[name])
            facts[name] = table_facts(file, held.num_rows)
        with disk.told(self.dir / REPORT):
            (self.dir / REPORT).unlink(missing_ok=True)
        for name in final:
            disk.rename(staging / f"{name}.parquet", self.dir / f"{name}.parquet")
        disk.sync_folder(self.dir)
        return facts

    def _stage(self, name: str, total: int) -> None:
        if self.progress is not None:
            self.progress.stage(name, total)
