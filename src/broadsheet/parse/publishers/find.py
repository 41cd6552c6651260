"""Who published an article: the profile that fits, and the name."""

from collections.abc import Iterable, Sequence
from functools import cache

from broadsheet.parse.fields.urls import host, is_url, unwrap
from broadsheet.parse.publishers.model import GENERIC, Profile, profiles
from broadsheet.parse.readings import Reading, bare


@cache
def _names() -> dict[str, Profile]:
    return {bare(name): p for p in profiles().values() for name in (p.name, *p.aliases) if name}


@cache
def _domains() -> dict[str, tuple[tuple[str, Profile], ...]]:
    found: dict[str, tuple[tuple[str, Profile], ...]] = {}
    for profile in profiles().values():
        for domain in profile.domains:
            name, _, path = domain.partition("/")
            found[name] = (*found.get(name, ()), (f"/{path}", profile))
    return found


def by_name(name: str) -> Profile | None:
    """The profile of a publisher named in full, or before ` - ` as feeds name their sections."""
    return _names().get(bare(name)) or _names().get(bare(name.split(" - ", maxsplit=1)[0]))


def by_url(url: str) -> Profile | None:
    """The profile whose domain (`dw.com`, or `dw.com/zh` where a host speaks many languages) an address lies on."""
    url = unwrap(url)
    labels = host(url).split(".")
    for start in range(len(labels) - 1):
        name = ".".join(labels[start:])
        for path, profile in _domains().get(name, ()):
            if f"{url}/".split(name, 1)[-1].startswith(path):
                return profile
    return None


def find(readings: Sequence[Reading], links: Iterable[str], declared: str | None) -> tuple[Profile, str | None]:
    """The profile of an article and the publisher's name.

    What the file says of its source comes first, then its address, then what the collection declares, then the names
    of authors, shelves and tags, then the hosts it links to or takes images from.

    Args:
        readings: What the layers said.
        links: Addresses in the body.
        declared: `publisher` of the collection.

    Returns:
        The generic profile if none fits; its name is then the one the file or the collection gives, or None.
    """
    sources = [r.value for r in readings if r.field == "publisher" and not is_url(r.value)]
    urls = [r.value for r in readings if r.field in ("original_url", "url")]
    names = [r.value for r in readings if r.field in ("author", "shelf", "tag")]
    images = [r.value for r in readings if r.field == "image"]
    for found in (
        *(by_name(name) for name in sources),
        *((by_url(url) for url in urls) if not sources else ()),
        by_name(declared) if declared and not sources else None,
    ):
        if found:
            return found, found.name
    generic = profiles()[GENERIC]
    if sources or declared:
        return generic, sources[0] if sources else declared
    if not any(is_url(url) for url in urls):
        for found in (*(by_name(name) for name in names), *(by_url(url) for url in [*links, *images])):
            if found:
                return found, found.name
    named = feed_name(readings)
    if named:
        return by_name(named) or generic, (by_name(named) or generic).name or named
    return generic, next((host(unwrap(url)) for url in urls if is_url(url)), None)


def feed_name(readings: Sequence[Reading]) -> str | None:
    """The name of a feed: an `author` that is also the shelf or tag the collector filed it under is no person."""
    shelves = {bare(r.value) for r in readings if r.field in ("shelf", "tag")}
    for reading in readings:
        if reading.field == "author" and bare(reading.value) in shelves:
            return reading.value.split(" - ")[0].strip()
    return None
