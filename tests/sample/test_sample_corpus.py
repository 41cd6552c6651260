"""The sample corpus holds what sources/README.md says it holds. These tests read files only; they run no pipeline."""

import json
import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

NOT_CHINESE = re.compile(r"[^\u3400-\u9fff]+")
MARKUP = re.compile(r"<[^>]*>|!?\[([^\]]*)\]\([^)]*\)")
HOSTS_BESIDE_EXAMPLE = {"images.weserv.nl", "web.archive.org"}
# The parts of https://datapackage.org/profiles/2.0/datapackage.json that concern a descriptor like ours.
V2_PATH = re.compile(r"^((?=[^./~])(?!file:)((?!/\.\./)(?!\\)(?!://).)*|(http|ftp)s?://.*)$")
V2_LICENSE = re.compile(r"^([-a-zA-Z0-9._])+$")


def corpus_files(root: Path) -> list[str]:
    found = (file.relative_to(root) for file in (root / "sources").rglob("*") if file.is_file())
    return sorted(file.as_posix() for file in found if file.name != "README.md")


def read(root: Path, path: str, expected: dict[str, Any]) -> str:
    encoding = expected.get("encoding", "utf-8")
    return (root / path).read_bytes().decode("utf-8-sig" if encoding == "utf-8" else encoding)


def chinese(text: str) -> str:
    return NOT_CHINESE.sub("", text)


def shingles(text: str, size: int) -> set[str]:
    return {text[i : i + size] for i in range(len(text) - size + 1)}


def test_expectations_cover_every_file(root: Path, expectations: dict[str, Any]) -> None:
    assert sorted(expectations["files"]) == corpus_files(root)


def test_every_file_belongs_to_exactly_one_collection(root: Path, descriptor: dict[str, Any]) -> None:
    claims: dict[str, list[str]] = {path: [] for path in corpus_files(root)}
    for collection in descriptor["sources"]:
        for pattern in collection["files"]:
            for file in root.glob(pattern):
                claims[file.relative_to(root).as_posix()].append(collection["name"])
    assert {path: names for path, names in claims.items() if len(names) != 1} == {}


def test_the_corpus_is_as_large_and_as_varied_as_promised(expectations: dict[str, Any]) -> None:
    articles = {path: item for path, item in expectations["files"].items() if item.get("paragraphs")}
    assert len(articles) >= 34
    assert len({path.split("/")[1] for path in articles}) >= 5
    defaults = expectations["collections"]
    languages = [item.get("language", defaults[path.split("/")[1]]["language"]) for path, item in articles.items()]
    assert {name: languages.count(name) >= 2 for name in ("zh-Hans", "zh-Hant", "en")} == {
        "zh-Hans": True,
        "zh-Hant": True,
        "en": True,
    }
    assert all(3 <= item["paragraphs"] <= 7 for item in articles.values())


def test_a_file_is_in_its_encoding_and_says_what_is_expected_of_it(
    root: Path, expectations: dict[str, Any], path: str
) -> None:
    expected = expectations["files"][path]
    text = read(root, path, expected)
    plain = MARKUP.sub(lambda match: match[1] or "", text)
    if expected.get("articles", 1):
        assert expected["title"] in text
    for words in (*expected.get("contains", ()), *expected.get("captions", ())):
        assert words in text
    if expected.get("paragraphs"):
        end = plain.rfind(expected["ends"])
        start = plain.rfind(expected["begins"], 0, end)
        assert start >= 0
        if expected.get("language") != "en":
            body = "".join(plain[start : end + len(expected["ends"])].split())
            assert 150 <= len(body) <= 500
    for field in ("authors", "translators", "agencies"):
        assert all(name.casefold() in text.casefold() for name in expected.get(field, ()))


def test_instants_follow_from_the_printed_clock_and_the_declared_zone(
    descriptor: dict[str, Any], expectations: dict[str, Any], path: str
) -> None:
    expected = expectations["files"][path]
    if not expected.get("at"):
        assert len(expected.get("local") or "") < len("2025-01-01T00:00")
        return
    zone = {entry["name"]: entry.get("timezone") for entry in descriptor["sources"]}[path.split("/")[1]]
    stated = path.startswith(("sources/meridian-post/", "sources/lantern-blog/", "sources/sealed-letter/"))
    local = datetime.fromisoformat(expected["local"]).replace(tzinfo=ZoneInfo("UTC" if stated else zone))
    assert local == datetime.fromisoformat(expected["at"])


def test_byte_order_mark_carriage_returns_gb18030_and_emoji_are_there(root: Path) -> None:
    data = {path: (root / path).read_bytes() for path in corpus_files(root)}
    assert [path for path, content in data.items() if content.startswith(b"\xef\xbb\xbf")] == [
        "sources/northern-page/20230310-188.txt"
    ]
    crlf = [path for path, content in data.items() if b"\r" in content]
    assert crlf == ["sources/harbor-wire/2018-06-12-singapore.md"]
    assert data[crlf[0]].count(b"\r\n") == data[crlf[0]].count(b"\n")
    with pytest.raises(UnicodeDecodeError):
        data["sources/northern-page/20230426-204.txt"].decode("utf-8")
    assert "🕊️" in data["sources/lantern-blog/pelosi-taipei.md"].decode("utf-8")


def test_duplicates_are_what_they_are_called(root: Path, expectations: dict[str, Any]) -> None:
    assert {kind for kind, _, _ in expectations["duplicates"]} == {"exact", "near", "revision"}
    for kind, first, second in expectations["duplicates"]:
        left, right = (read(root, path, {}) for path in (first, second))
        a, b = shingles(chinese(left), 5), shingles(chinese(right), 5)
        similarity = len(a & b) / len(a | b)
        if kind == "exact":
            assert (root / first).read_bytes() == (root / second).read_bytes()
        elif kind == "near":
            assert 0.8 < similarity < 1
        else:
            files = expectations["files"]
            assert files[first]["url"] == files[second]["url"]
            assert files[first]["title"] != files[second]["title"]
            assert similarity < 0.6


def test_the_invalid_front_matter_is_invalid(root: Path) -> None:
    yaml = pytest.importorskip("yaml")
    text = (root / "sources/harbor-wire/2023-02-04-blinken-postponed.md").read_text(encoding="utf-8")
    with pytest.raises(yaml.YAMLError):
        yaml.safe_load(text.split("---\n")[1])


def test_addresses_are_on_reserved_domains(root: Path, expectations: dict[str, Any]) -> None:
    hosts = set()
    for path, expected in expectations["files"].items():
        for address in re.findall(r"https?://[^\s\"'<>)?&]+", read(root, path, expected)):
            hosts.add(urlsplit(address).hostname)
    assert {host for host in hosts if not host.endswith(".example")} <= HOSTS_BESIDE_EXAMPLE


def test_the_readme_lists_every_file(root: Path) -> None:
    readme = (root / "sources/README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([^`]+/[^`]+)`", readme, flags=re.MULTILINE)
    assert sorted(f"sources/{name}" for name in listed) == corpus_files(root)


def test_the_descriptor_is_a_data_package(root: Path, descriptor: dict[str, Any]) -> None:
    from frictionless import Package

    from broadsheet.rows import ROWS

    assert list(Package.metadata_validate(descriptor)) == []
    assert descriptor["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert [resource["name"] for resource in descriptor["resources"]] == list(ROWS)
    for resource in descriptor["resources"]:
        assert V2_PATH.match(resource["path"])
        assert (root / resource["schema"]).is_file()
    assert all(V2_PATH.match(source["path"]) for source in descriptor["sources"])
    assert all(V2_LICENSE.match(entry["name"]) for entry in descriptor["licenses"])
    assert descriptor["contributors"]
    assert descriptor["keywords"]


def test_the_descriptor_is_a_project(root: Path, descriptor: dict[str, Any]) -> None:
    from broadsheet.project import load_project

    project = load_project(root)
    assert project.name == "broadsheet-sample"
    assert [collection.name for collection in project.collections] == [entry["name"] for entry in descriptor["sources"]]
    assert {collection.redistribution for collection in project.collections} == {"full", "excerpt", "metadata"}


def test_nothing_is_copied_from_the_collected_news(root: Path) -> None:
    """No run of 20 Chinese characters, markup and punctuation aside, is shared with other people's texts."""
    shared = Path(os.environ.get("BROADSHEET_SHARED", root.parent / "shared"))
    if not (shared / "seeds").is_dir():
        pytest.skip("no collected news here to compare with; set BROADSHEET_SHARED")
    theirs: set[str] = set()
    for file in sorted((shared / "seeds").iterdir()):
        theirs |= shingles(chinese(file.read_text(encoding="utf-8")), 20)
    for file in sorted((shared / "gold").glob("*/*.json")):
        content = json.dumps(json.loads(file.read_text(encoding="utf-8")), ensure_ascii=False)
        theirs |= shingles(chinese(content), 20)
    encodings = {"sources/northern-page/20230426-204.txt": "gb18030"}
    paths = [*corpus_files(root), "sources/README.md", "tests/sample/expectations.yaml", "datapackage.yaml"]
    ours = {path: chinese((root / path).read_text(encoding=encodings.get(path, "utf-8"))) for path in paths}
    assert {path: shingles(text, 20) & theirs for path, text in ours.items() if shingles(text, 20) & theirs} == {}
