"""A language pack: a folder of data, read once and shared by every article.

Nothing here knows a language; what a pack may say is listed in `docs/packs.md`.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from broadsheet.annotate.compiled import compiled, fingerprint
from broadsheet.annotate.fold import fold_table
from broadsheet.annotate.frames import load_frames
from broadsheet.annotate.gazetteer import Authority
from broadsheet.annotate.matcher import AliasIndex
from broadsheet.annotate.phrases import with_symbols
from broadsheet.annotate.prefilter import Scan
from broadsheet.annotate.times import TimeGrammar
from broadsheet.annotate.writing import Writing
from broadsheet.schema.strict_yaml import read_yaml

ACTING = frozenset({"country", "territory", "region", "continent", "country_alias"})
PACKS = Path(__file__).parents[1] / "packs"


class Pack:
    """Everything one language needs.

    Args:
        folder: A folder below `packs/`.
    """

    def __init__(self, folder: Path) -> None:
        settings = read_yaml(folder / "pack.yaml").value
        self.languages: tuple[str, ...] = tuple(settings["languages"])
        self.writing = Writing(settings.get("words") == "apart", int(settings.get("stretch", 1)))
        names = compiled(folder)
        self.table = names.fold
        self.grammar: dict[str, Any] = read_yaml(folder / "grammar.yaml").value
        self.names: dict[str, Any] = read_yaml(folder / "names.yaml").value
        self.times = TimeGrammar.load(folder)
        self.role_of = _role_words(folder, self)
        self.authorities = names.authorities
        self.index = AliasIndex(names.aliases, names.owners)
        self.weak = {(self.fold(n), number) for number, a in enumerate(self.authorities) for n in a.weak}
        self.weak |= _needing_title(folder, self)
        self.by_id = {authority.entity_id: authority for authority in self.authorities}
        self.abbreviations = _abbreviations(folder, self)
        self.ministries = _ministries(folder, self)
        self.types, self.frames = load_frames(folder)
        self.folder = folder

    @cached_property
    def fingerprint(self) -> str:
        """Hash of every file of the pack and of the code that reads it."""
        return fingerprint(self.folder)

    def fold(self, text: str) -> str:
        """The text in the script the pack is written in; same length."""
        return text.translate(self.table) if self._foreign.search(text) else text

    @cached_property
    def _foreign(self) -> re.Pattern[str]:
        """Characters that are folded: most texts have none, and to look for them is quicker than to map each."""
        return re.compile(f"[{''.join(map(re.escape, map(chr, self.table)))}]" if self.table else "(?!)")

    @property
    def of(self) -> tuple[str, ...]:
        """What right after a name makes it modify the next word."""
        of = self.grammar["of"]
        return (of,) if isinstance(of, str) else tuple(of)

    @cached_property
    def office(self) -> Scan:
        """Any word for an office."""
        return Scan(re.compile(self.writing.any_of(set(self.role_of) - set(self.grammar["not_offices"]))))

    @cached_property
    def office_before(self) -> re.Pattern[str]:
        """An office at the end of what precedes a name."""
        return re.compile(f"({self.writing.any_of(self.role_of)}){self.writing.gap}$")

    @cached_property
    def given_names(self) -> frozenset[str]:
        """First parts of the names in several parts that are known, folded."""
        dot = self.names.get("dot", "")[:1]
        known = (self.fold(name) for a in self.authorities if a.type == "person" for name in a.names)
        return frozenset(name.split(dot)[0] for name in known if dot and dot in name)

    @cached_property
    def countries(self) -> dict[str, Authority]:
        """Countries by ISO 3166-1 code."""
        return {a.country: a for a in self.authorities if a.kind == "country" and a.country}

    @cached_property
    def states(self) -> dict[str, Authority]:
        """Countries, and territories with a code of their own, by that code."""
        return {a.country: a for a in self.authorities if a.kind == "territory" and a.country} | self.countries

    @cached_property
    def dateline(self) -> re.Pattern[str]:
        """The dateline a body begins with; `time` is the day it gives."""
        return re.compile(self.grammar.get("dateline") or "(?!)(?P<time>)")

    @cached_property
    def unreal(self) -> re.Pattern[str]:
        """Words that say an event did not take place, or only perhaps."""
        return re.compile("|".join(self.grammar["status"]["unrealized"]))

    @cached_property
    def going(self) -> re.Pattern[str]:
        """Words before a time or place that say the whole sentence is a plan."""
        return re.compile(with_symbols(self.grammar["status"].get("going") or "(?!)"))

    @cached_property
    def wished(self) -> re.Pattern[str]:
        """Words that say an event is only wanted, urged, feared or to be prevented."""
        return re.compile("|".join(self.grammar["status"].get("wished") or ("(?!)",)))

    @cached_property
    def planned(self) -> re.Pattern[str]:
        """Words that say an event is still to come."""
        return re.compile("|".join(self.grammar["status"]["scheduled"]))

    def pattern(self, key: str) -> re.Pattern[str]:
        """A pattern of the grammar over masked text; what matches nothing if the pack has none."""
        return re.compile(with_symbols(self.grammar.get(key) or "(?!)"))

    @cached_property
    def denials(self) -> tuple[str, ...]:
        """Words right before a verb of speech that say it was not spoken."""
        return tuple(self.grammar["denials"])

    @cached_property
    def _holders(self) -> dict[tuple[str, str], list[tuple[date, date, str]]]:
        found: dict[tuple[str, str], list[tuple[date, date, str]]] = {}
        for authority in self.authorities:
            for role in authority.roles:
                period = (role.start or date.min, role.end or date.max, authority.entity_id)
                found.setdefault((role.role, role.holder_of), []).append(period)
        return {key: sorted(periods) for key, periods in found.items()}

    def holder(self, office: str, entity_id: str, day: date | None) -> str | None:
        """Who held an office of a country or body on a day; None if nobody, or several, are known to."""
        known = self.by_id.get(entity_id)
        if known is None or day is None:
            return None
        of = known.country if known.type == "place" else entity_id.partition("/")[2]
        for role in self.role_of.get(office, ()):  # a word may name other offices in other countries
            periods = self._holders.get((role, of or ""), [])
            held = {person for start, end, person in periods if start <= day < end or start == day}
            if held:
                return held.pop() if len(held) == 1 else None
        return None

    def held(self, office: str, person: str) -> bool:
        """Whether a person is known to have held such an office, for whomever."""
        known = self.by_id.get(person)
        return known is not None and any(role.role in self.role_of.get(office, ()) for role in known.roles)

    def ministry(self, suffix: str, country: Authority) -> tuple[str, str]:
        """Id and English name of a country's office of state.

        Args:
            suffix: A key of `ministries`.
            country: Whose it is.
        """
        entry = self.ministries[suffix]
        slug = country.entity_id.partition("/")[2]
        own = entry.get("special", {}).get(country.country, entry["id"].replace("{country}", slug))
        return f"org/{own}", entry["name_en"].replace("{country}", country.name_en or slug)

    def government(self, country: Authority) -> tuple[str, str]:
        """Id and English name of a country's government."""
        return self.ministry(self.grammar["metonyms"]["government"], country)

    def acts(self, entity_id: str) -> bool:
        """Whether something can act: a person, a body that is not only quoted, a country or region."""
        known = self.by_id.get(entity_id)
        if entity_id.startswith("loc/"):
            return known is not None and known.kind in ACTING
        return known is None or known.kind not in self.grammar["not_acting"]

    def collective(self, entity_id: str) -> bool:
        """Whether an entity is many by itself: a body, or a region of several countries."""
        known = self.by_id.get(entity_id)
        return entity_id.startswith("org/") or (known is not None and known.kind in {"region", "continent"})

    def speaks_for(self, offices: tuple[str, ...]) -> bool:
        """Whether one of the offices is to speak for a body."""
        return any(role in self.grammar["spokespeople"] for office in offices for role in self.role_of.get(office, ()))


def pack_folders() -> tuple[Path, ...]:
    """The packs that come with Broadsheet, by name."""
    return tuple(sorted(file.parent for file in PACKS.glob("*/pack.yaml")))


def languages(folder: Path) -> tuple[str, ...]:
    """The languages a pack reads, without loading it."""
    return tuple(read_yaml(folder / "pack.yaml").value["languages"])


@cache
def folding(folder: Path) -> Mapping[int, str]:
    """How a pack compares texts, character by character, without loading it."""
    return fold_table(read_yaml(folder / "pack.yaml").value.get("fold") or "")


def _read_csv(file: Path) -> list[dict[str, str]]:
    import csv

    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _needing_title(folder: Path, pack: Pack) -> set[tuple[str, int]]:
    """Names of people that are ordinary words, or other people's: they count after an office or a full name."""
    file = folder / "authority" / "ambiguous_persons.csv"
    rows = _read_csv(file) if file.exists() else []
    words = {pack.fold(row["alias"]) for row in rows if row["rule"] in {"needs-title", "full-name-first"}}
    return {(word, owner) for word in words for owner in pack.index.owners(word)}


def _role_words(folder: Path, pack: Pack) -> dict[str, tuple[str, ...]]:
    """The offices each word names, likeliest first."""
    words: dict[str, dict[str, None]] = {}
    for row in _read_csv(folder / "lexicon" / "roles.csv"):
        for word in "|".join(row.get(column) or "" for column in ("words", "hans", "hant")).split("|"):
            if word:
                words.setdefault(pack.fold(word), {})[row["role"]] = None
    return {word: tuple(roles) for word, roles in sorted(words.items())}


def _abbreviations(folder: Path, pack: Pack) -> dict[str, str]:
    file = folder / "lexicon" / "country_abbreviations.csv"
    rows = _read_csv(file) if file.exists() else []
    return {pack.fold(row["abbreviation"]): row["country"] for row in reversed(rows)}


def _ministries(folder: Path, pack: Pack) -> dict[str, dict[str, Any]]:
    entries = read_yaml(folder / "lexicon" / "ministries.yaml").value["ministries"]
    found: dict[str, dict[str, Any]] = {}
    for entry in entries:
        for suffix in entry["suffixes"]:
            found.setdefault(pack.fold(suffix), entry)
    return found
