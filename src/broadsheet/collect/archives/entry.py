"""One member of an archive as its container gives it, before it has a path of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from broadsheet.document import Origin

PIECE: Final = 1 << 16


class Stopped(Exception):  # noqa: N818 - not an error of the program: how reading an archive ends early
    """Reading an archive, or one member of it, cannot go on.

    Args:
        code: Of the reject this becomes.
        message: Says where and why.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class MemberStopped(Stopped):
    """One member cannot be read; those after it can."""


def damaged(message: str) -> Stopped:
    """The archive cannot be read beyond this place."""
    return Stopped("archive-broken", message)


@dataclass(frozen=True, slots=True)
class Entry:
    """A member.

    Attributes:
        name: As stored; bytes where the archive does not say how they are encoded.
        size: In bytes as the archive says; None if only reading tells.
        pieces: Reads the content; may be called once, and only before the next entry is asked for.
        problem: Code and message, if the member is nothing to be read.
        key: Equal keys have equal content, and none is ever used for another (a git object id); "" if there is none.
        origin: What the archive knows of it beside its bytes.
    """

    name: str | bytes
    size: int | None
    pieces: Callable[[], Iterator[bytes]]
    problem: tuple[str, str] | None = None
    key: str = ""
    origin: Origin | None = None


def nothing() -> Iterator[bytes]:
    """The content of what is not to be read."""
    return iter(())
