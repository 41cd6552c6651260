"""The entity table: every entity some row points to, with what it was called and how often."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from broadsheet.resolve.held import Held
from broadsheet.resolve.sql import database, offer
from broadsheet.rows import EntityRow

Row = dict[str, Any]
DETAILS: Final = ("name_en", "name_zh_hans", "name_zh_hant", "wikidata", "country")
DRAFT: Final = ("entity_id", "type", "name", *DETAILS, "linked")

SURFACES: Final = "SELECT entity_id, surface, count(*) FROM mentions GROUP BY ALL"
COUNTS: Final = """
    SELECT entity_id, sum(number), count(*) FROM (
        SELECT entity_id, article_id, count(*) AS number FROM mentions
        WHERE article_id NOT IN (SELECT article_id FROM copies) GROUP BY ALL
    ) GROUP BY entity_id
"""
DRAFTS: Final = f"SELECT DISTINCT {', '.join(DRAFT)} FROM drafts"


def entity_rows(
    drafts: Held, mentions: Held, told_of: Iterable[str], copies: Collection[str], spill: Path | None = None
) -> list[EntityRow]:
    """One row per entity that a mention or a report points to.

    Args:
        drafts: Entities as articles know them, repeated. One from an authority file wins; of the others, which no file
            knows, each may add what the rest lack.
        mentions: All mentions; only those in kept articles count.
        told_of: Whom and what reports point to: an office may point to a person nobody names.
        copies: Articles that are copies of others.
        spill: Folder for what does not fit in memory.
    """
    import pyarrow as pa

    surfaces: dict[str, Counter[str]] = defaultdict(Counter)
    groups: dict[str, list[Row]] = defaultdict(list)
    with database(spill) as connection:
        offer(connection, "mentions", mentions, ("entity_id", "surface"))
        for entity_id, surface, number in connection.execute(SURFACES).fetchall():
            surfaces[entity_id][surface] = number
        connection.register("copies", pa.table({"article_id": pa.array(sorted(copies), pa.string())}))
        offer(connection, "mentions", mentions, ("entity_id", "article_id"))
        counts = {key: (int(number), within) for key, number, within in connection.execute(COUNTS).fetchall()}
        wanted = surfaces.keys() | set(told_of)
        offer(connection, "drafts", drafts, DRAFT)
        for values in connection.execute(DRAFTS).fetchall():
            draft = dict(zip(DRAFT, values, strict=True))
            if draft["entity_id"] in wanted:
                groups[draft["entity_id"]].append(draft)
    return [_row(entity_id, group, surfaces[entity_id], counts) for entity_id, group in sorted(groups.items())]


def _row(entity_id: str, group: list[Row], names: Counter[str], counts: Mapping[str, tuple[int, int]]) -> EntityRow:
    best = _best(group, names)
    mention_count, article_count = counts.get(entity_id, (0, 0))
    return EntityRow(
        entity_id=entity_id,
        type=best["type"],
        name=best["name"],
        **{key: best[key] for key in DETAILS},
        aliases=tuple(sorted(names, key=lambda s: (-names[s], s))),
        linked=best["linked"],
        mention_count=mention_count,
        article_count=article_count,
    )


def _best(group: list[Row], surfaces: Counter[str]) -> Row:
    """The draft of an authority file, else that with the commonest name; what it lacks, from the others."""
    ranked = sorted(
        group,
        key=lambda d: (not d["linked"], -surfaces[d["name"]], d["name"], *(d[k] or "" for k in DETAILS), d["type"]),
    )
    best = dict(ranked[0])
    if not best["linked"]:
        for key in DETAILS:
            best[key] = next((draft[key] for draft in ranked if draft[key]), None)
    return best
