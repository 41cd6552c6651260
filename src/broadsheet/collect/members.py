"""The members of an archive, one after another in one pass: named, chosen, bounded, and read if they are wanted."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from broadsheet.collect.archives import git, lines, tar, warc, zipped
from broadsheet.collect.archives.entry import Entry, MemberStopped, Stopped
from broadsheet.collect.archives.kinds import kind_of
from broadsheet.collect.archives.names import Unique, path_of, readable, unsafe
from broadsheet.collect.archives.streams import Stream
from broadsheet.collect.files import Refused, refused, source_file
from broadsheet.collect.offers import Inside, Offer
from broadsheet.document import Reject, SourceFile
from broadsheet.project import Limits

_NAMED_BY_READER: Final = ("lines", "single", "git")
"""Containers that cannot hold two members of one name."""
_OPAQUE: Final = ("warc", "lines", "single")
"""Containers whose members are what they are, whatever their name ends in."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member, offered like a file.

    Attributes:
        offer: What it is called, and why it cannot be used, if it cannot.
        content: What was read of it; None if it was not wanted.
    """

    offer: Offer
    content: SourceFile | Refused | None


def everything(_: Offer) -> bool:
    """Wants every member."""
    return True


def members(archive: Offer, limits: Limits, wanted: Callable[[Offer], bool] = everything) -> Iterator[Member]:
    """All members of an archive that its collection takes, in the order they are stored.

    What cannot be used is a member with a `Refused` content. Damage, or a limit that is reached, ends the archive: the
    members before it stay, and a last one with the path of the archive itself says where and why.

    Args:
        archive: An offer with `inside`.
        limits: Of its collection.
        wanted: Which members to read; the others are passed over, which costs little or nothing.
    """
    reading = _Reading(archive, limits, wanted)
    try:
        yield from reading.members()
    except Stopped as stopped:
        reading.stops.append((stopped.code, stopped.message + reading.last()))
    closing = reading.closing()
    if closing is not None:
        yield closing


class _Reading:
    """One pass through an archive."""

    def __init__(self, archive: Offer, limits: Limits, wanted: Callable[[Offer], bool]) -> None:
        self.archive = archive
        self.limits = limits
        self.wanted = wanted
        self.stops: list[tuple[str, str]] = []
        self._skipped: Counter[str] = Counter()
        self._count = self._taken = 0
        self._last = ""

    def members(self) -> Iterator[Member]:
        """All that can be read."""
        inside = _inside(self.archive)
        unique = None if inside.kind.container in _NAMED_BY_READER else Unique()
        prefix = f"{self.archive.path}/" if inside.kind.container != "git" else ""
        for entry in self._entries():
            self._count += 1
            if self._count > self.limits.max_members:
                limit = f"It holds more than {self.limits.max_members:,} members."
                raise Stopped("archive-limit", limit)
            name = readable(entry.name)
            path = unique(path_of(name)) if unique else path_of(name)
            if inside.takes(path):
                self._taken += 1
                yield self._offered(prefix + path, entry, name, inside.claimed(path))
            self._last = f" Members before: {self._count:,}; the last was {path!r}."

    def _entries(self) -> Iterator[Entry]:
        archive, kind, ratio = self.archive, _inside(self.archive).kind, self.limits.max_ratio
        file = archive.file or Path(archive.path)
        if archive.problem is not None:
            raise Stopped(archive.problem.code, archive.problem.message)
        if kind.container == "git":
            yield from git.entries(file, archive.stamp)
        elif kind.container == "zip":
            yield from zipped.entries(file, ratio)
        else:
            with Stream(file, kind.codec, ratio) as stream:
                if kind.container == "tar":
                    yield from tar.entries(stream)
                elif kind.container == "warc":
                    yield from warc.entries(stream, self._skipped, ratio)
                elif kind.container == "lines":
                    yield from lines.lines(stream)
                else:
                    yield from lines.single(stream, archive.path.rpartition("/")[2].rpartition(".")[0])

    def _offered(self, path: str, entry: Entry, name: str, owner: str | None) -> Member:
        """One member; `owner` is a collection before that has it."""
        offer = replace(
            self.archive, path=path, size=entry.size or 0, mtime_ns=0, inside=None, stamp="",
            key=entry.key, origin=entry.origin,
        )  # fmt: skip
        problem = self._problem(offer, entry, name, owner)
        if problem is not None:
            offer = replace(offer, problem=Reject(*problem, field="path", value=offer.path))
        if not self.wanted(offer):
            return Member(offer, None)
        if offer.problem is not None:
            return Member(offer, refused(offer.problem))
        try:
            return Member(offer, source_file(offer, entry.pieces(), self.limits))
        except MemberStopped as stopped:
            return Member(offer, refused(Reject(stopped.code, stopped.message, field="path", value=offer.path)))

    def _problem(self, offer: Offer, entry: Entry, name: str, owner: str | None) -> tuple[str, str] | None:
        """Why a member is not read, if it is not."""
        container = _inside(self.archive).kind.container
        if container not in ("warc", "git") and (why := unsafe(name)):
            return "member-unsafe", f"The member is not used: {why}."
        if entry.problem is not None:
            return entry.problem
        if owner is not None:
            message = f"Collection {owner!r} already has this member; {offer.collection!r} does not get it again."
            return "file-claimed-twice", message
        if container not in _OPAQUE and kind_of(name.rpartition("/")[2]) is not None:
            return "member-nested", "An archive within an archive is not opened."
        return None

    def last(self) -> str:
        """How far reading came."""
        return self._last

    def closing(self) -> Member | None:
        """What there is to say of the archive as a whole, once it was read."""
        if self._skipped:
            told = ", ".join(f"{count:,} {what}" for what, count in sorted(self._skipped.items())[:12])
            told += ", …" if len(self._skipped) > 12 else ""
            self.stops.append(("archive-skipped", f"Records that are no pages were left out: {told}."))
        if not self._taken and not self.stops:
            held = f"None of its {self._count} members is taken." if self._count else "It holds no file."
            self.stops.append(("archive-empty", held))
        if not self.stops:
            return None
        message = " ".join(text for _, text in self.stops)
        reject = Reject(self.stops[0][0], message, field="path", value=self.archive.path)
        offer = replace(self.archive, inside=None, stamp="", problem=reject)
        return Member(offer, refused(reject))


def _inside(archive: Offer) -> Inside:
    if archive.inside is None:
        raise ValueError(f"{archive.path} is offered as a file, not as an archive")
    return archive.inside
