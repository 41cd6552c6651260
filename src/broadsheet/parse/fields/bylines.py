"""Byline text by what its labels say: who wrote, who translated, and who did something else.

`记者 林一 王二 北京报道 责编 张三` has an author's part and a part of others; what no label precedes is the author's.
"""

import re
from typing import Final, Literal

Part = Literal["author", "translator", "other"]

_HAN: Final = r"[\u3400-\u9fff]"
_OTHERS: Final = (
    "责任编辑|責任編輯|值班编辑|编辑|編輯|责编|責編|网编|網編|主编|主編|美编|编审|審校|审校|审核|審核|校对|校對|策划|策劃|统筹|統籌"
    "|摄影师|摄影|攝影|视频|視頻|影像|图片|圖片|配图|题图|制图|製圖|绘图|设计|設計|排版|监制|監製|来源|來源|配音|发稿|发布|發布|发文"
    "|Photo(?:s|graphs?)? by|Edited by|(?:Additional )?Editing by|Video by|Graphics? by|Illustrations? by|Source"
)
_TRANSLATORS: Final = "翻译|翻譯|译者|譯者|编译|編譯|Translated by|Translation(?: by)?"
_AUTHORS: Final = (
    "图文|圖文|文图|文[/／、]图|撰文|撰稿人?|(?:本文)?作者|采写|採寫|采访|採訪|执笔|執筆|主笔|主筆|文字|供稿"
    rf"|(?:{_HAN}{{0,12}})(?:记者|記者|通讯员|通訊員|特派员|特派員|评论员|評論員|实习生|實習生|撰稿人)"
    r"|(?:Written|Story|Words|Text|Reporting|Writing|Compiled|Posted|Additional reporting) by|By|Authors?|Reporters?"
)
_LETTERS: Final = "文|图|圖|译|譯|摄|攝|编|撰"
_LETTER: Final = rf"(?P<letter>{_LETTERS})(?=\s?[:：︰/／|｜丨])"
_LABEL: Final = rf"(?:(?P<other>{_OTHERS})|(?P<translator>{_TRANSLATORS})|(?P<author>{_AUTHORS})|{_LETTER})"
LABEL: Final = re.compile(
    rf"(?:(?<=[\s,，;；、/／|｜丨。])|^){_LABEL}(?:\s?[/／、&+]\s?(?:{_OTHERS}|{_TRANSLATORS}))*"
    rf"(?:\s?[:：︰/／|｜丨]\s*|\s+|(?<={_HAN})(?={_HAN})|$)",
    re.IGNORECASE,
)
LETTERS: Final[dict[str, Part]] = {"文": "author", "撰": "author", "译": "translator", "譯": "translator"}
AFTER_NAME: Final = re.compile(
    rf"[^\s、，,;；/／|｜（()）]+\s*[（(](?:{_OTHERS}|{_TRANSLATORS}|图|圖|摄|攝|译|譯)[)）]", re.IGNORECASE
)
"""A name with its task behind it: `王二（图）`."""


def parts(text: str) -> list[tuple[Part, str]]:
    """The stretches of a byline with what their labels say, in order."""
    if "（" in text or "(" in text:
        text = AFTER_NAME.sub("、", text)
    found: list[tuple[Part, str]] = []
    role: Part = "author"
    start = 0
    for match in LABEL.finditer(text):
        found.append((role, text[start : match.start()]))
        role, start = _role(match), match.end()
    found.append((role, text[start:]))
    return [(role, stretch) for role, stretch in found if stretch.strip()]


def _role(match: re.Match[str]) -> Part:
    if match["letter"]:
        return LETTERS.get(match["letter"], "other")
    return "other" if match["other"] else "translator" if match["translator"] else "author"
