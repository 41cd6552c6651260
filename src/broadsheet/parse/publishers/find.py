"""Who published an article: the profile that fits, and the name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import chain

from broadsheet.parse.bodies.nodes import Node
from broadsheet.parse.fields.urls import host, is_url, unwrap
from broadsheet.parse.publishers.load import profiles
from broadsheet.parse.publishers.model import GENERIC, Profile
from broadsheet.parse.readings import Reading, bare

SHORTEST_SHELF = 3
SUFFIXES = frozenset({"gov.cn"})
"""Hosts of a publisher under which others have hosts of their own."""
CHANNEL = re.compile(r"[\u3400-\u9fff]{2,5}频道|(?:国内|国际|社会|时政|财经|体育|娱乐|科技|军事)(?:新闻|要闻)")
"""What a feed calls its section; who publishes it stands in the address."""
SERIES = re.compile(r"[【\[]\s*([^】\]\d]{2,16}?)\s*(?:第?\s*\d{1,4}\s*期?)?\s*[】\]]")
"""A column named in brackets before the title, perhaps with its number."""


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


@lru_cache(maxsize=1024)
def by_name(name: str) -> Profile | None:
    """The profile of a publisher named in full, before ` - ` or behind `-`, as feeds name their sections."""
    names = _names()
    return (
        names.get(bare(name))
        or names.get(bare(name.split(" - ", maxsplit=1)[0]))
        or names.get(bare(name.rsplit("-", maxsplit=1)[-1]))
    )


@lru_cache(maxsize=256)
def by_url(url: str) -> Profile | None:
    """The profile whose domain (`dw.com`, or `dw.com/zh` where a host speaks many languages) an address lies on."""
    url = unwrap(url)
    labels = host(url).split(".")
    for start in range(len(labels) - 1):
        name = ".".join(labels[start:])
        for path, profile in _domains().get(name, ()):
            if start and name in SUFFIXES:
                continue
            if f"{url}/".split(name, 1)[-1].startswith(path):
                return profile
    return None


def find(readings: Sequence[Reading], nodes: Sequence[Node], declared: str | None) -> tuple[Profile, str | None]:
    """The profile of an article and the publisher's name.

    What the file says of its source comes first, then its address, then what the collection declares, then the names
    of authors, shelves and tags, then the hosts it links to or takes images from.

    Args:
        readings: What the layers said.
        nodes: The body.
        declared: `publisher` of the collection.

    Returns:
        The generic profile if none fits; its name is then the one the file or the collection gives, or None. A page
        that credits a source unknown here is laid out as its host does.
    """
    sources = [r.value for r in readings if r.field == "publisher" and not is_url(r.value)]
    urls = [r.value for r in readings if r.field in ("original_url", "url")]
    if sources and any(map(by_url, urls)):
        sources = [source for source in sources if not CHANNEL.fullmatch(source)]
    known = map(by_name, sources) if sources else chain(map(by_url, urls), map(by_name, [declared or ""]))
    if found := next(filter(None, known), None):
        return found, (_channel(readings) if found.platform else None) or found.name
    generic = profiles()[GENERIC]
    if sources:
        page = (by_url(url) for url in urls)
        return next((found for found in page if found and not found.platform), generic), sources[0]
    if declared:
        return generic, declared
    if not any(is_url(url) for url in urls):
        names = [r.value for r in readings if r.field in ("author", "shelf", "tag")]
        names += [series[1] for r in readings if r.field == "title" and (series := SERIES.match(r.value))]
        images = [r.value for r in readings if r.field == "image"]
        for found in chain(map(by_name, names), map(by_url, _links(nodes)), map(by_url, images)):
            if found and not found.platform:
                return found, found.name
    named = feed_name(readings)
    if named:
        return by_name(named) or generic, (by_name(named) or generic).name or named
    if not urls and (site := _site_of_shelf(readings, nodes)):
        return replace(generic, domains=(site,)), site
    return generic, next((host(unwrap(url)) for url in urls if is_url(url)), None)


def _channel(readings: Sequence[Reading]) -> str | None:
    """Who publishes on a platform: the author the file names."""
    return next((r.value for r in readings if r.field == "author" and r.basis != "body"), None)


def _links(nodes: Sequence[Node]) -> Iterator[str]:
    """The addresses of the images of a body, then those it links to."""
    yield from (node.url for node in nodes if node.kind == "image")
    yield from (inline.value for node in nodes for inline in node.inlines if inline.tag == "a")


def _site_of_shelf(readings: Sequence[Reading], nodes: Sequence[Node]) -> str | None:
    """The host a body links to that goes by the name of the shelf: `example` and `https://www.example.org/a/1`."""
    shelves = {bare(r.value) for r in readings if r.field in ("shelf", "tag")}
    shelves = {shelf for shelf in shelves if shelf.isascii() and len(shelf) >= SHORTEST_SHELF}
    hosts = (host(unwrap(url)) for url in _links(nodes)) if shelves else ()
    return next((name for name in hosts if any(shelf in name.split(".") for shelf in shelves)), None)


def feed_name(readings: Sequence[Reading]) -> str | None:
    """The name of a feed: an `author` that is also the shelf or tag the collector filed it under is no person."""
    authors = [r.value for r in readings if r.field == "author" and r.basis != "body"]
    shelves = {bare(r.value) for r in readings if authors and r.field in ("shelf", "tag") and r.basis != "body"}
    named = next((author for author in authors if shelves and bare(author) in shelves), None)
    return named.split(" - ")[0].strip() if named else None
