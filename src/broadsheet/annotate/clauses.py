"""What a name does in its clause: subject, partner, addressee, agent, object, place."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from broadsheet.annotate.phrases import SYMBOLS, Masked, Noun
from broadsheet.annotate.writing import TOGETHER, Writing

NEAR, CLOSE = 8, 5
# Functions of prepositions that may govern a clause: 就土耳其发生地震, 因俄罗斯入侵.
CLAUSAL = frozenset({"clausal", "pivot"})
# What stands before a subject and leaves it one.
ACTIVE = frozenset({None, "opening"})
# How far after a verb the noun may stand that its relative clause describes, and before it the mark of the passive.
RELATIVE, PASSIVE_REACH = 14, 14
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

    Attributes:
        unnamed: The subject is something without a name, which a name only modifies (the US retailer said).
        undergoes: The verb is passive: its subject is whom it is done to.
        holder: Who holds or attends a gathering with a name of its own (中国召开 X 会议).
        within: A noun in the middle of the trigger (暂停 X 的签证).
        head: Whom a relative clause with the trigger describes: the subject, if there is no other.
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
    beneficiaries: tuple[Noun, ...] = ()
    unnamed: bool = False
    undergoes: bool = False
    head: Noun | None = None
    within: Noun | None = None
    holder: Noun | None = None


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
        self._stops = (*grammar["sentence_end"], *grammar["clause_end"])
        self._predicate = re.compile(grammar.get("predicate") or "")
        self._between = tuple(grammar["between"])
        self._resuming = tuple(grammar["resuming"])
        self._subordinate = tuple(grammar["subordinate"])
        self._of = (grammar["of"],) if isinstance(grammar["of"], str) else tuple(grammar["of"])
        at = "|".join(re.escape(word) for word in grammar["prepositions"].get("at", ()))
        self._bare = re.compile(
            f"[{SYMBOLS['T']}]*(?:(?:{at or '(?!)'})[{SYMBOLS['L']}{SYMBOLS['O']}])?[{SYMBOLS['T']}]*"
        )
        self._passive = re.compile(grammar.get("passive") or "(?!)")
        self._holding = tuple(grammar.get("holding", ())) or ("\n",)
        self._escorted = tuple(grammar.get("escorted", ()))

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
        return [n for n in nouns if n.preposition in ACTIVE and not n.possessive and self._may_act(n)]

    def _may_act(self, noun: Noun) -> bool:
        return noun.armed or not noun.names or any(self._acts(name.entity_id) for name in noun.names)

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
        escorts = [n for n in before if self._escorted and text.startswith(self._escorted, n.end)]
        free = [n for n in before if self._free(text, n, trigger[0], noun_like) and n not in escorts]
        # An office nobody is named for (首都警察局长) is a subject only where there is no other.
        free = [n for n in free if n.names or n.kind != "office"] or free
        subject = free[-1] if free else None
        if len(free) > 1 and text[free[-1].end : trigger[0]].lstrip().startswith(self._resuming):
            subject = free[0]
        head = None if self.complements_follow else self._head(text, nouns, trigger[1])
        undergoes = self._undergoes(text, subject, trigger)
        if head is not None and undergoes:
            subject = head
        held = [n for n in inside if n.start >= trigger[0] and n.preposition in {None, "other"} and self._may_act(n)]
        within = held[-1] if held and not self.complements_follow else None
        suffered = within if undergoes and self._passive.match(text, *trigger) else None
        within = None if suffered else within
        holder = self._holder(text, free, subject) if noun_like and subject is not None else None
        unnamed = subject is not None and not noun_like and self._modifies(text, subject, trigger[0])
        compound = before[-1] if before and noun_like and self._touches(text, before[-1], trigger[0]) else None
        if self.complements_follow:
            partners = addressees = agents = after
            places = [*(n for n in before if n.start >= since), *reversed(after)]
        else:
            partners, agents, places = [n for n in inside if n.start >= since], inside, list(nouns)
            addressees = list(nouns) if noun_like else inside
        among = next((n for n in nouns if n.preposition == "between" and n.start >= since), None)
        joined = next((n for n in before if text.startswith(self._between, n.end)), None)
        return Functions(
            subject=None if unnamed or (noun_like and among) else subject,
            partners=tuple(n for n in partners if n.preposition == "with" or n in escorts),
            addressees=tuple(n for n in addressees if n.preposition == "to"),
            inviters=tuple(n for n in (nouns if self.complements_follow else inside) if n.preposition == "inviter"),
            beneficiaries=tuple(n for n in before if n.preposition == "for"),
            agents=tuple(n for n in agents if n.preposition == "by") + ((suffered,) if suffered else ()),
            places=tuple(n for n in places if n.preposition == "at" or not self._may_act(n)),
            compound=compound if compound and self._may_act(compound) else None,
            between=joined or among,
            object=next((n for n in reversed(before) if n.preposition == "patient"), None)
            or self._object(text, after, trigger[1]),
            within=within,
            holder=holder,
            head=head,
            named=tuple(n for n in after if n.kind == "person"),
            unnamed=unnamed,
            undergoes=undergoes,
        )

    def _free(self, text: str, noun: Noun, position: int, noun_like: bool) -> bool:
        """Whether a noun may be the subject of a verb, also one that a preposition governs together with the verb."""
        if not self._may_act(noun) or (noun.possessive and not noun_like):
            return False
        near = noun.preposition in CLAUSAL and self._bare.fullmatch(text, noun.end, position) is not None
        return noun.preposition in ACTIVE or noun.preposition == "pivot" or near

    def _head(self, text: str, nouns: Sequence[Noun], position: int) -> Noun | None:
        """The person, or the actor right after the particle, whom a relative clause describes."""
        for noun in nouns:
            if noun.start < position or (noun.possessive and noun.kind != "person"):
                continue
            end = text.find(SYMBOLS["P"], noun.start, noun.end) if noun.kind == "person" else noun.start
            gap = text[position:end]
            near = len(gap) <= RELATIVE and noun.preposition in {None, "for"} and self._may_act(noun)
            described = any(of in gap if noun.kind == "person" else gap.endswith(of) for of in self._of)
            return noun if near and described else None
        return None

    def _holder(self, text: str, free: Sequence[Noun], gathering: Noun) -> Noun | None:
        """Whose predicate brings in the name that the trigger is part of."""
        before = [noun for noun in free if noun.end <= gathering.start]
        held = bool(before) and text.endswith(self._holding, before[-1].end, gathering.start)
        return before[-1] if held else None

    def _undergoes(self, text: str, subject: Noun | None, trigger: tuple[int, int]) -> bool:
        """Whether the words between subject and trigger, or the trigger itself, make the verb passive."""
        low = max(trigger[0] - PASSIVE_REACH, subject.end if subject else 0)
        low = max([low, *(text.rfind(stop, low, trigger[0]) + 1 for stop in self._stops)])
        return (
            self._passive.search(text, low, trigger[0]) is not None or self._passive.match(text, *trigger) is not None
        )

    def _modifies(self, text: str, noun: Noun, position: int) -> bool:
        """Whether what follows a bare name of a country or body is no predicate, but the noun it modifies."""
        bare = noun.kind == "group" and text[noun.end - 1] in (SYMBOLS["L"], SYMBOLS["O"])
        return self.complements_follow and bare and not self._predicate.match(text, noun.end, position)

    def _touches(self, text: str, noun: Noun, position: int) -> bool:
        gap = text[noun.end : position]
        if noun.preposition in {"at", "other", "clausal", "patient"} or (gap and noun.preposition in {"to", "by"}):
            return False
        near = len(gap) <= CLOSE * self._writing.stretch
        return near and not any(symbol in gap for symbol in SYMBOLS.values() if symbol != SYMBOLS["D"])

    def _described(self, text: str, after: Sequence[Noun]) -> Noun | None:
        """The person at the end of a relative clause that stands between a verb and its object (会见来华访问的 X)."""
        if after[0].preposition != "at":
            return None
        for noun in after[1:]:
            end = text.find(SYMBOLS["P"], noun.start, noun.end)
            if end >= 0:
                return noun if any(of in text[after[0].end : end] for of in self._of) else None
        return None

    def _object(self, text: str, after: list[Noun], position: int) -> Noun | None:
        """The noun right after the trigger; one that "at" governs only if the trigger is that very word (抵达)."""
        if not after or after[0].start - position > NEAR * self._writing.stretch:
            return None
        described = None if self.complements_follow else self._described(text, after)
        if described is not None:
            return described
        direct = after[0].preposition in {None, "to"} or after[0].start == position
        return after[0] if direct else None
