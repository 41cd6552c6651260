"""`release`: build, check, package, compare with the last release, and write down what it becomes.

Order matters, for a run may be killed at any point: the version goes to the descriptor first, then the packages are
made, then changelog and tag text, and the package kept under `dist/releases/` last. Each is written whole or not at
all, and each is left alone by the next run if it is right already, so running again finishes what was begun. Nothing is
committed, tagged or sent: the commands for that are handed out.
"""

import shlex
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from broadsheet.check import check_path
from broadsheet.engine.disk import sha256, told, write
from broadsheet.findings import Finding, Severity, error, finding
from broadsheet.package import package
from broadsheet.package.stamp import committed, created
from broadsheet.project import DESCRIPTOR, Project, load_project
from broadsheet.release import changelog
from broadsheet.release.descriptor import set_version, version_line
from broadsheet.release.diff import Difference, diff
from broadsheet.release.version import Version, following, parse_version, reaches

if TYPE_CHECKING:
    from broadsheet.engine.progress import Progress

RELEASES: Final = "releases"
"""Folder of `dist/` with the data package of each release: `<version>.zip`, and the text of its tag beside it."""
ZIP: Final = "datapackage.zip"
CHANGELOG: Final = "CHANGELOG.md"
AUTO: Final = "auto"
COMMITTING: Final = 3
"""Commands that lead to the commit of a release and the packages made of it; the rest comes after."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to release.

    Attributes:
        against: The last release; None for the newest one kept.
        first: That there is no release before this one, whatever the changelog says.
        version: The version to write into the descriptor: a version, `auto`, or None to leave it.
        date: Day for the changelog; None for that of the package.
        changelog: File to note the release in, relative to the project.
        dry_run: Whether to write nothing but `build/`.
        jobs: Workers for the build.
    """

    against: Path | None = None
    first: bool = False
    version: str | None = None
    date: str | None = None
    changelog: str = CHANGELOG
    dry_run: bool = False
    jobs: int = 0


@dataclass(frozen=True, slots=True)
class ReleaseReport:
    """What was released, or why not.

    Attributes:
        version: Of the release.
        before: What the descriptor said.
        against: The release it was compared with; None if there was none, or it did not come to that.
        difference: What differs from that.
        findings: Of the checks, and `version-step`.
        entry: Of the changelog.
        tag: Text of the tag.
        written: Files that were written, or would be in a dry run; relative to the project.
        commands: What is left to do, for a shell.
        dry_run: Whether nothing was written.
    """

    version: str
    before: str
    against: str | None = None
    difference: Difference | None = None
    findings: tuple[Finding, ...] = ()
    entry: str = ""
    tag: str = ""
    written: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    dry_run: bool = False

    @property
    def status(self) -> int:
        """1 if it was refused, else 0."""
        return int(any(found.severity is Severity.ERROR for found in self.findings))


def release(root: Path, options: Options, progress: "Progress | None" = None) -> ReleaseReport:
    """Make a release of a project.

    Args:
        root: Folder of the project.
        options: How.
        progress: Told how far the build is.

    Raises:
        BroadsheetError: What stops a build or a package, `argument-invalid`, `release-missing`, `write-failed`.
    """
    project = load_project(root)
    asked = _asked(options)
    checked = check_path(root, jobs=options.jobs, progress=progress)
    if checked.status():
        return ReleaseReport(project.version, project.version, findings=checked.findings, dry_run=options.dry_run)
    with _place(project, options) as dist:
        made = package(project, project.build_dir, dist)
        found = (*checked.findings, *made.findings, *check_path(dist).findings)
        if any(one.severity is Severity.ERROR for one in found):
            return ReleaseReport(project.version, project.version, findings=found, dry_run=options.dry_run)
        last = _last(project, options)
        difference = diff(last, dist / ZIP) if last else None
        version = _version(project, difference, asked, automatic=options.version == AUTO)
        refused = [*_short_step(project, difference, version)] or [*_other_content(project, dist, version)]
        told_notes = changelog.notes(difference) if difference else changelog.first_notes(made.rows)
        report = ReleaseReport(
            version,
            project.version,
            last.as_posix() if last else None,
            difference,
            (*found, *refused),
            changelog.entry(version, _date(project, options), told_notes),
            changelog.tag_text(project.title, version, told_notes),
            dry_run=options.dry_run,
        )
        return report if refused else _finished(project, options, report, told_notes)


def kept_releases(dist: Path) -> list[tuple[Version, Path]]:
    """The releases kept under a `dist` folder, oldest version first."""
    found = [(version, file) for file in (dist / RELEASES).glob("*.zip") if (version := parse_version(file.stem))]
    return sorted(found, key=lambda one: (one[0], one[1].name))


@contextmanager
def _place(project: Project, options: Options) -> Iterator[Path]:
    """Where the packages are made: in `dist/`, in a dry run in a folder that is removed."""
    if not options.dry_run:
        yield project.dist_dir
        return
    with tempfile.TemporaryDirectory(prefix="broadsheet-") as folder:
        yield Path(folder) / "dist"


def _asked(options: Options) -> Version | None:
    """The version asked for in so many words."""
    if options.version in (None, AUTO):
        return None
    version = parse_version(options.version)
    if version is None:
        raise error("argument-invalid", f"{options.version!r} is no semantic version; write auto, or one like 1.2.0")
    return version


def _date(project: Project, options: Options) -> str | None:
    from datetime import date

    if options.date is None:
        return (created(project) or "")[:10] or None
    try:
        return date.fromisoformat(options.date).isoformat()
    except ValueError as reason:
        raise error("argument-invalid", f"{options.date!r} is no date; write one like 2026-01-31") from reason


def _last(project: Project, options: Options) -> Path | None:
    """The release to compare with; None for the first."""
    if options.against is not None:
        return options.against
    kept = kept_releases(project.dist_dir)
    if kept:
        return kept[-1][1]
    file = project.root / options.changelog
    noted = [one for one in (changelog.versions(_read(file) or "")) if one != project.version and parse_version(one)]
    if noted and not options.first:
        raise error(
            "release-missing",
            f"{options.changelog} tells of release {noted[0]}, and {RELEASES}/ keeps none to compare with",
            path=f"{project.dist_dir.name}/{RELEASES}",
        )
    return None


def _version(project: Project, found: Difference | None, asked: Version | None, *, automatic: bool) -> str:
    if asked is not None:
        return str(asked)
    old = parse_version(found.old) if found else None
    if automatic and found and old:
        now = parse_version(project.version)
        if now is None or not reaches(now, old, found.step):
            return str(following(old, found.step))
    return project.version


def _short_step(project: Project, found: Difference | None, version: str) -> Iterable[Finding]:
    """The finding that a version does not reach the step of the differences."""
    if found is None:
        return
    old, new = parse_version(found.old), parse_version(version)
    if old is None or new is None:
        what = f"the last release ({found.old})" if old is None else f"version {version}"
        message = f"{what} has no semantic version, so the step cannot be checked"
        yield finding("version-step", message, severity=Severity.ERROR if new is None else Severity.WARNING)
    elif not reaches(new, old, found.step):
        wanted = following(old, found.step)
        message = (
            f"version is {version}; a {found.step} step from {old} needs {wanted} or later: write `version: {wanted}`"
        )
        line = version_line(project.root)
        yield finding("version-step", message, path=DESCRIPTOR, line=line, field="version", sample=version)


def _other_content(project: Project, dist: Path, version: str) -> Iterable[Finding]:
    """The finding that a version was released already, with other content."""
    kept = _kept(project, version)
    if not kept.is_file() or diff(kept, dist / ZIP).step == "none":
        return
    message = f"version {version} was released already, with other content: choose a later version"
    line = version_line(project.root)
    yield finding("version-step", message, path=DESCRIPTOR, line=line, field="version", sample=version)


def _finished(project: Project, options: Options, report: ReleaseReport, notes: changelog.Notes) -> ReleaseReport:
    """Write what is not written yet, and say what is left to do."""
    from dataclasses import replace

    written: list[str] = []
    if report.version != project.version:
        written.append(DESCRIPTOR)
        if not options.dry_run:
            set_version(project.root, report.version)
            project = load_project(project.root)
            package(project, project.build_dir, project.dist_dir)
    noted = project.root / options.changelog
    before = _read(noted)
    after = changelog.with_entry(before, report.version, _date(project, options), notes)
    tag = _kept(project, report.version).with_suffix(".txt")
    for file, old, new in ((noted, before, after), (tag, _read(tag), report.tag)):
        released = file == tag and report.difference is not None and report.difference.step == "none"
        if old == new or (released and old is not None):
            continue
        written.append(_shown(project, file))
        if not options.dry_run:
            _write_text(file, new)
    kept, made = _kept(project, report.version), project.dist_dir / ZIP
    if options.dry_run or not kept.is_file() or sha256(kept) != sha256(made):
        written.append(_shown(project, kept))
        if not options.dry_run:
            _keep(made, kept)
    commands = _commands(project, options, report, tag)
    noting = {DESCRIPTOR, options.changelog}
    if not noting & set(written) and committed(project.root, noting):
        commands = commands[COMMITTING:]  # this was the run after the commit
    return replace(report, written=tuple(written), commands=commands)


def _keep(made: Path, kept: Path) -> None:
    with told(made), made.open("rb") as stream:
        write(kept, lambda target: shutil.copyfileobj(stream, target, 1 << 20))


def _commands(project: Project, options: Options, report: ReleaseReport, tag: Path) -> tuple[str, ...]:
    """What is left to do, in the folder of the project."""
    version = f"v{report.version}"
    named = ["--changelog", options.changelog] if options.changelog != CHANGELOG else []
    again = shlex.join(["broadsheet", "release", *named])
    return (
        shlex.join(["git", "add", DESCRIPTOR, options.changelog]),
        shlex.join(["git", "commit", "-m", f"Release {report.version}"]),
        f"{again}  # once more: what is published is made of what was committed",
        shlex.join(["git", "tag", "-a", version, "-F", _shown(project, tag)]),
        shlex.join(["git", "push", "origin", "HEAD", version]),
        "broadsheet publish TARGET",
    )


def _kept(project: Project, version: str) -> Path:
    return project.dist_dir / RELEASES / f"{version}.zip"


def _shown(project: Project, file: Path) -> str:
    return file.relative_to(project.root).as_posix() if file.is_relative_to(project.root) else file.as_posix()


def _read(file: Path) -> str | None:
    """A text as it stands, line ends and all; None if there is none."""
    try:
        return file.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as reason:
        raise error("file-unreadable", f"{file.name} cannot be read: {reason}", path=file.as_posix()) from reason


def _write_text(file: Path, text: str) -> None:
    write(file.resolve(), lambda stream: stream.write(text.encode()))
