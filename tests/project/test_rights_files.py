"""`restrictions` and blocklist.yaml: what is read, and what every mistake is told as."""

from pathlib import Path

import pytest

from broadsheet.blocklist import Blocklist
from broadsheet.findings import BroadsheetError, Finding
from broadsheet.project import Project, load_project
from broadsheet.restrictions import Restriction

COLLECTION = "name: demo\nsources:\n  - name: one\n    files: sources/**\n"
ARTICLE = "art-0123456789abcdef"


def loaded(folder: Path, restrictions: str = "", blocklist: str | None = None) -> Project:
    (folder / "datapackage.yaml").write_text(COLLECTION + restrictions, "utf-8")
    if blocklist is not None:
        (folder / "blocklist.yaml").write_text(blocklist, "utf-8")
    return load_project(folder)


def refused(folder: Path, restrictions: str = "", blocklist: str | None = None) -> Finding:
    with pytest.raises(BroadsheetError) as caught:
        loaded(folder, restrictions, blocklist)
    return caught.value.finding


def test_restrictions_are_read(tmp_path: Path) -> None:
    text = """\
    restrictions:
      - {agencies: [Reuters, 路透社], redistribution: metadata, reason: "No licence: wire copy"}
      - urls: ["https://www.example.org/wire/*"]
        since: 2024-01-01
        before: 2025-01-01
        redistribution: excerpt
"""
    assert loaded(tmp_path, text).collections[0].restrictions == (
        Restriction("metadata", agencies=("Reuters", "路透社")),
        Restriction("excerpt", urls=("example.org/wire/*",), since="2024-01-01", before="2025-01-01"),
    )
    assert loaded(tmp_path, text).collections[0].restrictions[0].reason == "No licence: wire copy"


@pytest.mark.parametrize(
    ("entry", "code", "line", "told"),
    [
        ("{agency: [AFP], redistribution: excerpt}", "key-unknown", 6, "agencies"),
        ("{agencies: [AFP]}", "key-missing", 6, "redistribution"),
        ("{agencies: [AFP], redistribution: full}", "value-invalid", 6, "excerpt or metadata"),
        ("{agencies: [AFP], redistribution: exerpt}", "value-invalid", 6, "did you mean 'excerpt'"),
        ("{redistribution: excerpt}", "key-missing", 6, "at least one condition"),
        ("{agencies: [], redistribution: excerpt}", "value-invalid", 6, "at least one entry"),
        ("{agencies: AFP, redistribution: excerpt}", "value-invalid", 6, "a list"),
        ("{articles: [art-1], redistribution: excerpt}", "value-invalid", 6, "an article id"),
        ("{urls: [example.org/a], redistribution: excerpt}", "value-invalid", 6, "https://"),
        ("{urls: ['https://*'], redistribution: excerpt}", "value-invalid", 6, "https://"),
        ("{since: 2024-13-01, redistribution: excerpt}", "value-invalid", 6, "a day such as"),
        ("{since: '20240101', redistribution: excerpt}", "value-invalid", 6, "a day such as"),
        ("{since: 2024-02-01, before: 2024-02-01, redistribution: excerpt}", "value-invalid", 6, "a day after"),
        ("just text", "value-invalid", 6, "a mapping"),
    ],
)
def test_a_mistake_in_restrictions_is_told_with_its_line(
    tmp_path: Path, entry: str, code: str, line: int, told: str
) -> None:
    found = refused(tmp_path, f"    restrictions:\n      - {entry}\n")
    assert (found.code, found.line) == (code, line)
    assert told in found.message


def test_a_restriction_must_be_stricter_than_its_collection(tmp_path: Path) -> None:
    text = "    redistribution: metadata\n    restrictions:\n      - {agencies: [AFP], redistribution: excerpt}\n"
    found = refused(tmp_path, text)
    assert (found.code, found.line) == ("value-invalid", 7)
    assert "stricter than `redistribution: metadata`" in found.message


def test_a_blocklist_is_read_each_entry_once(tmp_path: Path) -> None:
    text = f"""\
# requests of 2026
- {{article: {ARTICLE}, reason: Withdrawn, date: 2026-01-31}}
- url: http://www.example.org/a/?utm_source=mail
- {{url: "https://example.org/a"}}
- {{source: sources/one/}}
"""
    listed = loaded(tmp_path, blocklist=text).blocklist
    assert [(entry.kind, entry.value) for entry in listed.entries] == [
        ("article", ARTICLE), ("source", "sources/one"), ("url", "example.org/a"),
    ]  # fmt: skip


def test_the_order_of_a_blocklist_and_how_a_file_was_saved_do_not_count(tmp_path: Path) -> None:
    lines = ["- url: http://www.example.org/a/", "- url: https://example.org/a", f"- article: {ARTICLE}"]
    one = loaded(tmp_path, blocklist="\n".join(lines)).blocklist
    other = loaded(tmp_path, blocklist="\ufeff" + "\r\n".join(reversed(lines))).blocklist
    assert [str(entry) for entry in one.entries] == [str(entry) for entry in other.entries]
    assert one.fingerprint == other.fingerprint


def test_a_blocklist_may_be_longer_than_other_files(tmp_path: Path) -> None:
    text = "".join(
        f"- {{article: art-{number:016x}, reason: a letter that asked for it}}\n" for number in range(20_000)
    )
    assert len(text) > 1_000_000
    assert len(loaded(tmp_path, blocklist=text).blocklist.entries) == 20_000


@pytest.mark.parametrize(
    ("entry", "url", "named"),
    [
        ("https://example.org/a/*", "http://www.example.org/a/b?spm=1", True),
        ("https://example.org/a/*", "https://mirror.example.org/a/b", False),
        ("https://*.example.org/a", "https://mirror.example.org/a/", True),
        ("https://*.example.org/a", "https://example.org/a", False),
        ("https://example.org/a?id=1&utm_source=mail", "https://example.org/a?from=home&id=1#top", True),
        ("https://example.org/a?id=1", "https://example.org/a?id=2", False),
        ("https://example.org/*?id=*", "https://example.org/a?id=2", True),
    ],
)
def test_an_address_is_blocked_in_every_form(tmp_path: Path, entry: str, url: str, named: bool) -> None:
    listed = loaded(tmp_path, blocklist=f"- url: '{entry}'\n").blocklist
    assert bool(listed.of_address(url)) is named
    assert bool(listed.of_article("art-0", url, "")) is named


@pytest.mark.parametrize("text", [None, "", "# nothing yet\n", "[]\n"])
def test_no_blocklist_blocks_nothing(tmp_path: Path, text: str | None) -> None:
    assert loaded(tmp_path, blocklist=text).blocklist == Blocklist()
    assert Blocklist().fingerprint == ""


@pytest.mark.parametrize(
    ("text", "code", "line", "told"),
    [
        (f"article: {ARTICLE}\n", "value-invalid", 1, "a list of entries"),
        (f"- {{articel: {ARTICLE}}}\n", "key-unknown", 1, "article"),
        ("\n- {reason: because}\n", "key-missing", 2, "exactly one of article, url"),
        (f"- {{article: {ARTICLE}, entity: per/a}}\n", "key-missing", 1, "exactly one of"),
        ("- {article: art-1}\n", "value-invalid", 1, "an article id"),
        (f"- {{sha256: {'AB' * 32}}}\n", "value-invalid", 1, "lower case"),
        ("- {body_sha256: abc}\n", "value-invalid", 1, "articles.body_sha256"),
        ("- {entity: Jane Doe}\n", "value-invalid", 1, "per/jane-doe"),
        ("- {url: example.org/a}\n", "value-invalid", 1, "https://"),
        ("- {source: ../other/a.md}\n", "value-invalid", 1, "sources.path"),
        (f"- {{article: {ARTICLE}, date: yesterday}}\n", "value-invalid", 1, "2026-01-31"),
        ("- {article: *x}\n", "yaml-invalid", 1, ""),
    ],
)
def test_a_mistake_in_the_blocklist_is_told_with_its_line(
    tmp_path: Path, text: str, code: str, line: int, told: str
) -> None:
    found = refused(tmp_path, blocklist=text)
    assert (found.code, found.line, Path(found.path or "").name) == (code, line, "blocklist.yaml")
    assert told in found.message


def test_what_may_be_published_has_a_hash(tmp_path: Path) -> None:
    plain = loaded(tmp_path).rights
    wire = "    restrictions:\n      - {agencies: [AFP], redistribution: excerpt, reason: %s}\n"
    assert loaded(tmp_path, wire % "one").rights == loaded(tmp_path, wire % "two").rights != plain
    assert loaded(tmp_path, "    redistribution: excerpt\n").rights != plain
    assert loaded(tmp_path, "    title: Other\n").rights == plain
    blocked = loaded(tmp_path, blocklist=f"- {{article: {ARTICLE}, reason: one}}\n").rights
    assert loaded(tmp_path, blocklist=f"# words\n- article: {ARTICLE}\n").rights == blocked != plain


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ("url: http://example.org/a/1/", True),
        ("url: 'https://*.org/a*'", True),
        ("url: 'https://example.org/b*'", False),
        ("article: art-0123456789abcdef", True),
        ("article: art-0123456789abcdef-2", False),
        (f"body_sha256: {'b' * 64}", True),
        (f"sha256: {'b' * 64}", False),
        (f"sha256: {'a' * 64}", True),
        ("source: src-0123456789abcdef", True),
        ("source: sources/one/pack.zip/a.md", True),
        ("source: sources/one/pack.zip", True),
        ("source: sources/on", False),
        ("entity: per/jane-doe", False),
    ],
)
def test_an_entry_names_an_article_or_its_file(tmp_path: Path, entry: str, named: bool) -> None:
    listed = loaded(tmp_path, blocklist=f"- {{{entry}}}\n").blocklist
    found = listed.of_source("src-0123456789abcdef", "sources/one/pack.zip/a.md", "a" * 64)
    found += listed.of_article(ARTICLE, "https://www.example.org/a/1?utm_source=x", "b" * 64)
    assert [one.kind for one in found] == [entry.partition(":")[0]] * named
