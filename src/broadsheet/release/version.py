"""Semantic versions 2.0.0 of a dataset, and the next one a step calls for.

Below 1.0.0 a breaking change raises the minor number, as semver.org leaves open and most projects do; otherwise data
counts as code does: more rows or columns are a minor step, corrections a patch. A pre-release comes before its version:
after 2.0.0-rc.1 comes 2.0.0, unless the differences since then call for a longer step than 2.0.0 already is.
"""

import re
from dataclasses import dataclass
from functools import total_ordering
from typing import Final, Literal

Step = Literal["major", "minor", "patch", "none"]
STEPS: Final[tuple[Step, ...]] = ("none", "patch", "minor", "major")
NUMBER: Final = r"(?:0|[1-9][0-9]*)"
PART: Final = rf"(?:{NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
FORM: Final = re.compile(
    rf"({NUMBER})\.({NUMBER})\.({NUMBER})(?:-({PART}(?:\.{PART})*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?",
    re.ASCII,
)
LONGEST: Final = 256
"""Characters of a version; what is longer was not written by a person."""


@total_ordering
@dataclass(frozen=True, slots=True)
class Version:
    """A version; two that differ in build metadata only are equal.

    Attributes:
        core: Major, minor, patch.
        pre: Identifiers of the pre-release; none if it is not one.
    """

    core: tuple[int, int, int]
    pre: tuple[str, ...] = ()

    def __str__(self) -> str:
        numbers = ".".join(map(str, self.core))
        return f"{numbers}-{'.'.join(self.pre)}" if self.pre else numbers

    def __lt__(self, other: "Version") -> bool:
        return self._rank() < other._rank()

    def _rank(self) -> tuple[object, ...]:
        """Numbers before words, fewer identifiers before more, a pre-release before its version."""
        parts = tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in self.pre)
        return self.core, not self.pre, parts


def parse_version(text: str | None) -> Version | None:
    """The version a text is; None if it is none."""
    match = FORM.fullmatch(text) if text and len(text) <= LONGEST else None
    if match is None:
        return None
    core = (int(match[1]), int(match[2]), int(match[3]))
    return Version(core, tuple(match[4].split(".")) if match[4] else ())


def following(old: Version, step: Step) -> Version:
    """The least version after `old` that is a step of this length and no pre-release; `old` itself for no step."""
    major, minor, patch = old.core
    if step == "none":
        return old
    if step == "major" and major == 0:
        step = "minor"
    if old.pre and STEPS.index(step) <= STEPS.index(_own_step(old)):
        return Version(old.core)
    if step == "major":
        return Version((major + 1, 0, 0))
    return Version((major, minor + 1, 0) if step == "minor" else (major, minor, patch + 1))


def reaches(new: Version, old: Version, step: Step) -> bool:
    """Whether `new` says what the step from `old` calls for. A pre-release of the version called for does, too."""
    if step == "none":
        return new >= old
    return new > old and new.core >= following(old, step).core


def _own_step(version: Version) -> Step:
    """The longest step a version can be, by its zeros."""
    _, minor, patch = version.core
    return "patch" if patch else "minor" if minor else "major"
