"""Opening a published copy where it lies, as a reader does: descriptor, the files it names, the footers of Parquet."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import IO, TYPE_CHECKING, Any

from broadsheet.emitted.descriptors import DESCRIPTOR
from broadsheet.findings import Finding, finding
from broadsheet.release.targets.model import Wanted
from broadsheet.release.targets.wanted import DATAPACKAGE

if TYPE_CHECKING:
    import pyarrow as pa


def opened(files: Sequence[Wanted], open_at: Callable[[str], IO[bytes]]) -> Iterator[Finding]:
    """What of a published copy cannot be opened, or holds other rows than what was sent.

    Args:
        files: What was sent.
        open_at: Opens a path of the target for reading; must be able to seek.
    """
    for file in files:
        if file.path == f"{DATAPACKAGE}/{DESCRIPTOR}":
            yield from _descriptor(file, open_at)
        elif file.path.endswith(".parquet"):
            yield from _table(file, open_at)


def _descriptor(file: Wanted, open_at: Callable[[str], IO[bytes]]) -> Iterator[Finding]:
    path = file.path
    try:
        with open_at(path) as stream:
            resources: list[dict[str, Any]] = json.loads(stream.read())["resources"]
        for resource in resources:
            path = f"{DATAPACKAGE}/{resource['path']}"
            with open_at(path) as stream:
                stream.read(1)
    except FileNotFoundError as reason:
        yield finding("table-missing", f"{path} is not there: {reason}", path=file.path)
    except (ValueError, KeyError, TypeError) as reason:
        yield finding("package-invalid", f"{DESCRIPTOR} cannot be read back: {reason}", path=file.path)


def _table(file: Wanted, open_at: Callable[[str], IO[bytes]]) -> Iterator[Finding]:
    import pyarrow as pa

    try:
        with open_at(file.path) as there, file.source.open("rb") as here:
            rows, schema = _footer(there)
            sent, known = _footer(here)
    except (pa.ArrowException, FileNotFoundError) as reason:
        message = f"{file.path} cannot be read back: {str(reason).splitlines()[0][:120]}"
        yield finding("table-unreadable", message, path=file.path)
        return
    if rows != sent:
        yield finding("rows-mismatch", f"{file.path} has {rows} rows, sent were {sent}", path=file.path)
    if not schema.equals(known):
        yield finding("columns-differ", f"{file.path} has other columns than were sent", path=file.path)


def _footer(stream: IO[bytes]) -> "tuple[int, pa.Schema]":
    import pyarrow.parquet as pq

    parquet = pq.ParquetFile(stream)
    return parquet.metadata.num_rows, parquet.schema_arrow
