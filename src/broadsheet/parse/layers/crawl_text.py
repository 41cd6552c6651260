"""The article in the text of a whole web page, one line a paragraph: what stands between the menus, by structure.

A crawler that keeps all text of a page leaves menus, share buttons, teasers and footers as short lines. The article is
where lines of prose stand close together, below the line that repeats the title.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from broadsheet.document import SourceText, concatenate
from broadsheet.parse.layers.crawl_byline import BYLINE, LABELS, PageLine, bylines, is_stamp, reporters
from broadsheet.parse.readings import Reading, bare, trimmed

LINE: Final = re.compile(r"[^\r\n]+")
LINK: Final = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\n]{0,1500}\)")
MARKS: Final = re.compile(r"^[\s#>*_+-]+|[\s*_]+$|\*\*")
PROSE_END: Final = re.compile(r"[.!…:;,][\"”’')\]]{0,2}$|[?][\"”’')\]]{1,2}$")
HAN_PROSE: Final = re.compile(r"[\u4e00-\u9fff].{18,}[。！？；”」]$")
HAN_ENDS: Final = tuple("。！？；”」")
MARKERS: Final = tuple("#>*_+-")
LOWEST_HAN: Final = 18
LOWEST, LONG, WORDS, MANY_WORDS = 45, 200, 7, 15
JUNK: Final = re.compile(
    r"(?:Advert(?:isement)?s?|Ad|Share(?: this)?|Save|Print|E-?mail|Listen(?: to)?.{0,30}|info|play|caret-\w+|search|"
    r"facebook|twitter|x\.com|whatsapp|copy ?link|linkedin|reddit|telegram|google|share2|plus2?|live|"
    r"\d{1,3} ?min(?:ute)?s?(?: read| ago)?|Click here.{0,60}|Add .{2,30} on Google|Read on the .{2,30}|"
    r"Download the .{2,40}|Recommended (?:Video|Stories)|list of \d+ items?|end of list|Image|Photo|Video|"
    r"Loading.{0,12}|Reporter|Staff writer|Published(?: on)?|Updated|Skip to (?:main )?content|Skip links|"
    r"Item \d+ of \d+.*|\[[^\[\]]{1,60}\]|!.*|[^\w]*)",
    re.IGNORECASE,
)
LISTED: Final = re.compile(r"list \d+ of \d+", re.IGNORECASE)
PITCHES: Final = (
    "newsletter", "your inbox", "sign up", "signed up", "signing up", "sign in", "log in", "logged out",
    "subscribe", "subscription", "privacy polic", "rights reserved", "terms of use", "terms of service",
    "javascript", "your browser", "browser version", "manage preferences", "your choices", "follow us", "add us on",
    "opt out", "trust principles", "licensing rights", "licensed under",
)  # fmt: skip
PITCH_STARTS: Final = ("reporting by ", "join us ", "click here", "clickhere", "this site uses ")
COOKIES: Final = ("cookie", "tracking technologies")
PITCH_LENGTH, COOKIE_LENGTH = 260, 800
STOP: Final = re.compile(
    r"(?:Related|Recommended(?! (?:Video|Stories))|More (?:from|on|stories|news|in)\b|"
    r"Most (?:read|popular|viewed|recent)|Read next|Read more|Up next|You (?:may|might) also|"
    r"Latest (?:news|stories|from)|Trending|Our Standards|Don.t miss our|About the author|"
    r"(?:\d+ )?Comments?$|Leave a (?:comment|reply)|Share this article|Tags?:|Topics?:?$|Filed under|Back to top|"
    r"References$|Copyright\b|©|\(c\) 20|Join the conversation|Post your comment|Suggested|"
    r"Editors?.? picks|Popular|Explore more|Was this (?:page|article) helpful|From Our Partners|Sponsored|"
    r"Show (?:more|comments))",
    re.IGNORECASE,
)
STOP_LENGTH, STOP_AFTER = 90, 3
ENDNOTE: Final = re.compile(r"\[\d{1,3}\]:?\s*(?:https?:|www\.)")
CREDIT: Final = re.compile(
    r"(?:\[[^\[\]]{3,80}\]|\((?:AP|AFP|Photo|Image|File)[^()]{0,80}\)|(?:Getty Images|REUTERS/[\w .'-]{2,40}|/Reuters|"
    r"via Reuters|/AFP|/AP|AP Photo|EPA|Anadolu)[^.]{0,60})[\s.)\]]*$|(?:Photo|Image|Picture|Credit)s?(?: by|:)"
)
CLOSING: Final = tuple(")].")
CREDITED: Final = ("Photo", "Image", "Picture", "Credit", "REUTERS", "Reuters", "AFP", "AP", "EPA", "Anadolu")
NUMBERED: Final = re.compile(r"\[\d+/\d+\]")
DATED: Final = re.compile(
    r"\b(?:on|in) (?:\w+day, )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\w{0,6}\.? \d{1,2}, \d{4}\b.{0,60}$"
)
CAPTION_LENGTH: Final = 420
TAIL: Final = 140
PAYWALL: Final = re.compile(
    r"(?:Continue|Keep) reading (?:this|with)|paid subscription|Subscribe to (?:continue|read)|to continue reading",
    re.IGNORECASE,
)
GAP, FEW, SHORT_RUN, LOOK_FOR_BYLINE = 8, 5, 2, 30


@dataclass(frozen=True, slots=True)
class MainText:
    """The article found in a page.

    Attributes:
        text: Its lines, one paragraph each.
        readings: Byline and date that stand between title and text.
        prose: Characters in lines of prose.
        lines: How many lines of prose.
    """

    text: SourceText
    readings: tuple[Reading, ...]
    prose: int
    lines: int


def main_text(source: SourceText, title: str, rule: str) -> MainText:
    """The article of a page.

    Args:
        source: All text of the page.
        title: Of the article, without the name of the site; may be empty.
        rule: Id of the layer, for its readings.
    """
    lines = [line for match in LINE.finditer(source.text) if (line := _line(match)).shown]
    start, end = _below_title(lines, bare(title))
    head = lines[start : start + LOOK_FOR_BYLINE]
    kept = _article(_without_junk(lines[start:end]))
    prose = [line for line in kept if line.prose]
    return MainText(
        text=concatenate((trimmed(source.slice(line.start, line.end)) for line in kept), "\n\n"),
        readings=tuple(bylines(source, head, rule) or reporters(source, lines[start:end], rule)),
        prose=sum(len(line.shown) for line in prose),
        lines=len(prose),
    )


def _line(match: re.Match[str]) -> PageLine:
    text = match[0].strip()
    shown, linked = text, 0
    if "[" in text:
        linked = sum(len(link[1]) for link in LINK.finditer(text))
        shown = LINK.sub(r"\1", text)
    if shown[:1] in MARKERS or shown[-1:] in MARKERS or "**" in shown:
        shown = MARKS.sub("", shown).strip()
    line = PageLine(*match.span(), text, shown)
    if linked * 2 > len(shown) or text.startswith(("!", "|")):
        return line
    line.prose = _is_prose(shown)
    line.short = not line.prose
    return line


def _is_prose(text: str) -> bool:
    """Whether a line is a sentence or more; long ones may lack their end where a link was lost."""
    if len(text) < LOWEST:
        return len(text) > LOWEST_HAN and _is_han_prose(text)
    words = text.count(" ") + 1
    return (
        (words >= WORDS and PROSE_END.search(text, len(text) - 4) is not None)
        or (len(text) >= LONG and words >= MANY_WORDS)
        or _is_han_prose(text)
    )


def _is_han_prose(text: str) -> bool:
    return text.endswith(HAN_ENDS) and HAN_PROSE.search(text) is not None


def _below_title(lines: Sequence[PageLine], title: str) -> tuple[int, int]:
    """The lines below the one that repeats the title, up to the next that does: where most prose is."""
    longest = 2 * len(title) if title else 0
    places = [
        i for i, line in enumerate(lines) if len(title) <= len(line.shown) <= longest and bare(line.shown) == title
    ]
    if not places:
        return 0, len(lines)
    spans = list(zip(places, [*places[1:], len(lines)], strict=True))
    best = max(spans, key=lambda span: sum(len(line.shown) for line in lines[span[0] : span[1]] if line.prose))
    return best[0] + 1, best[1]


def _without_junk(lines: Sequence[PageLine]) -> list[PageLine]:
    """Without buttons, teasers in lists, captions, pitches, and the headlines of other articles."""
    kept: list[PageLine] = []
    skip = False
    for line in lines:
        shown = line.shown
        if skip or LISTED.fullmatch(shown) or shown in LABELS:  # the line behind it goes as well
            skip = not skip
            continue
        if len(kept) >= STOP_AFTER and _ends(shown) and sum(k.prose for k in kept) >= STOP_AFTER:
            break
        if len(shown) < PITCH_LENGTH and PAYWALL.search(shown):
            kept.append(line)
            break
        if not (line.prose or line.short) or (line.short and JUNK.fullmatch(shown)):
            continue
        if _is_pitch(shown):
            continue
        if len(shown) < CAPTION_LENGTH and _is_caption(shown):
            continue
        if line.short and (_is_headline(shown) or BYLINE.match(shown) or is_stamp(shown)):
            continue
        kept.append(line)
    return kept


def _ends(text: str) -> bool:
    """Whether what stands behind the article begins here: teasers, comments, endnotes, the footer."""
    return (len(text) <= STOP_LENGTH and STOP.match(text) is not None) or ENDNOTE.match(text) is not None


def _is_pitch(text: str) -> bool:
    """Whether a line asks for a reader's consent, money or address."""
    if len(text) > COOKIE_LENGTH:
        return False
    lower = text.lower()
    if any(map(lower.__contains__, COOKIES)):
        return True
    return len(text) < PITCH_LENGTH and (lower.startswith(PITCH_STARTS) or any(map(lower.__contains__, PITCHES)))


def _is_caption(text: str) -> bool:
    """Whether a line says at its end, or begins by saying, that it tells of a picture."""
    end = text[-TAIL:]
    if (end[-1] in CLOSING or any(map(end.__contains__, CREDITED))) and CREDIT.search(end):
        return True
    return (", 20" in end and DATED.search(end) is not None) or (text[0] == "[" and NUMBERED.match(text) is not None)


def _is_headline(text: str) -> bool:
    """Whether a line is set in the capitals of a headline, as inserted teasers are."""
    words = [word for word in re.findall(r"[A-Za-z][\w'’-]*", text) if len(word) > 3]
    return len(words) >= 4 and sum(word[0].isupper() for word in words) >= 0.85 * len(words)


def _article(lines: Sequence[PageLine]) -> list[PageLine]:
    """The lines of prose that stand close together, with the few short lines between them."""
    kept: list[PageLine] = []
    between: list[PageLine] = []
    prose = 0
    for line in lines:
        if not line.prose:
            between.append(line)
            if len(between) > GAP and prose >= FEW:
                break
            continue
        if kept and len(between) <= SHORT_RUN:
            kept += between
        elif prose < 2 and len(between) > GAP:
            kept, prose = [], 0
        kept.append(line)
        between = []
        prose += 1
    kept += [line for line in between[:1] if PAYWALL.search(line.shown)]
    return kept
