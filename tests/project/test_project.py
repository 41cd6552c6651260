from pathlib import Path

import pytest

from broadsheet.findings import BroadsheetError, Finding
from broadsheet.project import Collection, Contributor, License, Limits, load_project

MINIMAL = """\
name: demo
sources:
  - name: first
    files: sources/**/*.md
"""


def write(folder: Path, text: str) -> Path:
    (folder / "datapackage.yaml").write_text(text, encoding="utf-8")
    return folder


def refused(folder: Path, text: str) -> Finding:
    with pytest.raises(BroadsheetError) as caught:
        load_project(write(folder, text))
    return caught.value.finding


def collection(extra: str) -> str:
    return MINIMAL + "".join(f"    {line}\n" for line in extra.splitlines())


def test_minimal_descriptor(tmp_path: Path) -> None:
    project = load_project(write(tmp_path, MINIMAL))
    assert (project.name, project.title, project.version) == ("demo", "demo", "0.1.0")
    assert project.collections[0].files == ("sources/**/*.md",)
    assert project.collections[0].redistribution == "full"
    assert project.collections[0].limits == Limits(16 * 1024 * 1024)
    assert list(project.tables)[:2] == ["sources", "articles"]


def test_full_descriptor(tmp_path: Path) -> None:
    text = """\
$schema: https://datapackage.org/profiles/2.0/datapackage.json
name: demo
title: A demo
description: Some words.
version: 1.2.0
homepage: https://example.org/
created: 2025-01-02T03:04:05Z
keywords: [news, diplomacy]
licenses:
  - {name: CC-BY-4.0, title: Attribution}
contributors:
  - {title: A. Person, roles: [creator]}
sources:
  - name: wire
    title: The wire
    path: https://example.org/wire
    files: [a/**, "!a/drafts/**"]
    format: front_matter
    publisher: The Wire
    language: zh-Hant
    timezone: +08:00
    redistribution: excerpt
    license: CC0-1.0
    limits: {max_bytes: 1000}
resources:
  - {name: articles, path: build/articles.parquet, schema: schemas/articles.yaml}
"""
    project = load_project(write(tmp_path, text))
    assert project.licenses == (License("CC-BY-4.0", None, "Attribution"),)
    assert project.contributors == (Contributor("A. Person", roles=("creator",)),)
    assert project.keywords == ("news", "diplomacy")
    assert project.created == "2025-01-02T03:04:05Z"
    wire = project.collection("wire")
    assert (wire.language, wire.timezone, wire.redistribution, wire.license) == (
        "zh-Hant",
        "+08:00",
        "excerpt",
        "CC0-1.0",
    )
    assert wire.limits.max_bytes == 1000
    assert project.resources[0]["name"] == "articles"


def test_no_project(tmp_path: Path) -> None:
    with pytest.raises(BroadsheetError) as caught:
        load_project(tmp_path)
    assert caught.value.finding.code == "project-missing"


def test_misspelt_key_names_line_and_nearest(tmp_path: Path) -> None:
    found = refused(tmp_path, collection("publishr: The Wire"))
    assert found.code == "key-unknown"
    assert (found.path, found.line) == ((tmp_path / "datapackage.yaml").as_posix(), 5)
    assert "publishr" in found.message
    assert "'publisher'" in found.message


def test_misspelt_top_key(tmp_path: Path) -> None:
    found = refused(tmp_path, MINIMAL + "lisences: []\n")
    assert (found.code, found.line) == ("key-unknown", 5)
    assert "licenses" in found.message


@pytest.mark.parametrize(
    ("extra", "line", "expected"),
    [
        ("timezone: Asia/Shanghia", 5, "Asia/Shanghai"),
        ("timezone: ../../etc/passwd", 5, "IANA"),
        ("redistribution: fulll", 5, "'full'"),
        ("language: Chinese", 5, "BCP 47"),
        ("language: zh-hans", 5, "zh-Hans"),
        ("limits: {max_bytes: 0}", 5, "greater than 0"),
        ("limits: {max_bytes: many}", 5, "greater than 0"),
        ("limits: {max_members: 0}", 5, "greater than 0"),
        ("limits: {max_ratio: true}", 5, "greater than 0"),
        ("repository: 7", 5, "text"),
        ("repository: r\nrevision: --output=x", 6, "a branch, a tag or a commit"),
        ("title: 12", 5, "text"),
        ("publisher: ''", 5, "text"),
    ],
)
def test_wrong_values_say_what_is_expected(tmp_path: Path, extra: str, line: int, expected: str) -> None:
    found = refused(tmp_path, collection(extra))
    assert (found.code, found.line) == ("value-invalid", line)
    assert expected in found.message


@pytest.mark.parametrize("files", ["[]", "['!a/*']", "''", "12", "'a\\b'", "'a/**/../b'", "[a, 7]"])
def test_unusable_globs(tmp_path: Path, files: str) -> None:
    found = refused(tmp_path, f"name: demo\nsources:\n  - name: first\n    files: {files}\n")
    assert (found.code, found.line) == ("value-invalid", 4)


def test_two_collections_of_one_name(tmp_path: Path) -> None:
    found = refused(tmp_path, MINIMAL + "  - name: first\n    files: other/**\n")
    assert (found.code, found.line) == ("value-invalid", 5)
    assert "'first'" in found.message


@pytest.mark.parametrize("name", ["Demo", "two words", "-demo", "a--b", "1.0"])
def test_names_are_slugs(tmp_path: Path, name: str) -> None:
    found = refused(tmp_path, MINIMAL.replace("demo", name))
    assert (found.code, found.line) == ("value-invalid", 1)


def test_missing_keys(tmp_path: Path) -> None:
    assert refused(tmp_path, "name: demo\n").code == "key-missing"
    assert refused(tmp_path, "name: demo\nsources:\n  - name: first\n").code == "key-missing"


def test_version_that_yaml_reads_as_a_number(tmp_path: Path) -> None:
    found = refused(tmp_path, MINIMAL + "version: 1.0\n")
    assert (found.code, found.line) == ("value-invalid", 5)
    assert "quotes" in found.message


def test_license_needs_name_or_path(tmp_path: Path) -> None:
    found = refused(tmp_path, MINIMAL + "licenses:\n  - title: Some\n")
    assert (found.code, found.line) == ("key-missing", 6)


def test_paths_inside_are_relative_to_the_project(tmp_path: Path) -> None:
    project = load_project(write(tmp_path, MINIMAL))
    assert project.collections[0].root(project.root) == tmp_path
    assert project.locate("first", "sources/a/b.md") == tmp_path / "sources/a/b.md"


def test_paths_outside_are_relative_to_the_deepest_folder_above(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    text = """\
name: demo
sources:
  - name: one
    files: ../data/x/*.md
  - name: two
    files: [../data/x/a/**, ../data/y/**]
"""
    project = load_project(write(tmp_path / "p", text))
    assert project.collection("one").root(project.root) == tmp_path / "data/x"
    assert project.collection("two").root(project.root) == tmp_path / "data"


def test_formats_are_those_parse_knows() -> None:
    from broadsheet.parse.bodies import READERS
    from broadsheet.parse.layers import LAYERS
    from broadsheet.project import FORMATS

    assert (*LAYERS, *READERS) == FORMATS


def test_an_unknown_format_is_an_error_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "datapackage.yaml").write_text(
        "name: x\ntitle: X\nversion: 0.1.0\nsources:\n  - name: a\n    files: a/*\n    format: front_mater/html\n",
        "utf-8",
    )
    with pytest.raises(BroadsheetError) as caught:
        load_project(tmp_path)
    assert caught.value.finding.code == "value-invalid"
    assert caught.value.finding.line == 7
    assert "front_matter" in caught.value.finding.message


def test_repository_and_limits_of_archives(tmp_path: Path) -> None:
    text = collection("repository: ../news.git\nrevision: v1.2\nlimits: {max_members: 5, max_ratio: 9}")
    found = load_project(write(tmp_path, text)).collections[0]
    assert (found.repository, found.revision) == ("../news.git", "v1.2")
    assert found.repository_folder(tmp_path / "p") == tmp_path / "news.git"
    assert found.limits == Limits(16 * 1024 * 1024, 5, 9)
    assert load_project(write(tmp_path, collection("repository: r"))).collections[0].revision == "HEAD"


def test_a_revision_is_that_of_a_repository(tmp_path: Path) -> None:
    found = refused(tmp_path, collection("revision: main"))
    assert (found.code, found.line) == ("key-missing", 5)
    assert "a `repository` beside it" in found.message


def test_globs_of_a_repository_start_at_its_tree(tmp_path: Path) -> None:
    text = "name: demo\nsources:\n  - name: wire\n    repository: r\n    files:\n      - a/**\n      - ../b/**\n"
    found = refused(tmp_path, text)
    assert (found.code, found.line) == ("value-invalid", 7)


@pytest.mark.parametrize("glob", ["../d/a.zip", "../d/a.zip/x/**", "../d/a.zip/x/1.md", "../d/*.zip/x/**"])
def test_root_of_an_archive_elsewhere_is_its_folder(tmp_path: Path, glob: str) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "d").mkdir()
    (tmp_path / "d/a.zip").write_bytes(b"")
    assert Collection("a", "a", (glob,)).root(tmp_path / "p") == tmp_path / "d"
