"""Rules for a Hugging Face dataset: the card, the files it names, and every row.

What makes `load_dataset` fail or, worse, silently change data is looked for by name: a config whose file is missing, a
wrong `num_examples`, features that are not those of the Parquet file, pandas or datasets metadata inside it.
"""

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from broadsheet.check import files
from broadsheet.check.croissant import check_croissant
from broadsheet.check.datapackage import Contract, check_tables, row_groups
from broadsheet.check.report import CheckReport, Gather
from broadsheet.check.rules import same_type
from broadsheet.emitted import paths
from broadsheet.emitted.descriptors import CARD, CROISSANT, configs, data_paths, mappings, read_card
from broadsheet.emitted.tables import TableFiles
from broadsheet.engine.progress import Progress
from broadsheet.findings import BroadsheetError, Severity

Json = dict[str, Any]

SPLIT_WORDS: Final = {
    "test": "test", "testing": "test", "eval": "test", "evaluation": "test",
    "dev": "validation", "val": "validation", "valid": "validation", "validation": "validation",
}  # fmt: skip
"""What `datasets` takes words in a path for, if no split is given."""
SIZES: Final = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"),
                (10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"), (1_000_000_000, "100M<n<1B"))  # fmt: skip
SHARD: Final = re.compile(r"(.+)-([0-9]{5})-of-([0-9]{5})\.parquet")
GLOB: Final = re.compile(r"[*?\[]")
FILES: Final = 100_000


def check_huggingface(root: Path, contract: Contract | None = None, *, progress: Progress | None = None) -> CheckReport:
    """Check the dataset repository in a folder.

    Args:
        root: Holds the card.
        contract: Schemas by table; the core's if None, which a dataset carries no other than.
        progress: Told what is done.
    """
    gather = Gather()
    gather.ran("files", "descriptor-differs", "path-unsafe", "license-missing")
    try:
        card = read_card(root)
    except BroadsheetError as problem:
        gather.take(problem.finding.at(CARD, problem.finding.line))
        card = {}
    tables = verify_card(root, card, gather)
    _unnamed(root, tables, gather)
    _rows(tables, contract, gather, progress)
    if (root / CROISSANT).exists():
        check_croissant(root, card, tables, gather)
    elif (root / files.SUMS).is_file():
        gather.add("table-missing", f"{CROISSANT} is not there", path=CROISSANT)
    if (root / files.SUMS).is_file():  # datasets of others have none
        files.verify_sums(root, gather)
    return gather.report(f"huggingface {root.as_posix()}")


def size_category(articles: int) -> str:
    """The class of size the Hub knows for so many rows."""
    return next((name for limit, name in SIZES if articles < limit), "n>1B")


def verify_card(root: Path, card: Json, gather: Gather) -> dict[str, TableFiles]:
    """Whether the files of a dataset are what its card says; the tables that can be read."""
    found = _data_files(root, card, gather)
    tables = files.footers(found, gather)
    _card(card, tables, gather)
    if card:
        _informations(root, card, found, tables, gather)
    return tables


def _card(card: Json, tables: Mapping[str, TableFiles], gather: Gather) -> None:
    """What the card says of the whole."""
    if not card:
        return
    listed = configs(card)
    if not listed:
        gather.add("descriptor-differs", "the card has no configs, so every reader guesses", path=CARD)
    elif sum(config.get("default") is True for config in listed) != 1:
        gather.add("descriptor-differs", "one config must be the default", path=CARD)
    names = [str(config.get("config_name")) for config in listed]
    for name in sorted({name for name in names if names.count(name) > 1}):
        gather.add("descriptor-differs", f"two configs are called {name!r}", path=CARD, resource=name)
    if not card.get("license"):
        gather.add("license-missing", "the card gives no licence", path=CARD)
    sizes = card.get("size_categories")
    if isinstance(sizes, list) and len(sizes) == 1 and "articles" in tables:
        rows = tables["articles"].rows
        real = size_category(rows)
        if sizes[0] != real and not (sizes[0] == "n>1M" and rows >= 1_000_000):
            gather.add(
                "descriptor-differs", f"size_categories is {sizes[0]!r}, {rows} articles are {real!r}", path=CARD
            )


def _data_files(root: Path, card: Json, gather: Gather) -> dict[str, list[Path]]:
    """The files of each config in order, as far as they are there."""
    found: dict[str, list[Path]] = {}
    for config in configs(card):
        name = str(config.get("config_name"))
        listed: list[Path] = []
        for path in data_paths(config):
            _words(path, config, gather)
            listed += _resolved(root, path, name, gather)
        if listed:
            found[name] = listed
            _shards(root, name, listed, gather)
    return found


def _unnamed(root: Path, tables: Mapping[str, TableFiles], gather: Gather) -> None:
    """Parquet files beside those of the card: who loads a folder instead of a config reads them, too."""
    if not tables:
        return  # there is no card to name any
    named = {file for table in tables.values() for file in table.files}
    for file in sorted(root.glob("data/**/*.parquet"))[:FILES]:
        if file not in named:
            path = file.relative_to(root).as_posix()
            gather.add("descriptor-differs", "the card does not name it", path=path)


def _resolved(root: Path, path: object, name: str, gather: Gather) -> list[Path]:
    """The files that a path, or a pattern, of the card names."""
    if why := paths.unsafe(root, path):
        gather.add("path-unsafe", f"{path!r}: {why}", path=CARD, resource=name)
        return []
    shown = str(path)
    if GLOB.search(shown):
        every = sorted(file for file in root.rglob("*") if file.is_file())[:FILES]
        matched = [file for file in every if fnmatchcase(file.relative_to(root).as_posix(), shown)]
        matched = [file for file in matched if paths.unsafe(root, file.relative_to(root).as_posix()) is None]
    else:
        matched = [root / shown] if (root / shown).is_file() else []
    if not matched:
        gather.add("table-missing", f"{shown} is named in the card but not there", path=CARD, resource=name)
    return matched


def _words(path: object, config: Json, gather: Gather) -> None:
    """A word in a path that readers without the card take for a split of another name."""
    splits = {entry.get("split") for entry in mappings(config.get("data_files"))} or {"train"}
    for word in re.split(r"[^A-Za-z]+", str(path).lower()):
        if (read := SPLIT_WORDS.get(word)) and splits.isdisjoint({read, word}):
            message = f"the word {word!r} in {path} is read as the split {read!r} by those who guess"
            name = str(config.get("config_name"))
            gather.add("descriptor-differs", message, path=CARD, resource=name, severity=Severity.WARNING)


def _shards(root: Path, name: str, listed: list[Path], gather: Gather) -> None:
    """Files that say they are one of several: all of them must be there, and in the card."""
    for file in listed:
        parts = SHARD.fullmatch(file.name)
        if parts is None:
            continue
        total = int(parts[3])
        if int(parts[2]) >= total:
            gather.add("descriptor-differs", f"{file.name} is beyond its own count", path=CARD, resource=name)
        siblings = {f"{parts[1]}-{at:05d}-of-{parts[3]}.parquet" for at in range(min(total, FILES))}
        there = {other.name for other in listed if other.parent == file.parent}
        for missing in sorted(siblings - there):
            path = (file.parent / missing).relative_to(root).as_posix()
            lies = (file.parent / missing).is_file()
            code, why = (
                ("descriptor-differs", "lies there but not in the card") if lies else ("table-missing", "is missing")
            )
            gather.add(code, f"{path} {why}", path=CARD, resource=name)
        return  # one of them speaks for all


def _informations(
    root: Path, card: Json, found: Mapping[str, list[Path]], tables: Mapping[str, TableFiles], gather: Gather
) -> None:
    informations = {str(info.get("config_name")): info for info in mappings(card.get("dataset_info"))}
    named = {str(config.get("config_name")): config for config in configs(card)}
    for name in sorted(set(informations) - set(named)):
        message = "the card describes a config that it does not have"
        gather.add("descriptor-differs", message, path=CARD, resource=name)
    for name, table in tables.items():
        info = informations.get(name)
        if info is None:
            gather.add("descriptor-differs", "the card has no dataset_info for this config", path=CARD, resource=name)
        else:
            _sizes(info, named[name], found[name], table, gather)
            _features(info, table, gather)
        _file(table, gather)


def _file(table: TableFiles, gather: Gather) -> None:
    """What in the Parquet files makes readers stumble."""
    for key in (b"pandas", b"huggingface"):
        if key in (table.schema.metadata or {}):
            message = f"the Parquet file carries {key.decode()} metadata"
            gather.add("descriptor-differs", message, resource=table.name)
    if not table.rows:
        message = "the config has no rows, and cannot be loaded: leave it out of the card"
        gather.add("descriptor-differs", message, path=CARD, resource=table.name)
    row_groups(table, gather)


def _sizes(info: Json, config: Json, listed: list[Path], table: TableFiles, gather: Gather) -> None:
    """Splits, rows and bytes of one config."""
    name = table.name
    told = {str(split.get("name")): split for split in mappings(info.get("splits"))}
    splits = {str(entry.get("split")) for entry in mappings(config.get("data_files")) if entry.get("split")}
    for split in sorted(set(told) ^ (splits or {"train"})):
        which = "dataset_info" if split in told else "data_files"
        message = f"the split {split!r} stands in {which} only"
        gather.add("descriptor-differs", message, path=CARD, resource=name)
    examples: list[Any] = [split.get("num_examples") for split in told.values()]
    if not all(isinstance(number, int) for number in examples) or sum(examples) != table.rows:
        gather.add("rows-mismatch", f"{table.rows} rows, the card says {examples}", path=CARD, resource=name)
    size = sum(file.stat().st_size for file in listed)
    if "download_size" in info and info["download_size"] != size:
        message = f"download_size is {info['download_size']}, the files have {size} bytes"
        gather.add("bytes-mismatch", message, path=CARD, resource=name)
    numbers: list[Any] = [split.get("num_bytes") for split in told.values()]
    if "dataset_size" in info and (
        not all(isinstance(number, int) for number in numbers) or sum(numbers) != info["dataset_size"]
    ):
        message = f"dataset_size is {info['dataset_size']}, num_bytes of the splits are {numbers}"
        gather.add("bytes-mismatch", message, path=CARD, resource=name)


def _features(info: Json, table: TableFiles, gather: Gather) -> None:
    """Columns of the card and columns of the files, by name, type and order."""
    from datasets import Features

    name = table.name
    try:
        declared = Features._from_yaml_list(info.get("features") or []).arrow_schema
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as reason:
        message = f"its features cannot be read: {str(reason)[:120]}"
        gather.add("descriptor-differs", message, path=CARD, resource=name)
        return
    real = table.schema
    for column in [column for column in declared.names if column not in real.names]:
        message = "the card declares a column that is not in the file: it would be all null"
        gather.add("columns-differ", message, path=CARD, resource=name, field=column)
    for column in [column for column in real.names if column not in declared.names]:
        message = "the file has a column that the card does not declare"
        gather.add("columns-differ", message, path=CARD, resource=name, field=column)
    for field in declared:
        at = real.get_field_index(field.name)
        if at >= 0 and not same_type(field.type, real.field(at).type):
            message = f"the card says {field.type}, the file {real.field(at).type}"
            gather.add("columns-differ", message, path=CARD, resource=name, field=field.name)
    if sorted(declared.names) == sorted(real.names) and declared.names != real.names:
        gather.add("columns-differ", "the columns of the card are in another order", path=CARD, resource=name)


def _rows(tables: Mapping[str, TableFiles], given: Contract | None, gather: Gather, progress: Progress | None) -> None:
    """The rows by the contract; a table that is absent was empty when the package was made."""
    from broadsheet.schema.arrow import arrow_schema
    from broadsheet.schema.load import core_tables

    contract = given or core_tables()
    if "sources" not in tables:
        message = "no config `sources`: rows were not checked against Broadsheet's tables"
        gather.add("check-limited", message, path=CARD)
        return
    empty = {
        name: TableFiles(name, (), arrow_schema(table), 0) for name, table in contract.items() if name not in tables
    }
    ours = {name: tables[name] for name in contract if name in tables}
    check_tables(contract, {**ours, **empty}, gather, progress)
