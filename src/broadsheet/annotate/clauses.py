"""What a name does in its clause: subject, partner, addressee, agent, object, place."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from broadsheet.annotate.phrases import SYMBOLS, Masked, Noun
from broadsheet.annotate.writing import TOGETHER, Writing

NEAR, CLOSE = 8, 5
# Of the masked text. News does not come near either.
LONGEST_CLAUSE = 400
MOST_CLAUSES = 60


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a masked text; `sentence` counts sentences of the unit."""

    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Functions:
    """The nouns around a trigger by what they do.

    `unnamed`: the subject is something without a name, which a name only modifies (the US retailer said).
    """

    subject: Noun | None = None
    partners: tuple[Noun, ...] = ()
    addressees: tuple[Noun, ...] = ()
    agents: tuple[Noun, ...] = ()
    places: tuple[Noun, ...] = ()
    compound: Noun | None = None
    between: Noun | None = None
    object: Noun | None = None
    named: tuple[Noun, ...] = ()
    inviters: tuple[Noun, ...] = ()
    unnamed: bool = False


class ClauseReader:
    """Cuts text into clauses and assigns functions by position and preposition.

    Args:
        grammar: The pack's `grammar.yaml`.
        acts: Whether an entity can be an actor.
        writing: How its words stand.
    """

    def __init__(self, grammar: dict[str, Any], acts: Callable[[str], bool], writing: Writing = TOGETHER) -> None:
        self._grammar = grammar
        self._acts = acts
        self._writing = writing
        self.complements_follow = grammar.get("syntax", {}).get("complements") == "after"
        ends, stops = (re.escape(grammar[key]) for key in ("sentence_end", "clause_end"))
        unbroken = "".join(f"{pattern}|" for pattern in grammar.get("unbroken", ()))
        self._piece = re.compile(f"(?:{unbroken}[^{ends}{stops}])+|[{ends}]+|[{stops}]+")
        self._ends = set(grammar["sentence_end"])
        self._predicate = re.compile(grammar.get("predicate") or "")
        self._between = tuple(grammar["between"])
        self._resuming = tuple(grammar["resuming"])
        self._subordinate = tuple(grammar["subordinate"])

    def clauses(self, masked: Masked) -> list[Clause]:
        """Clauses in text order, without the punctuation between them.

        What no writer would call a clause or a sentence is cut, so that the cost of reading stays linear.
        """
        found: list[Clause] = []
        sentence = inside = 0
        for match in self._piece.finditer(masked.text):
            if match.group()[0] in self._ends:
                sentence, inside = sentence + 1, 0
            elif match.group()[0] not in self._grammar["clause_end"]:
                for start in range(match.start(), match.end(), LONGEST_CLAUSE):
                    if inside == MOST_CLAUSES:
                        sentence, inside = sentence + 1, 0
                    inside += 1
                    found.append(Clause(start, min(start + LONGEST_CLAUSE, match.end()), sentence))
        return found

    def subordinate(self, masked: Masked, clause: Clause) -> bool:
        """Whether the clause only says when: its subject may come after it."""
        if self._writing.apart:
            return masked.text[clause.start : clause.end].lstrip().startswith(self._subordinate)
        return masked.text.endswith(self._subordinate, clause.start, clause.end)

    def subjects(self, nouns: Sequence[Noun]) -> list[Noun]:
        """Those of a clause's nouns that nothing governs and that modify nothing."""
        return [n for n in nouns if n.preposition is None and not n.possessive and self._may_act(n)]

    def _may_act(self, noun: Noun) -> bool:
        return not noun.names or any(self._acts(name.entity_id) for name in noun.names)

    def functions(
        self,
        masked: Masked,
        nouns: Sequence[Noun],
        trigger: tuple[int, int],
        noun_like: bool,
        *,
        since: int = 0,
        until: int | None = None,
    ) -> Functions:
        """Assign every noun of the trigger's clause its function towards it.

        Args:
            masked: The unit.
            nouns: Noun phrases of the clause.
            trigger: Range of the trigger in the masked text.
            noun_like: The trigger names the event as a thing, so that names before 的 take part.
            since: End of an earlier trigger of the same type: partners named before it belong to that one.
            until: Start of the next trigger: what follows that is the other's, where complements follow their verb.
        """
        text = masked.text
        before = [n for n in nouns if n.end <= trigger[0]]
        inside = [n for n in nouns if n.end <= trigger[1]]
        after = [n for n in nouns if n.start >= trigger[1] and (until is None or n.start < until)]
        free = [n for n in before if n.preposition is None and (noun_like or not n.possessive) and self._may_act(n)]
        # An office nobody is named for (首都警察局长) is a subject only where there is no other.
        free = [n for n in free if n.names or n.kind != "office"] or free
        subject = free[-1] if free else None
        if len(free) > 1 and text[free[-1].end : trigger[0]].lstrip().startswith(self._resuming):
            subject = free[0]
        unnamed = subject is not None and not noun_like and self._modifies(text, subject, trigger[0])
        compound = before[-1] if before and noun_like and self._touches(text, before[-1], trigger[0]) else None
        if self.complements_follow:
            partners = addressees = agents = after
            places = [*(n for n in before if n.start >= since), *reversed(after)]
        else:
            partners, agents, places = [n for n in before if n.start >= since], before, list(nouns)
            addressees = list(nouns) if noun_like else inside
        among = next((n for n in nouns if n.preposition == "between" and n.start >= since), None)
        joined = next((n for n in before if text.startswith(self._between, n.end)), None)
        return Functions(
            subject=None if unnamed or (noun_like and among) else subject,
            partners=tuple(n for n in partners if n.preposition == "with"),
            addressees=tuple(n for n in addressees if n.preposition == "to"),
            inviters=tuple(n for n in (nouns if self.complements_follow else inside) if n.preposition == "inviter"),
            agents=tuple(n for n in agents if n.preposition == "by"),
            places=tuple(n for n in places if n.preposition == "at" or not self._may_act(n)),
            compound=compound if compound and self._may_act(compound) else None,
            between=joined or among,
            object=self._object(text, after, trigger[1]),
            named=tuple(n for n in after if n.kind == "person"),
            unnamed=unnamed,
        )

    def _modifies(self, text: str, noun: Noun, position: int) -> bool:
        """Whether what follows a bare name of a country or body is no predicate, but the noun it modifies."""
        bare = noun.kind == "group" and text[noun.end - 1] in (SYMBOLS["L"], SYMBOLS["O"])
        return self.complements_follow and bare and not self._predicate.match(text, noun.end, position)

    def _touches(self, text: str, noun: Noun, position: int) -> bool:
        gap = text[noun.end : position]
        if gap and noun.preposition in {"to", "by"}:
            return False
        near = len(gap) <= CLOSE * self._writing.stretch
        return near and not any(symbol in gap for symbol in SYMBOLS.values() if symbol != SYMBOLS["D"])

    def _object(self, text: str, after: list[Noun], position: int) -> Noun | None:
        """The noun right after the trigger; one that "at" governs only if the trigger is that very word (抵达)."""
        if not after or after[0].start - position > NEAR * self._writing.stretch:
            return None
        direct = after[0].preposition in {None, "to"} or after[0].start == position
        return after[0] if direct else None
