r"""What each collection put into a dataset: how many files, and one digest that stands for all of them.

The digest is the sha256 of a list as `sha256sum` prints it: one line `<sha256>  <path>` for each row of `sources`, in
the order of the paths' bytes. So it can be had from the table alone, and from the files themselves. As with `sha256sum`
a path with a backslash or a line break in it is written with `\\`, `\n` and `\r`, and its line starts with a
backslash; without that two different lists could read the same.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from broadsheet.emitted.tables import TableFiles, connected

QUERY: Final = (
    "SELECT collection, path, sha256, bytes, article_count FROM sources "
    "ORDER BY collection, path, sha256"  # DuckDB compares texts by their UTF-8 bytes
)
ROWS: Final = 8_192
ESCAPES: Final = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class Origin:
    """What one collection put in.

    Attributes:
        collection: Its name.
        files: How many, rejected ones included.
        bytes: Of all of them.
        articles: Made from them.
        digest: Hex sha256 over the sorted list of their hashes and paths.
    """

    collection: str
    files: int
    bytes: int
    articles: int
    digest: str


def origins(tables: Mapping[str, TableFiles]) -> dict[str, Origin]:
    """What each collection put in, by name, sorted; a collection without files is not among them.

    Args:
        tables: Of a package or a build; `sources` is read, row by row.
    """
    with connected({"sources": tables["sources"]}) as connection:
        reader = connection.sql(QUERY).to_arrow_reader(ROWS)
        listed = (row for batch in reader for row in _rows(batch))
        return {name: _origin(name, rows) for name, rows in groupby(listed, key=lambda row: str(row[0]))}


def line(path: str, sha256: str) -> str:
    """A file in the list that the digest is made of."""
    shown = path.translate(ESCAPES)
    return f"{chr(92) if shown != path else ''}{sha256}  {shown}\n"


def _rows(batch: Any) -> Iterator[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _origin(name: str, rows: Iterator[tuple[Any, ...]]) -> Origin:
    hashed, files, size, articles = hashlib.sha256(), 0, 0, 0
    for _, path, sha256, length, count in rows:
        hashed.update(line(path, sha256).encode())
        files += 1
        size += length
        articles += count
    return Origin(name, files, size, articles, hashed.hexdigest())
