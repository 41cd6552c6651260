"""Where source files come from: folders and globs, streamed in a stable order, to bytes with a hash."""

from broadsheet.collect.files import Digest, digest, read
from broadsheet.collect.media_types import media_type
from broadsheet.collect.offers import Offer, offers

__all__ = ["Digest", "Offer", "digest", "media_type", "offers", "read"]
