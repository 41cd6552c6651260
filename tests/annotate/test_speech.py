"""Who speaks and on what occasion, in Chinese. Articles are of Wednesday, 14 May 2025."""

import pytest
from annotate_tools import annotator, article, read, reports, who
from frame_examples import people


def speeches(*paragraphs: str, title: str | None = None) -> list[list[str]]:
    """The triggers of every act of speech, by event, in text order."""
    events: dict[int, list[str]] = {}
    for report in reports(*paragraphs, title=title):
        if report.type in {"statement", "accusation", "demand", "promise", "rejection", "threat"}:
            events.setdefault(report.event_key, []).append(report.trigger)
    return list(events.values())


def speakers(text: str) -> list[dict[str, str]]:
    return [who(report) for report in reports(text) if report.type == "statement"]


TOGETHER = {
    "nothing says where": "特朗普表示，事情很复杂。他还说，天气很好。",
    "a lead and where it was said": "特朗普表示，事情很复杂。特朗普在社交媒体上写道，天气很好。",
    "one medium by two names": "莫迪在推文中说，事情很复杂。莫迪在帖子中补充说，天气很好。",
    "reporters at a press conference": "莫迪在记者会上说，事情很复杂。莫迪告诉记者，天气很好。",
    "what goes on with the occasion before": "莫迪在声明中说，事情很复杂。莫迪强调，天气很好。",
    "a body and who speaks for it": "克里姆林宫表示，事情很复杂。克里姆林宫发言人佩斯科夫说，天气很好。",
    "a country and the one who spoke for it": "中方表示，事情很复杂。王毅在记者会上说，天气很好。",
    "a promise to a country": "莫迪表示，事情很复杂，承诺对法国保持克制。",
}


@pytest.mark.parametrize("why", TOGETHER)
def test_one_occasion(why: str) -> None:
    assert len(speeches(TOGETHER[why])) == 1


APART = {
    "two media": "莫迪在推文中说，事情很复杂。莫迪在记者会上说，天气很好。",
    "two days": "莫迪周一表示，事情很复杂。莫迪周二表示，天气很好。",
    "an earlier occasion": "莫迪表示，事情很复杂。莫迪此前曾表示，天气很好。",
    "told to be another": "莫迪在声明中说，事情很复杂。在另一份声明中，莫迪说，天气很好。",
    "what he said in private": "莫迪表示，事情很复杂。莫迪对其顾问说，天气很好。",
    "one alone and two together": "莫迪和马克龙宣布，事情办成了。莫迪表示，天气很好。",
    "thanks to somebody named": "莫迪在记者会上说，事情很复杂。莫迪对普京表示感谢。",
    "two who speak for one body": "克里姆林宫发言人佩斯科夫说，事情很复杂。王毅说，天气很好。",
}


@pytest.mark.parametrize("why", APART)
def test_two_occasions(why: str) -> None:
    assert len(speeches(APART[why])) == 2


def test_another_paragraph_returns_from_what_was_said_earlier_to_the_news() -> None:
    told = speeches("莫迪周二表示，事情很复杂。", "莫迪此前曾说，天气很好。", "莫迪强调，路很远。")
    assert told == [["表示", "强调"], ["曾说"]]


def test_the_first_medium_named_again_is_the_first_occasion() -> None:
    told = speeches("莫迪在推文中说，事情很复杂。", "莫迪对记者表示，天气很好。", "莫迪在推文中强调，路很远。")
    assert told == [["说", "强调"], ["表示"]]


def test_a_headline_sums_up_what_comes_after_it() -> None:
    told = speeches("莫迪在推文中说，事情很复杂。", "莫迪对记者表示，天气很好。", title="莫迪：事情很复杂")
    assert sorted(map(len, told)) == [1, 2]
    assert ["表示"] in told


@pytest.mark.parametrize("habit", ["经常", "总是", "历来"])
def test_what_is_said_again_and_again_is_no_event(habit: str) -> None:
    assert speeches(f"莫迪{habit}说，事情很复杂。") == []


@pytest.mark.parametrize(
    "speaker",
    [
        "专家",
        "多名学者",
        "一位经济学家",
        "该报",
        "当地媒体",
        "这家公司",
        "检方",
        "调查结果",
        "王建国",
        "外交部门负责人",
        "Smith",
    ],
)
def test_what_somebody_else_says_the_last_subject_did_not_say(speaker: str) -> None:
    assert speakers(f"莫迪抵达巴黎。{speaker}表示，天气很好。") == []


@pytest.mark.parametrize("start", ["", "并", "随后", "在记者会上", "在谈到天气时", "周二接受采访时"])
def test_who_goes_on_speaking_need_not_be_named_again(start: str) -> None:
    told = speakers(f"莫迪抵达巴黎，{start}表示，天气很好。")
    assert told and all(telling == people("Modi:i") for telling in told)


@pytest.mark.parametrize("body", ["美国媒体", "俄罗斯民众", "一名匿名的中国官员", "伊朗学者", "印度律师"])
def test_a_country_does_not_say_what_people_of_it_say(body: str) -> None:
    assert speakers(f"{body}表示，天气很好。") == []


def test_a_subject_of_another_paragraph_does_not_speak() -> None:
    assert [r for r in reports("莫迪抵达巴黎。", "再次强调天气很好。") if r.type == "statement"] == []


def test_the_statement_is_that_of_who_spoke_for_a_body_last() -> None:
    told = speakers("美国国务院发表声明。声明说，天气很好。")
    assert told[0] == told[1] and len(told) == 2


def test_the_statement_of_a_person_is_his() -> None:
    assert speakers("莫迪发表声明。声明说，天气很好。") == [people("Modi:i")] * 2


def test_he_who_follows_a_stranger_is_nobody_known() -> None:
    assert speakers("莫迪抵达巴黎。一名专家表示，天气很好。他说，路很远。") == []


def test_what_a_stranger_goes_on_to_say_nobody_known_says() -> None:
    assert speakers("有专家表示，莫迪很忙，并称路很远。") == []


def test_a_headline_that_names_the_country_adds_no_speaker() -> None:
    told = [who(r) for r in reports("俄罗斯国防部5月12日说，天气很好。", title="俄称天气很好") if r.type == "statement"]
    assert told == [{"org/russia-mod": "initiator"}] * 2


def test_an_editorial_is_the_newspaper_s() -> None:
    told = speakers("《纽约时报》发表社论。社论说，天气很好。")
    assert told == [people("Times:i")] * 2


def test_the_spokesman_without_a_name_speaks_for_the_body_before() -> None:
    told = speakers("克里姆林宫表示，事情很复杂。该发言人说，天气很好。")
    assert told == [people("Kremlin:i")] * 2


def test_he_who_goes_on_is_who_spoke_and_not_whom_he_spoke_of() -> None:
    text = "拉夫罗夫表示，鲁比奥访问过印度。他说，天气很好。"
    assert speakers(text) == [people("Lavrov:i")] * 2


@pytest.mark.parametrize("quoted", ["“有人说天气很好。”", "“我多次说过天气很好，我要强调，路很远。”"])
def test_what_is_told_in_a_quotation_is_not_told_again(quoted: str) -> None:
    assert len(speakers(f"莫迪说：{quoted}")) == 1


def test_what_somebody_says_others_say_is_what_he_says() -> None:
    assert speakers("王毅说拉夫罗夫表示天气很好，并称路很远。") == [people("Wang:i")] * 2


def test_where_somebody_is_does_not_speak() -> None:
    assert speakers("鲁比奥在白宫对记者说，天气很好。") == [people("Rubio:i")]


def test_who_is_represented_speaks_and_not_where() -> None:
    assert speakers("印度常驻联合国代表说，天气很好。") == [people("IN:i")]


@pytest.mark.parametrize("noun", ["履行承诺", "这一承诺不变", "违背了对法国的承诺"])
def test_a_promise_that_is_only_named_is_no_promise(noun: str) -> None:
    assert [r for r in reports(f"莫迪抵达巴黎，{noun}。") if r.type == "promise"] == []


@pytest.mark.parametrize(
    "text", ["更准确地说，印度很大。", "可以说印度很大。", "莫迪强调的是天气。", "这一说法得到印度证实。"]
)
def test_no_act_of_speech(text: str) -> None:
    assert speakers(text) == []


def test_who_says_nothing_is_an_event_that_did_not_happen() -> None:
    (report,) = reports("印度外交部拒绝置评。")
    assert (report.type, report.status) == ("statement", "unrealized")


def test_a_headline_is_divided_by_spaces() -> None:
    told = [who(r) for r in read("", title="莫迪抵达巴黎 谴责伊朗").reports if r.type == "accusation"]
    assert told == [people("Modi:i IR:t")]


@pytest.mark.parametrize(
    ("text", "occasions"),
    [
        ("Trump said in a post on X that it was late. Trump told reporters that it was early.", 2),
        ("Trump told reporters that it was late. Trump said at a news conference that it was early.", 1),
        ("Lavrov said it was late. Lavrov previously said it was early.", 2),
        ("Lavrov said in a statement that it was late. Lavrov added that it was early.", 1),
    ],
)
def test_occasions_in_english(text: str, occasions: int) -> None:
    told = annotator().annotate(article(text, language="en")).reports
    assert len({report.event_key for report in told if report.type == "statement"}) == occasions
