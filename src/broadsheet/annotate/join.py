"""Tellings of one article that tell one event."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from broadsheet.annotate.telling import Telling
from broadsheet.kinds import CONTACTS, SPEECH, family

# What people do at such an event, and so on its day.
ACTS = frozenset({"agreement", "invitation", "promise", "threat", "demand"})
FRESH = timedelta(days=7)
ADJOINING = 12
Country = Callable[[str], str | None]


@dataclass(slots=True)
class Event:
    """Tellings found to be of one event so far."""

    key: int
    type: str
    status: str
    tellings: list[Telling] = field(default_factory=list)
    actors: set[str] = field(default_factory=set)
    speakers: set[str] = field(default_factory=set)
    date_start: date | None = None
    date_end: date | None = None
    dated: bool = False

    def add(self, telling: Telling) -> None:
        """Take in one more telling."""
        self.tellings.append(telling)
        self.actors |= {entity for entity, _ in telling.participants}
        self.speakers |= telling.speakers()
        if telling.dated and not self.dated:
            self.date_start, self.date_end, self.dated = telling.date_start, telling.date_end, True


def join(tellings: Sequence[Telling], country: Country) -> list[Event]:
    """Group tellings into events, in the order of their first telling.

    Args:
        tellings: Of one article, body first, then title.
        country: Country a person or body serves, or a place lies in.
    """
    events: list[Event] = []
    waiting: Telling | None = None
    for telling in tellings:
        if telling.refers and waiting and _follows(telling, waiting):
            event = Event(len(events), waiting.type, waiting.status)
            events.append(event)
            event.add(waiting)
        else:
            found = _event_of(telling, events, country)
            if found is None and not telling.complete:
                waiting = telling if telling.type in CONTACTS and telling.dated else waiting
                continue
            event = found or Event(len(events), telling.type, telling.status)
            if found is None:
                events.append(event)
        waiting = None
        event.add(telling)
    return events


def _follows(telling: Telling, waiting: Telling) -> bool:
    """Whether people are said to attend a meeting that was announced, without them, right before."""
    return telling.field == waiting.field and 0 <= telling.start - waiting.end <= ADJOINING


def _event_of(telling: Telling, events: Sequence[Event], country: Country) -> Event | None:
    exact = frozenset({telling.type})
    for kin in (family(telling.type),) if telling.complete else (exact, family(telling.type)):
        for event in reversed(events):
            if event.type in kin and _agree(telling, event):
                return event
    if telling.headline:
        for event in events:
            if event.type in family(telling.type) and _sums_up(telling, event, country):
                return event
    return None


def _sums_up(telling: Telling, event: Event, country: Country) -> bool:
    """Whether a headline that names only countries means what their people are told to have done."""
    if telling.status != event.status and telling.type not in SPEECH:
        return False
    speech = telling.type in SPEECH
    named = telling.speakers() if speech else {entity for entity, _ in telling.participants}
    acting = event.speakers if speech else event.actors
    countries = {country(entity) for entity in named}
    return bool(named) and None not in countries and countries <= {country(entity) for entity in acting}


def _agree(telling: Telling, event: Event) -> bool:
    if telling.status != event.status and telling.type not in SPEECH:
        return False
    if telling.ongoing != event.tellings[0].ongoing:
        return False
    if telling.dated and event.dated and not _overlap(telling, event):
        return False
    if telling.type in SPEECH:
        return not telling.speakers().isdisjoint(event.speakers)
    if telling.refers:
        return True
    actors = {entity for entity, _ in telling.participants}
    if not telling.complete:
        return actors <= event.actors
    return actors <= event.actors or event.actors <= actors or len(actors & event.actors) >= 2


def _overlap(telling: Telling, event: Event) -> bool:
    low, high = date.min, date.max
    return (telling.date_start or low) <= (event.date_end or high) and (event.date_start or low) <= (
        telling.date_end or high
    )


def settle(events: Sequence[Event], published: date | None, country: Country) -> None:
    """Date what is told without a date by the event the article is about.

    What its parties did there they did on its day; what they said of it they said between that day and publication.

    Args:
        events: Events of one article; their tellings are replaced in place.
        published: The article's day.
        country: Country a person or body serves.
    """
    focus = _focus(events, published)
    if focus is None or focus.date_end is None:
        return
    parties = focus.actors | {c for actor in focus.actors if (c := country(actor))}
    for event in events:
        if event.dated or event.status != "occurred" or event.type not in ACTS | SPEECH | CONTACTS:
            continue
        if parties.isdisjoint({*event.actors, *(country(actor) for actor in event.actors)}):
            continue
        contact = event.type in CONTACTS
        if contact and not any(telling.at_once for telling in event.tellings):
            continue
        later = any(telling.after_event for telling in event.tellings)
        party = not later and not event.speakers.isdisjoint(focus.actors)
        for number, telling in enumerate(event.tellings):
            if telling.date_start is None and telling.date_end == published:
                there = contact or event.type in ACTS or telling.at_event or party
                end = focus.date_end if there else published
                event.tellings[number] = replace(telling, date_start=focus.date_end, date_end=end, date_precision="day")


def fill(events: Sequence[Event]) -> None:
    """Give tellings that only point to an event what the article says of it elsewhere: its date and its people.

    `date_text` stays empty: the words that date it stand in another clause.
    """
    for event in events:
        source = next((t for t in event.tellings if t.dated), None)
        people = next((t.participants for t in event.tellings if t.complete), ())
        for number, telling in enumerate(event.tellings):
            filled = telling
            if source and not telling.dated and (telling.date_start is None or telling.date_end is None):
                filled = replace(
                    filled,
                    date_start=source.date_start,
                    date_end=source.date_end,
                    date_precision=source.date_precision,
                )
            if not telling.complete:
                own = {entity for entity, _ in telling.participants}
                rest = tuple((entity, role) for entity, role in people if entity not in own)
                filled = replace(filled, participants=telling.participants + rest)
            event.tellings[number] = filled


def _focus(events: Sequence[Event], published: date | None) -> Event | None:
    """The first contact that took place on one known day not long before publication."""
    for event in events:
        day = event.date_end if event.dated and event.date_start == event.date_end else None
        if event.type not in CONTACTS or event.status != "occurred" or not day or not published:
            continue
        if timedelta(0) <= published - day <= FRESH:
            return event
    return None
