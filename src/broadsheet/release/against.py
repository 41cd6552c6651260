"""What a pull request changes, as findings: differences from the last release, and whether the version says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from broadsheet.emitted.archives import opened
from broadsheet.emitted.package import read_emitted
from broadsheet.findings import CODES, Finding, Severity, error, finding
from broadsheet.project import DESCRIPTOR, Project, load_project
from broadsheet.release.contracts import of_emitted, of_project
from broadsheet.release.diff import ORDER, STEP_OF, diff
from broadsheet.release.schemas import Change, Contract, compare
from broadsheet.release.tagged import PREFIX, tagged_project
from broadsheet.release.version import Step, following, parse_version, reaches
from broadsheet.schema.strict_yaml import Yaml, read_yaml

VERSION: Final = "version-step"
UNANNOUNCED: Final = "Undo it, or raise `version` so that readers are warned."


@dataclass(frozen=True, slots=True)
class Compared:
    """The outcome of a comparison with a release.

    Attributes:
        findings: `schema-change` for each change, and `version-step` if the version is too low.
        ran: What was compared, as `CheckReport.ran`.
        counts: How much was.
    """

    findings: tuple[Finding, ...]
    ran: tuple[tuple[str, str], ...]
    counts: Mapping[str, int]


def against(release: str | Path, path: Path, *, schema_only: bool = False) -> Compared:
    """Compare what lies at `path` with a release.

    Args:
        release: A package (folder or zip), or `git:` and a revision of the project at `path`: then only what the
            project declares is compared, for git has no rows of it.
        path: A project, a build or a package.
        schema_only: Of a project, compare what it declares; nothing is read of its build.

    Raises:
        BroadsheetError: If one of them cannot be read.
    """
    project = load_project(path) if (path / DESCRIPTOR).is_file() else None
    release = str(release)
    if release.startswith(PREFIX):
        if project is None:
            raise error("argument-invalid", f"{release} is a state of a project, but {path.as_posix()} is none")
        then = tagged_project(path, release.removeprefix(PREFIX))
        return _contracts(of_project(then), then.version, project)
    with opened(Path(release)) as folder:
        if project is not None and schema_only:
            emitted = read_emitted(folder)
            return _contracts(of_emitted(emitted), emitted.version, project)
        return _everything(folder, path, project)


def _contracts(old: Contract, then: str | None, project: Project) -> Compared:
    changes = compare(old, of_project(project))
    called_for = {STEP_OF[change.kind] for change in changes}
    step: Step = next((step for step in ORDER if step in called_for), "none")
    findings = _findings(changes, step, then, project.version, project)
    return _compared(findings, [*project.tables], {"tables compared with the release": len(old.tables)})


def _everything(release: Path, path: Path, project: Project | None) -> Compared:
    difference = diff(release, path)
    findings = _findings(difference.schema, difference.step, difference.old, difference.new, project)
    tables = sorted({change.table for change in difference.schema if change.table})
    return _compared(findings, tables, {})


def _compared(findings: Iterable[Finding], tables: Iterable[str], counts: Mapping[str, int]) -> Compared:
    return Compared(tuple(findings), (*((table, "schema-change") for table in tables), ("project", VERSION)), counts)


def _findings(
    changes: Iterable[Change], step: Step, then: str | None, now: str | None, project: Project | None
) -> Iterable[Finding]:
    """The changes, breaking ones as errors where the version does not announce them; then the version."""
    old, new = parse_version(then), parse_version(now)
    places = _Places(project)
    fits = reaches(new, old, step) if old and new else None
    breaking = {True: Severity.NOTE, False: Severity.ERROR, None: Severity.WARNING}[fits]
    for change in changes:
        file, line = places.of(change)
        yield finding(
            "schema-change",
            f"{change.kind}: {change.message}",
            severity=breaking if change.kind == "breaking" else Severity.NOTE,
            remedy=UNANNOUNCED if change.kind == "breaking" and fits is False else CODES["schema-change"].remedy,
            path=file,
            line=line,
            resource=change.table or None,
            field=change.column,
        )
    if old and new and fits is False:
        wanted = following(old, step)
        message = f"version is {new}; the differences from {old} call for {wanted} or later"
        file, line = places.version()
        yield finding(VERSION, message, path=file, line=line, field="version")


class _Places:
    """Where in a project's files a change was made."""

    def __init__(self, project: Project | None) -> None:
        self._root = project.root if project else None
        self._read: dict[str, Yaml | None] = {}

    def version(self) -> tuple[str, int | None]:
        """The line of `version`, or the first where there is none."""
        yaml = self._yaml(DESCRIPTOR)
        return (yaml.path, yaml.line("version")) if yaml else (DESCRIPTOR, None)

    def of(self, change: Change) -> tuple[str | None, int | None]:
        """The schema's line of the column changed; where it is gone, that of the list it is gone from."""
        if not change.table:
            yaml = self._yaml(DESCRIPTOR)
            return (yaml.path, None) if yaml else (None, None)
        yaml = self._yaml(f"schemas/{change.table}.yaml")
        if yaml is None:
            return None, None
        fields = yaml.value["fields"]
        at = next((at for at, field in enumerate(fields) if field["name"] == change.column), None)
        key = "primaryKey" if change.column is None and "key" in change.message else "fields"
        return yaml.path, yaml.line(key) if at is None else yaml.line("fields", at)

    def _yaml(self, name: str) -> Yaml | None:
        """A file of the project; None if it has none of that name."""
        if self._root is None:
            return None
        if name not in self._read:
            file = self._root / name
            self._read[name] = read_yaml(file) if file.is_file() else None
        return self._read[name]
