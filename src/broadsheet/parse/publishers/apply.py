"""A profile applied to the nodes of a body: what is text, what is caption, byline, notice."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from broadsheet.document import Block, Link, Medium, SourceText
from broadsheet.parse.bodies.nodes import Node
from broadsheet.parse.fields.dates import AMBIGUOUS, is_date, parse_date
from broadsheet.parse.fields.urls import on_domain, unwrap
from broadsheet.parse.publishers.model import GROUPS, Condition, Layout, Profile, Rule
from broadsheet.parse.readings import Reading, bare, trimmed

PROBED = 6
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


def layout_of(profile: Profile, nodes: Sequence[Node]) -> Layout:
    """The first layout whose probe one of the first nodes fulfils."""
    for layout in profile.layouts:
        if layout.probe is None or any(
            holds(layout.probe, nodes, i, profile) for i in range(min(PROBED, len(nodes))) if nodes[i].text
        ):
            return layout
    return profile.layouts[-1]


def holds(when: Condition, nodes: Sequence[Node], i: int, profile: Profile) -> bool:
    """Whether a condition holds of node `i`."""
    node = nodes[i]
    text = node.text.text
    return (
        (when.max is None or len(text) <= when.max)
        and (not when.marks or when.marks <= node.marks)
        and (not when.inside or not when.inside.isdisjoint(node.element.tags))
        and (not when.outside or when.outside.isdisjoint(node.element.tags))
        and (when.matches is None or when.matches.search(text) is not None)
        and (when.classes is None or when.classes.search(node.element.classes()) is not None)
        and (when.after is None or (i > 0 and nodes[i - 1].kind == when.after))
        and (when.before is None or (i + 1 < len(nodes) and is_date(nodes[i + 1].text.text)))
        and (not when.date or _is_date(node, profile))
        and (not when.own_link or _own_link(node, profile))
    )


def _is_date(node: Node, profile: Profile) -> bool:
    text = node.text.text
    return (
        any(c.isdigit() for c in text) and (AMBIGUOUS.match(text) or parse_date(text, profile.date_order)) is not None
    )


def _own_link(node: Node, profile: Profile) -> bool:
    links = [i.value for i in node.inlines if i.tag == "a"]
    if "a" not in node.marks or len(links) != 1 or len(links[0].rstrip("/").split("/")) <= 3:
        return False
    return any(on_domain(links[0], domain.partition("/")[0]) for domain in profile.domains)


def interpret(nodes: Sequence[Node], profile: Profile, layout: Layout, titles: Sequence[str]) -> Interpretation:
    """Sort the nodes of a body into its text and what stands around it.

    Args:
        nodes: The body.
        profile: Of the publisher.
        layout: Of this file.
        titles: Readings of the title; a node at the top that repeats one is no text.
    """
    rules = _assign(nodes, profile, layout, titles)
    result = Interpretation()
    picture = False
    for i, node in enumerate(nodes):
        rule = rules.get(i)
        if node.kind == "image":
            if node.url and not node.url.startswith("data:"):
                result.media.append(Medium(unwrap(node.url)))
                picture = True
            continue
        if rule is None:
            _keep(result, node, node.text)
        elif not _set_apart(result, node, rule, profile, picture):
            picture = picture and rule.role in APART
            continue
        picture = picture and rule is not None and rule.role in APART
    return result


def _first(rules: Sequence[Rule], nodes: Sequence[Node], i: int, profile: Profile) -> Rule | None:
    """The first rule that holds of a node; most fall away by the length of its text."""
    size = len(nodes[i].text.text)
    for rule in rules:
        longest = rule.when.max
        if (longest is None or size <= longest) and holds(rule.when, nodes, i, profile):
            return rule
    return None


def _assign(nodes: Sequence[Node], profile: Profile, layout: Layout, titles: Sequence[str]) -> dict[int, Rule]:
    """The rule for every node that has one."""
    found: dict[int, Rule] = {}
    texts = [i for i, node in enumerate(nodes) if node.text]
    repeated = {bare(title) for title in titles}
    for i in texts:
        rule = _first(layout.rules.any, nodes, i, profile)
        if rule is None and nodes[i].kind == "caption":
            rule = CAPTION
        if rule:
            found[i] = rule
    for number, i in enumerate(texts):
        if number < PROBED and bare(nodes[i].text.text) in repeated:
            found[i] = TITLE
        if i in found:
            continue
        rule = _first(layout.rules.head, nodes, i, profile)
        if rule is None:
            break
        found[i] = rule
        if rule.cut:
            break
    for i in reversed(texts):
        if i in found:
            continue
        rule = _first(layout.rules.tail, nodes, i, profile)
        if rule is None:
            break
        found[i] = rule
        if rule.cut:
            break
    return found


CAPTION = Rule("html.figure", "caption", Condition())
TITLE = Rule("title.repeated", "note", Condition())


def _keep(result: Interpretation, node: Node, text: SourceText, *, subheading: bool = False) -> None:
    text = text if text is node.text else trimmed(text)
    if not text:
        return
    short = len(text) <= SUBHEADING_LIMIT and text.text[-1] not in SENTENCE_END
    heading = subheading or node.kind == "heading" or ("strong" in node.marks and short)
    result.blocks.append(Block("subheading" if heading else "paragraph", text))
    _links(result, node, "body")


def _links(result: Interpretation, node: Node, relation: str) -> None:
    for inline in node.inlines:
        url = inline.value.strip()
        if inline.tag == "a" and url and not url.startswith(("#", "javascript:")):
            result.links.append(Link(url, node.text.text[inline.start : inline.end].strip() or None, relation))


def _set_apart(result: Interpretation, node: Node, rule: Rule, profile: Profile, picture: bool) -> bool:
    """Do with a node what its role says; True if it (or a part of it) was kept as body text."""
    match = rule.when.matches.search(node.text.text) if rule.when.matches else None
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
    elif rule.role == "url":
        link = next(i for i in node.inlines if i.tag == "a")
        result.readings.append(Reading("url", SourceText(link.value), "body", rule.id))
    if rule.role in ("body", "subheading"):
        _keep(result, node, node.text, subheading=rule.role == "subheading")
        return True
    if rule.cut and match:
        rest = node.text.slice(0, match.start()) if match.start() else node.text.slice(match.end(), len(node.text))
        _keep(result, node, rest)
        return bool(trimmed(rest))
    return False


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
    match = rule.when.matches.search(node.text.text) if rule.when.matches else None
    groups = match.groupdict() if match else {}
    if rule.role == "credit":
        caption, credit = groups.get("caption"), groups.get("credit") or node.text.text
    elif not cited:
        for pattern in profile.captions:
            parted = pattern.search(node.text.text)
            if parted:
                caption, credit = parted["caption"].strip(), parted["credit"].strip()
                break
    last = result.media[-1]
    result.media[-1] = replace(last, caption=last.caption or caption or None, credit=last.credit or credit or None)
