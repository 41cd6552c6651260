"""Addresses: proxies and archives unwrapped, everything else kept as printed."""

import re
from typing import Final
from urllib.parse import unquote, urlsplit

PROXY: Final = re.compile(r"(?:https?:)?//(?:images\.)?weserv\.nl/?\?(?:[^#]*&)?url=([^&]+)", re.I)
ARCHIVE: Final = re.compile(r"(?:https?:)?//web\.archive\.org/web/\d{1,14}(?:[a-z]{2}_)?/", re.I)
SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
FULL_DATE: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})([-/]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")


def unwrap(url: str) -> str:
    """The address itself, without image proxies and archive prefixes; otherwise as printed.

    A proxied address without a scheme gets `https://`, as the proxy reads it.
    """
    url = url.strip()
    for _ in range(4):
        if match := PROXY.match(url):
            url = unquote(match[1]) if "%2f" in match[1].lower() or "%3a" in match[1].lower() else match[1]
            url = re.sub(r"^ssl:", "", url)
            if not SCHEME.match(url) and not url.startswith("//"):
                url = f"https://{url}"
        elif match := ARCHIVE.match(url):
            url = url[match.end() :]
            if not SCHEME.match(url):
                url = f"http://{url.lstrip('/')}"
        else:
            break
    return url


def is_url(text: str) -> bool:
    """Whether a value is a web address with a host."""
    return bool(re.match(r"(?:https?:)?//[^\s/]+\.[^\s/]+", text)) and "\n" not in text


def host(url: str) -> str:
    """The host of an address in lower case, without `www.`; empty if it has none."""
    try:
        name = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""
    return name.removeprefix("www.")


def on_domain(url: str, domain: str) -> bool:
    """Whether an address lies on a domain or below it."""
    name = host(url)
    return name == domain or name.endswith(f".{domain}")


def date_in(text: str) -> str | None:
    """A full date that stands in an address or a path (`/20250213/`, `/2025/02/13/`), as ISO; None if there is none."""
    match = FULL_DATE.search(text)
    return f"{match[1]}-{match[3]}-{match[4]}" if match else None
