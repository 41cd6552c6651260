"""Language: what the file declares unless its characters contradict it, else what its characters say."""

import re
from collections.abc import Callable
from functools import cache
from typing import Final

HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
LATIN: Final = re.compile(r"[A-Za-zÀ-ÖØ-öø-ž]+")
OTHERS: Final = (
    (re.compile(r"[\u3040-\u30ff]+"), ("ja",)),
    (re.compile(r"[\uac00-\ud7af]+"), ("ko",)),
    (re.compile(r"[\u0400-\u04ff]+"), ("ru", "uk", "bg", "sr", "kk", "mn")),
    (re.compile(r"[\u0600-\u06ff]+"), ("ar", "fa", "ur")),
    (re.compile(r"[\u0e00-\u0e7f]+"), ("th",)),
    (re.compile(r"[\u0900-\u097f]+"), ("hi",)),
    (re.compile(r"[\u0370-\u03ff]+"), ("el",)),
    (re.compile(r"[\u0590-\u05ff]+"), ("he",)),
    (re.compile(r"[\u0f00-\u0fff]+"), ("bo",)),
)
OTHER_WIDE: Final = re.compile(r"[\u0900-\u1fff\u3040-\u30fa\ua000-\ud7ff]")
"""Letters of three bytes that are not Han."""
QUOTED: Final = re.compile(r"「[^」\n]*+」|“[^”\n]*+”|《[^》\n]*+》|『[^』\n]*+』")
ENGLISH: Final = re.compile(
    r"\b(?:the|and|that|said|with|from|this|has|are|have|which|been|were|their)\b", re.IGNORECASE
)
TAGS: Final = {
    "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", "zh-my": "zh-Hans", "zh-hans": "zh-Hans", "zh-hans-cn": "zh-Hans",
    "zh-chs": "zh-Hans", "cn": "zh-Hans", "chs": "zh-Hans", "gb2312": "zh-Hans", "gbk": "zh-Hans",
    "zh-tw": "zh-Hant", "zh-hk": "zh-Hant", "zh-mo": "zh-Hant", "zh-hant": "zh-Hant", "zh-hant-tw": "zh-Hant",
    "zh-hant-hk": "zh-Hant", "zh-cht": "zh-Hant", "cht": "zh-Hant", "big5": "zh-Hant", "yue": "zh-Hant",
    "zh-yue": "zh-Hant", "yue-hant": "zh-Hant", "english": "en", "chinese": None, "zh": None, "chi": None, "zho": None,
}  # fmt: skip
TAG: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
GLANCE: Final = 60
WIDE_GLANCE: Final = 250
ENOUGH: Final = 6000
LONG_LATIN: Final = 200
ENGLISH_SHARE: Final = 20
MANY_ENGLISH: Final = 5
UNMISTAKABLE: Final = (" the ", " and ", " that ", " with ")
EUROPEAN: Final = (
    *("en", "fr", "de", "es", "pt", "it", "nl", "pl", "sv", "da"),
    *("no", "fi", "cs", "hu", "ro", "tr", "id", "vi"),
)
FARTHEST: Final = 1000
CLEAR: Final = 8
CLOSE: Final = 4
MOSTLY_WIDE: Final = 2
"""Bytes per character of a text that is Han for the greater part, though Latin letters and figures stand in it."""
UNDETERMINED: Final = "und"


@cache
def simplified() -> frozenset[str]:
    """The characters only Simplified Chinese has, as its national character set says (GB 2312, not Big5)."""
    return _gb2312() - _big5()


@cache
def traditional() -> frozenset[str]:
    """The characters only Traditional Chinese has (Big5, not GB 2312)."""
    return _big5() - _gb2312()


@cache
def _gb2312() -> frozenset[str]:
    pairs = bytes(byte for lead in range(0xB0, 0xF8) for trail in range(0xA1, 0xFF) for byte in (lead, trail))
    return frozenset(c for c in pairs.decode("gb2312", "ignore") if c >= "\u4e00")


@cache
def _big5() -> frozenset[str]:
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    pairs = bytes(byte for lead in range(0xA4, 0xFA) for trail in trails for byte in (lead, trail))
    return frozenset(c for c in pairs.decode("big5", "ignore") if c >= "\u4e00")


def normalize(tag: str) -> str | None:
    """A declared tag in BCP 47 form; None if it does not settle the language (`zh` alone, or no tag at all)."""
    tag = tag.strip().replace("_", "-")
    lower = tag.lower()
    if lower in TAGS or not TAG.fullmatch(tag):
        return TAGS.get(lower)
    primary, *rest = tag.split("-")
    return "en" if primary.lower() == "en" else "-".join([primary.lower(), *rest])


def settle(declared: str | None, text: str) -> str:
    """The language of a text: the declared tag, if there is one and the script of the text can be that.

    A tag is often that of a page template: `en` on a Chinese page, `zh-CN` on one in Traditional characters.
    """
    if declared is None:
        return detect(text)
    sample = _glance(text)
    chinese = declared.startswith("zh")
    if not chinese and (declared in ("ja", "ko") or sample.isascii()):
        return declared
    found = detect(text)
    if not chinese:
        return found if found.startswith("zh") else declared
    if declared in ("zh-Hans", "zh-Hant") and found != declared and found.startswith("zh"):
        ours, other = simplified(), traditional()
        if declared == "zh-Hant":
            ours, other = other, ours
        if len(other.intersection(text[:ENOUGH])) >= CLEAR * max(len(ours.intersection(text[:ENOUGH])), 1):
            return found
    return declared


def detect(text: str) -> str:
    """The language of a text by its script; Chinese by the characters that only one of its two forms has."""
    sample = _glance(text)
    if sample.isascii():
        return _latin(text) if LATIN.search(sample) else _plain(text)
    if len(sample.encode()) > MOSTLY_WIDE * len(sample) and HAN.search(sample) and not OTHER_WIDE.search(sample):
        return _chinese(text, sample)
    han = _count(HAN, sample)
    latin = _count(LATIN, sample)
    if han + latin < len(sample) - sum(map(sample.count, " \n。，、")):
        for script, tags in OTHERS:
            if _count(script, sample) * 5 > han + latin:
                return tags[0] if len(tags) == 1 else _detected(text, tags) or tags[0]
    if han * 4 > latin:
        return _chinese(text, sample)
    return _latin(text) if latin else _plain(text)


def _count(script: re.Pattern[str], text: str) -> int:
    return sum(map(len, script.findall(text)))


def _plain(text: str) -> str:
    """A text without letters where we looked: there may be some elsewhere."""
    found = re.search(r"[^\W\d_]", text[:ENOUGH])
    return (
        detect(text[found.start() : found.start() + 3 * GLANCE]) if found and len(text) > 3 * GLANCE else UNDETERMINED
    )


def _glance(text: str, width: int = GLANCE) -> str:
    """Three stretches of a long text, since a page may start in its frame and end in its sources."""
    third = len(text) // 3
    if third <= width:
        return text
    return text[:width] + text[third : third + width] + text[2 * third : 2 * third + width]


def _chinese(text: str, glance: str) -> str:
    """Simplified or Traditional, by how many different characters of each stand in it."""
    hans, hant = _forms(glance)
    if max(hans, hant) <= CLOSE * min(hans, hant):
        hans, hant = _forms(text[:ENOUGH])
    if max(hans, hant) <= CLOSE * min(hans, hant):
        hans, hant = _forms(QUOTED.sub("", text[:ENOUGH]))
    return "zh-Hant" if hant > hans or (hans == hant and "「" in text) else "zh-Hans"


def _forms(text: str) -> tuple[int, int]:
    return len(set(_any(simplified).findall(text))), len(set(_any(traditional).findall(text)))


@cache
def _any(form: Callable[[], frozenset[str]]) -> re.Pattern[str]:
    """A pattern for the characters of one form: far less memory is touched than by a set of them."""
    return re.compile(f"[{''.join(sorted(form()))}]")


def _latin(text: str) -> str:
    """English if its small words stand in the text or the text is short, else what a detector says."""
    sample = _glance(text, WIDE_GLANCE)
    if sum(map(sample.count, UNMISTAKABLE)) >= MANY_ENGLISH:
        return "en"
    if _count(LATIN, sample) < LONG_LATIN or len(ENGLISH.findall(sample)) * ENGLISH_SHARE >= len(LATIN.findall(sample)):
        return "en"
    if len({word.lower() for word in ENGLISH.findall(text[: 10 * ENOUGH])}) >= MANY_ENGLISH:
        return "en"  # few of them only because names or numbers fill the text
    return _detected(text, EUROPEAN) or "en"


def _detected(text: str, among: tuple[str, ...]) -> str | None:
    from resiliparse.parse.lang import detect_fast

    tag, distance = detect_fast(text[:ENOUGH], langs=list(among))
    return tag if tag != "unknown" and distance <= FARTHEST else None
