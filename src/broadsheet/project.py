"""datapackage.yaml -> Project: the one file a maintainer writes, read strictly.

It is a Data Package v2 descriptor in YAML. A collection is an entry of the standard `sources` array with keys of its
own beside the standard ones. Every mistake is an error with file, line, key and what was expected.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from broadsheet.blocklist import Blocklist, read_blocklist
from broadsheet.findings import error
from broadsheet.ids import short_hash
from broadsheet.restrictions import REDISTRIBUTIONS, Restriction, read_restrictions
from broadsheet.schema.model import Table
from broadsheet.schema.strict_yaml import read_yaml
from broadsheet.typed_yaml import Place, Reader

DESCRIPTOR: Final = "datapackage.yaml"
OWN_ANNOTATOR: Final = "broadsheet"
# What `parse` can peel and read; a test holds the two together.
FORMATS: Final = (
    "json_record", "crawl_record", "front_matter", "wiki_tabs", "feed_entry", "meta_line", "html_page", "digest",
    "day_page", "page_dump", "repost_note", "html", "markdown", "plain",
)  # fmt: skip
DEFAULT_MAX_BYTES: Final = 16 * 1024 * 1024
DEFAULT_MAX_MEMBERS: Final = 1_000_000
DEFAULT_MAX_RATIO: Final = 200  # text packs to a tenth, and what a program repeats to a hundredth

PACKAGE_KEYS: Final = (
    "$schema", "name", "id", "title", "description", "homepage", "version", "created", "keywords", "image",
    "contributors", "licenses", "sources", "resources", "annotator",
)  # fmt: skip
COLLECTION_KEYS: Final = (
    "name", "title", "path", "email", "version", "files", "repository", "revision", "format", "publisher",
    "language", "timezone", "redistribution", "restrictions", "license", "limits",
)  # fmt: skip
CONTRIBUTOR_KEYS: Final = (
    "title", "path", "email", "givenName", "familyName", "roles", "organization",
)  # fmt: skip
RESOURCE_KEYS: Final = (
    "$schema", "name", "path", "data", "type", "title", "description", "format", "mediatype", "encoding", "bytes",
    "hash", "sources", "licenses", "schema", "dialect",
)  # fmt: skip

_OFFSET = re.compile(r"[+-](?:0[0-9]|1[0-4]):[0-5][0-9]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")
_LICENSE_NAME = re.compile(r"[-a-zA-Z0-9._]+")
_WILDCARD = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a collection accepts.

    Attributes:
        max_bytes: Larger files, and larger members of archives, are rejected.
        max_members: Of one archive; reading stops there.
        max_ratio: Bytes that one byte of an archive may unpack to, on the average.
    """

    max_bytes: int = DEFAULT_MAX_BYTES
    max_members: int = DEFAULT_MAX_MEMBERS
    max_ratio: int = DEFAULT_MAX_RATIO


@dataclass(frozen=True, slots=True)
class Collection:
    """A set of collected files with one origin and one set of rights.

    Attributes:
        name: Slug, unique in the project.
        title: For people.
        files: Globs (`**`, `*`, `?`, `[…]`), folders, files or archives; a leading `!` excludes. Relative to the
            project root, or with `repository` to the root of its tree.
        repository: A git repository, with or without a work tree; its files are taken instead of those on disk.
        revision: Which state of the repository.
        path: Home page of the origin.
        format: Layer to expect; None to recognise it per file.
        publisher: Canonical name where every file has the same one.
        language: BCP 47 tag to assume where the file says nothing.
        timezone: IANA name or offset of clocks without zone.
        redistribution: `full`, `excerpt` or `metadata`.
        license: SPDX name or title.
        restrictions: Articles that may be published less fully.
        email: Whom to ask about the origin.
        version: Of the origin, as it names its states.
    """

    name: str
    title: str
    files: tuple[str, ...]
    path: str | None = None
    format: str | None = None
    publisher: str | None = None
    language: str | None = None
    timezone: str | None = None
    redistribution: str = "full"
    license: str | None = None
    limits: Limits = Limits()
    repository: str | None = None
    revision: str = "HEAD"
    restrictions: tuple[Restriction, ...] = ()
    email: str | None = None
    version: str | None = None

    def repository_folder(self, project_root: Path) -> Path:
        """Where the git repository lies."""
        return Path(os.path.normpath(project_root.absolute() / (self.repository or ".")))

    def root(self, project_root: Path) -> Path:
        """The folder `sources.path` is relative to.

        That is the project, or where a glob leads outside it, the deepest folder above all files of the collection.
        """
        home = Path(os.path.normpath(project_root.absolute()))  # lexical: a link inside the project stays inside
        folders = [glob_base(home, pattern) for pattern in self.files if not pattern.startswith("!")]
        if all(folder.is_relative_to(home) for folder in folders):
            return home
        return Path(os.path.commonpath(folders))


@dataclass(frozen=True, slots=True)
class License:
    """A licence of the dataset: `name` (Open Definition or SPDX id) or `path`, or both."""

    name: str | None = None
    path: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Contributor:
    """Somebody who made the dataset."""

    title: str | None = None
    path: str | None = None
    email: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    roles: tuple[str, ...] = ()
    organization: str | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A corpus project on disk.

    Attributes:
        root: Folder of datapackage.yaml, as the caller gave it.
        created: `created` of the descriptor as written; None if it does not say.
        resources: Entries of `resources` as written, one mapping per table the descriptor describes further.
        tables: The contract, in order: core tables, tightened by `schemas/`.
        annotator: Name of what finds names and events.
        blocklist: What was taken down.
    """

    root: Path
    name: str
    title: str
    description: str = ""
    version: str = "0.1.0"
    licenses: tuple[License, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    keywords: tuple[str, ...] = ()
    homepage: str | None = None
    collections: tuple[Collection, ...] = ()
    tables: dict[str, Table] = field(default_factory=dict)
    created: str | None = None
    id: str | None = None
    image: str | None = None
    resources: tuple[Mapping[str, Any], ...] = ()
    annotator: str = OWN_ANNOTATOR
    blocklist: Blocklist = field(default_factory=Blocklist)

    @property
    def rights(self) -> str:
        """Hash of all that says what may be published: a build made under other rights is not to be packaged."""
        rules = [(c.name, c.redistribution, c.restrictions) for c in self.collections]
        return short_hash(rules, self.blocklist.fingerprint)

    @property
    def build_dir(self) -> Path:
        """Where `broadsheet build` writes."""
        return self.root / "build"

    @property
    def dist_dir(self) -> Path:
        """Where `broadsheet package` writes."""
        return self.root / "dist"

    def collection(self, name: str) -> Collection:
        """The collection of that name.

        Raises:
            KeyError: If there is none.
        """
        for collection in self.collections:
            if collection.name == name:
                return collection
        raise KeyError(name)

    def locate(self, collection: str, path: str) -> Path:
        """The file on disk that `sources.collection` and `sources.path` name."""
        return self.collection(collection).root(self.root) / path


def split_glob(pattern: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The leading parts of a glob without wildcards, and the rest."""
    parts = PurePosixPath(pattern).parts
    fixed = next((number for number, part in enumerate(parts) if _WILDCARD.search(part)), len(parts))
    return parts[:fixed], parts[fixed:]


def glob_base(home: Path, pattern: str) -> Path:
    """The folder a glob starts from: its leading parts without wildcards, absolute, `..` resolved lexically.

    A pattern without wildcards that names a folder is its own base; one that names a file, or members of an archive,
    has the folder of that file.
    """
    fixed, rest = split_glob(pattern)
    base = Path(os.path.normpath(home.joinpath(*fixed)))
    for place in (base, *base.parents):
        if place.is_dir():
            break
        if place.is_file():
            return place.parent
    return base if rest or base.is_dir() else base.parent


def load_project(root: Path) -> Project:
    """Reads `datapackage.yaml`, `schemas/` and `blocklist.yaml` of a project.

    Raises:
        BroadsheetError: `project-missing`, or what is wrong in which line of which file.
    """
    from broadsheet.schema.load import project_tables

    file = root / DESCRIPTOR
    if not file.is_file():
        raise error("project-missing", f"There is no {DESCRIPTOR} in {root.as_posix()!r}.", path=file.as_posix())
    reader = Reader(read_yaml(file, file.as_posix()))
    top = reader.mapping((), PACKAGE_KEYS, ("name", "sources"))
    version = reader.text((), top, "version") or "0.1.0"
    if not _VERSION.fullmatch(version):
        raise reader.wrong(("version",), version, "a semantic version such as 1.0.0, in quotes if need be")
    return Project(
        root=root,
        name=reader.slug((), top, "name"),
        title=reader.text((), top, "title") or reader.slug((), top, "name"),
        description=reader.text((), top, "description") or "",
        version=version,
        licenses=tuple(_license(reader, ("licenses", i)) for i in reader.indexes((), top, "licenses")),
        contributors=tuple(_contributor(reader, ("contributors", i)) for i in reader.indexes((), top, "contributors")),
        keywords=reader.texts((), top, "keywords"),
        homepage=reader.text((), top, "homepage"),
        collections=_collections(reader, top),
        tables=project_tables(root / "schemas"),
        created=reader.text((), top, "created"),
        id=reader.text((), top, "id"),
        image=reader.text((), top, "image"),
        resources=_resources(reader, top),
        annotator=reader.slug((), top, "annotator") if "annotator" in top else OWN_ANNOTATOR,
        blocklist=read_blocklist(root),
    )


def _collections(reader: Reader, top: Mapping[str, Any]) -> tuple[Collection, ...]:
    found: dict[str, Collection] = {}
    for index in reader.indexes((), top, "sources"):
        place = ("sources", index)
        collection = _collection(reader, place)
        if collection.name in found:
            raise reader.wrong((*place, "name"), collection.name, "a name no other collection has")
        found[collection.name] = collection
    return tuple(found.values())


def _collection(reader: Reader, place: Place) -> Collection:
    entry = reader.mapping(place, COLLECTION_KEYS, ("name", "files"))
    name = reader.slug(place, entry, "name")
    timezone = reader.text(place, entry, "timezone")
    if timezone is not None and not _OFFSET.fullmatch(timezone) and not _known_zone(timezone):
        hint = _near_zone(timezone)
        raise reader.wrong(
            (*place, "timezone"), timezone, f"an IANA name such as Asia/Shanghai or an offset such as +08:00{hint}"
        )
    language = reader.text(place, entry, "language")
    if language is not None and not _LANGUAGE.fullmatch(language):
        raise reader.wrong((*place, "language"), language, "a BCP 47 tag such as zh-Hans, zh-Hant or en")
    layers = reader.text(place, entry, "format")
    for layer in layers.split("/") if layers else ():
        if layer not in FORMATS:
            raise reader.wrong((*place, "format"), layer, f"layers out of {', '.join(FORMATS)}, joined by /")
    redistribution = reader.choice(place, entry, "redistribution", REDISTRIBUTIONS, "full")
    return Collection(
        name=name,
        title=reader.text(place, entry, "title") or name,
        files=_files(reader, place, entry),
        path=reader.text(place, entry, "path"),
        format=layers,
        publisher=reader.text(place, entry, "publisher"),
        language=language,
        timezone=timezone,
        redistribution=redistribution,
        license=reader.text(place, entry, "license"),
        limits=_limits(reader, place, entry),
        repository=_repository(reader, place, entry),
        revision=_revision(reader, place, entry),
        restrictions=read_restrictions(reader, place, entry, redistribution),
        email=reader.text(place, entry, "email"),
        version=reader.text(place, entry, "version"),
    )


def _repository(reader: Reader, place: Place, entry: Mapping[str, Any]) -> str | None:
    repository = reader.text(place, entry, "repository")
    for number, glob in enumerate(entry["files"] if repository and isinstance(entry["files"], list) else ()):
        if isinstance(glob, str) and glob.lstrip("!").startswith(("/", "../", "./")):
            raise reader.wrong((*place, "files", number), glob, "a glob from the root of the repository's tree")
    return repository


def _revision(reader: Reader, place: Place, entry: Mapping[str, Any]) -> str:
    revision = reader.text(place, entry, "revision")
    if revision is not None and entry.get("repository") is None:
        raise reader.wrong((*place, "revision"), revision, "a `repository` beside it", "key-missing")
    if revision is not None and (not revision.strip() or revision.startswith("-")):
        raise reader.wrong((*place, "revision"), revision, "a branch, a tag or a commit")
    return revision or "HEAD"


def _files(reader: Reader, place: Place, entry: Mapping[str, Any]) -> tuple[str, ...]:
    """One glob or several, at least one of them not an exclusion; POSIX separators only."""
    value = entry["files"]
    globs = (value,) if isinstance(value, str) else reader.texts(place, entry, "files")
    where = (*place, "files")
    if not any(isinstance(glob, str) and glob.strip("! ") and not glob.startswith("!") for glob in globs):
        raise reader.wrong(where, value, "a glob, or a list of globs, such as sources/reuters/**/*.md")
    for glob in globs:
        if "\\" in glob or "\0" in glob or not glob.lstrip("!") or ".." in split_glob(glob)[1]:
            raise reader.wrong(where, glob, "a glob with / between folders, and `..` only before the first wildcard")
    return tuple(globs)


def _limits(reader: Reader, place: Place, entry: Mapping[str, Any]) -> Limits:
    if entry.get("limits") is None:
        return Limits()
    where = (*place, "limits")
    names = ("max_bytes", "max_members", "max_ratio")
    given = reader.mapping(where, names)
    for name in names:
        value = given.get(name, 1)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise reader.wrong((*where, name), value, "a whole number greater than 0")
    return Limits(**given)


def _known_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # ValueError: not a relative path; OSError: a folder
        return False
    return True


def _near_zone(name: str) -> str:
    from difflib import get_close_matches
    from zoneinfo import available_timezones

    near = get_close_matches(name, sorted(available_timezones()), 1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _license(reader: Reader, place: Place) -> License:
    entry = reader.mapping(place, ("name", "path", "title"))
    name, path = reader.text(place, entry, "name"), reader.text(place, entry, "path")
    if name is None and path is None:
        raise reader.wrong(place, dict(entry), "a licence with a name or a path", "key-missing")
    if name is not None and not _LICENSE_NAME.fullmatch(name):
        raise reader.wrong((*place, "name"), name, "an identifier such as CC0-1.0 (a title goes to `title`)")
    return License(name, path, reader.text(place, entry, "title"))


def _contributor(reader: Reader, place: Place) -> Contributor:
    entry = reader.mapping(place, CONTRIBUTOR_KEYS)
    if not entry:
        raise reader.wrong(place, dict(entry), "a contributor with at least a title", "key-missing")
    names = ("title", "path", "email", "givenName", "familyName")
    title, path, email, given, family = (reader.text(place, entry, key) for key in names)
    organization = reader.text(place, entry, "organization")
    return Contributor(title, path, email, given, family, reader.texts(place, entry, "roles"), organization)


def _resources(reader: Reader, top: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    entries = []
    for index in reader.indexes((), top, "resources"):
        place = ("resources", index)
        entry = reader.mapping(place, RESOURCE_KEYS, ("name",))
        reader.slug(place, entry, "name")
        entries.append(entry)
    return tuple(entries)
