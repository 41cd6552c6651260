"""Names of members as paths that can be published: readable, unique within their archive, and leading nowhere."""

import hashlib
import re
from array import array
from collections import Counter
from typing import Final

_LEAVES: Final = re.compile(r"[/\\]|[A-Za-z]:[/\\]")
_CHINESE: Final = re.compile(r"[\u0000-\u007f\u3000-\u303f\u3400-\u9fff\uff00-\uffef\u2010-\u2027\u00b7]+")


def readable(name: str | bytes) -> str:
    """A stored name as text: UTF-8, or GB18030 if that gives nothing but Chinese, else bytes as escapes."""
    if isinstance(name, str):
        return name.replace("\0", "\\x00")
    text = name.decode("utf-8", "backslashreplace")
    if not _is_utf8(name):
        try:
            chinese = name.decode("gb18030")
        except UnicodeDecodeError:
            pass
        else:
            text = chinese if _CHINESE.fullmatch(chinese) else text
    return text.replace("\0", "\\x00")


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def unsafe(name: str) -> str | None:
    """Why a name must not be taken for a path below its archive; None if it may."""
    if _LEAVES.match(name):
        return "its name is absolute"
    if ".." in re.split(r"[/\\]", name):
        return "its name has `..` in it"
    return None


def path_of(name: str) -> str:
    """A name as a path: without empty parts and `.`; `..` spelled so that nothing follows it."""
    parts = [part.replace("..", r"\x2e\x2e") if part == ".." else part for part in name.split("/")]
    return "/".join(part for part in parts if part not in ("", ".")) or "unnamed"


class Unique:
    """Tells equal paths apart: the second `a/b.md` becomes `a/b~2.md`.

    Seen paths are kept as 8-byte hashes in a table of their own, about 16 bytes each: a set takes ten times as much.
    """

    def __init__(self) -> None:
        self._table = array("Q", [0]) * 1024
        self._count = 0
        self._again: Counter[str] = Counter()

    def __call__(self, path: str) -> str:
        """The path, or one not given before."""
        if self._add(path):
            return path
        folder, slash, name = path.rpartition("/")
        stem, dot, ending = name.rpartition(".")
        if not stem:
            stem, dot, ending = name, "", ""
        while True:
            self._again[path] += 1
            other = f"{folder}{slash}{stem}~{self._again[path] + 1}{dot}{ending}"
            if self._add(other):
                return other

    def _add(self, path: str) -> bool:
        """Whether it was not there yet."""
        digest = hashlib.blake2b(path.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        if not self._insert(self._table, int.from_bytes(digest, "big") or 1):
            return False
        self._count += 1
        if self._count * 2 > len(self._table):
            wider = array("Q", [0]) * (2 * len(self._table))
            for value in self._table:
                if value:
                    self._insert(wider, value)
            self._table = wider
        return True

    @staticmethod
    def _insert(table: "array[int]", value: int) -> bool:
        at = value % len(table)
        while table[at]:
            if table[at] == value:
                return False
            at = (at + 1) % len(table)
        table[at] = value
        return True
