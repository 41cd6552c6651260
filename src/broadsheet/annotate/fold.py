"""Compare text in one script without moving an offset."""

from functools import lru_cache

FIRST, LAST = 0x3400, 0x9FFF


@lru_cache(maxsize=4)
def fold_table(config: str) -> dict[int, str]:
    """A `str.translate` table that maps each ideograph on its own, so that lengths never change.

    Args:
        config: An OpenCC conversion, for example `t2s`; empty for none.
    """
    if not config:
        return {}
    from opencc import OpenCC

    points = range(FIRST, LAST + 1)
    folded = OpenCC(config).convert("\n".join(map(chr, points))).split("\n")
    return {point: to for point, to in zip(points, folded, strict=True) if len(to) == 1 and ord(to) != point}
