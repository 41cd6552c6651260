"""Rules for an emitted Hugging Face dataset: the card, the files it names, and every row.

What makes `load_dataset` fail or, worse, silently change data is looked for by name: a config whose file is missing, a
wrong `num_examples`, features that are not those of the Parquet file, pandas or datasets metadata inside it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from broadsheet.check import files
from broadsheet.check.datapackage import check_tables
from broadsheet.check.report import CheckReport, Gather
from broadsheet.check.rules import same_type
from broadsheet.findings import Severity, error

if TYPE_CHECKING:
    import pyarrow as pa

CARD: Final = "README.md"
FENCE: Final = "---\n"

Json = dict[str, Any]


def check_huggingface(root: Path) -> CheckReport:
    """Check the dataset repository in a folder.

    Raises:
        BroadsheetError: `package-invalid` if the card has no front matter that can be read.
    """
    card = read_card(root)
    gather = Gather()
    information = {info.get("config_name"): info for info in _mappings(card.get("dataset_info"))}
    found: dict[str, Path] = {}
    listed = configs(card)
    for config in listed:
        name = str(config.get("config_name"))
        for path in data_paths(config):
            if why := files.unsafe(root, path):
                gather.add("path-unsafe", f"{path!r}: {why}", path=CARD, resource=name)
            elif not (root / str(path)).is_file():
                gather.add("table-missing", f"{path} is named in the card but not there", path=CARD, resource=name)
            else:
                found[name] = root / str(path)
    if sum(config.get("default") is True for config in listed) != 1:
        gather.add("descriptor-differs", "one config must be the default", path=CARD)
    tables = files.read_tables(found, gather)
    for name, table in tables.items():
        _information(name, table, information.get(name), gather)
    _rows(tables, gather)
    if (root / files.SUMS).is_file():  # datasets of others have none
        files.verify_sums(root, gather)
    return gather.report(f"huggingface {root.as_posix()}")


def read_card(root: Path) -> Json:
    """The front matter of the card.

    Raises:
        BroadsheetError: `package-invalid` or a YAML error.
    """
    from broadsheet.schema.strict_yaml import parse_yaml

    file = root / CARD
    text = file.read_text("utf-8", "replace") if file.is_file() and not file.is_symlink() else ""
    end = text.find(f"\n{FENCE}", len(FENCE) - 1)
    if not text.startswith(FENCE) or end < 0:
        raise error("package-invalid", "the card has no YAML front matter", path=file.as_posix())
    value = parse_yaml(text[len(FENCE) : end + 1], CARD).value
    if not isinstance(value, dict):
        raise error("package-invalid", "the front matter of the card is not a mapping", path=file.as_posix())
    return value


def _mappings(value: object) -> list[Json]:
    return [entry for entry in (value if isinstance(value, list) else [value]) if isinstance(entry, dict)]


def configs(card: Json) -> list[Json]:
    """The configs of a card."""
    return _mappings(card.get("configs"))


def data_paths(config: Json) -> Iterator[object]:
    """The paths a config names, of whatever type a stranger wrote there."""
    data = config.get("data_files")
    for entry in data if isinstance(data, list) else [data]:
        path = entry.get("path") if isinstance(entry, dict) else entry
        yield from path if isinstance(path, list) else [path]


def _information(name: str, table: "pa.Table", info: Json | None, gather: Gather) -> None:
    from datasets import Features

    for key in (b"pandas", b"huggingface"):
        if key in (table.schema.metadata or {}):
            gather.add("descriptor-differs", f"the Parquet file carries {key.decode()} metadata", resource=name)
    if info is None:
        gather.add("descriptor-differs", "the card has no dataset_info for this config", path=CARD, resource=name)
        return
    examples = [split.get("num_examples") for split in _mappings(info.get("splits"))]
    if examples != [table.num_rows]:
        gather.add("rows-mismatch", f"{table.num_rows} rows, the card says {examples}", path=CARD, resource=name)
    try:
        declared = Features._from_yaml_list(info.get("features") or []).arrow_schema
    except (ValueError, TypeError, KeyError, AttributeError) as reason:
        gather.add("descriptor-differs", f"its features cannot be read: {reason!r}", path=CARD, resource=name)
        return
    same = declared.names == table.schema.names and all(
        same_type(field.type, table.schema.field(field.name).type) for field in declared
    )
    if not same:
        gather.add("columns-differ", "features of the card are not the columns of the file", path=CARD, resource=name)


def _rows(tables: "dict[str, pa.Table]", gather: Gather) -> None:
    """The rows by the core contract; a table that is absent was empty when the package was made."""
    from broadsheet.schema.arrow import arrow_schema
    from broadsheet.schema.load import core_tables

    contract = core_tables()
    ours = set(contract) & set(tables)
    if "sources" not in ours:
        message = "no config `sources`: rows were not checked against Broadsheet's tables"
        gather.add("table-missing", message, severity=Severity.NOTE, path=CARD)
        return
    empty = {name: arrow_schema(table).empty_table() for name, table in contract.items() if name not in tables}
    check_tables(contract, {**{name: tables[name] for name in contract if name in ours}, **empty}, gather)
