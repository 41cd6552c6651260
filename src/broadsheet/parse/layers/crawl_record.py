"""What a crawler for language models leaves: the text of a whole page below a head of its own.

Three heads are known: front matter with a `word_count`, a list `## Metadata` before `## Content`, and comment lines
`# Source:` and `# Date:`. What they call date is often the time of the crawl, or that of a picture.
"""

import itertools
import re
from collections.abc import Sequence
from typing import Final

from broadsheet.document import Reject, SourceText
from broadsheet.parse.fields.urls import date_in, host, is_url
from broadsheet.parse.layers import front_matter
from broadsheet.parse.layers.crawl_text import MainText, main_text
from broadsheet.parse.readings import Peeled, Reading, bare, trimmed

NAME: Final = "crawl_record"
HEAD: Final = 4000
LOOK: Final = 40
COUNTED, FENCE = "\nword_count:", "\n---"
METADATA: Final = re.compile(r"\s*# [^\n]{3,200}\n+## Metadata[ \t]*\r?\n")
ENTRY: Final = re.compile(r"^- \*\*([\w .-]{1,40})\*\*:[ \t]*([^\n]*?)[ \t\r]*$", re.MULTILINE)
CONTENT: Final = re.compile(r"^## Content[ \t]*\r?\n", re.MULTILINE)
OUTLINE: Final = re.compile(r"^- # ([^\n]{3,400}?)[ \t\r]*$", re.MULTILINE)
BEHIND: Final = re.compile(r"^## (?:Links|Images|Media|References|Raw)[ \t]*\r?$", re.MULTILINE)
COMMENTS: Final = re.compile(
    r"\s*# Source:[ \t]*(\S+)[ \t]*\r?\n(?:# Date:[ \t]*([^\n]*?)[ \t\r]*\n)?"
    r"(?:# Title:[ \t]*([^\n]*?)[ \t\r]*\n)?"
)
INDEX: Final = re.compile(r"\s*# [^\n]{3,200}\n+\*\*Generated:\*\*[ \t]*\d{4}-\d\d-\d\dT")
SUFFIX: Final = re.compile(r"\s+[|–—-]\s+")
CLOCK: Final = re.compile(r"T\d\d:\d\d:\d\d\.\d{4,}")
SHORT_LINE: Final = re.compile(r"^[^\r\n]{10,300}$", re.MULTILINE)
WORD: Final = re.compile(r"[a-z]{3,}")
WINDOW: Final = re.compile(r"(.{10,200}?)\s+[|]\s+\S")
ENOUGH_LINES, ENOUGH_PROSE = 3, 350
MORE_LINES, MORE_PROSE, LEAST_SHARE = 6, 900, 0.1
MOST_LINES, FEW_WORDS, ENOUGH_WORDS = 400, 3, 4
BARRIER: Final = re.compile(r"Security Checkpoint|Page Not Found|Enable JavaScript|Access Denied", re.IGNORECASE)


def peel(source: SourceText) -> Peeled | None:
    """What the crawler's head says, and the article in the page below it; None if there is no such head."""
    text = source.text
    if text.startswith("---") and 0 < text.find(COUNTED, 0, HEAD) < text.find(FENCE, len(FENCE), HEAD):
        found = front_matter.peel(source)
        return _page(list(found.readings), found.inner, found.rejects) if found else None
    head = text[:HEAD]
    if "## Metadata" in head and METADATA.match(text):
        return _listed(source)
    if "**Generated:**" in head and INDEX.match(text):
        reason = Reject("not-article", "An index of sources that a program made.", span=source.source_span())
        return Peeled(NAME, source, rejects=(reason,), body="markdown")
    if "# Source:" in head[:LOOK] and (comments := COMMENTS.match(text)):
        return _commented(source, comments)
    return None


def _listed(source: SourceText) -> Peeled | None:
    text = source.text
    content = CONTENT.search(text)
    if content is None:
        return None
    readings = []
    for entry in ENTRY.finditer(text, 0, content.start()):
        name, value = entry[1].lower(), source.slice(*entry.span(2))
        if name == "url":
            readings.append(Reading("url", value, "header", f"{NAME}.url"))
        elif name == "scraped at":
            readings.append(Reading("archived_at", value, "header", f"{NAME}.scraped_at"))
    outline = OUTLINE.search(text, 0, content.start())
    if outline:
        readings.append(Reading("title", source.slice(*outline.span(1)), "header", f"{NAME}.outline"))
    behind = BEHIND.search(text, content.end())
    return _page(readings, source.slice(content.end(), behind.start() if behind else len(text)))


def _commented(source: SourceText, head: re.Match[str]) -> Peeled:
    readings = [Reading("url", source.slice(*head.span(1)), "header", f"{NAME}.source")]
    if head[2] and not CLOCK.search(head[2]):  # a clock to the microsecond is that of the crawler
        readings.append(Reading("published", source.slice(*head.span(2)), "header", f"{NAME}.date"))
    if head[3]:
        readings.append(Reading("title", source.slice(*head.span(3)), "header", f"{NAME}.title"))
    return _page(readings, source.slice(head.end(), len(source)))


def _page(readings: list[Reading], page: SourceText, rejects: tuple[Reject, ...] = ()) -> Peeled:
    url = next((r.value for r in readings if r.field == "url" and is_url(r.value)), "")
    title = next((r for r in readings if r.field == "title"), None)
    if title is None or title.rule.endswith(".outline"):
        title = _title(page, url, title)
    if title:
        text = without_site(title.text, host(url))
        window = WINDOW.match(text.text)
        if window and len(window[1].split()) > FEW_WORDS:
            text = text.slice(0, window.end(1))
        title = Reading("title", text, title.basis, title.rule)
        readings = [title, *(r for r in readings if r.field != "title")]
    if date_in(url):  # the date in the head may be that of a picture
        readings = [r for r in readings if r.field != "published"]
    found = main_text(page, title.value if title else "", NAME)
    readings += found.readings
    reason = _no_article(title.value if title else "", url, found, found.prose / max(len(page), 1))
    if reason:
        rejects = (*rejects, Reject("not-article", reason, value=url or None, span=page.source_span()))
    return Peeled(NAME, found.text, tuple(readings), rejects, body="markdown", last=True)


def _title(page: SourceText, url: str, outline: Reading | None) -> Reading | None:
    """The title of a page whose head names none.

    It is the line that tells what the address tells; else the first line, which repeats the title of the window; else
    the first heading of the outline.
    """
    lines = list(itertools.islice(SHORT_LINE.finditer(page.text), MOST_LINES))
    place = _like_address(lines, url)
    found = trimmed(page.slice(*place)) if place else None
    if found is None and lines:
        first = trimmed(page.slice(*lines[0].span()))
        whole = len(first)
        first = without_site(first, host(url))
        window = WINDOW.match(first.text)
        if len(first) < whole:
            found = first
        elif again := next((line for line in lines[1:] if _opens(first.text, line[0].strip())), None):
            found = trimmed(page.slice(*again.span()))
        elif window and not (outline and outline.value in first.text):
            found = first.slice(0, window.end(1))
    return Reading("title", found, "header", f"{NAME}.page") if found is not None else outline


def _opens(line: str, title: str) -> bool:
    return line.startswith(title) and len(title.split()) >= FEW_WORDS


def _like_address(lines: Sequence[re.Match[str]], url: str) -> tuple[int, int] | None:
    """Where the line stands that has the words of the last part of an address; of several the shortest."""
    parts = [WORD.findall(part.lower()) for part in url.split("://", 1)[-1].split("/")[1:]]
    words = max((set(part) for part in parts), key=len, default=set())
    if len(words) < ENOUGH_WORDS:
        return None
    best: re.Match[str] | None = None
    most = 0.75 * len(words)
    for line in lines:
        if line[0].count(" ") < most - 1:
            continue
        told = WORD.findall(line[0].lower().replace("'", "").replace("’", ""))
        if len(told) > 2 * len(words) + ENOUGH_WORDS:
            continue
        shared = len(words & set(told))
        if shared > most or (shared == most and best is not None and len(line[0]) < len(best[0])):
            best, most = line, shared
    return best.span() if best else None


def without_site(title: SourceText, site: str) -> SourceText:
    """A title without the name of the site behind it; a name is that of the site if its letters stand in the host.

    Parts before the name (`News | Example`) go with it if they are set off by the same mark.
    """
    text = title.text
    marks = list(SUFFIX.finditer(text))
    for number, mark in enumerate(marks):
        stop = marks[number + 1].start() if number + 1 < len(marks) else len(text)
        if not _names(text[mark.end() : stop], site):
            continue
        cut = mark.start()
        for before in reversed(marks[:number]):
            if {before[0].strip(), mark[0].strip()} != {"|"} or len(text[: before.start()].split()) < FEW_WORDS:
                break
            cut = before.start()
        return trimmed(title.slice(0, cut))
    return title


def _names(name: str, site: str) -> bool:
    """Whether a name is that of a site: its letters or its initials are those of the host."""
    labels = [re.sub(r"[^a-z0-9]", "", label) for label in site.lower().split(".")]
    letters = re.sub(r"^the|(?:com|org|net)$", "", re.sub(r"[^a-z0-9]", "", bare(name)))
    if len(letters) < 2 or len(labels) < 2:
        return False
    return (
        letters in "".join(labels) or labels[-2] in letters or (_initials(name) in labels and len(_initials(name)) > 1)
    )


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split() if word[0].isalnum()).lower()


def _no_article(title: str, url: str, found: MainText, share: float) -> str | None:
    """Why a page is no article: a home page, a barrier, or hardly any prose between its menus."""
    if BARRIER.search(title):
        return "An error page or a barrier of a server."
    if url and not url.split("://", 1)[-1].partition("/")[2].strip("/"):
        return "The home page of a site."
    lines, prose = (ENOUGH_LINES, ENOUGH_PROSE) if found.readings else (MORE_LINES, MORE_PROSE)
    scattered = not found.readings and share < LEAST_SHARE and found.prose < 2 * MORE_PROSE
    if scattered or (found.lines < lines and found.prose < prose):
        return f"A page with {found.lines} lines of prose: menus, links and headings."
    return None
