"""What one speaker says on one occasion is one event; what he says on another is another."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from broadsheet.annotate.telling import UNSAID, Telling
from broadsheet.kinds import SPEECH

if TYPE_CHECKING:
    from broadsheet.annotate.join import Event

# What was said longer before publication is background; what has no date is news.
NEWS = timedelta(days=3)
# What is said to few is not what is said to all.
PRIVATE = "private"
GOVERNMENT = "org/government-of-"


def is_speech(telling: Telling) -> bool:
    """Whether it belongs to what its speaker says; a promise to a person stands by itself."""
    return telling.type in SPEECH or (telling.type == "promise" and not _people(telling.targets()))


def speaks_as_country(telling: Telling) -> bool:
    """Whether a country is all that is said of who speaks, and nothing of the occasion."""
    bare = telling.speakers() and all(speaker.startswith("loc/") for speaker in _states(telling.speakers()))
    return bool(bare) and not (telling.after_event or telling.at_event) and telling.occasion == UNSAID


def named_as(telling: Telling, event: "Event") -> Telling:
    """A headline's telling with the speakers the text names, where it names only their country (俄称)."""
    if not speaks_as_country(telling) or not telling.speakers().isdisjoint(event.speakers):
        return telling
    speakers = tuple(pair for pair in event.tellings[0].participants if pair[1] != "target")
    return replace(telling, participants=speakers + tuple(pair for pair in telling.participants if pair[1] == "target"))


def occasion_of(telling: Telling, spoken: Sequence["Event"], published: date | None) -> "Event | None":
    """The event that is the occasion on which this was said.

    What says nothing of its occasion goes on with the last one of its speaker, or, in another paragraph, leaves an
    aside for the news.

    Args:
        telling: An act of speech.
        spoken: Acts of speech of the article so far, the one told last at the end.
        published: The article's day.
    """
    own = [event for event in reversed(spoken) if event.status == telling.status and _same_voice(telling, event)]
    if telling.headline:
        own = [event for event in own if not _background(event, published)] or own
        # A headline sums up what is told after it.
        own.sort(key=lambda event: distance(telling, event))
    if telling.occasion.aside:
        return next((event for event in own if event.aside), None)
    plain = [event for event in own if not event.aside] or own
    if not (telling.dated or telling.occasion.media or telling.occasion.earlier or telling.occasion.another):
        here = [e for e in plain if not _background(e, published) or e.tellings[-1].paragraph == telling.paragraph]
        return (here or plain)[0] if plain else None
    fitting = [event for event in plain if _fits(telling, event, published)]
    # The same medium or day told before goes before what only does not tell against it.
    named = (e for e in fitting if not telling.occasion.media.isdisjoint(e.media) or (telling.dated and e.dated))
    return next(named, fitting[0] if fitting else None)


def _same_voice(telling: Telling, event: "Event") -> bool:
    """Whether the same person speaks, or one and the body spoken for; what several say together, they say together."""
    mine, theirs = _states(telling.initiators()), _states(event.tellings[0].initiators())
    if len(mine) > 1 or len(theirs) > 1:
        return mine == theirs
    people, others = _people(telling.speakers()), _people(event.speakers)
    if people and others and people.isdisjoint(others):
        return False
    return not _states(telling.speakers()).isdisjoint(_states(event.speakers))


def is_state(entity: str) -> bool:
    """Whether it is a country, or its government."""
    return entity.startswith(("loc/", GOVERNMENT))


def _states(speakers: Iterable[str]) -> set[str]:
    """A government speaks for its country."""
    return {speaker.replace(GOVERNMENT, "loc/") for speaker in speakers}


def _people(speakers: set[str]) -> set[str]:
    return {speaker for speaker in speakers if speaker.startswith("per/")}


def _fits(telling: Telling, event: "Event", published: date | None) -> bool:
    """Whether nothing says that the occasions are two."""
    if telling.occasion.another or telling.occasion.earlier != event.earlier:
        return False
    if telling.dated and event.dated:
        if not event.overlaps(telling):
            return False
    elif telling.dated != event.dated and (_past(telling, published) or _past(event.tellings[0], published)):
        return False
    media = telling.occasion.media
    return not media or not event.media or not event.media.isdisjoint(media)


def _past(telling: Telling, published: date | None) -> bool:
    """Whether it is dated so long before publication that it is not the news."""
    end = telling.date_end
    return telling.dated and end is not None and published is not None and published - end > NEWS


def _background(event: "Event", published: date | None) -> bool:
    first = event.tellings[0]
    return first.occasion.earlier or _past(first, published)


def distance(telling: Telling, event: "Event") -> tuple[bool, int]:
    """How far after a headline an event is first told; what is only told before it comes last."""
    starts = [
        t.start for t in event.tellings if t.field == "body" and (telling.field == "title" or t.start >= telling.start)
    ]
    return not starts, min(starts, default=0)
