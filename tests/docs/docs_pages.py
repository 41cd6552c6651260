"""What the tests of the documentation share: pages, their blocks, links and tables, and the generated parts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from broadsheet.findings import CODES

ROOT = Path(__file__).resolve().parents[2]
REGENERATE = ".venv/bin/python tests/docs/regenerate.py"
FENCE = re.compile(r"^ {0,3}(`{3,})(\S*)[^\n]*\n(.*?)^ {0,3}\1[ ]*$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^()\s]+)\)")
SAMPLE = re.compile(r"(<!-- sample: [^\n]* -->\n).*?(<!-- end of sample -->)", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: its language, its text, and the line it starts on."""

    language: str
    text: str
    line: int


def pages() -> list[Path]:
    """Every page people read: the three at the top, and all of docs/."""
    return [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")] + sorted(
        ROOT.glob("docs/**/*.md")
    )


def shown(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, *languages: str) -> list[Block]:
    text = page.read_text("utf-8")
    return [
        Block(match[2], match[3], text.count("\n", 0, match.start()) + 1)
        for match in FENCE.finditer(text)
        if match[2] in languages
    ]


def commands(page: Path) -> Iterator[tuple[int, str]]:
    """The lines of console and sh blocks that call broadsheet, with their line numbers."""
    for block in blocks(page, "console", "sh"):
        for offset, line in enumerate(block.text.splitlines(), 1):
            command = line.removeprefix("$ ").strip()
            if command.startswith("broadsheet "):
                yield block.line + offset, command


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return FENCE.sub("", page.read_text("utf-8"))


def links(page: Path) -> list[str]:
    """Targets of the links of a page; what stands as code is none."""
    return LINK.findall(re.sub(r"(`+)(?:(?!`).)+\1", "", prose(page)))


def rows(text: str) -> list[list[str]]:
    """The rows of all Markdown tables in a text, without heads and rules; escaped pipes stay in their cell."""
    found: list[list[str]] = []
    for line in text.splitlines():
        if line.startswith("|"):
            found.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return [row for row in found if not all(re.fullmatch(r":?-+:?", cell) for cell in row)]


def documented(page: Path) -> set[str]:
    """Everything that stands as code in the first column of a table, or alone in a heading."""
    text = page.read_text("utf-8")
    first = {word for row in rows(text) for word in re.findall(r"`([^`]+)`", row[0])}
    return first | set(re.findall(r"^#+ `([^`]+)`\s*$", text, re.MULTILINE))


def anchors(page: Path) -> set[str]:
    """The anchors GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ +(.+?)\s*$", prose(page), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


TABLES_HEAD = f"""\
# Tables

The data dictionary of the ten tables. It is generated from `schemas/*.yaml`, which are the contract; do not edit it by
hand. After a change of a schema run `{REGENERATE}`.

Text offsets (`start`, `end`, `text_start`) are Unicode code points, source offsets (`source_start`, `source_end`) are
bytes of the source file; both are half open. Instants are UTC. A column marked "no" under null always has a value.
How the tables hang together: [architecture](architecture.md#tables). What a row of `rejects` means:
[findings](findings.md). From a row to the bytes it was made of: [provenance](provenance.md).

The last section is no table: `event_reports_flat.csv` repeats what the tables say, with names instead of ids, for
people.
"""


def tables_page() -> str:
    """docs/tables.md as it should be."""
    from broadsheet.package.flat import flat_table
    from broadsheet.schema.dictionary import markdown
    from broadsheet.schema.load import core_tables

    return TABLES_HEAD + "\n" + markdown([*core_tables().values(), flat_table()])


def findings_page(text: str) -> str:
    """docs/findings.md with severity, meaning and remedy of every code that stands in it as the code says them."""

    def row(match: re.Match[str]) -> str:
        code = CODES.get(match[1])
        if code is None:
            return match[0]
        cells = (f"`{match[1]}`", str(code.severity), code.title, code.remedy.replace("|", "\\|"), match[2])
        return f"| {' | '.join(cells)} |"

    return re.sub(r"^\| `([a-z-]+)` \|(?:[^|\n]*\|){3} (.*?) \|$", row, text, flags=re.MULTILINE)


def readme_page(text: str, sample: str) -> str:
    """README.md with what stands between the two marks replaced."""
    return SAMPLE.sub(lambda match: match[1] + sample + match[2], text)


def sample_block(project: Path) -> str:
    """Rows of the sample corpus's events, and the trace of one report of the first of them.

    Args:
        project: A built copy of this repository's project.
    """
    import pyarrow.parquet as pq

    events = pq.read_table(project / "build" / "events.parquet").to_pylist()
    reports = pq.read_table(project / "build" / "event_reports.parquet").to_pylist()
    order = sorted(
        events, key=lambda e: (-e["publisher_count"], -e["article_count"], -e["report_count"], e["event_id"])
    )
    chosen = [e for e in order if e["status"] == "occurred" and e["date_start"]][:4]
    chosen += [next(e for e in order if e["status"] == status) for status in ("scheduled", "unrealized")]
    lines = ["| event | type | status | date | reports | publishers |", "| --- | --- | --- | --- | ---: | ---: |"]
    lines += [
        f"| {e['label_en']} | {e['type']} | {e['status']} | {_when(e)} | {e['report_count']} | {e['publisher_count']} |"
        for e in chosen
    ]
    told = [r for r in reports if r["event_id"] == chosen[0]["event_id"] and r["field"] == "body" and r["date_text"]]
    report = min(told, key=lambda r: (r["source_start"], r["report_id"]))
    traced = run_broadsheet(["trace", report["report_id"], "-C", str(project)])
    return "\n".join(
        [
            "",
            *lines,
            "",
            "One report of the first row, traced back to the bytes it was made from:",
            "",
            "```text",
            f"$ broadsheet trace {report['report_id']}",
            traced.strip(),
            "```",
            "",
            "",
        ]
    )


def _when(event: Mapping[str, Any]) -> str:
    start, end = event["date_start"], event["date_end"]
    if start == end:
        return str(start or "not known")
    return f"{start or '…'} to {end or '…'}"


def run_broadsheet(arguments: list[str]) -> str:
    """What a command prints on stdout; it must succeed."""
    from typer.testing import CliRunner

    from broadsheet.cli import app

    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, f"broadsheet {' '.join(arguments)}: status {done.exit_code}\n{done.output}"
    return done.stdout
