"""Whose words they are, where the verb of speech has no name for its subject."""

import re
from typing import Any

from broadsheet.annotate.frames import Frame
from broadsheet.annotate.pack import Pack
from broadsheet.annotate.phrases import Noun, with_symbols
from broadsheet.annotate.reading import Reading, Trigger
from broadsheet.annotate.telling import Voice
from broadsheet.kinds import SPEECH

REACH = 4
# What stands before a verb of speech is no longer if its subject is left out.
LONGEST_HEAD = 120
# How far after a verb of speech the subject of what is said may stand; further on, a headline ran into the text.
NESTED = 6
# How far before a country the word may stand that makes its official an unnamed one.
SOME = 12
NEVER = re.compile("(?!)")


def speaks(frame: Frame) -> bool:
    """Whether a frame tells an act of speech."""
    return frame.type in SPEECH or frame.type == "promise"


class SpeakerReader:
    """Tells a subject that is only left out from one that no list knows, with the words of one pack."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        words: dict[str, Any] = pack.grammar.get("voices", {})
        # Atomic, so that words which can be cut in two ways cost no more.
        adverbs = f"(?:(?>{words.get('adverbs')}))*"
        around = f"{adverbs}(?:{words.get('phrase')})?{adverbs}"

        def pattern(text: str) -> re.Pattern[str]:
            return re.compile(with_symbols(text)) if words else NEVER

        self._dropped = pattern(around)
        self._predicate = pattern(f"(?:{words.get('of_body')})?{around}")
        self._author = pattern(f"(?:{words.get('author')}){around}")
        self._topic = pattern(words.get("topic", ""))
        self._some = pattern(words.get("some", ""))
        self._public = tuple(words.get("public", ()))
        self._privates = frozenset(words.get("privates", ()))
        self._reporters = tuple(words.get("reporters", ()))
        self._when = tuple(words.get("when", ()))
        self._known = bool(words)
        self._open, self._close = (frozenset(pack.grammar[key]) for key in ("quote_open", "quote_close"))
        self._marks = re.compile(f"[{re.escape(''.join(sorted(self._open | self._close)))}]")

    def subject(self, reading: Reading, number: int, own: Noun | None) -> Noun | None:
        """The subject of a verb of speech, unless it is only the object of a clause that says when."""
        text, clause = reading.masked.text, reading.parts[number].clause
        if own is None or not text.startswith(self._when, own.end):
            return own
        return own if self._dropped.fullmatch(text, clause.start, own.start) else None

    def voice(self, reading: Reading, number: int, trigger: Trigger, own: Noun | None, *, addressed: bool) -> Voice:
        """Who speaks.

        `subject`: its own subject or that of the clauses before; `stranger`: somebody no list knows; `nobody`: it is no
        act of speech; `author`, `office`: a text, or a spokesman, of who spoke last.

        Args:
            reading: The unit.
            number: Of the trigger's clause.
            trigger: The verb of speech.
            own: Its subject in its own clause.
            addressed: Somebody is named to whom it is said.
        """
        text, part = reading.masked.text, reading.parts[number]
        content = trigger.frame.type == "statement" and (own is None or own.kind in {"speaker", "we"}) and not addressed
        if content and self._quoted(text, part.clause.start, trigger.start, inside=part.quoted):
            return "nobody"  # what is told inside a quotation of its speaker is what he says
        if not self._known:
            return "subject"
        if self._topic.fullmatch(text, part.clause.start, part.clause.end):
            return "nobody"
        spoken = max((t.end for t in part.triggers if t.end <= trigger.start and speaks(t.frame)), default=0)
        if own is None:
            return self._left_out(reading, number, trigger, spoken)
        nested = spoken and 0 <= own.start - spoken <= NESTED
        if nested and any(n.end < spoken and n.preposition is None for n in part.nouns):
            return "nobody"  # what others say is what the subject of the clause says they say
        if own.kind == "person":
            return "nobody" if text.endswith(self._reporters, 0, own.end - 1) else "subject"
        if own.kind == "office" and not own.names and self._pack.speaks_for(own.offices):
            return "office"
        if own.kind not in {"office", "group"} or not own.names:
            return "subject"
        some = self._some.search(text, max(part.clause.start, own.start - SOME), own.end)
        private = own.kind == "office" and not self._privates.isdisjoint(self._pack.role_of.get(own.offices[-1], ()))
        if some or private or text[own.start : own.end].endswith(self._public):
            return "stranger"
        named = own.kind == "office" or spoken > own.end or self._predicate.fullmatch(text, own.end, trigger.start)
        return "subject" if named else "stranger"

    def _left_out(self, reading: Reading, number: int, trigger: Trigger, spoken: int) -> Voice:
        """Who speaks where no name is the subject: who spoke before, a text of his, or a stranger."""
        text = reading.masked.text
        start = max(reading.parts[number].clause.start, spoken)
        if trigger.start - start > LONGEST_HEAD:
            return "stranger"
        if self._author.fullmatch(text, start, trigger.start):
            return "author"
        if trigger.frame.own and trigger.frame.type == "statement":
            return "nobody"
        known = self._dropped.fullmatch(text, start, trigger.start) and (spoken or not self._others(reading, number))
        return "subject" if known else "stranger"

    def _others(self, reading: Reading, number: int) -> bool:
        """Whether the clauses before it in its sentence are about somebody who has no name, or is only quoted."""
        others = False
        for back in range(number - 1, max(number - 1 - REACH, -1), -1):
            if reading.parts[back + 1].first:
                break
            part = reading.parts[back]
            if part.quoted:
                continue
            if part.subjects:
                return False
            free = (n for n in part.nouns if n.names and n.preposition is None and not n.possessive)
            quoted = (n.names[-1] for n in free if not self._pack.acts(n.names[-1].entity_id))
            if any(name.type == "organization" for name in quoted):
                return True
            others |= not self._dropped.fullmatch(reading.masked.text, part.clause.start, part.clause.end)
        return others

    def _quoted(self, text: str, start: int, end: int, *, inside: bool) -> bool:
        """Whether a quotation is open at the end of a range."""
        for mark in self._marks.finditer(text, start, end):
            character = mark.group()
            if character in self._open and (character not in self._close or not inside):
                inside = True
            elif character in self._close:
                inside = False
        return inside
