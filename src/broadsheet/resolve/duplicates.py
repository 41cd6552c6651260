"""The same article twice: exact copies, revisions of one address, near copies.

No body is read here: equal texts are known by their hash, like ones by their sketch. Time is near linear in the number
of articles; memory is a few hundred bytes for each.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from broadsheet.addresses import address_key
from broadsheet.resolve.held import ROW, Held
from broadsheet.resolve.likeness import Known, copies, issue_key, reissues, versions
from broadsheet.resolve.sketch import SHORTEST, SKETCH, bands, matrix

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Row = dict[str, Any]
Verdict = Callable[[Known, Known, float], bool]
"""Whether two articles are one, from what is known of them and the share of their texts they have in common."""

COMPARED: Final = 16
"""Of many texts that share a band, only so many unlike ones are compared with the rest: the cost stays linear."""

FIRST: Final = (
    "article_id",
    "source_id",
    "url",
    "title",
    "publisher",
    "published_local",
    "body_sha256",
    "character_count",
)
"""Read of every article."""

THEN: Final = (
    "article_id",
    "source_path",
    "url",
    "title",
    "publisher",
    "published_local",
    "archived_at",
    "truncated",
    "character_count",
    "body_sha256",
)
"""Read of those that may have a copy."""


@dataclass(frozen=True, slots=True)
class Copy:
    """An article that is a copy: `kept` is the id of the one that stays."""

    kept: str
    kind: str


def find_copies(articles: Held) -> dict[str, Copy]:
    """Every article that is a copy of another, by its id; each group of copies points to one article that is kept.

    Kept is the earliest; of its versions (under one address, or under one headline of one outlet and day) the last
    collected that has a text, without stamps the longest.

    Args:
        articles: The table, with a column `SKETCH`. The result does not depend on the order of its rows.
    """
    digests = _Digests.of(articles)
    groups = _Groups(len(digests.row))
    for run in _runs(digests.copy):
        for other in run[1:]:
            groups.join(run[0], other)
    _join_like(articles, digests, groups)
    members = groups.members()
    rows = digests.rows(articles, (at for group in members for at in group))
    found: dict[str, Copy] = {}
    for group in members:
        found.update(_pointed([_Member(rows[at], int(digests.address[at]), int(digests.issue[at])) for at in group]))
    return found


def lay_copies(articles: Held, found: Mapping[str, Copy]) -> None:
    """Set `duplicate_of` and `duplicate_kind` of all articles."""
    import pyarrow as pa

    kept: list[pa.Array[Any]] = []
    kinds: list[pa.Array[Any]] = []
    for stored in articles.read(["article_id"]):
        copied = [found.get(key) for key in stored.column("article_id").to_pylist()]
        kept.append(pa.array([copy and copy.kept for copy in copied], pa.string()))
        kinds.append(pa.array([copy and copy.kind for copy in copied], pa.string()))
    articles.lay("duplicate_of", pa.chunked_array(kept, pa.string()))
    articles.lay("duplicate_kind", pa.chunked_array(kinds, pa.string()))


@dataclass(frozen=True, slots=True)
class _Digests:
    """What tells articles apart, as numbers; in the order of their ids. 0 where there is nothing to compare.

    Attributes:
        row: Number of the row.
        address: Of the page, where it is the article's own: not a site's, nor that of several items of one file.
        text: Of the body, if it is long enough to be told from a formula.
        copy: Of body and headline together, where there are both.
        issue: Of headline, outlet and day together, where all are known.
        sketch: One row of numbers for each article.
    """

    row: "npt.NDArray[np.int64]"
    address: "npt.NDArray[np.uint64]"
    text: "npt.NDArray[np.uint64]"
    copy: "npt.NDArray[np.uint64]"
    issue: "npt.NDArray[np.uint64]"
    sketch: "npt.NDArray[np.uint16]"

    @classmethod
    def of(cls, articles: Held) -> "_Digests":
        """Read them, a batch at a time."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        ids, numbers, items = [], [], []
        columns: dict[str, list[int]] = {"address": [], "text": [], "copy": [], "issue": []}
        sketches = [matrix(pa.chunked_array([], pa.null()))]
        for batch in articles.batches([*FIRST, SKETCH], numbered=True):
            ids.append(batch.column("article_id").combine_chunks())
            numbers.append(batch.column(ROW).to_numpy())
            sketches.append(matrix(batch.column(SKETCH)))
            for row in batch.select(FIRST).to_pylist():
                address = address_key(row["url"])
                text = row["body_sha256"] if row["character_count"] >= SHORTEST else None
                known = Known.of(row)
                title = known.title if text else ""
                columns["address"].append(_number(address))
                columns["text"].append(_number(text))
                columns["copy"].append(_number(f"{text} {title}" if title else None))
                columns["issue"].append(_number(issue_key(known) if title else None))
                items.append(_number(f"{row['source_id']} {address}" if address else None))
        order = pc.sort_indices(pa.chunked_array(ids, pa.string())).to_numpy()
        made = {name: np.array(values, dtype=np.uint64) for name, values in columns.items()}
        shared = made["address"][[run[0] for run in _runs(np.array(items, dtype=np.uint64))]]
        made["address"][np.isin(made["address"], shared)] = 0
        rows = np.concatenate([np.zeros(0, dtype=np.int64), *numbers])
        sketch = np.concatenate(sketches)
        address, text, copy, issue = (made[name][order] for name in ("address", "text", "copy", "issue"))
        return cls(rows[order], address, text, copy, issue, sketch[order])

    def rows(self, articles: Held, wanted: Iterable[int]) -> dict[int, Row]:
        """What is to be known of some articles."""
        place = {int(self.row[at]): at for at in wanted}
        return {place[number]: row for number, row in articles.picked(place, THEN).items()}


@dataclass(frozen=True, slots=True)
class _Member:
    """One of a group of copies: its row, and the numbers of its address and issue."""

    row: Row
    address: int
    issue: int

    def version_of(self, other: "_Member") -> bool:
        """Whether both are states of one article of one outlet."""
        return self.address == other.address != 0 or self.issue == other.issue != 0


class _Groups:
    """Sets of articles that are one, by number."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def root(self, node: int) -> int:
        """The number a set goes by."""
        parent = self._parent
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def join(self, left: int, right: int) -> None:
        """Make two sets one."""
        low, high = sorted((self.root(left), self.root(right)))
        self._parent[high] = low

    def members(self) -> list[list[int]]:
        """The sets of more than one."""
        sets: dict[int, list[int]] = defaultdict(list)
        for node, parent in enumerate(self._parent):
            if parent != node:
                sets[self.root(node)].append(node)
        return [[root, *others] for root, others in sorted(sets.items())]


def _join_like(articles: Held, digests: _Digests, groups: _Groups) -> None:
    """Join articles whose texts are equal or like, if nothing else tells against it."""
    import numpy as np

    concerned = {at for key in (digests.address, digests.text, digests.issue) for run in _runs(key) for at in run}
    # Of many articles with one text, a few stand for all when it comes to texts that are merely like it.
    sketched: npt.NDArray[np.bool_] = np.any(digests.sketch, axis=1)
    for run in _runs(digests.text):
        sketched[run[COMPARED:]] = False
    own = np.flatnonzero(sketched)
    for key in bands(digests.sketch[own]):
        concerned.update(int(own[at]) for run in _runs(key) for at in run)
    known = {at: Known.of(row) for at, row in digests.rows(articles, concerned).items()}
    for run in _runs(digests.address):
        _compare(run, digests.sketch, known, groups, versions)
    for run in _runs(digests.issue):
        _compare(run, digests.sketch, known, groups, reissues)
    for run in _runs(digests.text):
        _compare(run, digests.sketch, known, groups, copies)
    for key in bands(digests.sketch[own]):
        for run in _runs(key):
            _compare([int(own[at]) for at in run], digests.sketch, known, groups, copies)


def _compare(
    run: Sequence[int], sketch: "npt.NDArray[np.uint16]", known: Mapping[int, Known], groups: _Groups, one: Verdict
) -> None:
    """Join what is one among articles that may be; each is compared with the first few."""
    first: list[int] = []
    for at in run:
        root = groups.root(at)
        others = [other for other in first if groups.root(other) != root]
        shares = (sketch[others] == sketch[at]).mean(axis=1).tolist() if others else []
        for other, share in zip(others, shares, strict=True):
            if one(known[at], known[other], share):
                groups.join(at, other)
        if len(first) < COMPARED:
            first.append(at)


def _runs(key: "npt.NDArray[np.uint64]") -> list[list[int]]:
    """Places with equal numbers, of those that are not 0: each run ascending, the runs by their number."""
    import numpy as np

    places = np.flatnonzero(key)
    places = places[np.argsort(key[places], kind="stable")]
    sorted_key = key[places]
    starts = np.flatnonzero(np.concatenate([[True], sorted_key[1:] != sorted_key[:-1]])) if len(places) else places
    ends = np.append(starts[1:], len(places))
    long = ends - starts > 1
    return [places[a:b].tolist() for a, b in zip(starts[long], ends[long], strict=True)]


def _number(text: str | None) -> int:
    """A number for a text; 0 for none."""
    if text is None:
        return 0
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") or 1


def _pointed(group: Sequence[_Member]) -> Iterator[tuple[str, Copy]]:
    """A group of copies: where those that are not kept point to."""
    first = min(group, key=lambda member: _age(member.row))
    kept = max((member for member in group if member.version_of(first)), key=lambda m: _worth(m.row), default=first)
    for member in group:
        if member.row["article_id"] == kept.row["article_id"]:
            continue
        if member.row["body_sha256"] == kept.row["body_sha256"]:
            kind = "exact"
        else:
            kind = "revision" if member.version_of(kept) else "near"
        yield member.row["article_id"], Copy(kept.row["article_id"], kind)


def _age(row: Row) -> tuple[str, ...]:
    return row["published_local"] or "9999", _stamp(row), row["source_path"], row["article_id"]


def _worth(row: Row) -> tuple[object, ...]:
    """The later, the better; without stamps, the longer."""
    printed = row["published_local"] or ""
    whole = row["character_count"] > 0, not row["truncated"]
    return *whole, _stamp(row), printed, row["character_count"], row["source_path"], row["article_id"]


def _stamp(row: Row) -> str:
    return row["archived_at"].isoformat() if row["archived_at"] else ""
