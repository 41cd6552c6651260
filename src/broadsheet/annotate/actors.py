"""From grammatical functions to participants: names, pronouns, offices and the bodies people speak for."""

from collections.abc import Iterable
from datetime import date

from broadsheet.annotate.clauses import Functions
from broadsheet.annotate.frames import Frame
from broadsheet.annotate.pack import Pack
from broadsheet.annotate.phrases import Noun
from broadsheet.annotate.telling import Discourse

# What is done to a country by force is done in one of its places.
FORCE = frozenset({"attack", "invasion", "military_action", "threat"})
# Functions in which a pronoun is somebody else than the subject.
OBJECTS = frozenset({"object", "to", "with"})
Participants = tuple[tuple[str, str], ...]


class ActorReader:
    """Says who takes part in what a clause tells."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def participants(self, frame: Frame, told: Functions, state: Discourse, published: date | None) -> Participants:
        """(entity id, role), each entity once, in the order of the frame's roles."""
        mutual = self.pack.types[frame.type].mutual
        functions: dict[str, Iterable[Noun | None]] = {
            "subject": (told.subject, told.holder),
            "with": told.partners,
            "to": told.addressees,
            "by": told.agents,
            "object": (told.object,),
            "compound": (told.compound,),
            "between": (told.between,),
            "named": told.named,
            "at": told.places,
            "where": told.places,
            "for": told.beneficiaries,
            "within": (told.within,),
            "inviter": told.inviters,
        }
        found: dict[str, str] = {}
        passive = told.undergoes or (bool(told.agents) and frame.roles.get("by") == "initiator")
        for function, usual in frame.roles.items():
            role = "target" if passive and function == "subject" and usual == "initiator" else usual
            for noun in functions.get(function, ()):
                if noun is None:
                    continue
                if function == "at":  # where it was stands for whom it befell, if nobody is named
                    found = found or dict.fromkeys(self._places(noun), role)
                    continue
                named = self._actors(noun, state, published, governed=function in OBJECTS, mutual=mutual)
                if not frame.people and noun.kind in {"office", "person"}:  # the election of an American president
                    whose = (*noun.affiliations, *noun.names)
                    named = tuple(name.entity_id for name in whose if self.pack.acts(name.entity_id))
                if role == "target" and frame.type in FORCE and not named:
                    named = self._struck(noun, frame)
                for entity in named:
                    if frame.people or not entity.startswith("per/"):
                        found.setdefault(entity, role)
                if frame.statement and function == "subject":
                    for body in self._spoken_for(noun):
                        found.setdefault(body, "participant")
        if mutual and frame.noun and frame.actors == len(found) == 1 and set(found) < set(state.pair):
            found = dict.fromkeys(state.pair, "participant")  # what one party calls reached, both have reached
        return tuple(found.items())

    def _struck(self, noun: Noun, frame: Frame) -> tuple[str, ...]:
        """Of a place that cannot act: the country it is said to lie in, and itself if it is taken."""
        around = tuple(name.entity_id for name in noun.affiliations if self.pack.acts(name.entity_id))
        places = tuple(name.entity_id for name in noun.names if name.type == "place")
        return (*around, *(places if frame.type == "invasion" else ()))

    def _places(self, noun: Noun) -> tuple[str, ...]:
        """A place of any size, and the country it is said to lie in."""
        around = [name.entity_id for name in noun.affiliations[:1] if self.pack.acts(name.entity_id)]
        return (*around, *(name.entity_id for name in noun.names if name.type == "place"))

    def country_of(self, subjects: Iterable[Noun], nouns: Iterable[Noun]) -> str | None:
        """Whom "the country" means after a clause whose subject is a person, or which only quotes a medium."""
        acting = [*subjects][:1]
        if any(name.type != "person" for noun in acting for name in noun.names):
            return None  # it is that body
        for noun in acting or nouns:
            for name in (*noun.affiliations, *noun.names):
                known = self.pack.by_id.get(name.entity_id)
                home = self.pack.countries.get(known.country or "") if known and known.type != "place" else None
                if name.type == "place" and self.pack.acts(name.entity_id):
                    return name.entity_id
                if home:
                    return home.entity_id
        return None

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

    def _actors(
        self, noun: Noun, state: Discourse, published: date | None, *, governed: bool = False, mutual: bool = False
    ) -> tuple[str, ...]:
        match noun.kind:
            case "he":
                governed = governed or noun.preposition == "pivot"
                others = (person for person in (state.other, state.earlier) if person != state.person)
                person = next(filter(None, others), None) if governed else state.person
                return (person,) if person else ()
            case "it":
                return (state.body,) if state.body else ()
            case "pair":
                return state.pair or state.together
            case "nations":
                return self._nations(state)
            case "we" if mutual and state.speaker in state.pair:
                return state.pair
            case "speaker" | "we":
                return (state.speaker,) if state.speaker else ()
            case "office":
                return self._holders(noun, state, published)
            case _:
                named = tuple(name.entity_id for name in noun.names if self.pack.acts(name.entity_id))
                return named or (tuple(name.entity_id for name in noun.names) if noun.armed else ())

    def _nations(self, state: Discourse) -> tuple[str, ...]:
        """The countries of the last pair, else those named together last."""
        countries = (known.country for entity in state.pair if (known := self.pack.by_id.get(entity)))
        codes = dict.fromkeys(code for code in countries if code)
        nations = tuple(self.pack.countries[code].entity_id for code in codes if code in self.pack.countries)
        return nations if len(nations) > 1 else tuple(e for e in state.together if e.startswith("loc/"))

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
