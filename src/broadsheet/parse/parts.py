"""From the text of a file to its parts: layers peeled, files of many split; each part may be an article."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from broadsheet.document import Reject, SourceText, Span, concatenate
from broadsheet.parse import bodies
from broadsheet.parse.layers import LAYERS, peel_all, title_line
from broadsheet.parse.readings import Item, Peeled, Reading

MARKUP: Final = re.compile(r"^\s{0,3}#{1,6}[ \t]\S|\]\([^()\s]|\*\*\S|^[ \t]*(?:```|>)|<[A-Za-z/!]", re.M)
DASHED: Final = re.compile(r"^[ \t]*- \S", re.M)
FILLED: Final = re.compile(r"^.*\S", re.M)
PADDING: Final = re.compile(r"[^\0]+")


@dataclass(slots=True)
class Part:
    """What may be an article: all layers around it are peeled, its body is not yet read.

    Attributes:
        inner: The body.
        span: The stretch of the file it takes up.
        readings: What the layers say of it, its own before those it shares with other parts.
        rejects: What could not be used of this part.
        layers: Around it, outermost first.
        kind: Of the body.
        item: Whether it is one of several, or could have been.
        lines: Whether each of its lines is a paragraph.
    """

    inner: SourceText
    span: Span
    readings: list[Reading] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    layers: tuple[str, ...] = ()
    kind: str | None = None
    item: bool = False
    lines: bool = False


def parts_of(text: str, declared: str | None) -> tuple[list[Part], list[Reject]]:
    """The parts of a file in file order, and what the layers around several parts could not use.

    Args:
        text: The decoded file.
        declared: The format a project declares: the layers to look for and the kind of body; a part it leaves out is
            recognized.
    """
    names = frozenset(declared.split("/")) if declared else frozenset()
    allowed = names & LAYERS.keys() or None
    kind = next((k for k in bodies.READERS if k in names), None)
    found: list[Part] = []
    shared: list[Reject] = []
    waiting = [Part(_without_padding(text), Span(0, len(text)))]
    while waiting:
        part = waiting.pop()
        peeled = peel_all(part.inner, allowed, part.layers)
        if peeled and peeled[-1].items:
            shared += [reject for p in peeled for reject in p.rejects]
            waiting += reversed(_split(part, peeled))
        else:
            found.append(_unwrapped(part, peeled, kind))
    return found, shared


def format_of(parts: Sequence[Part]) -> tuple[str, ...]:
    """The layers of a file, outermost first, and the kind of its body; of a file of many, those most parts have."""
    formats = [(*part.layers, part.kind or "plain") for part in parts]
    return formats[0] if len(formats) == 1 else Counter(formats).most_common(1)[0][0]


def _without_padding(text: str) -> SourceText:
    """The text without zero bytes, which pad some files and which no table can hold."""
    whole = SourceText.verbatim(text)
    if "\0" not in text:
        return whole
    return concatenate(whole.slice(*match.span()) for match in PADDING.finditer(text))


def _unwrapped(part: Part, peeled: list[Peeled], declared: str | None) -> Part:
    """The part without its layers; bare text is looked at for a title on its first line."""
    inner = peeled[-1].inner if peeled else part.inner
    kind = next((p.body for p in reversed(peeled) if p.body), part.kind)
    kind = declared or kind or bodies.kind_of(inner.text)
    bare = not peeled and not part.readings and (kind == "plain" or (kind == "markdown" and _is_prose(inner.text)))
    if bare and (titled := title_line.peel(inner)):
        kind = declared or "plain"
        peeled, inner = [titled], titled.inner
    return Part(
        inner=inner,
        span=part.span,
        readings=_joined(part, peeled),
        rejects=[*part.rejects, *(reject for p in peeled for reject in p.rejects)],
        layers=(*part.layers, *(p.name for p in peeled)),
        kind=kind,
        item=part.item,
        lines=any(p.lines for p in peeled),
    )


def _is_prose(text: str) -> bool:
    """Whether nothing but dashes before some lines speaks for Markdown: bare text quotes so too."""
    return not MARKUP.search(text) and 2 * len(DASHED.findall(text)) < len(FILLED.findall(text))


def _joined(part: Part, peeled: Sequence[Peeled]) -> list[Reading]:
    """The readings of a part and of layers inside it: a part's own readings come before what it shares."""
    inside = [reading for p in peeled for reading in p.readings]
    return [*part.readings, *inside]


def _split(part: Part, peeled: list[Peeled]) -> list[Part]:
    """The items of the innermost layer as parts of their own."""
    items = peeled[-1].items
    layers = (*part.layers, *(p.name for p in peeled))
    shared = _joined(part, peeled)
    spans = _spans(items, part.span)
    return [
        Part(item.inner, span, [*item.readings, *shared], [*part.rejects, *item.rejects], layers, item.body, item=True)
        for item, span in zip(items, spans, strict=True)
    ]


def _spans(items: Sequence[Item], around: Span) -> list[Span]:
    """The stretch of each item: its own, or from its first character to the next item."""
    starts = [_start(item, around) for item in items]
    ends = [*starts[1:], around.end]
    return [item.span or Span(start, max(start, end)) for item, start, end in zip(items, starts, ends, strict=True)]


def _start(item: Item, around: Span) -> int:
    if item.span:
        return item.span.start
    places = [text.source_span() for text in (item.inner, *(reading.text for reading in item.readings))]
    return min((place.start for place in places if place and place.start >= around.start), default=around.start)
