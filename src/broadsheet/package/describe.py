"""What both packages say about themselves in words: collections, rights, limits, licences."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from broadsheet.package import markdown as md
from broadsheet.package.rights import Withheld
from broadsheet.project import License, Project

if TYPE_CHECKING:
    import pyarrow as pa

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "CC0-1.0": ("Creative Commons Zero 1.0 Universal", "https://creativecommons.org/publicdomain/zero/1.0/legalcode"),
    "CC-BY-4.0": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/legalcode"),
    "CC-BY-SA-4.0": (
        "Creative Commons Attribution-ShareAlike 4.0",
        "https://creativecommons.org/licenses/by-sa/4.0/legalcode",
    ),
    "CC-BY-NC-4.0": (
        "Creative Commons Attribution-NonCommercial 4.0",
        "https://creativecommons.org/licenses/by-nc/4.0/legalcode",
    ),
    "ODbL-1.0": ("Open Database License 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
    "ODC-By-1.0": ("Open Data Commons Attribution License 1.0", "https://opendatacommons.org/licenses/by/1-0/"),
    "PDDL-1.0": ("Open Data Commons Public Domain Dedication", "https://opendatacommons.org/licenses/pddl/1-0/"),
}


@dataclass(frozen=True, slots=True)
class Content:
    """What is packaged.

    Attributes:
        project: Whose it is.
        tables: The rows as published.
        withheld: What each source lost to its rights.
        created: ISO 8601, or None.
        terms: Text of a LICENSE-DATA file of the project, if it has one.
    """

    project: Project
    tables: "Mapping[str, pa.Table]"
    withheld: Sequence[Withheld] = ()
    created: str | None = None
    terms: str | None = None

    def rows(self, name: str) -> int:
        """How many rows a table has."""
        return int(self.tables[name].num_rows)


def summary(content: Content) -> str:
    """One paragraph: what this is, with figures."""
    project = content.project
    said = md.escape(project.description) + "\n\n" if project.description else ""
    return (
        f"{said}News articles collected from {len(project.collections)} collections, as ten linked tables: "
        f"{content.rows('articles'):,} articles of {content.rows('sources'):,} source files, "
        f"{content.rows('entities'):,} people, organizations and places named {content.rows('mentions'):,} times, and "
        f"{content.rows('events'):,} events with {content.rows('event_reports'):,} reports of them. "
        "Every row says which source file, and which bytes of it, it came from.\n"
    )


def tables(content: Content) -> str:
    """The tables with their rows and keys."""
    rows = [
        (f"`{name}`", md.escape(table.title), f"{content.rows(name):,}", ", ".join(f"`{k}`" for k in table.primary_key))
        for name, table in content.project.tables.items()
    ]
    return md.table(("table", "holds", "rows", "key"), rows)


def collections(content: Content) -> str:
    """Where the articles come from, and on which terms."""
    articles = _articles_per_collection(content)
    rows = [
        (
            md.link(collection.title, collection.path),
            f"{articles.get(collection.name, 0):,}",
            md.escape(collection.license or "not stated"),
            collection.redistribution,
        )
        for collection in content.project.collections
    ]
    return md.table(("collection", "articles", "licence", "published"), rows)


def _articles_per_collection(content: Content) -> dict[str, int]:
    sources = content.tables["sources"].select(["collection", "article_count"]).to_pylist()
    counts: dict[str, int] = {}
    for row in sources:
        counts[row["collection"]] = counts.get(row["collection"], 0) + row["article_count"]
    return counts


def rights(content: Content) -> str:
    """What was withheld, and what the columns mean where it was."""
    lines = [
        "`sources.redistribution` says what may be published of a source: `full`, `excerpt` (title, metadata and at "
        "most 200 characters of body) or `metadata` (no body). Summaries, captions, texts of links and rejected values "
        "of `excerpt` and `metadata` sources are empty, and mentions and event reports into withheld text are left "
        "out, like aliases that only withheld text has. `character_count` and `body_sha256` describe the full text, "
        "and the counts of `entities` and `events` describe the whole corpus, so they can be larger than "
        "what the rows here add up to. Names, and who did what where and when, are facts and stay.",
        "",
    ]
    if not content.withheld:
        return "\n".join([*lines, "Nothing was withheld from this release.", ""])
    sums: dict[tuple[str, str], list[int]] = {}
    for lost in content.withheld:
        total = sums.setdefault((lost.collection, lost.redistribution), [0, 0, 0])
        total[0] += len(lost.articles)
        total[1] += len(lost.mentions)
        total[2] += len(lost.reports)
    rows = [(md.escape(name), rule, *(f"{n:,}" for n in total)) for (name, rule), total in sorted(sums.items())]
    head = ("collection", "published", "articles cut", "mentions left out", "event reports left out")
    return "\n".join([*lines, md.table(head, rows)])


def provenance() -> str:
    """How to get from a row to its bytes."""
    return (
        "`articles.source_path` and `source_sha256` name the file. `articles.segments` maps stretches of title and "
        "body (code points) to stretches of the file (bytes); `mentions` and `event_reports` carry `source_start` and "
        "`source_end` (bytes, half open) of their own. The bytes decoded with `sources.encoding` equal the text, or do "
        "after removing tags, character references and white space. Records that could not be used are rows of "
        "`rejects`, each with a code, a place and a reason.\n"
    )


def limits() -> str:
    """What a user must not expect."""
    return (
        "Names and events are found by rules and lists, without reading: expect some to be missed and some wrong. "
        "`mentions.rule`, `mentions.confidence` and `event_reports.rule` say how each was found, and "
        "`entities.linked` whether a name was looked up or only seen. An event reports what articles say, not what "
        "happened. Articles are what the collections hold, not a sample of all news.\n"
    )


def license_name(entry: License) -> tuple[str, str | None]:
    """Title and address of a licence, completed for the usual ones."""
    known = TEXTS.get(entry.name or "")
    title = entry.title or (known[0] if known else None) or entry.name or entry.path or ""
    return title, entry.path or (known[1] if known else None)


def license_text(content: Content) -> str:
    """The LICENSE file: the terms of the compilation, then those of each collection."""
    project = content.project
    lines = [f"{project.title}, version {project.version}", ""]
    if not project.licenses:
        lines.append("No licence is stated for this dataset. Ask its maintainers before you use it.")
    for entry in project.licenses:
        title, path = license_name(entry)
        name = f" ({entry.name})" if entry.name and entry.name != title else ""
        lines.append(f"This dataset is licensed under {title}{name}." + (f" Full text: {path}" if path else ""))
    lines += ["", "The texts of the collections have terms of their own:", ""]
    for collection in project.collections:
        terms = collection.license or "no licence stated"
        lines.append(f"- {collection.title}: {terms}; published here: {collection.redistribution}")
    text = "\n".join(" ".join(line.split()) if line else "" for line in lines) + "\n"
    return text + (f"\n{content.terms.strip()}\n" if content.terms else "")


def dictionary(content: Content) -> str:
    """The data dictionary, its headings one level below the README's."""
    from broadsheet.schema.dictionary import markdown

    return re.sub(r"^## ", "### ", markdown(content.project.tables), flags=re.MULTILINE)


def citation(content: Content) -> str:
    """Who made it."""
    people = [c.title or " ".join(filter(None, (c.given_name, c.family_name))) for c in content.project.contributors]
    named = [md.link(name, c.path) for name, c in zip(people, content.project.contributors, strict=True) if name]
    made = ", ".join(named) if named else "its maintainers"
    date = f", {content.created[:10]}" if content.created else ""
    return f"{md.escape(content.project.title)}, version {md.escape(content.project.version)}{date}, by {made}.\n"


def without_nulls(value: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping without its empty entries."""
    return {key: entry for key, entry in value.items() if entry not in (None, "", (), [], {})}
