"""The bytes of source files again, for whoever holds a row and wants to see what it was made from."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from broadsheet.collect.archives import kind_of
from broadsheet.collect.files import Refused
from broadsheet.collect.globs import Globs
from broadsheet.collect.members import members
from broadsheet.collect.offers import Inside, Offer, offers
from broadsheet.project import Project

Key = tuple[str, str]
"""Collection and path of a source file."""
_NONE = Globs(())


class Sources:
    """Source files of a project, by collection and path; nothing outside its collections is opened.

    Args:
        project: The project; None if there is none, and so no file.
    """

    def __init__(self, project: Project | None) -> None:
        self._project = project

    def read(self, collection: str, path: str) -> bytes | None:
        """The bytes of a file or member; None if it is not there. To a member, its archive is walked from the start."""
        return next((data for _, data in self.each([(collection, path)])), None)

    def each(self, wanted: Iterable[Key]) -> Iterator[tuple[Key, bytes | None]]:
        """The bytes of many files, each once, in the order asked for; then members, with one pass for every archive."""
        packed: dict[Key, set[str]] = defaultdict(set)
        for collection, path in wanted:
            archive = self.archive_of(collection, path)
            if archive is not None:
                packed[collection, archive].add(path)
                continue
            file = self.file(collection, path)
            try:
                data = file.read_bytes() if file else None
            except OSError:
                data = None
            yield (collection, path), data
        for (collection, archive), paths in packed.items():
            for path, data in self._members(collection, archive, paths):
                yield (collection, path), data

    def file(self, collection: str, path: str) -> Path | None:
        """Where a file lies; None if that cannot be told, or it is an archive or in one."""
        parts = path.split("/")
        if self._project is None or ".." in parts or path.startswith("/"):
            return None
        try:
            if self._project.collection(collection).repository is not None:
                return None
            file = self._project.locate(collection, path)
        except KeyError:
            return None
        return file if kind_of(parts[-1]) is None and self.archive_of(collection, path) is None else None

    def archive_of(self, collection: str, path: str) -> str | None:
        """The path of the archive a member lies in; `.` for a git repository; None if it is a file of its own."""
        if self._project is None:
            return None
        try:
            if self._project.collection(collection).repository is not None:
                return "."
        except KeyError:
            return None
        parts = path.split("/")
        if ".." in parts or path.startswith("/"):
            return None
        for number, part in enumerate(parts[:-1], 1):
            if kind_of(part) and self._project.locate(collection, "/".join(parts[:number])).is_file():
                return "/".join(parts[:number])
        return None

    def _members(self, name: str, archive: str, paths: set[str]) -> Iterator[tuple[str, bytes | None]]:
        if self._project is None:
            return
        collection = self._project.collection(name)
        left = set(paths)
        offer = self._offer(name, archive)
        for member in members(offer, collection.limits, lambda offered: offered.path in left) if offer else ():
            if member.content is None or member.offer.path not in left:
                continue
            left.discard(member.offer.path)
            yield member.offer.path, None if isinstance(member.content, Refused) else member.content.data
            if not left:
                break
        for path in sorted(left):
            yield path, None

    def _offer(self, name: str, archive: str) -> Offer | None:
        """The archive with all its members, whatever the collection takes of it."""
        if self._project is None:
            return None
        collection = self._project.collection(name)
        if collection.repository is not None:
            found = next(offers(replace(self._project, collections=(collection,))))
            return found if found.inside else None
        kind = kind_of(archive.rpartition("/")[2])
        file = self._project.locate(name, archive)
        if kind is None:
            return None
        return Offer(name, archive, file, inside=Inside(kind, _NONE, None, _NONE, ()))
