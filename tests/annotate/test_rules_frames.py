"""Counterexamples that hold the very words of a frame, and tell no such event: more than its words must decide.

`frame_examples`, `conflict_examples` and `test_english_frames` have an example and a counterexample for every frame.
Where a counterexample there has none of the words that every match of the frame's trigger needs, one stands here.
"""

import pytest
from annotate_tools import annotator, article
from conflict_examples import CONFLICT_COUNTERS
from frame_examples import COUNTER_EXAMPLES
from test_english_frames import COUNTER_EXAMPLES as ENGLISH_COUNTER_EXAMPLES

from broadsheet.annotate.frames import Frame
from broadsheet.annotate.phrases import SYMBOLS
from broadsheet.annotate.prefilter import needed_words

NEAR_MISSES = {
    "agreement.sign": "王毅在协议上画了一只鸟。",
    "sanction.counter": "印度的反制措施手册很厚。",
    "sanction-relief.lift": "印度的制裁名单很长。",
    "release.freed": "莫迪喜欢写出狱的小说。",
    "attack.kill": "莫迪打死也不让步。",
    "attack.suffer": "印度的遇害者很多。",
    "attack.victim": "印度学者在战斗中成长。",
    "military.act": "印度学者研究攻势的历史。",
    "arrest.arrest": "印度的拘留制度很旧。",
    "military.presence": "印度的老虎出没。",
    "protest.march": "印度举行了板球比赛。",
    "protest.storm": "印度队冲击冠军。",
    "invitation.not-invited": "莫迪未邀功。",
    "other.law": "印度的法律很多。",
    "other.in-force": "印度实施了新的教学计划。",
    "other.sentenced": "莫迪谈到获刑的人。",
    "other.border": "印度的边境很长。",
    "other.emergency": "印度的戒严史很长。",
    "other.order": "莫迪的命令很长。",
    "other.coup": "印度学者研究政变的历史。",
    "other.recognize": "印度正式承认数据有误。",
    "other.disqualify": "印度的护照很旧。",
    "other.mourn": "莫迪默哀的照片很旧。",
    "other.flee": "印度的出逃者很多。",
    "other.decree": "印度的命令很长。",
    "other.trial": "印度的出庭律师很忙。",
    "other.seize": "印度农民没收入可言。",
    "other.draft": "印度的起草人很忙。",
    "other.operation": "印度的情报战小说很多。",
    "other.bill": "印度的法案很长。",
    "appointment.appoint": "印度的任命书很长。",
    "appointment.confirm": "印度的任命书很长。",
    "appointment.take-office": "莫迪的就职演说很长。",
    "appointment.cabinet": "印度的内阁会议很长。",
    "election.hold": "波兰选举委员会很忙。",
    "statement.joint": "印度的联合声明很长。",
}

ENGLISH_NEAR_MISSES = {
    "agreement.reach": "The agreement between China and France is long.",
    "agreement.sign": "Putin read an agreement.",
    "agreement.agree": "It is agreed that Putin is tall.",
    "promise.promise": "Merz is a man who keeps promises.",
    "accusation.accuse": "The accused met in India.",
    "accusation.accused": "The accused is from India.",
    "threat.threaten": "India put up a warning sign.",
    "release.freed": "The film was released in Iran.",
    "release.swap": "Russia has many prisoners.",
    "sanction.impose": "Russia lives under sanctions.",
    "sanction.target": "The sanctions list of Canada is long.",
    "sanction-relief.lift": "The sanctions of Britain are old.",
    "invasion.invade": "Moths invaded a garden in Russia.",
    "arrest.arrest": "Turkish police read of arrests.",
    "arrest.arrested": "Peskov wrote of the jailed.",
    "election.win": "The Polish election is near.",
    "visit.arrive": "The parcel of Macron arrived in China.",
    "invitation.invite": "The invited guests left with Macron.",
    "invitation.invited": "Guests are invited to taste Indian tea.",
    "invitation.at": "Modi came at the invitation of a friend.",
    "statement.tell": "Rubio tells the time.",
    "statement.publish": "Zelensky's statement is long.",
}

NEAR = {"zh": NEAR_MISSES, "en": ENGLISH_NEAR_MISSES}
OTHERS = {"zh": COUNTER_EXAMPLES | CONFLICT_COUNTERS, "en": ENGLISH_COUNTER_EXAMPLES}


def frames(language: str) -> tuple[Frame, ...]:
    pack = annotator().pack(language)
    assert pack
    return pack.frames


def words(frame: Frame) -> frozenset[str]:
    """Words one of which every match holds; none if they cannot be told."""
    found = needed_words(frame.trigger.pattern)
    return frozenset() if any(symbol in word for word in found for symbol in SYMBOLS.values()) else found


@pytest.mark.parametrize("language", NEAR)
def test_every_frame_has_a_counterexample_with_its_words(language: str) -> None:
    lacking = []
    for frame in frames(language):
        texts = [table[language].get(frame.id, "").lower() for table in (NEAR, OTHERS)]
        if words(frame) and not any(word in text for word in words(frame) for text in texts):
            lacking.append(frame.id)
    assert lacking == []


@pytest.mark.parametrize("language", NEAR)
def test_no_counterexample_is_of_a_frame_that_is_gone(language: str) -> None:
    assert set(NEAR[language]) <= {frame.id for frame in frames(language)}


@pytest.mark.parametrize(("language", "rule"), [(language, rule) for language, table in NEAR.items() for rule in table])
def test_near_miss(language: str, rule: str) -> None:
    text = NEAR[language][rule]
    told = annotator().annotate(article(text, language=language)).reports
    assert [report.trigger for report in told if report.rule == rule] == []
