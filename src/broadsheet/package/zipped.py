"""A zip whose bytes depend on what it holds: fixed times, sorted names, the same permissions, no extra fields."""

import shutil
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

Moment = tuple[int, int, int, int, int, int]

EPOCH: Final[Moment] = (1980, 1, 1, 0, 0, 0)
"""The earliest moment a zip can tell."""
LATEST: Final = 2107
PIECE: Final = 1 << 20
MODE: Final = 0o100644 << 16
UNIX: Final = 3


def moment(created: str | None) -> Moment:
    """The time of all members: when the package was created, UTC; 1980 where nobody says, or a zip cannot."""
    try:
        at = datetime.fromisoformat(created) if created else None
    except ValueError:
        at = None
    if at is None or not EPOCH[0] <= at.year <= LATEST:
        return EPOCH
    return at.year, at.month, at.day, at.hour, at.minute, at.second - at.second % 2  # a zip counts in twos


def write_zip(file: Path, root: Path, names: Sequence[str], at: Moment) -> None:
    """Write a zip of files below `root`, piece by piece. Parquet is packed already, so it is stored.

    Args:
        file: Where to.
        root: Folder the names are relative to.
        names: POSIX paths; sorted here.
        at: Time of all members.
    """
    with zipfile.ZipFile(file, "w", allowZip64=True) as archive:
        for name in sorted(names):
            member = zipfile.ZipInfo(name, at)
            member.create_system, member.external_attr = UNIX, MODE
            stored = name.endswith(".parquet")
            member.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            member.file_size = (root / name).stat().st_size  # tells whether it needs 64 bits; else no extra field
            with (root / name).open("rb") as source, archive.open(member, "w") as sink:
                shutil.copyfileobj(source, sink, PIECE)
