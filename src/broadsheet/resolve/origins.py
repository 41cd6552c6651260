"""Where a row that breaks a rule comes from: its bytes, its article, its source."""

from collections.abc import Mapping
from typing import Any

from broadsheet.resolve.held import Held

Row = dict[str, Any]


def place(column: str, row: Row) -> tuple[int | None, int | None]:
    """The bytes a cell was made from, as near as the row tells: its own of title and body, else those of the row."""
    pieces = [piece for piece in row.get("segments") or () if piece["field"] == column]
    if pieces:
        last = pieces[-1]
        return pieces[0]["source_start"], last["source_start"] + last["source_length"]
    return row.get("source_start"), row.get("source_end")


class Origins:
    """Which source and article a row of any table comes from."""

    def __init__(self, tables: Mapping[str, Held]) -> None:
        self.sources = _pairs(tables["articles"], "article_id", "source_id")
        self.entities = _pairs(tables["mentions"], "entity_id", "article_id")
        self.events = _pairs(tables["event_reports"], "event_id", "article_id")
        self.first: str | None = min((row["source_id"] for row in tables["sources"].rows(["source_id"])), default=None)

    def of(self, table: str, row: Row) -> tuple[str | None, str | None]:
        """Source and article. What no article tells (a place of an authority) goes to the first source."""
        article = row.get("article_id")
        if article is None and table in ("events", "event_participants"):
            article = self.events.get(row["event_id"])
        if article is None and table == "entities":
            article = self.entities.get(row["entity_id"])
        source = row.get("source_id") or self.sources.get(article or "") or self.first
        return source, article if article in self.sources else None


def _pairs(held: Held, key: str, value: str) -> dict[str, str]:
    """The first value of every key."""
    found: dict[str, str] = {}
    for batch in held.batches([key, value]):
        for a, b in zip(batch.column(key).to_pylist(), batch.column(value).to_pylist(), strict=True):
            found.setdefault(a, b)
    return found
