"""The tables of a finished build, known to be what its report says, before anything is made of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from broadsheet.emitted.descriptors import REPORT, Recorded, read_report
from broadsheet.emitted.tables import TableFiles, read_footers
from broadsheet.engine.disk import sha256
from broadsheet.findings import BroadsheetError, error
from broadsheet.schema.model import Table

if TYPE_CHECKING:
    import pyarrow as pa


def built_tables(build_dir: Path, contract: Mapping[str, Table]) -> dict[str, TableFiles]:
    """All tables of a build; hashes, sizes, row counts and columns verified, no row decoded.

    Raises:
        BroadsheetError: `build-missing`, `build-incomplete`, or what is wrong with a table.
    """
    recorded = read_report(build_dir)
    return {name: _table(build_dir, name, table, recorded.get(name)) for name, table in contract.items()}


def _table(build_dir: Path, name: str, table: Table, recorded: Recorded | None) -> TableFiles:
    import pyarrow as pa

    from broadsheet.schema.arrow import arrow_schema

    file = build_dir / f"{name}.parquet"

    def wrong(code: str, message: str) -> BroadsheetError:
        return error(code, message, path=file.as_posix(), resource=name)

    if recorded is None:
        raise wrong("build-incomplete", f"{REPORT} records no table {name}")
    if file.is_symlink():
        raise wrong("path-unsafe", "a table must be a file, not a link")
    if not file.is_file():
        raise wrong("build-incomplete", f"{file.name} is recorded but not there")
    digest, size = sha256(file)
    if size != recorded.bytes:
        raise wrong("bytes-mismatch", f"{file.name} has {size} bytes, recorded are {recorded.bytes}")
    if digest != recorded.sha256:
        raise wrong("hash-mismatch", f"{file.name} has sha256 {digest[:12]}…, recorded is another")
    try:
        found = read_footers(name, [file])
    except (pa.ArrowException, OSError, ValueError) as reason:
        raise wrong("table-unreadable", f"{file.name}: {str(reason).splitlines()[0][:120]}") from reason
    if found.rows != recorded.rows:
        raise wrong("rows-mismatch", f"{found.rows} rows, recorded are {recorded.rows}")
    if differs := _difference(arrow_schema(table), found.schema):
        raise wrong("columns-differ", f"{differs}; the build was made with other schemas")
    return found


def _difference(expected: "pa.Schema", found: "pa.Schema") -> str | None:
    """The first way in which columns are not those of the contract."""
    for kind, names in (("lacks", [n for n in expected.names if n not in found.names]),
                        ("has", [n for n in found.names if n not in expected.names])):  # fmt: skip
        if names:
            return f"the table {kind} the column {names[0]}"
    if expected.names != found.names:
        return "the columns stand in another order"
    for field in expected:
        if field.type != found.field(field.name).type:
            return f"the column {field.name} is of type {found.field(field.name).type}, not {field.type}"
    return None
