"""Files of a package that lie on the web: downloaded only if the user said so, within limits of bytes and time."""

import http.client
import time
import urllib.request
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final
from urllib.error import URLError
from urllib.parse import urlsplit

from broadsheet.check.foreign.delimited import Unreadable
from broadsheet.emitted.paths import REMOTE

BYTES: Final = 4 << 30
SECONDS: Final = 600.0
SILENCE: Final = 30.0  # seconds without a byte
PIECE: Final = 1 << 20


class _NoDetours(urllib.request.HTTPRedirectHandler):
    """Follows an address of the web to another of the web, and nowhere else."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:  # noqa: PLR0917
        if not newurl.lower().startswith(REMOTE):
            raise URLError(f"it leads to {newurl[:80]!r}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(address: str, folder: Path, *, most: int = BYTES, seconds: float = SECONDS) -> Path:
    """Download a file into a folder, under the last part of its address.

    Args:
        address: Of http or https.
        folder: Exists; the file is put into a folder of its own in it.
        most: Bytes that are taken.
        seconds: That it may take.

    Raises:
        Unreadable: If it cannot be had within the limits.
    """
    name = PurePosixPath(urlsplit(address).path).name or "data"
    place = folder / f"remote-{len(list(folder.iterdir()))}"
    place.mkdir()
    target = place / "".join(c if c.isalnum() or c in "-_." else "_" for c in name[-100:])
    opener = urllib.request.build_opener(_NoDetours)
    until = time.monotonic() + seconds
    try:
        with opener.open(address, timeout=min(SILENCE, seconds)) as answer, target.open("wb") as stream:
            _copy(answer, stream, most, until)
    except (OSError, http.client.HTTPException, ValueError) as problem:
        raise Unreadable(f"{address} cannot be downloaded: {str(problem)[:160]}") from problem
    return target


def _copy(answer: Any, stream: IO[bytes], most: int, until: float) -> None:
    left = most
    while piece := answer.read1(PIECE):
        left -= len(piece)
        if left < 0:
            raise Unreadable(f"it is larger than the {most:,} bytes that are downloaded", "package-limit")
        if time.monotonic() > until:
            raise Unreadable("it takes longer than a download may", "package-limit")
        stream.write(piece)
    if getattr(answer, "length", 0):
        raise http.client.IncompleteRead(b"", answer.length)
