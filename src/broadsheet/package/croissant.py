"""croissant.json: the Hugging Face dataset in Croissant 1.1, with its provenance in terms of PROV.

One record set per config, one field per column, so that whoever reads Croissant loads each table with its types and
sees how tables hang together. The dataset was derived from one entity per collection, which names its files by one
digest (see `emitted.origins`); the hash of each file is a column of `sources`. Rows and bytes of files are those of the
footers, which `check` compares.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from broadsheet import __version__
from broadsheet.emitted.origins import Origin
from broadsheet.package import citation
from broadsheet.package.card import Config
from broadsheet.package.describe import TEXTS, Content, license_name, limits, personal, without_nulls
from broadsheet.project import Collection, Contributor
from broadsheet.schema.model import Field, Table

FILE: Final = "croissant.json"
CONFORMS_TO: Final = "http://mlcommons.org/croissant/1.1"
MEDIA_TYPE: Final = "application/x-parquet"
CARDINALITY: Final = "http://www.wikidata.org/entity/Q4049983"
TYPES: Final = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
}
"""Croissant's name of each type of a column; the same for what an array holds."""
ACTIVITY: Final = "#build"
SOFTWARE: Final = "#broadsheet"
CONTEXT: Final[Mapping[str, Any]] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "conformsTo": "dct:conformsTo",
    "name": {"@container": "@language"},
    "description": {"@container": "@language"},
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{
        term: f"cr:{term}"
        for term in (
            "annotation", "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "excludes", "extract",
            "field", "fileObject", "fileProperty", "fileSet", "format", "includes", "isArray", "isLiveDataset",
            "jsonPath", "key", "md5", "parentField", "path", "readLines", "recordSet", "references", "regex",
            "repeated", "replace", "samplingRate", "sdVersion", "separator", "source", "subField", "transform",
            "unArchive", "value",
        )
    },
}  # fmt: skip
"""The context of Croissant 1.1, written out: nothing has to be fetched to read the file."""

Json = dict[str, Any]


def croissant(content: Content, configs: Sequence[Config]) -> str:
    """The Croissant description of the Hugging Face dataset.

    Args:
        content: What is packaged.
        configs: The tables that are there, with their files.
    """
    project = content.project
    came = content.origins()
    sources = {config.name: _source(config) for config in configs}
    described = {
        "@context": dict(CONTEXT),
        "@type": "sc:Dataset",
        "@id": "#dataset",
        "conformsTo": CONFORMS_TO,
        "name": project.title,
        "alternateName": project.name,
        "identifier": project.id,
        "description": _description(content),
        "url": citation.address_of(project.homepage),
        "version": project.version,
        "datePublished": content.created,
        "license": _licenses(content),
        "creator": [_creator(person) for person in citation.authors(project)]
        or [{"@type": "sc:Organization", "name": citation.maintainers(project)}],
        "keywords": list(dict.fromkeys(word for word in project.keywords if word)),
        "inLanguage": languages(content),
        "citeAs": citation.bibtex(content),
        **_responsible(content, came),
        **_provenance(content, came),
        "distribution": [entry for config in configs for entry in _files(config)],
        "recordSet": [_record_set(config, project.tables[config.name], sources) for config in configs],
    }
    whole = {**without_nulls(described), "isLiveDataset": False}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def languages(content: Content) -> list[str]:
    """Tags of the articles' languages, sorted; `und` says nothing and is left out."""
    query = "SELECT DISTINCT language FROM articles WHERE language <> 'und' ORDER BY language"
    return [tag for (tag,) in content.query(query, "articles")]


def _description(content: Content) -> str:
    figures = (
        f"News articles of {len(content.project.collections)} collections as linked tables: "
        f"{content.rows('articles'):,} articles of {content.rows('sources'):,} source files, "
        f"{content.rows('entities'):,} people, organizations and places, {content.rows('events'):,} events. "
        "Every row leads back to the bytes of a source file."
    )
    return "\n\n".join(filter(None, (content.project.description.strip(), figures)))


def _licenses(content: Content) -> list[Any]:
    """Addresses, as Croissant recommends; a licence without one is named."""
    named = [license_name(entry) for entry in content.project.licenses]
    return [path or {"@type": "sc:CreativeWork", "name": title} for title, path in named]


def _creator(person: Contributor) -> Json:
    kind = "sc:Person" if citation.is_person(person) else "sc:Organization"
    return without_nulls(
        {
            "@type": kind,
            "name": citation.full_name(person),
            "email": person.email,
            "url": citation.orcid(person) or citation.address_of(person.path),
        }
    )


def _responsible(content: Content, came: Mapping[str, Origin]) -> Json:
    """What the RAI vocabulary asks for and the project knows."""
    files = sum(origin.files for origin in came.values())
    return {
        "rai:dataCollection": (
            f"{files:,} files that were collected before, listed in the table sources, were read by programs; "
            "prov:wasDerivedFrom names the collections and their terms."
        ),
        "rai:dataCollectionType": ["Document analysis", "Secondary Data analysis"],
        "rai:dataCollectionMissingData": (
            "What could not be read or used is a row of the table rejects, with a code and a reason. "
            "Text withheld by the rights of its source is empty; articles.redistribution says so."
        ),
        "rai:dataAnnotationProtocol": (
            "Names and events are found by rules and lists, by no person; mentions.rule and event_reports.rule say "
            "by which."
        ),
        "rai:machineAnnotationTools": [f"Broadsheet {__version__}, annotator {content.project.annotator}"],
        "rai:dataLimitations": _plain(limits()),
        "rai:personalSensitiveInformation": _plain(personal()),
    }


def _plain(markdown: str) -> str:
    return " ".join(markdown.replace("`", "").split())


def _provenance(content: Content, came: Mapping[str, Origin]) -> Json:
    """The activity with its software, and the collections it used."""
    collections = [_collection(one, came.get(one.name)) for one in content.project.collections]
    activity = {
        "@type": "prov:Activity",
        "@id": ACTIVITY,
        "name": "Build and package",
        "description": "Files were parsed into articles, names and events found in them by rules, "
        "and what the rights of each source allow was written as tables.",
        "prov:used": [{"@id": one["@id"]} for one in collections],
        "prov:wasAssociatedWith": {
            "@type": "prov:SoftwareAgent",
            "@id": SOFTWARE,
            "name": "Broadsheet",
            "softwareVersion": __version__,
        },
    }
    return {"prov:wasGeneratedBy": without_nulls(activity), "prov:wasDerivedFrom": collections}


def _collection(collection: Collection, origin: Origin | None) -> Json:
    """The files of a collection as one entity."""
    terms = TEXTS.get(collection.license or "")
    articles = origin.articles if origin else 0
    entity: Json = {
        "@type": "prov:Collection",
        "@id": f"#collection/{collection.name}",
        "identifier": collection.name,
        "name": collection.title,
        "description": (
            f"{articles:,} articles come from these files. sha256 is that of the list of the files: one line "
            "<sha256>, two spaces, <path> for each row of the table sources of this collection, sorted by the bytes of "
            "the path, as sha256sum prints it."
        ),
        "url": citation.address_of(collection.path),
        "publisher": {"@type": "sc:Organization", "name": collection.publisher} if collection.publisher else None,
        "inLanguage": collection.language,
        "license": (terms[1] if terms else {"@type": "sc:CreativeWork", "name": collection.license})
        if collection.license
        else None,
        "conditionsOfAccess": collection.redistribution,
        "sha256": origin.digest if origin else None,
    }
    counted = {"collectionSize": origin.files if origin else 0, "contentSize": f"{origin.bytes if origin else 0} B"}
    return {**without_nulls(entity), **counted}


def _files(config: Config) -> list[Json]:
    """Each shard with size and hash; several are also a set, for a field can name one source only."""
    objects = [
        {
            "@type": "cr:FileObject",
            "@id": file.path,
            "name": file.path.rpartition("/")[2],
            "description": f"Rows of the table {config.name}.",
            "contentUrl": file.path,
            "contentSize": f"{file.bytes} B",
            "encodingFormat": MEDIA_TYPE,
            "sha256": file.sha256,
        }
        for file in config.files
    ]
    if len(objects) == 1:
        return objects
    shards = {
        "@type": "cr:FileSet",
        "@id": f"{config.name}-shards",
        "name": f"{config.name}-shards",
        "description": f"All files of the table {config.name}.",
        "encodingFormat": MEDIA_TYPE,
        "includes": [file.path for file in config.files],
    }
    return [*objects, shards]


def _source(config: Config) -> Json:
    """Where the rows of a table are read from."""
    if len(config.files) == 1:
        return {"fileObject": {"@id": config.files[0].path}}
    return {"fileSet": {"@id": f"{config.name}-shards"}}


def _record_set(config: Config, table: Table, sources: Mapping[str, Json]) -> Json:
    """A table.

    What a foreign key references is named by file and column: mlcroissant cannot load a table that references itself,
    or one that references others, where the reference names a field.
    """
    source = sources[table.name]
    references = {
        column: {**sources[key.table], "extract": {"column": target}}
        for key in table.foreign_keys
        if key.table in sources
        for column, target in zip(key.fields, key.reference, strict=True)
    }
    key = [{"@id": f"{table.name}/{column}"} for column in table.primary_key]
    described = {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description or table.title,
        "key": key[0] if len(key) == 1 else key,
        "field": [_field(table.name, field, source, references.get(field.name)) for field in table.fields],
    }
    rows = {
        "@type": "cr:Field",
        "@id": f"{table.name}#rows",
        "name": "rows",
        "dataType": [TYPES["integer"], CARDINALITY],
        "value": config.rows,
    }
    return {**without_nulls(described), "annotation": rows}


def _field(above: str, field: Field, source: Json, references: Json | None) -> Json:
    """A column: an array has `isArray`, and one of objects a subfield for each member."""
    own = f"{above}/{field.name}"
    described = {
        "@type": "cr:Field",
        "@id": own,
        "name": field.name,
        "description": field.description or field.title,
        "references": references,
    }
    column = {**source, "extract": {"column": field.name}}
    if field.items is None:
        return without_nulls({**described, "dataType": TYPES[field.type], "source": column})
    array = {**described, "isArray": True, "arrayShape": "-1"}
    if field.items.type != "object":
        return without_nulls({**array, "dataType": TYPES[field.items.type], "source": column})
    members = [
        without_nulls(
            {
                "@type": "cr:Field",
                "@id": f"{own}/{member.name}",
                "name": member.name,
                "description": member.description or member.title,
                "dataType": TYPES[member.type],
                "source": {**column, "transform": {"jsonPath": member.name}},
            }
        )
        for member in field.items.fields
    ]
    return without_nulls({**array, "subField": members})
