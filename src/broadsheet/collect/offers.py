"""The files a project's collections match, as offers: nothing is opened here."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from broadsheet.collect.globs import Globs, State, Step
from broadsheet.document import Reject
from broadsheet.project import Collection, Project


@dataclass(frozen=True, slots=True)
class Offer:
    """One file a collection matches.

    Attributes:
        collection: Name of the collection.
        path: POSIX path as published in `sources.path`, kept exactly, odd characters included.
        file: Where it lies; None if there is nothing that may be opened.
        size: In bytes.
        mtime_ns: Time of the last change, for telling unchanged files.
        problem: Why the file cannot be used, if it cannot.
    """

    collection: str
    path: str
    file: Path | None
    size: int = 0
    mtime_ns: int = 0
    problem: Reject | None = None


def offers(project: Project) -> Iterator[Offer]:
    """All files of all collections: collections as declared, files in the order of their paths by code point.

    A file two collections match is the first one's; the second offers it with the problem `file-claimed-twice`.
    """
    claimed: dict[str, str] = {}
    for collection in project.collections:
        for offer in _of_collection(collection, project.root):
            if offer.file is None:
                yield offer
                continue
            owner = claimed.setdefault(str(offer.file), collection.name)
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
            stack.extend(reversed(_entries(item, globs, collection.name)))


def _segments(pattern: str, home: Path, root: Path) -> tuple[str, ...]:
    """A glob relative to the collection's root."""
    path = os.path.normpath(home / pattern)  # wildcards are ordinary characters to normpath
    return PurePosixPath(os.path.relpath(path, root)).parts


def _entries(folder: _Folder, globs: Globs, collection: str) -> list[_Folder | Offer]:
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
        if entry is not None:
            found.append((name if isinstance(entry, Offer) else f"{name}/", entry))
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
        return _unusable(collection, path, "file-unreadable", message) if step.matched else None
    if stat.S_ISDIR(found.st_mode):
        fence = os.path.realpath(file) if step.named else fence
        return _Folder(file, f"{path}/", step.states, fence) if step.states else None
    if not step.matched:
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
