"""Speed of the annotator beside named peers, on the same articles, in the same run.

    python benchmarks/annotate.py [--files 300] [--runs 3] [--only NAME,NAME]

Every figure is the median of runs in processes of their own, in seconds of processor time on one core. No peer does the
same: jieba.posseg cuts text into words and says what kinds they are, JioNLP reads times; Broadsheet finds and links
names, reads times, and tells who did what to whom when. Slow peers read a part of the articles, and are scaled by
characters. `pip install -e '.[bench,jionlp]'` installs them (JioNLP needs jiojio, under GPL-3.0); absent ones are left
out. The last lines say how long a process takes until it has annotated its first article.
"""

import contextlib
import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from common import Measure, announce, corpus, options, report, timed

START = """
from broadsheet.annotate import Annotator, compiled
from broadsheet.document import Article, Block, SourceText, Span
compiled._place = compiled._place if {kept} else lambda _: None
blocks = (Block("paragraph", SourceText("外交部发言人5月12日在北京说，中国和法国将举行会谈。")),)
assert Annotator.load().annotate(Article(0, None, blocks, Span(0, 1), "zh-Hans")).mentions
"""


def articles(place: Path) -> list[Any]:
    """The articles of the listed files."""
    return [article for read in reads(place) for article in read()]


def reads(place: Path) -> list[Callable[[], Any]]:
    """For each of the listed files, what parses it."""
    import hashlib

    from broadsheet.document import SourceFile
    from broadsheet.parse import parse
    from broadsheet.project import Collection

    collection = Collection(name="bench", title="Bench", files=("*",))

    def reader(file: Path) -> Callable[[], Any]:
        def read() -> Any:
            data = file.read_bytes()
            return parse(SourceFile("bench", file.name, data, hashlib.sha256(data).hexdigest()), collection).articles

        return read

    return [reader(Path(line)) for line in place.read_text("utf-8").splitlines()]


def annotated(place: Path) -> float:
    from broadsheet.annotate import Annotator

    annotator, every = Annotator.load(), articles(place)
    annotator.preload()
    return timed(lambda: [None for article in every if annotator.annotate(article) is None], time.process_time)


def parsed_and_annotated(place: Path) -> float:
    from broadsheet.annotate import Annotator

    annotator, files = Annotator.load(), reads(place)
    annotator.preload()
    files[0]()
    return timed(
        lambda: [None for read in files for article in read() if annotator.annotate(article) is None], time.process_time
    )


def part(share: int, load: Callable[[], Callable[[str], object]]) -> Callable[[Path], float]:
    """A measure that reads one body of so many, scaled to all."""

    def run(place: Path) -> float:
        texts = [article.body().text for article in articles(place)]
        some = texts[::share] or texts
        read = load()
        read(some[0])  # what is loaded with the first text is no cost of a text
        seconds = timed(lambda: [None for text in some if read(text) is None], time.process_time)
        return seconds * sum(map(len, texts)) / max(sum(map(len, some)), 1)

    return run


def jieba() -> Callable[[str], object]:
    import jieba
    from jieba import posseg

    jieba.setLogLevel("ERROR")
    jieba.initialize()
    return posseg.lcut


def jionlp() -> Callable[[str], object]:
    import logging

    with contextlib.redirect_stdout(io.StringIO()):
        from jionlp import ner
    logging.disable()  # it tells of every text it cannot read

    def read(text: str) -> object:
        return [ner.extract_time(sentence, time_base={"year": 2025}) for sentence in text.split("。") if sentence]

    return read


MEASURES = {
    "annotate": Measure("broadsheet: names, links, times, events", annotated),
    "parse": Measure("broadsheet: with reading and parsing", parsed_and_annotated),
    "jieba": Measure("jieba.posseg: words and their kinds", part(10, jieba), ("jieba",)),
    "jionlp": Measure("JioNLP: times", part(40, jionlp), ("jionlp",)),
}


def start(kept: bool) -> float:
    """Seconds of a process that annotates one sentence; the least of three."""
    found = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", START.format(kept=kept)], check=True)
        found.append(time.perf_counter() - began)
    return min(found)


def main() -> None:
    chosen = options(__doc__, MEASURES, 300)
    home, files = corpus(chosen.files)
    announce(home, files, chosen.runs)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "files"
        place.write_text("\n".join(map(str, files)), "utf-8")
        report(chosen.only, place, len(articles(place)), chosen.runs, unit="article", base="annotate")
    start(True)
    print(f"\nstart until the first article: {start(True):.2f} s; {start(False):.2f} s where no pack is compiled yet")


if __name__ == "__main__":
    main()
