"""scores.json: what was measured of a build against hand annotation, kept beside the project for the card.

`broadsheet score GOLD --save` writes it, `broadsheet package` quotes it. It names the tables it measured by their
hashes, so that a card never passes figures of one build off as those of another.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from broadsheet.emitted.descriptors import read_json, read_report
from broadsheet.engine import disk
from broadsheet.findings import error
from broadsheet.package import markdown as md

FILE: Final = "scores.json"
RATES: Final = ("precision", "recall", "f1")
"""Figures that stand in one line of the card; counts beside them give the number annotated, and stay in the file."""

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what was measured, its name, its value from 0 to 1 or a count, and its 95 % interval."""

    measure: str
    name: str
    value: float | int
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """What was measured.

    Attributes:
        documents: Annotated files.
        version: Of the dataset that was measured.
        figures: In the order of the report.
        current: Whether the tables measured are those of the build at hand.
    """

    documents: int
    version: str
    figures: tuple[Figure, ...]
    current: bool

    def markdown(self) -> str:
        """A paragraph and two tables for the card: what has precision and recall, a line each; other figures below."""
        of = "this release" if self.current else md.escape(f"an earlier build (version {self.version})")
        lead = (
            f"Measured on {of} against {self.documents:,} files annotated by hand. Shares run from 0 to 1; in brackets "
            "is how far a share depends on which files were annotated (95 %). If rules were made with these files in "
            "view, expect less on others.\n"
        )
        measures: dict[str, dict[str, Figure]] = {}
        for figure in self.figures:
            measures.setdefault(figure.measure, {})[figure.name] = figure
        rated = {name: found for name, found in measures.items() if found.keys() & set(RATES)}
        rates = [
            (md.escape(name), *(_shown(found.get(rate)) for rate in RATES), _annotated(found))
            for name, found in rated.items()
        ]
        others = [
            (md.escape(name), md.escape(figure.name), _shown(figure))
            for name, found in measures.items()
            if name not in rated
            for figure in found.values()
        ]
        tables = (md.table(("measured", *RATES, "annotated"), rates), md.table(("measured", "figure", "value"), others))
        return "\n".join((lead, *(table for table, rows in zip(tables, (rates, others), strict=True) if rows)))


def write_scores(
    root: Path,
    build_dir: Path,
    *,
    version: str,
    documents: int,
    figures: Mapping[str, Mapping[str, float | int | None]],
    intervals: Mapping[str, Mapping[str, Interval | None]],
) -> Path:
    """Write `scores.json` of a project; figures that do not exist are left out.

    Raises:
        BroadsheetError: `write-failed`, or what is wrong with the build.
    """
    listed = [
        {"measure": measure, "name": name, "value": value, "interval": intervals[measure][name]}
        for measure, named in figures.items()
        for name, value in named.items()
        if value is not None
    ]
    whole = {"version": version, "documents": documents, "tables": _tables(build_dir), "figures": listed}
    text = json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
    disk.write(root / FILE, lambda stream: stream.write(text.encode()))
    return root / FILE


def read_scores(root: Path, build_dir: Path) -> Scores | None:
    """The scores of a project; None if nobody saved any.

    Raises:
        BroadsheetError: `value-invalid` if the file is not as `write_scores` leaves it.
    """
    file = root / FILE
    if not file.is_file():
        return None
    try:
        value = read_json(file)
        figures = tuple(_figure(entry) for entry in value["figures"])
        return Scores(int(value["documents"]), str(value["version"]), figures, value["tables"] == _tables(build_dir))
    except (KeyError, TypeError, ValueError) as reason:
        message = f"{FILE} is not as `broadsheet score --save` writes it: {reason!r}"
        raise error(
            "value-invalid", message, path=file.as_posix(), remedy="Save the scores again, or remove the file."
        ) from reason


def _figure(entry: Mapping[str, Any]) -> Figure:
    value, interval = entry["value"], entry["interval"]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} is no figure")
    return Figure(
        str(entry["measure"]), str(entry["name"]), value, interval and (float(interval[0]), float(interval[1]))
    )


def _tables(build_dir: Path) -> dict[str, str]:
    return {name: recorded.sha256 for name, recorded in read_report(build_dir).items()}


def _shown(figure: Figure | None) -> str:
    if figure is None:
        return ""
    value = f"{figure.value:.3f}" if isinstance(figure.value, float) else f"{figure.value:,}"
    return value + (f" ({figure.interval[0]:.3f} to {figure.interval[1]:.3f})" if figure.interval else "")


def _annotated(found: Mapping[str, Figure]) -> str:
    """How many there are to be found; empty if that is not told."""
    if "gold" in found:
        return _shown(found["gold"])
    if {"found", "missed"} <= found.keys():
        return f"{found['found'].value + found['missed'].value:,}"
    return ""
