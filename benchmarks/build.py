"""Speed and memory of Broadsheet's verbs beside named peers, on the same files, in the same run.

    python benchmarks/build.py [--files 300] [--runs 3] [--only NAME,NAME]

Every figure is the median of runs in processes of their own. What counts are the ratios: to the floor, which is what
any program has to do (read, hash, decode, parse the markup, walk it), and to peers where they are installed. Times
depend on the machine, so nothing asserts them. The files are drawn by the hash of their path, the same ones every time:
from the real archives beside the repository (`../shared/corpora`, or BROADSHEET_SHARED), else the sample corpus.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from common import Measure, announce, corpus, floor, options, report, timed

DESCRIPTOR = "name: bench\nsources:\n  - name: bench\n    files: sources/**\n"

# What is measured. Each function gets the folder of the project and gives seconds for one pass over its files.


def floored(project: Path) -> float:
    files = sorted((project / "sources").iterdir())
    return timed(lambda: floor(files))


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


def build_from_scratch(project: Path) -> float:
    shutil.rmtree(project / "build")
    return command(project, "build", "--jobs", "1")


def build_unchanged(project: Path) -> float:
    return command(project, "build", "--jobs", "1")


def check(project: Path) -> float:
    return command(project, "check", "--jobs", "1")


def rules(project: Path) -> float:
    """The tables alone against their schemas: no build, no files."""
    from broadsheet.check.report import Gather
    from broadsheet.check.rules import check_rows
    from broadsheet.emitted.tables import read_footers
    from broadsheet.schema.load import core_tables

    contract = core_tables()
    tables = {name: read_footers(name, [project / "build" / f"{name}.parquet"]) for name in contract}

    def one_pass() -> None:
        check_rows(tables, contract, Gather())

    one_pass()  # imports
    return timed(one_pass)


def package(project: Path) -> float:
    return command(project, "package")


MEASURES = {
    "floor": Measure("floor: read, sha256, decode, lexbor, walk", floored),
    "parse": Measure("collect and parse", parsed),
    "annotate": Measure("collect, parse and annotate", annotated),
    "build": Measure("broadsheet build, from scratch, 1 worker", build_from_scratch, built=True),
    "unchanged": Measure("broadsheet build, nothing changed", build_unchanged, built=True),
    "rules": Measure("rules of check on the tables", rules, built=True),
    "check": Measure("broadsheet check, with every span", check, built=True),
    "package": Measure("broadsheet package", package, built=True),
}


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


def command(project: Path, *words: str) -> float:
    """Seconds of a whole command, its start included."""
    began = time.perf_counter()
    line = [sys.executable, "-m", "broadsheet", *words, "-C", str(project)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} ended with status {done.returncode}:\n{done.stderr}")
    return time.perf_counter() - began


def make_project(folder: Path, files: list[Path]) -> None:
    """A project of the files."""
    (folder / "sources").mkdir(parents=True)
    for number, file in enumerate(files):
        shutil.copyfile(file, folder / "sources" / f"{number:05d}{file.suffix}")
    (folder / "datapackage.yaml").write_text(DESCRIPTOR, "utf-8")


def main() -> None:
    chosen = options(__doc__, MEASURES, 300)
    home, files = corpus(chosen.files)
    announce(home, files, chosen.runs)
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        make_project(project, files)
        if any(measure.built for measure in chosen.only.values()):
            command(project, "build")
        report(chosen.only, project, len(files), chosen.runs)


if __name__ == "__main__":
    main()
