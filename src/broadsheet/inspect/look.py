"""Recognizes formats, publishers, encodings, dates and likely problems of files and archives; writes nothing."""

import glob
import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from broadsheet.collect import Offer, Refused, members, offers, read
from broadsheet.collect.archives import kind_of
from broadsheet.document import Reject, SourceFile
from broadsheet.engine import Progress
from broadsheet.findings import error
from broadsheet.inspect.tally import Group
from broadsheet.project import Collection, Project

MOST_ENDINGS = 1000
"""More than there are; names may hold anything."""


@dataclass(frozen=True, slots=True)
class How:
    """How to look.

    Attributes:
        sample: Read about one file in so many, chosen by a hash of its path; 1 reads all.
        revision: Of repositories with a work tree; None looks at the work tree.
        progress: Told how far it is.
    """

    sample: int = 1
    revision: str | None = None
    progress: Progress | None = None


def look(paths: Sequence[Path], how: How | None = None) -> list[Group]:
    """What lies at some paths: a group for every file, and for every folder that holds files or folders of files.

    A folder of folders gives one group for each folder in it, and one for the files beside them. An archive, a bare git
    repository, and with a revision any git repository, is one group.

    Raises:
        BroadsheetError: `file-unreadable` if a path is not there, `git-failed` if a revision is not.
    """
    how = how or How()
    groups = []
    taken: set[str] = set()
    for path in paths:
        for group in _groups(path, how):
            group.name = slug(group.name, taken)
            taken.add(group.name)
            if how.progress is not None:
                how.progress.stage(group.name, 0)
            _Look(group, how).fill()
            groups.append(group)
    return groups


def _groups(path: Path, how: How) -> Iterator[Group]:
    """The groups at a path, not yet filled."""
    try:
        if not path.is_dir():
            path.stat()
            yield Group(_stem(path), path.parent, (glob.escape(_absolute(path)),))
            return
        entries = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
        revision = how.revision if (path / ".git").exists() else "HEAD" if _is_bare(path) else None
    except OSError as problem:
        message = f"It cannot be read: {problem.strerror or type(problem).__name__}."
        raise error("file-unreadable", message, path=path.as_posix()) from problem
    base = glob.escape(_absolute(path))
    name = Path(_absolute(path)).name
    if revision is not None:
        yield Group(name.removesuffix(".git") or name, path, ("**",), how.revision or revision)
        return
    folders = [entry for entry in entries if entry.is_dir() and not entry.is_symlink() and _holds_files(entry)]
    if not folders:
        yield Group(name, path, (f"{base}/**",))
        return
    if any(entry.is_file() for entry in entries):
        yield Group(name, path, (f"{base}/*",))
    for folder in folders:
        yield Group(folder.name, folder, (f"{base}/{glob.escape(folder.name)}/**",))


def _stem(path: Path) -> str:
    """A file's name without what tells its kind."""
    stem = path.stem
    return PurePosixPath(stem).stem if kind_of(path.name) and PurePosixPath(stem).suffix in (".tar", ".warc") else stem


def _is_bare(path: Path) -> bool:
    return (path / "HEAD").is_file() and (path / "objects").is_dir() and (path / "refs").is_dir()


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


class _Look:
    """A look at the files of one group."""

    def __init__(self, group: Group, how: How) -> None:
        self.group = group
        self.how = how
        repository = _absolute(group.folder) if group.revision else None
        self.collection = Collection(
            group.name, group.name, group.files, repository=repository, revision=group.revision or "HEAD"
        )
        self.endings: dict[str, set[bool]] = {}

    def fill(self) -> None:
        """Read and parse every file, or every one in so many."""
        project = Project(root=self.group.folder, name="inspect", title="inspect", collections=(self.collection,))
        for offer in offers(project):
            if offer.inside is not None:
                self.group.archives += 1
                for member in members(offer, self.collection.limits, self._chosen):
                    if member.content is not None or not member.offer.problem:
                        self._file(member.offer, member.content)
            elif offer.problem is not None and offer.problem.code == "git-failed":
                raise error("git-failed", offer.problem.message, path=self.group.folder.as_posix())
            else:
                self._file(offer, read(offer, self.collection.limits) if self._chosen(offer) else None)
        unusable = [ending for ending, readable in self.endings.items() if ending and readable == {False}]
        self.group.unusable = tuple(sorted(unusable))

    def _chosen(self, offer: Offer) -> bool:
        """Whether a file is of the sample: told by its path alone, so that the same files are read every time."""
        if self.how.sample == 1:
            return True
        drawn = hashlib.blake2b(offer.path.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return int.from_bytes(drawn, "big") % self.how.sample == 0

    def _file(self, offer: Offer, source: SourceFile | Refused | Reject | None) -> None:
        group = self.group
        if self.how.progress is not None:
            self.how.progress.advance(1)
        whole = offer.problem is not None and offer.problem.code.startswith("archive-")
        group.offered += not whole  # what is said of an archive as a whole is said of no file
        if source is None:
            return
        reject = source.reject if isinstance(source, Refused) else source if isinstance(source, Reject) else None
        if whole and reject:
            group.problem(offer.path, reject.code)
            return
        group.count += 1
        ending = PurePosixPath(offer.path).suffix
        if reject is not None or not isinstance(source, SourceFile):
            group.bytes += offer.size
            group.statuses["empty" if reject and reject.code == "file-empty" else "rejected"] += 1
            group.problem(offer.path, reject.code if reject else "file-unreadable")
            self._ended(ending, readable=reject is not None and reject.code == "file-empty")
            return
        group.bytes += len(source.data)
        self._parsed(source, ending)

    def _parsed(self, source: SourceFile, ending: str) -> None:
        from broadsheet.parse import parse

        try:
            document = parse(source, self.collection)
        except Exception:  # noqa: BLE001 - counted as parse-failed; one file must not end the look at the others
            self.group.statuses["rejected"] += 1
            self.group.problem(source.path, "parse-failed")
            return
        self._ended(ending, readable=document.status != "rejected")
        self.group.add(source.path, document)

    def _ended(self, ending: str, *, readable: bool) -> None:
        if ending in self.endings or len(self.endings) < MOST_ENDINGS:
            self.endings.setdefault(ending, set()).add(readable)
