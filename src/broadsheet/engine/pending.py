"""What is to be looked at: files, and members of archives that were read already."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadsheet.collect import Offer, Refused
from broadsheet.document import SourceFile
from broadsheet.engine.shards import Key
from broadsheet.ids import short_hash

if TYPE_CHECKING:
    from broadsheet.annotate.model import Learnt


@dataclass(frozen=True, slots=True)
class Pending:
    """A file to look at.

    Attributes:
        settings: As in `Known`.
        content: Of a member of an archive, which was read already.
        learnt: Names that other files taught it; None as long as nobody looked for them.
    """

    offer: Offer
    settings: str
    content: SourceFile | Refused | None = None
    learnt: "tuple[Learnt, ...] | None" = None

    @property
    def key(self) -> Key:
        """Collection and path."""
        return self.offer.collection, self.offer.path


def hash_of(names: "Iterable[Learnt]") -> str:
    """Of the names a file was annotated with that other files taught, as in `Known`; "" if there are none."""
    known = sorted((name.form, name.entity_id, name.type) for name in names)
    return short_hash(*(part for name in known for part in name)) if known else ""
