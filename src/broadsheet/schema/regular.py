"""Patterns of schemas: read by Python and by RE2, which cannot be made to run for minutes."""

import re
from typing import Final

# Signs, escapes, classes, groups, repetitions, counted ones of one sign only: no look-around, reference, possession.
_PLAIN_PATTERN: Final = re.compile(
    r"(?:"
    r"[^\\\[\](){}*+?]"
    r"|\\[.+*?/|(){}\[\]$^trn-]"
    r"|\[\^?(?:[^\\\[\]]|\\[.\[\]trn-])+\]"
    r"|\((?!\?)|\(\?:|\)"
    r"|[*+?]\??(?![*+?{])"
    r"|(?<!\))\{[0-9]{1,2}(?:,[0-9]{0,2})?\}\??(?![*+?{])"
    r")+"
)
_PLAIN_LENGTH: Final = 200


def both_read(pattern: str) -> bool:
    """Whether a pattern that Python reads is plain enough for RE2 to read it for certain.

    RE2 comes with pyarrow, which takes longer to import than all schemas to read.
    """
    return len(pattern) <= _PLAIN_LENGTH and _PLAIN_PATTERN.fullmatch(pattern) is not None


def read_by_re2(pattern: str) -> None:
    """Have RE2 compile a pattern.

    Raises:
        ValueError: What it says against it (`pyarrow.ArrowInvalid` is one).
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    pc.match_substring_regex(pa.scalar(""), pattern)
