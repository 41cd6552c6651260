"""Speed and memory of Broadsheet beside named peers, on the same files, in the same run.

    python benchmarks/build.py [--files 300] [--runs 3] [--only NAME,NAME]

Every figure is the median of runs in processes of their own. What counts are the ratios: to the floor, which is what
any program has to do (read, hash, decode, parse the markup, walk it), and to peers where they are installed. Times
depend on the machine, so nothing asserts them. The files are drawn by the hash of their path, the same ones every time:
from the real archives beside the repository (`../shared/corpora`, or BROADSHEET_SHARED), else the sample corpus.
"""

import argparse
import hashlib
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LONG_ENOUGH = 0.5  # seconds that a run of quick passes takes, so that the clock is fine enough
DESCRIPTOR = "name: bench\nsources:\n  - name: bench\n    files: sources/**\n"


@dataclass(frozen=True)
class Measure:
    """One line of the table: what is done, what must be installed for it, and whether it needs a finished build."""

    what: str
    run: Callable[[Path], float]
    needs: str | None = None
    built: bool = False


@dataclass(frozen=True)
class Result:
    """Median seconds for one pass over all files, and the most memory a run took, in bytes."""

    seconds: float
    memory: int


# What is measured. Each function gets the folder of the project and gives seconds for one pass over its files.


def floor(project: Path) -> float:
    from selectolax.lexbor import LexborHTMLParser

    def one_pass() -> None:
        for file in sources(project):
            data = file.read_bytes()
            hashlib.sha256(data).hexdigest()
            root = LexborHTMLParser(data.decode("utf-8", "replace")).root
            for node in root.traverse(include_text=True) if root is not None else ():
                node.tag  # noqa: B018 - walking is what is measured

    return timed(one_pass)


def parsed(project: Path) -> float:
    return timed(lambda: [None for _ in documents(project)])


def annotated(project: Path) -> float:
    from broadsheet.annotate import Annotator

    annotator = Annotator.load(("zh",))

    def one_pass() -> None:
        for document in documents(project):
            for article in document.articles:
                annotator.annotate(article)

    return timed(one_pass)


def jieba_posseg(project: Path) -> float:
    import jieba
    from jieba import posseg

    jieba.setLogLevel("ERROR")
    jieba.initialize()
    every = [article.body().text for document in documents(project) for article in document.articles]
    texts = every[::10] or every  # it is slow

    def one_pass() -> None:
        for text in texts:
            for _ in posseg.cut(text):
                pass

    return timed(one_pass) * sum(map(len, every)) / max(sum(map(len, texts)), 1)


def trafilatura_extract(project: Path) -> float:
    import trafilatura

    texts = [file.read_bytes().decode("utf-8", "replace") for file in sources(project)]

    def one_pass() -> None:
        for text in texts:
            trafilatura.bare_extraction(text, with_metadata=True)

    return timed(one_pass)


def build_from_scratch(project: Path) -> float:
    shutil.rmtree(project / "build")
    return command(project, "build", "--jobs", "1")


def build_unchanged(project: Path) -> float:
    return command(project, "build", "--jobs", "1")


def check(project: Path) -> float:
    return command(project, "check", "--jobs", "1")


def rules(project: Path) -> float:
    """The tables alone against pandera and DuckDB: no build, no files."""
    from broadsheet.check import rules as of_check
    from broadsheet.check.files import read_tables
    from broadsheet.check.report import Gather
    from broadsheet.schema.load import core_tables

    contract, gather = core_tables(), Gather()
    tables = read_tables({name: project / "build" / f"{name}.parquet" for name in contract}, gather)

    def one_pass() -> None:
        of_check.values(contract, tables, list(contract), gather)
        of_check.keys(contract, tables, gather)

    one_pass()  # imports
    return timed(one_pass)


def package(project: Path) -> float:
    return command(project, "package")


MEASURES = {
    "floor": Measure("floor: read, sha256, decode, lexbor, walk", floor),
    "parse": Measure("parse", parsed),
    "trafilatura": Measure("trafilatura, body and metadata", trafilatura_extract, "trafilatura"),
    "annotate": Measure("parse and annotate", annotated),
    "jieba": Measure("jieba.posseg, a tenth of the bodies, scaled", jieba_posseg, "jieba"),
    "build": Measure("broadsheet build, from scratch, 1 worker", build_from_scratch, built=True),
    "unchanged": Measure("broadsheet build, nothing changed", build_unchanged, built=True),
    "rules": Measure("pandera and DuckDB on the tables", rules, built=True),
    "check": Measure("broadsheet check, with every span", check, built=True),
    "package": Measure("broadsheet package", package, built=True),
}


def sources(project: Path) -> list[Path]:
    return sorted((project / "sources").iterdir())


def documents(project: Path) -> Iterator[Any]:
    """Every file as a build reads and parses it."""
    from broadsheet.collect import offers, read
    from broadsheet.document import SourceFile
    from broadsheet.parse import parse
    from broadsheet.project import load_project

    loaded = load_project(project)
    (collection,) = loaded.collections
    for offer in offers(loaded):
        source = read(offer, collection.limits)
        if isinstance(source, SourceFile):
            yield parse(source, collection)


def timed(one_pass: Callable[[], object]) -> float:
    """Seconds of one pass: of as many as make the clock fine enough."""
    passes, began = 0, time.perf_counter()
    while not passes or time.perf_counter() - began < LONG_ENOUGH:
        one_pass()
        passes += 1
    return (time.perf_counter() - began) / passes


def command(project: Path, *words: str) -> float:
    """Seconds of a whole command, its start included."""
    began = time.perf_counter()
    line = [sys.executable, "-m", "broadsheet", *words, "-C", str(project)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} ended with status {done.returncode}:\n{done.stderr}")
    return time.perf_counter() - began


# How it is measured, and shown.


def corpus(count: int) -> tuple[str, list[Path]]:
    """Name and files of the corpus: the first `count` by the hash of their path."""
    shared = Path(os.environ.get("BROADSHEET_SHARED", ROOT.parent / "shared")) / "corpora"
    home = shared if shared.is_dir() else ROOT / "sources"
    files = [file for file in home.rglob("*") if file.is_file() and file.name not in ("INDEX.tsv", "README.md")]
    drawn = sorted(files, key=lambda file: hashlib.sha256(file.relative_to(home).as_posix().encode()).digest())
    return home.name, sorted(drawn[:count])


def make_project(folder: Path, files: list[Path]) -> None:
    """A project of the files."""
    (folder / "sources").mkdir(parents=True)
    for number, file in enumerate(files):
        shutil.copyfile(file, folder / "sources" / f"{number:05d}{file.suffix}")
    (folder / "datapackage.yaml").write_text(DESCRIPTOR, "utf-8")


def measure(name: str, project: Path, runs: int) -> Result | None:
    """Run a measure in processes of its own; None for a peer that is not installed, or cannot be imported."""
    peer = MEASURES[name].needs
    if peer and subprocess.run([sys.executable, "-c", f"import {peer}"], capture_output=True, check=False).returncode:
        return None
    told = []
    for _ in range(runs):
        line = [sys.executable, __file__, "--measure", name, "--project", str(project)]
        done = subprocess.run(line, stdout=subprocess.PIPE, text=True, check=True)
        told.append(json.loads(done.stdout))
    return Result(statistics.median(each["seconds"] for each in told), max(each["memory"] for each in told))


def measure_here(name: str, project: Path) -> None:
    seconds = MEASURES[name].run(project)
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({"seconds": seconds, "memory": most * (1 if sys.platform == "darwin" else 1024)}))


def report(names: list[str], project: Path, count: int, runs: int) -> None:
    print(f"| {'what':<44} | {'files/s':>9} | {'ms/file':>8} | {'x floor':>8} | {'MB':>5} |")
    print(f"| {'-' * 44} | {'-' * 8}: | {'-' * 7}: | {'-' * 7}: | {'-' * 4}: |")
    base: float | None = None
    absent: list[str] = []
    for name in names:
        what, found = MEASURES[name].what, measure(name, project, runs)
        if found is None:
            print(f"| {what:<44} | {'absent':>9} | {'':>8} | {'':>8} | {'':>5} |", flush=True)
            absent.append(name)
            continue
        base = found.seconds if name == "floor" else base
        ratio = f"{found.seconds / base:.1f}" if base else ""
        speed, each = f"{count / found.seconds:,.0f}", f"{found.seconds / count * 1000:.2f}"
        print(f"| {what:<44} | {speed:>9} | {each:>8} | {ratio:>8} | {found.memory / 1e6:>5.0f} |", flush=True)
    if absent:
        print(f"\nnot installed, so not measured: {', '.join(absent)}")


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--files", type=int, default=300, help="how many files to draw")
    words.add_argument("--runs", type=int, default=3, help="how often each measure is run; the median counts")
    words.add_argument("--only", default=",".join(MEASURES), help=f"of {', '.join(MEASURES)}")
    words.add_argument("--measure", choices=MEASURES, help=argparse.SUPPRESS)
    words.add_argument("--project", type=Path, help=argparse.SUPPRESS)
    options = words.parse_args()
    if options.measure:
        measure_here(options.measure, options.project)
        return
    names = options.only.split(",")
    if unknown := sorted(set(names) - set(MEASURES)):
        words.error(f"no such measure: {', '.join(unknown)}; there are {', '.join(MEASURES)}")
    home, files = corpus(options.files)
    size = sum(file.stat().st_size for file in files)
    print(f"{len(files)} files of {home}, {size / 1e6:.1f} MB; median of {options.runs} runs")
    print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}\n")
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        make_project(project, files)
        if any(MEASURES[name].built for name in names):
            command(project, "build")
        report([name for name in MEASURES if name in names], project, len(files), options.runs)


if __name__ == "__main__":
    main()
