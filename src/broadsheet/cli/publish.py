"""`broadsheet publish`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from broadsheet.cli.common import (
    HERE,
    JsonOption,
    ProjectOption,
    as_dict,
    load,
    print_findings,
    print_json,
    say,
    shown,
)

if TYPE_CHECKING:
    from broadsheet.release.targets import PublishReport, Watcher


def command(  # noqa: PLR0917
    target: Annotated[
        str, typer.Argument(metavar="TARGET", help="A folder, s3://BUCKET/PREFIX, or hf:OWNER/NAME of the Hub.")
    ],
    project: ProjectOption = HERE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")] = False,
    revision: Annotated[
        str | None, typer.Option("--revision", metavar="BRANCH", help="Branch of the Hub; main if left out.")
    ] = None,
    private: Annotated[
        bool, typer.Option("--private", help="Only to a private repository of the Hub; a new one is made private.")
    ] = False,
    tag: Annotated[bool, typer.Option("--tag", help="Tag the commit of the Hub with the version.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring dist/ to a folder, a bucket or the Hugging Face Hub, only what changed, and verify what arrived.

    Files of the packages that are not part of them any more are removed there; other files stay. The Hub gets the
    Hugging Face dataset in one commit, the others all of dist/. Run it again after a failure: it sends the rest.
    Exit status: 0; 1 if what arrived is not what was sent; 2 if it could not run.

    Example: broadsheet publish /srv/data/my-corpus --dry-run
    """
    from broadsheet.release.targets import publish
    from broadsheet.release.targets.wanted import refuse_stale

    loaded = load(project)
    refuse_stale(loaded)
    with _watching(quiet=as_json) as watcher:
        report = publish(
            loaded.dist_dir,
            target,
            dry_run=dry_run,
            revision=revision,
            private=private,
            tag=loaded.version if tag else None,
            watcher=watcher,
        )
    if as_json:
        findings = [as_dict(found) for found in report.findings]
        print_json({"status": report.status()} | asdict(report) | {"findings": findings})
    else:
        _print(report)
    raise typer.Exit(report.status())


def _print(report: "PublishReport") -> None:
    would = "would be " if report.dry_run else ""
    for word, paths in (("new", report.new), ("changed", report.changed), ("removed", report.removed)):
        for path in paths:
            typer.echo(f"{word:8}{shown(path)}")
    print_findings(report.findings)
    sent = len(report.new) + len(report.changed)
    say(
        f"{shown(report.target)}: {sent} files ({report.bytes:,} bytes) {would}sent, "
        f"{len(report.removed)} {would}removed, {len(report.unchanged)} unchanged"
    )
    if report.verified:
        place = f" at commit {report.revision}" if report.revision else ""
        tag = f", tag {report.tag}" if report.tag else ""
        say(f"all {report.verified} hashes are right, and it can be opened{place}{tag}")


@contextmanager
def _watching(*, quiet: bool) -> "Iterator[Watcher | None]":
    """A bar over bytes on a terminal, a line per stage elsewhere."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        from broadsheet.cli.bar import bar

        with bar(of_bytes=True) as moving:
            yield moving
    else:
        yield Stages()


class Stages:
    """Progress where it may not move."""

    def stage(self, name: str, total: int) -> None:
        """A stage begins."""
        say(f"{name}: {total:,} bytes" if total else name)

    def advance(self, count: int) -> None:
        """So many bytes more are done."""
