"""Names learnt in one article and read in the others: which files are to be annotated again, and with which names.

Every file is first annotated by itself, and its shard keeps what it taught. The lexicon of the corpus is made of that
alone. A file in which names of the lexicon stand is annotated again with just these; its shard keeps their hash. So a
build without change does nothing, one file more is a matter of the files that print what it taught, and neither the
order of files nor a build that was ended in between leaves a trace.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from broadsheet.blocklist import Blocklist
from broadsheet.collect import Offer, members, offers
from broadsheet.engine import parts, shards
from broadsheet.engine.manifest import Manifest
from broadsheet.engine.packed import Packed
from broadsheet.engine.pending import Pending, hash_of
from broadsheet.engine.process import AnnotatorLike, Chunk, Learner, annotator_of
from broadsheet.engine.shards import TAUGHT, Key
from broadsheet.ids import source_id
from broadsheet.project import Project
from broadsheet.resolve.learnt import Claim, Form, lexicon

if TYPE_CHECKING:
    from broadsheet.annotate.model import EntityType, Learnt

TEXTS: Final = ("collection", "path", "settings", "learnt", "articles.position", "articles.language", "articles.title",
                "articles.body", *(f"taught.{name}" for name in TAUGHT))  # fmt: skip

JUDGED: Final = ("collection", "path", "sha256", "articles.position", "articles.article_id", "articles.url",
                 "articles.body_sha256")  # fmt: skip
"""What tells whether an article was taken down."""

Wanted = dict[Key, tuple[str, "tuple[Learnt, ...]"]]
"""Files to annotate again, with settings and names as in `Pending`."""


@dataclass(frozen=True, slots=True)
class Again:
    """Files to annotate again.

    Attributes:
        lexicon: Hash of the names that were looked for; "" if none were.
        chunks: Of files.
        archives: Their members, read anew.
        members: How many these are.
    """

    lexicon: str = ""
    chunks: tuple[Chunk, ...] = ()
    archives: Iterable[Chunk] = ()
    members: int = 0


def second_pass(
    project: Project, manifest: Manifest, cache: Path, annotator: Callable[[], AnnotatorLike], code: str
) -> Again:
    """The files to annotate again; that the others need not be is said in the manifest.

    Args:
        project: The project.
        manifest: The live shards.
        cache: Their folder.
        annotator: Makes what says how names are compared.
        code: Fingerprint of all code.
    """
    if manifest.learnt == live(manifest, code):
        return Again()
    learner = cast(Learner, annotator_of(annotator))
    if not hasattr(learner, "folded"):
        return Again()
    files = sorted(shard.file for shard in manifest.shards.values())
    names = _Names(lexicon(c for file in files for c in _claims(cache / file, project.blocklist)), learner)
    concerned: dict[str, Wanted] = {}
    for bucket, shard in sorted(manifest.shards.items()):
        if shard.learnt == names.fingerprint:
            continue
        if changed := names.changed(cache / shard.file):
            concerned[bucket] = changed
        else:
            manifest.shards[bucket] = replace(shard, learnt=names.fingerprint)
    return _chunks(project, manifest, concerned, names.fingerprint)


def live(manifest: Manifest, code: str) -> str:
    """Hash of all live shards and the code: as in `Manifest.learnt` once the second pass is done."""
    names = "\0".join([code, *sorted(shard.file for shard in manifest.shards.values())])
    return hashlib.sha256(names.encode()).hexdigest()[:16]


def _claims(shard: Path, blocklist: Blocklist) -> Iterator[Claim]:
    """What the files of a shard taught, but for articles that were taken down."""
    for row in shards.read_lists(shard, ["taught", *JUDGED] if blocklist else ["taught"]):
        blocked = _blocked(row, blocklist) if blocklist and row["taught"] else ()
        for name in row["taught"]:
            if name["article"] not in blocked:
                yield Claim(**{key: value for key, value in name.items() if key != "article"})


def _blocked(row: Mapping[str, Any], blocklist: Blocklist) -> set[int]:
    """Positions of the articles of a file that were taken down."""
    whole = blocklist.of_source(source_id(row["collection"], row["path"]), row["path"], row["sha256"])
    return {
        article["position"]
        for article in row["articles"]
        if whole or blocklist.of_article(article["article_id"], article["url"], article["body_sha256"])
    }


class _Names:
    """The lexicon, looked for in texts.

    Args:
        found: Entity and type by form.
        annotator: Says how texts are compared.
    """

    def __init__(self, found: "Mapping[Form, tuple[str, EntityType]]", annotator: Learner) -> None:
        from ahocorasick_rs import AhoCorasick

        from broadsheet.annotate.model import Learnt

        self._annotator = annotator
        self._forms = sorted({form for _, form in found})
        self._found = {key: Learnt(key[1], *owner) for key, owner in found.items()}
        self._automaton = AhoCorasick(self._forms)
        self.fingerprint = hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()[:16]

    def changed(self, shard: Path) -> "Wanted":
        """Files that were not annotated with the names that stand in them."""
        changed: Wanted = {}
        for row in shards.read_lists(shard, TEXTS):
            key = (row["collection"], row["path"])
            names = self._of(row["articles"], row["taught"])
            if hash_of(names) != row["learnt"]:
                changed[key] = row["settings"], names
        return changed

    def _of(self, articles: Iterable[Mapping[str, Any]], taught: Iterable[Mapping[str, Any]]) -> "tuple[Learnt, ...]":
        """Names that stand in an article which did not teach them itself."""
        own = {(name["article"], name["form"], name["entity_id"]) for name in taught}
        return tuple(
            sorted(
                {
                    name
                    for article in articles
                    for name in self._standing(article)
                    if (article["position"], name.form, name.entity_id) not in own
                },
                key=lambda name: name.form,
            )
        )

    def _standing(self, article: Mapping[str, Any]) -> "Iterator[Learnt]":
        language = (article["language"] or "").partition("-")[0]
        text = "\n".join((article["title"] or "", article["body"] or ""))
        hits = self._automaton.find_matches_as_indexes(self._annotator.folded(text, language), overlapping=True)
        for number in {number for number, _, _ in hits}:
            known = self._found.get((language, self._forms[number]))
            if known is not None:
                yield known


def _chunks(project: Project, manifest: Manifest, concerned: Mapping[str, Wanted], fingerprint: str) -> Again:
    """The files as chunks. Their offers are asked for again: the first pass kept none."""
    packed: dict[str, dict[str, Wanted]] = defaultdict(dict)
    for bucket, wanted in concerned.items():
        archive, dash, _ = bucket.partition("-")
        if dash:
            packed[archive][bucket] = wanted
    loose: dict[str, Packed] = defaultdict(Packed)
    archives = []
    for offer in offers(project) if concerned else ():
        key = (offer.collection, offer.path)
        bucket = shards.bucket_of(key)
        if offer.inside is not None:
            if parts.key_of(offer) in packed:
                archives.append(offer)
        elif key in concerned.get(bucket, ()):
            settings, names = concerned[bucket][key]
            loose[bucket].append(Pending(offer, settings, learnt=names))
    return Again(
        fingerprint,
        tuple(Chunk(bucket, manifest.shards[bucket].file, frozenset(), files) for bucket, files in loose.items()),
        (chunk for offer in archives for chunk in _members(project, offer, manifest, packed[parts.key_of(offer)])),
        sum(len(wanted) for buckets in packed.values() for wanted in buckets.values()),
    )


def _members(project: Project, archive: Offer, manifest: Manifest, concerned: Mapping[str, Wanted]) -> Iterator[Chunk]:
    """Members of an archive to annotate again, part by part: a part stands together in it."""
    where = {key: bucket for bucket, wanted in concerned.items() for key in wanted}
    waiting: list[Pending] = []
    current = ""

    def part() -> Iterator[Chunk]:
        if waiting:
            yield Chunk(current, manifest.shards[current].file, frozenset(), tuple(waiting))

    limits = project.collection(archive.collection).limits
    for member in members(archive, limits, lambda offer: (offer.collection, offer.path) in where):
        key = (member.offer.collection, member.offer.path)
        if member.content is None or key not in where:
            continue
        if where[key] != current:
            yield from part()
            waiting, current = [], where[key]
        settings, names = concerned[current][key]
        waiting.append(Pending(member.offer, settings, member.content, names))
    yield from part()
