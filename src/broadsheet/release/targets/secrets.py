"""Keeping secrets out of what is printed: messages of servers and clients are shortened, and cleared of them."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

LENGTH: Final = 300


def cleared(text: str, secrets: Iterable[str | None]) -> str:
    """A message as one line, of bounded length, without the secrets."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    return " ".join(text.split())[:LENGTH]


@contextmanager
def quiet_clients() -> Iterator[None]:
    """Silence logging below errors: clients log signed addresses as warnings, and session tokens at debug level.

    Their loggers come into being while they are imported and set their own levels, so only the switch for all holds.
    """
    before = logging.root.manager.disable
    logging.disable(max(before, logging.WARNING))
    try:
        yield
    finally:
        logging.disable(before)
