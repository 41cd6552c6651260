"""What packages say beside their tables: where files came from, the table for people, the zip of the data package."""

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from broadsheet.check.files import SUMS
from broadsheet.check.report import KEPT, Gather
from broadsheet.emitted.descriptors import DESCRIPTOR, mappings
from broadsheet.emitted.origins import Origin, origins
from broadsheet.emitted.tables import TableFiles, connected, readable
from broadsheet.sql import literal

Json = Mapping[str, Any]
Tables = Mapping[str, TableFiles]

ZIP: Final = "datapackage.zip"
FLAT: Final = "event_reports_flat"
SHOWN: Final = {  # column of the table for people: where it is from
    "event_id": "r.event_id", "article_id": "r.article_id", "reported_status": "r.status",
    "reported_date": "r.date_text", "label_en": "e.label_en", "label_zh": "e.label_zh", "type": "e.type",
    "status": "e.status", "date_start": "e.date_start", "date_end": "e.date_end",
    "date_precision": "e.date_precision", "publisher": "a.publisher", "title": "a.title", "url": "a.url",
}  # fmt: skip
NEEDED: Final = {
    "event_reports": ("report_id", "event_id", "article_id", "status", "date_text"),
    "events": ("event_id", "label_en", "label_zh", "type", "status", "date_start", "date_end", "date_precision"),
    "articles": ("article_id", "publisher", "title", "url"),
}


def check_origins(descriptor: Json, tables: Tables, gather: Gather) -> None:
    """`sources` of the descriptor: files, articles, bytes and digest of each collection are those of the table.

    Args:
        descriptor: `datapackage.json`.
        tables: Those that have the columns of the schema.
        gather: Takes the findings.
    """
    import duckdb

    if "sources" not in tables:
        return
    try:
        real = origins(tables)
    except duckdb.Error:
        return  # a file that cannot be read is a finding of the rows
    for one in mappings(descriptor.get("sources")):
        if "fileCount" not in one:
            continue  # a work cited, not a collection
        name = str(one.get("name"))
        found = real.pop(name, None) or Origin(name, 0, 0, 0, "")
        wanted = {"fileCount": found.files, "articleCount": found.articles}
        if found.files:
            wanted |= {"bytes": found.bytes, "hash": f"sha256:{found.digest}"}  # type: ignore[dict-item]
        for key, value in wanted.items():
            if one.get(key) != value:
                message = f"{key} of the source {name!r} is {one.get(key)!r}, the table says {value!r}"
                gather.add("descriptor-differs", message, path=DESCRIPTOR, resource="sources")
    for name in real:
        message = f"the collection {name!r} is no source of the descriptor"
        gather.add("descriptor-differs", message, path=DESCRIPTOR, resource="sources")


def check_flat(file: Path, tables: Tables, gather: Gather) -> None:
    """The table for people says what the tables say: a row for each report, with the words of its event and article.

    Args:
        file: The CSV file.
        tables: Those that have the columns of the schema.
        gather: Takes the findings.
    """
    import duckdb

    if not all(name in tables and set(wanted) <= set(tables[name].columns) for name, wanted in NEEDED.items()):
        return
    form = "all_varchar = true, header = true, delim = ',', quote = '\"', nullstr = ''"
    flat = f"read_csv({literal(readable(file))}, {form})"
    said = " || ".join(
        f"CASE WHEN f.{name} IS DISTINCT FROM nullif(CAST({real} AS VARCHAR), '') THEN ' {name}' ELSE '' END"
        for name, real in SHOWN.items()
    )
    query = (
        f"SELECT coalesce(f.report_id, r.report_id) AS key, CASE WHEN f.report_id IS NULL THEN ' not there' "
        f"WHEN r.report_id IS NULL THEN ' no report' ELSE {said} END AS said FROM event_reports AS r "
        "LEFT JOIN events AS e USING (event_id) LEFT JOIN articles AS a USING (article_id) "
        f"FULL JOIN {flat} AS f ON f.report_id = r.report_id"
    )
    try:
        with connected({name: tables[name] for name in NEEDED}) as connection:
            total = "(count(*) OVER ())::BIGINT"
            listed = f"SELECT key, said, {total} FROM ({query}) WHERE said <> '' ORDER BY ALL LIMIT {KEPT}"
            found = connection.sql(listed).fetchall()
    except duckdb.Error:
        return  # what cannot be read, or lacks a column, is a finding of its schema
    for at, (key, differing, total) in enumerate(found, 1):
        count = total - len(found) + 1 if at == len(found) else 1
        message = f"the row is not that of the tables:{differing}"
        gather.add("descriptor-differs", message, path=file.name, resource=FLAT, row_key=key, count=count)


def check_zip(root: Path, package: Path, gather: Gather) -> None:
    """The zip beside the data package holds the same files, by name, size and list of hashes.

    Args:
        root: Folder of both.
        package: The data package.
        gather: Takes the findings.
    """
    try:
        with zipfile.ZipFile(root / ZIP) as archive:
            held = {one.filename: one.file_size for one in archive.infolist() if not one.is_dir()}
            real = {
                file.relative_to(package).as_posix(): file.stat().st_size
                for file in package.rglob("*")
                if file.is_file() and not file.is_symlink()
            }
            own = (package / SUMS).read_bytes() if SUMS in real else b""
            same = held == real and archive.open(SUMS).read(len(own) + 1) == own
    except (
        OSError,
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        ValueError,
        EOFError,
        KeyError,
    ) as reason:
        gather.add("package-invalid", f"it cannot be read: {str(reason)[:120]}", path=ZIP)
        return
    if not same:
        message = f"it does not hold the files of {package.name}/: {len(held)} files, {len(real)} there"
        gather.add("descriptor-differs", message, path=ZIP)
