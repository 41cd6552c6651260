"""Speed and memory of `check` on a large package beside frictionless, on the same package, in the same run.

    python benchmarks/check.py [--rows 3000000] [--runs 3] [--only NAME,NAME]

The package is made anew: rows of mentions, a hundredth as many articles with their sources, fifty thousand entities;
every span is right. It is written once, as Parquet, CSV and datapackage.json. `check` proves hashes, types,
constraints, keys, foreign keys, and that CSV and Parquet hold the same rows; frictionless proves hashes, types,
constraints and foreign keys of the CSV. Imports are not counted. What slices texts and source files is timed apart,
for frictionless has nothing like it. Each measure runs in a process of its own; what counts is the ratio.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any, Final

from common import head, row

ENTITIES = 50_000
PER_ARTICLE = 100  # mentions of an article
GROUP = 65_536  # rows of a row group
NAMED, SAID = "人物", "今天会见客人。"
LETTERS = len(NAMED) + 5 + len(SAID)  # code points of a sentence: a name with its number, and what was done
BYTES = len((NAMED + SAID).encode()) + 5
TITLE = "第{:06}篇报道"
PUBLISHED = ("sources", "articles", "entities", "mentions")

Json = dict[str, Any]

# The package.


def write_package(root: Path, rows: int) -> None:
    """Source files below `sources/`, and the package below `datapackage/`."""
    from broadsheet.check.csvform import DIALECT, csv_chunks, csv_schema
    from broadsheet.check.files import digest
    from broadsheet.emitted.tables import read_footers
    from broadsheet.schema.load import core_tables

    contract, package = core_tables(), root / "datapackage"
    for folder in (root / "sources", package / "parquet", package / "csv"):
        folder.mkdir(parents=True)
    articles = rows // PER_ARTICLE
    made = {"sources": _sources, "articles": _articles, "entities": _entities, "mentions": _mentions}
    resources = []
    for name in PUBLISHED:
        parquet, text = package / "parquet" / f"{name}.parquet", package / "csv" / f"{name}.csv"
        _write(parquet, contract[name], made[name](articles, root))
        with text.open("wb") as stream:
            stream.writelines(csv_chunks(read_footers(name, [parquet])))
        schema = csv_schema(contract[name])
        keys = [
            key for key in schema.get("foreignKeys", ()) if key["reference"].get("resource", "") in ("", *PUBLISHED)
        ]
        resources.append(
            {
                "name": name,
                "type": "table",
                "path": f"csv/{name}.csv",
                "format": "csv",
                "encoding": "utf-8",
                "dialect": DIALECT,
                "bytes": text.stat().st_size,
                "hash": f"sha256:{digest(text)}",
                "broadsheet:parquet": {"path": f"parquet/{name}.parquet", "hash": digest(parquet)},
                "schema": {**schema, "foreignKeys": keys},
            }
        )
    (package / "datapackage.json").write_text(json.dumps({"name": "bench", "resources": resources}), "utf-8")


def _write(file: Path, table: Any, batches: Iterator[Json]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from broadsheet.schema.arrow import arrow_schema

    schema = arrow_schema(table)
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for columns in batches:
            count = len(columns[table.primary_key[0]])
            arrays = [
                pa.array(columns[name], kind.type) if name in columns else pa.nulls(count, kind.type)
                for name, kind in zip(schema.names, schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=GROUP)


def _ident(prefix: str, number: int) -> str:
    return f"{prefix}-{number:016x}"


def _entity(article: int, place: int) -> int:
    return (article * 7_919 + place * 104_729) % ENTITIES


def _name(number: int) -> str:
    return f"{NAMED}{number:05}"


def _body(article: int) -> str:
    return "".join(f"{_name(_entity(article, place))}{SAID}" for place in range(PER_ARTICLE))


def _grouped(count: int, step: int = GROUP) -> Iterator[range]:
    return (range(start, min(start + step, count)) for start in range(0, count, step))


def _sources(articles: int, root: Path) -> Iterator[Json]:
    import hashlib

    for part in _grouped(articles):
        files = [f"{TITLE.format(at)}\n{_body(at)}".encode() for at in part]
        paths = [f"sources/{at:06}.txt" for at in part]
        for path, data in zip(paths, files, strict=True):
            (root / path).write_bytes(data)
        n = len(part)
        yield {
            "source_id": [_ident("src", at) for at in part],
            "collection": ["bench"] * n,
            "path": paths,
            "sha256": [hashlib.sha256(data).hexdigest() for data in files],
            "bytes": [len(data) for data in files],
            "media_type": ["text/plain"] * n,
            "encoding": ["utf-8"] * n,
            "parser_version": ["1"] * n,
            "status": ["parsed"] * n,
            "article_count": [1] * n,
            "redistribution": ["full"] * n,
        }


def _articles(articles: int, _root: Path) -> Iterator[Json]:
    import hashlib
    from datetime import UTC, datetime, timedelta

    first = datetime(2031, 1, 1, tzinfo=UTC)
    for part in _grouped(articles):
        titles, bodies, n = [TITLE.format(at) for at in part], [_body(at) for at in part], len(part)
        title, opening = len(TITLE.format(0).encode()), len(TITLE.format(0).encode()) + 1
        length = PER_ARTICLE * LETTERS
        segments = [
            {"field": "title", "text_start": 0, "text_length": len(TITLE.format(0)), "source_start": 0}
            | {"source_length": title},
            {"field": "body", "text_start": 0, "text_length": length, "source_start": opening}
            | {"source_length": PER_ARTICLE * BYTES},
        ]
        yield {
            "article_id": [_ident("art", at) for at in part],
            "source_id": [_ident("src", at) for at in part],
            "source_path": [f"sources/{at:06}.txt" for at in part],
            "source_sha256": [
                hashlib.sha256(f"{t}\n{b}".encode()).hexdigest() for t, b in zip(titles, bodies, strict=True)
            ],
            "position": [0] * n,
            "title": titles,
            "publisher": ["Bench, Inc."] * n,
            "language": ["zh-Hans"] * n,
            "published_at": [first + timedelta(minutes=at) for at in part],
            "published_precision": ["minute"] * n,
            "published_basis": ["body"] * n,
            "published_zone_basis": ["stated"] * n,
            "authors": [["张三", 'A "B" C']] * n,
            "agencies": [[]] * n,
            "tags": [["外交"]] * n,
            "body": bodies,
            "truncated": [False] * n,
            "character_count": [length] * n,
            "body_sha256": [hashlib.sha256(body.encode()).hexdigest() for body in bodies],
            "source_start": [0] * n,
            "source_end": [opening + PER_ARTICLE * BYTES] * n,
            "segments": [segments] * n,
            "redistribution": ["full"] * n,
        }


def _entities(articles: int, _root: Path) -> Iterator[Json]:
    for part in _grouped(ENTITIES):
        n = len(part)
        yield {
            "entity_id": [f"per/person-{at}" for at in part],
            "type": ["person"] * n,
            "name": [_name(at) for at in part],
            "name_zh_hans": [_name(at) for at in part],
            "aliases": [[_name(at)] for at in part],
            "linked": [False] * n,
            "mention_count": [articles * PER_ARTICLE // ENTITIES] * n,
            "article_count": [1] * n,
        }


def _mentions(articles: int, _root: Path) -> Iterator[Json]:
    opening = len(TITLE.format(0).encode()) + 1
    for part in _grouped(articles * PER_ARTICLE):
        places = [divmod(at, PER_ARTICLE) for at in part]
        entities, n = [_entity(*place) for place in places], len(part)
        yield {
            "mention_id": [_ident("men", at * 0x9E3779B97F4A7C15 % 2**64) for at in part],
            "article_id": [_ident("art", article) for article, _ in places],
            "entity_id": [f"per/person-{entity}" for entity in entities],
            "type": ["person"] * n,
            "field": ["body"] * n,
            "start": [place * LETTERS for _, place in places],
            "end": [place * LETTERS + len(NAMED) + 5 for _, place in places],
            "surface": [_name(entity) for entity in entities],
            "source_start": [opening + place * BYTES for _, place in places],
            "source_end": [opening + place * BYTES + len(NAMED.encode()) + 5 for _, place in places],
            "rule": ["gazetteer"] * n,
            "confidence": [0.5 + place / 250 for _, place in places],
        }


# What is measured. Each function imports what it needs, and gives what is to be timed.


def checked(root: Path) -> Callable[[], object]:
    """Everything that needs no text: what frictionless proves, and that both forms hold the same rows."""
    import duckdb  # noqa: F401 - imports are not counted
    import pyarrow.compute
    import pyarrow.parquet  # noqa: F401

    from broadsheet.check import csvcells, rules  # noqa: F401
    from broadsheet.check.csvform import csv_agrees
    from broadsheet.check.files import verify
    from broadsheet.check.report import Gather
    from broadsheet.emitted.tables import read_footers
    from broadsheet.schema import arrow  # noqa: F401
    from broadsheet.schema.load import core_tables

    core_tables()
    package = root / "datapackage"

    def run() -> None:
        gather = Gather()
        resources = json.loads((package / "datapackage.json").read_text("utf-8"))["resources"]
        contract = {name: table for name, table in core_tables().items() if name in PUBLISHED}
        tables = {}
        for entry in resources:
            parquet = entry["broadsheet:parquet"]
            verify(package, parquet["path"], gather, sha256=parquet["hash"])
            verify(package, entry["path"], gather, sha256=entry["hash"], size=entry["bytes"])
            tables[entry["name"]] = read_footers(entry["name"], [package / parquet["path"]])
        sound = rules.check_rows(tables, contract, gather)
        agree = [csv_agrees(package / entry["path"], tables[entry["name"]]) for entry in resources]
        found = gather.report("bench").findings
        if found or len(sound) != len(PUBLISHED) or not all(agree):
            raise SystemExit(f"a sound package was found unsound: {sound} {agree} {found[:3]}")

    return run


def by_frictionless(root: Path) -> Callable[[], object]:
    """The CSV with its foreign keys."""
    import frictionless
    from frictionless.formats import csv  # noqa: F401
    from frictionless.schemes import local  # noqa: F401

    frictionless.system.plugins  # noqa: B018 - loads them

    def run() -> None:
        report = frictionless.validate(str((root / "datapackage" / "datapackage.json").absolute()))
        if not report.valid:
            raise SystemExit(f"frictionless finds: {report.flatten(['type', 'message'])[:3]}")

    return run


def texts_sliced(root: Path) -> Callable[[], object]:
    """Hashes and lengths of bodies, every surface in its text."""
    return _sliced(root, sources=False)


def sources_sliced(root: Path) -> Callable[[], object]:
    """Every segment and mention in the bytes of its file."""
    return _sliced(root, sources=True)


def _sliced(root: Path, *, sources: bool) -> Callable[[], object]:
    import duckdb  # noqa: F401
    import pyarrow.parquet  # noqa: F401

    from broadsheet.check import spans
    from broadsheet.check.report import Gather
    from broadsheet.collect import Sources
    from broadsheet.emitted.tables import TableFiles, read_footers
    from broadsheet.project import load_project
    from broadsheet.schema.arrow import arrow_schema
    from broadsheet.schema.load import core_tables

    (root / "datapackage.yaml").write_text("name: bench\nsources:\n  - name: bench\n    files: sources/**\n", "utf-8")
    project = load_project(root)

    def run() -> None:
        gather = Gather()
        files = {name: root / "datapackage" / "parquet" / f"{name}.parquet" for name in PUBLISHED}
        tables = {name: read_footers(name, [file]) for name, file in files.items()}
        empty = core_tables()["event_reports"]
        tables["event_reports"] = TableFiles(empty.name, (), arrow_schema(empty), 0)
        if sources:
            spans.check_bytes(tables, Sources(project), gather)
        else:
            spans.check_texts(tables, list(tables), gather)
        if found := gather.report("bench").findings:
            raise SystemExit(f"right spans were found wrong: {found[:3]}")

    return run


SLOW: Final = "frictionless"
"""It takes minutes, of which a cold cache is no part worth telling; once will do."""
MEASURES: dict[str, tuple[str, Callable[[Path], Callable[[], object]]]] = {
    "check": ("check", checked),
    "frictionless": ("frictionless, CSV", by_frictionless),
    "texts": ("slices of texts", texts_sliced),
    "sources": ("slices of source files", sources_sliced),
}


def here(name: str, place: Path) -> None:
    """Run one measure in this process and print what it took."""
    run = MEASURES[name][1](place)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, worked = time.perf_counter(), time.process_time()
    run()
    took = {"seconds": time.perf_counter() - began, "processor": time.process_time() - worked, "before": before}
    took["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps(took))


def elsewhere(name: str, place: Path, runs: int) -> dict[str, float]:
    """Medians of runs in processes of their own; of memory, the most."""
    told = []
    for _ in range(runs):
        line = [sys.executable, sys.argv[0], "--measure", name, "--place", str(place)]
        told.append(json.loads(subprocess.run(line, stdout=subprocess.PIPE, text=True, check=True).stdout))
    found = {key: median(each[key] for each in told) for key in told[0]}
    return found | {"memory": max(each["memory"] for each in told)}


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--rows", type=int, default=3_000_000, help="rows of mentions")
    words.add_argument("--runs", type=int, default=3, help="how often each is run but frictionless; the median counts")
    words.add_argument("--only", default=",".join(MEASURES), help=f"of {', '.join(MEASURES)}")
    words.add_argument("--measure", choices=MEASURES, help=argparse.SUPPRESS)
    words.add_argument("--place", type=Path, help=argparse.SUPPRESS)
    chosen = words.parse_args()
    if chosen.measure:
        here(chosen.measure, chosen.place)
        return
    if unknown := sorted(set(chosen.only.split(",")) - set(MEASURES)):
        words.error(f"no such measure: {', '.join(unknown)}; there are {', '.join(MEASURES)}")
    with tempfile.TemporaryDirectory() as folder:
        root = chosen.place or Path(folder) / "package"
        if not root.exists():
            # In a process of its own: on Linux, the most memory of a process counts that of its parent when it began.
            making = get_context("spawn").Process(target=write_package, args=(root, chosen.rows))
            making.start()
            making.join()
        size = sum(file.stat().st_size for file in (root / "datapackage" / "csv").iterdir())
        print(f"{chosen.rows:,} mentions, {size / 1e6:.0f} MB of CSV; median of {chosen.runs} runs, {SLOW} once")
        print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}\n")
        tell(root, chosen.rows, chosen.only.split(","), chosen.runs)


def tell(root: Path, rows: int, names: list[str], runs: int) -> None:
    """Measure and print the table; the others are told as multiples of `check`, in processor time as in seconds."""
    head("what", ("seconds", "processor", "rows/s", "x check", "x processor", "MB"))
    base: dict[str, float] | None = None
    for name in [name for name in MEASURES if name in names]:
        took = elsewhere(name, root, 1 if name == SLOW else runs)
        base = took if name == "check" else base
        ratios = [f"{took[key] / base[key]:.1f}" if base else "" for key in ("seconds", "processor")]
        unit = 1 if sys.platform == "darwin" else 1024
        cells = (f"{took['seconds']:.2f}", f"{took['processor']:.2f}", f"{rows / took['seconds']:,.0f}", *ratios)
        row(MEASURES[name][0], (*cells, f"{took['memory'] * unit / 1e6:.0f}"))


if __name__ == "__main__":
    main()
