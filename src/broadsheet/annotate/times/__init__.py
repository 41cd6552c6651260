"""Time expressions: finding them with a pack's grammar, and saying what they mean.

The engine knows calendars and nothing of any language: words, patterns and numerals are in `times.yaml` of a pack.
"""

from broadsheet.annotate.times.grammar import TimeGrammar
from broadsheet.annotate.times.resolve import resolve
from broadsheet.annotate.times.values import Anchor, Direction, TimeMatch, TimeRule, TimeValue

__all__ = ["Anchor", "Direction", "TimeGrammar", "TimeMatch", "TimeRule", "TimeValue", "resolve"]
