"""The files and archives a project's collections match, as offers: nothing is opened here."""

import os
import stat
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from broadsheet.collect.archives import GIT, Kind, kind_of
from broadsheet.collect.globs import Globs, State, Step
from broadsheet.document import Origin, Reject
from broadsheet.project import Collection, Project


@dataclass(frozen=True, slots=True)
class Inside:
    """Which members of an archive a collection takes.

    Attributes:
        kind: Of the archive.
        globs: Of the collection.
        states: Where they stand at the archive; None if one ends there, which takes every member.
        excluded: What the collection leaves out, by whole paths.
        prefix: Segments of the archive's path.
        earlier: Collections before that take members of the same archive, by name.
    """

    kind: Kind
    globs: Globs
    states: frozenset[State] | None
    excluded: Globs
    prefix: tuple[str, ...]
    earlier: tuple[tuple[str, "Inside"], ...] = ()

    def takes(self, path: str) -> bool:
        """Whether a member is one of the collection's; `path` is that within the archive."""
        parts = path.split("/")
        taken = self.states is None or self.globs.matches(parts, self.states)
        return taken and not self.excluded.matches((*self.prefix, *parts))

    def claimed(self, path: str) -> str | None:
        """The collection before that has a member."""
        return next((name for name, other in self.earlier if other.takes(path)), None)


@dataclass(frozen=True, slots=True)
class Offer:
    """One file a collection matches.

    Attributes:
        collection: Name of the collection.
        path: POSIX path as published in `sources.path`, kept exactly, odd characters included.
        file: Where it lies; of a member, its archive; None if there is nothing that may be opened.
        size: In bytes.
        mtime_ns: Time of the last change, for telling unchanged files.
        problem: Why the file cannot be used, if it cannot.
        inside: Of an archive, which members are taken: they are offered by `members`, the archive itself is no file.
        stamp: Of a git repository, the id of the tree.
        key: Of a member, as in `Entry.key`.
        origin: Of a member, what its archive knows of it.
    """

    collection: str
    path: str
    file: Path | None
    size: int = 0
    mtime_ns: int = 0
    problem: Reject | None = None
    inside: Inside | None = None
    stamp: str = ""
    key: str = ""
    origin: Origin | None = None


def offers(project: Project) -> Iterator[Offer]:
    """All files of all collections: collections as declared, files in the order of their paths by code point.

    A file two collections match is the first one's; the second offers it with the problem `file-claimed-twice`. Members
    of an archive are told apart in the same way, each by itself.
    """
    claimed: dict[str, str] = {}  # by the last collection nobody can be forestalled: one alone needs no memory
    opened: dict[str, list[tuple[str, Inside]]] = defaultdict(list)
    for collection in project.collections:
        listed = _of_collection if collection.repository is None else _of_repository
        for offer in listed(collection, project.root):
            if offer.file is None:
                yield offer
                continue
            if offer.inside is not None:
                earlier = opened[f"{offer.file}\0{offer.stamp}"]
                yield replace(offer, inside=replace(offer.inside, earlier=tuple(earlier)))
                earlier.append((collection.name, offer.inside))
                continue
            file = str(offer.file)
            owner = claimed.get(file, collection.name)
            if collection is not project.collections[-1]:
                claimed.setdefault(file, collection.name)
            yield offer if owner == collection.name else _claimed(offer, owner)


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder still to be walked; `fence` is the real folder its links may not lead out of."""

    file: Path
    path: str
    states: frozenset[State]
    fence: str


def _of_collection(collection: Collection, project_root: Path) -> Iterator[Offer]:
    home = Path(os.path.normpath(project_root.absolute()))
    root = collection.root(project_root)
    globs = Globs(_segments(pattern, home, root) for pattern in collection.files if not pattern.startswith("!"))
    excluded = Globs(_segments(pattern[1:], home, root) for pattern in collection.files if pattern.startswith("!"))
    # Folders and files wait on one stack, last first, so that what comes out is in the order of full paths.
    stack: list[_Folder | Offer] = [_Folder(root, "", globs.start(), os.path.realpath(root))]
    while stack:
        item = stack.pop()
        if isinstance(item, Offer):
            if not excluded.matches(item.path.split("/")):
                yield item
        else:
            stack.extend(reversed(_entries(item, globs, excluded, collection.name)))


def _of_repository(collection: Collection, project_root: Path) -> Iterator[Offer]:
    """A git repository at a revision, as one archive; the globs are those of its tree."""
    from broadsheet.collect.archives.entry import Stopped
    from broadsheet.collect.archives.git import tree_of

    repository = collection.repository_folder(project_root)
    split = [PurePosixPath(pattern.lstrip("!")).parts for pattern in collection.files]
    negative = [pattern.startswith("!") for pattern in collection.files]
    globs = Globs(parts for parts, excludes in zip(split, negative, strict=True) if not excludes)
    excluded = Globs(parts for parts, excludes in zip(split, negative, strict=True) if excludes)
    inside = Inside(GIT, globs, globs.start(), excluded, ())
    try:
        tree = tree_of(repository, collection.revision)
    except Stopped as stopped:
        yield _unusable(collection.name, ".", stopped.code, stopped.message)
        return
    yield Offer(collection.name, ".", repository, inside=inside, stamp=tree)


def _segments(pattern: str, home: Path, root: Path) -> tuple[str, ...]:
    """A glob relative to the collection's root."""
    path = os.path.normpath(home / pattern)  # wildcards are ordinary characters to normpath
    return PurePosixPath(os.path.relpath(path, root)).parts


def _entries(folder: _Folder, globs: Globs, excluded: Globs, collection: str) -> list[_Folder | Offer]:
    """What lies in a folder and concerns the globs, sorted so that a folder stands where its files do."""
    names = globs.names(folder.states)
    if globs.wild(folder.states):
        try:
            names |= {entry.name for entry in folder.file.iterdir()}
        except OSError as problem:
            path = folder.path.rstrip("/") or "."
            return [_unusable(collection, path, "file-unreadable", f"The folder cannot be listed: {_why(problem)}.")]
    found: list[tuple[str, _Folder | Offer]] = []
    for name in names:
        step = globs.step(folder.states, name)
        entry = _entry(folder, name, step, collection) if step.states or step.matched else None
        if isinstance(entry, Offer) and entry.problem is None and (kind := kind_of(name)):
            states = None if step.matched else step.inside
            entry = replace(entry, inside=Inside(kind, globs, states, excluded, tuple(entry.path.split("/"))))
        if entry is not None:
            found.append((f"{name}/" if isinstance(entry, _Folder) or entry.inside else name, entry))
    return [entry for _, entry in sorted(found, key=lambda pair: pair[0])]


def _entry(folder: _Folder, name: str, step: Step, collection: str) -> _Folder | Offer | None:
    """A folder to walk, a file to offer, or nothing: not a file the globs take."""
    file, path, fence = folder.file / name, folder.path + _shown(name), folder.fence
    try:
        found = file.lstat()
        if stat.S_ISLNK(found.st_mode):
            found = file.stat()
            is_folder = stat.S_ISDIR(found.st_mode)
            if not step.named and not _inside(os.path.realpath(file), fence):
                # where to would tell of the machine, and this is published
                message = "The link leads outside its collection; it was not followed."
                outside = _unusable(collection, path, "symlink-outside", message)
                return outside if step.matched or (is_folder and step.states) else None
            if not step.named and is_folder:
                return None  # its files are offered where they lie
    except OSError as problem:
        message = f"The file cannot be read: {_why(problem)}."
        return _unusable(collection, path, "file-unreadable", message) if step.matched or step.inside else None
    if stat.S_ISDIR(found.st_mode):
        fence = os.path.realpath(file) if step.named else fence
        return _Folder(file, f"{path}/", step.states, fence) if step.states else None
    if not step.matched and not step.inside:
        return None
    if not stat.S_ISREG(found.st_mode):
        return _unusable(collection, path, "file-unreadable", "It is neither a file nor a folder.")
    return Offer(collection, path, file, found.st_size, found.st_mtime_ns)


def _inside(target: str, fence: str) -> bool:
    return target == fence or target.startswith(fence.rstrip("/") + "/")


def _shown(name: str) -> str:
    """A name as published: bytes that are not UTF-8 become escapes, all else stays."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _why(problem: OSError) -> str:
    return problem.strerror or type(problem).__name__


def _unusable(collection: str, path: str, code: str, message: str) -> Offer:
    return Offer(collection, path, None, problem=Reject(code=code, message=message, field="path", value=path))


def _claimed(offer: Offer, owner: str) -> Offer:
    message = f"Collection {owner!r} already has this file; {offer.collection!r} does not get it a second time."
    problem = Reject(code="file-claimed-twice", message=message, field="path", value=offer.path)
    return Offer(offer.collection, offer.path, offer.file, offer.size, offer.mtime_ns, problem)
