"""The entity table: every entity some row points to, with what it was called and how often."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, Final

from broadsheet.rows import EntityRow

Row = dict[str, Any]
DETAILS: Final = ("name_en", "name_zh_hans", "name_zh_hant", "wikidata", "country")


def entity_rows(
    drafts: Iterable[Row], mentions: list[Row], reports: Iterable[Row], articles: list[Row]
) -> list[EntityRow]:
    """One row per entity that a mention or a report points to.

    Args:
        drafts: Entities as articles know them, repeated. One from an authority file wins; of the others, which no file
            knows, each may add what the rest lack.
        mentions: All mentions; only those in kept articles count.
        reports: All reports: an office may point to a person nobody names.
        articles: With `duplicate_of` set.
    """
    kept = {row["article_id"] for row in articles if row["duplicate_of"] is None}
    surfaces: dict[str, Counter[str]] = defaultdict(Counter)
    counts: Counter[str] = Counter()
    seen_in: dict[str, set[str]] = defaultdict(set)
    for mention in mentions:
        entity_id = mention["entity_id"]
        surfaces[entity_id][mention["surface"]] += 1
        if mention["article_id"] in kept:
            counts[entity_id] += 1
            seen_in[entity_id].add(mention["article_id"])
    wanted = surfaces.keys() | _told_of(reports)
    groups: dict[str, list[Row]] = defaultdict(list)
    for draft in drafts:
        if draft["entity_id"] in wanted:
            groups[draft["entity_id"]].append(draft)
    rows = []
    for entity_id, group in sorted(groups.items()):
        names = surfaces[entity_id]
        best = _best(group, names)
        rows.append(
            EntityRow(
                entity_id=entity_id,
                type=best["type"],
                name=best["name"],
                **{key: best[key] for key in DETAILS},
                aliases=tuple(sorted(names, key=lambda s: (-names[s], s))),
                linked=best["linked"],
                mention_count=counts[entity_id],
                article_count=len(seen_in[entity_id]),
            )
        )
    return rows


def _told_of(reports: Iterable[Row]) -> set[str]:
    """Whom and what reports point to."""
    found: set[str | None] = set()
    for report in reports:
        found.update(part["entity_id"] for part in report["participants"])
        found.update((report["place_id"], report["speaker_id"]))
    return {entity_id for entity_id in found if entity_id}


def _best(group: list[Row], surfaces: Counter[str]) -> Row:
    """The draft of an authority file, else that with the commonest name; what it lacks, from the others."""
    ranked = sorted(
        group, key=lambda d: (not d["linked"], -surfaces[d["name"]], d["name"], *(d[k] or "" for k in DETAILS))
    )
    best = dict(ranked[0])
    if not best["linked"]:
        for key in DETAILS:
            best[key] = next((draft[key] for draft in ranked if draft[key]), None)
    return best
