"""Finding time expressions: one pass from left to right, the longest reading at each place."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, cast

from broadsheet.annotate.times.lexicon import Edge, Lexicon, Pattern, read_lexicon
from broadsheet.annotate.times.values import Boundary, Scalar, TimeMatch

FILE_NAME: Final = "times.yaml"
# How far back a word that opens or blurs an expression may reach; bounds the work per match.
_LOOK_BACK: Final = 6


@dataclass(frozen=True, slots=True)
class TimeGrammar:
    """The time grammar of a pack."""

    lexicon: Lexicon

    @classmethod
    def load(cls, pack_dir: Path) -> "TimeGrammar":
        """Read `times.yaml` of a pack.

        Raises:
            BroadsheetError: If the file is missing or wrong, with the line.
        """
        return cls(read_lexicon(pack_dir / FILE_NAME))

    def find(self, text: str) -> list[TimeMatch]:
        """The time expressions of a text, ascending, none overlapping; offsets are code points."""
        folded = text.translate(self.lexicon.fold)
        found: list[TimeMatch] = []
        end = 0
        for place in self.lexicon.starts.finditer(folded):
            if place.start() < end:
                continue
            match = self._phrase(folded, place.start(), place.lastgroup, outer=True)
            if match is None:
                continue
            match = self._edges(folded, self._about(folded, match, end))
            found.append(_with_text(match, text))
            end = match.end
        return found

    def _phrase(self, text: str, start: int, group: str | None, *, outer: bool) -> TimeMatch | None:
        """A date with its apposition, and the other end if it is a range."""
        match = self._part(text, start, group, outer=outer)
        if match is None or match.kind not in ("date", "interval"):
            return match
        joint = self.lexicon.glue["range"].match(text, match.end)
        kinds: tuple[str, ...] = ("date", "interval")
        if joint is None and match.kind == "date":  # Monday and Tuesday; not last year and this year
            joint, kinds = self.lexicon.glue["both"].match(text, match.end), ("date",)
        if joint is None:
            return match
        until = self._part(text, joint.end(), self._group(text, joint.end()), outer=outer)
        if until is None or until.kind not in kinds:
            return match
        return replace(match, end=until.end, kind="interval", until=until)

    def _part(self, text: str, start: int, group: str | None, *, outer: bool) -> TimeMatch | None:
        match = self._core(text, start, group)
        if match is None or match.kind not in ("date", "interval"):
            return match
        stated = self._beside(text, match)
        if stated is not None:
            match = replace(match, end=stated.end, stated=stated)
        elif outer:
            match = self._bracket(text, match)
        if match.stated is not None and match.head.clock:
            match = replace(match, end=self._clock(text, match.end))
        return match

    def _core(self, text: str, start: int, group: str | None) -> TimeMatch | None:
        """The longest match of one rule; of equals the one that stands first in the pack."""
        best: tuple[Pattern, re.Match[str]] | None = None
        patterns = self.lexicon.by_start[group] if group else {"": ()}
        for pattern in patterns.get(text[start : start + 2]) or patterns.get(text[start : start + 1]) or patterns[""]:
            match = pattern.regex.match(text, start)
            if match and match.end() > start and (best is None or match.end() > best[1].end()):
                best = pattern, match
        if best is None:
            return None
        pattern, match = best
        fields = self._fields(pattern, match)
        if fields is None:
            return None
        rule = pattern.rule
        elided = any(name.endswith("_from") for name in fields)
        kind = "interval" if rule.kind == "date" and elided else rule.kind
        end = self._clock(text, match.end()) if rule.clock else match.end()
        return TimeMatch(start, end, "", kind, rule.id, rule, fields, approximate="many" in fields)

    def _fields(self, pattern: Pattern, match: re.Match[str]) -> dict[str, Scalar] | None:
        """Named groups as values; None if a numeral cannot be read."""
        fields: dict[str, Scalar] = dict(pattern.preset)
        for name, text in match.groupdict().items():
            if text is None:
                continue
            name = name.rstrip("0123456789")  # noqa: PLW2901 - one name may stand at several places of a pattern
            words = self.lexicon.values.get(name)
            value = words.get(text, words.get("*")) if words is not None else self.lexicon.numerals.read(text)
            if value is None:
                return None
            fields[name] = value
        return fields

    def _group(self, text: str, position: int) -> str | None:
        place = self.lexicon.starts.match(text, position)
        return place.lastgroup if place else None

    def _clock(self, text: str, position: int) -> int:
        found = self.lexicon.glue["clock"].match(text, position)
        return found.end() if found else position

    def _beside(self, text: str, match: TimeMatch) -> TimeMatch | None:
        """A date right after its weekday, or a weekday right after its date."""
        if match.head.appose is None:
            return None
        gap = self.lexicon.glue["beside"].match(text, match.end)
        position = gap.end() if gap else match.end
        other = self._core(text, position, self._group(text, position))
        if other is None or other.head.appose in (None, match.head.appose):
            return None
        return other

    def _bracket(self, text: str, match: TimeMatch) -> TimeMatch:
        opening = self.lexicon.glue["bracket_open"].match(text, match.end)
        if opening is None:
            return match
        inner = self._phrase(text, opening.end(), self._group(text, opening.end()), outer=False)
        closing = self.lexicon.glue["bracket_close"].match(text, inner.end) if inner else None
        if inner is None or closing is None or inner.kind not in ("date", "interval"):
            return match
        return replace(match, end=closing.end(), stated=inner)

    def _about(self, text: str, match: TimeMatch, floor: int) -> TimeMatch:
        """With the word for about or almost that stands before it."""
        if not match.head.loose:
            return match
        begin = max(floor, match.start - _LOOK_BACK)
        found = self.lexicon.glue["about_before"].search(text[begin : match.start])
        return replace(match, start=begin + found.start(), approximate=True) if found else match

    def _edges(self, text: str, match: TimeMatch) -> TimeMatch:
        after = self.lexicon.glue["about_after"].match(text, match.end)
        if after:
            match = replace(match, end=after.end(), approximate=True)
        if match.kind not in ("date", "interval"):
            return match
        before = text[max(0, match.start - _LOOK_BACK) : match.start]
        for edge in self.lexicon.edges:
            found = edge.regex.match(text, match.end)
            if found and _applies(edge, match, before):
                end = found.end() if edge.absorb else match.end
                if edge.effect == "about":
                    return replace(match, end=end, approximate=True)
                return replace(match, end=end, kind="interval", boundary=cast(Boundary, edge.effect))
        return match


def _applies(edge: Edge, match: TimeMatch, before: str) -> bool:
    rule = match.until.rule if match.until else match.rule
    return (
        (not edge.rules or rule in edge.rules)
        and (edge.after is None or edge.after.search(before) is not None)
        and (edge.not_after is None or edge.not_after.search(before) is None)
    )


def _with_text(match: TimeMatch, text: str) -> TimeMatch:
    return replace(
        match,
        text=text[match.start : match.end],
        stated=_with_text(match.stated, text) if match.stated else None,
        until=_with_text(match.until, text) if match.until else None,
    )
