"""Which time dates an event, and what bounds one without. Articles are of Wednesday, 14 May 2025."""

import english_tools
import pytest
from annotate_tools import bounds, reports

GOVERNED = [
    # what opens a sentence governs all of it
    ("周一，普京会见莫迪，双方签署了协议。", "agreement", "2025-05-12"),
    ("周一，在被问及战争时，普京告诉记者，天气很好。", "statement", "2025-05-12"),
    # what stands after the subject governs what the same subject does next
    ("王毅5月12日访问法国，并会见马克龙。", "meeting", "2025-05-12"),
    ("王毅5月12日访问法国，马克龙会见了默茨。", "meeting", "../2025-05-14"),
    ("特朗普与普京5月12日通话，俄罗斯随后袭击了乌克兰。", "attack", "../2025-05-14"),
    # what somebody tells was over when he told it, not on that day
    ("俄罗斯国防部5月12日称，俄军打击了乌克兰。", "attack", "../2025-05-12"),
    ("俄罗斯国防部5月12日称，昨天打击了乌克兰。", "attack", "2025-05-11"),
    # to announce something is to do it
    ("英国5月12日宣布，对俄罗斯实施制裁。", "sanction", "2025-05-12"),
    ("普京5月14日与莫迪通电话，双方同意举行会晤。", "agreement", "2025-05-14"),
    ("普京5月14日与莫迪通电话，双方同意举行会晤。", "meeting", ""),
    ("普京与莫迪5月14日同意举行会晤。", "meeting", ""),
    # a plan is not older than the news
    ("普京5月12日会见莫迪，并将访问中国。", "visit", ""),
    # a time that modifies a noun dates the noun
    ("十年前的普京不同，他会见了莫迪。", "meeting", "../2025-05-14"),
    ("普京对5月12日的会议表示满意。", "statement", "../2025-05-14"),
    # since when it goes on
    ("自2022年俄罗斯入侵乌克兰以来，英国对俄罗斯实施制裁。", "sanction", "2022-01-01/.."),
    ("今年以来，普京同莫迪两次会晤。", "meeting", "2025-01-01/2025-05-14"),
    ("今年早些时候，普京访问了中国。", "visit", "2025-01-01/2025-05-14"),
    # how rare it is
    ("五年来普京首次访问日本。", "visit", "../2025-05-14"),
    # the invitation came before
    ("5月12日，应莫迪邀请，普京访问印度。", "invitation", "../2025-05-14"),
    # so long after something nobody dates
    ("一年后，普京访问印度。", "visit", "../2025-05-14"),
    # the report, not the event
    ("新华社莫斯科5月12日电 普京会见了莫迪。", "meeting", "../2025-05-12"),
    ("据法国媒体12日报道，俄罗斯袭击了乌克兰。", "attack", "../2025-05-12"),
    ("据法国媒体12日报道，普京表示天气很好。", "statement", "../2025-05-12"),
    ("据法国媒体13日报道，普京表示，俄罗斯12日袭击了乌克兰。", "statement", "2025-05-12/2025-05-13"),
    ("据法国媒体12日报道，英国计划向乌克兰提供援助。", "aid", ""),
    # it began long before today, and goes on
    ("俄罗斯对乌克兰的袭击今天进入第100天。", "attack", ""),
    ("在5月12日的记者会上，普京告诉记者，天气很好。", "statement", "2025-05-12"),
    # the scene is set by the sentence before
    ("5月12日，俄乌战争仍在继续。俄罗斯国防部称，俄军打击了乌克兰。", "attack", "2025-05-12"),
    ("1945年5月8日，战争结束了。俄罗斯国防部称，俄军打击了乌克兰。", "attack", "../2025-05-14"),
]


@pytest.mark.parametrize(("text", "kind", "when"), GOVERNED)
def test_which_time_dates(text: str, kind: str, when: str) -> None:
    assert {bounds(r) for r in reports(text) if r.type == kind} == {when}


COUNTED = [
    ("普京5月12日会见莫迪。普京和莫迪会见的前一天，马克龙访问了中国。", "visit", "2025-05-11"),
    ("普京5月12日会见莫迪。马克龙当天访问了中国。", "visit", "2025-05-12"),
    # nobody knows when the law came into force
    ("普京5月12日会见莫迪。马克龙在法律实施前一天访问了中国。", "visit", "../2025-05-14"),
    # one and the same time is counted once
    ("普京5月12日会见莫迪。前一天，马克龙访问了中国，并会见默茨。", "visit", "2025-05-11"),
]


@pytest.mark.parametrize(("text", "kind", "when"), COUNTED)
def test_what_is_counted_from_an_event(text: str, kind: str, when: str) -> None:
    assert {bounds(r) for r in reports(text) if r.type == kind} == {when}


UNDATED = [
    # what goes on has no bounds, what was refused has
    ("俄军正包围敖德萨，俄罗斯正在袭击乌克兰。", "attack", ""),
    ("俄罗斯还在敖德萨袭击了乌克兰。", "attack", "../2025-05-14"),
    ("普京拒绝会见莫迪。", "meeting", "../2025-05-14"),
    ("普京可能会见莫迪。", "meeting", ""),
    # people speak at a session, and of what they have just done
    ("联合国安理会5月12日举行紧急公开会。马克龙表示，天气很好。", "statement", "2025-05-12"),
    ("马克龙5月12日访问法国南部。马克龙表示，天气很好。", "statement", "2025-05-12"),
    ("默茨5月12日访问法国南部。马克龙表示，天气很好。", "statement", "../2025-05-14"),
    ("马克龙2014年访问日本。马克龙表示，天气很好。", "statement", "../2025-05-14"),
    # before what was told, in answer to it
    ("普京5月12日会见莫迪。此前，马克龙访问了中国。", "visit", "../2025-05-12"),
    ("普京5月12日会见莫迪。马克龙回应称，天气很好。", "statement", "2025-05-12/2025-05-14"),
]


@pytest.mark.parametrize(("text", "kind", "when"), UNDATED)
def test_what_bounds_an_event_without_a_date(text: str, kind: str, when: str) -> None:
    assert {bounds(r) for r in reports(text) if r.type == kind} == {when}


def test_who_speaks_of_an_event_speaks_after_it() -> None:
    found = reports("普京5月12日会见莫迪。", "马克龙表示，普京与莫迪的会见令人失望。")
    assert {bounds(r) for r in found if r.type == "statement"} == {"2025-05-12/2025-05-14"}


def test_who_speaks_during_a_visit_of_days_speaks_on_one_of_them() -> None:
    found = reports("王毅5月11日至12日访问法国，并会见马克龙。", "王毅表示，天气很好。")
    assert {bounds(r) for r in found if r.type in {"meeting", "statement"}} == {"2025-05-11/2025-05-12"}


def test_a_post_about_a_meeting_may_be_of_the_next_day() -> None:
    found = reports("普京5月12日会见莫迪。", "莫迪在社交媒体上写道，天气很好。")
    assert {bounds(r) for r in found if r.type == "statement"} == {"2025-05-12/2025-05-14"}


def test_what_somebody_speaks_of_is_no_younger_than_what_he_says() -> None:
    found = reports("马克龙5月12日表示，天气很好。", "马克龙说，俄罗斯袭击了乌克兰。")
    assert {bounds(r) for r in found if r.type == "attack"} == {"../2025-05-12"}


ENGLISH = [
    ("Putin met Modi on Monday. A day earlier, Macron visited China.", "visit", "2025-05-11"),
    ("Putin met Modi on Monday. The day before, Macron visited China.", "visit", "2025-05-11"),
    ("Putin met Modi over the weekend.", "meeting", "2025-05-10/2025-05-11"),
    ("Putin met Modi on May 10 and 11.", "meeting", "2025-05-10/2025-05-11"),
    ("Putin met Modi on Monday and Tuesday.", "meeting", "2025-05-12/2025-05-13"),
    ("WASHINGTON, May 12 (Reuters) - Putin met Modi.", "meeting", "../2025-05-12"),
    ("Putin declined to meet Modi.", "meeting", "../2025-05-14"),
]


@pytest.mark.parametrize(("text", "kind", "when"), ENGLISH)
def test_english_times(text: str, kind: str, when: str) -> None:
    assert {bounds(r) for r in english_tools.reports(text) if r.type == kind} == {when}
