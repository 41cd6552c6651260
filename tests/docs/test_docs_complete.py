"""The references are complete and say what the code says: verbs, options, codes, columns, keys."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import profile_examples
import pytest
import typer
import yaml
from docs_pages import (
    REGENERATE,
    ROOT,
    documented,
    findings_page,
    readme_page,
    rows,
    run_broadsheet,
    sample_block,
    tables_page,
)

from broadsheet import project
from broadsheet.annotate.pack import PACKS
from broadsheet.blocklist import ENTRY_KEYS
from broadsheet.cli import VERBS, app
from broadsheet.findings import CODES
from broadsheet.parse.layers import LAYERS, title_line
from broadsheet.parse.publishers.load import profiles
from broadsheet.parse.publishers.model import GENERIC, GROUPS, LAYOUT_KEYS, PROFILE_KEYS, RULE_KEYS, Role
from broadsheet.restrictions import RESTRICTION_KEYS
from broadsheet.schema.load import core_tables

DOCS = ROOT / "docs"


def section(page: str, heading: str) -> str:
    """The text below a heading of level 2, up to the next."""
    text = (DOCS / page).read_text("utf-8")
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"docs/{page} has no section {heading!r}"
    return found[1]


def parameters(verb: str) -> list[Any]:
    """The arguments and options of a verb, help apart."""
    group: Any = typer.main.get_command(app)
    return [parameter for parameter in group.get_command(None, verb).params if parameter.name != "help"]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_and_option_is_documented(verb: str) -> None:
    text = section("commands.md", f"`{verb}`")
    named = {word for row in rows(text) for word in re.findall(r"`([^`]+)`", row[0])}
    for parameter in parameters(verb):
        if parameter.param_type_name == "argument":
            wanted = {str(parameter.metavar or parameter.name).strip("[]{}").upper()}
        else:
            wanted = set(parameter.opts)
        words = {word.split(" ")[0] for word in named}
        assert wanted <= words, f"docs/commands.md, {verb}: {sorted(wanted - words)} not documented"
    known = {option for parameter in parameters(verb) for option in parameter.opts if option.startswith("-")}
    told = {word.split(" ")[0] for word in named if word.startswith("-")}
    assert told <= known, f"docs/commands.md, {verb}: {sorted(told - known)} are no options"
    assert "Status 0" in text


def test_every_layer_and_profile_is_documented() -> None:
    layers = {row[0].strip("`") for row in rows(section("formats.md", "Layers"))[1:]}
    assert layers == {*LAYERS, title_line.NAME}
    told = {row[0].strip("`"): (row[1], row[2]) for row in rows(section("formats.md", "Publishers"))[1:]}
    known = {name: profile for name, profile in profiles().items() if name != GENERIC}
    assert {name: publisher for name, (publisher, _) in told.items()} == {n: p.name for n, p in known.items()}
    for name, (_, zones) in told.items():
        wanted = {layout.zone for layout in known[name].layouts if layout.zone}
        assert set(filter(None, zones.split(", "))) == wanted, f"docs/formats.md, {name}: {sorted(wanted)}"


SHAPES = {
    "inspect": ["sources/harbor-wire"],
    "build": [],
    "check": [],
    "package": [],
    "diff": ["dist", "dist/datapackage"],
    "trace": ["per/donald-trump", "--limit", "1"],
}


@pytest.mark.parametrize("verb", SHAPES)
def test_json_has_the_documented_keys(verb: str, workplace: Path) -> None:
    (example,) = re.findall(r"```json\n(.*?)```", section("commands.md", f"`{verb}`"), re.DOTALL)
    shape, given = json.loads(example), json.loads(run_broadsheet([verb, *SHAPES[verb], "--json"]))
    assert set(given) == set(shape)
    for key, entries in given.items():
        if isinstance(entries, list) and entries and key != "findings":
            assert set(entries[0]) == set(shape[key][0]), key
    if verb == "build":
        assert given["run"].keys() == shape["run"].keys()
        for key in ("tables", "collections"):
            name = next(iter(shape[key]))
            assert given[key][name].keys() == shape[key][name].keys()


def test_every_code_is_documented_as_the_code_says_it() -> None:
    file = DOCS / "findings.md"
    text = file.read_text("utf-8")
    listed = {row[0].strip("`"): row for row in rows(text) if len(row) == 5 and row[0] != "code"}
    assert set(listed) == set(CODES)
    assert [code for code, row in listed.items() if len(row[4]) < 10] == []
    assert findings_page(text) == text, f"docs/findings.md is not up to date; run {REGENERATE}"


def test_the_data_dictionary_is_up_to_date() -> None:
    text = (DOCS / "tables.md").read_text("utf-8")
    assert text == tables_page(), f"docs/tables.md is not up to date; run {REGENERATE}"
    for name, table in core_tables().items():
        columns = {row[0] for row in rows(section("tables.md", f"`{name}`"))}
        assert {f"`{field.name}`" for field in table.fields} <= columns


def test_the_rows_in_the_readme_are_those_of_the_build(sample: Path) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert "| event |" in text
    files = [file for file in (ROOT / "sources").rglob("*.*") if file.name != "README.md"]
    assert f"{len(files)} short news items" in text
    assert readme_page(text, sample_block(sample)) == text, f"README.md is not up to date; run {REGENERATE}"


def test_every_key_of_the_descriptor_is_documented() -> None:
    page = documented(DOCS / "descriptor.md")
    for keys in (project.PACKAGE_KEYS, project.COLLECTION_KEYS, project.CONTRIBUTOR_KEYS, project.RESOURCE_KEYS):
        assert set(keys) <= page
    collection = {word for row in rows(section("descriptor.md", "Collections")) for word in row[0].split("`")[1::2]}
    assert set(project.COLLECTION_KEYS) <= collection
    assert {"max_bytes", "max_members", "max_ratio", *project.REDISTRIBUTIONS} <= set(
        re.findall(r"`([^`]+)`", section("descriptor.md", "Collections"))
    )
    assert str(project.DEFAULT_MAX_BYTES) in section("descriptor.md", "Collections")
    assert {*RESTRICTION_KEYS, *ENTRY_KEYS} <= documented(DOCS / "rights.md")


def test_every_key_of_a_profile_is_documented() -> None:
    page = documented(DOCS / "how-to-add-a-publisher.md")
    known = {*PROFILE_KEYS, *RULE_KEYS, *LAYOUT_KEYS, *get_args(Role), *GROUPS, *profile_examples.KEYS}
    assert sorted(known - page) == []


@pytest.mark.parametrize("name", ["pack", "grammar", "names"])
def test_the_keys_of_packs_are_those_documented(name: str) -> None:
    keys = {key for file in PACKS.glob(f"*/{name}.yaml") for key in yaml.safe_load(file.read_text("utf-8"))}
    told = {word for row in rows(section("packs.md", f"`{name}.yaml`")) for word in row[0].split("`")[1::2]}
    assert keys == told, f"docs/packs.md, {name}.yaml: {sorted(keys ^ told)}"


def test_every_file_and_key_of_a_pack_is_documented() -> None:
    text = (DOCS / "packs.md").read_text("utf-8")
    words = set(re.findall(r"`([^`]+)`", text))
    for pack in sorted(folder for folder in PACKS.iterdir() if folder.is_dir()):
        for file in sorted(pack.rglob("*.*")):
            if file.suffix not in {".yaml", ".csv", ".txt"}:
                continue
            name = file.relative_to(pack).as_posix()
            assert file.parent.name == "frames" or {name, file.name} & words, f"{name} is not documented"
        assert set(yaml.safe_load((pack / "times.yaml").read_text("utf-8"))) <= words
        frames = [yaml.safe_load(file.read_text("utf-8")) for file in sorted(pack.glob("frames/*.yaml"))]
        kinds = [entry for file in frames for entry in file.values()]
        used = {key for kind in kinds for key in kind} | {key for kind in kinds for f in kind["frames"] for key in f}
        told = {word for row in rows(section("packs.md", "`frames/*.yaml`")) for word in row[0].split("`")[1::2]}
        assert used <= told, f"docs/packs.md, frames: {sorted(used - told)}"


def test_every_folder_of_the_package_is_in_the_architecture() -> None:
    text = (DOCS / "architecture.md").read_text("utf-8").split("## Who may import whom")[0]
    folders = [f for f in sorted((ROOT / "src" / "broadsheet").iterdir()) if f.is_dir() and f.name != "__pycache__"]
    assert [f.name for f in folders if f"`{f.name}/`" not in text] == []


def test_the_import_rules_are_those_of_the_linter() -> None:
    import tomllib

    contract = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"][0]
    layers = [layer.replace("broadsheet.", "") for layer in contract["layers"]]
    assert "\n".join(layers) in (DOCS / "architecture.md").read_text("utf-8")


def test_decisions_are_numbered_and_say_why() -> None:
    files = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    for file in files:
        text = file.read_text("utf-8")
        assert text.startswith(f"# {int(file.name[:4])}. ")
        assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE) == ["Context", "Decision", "Why", "Consequences"]
