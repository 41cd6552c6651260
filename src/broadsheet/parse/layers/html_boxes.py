"""Where on a saved page the article stands: its elements with their places, and which of them are not its text.

One pass over the tags, no tree library: every element keeps its exact stretch of the file, so that what is left after
cutting still maps to it. The page's own marks decide (`articleBody`, `<article>`, well-known class names, `<main>`).
Where it has none, the extractor of resiliparse says which stretches of text are content, and the smallest element that
holds nearly all of them is the article.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

TAG: Final = re.compile(r"<(?:!--|(/?)([A-Za-z][A-Za-z0-9:-]*+)([^<>]*+)>)")
NAMES: Final = re.compile(
    r"""\b(?:class|id|itemprop|role|rel|hidden|aria-hidden)\s*=\s*(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""", re.I
)
HIDDEN: Final = re.compile(r"""\shidden(?:[\s=>]|$)|display\s*:\s*none|aria-hidden\s*=\s*["']?true""", re.I)
VOID: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
RAW: Final = frozenset(
    ["script", "style", "iframe", "textarea", "noscript", "template", "svg", "title", "select", "button"]
)
INLINE: Final = frozenset([
    "b", "strong", "i", "em", "span", "font", "small", "u", "s", "sub", "sup", "code", "label", "abbr", "time", "cite",
    "mark", "q", "big", "tt", "del", "ins", "bdo", "ruby", "rt", "rp",
])  # fmt: skip
NO_TEXT: Final = frozenset(["nav", "aside", "form", "footer", "dialog", "menu"])
NOT_TEXT: Final = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|respond|disqus\w*|share\w*|sharing|social\w*|sns|related\w*|recommend\w*|read-?more|also-?read"
    r"|sidebar|widgets?|newsletters?|subscribe\w*|signup|promos?|promotion|advert\w*|ads?|adsbygoogle|sponsor\w*|banner|cookies?|cookie\w*"
    r"|consent|gdpr|breadcrumbs?|crumbs?|pagination|pager|pagenav|prev-?next|post-navigation|post-?nav|tag-?list|tags-links|toolbar"
    r"|author-?(?:box|bio|card|info)|about-author|popular|trending|most-?read|rank(?:ing)?|qr-?code|download-app|app-download|feedback|rating"
    r"|login|modal|popup|overlay|skip-?link|screen-reader\w*|visually-?hidden|sr-only|noprint|wm-ipp\w*|xiangguan|tuijian|pinglun"
    r"|fenxiang|relevant|jp-relatedposts|sharedaddy|paywall\w*|regwall)(?=$|[\s_-])",
    re.I,
)
RELATED: Final = re.compile(r"(?:^|[\s_-])(?:related|relatedposts|recommend(?:ed|ations)?|xiangguan)(?=$|[\s_-])", re.I)
"""Set apart, but kept: its links are those to other reports, and rules for `related` classes read them."""
COMMENTS: Final = re.compile(r"comment|disqus|respond|pinglun", re.I)
BODY: Final = re.compile(
    r"(?:^|[\s_-])(?:articlebody|article[-_]?(?:body|content|text|main|detail|copy)\w*|(?:post|entry|story|news|main|detail|page|blog|rich_media)"
    r"[-_]?(?:body|content|text|detail|copy)|trs_editor|js_content|artibody|cnt_bd|maintext|content_area|rm_txt_con|p-detail|show_text"
    r"|field--name-body|field-name-body|left_zw|text_content|content-?body|body-?copy|zoom|ucap-content|wysiwyg)(?=$|[\s_-])",
    re.I,
)
MAIN: Final = frozenset({"main", "content", "maincontent", "main-content", "primary", "container-main"})
PROSE: Final = 24
"""Fewest characters of a stretch of running text outside links."""
HEADING: Final = re.compile(r"h[2-6]")
HELD: Final = 0.7
DOMINANT: Final = 0.85
ENOUGH: Final = 60
LINK_LIST: Final = 3
MOSTLY_LINKS: Final = 0.6
MOST_BOXES: Final = 200_000
MOST_COMPARED: Final = 1_000_000_000
DEEPEST: Final = 300
"""Beyond, no extractor is asked: their cost grows with the square of the depth."""


@dataclass(slots=True)
class Box:
    """One block element of a page.

    Attributes:
        tag: Lower-case name.
        names: Its classes, id, role and properties in one string.
        start: Where its start tag starts.
        open: Where its content starts.
        parent: Index of the box around it.
        depth: How many are around it.
        close: Where its content ends.
        end: Where its end tag ends.
        text: Characters of text in it.
        linked: Those of them that stand in links.
        links: How many links.
        prose: Characters of running text, as far as it is not set apart.
        apart: It is not part of the article's text.
    """

    tag: str
    names: str
    start: int
    open: int
    parent: int
    depth: int = 0
    close: int = 0
    end: int = 0
    text: int = 0
    linked: int = 0
    links: int = 0
    prose: int = 0
    apart: bool = False


def boxes_of(text: str) -> tuple[list[Box], list[tuple[int, int, int]]]:
    """The block elements of a page in order, the whole page first, and its stretches of text as (box, start, end)."""
    scan = _Scan(text)
    scan.run()
    return scan.boxes, scan.chunks


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.boxes = [Box("", "", 0, 0, -1, 0, len(text), len(text))]
        self.chunks: list[tuple[int, int, int]] = []
        self.stack = [0]
        self.open: Counter[str] = Counter()
        self.in_link = 0
        self.unclosed: set[str] = set()

    def run(self) -> None:
        text, position = self.text, 0
        match = TAG.search(text)
        while match:
            self._text(position, match.start())
            position = self._tag(match)
            match = TAG.search(text, position)
        self._text(position, len(text))
        for index in self.stack[1:]:
            self.boxes[index].close = self.boxes[index].end = len(text)

    def _tag(self, match: re.Match[str]) -> int:
        if match[2] is None:
            return self._past("-->", match.end())
        tag = match[2].lower()
        if tag == "a":
            self.in_link = 0 if match[1] else 1
            self.boxes[self.stack[-1]].links += not match[1]
        elif match[1]:
            self._close(tag, match)
        elif tag in RAW:
            return self._past(f"</{match[2]}", match.end())
        elif tag not in VOID and tag not in INLINE and len(self.boxes) < MOST_BOXES and not match[3].endswith("/"):
            self._open(tag, match)
        return match.end()

    def _past(self, mark: str, position: int) -> int:
        """The end of what is no text; without an end, the place itself."""
        if mark in self.unclosed:
            return position
        end = self.text.find(mark, position)
        if end < 0:
            self.unclosed.add(mark)
            return position
        return end + (3 if mark == "-->" else 0)

    def _open(self, tag: str, match: re.Match[str]) -> None:
        attributes = match[3]
        names = " ".join(a or b or c for a, b, c in NAMES.findall(attributes)) if "=" in attributes else ""
        box = Box(tag, names, match.start(), match.end(), self.stack[-1], len(self.stack))
        box.apart = (
            tag in NO_TEXT
            or (bool(names) and NOT_TEXT.search(names) is not None and not BODY.search(names))
            or (tag != "body" and bool(attributes) and HIDDEN.search(attributes) is not None)
        )
        self.stack.append(len(self.boxes))
        self.boxes.append(box)
        self.open[tag] += 1

    def _close(self, tag: str, match: re.Match[str]) -> None:
        while self.open[tag]:
            box = self.boxes[self.stack.pop()]
            self.open[box.tag] -= 1
            box.close = match.start()
            box.end = match.end() if box.tag == tag else match.start()
            if box.tag == tag:
                return

    def _text(self, start: int, end: int) -> None:
        size = len(self.text[start:end].strip()) if end > start else 0
        if not size:
            return
        box = self.boxes[self.stack[-1]]
        box.text += size
        if self.in_link:
            box.linked += size
        else:
            box.prose += size if size >= PROSE else 0
            self.chunks.append((self.stack[-1], start, end))


def add_up(boxes: Sequence[Box]) -> None:
    """Give every box what its inner boxes hold; running text that is set apart does not count for those around it.

    An element with most of the running text of the page is no ornament, whatever its name says, comments excepted.
    """
    half = sum(box.prose for box in boxes) / 2
    for box in reversed(boxes[1:]):
        if box.apart and box.tag not in NO_TEXT and box.prose > half and not COMMENTS.search(box.names):
            box.apart = False
        around = boxes[box.parent]
        around.text += box.text
        around.linked += box.linked
        around.links += box.links
        around.prose += 0 if box.apart else box.prose


def article_box(text: str, boxes: Sequence[Box], chunks: Sequence[tuple[int, int, int]]) -> Box:
    """The element that holds the article."""
    inside = _not_apart(boxes)
    for kind in (_is_body, _is_article, _is_main):
        marked = [box for i, box in enumerate(boxes) if inside[i] and kind(box)]
        most = max((box.prose for box in marked), default=0)
        if most >= max(ENOUGH, HELD / 2 * boxes[0].prose):
            return next(box for box in reversed(marked) if box.prose >= HELD * most)
    return _voted(text, boxes, chunks, inside)


def _is_body(box: Box) -> bool:
    return bool(box.names) and BODY.search(box.names) is not None


def _is_article(box: Box) -> bool:
    return box.tag == "article"


def _is_main(box: Box) -> bool:
    return box.tag == "main" or (bool(box.names) and not MAIN.isdisjoint(box.names.lower().split()))


def _not_apart(boxes: Sequence[Box]) -> list[bool]:
    inside = [True] * len(boxes)
    for i, box in enumerate(boxes[1:], 1):
        inside[i] = inside[box.parent] and not box.apart
    return inside


def _voted(text: str, boxes: Sequence[Box], chunks: Sequence[tuple[int, int, int]], inside: Sequence[bool]) -> Box:
    """The smallest element with nearly all of the text that an extractor takes for content, and what leads up to it."""
    prose = [(i, start, end) for i, start, end in chunks if end - start >= PROSE and inside[i]]
    content = _content(text, boxes) if len(prose) * len(text) <= MOST_COMPARED else ""
    voted = [(i, start, end) for i, start, end in prose if not content or "".join(text[start:end].split()) in content]
    votes = [0] * len(boxes)
    for i, start, end in voted:
        votes[i] += end - start
    for i in range(len(boxes) - 1, 0, -1):
        votes[boxes[i].parent] += votes[i]
    best = next((i for i in range(len(boxes) - 1, -1, -1) if votes[0] and votes[i] >= DOMINANT * votes[0]), None)
    if best is not None:
        return _with_lead(boxes, best, voted)
    for tag in ("article", "main", "body"):
        held = [box for box in boxes if box.tag == tag and (box.text or tag == "body")]
        if len(held) == 1:
            return held[0]
    return boxes[0]


def _content(text: str, boxes: Sequence[Box]) -> str:
    """The content of a page as an extractor sees it, without white space."""
    if max(box.depth for box in boxes) > DEEPEST:
        return ""
    from resiliparse.extract.html2text import extract_plain_text

    return "".join(extract_plain_text(text, main_content=True, alt_texts=False).split())


def _with_lead(boxes: Sequence[Box], best: int, voted: Sequence[tuple[int, int, int]]) -> Box:
    """The element, begun earlier where content stands before it in the element around it: the lead of the article."""
    box = boxes[best]
    around = boxes[box.parent] if box.parent > 0 else box
    if around.tag in ("body", "html", ""):
        return box
    lead = next((boxes[i] for i, start, _ in voted if around.open <= start < box.start), None)
    return box if lead is None else replace(box, open=max(lead.start, around.open))


def kept(text: str, boxes: Sequence[Box], article: Box) -> list[tuple[int, int]]:
    """The stretches of an element that are the article's text, without what is set apart in it."""
    spans: list[tuple[int, int]] = []
    done = article.open
    before: Box | None = None
    for box in boxes:
        if box is article or box.start < done or box.end > article.close:
            continue
        if (box.apart and not RELATED.search(box.names)) or _is_link_list(box):
            start = box.start
            if (
                before
                and HEADING.fullmatch(before.tag)
                and done <= before.start
                and not text[before.end : start].strip()
            ):
                start = before.start
            if start > done:
                spans.append((done, start))
            done = box.end
        before = box
    if article.close > done:
        spans.append((done, article.close))
    return spans


def _is_link_list(box: Box) -> bool:
    return (
        not RELATED.search(box.names)
        and box.links >= LINK_LIST
        and box.linked >= MOSTLY_LINKS * box.text
        and box.prose < PROSE * LINK_LIST
        and box.tag in ("ul", "ol", "div", "section", "table", "dl")
    )
