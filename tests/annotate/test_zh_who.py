"""Who does what to whom in Chinese: voices, relative clauses, pronouns. Articles are of Wednesday, 14 May 2025."""

import pytest
from annotate_tools import reports, who
from frame_examples import people


def told(text: str, kind: str) -> list[dict[str, str]]:
    return [who(report) for report in reports(text) if report.type == kind]


WHO = [
    # the passive: what it is done to is no initiator, whoever does it
    ("立陶宛昨天遭袭击。", "attack", "LT:t"),
    ("佩斯科夫5月12日以涉嫌受贿为由被拘捕。", "arrest", "Peskov:t"),
    ("被莫迪任命为特使的马克龙昨天抵达。", "appointment", "Modi:i Macron:t"),
    # 将 and 把 put the object before the verb
    ("波兰昨天将俄罗斯列入黑名单。", "sanction", "PL:i RU:t"),
    # what stands inside the words that tell it
    ("英国昨天暂停了对印度商品的进口。", "sanction", "UK:i IN:t"),
    ("德国昨天为乌克兰提供了防空武器。", "aid", "DE:i UA:t"),
    # a preposition far from its noun
    ("美国昨天对被指破坏自治的中国官员实施签证限制。", "sanction", "US:i CN:t"),
    # relative clauses
    ("访问巴黎的拉夫罗夫昨天很忙。", "visit", "Lavrov:i"),
    ("签署了协议的莫迪昨天很高兴。", "agreement", "Modi:p"),
    # who goes along, who presides
    ("普京昨天在绍伊古陪同下访问印度。", "visit", "Putin:i"),
    ("波兰昨天召开北约峰会。", "summit", "PL:p NATO:p"),
    # whom the words before make act
    ("王毅昨天致电莫迪，祝贺他当选总理。", "election", "Modi:p"),
    ("莫迪说，因俄罗斯入侵乌克兰，天气变了。", "invasion", "RU:i UA:t"),
    ("俄方称乌军昨天袭击了立陶宛。", "attack", "UA:i LT:t"),
    # countries named together
    ("印度和巴基斯坦都很大，两国昨天签署了协议。", "agreement", "IN:p PK:p"),
    ("中法两国昨天签署了协议。", "agreement", "CN:p FR:p"),
    # what a party says both have reached
    ("特朗普昨天会见普京。特朗普说，许多问题都达成了一致。", "agreement", "Trump:p Putin:p"),
    ("中法元首会晤昨天举行。", "summit", "CN:p FR:p"),
    # the object at the end of a relative clause, and whose visit that is
    ("王毅昨天会见来华进行正式访问的法国总统马克龙。", "meeting", "Wang:p Macron:p"),
    ("王毅昨天会见来华进行正式访问的法国总统马克龙。", "visit", "Macron:i"),
    # the trigger itself is passive, and holds who does it
    ("立陶宛昨天遭到俄罗斯导弹袭击。", "attack", "LT:t RU:i"),
    ("王毅昨天受到美国制裁。", "sanction", "Wang:t US:i"),
    # how many of them a preposition governs
    ("哈马斯昨天向三艘英国货轮发射导弹。", "attack", "Hamas:i UK:t"),
    # who is among those who act, and where somebody is from
    ("包括法国和德国在内的多国昨天发表联合声明。", "statement", "FR:i DE:i"),
    ("来自美国的鲁比奥昨天说，事情很复杂。", "statement", "Rubio:i"),
    # the object of a verb that tells no event is no subject
    ("俄军昨天驶入乌克兰水域，击落一架飞机。", "military_action", "RU:i"),
    # a name in the title of a law does nothing
    ("英国因《印度安全法》暂停对伊朗商品的进口。", "sanction", "UK:i IR:t"),
    # nobody is party to an earthquake
    ("莫迪表示，印度昨天发生地震。", "other", "IN:p"),
]


@pytest.mark.parametrize(("text", "kind", "expected"), WHO)
def test_who(text: str, kind: str, expected: str) -> None:
    assert people(expected) in told(text, kind)


NOTHING = [
    # a noun in another's phrase, or what is only judged
    ("法国称，相关制裁违反了法律。", "sanction"),
    ("法国认为，网络攻击是外来的威胁。", "attack"),
    ("王毅谈到了美国入侵的能力。", "invasion"),
    # the title of a law
    ("王毅读了《制裁俄罗斯法》。", "sanction"),
    # what is only wanted, urged, feared
    ("泽连斯基要求俄罗斯从叙利亚撤军。", "withdrawal"),
    ("莫迪希望法国制裁俄罗斯。", "sanction"),
    ("为了防止俄罗斯入侵，波兰在边境建墙。", "invasion"),
    # an order only leads to what is ordered
    ("特朗普昨天下令驱逐俄罗斯外交官。", "other"),
    # people without a name
    ("莫迪昨天回国。一名男子昨天打死了两人。", "attack"),
]


@pytest.mark.parametrize(("text", "kind"), NOTHING)
def test_nothing_is_told(text: str, kind: str) -> None:
    assert told(text, kind) == []


PLACES = [
    # where something was said stands before the verb; what it is about does not count
    ("莫迪昨天在巴黎表示，伦敦很大。", "statement", "loc/paris"),
    ("莫迪昨天表示，他在伦敦很忙。", "statement", None),
    ("俄罗斯和北约昨天在巴黎问题上举行会谈。", "talks", None),
]


@pytest.mark.parametrize(("text", "kind", "place"), PLACES)
def test_where(text: str, kind: str, place: str | None) -> None:
    found = {report.place_id for report in reports(text) if report.type == kind}
    assert found == {place}


def test_a_plan_goes_on_in_the_next_clause() -> None:
    found = {report.type: report.status for report in reports("莫迪将于5月20日访问中国，并出席北约峰会。")}
    assert found == {"visit": "scheduled", "summit": "scheduled"}
