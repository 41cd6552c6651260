"""Names: what is found in ordinary sentences, what it refers to, and what only looks like a name.

Every sentence was written for these tests; every expectation follows the guide of the hand annotation.
"""

import pytest
from annotate_tools import found, only_mention, read

US, RU, UA, CN = "loc/united-states", "loc/russia", "loc/ukraine", "loc/china"

KNOWN = {
    # spellings of one person, in both scripts and in Latin
    "特朗普今天没有露面。": [("特朗普", "per/donald-trump")],
    "川普今天沒有露面。": [("川普", "per/donald-trump")],
    "唐纳德·特朗普今天没有露面。": [("唐纳德·特朗普", "per/donald-trump")],
    "泽伦斯基很疲倦。": [("泽伦斯基", "per/volodymyr-zelensky")],
    "澤連斯基很疲倦。": [("澤連斯基", "per/volodymyr-zelensky")],
    "卢比奥在场。": [("卢比奥", "per/marco-rubio")],
    "鲁比奥在场。": [("鲁比奥", "per/marco-rubio")],
    "普丁和普京是同一个人。": [("普丁", "per/vladimir-putin"), ("普京", "per/vladimir-putin")],
    # titles and offices are no part of a name
    "美国国防部长赫格塞思到场。": [("美国", US), ("赫格塞思", "per/pete-hegseth")],
    "俄罗斯外交部长拉夫罗夫到场。": [("俄罗斯", RU), ("拉夫罗夫", "per/sergey-lavrov")],
    "美国总统没有回答。": [("美国", US)],
    "中央情报局局长没有回答。": [("中央情报局", "org/cia")],
    # a country and its office of state are one organization
    "美国国务院没有回答。": [("美国国务院", "org/us-state-department")],
    "俄罗斯外交部没有回答。": [("俄罗斯外交部", "org/russia-mfa")],
    "格鲁吉亚外交部没有回答。": [("格鲁吉亚外交部", "org/georgia-mfa")],
    "烏克蘭國防部沒有回答。": [("烏克蘭國防部", "org/ukraine-mod")],
    "美国政府没有回答。": [("美国政府", "org/us-government")],
    # one character for a country, only in compounds
    "美俄会谈结束。": [("美", US), ("俄", RU)],
    "俄乌双方都没有让步。": [("俄", RU), ("乌", UA)],
    "俄方没有让步。": [("俄", RU)],
    "这是他第二次访俄。": [("俄", RU)],
    "中美关系复杂。": [("中", CN), ("美", US)],
    "各国对华政策不同。": [("华", CN)],
    "涉港议题被搁置。": [("港", "loc/hong-kong")],
    # places side by side are separate
    "俄罗斯莫斯科下雪了。": [("俄罗斯", RU), ("莫斯科", "loc/moscow")],
    "美国阿拉斯加州很冷。": [("美国", US), ("阿拉斯加州", "loc/alaska")],
    # a country inside another word is a mention all the same
    "乌克兰战争没有结束。": [("乌克兰", UA)],
    "欧洲和中东都受影响。": [("欧洲", "loc/europe"), ("中东", "loc/middle-east")],
    # bodies
    "欧盟和北约都受影响。": [("欧盟", "org/european-union"), ("北约", "org/nato")],
    "中共没有回答。": [("中共", "org/communist-party-of-china")],
}


@pytest.mark.parametrize("text", KNOWN)
def test_known_names(text: str) -> None:
    assert found(text) == KNOWN[text]


METONYMS = {
    "北京指责华盛顿背信。": [("北京", "org/government-of-china"), ("华盛顿", "org/us-government")],
    "莫斯科表示不会退让。": [("莫斯科", "org/government-of-russia")],
    "基辅拒绝让步。": [("基辅", "org/government-of-ukraine")],
    "会议在北京举行。": [("北京", "loc/beijing")],
    "他昨天抵达莫斯科。": [("莫斯科", "loc/moscow")],
    "基辅街头很安静。": [("基辅", "loc/kyiv")],
    "白宫表示不会退让。": [("白宫", "org/white-house")],
    "客人在白宫用餐。": [("白宫", "loc/white-house")],
    "克里姆林宫没有回答。": [("克里姆林宫", "org/kremlin")],
    "客人走出克里姆林宫。": [("克里姆林宫", "loc/kremlin")],
}


@pytest.mark.parametrize("text", METONYMS)
def test_capitals_and_seats_are_places_or_powers(text: str) -> None:
    assert found(text) == METONYMS[text]


def test_a_metonym_is_an_organization_a_place_a_place() -> None:
    assert [m.type for m in read("莫斯科表示不会退让。", "他昨天抵达莫斯科。").mentions] == ["organization", "place"]


FALSE_FRIENDS = [
    "一百美元换成欧元和日元。",
    "他说英语和俄语。",
    "其中可以更加便宜。",
    "日前中心以及近日。",
    "非法的方法并不合法。",
    "发展中国家需要资金。",
    "古巴比伦的遗址。",
    "特别普通的一天。",
    "汉堡包和三明治。",
    "胜利属于人民。",
    "他参加了比赛。",
    "从今以后,意见不同。",
    "港口附近的平台。",
    "华人社区很热闹。",
    "越来越多的英雄。",
    "中期以来没有新闻。",
    "冷战早已结束。",
    "朝着新的方向。",
]


@pytest.mark.parametrize("text", FALSE_FRIENDS)
def test_words_that_only_look_like_names(text: str) -> None:
    assert found(text) == []


def test_a_latin_alias_is_no_part_of_a_word() -> None:
    assert found("NATO成员国") == [("NATO", "org/nato")]
    assert found("SENATOR很多") == []


# People that no list can know: made up for these tests.
def test_an_unseen_dotted_name() -> None:
    mention = only_mention("塔维·雷哈努走进了大厅。")
    assert (mention.surface, mention.type, mention.rule) == ("塔维·雷哈努", "person", "dotted-name")


@pytest.mark.parametrize("dot", "·・‧•")
def test_every_dot_joins_a_name(dot: str) -> None:
    assert only_mention(f"塔维{dot}雷哈努走进了大厅。").surface == f"塔维{dot}雷哈努"


def test_a_full_name_teaches_the_short_one() -> None:
    mentions = read("塔维·雷哈努走进了大厅。", "人们向雷哈努鼓掌。").mentions
    assert [m.surface for m in mentions] == ["塔维·雷哈努", "雷哈努"]
    assert mentions[1].rule == "learned-short-name"
    assert len({m.entity_id for m in mentions}) == 1


def test_what_one_article_teaches_another_does_not_know() -> None:
    read("塔维·雷哈努走进了大厅。")
    assert found("人们向雷哈努鼓掌。") == []


def test_the_title_is_read_with_what_the_body_teaches() -> None:
    mentions = read("塔维·雷哈努走进了大厅。", title="雷哈努来了").mentions
    assert [(m.field, m.surface) for m in mentions] == [("title", "雷哈努"), ("body", "塔维·雷哈努")]
    assert len({m.entity_id for m in mentions}) == 1


@pytest.mark.parametrize("bracket", ["（{}）", "({})"])
def test_a_latin_name_in_brackets_is_a_second_mention(bracket: str) -> None:
    result = read("塔维·雷哈努" + bracket.format("Tavi Rehanu") + "走进了大厅。")
    first, second = result.mentions
    assert (first.surface, second.surface) == ("塔维·雷哈努", "Tavi Rehanu")
    assert first.entity_id == second.entity_id
    (entity,) = result.entities
    assert (entity.name, entity.name_en, entity.linked) == ("塔维·雷哈努", "Tavi Rehanu", False)


def test_a_known_person_keeps_the_name_of_the_list() -> None:
    result = read("乌沙科夫（Yuri Ushakov）走进了大厅。")
    assert {m.entity_id for m in result.mentions} == {"per/yuri-ushakov"}
    (entity,) = result.entities
    assert (entity.name_en, entity.linked) == ("Yuri Ushakov", True)


AFTER_OFFICE = {
    "财政部长托科维表示满意。": "托科维",
    "外交部发言人周启民表示满意。": "周启民",
    "總統顧問周啟民表示滿意。": "周啟民",
    "副总理欧阳启民在场。": "欧阳启民",
}


@pytest.mark.parametrize("text", AFTER_OFFICE)
def test_an_unseen_name_after_an_office(text: str) -> None:
    people = [m for m in read(text).mentions if m.type == "person"]
    assert [m.surface for m in people] == [AFTER_OFFICE[text]]
    assert people[0].entity_id.startswith("per/x-")


@pytest.mark.parametrize("text", ["总统宣布了计划。", "外长会谈结束。", "总统任期将满。", "总理办公室没有回答。"])
def test_after_an_office_there_need_be_no_name(text: str) -> None:
    assert [m.surface for m in read(text).mentions if m.type == "person"] == []


def test_an_unseen_organization_after_a_place() -> None:
    assert [m.type for m in read("挪威海藻研究所公布了报告。").mentions] == ["organization"]
    assert found("挪威海藻研究所公布了报告。")[0][0] == "挪威海藻研究所"


def test_traditional_text_is_found_as_it_is_printed() -> None:
    assert found("烏克蘭總統澤連斯基會見了盧比奧。") == [
        ("烏克蘭", UA),
        ("澤連斯基", "per/volodymyr-zelensky"),
        ("盧比奧", "per/marco-rubio"),
    ]


@pytest.mark.parametrize("between", ["🎉", "👨\u200d👩\u200d👧", "e\u0301", "\u3000", "\u200b", "𠮷", "\n", ""])
def test_surfaces_slice_exactly_past_odd_characters(between: str) -> None:
    body = [f"{between}特朗普{between}会见{between}普京{between}。", f"{between}俄罗斯{between}下雪。"]
    joined = "\n\n".join(body)
    mentions = read(*body).mentions
    assert [m.surface for m in mentions] == ["特朗普", "普京", "俄罗斯"]
    assert [joined[m.start : m.end] for m in mentions] == ["特朗普", "普京", "俄罗斯"]


def test_offsets_of_the_title_are_its_own() -> None:
    (first, second) = read("普京来了。", title="看：特朗普走了").mentions
    assert (first.field, first.start, first.end) == ("title", 2, 5)
    assert (second.field, second.start, second.end) == ("body", 0, 2)


def test_mentions_point_to_entities_of_the_annotation() -> None:
    result = read("美国总统特朗普会见塔维·雷哈努，白宫和莫斯科表示满意，挪威海藻研究所在场。")
    assert {m.entity_id for m in result.mentions} <= {e.entity_id for e in result.entities}
    assert [e.entity_id for e in result.entities] == sorted({e.entity_id for e in result.entities})


def test_at_home_a_capital_is_a_city() -> None:
    assert found("北京将再修三条路。") == [("北京", "loc/beijing")]
    assert found("北京市指责路修得慢。美国没有回答。")[0] == ("北京市", "loc/beijing")
    assert found("北京将再修三条路。美国没有回答。")[0] == ("北京", "org/government-of-china")
    assert found("莫斯科将再修三条路。") == [("莫斯科", "org/government-of-russia")]


def test_a_capital_among_cities_is_a_city() -> None:
    assert found("美国公司在西雅图、北京和上海设有办事处。")[-2:] == [("北京", "loc/beijing"), ("上海", "loc/shanghai")]
    assert found("普京在莫斯科和北京表示满意。")[-1] == ("北京", "loc/beijing")
    assert found("美国认为莫斯科和北京表示满意。")[-1] == ("北京", "org/government-of-china")


def test_an_office_holder_spelled_with_one_other_character() -> None:
    assert found("越南总理范明正表示满意。") == [("越南", "loc/vietnam"), ("范明正", "per/pham-minh-chinh")]
    # another office, another country, another name
    assert found("越南防长范明正表示满意。")[1] == ("范明正", "per/x")
    assert found("挪威总理范明正表示满意。")[1] == ("范明正", "per/x")
    assert found("越南总理范有金表示满意。")[1] == ("范有金", "per/x")


def test_a_latin_name_tells_who_is_meant() -> None:
    # spelled as no list has it, but the Latin name is in one
    assert found("总统顾问乌夏柯福（Yuri Ushakov）到场。") == [
        ("乌夏柯福", "per/yuri-ushakov"),
        ("Yuri Ushakov", "per/yuri-ushakov"),
    ]
    # two spellings of a name that no list has
    one, other = read("总统顾问乌沙拉科夫（Yuri Usharakov）到场。"), read("总统顾问乌萨拉柯夫（Yuri Usharakov）到场。")
    assert {m.entity_id for m in one.mentions} == {m.entity_id for m in other.mentions}
    # the same family name, but not the same person
    assert [key for _, key in found("记者克拉克（Mara Clarke）到场。")] == ["per/x", "per/x"]
