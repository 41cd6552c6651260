"""The tables of a finished build, known to be what its report says, before anything is made of them."""

from collections.abc import Mapping
from pathlib import Path

from broadsheet.check import rules
from broadsheet.check.build import read_build
from broadsheet.check.report import Gather
from broadsheet.emitted.tables import TableFiles
from broadsheet.findings import error
from broadsheet.schema.model import Table


def built_tables(build_dir: Path, contract: Mapping[str, Table]) -> dict[str, TableFiles]:
    """All tables of a build; hashes, sizes, row counts and columns verified, no row decoded.

    Raises:
        BroadsheetError: `build-missing`, `build-incomplete`, or the first thing that is wrong with a table.
    """
    gather = Gather()
    tables = read_build(build_dir, contract, gather)
    rules.columns(contract, tables, gather)
    for found in gather.report("build").findings:
        file = build_dir / (found.path or f"{found.resource}.parquet")
        code = "build-incomplete" if found.code == "table-missing" else found.code
        raise error(code, found.message, path=file.as_posix(), resource=found.resource, field=found.field)
    return tables
