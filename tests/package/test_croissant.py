"""croissant.json: read by the standard's own library, without network, and compared with the Parquet it describes."""

import hashlib
import json
import re
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import linked
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from broadsheet import __version__
from broadsheet.emitted.origins import line, origins
from broadsheet.emitted.tables import TableFiles, read_footers
from broadsheet.package import PackageReport
from broadsheet.package.card import Config
from broadsheet.package.citation import bibtex
from broadsheet.package.croissant import croissant
from broadsheet.package.describe import Content
from broadsheet.package.write import Written
from broadsheet.project import Project, load_project
from broadsheet.schema.load import core_tables

DOCS = Path(__file__).parents[2] / "docs"


@dataclass(frozen=True)
class Described:
    """A Hugging Face dataset as it is packaged, described."""

    root: Path
    content: Content
    configs: list[Config]
    json: dict[str, Any]
    loaded: Any

    @property
    def records(self) -> dict[str, Any]:
        return {one["name"]: one for one in self.json["recordSet"]}

    def field(self, name: str) -> dict[str, Any]:
        table = name.partition("/")[0]
        return next(one for one in self.records[table]["field"] if one["@id"] == name)


def written(root: Path, name: str, parts: list[pa.Table]) -> tuple[Written, ...]:
    """A table as shards."""
    made = []
    for number, part in enumerate(parts):
        path = f"data/{name}/train-{number:05}-of-{len(parts):05}.parquet"
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(part, root / path)
        data = (root / path).read_bytes()
        made.append(Written(path, len(data), hashlib.sha256(data).hexdigest()))
    return tuple(made)


def describe(root: Path, project: Project, leave_out: tuple[str, ...] = ()) -> Described:
    """The corpus of the tests with two shards of what is referenced, what references, and what does both."""
    import mlcroissant  # type: ignore[import-untyped]

    configs, tables = [], {}
    for name, table in linked.tables().items():
        parts = [table.slice(0, 2), table.slice(2)] if name in ("articles", "entities", "mentions") else [table]
        files = written(root, name, parts)
        tables[name] = read_footers(name, [root / file.path for file in files])
        if name not in leave_out:
            configs.append(Config(name, files, table.num_rows, 0, []))
    content = Content(project, tables, created="2031-04-01T12:00:00Z")
    text = croissant(content, configs)
    (root / "croissant.json").write_text(text, "utf-8")
    return Described(root, content, configs, json.loads(text), mlcroissant.Dataset(str(root / "croissant.json")))


@pytest.fixture(scope="module", autouse=True)
def offline() -> Iterator[None]:
    def refuse(*_: object) -> None:
        raise OSError("a test must not use the network")

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        yield


@pytest.fixture(scope="module")
def described(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Described:
    return describe(tmp_path_factory.mktemp("croissant"), project)


def test_the_library_finds_nothing_to_complain_about(described: Described) -> None:
    issues = described.loaded.metadata.ctx.issues
    assert (issues.errors, issues.warnings) == (set(), set())
    assert described.json["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    assert described.loaded.metadata.ctx.is_v1_1()


def as_read(value: Any, name: str) -> Any:
    """A value of the Parquet as mlcroissant gives it: texts as bytes, dates and instants as Timestamp."""
    import pandas as pd

    match value:
        case str():
            return value.encode()
        case datetime() | date():
            return pd.Timestamp(value)
        case dict():
            return {f"{name}/{key}": as_read(one, f"{name}/{key}") for key, one in value.items()}
        case list():
            return [as_read(one, name) for one in value]
        case _:
            return value


@pytest.mark.parametrize("name", list(core_tables()))
def test_every_table_loads_as_it_lies_in_the_parquet(described: Described, name: str) -> None:
    columns = [f"{name}/{column}" for column in described.content.tables[name].columns]
    rows = [row for batch in described.content.tables[name].batches() for row in batch.to_pylist()]
    expected = [{f"{name}/{key}": as_read(value, f"{name}/{key}") for key, value in row.items()} for row in rows]
    found = [{column: row[column] for column in columns} for row in described.loaded.records(name)]
    assert rows
    assert found == expected


def test_files_are_named_with_size_and_hash(described: Described) -> None:
    objects = {one["contentUrl"]: one for one in described.json["distribution"] if one["@type"] == "cr:FileObject"}
    assert set(objects) == {file.relative_to(described.root).as_posix() for file in described.root.rglob("*.parquet")}
    for path, one in objects.items():
        data = (described.root / path).read_bytes()
        assert one["sha256"] == hashlib.sha256(data).hexdigest()
        assert one["contentSize"] == f"{len(data)} B"
        assert one["encodingFormat"] == "application/x-parquet"


def test_shards_of_a_table_are_one_set(described: Described) -> None:
    sets = {one["@id"]: one["includes"] for one in described.json["distribution"] if one["@type"] == "cr:FileSet"}
    assert set(sets) == {"articles-shards", "entities-shards", "mentions-shards"}
    assert sets["mentions-shards"] == [
        "data/mentions/train-00000-of-00002.parquet",
        "data/mentions/train-00001-of-00002.parquet",
    ]


def test_columns_have_their_types(described: Described) -> None:
    assert {name: described.field(name)["dataType"] for name in (
        "articles/title", "articles/published_at", "articles/truncated", "articles/character_count", "articles/tags",
        "events/date_start", "mentions/confidence",
    )} == {
        "articles/title": "sc:Text", "articles/published_at": "sc:DateTime", "articles/truncated": "sc:Boolean",
        "articles/character_count": "sc:Integer", "articles/tags": "sc:Text", "events/date_start": "sc:Date",
        "mentions/confidence": "sc:Float",
    }  # fmt: skip
    assert described.field("articles/tags")["isArray"] is True
    assert "isArray" not in described.field("articles/title")
    participants = described.field("event_reports/participants")
    assert participants["isArray"] is True
    assert [(one["@id"], one["dataType"]) for one in participants["subField"]] == [
        ("event_reports/participants/entity_id", "sc:Text"),
        ("event_reports/participants/role", "sc:Text"),
    ]
    for table in core_tables().values():
        assert [one["name"] for one in described.records[table.name]["field"]] == list(table.names)


def test_keys_and_foreign_keys_are_told(described: Described) -> None:
    assert described.records["articles"]["key"] == {"@id": "articles/article_id"}
    assert described.records["media"]["key"] == [{"@id": "media/article_id"}, {"@id": "media/position"}]
    assert described.field("event_reports/event_id")["references"] == {
        "fileObject": {"@id": "data/events/train-00000-of-00001.parquet"},
        "extract": {"column": "event_id"},
    }
    assert described.field("articles/duplicate_of")["references"] == {
        "fileSet": {"@id": "articles-shards"},
        "extract": {"column": "article_id"},
    }
    assert "references" not in described.field("articles/title")


def test_rows_are_told(described: Described) -> None:
    told = {name: one["annotation"]["value"] for name, one in described.records.items()}
    assert told == {
        "sources": 5, "articles": 4, "media": 2, "links": 1, "entities": 4, "mentions": 8, "events": 3,
        "event_participants": 6, "event_reports": 4, "rejects": 3,
    }  # fmt: skip


def test_the_dataset_is_described(described: Described) -> None:
    told = described.json
    assert told["name"] == "Harbor <b>News</b> | a *test*"
    assert told["description"].startswith(
        "Invented news & nothing else. <script>alert(1)</script>\n\nNews articles of 3 "
    )
    assert told["license"] == ["https://creativecommons.org/publicdomain/zero/1.0/legalcode"]
    assert told["creator"] == [{"@type": "sc:Organization", "name": "Maker: of #things"}]
    assert told["keywords"] == ["test", "harbor"]
    assert told["inLanguage"] == ["en", "zh-Hans"]
    assert (told["version"], told["url"]) == ("1.2.0", "https://example.org/harbor")
    assert (told["datePublished"], told["isLiveDataset"]) == ("2031-04-01T12:00:00Z", False)
    assert "people" in told["rai:personalSensitiveInformation"]


def listed(collection: str) -> str:
    """The digest of a collection of the corpus, from its files."""
    files = sorted((file.path, file.sha256) for file in linked.FILES if file.collection == collection)
    return hashlib.sha256("".join(f"{sha}  {path}\n" for path, sha in files).encode()).hexdigest()


def test_the_activity_names_software_and_inputs(described: Described) -> None:
    activity = described.json["prov:wasGeneratedBy"]
    agent = activity["prov:wasAssociatedWith"]
    assert (activity["@type"], agent["@type"]) == ("prov:Activity", "prov:SoftwareAgent")
    assert (agent["name"], agent["softwareVersion"]) == ("Broadsheet", __version__)
    inputs = {one["identifier"]: one for one in described.json["prov:wasDerivedFrom"]}
    assert [one["@id"] for one in activity["prov:used"]] == [one["@id"] for one in inputs.values()]
    assert {name: (one["collectionSize"], one["sha256"]) for name, one in inputs.items()} == {
        "open": (3, listed("open")),
        "partial": (1, listed("partial")),
        "closed": (1, listed("closed")),
    }
    first = inputs["open"]
    assert first["@type"] == "prov:Collection"
    assert first["name"] == "Open Post"
    assert first["url"] == "https://example.org/open?a=1&b=(2)"
    assert first["license"] == "https://creativecommons.org/publicdomain/zero/1.0/legalcode"
    assert first["description"].startswith("2 articles come from these files.")
    assert [one["conditionsOfAccess"] for one in inputs.values()] == ["full", "excerpt", "metadata"]


def test_provenance_reads_as_prov_in_rdf(described: Described) -> None:
    import rdflib

    prov = rdflib.Namespace("http://www.w3.org/ns/prov#")
    graph = rdflib.Graph().parse(data=json.dumps(described.json), format="json-ld", publicID="https://example.org/d")
    (dataset,) = graph.subjects(rdflib.RDF.type, rdflib.URIRef("https://schema.org/Dataset"))
    (activity,) = graph.objects(dataset, prov.wasGeneratedBy)
    (agent,) = graph.objects(activity, prov.wasAssociatedWith)
    assert (agent, rdflib.RDF.type, prov.SoftwareAgent) in graph
    assert set(graph.objects(activity, prov.used)) == set(graph.objects(dataset, prov.wasDerivedFrom))
    assert len(set(graph.subjects(rdflib.RDF.type, prov.Collection))) == 3


def test_what_references_a_table_that_is_left_out_still_loads(project: Project, tmp_path: Path) -> None:
    made = describe(tmp_path, project, leave_out=("events",))
    assert "references" not in made.field("event_reports/event_id")
    assert "events" not in made.records
    assert len(list(made.loaded.records("event_reports"))) == 4


def test_a_descriptor_that_says_little_is_no_error(described: Described, tmp_path: Path) -> None:
    (tmp_path / "datapackage.yaml").write_text("name: bare\nsources:\n  - {name: open, files: a.txt}\n", "utf-8")
    content = replace(described.content, project=load_project(tmp_path), created=None)
    told = json.loads(croissant(content, described.configs))
    assert told["creator"] == [{"@type": "sc:Organization", "name": "The maintainers of bare"}]
    assert not {"license", "url", "datePublished", "keywords"} & set(told)
    (entity,) = told["prov:wasDerivedFrom"]
    assert (entity["identifier"], entity["collectionSize"]) == ("open", 3)


def test_the_bibtex_entry_is_escaped(described: Described) -> None:
    entry = bibtex(described.content)
    assert entry.startswith("@misc{harbor-news,\n  author = {{Maker: of \\#things}},\n")
    assert "\n  year = {2031},\n" in entry
    assert entry.count("{") == entry.count("}")


def test_both_packages_say_the_same_of_each_collection(packaged: PackageReport) -> None:
    descriptor = json.loads((packaged.dist / "datapackage" / "datapackage.json").read_text("utf-8"))
    told = json.loads((packaged.dist / "huggingface" / "croissant.json").read_text("utf-8"))
    entities = {one["identifier"]: one for one in told["prov:wasDerivedFrom"]}
    assert [one["name"] for one in descriptor["sources"]] == ["open", "partial", "closed"]
    for one in descriptor["sources"]:
        entity = entities[one["name"]]
        assert one["hash"] == f"sha256:{entity['sha256']}" == f"sha256:{listed(one['name'])}"
        assert one["fileCount"] == entity["collectionSize"]
        assert f"{one['bytes']} B" == entity["contentSize"]
        assert entity["description"].startswith(f"{one['articleCount']} articles ")
    assert [one["fileCount"] for one in descriptor["sources"]] == [3, 1, 1]


def test_the_published_file_loads(packaged: PackageReport) -> None:
    import mlcroissant

    loaded = mlcroissant.Dataset(str(packaged.dist / "huggingface" / "croissant.json"))
    assert loaded.metadata.ctx.issues.errors == set()
    for name, rows in packaged.rows.items():
        assert sum(1 for _ in loaded.records(name)) == rows


def sources(folder: Path, paths: list[str]) -> dict[str, TableFiles]:
    table = linked.tables()["sources"]
    rows = [table.to_pylist()[0] | {"source_id": f"src-{n:016x}", "path": path} for n, path in enumerate(paths)]
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), folder / "sources.parquet")
    return {"sources": read_footers("sources", [folder / "sources.parquet"])}


def test_the_digest_depends_on_the_files_and_not_on_their_order(tmp_path: Path) -> None:
    paths = ["b", "a/\N{GRINNING FACE}", "a/\uff5e", "B", "a b", "a"]
    sha = linked.OPEN.sha256
    # By UTF-8 bytes: upper case first, and U+1F600 (F0 …) after U+FF5E (EF …).
    order = ["B", "a", "a b", "a/\uff5e", "a/\N{GRINNING FACE}", "b"]
    wanted = hashlib.sha256("".join(f"{sha}  {path}\n" for path in order).encode()).hexdigest()
    for some in (paths, sorted(paths), paths[::-1]):
        (origin,) = origins(sources(tmp_path, some)).values()
        assert (origin.digest, origin.files, origin.articles) == (wanted, 6, 6)
    (fewer,) = origins(sources(tmp_path, paths[1:])).values()
    assert fewer.digest != wanted


def test_no_path_can_pass_for_two() -> None:
    assert line("a\\b\nc\r", "0f") == "\\0f  a\\\\b\\nc\\r\n"
    assert line("a b", "0f") == "0f  a b\n"


def test_the_documented_ways_to_recompute_a_digest_give_it(project: Project, described: Described) -> None:
    page = (DOCS / "provenance.md").read_text("utf-8")
    shell, python = (re.search(rf"```{kind}\n(.*?)```", page, re.DOTALL) for kind in ("sh", "python"))
    assert shell
    assert python
    command = shell[1].replace("sources/harbor-wire", "sources/partial")
    done = subprocess.run(["sh", "-c", command], cwd=project.root, capture_output=True, text=True, check=True)
    assert done.stdout.split()[0] == listed("partial")
    file = described.content.tables["sources"].files[0]
    code = python[1].replace("dist/datapackage/parquet/sources.parquet", file.as_posix()).replace("harbor-wire", "open")
    said: list[str] = []
    exec(compile(code, "docs/provenance.md", "exec"), {"print": said.append})
    assert said == [listed("open")]
