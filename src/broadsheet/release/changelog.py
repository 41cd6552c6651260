"""The entry of a release in CHANGELOG.md (Keep a Changelog), and the text of its tag.

What a person wrote is never changed: the heading of the version goes below `## [Unreleased]`, so that the notes
gathered there become notes of the version, and what was counted follows them. A file that has the heading already stays
as it is.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from broadsheet.release.diff import Difference
from broadsheet.release.rows import TableChange
from broadsheet.release.schemas import Change
from broadsheet.release.show import cell, code, line, most, place

HEAD: Final = """\
# Changelog

The releases of this dataset. The format is that of [Keep a Changelog](https://keepachangelog.com/en/1.1.0/); versions
follow [Semantic Versioning](https://semver.org/).
"""
HEADINGS: Final = ("added", "changed", "removed")
LISTED: Final = 50
"""Lines below one heading."""
HEADING: Final = re.compile(r"##[ \t]+\[?v?([0-9][^\s\]]*)\]?")
UNRELEASED: Final = re.compile(r"##[ \t]+\[?unreleased\]?[ \t]*", re.IGNORECASE)
FENCE: Final = re.compile(r" {0,3}(?:```|~~~)")

Notes = Mapping[str, Sequence[str]]
"""Lines by heading: what was added, changed and removed."""


def first_notes(rows: Mapping[str, int]) -> Notes:
    """Notes of a release that has none before it."""
    counted = [f"{code(name)}: {_count(count)}" for name, count in rows.items() if count]
    return {"added": ["First release.", *counted]}


def notes(found: Difference) -> Notes:
    """Notes of what differs from the release before."""
    lines: dict[str, list[str]] = {heading: [] for heading in HEADINGS}
    cosmetic = sum(change.kind == "cosmetic" for change in found.schema)
    for change in found.schema:
        if change.kind != "cosmetic":
            lines[change.what].append(_change(change))
    for table in found.rows:
        for heading, count in (("added", table.added), ("changed", table.changed), ("removed", table.removed)):
            if count:
                lines[heading].append(_rows(table, heading, count))
    if cosmetic:
        lines["changed"].append(f"descriptions, other metadata or tighter rules: {cosmetic}")
    return {heading: _limited(listed) for heading, listed in lines.items() if listed}


def entry(version: str, date: str | None, told: Notes) -> str:
    """The section of a version."""
    heading = f"## [{version}]" + (f" - {date}" if date else "")
    return "\n".join([heading, "", *_sections(told)])


def with_entry(text: str | None, version: str, date: str | None, told: Notes) -> str:
    """The changelog with the entry of a version; as it is if it has one.

    Args:
        text: The file; None if there is none.
        version: The version.
        date: Its day, if anybody says.
        told: What to note.
    """
    if text is None:
        return f"{HEAD}\n{entry(version, date, told)}"
    if version in versions(text):
        return text
    lines = text.split("\n")
    end = "\r" if lines[0].endswith("\r") else ""
    headings = [(at, found) for at, found in _headings(lines)]
    start = next((at for at, found in headings if UNRELEASED.fullmatch(found)), None)
    new = [f"{one}{end}" for one in entry(version, date, told).rstrip("\n").split("\n")]
    if start is None:  # above the newest version
        at = next((at for at, found in headings if HEADING.match(found)), len(lines))
        before = lines[:at] if at < len(lines) else [*_bare(lines, end), end]
        return "\n".join([*before, *new, *((end, *lines[at:]) if at < len(lines) else ("",))])
    after = next((at for at, _ in headings if at > start), len(lines))
    by_hand = _bare(lines[start + 1 : after], end)
    made = [end, new[0], *(by_hand if by_hand else []), *new[1:], end if after < len(lines) else ""]
    return "\n".join([*lines[: start + 1], *made, *lines[after:]])


def versions(text: str) -> list[str]:
    """The versions a changelog has sections of, as they stand."""
    found = (HEADING.match(heading) for _, heading in _headings(text.split("\n")))
    return [match[1] for match in found if match]


def tag_text(title: str, version: str, told: Notes) -> str:
    """The message of the tag: no `#`, which git takes for a comment."""
    lines = [f"{line(title)} {version}".lstrip("# "), ""]
    for heading in HEADINGS:
        if heading in told:
            lines += [f"{heading.capitalize()}:", *(f"- {_plain(one)}" for one in told[heading]), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _change(change: Change) -> str:
    marked = "**Breaking:** " if change.kind == "breaking" else ""
    return f"{marked}{code(place(change))}: {cell(change.message)}"


def _rows(table: TableChange, heading: str, count: int) -> str:
    if heading != "changed":
        return f"{code(table.table)}: {_count(count)}"
    columns = ", ".join(f"{code(name)} {number:,}" for name, number in most(table)[:5])
    return f"{code(table.table)}: {_count(count)} ({columns}{', …' if len(table.columns) > 5 else ''})"


def _count(count: int) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'}"


def _limited(lines: Sequence[str]) -> Sequence[str]:
    more = len(lines) - LISTED
    return lines if more <= 0 else [*lines[:LISTED], f"{more} more"]


def _sections(told: Notes) -> Iterator[str]:
    for heading in HEADINGS:
        if heading in told:
            yield from (f"### {heading.capitalize()}", "", *(f"- {one}" for one in told[heading]), "")


def _headings(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Headings of the second level with their place; what stands in a fence is none."""
    inside = False
    for at, one in enumerate(lines):
        if FENCE.match(one):
            inside = not inside
        elif not inside and one.startswith("## "):
            yield at, one.rstrip()


def _bare(lines: Sequence[str], end: str) -> list[str]:
    """Lines without empty ones at their end, one of them between what was written and what follows."""
    kept = list(lines)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept


def _plain(marked: str) -> str:
    """A line of notes without marks of code and markup."""
    import html

    return html.unescape(re.sub(r"\\(.)", r"\1", marked.replace("**", "").replace("`", ""))).replace("\u200b", "")
