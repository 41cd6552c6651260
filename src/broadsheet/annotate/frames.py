"""Event types and the frames that tell them, as `packs/*/frames/*.yaml` give them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from broadsheet.annotate.model import Status
from broadsheet.annotate.phrases import with_symbols
from broadsheet.schema.strict_yaml import read_yaml


@dataclass(frozen=True, slots=True)
class Frame:
    """One way in which a clause tells an event.

    Attributes:
        id: Stable id, published as `event_reports.rule`.
        type: Event type.
        trigger: Over masked text (see `phrases`).
        roles: Grammatical function -> participant role.
        actors: How many participants it needs.
        needs: Functions that must be filled.
        noun: The trigger names an event as a thing: what stands before it with 的 takes part.
        place: Function whose place is where it happened.
        status: Fixed status, if the words leave no doubt.
        statement: A speech verb: what follows is what its subject says.
        inherits: Its subject may stand in another clause.
        apart: What it tells is never the same event as what another frame tells.
        people: A person can take part; none is party to an earthquake.
        own: Its subject stands in its own clause or in the sentence's clauses before; never in another sentence.
        otherwise: The type it tells with fewer participants than `actors`.
        collective: One body or region is participants enough.
        refers: It only adds people to the last event people met at.
        press: A newspaper, agency or broadcaster speaks for itself in it.
        prior: It took place before what its sentence tells of: the time there does not date it.
        bounded: Without a date of its own, what it tells took place by the day of publication.
    """

    id: str
    type: str
    trigger: re.Pattern[str]
    roles: dict[str, str]
    actors: int = 1
    needs: tuple[str, ...] = ()
    noun: bool = False
    place: str | None = None
    status: Status | None = None
    statement: bool = False
    prior: bool = False
    bounded: bool = True
    refers: bool = False
    collective: bool = False
    otherwise: str | None = None
    own: bool = False
    press: bool = False
    people: bool = True
    apart: bool = False
    inherits: bool = True


@dataclass(frozen=True, slots=True)
class EventType:
    """Codes and labels of an event type."""

    name: str
    plover: str | None
    cameo: str | None
    label_en: str
    label_zh: str
    mutual: bool


@cache
def event_types(folder: Path) -> Mapping[str, EventType]:
    """Codes and labels of the event types of a pack, by name, without loading it."""
    files = sorted((folder / "frames").glob("*.yaml"))
    return dict(sorted((name, _type(name, entry)) for file in files for name, entry in read_yaml(file).value.items()))


def load_frames(folder: Path) -> tuple[dict[str, EventType], tuple[Frame, ...]]:
    """Event types of a pack by name, and the frames that tell them, in the order of the files."""
    types: dict[str, EventType] = {}
    frames: list[Frame] = []
    for file in sorted((folder / "frames").glob("*.yaml")):
        for name, entry in read_yaml(file).value.items():
            types[name] = _type(name, entry)
            apart = entry.get("apart", False)
            for rule in entry.get("frames", []):
                trigger = re.compile(with_symbols(rule["trigger"]))
                needs = tuple(rule.get("needs", ()))
                frames.append(Frame(**{"apart": apart, **rule, "type": name, "trigger": trigger, "needs": needs}))
    return types, tuple(frames)


def _type(name: str, entry: dict[str, Any]) -> EventType:
    return EventType(name, entry.get("plover"), entry.get("cameo"), entry["en"], entry["zh"], bool(entry.get("mutual")))
