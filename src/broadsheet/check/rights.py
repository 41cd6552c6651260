"""Rules about rights: no package holds more text of a source than its `redistribution` allows."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from broadsheet.check.files import records
from broadsheet.check.report import Gather

if TYPE_CHECKING:
    import pyarrow as pa

EXCERPT: Final = 200  # code points of body that `excerpt` allows
FULL: Final = "full"


def rights(tables: "Mapping[str, pa.Table]", gather: Gather) -> None:
    """Body, summary, captions and rejected values of every source that may not be published in full."""
    if "sources" not in tables or "articles" not in tables:
        return
    limited = {
        row["source_id"]: EXCERPT if row["redistribution"] == "excerpt" else 0
        for row in records(tables["sources"], ("source_id", "redistribution"))
        if row["redistribution"] != FULL
    }
    if not limited:
        return
    articles = set()
    for row in records(tables["articles"], ("article_id", "source_id", "body", "summary")):
        limit = limited.get(row["source_id"])
        if limit is None:
            continue
        articles.add(row["article_id"])
        if len(row["body"] or "") > limit:
            _too_much(gather, "articles", "body", row["article_id"], f"{len(row['body'])} code points, {limit} allowed")
        if row["summary"] is not None:
            _too_much(gather, "articles", "summary", row["article_id"], "the summary is text of the source")
    for row in records(tables["media"]) if "media" in tables else ():
        if row["article_id"] in articles and row["caption"] is not None:
            key = f"{row['article_id']}/{row['position']}"
            _too_much(gather, "media", "caption", key, "the caption is text of the source")
    for row in records(tables["rejects"]) if "rejects" in tables else ():
        if row["source_id"] in limited and row["value"] is not None:
            _too_much(gather, "rejects", "value", row["reject_id"], "the value is text of the source")


def _too_much(gather: Gather, table: str, field: str, key: str, message: str) -> None:
    gather.add("rights-exceeded", message, resource=table, field=field, row_key=key)
