"""How a file is read, for people who write profiles: layers, publisher, and every block with the rule that took it.

Run as `python -m broadsheet.parse.explain FILE...`.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from broadsheet.parse import bodies
from broadsheet.parse.decode import decode
from broadsheet.parse.parts import Part, parts_of
from broadsheet.parse.publishers.assign import assigned, layout_of
from broadsheet.parse.publishers.find import find

SHOWN: Final = 72


def explain(data: bytes) -> Iterator[str]:
    """Lines that say how a file is read; blocks that are text stand behind `text`, all others behind their role.

    Args:
        data: Of the file.
    """
    parts, rejects = parts_of(decode(data).text, None)
    for part in parts:
        yield from _part(part)
    for reject in rejects:
        yield f"problem {reject.code}: {reject.message}"


def _part(part: Part) -> Iterator[str]:
    body = bodies.read(part.kind, part.inner, lines=part.lines)
    profile, publisher = find(part.readings, body.nodes, None)
    layout = layout_of(profile, body.nodes)
    titles = [reading.value for reading in part.readings if reading.field == "title"]
    rules = assigned(body.nodes, profile, layout, titles)
    yield f"layers {'/'.join((*part.layers, part.kind or 'plain'))}; publisher {publisher}; {profile.id}, {layout.id}"
    for reading in part.readings:
        yield f"  {reading.field:<12} {_cut(reading.value)}  ({reading.rule})"
    for number, node in enumerate(body.nodes):
        rule = rules.get(number)
        role = rule.role if rule else node.kind if node.kind == "image" else "text"
        around = f"  <{node.element.tag}>" if node.element.tag else ""
        because = f"  ({rule.id})" if rule else ""
        yield f"  {role:<12} {_cut(node.text.text or node.url)}{around}{because}"


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"


def main(paths: list[str]) -> None:
    """Print what `explain` says of each file."""
    for path in paths:
        print(path, *explain(Path(path).read_bytes()), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
