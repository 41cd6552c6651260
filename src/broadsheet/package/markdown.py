"""User text in Markdown and HTML: nothing of it may become markup.

Titles, names and addresses come from a descriptor and from strangers' pages; a README is rendered as HTML by others.
"""

import html
import re
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import quote

SPECIAL: Final = re.compile(r"([\\`*_{}\[\]|~$])")
LEADING: Final = re.compile(r"^([-+=#]|[0-9]+(?=[.)]))")  # what starts a list, a heading or a rule
SAFE_URL: Final = re.compile(r"https?://[^\s]+", re.IGNORECASE)


def escape(text: object) -> str:
    """Text as one line of Markdown that shows just this text."""
    line = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    shown = SPECIAL.sub(r"\\\1", html.escape(line, quote=False))
    return LEADING.sub(_escape_start, shown)


def _escape_start(found: re.Match[str]) -> str:
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"


def link(text: object, url: str | None) -> str:
    """A link where the address is one of the web, else the text alone."""
    if not url or not SAFE_URL.fullmatch(url):
        return escape(text)
    return f"[{escape(text)}]({quote(url, safe=':/?&=%#~@,;+-._')})"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; cells must be escaped already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"
