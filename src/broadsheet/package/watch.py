"""What is counted of the rows while they are written: cells like formulas, and empty texts that CSV cannot tell."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from broadsheet.check.rules import FORMULA, HARMLESS
from broadsheet.findings import Finding, Severity, finding
from broadsheet.schema.model import Table

if TYPE_CHECKING:
    import pyarrow as pa

SAMPLE: Final = 80  # code points

Place = tuple[str, str]


class Watch:
    """Counts by table and column; text is never altered."""

    def __init__(self, contract: Mapping[str, Table]) -> None:
        self._contract = contract
        self._formulas: Counter[Place] = Counter()
        self._samples: dict[Place, str] = {}
        self._empty: Counter[Place] = Counter()

    def seen(self, name: str, batches: "Iterable[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
        """The rows of a table, looked at as they pass. Columns with a list or a pattern of values hold no formula."""
        texts = [field for field in self._contract[name].fields if field.type == "string"]
        free = [f.name for f in texts if f.constraints.pattern is None and f.constraints.enum is None]
        nullable = [field.name for field in texts if field.nullable]
        for batch in batches:
            for column in free:
                self._look((name, column), batch.column(column))
            for column in nullable:
                self._count((name, column), batch.column(column))
            yield batch

    def _look(self, place: Place, column: "pa.Array[Any]") -> None:
        import pyarrow.compute as pc

        found: Any = column.filter(pc.match_substring_regex(column, FORMULA))
        if len(found):
            found = found.filter(pc.invert(pc.match_substring_regex(found, HARMLESS)))
        if len(found):
            self._formulas[place] += len(found)
            self._samples.setdefault(place, found[0].as_py()[:SAMPLE])

    def _count(self, place: Place, column: "pa.Array[Any]") -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        empty = pc.sum(pc.equal(column, pa.scalar(""))).as_py()
        if empty:
            self._empty[place] += empty

    def findings(self) -> Iterator[Finding]:
        """One note for each column that has some."""
        for (table, column), count in sorted(self._formulas.items()):
            message = f"{count} cells start with =, +, -, @, a tab or a carriage return"
            sample = self._samples[table, column]
            yield finding("formula-like", message, resource=table, field=column, count=count, sample=sample)
        for (table, column), count in sorted(self._empty.items()):
            message = f"{count} empty texts are null in the CSV form"
            yield finding("constraint", message, severity=Severity.NOTE, resource=table, field=column, count=count)
