"""Who speaks and who acts beyond one clause, in Chinese. Articles are of Wednesday, 14 May 2025."""

import pytest
from annotate_tools import bounds, read, reports, who
from frame_examples import people


def told(text: str, kind: str) -> list[dict[str, str]]:
    return [who(report) for report in reports(text) if report.type == kind]


def test_what_a_speaker_says_in_his_country_s_name_he_says_himself() -> None:
    text = "王毅5月12日表示，中方坚决反对这一做法，敦促日本改正。"
    assert told(text, "demand") == [people("Wang:i JP:t")]
    assert len({report.event_key for report in reports(text)}) == 1


def test_a_speaker_goes_on_speaking_after_a_clause_about_others() -> None:
    assert told("马克龙表示，俄罗斯违反了协定，呼吁伊朗克制。", "demand") == [people("Macron:i IR:t")]


def test_who_is_blamed_acts_and_not_who_blames() -> None:
    assert told("泽连斯基指责俄罗斯袭击立陶宛。", "attack") == [people("RU:i LT:t")]


def test_who_condemns_an_attack_did_not_carry_it_out() -> None:
    assert told("法国强烈谴责有关袭击。", "attack") == []


def test_who_is_arrested_is_no_initiator() -> None:
    assert told("绍伊古昨天被警方拘留。", "arrest") == [people("Shoigu:t")]


@pytest.mark.parametrize("speaker", ["消息人士", "批评人士", "多国人士", "市民", "一篇报道"])
def test_what_nobody_named_says_is_not_said_by_the_last_subject(speaker: str) -> None:
    text = f"莫迪5月12日抵达巴黎。{speaker}表示，天气很好。"
    assert told(text, "statement") == []


def test_what_a_newspaper_writes_is_not_said_by_the_last_subject() -> None:
    assert told("莫迪5月12日抵达巴黎。《纽约时报》表示，天气很好。", "statement") == []


@pytest.mark.parametrize("noun", ["中国的威胁正在加大", "法国感受到俄罗斯威胁", "威胁的规模很大"])
def test_a_threat_that_is_only_named_is_no_threat(noun: str) -> None:
    assert told(f"普京来了。{noun}。", "threat") == []


def test_an_interview_is_no_visit() -> None:
    text = "拉夫罗夫5月12日接受法新社访问时说，天气很好。"
    assert told(text, "visit") == []
    assert {bounds(report) for report in reports(text)} == {"2025-05-12"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("（法新社华盛顿12日电）特朗普今天会见了普京。", "2025-05-12"),
        ("路透巴黎5月13日 - 马克龙今天会见了默茨。", "2025-05-13"),
        # too old to be when the report was written
        ("（法新社华盛顿2日电）特朗普今天会见了普京。", "2025-05-14"),
    ],
)
def test_today_is_the_day_of_the_dateline(text: str, expected: str) -> None:
    assert {bounds(report) for report in reports(text) if report.type == "meeting"} == {expected}


def test_what_was_said_after_the_meeting_may_have_been_said_later() -> None:
    found = reports("特朗普5月12日在白宫会见马克龙。", "会谈后，马克龙表示，天气很好。")
    assert {bounds(report) for report in found if report.type == "statement"} == {"2025-05-12/2025-05-14"}


def test_a_time_in_what_is_said_does_not_date_the_saying() -> None:
    found = reports("默茨表示去年5月的行程很累。")
    assert {bounds(report) for report in found if report.type == "statement"} == {"../2025-05-14"}


@pytest.mark.parametrize(
    ("text", "surface", "entity"),
    [
        ("中国驻波兰大使馆发表声明。", "中国驻波兰大使馆", "org/embassy-of-china-in-poland"),
        ("美國駐雪梨總領事館今天關閉。", "美國駐雪梨總領事館", "org/consulate-of-united-states-in-sydney"),
        ("美国斯坦福大学发布了公告。", "斯坦福大学", "org/stanford"),
    ],
)
def test_missions_and_known_bodies_after_a_country(text: str, surface: str, entity: str) -> None:
    assert (surface, entity) in {(m.surface, m.entity_id) for m in read(text).mentions}


@pytest.mark.parametrize("text", ["加油机在空中加油。", "下午到日中午之间", "他在文件中称赞了同事。", "控制台坏了。"])
def test_one_character_of_another_word_is_no_country(text: str) -> None:
    assert [m.surface for m in read(text).mentions if len(m.surface) == 1] == []


def test_a_weekday_after_an_office_is_no_given_name() -> None:
    assert [m.surface for m in read("局长雷周二表示同意。").mentions if m.type == "person"] == []


@pytest.mark.parametrize("dot", "·・‧•．")
def test_a_known_name_is_known_with_any_dot(dot: str) -> None:
    found = read(f"弗拉基米尔{dot}普京昨天抵达。").mentions
    assert [m.entity_id for m in found] == ["per/vladimir-putin"]


def test_the_end_of_another_office_is_no_part_of_a_name() -> None:
    found = read("驻美国大使丹尼尔·加西亚昨天抵达。").mentions
    assert [m.surface for m in found if m.type == "person"] == ["丹尼尔·加西亚"]
