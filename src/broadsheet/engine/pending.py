"""What is to be looked at: files, and members of archives that were read already."""

from dataclasses import dataclass

from broadsheet.collect import Offer, Refused
from broadsheet.document import SourceFile
from broadsheet.engine.shards import Key


@dataclass(frozen=True, slots=True)
class Pending:
    """A file to look at; `settings` as in `Known`, `content` of a member of an archive, which was read already."""

    offer: Offer
    settings: str
    content: SourceFile | Refused | None = None

    @property
    def key(self) -> Key:
        """Collection and path."""
        return self.offer.collection, self.offer.path
