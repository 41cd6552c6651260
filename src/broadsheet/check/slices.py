"""Does a stretch of a file give the text it is said to give? The one verdict, used by `check` and `trace`.

The rule is the promise of the tables: decoded bytes equal the text (`exact`), or do after tags, character references
and white space are removed from both (`decoded`; escapes of JSON are decoded too). Anything else is a `mismatch`.
"""

from typing import Literal

from broadsheet.engine.slices import alike

Verdict = Literal["exact", "decoded", "mismatch"]


def verdict(data: bytes, encoding: str | None, start: int, end: int, text: str) -> tuple[Verdict, str]:
    """How `text` follows from the bytes `start` to `end` of a file, and those bytes decoded."""
    if not 0 <= start <= end <= len(data):
        return "mismatch", ""
    found = decode(data[start:end], encoding)
    if found == text:
        return "exact", found
    return ("decoded" if alike(found, text) else "mismatch"), found


def decode(data: bytes, encoding: str | None) -> str:
    """The bytes as text; a codec nobody knows counts as UTF-8."""
    try:
        return data.decode(encoding or "utf-8", "replace")
    except LookupError:
        return data.decode("utf-8", "replace")
