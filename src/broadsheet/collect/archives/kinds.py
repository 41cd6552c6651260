"""Which files hold members, told by the ending of their name: nothing is opened to find out."""

from dataclasses import dataclass
from typing import Final, Literal

Container = Literal["tar", "zip", "warc", "lines", "single", "git"]
Codec = Literal["", "gz", "bz2", "xz", "zst"]


@dataclass(frozen=True, slots=True)
class Kind:
    """How members are laid one after another, and what the whole is compressed with."""

    container: Container
    codec: Codec = ""


_CODECS: Final[dict[str, Codec]] = {".gz": "gz", ".bz2": "bz2", ".xz": "xz", ".zst": "zst"}
_CONTAINERS: Final[dict[str, Container]] = {".tar": "tar", ".warc": "warc", ".jsonl": "lines", ".ndjson": "lines"}
_SHORT: Final = {
    ".zip": Kind("zip"),
    ".tgz": Kind("tar", "gz"),
    ".tbz2": Kind("tar", "bz2"),
    ".txz": Kind("tar", "xz"),
    ".tzst": Kind("tar", "zst"),
}
GIT: Final = Kind("git")


def kind_of(name: str) -> Kind | None:
    """The kind of archive a file of this name is; None if it is one file like any other."""
    low = name.lower()
    for ending, kind in _SHORT.items():
        if low.endswith(ending) and len(low) > len(ending):
            return kind
    codec: Codec = ""
    for ending, known in _CODECS.items():
        if low.endswith(ending):
            low, codec = low[: -len(ending)], known
            break
    for ending, container in _CONTAINERS.items():
        if low.endswith(ending) and len(low) > len(ending):
            return Kind(container, codec)
    return Kind("single", codec) if codec and low else None


def spelled(segment: str) -> bool:
    """Whether a segment of a glob spells out that it means an archive: `*.zip` does, `*` and `**` do not."""
    return kind_of(segment) is not None
