"""The authority files of one pack for a pack in Latin letters: the same ids, under the names such a text prints."""

import csv
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from broadsheet.annotate.gazetteer import WEAK, Authority
from broadsheet.schema.strict_yaml import read_yaml

# Letters before this are Latin, Greek or Cyrillic; the names of interest are the first.
LATIN_ENDS = 0x370


def latin_authorities(folder: Path, source: Iterable[Authority]) -> list[Authority]:
    """Everyone and everything of `source` that has a name in Latin letters.

    Full names count everywhere, family names only where the person is named in full or by an office, unless
    `authority/aliases.csv` says that the name alone is enough.

    Args:
        folder: The pack.
        source: Of the pack whose authority files are used.
    """
    own = _aliases(folder / "authority" / "aliases.csv")
    rules = read_yaml(folder / "names.yaml").value
    stop = frozenset(rules["not_aliases"])
    found = []
    for known in source:
        more = own.get(known.entity_id, ())
        strong = {n for n in known.names if _latin(n) and n not in stop} | {n for n in more if not n.endswith(WEAK)}
        weak = {n for n in known.weak if _latin(n)} | {n.rstrip(WEAK) for n in more if n.endswith(WEAK)}
        if known.type == "person":
            weak |= {short for name in strong if (short := family_name(name, known.country, rules))}
        if strong or weak:
            names = tuple(sorted(n for n in strong if len(n) > 1))
            found.append(replace(known, names=names, weak=tuple(sorted(weak - strong))))
    return found


def family_name(name: str, country: str | None, rules: dict[str, Any]) -> str | None:
    """What a person is called for short; None if it is all there is, or an ordinary word.

    Args:
        name: The full name.
        country: Whom the person serves: in some countries the family name stands first.
        rules: `names.yaml` of the pack.
    """
    parts = [part for part in name.split(" ") if part not in rules["name_endings"]]
    if len(parts) < 2:
        return None
    if country in rules["family_first"]:
        short = parts[0]
    elif country in rules["family_first_if_hyphened"]:
        short = parts[0] if len(parts) == 2 and "-" in parts[1] else ""
    else:
        first = len(parts) - 1
        while first > 1 and parts[first - 1].lower() in rules["particles"]:
            first -= 1
        short = " ".join(parts[first:])
    return short if len(short) > 2 and "." not in short and short not in rules["not_family_names"] else None


def _aliases(file: Path) -> dict[str, tuple[str, ...]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return {row["id"]: tuple(row["names"].split("|")) for row in csv.DictReader(stream)}


def _latin(name: str) -> bool:
    return all(ord(letter) < LATIN_ENDS or not letter.isalpha() for letter in name)
