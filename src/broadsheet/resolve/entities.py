"""The entity table: every entity some row points to, with what it was called and how often."""

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from broadsheet.rows import EntityRow

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]


def entity_rows(drafts: list[Row], mentions: list[Row], articles: list[Row]) -> list[EntityRow]:
    """One row per entity.

    Args:
        drafts: Entities as articles know them; an entity without a list entry takes its name from its earliest article.
        mentions: All mentions; only those in kept articles count.
        articles: With `duplicate_of` set.
    """
    kept = {row["article_id"] for row in articles if row["duplicate_of"] is None}
    surfaces: dict[str, Counter[str]] = defaultdict(Counter)
    seen_in: dict[str, set[str]] = defaultdict(set)
    counts: Counter[str] = Counter()
    for mention in mentions:
        surfaces[mention["entity_id"]][mention["surface"]] += 1
        if mention["article_id"] in kept:
            counts[mention["entity_id"]] += 1
            seen_in[mention["entity_id"]].add(mention["article_id"])
    known: dict[str, Row] = {}
    for draft in sorted(drafts, key=lambda d: (not d["linked"], d["name_en"] is None, d["name"])):
        known.setdefault(draft["entity_id"], draft)
    return [
        EntityRow(
            entity_id=entity_id,
            type=draft["type"],
            name=draft["name"],
            name_en=draft["name_en"],
            name_zh_hans=draft["name_zh_hans"],
            name_zh_hant=draft["name_zh_hant"],
            wikidata=draft["wikidata"],
            country=draft["country"],
            aliases=tuple(sorted(surfaces[entity_id], key=lambda s: (-surfaces[entity_id][s], s))),
            linked=draft["linked"],
            mention_count=counts[entity_id],
            article_count=len(seen_in[entity_id]),
        )
        for entity_id, draft in sorted(known.items())
    ]
