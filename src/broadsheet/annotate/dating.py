"""Dates and people that an article states once and means for other tellings too."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from broadsheet.annotate.join import Country, Event
from broadsheet.annotate.memory import Bounds
from broadsheet.annotate.telling import Telling
from broadsheet.kinds import CONTACTS, SPEECH

# What people do at such an event, and so on its day.
ACTS = frozenset({"agreement", "invitation", "promise", "threat", "demand"})
FRESH = timedelta(days=7)


def settle(events: Sequence[Event], published: date | None, country: Country) -> None:
    """Date what is told without a date by what else the article dates.

    Args:
        events: Events of one article; their tellings are replaced in place.
        published: The article's day.
        country: Country a person or body serves.
    """
    if published is None:
        return
    focus = _focus(events, published)
    if focus is not None:
        _settle_by(focus, events, published, country)
    _bound_speech(events, published)


def _settle_by(focus: Event, events: Sequence[Event], published: date, country: Country) -> None:
    """Date by the event the article is about what its parties did there, and what they said of it."""
    parties = focus.actors | {c for actor in focus.actors if (c := country(actor))}
    over = [t.start for e in events for t in e.tellings if t.after_event and not t.at_event and t.field == "body"]
    for event in events:
        if event.dated or event.status == "scheduled" or any(t.occasion.earlier or t.prior for t in event.tellings):
            continue
        if parties.isdisjoint({*event.actors, *(country(actor) for actor in event.actors)}):
            continue
        there = _there(event, focus, min(over, default=None))
        if there is None:
            continue
        for number, telling in enumerate(event.tellings):
            if telling.date_start is None and telling.date_end == published:
                during = there or telling.at_event
                start, end = (focus.date_start, focus.date_end) if during else (focus.date_end, published)
                event.tellings[number] = replace(telling, date_start=start, date_end=end, date_precision="day")


def _there(event: Event, focus: Event, over: int | None) -> bool | None:
    """Whether something was done at the event the article is about, or only from its day on; None if neither.

    Args:
        event: What its parties did.
        focus: The event the article is about.
        over: Where the text first speaks of what came after it.
    """
    flagged = any(telling.at_event for telling in event.tellings)
    if event.type in CONTACTS:
        at_once = event.status == "occurred" and any(telling.at_once for telling in event.tellings)
        return True if at_once else None
    if event.type not in SPEECH:
        return True if event.type in ACTS or flagged else None
    speaks = not event.speakers.isdisjoint(focus.actors)
    if not speaks and not flagged and not any(telling.after_event for telling in event.tellings):
        return None
    first = event.tellings[0]
    later = over is not None and (first.field != "body" or first.start >= over)
    return speaks and not later and not any("post" in telling.occasion.media for telling in event.tellings)


def _bound_speech(events: Sequence[Event], published: date) -> None:
    """Bound what was said by what it is about, and what it is about by when it was said.

    Nobody speaks of what has not taken place yet: a statement about an event of this week is no older than the event,
    and what somebody tells of was over on the day he told it.
    """
    contents = _contents(events)
    for speech, told in contents:
        said, until = _bounds(speech)
        known = (_bounds(event) for event in told if event.status == "occurred")
        days = [day for first, day in known if day and day == first and timedelta(0) <= published - day <= FRESH]
        if said is None and until is not None and days and max(days) <= until:
            _narrow(speech, until, start=max(days))
    for speech, told in contents:
        end = _bounds(speech)[1]
        for event in told:
            if end is not None and end < published:
                _narrow(event, published, end=end)


def _contents(events: Sequence[Event]) -> list[tuple[Event, list[Event]]]:
    """Acts of speech, each with the events it tells of, in the order of the text."""
    order = sorted(
        ((telling, event) for event in events for telling in event.tellings if not telling.headline),
        key=lambda pair: (pair[0].field, pair[0].trigger.start),
    )
    spoken: dict[str, Event] = {}
    found: dict[int, tuple[Event, list[Event]]] = {}
    last: tuple[Telling, Event] | None = None
    for telling, event in order:
        if event.type in SPEECH:
            spoken.update((speaker, event) for speaker in telling.speakers())
            told = found.setdefault(event.key, (event, []))[1]
            # 普京对上周四的通话表示满意: the event stands before the verb of speech.
            if last is not None and last[0].field == telling.field and telling.start <= last[0].start < telling.end:
                told.append(last[1])
        elif telling.speaker_id in spoken:
            found[spoken[telling.speaker_id].key][1].append(event)
        last = None if event.type in SPEECH else (telling, event)
    return list(found.values())


def _bounds(event: Event) -> Bounds:
    """The narrowest that is told of an event."""
    return min(((t.date_start, t.date_end) for t in event.tellings), key=lambda b: (b[0] is None, b[1] is None))


def _narrow(event: Event, until: date, *, start: date | None = None, end: date | None = None) -> None:
    """Give closer bounds to what is only known to have been over by a day."""
    for number, telling in enumerate(event.tellings):
        if telling.date_end == until and (telling.date_start or date.min) < (end or start or until):
            first = start or telling.date_start
            event.tellings[number] = replace(telling, date_start=first, date_end=end or until)


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


def _focus(events: Sequence[Event], published: date) -> Event | None:
    """The first contact that took place on known days not long before publication."""
    for event in events:
        first, last = event.date_start, event.date_end
        happened = event.dated and event.type in CONTACTS and event.status == "occurred"
        if happened and first and last and last - first < FRESH and timedelta(0) <= published - last <= FRESH:
            return event
    return None
