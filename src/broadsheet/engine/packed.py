"""Files to look at in little memory: a million offers as objects take most of a gigabyte, packed some 50 MB."""

import pickle
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from broadsheet.collect import Offer
from broadsheet.engine.pending import Pending

AT_ONCE: Final = 256
"""Items that are packed together; paths repeat each other."""


class Packed:
    """Files to look at, in the order they came; only what lies on disk, no members of archives."""

    def __init__(self) -> None:
        self._packs: list[bytes] = []
        self._open: list[Any] = []

    def append(self, item: Pending) -> None:
        """One more."""
        offer = item.offer
        file = None if offer.file is None else str(offer.file)
        self._open.append(
            (offer.collection, offer.path, file, offer.size, offer.mtime_ns, offer.problem, item.settings, item.learnt)
        )
        if len(self._open) == AT_ONCE:
            self._packs.append(zlib.compress(pickle.dumps(self._open, pickle.HIGHEST_PROTOCOL), 1))
            self._open = []

    def __len__(self) -> int:
        return len(self._packs) * AT_ONCE + len(self._open)

    def __iter__(self) -> Iterator[Pending]:
        for pack in self._packs:
            yield from map(_pending, pickle.loads(zlib.decompress(pack)))
        yield from map(_pending, self._open)


def _pending(packed: tuple[Any, ...]) -> Pending:
    collection, path, file, size, mtime_ns, problem, settings, learnt = packed
    place = None if file is None else Path(file)
    return Pending(Offer(collection, path, place, size, mtime_ns, problem), settings, learnt=learnt)
