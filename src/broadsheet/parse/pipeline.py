"""From a source file to a document: decode, peel, read, interpret, choose."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from broadsheet.document import (
    Article,
    ByteMap,
    Document,
    Reject,
    SourceFile,
    SourceStatus,
    SourceText,
    Span,
    concatenate,
)
from broadsheet.parse import bodies
from broadsheet.parse.bodies.nodes import Body, Node
from broadsheet.parse.choose import Choice, archived, choose
from broadsheet.parse.decode import Decoded, decode, is_binary
from broadsheet.parse.fields.urls import host
from broadsheet.parse.layers import LAYERS, peel_all, title_line
from broadsheet.parse.publishers.apply import Interpretation, interpret, layout_of
from broadsheet.parse.publishers.find import find
from broadsheet.parse.readings import EDGE_SPACE, Peeled, Reading, bare

if TYPE_CHECKING:
    from broadsheet.project import Collection

ARCHIVE_ERROR: Final = re.compile(
    r"Wayback Machine (?:has not archived|doesn.t have) (?:that|this) (?:URL|page)|page cannot be (?:crawled|displayed)"
    r"|This URL has been excluded from the Wayback Machine"
    r"|^\s*(?:404|403|50[0-4])\b.{0,40}(?:Not Found|Forbidden|Error)",
    re.IGNORECASE,
)
MOST_LINKS: Final = 0.8
MANY_LINKS: Final = 5


def parse(source: SourceFile, collection: "Collection") -> Document:
    """Read a file: what it is wrapped in, who wrote it, and the article in it.

    Args:
        source: The file.
        collection: What the project declares about the files of this collection.

    Returns:
        The document. Whatever could not be used is in its rejects; nothing is raised.
    """
    try:
        return _parse(source, collection)
    except Exception as problem:  # noqa: BLE001 - last boundary: one file must not end a build, the reject says why
        message = f"The parser failed: {type(problem).__name__}: {str(problem)[:200]}"
        return _rejected(source, Reject("parse-failed", message))


@dataclass(slots=True)
class _Read:
    """A file read, before its publisher is known."""

    source: SourceFile
    decoded: Decoded
    layers: tuple[str, ...]
    body: Body
    readings: list[Reading]
    rejects: list[Reject]


def _rejected(source: SourceFile, reject: Reject, status: SourceStatus = "rejected") -> Document:
    return Document(source, "", "utf-8", ByteMap(), (), status, rejects=(reject,))


def _parse(source: SourceFile, collection: "Collection") -> Document:
    if not source.data:
        return _rejected(source, Reject("file-empty", "The file has no bytes."), "empty")
    if is_binary(source.data):
        return _rejected(source, Reject("file-binary", "The file is not text in any encoding known here."))
    decoded = decode(source.data)
    whole = _without_padding(decoded.text)
    peeled, kind = _peel(whole, collection.format)
    inner = peeled[-1].inner if peeled else whole
    body = bodies.READERS[kind](inner)
    rejects = [*decoded.rejects, *(r for p in peeled for r in p.rejects)]
    rejects += [Reject(code, message, span=inner.source_span()) for code, message in body.problems]
    readings = [reading for p in peeled for reading in p.readings]
    read = _Read(source, decoded, (*(p.name for p in peeled), kind), body, readings, rejects)
    return _document(read, collection)


def _without_padding(text: str) -> SourceText:
    """The text without zero bytes, which pad some files and which no table can hold."""
    whole = SourceText.verbatim(text)
    if "\0" not in text:
        return whole
    return concatenate(whole.slice(*match.span()) for match in re.finditer(r"[^\0]+", text))


def _peel(whole: SourceText, declared: str | None) -> tuple[list[Peeled], str]:
    """The layers and the kind of the body; a declared format names both, a part it leaves out is recognized."""
    names = frozenset(declared.split("/")) if declared else None
    allowed = names & LAYERS.keys() if names and names & LAYERS.keys() else None
    peeled = peel_all(whole, allowed)
    inner = peeled[-1].inner if peeled else whole
    kind = next((p.body for p in reversed(peeled) if p.body), None)
    kind = next((k for k in bodies.READERS if names and k in names), kind) or bodies.kind_of(inner.text)
    if not peeled and kind == "plain" and (titled := title_line.peel(whole)):
        peeled = [titled]
    return peeled, kind


def _document(read: _Read, collection: "Collection") -> Document:
    stamp = archived(read.readings, read.rejects)
    nodes = read.body.nodes
    links = [i.value for node in nodes for i in node.inlines if i.tag == "a"]
    profile, publisher = find(read.readings, links, collection.publisher)
    if collection.path and (home := host(collection.path)):
        profile = replace(profile, domains=(*profile.domains, home))
    if not any(r.field == "title" for r in read.readings):
        read.readings += _heading(nodes)
    titles = [r.value for r in read.readings if r.field == "title"]
    layout = layout_of(profile, nodes)
    found = interpret(nodes, profile, layout, titles)
    read.readings += found.readings
    status, article = _judge(read, titles, found)
    articles: tuple[Article, ...] = ()
    if article:
        choice = Choice(
            text=read.decoded.text,
            path=read.source.path,
            span=Span(0, len(read.decoded.text)),
            readings=read.readings,
            found=found,
            profile=profile,
            layout=layout,
            publisher=publisher,
            collection=collection,
            archived_at=stamp,
        )
        articles = (choose(choice),)
        read.rejects += choice.rejects
    rights = [r.value for r in read.readings if r.field == "rights"] + found.notices
    return Document(
        source=read.source,
        text=read.decoded.text,
        encoding=read.decoded.encoding,
        byte_map=ByteMap.of(read.decoded.text, read.decoded.encoding, read.decoded.lossy),
        layers=read.layers,
        status=status,
        archived_at=stamp,
        rights_statement="\n".join(dict.fromkeys(rights)) or None,
        articles=articles,
        rejects=tuple(read.rejects),
    )


def _judge(read: _Read, titles: list[str], found: Interpretation) -> tuple[SourceStatus, bool]:
    """The status of the file, and whether it gives an article row; a reject says why it does not."""
    reason = _no_article(titles, found) or _is_record(read)
    if reason:
        read.rejects.append(Reject("not-article", reason))
        return "not_article", False
    if found.blocks:
        return "parsed", True
    if titles or any(r.field in ("url", "original_url") for r in read.readings):
        return "empty", True
    read.rejects.append(Reject("body-empty", "The file holds neither a title nor any text."))
    return "empty", False


def _is_record(read: _Read) -> str | None:
    """Why data is no article: its keys and quotes would pass for text."""
    text = read.decoded.text
    if read.layers != ("plain",) or not text.lstrip(EDGE_SPACE).startswith(("{", "[{")):
        return None
    try:
        json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
    return "A JSON record; no layer reads this format."


def _heading(nodes: Sequence[Node]) -> list[Reading]:
    """The title a body opens with, where nothing around it gives one."""
    opening = [node for node in nodes if node.text][:2]
    for node in opening:
        if node.kind == "heading":
            return [Reading("title", node.text, "body", "body.heading")]
    return []


def _no_article(titles: list[str], found: Interpretation) -> str | None:
    """Why a page is no article: an error page of an archive, or little but links."""
    text = "\n".join(block.text.text for block in found.blocks)
    for place in (*titles, text[:2000] if len(text) < 4000 else ""):
        if ARCHIVE_ERROR.search(place):
            return "An error page of a web archive or server."
    linked = sum(len(bare(link.text or "")) for link in found.links)
    if len(found.links) >= MANY_LINKS and linked >= MOST_LINKS * max(len(bare(text)), 1):
        return f"A list of {len(found.links)} links with hardly any text of its own."
    return None
