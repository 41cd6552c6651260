"""The Hugging Face dataset: one config per table, plain Parquet, and the card.

Empty tables are left out, because `datasets` cannot load them; the card names them.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from broadsheet.engine.disk import arrow_file
from broadsheet.package import card, describe
from broadsheet.package.card import Config
from broadsheet.package.describe import Content
from broadsheet.package.write import ROW_GROUP, Folder

if TYPE_CHECKING:
    import pyarrow as pa

SHARD: Final = "data/{table}/train-00000-of-00001.parquet"  # `datasets` reads a split's name from the file's
DEFAULT: Final = "articles"


def write_huggingface(folder: Folder, content: Content) -> None:
    """Write the dataset repository."""
    configs = [_config(folder, content, name) for name in _ordered(content.tables) if content.tables[name].num_rows]
    folder.text("README.md", card.card(content, configs))
    folder.text("LICENSE", describe.license_text(content))
    folder.sums()


def _ordered(tables: "Mapping[str, pa.Table]") -> list[str]:
    return sorted(tables, key=lambda name: name != DEFAULT)  # stable: the rest stays in the contract's order


def _config(folder: Folder, content: Content, name: str) -> Config:
    from broadsheet.schema.features import features

    table = content.tables[name]
    file = folder.parquet(SHARD.format(table=name), table)
    listed = features(content.project.tables[name])._to_yaml_list()
    return Config(name, file, table.num_rows, arrow_bytes(folder.root / file.path), listed)


def arrow_bytes(file: Path) -> int:
    """Bytes of a Parquet file's rows in memory, counted as `datasets` counts them: batch by batch, as they are read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with arrow_file(file) as stream:
        batches = pq.ParquetFile(stream).iter_batches(batch_size=ROW_GROUP)
        return sum(pa.Table.from_batches([batch]).nbytes for batch in batches)
