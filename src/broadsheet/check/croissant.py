"""Rules for `croissant.json` beside a dataset: what it says of files, tables and columns is so.

Everything checkable is checked against the files and their footers: hashes, sizes, which files make a table, columns,
their types, keys, references, rows. What it says in words is compared with the card.
"""

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from broadsheet.check import files
from broadsheet.check.report import Gather
from broadsheet.emitted import paths
from broadsheet.emitted.descriptors import CROISSANT, mappings, read_json
from broadsheet.emitted.tables import TableFiles
from broadsheet.findings import BroadsheetError

if TYPE_CHECKING:
    import pyarrow as pa

Json = Mapping[str, Any]

CONFORMS: Final = re.compile(r"https?://mlcommons\.org/croissant/1\.[0-9]+")
SIZE: Final = re.compile(r"([0-9]+) ?B?")
PARQUET: Final = ("application/x-parquet", "application/vnd.apache.parquet")
INTEGERS: Final = ("Integer", "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64")
FLOATS: Final = ("Float", "Number", "Float16", "Float32", "Float64")


def check_croissant(root: Path, card: Json, tables: Mapping[str, TableFiles], gather: Gather) -> None:
    """Compare `croissant.json` with the files of the dataset.

    Args:
        root: Folder of the dataset.
        card: Front matter of its card.
        tables: Of its configs.
        gather: Takes the findings.
    """
    gather.ran("files", "descriptor-differs", "hash-mismatch", "bytes-mismatch")
    try:
        described = read_json(root / CROISSANT)
    except BroadsheetError as problem:
        gather.take(problem.finding.at(CROISSANT))
        return
    said = described.get("conformsTo")
    versions = said if isinstance(said, list) else [said]
    if not any(isinstance(one, str) and CONFORMS.fullmatch(one) for one in versions):
        _wrong(gather, f"conformsTo is {said!r}; expected Croissant 1.1")
    if not isinstance(described.get("@context"), dict):
        _wrong(gather, "it has no @context, so no reader knows what its keys mean")
    if _local(described.get("@type")) != "Dataset":
        _wrong(gather, f"@type is {described.get('@type')!r}; expected sc:Dataset")
    if not described.get("license"):
        gather.add("license-missing", "it gives no licence", path=CROISSANT)
    if (title := card.get("pretty_name")) is not None and described.get("name") != title:
        _wrong(gather, f"name is {described.get('name')!r}, the card says {title!r}")
    held = _Distribution(root, described, gather)
    listed = {path.relative_to(root).as_posix() for table in tables.values() for path in table.files}
    for path in sorted(listed - set(held.files.values())):
        _wrong(gather, f"{path} is a file of the dataset that no entry of distribution names")
    sets = {_name(one): one for one in mappings(described.get("recordSet"))}
    for name in sorted(set(tables) - set(sets)):
        _wrong(gather, "it has no recordSet for this config", resource=name)
    for name, one in sets.items():
        if name in tables:
            _RecordSet(one, tables[name], held, sets, tables, gather).run(root)
        elif one.get("data") is None:
            _wrong(gather, f"the recordSet {name!r} is of no config", resource=name)


def _wrong(gather: Gather, message: str, **place: Any) -> None:
    gather.add("descriptor-differs", message, path=CROISSANT, **place)


def _local(name: object) -> str:
    """A name without its prefix or address: `sc:Dataset` is `Dataset`."""
    return re.split(r"[:/#]", name)[-1] if isinstance(name, str) else ""


def _name(one: Json) -> str:
    return str(one.get("name") or one.get("@id"))


def _id(value: object) -> str | None:
    found = value.get("@id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else None


class _Distribution:
    """The files that Croissant names, verified.

    Attributes:
        files: Path by id.
        sets: Paths by id of a set.
    """

    def __init__(self, root: Path, described: Json, gather: Gather) -> None:
        self.root = root
        self.gather = gather
        self.files: dict[str, str] = {}
        self.sets: dict[str, list[str]] = {}
        entries = mappings(described.get("distribution"))
        for one in entries:
            if _local(one.get("@type")) == "FileObject":
                self._file(one)
        for one in entries:
            if _local(one.get("@type")) == "FileSet":
                self._set(one)
            elif _local(one.get("@type")) != "FileObject":
                _wrong(gather, f"{_id(one)!r} in distribution is {one.get('@type')!r}, neither FileObject nor FileSet")

    def _file(self, one: Json) -> None:
        path, name = one.get("contentUrl"), str(_id(one))
        if paths.remote(path) or one.get("containedIn"):
            return  # the repository it lies in, as the Hub writes it; nothing is downloaded
        if why := paths.unsafe(self.root, path):
            self.gather.add("path-unsafe", f"{path!r}: {why}", path=CROISSANT)
            return
        if name in self.files or path in self.files.values():
            _wrong(self.gather, f"two entries of distribution are {name!r} or name {path!r}")
        self.files[name] = str(path)
        if not (self.root / str(path)).is_file():
            self.gather.add("table-missing", f"{path} is named in {CROISSANT} but not there", path=str(path))
            return
        size = SIZE.fullmatch(str(one.get("contentSize") or ""))
        known = one.get("sha256")
        if size is None or not isinstance(known, str):
            _wrong(self.gather, f"{path} has no contentSize in bytes, or no sha256")
        digest = ("sha256", known.lower()) if isinstance(known, str) else None
        self._compare(str(path), digest, int(size[1]) if size else None)
        if str(path).endswith(".parquet") and one.get("encodingFormat") not in PARQUET:
            _wrong(self.gather, f"{path} is Parquet, encodingFormat says {one.get('encodingFormat')!r}")
        if one.get("name") is not None and one.get("name") not in (path, Path(str(path)).name):
            _wrong(self.gather, f"{path} is called {one.get('name')!r}")

    def _compare(self, path: str, known: tuple[str, str] | None, size: int | None) -> None:
        """As `files.compare`, with the blame on Croissant: the file itself is verified by other lists."""
        file = self.root / path
        if size is not None and size != file.stat().st_size:
            message = f"{path} has {file.stat().st_size} bytes, contentSize says {size}"
            self.gather.add("bytes-mismatch", message, path=CROISSANT)
        if known is not None and known[1] != files.digest_once(file, known[0], self.gather):
            self.gather.add("hash-mismatch", f"{path} is not the file whose sha256 it gives", path=CROISSANT)

    def _set(self, one: Json) -> None:
        patterns = one.get("includes")
        patterns = patterns if isinstance(patterns, list) else [patterns]
        found = []
        for pattern in patterns:
            matched = [path for path in self.files.values() if fnmatchcase(path, str(pattern))]
            if not matched and not one.get("containedIn"):
                message = f"{_id(one)!r} includes {pattern!r}, which is no file of distribution"
                self.gather.add("table-missing", message, path=CROISSANT)
            found += matched
        self.sets[str(_id(one))] = found
        if one.get("encodingFormat") not in PARQUET and any(path.endswith(".parquet") for path in found):
            _wrong(self.gather, f"{_id(one)!r} holds Parquet, encodingFormat says {one.get('encodingFormat')!r}")

    def of(self, source: Json) -> list[str] | None:
        """The files a source names; None if it names none that is known."""
        one, many = _id(source.get("fileObject")), _id(source.get("fileSet"))
        if one is not None:
            return [self.files[one]] if one in self.files else None
        return self.sets.get(many) if many is not None else None


class _RecordSet:
    """One table as Croissant has it."""

    def __init__(  # noqa: PLR0917
        self,
        described: Json,
        table: TableFiles,
        held: _Distribution,
        sets: Mapping[str, Json],
        tables: Mapping[str, TableFiles],
        gather: Gather,
    ) -> None:
        self.described = described
        self.table = table
        self.held = held
        self.sets = sets
        self.tables = tables
        self.gather = gather

    def run(self, root: Path) -> None:
        """Columns, types, files, keys, rows."""
        fields = mappings(self.described.get("field"))
        columns = [self._column(one) for one in fields]
        real = self.table.columns
        for column in [one for one in columns if one not in real]:
            self._say("columns-differ", "a field of a column that is not in the file", column)
        for column in [one for one in real if one not in columns]:
            self._say("columns-differ", "the file has a column that no field describes", column)
        own = sorted(path.relative_to(root).as_posix() for path in self.table.files)
        for column, one in zip(columns, fields, strict=True):
            if column not in real:
                continue
            self._type(one, self.table.schema.field(column), column)
            for source in self._sources(one):
                if (found := self.held.of(source)) is None or sorted(found) != own:
                    self._say("descriptor-differs", "its source is not the files of the config", column)
            if isinstance(target := one.get("references"), dict):
                self._reference(target, column)
        self._keys(fields)
        for note in mappings(self.described.get("annotation")):
            rows = note.get("value")
            if _local(note.get("name")) == "rows" and rows != self.table.rows:
                self._say("rows-mismatch", f"{self.table.rows} rows, it says {rows!r}")

    def _say(self, code: str, message: str, field: str | None = None) -> None:
        self.gather.add(code, message, path=CROISSANT, resource=self.table.name, field=field)

    def _column(self, one: Json) -> str:
        found = [source.get("extract", {}).get("column") for source in self._sources(one)
                 if isinstance(source.get("extract"), dict)]  # fmt: skip
        name = one.get("name")
        if found and isinstance(name, str) and any(column != name for column in found):
            self._say("descriptor-differs", f"the field {name!r} is read from the column {found[0]!r}", name)
        return str(found[0] if found else name)

    def _sources(self, one: Json) -> Iterator[Json]:
        """Where a field, or its parts, are read from."""
        for entry in (one, *mappings(one.get("subField"))):
            if isinstance(source := entry.get("source"), dict):
                yield source

    def _type(self, one: Json, field: "pa.Field", column: str) -> None:
        """Whether a column is what a field says: type, array or not, members of its objects."""
        import pyarrow.types as kinds

        kind = field.type
        listed = bool(kinds.is_list(kind) or kinds.is_large_list(kind))
        if listed != (one.get("isArray") is True or one.get("repeated") is True):
            self._say("columns-differ", f"the file has {kind}, isArray says {one.get('isArray', False)}", column)
        inner = kind.value_type if listed else kind
        members = {str(part.get("name")): part for part in mappings(one.get("subField"))}
        if kinds.is_struct(inner):
            real = {inner.field(at).name: inner.field(at).type for at in range(inner.num_fields)}
            if set(real) != set(members):
                self._say("columns-differ", f"its subFields are {sorted(members)}, the file has {sorted(real)}", column)
            for name in sorted(set(real) & set(members)):
                self._same(members[name].get("dataType"), real[name], f"{column}.{name}")
        elif members:
            self._say("columns-differ", "it has subFields, the file has no objects there", column)
        else:
            self._same(one.get("dataType"), inner, column)

    def _same(self, said: object, kind: "pa.DataType", column: str) -> None:
        names = {_local(one) for one in (said if isinstance(said, list) else [said])}
        if names.isdisjoint(_names(kind)):
            self._say("columns-differ", f"dataType is {said!r}, the file has {kind}", column)

    def _keys(self, fields: list[dict[str, Any]]) -> None:
        from broadsheet.schema.load import core_tables

        known = {str(one.get("@id")): self._column(one) for one in fields}
        given = self.described.get("key")
        key = [_id(one) for one in (given if isinstance(given, list) else [given])] if given is not None else []
        for one in key:
            if one not in known:
                self._say("descriptor-differs", f"its key names {one!r}, which is no field of it")
        contract = core_tables().get(self.table.name)
        named = tuple(known.get(str(one), "") for one in key)
        if contract is not None and "sources" in self.tables and named != contract.primary_key:
            self._say("descriptor-differs", f"its key is {', '.join(named) or 'none'}, not that of the table")

    def _reference(self, target: Json, column: str) -> None:
        """A reference points to the column that the contract says, in the files of a table of this dataset."""
        from broadsheet.schema.load import core_tables

        if (field := _id(target.get("field"))) is not None:
            pointed = next(((name, self._plain(one)) for name, parent in self.sets.items()
                            for one in mappings(parent.get("field")) if one.get("@id") == field), None)  # fmt: skip
        else:
            found = self.held.of(target)
            extract = target.get("extract")
            wanted = str(extract.get("column")) if isinstance(extract, dict) else ""
            root = self.held.root
            pointed = next(((name, wanted) for name, table in self.tables.items() if found is not None
                            and sorted(found) == sorted(p.relative_to(root).as_posix() for p in table.files)
                            and wanted in table.columns), None)  # fmt: skip
        if pointed is None:
            self._say("descriptor-differs", "it references what is no column of this dataset", column)
            return
        contract = core_tables().get(self.table.name)
        keys = {} if contract is None else {
            own: (key.table, other) for key in contract.foreign_keys
            for own, other in zip(key.fields, key.reference, strict=True)
        }  # fmt: skip
        if column in keys and pointed != keys[column]:
            self._say("descriptor-differs", f"it references {'.'.join(pointed)}, not {'.'.join(keys[column])}", column)

    def _plain(self, one: Json) -> str:
        source = one.get("source")
        extract = source.get("extract") if isinstance(source, dict) else None
        return str(extract.get("column")) if isinstance(extract, dict) else str(one.get("name"))


def _names(kind: "pa.DataType") -> tuple[str, ...]:
    """What Croissant may call an Arrow type."""
    import pyarrow.types as kinds

    if kinds.is_boolean(kind):
        return ("Boolean",)
    if kinds.is_integer(kind):
        return INTEGERS
    if kinds.is_floating(kind) or kinds.is_decimal(kind):
        return FLOATS
    if kinds.is_timestamp(kind):
        return ("DateTime",)
    if kinds.is_date(kind):
        return ("Date",)
    if kinds.is_time(kind):
        return ("Time",)
    return ("Text", "URL")
