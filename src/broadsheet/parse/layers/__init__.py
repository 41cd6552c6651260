"""Layers: what wraps an article. Each module peels one kind of wrapping, recognized by structure alone."""

from collections.abc import Callable
from typing import Final

from broadsheet.document import SourceText
from broadsheet.parse.layers import feed_entry, front_matter, html_page, page_dump
from broadsheet.parse.readings import Peeled

Layer = Callable[[SourceText], Peeled | None]
LAYERS: Final[dict[str, Layer]] = {
    front_matter.NAME: front_matter.peel,
    feed_entry.NAME: feed_entry.peel,
    html_page.NAME: html_page.peel,
    page_dump.NAME: page_dump.peel,
}


def peel_all(source: SourceText, allowed: frozenset[str] | None = None) -> list[Peeled]:
    """The layers around an article, outermost first; each kind at most once.

    Args:
        source: The file.
        allowed: Layers that may be there; None for any.
    """
    found: list[Peeled] = []
    names: set[str] = set()
    inner, searching = source, True
    while searching:
        searching = False
        for name, peel in LAYERS.items():
            if name in names or (allowed is not None and name not in allowed):
                continue
            peeled = peel(inner)
            if peeled:
                found.append(peeled)
                names.add(name)
                inner, searching = peeled.inner, True
                break
    return found
