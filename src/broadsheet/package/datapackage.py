"""The data package: a CSV of every table as a Frictionless resource, the same rows as Parquet beside it.

The Parquet files are written first, by the caller, and all else is made of them. The resources are the CSV files,
because that is what every tool for data packages can validate; frictionless fails on list columns of Parquet. The
Parquet file of a resource stands under its key `broadsheet:parquet` with path, hash, bytes and rows: readers that do
not know the key ignore it, `broadsheet check` verifies it, and the README says where it is.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from broadsheet.check.csvform import DIALECT, csv_chunks, csv_schema
from broadsheet.emitted.descriptors import DESCRIPTOR, PARQUET
from broadsheet.emitted.origins import Origin
from broadsheet.findings import Finding
from broadsheet.package import citation, describe, flat
from broadsheet.package import markdown as md
from broadsheet.package.coverage import coverage
from broadsheet.package.describe import Content, without_nulls
from broadsheet.package.write import Folder, Written
from broadsheet.project import Collection, License, Project
from broadsheet.schema.load import core_dir
from broadsheet.schema.model import Table

PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"
TEXTS: Final = ("articles", "media", "links", "mentions", "event_reports", "rejects")
"""Tables that hold words of the articles, whose licences hold for them."""
NAME: Final = re.compile(r"[-a-zA-Z0-9._]+")  # of a licence, by the standard
MEDIA_TYPE: Final = "application/vnd.apache.parquet"

Json = dict[str, Any]


def write_data_package(folder: Folder, content: Content, parquet: Mapping[str, Written]) -> list[Finding]:
    """Write the data package.

    Args:
        folder: Where to; the Parquet files are there already.
        content: What is packaged.
        parquet: The Parquet file of each table.

    Returns:
        Notes about `event_reports_flat.csv`; those about the tables are the caller's.
    """
    project = content.project
    described = {str(entry["name"]): entry for entry in project.resources}
    resources = [
        _resource(folder, content, table, described.get(name, {}), parquet[name])
        for name, table in project.tables.items()
    ]
    formulas = flat.Formulas()
    resources.append(_flat(folder, content, formulas))
    folder.text(DESCRIPTOR, json.dumps(_descriptor(content, resources), ensure_ascii=False, indent=2) + "\n")
    _schemas(folder, project)
    folder.text("README.md", readme(content))
    folder.text("LICENSE", describe.license_text(content))
    folder.text("CITATION.cff", citation.citation_file(content))
    folder.sums()
    return formulas.findings()


def _descriptor(content: Content, resources: list[Json]) -> Json:
    project, came = content.project, content.origins()
    return without_nulls(
        {
            "$schema": PROFILE,
            "name": project.name,
            "id": project.id,
            "title": project.title,
            "description": project.description,
            "homepage": project.homepage,
            "image": project.image,
            "version": project.version,
            "created": content.created,
            "keywords": list(project.keywords),
            "contributors": [_contributor(person) for person in project.contributors],
            "licenses": [_license(entry) for entry in project.licenses],
            "sources": [_source(collection, came.get(collection.name)) for collection in project.collections],
            "resources": resources,
        }
    )


def _license(entry: Any) -> Json:
    title, path = describe.license_name(entry)
    return without_nulls({"name": entry.name, "path": path, "title": title})


def _contributor(person: Any) -> Json:
    return without_nulls(
        {
            "title": person.title,
            "path": person.path,
            "email": person.email,
            "givenName": person.given_name,
            "familyName": person.family_name,
            "roles": list(person.roles),
            "organization": person.organization,
        }
    )


def _source(collection: Collection, origin: Origin | None) -> Json:
    """A collection as a standard source; file globs are of the project's own disk and stay out."""
    told = without_nulls(
        {
            "title": collection.title,
            "path": collection.path,
            "email": collection.email,
            "version": collection.version,
            "name": collection.name,
            "publisher": collection.publisher,
            "language": collection.language,
            "license": collection.license,
            "redistribution": collection.redistribution,
        }
    )
    if origin is None:
        return {**told, "fileCount": 0, "articleCount": 0}
    counts = {"fileCount": origin.files, "articleCount": origin.articles}
    return {**told, **counts, "bytes": origin.bytes, "hash": f"sha256:{origin.digest}"}


def _resource(folder: Folder, content: Content, table: Table, described: Mapping[str, Any], parquet: Written) -> Json:
    text = folder.write(f"csv/{table.name}.csv", csv_chunks(content.tables[table.name]))
    own = {key: described[key] for key in ("title", "description", "licenses", "sources") if described.get(key)}
    licenses = _licenses_of_texts(content) if table.name in TEXTS else []
    return {
        **_tabular(table, text, csv_schema(table)),
        **without_nulls({"licenses": licenses}),
        **own,
        PARQUET: {
            "path": parquet.path,
            "format": "parquet",
            "mediatype": MEDIA_TYPE,
            "bytes": parquet.bytes,
            "hash": f"sha256:{parquet.sha256}",
            "rows": content.rows(table.name),
        },
    }


def _flat(folder: Folder, content: Content, formulas: flat.Formulas) -> Json:
    """The file for people: CSV alone, made of the other tables."""
    table = flat.flat_table()
    text = folder.write(flat.FILE, flat.flat_chunks(content.tables, formulas))
    return {**_tabular(table, text, csv_schema(table)), **without_nulls({"licenses": _licenses_of_texts(content)})}


def _tabular(table: Table, text: Written, schema: Json) -> Json:
    return {
        "name": table.name,
        "type": "table",
        **without_nulls({"title": table.title, "description": table.description}),
        "path": text.path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": text.bytes,
        "hash": f"sha256:{text.sha256}",
        "dialect": DIALECT,
        "schema": schema,
    }


def _licenses_of_texts(content: Content) -> list[Json]:
    """The licences of texts that the tables hold, if they are not those of the dataset; empty if they are."""
    of_dataset = {entry.name or entry.title for entry in content.project.licenses}
    stated = content.query("SELECT DISTINCT license FROM sources WHERE license IS NOT NULL ORDER BY 1", "sources")
    named = [name for (name,) in stated if name not in of_dataset]
    if not named:
        return []
    own = [_license(entry) for entry in content.project.licenses]
    return own + [
        _license(License(name)) if NAME.fullmatch(name) else {"path": "LICENSE", "title": name} for name in named
    ]


def _schemas(folder: Folder, project: Project) -> None:
    """The contract itself, so that the package can be checked without the project."""
    for name in project.tables:
        own = project.root / "schemas" / f"{name}.yaml"
        source = own if own.is_file() else core_dir() / own.name
        folder.write(f"schemas/{name}.yaml", [source.read_bytes()])


def readme(content: Content) -> str:
    """README of the data package, with the data dictionary."""
    project = content.project
    sections = [
        f"# {md.escape(project.title)}\n\n{describe.edition(content).capitalize()}"
        + (f". Home page: {md.link(project.homepage, project.homepage)}" if project.homepage else "")
        + ".\n",
        describe.summary(content),
        "## Tables\n\n" + describe.tables(content),
        "## Files\n\n" + _files(),
        "## Open it\n\n" + _examples(),
        "## From a row to its source\n\n" + describe.provenance(),
        "## Collections\n\n" + describe.collections(content),
        "## Coverage\n\n" + coverage(content),
        "## Rights\n\n" + describe.rights(content),
        "## Limits\n\n" + describe.limits() + "\n" + describe.quality(content),
        "## Personal information\n\n" + describe.personal() + "\n" + describe.removal(content),
        "## Cite\n\n" + describe.citation(content),
        "## Data dictionary\n\n" + describe.dictionary(content),
    ]
    return "\n".join(section.rstrip("\n") + "\n" for section in sections)


def _files() -> str:
    rows = [
        ("`datapackage.json`", "Data Package v2 descriptor: metadata, and per table file, hash, bytes and schema"),
        ("`parquet/`", "one file per table with exact types, also for lists: the form to compute with"),
        ("`csv/`", "the same rows for everything else"),
        (f"`{flat.FILE}`", "one row per report of an event, with names instead of ids: to read and to sort"),
        ("`schemas/`", "the contract: one Table Schema per table"),
        ("`SHA256SUMS`", "hashes of all files; verify with `sha256sum --check SHA256SUMS`"),
        ("`LICENSE`", "the terms"),
        ("`CITATION.cff`", "how to cite it, for machines"),
    ]
    return md.table(("file", "holds"), rows) + (
        "\nIn CSV, lists are JSON text, instants are ISO 8601 in UTC with `Z`, booleans `true` and `false`, and null "
        "is an empty cell. Where a text may not be null, an empty cell is the empty text (see `missingValues`). "
        "Some cells may start with `=`, `+`, `-` or `@`: in a spreadsheet import CSV as UTF-8, all columns as text.\n"
    )


def _examples() -> str:
    return """```python
import pandas as pd

articles = pd.read_parquet("parquet/articles.parquet")
mentions = pd.read_parquet("parquet/mentions.parquet").merge(articles, on="article_id")
```

```sql
-- duckdb: who meets whom, and how many articles say so
SELECT label_en, date_start, article_count FROM 'parquet/events.parquet' ORDER BY article_count DESC, event_id LIMIT 10;
```

```sh
frictionless validate datapackage.json
```
"""
