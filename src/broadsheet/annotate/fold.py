"""Compare text in one script, or without accents, and never move an offset."""

from functools import lru_cache

FIRST, LAST = 0x3400, 0x9FFF
ACCENTED = (0xC0, 0x250)
# What no decomposition tells.
LIKE = {"'": "’ʼ‘", "-": "‐‑", " ": "\u00a0\u2009\u202f", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "d": "đ", "D": "Đ",
        "i": "ı"}  # fmt: skip


@lru_cache(maxsize=4)
def fold_table(config: str) -> dict[int, str]:
    """A `str.translate` table that maps each character on its own, so that lengths never change.

    Args:
        config: OpenCC conversions, for example `t2s` or `t2s hk2s`: a later one says what none before it does;
            `latin` for letters without accents; empty for none.
    """
    if config == "latin":
        return _latin()
    table: dict[int, str] = {}
    for conversion in config.split():
        targets = set(table.values())
        found = {point: to for point, to in _converted(conversion).items() if chr(point) not in targets}
        table = {point: to.translate(table) for point, to in found.items()} | table
    return table


def _converted(conversion: str) -> dict[int, str]:
    """The ideographs an OpenCC conversion changes, each alone."""
    from opencc import OpenCC

    points = range(FIRST, LAST + 1)
    folded = OpenCC(conversion).convert("\n".join(map(chr, points))).split("\n")
    return {point: to for point, to in zip(points, folded, strict=True) if len(to) == 1 and ord(to) != point}


def _latin() -> dict[int, str]:
    """Letters without their accents, and one apostrophe, hyphen and space for all there are."""
    from unicodedata import normalize

    table = {ord(letter): plain for plain, letters in LIKE.items() for letter in letters}
    for point in range(*ACCENTED):
        plain = normalize("NFKD", chr(point))[0]
        if plain.isascii() and plain.isalpha():
            table[point] = plain
    return table
