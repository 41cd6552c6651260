"""Addresses of pages, compared: without what differs between two ways to the same page."""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

TRACKING: Final = re.compile(r"^(?:utm_\w+|fbclid|gclid|mc_[ce]id|from|ref|spm)=")
ANY: Final = "*"
"""Stands for any characters in a pattern. `?` and `[` are parts of addresses, and mean themselves."""


def address_key(url: str | None) -> str | None:
    """An address without what differs between two ways to the same page; None if it names no page, only a site."""
    if not url:
        return None
    _, separator, rest = url.strip().partition("://")
    if not separator:
        return None
    rest, _, _ = rest.partition("#")
    place, _, query = rest.partition("?")
    host, _, path = place.partition("/")
    steps = [step for step in unquote(path, errors="replace").split("/") if step]
    kept = sorted(part for part in query.split("&") if part and not TRACKING.match(part))
    if not steps and not kept:
        return None
    host = host.casefold().removeprefix("www.")
    return f"{host}/{'/'.join(steps)}" + (f"?{unquote('&'.join(kept), errors='replace')}" if kept else "")


def normal_form(url: str) -> str:
    """The same, also of a site: `example.org/`; of what is no address, the text itself."""
    key = address_key(url)
    if key is not None:
        return key
    _, separator, rest = url.strip().partition("://")
    host, _, _ = rest.partition("#")[0].partition("/")
    return f"{host.casefold().removeprefix('www.')}/" if separator else url.strip()


def pattern(form: str) -> Callable[[str], bool]:
    """Whether a normal form fits another one that may hold `*`; linear in the length of both."""
    first, *rest = form.split(ANY)
    if not rest:
        return form.__eq__
    *middle, last = rest

    def fits(address: str) -> bool:
        if not address.startswith(first) or not address.endswith(last) or len(address) < len(first) + len(last):
            return False
        at, end = len(first), len(address) - len(last)
        for part in middle:
            found = address.find(part, at, end)
            if found < 0:
                return False
            at = found + len(part)
        return True

    return fits
