"""From a source file to a document: decode, peel and split, read, interpret, choose."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from broadsheet.document import Article, Basis, ByteMap, Document, Origin, Reject, SourceFile, SourceStatus, SourceText
from broadsheet.parse import bodies
from broadsheet.parse.bodies.nodes import Node
from broadsheet.parse.choice import Choice
from broadsheet.parse.choose import choose
from broadsheet.parse.dating import archived
from broadsheet.parse.decode import Decoded, decode, is_binary
from broadsheet.parse.fields.urls import host
from broadsheet.parse.layers.json_text import is_json
from broadsheet.parse.parts import Part, format_of, parts_of
from broadsheet.parse.publishers.apply import Interpretation, interpret
from broadsheet.parse.publishers.assign import layout_of
from broadsheet.parse.publishers.find import by_name, find
from broadsheet.parse.publishers.model import Layout, Profile
from broadsheet.parse.readings import EDGE_SPACE, Reading, bare

if TYPE_CHECKING:
    from broadsheet.project import Collection

ARCHIVE_ERROR: Final = re.compile(
    r"Wayback Machine (?:has not archived|doesn.t have) (?:that|this) (?:URL|page)|page cannot be (?:crawled|displayed)"
    r"|This URL has been excluded from the Wayback Machine|Got an HTTP \d{3} response at crawl time"
    r"|^\s*(?:404|403|50[0-4])\b.{0,40}(?:Not Found|Forbidden|Error|Gateway|Unavailable)"
    r"|^\s*(?:Error 404\b|Page Not Found\b|Temporarily Offline\s*$|(?:Internet Archive )?Wayback Machine\s*$"
    r"|Access Denied\s*$|Just a moment\.\.\.\s*$|Attention Required!|Are you a robot\?)",
    re.IGNORECASE,
)
ARCHIVE_WORDS: Final = ("Wayback", "age cannot be", "crawl time")
MOST_LINKS: Final = 0.8
MANY_LINKS: Final = 5
LONGEST_BYLINE: Final = 80
OPENING: Final = 3
BYLINE: Final = re.compile(r"[□■◎●（(\s]{0,3}.{0,8}(?:记者|記者|通讯员|特派员)|.{0,16}\d日(?:电|電|讯|訊)\Z")
AGENCY: Final = re.compile(r"[（(【]?(?:据)?(新华社|新華社|新华网|中新社|中新网|央视网消息|法新社|中央社)")
MOST_LINKED_ITEM: Final = 0.6
NO_ARTICLE: Final = frozenset({"not-article"})
NOTHING: Final = NO_ARTICLE | {"navigation-only"}
STATUSES: Final[tuple[SourceStatus, ...]] = ("parsed", "empty", "not_article")
"""Of several parts, the one status that counts for the file comes first."""


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


def _rejected(source: SourceFile, reject: Reject, status: SourceStatus = "rejected") -> Document:
    return Document(source, "", "utf-8", ByteMap(), (), status, rejects=(reject,))


def _parse(source: SourceFile, collection: "Collection") -> Document:
    if not source.data:
        return _rejected(source, Reject("file-empty", "The file has no bytes."), "empty")
    if is_binary(source.data):
        return _rejected(source, Reject("file-binary", "The file is not text in any encoding known here."))
    origin = source.origin or Origin()
    decoded = decode(source.data, origin.charset)
    parts, rejects = parts_of(decoded.text, collection.format)
    for part in parts:
        part.readings += _told_by(origin, alone=len(parts) == 1)
    reader = _Reader(source, decoded, collection, [*decoded.rejects, *rejects])
    for part in parts:
        reader.read(part)
    return reader.document(parts)


def _told_by(origin: Origin, *, alone: bool) -> list[Reading]:
    """What an archive says of the file; its address is that of an article only where the file holds no other."""
    told: list[tuple[str, str | None, Basis]] = [
        ("url", origin.url if alone else None, "url"),
        ("archived_at", origin.archived_at, "header"),
    ]
    return [Reading(field, SourceText(value), basis, "archive") for field, value, basis in told if value]


class _Reader:
    """Reads the parts of one file and collects what comes of them."""

    def __init__(self, source: SourceFile, decoded: Decoded, collection: "Collection", rejects: list[Reject]) -> None:
        self.source, self.decoded, self.collection = source, decoded, collection
        self.rejects = rejects
        self.articles: list[Article] = []
        self.statuses: set[SourceStatus] = set()
        self.rights: list[str] = []
        self.stamps: list[datetime | None] = []

    def read(self, part: Part) -> None:
        """One part: its publisher, its text, its status, and its article if it is one."""
        body = bodies.read(part.kind, part.inner, lines=part.lines)
        place = part.inner.source_span() if body.problems else None
        rejects = [*part.rejects, *(Reject(code, message, span=place) for code, message in body.problems)]
        stamp = archived(part.readings, rejects)
        titles = [r.value for r in part.readings if r.field == "title"]
        if not titles and (heading := _heading(body.nodes)):
            part.readings.append(heading)
            titles = [heading.value]
        profile, publisher, layout, found = self._interpreted(part, body.nodes, titles)
        part.readings += found.readings
        if part.item and _links_elsewhere(part, found):
            found.links = [replace(link, relation="related") for link in found.links]
            found.blocks = []
        status, reject = self._judge(part, titles, found)
        self.statuses.add(status)
        self.stamps.append(stamp)
        self.rights += [r.value for r in part.readings if r.field == "rights"] + found.notices
        if reject:
            self.rejects += [*rejects, *([reject] if reject not in rejects else ())]
            return
        choice = Choice(
            text=self.decoded.text[part.span.start : part.span.end],
            path=self.source.path,
            span=part.span,
            readings=part.readings,
            found=found,
            profile=profile,
            layout=layout,
            publisher=publisher,
            collection=self.collection,
            archived_at=stamp,
            position=len(self.articles),
        )
        self.articles.append(choose(choice))
        number = choice.position if part.item else None
        self.rejects += [replace(r, position=number) if part.item and r.position is None else r for r in rejects]
        self.rejects += choice.rejects

    def _interpreted(
        self, part: Part, nodes: Sequence[Node], titles: Sequence[str]
    ) -> tuple[Profile, str | None, Layout, Interpretation]:
        """The body as its publisher's habits have it; a publisher that only the body names is looked for in it."""
        profile, publisher = find(part.readings, nodes, self.collection.publisher)
        if self.collection.path and (home := host(self.collection.path)):
            profile = replace(profile, domains=(*profile.domains, home))
        layout = layout_of(profile, nodes)
        found = interpret(nodes, profile, layout, titles)
        if publisher is None and (publisher := _credited(found)) and (known := by_name(publisher)):
            profile, publisher, layout = known, known.name, layout_of(known, nodes)
            found = interpret(nodes, profile, layout, titles)
        return profile, publisher, layout, found

    def document(self, parts: Sequence[Part]) -> Document:
        """What all parts together make."""
        text, encoding = self.decoded.text, self.decoded.encoding
        return Document(
            source=self.source,
            text=text,
            encoding=encoding,
            byte_map=ByteMap(text, encoding, self.decoded.lossy),
            layers=format_of(parts),
            status=next((s for s in STATUSES if s in self.statuses), "empty"),
            archived_at=self.stamps[0] if len(set(self.stamps)) == 1 else None,
            rights_statement="\n".join(dict.fromkeys(self.rights)) or None,
            articles=tuple(self.articles),
            rejects=tuple(self.rejects),
        )

    def _judge(self, part: Part, titles: list[str], found: Interpretation) -> tuple[SourceStatus, Reject | None]:
        """The status of a part, and why it gives no article row, if it does not."""
        known = bool(titles) or any(r.field in ("url", "original_url") for r in part.readings)
        told = next((reject for reject in part.rejects if reject.code in (NO_ARTICLE if known else NOTHING)), None)
        if told:
            return "not_article", told
        reason = (None if part.item and not found.blocks else _no_article(titles, found)) or self._is_record(part)
        if reason:
            return "not_article", Reject("not-article", reason, span=part.span if part.item else None)
        if found.blocks:
            return "parsed", None
        if known:
            return "empty", None
        whole = "item" if part.item else "file"
        message = f"The {whole} holds neither a title nor any text."
        return "empty", Reject("body-empty", message, span=part.span if part.item else None)

    def _is_record(self, part: Part) -> str | None:
        """Why data is no article: its keys and quotes would pass for text."""
        if part.layers:
            return None
        text = self.decoded.text.strip(EDGE_SPACE)
        if not text.startswith(("{", "[")) or not text.endswith(("}", "]")) or not is_json(text):
            return None
        return "A JSON record; no layer reads this format."


def _heading(nodes: Sequence[Node]) -> Reading | None:
    """The title a body opens with, where nothing around it gives one; a date or byline may stand before it."""
    opening = [node for node in nodes if node.text][:2]
    for node in opening:
        byline = BYLINE.match(node.text.text)
        if node.kind == "heading" and not byline:
            return Reading("title", node.text, "body", "body.heading")
        if len(node.text) > LONGEST_BYLINE:
            break
    return None


def _credited(found: Interpretation) -> str | None:
    """The publisher that the text itself names, where nothing around it does: a credit line, or the dateline."""
    named = next((r.value for r in found.readings if r.field == "publisher"), None)
    opening = [block.text.text for block in found.blocks[:OPENING]] if named is None else []
    dateline = next((match for match in map(AGENCY.match, opening) if match), None)
    return named or (dateline[1].removesuffix("消息") if dateline else None)


def _links_elsewhere(part: Part, found: Interpretation) -> bool:
    """Whether an item that has an address of its own holds nothing but links to other reports with their publishers."""
    if not found.links or len(found.blocks) > len(found.links) or not any(r.field == "url" for r in part.readings):
        return False
    linked = sum(len(link.text or "") for link in found.links)
    return linked >= MOST_LINKED_ITEM * sum(len(block.text) for block in found.blocks)


def _no_article(titles: list[str], found: Interpretation) -> str | None:
    """Why a page is no article: an error page of an archive, or little but links."""
    text = "\n".join(block.text.text for block in found.blocks)
    for place in (*titles, text[:2000] if len(text) < 4000 else ""):
        if ARCHIVE_ERROR.match(place) or (any(map(place.__contains__, ARCHIVE_WORDS)) and ARCHIVE_ERROR.search(place)):
            return "An error page of a web archive or server."
    if len(found.links) >= MANY_LINKS:
        linked = sum(len(bare(link.text or "")) for link in found.links)
        if linked >= MOST_LINKS * max(len(bare(text)), 1):
            return f"A list of {len(found.links)} links with hardly any text of its own."
    return None
