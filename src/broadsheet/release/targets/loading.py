"""Loading a published dataset from the Hub, as its users do: the first row of each configuration, streamed."""

import fnmatch
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from broadsheet.emitted.descriptors import CARD, configs, data_paths, read_card
from broadsheet.findings import Finding, finding
from broadsheet.release.targets.model import Wanted


def loaded(repository: str, revision: str, files: Sequence[Wanted], clear: Callable[[str], str]) -> Iterator[Finding]:
    """What of a published dataset cannot be loaded, or begins with another row than what was sent.

    Args:
        repository: `owner/name`.
        revision: Commit.
        files: What was sent; paths as in the repository.
        clear: Takes secrets out of a message.
    """
    from datasets import load_dataset

    sources = {file.path: file.source for file in files}
    for config in configs(read_card(sources[CARD].parent)):
        name = str(config["config_name"])
        first = fnmatch.filter(sorted(sources), str(next(iter(data_paths(config)))))[0]
        try:
            stream = load_dataset(repository, name, split="train", revision=revision, streaming=True)
            row = next(iter(stream), None)
        except Exception as reason:  # noqa: BLE001 - whatever stops that library stops its users
            message = f"load_dataset({repository!r}, {name!r}): {clear(str(reason) or type(reason).__name__)}"
            yield finding("table-unreadable", message, resource=name)
            continue
        if row != _first_row(sources[first]):
            message = f"load_dataset({repository!r}, {name!r}) begins with another row than was sent"
            yield finding("rows-mismatch", message, resource=name)


def _first_row(file: Path) -> dict[str, Any] | None:
    import pyarrow.parquet as pq

    with file.open("rb") as stream:
        for batch in pq.ParquetFile(stream).iter_batches(batch_size=1, use_threads=False):
            row: dict[str, Any] = batch.slice(0, 1).to_pylist()[0]
            return row
    return None
