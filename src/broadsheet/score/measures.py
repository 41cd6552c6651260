"""Measures used in every score: precision and recall, B³, pairs of documents, best assignment.

A figure is computed for all documents and for every resample of them at once: a column holds one number per resample,
and the first of it is that of the documents themselves.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Figures = dict[str, float | int | None]
Key = tuple[str, str]
"""What is counted: the group of figures, and the name of the count."""
Weights = NDArray[np.int64]
"""How often each resample (row) drew each document (column); the first row is all documents once."""
Column = NDArray[Any]
"""Whole numbers are counts, real numbers shares; NaN where there was nothing to measure."""
Columns = dict[str, Column]

SLICES: Final = 16
"""Parts in which resamples are looked at together, as a bound on memory."""
ONCE: Final[Weights] = np.ones((1, 1), np.int64)


@dataclass(slots=True)
class Tally:
    """Counts behind precision and recall.

    Attributes:
        found: Predictions that are right.
        extra: Predictions that are not.
        missed: What should have been found.
    """

    found: int = 0
    extra: int = 0
    missed: int = 0

    def counted(self, group: str) -> Counter[Key]:
        """The counts under the name of a group."""
        return Counter({(group, "found"): self.found, (group, "extra"): self.extra, (group, "missed"): self.missed})

    def figures(self) -> Figures:
        """Precision, recall and F1, with the counts."""
        return values(precision_recall(Counts([self.counted("")], ONCE), ""))


class Counts:
    """Counts of every document, added up for each resample.

    Args:
        documents: What was counted in each.
        weights: Resamples of them.
    """

    def __init__(self, documents: Sequence[Mapping[Key, int]], weights: Weights) -> None:
        self._documents = documents
        self._weights = weights

    def __getitem__(self, key: Key) -> Column:
        """One count."""
        total: Column = self._weights @ np.array([document.get(key, 0) for document in self._documents], np.int64)
        return total

    def groups(self, start: str) -> list[str]:
        """Groups whose name begins like this, in order."""
        return sorted({group for document in self._documents for group, _ in document if group.startswith(start)})


def share(part: Column, whole: Column) -> Column:
    """A share of something; NaN of nothing."""
    shares: Column = np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
    return shares


def harmonic(precision: Column, recall: Column) -> Column:
    """F1 of precision and recall that count different things; NaN where one of them is."""
    return np.where(precision + recall == 0, 0.0, share(2 * precision * recall, precision + recall))


def precision_recall(counts: Counts, group: str) -> Columns:
    """Precision, recall and F1 of a group, with its counts."""
    found, extra, missed = (counts[group, name] for name in ("found", "extra", "missed"))
    return {
        "precision": share(found, found + extra),
        "recall": share(found, found + missed),
        "f1": share(2 * found, 2 * found + extra + missed),
        "found": found,
        "extra": extra,
        "missed": missed,
    }


def values(columns: Columns) -> Figures:
    """The figures of the documents themselves: shares to four places, counts whole; None for NaN."""
    return {name: _value(column) for name, column in columns.items()}


def _value(column: Column) -> float | int | None:
    if column.dtype.kind == "i":
        return int(column[0])
    return None if np.isnan(column[0]) else round(float(column[0]), 4)


def b_cubed(documents: Sequence[Mapping[tuple[Any, Any], int]], weights: Weights) -> Columns:
    """B³ of (true, predicted) clusters, counted per mention (Bagga and Baldwin 1998).

    Args:
        documents: How many mentions each has of every pair of clusters.
        weights: Resamples of them; a document drawn twice counts as two that tell of the same entities.
    """
    pairs = sorted({pair for document in documents for pair in document}, key=repr)
    # Whole numbers, but as floats: products of those are quick, and exact up to 2^53.
    table = np.zeros((len(documents), len(pairs)))
    place = {pair: at for at, pair in enumerate(pairs)}
    for row, document in zip(table, documents, strict=True):
        row[[place[pair] for pair in document]] = list(document.values())
    sums = []
    for part in np.array_split(weights, SLICES):
        both = table.T @ part.T
        sums.append([*(_shared(both, pairs, side) for side in (1, 0)), both.sum(axis=0)])
    return _b_cubed(*(np.concatenate([each[at] for each in sums]) for at in range(3)))


def b_cubed_within(documents: Sequence[Mapping[tuple[Any, Any], int]], weights: Weights) -> Columns:
    """The same where no cluster reaches over two documents: sums of documents may be added up."""
    sums = []
    for document in documents:
        pairs, both = list(document), np.array(list(document.values()), np.float64).reshape(-1, 1)
        sums.append([_shared(both, pairs, 1)[0], _shared(both, pairs, 0)[0], both.sum()])
    return _b_cubed(*(weights @ np.array(sums).reshape(-1, 3)).T)


def _b_cubed(right: Column, whole: Column, mentions: Column) -> Columns:
    precision, recall = share(right, mentions), share(whole, mentions)
    return {
        "precision": precision,
        "recall": recall,
        "f1": harmonic(precision, recall),
        "mentions": mentions.astype(np.int64),
    }


def _shared(both: Column, pairs: Sequence[tuple[Any, Any]], side: int) -> Column:
    """Sum over all mentions of the share of their cluster, on one side, that is in the same cluster on the other.

    Args:
        both: How many mentions each pair (row) has in each resample (column).
        pairs: The pairs.
        side: Whose clusters; 0 true, 1 predicted.
    """
    if not pairs:
        return np.zeros(both.shape[1])
    names = {name: at for at, name in enumerate(dict.fromkeys(pair[side] for pair in pairs))}
    cluster = np.array([names[pair[side]] for pair in pairs], np.int64)
    order = np.argsort(cluster, kind="stable")
    firsts = np.searchsorted(cluster[order], np.arange(len(names)))
    sizes = np.add.reduceat(both[order], firsts, axis=0)[cluster]
    shares: Column = np.divide(both * both, sizes, out=np.zeros(both.shape), where=sizes > 0).sum(axis=0)
    return shares


def of_pairs(pairs: Mapping[tuple[int, int], int], weights: Weights) -> Column:
    """Something counted in pairs of documents; copies of one document make no pair with each other.

    Args:
        pairs: Counts by numbers of two documents.
        weights: Resamples of them.
    """
    total = np.zeros(len(weights), np.int64)
    for (left, other), number in sorted(pairs.items()):
        total += number * weights[:, left] * weights[:, other]
    return total


def assign(weights: Sequence[Sequence[float]]) -> dict[int, int]:
    """The one-to-one assignment of rows to columns with the greatest sum; pairs of weight 0 are not made.

    The Hungarian method with potentials, O(n³), after Kuhn 1955 and Jonker and Volgenant 1987.
    """
    rows, columns = len(weights), len(weights[0]) if weights else 0
    size = max(rows, columns)
    cost = [[-weights[i][j] if i < rows and j < columns else 0.0 for j in range(size)] for i in range(size)]
    u, v = [0.0] * (size + 1), [0.0] * (size + 1)
    owner, way = [0] * (size + 1), [0] * (size + 1)
    for i in range(1, size + 1):
        owner[0], column = i, 0
        least, used = [float("inf")] * (size + 1), [False] * (size + 1)
        while owner[column]:
            used[column] = True
            row, delta, following = owner[column], float("inf"), 0
            for j in range(1, size + 1):
                if used[j]:
                    continue
                slack = cost[row - 1][j - 1] - u[row] - v[j]
                if slack < least[j]:
                    least[j], way[j] = slack, column
                if least[j] < delta:
                    delta, following = least[j], j
            for j in range(size + 1):
                if used[j]:
                    u[owner[j]] += delta
                    v[j] -= delta
                else:
                    least[j] -= delta
            column = following
        while column:
            owner[column] = owner[way[column]]
            column = way[column]
    pairs = {owner[j] - 1: j - 1 for j in range(1, size + 1)}
    return {i: j for i, j in sorted(pairs.items()) if i < rows and j < columns and weights[i][j] > 0}
