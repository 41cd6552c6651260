"""CITATION.cff against the rules of CFF 1.2.0, written out here: its JSON schema is not at hand."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from broadsheet.package.citation import citation_file
from broadsheet.package.describe import Content
from broadsheet.project import load_project
from broadsheet.schema.strict_yaml import parse_yaml

PERSON = {"family-names", "given-names", "name-particle", "name-suffix", "affiliation", "alias", "email", "orcid",
          "website"}  # fmt: skip
ENTITY = {"name", "email", "orcid", "website"}
KEYS = {"cff-version", "message", "type", "title", "abstract", "authors", "contact", "version", "date-released", "doi",
        "license", "license-url", "url", "keywords"}  # fmt: skip
URL = re.compile(r"(https|http|ftp|sftp)://.+")


def violations(cff: dict[str, Any]) -> list[str]:
    """What CFF 1.2.0 forbids."""
    found = [f"unknown {key}" for key in set(cff) - KEYS]
    found += [f"missing {key}" for key in ("cff-version", "message", "title", "authors") if not cff.get(key)]
    found += [f"no text: {key}" for key in KEYS - {"authors", "contact", "keywords", "license"}
              if key in cff and not (isinstance(cff[key], str) and cff[key])]  # fmt: skip
    found += [key for key, value in (("cff-version", "1.2.0"), ("type", "dataset")) if cff.get(key) != value]
    found += [f"no address: {key}" for key in ("url", "license-url") if key in cff and not URL.fullmatch(cff[key])]
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cff.get("date-released", "2000-01-01")):
        found.append("date-released")
    words = cff.get("keywords", ["x"])
    if not words or len(set(words)) < len(words) or not all(isinstance(word, str) and word for word in words):
        found.append("keywords")
    for agent in (*cff["authors"], *cff.get("contact", [])):
        kind = ENTITY if "name" in agent else PERSON
        found += [f"agent: {key}" for key in agent if key not in kind or not isinstance(agent[key], str)]
        if not agent or not re.fullmatch(r"https://orcid\.org/([0-9]{4}-){3}[0-9]{3}[0-9X]", agent.get(
                "orcid", "https://orcid.org/0000-0000-0000-0000")):  # fmt: skip
            found.append("orcid")
        if not re.fullmatch(r"\S+@\S+\.\S{2,}", agent.get("email", "a@b.cd")):
            found.append("email")
        if not URL.fullmatch(agent.get("website", "https://a")):
            found.append("website")
    for name in ("authors", "contact"):
        listed = cff.get(name, [])
        if any(one in listed[:at] for at, one in enumerate(listed)):
            found.append(f"{name} not unique")
    return found


def cite(folder: Path, more: str, created: str | None = "2031-04-01T12:00:00Z") -> dict[str, Any]:
    """CITATION.cff of a descriptor, read back by two readers of YAML that must agree."""
    (folder / "datapackage.yaml").write_text(f"name: harbor\nsources: []\n{more}", "utf-8")
    text = citation_file(Content(load_project(folder), {}, created=created))
    cff = yaml.safe_load(text)
    assert parse_yaml(text).value == cff
    assert violations(cff) == []
    return dict(cff)


def test_what_the_descriptor_says_is_cited(tmp_path: Path) -> None:
    cff = cite(
        tmp_path,
        """\
title: Harbor News
version: 1.2.0
description: News of a harbor.
id: https://doi.org/10.5072/harbor.12
homepage: https://example.org/harbor
keywords: [ferries, 海港, ferries]
licenses: [{name: CC-BY-4.0}]
contributors:
  - {title: Ann Example, givenName: Ann, familyName: Example, path: https://orcid.org/0000-0002-1825-0097,
     organization: Harbor University, email: ann@example.org, roles: [creator, maintainer]}
  - {title: Harbor Archive, path: https://example.org/archive, roles: [author]}
  - {title: Bo Helper, roles: [contributor]}
""",
    )
    ann = {
        "family-names": "Example",
        "given-names": "Ann",
        "affiliation": "Harbor University",
        "email": "ann@example.org",
        "orcid": "https://orcid.org/0000-0002-1825-0097",
    }
    assert cff == {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it as below.",
        "type": "dataset",
        "title": "Harbor News",
        "abstract": "News of a harbor.",
        "authors": [ann, {"name": "Harbor Archive", "website": "https://example.org/archive"}],
        "contact": [ann],
        "version": "1.2.0",
        "date-released": "2031-04-01",
        "doi": "10.5072/harbor.12",
        "license": "CC-BY-4.0",
        "url": "https://example.org/harbor",
        "keywords": ["ferries", "海港"],
    }


@pytest.mark.parametrize(
    "title",
    ["a: b # c", "'quoted' \"twice\"", "- no", "no", "1.0", "2031-04-01", "null", "*anchor", "{x}", "%TAG", "@at",
     "新闻\u3000\N{GRINNING FACE}", "tab\there", "ends with colon:", "two  spaces", "line\nbreak", "a\u2028b\u0085c"],
)  # fmt: skip
def test_any_title_is_read_back_as_it_was(tmp_path: Path, title: str) -> None:
    quoted = yaml.safe_dump(title, allow_unicode=False, default_style='"', width=10_000)
    cff = cite(tmp_path, f"title: {quoted}contributors:\n  - title: {quoted}")
    assert cff["title"] == title
    assert cff["authors"] == [{"name": title}]


def test_without_contributors_its_maintainers_are_cited(tmp_path: Path) -> None:
    assert cite(tmp_path, "title: Harbor News\n")["authors"] == [{"name": "The maintainers of Harbor News"}]


def test_without_authors_all_contributors_are_cited(tmp_path: Path) -> None:
    more = "contributors:\n  - {title: Ann, roles: [editor]}\n  - {givenName: Bo, familyName: Li}\n  - {title: Ann}\n"
    assert cite(tmp_path, more)["authors"] == [{"name": "Ann"}, {"family-names": "Li", "given-names": "Bo"}]


def test_licences_cff_does_not_know_have_an_address(tmp_path: Path) -> None:
    cff = cite(tmp_path, "licenses: [{name: House-1, path: 'https://example.org/l'}]\n")
    assert (cff.get("license"), cff["license-url"]) == (None, "https://example.org/l")
    local = cite(tmp_path, "licenses: [{name: House-1, path: LICENSE-DATA}]\n")
    assert not {"license", "license-url"} & set(local)
    both = cite(tmp_path, "licenses: [{name: CC0-1.0}, {name: ODbL-1.0}]\n")
    assert both["license"] == ["CC0-1.0", "ODbL-1.0"]


def test_what_is_no_date_address_or_mail_is_left_out(tmp_path: Path) -> None:
    more = "homepage: harbor/index.html\ncontributors:\n  - {title: Ann, email: ann at example, path: ann.html}\n"
    cff = cite(tmp_path, more, created="spring of 2031")
    assert not {"date-released", "url"} & set(cff)
    assert cff["authors"] == [{"name": "Ann"}]
    assert "date-released" not in cite(tmp_path, "", created=None)
