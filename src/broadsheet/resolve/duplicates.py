"""The same article twice: exact copies, revisions of one address, near copies."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

Row = dict[str, Any]
SHINGLE: Final = 5
PERMUTATIONS: Final = 128
BANDS: Final = 16
ALIKE: Final = 0.8
SHORTEST: Final = 60
SEED: Final = 42


def mark_duplicates(articles: list[Row]) -> list[Row]:
    """Set `duplicate_of` and `duplicate_kind` so that every group of copies points to one article that is kept.

    Kept is the earliest; among several versions of its address, the last collected.

    Args:
        articles: Rows of `articles`; not changed.

    Returns:
        New rows in the same order.
    """
    rows = [dict(row) for row in articles]
    parent = {row["article_id"]: row["article_id"] for row in rows}
    for group in (*_groups(rows, _body), *_groups(rows, lambda row: row["url"]), *_near(rows)):
        first = _root(parent, group[0])
        for other in group[1:]:
            low, high = sorted((first, _root(parent, other)))
            parent[high] = low
            first = low
    members: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        members[_root(parent, row["article_id"])].append(row)
    for group_rows in members.values():
        kept = _kept(group_rows)
        for row in group_rows:
            same = row is kept
            row["duplicate_of"] = None if same else kept["article_id"]
            row["duplicate_kind"] = None if same else _kind(row, kept)
    return rows


def _body(row: Row) -> str | None:
    return row["body_sha256"] if row["character_count"] >= SHORTEST else None


def _groups(rows: list[Row], key: Any) -> list[list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        value = key(row)
        if value:
            found[value].append(row["article_id"])
    return [sorted(group) for group in found.values() if len(group) > 1]


def _near(rows: list[Row]) -> Iterable[list[str]]:
    """Pairs whose MinHash signatures agree in at least `ALIKE` of their places."""
    from rensa import RMinHash

    signatures: dict[str, tuple[int, ...]] = {}
    buckets: dict[tuple[int, tuple[int, ...]], list[str]] = defaultdict(list)
    width = PERMUTATIONS // BANDS
    for row in sorted(rows, key=lambda r: r["article_id"]):
        text = "".join(row["body"].split())
        if len(text) < SHORTEST:
            continue
        sketch = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
        sketch.update(sorted({text[i : i + SHINGLE] for i in range(len(text) - SHINGLE + 1)}))
        signature = tuple(sketch.digest())
        signatures[row["article_id"]] = signature
        for band in range(BANDS):
            buckets[band, signature[band * width : (band + 1) * width]].append(row["article_id"])
    seen: set[tuple[str, str]] = set()
    for group in buckets.values():
        for left, right in zip(group, group[1:], strict=False):
            if (left, right) not in seen:
                seen.add((left, right))
                equal = sum(a == b for a, b in zip(signatures[left], signatures[right], strict=True))
                if equal >= ALIKE * PERMUTATIONS:
                    yield [left, right]


def _root(parent: dict[str, str], node: str) -> str:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


def _kept(rows: list[Row]) -> Row:
    first = min(rows, key=_age)
    versions = [row for row in rows if first["url"] and row["url"] == first["url"]]
    return max(versions, key=_collected) if versions else first


def _age(row: Row) -> tuple[str, str, str, int]:
    return row["published_local"] or "9999", _stamp(row), row["source_path"], row["position"]


def _collected(row: Row) -> tuple[str, str, str, int]:
    return _stamp(row), row["published_local"] or "", row["source_path"], row["position"]


def _stamp(row: Row) -> str:
    return row["archived_at"].isoformat() if row["archived_at"] else ""


def _kind(row: Row, kept: Row) -> str:
    if row["body_sha256"] == kept["body_sha256"]:
        return "exact"
    return "revision" if row["url"] and row["url"] == kept["url"] else "near"
