"""The text of a portal page: navigation, title, date and source, tools for readers, body, related reading, notices.

A page is told by what stands around its body. Two different signs are asked for: breadcrumb, date, source, tools
(`字号：默认 大 超大`, `打印`), or the line for corrections that closes the body.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from broadsheet.document import Reject, SourceText
from broadsheet.parse.fields.dates import is_date
from broadsheet.parse.readings import Peeled, Reading, trimmed

NAME: Final = "page_dump"
LINE: Final = re.compile(r"[^\r\n]+")
HINT: Final = re.compile(r"来源|來源|稿源|Source\s*[:：]|字号|字體|字体|»|›|打印|首页|首頁")
CRUMBS: Final = re.compile(
    r"(?:(?:当前位置|您的位置|您现在的位置|所在位置)\s*[:：]?\s*)?(?:首页|首頁|主页|Home)?\s*(?:»|›|&gt;|>|»)\s*\S"
)
CRUMB: Final = re.compile(r"[^»›>]+")
SOURCE_LABEL: Final = r"(?:信息来源|信息來源|文章来源|文章來源|来源|來源|稿源|Source)\s*[:：]"
LABEL: Final = re.compile(
    rf"(?:(?P<publisher>{SOURCE_LABEL})|(?P<title>标\s*题\s*[:：])|(?P<published>(?:(?:发布|成文|印发)日期|发布时间)\s*[:：])"
    r"|(?P<note>(?:索\s*引\s*号|主题分类|发文机关|发文字号|文\s*号|有效性|公开方式|主题词)\s*[:：]))\s*(?P<value>.{0,100})\Z"
)
SOURCE_LINE: Final = re.compile(rf"{SOURCE_LABEL}\s*(\S.{{0,40}})\Z")
STOP: Final = r"(?=[\s|｜【\[(（]|\Z)"
PART: Final = re.compile(
    rf"{SOURCE_LABEL}\s*(?P<publisher>[A-Za-z][\w.&'-]*+(?:\s[A-Z&][\w.&'-]*+)*+|[^\s|｜【】\[\]()（）]{{1,30}}){STOP}"
    rf"|(?:作者|记者|記者)\s*[:：]\s*(?P<author>[^\s|｜【】\[\]()（）]{{2,20}}){STOP}"
    r"|(?:(?:发布|發布|更新)?(?:时间|時間|日期)\s*[:：]\s*)?"
    r"(?P<published>\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?(?:\s{0,3}\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?)"
    r"|(?P<tool>[【\[(（]?\s*(?:字[号號]|字[体體])\s*[:：]?\s*(?:[【\[]?(?:默认|超大|特大|大|中|小)[】\]]?\s*){0,4}[】\])）]?"
    r"|[【\[]?(?:打印(?:本页)?|列印|关闭(?:窗口)?|收藏|分享到?|我?要?纠错|保存|朗读|语音播报|背景色|留言|评论)\s?[】\]]?\s*[:：]?)"
    r"|www\.[A-Za-z0-9.-]+?(?=\d{4}\s?[-年])"
    r"|(?:责任编辑|責任編輯|责编|编辑|(?:浏览|访问|阅读)次数|点击数?|阅读量?|浏览量?|索引号|发文字号)\s*[:：]\s*\S{0,20}"
    r"|[\s|｜·•/]+"
)
TOOL: Final = frozenset(
    {"默认", "超大", "特大", "大", "中", "小", "|", "｜", "A+", "A-", "A", "T", "T+", "T-", "+", "-"}
)
NAVIGATION: Final = re.compile(
    r"(?:网站|返回|设为)?首[页頁]|主页|(?:加入)?收藏|[简繁](?:体|體)?版?|登[录錄]|[注註][册冊]|个人中心|退出|邮箱|无障碍(?:浏览)?"
    r"|长者(?:模式|版)|关怀版|适老化|搜索?|检索|客户端|(?:移动|手机|电脑)版|微博|微信|公众号|网站地图|导航|菜单"
    r"|EN|English|APP|Home|Menu|Search|Log ?in|Sign in|Subscribe|[|｜/>»]"
)
RELATED: Final = re.compile(
    r"^[ \t\u3000\u2003]*(?:[•·●■◆▶]\s*)?(?:相关(?:阅读|新闻|稿件|报道|链接)|相關(?:閱讀|新聞|報導)|延伸阅读|新闻链接"
    r"|更多新闻|(?:阅读)?[上下]一篇|扫一扫在手机打开当前页)\s*[:：]?[^\n。]{0,60}$",
    re.M,
)
CORRECTION: Final = re.compile(
    r"(?:^|\s)【(?:我要)?纠错】|^[ \t\u3000]*【?(?:责任编辑|責任編輯)\s*[:：][^\n】]{1,12}】?[ \t\r]*$", re.M
)
DISCLAIMER: Final = re.compile(r"^[ \t\u3000]*(?:免责声明|免責聲明|版权声明|版權聲明)\s*[:：].*$", re.M)
EDITOR: Final = re.compile(r"【责任编辑\s*[:：]|责任编辑\s*[:：]|阅读下一篇")
HEAD: Final = 6000
FOOT: Final = 3000
HEAD_LINES: Final = 120
TITLE_LIMIT: Final = 150
LONGEST_VALUE: Final = 40
AHEAD: Final = 10
FEWEST_NAVIGATION: Final = 5
MARKUP_STARTS: Final = ("<", "#", "[", "!", "-", "{")


@dataclass(slots=True)
class _Head:
    """What the head of a page said, and where it ends."""

    title: SourceText | None = None
    readings: list[Reading] = field(default_factory=list)
    signs: set[str] = field(default_factory=set)
    end: int = 0
    navigation: int = 0

    def add(self, name: str, text: SourceText, rule: str) -> None:
        self.readings.append(Reading(name, trimmed(text), "header", f"{NAME}.{rule}"))
        self.signs.add(name)


def peel(source: SourceText) -> Peeled | None:
    """The head and foot of a page and the body between; None if too little shows that the text is a page."""
    text = source.text
    closing = CORRECTION.search(text, max(len(text) - FOOT, 0)) if "纠错】" in text[-FOOT:] else None
    if text[:40].lstrip().startswith(MARKUP_STARTS) or (not closing and not HINT.search(text, 0, HEAD)):
        return None
    lines = list(_lines(source))
    head = _head(lines)
    if head.navigation >= FEWEST_NAVIGATION and head.navigation == len(lines) and lines[-1][1] >= len(text.rstrip()):
        message = f"Only the navigation of a page was collected ({len(lines)} lines)."
        return Peeled(NAME, source.slice(len(source), len(source)), (), (Reject("navigation-only", message),), "plain")
    signs = len(head.signs - {"author"}) + (closing is not None)
    if head.title is None or signs < 2:
        if not (closing and EDITOR.search(text, closing.start())):
            return None
        head = _Head()
    return _between(source, head)


def _between(source: SourceText, head: _Head) -> Peeled:
    """The body: what stands behind the head, up to the line for corrections, related reading or notices."""
    text, stop = source.text, len(source)
    for sign in (RELATED, CORRECTION):
        if found := sign.search(text, head.end, stop):
            stop = found.start()
    if notice := DISCLAIMER.search(text, head.end):
        head.readings.append(Reading("rights", trimmed(source.slice(*notice.span())), "body", f"{NAME}.disclaimer"))
        stop = min(stop, notice.start())
    return Peeled(NAME, source.slice(head.end, stop), tuple(head.readings), body="plain")


def _lines(source: SourceText) -> Iterator[tuple[SourceText, int]]:
    """The first lines that are not empty, and where each ends."""
    count = 0
    for match in LINE.finditer(source.text, 0, HEAD):
        line = trimmed(source.slice(*match.span()))
        if line:
            yield line, match.end()
            count += 1
            if count == HEAD_LINES:
                return


def _head(lines: list[tuple[SourceText, int]]) -> _Head:
    head = _Head()
    awaited: str | None = None
    for number, (line, end) in enumerate(lines):
        text = line.text
        if awaited and len(text) <= TITLE_LIMIT:
            _take(head, awaited, line)
            awaited = None
        elif CRUMBS.match(text) and head.title is None and len(text) < 100:
            for crumb in _crumbs(line)[-1:]:
                head.add("section", crumb, "breadcrumb")
        elif NAVIGATION.fullmatch(text) or _is_script(text):
            head.navigation += 1
        elif (label := LABEL.match(text)) and (not label["value"] or label["title"] or label["note"]):
            name = next(name for name in ("publisher", "title", "published", "note") if label[name])
            if label["value"]:
                _take(head, name, line.slice(*label.span("value")))
            else:
                awaited = name
        elif text in TOOL or _fields(head, line):
            pass
        elif head.title is None and len(text) <= TITLE_LIMIT:
            _take(head, "title", line)
        elif head.title is None or not _goes_on(lines, number):
            break
        head.end = end
    return head


def _take(head: _Head, name: str, text: SourceText) -> None:
    """A value of the head; the first of two titles counts, notes are of no use."""
    if name == "title" and head.title is None:
        head.title = text
        head.readings.append(Reading("title", text, "header", f"{NAME}.title"))
    elif name in ("publisher", "published") and len(text) <= LONGEST_VALUE:
        head.add(name, text, name)


def _goes_on(lines: list[tuple[SourceText, int]], number: int) -> bool:
    """Whether a line below the title is a second title: short, and a date or source follows."""
    if len(lines[number][0]) > TITLE_LIMIT // 2:
        return False
    return any(_is_stamp(line) for line, _ in lines[number + 1 : number + AHEAD] if len(line) < TITLE_LIMIT)


def _is_stamp(line: SourceText) -> bool:
    """Whether a line says when or by whom the page was published; who edited it is said below the body too."""
    found = _Head()
    label = LABEL.match(line.text)
    if label and (label["publisher"] or label["published"]) and not label["value"]:
        return True
    return _fields(found, line) and not found.signs.isdisjoint(("published", "publisher"))


def _crumbs(line: SourceText) -> list[SourceText]:
    return [trimmed(line.slice(*match.span())) for match in CRUMB.finditer(line.text)]


def _fields(head: _Head, line: SourceText) -> bool:
    """Take date, source, author and tools of a line that holds nothing else."""
    text = line.text
    if len(text) > TITLE_LIMIT:
        return False
    if is_date(text):
        head.add("published", line, "published")
        return True
    parts = []
    position = 0
    while position < len(text) and (part := PART.match(text, position)):
        parts.append(part)
        position = part.end()
    if position < len(text):
        source = SOURCE_LINE.match(text)
        if source:
            head.add("publisher", line.slice(*source.span(1)), "publisher")
        return source is not None
    for part in parts:
        for name in ("publisher", "author", "published"):
            if part[name]:
                head.add(name, line.slice(*part.span(name)), name)
        if part["tool"]:
            head.signs.add("tool")
    return True


def _is_script(text: str) -> bool:
    """Whether a line is code of the page."""
    if text.startswith(("//", "function ", "var ", "window.", "document.", "$(")):
        return True
    return text.endswith(("{", "}", "};", "});")) or (text.endswith(";") and text.isascii())
