"""Tellings of one article that tell one event."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from broadsheet.annotate.speeches import distance, is_speech, is_state, named_as, occasion_of, speaks_as_country
from broadsheet.annotate.telling import Telling
from broadsheet.kinds import CONTACTS, SPEECH, family

ADJOINING = 12
# What people do for their countries, so that either may be named for it.
STATELY = frozenset({"agreement", "call", "sanction", "sanction_relief", "summit"})
# How many events of an article are remembered: the cost stays linear where it tells no end of them.
REACH = 100
# What is dated longer before the news is another event, if it is also of another type.
PAST = timedelta(days=60)
Country = Callable[[str], str | None]


@dataclass(slots=True, eq=False)
class Event:
    """Tellings found to be of one event so far."""

    key: int
    type: str
    status: str
    tellings: list[Telling] = field(default_factory=list)
    actors: set[str] = field(default_factory=set)
    speakers: set[str] = field(default_factory=set)
    initiators: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)
    media: set[str] = field(default_factory=set)
    earlier: bool = False
    aside: bool = True
    date_start: date | None = None
    date_end: date | None = None
    dated: bool = False

    def add(self, telling: Telling) -> None:
        """Take in one more telling."""
        self.tellings.append(telling)
        self.actors |= {entity for entity, _ in telling.participants}
        self.speakers |= telling.speakers()
        self.initiators |= telling.initiators()
        self.targets |= telling.targets()
        self.media |= telling.occasion.media
        self.earlier = self.earlier or telling.occasion.earlier
        self.aside = self.aside and telling.occasion.aside
        if telling.dated and not self.dated:
            self.date_start, self.date_end, self.dated = telling.date_start, telling.date_end, True

    def overlaps(self, telling: Telling) -> bool:
        """Whether both may have been on one day."""
        low, high = date.min, date.max
        return (telling.date_start or low) <= (self.date_end or high) and (self.date_start or low) <= (
            telling.date_end or high
        )


def join(tellings: Sequence[Telling], country: Country, published: date | None = None) -> list[Event]:
    """Group tellings into events, in the order of their first telling.

    Args:
        tellings: Of one article, body first, then title.
        country: Country a person or body serves, or a place lies in.
        published: The article's day.
    """
    events: list[Event] = []
    acts: list[Event] = []
    spoken: list[Event] = []
    waiting: Telling | None = None
    # A subheading sums up what is told after it, and so does what a country is said to say.
    for telling in sorted(tellings, key=lambda t: is_speech(t) and (t.headline or speaks_as_country(t))):
        if telling.refers and waiting and _follows(telling, waiting):
            event = Event(len(events), waiting.type, waiting.status)
            events.append(event)
            event.add(waiting)
        else:
            found = _speech_of(telling, spoken[-REACH:], country, published) if is_speech(telling) else None
            found = found or _event_of(telling, acts[-REACH:], country)
            if found is None and not telling.complete:
                waiting = telling if telling.type in CONTACTS and telling.dated else waiting
                continue
            event = found or Event(len(events), telling.type, telling.status)
            if found is None:
                events.append(event)
        waiting = None
        event.add(named_as(telling, event) if found and telling.headline and is_speech(telling) else telling)
        if is_speech(telling):  # the occasion told last stands at the end
            spoken = [*(e for e in spoken[-REACH:] if e is not event), event]
            acts = [e for e in acts[-REACH:] if e is not event]
        elif event not in acts[-REACH:] and event not in spoken:
            acts.append(event)
    return events


def _follows(telling: Telling, waiting: Telling) -> bool:
    """Whether people are said to attend a meeting that was announced, without them, right before."""
    return telling.field == waiting.field and 0 <= telling.start - waiting.end <= ADJOINING


def _speech_of(telling: Telling, spoken: Sequence[Event], country: Country, published: date | None) -> Event | None:
    bare = speaks_as_country(telling)
    found = None if bare and telling.headline else occasion_of(telling, spoken, published)
    if found or not (telling.headline or bare):
        return found
    voices = [e for e in spoken if e.status == telling.status and _sums_up(telling, e, country)]
    voices = [e for e in voices if e.dated or telling.headline or not telling.dated]
    voices.sort(key=lambda event: distance(telling, event))
    if voices and (telling.headline or len(voices) == 1):
        return voices[0]
    return occasion_of(telling, spoken, published)


def _event_of(telling: Telling, events: Sequence[Event], country: Country) -> Event | None:
    exact = frozenset({telling.type})
    for kin in (family(telling.type),) if telling.complete else (exact, family(telling.type)):
        for event in reversed(events):
            if event.type in kin and _agree(telling, event):
                return event
    if telling.headline:
        for event in events:
            if event.type in family(telling.type) and not _differ(telling, event) and _sums_up(telling, event, country):
                return event
    for event in reversed(events):
        if event.type == telling.type and telling.type in STATELY and _same_sides(telling, event, country):
            return event
    return None


def _sums_up(telling: Telling, event: Event, country: Country) -> bool:
    """Whether a headline that names only countries means what their people are told to have done."""
    if telling.status != event.status and telling.type not in SPEECH:
        return False
    if telling.ongoing != event.tellings[0].ongoing:
        return False
    if telling.dated and event.dated and not event.overlaps(telling):
        return False
    speech = telling.type in SPEECH
    named = telling.speakers() if speech else {entity for entity, _ in telling.participants}
    acting = event.speakers if speech else event.actors
    if not speech and any(entity.startswith("per/") and entity not in acting for entity in named):
        return False
    countries = {country(entity) for entity in named}
    return bool(named) and None not in countries and countries <= {country(entity) for entity in acting}


def _agree(telling: Telling, event: Event) -> bool:
    if telling.status != event.status and telling.type not in SPEECH:
        return False
    if telling.ongoing != event.tellings[0].ongoing:
        return _began(telling, event)
    if telling.dated and event.dated and not event.overlaps(telling):
        return False
    if telling.type in SPEECH:
        return not telling.speakers().isdisjoint(event.speakers)
    if telling.type != event.type and telling.dated != event.dated and _ages_apart(telling, event.tellings[0]):
        return False
    if telling.refers:
        return True
    if _differ(telling, event):
        return False
    actors = {entity for entity, _ in telling.participants}
    if not telling.complete:
        return actors <= event.actors
    return actors <= event.actors or event.actors <= actors or len(actors & event.actors) >= 2


def _began(telling: Telling, event: Event) -> bool:
    """Whether one is a war spoken of as such, and the other the invasion that began it."""
    actors = {entity for entity, _ in telling.participants}
    if telling.ongoing:
        return event.type == "invasion" and actors <= event.actors
    return telling.type == "invasion" and event.actors <= actors


def _same_sides(telling: Telling, event: Event, country: Country) -> bool:
    """Whether one names the countries whose people the other names."""
    first = event.tellings[0]
    if telling.status != event.status or telling.ongoing != first.ongoing or _opposed(telling, event):
        return False
    if telling.dated and event.dated and not event.overlaps(telling):
        return False
    named = {entity for entity, _ in telling.participants}
    sides = {country(entity) for entity in named}
    if not telling.complete or None in sides or len(sides) < 2:
        return False
    return _stand_for(named, event.actors, country) and _stand_for(event.actors, named, country)


def _stand_for(named: Collection[str], others: Collection[str], country: Country) -> bool:
    """Whether each is named among the others too, or is the country of one of them, or serves one."""
    served = {country(other) for other in others}
    states = {country(other) for other in others if is_state(other)}
    return all(n in others or country(n) in (served if is_state(n) else states) for n in named)


def _ages_apart(telling: Telling, other: Telling) -> bool:
    """Whether one is dated long before the day by which the other took place: an invasion, and attacks in its war."""
    ends = [end for end in (telling.date_end or telling.date_start, other.date_end or other.date_start) if end]
    return len(ends) == 2 and abs(ends[0] - ends[1]) > PAST


def _differ(telling: Telling, event: Event) -> bool:
    """Whether the frames tell events of different kinds, or the sides are not the same."""
    first = event.tellings[0]
    return (telling.rule != first.rule and (telling.apart or first.apart)) or _opposed(telling, event)


def _opposed(telling: Telling, event: Event) -> bool:
    """Whether who acts in one is whom it is done to in the other: both sides strike."""
    acting, theirs = telling.initiators(), event.initiators
    both = acting and theirs and acting.isdisjoint(theirs)
    return bool(both) and not (acting.isdisjoint(event.targets) and theirs.isdisjoint(telling.targets()))
