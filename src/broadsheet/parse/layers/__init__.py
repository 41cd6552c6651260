"""Layers: what wraps an article. Each module peels one kind of wrapping, recognized by structure alone."""

from collections.abc import Callable, Collection
from typing import Final

from broadsheet.document import SourceText
from broadsheet.parse.layers import (
    crawl_record,
    day_page,
    digest,
    feed_entry,
    front_matter,
    html_page,
    json_record,
    meta_line,
    page_dump,
    repost_note,
    wiki_tabs,
)
from broadsheet.parse.readings import Peeled

Layer = Callable[[SourceText], Peeled | None]
LAYERS: Final[dict[str, Layer]] = {
    json_record.NAME: json_record.peel,
    crawl_record.NAME: crawl_record.peel,
    front_matter.NAME: front_matter.peel,
    wiki_tabs.NAME: wiki_tabs.peel,
    feed_entry.NAME: feed_entry.peel,
    meta_line.NAME: meta_line.peel,
    html_page.NAME: html_page.peel,
    digest.NAME: digest.peel,
    day_page.NAME: day_page.peel,
    page_dump.NAME: page_dump.peel,
    repost_note.NAME: repost_note.peel,
}


def peel_all(source: SourceText, allowed: frozenset[str] | None = None, around: Collection[str] = ()) -> list[Peeled]:
    """The layers around an article, outermost first; each kind at most once. A layer of many items ends the search.

    Args:
        source: The file, or one item of it.
        allowed: Layers that may be there; None for any.
        around: Layers already peeled; none of them is looked for again.
    """
    found: list[Peeled] = []
    names = set(around)
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
                inner, searching = peeled.inner, not (peeled.items or peeled.last)
                break
    return found
