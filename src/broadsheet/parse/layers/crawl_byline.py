"""Who wrote a page and when: lines around an article in the text of a whole page that say nothing else."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from broadsheet.document import SourceText
from broadsheet.parse.fields.dates import is_date
from broadsheet.parse.readings import Reading, trimmed

BYLINE: Final = re.compile(r"By\s+(?P<names>[A-Z][^\n]{2,80})$")
NAMES: Final = re.compile(
    r"(?!.*\b(?:Icon|Button|Image|Photo|Share|Read)\b)"
    r"[A-Z][\w.'’-]*(?: [\w.'’-]+){1,4}(?:(?:, | and )[A-Z][\w.'’-]*(?: [\w.'’-]+){1,4}){0,5}"
)
NAME_LIST: Final = re.compile(
    r"[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3}(?:(?:, and |, | and )[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3})+"
)
LABELS: Final = ("By", "Author", "Authors", "Written by", "Author:", "Authors:", "By:")
REPORTING: Final = re.compile(
    r"\s*Reporting by (?P<names>[^;\n]{3,120}?)(?=[;\n]|\s+(?:[Ww]riting|[Ee]diting|[Aa]dditional)|$)"
)
ROLES: Final = re.compile(r"(?:[A-Z]\w+ )?(?:Writer|Reporter|Editor|Correspondent|Contributor|Journalist)")
PUBLISHED: Final = re.compile(
    r"(?:(?:Published|Posted|Updated|Last updated|First published)(?: on| at)?\s*:?\s*)?(?P<date>.{6,60})$",
    re.IGNORECASE,
)
DIGIT: Final = re.compile(r"\d")
LONGEST, LONGEST_DATE = 200, 100


@dataclass(slots=True)
class PageLine:
    """A line of a page: its place, its text, what is shown of it, and whether that is prose or a short line."""

    start: int
    end: int
    text: str
    shown: str
    prose: bool = False
    short: bool = False


def is_stamp(text: str) -> bool:
    """Whether a line is a date, perhaps with a word like `Updated` before it."""
    return _date(text) is not None


def _date(text: str) -> re.Match[str] | None:
    if len(text) > LONGEST_DATE or not DIGIT.search(text):
        return None
    dated = PUBLISHED.fullmatch(text)
    return dated if dated and is_date(dated["date"]) else None


def bylines(source: SourceText, lines: Sequence[PageLine], rule: str) -> list[Reading]:
    """Byline and date among the lines right below the title."""
    found: list[Reading] = []
    fields: set[str] = set()
    label = False

    def read(field: str, line: PageLine, start: int, end: int) -> None:
        lead = line.start + source.text[line.start : line.end].find(line.text)
        place = trimmed(source.slice(lead + start, lead + end))
        if place:
            found.append(Reading(field, place, "body", f"{rule}.{field}"))
            fields.add(field)

    for line in lines:
        text = line.text
        if line.prose and len(text) > LONGEST and found:
            break
        byline = BYLINE.match(text)
        if label and NAMES.fullmatch(text):
            read("author", line, 0, len(text))
        elif byline and "author" not in fields:
            read("author", line, *byline.span("names"))
        elif "author" not in fields and _is_list_of_names(text):
            read("author", line, 0, len(text))
        elif "published" not in fields and (dated := _date(text)):
            read("published", line, *dated.span("date"))
        label = text in LABELS or ("author" in fields and ROLES.fullmatch(text) is not None)
    return found


def reporters(source: SourceText, lines: Sequence[PageLine], rule: str) -> Iterator[Reading]:
    """Who reported, where that stands below the text."""
    for line in lines:
        if line.text.startswith("Reporting by") and (found := REPORTING.match(source.text, line.start)):
            yield Reading("author", source.slice(*found.span("names")), "body", f"{rule}.reporting")
            return


def _is_list_of_names(text: str) -> bool:
    """Whether a line is nothing but several names; two words each are not enough if nothing else sets them off."""
    if len(text) > LONGEST or " and " not in text or not NAME_LIST.fullmatch(text):
        return False
    return ", " in text or text.replace(" and ", "").isupper()
