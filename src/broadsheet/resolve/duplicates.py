"""The same article twice: exact copies, revisions of one address, near copies."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any, Final

Row = dict[str, Any]
SHINGLE: Final = 5
PERMUTATIONS: Final = 128
BANDS: Final = 16
ALIKE: Final = 0.8
SHORTEST: Final = 60
SEED: Final = 42
# Of many texts that share a band, only so many unlike ones are compared with the rest: the cost stays linear.
COMPARED: Final = 16


def mark_duplicates(articles: list[Row]) -> list[Row]:
    """Set `duplicate_of` and `duplicate_kind` so that every group of copies points to one article that is kept.

    Kept is the earliest; among several versions of its address, the last collected that has a text.

    Args:
        articles: Rows of `articles`; not changed.

    Returns:
        New rows in the same order.
    """
    rows = [dict(row) for row in articles]
    parent = {row["article_id"]: row["article_id"] for row in rows}
    addresses = _addresses(rows)
    for left, right in chain(_equal(rows, _body), _equal(rows, lambda r: addresses.get(r["article_id"])), _near(rows)):
        low, high = sorted((_root(parent, left), _root(parent, right)))
        parent[high] = low
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[_root(parent, row["article_id"])].append(row)
    for group in groups.values():
        kept = _kept(group, addresses)
        for row in group:
            row["duplicate_of"] = None if row is kept else kept["article_id"]
            row["duplicate_kind"] = None if row is kept else _kind(row, kept, addresses)
    return rows


def _body(row: Row) -> str | None:
    return row["body_sha256"] if row["character_count"] >= SHORTEST else None


def _addresses(rows: list[Row]) -> dict[str, str]:
    """The URL by article, where it is the article's own: not that of a site, nor of several items of one file."""
    items = Counter((row["source_id"], row["url"]) for row in rows)
    shared = {url for (_, url), number in items.items() if number > 1}
    return {row["article_id"]: row["url"] for row in rows if row["url"] not in shared and _is_page(row["url"])}


def _is_page(url: str | None) -> bool:
    """Whether an address says more than the host."""
    _, _, rest = (url or "").partition("://")
    return bool(rest.partition("/")[2])


def _equal(rows: list[Row], key: Callable[[Row], str | None]) -> Iterator[tuple[str, str]]:
    """Each row with a key, and the first that has the same."""
    first: dict[str, str] = {}
    for row in rows:
        value = key(row)
        if value is not None:
            yield first.setdefault(value, row["article_id"]), row["article_id"]


def _near(rows: list[Row]) -> Iterator[tuple[str, str]]:
    """Pairs whose MinHash signatures agree in at least `ALIKE` of their places."""
    import numpy as np

    signed = [(row["article_id"], text) for row in rows if len(text := "".join(row["body"].split())) >= SHORTEST]
    signed.sort(key=lambda pair: pair[0])
    if not signed:
        return
    signatures = np.array([_signature(text) for _, text in signed], dtype=np.uint32)
    width = PERMUTATIONS // BANDS
    for band in range(BANDS):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        part = np.ascontiguousarray(signatures[:, band * width : (band + 1) * width])
        for number, row_part in enumerate(part):
            bucket = buckets[row_part.tobytes()]
            equal = (signatures[bucket] == signatures[number]).mean(axis=1) if bucket else np.zeros(0)
            like = [other for other, share in zip(bucket, equal, strict=True) if share >= ALIKE]
            yield from ((signed[other][0], signed[number][0]) for other in like)
            if not like and len(bucket) < COMPARED:
                bucket.append(number)


def _signature(text: str) -> list[int]:
    from rensa import RMinHash

    sketch = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    sketch.update(list({text[i : i + SHINGLE] for i in range(len(text) - SHINGLE + 1)}))
    digest: list[int] = sketch.digest()
    return digest


def _root(parent: dict[str, str], node: str) -> str:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


def _kept(rows: list[Row], addresses: Mapping[str, str]) -> Row:
    first = min(rows, key=_age)
    address = addresses.get(first["article_id"])
    versions = [row for row in rows if address and addresses.get(row["article_id"]) == address]
    return max(versions, key=lambda row: (bool(row["body"]), not row["truncated"], *_collected(row)), default=first)


def _age(row: Row) -> tuple[str, ...]:
    return row["published_local"] or "9999", _stamp(row), row["source_path"], row["article_id"]


def _collected(row: Row) -> tuple[str, ...]:
    return _stamp(row), row["published_local"] or "", row["source_path"], row["article_id"]


def _stamp(row: Row) -> str:
    return row["archived_at"].isoformat() if row["archived_at"] else ""


def _kind(row: Row, kept: Row, addresses: Mapping[str, str]) -> str:
    if row["body_sha256"] == kept["body_sha256"]:
        return "exact"
    address = addresses.get(row["article_id"])
    return "revision" if address and address == addresses.get(kept["article_id"]) else "near"
