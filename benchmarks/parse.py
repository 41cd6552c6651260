"""Speed, memory and quality of the parser beside named peers, on the same files, one process run after another.

    python benchmarks/parse.py [--files N] [--runs 3] [--only NAME,NAME]

Speed is told as a ratio to the floor, which is what any program has to do (read, hash, decode, parse the markup, walk
it); the first table is the median of runs in processes of their own, over the real archives beside the repository
(`../shared/corpora`, or BROADSHEET_SHARED), else the sample corpus. The second table says what each program finds in
the files annotated by hand (`../shared/gold/articles`), else in the sample corpus, of which the expectations tell the
number of paragraphs but not their words. `pip install -e '.[bench]'` installs the peers; absent ones are left out.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from common import ROOT, SHARED, Measure, announce, corpus, floor, head, options, report, row, timed

Row = dict[str, Any]
SCORED = ("title", "publisher", "published", "day", "authors", "url", "status")


@dataclass(frozen=True)
class Program:
    """A program that is given files.

    Attributes:
        load: Imports it; gives the function that reads the bytes of one file.
        rows: Turns what that function gave into the status of the file and rows of articles.
    """

    load: Callable[[], Callable[[Path, bytes], Any]]
    rows: Callable[[Any], tuple[str, list[Row]]]


# The programs.


def load_broadsheet() -> Callable[[Path, bytes], Any]:
    from broadsheet.document import SourceFile
    from broadsheet.parse import parse
    from broadsheet.project import Collection, load_project

    home, _ = corpus(0)
    declared = {collection.name: collection for collection in load_project(ROOT).collections}

    def read(file: Path, data: bytes) -> Any:
        path = file.relative_to(home if file.is_relative_to(home) else file.parents[1])
        name = path.parts[0]
        collection = declared.get(name) or Collection(name=name, title=name, files=("*",))
        return parse(SourceFile(name, path.as_posix(), data, hashlib.sha256(data).hexdigest()), collection)

    return read


def broadsheet_rows(document: Any) -> tuple[str, list[Row]]:
    return document.status, [
        {
            "title": article.title.text if article.title else None,
            "publisher": article.publisher,
            "language": article.language,
            "published_at": article.published.at,
            "published_local": article.published.local,
            "authors": article.authors,
            "url": article.url,
            "body": article.body().text,
        }
        for article in document.articles
    ]


def load_trafilatura() -> Callable[[Path, bytes], Any]:
    import frontmatter
    import trafilatura

    def read(_: Path, data: bytes) -> Any:
        try:
            post = frontmatter.loads(data.decode("utf-8", "replace"))
            fields, content = post.metadata, post.content
        except Exception:  # noqa: BLE001 - it raises what its YAML reader raises
            fields, content = {}, data.decode("utf-8", "replace")
        return fields, content, trafilatura.bare_extraction(as_page(content), with_metadata=True)

    return read


def trafilatura_rows(told: Any) -> tuple[str, list[Row]]:
    fields, content, found = told
    text = found.text if found is not None and found.text else content
    one = {
        "title": text_of(fields.get("title") or (found and found.title)),
        "publisher": text_of(fields.get("publisher") or (found and found.sitename)),
        "language": text_of(fields.get("lang") or (found and found.language)),
        "published_at": None,
        "published_local": iso(fields.get("date") or (found and found.date)),
        "authors": split(fields.get("author") or (found and found.author)),
        "url": text_of(fields.get("url") or (found and found.url)),
        "body": "\n\n".join(text.splitlines()),
    }
    return "parsed", [one]


def load_newspaper() -> Callable[[Path, bytes], Any]:
    import newspaper

    def read(_: Path, data: bytes) -> Any:
        article = newspaper.Article("https://example.org/", fetch_images=False)
        article.download(input_html=as_page(data.decode("utf-8", "replace")))
        article.parse()
        return article

    return read


def newspaper_rows(article: Any) -> tuple[str, list[Row]]:
    one = {
        "title": article.title,
        "publisher": None,
        "language": article.meta_lang,
        "published_at": None,
        "published_local": iso(article.publish_date),
        "authors": article.authors,
        "url": article.canonical_link,
        "body": article.text,
    }
    return "parsed", [one]


def as_page(text: str) -> str:
    """A page of a text, since the peers read pages: bare lines become paragraphs."""
    if "<p" not in text:
        text = "".join(f"<p>{line}</p>" for line in text.splitlines() if line.strip())
    return f"<html><body><article>{text}</article></body></html>"


def text_of(value: Any) -> str | None:
    return None if value is None else str(value)


def iso(date: Any) -> str | None:
    """A date as ISO 8601; what is printed otherwise counts as unread."""
    try:
        moment = datetime.fromisoformat(str(date))
    except ValueError:
        return None
    return moment.isoformat() if ":" in str(date) else moment.date().isoformat()


def split(names: Any) -> list[str]:
    listed = names if isinstance(names, list) else str(names or "").split(";")
    return [str(name).strip() for name in listed if str(name).strip()]


PROGRAMS = {
    "parse": Program(load_broadsheet, broadsheet_rows),
    "trafilatura": Program(load_trafilatura, trafilatura_rows),
    "newspaper4k": Program(load_newspaper, newspaper_rows),
}


# Speed: `place` is a file that lists the files.


def files_of(place: Path) -> list[Path]:
    return [Path(line) for line in place.read_text("utf-8").splitlines()]


def floored(place: Path) -> float:
    files = files_of(place)
    return timed(lambda: floor(files))


def read_all(name: str) -> Callable[[Path], float]:
    def run(place: Path) -> float:
        files, read = files_of(place), PROGRAMS[name].load()
        read(files[0], files[0].read_bytes())  # what is loaded with the first file is no cost of a file

        def one_pass() -> None:
            for file in files:
                read(file, file.read_bytes())

        return timed(one_pass)

    return run


MEASURES = {
    "floor": Measure("floor: read, sha256, decode, lexbor, walk", floored),
    "parse": Measure("broadsheet: read, sha256, parse", read_all("parse")),
    "trafilatura": Measure(
        "python-frontmatter and trafilatura", read_all("trafilatura"), ("frontmatter", "trafilatura")
    ),
    "newspaper4k": Measure("newspaper4k", read_all("newspaper4k"), ("newspaper",)),
}


# Quality.


def annotated() -> tuple[str, list[tuple[Path, Row]]]:
    """Files with what a person found in them."""
    gold = SHARED / "gold" / "articles"
    if not gold.is_dir():
        return "the sample corpus (paragraphs by their number)", list(expected_of_sample())
    found = []
    for file in sorted(gold.glob("*.json")):
        told = json.loads(file.read_text("utf-8"))
        places = (SHARED / "corpora" / told["path"], SHARED / told["path"], SHARED / "seeds" / told["path"])
        found += [(place, told) for place in places if place.is_file()][:1]
    return "the files annotated by hand", found


def expected_of_sample() -> Iterator[tuple[Path, Row]]:
    import yaml

    told = yaml.safe_load((ROOT / "tests" / "sample" / "expectations.yaml").read_text("utf-8"))
    for path, own in told["files"].items():
        one = told["collections"][path.split("/")[1]] | own
        if one.get("articles", 1) == 1:
            article = {
                "title": one["title"],
                "publisher": one["publisher"],
                "lang": one["language"],
                "published_accept": [one.get("at") or one.get("local")],
                "authors": one.get("authors", []),
                "url": one.get("url"),
                "status": "parsed" if one.get("paragraphs") else "empty_body",
                "paragraphs": [],
            }
            yield ROOT / path, {"articles": [article], "number": one.get("paragraphs", 0)}


def quality(program: Program, gold: list[tuple[Path, Row]]) -> list[str]:
    """The cells of the table of quality."""
    from broadsheet.score.articles import ArticleTally, score_file
    from broadsheet.score.predictions import Predicted

    tally, read = ArticleTally(), program.load()
    by_number = tally.paragraphs.__class__()
    for file, told in gold:
        status, rows = program.rows(read(file, file.read_bytes()))
        score_file(told, [Predicted(one, {}) for one in rows], status, tally)
        if "number" in told:
            number = sum(len(one["body"].split("\n\n")) for one in rows if one["body"])
            by_number.found += min(number, told["number"])
            by_number.extra += max(number - told["number"], 0)
            by_number.missed += max(told["number"] - number, 0)
    figures = tally.figures()
    f1 = (by_number if by_number.found else tally.paragraphs).figures()["f1"]
    return [f"{value or 0:.2f}" for value in (*(figures["article fields"][name] for name in SCORED), f1)]


def main() -> None:
    chosen = options(__doc__, MEASURES, None)
    home, files = corpus(chosen.files)
    announce(home, files, chosen.runs)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "files"
        place.write_text("\n".join(map(str, files)), "utf-8")
        report(chosen.only, place, len(files), chosen.runs)
    of_what, gold = annotated()
    print(f"\nShare that is right, in {len(gold)} files of {of_what}:\n")
    head("what", (*SCORED, "par. F1"))
    for name, measure in chosen.only.items():
        if name in PROGRAMS and not measure.absent():
            row(measure.what, quality(PROGRAMS[name], gold))


if __name__ == "__main__":
    main()
