"""Reading a pack's `times.yaml`: words, numerals, patterns and rules, checked and compiled."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, get_args

from broadsheet.annotate.prefilter import Scan
from broadsheet.annotate.times.resolvers import RESOLVERS
from broadsheet.annotate.times.values import Boundary, Kind, Scalar, TimeRule
from broadsheet.patterns import first_words
from broadsheet.schema.strict_yaml import Yaml, check_keys, read_yaml

_SETTINGS: Final = tuple(f.name for f in fields(TimeRule))
_RULE_KEYS: Final = (*_SETTINGS, "starts", "pattern", "set", "like", "unlike")
_TOP_KEYS: Final = ("fold", "numerals", "values", "macros", "starts", "glue", "boundaries", "rules")
_GLUE_KEYS: Final = ("about_before", "about_after", "clock", "range", "both", "beside", "bracket_open", "bracket_close")
_BOUNDARY_KEYS: Final = ("id", "effect", "pattern", "absorb", "after", "not_after", "rules")
_MACRO: Final = re.compile(r"\{([a-z_]+)\}")
EFFECTS: Final = (*get_args(Boundary), "about")


@dataclass(frozen=True, slots=True)
class Numerals:
    """How numbers are written beside plain digits.

    Attributes:
        digits: One character each; a row of them is read digit by digit.
        powers: Characters that multiply what stands before them.
        words: Whole words.
    """

    digits: Mapping[str, int]
    powers: Mapping[str, int]
    words: Mapping[str, int | float]

    def read(self, text: str) -> int | float | None:
        """The number a text stands for, or None."""
        if text in self.words:
            return self.words[text]
        if text.isascii() and text.replace(".", "", 1).isdigit():
            return float(text) if "." in text else int(text)
        total, last, powered = 0, -1, False
        for character in text:
            if character in self.powers:
                total += (last if last >= 0 else 1) * self.powers[character]
                last, powered = -1, True
            elif character in self.digits:
                digit = self.digits[character]
                last = digit if powered or last < 0 else last * 10 + digit
            else:
                return None
        return total + max(last, 0) if text else None


@dataclass(frozen=True, slots=True)
class Pattern:
    """A rule with what finds it, and the one or two characters its matches begin with, if that is certain."""

    rule: TimeRule
    regex: re.Pattern[str]
    preset: Mapping[str, Scalar]
    openings: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Edge:
    """A word beside an expression that opens or blurs it.

    Attributes:
        effect: A `Boundary`, or `about`.
        regex: What stands right after the expression.
        absorb: It becomes part of the expression.
        after: What must end right before the expression.
        not_after: What must not.
        rules: Ids of the rules it belongs to; empty for all.
    """

    effect: str
    regex: re.Pattern[str]
    absorb: bool
    after: re.Pattern[str] | None
    not_after: re.Pattern[str] | None
    rules: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A compiled `times.yaml`.

    Attributes:
        fold: From character code to the character patterns are written in; one to one, so that offsets stay.
        starts: Finds every place an expression may start at; the group that matched names the rules to try.
        by_start: Rules by that group, and by what they can begin with: two characters, one, or nothing certain.
        values: Words by group name.
        glue: Patterns of what joins the parts of an expression.
        examples: By rule id, texts it must and must not match.
    """

    fold: Mapping[int, str]
    numerals: Numerals
    values: Mapping[str, Mapping[str, Scalar]]
    starts: Scan
    by_start: Mapping[str, Mapping[str, tuple[Pattern, ...]]]
    glue: Mapping[str, re.Pattern[str]]
    edges: tuple[Edge, ...]
    examples: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]


def read_lexicon(file: Path) -> Lexicon:
    """Read and check a pack's time grammar.

    Raises:
        BroadsheetError: With file and line of what is wrong.
    """
    yaml = read_yaml(file)
    top = _mapping(yaml)
    check_keys(yaml, (), top, _TOP_KEYS, _TOP_KEYS)
    reader = _Reader(yaml, _macros(yaml))
    numerals = _mapping(yaml, "numerals")
    check_keys(yaml, ("numerals",), numerals, ("digits", "powers", "words"), ("digits", "powers", "words"))
    glue = _mapping(yaml, "glue")
    check_keys(yaml, ("glue",), glue, _GLUE_KEYS, _GLUE_KEYS)
    patterns = [reader.rule(index) for index in range(len(_list(yaml, "rules")))]
    starts = _mapping(yaml, "starts")
    by_start = {
        name: _by_opening([p for index, p in enumerate(patterns) if name in _list(yaml, "rules", index, "starts")])
        for name in starts
    }
    opening = "|".join(f"(?P<{name}>{reader.expand(starts[name], 'starts', name)})" for name in starts)
    words = [_begun(table, reader.compile(starts[name], "starts", name)) for name, table in by_start.items()]
    return Lexicon(
        fold=_fold(yaml),
        numerals=Numerals(numerals["digits"], numerals["powers"], numerals["words"]),
        values={name: _mapping(yaml, "values", name) for name in _mapping(yaml, "values")},
        starts=Scan(reader.compile(opening, "starts"), [word for found in words for word in found]),
        by_start=by_start,
        glue={name: reader.compile(text, "glue", name) for name, text in glue.items()},
        edges=tuple(reader.edge(index) for index in range(len(_list(yaml, "boundaries")))),
        examples=reader.examples,
    )


def _by_opening(patterns: Sequence[Pattern]) -> dict[str, tuple[Pattern, ...]]:
    """The patterns that may match what begins with a text, in their order; few can match at any one place."""
    return {
        key: tuple(p for p in patterns if p.openings is None or key in p.openings or key[:1] in p.openings)
        for key in {"", *(word for pattern in patterns for word in pattern.openings or ())}
    }


def _begun(table: Mapping[str, tuple[Pattern, ...]], start: re.Pattern[str]) -> Iterable[str]:
    """With what an expression can begin that opens so: as the rules say, if all of them do, else as `starts` says."""
    return Scan(start).words if table[""] else filter(None, table)


def _at(yaml: Yaml, keys: tuple[str | int, ...]) -> Any:
    value: Any = yaml.value
    for key in keys:
        value = value[key]
    return value


def _mapping(yaml: Yaml, *keys: str | int) -> dict[str, Any]:
    value = _at(yaml, keys)
    if not isinstance(value, dict):
        raise yaml.error("expected a mapping here", *keys)
    return value


def _list(yaml: Yaml, *keys: str | int) -> list[Any]:
    value = _at(yaml, keys)
    if not isinstance(value, list):
        raise yaml.error("expected a list here", *keys)
    return value


def _fold(yaml: Yaml) -> dict[int, str]:
    folded: dict[int, str] = {}
    for target, sources in _mapping(yaml, "fold").items():
        if len(target) != 1 or not isinstance(sources, str):
            raise yaml.error("expected one character and the characters that are read as it", "fold", target)
        folded.update((ord(source), target) for source in sources)
    return folded


def _macros(yaml: Yaml) -> dict[str, str]:
    """The macros, each expanded with those above it."""
    known: dict[str, str] = {}
    for name, text in _mapping(yaml, "macros").items():
        known[name] = _expand(yaml, known, text, "macros", name)
    return known


def _expand(yaml: Yaml, macros: Mapping[str, str], text: object, *keys: str | int) -> str:
    if not isinstance(text, str):
        raise yaml.error("expected a pattern here", *keys)
    unknown = [name for name in _MACRO.findall(text) if name not in macros]
    if unknown:
        raise yaml.error(f"the macro {{{unknown[0]}}} is not defined above", *keys)
    return _MACRO.sub(lambda found: f"(?:{macros[found[1]]})", text)


@dataclass(slots=True)
class _Reader:
    """Compiles patterns and says on which line one is wrong."""

    yaml: Yaml
    macros: Mapping[str, str]
    examples: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]

    def __init__(self, yaml: Yaml, macros: Mapping[str, str]) -> None:
        self.yaml = yaml
        self.macros = macros
        self.examples = {}

    def expand(self, text: object, *keys: str | int) -> str:
        return _expand(self.yaml, self.macros, text, *keys)

    def compile(self, text: object, *keys: str | int) -> re.Pattern[str]:
        try:
            return re.compile(self.expand(text, *keys), re.VERBOSE)
        except re.error as problem:
            raise self.yaml.error(f"not a regular expression: {problem}", *keys) from problem

    def rule(self, index: int) -> Pattern:
        keys = ("rules", index)
        entry = _mapping(self.yaml, *keys)
        check_keys(
            self.yaml, keys, entry, _RULE_KEYS, ("id", "kind", "resolver", "starts", "pattern", "like", "unlike")
        )
        self.known(entry["kind"], get_args(Kind), *keys, "kind")
        self.known(entry["resolver"], RESOLVERS, *keys, "resolver")
        self.known(entry.get("base", "publication"), ("publication", "previous", "next"), *keys, "base")
        for name in ("like", "unlike"):
            for number, text in enumerate(_list(self.yaml, *keys, name)):
                if not isinstance(text, str):
                    raise self.yaml.error(f"expected a text, found {text!r}", *keys, name, number)
        for start in _list(self.yaml, *keys, "starts"):
            self.known(start, _mapping(self.yaml, "starts"), *keys, "starts")
        if entry["id"] in self.examples:
            raise self.yaml.error(f"the rule {entry['id']!r} stands twice", *keys, "id")
        self.examples[entry["id"]] = (
            tuple(_list(self.yaml, *keys, "like")),
            tuple(_list(self.yaml, *keys, "unlike")),
        )
        rule = TimeRule(**{name: entry[name] for name in _SETTINGS if name in entry})
        preset = _mapping(self.yaml, *keys, "set") if "set" in entry else {}
        regex = self.compile(entry["pattern"], *keys, "pattern")
        return Pattern(rule, regex, preset, first_words(regex.pattern, regex.flags, longest=2))

    def edge(self, index: int) -> Edge:
        keys = ("boundaries", index)
        entry = _mapping(self.yaml, *keys)
        check_keys(self.yaml, keys, entry, _BOUNDARY_KEYS, ("id", "effect", "pattern"))
        self.known(entry["effect"], EFFECTS, *keys, "effect")
        rules = entry.get("rules", [])
        for rule in rules:
            self.known(rule, self.examples, *keys, "rules")
        before = {
            name: self.compile(f"(?:{entry[name]})$", *keys, name) if name in entry else None
            for name in ("after", "not_after")
        }
        return Edge(
            effect=entry["effect"],
            regex=self.compile(entry["pattern"], *keys, "pattern"),
            absorb=entry.get("absorb", False),
            after=before["after"],
            not_after=before["not_after"],
            rules=frozenset(rules),
        )

    def known(self, value: object, choices: Collection[str], *keys: str | int) -> None:
        if value not in choices:
            raise self.yaml.error(f"{value!r} is not one of {', '.join(sorted(choices))}", *keys)
