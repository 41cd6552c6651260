"""The data package: a CSV of every table as a Frictionless resource, the same rows as Parquet beside it.

The resources are the CSV files, because that is what every tool for data packages can validate; frictionless fails on
list columns of Parquet. The Parquet file of a resource stands under its key `broadsheet:parquet` with path, hash, bytes
and rows: readers that do not know the key ignore it, `broadsheet check` verifies it, and the README says where it is.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from broadsheet.check.csvform import DIALECT, csv_chunks, csv_schema
from broadsheet.check.datapackage import DESCRIPTOR, PARQUET
from broadsheet.package import describe
from broadsheet.package import markdown as md
from broadsheet.package.describe import Content, without_nulls
from broadsheet.package.write import Folder
from broadsheet.project import Project
from broadsheet.schema.load import core_dir
from broadsheet.schema.model import Table

PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"
MEDIA_TYPE: Final = "application/vnd.apache.parquet"

Json = dict[str, Any]


def write_data_package(folder: Folder, content: Content) -> None:
    """Write the data package."""
    project = content.project
    described = {str(entry["name"]): entry for entry in project.resources}
    resources = [_resource(folder, content, table, described.get(name, {})) for name, table in project.tables.items()]
    folder.text(DESCRIPTOR, json.dumps(_descriptor(content, resources), ensure_ascii=False, indent=2) + "\n")
    _schemas(folder, project)
    folder.text("README.md", readme(content))
    folder.text("LICENSE", describe.license_text(content))
    folder.sums()


def _descriptor(content: Content, resources: list[Json]) -> Json:
    project = content.project
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
            "sources": [_source(collection) for collection in project.collections],
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


def _source(collection: Any) -> Json:
    """A collection as a standard source; file globs are of the project's own disk and stay out."""
    return without_nulls(
        {
            "title": collection.title,
            "path": collection.path,
            "name": collection.name,
            "publisher": collection.publisher,
            "language": collection.language,
            "license": collection.license,
            "redistribution": collection.redistribution,
        }
    )


def _resource(folder: Folder, content: Content, table: Table, described: Mapping[str, Any]) -> Json:
    rows = content.tables[table.name]
    text = folder.write(f"csv/{table.name}.csv", csv_chunks(rows))
    parquet = folder.parquet(f"parquet/{table.name}.parquet", rows)
    own = {key: described[key] for key in ("title", "description", "licenses", "sources") if described.get(key)}
    return {
        "name": table.name,
        "type": "table",
        **without_nulls({"title": table.title, "description": table.description}),
        **own,
        "path": text.path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": text.bytes,
        "hash": f"sha256:{text.sha256}",
        "dialect": DIALECT,
        "schema": csv_schema(table),
        PARQUET: {
            "path": parquet.path,
            "format": "parquet",
            "mediatype": MEDIA_TYPE,
            "bytes": parquet.bytes,
            "hash": f"sha256:{parquet.sha256}",
            "rows": rows.num_rows,
        },
    }


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
        f"# {md.escape(project.title)}\n\nVersion {md.escape(project.version)}"
        + (f", created {content.created}" if content.created else "")
        + (f". Home page: {md.link(project.homepage, project.homepage)}" if project.homepage else "")
        + ".\n",
        describe.summary(content),
        "## Tables\n\n" + describe.tables(content),
        "## Files\n\n" + _files(),
        "## Open it\n\n" + _examples(),
        "## From a row to its source\n\n" + describe.provenance(),
        "## Collections\n\n" + describe.collections(content),
        "## Rights\n\n" + describe.rights(content),
        "## Limits\n\n" + describe.limits(),
        "## Cite\n\n" + describe.citation(content),
        "## Data dictionary\n\n" + describe.dictionary(content),
    ]
    return "\n".join(section.rstrip("\n") + "\n" for section in sections)


def _files() -> str:
    rows = [
        ("`datapackage.json`", "Data Package v2 descriptor: metadata, and per table file, hash, bytes and schema"),
        ("`parquet/`", "one file per table with exact types, also for lists: the form to compute with"),
        ("`csv/`", "the same rows for everything else"),
        ("`schemas/`", "the contract: one Table Schema per table"),
        ("`SHA256SUMS`", "hashes of all files; verify with `sha256sum --check SHA256SUMS`"),
        ("`LICENSE`", "the terms"),
    ]
    return md.table(("file", "holds"), rows) + (
        "\nIn CSV, lists are JSON text, instants are ISO 8601 in UTC with `Z`, booleans `true` and `false`, and null "
        "is an empty cell. Where a text may not be null, an empty cell is the empty text (see `missingValues`). "
        "Some cells may start with `=`, `+`, `-` or `@`: import CSV as text in a spreadsheet.\n"
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
