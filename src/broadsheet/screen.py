"""Text for a terminal or a log: nothing in it may steer either, and columns line up whatever the script."""

from typing import Final
from unicodedata import combining, east_asian_width

STEER: Final = "##["
"""Anywhere in a line it begins a command of a CI runner."""


def shown(text: str) -> str:
    """A text from a file or path, safe to print: control and direction characters become escapes."""
    plain = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    return plain.replace(STEER, "# #[")


def width(text: str) -> int:
    """Places a text takes on the screen; Chinese characters take two."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def padded(text: str, places: int) -> str:
    """The text, filled with spaces to so many places."""
    return text + " " * (places - width(text))
