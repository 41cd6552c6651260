"""Intervals: what is drawn, what a drawn document weighs, and when no interval is given."""

import copy
from collections import Counter
from pathlib import Path

import linked
import numpy as np
from test_score import EVENTS_OPEN, write

from broadsheet.project import Project
from broadsheet.score import score
from broadsheet.score.bootstrap import RESAMPLES, intervals, resampled
from broadsheet.score.measures import Counts, of_pairs, precision_recall, share, values

HASHES = ["c", "a", "b", "d"]


def test_documents_are_drawn_as_often_as_there_are_documents() -> None:
    weights = resampled(HASHES)
    assert weights.shape == (RESAMPLES + 1, 4)
    assert weights[0].tolist() == [1, 1, 1, 1]
    assert set(weights.sum(axis=1).tolist()) == {4}
    assert np.abs(weights[1:].mean(axis=0) - 1).max() < 0.1


def test_what_is_drawn_depends_on_the_documents_alone() -> None:
    weights, turned = resampled(HASHES), resampled(HASHES[::-1])
    assert (weights == turned[:, ::-1]).all()
    assert (weights == resampled(HASHES)).all()
    assert (weights != resampled(["e", *HASHES[1:]])).any()


def test_a_document_weighs_as_often_as_it_was_drawn() -> None:
    documents = [Counter({("x", "found"): 3, ("x", "extra"): 1}), Counter({("x", "found"): 1, ("x", "missed"): 3})]
    columns = precision_recall(Counts(documents, np.array([[1, 1], [2, 0], [0, 2]])), "x")
    assert columns["precision"].tolist() == [0.8, 0.75, 1.0]
    assert columns["found"].tolist() == [4, 6, 2]
    # 2 * 4 / (8 + 1 + 3), 2 * 6 / (12 + 2), 2 * 2 / (4 + 6)
    assert columns["f1"].round(4).tolist() == [0.6667, 0.8571, 0.4]


def test_copies_of_a_document_make_no_pairs_with_each_other() -> None:
    weights = np.array([[1, 1, 1], [2, 1, 0], [3, 0, 0]])
    assert of_pairs({(0, 1): 5, (1, 2): 7}, weights).tolist() == [12, 10, 0]


def test_an_interval_leaves_out_five_percent() -> None:
    column = np.array([0.5, *(number / 1000 for number in range(1001))])
    assert intervals({"share": column, "count": np.array([1, 2, 3])}) == {"share": (0.025, 0.975), "count": None}


def test_no_interval_where_only_two_documents_have_the_figure() -> None:
    weights = resampled([f"{number}" for number in range(20)])
    for having, given in ((2, False), (4, True)):
        documents = [Counter({("x", "found"): int(at < having), ("x", "extra"): 1}) for at in range(20)]
        column = Counts(documents, weights)["x", "found"]
        part = share(column, column)
        assert (intervals({"share": part})["share"] is not None) is given
    assert intervals({"share": np.full(5, np.nan)}) == {"share": None}
    assert values({"share": np.full(5, np.nan)}) == {"share": None}


def test_two_documents_have_figures_and_no_intervals(project: Project, tmp_path: Path) -> None:
    other = copy.deepcopy(EVENTS_OPEN) | {"sha256": "0" * 64}
    report = score(write(tmp_path / "two", a=EVENTS_OPEN, b=other), project.build_dir)
    assert report.figures["mentions"]["recall"] == 0.375
    assert set(report.intervals["mentions"].values()) == {None}


def test_the_interval_of_a_score(project: Project, tmp_path: Path) -> None:
    """Of four documents one is there: recall is 3/4 if it alone is drawn, 0 if it is not, and between otherwise."""
    lost = [copy.deepcopy(EVENTS_OPEN) | {"sha256": f"{number}" * 64} for number in range(3)]
    gold = write(tmp_path / "four", a=EVENTS_OPEN, b=lost[0], c=lost[1], d=lost[2])
    report = score(gold, project.build_dir)
    assert report.figures["mentions"]["recall"] == 0.1875
    # the document is left out of (3/4)^4 = .32 of the resamples and is three or four of four in .05
    assert report.intervals["mentions"]["recall"] == (0.0, 0.5625)
    assert report.intervals["mentions"]["found"] is None
    assert report == score(gold, project.build_dir)
    assert linked.OPEN.sha256 not in "".join(report.missing)
