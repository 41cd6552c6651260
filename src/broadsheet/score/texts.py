"""Comparing texts of two readers: what counts as the same, and how positions in one are positions in the other."""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

TITLE = -1  # paragraph number of the title in the gold
Spot = tuple[int, int, int]  # gold paragraph, start and end in its normalized text


def normalized(text: str | None) -> str:
    """NFKC without white space, format and control characters."""
    folded = unicodedata.normalize("NFKC", text or "")
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc"))


class Alignment:
    """Where texts of a predicted article stand in the gold one.

    Paragraphs are paired if they read the same, or the same as an accepted form of the gold paragraph. A form that
    starts earlier or later than the paragraph carries the shift in normalized characters.
    """

    def __init__(self, gold: Mapping[str, Any], title: str | None, body: str) -> None:
        texts = {TITLE: gold["title"], **dict(enumerate(gold["paragraphs"]))}
        forms = _forms(gold, texts)
        self._body: list[tuple[int, str, int | None, int]] = []
        taken: set[int] = set()
        offset = 0
        for text in body.split("\n\n"):
            pair = next((p for p in forms[normalized(text)] if p[0] not in taken and p[0] != TITLE), None)
            if pair:
                taken.add(pair[0])
            self._body.append((offset, text, pair[0] if pair else None, pair[1] if pair else 0))
            offset += len(text) + 2
        self._title = title or ""
        self._title_shift = next((shift for part, shift in forms[normalized(title)] if part == TITLE), None)

    def spot(self, field: str, start: int, end: int) -> Spot | None:
        """A span of title or body in the gold's coordinates, cut at its paragraph's end; None if not in gold text."""
        if field == "title":
            if self._title_shift is None:
                return None
            first, last = (len(normalized(self._title[:at])) - self._title_shift for at in (start, end))
            return TITLE, first, last
        for offset, text, part, shift in self._body:
            if offset <= start < offset + len(text) and part is not None:
                inside = (start - offset, min(end - offset, len(text)))
                first, last = (len(normalized(text[:at])) - shift for at in inside)
                return part, first, last
        return None


def _forms(gold: Mapping[str, Any], texts: Mapping[int, str]) -> defaultdict[str, list[tuple[int, int]]]:
    """Normalized text -> (gold paragraph, shift) of everything accepted, the paragraphs themselves first."""
    forms: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for part, text in texts.items():
        forms[normalized(text)].append((part, 0))
    for form in gold.get("text_alts", ()):
        ahead = form["shift"]
        start = form["text"][:ahead] if ahead >= 0 else texts[form["para"]][:-ahead]
        shift = len(normalized(start)) * (1 if ahead >= 0 else -1)
        forms[normalized(form["text"])].append((form["para"], shift))
    if "text_alts" not in gold and "dateline" in gold:
        length = gold["dateline"]["end"]
        forms[normalized(texts[0][length:])].append((0, -len(normalized(texts[0][:length]))))
    return forms


def gold_spot(texts: Callable[[int], str], span: Mapping[str, Any], part: int | None = None) -> Spot:
    """A gold span in normalized coordinates."""
    number = span["para"] if part is None else part
    text = texts(number)
    return number, len(normalized(text[: span["start"]])), len(normalized(text[: span["end"]]))


def overlap(left: Spot, right: Spot) -> bool:
    """Whether two spots share a character."""
    return left[0] == right[0] and left[1] < right[2] and right[1] < left[2]
