"""What the articles of a corpus taught about names, as one lexicon: the same whatever order they are read in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

EntityType = Literal["person", "organization", "place"]
Form = tuple[str, str]
"""Language, and a name as the pack of that language folds it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One article says whose name a form is; see `annotate.model.Taught`."""

    language: str
    form: str
    entity_id: str
    type: EntityType
    how: str
    own: bool


def lexicon(claims: Iterable[Claim]) -> dict[Form, tuple[str, EntityType]]:
    """The entity and type of every form that all articles agree on, sorted by form.

    A form that two entities claim is left out. An entity known by nothing but its name is the one that another article
    knows better by that name. A full name that stands for nobody else is recognized without a lexicon.
    """
    by_form: dict[Form, set[Claim]] = defaultdict(set)
    for claim in claims:
        by_form[claim.language, claim.form].add(claim)
    better = dict(_better(by_form))
    found = {}
    for form, some in sorted(by_form.items()):
        owners = {(better.get(claim.entity_id, claim.entity_id), claim.type) for claim in some}
        if len(owners) > 1:  # what an office alone tells yields to what the full name tells
            owners = {(better.get(c.entity_id, c.entity_id), c.type) for c in some if not (c.own and c.how == "office")}
        if len(owners) == 1 and not all(c.own and c.how == "full" and c.entity_id not in better for c in some):
            (found[form],) = owners
    return found


def _better(by_form: Mapping[Form, set[Claim]]) -> Iterator[tuple[str, str]]:
    """Entities known only by their name, and who they are, where a Latin name says so."""
    for some in by_form.values():
        owners = {claim.entity_id for claim in some if claim.how == "latin"}
        for claim in some:
            if claim.own and claim.how != "latin" and len(owners) == 1:
                yield claim.entity_id, min(owners)
