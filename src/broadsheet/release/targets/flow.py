"""The one way to publish, whatever the target: plan, send what differs, remove, show, verify, seal.

What is found to differ after that is sent once more: the target may have remembered wrongly what it holds.

Nothing is remembered between runs. A run that was killed anywhere is repeated: it plans from what is there by then, and
sends the rest.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from broadsheet.check.files import CHUNK
from broadsheet.findings import Finding, finding
from broadsheet.release.targets.model import Plan, PublishReport, Stored, Target, Wanted, Watcher

REMEDY: Final = "Delete the file at the target, then publish again."


def make_plan(wanted: Sequence[Wanted], stored: Mapping[str, Stored]) -> Plan:
    """What has to be done so that `stored` becomes `wanted`."""
    same = {file.path for file in wanted if file.path in stored and is_same(file, stored[file.path])}
    sent = tuple(file for file in wanted if file.path not in same)
    return Plan(
        new=tuple(file.path for file in sent if file.path not in stored),
        changed=tuple(file.path for file in sent if file.path in stored),
        removed=tuple(sorted(set(stored) - {file.path for file in wanted})),
        unchanged=tuple(file.path for file in wanted if file.path in same),
        sent=sent,
    )


def is_same(file: Wanted, stored: Stored) -> bool:
    """Whether what is stored has the bytes of a file."""
    if stored.bytes != file.bytes:
        return False
    return stored.digest == (file.sha256 if stored.kind == "sha256" else _git_id(file))


def run(name: str, target: Target, wanted: Sequence[Wanted], watcher: Watcher, *, dry_run: bool) -> PublishReport:
    """Make the target hold what is wanted, and prove it.

    Args:
        name: Of the target, for the report.
        target: What carries out the steps.
        wanted: Files in the order they are sent.
        watcher: Shows how far it is.
        dry_run: Only plan.

    Raises:
        BroadsheetError: If a step cannot be carried out; what arrived until then stays and is not sent again.
    """
    watcher.stage("compare", 0)
    plan = make_plan(wanted, target.stored({file.path for file in wanted}))
    size = sum(file.bytes for file in plan.sent)
    report = PublishReport(name, plan.new, plan.changed, plan.removed, plan.unchanged, size, dry_run)
    target.refuse(plan)
    if dry_run:
        return report
    target.prepare()
    if not plan.idle:
        _send(target, plan.sent, plan.removed, watcher)
    findings = _verified(target, wanted, watcher)
    if findings:
        wrong = {found.path for found in findings}
        again = [file for file in wanted if file.path in wrong]
        _send(target, again, (), watcher)
        report = _with(report, again)
        findings = _verified(target, again, watcher)
    if not findings:
        watcher.stage("load", 0)
        findings = [*target.load(wanted)]
    if findings:
        return replace(report, findings=tuple(findings))
    revision, tag = target.seal()
    return replace(report, verified=len(wanted), revision=revision, tag=tag)


def _send(target: Target, files: Sequence[Wanted], removed: Iterable[str], watcher: Watcher) -> None:
    watcher.stage("send", sum(file.bytes for file in files))
    for file in files:
        target.put(file, watcher.advance)
    for path in removed:
        target.remove(path)
    target.finish()


def _verified(target: Target, files: Sequence[Wanted], watcher: Watcher) -> list[Finding]:
    watcher.stage("verify", sum(file.bytes for file in files))
    return [*_compared(files, target.arrived(files, watcher.advance))]


def _with(report: PublishReport, again: Sequence[Wanted]) -> PublishReport:
    """The report where these files were sent once more: what was said to be there had other bytes."""
    paths = {file.path for file in again}
    changed = tuple(path for path in report.unchanged if path in paths)
    return replace(
        report,
        changed=report.changed + changed,
        unchanged=tuple(path for path in report.unchanged if path not in paths),
        bytes=report.bytes + sum(file.bytes for file in again),
    )


def _compared(wanted: Iterable[Wanted], arrived: Mapping[str, Stored]) -> Iterator[Finding]:
    for file in wanted:
        if file.path not in arrived:
            yield finding("hash-mismatch", f"{file.path} was sent but is not there", path=file.path, remedy=REMEDY)
        elif not is_same(file, arrived[file.path]):
            there = arrived[file.path]
            message = (
                f"{file.path} arrived as {there.bytes} bytes, {there.kind} {there.digest[:12]}…; "
                f"sent were {file.bytes} bytes, sha256 {file.sha256[:12]}…"
            )
            yield finding("hash-mismatch", message, path=file.path, remedy=REMEDY)


def _git_id(file: Wanted) -> str:
    """The id git gives the bytes of a file."""
    hashed = hashlib.sha1(b"blob %d\0" % file.bytes, usedforsecurity=False)
    with file.source.open("rb") as stream:
        while piece := stream.read(CHUNK):
            hashed.update(piece)
    return hashed.hexdigest()
