"""Recognizes formats, publishers, encodings, dates and likely problems of files; writes nothing."""

import glob
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from broadsheet.collect import Offer, offers, read
from broadsheet.document import Document, Reject, SourceFile
from broadsheet.findings import error
from broadsheet.project import Collection, Project


@dataclass(slots=True)
class Group:
    """Files that would make one collection.

    Attributes:
        name: Proposed name of the collection, a slug.
        folder: Where they lie.
        files: Globs that match them, absolute.
        count: Files, and how many bytes they have in all.
        formats: Files by the layers recognized.
        publishers: Articles by publisher; `""` where none was recognized.
        first: Earliest date an article prints, ISO 8601; None without dates.
        last: Latest one.
        problems: Rejects by code.
        examples: One path for every code.
        unusable: Endings of which no file could be read as text.
    """

    name: str
    folder: Path
    files: tuple[str, ...]
    count: int = 0
    bytes: int = 0
    articles: int = 0
    formats: Counter[str] = field(default_factory=Counter)
    publishers: Counter[str] = field(default_factory=Counter)
    encodings: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    undated: int = 0
    first: str | None = None
    last: str | None = None
    problems: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    unusable: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "name": self.name,
            "folder": self.folder.as_posix(),
            "files": self.count,
            "bytes": self.bytes,
            "articles": self.articles,
            "formats": dict(self.formats.most_common()),
            "publishers": dict(self.publishers.most_common()),
            "encodings": dict(self.encodings.most_common()),
            "languages": dict(self.languages.most_common()),
            "dates": {"first": self.first, "last": self.last, "undated": self.undated},
            "problems": [
                {"code": code, "count": count, "example": self.examples[code]}
                for code, count in sorted(self.problems.items())
            ],
        }


def look(paths: Sequence[Path]) -> list[Group]:
    """What lies at some paths: a group for every file, and for every folder that holds files or folders of files.

    A folder of folders gives one group for each folder in it, and one for the files beside them.

    Raises:
        BroadsheetError: `file-unreadable` if a path is not there.
    """
    groups = []
    taken: set[str] = set()
    for path in paths:
        for name, folder, files in _groups(path):
            group = Group(slug(name, taken), folder, files)
            taken.add(group.name)
            _fill(group)
            groups.append(group)
    return groups


def _groups(path: Path) -> Iterator[tuple[str, Path, tuple[str, ...]]]:
    """Name, folder and globs of the groups at a path."""
    try:
        if not path.is_dir():
            path.stat()
            yield path.stem, path.parent, (glob.escape(_absolute(path)),)
            return
        entries = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
    except OSError as problem:
        message = f"It cannot be read: {problem.strerror or type(problem).__name__}."
        raise error("file-unreadable", message, path=path.as_posix()) from problem
    base = glob.escape(_absolute(path))
    folders = [entry for entry in entries if entry.is_dir() and not entry.is_symlink() and _holds_files(entry)]
    name = Path(_absolute(path)).name
    if not folders:
        yield name, path, (f"{base}/**",)
        return
    if any(entry.is_file() for entry in entries):
        yield name, path, (f"{base}/*",)
    for folder in folders:
        yield folder.name, folder, (f"{base}/{glob.escape(folder.name)}/**",)


def _holds_files(folder: Path) -> bool:
    return any(files for _, _, files in os.walk(folder))


def _absolute(path: Path) -> str:
    return PurePosixPath(os.path.normpath(path.absolute())).as_posix()


def slug(name: str, taken: set[str]) -> str:
    """A collection name out of a file name, unlike those taken."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "files"
    slug, number = plain, 2
    while slug in taken:
        slug, number = f"{plain}-{number}", number + 1
    return slug


def _fill(group: Group) -> None:
    """Read and parse every file of a group."""
    from broadsheet.parse import parse

    collection = Collection(name=group.name, title=group.name, files=group.files)
    project = Project(root=group.folder, name="inspect", title="inspect", collections=(collection,))
    endings: dict[str, set[bool]] = {}
    for offer in offers(project):
        source = read(offer, collection.limits)
        group.count += 1
        group.bytes += offer.size
        ending = PurePosixPath(offer.path).suffix
        if isinstance(source, Reject):
            _problem(group, offer, source.code)
            endings.setdefault(ending, set()).add(source.code == "file-empty")
            continue
        document = _parsed(parse, source, collection)
        if document is None:
            _problem(group, offer, "parse-failed")
            continue
        endings.setdefault(ending, set()).add(document.status != "rejected")
        _count(group, offer, document)
    group.unusable = tuple(sorted(ending for ending, readable in endings.items() if ending and readable == {False}))


def _parsed(parse: Any, source: SourceFile, collection: Collection) -> Document | None:
    try:
        document: Document = parse(source, collection)
    except Exception:  # noqa: BLE001 - counted as parse-failed; one file must not end the look at the others
        return None
    return document


def _count(group: Group, offer: Offer, document: Document) -> None:
    group.formats["/".join(document.layers) or document.status] += 1
    if document.status != "rejected":
        group.encodings[document.encoding] += 1
    for reject in document.rejects:
        _problem(group, offer, reject.code)
    for article in document.articles:
        group.articles += 1
        group.publishers[article.publisher or ""] += 1
        group.languages[article.language] += 1
        local = article.published.local
        if local is None:
            group.undated += 1
            continue
        group.first = min(group.first or local, local)
        group.last = max(group.last or local, local)


def _problem(group: Group, offer: Offer, code: str) -> None:
    group.problems[code] += 1
    group.examples.setdefault(code, offer.path)
