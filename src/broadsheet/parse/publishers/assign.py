"""Which rule of a profile each node of a body falls under."""

from collections.abc import Sequence

from broadsheet.parse.bodies.nodes import Node
from broadsheet.parse.fields.dates import AMBIGUOUS, DIGIT, is_date, parse_date
from broadsheet.parse.fields.urls import on_domain
from broadsheet.parse.publishers.model import Condition, Layout, Profile, Rule
from broadsheet.parse.publishers.sieve import Sieve, stands
from broadsheet.parse.readings import bare

PROBED = 6
EARLY = frozenset({"byline", "note", "translator"})
"""Roles that short lines near the start may have even behind a lead or a subheading, if their words say so."""
EARLY_LIMIT = 120
CAPTION = Rule("html.figure", "caption", Condition())
TITLE = Rule("title.repeated", "note", Condition())


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
    return (
        (when.max is None or len(node.text.text) <= when.max)
        and stands(when, node.element.tags, node.marks, node.element.classes(), _kind_before(nodes, i))
        and reads(when, nodes, i, profile)
    )


def reads(when: Condition, nodes: Sequence[Node], i: int, profile: Profile) -> bool:
    """Whether what a condition asks of the words of node `i` is so."""
    matches = when.matches is None or when.match(nodes[i].text.text) is not None
    return matches and _tells(when, nodes, i, profile)


def _tells(when: Condition, nodes: Sequence[Node], i: int, profile: Profile) -> bool:
    """Whether the words of node `i` are of the kind a condition asks for, and those behind it."""
    node = nodes[i]
    return (
        (when.before is None or (i + 1 < len(nodes) and is_date(nodes[i + 1].text.text)))
        and (not when.date or _is_date(node, profile))
        and (not when.own_link or _own_link(node, profile))
    )


def _kind_before(nodes: Sequence[Node], i: int) -> str:
    return nodes[i - 1].kind if i else ""


def _is_date(node: Node, profile: Profile) -> bool:
    text = node.text.text
    return (
        DIGIT.search(text) is not None and (AMBIGUOUS.match(text) or parse_date(text, profile.date_order)) is not None
    )


def _own_link(node: Node, profile: Profile) -> bool:
    links = [i.value for i in node.inlines if i.tag == "a"]
    if "a" not in node.marks or len(links) != 1 or len(links[0].rstrip("/").split("/")) <= 3:
        return False
    return any(on_domain(links[0], domain.partition("/")[0]) for domain in profile.domains)


def assigned(nodes: Sequence[Node], profile: Profile, layout: Layout, titles: Sequence[str]) -> dict[int, Rule]:
    """The rule for every node that has one, by its number; the others are text. Arguments as for `interpret`."""
    return _Assignment(nodes, profile, layout).made(titles)


class _Assignment:
    """The rule for every node that has one."""

    def __init__(self, nodes: Sequence[Node], profile: Profile, layout: Layout) -> None:
        self.nodes, self.profile, self.layout = nodes, profile, layout
        self.found: dict[int, Rule] = {}

    def made(self, titles: Sequence[str]) -> dict[int, Rule]:
        """The rules: anywhere, then from the start while they hold, then from the end while they hold."""
        self._anywhere()
        self._from_the_start(titles)
        self._from_the_end()
        return self.found

    def _anywhere(self) -> None:
        sieve = self.layout.rules.any
        before = ""
        for i, node in enumerate(self.nodes):
            if node.text.text:
                candidates = sieve.candidates(node, before)
                rule = self._first(candidates, i) if candidates else None
                if rule is None and node.kind == "caption":
                    rule = CAPTION
                if rule:
                    self.found[i] = rule
                    if rule.rest:
                        self._close(i, rule)
                        break
            before = node.kind

    def _from_the_start(self, titles: Sequence[str]) -> None:
        repeated = {bare(title) for title in titles}
        longest = 2 * max(map(len, titles), default=0)
        number, leading = 0, True
        for i, node in enumerate(self.nodes):
            text = node.text.text
            if not text:
                continue
            number += 1
            if number <= PROBED and len(text) <= longest and bare(text) in repeated:
                self.found[i] = TITLE
            if i in self.found:
                continue
            if leading:
                leading = self._takes(self.layout.rules.head, i)
            elif number <= PROBED:
                if len(text) <= EARLY_LIMIT:
                    self._takes_early(i)
            else:
                break

    def _takes_early(self, i: int) -> None:
        """Take a line that says it is a byline though text stands before it."""
        candidates = self.layout.rules.head.candidates(self.nodes[i], _kind_before(self.nodes, i))
        worded = [r for r in candidates if r.role in EARLY and r.when.matches and not r.cut]
        rule = self._first(worded, i) if worded else None
        if rule:
            self.found[i] = rule

    def _from_the_end(self) -> None:
        for i in range(len(self.nodes) - 1, -1, -1):
            if self.nodes[i].text.text and i not in self.found and not self._takes(self.layout.rules.tail, i):
                break

    def _takes(self, sieve: Sieve, i: int) -> bool:
        """Whether a rule takes a whole node; one that takes a part of it is the last from that side."""
        rule = self._first(sieve.candidates(self.nodes[i], _kind_before(self.nodes, i)), i)
        if rule is None:
            return False
        self.found[i] = rule
        text = self.nodes[i].text.text
        match = rule.when.match(text) if rule.cut else None
        return match is None or len(match[0]) == len(text)

    def _first(self, rules: Sequence[Rule], i: int) -> Rule | None:
        text = self.nodes[i].text.text
        for rule in rules:
            when = rule.when
            if (when.matches is None or when.match(text)) and _tells(when, self.nodes, i, self.profile):
                return rule
        return None

    def _close(self, i: int, rule: Rule) -> None:
        """End the article at node `i`: of what stands behind it only notices are read."""
        behind = Rule(rule.id, "related" if rule.role == "related" else "note", Condition())
        notices = [r for r in self.layout.rules.any.rules if r.role == "notice"]
        for j in range(i + 1, len(self.nodes)):
            notice = (r for r in notices if self.nodes[j].text and holds(r.when, self.nodes, j, self.profile))
            self.found[j] = next(notice, behind)
