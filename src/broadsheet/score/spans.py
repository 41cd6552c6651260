"""Whether the spans of the articles that were scored give their text when the bytes of their files are read again."""

from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final

from broadsheet.check.slices import verdict
from broadsheet.collect import Sources
from broadsheet.project import Project
from broadsheet.score.measures import Columns, Counts, Key, share
from broadsheet.score.predictions import Predicted

SPANS: Final = "spans that re-slice"

Piece = tuple[str, int, int]


def score_spans(project: Project, files: Sequence[Sequence[Predicted]]) -> list[Counter[Key]]:
    """Counts of each file.

    Args:
        project: Whose collections say where files lie.
        files: The articles of each.
    """
    counts: list[Counter[Key]] = [Counter() for _ in files]
    where = {(a.source["collection"], a.source["path"]): at for at, articles in enumerate(files) for a in articles}
    for key, data in Sources(project).each(where):
        articles = files[where[key]]
        source = articles[0].source
        same = data is not None and sha256(data).hexdigest() == source["sha256"]
        for text, start, end in (piece for article in articles for piece in _pieces(article)):
            outcome = verdict(data, source["encoding"], start, end, text)[0] if data and same else "not checked"
            counts[where[key]][SPANS, outcome] += 1
    return counts


def span_columns(counts: Counts) -> Columns:
    """Share of the spans whose file is there that give their text."""
    exact, decoded, mismatch = (counts[SPANS, outcome] for outcome in ("exact", "decoded", "mismatch"))
    return {
        "share": share(exact + decoded, exact + decoded + mismatch),
        "exact": exact,
        "decoded": decoded,
        "mismatch": mismatch,
        "not checked": counts[SPANS, "not checked"],
    }


def _pieces(article: Predicted) -> Iterator[Piece]:
    """Texts of segments, mentions and reports, with the bytes they are said to stand in."""
    texts = {"title": article.row["title"] or "", "body": article.row["body"] or ""}
    for segment in article.row["segments"] or ():
        start, at = segment["source_start"], segment["text_start"]
        text = texts[segment["field"]][at : at + segment["text_length"]]
        yield text, start, start + segment["source_length"]
    for row in (*article.mentions, *article.reports):
        yield texts[row["field"]][row["start"] : row["end"]], row["source_start"], row["source_end"]
