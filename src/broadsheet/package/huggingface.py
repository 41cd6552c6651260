"""The Hugging Face dataset: one config per table, plain Parquet in shards, the card and the Croissant description.

Empty tables are left out, because `datasets` cannot load them; the card names them. Shards are made of the row groups
of the published file, so that they hold the same rows in the same order, whatever the size of a shard.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from broadsheet.emitted.tables import TableFiles
from broadsheet.engine.disk import arrow_file
from broadsheet.package import card, citation, croissant, describe
from broadsheet.package.card import Config
from broadsheet.package.describe import Content
from broadsheet.package.write import Folder, Written

SHARD: Final = "data/{table}/train-{number:05}-of-{count:05}.parquet"  # `datasets` reads a split's name from the file's
SHARD_BYTES: Final = 256 * 1024 * 1024
"""Of Arrow; a shard is closed with the row group that reaches it."""
DEFAULT: Final = "articles"


def write_huggingface(folder: Folder, content: Content) -> None:
    """Write the dataset repository."""
    configs = [_config(folder, content, name) for name in _ordered(content.tables) if content.rows(name)]
    folder.text("README.md", card.card(content, configs))
    folder.text(croissant.FILE, croissant.croissant(content, configs))
    folder.text("CITATION.cff", citation.citation_file(content))
    folder.text("LICENSE", describe.license_text(content))
    folder.sums()


def _ordered(tables: Iterable[str]) -> list[str]:
    return sorted(tables, key=lambda name: name != DEFAULT)  # stable: the rest stays in the contract's order


def _config(folder: Folder, content: Content, name: str) -> Config:
    from broadsheet.schema.features import features

    files = tuple(_shards(folder, content.tables[name]))
    size = sum(sum(batch_bytes(folder.root / file.path)) for file in files)
    listed = features(content.project.tables[name])._to_yaml_list()
    return Config(name, files, content.rows(name), size, listed)


def _shards(folder: Folder, table: TableFiles) -> Iterator[Written]:
    """The shards of a table; `table` lies in one file."""
    (published,) = table.files
    plan = list(_plan(batch_bytes(published, by_group=True)))
    for number, groups in enumerate(plan):
        path = SHARD.format(table=table.name, number=number, count=len(plan))
        yield folder.copy(path, published) if len(plan) == 1 else folder.row_groups(path, published, groups)


def _plan(sizes: Iterable[int]) -> Iterator[list[int]]:
    """Numbers of the row groups of each shard."""
    held: list[int] = []
    total = 0
    for number, size in enumerate(sizes):
        held.append(number)
        total += size
        if total >= SHARD_BYTES:
            yield held
            held, total = [], 0
    if held:
        yield held


def batch_bytes(file: Path, *, by_group: bool = False) -> Iterator[int]:
    """Bytes in memory of each batch of a file, read as `datasets` reads it, or of each row group."""
    import pyarrow as pa
    import pyarrow.dataset as ds

    with arrow_file(file) as stream:
        whole = ds.ParquetFileFormat().make_fragment(stream)
        groups = range(whole.num_row_groups)
        for fragment in (whole.subset(row_group_ids=[number]) for number in groups) if by_group else (whole,):
            for batch in fragment.to_batches(batch_size=fragment.row_groups[0].num_rows, batch_readahead=0):
                yield int(pa.Table.from_batches([batch]).combine_chunks().nbytes)
