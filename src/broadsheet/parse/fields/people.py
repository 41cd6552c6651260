"""Author lists: people only."""

import re
from typing import Final

SEPARATOR: Final = re.compile(
    r"\s*[、，,;；/／|｜&\n]\s*|\s+and\s+|\s{2,}|\u3000+|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])[和与及](?=[\u4e00-\u9fff]{2})"
)
BRACKETS: Final = re.compile(r"[（(\[【][^（）()\[\]【】]*[)）\]】]")
LABEL: Final = re.compile(
    r"^\s*(?:文|图|撰文|撰稿|作者|记者|記者|文字|采写|采訪|编辑|本报记者|Author|By|by|BY)\s*[:：/|｜]?\s+|^\s*(?:作者|记者|記者|撰文|文|采写|By|by)\s*[:：︰]\s*"
)
ROLE: Final = re.compile(
    r"^(?:[\u4e00-\u9fff]{0,8}?(?:特约|特約|实习|實習|本报|本報|本台|驻\S{1,6}|駐\S{1,6})?(?:记者|記者|通讯员|特派员|特派員|评论员|評論員))\s*"
    r"|\s*(?:实习记者|實習記者|记者|記者|撰|编辑|編輯|报道|報導|摘编)$"
)
DESK: Final = re.compile(
    r"(?:社|网|網|报|報|台|臺|频道|頻道|编辑部|編輯部|中心|工作室|杂志|雜誌|新闻|新聞|时报|日报|电讯|通讯|传媒|傳媒|综合|綜合|公众号|研究所|委员会|评论部)$"
    r"|^(?:AFP|AP|Reuters|Bloomberg|Staff|Admin|Editor|Agencies|null|none|unknown|匿名|佚名|编辑|本刊|本报|本網|本站)\b"
    r"|News|Agency|Press|Desk|Times\b|Team|Staff|Editor|Network|Bureau|Media",
    re.IGNORECASE,
)
HAN: Final = re.compile(r"[\u4e00-\u9fff]")
CAPITALS: Final = re.compile(r"[^a-z]*[A-Z]{2}[^a-z]*\Z")
WORD: Final = re.compile(r"[^\W\d_]+")
LONGEST_LATIN, LONGEST_HAN = 50, 20
PARTICLES: Final = frozenset(["de", "da", "di", "van", "von", "der", "den", "la", "le", "bin", "al", "el"])


def split_people(text: str) -> list[str]:
    """The people of an author line: separators, labels, role words, brackets, desks and agencies removed."""
    if any(end in text for end in "。！？"):
        return []
    text = LABEL.sub("", BRACKETS.sub("", text.strip()))
    text = re.sub(r"^null\s+", "", text)
    people: list[str] = []
    for part in SEPARATOR.split(text):
        name = ROLE.sub("", LABEL.sub("", (part or "").strip(" \t\u3000\xa0:：.。-—·*"))).strip()
        if is_person(name) and name not in people:
            people.append(name)
    return people


def is_person(name: str) -> bool:
    """Whether a name can be that of a person rather than a desk, an agency or a sentence."""
    if len(name) < 2 or DESK.search(name) or any(c in name for c in "。！？：:@#“”《》<>\n") or "http" in name:
        return False
    if any(c.isdigit() for c in name):
        return False
    return len(name) <= (LONGEST_HAN if HAN.search(name) else LONGEST_LATIN)


def ordinary_case(name: str, text: str) -> str:
    """A name in capitals as the file prints it elsewhere, else in title case; other names unchanged.

    Args:
        name: As printed.
        text: The whole file.
    """
    if not CAPITALS.match(name):
        return name
    pattern = re.compile(r"\s+".join(re.escape(part) for part in name.split()), re.IGNORECASE)
    for match in pattern.finditer(text):
        if not CAPITALS.match(match[0]) and match[0] != match[0].lower():
            return " ".join(match[0].split())
    words = name.lower()
    titled = WORD.sub(lambda m: m[0] if m[0] in PARTICLES and m.start() else m[0].capitalize(), words)
    return re.sub(r"\bMc([a-z])", lambda m: f"Mc{m[1].upper()}", titled)
