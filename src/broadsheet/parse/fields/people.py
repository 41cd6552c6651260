"""Author lists: people only, apart from desks, agencies, platforms, columns, places and titles."""

import re
from typing import Final

from broadsheet.parse.fields import bylines
from broadsheet.parse.fields.names import PLACES, SURNAMES

_HAN: Final = r"[\u3400-\u9fff]"
HAN_RUN: Final = re.compile(f"{_HAN}+")
SEPARATOR: Final = re.compile(
    rf"\s*[、，,;；/／|｜丨&＆\n]\s*|\s+(?:and|with|und|et)\s+|\s{{2,}}|\u3000+|(?<={_HAN})\s+(?={_HAN})"
    rf"|(?<={_HAN}{{2}})[和与與及](?={_HAN}{{2}})",
    re.IGNORECASE,
)
WRAPPED: Final = re.compile(r"\s*[（(\[【〔][^（）()\[\]【】〔〕]*[)）\]】〕]\s*\Z")
BRACKETS: Final = re.compile(r"\s*[（(\[【〔][^（）()\[\]【】〔〕]*[)）\]】〕]\s*")
LATIN_GAP: Final = re.compile(r"(?<=[A-Za-z.])\s+(?=[A-Z])")
DOT_GAP: Final = re.compile(rf"(?<={_HAN})\s?([·•・‧])\s?(?={_HAN})")
APART: Final = re.compile(rf"(?<!{_HAN})({_HAN})\s({_HAN})(?!{_HAN})")
"""A name of two characters set with a blank between them."""
FROM: Final = re.compile(rf"\s*(?:发自|發自|寄自)\s*{_HAN}{{2,8}}(?:报道|報導|报导)?")
IN_PLACE: Final = re.compile(r"\s+(?:(?:reporting )?(?:in|from)|for)\s+(?:the\s+)?[A-Z][\w .'-]*$")
FILED: Final = re.compile(
    rf"(?P<before>^|.*[\s、，,/])(?P<word>{_HAN}{{2,12}}?)?\s*(?:(?:\d{{1,2}}|[一二三四五六七八九十廿]{{1,3}})日)?"
    r"(?:综合|綜合|专|專|外)?(?:报道|報導|报导|報道|摘编|编译|整理|撰|电|電|讯|訊)$",
    re.DOTALL,
)
"""Where and how a report was filed, behind the names: `林一 北京报道`, `林一台北3日電`."""
TASK_BEHIND: Final = re.compile(r"\s(?:(?P<translator>编?译|編?譯)|摄影?|攝影?|图|圖)$")
ROLE_BEHIND: Final = re.compile(r"\s*(?:实习|實習)?(?:记者|記者)$")
TITLED: Final = re.compile(
    r"(?:特聘|客座|助理|荣休|名誉)?(?:副?教授|副?研究员|副?研究員|副?校[长長]|副?院[长長]|副?所[长長]|副?主任|副?主席|[议議][员員]|律[师師]|博士"
    r"|[学學]者|[医醫]生|[医醫][师師]|牧[师師]|先生|女士|小姐|老师|老師|同学|同學|[总總]裁|董事[长長]|秘[书書][长長]|[总總]编辑?|分析[师師])$"
)
HONORIFIC: Final = re.compile(r"^(?:Dr|Prof|Mr|Mrs|Ms)\.?\s+(?=[A-Z])")
SUFFIX: Final = re.compile(r"(?:Jr|Sr|II|III|IV|Ph\.?D|M\.?D|Esq)\.?\Z", re.IGNORECASE)
CONTACT: Final = re.compile(r"[^\s@]{1,64}@[^\s@]{1,64}\.[a-z]{2,10}|https?:\S+|(?<!\S)@\w+")
DESK: Final = re.compile(
    r"(?:社|[网網报報台臺]|[频頻]道|[编編][辑輯]部|中心|工作室|[杂雜][志誌]|新[闻聞]|[时時][报報]|[电電][讯訊]|通[讯訊]|[传傳]媒|[综綜]合"
    r"|公[众眾]号|公眾號|研究[所院]|委[员員][会會]|[评評][论論]部|[论論][坛壇]|[组組]|[团團][队隊]|[协協][会會]|[学學][会會]|[联聯]盟|公司"
    r"|集[团團]|大[学學]|[学學]院|智[库庫]|[银銀]行|政府|周刊|週刊|月刊|季刊|[视視][频頻]|影像|[转轉][载載]|[来來][论論稿]|[专專][栏欄]"
    r"|[记記]者|[读讀]者|[网網]友|小[编編]|[编編][者辑輯]|在[线線]|[电電][视視]|[广廣]播|客[户戶]端|[财財][经經]|[央卫衛][视視]|农场|農場|站|快[讯訊]|之[声聲]|[团團団]|全集|FM|部|[局署厅廳])$"
    r"|^(?:匿名|佚名|本[刊报報台臺网網站]|[编編][辑輯者]|[综綜]合|[转轉][载載]|特[约約]|作者)"
    r"|^(?:null|none|nan|unknown|undefined|admin(?:istrator)?|anonymous|guest|user|root)$"
    r"|^The\s|\.(?:com|org|net|cn|tv)(?![a-z])"
    r"|(?<![A-Za-z])(?:AFP|AP|Reuters|Bloomberg|Xinhua|News(?:room|wire|desk)?|Agenc(?:y|ies)|Press|Desk|Times|Team|Staff|Editors?|Editorial"
    r"|Network|Bureau|Media|Channel|TV|Vlog|Official|Daily|Weekly|Magazine|Journal|Herald|Tribune|Institute|University|Cent(?:er|re)"
    r"|Foundation|Association|Committee|Group|Inc|Ltd|Company|Corporation|Service|Radio|Broadcasting|Television|Wire|Club|Blog"
    r"|Podcast|Studios?|Op-?ed|Online|Website|Correspondents?|Reporters?|Contributors?|Columnist|Professor|Fellow|Analyst)(?![A-Za-z])",
    re.IGNORECASE,
)
ACRONYM: Final = re.compile(r"[A-Z]{2,5}\d?\Z")
CAPITALS: Final = re.compile(r"[^a-z]*[A-Z]{2}[^a-z]*\Z")
WORD: Final = re.compile(r"[^\W\d_]+")
NO_NAME: Final = frozenset("。！？!?：:@#“”《》<>{}=\n0123456789")
NO_START: Final = ("是", "我", "这", "這", "請", "请", "點擊", "点击")
LONGEST_LINE: Final = 500
LONGEST_LATIN: Final = 50
LONGEST_HAN: Final = 10
LONGEST_FOREIGN: Final = 24
PARTICLES: Final = frozenset(
    ["de", "da", "di", "du", "dos", "del", "van", "von", "der", "den", "la", "le", "bin", "al", "el", "ter", "y", "e"]
)


def split_people(text: str) -> list[str]:
    """The people of an author line: separators, labels, role words, brackets, desks and agencies removed."""
    return _people(text, "author")


def split_translators(text: str) -> list[str]:
    """The people an author line names as its translators."""
    return _people(text, "translator")


def _people(text: str, wanted: bylines.Part) -> list[str]:
    if any(end in text for end in "。！？"):
        return []
    text = CONTACT.sub(" ", text[:LONGEST_LINE].strip()).removeprefix("null ")
    if WRAPPED.match(text):
        text = text.strip()[1:-1]
    people: list[str] = []
    for part, stretch in bylines.parts(text):
        behind = TASK_BEHIND.search(stretch.rstrip())
        role = part if behind is None else "translator" if behind["translator"] else "other"
        if role == wanted:
            people += _names(stretch[: behind.start()] if behind else stretch)
    if not people and wanted == "author" and (bare := ROLE_BEHIND.sub("", text)) != text and is_person(bare):
        people.append(bare)  # `林一记者`: the role word seems a label of what follows
    return list(dict.fromkeys(people))


def _names(text: str) -> list[str]:
    text = BRACKETS.sub(_gap, text)
    text = APART.sub(r"\1\2", DOT_GAP.sub(r"\1", LATIN_GAP.sub(" ", text)))
    text = IN_PLACE.sub("", FROM.sub("、", text)).strip()
    if filed := FILED.match(text):
        text = filed["before"] + _without_place(filed["word"] or "")
    named: list[str] = []
    for part in SEPARATOR.split(text):
        name = _name(part.strip(" \t\u3000\xa0:：︰.。-—–·*•_“”\"'"))
        if SUFFIX.match(name) and named:
            named[-1] = f"{named[-1]} {name}"
        elif is_person(name):
            named.append(name)
    return named


def _gap(match: re.Match[str]) -> str:
    """What a remark in brackets leaves: a blank within a Latin name, else the end of a name."""
    before, after = match.string[: match.start()][-1:], match.string[match.end() : match.end() + 1]
    return " " if before.isascii() and before.isalpha() and after.isupper() else "、"


def _name(part: str) -> str:
    """One part of a list without the words around the name; empty where they are all there is."""
    part = ROLE_BEHIND.sub("", HONORIFIC.sub("", part.split("@", 1)[0].strip()))
    if part.endswith("等") and len(part) > 2:
        part = part[:-1]
    if title := TITLED.search(part):
        stem = part[: title.start()].strip()
        part = stem if 2 <= len(stem) <= 3 or "·" in stem or stem.isascii() else ""
    return part


def _without_place(word: str) -> str:
    """Of the word before `报道`, who filed it: `北京` gives nothing, `林一北京` and `林一` give the name."""
    for size in (3, 2, 4, 5):
        if word[-size:] in PLACES and len(word) - size != 1:
            return word[:-size]
    named = word[:1] in SURNAMES and len(word) <= 3 and word[-1] not in "州市省县"
    return word if named else ""


def is_person(name: str) -> bool:
    """Whether a name can be that of a person rather than a desk, an agency, a place or a sentence."""
    if len(name) < 2 or name in PLACES or not NO_NAME.isdisjoint(name) or ACRONYM.match(name) or DESK.search(name):
        return False
    if not (han := HAN_RUN.findall(name)):
        return len(name) <= LONGEST_LATIN and any(map(str.isalpha, name))
    if len(han[0]) < len(name) and any(map(DESK.search, han)):
        return False
    return not name.startswith(NO_START) and len(name) <= (
        LONGEST_FOREIGN if any(c in "·•・‧ " for c in name) else LONGEST_HAN
    )


def ordinary_case(name: str, text: str) -> str:
    """A name in capitals as the file prints it elsewhere, else in title case; other names unchanged.

    Args:
        name: As printed.
        text: The whole file.
    """
    if not CAPITALS.match(name) or HAN_RUN.search(name):
        return name
    pattern = re.compile(r"\s+".join(re.escape(part) for part in name.split()), re.IGNORECASE)
    for match in pattern.finditer(text):
        if not CAPITALS.match(match[0]) and match[0] != match[0].lower():
            return " ".join(match[0].split())
    words = name.lower()
    titled = WORD.sub(lambda m: m[0] if m[0] in PARTICLES and m.start() else m[0].capitalize(), words)
    titled = re.sub(r"\bI(?:ii?|v)\b", lambda m: m[0].upper(), titled)
    return re.sub(r"\bMc([a-z])", lambda m: f"Mc{m[1].upper()}", titled)
