"""To Hugging Face: the features of a table, from its Arrow schema, so that both agree by construction."""

from typing import TYPE_CHECKING

from broadsheet.schema.arrow import arrow_schema
from broadsheet.schema.model import Table

if TYPE_CHECKING:
    import datasets


def features(table: Table) -> "datasets.Features":
    """The features `load_dataset` gives for the table's Parquet files."""
    import datasets

    return datasets.Features.from_arrow_schema(arrow_schema(table))
