"""The note a reposted article opens with: where it is from, a link to it, who wrote it; often closed by a rule.

People who keep copies write these lines by hand, so nothing about them is fixed but their words:
`原文来自「…」：[title](url)`, `作者：…`, `来源 | …`, `Originally published at …`.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from broadsheet.document import SourceText, concatenate
from broadsheet.parse.readings import Peeled, Reading, trimmed

NAME: Final = "repost_note"
HINT: Final = re.compile(
    r"来自|來自|源自|转自|轉自|摘自|载自|載自|原文|来源|來源|首发|首發|发布于|原创|作者|撰文|文\s*\\?[|｜丨]|Originally|Source\s*:"
)
LINE: Final = re.compile(r"[^\n]*(?:\n|$)")
RULE: Final = re.compile(r"[ \t]*(?:-{3,}|\*{3,}|_{3,}|(?:\*[ \t]){2,}\*)[ \t]*\r?\n?")
LEAD: Final = r"(?:[\s>*_~◎●•·▪■◆（(【]|<[a-z]{1,10}(?:\s[^<>]{0,80})?>)*+"
IMAGE: Final = re.compile(r"[\s>]*!\[[^\]\n]{0,300}\]\([^)\n]*\)[ \t\r]*\n?")
KEPT: Final = re.compile(r"^[ \t>]*(?:!\[[^\]\n]{0,300}\]\([^)\n]*\)[ \t\r]*|#{1,6}[ \t][^\n]*)(?:\n|\Z)", re.MULTILINE)
LINK: Final = re.compile(
    r"\[(?P<label>[^\[\]\n]{1,300})\]\((?P<href>[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)[^()\n]{0,100}\)|(?P<bare>https?://[^\s<>~)\]\"'，。；]+)"
)
FROM: Final = re.compile(
    r"(?:本文|文章|原文|全文|信息|内容|內容|稿件)?\s*(?:地址|链接)?\s*(?:为|系|由)?\s*"
    r"(?:首发|首發|最初|最早|原载|原載|转载|轉載|转|轉|摘编|摘|来|來|源|选|選|发表|發表|发布|發布|刊载|刊登|刊发|推送)+\s*(?:自|于|於|在)\s*"
    r"|(?:本文|文章|原文)\s*原创为\s*"
    r"|(?:信息|文章|本文|图文|稿件)?\s*(?:来源|來源|出处|出處|信源|原载|原載|首发|首發)\s*\\?[:：=|｜丨／/]\s*"
    r"|(?:原文|文章|网站|網站)?\s*(?:地址|链接|連結|网址|網址|原址)\s*(?:[:：]|(?=[~<\[h]))\s*"
    r"|原文\s*(?:[:：]|(?=[《「\[~<]))\s*"
    r"|(?:Originally (?:published|posted|appeared)(?: (?:at|on|in|by))?|Reposted from|Source\s*:|Via\s*:)\s*",
)
OWN_TITLE: Final = re.compile(r"原文\s*(?:[:：]|$)|(?:地址|链接|連結|网址|網址|原址)\s*[:：]?\s*$")
AUTHOR: Final = re.compile(
    rf"{LEAD}(?:(?:原|本文|文章|特约|特約)?作\s?者|撰\s?文|采写|採寫|(?:特约|特約)?撰稿人?|文字|文(?:[、/／&]?图)?(?=\s*\\?[|｜丨:：／/=])"
    r"|[^\s:：，。]{0,8}(?:记者|記者))(?:\s*\\?[|｜丨:：／/=]\s*|\s+)(?P<names>[^\n】]{1,80})"
)
ORIGINAL: Final = re.compile(
    rf"{LEAD}原创\s*\\?[|｜丨:：]?\s+(?P<names>[^\s，。：]{{2,12}})(?:\s+(?P<account>[^\n，。]{{2,20}}))?\s*$"
)
AUTHOR_INSIDE: Final = re.compile(r"[，,]\s*作者\s*[:：]?\s*(?P<names>[^\s，,。:：]{2,12})")
SIGNED_FROM: Final = re.compile(r"[（(]\s*来自\s*(?P<name>[^）)\n]{1,20})[）)]")
COLON: Final = re.compile(
    rf"{LEAD}(?:[^\n「『]{{0,20}}(?:\s|(?=[「『])))?[「『]?([^\s「『」』]{{2,24}})[」』]?\s*[:：]\s*[~*]*$"
)
DAY: Final = re.compile(rf"{LEAD}\d{{4}}[-./年]\d{{1,2}}[-./月]\d{{1,2}}日?[_*\s]*$")
STAFF: Final = re.compile(
    rf"{LEAD}(?:责任编辑|責任編輯|责编|責編|编辑|編輯|美编|排版|校对|校對|审核|图片?|摄影|攝影|翻译|编译|微信编辑|运营编辑)\s*\\?[|｜丨:：／/=]"
)
QUOTED: Final = re.compile(
    r"[「『《“\"【\[]\s*([^」』》”\"】\]（(\n:：]{1,30}?)\s*(?:[（(][^（）()\n]{0,30}[)）])?\s*[」』》”\"】\]](?!\()"
)
NAMES_END: Final = re.compile(r"[，,。；;]|\s+(?:发自|發自|来源|來源|编辑|編輯|责编|图)|\s*[（(]\s*来自")
PLATFORM: Final = re.compile(
    r"^(?:\s*(?:微信公众号|微信公眾號|微信公号|微信订阅号|微信公众平台|微信号|微信|公众号|公眾號|公号|订阅号|媒体|网站|自媒体|的|：|:))+\s*"
)
NO_NAME: Final = re.compile(r"^(?:原文|原帖|链接|連結|全文|这里|此处|这篇文章|点击.*|[^\w]*)$|[，。！？!?：:；|｜“”]")
LINK_WORDS: Final = re.compile(
    r"(?:原文|原帖|链接|連結|全文|这里|此处|点击|网址|[^\w]*)(?:链接|地址|网页)?\W*$|.{0,3}$"
)
UNESCAPED: Final = re.compile(r"[^\\]+|\\(?=[^\W_])")
RIGHTS: Final = re.compile(r"转载|轉載|授权|授權|版权|版權")
NAME_END: Final = re.compile(r"[:：，,。；;~（()）|｜丨】\\\n]")
MOST_LINES, MOST_SHOWN, LONGEST_NAME, LOOK = 16, 700, 24, 6000


class _Line(NamedTuple):
    start: int
    end: int
    text: str


def peel(source: SourceText) -> Peeled | None:
    """What the note says, and the text without it; None if the text opens with no such note."""
    text = source.text
    if not HINT.search(text, 0, LOOK):
        return None
    lines, start = _closed(text)
    below, end = _leading(text, start)
    if not lines and not below:
        return None
    readings = tuple(r for line in (*lines, *below) for r in _readings(source, line))
    wanted = {"publisher", "url", "author"} if lines else {"publisher", "url"}  # a byline alone is no note
    if wanted.isdisjoint(r.field for r in readings):
        return None
    end = end or start
    kept = [source.slice(*m.span()) for m in KEPT.finditer(text, 0, end)]
    inner = concatenate([*kept, source.slice(end, len(text))]) if kept else source.slice(end, len(text))
    return Peeled(NAME, inner, readings)


def _lines(text: str, start: int = 0) -> Iterator[_Line]:
    for match in LINE.finditer(text, start, start + LOOK):
        if match.start() < match.end():
            yield _Line(match.start(), match.end(), match[0].rstrip("\r\n"))


def _closed(text: str) -> tuple[list[_Line], int]:
    """The lines above the first rule, if they are few and one of them names a source or an author."""
    lines: list[_Line] = []
    shown = 0
    for line in _lines(text):
        if RULE.fullmatch(text, line.start, line.end):
            return (lines, line.end) if any(map(_is_note, lines)) else ([], 0)
        if not line.text.strip("> \t\u3000"):
            continue
        lines.append(line)
        shown += len(LINK.sub("", line.text))
        if len(lines) > MOST_LINES or shown > MOST_SHOWN or line.text.lstrip().startswith("#"):
            break
    return [], 0


def _leading(text: str, start: int) -> tuple[list[_Line], int]:
    """The lines from `start` that are such notes; pictures and a heading may stand before and between them."""
    lines: list[_Line] = []
    end = 0
    strong = False
    for line in _lines(text, start):
        if not line.text.strip("> \t\u3000") or KEPT.fullmatch(line.text):
            continue
        note = _is_note(line)
        if len(LINK.sub("", line.text)) > 80 or not (note or _is_beside(line.text)):
            break
        strong = strong or note
        lines.append(line)
        end = line.end
    return (lines, end) if strong else ([], 0)


def _is_beside(text: str) -> bool:
    """Whether a line says what often stands beside such notes: a day, who edited, how it may be reprinted."""
    return bool(STAFF.match(text) or DAY.match(text) or (len(text) < 60 and RIGHTS.search(text)))


def _is_note(line: _Line) -> bool:
    if AUTHOR.match(line.text) or ORIGINAL.match(line.text):
        return True
    link = LINK.search(line.text)
    if link is not None and COLON.match(line.text[: link.start()]):
        return True
    found = FROM.search(line.text, 0, 80)
    return found is not None and (_starts(line.text, found.start()) or link is not None)


def _starts(text: str, at: int) -> bool:
    lead = re.match(LEAD, text)
    return lead is not None and lead.end() >= at


def _readings(source: SourceText, line: _Line) -> Iterator[Reading]:
    text, rule = line.text, f"{NAME}.line"

    def reading(field: str, start: int, end: int) -> Reading:
        return Reading(field, trimmed(source.slice(line.start + start, line.start + end)), "body", rule)

    names = AUTHOR.match(text) or ORIGINAL.match(text) or AUTHOR_INSIDE.search(text)
    if names and not STAFF.match(text):
        linked = LINK.match(text, names.start("names"))
        place = linked.span("label") if linked and linked["label"] else _people(text, *names.span("names"))
        yield reading("author", *place)
        if signed := SIGNED_FROM.search(text):
            yield reading("publisher", *signed.span("name"))
            return
    link = next((m for m in LINK.finditer(text) if "ksria.com" not in m[0]), None)
    found = _source(text)
    name: tuple[int, int] | None = None
    if found:
        name = _name(text, found.end(), link, label=not OWN_TITLE.search(found[0]))
        if name:
            yield reading("publisher", *name)
    elif link and not names and (colon := COLON.match(text[: link.start()])):
        yield reading("publisher", *colon.span(1))
    if link and (found or not names):
        group = "href" if link["href"] else "bare"
        yield Reading("url", _unescaped(reading("url", *link.span(group)).text), "body", rule)
        if link["label"] and name != link.span("label") and not LINK_WORDS.match(link["label"]):
            yield Reading("title", _unescaped(reading("title", *link.span("label")).text), "body", rule)
    if RIGHTS.search(text) and not link:
        yield reading("rights", 0, len(text))


def _unescaped(text: SourceText) -> SourceText:
    """Without the backslashes that Markdown asks for."""
    if "\\" not in text.text:
        return text
    return concatenate(text.slice(*match.span()) for match in UNESCAPED.finditer(text.text))


def _source(text: str) -> re.Match[str] | None:
    """The words that name a source; of several in one line the last before the link to it."""
    found = [m for m in FROM.finditer(text, 0, 200) if m[0]]
    return found[-1] if found and len(found[-1][0]) < len(text) else (found[0] if found else None)


def _people(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the names of a byline stand: before a remark, a place, or a second label."""
    stop = NAMES_END.search(text, start, end)
    end = stop.start() if stop else end
    named = text[start:end].rstrip()
    if named.endswith((")", "）")) and not re.search(r"[(（]", named):
        end = start + len(named) - 1
    return start, end


def _name(text: str, start: int, link: re.Match[str] | None, *, label: bool) -> tuple[int, int] | None:
    """Where the name of the source stands: in quotes, else before the next mark, else as the words of the link."""
    stop = link.start() if link and link.start() >= start else len(text)
    quoted = QUOTED.search(text, start, stop)
    if quoted and quoted.start() - start <= LONGEST_NAME:
        return quoted.span(1)
    begin = start
    lead = re.match(r"[\s~*◎「『《]*", text[start:stop])
    begin += lead.end() if lead else 0
    platform = PLATFORM.match(text[begin:stop])
    begin += platform.end() if platform else 0
    end = NAME_END.search(text, begin, stop)
    last = end.start() if end else stop
    words = text[begin:last].rstrip(" \t~*「『《[<")
    if words and len(words) <= LONGEST_NAME and not words.startswith("http"):
        return begin, begin + len(words)
    if label and link and link["label"] and len(link["label"]) <= LONGEST_NAME and not NO_NAME.search(link["label"]):
        return link.span("label")
    return None
