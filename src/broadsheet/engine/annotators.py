"""The annotator a project names: the one of the language packs, or one that another package offers.

Packages offer annotators as entry points of one group. What an entry point names is called without arguments, once in
every process, and must give an object like `AnnotatorLike`.
"""

import hashlib
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from broadsheet.engine import fingerprints
from broadsheet.engine.process import AnnotatorLike, annotator_of, default_annotator
from broadsheet.findings import error
from broadsheet.project import OWN_ANNOTATOR

GROUP: Final = "broadsheet.annotators"
CODES: Final = ("plover", "cameo", "label_en", "label_zh", "mutual")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Makes the annotator of that name; equal names are equal in every process."""

    name: str

    def __call__(self) -> AnnotatorLike:
        """The annotator.

        Raises:
            BroadsheetError: `annotator-unknown`, `annotator-invalid`.
        """
        return default_annotator() if self.name == OWN_ANNOTATOR else _made(_offered(self.name))

    def fingerprint(self) -> str:
        """Of everything its annotations depend on; Broadsheet's own is not loaded for that.

        Raises:
            BroadsheetError: `annotator-unknown`, `annotator-invalid`.
        """
        own = fingerprints.annotator()
        if self.name == OWN_ANNOTATOR:
            return own
        offered = _offered(self.name)
        version = offered.dist.version if offered.dist else ""
        parts = (self.name, offered.value, version, annotator_of(self).fingerprint, own)  # it may use our own
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _offered(name: str) -> EntryPoint:
    offers = entry_points(group=GROUP)
    found = list({offer.value: offer for offer in offers if offer.name == name}.values())
    if not found:
        known = ", ".join(sorted({OWN_ANNOTATOR, *(offer.name for offer in offers)}))
        raise error("annotator-unknown", f"no installed package offers the annotator {name!r}; there are: {known}")
    if len(found) > 1:
        which = " and ".join(sorted(offer.value for offer in found))
        raise error("annotator-invalid", f"two packages offer an annotator {name!r}: {which}")
    return found[0]


def _made(offered: EntryPoint) -> AnnotatorLike:
    """What the entry point gives, if it is an annotator."""
    try:
        annotator = offered.load()()
        fingerprint, types = annotator.fingerprint, annotator.event_types()
    except Exception as problem:  # code of others: whatever it raises, the build ends and says so
        raise _invalid(offered, f"cannot be used: {type(problem).__name__}: {problem}") from problem
    if not isinstance(fingerprint, str) or not fingerprint:
        raise _invalid(offered, f"has the fingerprint {fingerprint!r}; a text is needed")
    if not callable(getattr(annotator, "annotate", None)):
        raise _invalid(offered, "has no method annotate(article)")
    lacking = [f"{name}.{key}" for name, codes in types.items() for key in CODES if not hasattr(codes, key)]
    if lacking:
        raise _invalid(offered, f"says too little of its event types: {', '.join(lacking[:5])}")
    made: AnnotatorLike = annotator
    return made


def _invalid(offered: EntryPoint, what: str) -> Exception:
    return error("annotator-invalid", f"the annotator {offered.name!r} ({offered.value}) {what}")
