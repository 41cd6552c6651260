"""A profile applied to the nodes of a body: what is text, what is caption, byline, notice."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from broadsheet.document import Block, BlockKind, Link, Medium, SourceText
from broadsheet.parse.bodies.nodes import Node
from broadsheet.parse.fields.dates import is_date
from broadsheet.parse.fields.urls import unwrap
from broadsheet.parse.publishers.assign import assigned
from broadsheet.parse.publishers.model import GROUPS, Layout, Profile, Rule
from broadsheet.parse.readings import Reading, trimmed

SUBHEADING_LIMIT = 60
SENTENCE_END = "。！!；;，,、"
APART = frozenset({"caption", "credit"})


@dataclass(slots=True)
class Interpretation:
    """What a body holds, once its publisher's habits are known."""

    blocks: list[Block] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    media: list[Medium] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    truncated: bool = False


def interpret(nodes: Sequence[Node], profile: Profile, layout: Layout, titles: Sequence[str]) -> Interpretation:
    """Sort the nodes of a body into its text and what stands around it.

    Args:
        nodes: The body.
        profile: Of the publisher.
        layout: Of this file.
        titles: Readings of the title; a node at the top that repeats one is no text.
    """
    rules = assigned(nodes, profile, layout, titles)
    result = Interpretation()
    picture = False
    for i, node in enumerate(nodes):
        rule = rules.get(i)
        if node.kind == "image":
            if rule is None and _shows(node.url, profile):
                result.media.append(Medium(unwrap(node.url)))
                picture = True
        elif rule is None:
            words = node.text.text
            if words:
                result.blocks.append(Block(_kind(node, words), node.text))
                if node.inlines:
                    _links(result, node, "body")
            picture = False
        else:
            _set_apart(result, node, rule, profile, picture)
            picture = picture and rule.role in APART
    return result


def _shows(url: str, profile: Profile) -> bool:
    """Whether an image is a picture with an address of its own."""
    return bool(url) and not url.startswith("data:") and not any(icon.search(url) for icon in profile.icons)


def _kind(node: Node, words: str) -> BlockKind:
    if node.kind == "heading":
        return "subheading"
    if "strong" in node.marks and len(words) <= SUBHEADING_LIMIT and words[-1] not in SENTENCE_END:
        return "subheading"
    return "paragraph"


def _keep(result: Interpretation, node: Node, text: SourceText, kind: BlockKind | None = None) -> None:
    """Keep a part of a node as text."""
    text = trimmed(text)
    if text.text:
        result.blocks.append(Block(kind or _kind(node, text.text), text))
        _links(result, node, "body")


def _links(result: Interpretation, node: Node, relation: str) -> None:
    for inline in node.inlines:
        url = inline.value.strip()
        if inline.tag == "a" and url and not url.startswith(("#", "javascript:")):
            result.links.append(Link(url, node.text.text[inline.start : inline.end].strip() or None, relation))


def _set_apart(result: Interpretation, node: Node, rule: Rule, profile: Profile, picture: bool) -> None:
    """Do with a node what its role says."""
    match = rule.when.match(node.text.text)
    mined = False
    if match:
        for group, column in GROUPS.items():
            if match.groupdict().get(group):
                result.readings.append(Reading(column, node.text.slice(*match.span(group)), "body", rule.id))
                mined = True
    if rule.role == "date" and not mined:
        result.readings.append(Reading("published", _printed(node), "body", rule.id))
    elif rule.role == "byline" and not mined:
        result.readings.append(Reading("author", node.text, "body", rule.id))
    elif rule.role in ("caption", "credit"):
        _describe(result, node, rule, profile, picture)
    elif rule.role == "notice":
        result.notices.append(node.text.text)
    elif rule.role == "truncated":
        result.truncated = True
    elif rule.role in ("original", "related"):
        _links(result, node, rule.role)
    elif rule.role == "tags":
        result.readings += [
            Reading("tag", node.text.slice(i.start, i.end), "body", rule.id) for i in node.inlines if i.tag == "a"
        ]
    elif rule.role == "url":
        link = next(i for i in node.inlines if i.tag == "a")
        result.readings.append(Reading("url", SourceText(link.value), "body", rule.id))
    if rule.role in ("body", "subheading"):
        _keep(result, node, node.text, "subheading" if rule.role == "subheading" else None)
    elif rule.cut and match:
        rest = node.text.slice(0, match.start()) if match.start() else node.text.slice(match.end(), len(node.text))
        _keep(result, node, rest)


def _printed(node: Node) -> SourceText:
    """The date of a node: the machine-readable value of its `<time>`, if there is one."""
    for inline in node.inlines:
        if inline.tag == "time" and inline.value and is_date(inline.value):
            return SourceText(inline.value)
    return node.text


def _describe(result: Interpretation, node: Node, rule: Rule, profile: Profile, picture: bool) -> None:
    """Give the last image its caption or credit; words about a picture that has no address go nowhere."""
    if not picture or not result.media:
        return
    caption: str | None = node.text.text
    credit = None
    cited = [i for i in node.inlines if i.tag == "cite"]
    if cited:
        credit = node.text.text[cited[0].start : cited[-1].end].strip()
        caption = (node.text.text[: cited[0].start] + node.text.text[cited[-1].end :]).strip()
    match = rule.when.match(node.text.text)
    groups = match.groupdict() if match else {}
    if rule.role == "credit":
        caption, credit = groups.get("caption"), groups.get("credit") or node.text.text
    elif not cited:
        for pattern in profile.captions:
            parted = pattern.search(node.text.text)
            if parted:
                found = parted.groupdict()
                caption, credit = found["caption"].strip(), (found.get("credit") or "").strip()
                break
    last = result.media[-1]
    result.media[-1] = replace(last, caption=last.caption or caption or None, credit=last.credit or credit or None)
