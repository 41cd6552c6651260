"""A new project: a descriptor proposed from what was found, the schemas, and the folders a project has."""

import glob
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from broadsheet.engine import disk
from broadsheet.findings import error
from broadsheet.inspect.look import slug
from broadsheet.inspect.tally import Group
from broadsheet.inspect.workflow import PATH, WORKFLOW
from broadsheet.project import DESCRIPTOR
from broadsheet.schema.load import TABLES, core_dir

GITIGNORE: Final = """\
/build/*
!/build/README.md
/dist/*
!/dist/README.md
__pycache__/
/.pytest_cache/
/.venv/
"""
SOURCES: Final = """\
# Sources

Collected files, one folder per collection, exactly as they were collected. `datapackage.yaml` says which files belong
to which collection; files elsewhere can be named there too.
"""
BUILD: Final = """\
# Build

`broadsheet build` writes the validated tables here (Parquet), and `report.json`, which says what they hold. Nothing in
this folder is kept in git; it can be deleted at any time and built again.
"""
DIST: Final = """\
# Dist

`broadsheet package` writes what people download here: `datapackage/`, the same as `datapackage.zip`, and
`huggingface/`. `broadsheet release` keeps the last releases in `releases/`. Nothing in this folder is kept in git; all
but the releases can be made again from `build/`.
"""
TEST: Final = '''\
"""The corpus is sound: every schema rule, key, hash and span holds."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_corpus_is_sound() -> None:
    command = [sys.executable, "-m", "broadsheet", "check", "-C", str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
'''
PYPROJECT: Final = """\
[project]
name = {name}
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["broadsheet"]

[dependency-groups]
dev = ["pytest>=8"]

[tool.pytest.ini_options]
testpaths = ["tests"]
"""
README: Final = """\
# {name}

A corpus built with Broadsheet: collected news files in, a published dataset out.

    broadsheet build      # sources to build/*.parquet; only what changed
    broadsheet check      # every rule, key, hash and span
    broadsheet package    # build/ to dist/datapackage and dist/huggingface
    broadsheet release    # all of it, compared with the last release; says which version that calls for
    broadsheet publish TARGET --dry-run    # a folder, s3://BUCKET/PREFIX or hf:OWNER/NAME

`datapackage.yaml` is the one file to edit. `schemas/` holds the contract of the tables; it may be tightened.
"""

OWN: Final = (
    "build/**",
    "dist/**",
    "schemas/**",
    "tests/**",
    ".github/**",
    "sources/README.md",
    ".gitignore",
    "README.md",
    "datapackage.yaml",
    "pyproject.toml",
)
"""What a project holds beside its sources: no collection of its whole folder may take it for one."""


def make_project(folder: Path, groups: Sequence[Group], *, workflow: bool = True) -> list[Path]:
    """Make a project in `folder`; files that are there stay as they are.

    Args:
        folder: Made if it is not there.
        groups: What `look` found; one collection each. None: a first collection in `sources/`.
        workflow: Whether to write what GitHub runs for every change.

    Returns:
        The files written.

    Raises:
        BroadsheetError: `project-exists`, or `write-failed`.
    """
    refuse_project(folder)
    name = _name(folder)
    files = {
        "schemas/" + file.name: file.read_text("utf-8") for file in (core_dir() / f"{table}.yaml" for table in TABLES)
    }
    files |= {
        "sources/README.md": SOURCES,
        "build/README.md": BUILD,
        "dist/README.md": DIST,
        "tests/test_corpus.py": TEST,
        PATH: WORKFLOW,
        ".gitignore": GITIGNORE,
        "pyproject.toml": PYPROJECT.format(name=json.dumps(name)),
        "README.md": README.format(name=name),
        DESCRIPTOR: "\n".join(descriptor(folder, name, groups)) + "\n",
    }
    if (folder / "sources").exists():  # somebody's files, where a page of ours would be taken for one of them
        del files["sources/README.md"]
    if not workflow:
        del files[PATH]
    written = []
    for path, text in files.items():  # the descriptor last: a folder without it is no project yet
        file = folder / path
        if file.exists():
            continue
        disk.write(file, lambda stream, text=text: stream.write(text.encode()))  # type: ignore[misc]
        written.append(file)
    return written


def refuse_project(folder: Path) -> None:
    """Raise `project-exists` if a folder is a project already."""
    if (folder / DESCRIPTOR).exists():
        raise error("project-exists", f"There is a {DESCRIPTOR} already.", path=(folder / DESCRIPTOR).as_posix())


def descriptor(folder: Path, name: str, groups: Sequence[Group]) -> Iterator[str]:
    """The lines of datapackage.yaml."""
    yield "# What this dataset is, and where its files come from. The documentation of Broadsheet explains every key."
    yield "$schema: https://datapackage.org/profiles/2.0/datapackage.json"
    yield f"name: {name}"
    yield f"title: {_quoted(name)}"
    yield "# description: What the corpus holds, and what for."
    yield "version: 0.1.0"
    yield "# licenses:                    # of the dataset as you publish it"
    yield "#   - {name: CC-BY-4.0, title: Creative Commons Attribution 4.0}"
    yield "# contributors:"
    yield "#   - {title: Your name, roles: [creator]}"
    yield ""
    yield "sources:"
    if not groups:
        yield "  - name: first"
        yield "    title: First collection"
        yield '    files: "sources/first/**"  # globs; `**` is any number of folders, a leading `!` excludes'
        yield from _choices()
    for group in groups:
        yield ""
        for line in _found(group):
            yield f"  # {line}"
        yield f"  - name: {group.name}"
        yield f"    title: {_quoted(_title(group))}"
        if group.revision:
            yield f"    repository: {_quoted(os.path.relpath(group.folder.absolute(), folder.absolute()))}"
            yield f"    revision: {_quoted(group.revision)}  # a branch, a tag or a commit"
        yield "    files:"
        for pattern in _patterns(folder, group):
            yield f"      - {_quoted(pattern)}"
        yield from _choices()
    yield ""
    yield "resources:"
    for table in TABLES:
        yield f"  - {{name: {table}, path: build/{table}.parquet, schema: schemas/{table}.yaml}}"


def _title(group: Group) -> str:
    """The name of the folder; of an archive its own."""
    return group.name if group.archives or not group.folder.name else group.folder.absolute().name


def _choices() -> Iterator[str]:
    yield "    redistribution: full         # what of the text you may publish: full, excerpt, or metadata (if unsure)"
    yield "    # path: https://…            # home page of the origin"
    yield "    # license: …                 # of the files: SPDX name, or a title"
    yield "    # timezone: Asia/Shanghai    # of clocks that print no zone, where no publisher's profile knows it"


def _found(group: Group) -> Iterator[str]:
    """What was found, as comments."""
    sample = f" in a sample of {group.count}" if group.count != group.offered else ""
    formats = {name: tally.files for name, tally in group.formats.items()}
    yield f"{group.offered} files, {group.total.articles} articles{sample}; " + _most(formats)
    known = {publisher or "not recognized": tally.articles for publisher, tally in group.publishers.items()}
    if known:
        yield "publishers: " + _most(known)
    total = group.total
    if total.first:
        yield f"dates: {total.first[:10]} to {(total.last or '')[:10]}, {total.undated} without one"
    if group.problems:
        yield "problems: " + _most(group.problems) + " (see `broadsheet inspect`)"


def _most(counts: Mapping[str, int]) -> str:
    """The most frequent, safe in a comment."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = ", ".join(f"{count} {name}" for name, count in ordered[:6])
    text = shown + (", …" if len(ordered) > 6 else "")
    return "".join(c if c.isprintable() else "?" for c in text)


def _patterns(folder: Path, group: Group) -> Iterator[str]:
    """The group's globs relative to the project; then, with a `!`, what to leave out."""
    if group.revision:
        yield from group.files
        yield from (f"!**/*{glob.escape(ending)}" for ending in group.unusable)
        return
    home = os.path.normpath(folder.absolute())
    for pattern in group.files:
        yield os.path.relpath(pattern, glob.escape(home))
    for ending in group.unusable:
        base = os.path.relpath(os.path.normpath(group.folder.absolute()), home)
        yield f"!{glob.escape(base)}/**/*{glob.escape(ending)}"
    around = os.path.normpath(group.folder.absolute())
    if around == home:
        yield from (f"!{path}" for path in OWN)
    elif home.startswith(around.rstrip("/") + "/"):
        yield "!**"


def _name(folder: Path) -> str:
    return slug(Path(os.path.normpath(folder.absolute())).name, set())


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
