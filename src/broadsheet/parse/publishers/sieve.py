"""Which rules can hold of a node, found without trying them one by one.

Most nodes of a body are paragraphs that no rule is about. What a rule asks of the elements around a node is settled
once for all nodes that stand in the same elements; what it asks of the length of the text by bisection. Most of the
patterns that are left name the characters a text begins with, or words that stand in it: few texts have any of them.
"""

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from broadsheet.parse.bodies.nodes import Node
from broadsheet.patterns import first_characters

if TYPE_CHECKING:
    from broadsheet.parse.publishers.model import Condition, Rule

Surroundings = tuple[frozenset[str], frozenset[str], str, int]
MOST_KEPT: Final = 4096


class _Begun(NamedTuple):
    """The rules for texts that begin with one character: all of them, and those that ask for no words."""

    every: "tuple[Rule, ...]"
    wordless: "tuple[Rule, ...]"


class _Tier:
    """The rules for texts up to one length, by the characters they begin with."""

    __slots__ = ("begun", "firsts", "others", "rules", "words")

    def __init__(self, rules: "Sequence[Rule]") -> None:
        placed = next((number for number, rule in enumerate(rules) if rule.when.placed), len(rules))
        self.rules = [(_firsts(rule.when), rule) for rule in rules[: placed + 1]]
        self.words = tuple(dict.fromkeys(word for _, rule in self.rules for word in rule.when.has))
        self.firsts = frozenset().union(*(firsts for firsts, _ in self.rules if firsts))
        self.begun: dict[str, _Begun] = {}
        self.others = self._chosen("")

    def beginning(self, first: str) -> _Begun:
        """The rules for texts that begin with one of the first characters of patterns."""
        if first not in self.begun:
            self.begun[first] = self._chosen(first)
        return self.begun[first]

    def _chosen(self, first: str) -> _Begun:
        every = tuple(rule for firsts, rule in self.rules if firsts is None or first in firsts)
        return _Begun(every, tuple(rule for rule in every if not rule.when.has))


class _Placed:
    """The rules that hold of one place, in tiers by the length of the text; a tier is made when it is first needed."""

    __slots__ = ("lengths", "rules", "tiers")

    def __init__(self, rules: "Sequence[Rule]") -> None:
        self.rules = rules
        self.lengths = sorted({rule.when.max for rule in rules if rule.when.max is not None})
        self.tiers: list[_Tier | None] = [None] * (len(self.lengths) + 1)

    def fill(self, number: int) -> _Tier:
        """Make a tier."""
        length = self.lengths[number] if number < len(self.lengths) else None
        made = _Tier([r for r in self.rules if r.when.max is None or (length is not None and r.when.max >= length)])
        self.tiers[number] = made
        return made


class Sieve:
    """The rules of one part of a layout, in order."""

    def __init__(self, rules: "Sequence[Rule]" = ()) -> None:
        self.rules = tuple(rules)
        self._classes = list(dict.fromkeys(rule.when.classes for rule in rules if rule.when.classes))
        self._marked: dict[str, int] = {}
        self._kept: dict[Surroundings, _Placed] = {}
        self._placed: dict[tuple[str, ...], _Placed] = {}

    def __add__(self, other: "Sieve") -> "Sieve":
        return Sieve(self.rules + other.rules)

    def candidates(self, node: Node, before: str) -> "tuple[Rule, ...]":
        """The rules that hold of a node as far as its place goes and that its words do not rule out, in order.

        Args:
            node: The node; it has text.
            before: Kind of the node right before it, or nothing.
        """
        element = node.element
        classes = element.classes() if self._classes else ""
        marked = self._marked.get(classes)
        if marked is None:
            marked = self._mark(classes)
        placed = self._kept.get((element.tags, node.marks, before, marked))
        if placed is None:
            placed = self._place(node, before, classes, marked)
        text = node.text.text
        number = bisect_left(placed.lengths, len(text))
        tier = placed.tiers[number] or placed.fill(number)
        begun = tier.beginning(text[0]) if text[0] in tier.firsts else tier.others
        for word in tier.words:
            if word in text:
                return begun.every
        return begun.wordless

    def _mark(self, classes: str) -> int:
        """Which of the patterns for classes are found, as a number."""
        if len(self._marked) >= MOST_KEPT:  # pages may hold any number of different classes
            self._marked.clear()
        self._marked[classes] = sum(1 << i for i, pattern in enumerate(self._classes) if pattern.search(classes))
        return self._marked[classes]

    def _place(self, node: Node, before: str, classes: str, marked: int) -> _Placed:
        rules = []
        for rule in self.rules:
            if stands(rule.when, node.element.tags, node.marks, classes, before):
                rules.append(rule)
                if rule.when.placed and rule.when.max is None:
                    break
        placed = self._placed.setdefault(tuple(rule.id for rule in rules), _Placed(rules))
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[node.element.tags, node.marks, before, marked] = placed
        return placed


def stands(when: "Condition", tags: frozenset[str], marks: frozenset[str], classes: str, before: str) -> bool:
    """Whether what a condition asks of the place of a node is so."""
    return (
        (not when.marks or when.marks <= marks)
        and (not when.inside or not when.inside.isdisjoint(tags))
        and (not when.outside or when.outside.isdisjoint(tags))
        and (when.after is None or when.after == before)
        and (when.classes is None or when.classes.search(classes) is not None)
    )


def _firsts(when: "Condition") -> frozenset[str] | None:
    return None if when.matches is None else firsts_of(when.matches.pattern)


@lru_cache(maxsize=4096)  # generic rules stand in every layout
def firsts_of(pattern: str) -> frozenset[str] | None:
    """The characters with which every text must begin that a pattern starting with `^` matches; None if any may.

    Texts of nodes are trimmed, so none begins with white space.
    """
    return first_characters(pattern[1:], trimmed=True) if pattern.startswith("^") else None
