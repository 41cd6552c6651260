"""Addresses: proxies, archives and redirectors unwrapped, everything else kept as printed."""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

WRAPPERS: Final = ("srv.nl", "archive", "arquivo", "url=", "u=", "q=", "to=", "target=", "ampproject", "/amp/", "/web/")
"""A cheap first look: an address without any of these wraps no other."""
PROXY: Final = re.compile(r"(?:https?:)?//(?:images\.)?(?:weserv|wsrv)\.nl/?\?(?:[^#]*?&(?:amp;)?)?url=([^&]+)", re.I)
ARCHIVE: Final = re.compile(
    r"(?:(?:https?:)?//(?:[\w-]+\.)*(?:archive(?:-it)?\.(?:org|is|ph|li|today|md|vn|fo)|webarchive\.org\.uk|arquivo\.pt)"
    r"(?::\d+)?(?:/(?:web|wayback|archive|all|\d{3,6}))*|/web)/"
    r"(?:(?:\d{4,14}\*?|\*|2)(?:[a-z]{2}_)?/)(?=(?:https?|ftp)(?::|%3a)|//|www\.|[\w-]+(?:\.[\w-]+)+(?:[/?:]|\Z))",
    re.I,
)
REDIRECTORS: Final = {
    "news.google.com": "url", "google.com": "url q", "google.com.hk": "url q", "google.co.jp": "url q",
    "l.facebook.com": "u", "lm.facebook.com": "u", "out.reddit.com": "url", "bing.com": "url",
    "translate.google.com": "u", "link.zhihu.com": "target", "sinaurl.cn": "u", "weibo.cn": "u",
    "jianshu.com": "url to", "safelinks.protection.outlook.com": "url", "vk.com": "to", "youtube.com": "q",
    "link.csdn.net": "target", "steamcommunity.com": "url", "exit.sc": "url",
}  # fmt: skip
AMP_CACHE: Final = re.compile(r"(?:https?:)?//[\w-]+\.cdn\.ampproject\.org/(?:[a-z]/)?(s/)?", re.I)
AMP_VIEWER: Final = re.compile(r"(?:https?:)?//(?:www\.)?google\.[a-z.]{2,6}/amp/(s/)?", re.I)
GOOGLE_CACHE: Final = re.compile(
    r"(?:https?:)?//webcache\.googleusercontent\.com/search\?q=cache:(?:[\w-]+:)?(?=https?[:%])", re.I
)
SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
ONE_SLASH: Final = re.compile(r"(https?):/+(?=[^/])", re.I)
HOST: Final = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//(?:[^/?#@\s]*+@)?([^/?#:\s\[\]]+)")
WEB: Final = re.compile(r"(?:https?:)?//[^\s/]+\.[^\s/]+", re.I)
FULL_DATE: Final = re.compile(
    r"(?<!\d)((?:19|20)\d{2})([-/._]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)"
    r"|/((?:19|20)\d{2})([-/])(1[0-2]|0?[1-9])\6(3[01]|[12]\d|0?[1-9])(?=[/_-])"
    r"|/((?:19|20)\d{2})/?(0[1-9]|1[0-2])/?(0[1-9]|[12]\d|3[01])(?=[/_.-])"
)
DEEPEST: Final = 4


@lru_cache(maxsize=256)  # the address of an article is looked at by several rules
def unwrap(url: str) -> str:
    """The address itself, without image proxies, archive prefixes and redirectors; otherwise as printed.

    A wrapped address without a scheme gets `https://` from an image proxy, as that reads it, and `http://` from an
    archive.
    """
    url = url.strip()
    for _ in range(DEEPEST):
        if not any(map(url.lower().__contains__, WRAPPERS)):
            break
        inner = _inner(url)
        if inner is None:
            break
        url = inner
    return url


def _inner(url: str) -> str | None:
    if match := PROXY.match(url):
        return _with_scheme(_decoded(match[1]).removeprefix("ssl:"), "https")
    if match := ARCHIVE.match(url):
        return _with_scheme(ONE_SLASH.sub(r"\1://", _decoded(url[match.end() :]), count=1), "http")
    for cache in (AMP_CACHE, AMP_VIEWER):
        if (match := cache.match(url)) and "." in url[match.end() :].split("/", maxsplit=1)[0]:
            return f"{'https' if match[1] else 'http'}://{url[match.end() :]}"
    if match := GOOGLE_CACHE.match(url):
        return _decoded(url[match.end() :].split("+", maxsplit=1)[0])
    return _redirected(url)


def _redirected(url: str) -> str | None:
    """Where a redirector that names its target in the query leads."""
    before, mark, query = url.partition("?")
    name = host(before)
    names = REDIRECTORS.get(name) or REDIRECTORS.get(name.partition(".")[2])
    if not mark or not names:
        return None
    for part in query.split("#")[0].replace("&amp;", "&").split("&"):
        key, _, value = part.partition("=")
        value = _decoded(value)
        if key in names.split() and WEB.match(value):
            return value
    return None


def _decoded(address: str) -> str:
    """An address that was percent-encoded to stand in another; one that was not is left as it is."""
    encoded = re.match(r"(?:ssl:)?(?:https?%3a|[^/?]*%2f)", address, re.I)
    return unquote(address) if encoded else address


def _with_scheme(address: str, scheme: str) -> str:
    if SCHEME.match(address) and not re.match(r"[\w.-]+:\d+(?:/|$)", address):
        return address
    return address if address.startswith("//") else f"{scheme}://{address.lstrip('/')}"


def is_url(text: str) -> bool:
    """Whether a value is a web address with a host."""
    return WEB.match(text) is not None and "\n" not in text


def host(url: str) -> str:
    """The host of an address in lower case, without `www.`; empty if it has none."""
    match = HOST.match(url if "//" in url else f"//{url}")
    return match[1].lower().removeprefix("www.") if match else ""


def on_domain(url: str, domain: str) -> bool:
    """Whether an address lies on a domain or below it."""
    name = host(url)
    return name == domain or name.endswith(f".{domain}")


def date_in(text: str) -> str | None:
    """A full date that stands in an address or a path (`/20250213/`, `/2025/2/13/`), as ISO; None if there is none."""
    match = FULL_DATE.search(text)
    if not match:
        return None
    groups = match.groups()
    year, month, day = next(
        (groups[i], groups[j], groups[k]) for i, j, k in ((0, 2, 3), (4, 6, 7), (8, 9, 10)) if groups[i]
    )
    return f"{year}-{int(month):02d}-{int(day):02d}"
