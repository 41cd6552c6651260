"""What both packages say about themselves in words: collections, rights, limits, licences."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from broadsheet.emitted.origins import Origin, origins
from broadsheet.emitted.tables import TableFiles, connected
from broadsheet.package import markdown as md
from broadsheet.package.rights import Withheld
from broadsheet.package.scores import Scores
from broadsheet.project import OWN_ANNOTATOR, Contributor, License, Project

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

UNSEEN: Final = {
    "mention F1": "0.940",
    "entities, B³": "0.993",
    "event precision": "0.713",
    "event recall": "0.416",
    "both dates of a found event": "0.694",
    "participants F1": "0.815",
}
"""What docs/quality.md tells of texts nobody tuned on; a test compares. For cards of corpora nobody annotated."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is packaged.

    Attributes:
        project: Whose it is.
        tables: The published tables, in the order of the contract.
        withheld: What each collection lost to its rights.
        created: ISO 8601, or None.
        terms: Text of a LICENSE-DATA file of the project, if it has one.
        scores: What was measured of the build against hand annotation, if it was.
    """

    project: Project
    tables: Mapping[str, TableFiles]
    withheld: Sequence[Withheld] = ()
    created: str | None = None
    terms: str | None = None
    scores: Scores | None = None
    _answers: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict, compare=False, repr=False)
    _origins: dict[str, Origin] = field(default_factory=dict, compare=False, repr=False)

    def rows(self, name: str) -> int:
        """How many rows a table has."""
        return self.tables[name].rows

    def query(self, sql: str, *names: str) -> list[tuple[Any, ...]]:
        """What a query over some of the tables gives, asked once; meant for answers of a few rows."""
        if sql not in self._answers:
            with connected({name: self.tables[name] for name in names}) as connection:
                self._answers[sql] = connection.execute(sql).fetchall()
        return self._answers[sql]

    def origins(self) -> Mapping[str, Origin]:
        """What each collection put in, asked once."""
        if not self._origins:
            self._origins.update(origins(self.tables))
        return self._origins


def summary(content: Content) -> str:
    """One paragraph: what this is, with figures."""
    project = content.project
    said = md.escape(project.description) + "\n\n" if project.description else ""
    days = content.query("SELECT min(published_local[:10]), max(published_local[:10]) FROM articles", "articles")
    first, last = days[0]
    span = f", published from {first} to {last}" if first and first != last else ""
    return (
        f"{said}News articles of {len(project.collections)} collections, as ten linked tables: "
        f"{content.rows('articles'):,} articles{span}, of {content.rows('sources'):,} source files; "
        f"{content.rows('entities'):,} people, organizations and places, named {content.rows('mentions'):,} times; "
        f"{content.rows('events'):,} events with {content.rows('event_reports'):,} reports of them. "
        "Every row says which source file, and which bytes of it, it came from.\n"
    )


def tables(content: Content) -> str:
    """The tables with their rows and keys."""
    rows = [
        (
            f"`{name}`",
            md.escape(_first_sentence(table.description) or table.title),
            f"{content.rows(name):,}",
            ", ".join(f"`{k}`" for k in table.primary_key),
        )
        for name, table in content.project.tables.items()
    ]
    return md.table(("table", "holds", "rows", "key"), rows)


def _first_sentence(text: str) -> str:
    found = re.match(r"[^.]*(?:\.(?=\s|$)|$)", " ".join(text.split()))
    return found[0] if found else ""


def collections(content: Content) -> str:
    """Where the articles come from, and on which terms."""
    told = content.query(
        "SELECT collection, count(*), sum(article_count)::BIGINT FROM sources GROUP BY collection", "sources"
    )
    counts = {name: (files, articles) for name, files, articles in told}
    rows = [
        (
            md.link(collection.title, collection.path),
            md.escape(collection.publisher or "several, or not stated"),
            *(f"{number:,}" for number in counts.get(collection.name, (0, 0))),
            md.escape(collection.license or "not stated"),
            collection.redistribution,
        )
        for collection in content.project.collections
    ]
    return md.table(("collection", "publisher", "files", "articles", "licence", "published"), rows)


POLICIES: Final = """
    SELECT s.collection, a.redistribution, count(*) FROM articles a JOIN sources s USING (source_id)
    GROUP BY ALL ORDER BY ALL
"""


def rights(content: Content) -> str:
    """What was withheld, and what the columns mean where it was."""
    lines = [
        "`articles.redistribution` says what may be published of an article, `sources.redistribution` of a file: "
        "`full`, `excerpt` (title, metadata and at most 200 characters of body) or `metadata` (title and metadata). "
        "Of articles that are not `full`, summaries, tags, captions and texts of links are empty, datelines and words "
        "of dates, those of publication too, stay only where they stand in published text, and mentions and event "
        "reports into withheld text are "
        "left out, like aliases that only withheld text has. Notices of rights and rejected values of "
        "their files are empty, too. `character_count` and `body_sha256` describe the full text, "
        "and the counts of `entities` and `events` describe the whole corpus, so they can be larger than "
        "what the rows here add up to. Names, and who did what where and when, are facts and stay.",
        "",
        "The licence of the dataset is that of the tables as they were compiled, not of the texts in them: those "
        "belong to their publishers. `license` of `sources` and `articles` is the one their collection "
        "states (see above); `sources.rights_statement` is the notice printed in the file.",
        "",
    ]
    lost = {(entry.collection, entry.redistribution): entry for entry in content.withheld}
    rows = []
    for name, rule, articles in content.query(POLICIES, "articles", "sources"):
        entry = lost.get((name, rule))
        gone = (entry.articles, entry.mentions, entry.reports, entry.cells) if entry else (0, 0, 0, 0)
        rows.append((md.escape(name), rule, *(f"{number:,}" for number in (articles, *gone))))
    head = ("collection", "published", "articles", "cut", "mentions left out", "reports left out", "cells emptied")
    if not lost:
        lines += ["Nothing was withheld from this release.", ""]
    return "\n".join([*lines, md.table(head, rows)]) if rows else "\n".join(lines)


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
        "happened. Articles are what the collections hold, not a sample of all news: publishers, languages and years "
        "are not equally represented, and a count of events says how much was told here, not how much happened.\n"
    )


def quality(content: Content) -> str:
    """How right the rows are, as measured on this very corpus; or that nobody measured it."""
    if content.scores is not None:
        return content.scores.markdown()
    here = (
        "How many names and events are found, and how many of those found are right, was not measured on this "
        "corpus. Annotate a sample by hand before you rely on rates."
    )
    if content.project.annotator != OWN_ANNOTATOR:
        return f"{here}\n"
    figures = ", ".join(f"{name} {value}" for name, value in UNSEEN.items())
    return (
        f"{here} On sixteen Chinese articles of other corpora, which no rule was made with and which readers annotated "
        f"without seeing the program, Broadsheet reached: {figures}. Expect other figures for other publishers, topics "
        "and languages.\n"
    )


def personal() -> str:
    """Whom the rows name, and what can be done about it."""
    return (
        "The articles name people, most of them in public office, and the tables say what the articles say of them: "
        "`entities` and `mentions` hold names, `event_reports` who is said to have done what. Nothing was added but "
        "identifiers of public authority files. A name may be linked to the wrong person. Authors and translators are "
        "named as printed. Addresses, telephone numbers and the like are not looked for; where an article prints one, "
        "its text holds it.\n"
    )


def removal(content: Content) -> str:
    """Whom to ask for correction or removal."""
    people = content.project.contributors
    contacts = [c for c in people if {"contact", "contactPoint", "maintainer"} & set(c.roles)] or list(people)
    reach = [md.link(_full_name(c), c.path or None) + (f" ({md.escape(c.email)})" if c.email else "") for c in contacts]
    whom = ", ".join(reach) if reach else "the maintainers"
    home = content.project.homepage
    if home and not any(c.path or c.email for c in contacts):
        whom += f", through {md.link(home, home)}"
    return (
        f"To have an article, an address or a name corrected or removed, write to {whom}. What is removed is put on "
        "the block list of the project: it is gone from the next version, and stays out of all later ones.\n"
    )


def languages(content: Content) -> list[str]:
    """Primary subtags of the articles' languages, sorted: the Hub knows `zh`, not `zh-Hans`."""
    tags = content.query("SELECT DISTINCT language FROM articles WHERE language IS NOT NULL", "articles")
    return sorted({tag.split("-")[0] for (tag,) in tags}) or ["und"]


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
    people = [_full_name(person) for person in content.project.contributors]
    named = [md.link(name, c.path) for name, c in zip(people, content.project.contributors, strict=True) if name]
    made = ", ".join(named) if named else "its maintainers"
    return f"{md.escape(content.project.title)}, {edition(content)}, by {made}.\n"


def edition(content: Content) -> str:
    """Version and day of what is packaged."""
    date = f", {content.created[:10]}" if content.created else ""
    return md.escape(f"version {content.project.version}{date}")


def _full_name(person: Contributor) -> str:
    return person.title or " ".join(filter(None, (person.given_name, person.family_name)))


def without_nulls(value: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping without its empty entries."""
    return {key: entry for key, entry in value.items() if entry not in (None, "", (), [], {})}
