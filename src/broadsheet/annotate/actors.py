"""From grammatical functions to participants: names, pronouns, offices and the bodies people speak for."""

from collections.abc import Iterable
from datetime import date

from broadsheet.annotate.clauses import Functions
from broadsheet.annotate.pack import Frame, Pack
from broadsheet.annotate.phrases import Noun
from broadsheet.annotate.telling import Discourse

Participants = tuple[tuple[str, str], ...]


class ActorReader:
    """Says who takes part in what a clause tells."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def participants(self, frame: Frame, told: Functions, state: Discourse, published: date | None) -> Participants:
        """(entity id, role), each entity once, in the order of the frame's roles."""
        functions: dict[str, Iterable[Noun | None]] = {
            "subject": (told.subject,),
            "with": told.partners,
            "to": told.addressees,
            "by": told.agents,
            "object": (told.object,),
            "compound": (told.compound,),
            "between": (told.between,),
            "named": told.named,
            "inviter": told.inviters,
        }
        found: dict[str, str] = {}
        passive = bool(told.agents) and frame.roles.get("by") == "initiator"
        for function, usual in frame.roles.items():
            role = "target" if passive and function == "subject" else usual
            for noun in functions.get(function, ()):
                if noun is None:
                    continue
                for entity in self._actors(noun, state, published):
                    found.setdefault(entity, role)
                if frame.statement and function == "subject":
                    for body in self._spoken_for(noun):
                        found.setdefault(body, "participant")
        return tuple(found.items())

    def as_spoken(self, participants: Participants, speaker: str) -> Participants:
        """What a speaker says that his own country demands or rejects, he says himself."""
        known = self.pack.by_id.get(speaker)
        nation = known.country if known else None
        own = {e for e, role in participants if role == "initiator" and e.startswith("loc/")}
        own = {e for e in own if nation and self.pack.by_id[e].country == nation}
        return tuple({speaker if entity in own else entity: role for entity, role in participants}.items())

    def complete(self, people: Iterable[str], frame: Frame) -> bool:
        """Whether enough take part; a body or a region is many by itself."""
        named = list(people)
        many = frame.collective and any(self.pack.collective(entity) for entity in named)
        return not frame.refers and (many or len(named) >= frame.actors)

    def _actors(self, noun: Noun, state: Discourse, published: date | None) -> tuple[str, ...]:
        match noun.kind:
            case "he":
                person = (state.other or state.earlier) if noun.preposition else state.person
                return (person,) if person else ()
            case "it":
                return (state.body,) if state.body else ()
            case "pair":
                return state.pair
            case "speaker" | "we":
                return (state.speaker,) if state.speaker else ()
            case "office":
                return self._holders(noun, state, published)
            case _:
                return tuple(name.entity_id for name in noun.names if self.pack.acts(name.entity_id))

    def _holders(self, noun: Noun, state: Discourse, published: date | None) -> tuple[str, ...]:
        """Who held the office on the day of publication, else the country or body it belongs to."""
        named = tuple(name.entity_id for name in noun.names if self.pack.acts(name.entity_id))
        if len(named) == 1 and noun.offices:
            holder = self.pack.holder(noun.offices[-1], named[0], published)
            return (holder,) if holder else named
        if not named and noun.offices and state.person and self.pack.held(noun.offices[-1], state.person):
            return (state.person,)
        return named

    def _spoken_for(self, noun: Noun) -> tuple[str, ...]:
        if noun.kind != "person" or not self.pack.speaks_for(noun.offices):
            return ()
        return tuple(name.entity_id for name in noun.affiliations[-1:] if name.type == "organization")
