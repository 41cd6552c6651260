"""Regular expressions of others, in the dialect that DuckDB reads: RE2, whose time is linear whoever wrote them."""

import re
from typing import Final

_WORD: Final = r"\p{L}\p{M}\p{N}_"
_TOKEN: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\(.)|(-\[)|([\[\]])|[^\\\[\]]", re.DOTALL)
_BROKEN: Final = ("missing )", "missing ]", "unexpected )", "trailing \\", "no argument")


def as_re2(pattern: str) -> str:
    r"""The same pattern for RE2: letters and digits of every script, as XML Schema and Python have `\w` and `\d`.

    What RE2 has no word for stays as it is, and is refused by it; so is the subtraction of classes of XML Schema, which
    it would take for something else.
    """
    parts: list[str] = []
    inside = False
    for found in _TOKEN.finditer(pattern):
        code, escaped, subtracted, bracket = found.groups()
        if code:
            parts.append(rf"\x{{{code}}}")
        elif escaped == "w":
            parts.append(_WORD if inside else f"[{_WORD}]")
        elif escaped == "W" and not inside:
            parts.append(f"[^{_WORD}]")
        elif escaped in ("d", "Z"):
            parts.append(r"\p{Nd}" if escaped == "d" else r"\z")
        elif subtracted:
            parts.append(r"\i" if inside else "-[")  # no escape of RE2
            inside = True
        else:
            inside = bracket == "[" if bracket else inside
            parts.append(found[0])
    return "".join(parts)


def broken(why: str) -> bool:
    """Whether RE2 refused a pattern for what is an error in every dialect."""
    return any(word in why for word in _BROKEN)
