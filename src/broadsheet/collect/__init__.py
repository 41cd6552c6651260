"""Where source files come from: folders, archives and git repositories, streamed in a stable order, with a hash."""

from broadsheet.collect.files import Digest, Refused, digest, read
from broadsheet.collect.media_types import media_type
from broadsheet.collect.members import Member, members
from broadsheet.collect.offers import Inside, Offer, offers
from broadsheet.collect.sources import Sources

__all__ = [
    "Digest",
    "Inside",
    "Member",
    "Offer",
    "Refused",
    "Sources",
    "digest",
    "media_type",
    "members",
    "offers",
    "read",
]
