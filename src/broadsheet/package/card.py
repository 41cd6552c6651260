"""The dataset card: YAML front matter that `datasets` loads by, and a body for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from broadsheet.check.huggingface import size_category
from broadsheet.package import describe
from broadsheet.package import markdown as md
from broadsheet.package.coverage import coverage
from broadsheet.package.describe import Content
from broadsheet.package.write import Written

# Licence ids the Hub knows (its documentation, "Licenses"), by SPDX id in lower case.
LICENSES: Final = frozenset(
    {"apache-2.0", "mit", "cc", "cc0-1.0", "cc-by-2.0", "cc-by-2.5", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0",
     "cc-by-sa-4.0", "cc-by-nc-2.0", "cc-by-nc-3.0", "cc-by-nc-4.0", "cc-by-nd-4.0", "cc-by-nc-nd-3.0",
     "cc-by-nc-nd-4.0", "cc-by-nc-sa-2.0", "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0", "cdla-sharing-1.0",
     "cdla-permissive-1.0", "cdla-permissive-2.0", "odc-by", "pddl", "odbl", "gfdl", "unlicense"}
)  # fmt: skip
ALIASES: Final = {"odc-by-1.0": "odc-by", "pddl-1.0": "pddl", "odbl-1.0": "odbl"}
TAGS: Final = ("news", "entities", "events", "provenance", "broadsheet")


@dataclass(frozen=True, slots=True)
class Config:
    """A table as a config.

    Attributes:
        name: Of the table.
        files: Its Parquet, in order.
        rows: Its rows.
        arrow_bytes: Its size in memory, which `datasets` calls num_bytes.
        features: As the card writes them.
    """

    name: str
    files: tuple[Written, ...]
    rows: int
    arrow_bytes: int
    features: list[Mapping[str, Any]]


def card(content: Content, configs: Sequence[Config]) -> str:
    """README.md of the dataset repository."""
    import yaml

    # One line per value: a folded line would be read back with its break as a space, which is right but hard to diff.
    front = yaml.safe_dump(_front(content, configs), allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{front}---\n\n{_body(content, configs)}"


def _front(content: Content, configs: Sequence[Config]) -> dict[str, Any]:
    project = content.project
    languages = describe.languages(content)
    return {
        **_license(content),
        "language": languages,
        "pretty_name": project.title,
        "version": project.version,
        "tags": list(dict.fromkeys([*TAGS, *project.keywords])),
        "task_categories": ["token-classification"],
        "task_ids": ["named-entity-recognition"],
        "multilinguality": ["multilingual" if len(languages) > 1 else "monolingual"],
        "annotations_creators": ["machine-generated"],
        "language_creators": ["found"],
        "source_datasets": ["original"],
        "size_categories": [size_category(content.rows("articles"))],
        "configs": [
            {
                "config_name": config.name,
                "data_files": [{"split": "train", "path": _paths(config)}],
                **({"default": True} if config is configs[0] else {}),
            }
            for config in configs
        ],
        "dataset_info": [_information(config) for config in configs],
    }


def _information(config: Config) -> dict[str, Any]:
    return {
        "config_name": config.name,
        "features": config.features,
        "splits": [{"name": "train", "num_bytes": config.arrow_bytes, "num_examples": config.rows}],
        "download_size": sum(file.bytes for file in config.files),
        "dataset_size": config.arrow_bytes,
    }


def _paths(config: Config) -> str | list[str]:
    paths = [file.path for file in config.files]
    return paths[0] if len(paths) == 1 else paths


def _license(content: Content) -> dict[str, str]:
    licenses = content.project.licenses
    if not licenses:
        return {"license": "unknown"}
    _, path = describe.license_name(licenses[0])
    name = (licenses[0].name or "").lower()
    known = ALIASES.get(name, name)
    if known in LICENSES:
        return {"license": known}
    return {"license": "other", "license_name": name or "see-license", "license_link": path or "LICENSE"}


def _body(content: Content, configs: Sequence[Config]) -> str:
    project = content.project
    empty = [name for name in project.tables if name not in {config.name for config in configs}]
    left_out = ", ".join(f"`{name}`" for name in empty)
    note = f"\nLeft out because they are empty: {left_out}.\n" if empty else ""
    home = f"\nHome page: {md.link(project.homepage, project.homepage)}\n" if project.homepage else ""
    sections = [
        f"# {md.escape(project.title)}\n\n{describe.edition(content).capitalize()}.\n\n"
        f"{describe.summary(content)}{home}",
        "## Tables\n\nEach table is a config; all have one split, `train`.\n\n" + describe.tables(content) + note,
        "## Use it\n\n" + _examples([config.name for config in configs]),
        "## From a row to its source\n\n" + describe.provenance(),
        "## Collections\n\n" + describe.collections(content),
        "## Coverage\n\n" + coverage(content),
        "## Rights\n\n" + describe.rights(content),
        "## Limits\n\n" + describe.limits() + "\n" + describe.quality(content),
        "## Personal information\n\n" + describe.personal() + "\n" + describe.removal(content),
        "## Columns\n\n" + describe.dictionary(content),
        "## Cite\n\n" + describe.citation(content) + "\n`CITATION.cff` says the same for machines.\n",
    ]
    return "\n".join(section.rstrip("\n") + "\n" for section in sections)


def _examples(configs: Sequence[str]) -> str:
    other = next((name for name in ("events", "sources") if name in configs), "articles")
    return f"""```python
from datasets import load_dataset

articles = load_dataset("OWNER/NAME", split="train")  # the default config
{other} = load_dataset("OWNER/NAME", "{other}", split="train")
stream = load_dataset("OWNER/NAME", "{other}", split="train", streaming=True)
```

Put the name of this repository, or the path of a local copy, for `OWNER/NAME`. Tables are joined by their ids:
`mentions.article_id` is a row of `articles`, `event_reports.event_id` one of `events`, and so on; the references stand
below with the columns of each table. The split is called `train` because a split needs a name: nothing was set apart
for testing.
"""
