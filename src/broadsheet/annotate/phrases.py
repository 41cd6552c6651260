"""Sentences as a grammarian sees them: names as symbols, noun phrases with their heads and prepositions.

A sentence is rewritten so that every name, office, time and duration is one private-use character. Patterns over such a
text stay short, and a gap of "at most ten characters" means ten characters of grammar, not of names.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from broadsheet.annotate.model import EntityType
from broadsheet.annotate.prefilter import Scan
from broadsheet.annotate.writing import TOGETHER, Writing, alternation

SYMBOLS = {"P": "\ue000", "O": "\ue001", "L": "\ue002", "R": "\ue003", "T": "\ue004", "D": "\ue005"}
OF_TYPE: dict[EntityType, str] = {"person": SYMBOLS["P"], "organization": SYMBOLS["O"], "place": SYMBOLS["L"]}
# Private-use characters of the text itself (icon fonts) must not be taken for symbols.
_FOREIGN = {ord(symbol): "\ufffd" for symbol in SYMBOLS.values()}
# How far before a noun its preposition may begin, where words stand apart.
GOVERNED = 60
# How far before a noun its number may begin.
COUNT = 6
# So many names make one phrase: the cost stays linear where a list does not end.
MOST_JOINED = 60
NounKind = Literal["person", "group", "office", "he", "speaker", "pair", "nations", "we", "it"]

PRONOUNS: dict[str, NounKind] = {
    "person": "he",
    "speaker": "speaker",
    "pair": "pair",
    "nations": "nations",
    "group": "we",
    "body": "it",
}


def with_symbols(pattern: str) -> str:
    """A pattern over masked text, whose symbols are written as `<P>`."""
    for letter, symbol in SYMBOLS.items():
        pattern = pattern.replace(f"<{letter}>", symbol)
    return pattern


@dataclass(frozen=True, slots=True)
class Name:
    """A mention inside one unit (title or paragraph); offsets of the unit."""

    start: int
    end: int
    type: EntityType
    entity_id: str
    rule: str
    confidence: float
    short: bool = False


@dataclass(frozen=True, slots=True)
class Symbol:
    """A stretch of the unit that the masked text shows as one character."""

    start: int
    end: int
    character: str
    value: object


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun phrase of a masked text.

    Attributes:
        start: In the masked text.
        end: In the masked text, half open.
        kind: What its head is.
        names: Names that head it (several if coordinated).
        offices: Words for the office, without a person (`kind` office) or before one.
        affiliations: Countries and bodies that stand before the head.
        preposition: Function of the preposition that governs it, if one does.
        possessive: 的 follows: it modifies what comes next.
        armed: A word for police, soldiers or a local authority closes it: it acts, whatever place heads it.
    """

    start: int
    end: int
    kind: NounKind
    names: tuple[Name, ...] = ()
    offices: tuple[str, ...] = ()
    affiliations: tuple[Name, ...] = ()
    preposition: str | None = None
    possessive: bool = False
    armed: bool = False


class Masked:
    """A unit with its symbols in place of the stretches they stand for.

    Args:
        text: Folded text of the unit.
        symbols: Ascending and not overlapping.
    """

    def __init__(self, text: str, symbols: Sequence[Symbol]) -> None:
        if any(symbol in text for symbol in SYMBOLS.values()):
            text = text.translate(_FOREIGN)
        pieces: list[str] = []
        starts: list[int] = []
        self.symbols: dict[int, Symbol] = {}
        position = 0
        for symbol in symbols:
            pieces.append(text[position : symbol.start])
            starts.extend(range(position, symbol.start))
            self.symbols[len(starts)] = symbol
            pieces.append(symbol.character)
            starts.append(symbol.start)
            position = symbol.end
        pieces.append(text[position:])
        starts.extend(range(position, len(text) + 1))
        self.text = "".join(pieces)
        self._starts = starts

    def source(self, start: int, end: int) -> tuple[int, int]:
        """A range of the masked text as a range of the unit."""
        if end <= start:
            return self._starts[start], self._starts[start]
        last = self.symbols.get(end - 1)
        return self._starts[start], last.end if last else self._starts[end - 1] + 1

    def between(self, start: int, end: int, character: str) -> list[tuple[int, Symbol]]:
        """Symbols of one kind in a range of the masked text, with their positions."""
        found = []
        spot = self.text.find(character, start, end)
        while spot >= 0:
            found.append((spot, self.symbols[spot]))
            spot = self.text.find(character, spot + 1, end)
        return found


class PhraseReader:
    """Finds noun phrases by the function words of a pack.

    Args:
        grammar: The pack's `grammar.yaml`.
        writing: How its words stand.
    """

    def __init__(self, grammar: dict[str, Any], writing: Writing = TOGETHER) -> None:
        self._grammar = grammar
        self._writing = writing
        self._of = (grammar["of"],) if isinstance(grammar["of"], str) else tuple(grammar["of"])
        self._prepositions: dict[str, str] = {
            word: function for function, words in grammar["prepositions"].items() for word in words
        }
        self._longest = max(map(len, self._prepositions))
        self._enumeration = tuple(grammar.get("enumeration", ()))
        self._clocks = tuple(grammar.get("clocks", ())) or ("\n",)
        self._not_prepositions = tuple(grammar["not_prepositions"])
        self._breaks = frozenset(f" \n{grammar['sentence_end']}{grammar['clause_end']}{grammar['quote_open']}")
        self._posted = tuple(grammar.get("posted", ()))
        self._included = tuple(grammar.get("included", ())) or ("\n",)
        self._counted = re.compile(f"(?:{grammar.get('counted') or '(?!)'})$")
        self._origins = tuple(grammar.get("origins", ())) or ("\n",)
        self._carried = tuple(grammar.get("carried", ())) or ("\n",)

    @cached_property
    def _noun(self) -> Scan:
        person, body, place, office = (SYMBOLS[k] for k in "POLR")
        any_of, gap = self._writing.any_of, self._writing.gap
        modifier, group = f"(?:{any_of(self._grammar['modifiers'])})", f"(?:{any_of(self._grammar['groups'])})"
        # 领导人 in 中美领导人会晤 belongs to the name of the meeting.
        group += f"(?!{alternation(self._grammar['gatherings'])})" if self._grammar.get("gatherings") else ""
        of = f"(?:{alternation(self._of)})"
        link = f"|{any_of(self._grammar['office_of'])}" if "office_of" in self._grammar else ""
        note = f"(?:{gap}[（(][^（）()]{{0,60}}[)）](?={gap}{office}))?"
        holder = f"(?:[{body}{place}]{note}{gap}(?:{group}{gap})?(?:{of}{gap})?|{person}{of}{gap}|{modifier}{gap})"
        # An office right before the person makes everything before it part of the phrase.
        titled = f"(?:{holder}){{0,12}}+(?:{office}{gap}(?:(?:{modifier}|[{body}{place}]{link}){gap}){{0,4}}){{1,4}}"
        bracket = f"(?:{gap}[（(][^（）()]{{0,60}}[)）])?"
        pronouns = "|".join(f"(?P<{k}>{any_of(v)})" for k, v in self._grammar["pronouns"].items() if v)
        # A modifier may also close the phrase (总统 + 助理).
        closing = (
            f"{gap}{modifier}{gap}{office}" if self._writing.apart else f"{any_of(self._grammar['modifiers'])}{office}"
        )
        whose = f"(?:(?:{gap}(?:{link[1:]}))+{gap}[{body}{place}])?" if link else ""
        chain = f"(?:, {place}(?=[,.]))?" if self._writing.apart else ""
        pattern = (
            f"(?P<titled>(?:{titled})?{person}{self._apposition()}{bracket}(?:{gap}{office})?)"
            f"|(?P<office>(?:{holder}){{0,12}}+{office}(?:{closing}){{0,2}}{whose})"
            f"|(?P<group_name>[{body}{place}]+{chain}{bracket}(?:{gap}(?:{modifier}{gap}){{0,2}}(?:{group}))?)"
            f"|{pronouns}"
        )
        pattern += f"|(?P<unnamed>{'|'.join(self._grammar['unnamed'])})"
        return Scan(re.compile(pattern))

    def _apposition(self) -> str:
        """What a person is, between commas, where words stand apart: it is part of the phrase."""
        words = f"[^,.;:{SYMBOLS['P']}]{{0,60}}"
        return f"(?:, {words}{SYMBOLS['R']}{words}(?=,))?" if self._writing.apart else ""

    @cached_property
    def _joint(self) -> re.Pattern[str]:
        return re.compile(f"(?:{alternation(self._grammar['coordination'])})")

    def nouns(self, masked: Masked) -> list[Noun]:
        """Noun phrases in text order; names joined by a conjunction make one."""
        found: list[Noun] = []
        for match in self._noun.finditer(masked.text):
            noun = self._make(masked, match)
            last = found[-1] if found else None
            if last and self._governs(masked.text, last, noun):
                noun = replace(noun, preposition=last.preposition)
            joint = last and len(last.names) < MOST_JOINED and self._joint.fullmatch(masked.text, last.end, noun.start)
            if last and joint and self._same(last, noun, joint.group()):
                offices, around = last.offices + noun.offices, last.names + noun.affiliations
                found[-1] = replace(noun, start=last.start, offices=offices, affiliations=around)
                found[-1] = replace(found[-1], preposition=last.preposition)
            elif last and joint and noun.names and last.names and not self._unlike(last, noun):
                found[-1] = Noun(
                    last.start,
                    noun.end,
                    "person" if "person" in {last.kind, noun.kind} else noun.kind if noun.offices else "group",
                    last.names + noun.names,
                    last.offices + noun.offices,
                    last.affiliations + noun.affiliations,
                    last.preposition,
                    noun.possessive,
                )
            else:
                found.append(noun)
        return [self._alone(masked.text, noun) for noun in found]

    def _alone(self, text: str, noun: Noun) -> Noun:
        """Without the preposition that only says who is among those who act."""
        among = noun.preposition == "other" and text.startswith(self._included, noun.end)
        return replace(noun, preposition=None) if among else noun

    def _same(self, last: Noun, noun: Noun, joint: str) -> bool:
        """Whether an office of a body, before a comma of lists, is one more of the person named next."""
        of_bodies = last.kind == "office" and all(name.type == "organization" for name in last.names)
        return joint in self._enumeration and of_bodies and noun.kind == "person" and len(noun.names) == 1

    def _governs(self, text: str, last: Noun, noun: Noun) -> bool:
        """Whether what governs a modifier governs the body it modifies: in the capital's parliament."""
        modified = not self._writing.apart and last.possessive and noun.kind == "group" and noun.preposition is None
        return modified and last.preposition is not None and text[last.end : noun.start] in self._of

    def _unlike(self, last: Noun, noun: Noun) -> bool:
        """Whether a conjunction after a place goes on with something else: in Paris and Macron said."""
        return self._writing.apart and last.preposition == "at" and noun.kind == "person"

    def _make(self, masked: Masked, match: re.Match[str]) -> Noun:
        start, end = match.span()
        preposition = self._preposition(masked.text, start)
        if preposition == "at" and (
            masked.text[end - 1] != SYMBOLS["L"] or (end - start > 1 and _all_short(masked, start, end))
        ):
            # A body that "at" governs in the middle of a clause is where somebody is.
            within = masked.text[end - 1] == SYMBOLS["O"] and start > 1 and masked.text[start - 2] not in self._breaks
            preposition = "at" if within else None  # 在 before people or several countries opens a clause
        possessive = masked.text.startswith(self._of, end)
        if masked.text.startswith(self._clocks, end):
            preposition = "other"
        if match.lastgroup in PRONOUNS:
            return Noun(start, end, PRONOUNS[match.lastgroup], preposition=preposition, possessive=possessive)
        if match.group("unnamed"):
            return Noun(start, end, "group", preposition=preposition, possessive=possessive)
        inside = _values(masked, start, self._before_bracket(match, start), "POL")
        offices = tuple(str(s.value) for _, s in masked.between(start, end, SYMBOLS["R"]))
        if match.group("titled"):
            head, rest = inside[-1], inside[:-1]
            if rest and masked.text.endswith(self._origins, 0, start):
                preposition = None
            return Noun(start, end, "person", (head,), offices, rest, preposition, possessive)
        if len(inside) == 1 and not match.group("titled") and masked.text.endswith(self._posted, 0, start):
            preposition = "other"  # where somebody is posted: who posts him stands before
        if match.group("office"):
            return Noun(start, end, "office", inside, offices, (), preposition, possessive)
        # Adjacent full names are a chain from large to small; adjacent abbreviations are several actors.
        short = sum(1 for name in inside if name.short)
        several = short > 1 and inside[0].short
        heads, rest = (inside[:short], inside[short:]) if several else (inside[-1:], inside[:-1])
        if self._writing.apart and "," in match.group():
            heads, rest = inside[:1], inside[1:]  # from small to large: Anchorage, Alaska
        armed = match.group().endswith(self._carried)
        return Noun(start, end, "group", heads, (), rest, preposition, possessive, armed)

    def _before_bracket(self, match: re.Match[str], start: int) -> int:
        """Where the head ends and what only explains it begins."""
        text = match.group()
        marks = "（(," if self._writing.apart and match.group("titled") else "（("
        head = text.rfind(SYMBOLS["P"]) + 1 if match.group("titled") and not self._writing.apart else 0
        return start + min((spot for mark in marks if (spot := text.find(mark, head)) >= 0), default=len(text))

    @cached_property
    def _governing(self) -> re.Pattern[str]:
        """A preposition, and what may stand between it and its noun."""
        between = self._writing.any_of(self._grammar["determiners"])
        return re.compile(f"(?<!\\w)({alternation(self._prepositions)}) (?:(?:{between}) )*$")

    def governed(self, text: str, start: int) -> bool:
        """Whether a preposition stands right before a place in the masked text."""
        return not self._writing.apart and self._preposition(text, start) is not None

    def _preposition(self, text: str, start: int) -> str | None:
        if self._writing.apart:
            found = self._governing.search(text[max(0, start - GOVERNED) : start])
            return self._prepositions[found.group(1)] if found else None
        if count := self._counted.search(text, max(0, start - COUNT), start):
            start = count.start()
        if text.endswith(self._not_prepositions, 0, start):
            return None
        for length in range(min(self._longest, start), 0, -1):
            function = self._prepositions.get(text[start - length : start])
            if function:
                return function
        return None


def _all_short(masked: Masked, start: int, end: int) -> bool:
    names = _values(masked, start, end, "L")
    return len(names) > 1 and all(name.short for name in names)


def _values(masked: Masked, start: int, end: int, kinds: str) -> tuple[Name, ...]:
    found = [pair for kind in kinds for pair in masked.between(start, end, SYMBOLS[kind])]
    return tuple(
        symbol.value for _, symbol in sorted(found, key=lambda pair: pair[0]) if isinstance(symbol.value, Name)
    )
