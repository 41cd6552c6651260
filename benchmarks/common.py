"""What the benchmarks share: the files, runs in processes of their own, the table."""

import argparse
import gc
import hashlib
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("BROADSHEET_SHARED", ROOT.parent / "shared"))
LONG_ENOUGH = 0.5  # seconds that a run of quick passes takes, so that the clock is fine enough


@dataclass(frozen=True)
class Measure:
    """One line of the table: what is done, and which modules must be installed for it."""

    what: str
    run: Callable[[Path], float]
    needs: tuple[str, ...] = ()
    built: bool = False
    """Whether it needs a finished build."""

    def absent(self) -> bool:
        """Whether what it needs is not installed, or cannot be imported."""
        line = [sys.executable, "-c", f"import {', '.join(self.needs)}"]
        return bool(self.needs) and subprocess.run(line, capture_output=True, check=False).returncode != 0


@dataclass(frozen=True)
class Result:
    """Median seconds for one pass over all files, and the most memory a run took, in bytes."""

    seconds: float
    memory: int


def corpus(count: int | None = None) -> tuple[Path, list[Path]]:
    """The folder of the corpus and its files: all, or the first `count` by the hash of their path."""
    home = SHARED / "corpora" if (SHARED / "corpora").is_dir() else ROOT / "sources"
    files = [file for file in home.rglob("*") if file.is_file() and file.name not in ("INDEX.tsv", "README.md")]
    drawn = sorted(files, key=lambda file: hashlib.sha256(file.relative_to(home).as_posix().encode()).digest())
    return home, sorted(drawn[:count])


def floor(files: Sequence[Path]) -> None:
    """What any program has to do with the files."""
    from selectolax.lexbor import LexborHTMLParser

    for file in files:
        data = file.read_bytes()
        hashlib.sha256(data).hexdigest()
        root = LexborHTMLParser(data.decode("utf-8", "replace")).root
        for node in root.traverse(include_text=True) if root is not None else ():
            node.tag  # noqa: B018 - walking is what is measured


def timed(one_pass: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Seconds of one pass: of as many as make the clock fine enough.

    What is loaded by then is kept from the garbage collector, for all measures, as it is in the workers of a build.
    """
    gc.collect()
    gc.freeze()
    passes, began = 0, clock()
    while not passes or clock() - began < LONG_ENOUGH:
        one_pass()
        passes += 1
    return (clock() - began) / passes


def elsewhere(name: str, place: Path, runs: int) -> Result:
    """Run a measure of the script that was started in processes of its own."""
    told = []
    for _ in range(runs):
        line = [sys.executable, sys.argv[0], "--measure", name, "--place", str(place)]
        done = subprocess.run(line, stdout=subprocess.PIPE, text=True, check=True)
        told.append(json.loads(done.stdout))
    return Result(statistics.median(each["seconds"] for each in told), max(each["memory"] for each in told))


def here(measure: Measure, place: Path) -> None:
    """Run a measure in this process and print what it took."""
    seconds = measure.run(place)
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({"seconds": seconds, "memory": most * (1 if sys.platform == "darwin" else 1024)}))


def report(
    measures: Mapping[str, Measure], place: Path, count: int, runs: int, *, unit: str = "file", base: str = "floor"
) -> None:
    """Measure and print the table of speed; `base` is what the others are told as multiples of."""
    head("what", (f"{unit}s/s", f"ms/{unit}", f"x {base}", "MB"))
    least: float | None = None
    for name, measure in measures.items():
        if measure.absent():
            row(measure.what, ("absent", "", "", ""))
            continue
        found = elsewhere(name, place, runs)
        least = found.seconds if name == base else least
        each = found.seconds / count
        ratio = f"{found.seconds / least:.1f}" if least else ""
        row(measure.what, (f"{1 / each:,.0f}", f"{each * 1000:.2f}", ratio, f"{found.memory / 1e6:.0f}"))


def head(what: str, columns: Sequence[str]) -> None:
    """The first two lines of a table."""
    row(what, columns)
    row("-" * 44, ["-" * 9 + ":"] * len(columns))


def row(what: str, cells: Iterable[str]) -> None:
    """One line of a table."""
    print("|", " | ".join([f"{what:<44}", *(f"{cell:>10}" for cell in cells)]), "|", flush=True)


def options(doc: str | None, measures: Mapping[str, Measure], files: int | None) -> argparse.Namespace:
    """The options of a benchmark; `only` as the measures asked for. A process started for one measure ends here."""
    words = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--files", type=int, default=files, help=f"how many files to draw; {files or 'all'} if not said")
    words.add_argument("--runs", type=int, default=3, help="how often each measure is run; the median counts")
    words.add_argument("--only", default=",".join(measures), help=f"of {', '.join(measures)}")
    words.add_argument("--measure", choices=measures, help=argparse.SUPPRESS)
    words.add_argument("--place", type=Path, help=argparse.SUPPRESS)
    chosen = words.parse_args()
    if chosen.measure:
        here(measures[chosen.measure], chosen.place)
        raise SystemExit
    names = chosen.only.split(",")
    if unknown := sorted(set(names) - set(measures)):
        words.error(f"no such measure: {', '.join(unknown)}; there are {', '.join(measures)}")
    chosen.only = {name: measure for name, measure in measures.items() if name in names}
    return chosen


def announce(home: Path, files: Sequence[Path], runs: int) -> None:
    """Say what is measured, and on what."""
    size = sum(file.stat().st_size for file in files)
    print(f"{len(files)} files of {home.name}, {size / 1e6:.1f} MB; median of {runs} runs")
    print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}\n")
