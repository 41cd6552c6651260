"""The contract of a release as git has it: who checks a pull request has the tag, and seldom the package."""

import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from broadsheet.findings import BroadsheetError, error
from broadsheet.git import git
from broadsheet.project import DESCRIPTOR, Project, load_project
from broadsheet.schema.load import core_tables, load_table
from broadsheet.schema.strict_yaml import MAX_BYTES

PREFIX: Final = "git:"
_ENTRY: Final = re.compile(
    rb"(?P<mode>[0-7]{6}) (?P<kind>[a-z]+) (?P<id>[0-9a-f]{40,64}) +(?P<size>[0-9-]+)\t(?P<path>.+)"
)
_SCHEMA: Final = re.compile(r"schemas/[a-z][a-z0-9_]*\.yaml")


def tagged_project(root: Path, revision: str) -> Project:
    """The project of a folder as it was at a revision: descriptor and schemas, no data.

    Its schemas are read as they are: the core has grown since, and an old schema need not hold what is new. Where the
    project had no schema of its own, that of the present core stands in.

    Args:
        root: Folder of the project, somewhere in a work tree.
        revision: Tag, branch or commit.

    Raises:
        BroadsheetError: `git-failed`, `package-invalid` if there was no project, or what cannot be read of it.
    """
    texts = _files(root, revision)
    if DESCRIPTOR not in texts:
        raise error("package-invalid", f"at {revision} there is no {DESCRIPTOR} in this folder", path=DESCRIPTOR)
    with tempfile.TemporaryDirectory(prefix="broadsheet-") as place:
        folder = Path(place)
        (folder / "then").mkdir()
        tables = core_tables()
        try:
            for path, data in texts.items():
                file = folder / path.replace("schemas/", "then/")
                file.write_bytes(data)
                if path != DESCRIPTOR:
                    tables[file.stem] = load_table(file)
            project = load_project(folder)
        except BroadsheetError as problem:
            name = Path(problem.finding.path or DESCRIPTOR).name
            shown = name if name == DESCRIPTOR else f"schemas/{name}"
            raise BroadsheetError(replace(problem.finding, path=f"{revision}:{shown}")) from problem
    return replace(project, root=root, tables=tables)


def _files(root: Path, revision: str) -> dict[str, bytes]:
    """Descriptor and schemas at a revision; links and what is larger than a schema may be are none."""
    if not revision or revision.startswith("-"):
        raise error("argument-invalid", f"{PREFIX}{revision} names no tag, branch or commit")
    wanted = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    commit = _git(root, wanted, f"there is no revision {revision!r} here; a shallow clone has no tags").decode().strip()
    listed = _git(root, ("ls-tree", "-z", "--long", commit, "--", DESCRIPTOR, "schemas/"), "its tree cannot be listed")
    found = {}
    for record in listed.split(b"\0"):
        entry = _ENTRY.fullmatch(record)
        path = entry["path"].decode("utf-8", "replace") if entry else ""
        if entry is None or not (path == DESCRIPTOR or _SCHEMA.fullmatch(path)):
            continue
        if entry["mode"] in (b"100644", b"100755") and int(entry["size"]) <= MAX_BYTES:
            found[path] = _git(root, ("cat-file", "blob", entry["id"].decode()), f"{path} cannot be read")
    return found


def _git(root: Path, words: tuple[str, ...], otherwise: str) -> bytes:
    try:
        done = git(root, *words)
    except OSError as problem:
        raise error("git-failed", f"git cannot be run: {problem.strerror or problem}") from problem
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        why = said[0].removeprefix("fatal: ")[:200] if said else otherwise
        raise error("git-failed", f"the release cannot be read from git: {why}", path=root.as_posix())
    return done.stdout
