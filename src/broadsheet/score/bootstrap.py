"""How far a figure may be off because of which documents were annotated: intervals by resampling documents.

Documents are drawn, not mentions or events: what stands in one article is not independent. Nothing is scored again; the
counts of a document weigh as often as it was drawn. The draws depend on the documents alone, so equal builds and equal
annotation give equal intervals.
"""

import hashlib
import random
from collections.abc import Sequence
from typing import Final

import numpy as np

from broadsheet.score.measures import Column, Columns, Weights

RESAMPLES: Final = 1000
FEWEST: Final = 3
PERCENTILES: Final = (2.5, 97.5)
ENOUGH: Final = 0.9
"""Of the resamples, how many must have something to measure. What only one or two documents have falls below."""

Interval = tuple[float, float]


def resampled(hashes: Sequence[str]) -> Weights:
    """All documents once, then the resamples, each of as many documents as there are; none of fewer than three.

    Args:
        hashes: Of the documents. Their order and their names do not change what is drawn.
    """
    count = len(hashes)
    if count < FEWEST:
        return np.ones((1, count), np.int64)
    order = sorted(range(count), key=lambda at: hashes[at])
    seed = hashlib.sha256("\n".join(sorted(hashes)).encode()).digest()
    draw = random.Random(seed).random  # its sequence is the same in all versions of Python
    weights = np.zeros((RESAMPLES + 1, count), np.int64)
    weights[0] = 1
    for row in weights[1:]:
        for _ in range(count):
            row[order[int(draw() * count)]] += 1
    return weights


def intervals(columns: Columns) -> dict[str, Interval | None]:
    """The 95 % percentile interval of every share; None for counts, and where too few resamples have the figure."""
    return {name: _interval(column) for name, column in columns.items()}


def _interval(column: Column) -> Interval | None:
    if column.dtype.kind == "i" or np.isnan(column[0]):
        return None
    known = column[1:][~np.isnan(column[1:])]
    if not len(known) or len(known) < ENOUGH * (len(column) - 1):
        return None
    low, high = np.percentile(known, PERCENTILES)
    return round(float(low), 4), round(float(high), 4)
