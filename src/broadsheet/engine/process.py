"""The one worker function: offers -> parse -> annotate -> rows -> a shard. It knows no executor.

It gets and returns small facts, never rows: rows as Python objects cost several times their size on the way.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from broadsheet.collect import Digest, Refused, digest, media_type, read
from broadsheet.document import Article, Document, Reject, SourceStatus
from broadsheet.engine import shards
from broadsheet.engine.pending import Pending, hash_of
from broadsheet.engine.records import Rows, document_rows, rejected_rows
from broadsheet.engine.shards import Key, Known
from broadsheet.engine.sound import sound
from broadsheet.project import Collection
from broadsheet.schema.model import Table

if TYPE_CHECKING:
    import pyarrow as pa

    from broadsheet.annotate.model import Annotation, Learnt
    from broadsheet.resolve.events import EventCodes

FILES_AT_ONCE: Final = 64
BYTES_AT_ONCE: Final = 8 * 1024 * 1024
"""Of files whose rows are Python objects at a time; as objects they cost several times their size."""

NEVER: Final = -1
"""A time of change no file has: the file is looked at again by the next build."""


UNREAD: Final = ("file-unreadable", "git-failed")
NOT_REJECTED: Final[Mapping[str, SourceStatus]] = {
    "file-empty": "empty",
    "archive-empty": "empty",
    "archive-skipped": "not_article",
}
"""Statuses of what was not parsed, where it is no fault."""


class AnnotatorLike(Protocol):
    """What finds names and events in an article."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever an annotation may change."""

    def annotate(self, article: Article) -> "Annotation":
        """All spans of an article."""

    def event_types(self) -> "Mapping[str, EventCodes]":
        """Codes and labels of the event types it knows."""


class Learner(AnnotatorLike, Protocol):
    """One whose articles teach names, which it takes for others."""

    def annotate(self, article: Article, learnt: "Sequence[Learnt]" = ()) -> "Annotation":
        """All spans of an article, with names that stand in it and that other articles taught."""

    def folded(self, text: str, language: str) -> str:
        """A text as the names it teaches are written."""


@dataclass(frozen=True, slots=True)
class Work:
    """What every worker must know; small, and the same for all chunks of a build.

    Attributes:
        cache: Folder of the shards.
        collections: By name.
        tables: The relaxed tables shards are made of.
        annotator: Makes the annotator, once per process; must be importable by name.
    """

    cache: Path
    collections: Mapping[str, Collection]
    tables: Mapping[str, Table]
    annotator: Callable[[], AnnotatorLike]


class Files(Protocol):
    """Files to look at, one after another."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Pending]: ...


@dataclass(frozen=True, slots=True)
class Chunk:
    """The part of a build that makes one shard.

    Attributes:
        bucket: Of the shard: a number, or the name of a part of an archive.
        previous: File name of the bucket's shard as it is; None if there is none.
        gone: Files of that shard that are there no more; of those that are not in `pending`, the rows stay, unread.
        pending: Files to read.
    """

    bucket: str
    previous: str | None
    gone: frozenset[Key]
    pending: Files


@dataclass(frozen=True, slots=True)
class Facts:
    """What became of a chunk.

    Attributes:
        shard: File name of the bucket's shard now; None if no file is left.
        processed: Files parsed and annotated.
        reread: Files read and found to be what they were.
    """

    bucket: str
    shard: str | None
    processed: int
    reread: int


def process_to_shard(work: Work, chunk: Chunk) -> Facts:
    """Make the shard of one bucket.

    Raises:
        BroadsheetError: `write-failed`.
    """
    making = _Making(work, chunk)
    name = shards.write_shard(work.cache, chunk.bucket, making.pieces())
    shard = name or (chunk.previous if making.unchanged else None)
    return Facts(chunk.bucket, shard, making.processed, len(chunk.pending) - making.processed)


@dataclass(slots=True)
class _Making:
    """The rows of one shard while it is made: a few files at a time, so that no bucket need fit in memory."""

    work: Work
    chunk: Chunk
    processed: int = 0
    unchanged: bool = False

    def pieces(self) -> "Iterator[pa.Table]":
        """New rows, then those that stay; nothing at all if the shard stays as it is."""
        file = self.work.cache / self.chunk.previous if self.chunk.previous else None
        known = shards.read_facts(file) if file else {}
        old = {key: facts for key, facts in known.items() if key not in self.chunk.gone}
        fresh: list[tuple[Key, Known, Rows]] = []
        for pending in self.chunk.pending:
            now, rows = _look(self.work, pending, old.pop(pending.key, None))
            if rows is None:
                old[pending.key] = now
                continue
            fresh.append((pending.key, now, rows))
            self.processed += 1
            if len(fresh) >= FILES_AT_ONCE or sum(facts.size for _, facts, _ in fresh) >= BYTES_AT_ONCE:
                yield _fresh(self.work, fresh)
                fresh.clear()
        if fresh:
            yield _fresh(self.work, fresh)
        self.unchanged = not self.processed and old == known
        if file and old and not self.unchanged:
            yield from _kept(file, old)


def _look(work: Work, pending: Pending, known: Known | None) -> tuple[Known, Rows | None]:
    """Read a file; its facts, and its rows unless they are what they were."""
    offer = pending.offer
    collection = work.collections[offer.collection]
    source = pending.content or read(offer, collection.limits)
    if isinstance(source, Reject):
        found = digest(None if source.code in UNREAD else offer.file, offer.path)
        return _refused(pending, Refused(source, found), collection)
    if isinstance(source, Refused):
        return _refused(pending, source, collection)
    learnt = hash_of(pending.learnt or ())
    now = Known(offer.size, offer.mtime_ns, source.sha256, pending.settings, learnt)
    same = known is not None and (known.sha256, known.settings) == (now.sha256, now.settings)
    if known is not None and same and (pending.learnt is None or known.learnt == learnt):
        return replace(now, learnt=known.learnt), None
    from broadsheet.parse import PARSER_VERSION, parse

    annotator = annotator_of(work.annotator)
    try:
        document, annotations = _annotated(parse(source, collection), annotator, pending.learnt or ())
        return now, document_rows(document, annotations, collection, PARSER_VERSION)
    except Exception as problem:  # noqa: BLE001 - one file must not end the build; it is told as parse-failed
        return now, _failed(pending.key, now, problem, collection)


def _annotated(
    document: Document, annotator: AnnotatorLike, learnt: "Sequence[Learnt]"
) -> "tuple[Document, list[Annotation]]":
    """The annotations of a document's articles; where the annotator fails, none and a reject."""
    from broadsheet.annotate.model import Annotation

    annotations, rejects = [], list(document.rejects)
    types = annotator.event_types()
    for article in document.articles:
        try:
            made = cast(Learner, annotator).annotate(article, learnt) if learnt else annotator.annotate(article)
            annotation, left_out = sound(made, article, types)
            annotations.append(annotation)
            rejects += left_out
        except Exception as problem:  # noqa: BLE001 - the article is kept without spans, and told as annotate-failed
            annotations.append(Annotation())
            message = f"The annotator failed: {_cause(problem)}."
            rejects.append(Reject("annotate-failed", message, "articles", "body", position=article.position))
    return replace(document, rejects=tuple(rejects)), annotations


def _refused(pending: Pending, refused: Refused, collection: Collection) -> tuple[Known, Rows]:
    """Facts and rows of a file that was not parsed."""
    from broadsheet.parse import PARSER_VERSION

    offer, reject = pending.offer, refused.reject
    # What could not be read may be readable next time without having changed.
    mtime = NEVER if reject.code in UNREAD else offer.mtime_ns
    rows = rejected_rows(
        collection,
        offer.path,
        digest=refused.digest,
        reject=reject,
        status=NOT_REJECTED.get(reject.code, "rejected"),
        parser_version=PARSER_VERSION,
    )
    return Known(offer.size, mtime, refused.digest.sha256, pending.settings), rows


def _failed(key: Key, known: Known, problem: Exception, collection: Collection) -> Rows:
    """The rows of a file that was read but could not be made into rows."""
    from broadsheet.parse import PARSER_VERSION

    return rejected_rows(
        collection,
        key[1],
        digest=Digest(known.sha256, known.size, media_type(key[1], b"")),
        reject=Reject("parse-failed", f"The file could not be made into rows: {_cause(problem)}."),
        status="rejected",
        parser_version=PARSER_VERSION,
    )


def _fresh(work: Work, files: list[tuple[Key, Known, Rows]]) -> "pa.Table":
    """A shard of new rows; a file whose rows do not fit their columns is rejected alone."""
    try:
        return shards.make_shard(files, work.tables)
    except ValueError:
        fitting = []
        for key, known, rows in files:
            try:
                shards.make_shard([(key, known, rows)], work.tables)
                fitting.append((key, known, rows))
            except ValueError as problem:
                fitting.append((key, known, _failed(key, known, problem, work.collections[key[0]])))
        return shards.make_shard(fitting, work.tables)


def _kept(file: Path, keep: Mapping[Key, Known]) -> "Iterator[pa.Table]":
    """The rows of a shard that stay, with the times of change seen last."""
    import pyarrow as pa

    for piece in shards.read_pieces(file):
        columns: list[list[Any]] = [piece.column(name).to_pylist() for name in ("collection", "path")]
        keys: list[Key] = list(zip(*columns, strict=True))
        kept = piece.filter(pa.array([key in keep for key in keys], pa.bool_()))
        times = pa.array([keep[key].mtime_ns for key in keys if key in keep], pa.int64())
        if len(times):
            yield kept.set_column(kept.schema.get_field_index("mtime_ns"), "mtime_ns", times)


def _cause(problem: Exception) -> str:
    text = " ".join(str(problem).split())
    return f"{type(problem).__name__}: {text[:120]}" if text else type(problem).__name__


_annotators: dict[Callable[[], AnnotatorLike], AnnotatorLike] = {}


def annotator_of(make: Callable[[], AnnotatorLike]) -> AnnotatorLike:
    """The annotator of this process."""
    if make not in _annotators:
        _annotators[make] = make()
    return _annotators[make]


def default_annotator() -> AnnotatorLike:
    """The annotator of the language packs that come with Broadsheet."""
    from broadsheet.annotate import Annotator

    annotator: AnnotatorLike = Annotator.load()
    return annotator
