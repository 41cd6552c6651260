"""How a text is annotated, for people who change packs: names, times and events, each with the rule that made it.

Run as `python -m broadsheet.annotate.explain [--day YYYY-MM-DD] [--language TAG] TEXT...`.
"""

import argparse
from collections.abc import Iterator, Sequence
from datetime import date

from broadsheet.annotate import Annotator, MentionDraft, ReportDraft
from broadsheet.annotate.pack import Pack
from broadsheet.annotate.phrases import SYMBOLS, Name
from broadsheet.annotate.reading import Reader
from broadsheet.annotate.telling import Unit
from broadsheet.annotate.times import Anchor, resolve
from broadsheet.document import Article, Block, Published, SourceText, Span


def explain(annotator: Annotator, text: str, day: date | None, language: str = "zh") -> Iterator[str]:
    """Lines that say what is found in one paragraph: as the frames see it, then names, times and events.

    Args:
        annotator: Reads it.
        text: The paragraph.
        day: When its article was published; None if unknown.
        language: Tag of its language.
    """
    yield text
    pack = annotator.pack(language)
    if pack is None:
        yield f"  no pack reads the language {language!r}"
        return
    published = Published(local=day.isoformat(), precision="day") if day else Published()
    block = Block("paragraph", SourceText(text))
    found = annotator.annotate(Article(0, None, (block,), Span(0, len(text)), language, published=published))
    yield f"  {_seen(pack, text, found.mentions)}"
    yield from (f"  name   {m.surface}  {m.entity_id}  ({m.rule})" for m in found.mentions)
    for match in pack.times.find(pack.fold(text)):
        value = resolve(match, Anchor(published=day))
        told = _days(value.date_start, value.date_end) or value.duration or value.problem
        yield f"  time   {text[match.start : match.end]}  {told}  ({match.rule})"
    yield from map(_event, found.reports)


def _seen(pack: Pack, text: str, mentions: Sequence[MentionDraft]) -> str:
    """The text as frames are matched against it, with symbols as packs write them."""
    names = (Name(m.start, m.end, m.type, m.entity_id, m.rule, m.confidence) for m in mentions)
    masked = Reader(pack).read(Unit("body", 0, pack.fold(text), tuple(names))).masked.text
    for letter, symbol in SYMBOLS.items():
        masked = masked.replace(symbol, f"<{letter}>")
    return masked


def _event(report: ReportDraft) -> str:
    when = _days(report.date_start, report.date_end) or "no date"
    who = ", ".join(f"{role} {entity}" for entity, role in report.participants)
    return f"  event  {report.trigger}  {report.type}, {report.status}, {when}: {who}  ({report.rule})"


def _days(start: date | None, end: date | None) -> str:
    if start == end:
        return str(start or "")
    return f"{start or '..'}/{end or '..'}"


def main(words: Sequence[str] | None = None) -> None:
    """Print what `explain` says of each text.

    Args:
        words: Of the command line.
    """
    parser = argparse.ArgumentParser(prog="python -m broadsheet.annotate.explain", description=explain.__doc__)
    parser.add_argument("text", nargs="+", help="A paragraph.")
    parser.add_argument("--day", type=date.fromisoformat, help="When the article was published, YYYY-MM-DD.")
    parser.add_argument("--language", default="zh", help="Tag of the language; zh if left out.")
    given = parser.parse_args(words)
    annotator = Annotator.load()
    for text in given.text:
        print(*explain(annotator, text, given.day, given.language), sep="\n")


if __name__ == "__main__":
    main()
