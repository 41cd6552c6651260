"""How a language puts its words: run together, or apart and with capital letters."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Writing:
    """What the rules of a pack have to know of its writing.

    Attributes:
        apart: Words stand apart: rules over words match whole words only, in lower case, and spaces may part a phrase.
        stretch: How many characters say what one says where words run together; distances grow by it.
    """

    apart: bool = False
    stretch: int = 1

    @property
    def gap(self) -> str:
        """Pattern of what may stand between two parts of a phrase."""
        return " ?" if self.apart else ""

    def plain(self, text: str) -> str:
        """The text in the letters function words are written in; same length."""
        lower = text.lower() if self.apart else text
        return lower if len(lower) == len(text) else text

    def any_of(self, words: Iterable[str]) -> str:
        """A pattern for any of the words, longest first; whole ones where words stand apart."""
        if not self.apart:
            return alternation(words)
        kinds: dict[tuple[str, str], list[str]] = {}
        for word in sorted(set(words)):
            before = r"(?<!\w)" if word[0].isalnum() else ""
            kinds.setdefault((before, r"(?!\w)" if word[-1].isalnum() else ""), []).append(word)
        return (
            "|".join(f"{before}(?:{alternation(alike)}){after}" for (before, after), alike in kinds.items()) or "(?!)"
        )


TOGETHER: Final = Writing()


def alternation(words: Iterable[str]) -> str:
    """A pattern for any of the words, longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda w: (-len(w), w)))
