"""To pandera: the schema of a table held in pandas with Arrow's types.

`Table.to_pandas(types_mapper=pandas.ArrowDtype)` gives such a frame. With Arrow's types a nullable integer stays an
integer and an instant keeps its zone; the checks avoid pandera's own where those mean something else (a prefix match,
an exact length, nulls that are not unique).
"""

import os
from typing import TYPE_CHECKING, Any, Final

from broadsheet.schema.arrow import arrow_type
from broadsheet.schema.checks import ColumnCheck, column_checks
from broadsheet.schema.model import Table

if TYPE_CHECKING:
    import pandera.pandas as pandera_types

_SET_BY_IMPORT: Final = ("PYARROW_IGNORE_TIMEZONE", "SPARK_LOCAL_IP")


def import_pandera() -> Any:
    """`pandera.pandas`, without the environment variables its import sets.

    One of them makes Arrow drop the zone of every instant it is given from then on, in this process and its children.
    """
    before = {name: os.environ.get(name) for name in _SET_BY_IMPORT}
    import pandera.pandas as pandera

    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
    return pandera


def pandera_schema(table: Table) -> "pandera_types.DataFrameSchema":
    """The pandera schema: exactly the columns in order, their Arrow types, nullability and constraints.

    Keys and references are not in it; see `broadsheet.schema.duckdb`. Validate with `lazy=True`.
    """
    import pandas as pd

    pandera = import_pandera()
    columns = {
        field.name: pandera.Column(
            pd.ArrowDtype(arrow_type(field)),
            checks=[_check(check) for check in column_checks(field)],
            nullable=field.nullable,
            title=field.title,
            description=field.description,
        )
        for field in table.fields
    }
    schema: pandera_types.DataFrameSchema = pandera.DataFrameSchema(
        columns, strict=True, ordered=True, name=table.name, title=table.title, description=table.description
    )
    return schema


def _check(check: ColumnCheck) -> Any:
    import pandas as pd
    import pyarrow.compute as pc

    def good(series: "pd.Series[Any]") -> "pd.Series[bool]":
        mask = pc.fill_null(check.good(series.array.__arrow_array__()), True)
        return pd.Series(mask.to_numpy(), index=series.index, dtype=bool)

    # Nulls are the check's own business: left to pandera they would be dropped and the index with them.
    return import_pandera().Check(good, name=check.name, error=check.name, ignore_na=False)
