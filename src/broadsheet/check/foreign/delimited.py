"""Tables of others as rows of text with the line each begins on: files of any delimiter, JSON, data in the descriptor.

Nothing is held but the row that is read. What cannot be told apart into cells is counted, with the first places.
"""

import codecs
import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from broadsheet.check.report import KEPT, Gather
from broadsheet.collect.archives.entry import Stopped
from broadsheet.collect.archives.kinds import kind_of
from broadsheet.collect.archives.streams import Stream

Json = Mapping[str, Any]
Row = tuple[int, list[str | None]]

LINE: Final = 64 << 20  # code points of a line, and of a cell
RATIO: Final = 200  # of a compressed file
WHOLE: Final = 256 << 20  # bytes of a JSON file, which is read as a whole
TERMINATORS: Final = (None, "\n", "\r\n", "\r")
CODECS_REFUSED: Final = ("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem")


class Unreadable(Exception):  # noqa: N818 - not an error of the program: what is said of a resource
    """A resource cannot be read here.

    Args:
        message: Says why.
        code: Of the finding; `check-limited` if somebody else may be able to.
    """

    def __init__(self, message: str, code: str = "resource-invalid") -> None:
        super().__init__(message)
        self.code = code


class Tally:
    """Rows that are not as they should be: all counted, the first of each kind named."""

    def __init__(self, resource: str, gather: Gather) -> None:
        self.resource = resource
        self.gather = gather
        self.counts: Counter[str] = Counter()

    def add(self, message: str, path: str, line: int) -> None:
        """Take one row."""
        self.counts[message] += 1
        if self.counts[message] < KEPT:
            self._say(message, path, line, 1)

    def close(self) -> None:
        """Say how many there were beside those named."""
        for message, count in self.counts.items():
            if count >= KEPT:
                self._say(message, None, None, count - KEPT + 1)

    def _say(self, message: str, path: str | None, line: int | None, count: int) -> None:
        self.gather.add("resource-invalid", message, resource=self.resource, path=path, line=line, count=count)


class Dialect:
    """How a file is cut into cells.

    Args:
        given: The dialect of a resource; what it does not say is as the standard has it.
        name: Name of the file, whose ending may tell of tabs.

    Raises:
        Unreadable: If it is none that is read here.
    """

    def __init__(self, given: Json, name: str) -> None:
        inner = given.get("csv")
        given = {**inner, **given} if isinstance(inner, dict) else given  # as frictionless writes it
        tabs = ".tsv" in Path(name).suffixes or ".tab" in Path(name).suffixes
        self.delimiter = given.get("delimiter", "\t" if tabs else ",")
        self.quote = given.get("quoteChar", '"')
        self.escape = given.get("escapeChar")
        self.double = given.get("doubleQuote") is not False
        self.skip = given.get("skipInitialSpace") is True
        self.comment = given.get("commentChar") or None
        self.null = given.get("nullSequence")
        headers = given.get("headerRows", [1]) if given.get("header") is not False else []
        self.headers = [one for one in headers if isinstance(one, int)] if isinstance(headers, list) else [1]
        self.join = str(given.get("headerJoin", " "))
        comments = given.get("commentRows")
        self.comments = frozenset(comments if isinstance(comments, list) else ())
        ending = given.get("lineTerminator")
        single = (self.delimiter, *(c for c in (self.quote, self.escape) if c))
        if ending not in TERMINATORS or not all(isinstance(c, str) and len(c) == 1 for c in single):
            raise Unreadable("its dialect is none that is read here", "check-limited")

    def reader(self, lines: Iterable[str]) -> Any:
        """Cells of lines."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote or None,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            escapechar=self.escape,
            doublequote=self.double,
            skipinitialspace=self.skip,
        )


@contextmanager
def _text(file: Path, encoding: str, compression: object = None) -> Iterator[IO[str]]:
    """A file as text, unpacked if it is compressed. Bytes that are not of its encoding become lone surrogates."""
    try:
        codec = codecs.lookup(encoding)
    except (LookupError, ValueError, TypeError):
        codec = None
    if codec is None or codec.name in CODECS_REFUSED or not codec._is_text_encoding:
        raise Unreadable(f"the encoding {encoding[:40]!r} is not known")
    kind = kind_of(f"data.{compression}" if isinstance(compression, str) and compression else file.name)
    if kind is not None and kind.container in ("zip", "tar"):
        raise Unreadable(f"it is packed as {kind.container}", "check-limited")
    packed = kind.codec if kind is not None else ""
    with Stream(file, packed, RATIO) as stream:
        raw = io.BufferedReader(_Raw(stream), 1 << 18)
        yield io.TextIOWrapper(raw, codec.name, "surrogateescape", newline="")


def _marked(file: Path) -> str:
    """The encoding that the first bytes of a file tell."""
    with file.open("rb") as stream:
        return "utf-16" if stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8"


class _Raw(io.RawIOBase):
    """A stream as Python's own readers want it."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Lines:
    """Lines for the reader of cells; knows which line a row began on, and leaves out comments between rows."""

    def __init__(self, stream: IO[str], comment: str | None) -> None:
        self._stream = stream
        self._comment = comment
        self.number = 0
        self.start = 0
        self.between = True
        self.unclosed = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        while True:
            line = self._stream.readline(LINE)
            if not line:
                self.unclosed |= not self.between  # more was asked for within a row: its quote has no end
                raise StopIteration
            if not self.number:
                line = line.removeprefix("\ufeff")
            if len(line) >= LINE:
                raise Unreadable(f"line {self.number + 1} is longer than {LINE:,} characters", "package-limit")
            self.number += 1
            if self.between and self._comment and line.startswith(self._comment):
                continue
            if self.between:
                self.start = self.number
                self.between = False
            return line


class Table:
    """The delimited files of one resource.

    Args:
        files: In order, with the names to show; those behind the first may leave out the header.
        dialect: How they are cut.
        encoding: As the resource says; if it does not, UTF-8, or UTF-16 if the file begins as such.
        tally: Takes rows that do not fit.
        compression: As the resource says, else as the name of each file does.
    """

    def __init__(
        self,
        files: list[tuple[Path, str]],
        dialect: Dialect,
        encoding: str | None,
        tally: Tally,
        compression: object = None,
    ) -> None:
        self.files = files
        self.compression = compression
        self.dialect = dialect
        self.encoding = encoding
        self.tally = tally
        self.header: list[str] | None = None
        self.shown = ""
        self.lines = True
        self.named = bool(dialect.headers)

    def rows(self) -> Iterator[Row]:
        """Rows of all files: line and cells, as many as the header has.

        Raises:
            Unreadable: If reading cannot go on.
        """
        csv.field_size_limit(LINE)
        for file, shown in self.files:
            self.shown = shown
            line = 0
            try:
                with _text(file, self.encoding or _marked(file), self.compression) as stream:
                    for line, cells in self._file(stream):
                        yield line, cells
            except (Stopped, csv.Error, UnicodeError, OSError) as problem:
                why = problem.message if isinstance(problem, Stopped) else str(problem)
                code = "package-limit" if isinstance(problem, Stopped) and problem.code == "archive-limit" else None
                raise Unreadable(
                    f"{self.shown} cannot be read behind line {line}: {why}", code or "resource-invalid"
                ) from problem

    def _file(self, stream: IO[str]) -> Iterator[Row]:
        lines = _Lines(stream, self.dialect.comment)
        last = max(self.dialect.headers, default=0)
        heads: list[list[str]] = []
        blank: list[int] = []
        for number, cells in enumerate(self.dialect.reader(lines), 1):
            lines.between = True
            if number in self.dialect.headers:
                heads.append(cells)
            if number == last and self._head(heads):
                yield lines.start, self._fitted(cells, lines.start)
            if number <= last or number in self.dialect.comments:
                continue
            if self.header is None:
                self.header = [f"field{at}" for at in range(1, len(cells) + 1)]
            if not cells and len(self.header) > 1:
                blank.append(lines.start)  # at the end of a file they are no rows
                continue
            for line in blank:
                self.tally.add("a row without cells", self.shown, line)
            blank.clear()
            yield lines.start, self._fitted(cells, lines.start)
        if lines.unclosed:
            self.tally.add("a quote that is never closed", self.shown, lines.start)

    def _head(self, heads: list[list[str]]) -> bool:
        """Take a header; whether it is none, but the first row of a file that goes on where the one before ended."""
        width = max(map(len, heads), default=0)
        padded = [head + [""] * (width - len(head)) for head in heads]
        found = [self.dialect.join.join(filter(None, parts)) for parts in zip(*padded, strict=True)]
        if self.header is None:
            self.header = found
        elif found != self.header:
            if self.dialect.headers == [1] and not set(found) & set(self.header):
                return True
            raise Unreadable(f"{self.shown} has another header than the file before it", "columns-differ")
        return False

    def _fitted(self, cells: list[str], line: int) -> list[str | None]:
        """Exactly one cell for each column."""
        assert self.header is not None  # by the caller
        wanted = len(self.header)
        if len(cells) == wanted:
            return list(cells)
        if not cells:
            return [""]
        if len(cells) < wanted:
            self.tally.add(f"a row with fewer cells than the {wanted} columns", self.shown, line)
        else:
            self.tally.add(f"a row with more cells than the {wanted} columns", self.shown, line)
        return [*cells[:wanted], *[None] * (wanted - len(cells))]


class Items:
    """Rows that are values: `data` of a descriptor, or a JSON file.

    Args:
        value: A list of mappings, or of lists the first of which is the header.
        dialect: Of the resource.
        tally: Takes what is no row.
        shown: Where the value stands.
    """

    def __init__(self, value: object, dialect: Json, tally: Tally, shown: str) -> None:
        if isinstance(value, dict) and isinstance(dialect.get("property"), str):
            value = value.get(dialect["property"])
        if isinstance(value, str):
            raise Unreadable("its data is a text")
        if not isinstance(value, list):
            raise Unreadable("its data is no list of rows", "check-limited")
        self.shown = shown
        self.lines = False
        self.named = True
        self.tally = tally
        self._items = value
        self._words: dict[str, tuple[str, str]] = {}  # how columns spell what JSON says without words
        self.header: list[str] | None
        keys = dialect.get("itemKeys")
        if value and isinstance(value[0], list):
            self.named = dialect.get("header") is not False
            named = value[0] if self.named else (f"field{at}" for at in range(1, len(value[0]) + 1))
            self.header = [_cell(one) or "" for one in named]
            self._items = value[1:] if self.named else value
        elif isinstance(keys, list) and all(isinstance(key, str) for key in keys) and keys:
            self.header = keys
        else:
            self.header = list(dict.fromkeys(key for one in value if isinstance(one, dict) for key in one))

    def arrange(self, fields: Sequence[Json]) -> None:
        """Put the columns in the order of a schema: mappings have none. Without any row, the columns are its own."""
        wanted = [str(field["name"]) for field in fields]
        for field in fields:
            yes, no = field.get("trueValues"), field.get("falseValues")
            if isinstance(yes, list) and isinstance(no, list) and yes and no:
                self._words[str(field["name"])] = (str(no[0]), str(yes[0]))
        if not self._items and not self.header:
            self.header = wanted
        elif self.header and isinstance(self._items[0] if self._items else None, dict):
            self.header = [*(n for n in wanted if n in self.header), *(n for n in self.header if n not in wanted)]

    def rows(self) -> Iterator[Row]:
        """Rows with their number in the place of a line."""
        header = self.header or []
        for number, item in enumerate(self._items, 1):
            if isinstance(item, dict):
                yield number, [self._spelt(name, item.get(name)) for name in header]
            elif isinstance(item, list) and len(item) == len(header):
                yield number, [self._spelt(name, one) for name, one in zip(header, item, strict=True)]
            else:
                self.tally.add("an item that is no row", self.shown, number)

    def _spelt(self, name: str, value: object) -> str | None:
        return self._words[name][value] if isinstance(value, bool) and name in self._words else _cell(value)


def json_items(file: Path, dialect: Json, tally: Tally, shown: str, *, lines: bool) -> Items:
    """The rows of a JSON file, or of one with a JSON value in each line.

    Raises:
        Unreadable: If it is none.
    """
    try:
        if file.stat().st_size > WHOLE:
            raise Unreadable(f"{shown} is larger than {WHOLE:,} bytes, and not read", "check-limited")
        with _text(file, "utf-8") as stream:
            text = stream.read(WHOLE + 1).removeprefix("\ufeff")
        if len(text) > WHOLE:
            raise Unreadable(f"{shown} is larger than {WHOLE:,} bytes, and not read", "check-limited")
        value = [json.loads(line) for line in text.split("\n") if line.strip()] if lines else json.loads(text)
    except (Stopped, OSError, ValueError, RecursionError) as problem:
        raise Unreadable(f"{shown} cannot be read: {str(problem)[:120]}") from problem
    return Items(value, dialect, tally, shown)


def _cell(value: object) -> str | None:
    """A value of JSON as its text in a file."""
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)
