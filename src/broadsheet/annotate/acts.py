"""Whether a trigger tells an act of its own: not its content, not a noun, not what is only judged or urged."""

import re
from collections.abc import Iterable

from broadsheet.annotate.clauses import Functions
from broadsheet.annotate.pack import Pack
from broadsheet.annotate.phrases import Noun
from broadsheet.annotate.reading import Part, Reading, Trigger
from broadsheet.kinds import SPEECH

# How far before a trigger the words begin that make it a noun.
NOMINAL = 6
DEALS = frozenset({"agreement", "ceasefire"})
URGING = frozenset({"accusation", "demand"})


class ActReader:
    """Looks at what surrounds a trigger in its clause, with the words of one pack."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        grammar = pack.grammar
        self._follow = grammar.get("syntax", {}).get("complements") == "after"
        self._leading = frozenset(grammar.get("leading", ()))
        self._topical = re.compile(grammar.get("topical") or "(?!)")
        self._resuming = tuple(grammar["resuming"])
        self._nominal = re.compile(f"(?:{grammar.get('nominal') or '(?!)'})$")
        self._anaphors = frozenset(["", *grammar["anaphors"]])

    def told_elsewhere(self, text: str, part: Part, trigger: Trigger) -> bool:
        """Whether the clause tells another event of which this is only the content, or no event by it at all."""
        return self._contained(part.triggers, trigger) or self._only_topic(text, part, trigger)

    def urged(self, part: Part, trigger: Trigger) -> Trigger | None:
        """The words that blame somebody for the act, or urge it: who says them is not who acts."""
        urging = (t for t in part.triggers if t.end <= trigger.start and t.frame.type in URGING)
        return max(urging, key=lambda t: t.end, default=None) if trigger.frame.own else None

    def addressed(self, part: Part, urged: Trigger, trigger: Trigger) -> Noun | None:
        """Whom they blame or urge: who acts."""
        between = (n for n in part.nouns if urged.start <= n.start and n.end <= trigger.start and not n.possessive)
        return next((n for n in between if n.names and n.preposition in {None, "to"}), None)

    def describes(self, part: Part, trigger: Trigger, told: Functions) -> bool:
        """Whether a visit is told of the object of the verb before it (会见来华访问的 X), not of its subject."""
        if told.head is None or told.head.kind != "person":
            return False
        since = told.subject.end if told.subject is not None else part.clause.start
        return any(since <= t.start and t.end <= trigger.start for t in part.triggers)

    def acted_on(self, text: str, part: Part, trigger: Trigger, subject: Noun | None) -> bool:
        """Whether what would be the subject is the object of another act (为入侵乌克兰提供资金)."""
        if subject is None or not (trigger.frame.own or trigger.frame.place) or self._follow:
            return False
        before = [t for t in part.triggers if subject.end <= t.start and t.end <= trigger.start]
        if any(t.frame.collective and text.startswith(self._resuming, t.end) for t in before):
            return True  # the name of a gathering somebody attends, and then (出席欧盟峰会并访问波兰)
        acts = (t for t in part.triggers if t.frame.own and not t.frame.noun and t.frame.type not in SPEECH)
        return any(0 <= subject.start - t.end <= 1 and t.end <= trigger.start for t in acts)

    def named(self, reading: Reading, part: Part, trigger: Trigger, told: Functions) -> bool:
        """Whether the event is named as a thing: told before, or with its parties in the phrase itself."""
        text = reading.masked.text
        if trigger.frame.own and self._thing(text, part, trigger):
            return True
        head = text[part.clause.start : trigger.start].strip()
        return trigger.frame.noun and told.object is None and head in self._anaphors

    def _contained(self, triggers: Iterable[Trigger], trigger: Trigger) -> bool:
        """Whether another event of the clause already says it: 邀请 … 访问 is an invitation, 出席 … 峰会 a summit."""
        if trigger.frame.refers and any(t.frame.collective and t.start >= trigger.end for t in triggers):
            return True
        leads = trigger.frame.id in self._leading
        if leads and any(t.frame.own and t.start >= trigger.end for t in triggers):
            return True
        containers = self.pack.grammar["contained"].get(trigger.frame.type, ())
        return any(other.frame.type in containers for other in triggers if other.end <= trigger.start)

    def _only_topic(self, text: str, part: Part, trigger: Trigger) -> bool:
        """Whether an act is spoken about and not told: a verb that is used as a noun, or one that is judged."""
        frame = trigger.frame
        if not frame.own and frame.type not in DEALS:
            return False
        thing = frame.own and not frame.noun and self._thing(text, part, trigger)
        return thing or self._topical.match(text, trigger.end) is not None

    def _thing(self, text: str, part: Part, trigger: Trigger) -> bool:
        low = max(part.clause.start, trigger.start - NOMINAL)
        return self._nominal.search(text, low, trigger.start) is not None
