"""Counts of what `inspect` sees: for a whole group of files, for each format, for each publisher."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from broadsheet.document import Article, Document

MANY: Final = 10
MOST_NAMES: Final = 5000
OTHERS: Final = "…"
"""Stands for all publishers beyond `MOST_NAMES`; files may name anything."""
PER_FILE: Final = ("0", "1", f"2-{MANY}", f"more than {MANY}")


@dataclass(slots=True)
class Tally:
    """Files and articles that have something in common.

    Attributes:
        files: How many; of a publisher, those with an article by it.
        languages: Articles by language.
        first: Earliest date an article prints, ISO 8601; None without dates.
        last: Latest one.
        undated: Articles without a date.
    """

    files: int = 0
    articles: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    first: str | None = None
    last: str | None = None
    undated: int = 0

    def add(self, article: Article) -> None:
        """One more article."""
        self.articles += 1
        self.languages[article.language] += 1
        local = article.published.local
        if local is None:
            self.undated += 1
            return
        self.first = min(self.first or local, local)
        self.last = max(self.last or local, local)

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "files": self.files,
            "articles": self.articles,
            "languages": dict(self.languages.most_common()),
            "dates": {"first": self.first, "last": self.last, "undated": self.undated},
        }


@dataclass(slots=True)
class Group:
    """Files that would make one collection. Nothing in it grows with their number.

    Attributes:
        name: Proposed name of the collection, a slug.
        folder: Where they lie; of a git repository, the repository.
        files: Globs that match them, absolute; of a git repository, relative to its tree.
        revision: Of a git repository; None if it is none.
        offered: Files and members of archives there are; more than `count` in a sample.
        archives: How many of them were opened.
        count: Files that were read, and how many bytes they have in all.
        total: All articles.
        formats: By the layers recognized.
        publishers: `""` where none was recognized.
        statuses: Files by status.
        per_file: Files by how many articles they gave, as in `PER_FILE`; and the most of one file.
        problems: Rejects by code.
        examples: One path for every code.
        unusable: Endings of which no file could be read as text.
    """

    name: str
    folder: Path
    files: tuple[str, ...]
    revision: str | None = None
    offered: int = 0
    archives: int = 0
    count: int = 0
    bytes: int = 0
    total: Tally = field(default_factory=Tally)
    formats: dict[str, Tally] = field(default_factory=dict)
    publishers: dict[str, Tally] = field(default_factory=dict)
    encodings: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    per_file: Counter[str] = field(default_factory=Counter)
    most: int = 0
    problems: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    unusable: tuple[str, ...] = ()

    def add(self, path: str, document: Document) -> None:
        """One more file that was parsed."""
        self.statuses[document.status] += 1
        if document.status != "rejected":
            self.encodings[document.encoding] += 1
        for reject in document.rejects:
            self.problem(path, reject.code)
        layers = self.formats.setdefault("/".join(document.layers) or document.status, Tally())
        layers.files += 1
        self.total.files += 1
        seen: set[str] = set()
        for article in document.articles:
            publisher = article.publisher or ""
            if publisher not in self.publishers and len(self.publishers) >= MOST_NAMES:
                publisher = OTHERS
            tallies = (self.total, layers, self.publishers.setdefault(publisher, Tally()))
            for tally in tallies:
                tally.add(article)
            seen.add(publisher)
        for publisher in seen:
            self.publishers[publisher].files += 1
        found = len(document.articles)
        self.per_file[PER_FILE[min(found, 2) if found <= MANY else 3]] += 1
        self.most = max(self.most, found)

    def problem(self, path: str, code: str) -> None:
        """One more reject."""
        self.problems[code] += 1
        self.examples.setdefault(code, path)

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "name": self.name,
            "folder": self.folder.as_posix(),
            **({"revision": self.revision} if self.revision else {}),
            "files": self.offered,
            "read": self.count,
            "archives": self.archives,
            "bytes": self.bytes,
            **{key: value for key, value in self.total.to_json().items() if key != "files"},
            "statuses": dict(sorted(self.statuses.items())),
            "encodings": dict(self.encodings.most_common()),
            "articles_per_file": {name: self.per_file[name] for name in PER_FILE} | {"most": self.most},
            "formats": [{"format": name, **tally.to_json()} for name, tally in by_size(self.formats)],
            "publishers": [{"publisher": name, **tally.to_json()} for name, tally in by_size(self.publishers)],
            "problems": [
                {"code": code, "count": count, "example": self.examples[code]}
                for code, count in sorted(self.problems.items())
            ],
        }


def by_size(tallies: dict[str, Tally]) -> list[tuple[str, Tally]]:
    """The largest first."""
    return sorted(tallies.items(), key=lambda item: (-item[1].files, -item[1].articles, item[0]))
