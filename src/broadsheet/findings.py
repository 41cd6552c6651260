"""Codes, places and remedies: how Broadsheet says what is wrong.

A `Finding` is data, not a log line: every reporter prints from the same list. A `BroadsheetError` carries one finding
and is raised where work cannot go on; everything that concerns a single record is a reject row instead.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    """How much a finding weighs: only `error` changes an exit status (and `warning` under `--strict`)."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Code:
    """What a stable code means, wherever it is reported."""

    severity: Severity
    title: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, with its place.

    Attributes:
        code: Stable code, a key of `CODES`.
        message: What was found, in one sentence, with the offending value and what was expected.
        severity: The code's severity unless a caller has reason to change it.
        remedy: What the user can do.
        path: File the finding is about, POSIX.
        line: 1-based line in that file.
        resource: Table the finding is about.
        field: Column of that table.
        row_key: Key of the row, as text.
        count: How many rows or cells it stands for.
        sample: An offending value, shortened.
    """

    code: str
    message: str
    severity: Severity = Severity.ERROR
    remedy: str = ""
    path: str | None = None
    line: int | None = None
    resource: str | None = None
    field: str | None = None
    row_key: str | None = None
    count: int = 1
    sample: str | None = None

    def at(self, path: str, line: int | None = None) -> "Finding":
        """The same finding at a place."""
        return replace(self, path=path, line=line)

    def place(self) -> str:
        """Where it is, for a person: `file:line`, `table.field [key]` or ``""``."""
        if self.path:
            return f"{self.path}:{self.line}" if self.line else self.path
        if self.resource:
            where = f"{self.resource}.{self.field}" if self.field else self.resource
            return f"{where} [{self.row_key}]" if self.row_key else where
        return ""


class BroadsheetError(Exception):
    """Work cannot go on; carries the finding that says why.

    Args:
        finding: What is wrong, where, and the remedy.
    """

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.place() + ': ' if finding.place() else ''}{finding.message} [{finding.code}]")
        self.finding = finding

    def __reduce__(self) -> tuple[type["BroadsheetError"], tuple[Finding]]:
        """Survive the way back from a worker process."""
        return type(self), (self.finding,)


E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE
CODES: Final[dict[str, Code]] = {
    # the project and its schemas
    "project-missing": Code(E, "no project here", "Run `broadsheet init DIR`, or pass -C/--project."),
    "project-exists": Code(E, "the folder already holds a project", "Choose another folder."),
    "yaml-invalid": Code(E, "the YAML cannot be read", "Mend the line named; aliases and anchors are not allowed."),
    "yaml-limit": Code(E, "the YAML is too large or too deep", "Split the file, or remove the nesting."),
    "yaml-duplicate-key": Code(E, "a key stands twice", "Remove one of the two."),
    "key-unknown": Code(E, "a key that is not known here", "Correct the spelling, or remove the key."),
    "key-missing": Code(E, "a required key is missing", "Add the key."),
    "value-invalid": Code(E, "a value of the wrong kind", "Write a value of the kind the message names."),
    "schema-loosened": Code(E, "a project schema loosens the core", "A project may tighten a core schema only."),
    # files, before parsing
    "collection-empty": Code(W, "a collection matches no file", "Check the globs of the collection."),
    "file-claimed-twice": Code(W, "two collections match one file", "Narrow the globs; the first collection keeps it."),
    "file-unreadable": Code(E, "a file cannot be read", "Check that it exists and its permissions."),
    "file-empty": Code(W, "a file of no bytes", "Remove it, or collect it again."),
    "file-too-large": Code(E, "a file above the size limit", "Split it, or raise `limits` of the collection."),
    "file-binary": Code(E, "a file that is not text", "Exclude it in the globs of the collection."),
    "archive-broken": Code(E, "an archive or member that is damaged", "Collect it again; members before were used."),
    "archive-empty": Code(W, "an archive no member of which is taken", "Check the globs behind the archive's name."),
    "archive-limit": Code(E, "an archive beyond its limits", "Raise `limits` of the collection if you trust it."),
    "archive-skipped": Code(N, "records of a WARC file that are no pages", "Nothing to do: they were counted."),
    "git-failed": Code(E, "a git repository that cannot be read", "Check `repository`, `revision` and git itself."),
    "member-encrypted": Code(E, "a member that is encrypted", "Make an archive without a password."),
    "member-nested": Code(W, "an archive within an archive", "Unpack it, and name it in a collection of its own."),
    "member-not-file": Code(W, "a member that is a link or a device", "Nothing to do if its target is a member, too."),
    "member-unsafe": Code(W, "a member whose name leaves its archive", "Pack the archive again with relative names."),
    "member-unsupported": Code(E, "a member packed in a way not read here", "Pack it again: deflate, gzip or zstd."),
    "symlink-outside": Code(W, "a link that leaves the collection", "Copy the file into the collection."),
    "encoding-guessed": Code(N, "an encoding was guessed", "Convert the file to UTF-8 if the guess is wrong."),
    "encoding-lossy": Code(W, "bytes that no encoding explains", "Collect the file again; they became U+FFFD."),
    # parsing
    "text-mojibake": Code(W, "text that was decoded wrongly before", "Collect the page again; the text was kept."),
    "front-matter-invalid": Code(W, "front matter that is not valid YAML", "Mend the line named; it was read by line."),
    "front-matter-repaired": Code(N, "a line of front matter that was mended", "Mend the line named, as it says."),
    "front-matter-unclosed": Code(W, "front matter without an end", "Add the closing line `---`."),
    "markup-too-deep": Code(W, "markup nested beyond the limit", "Collect the page again; tags below were ignored."),
    "markup-unclosed": Code(W, "an element that is never closed", "Collect the page again; its start was dropped."),
    "date-implausible": Code(W, "a date that cannot be right", "Check the date; the row keeps the text as printed."),
    "date-unreadable": Code(W, "a date no rule can read", "Report the form, or add it to the publisher's profile."),
    "title-missing": Code(W, "an article without a title", "Nothing to do if the source prints none."),
    "title-too-long": Code(W, "a title beyond the limit", "Check the file; the title was dropped."),
    "body-empty": Code(W, "an article without text", "Collect the page again if it should have text."),
    "json-invalid": Code(W, "a record that is not valid JSON", "Mend the line named; the others were read."),
    "navigation-only": Code(W, "a page collected without its article", "Collect the page again."),
    "body-foreign": Code(W, "a text that is another page's", "Collect the page again; the summary stands in."),
    "not-article": Code(W, "a page that is not an article", "Exclude the file if it never was one."),
    "publisher-unknown": Code(N, "no profile knows the publisher", "Write a profile, or set `publisher`."),
    "parse-failed": Code(E, "the parser failed on a file", "Report it with the file; the rest was built."),
    # annotation and the corpus
    "annotate-failed": Code(E, "the annotator failed on an article", "Report it; the article is kept without spans."),
    "annotator-unknown": Code(E, "an annotator nobody offers", "Install its package, or correct `annotator`."),
    "annotator-invalid": Code(E, "an annotator that cannot be used", "Mend or update the package that offers it."),
    "annotation-invalid": Code(W, "a span that cannot become a row", "Report it to whoever offers the annotator."),
    "blocked": Code(N, "something that was taken down", "Nothing to do: `blocklist.yaml` asks for it."),
    "blocklist-unused": Code(W, "an entry of the blocklist names nothing", "Check it, or keep it for what will come."),
    "blocked-copy-kept": Code(W, "a copy of what was taken down", "Block it too, or the `body_sha256` of both."),
    "span-not-verifiable": Code(W, "a span markup cuts through", "Nothing to do: the row was left out or narrowed."),
    # checking
    "cell-cast": Code(E, "a cell that is not of its column's type", "See the value in `rejects`."),
    "constraint": Code(E, "a cell that breaks a constraint", "See the value in `rejects`."),
    "key-duplicate": Code(E, "two rows with one key", "Report it: keys are made by Broadsheet."),
    "foreign-key": Code(E, "a reference to a row that is not there", "Restore the row, or remove the reference."),
    "unique-key": Code(E, "two rows that must differ do not", "Remove one of them."),
    "parent-rejected": Code(W, "a row whose parent was rejected", "Mend the parent."),
    "columns-differ": Code(E, "columns that are not the schema's", "Build again, or mend the schema."),
    "table-missing": Code(E, "a table is missing", "Build or package again."),
    "table-unreadable": Code(E, "a table cannot be read", "Build or package again; the file is damaged."),
    "hash-mismatch": Code(E, "a file whose hash is not the one recorded", "Build, package or download it again."),
    "bytes-mismatch": Code(E, "a file of another size than recorded", "Build, package or download it again."),
    "published-after-archived": Code(W, "published after it was collected", "Correct the zone in the profile."),
    "rows-mismatch": Code(E, "a table with another row count than recorded", "Build or package again."),
    "rows-contradict": Code(E, "rows that contradict one another", "Build again; report it if it stays."),
    "span-mismatch": Code(E, "a span that does not give its text", "Build again; the source changed, or report it."),
    "source-missing": Code(W, "a source file is not there to re-slice", "Restore the file to check its spans."),
    "source-changed": Code(W, "a source file changed since the build", "Build again."),
    "build-missing": Code(E, "nothing was built yet", "Run `broadsheet build`."),
    "build-incomplete": Code(E, "a build that did not finish", "Run `broadsheet build`; it resumes."),
    "build-stale": Code(E, "a build made under other rights", "Run `broadsheet build`, then `package` again."),
    "path-unsafe": Code(E, "a path that leaves the package", "Use relative paths below its folder."),
    "path-remote": Code(E, "a resource on the web", "Download it yourself, or pass --allow-remote if you trust it."),
    "pattern-unsupported": Code(W, "a pattern that is not checked", "Do without look-around and back references."),
    "check-limited": Code(N, "something that was not checked", "Nothing to do if you do not rely on it."),
    "resource-invalid": Code(E, "a resource that breaks its own schema", "Mend the data or the descriptor named."),
    "descriptor-differs": Code(E, "a descriptor that does not describe its data", "Package again."),
    "rights-exceeded": Code(E, "more text than the rights of a source allow", "Package again before you publish."),
    "build-locked": Code(E, "another build is running", "Wait for it, or end the process named."),
    "worker-died": Code(E, "a worker process died", "Build with --jobs 1; the machine may lack memory."),
    "formula-like": Code(N, "cells that spreadsheets read as formulas", "Import CSV columns as text."),
    "license-missing": Code(W, "no licence is given", "Add `licenses` to datapackage.yaml."),
    # packaging and release
    "text-withheld": Code(N, "text withheld by the rights of its source", "Change `redistribution` if you may."),
    "write-failed": Code(E, "a file cannot be written", "Free space or mend permissions, then run it again."),
    "package-locked": Code(E, "packages that are in use", "Wait until the other process has ended."),
    "package-limit": Code(E, "a package beyond its limits", "Unpack it yourself if you trust it; check the folder."),
    "package-invalid": Code(E, "a package that is not one", "Point at a folder with datapackage.json."),
    "schema-change": Code(N, "a difference of schemas from the release", "Nothing to do if it is meant."),
    "release-missing": Code(E, "no release to compare with", "Fetch the last one to dist/releases, or pass --against."),
    "version-step": Code(E, "a version that does not follow from the differences", "Raise `version`."),
    "target-invalid": Code(E, "a target that cannot be published to", "Give a folder, s3://... or hf:OWNER/NAME."),
    "target-refused": Code(E, "a target that refuses the credentials", "Log in, or use credentials that may write."),
    "target-changed": Code(E, "a target that somebody else changed meanwhile", "Publish again; it plans anew."),
    "upload-failed": Code(E, "an upload that did not end", "Publish again; what arrived is not sent twice."),
    "package-stale": Code(E, "packages older than their project", "Run `broadsheet build` and `broadsheet package`."),
    "id-unknown": Code(E, "no row has this id", "Look the id up in the tables; ids are case-sensitive."),
    "argument-invalid": Code(E, "an argument of the command is wrong", "See `--help` of the verb."),
}
del E, W, N


def finding(code: str, message: str, **place: object) -> Finding:
    """A finding with the severity and the remedy of its code.

    Args:
        code: A key of `CODES`.
        message: What was found.
        **place: Any further attribute of `Finding`.

    Raises:
        KeyError: If the code is not registered.
    """
    known = CODES[code]
    values: dict[str, object] = {"severity": known.severity, "remedy": known.remedy, **place}
    return Finding(code=code, message=message, **values)  # type: ignore[arg-type]


def error(code: str, message: str, **place: object) -> BroadsheetError:
    """The exception that carries a finding, to be raised where work cannot go on."""
    return BroadsheetError(finding(code, message, **place))
