"""Examples of publishers: YAML files in `examples/`, one a profile, each a list of short files and what they say.

An example says all of it: what it leaves out (authors, media, links, rights) must be empty.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parse_tools import assert_traceable, codes, document, kinds, paragraphs

from broadsheet.document import Article, Document, Link, Medium
from broadsheet.parse.publishers.assign import layout_of
from broadsheet.schema.strict_yaml import check_keys, read_yaml

FOLDER = Path(__file__).parent / "examples"
REQUIRED = ("layout", "file", "publisher", "title", "paragraphs", "published")
LISTS = ("authors", "agencies", "tags")
SINGLE = ("url", "language", "dateline", "translator", "section", "summary", "truncated")
OTHERS = ("zone_basis", "layers", "kinds", "media", "links", "rights", "path", "findings")
KEYS = (*REQUIRED, *LISTS, *SINGLE, *OTHERS)


@dataclass(frozen=True)
class Example:
    """One file of the project's own making, and what a reader finds in it.

    Attributes:
        profile: Id of the profile that is to be found.
        number: Of the example in its file.
        value: Its keys.
    """

    profile: str
    number: int
    value: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.profile}-{self.value['layout']}-{self.number}"


def examples(folder: Path = FOLDER) -> Iterator[Example]:
    """All examples of a folder, in order."""
    for file in sorted(folder.glob("*.yaml")):
        yaml = read_yaml(file, shown=file.name)
        for number, value in enumerate(yaml.value):
            check_keys(yaml, (number,), value, KEYS, REQUIRED)
            yield Example(file.stem, number, value)


def parsed(example: Example) -> Document:
    """The document of an example."""
    return document(example.value["file"], path=example.value.get("path", "made/item.md"))


def check(example: Example) -> None:
    """Assert that an example is read as it says."""
    want, found = example.value, parsed(example)
    assert codes(found) == want.get("findings", [])
    (article,) = found.articles
    assert (article.profile, article.publisher) == (example.profile, want["publisher"])
    assert (article.title.text if article.title else None) == want["title"]
    assert paragraphs(found) == want["paragraphs"]
    assert published(article) == want["published"]
    for column in LISTS:
        assert list(getattr(article, column)) == want.get(column, []), column
    for column in SINGLE:
        if column in want:
            assert getattr(article, column) == want[column], column
    assert article.media == tuple(Medium(*medium) for medium in want.get("media", []))
    assert article.links == tuple(Link(*link) for link in want.get("links", []))
    assert found.rights_statement == want.get("rights")
    if "zone_basis" in want:
        assert article.published.zone_basis == want["zone_basis"]
    if "layers" in want:
        assert "/".join(found.layers) == want["layers"]
    if "kinds" in want:
        assert kinds(found) == want["kinds"]
    assert_traceable(found)


def published(article: Article) -> str | None:
    """The instant in UTC where the zone is known, else what the file prints, as ISO 8601."""
    at = article.published.at
    return at.isoformat().replace("+00:00", "Z") if at else article.published.local


def layout_used(example: Example, monkeypatch: Any) -> str:
    """Id of the layout an example is read with."""
    used: list[str] = []

    def spy(profile: Any, nodes: Any) -> Any:
        layout = layout_of(profile, nodes)
        used.append(layout.id)
        return layout

    monkeypatch.setattr("broadsheet.parse.pipeline.layout_of", spy)
    parsed(example)
    return used[-1]
