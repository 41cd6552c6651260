"""How good a build is: measured against articles and events annotated by hand."""

from broadsheet.score.run import ScoreReport, score

__all__ = ["ScoreReport", "score"]
