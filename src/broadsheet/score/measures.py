"""Measures used in every score: precision and recall, B³, best assignment."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

Figures = dict[str, float | int | None]


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

    def figures(self) -> Figures:
        """Precision, recall and F1, with the counts."""
        precision = share(self.found, self.found + self.extra) or 0.0
        recall = share(self.found, self.found + self.missed) or 0.0
        return {
            "precision": precision,
            "recall": recall,
            "f1": harmonic(precision, recall),
            "found": self.found,
            "extra": self.extra,
            "missed": self.missed,
        }


def share(part: float, whole: float) -> float | None:
    """A share of something, to four places; None of nothing."""
    return round(part / whole, 4) if whole else None


def harmonic(left: float, right: float) -> float:
    """F1 of precision and recall."""
    return round(2 * left * right / (left + right), 4) if left + right else 0.0


def b_cubed(items: Sequence[tuple[Hashable, Hashable]]) -> Figures:
    """B³ of (true, predicted) clusters, one pair per mention (Bagga and Baldwin 1998)."""
    true = Counter(item[0] for item in items)
    predicted = Counter(item[1] for item in items)
    both = Counter(items)
    precision = share(sum(both[i] / predicted[i[1]] for i in items), len(items)) or 0.0
    recall = share(sum(both[i] / true[i[0]] for i in items), len(items)) or 0.0
    return {"precision": precision, "recall": recall, "f1": harmonic(precision, recall), "mentions": len(items)}


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
