"""At least one name, and one text without one, for every rule that `mentions.rule` can hold.

Every sentence was written for these tests; names that no list has are made up. What a rule gives is read off the
sentence by hand: the surface, and whom or what it means (`x` if no list has it).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from annotate_tools import annotator, article
from rule_ids import ENGLISH, name_rules

from broadsheet.annotate import Learnt, MentionDraft

US, RU, NI = "loc/united-states", "loc/russia", "loc/nicaragua"
REHANU = Learnt("雷哈努", "per/x-0123456789ab", "person")


@dataclass(frozen=True)
class Example:
    """A text, and the name a rule finds in it.

    Attributes:
        rule: Its id.
        text: Paragraphs, divided by line ends.
        surface: The name.
        entity: Id of what it means; `per/x`, `org/x` or `loc/x` if no list has it.
        title: A headline above the text.
        language: Of the text.
        learnt: What other articles taught.
    """

    rule: str
    text: str
    surface: str
    entity: str
    title: str | None = None
    language: str = "zh-Hans"
    learnt: tuple[Learnt, ...] = ()

    def __str__(self) -> str:
        return f"{self.rule} {self.title or ''} {self.text}"


def english(rule: str, text: str, surface: str, entity: str) -> Example:
    return Example(rule, text, surface, entity, language="en")


E_ = Example
EXAMPLES = [
    # names of the lists
    E_("alias", "特朗普今天没有露面。", "特朗普", "per/donald-trump"),
    E_("alias", "川普今天沒有露面。", "川普", "per/donald-trump"),
    E_("alias", "教育部长没有来，国防部長赫格塞思来了。", "赫格塞思", "per/pete-hegseth"),
    english("alias", "Volodymyr Zelenskyy smiled.", "Volodymyr Zelenskyy", "per/volodymyr-zelensky"),
    # one character for a country
    E_("abbreviation", "俄方没有让步。", "俄", RU),
    E_("abbreviation", "这是他第二次访俄。", "俄", RU),
    E_("abbreviation-pair", "美俄会谈结束。", "美", US),
    E_("abbreviation-list", "中、美、俄三国都来了。", "美", US),
    E_("abbreviation-headline", "雨很大。", "美", US, title="美警告雨很大"),
    E_("country-initial", "尼加拉瓜总统来了。尼国很小。", "尼国", NI),
    E_("initial-pair", "尼加拉瓜总统来了。中尼关系很好。", "中", "loc/china"),
    E_("country-initial", "尼加拉瓜总统来了。中尼关系很好。", "尼", NI),
    E_("initial-ministry", "尼加拉瓜总统来了。尼外交部没有回答。", "尼外交部", "org/nicaragua-mfa"),
    # offices of state, missions, governments
    E_("country-ministry", "格鲁吉亚外交部没有回答。", "格鲁吉亚外交部", "org/georgia-mfa"),
    english("country-ministry", "The Georgian Foreign Ministry", "Georgian Foreign Ministry", "org/georgia-mfa"),
    english("country-ministry", "the Foreign Ministry of Georgia", "Foreign Ministry of Georgia", "org/georgia-mfa"),
    E_("ministry-of-person", "国防部发言人科纳申科夫没有回答。", "国防部", "org/russia-mod"),
    E_("ministry-bare", "法国很大。外交部没有回答。", "外交部", "org/france-mfa"),
    E_("ministry-bare", "外交部没有回答。", "外交部", "org/china-mfa"),
    E_("mission", "中国驻挪威大使馆没有回答。", "中国驻挪威大使馆", "org/embassy-of-china-in-norway"),
    E_("administration", "石破茂政府没有回答。", "石破茂政府", "org/shigeru-ishiba-administration"),
    E_("capital-government", "基辅政府没有回答。", "基辅政府", "org/government-of-ukraine"),
    E_("party-of-country", "德国民主党没有回答。", "德国民主党", "org/x"),
    # the power or the place
    E_("metonym", "莫斯科表示不会退让。", "莫斯科", "org/government-of-russia"),
    english("metonym", "Moscow said no.", "Moscow", "org/government-of-russia"),
    E_("seat-as-place", "客人在白宫用餐。", "白宫", "loc/white-house"),
    english("seat-as-place", "He walked into the White House.", "White House", "loc/white-house"),
    # bodies by what they end with or stand beside
    E_("organization-suffix", "印尼勘测局发布声明说，火山喷发。", "印尼勘测局", "org/x"),
    E_("alias", "中国央视公布了画面。", "中国央视", "org/cctv"),
    E_("office-chinese-name", "领馆很重视，受李彦骞总领事委托前往。", "李彦骞", "per/x"),
    E_("organization-part", "众议院渔业委员会成立。", "众议院渔业委员会", "org/x"),
    E_("province", "该国南爪哇省发生地震。", "南爪哇省", "loc/x"),
    E_("military-unit", "第905空降旅抵达基地。", "第905空降旅", "org/x"),
    E_("dotted-name", "总统乔-拜登发表讲话。", "乔-拜登", "per/joe-biden"),
    E_("organization-suffix", "挪威渔业研究所公布了报告。", "挪威渔业研究所", "org/x"),
    english("organization-suffix", "the Velden Trade Institute", "Velden Trade Institute", "org/x"),
    E_("organization-headed", "挪威渔业局局长在场。", "挪威渔业局", "org/x"),
    E_("organization-part", "哈佛大学医学院公布了报告。", "哈佛大学医学院", "org/x"),
    E_("quoted-media", "据《海湾早报》报道，雨很大。", "海湾早报", "org/x"),
    E_("latin-organization", "他在Velden公司工作。", "Velden", "org/x"),
    # places by what they end with or stand beside
    E_("place-suffix", "乌法市下雪了。", "乌法市", "loc/ufa"),
    E_("place-in-place", "河北省清塘县下雨了。", "清塘县", "loc/x"),
    E_("facility", "敖德萨机场关闭了。", "敖德萨机场", "loc/x"),
    E_("province", "塔维努省雨很大。", "塔维努省", "loc/x"),
    E_("latin-place", "大雨过后，塔维州（Tavi State）很安静。", "塔维州", "loc/x"),
    E_("latin-place", "洪水淹没了塔维州（Tavi State）。", "塔维州", "loc/x"),
    E_("latin-place", "在山茶邦（Tavi State），雨很大。", "山茶邦", "loc/x"),
    # people no list has
    E_("dotted-name", "塔维·雷哈努走进了大厅。", "塔维·雷哈努", "per/x"),
    E_("office-chinese-name", "外交部发言人周启民表示满意。", "周启民", "per/x"),
    E_("office-chinese-name", "總統顧問周啟民表示滿意。", "周啟民", "per/x"),
    E_("office-foreign-name", "财政部长托科维表示满意。", "托科维", "per/x"),
    E_("office-latin-name", "总统 Tavi Rehanu 表示满意。", "Tavi Rehanu", "per/x"),
    E_("speaking-name", "周启民说，雨很大。风小了。周启民指出，风很小。", "周启民", "per/x"),
    E_("latin-name", "人们为雷哈努（Tavi Rehanu）鼓掌。", "雷哈努", "per/x"),
    E_("latin-bracket", "塔维·雷哈努（Tavi Rehanu）走进了大厅。", "Tavi Rehanu", "per/x"),
    E_("learned-short-name", "塔维·雷哈努走进了大厅。\n人们向雷哈努鼓掌。", "雷哈努", "per/x"),
    E_("learned-place", "大雨过后，塔维州（Tavi State）很安静。\n人们离开了塔维州。", "塔维州", "loc/x"),
    E_("listed-name", "外交部发言人周启民、吴禾田表示满意。", "吴禾田", "per/x"),
    E_("learnt-name", "人们向雷哈努鼓掌。", "雷哈努", REHANU.entity_id, learnt=(REHANU,)),
    english("given-name", "Sergei Putin smiled.", "Sergei Putin", "per/x"),
    english("office-name", "President Tavi Rehanu came.", "Tavi Rehanu", "per/x"),
    english("office-speech", '"No," said Orlo Pentti.', "Orlo Pentti", "per/x"),
    english("learned-short-name", "President Tavi Rehanu came. Rehanu left.", "Rehanu", "per/x"),
]  # fmt: skip

COUNTER_EXAMPLES = {
    "alias": ["特别普通的一天。", "参议院外交委员会主席没有来，劳工部长也没有来。", "SENATOR很多"],
    "abbreviation": ["他说英语和俄语。", "越来越多的英雄。", "从今以后，意见不同。"],
    "abbreviation-pair": ["一百美元换成欧元和日元。", "其中可以更加便宜。", "日前中心以及近日。"],
    "abbreviation-list": ["提供中、英、德文版本。"],
    "abbreviation-headline": ["美丽的一天。"],
    "country-initial": ["尼国很小。", "尼加拉瓜和尼日利亚都来了。尼国很小。"],
    "initial-pair": ["尼洪关系很好。", "尼加拉瓜总统来了。尼龙很好。"],
    "initial-ministry": ["尼外交部没有回答。"],
    "country-ministry": ["格鲁吉亚外交部长没有回答。", "格鲁吉亚的部门很多。"],
    "ministry-of-person": ["国防部发言人没有回答。", "佩斯科夫走进国防部。"],
    "ministry-bare": ["外交部门很多。", "俄罗斯外交部没有回答。", "外交部长没有回答。"],
    "mission": ["挪威大使馆没有回答。", "军队驻挪威的营地很大。"],
    "administration": ["马斯克政府合同很多。", "克里姆林宫没有回答。"],
    "capital-government": ["敖德萨政府没有回答。"],
    "party-of-country": ["美国民主党没有回答。", "德国的民主很老。"],
    "metonym": ["会议在北京举行。", "他昨天抵达莫斯科。", "基辅街头很安静。"],
    "seat-as-place": ["白宫表示不会退让。", "克里姆林宫没有回答。"],
    "organization-suffix": ["挪威的研究所很多。", "研究所公布了报告。", "印尼南部表示欢迎。"],
    "military-unit": ["第905个旅客抵达基地。", "他在第三师长的家里。"],
    "organization-headed": ["挪威局势紧张。", "局长在场。"],
    "organization-part": ["哈佛大学学生来了。"],
    "quoted-media": ["他填了《年报》。", "海湾早报社很小。"],
    "latin-organization": ["他用Velden工作。", "这家公司很小。"],
    "place-suffix": ["北京市长没有回答。", "俄罗斯市场很大。"],
    "place-in-place": ["河北省各县都下雨了。", "河北省两县下雨了。"],
    "facility": ["他在机场等候。", "美国机场很多。"],
    "province": ["他跑遍了全省。", "两省都下雨了。"],
    "latin-place": ["他学会了网球（Tennis Sport）。", "塔维州下雨了。"],
    "dotted-name": ["《春·夏·秋》很好看。", "塔维雷哈努走进了大厅。"],
    "office-chinese-name": [
        "温和派议员没有来，文学院院长也没有来。",
        "外长会谈结束。",
        "总统宣布了计划。",
        "总统任期将满。",
    ],
    "office-foreign-name": ["总统任期将满。", "总理办公室没有回答。"],
    "office-latin-name": ["总统 iPhone 丢了。", "总统 OK 了。"],
    "speaking-name": ["周启民说，雨很大。", "周末说，雨很大。周末指出，风很小。"],
    "latin-name": ["人们走过大厅（Grand Hall）。", "人们为雷哈努（一名渔民）鼓掌。"],
    "latin-bracket": ["会议（Meeting Room）很长。", "特朗普（没有）走进大厅。"],
    "learned-short-name": ["人们向雷哈努鼓掌。"],
    "learned-place": ["人们离开了塔维州。"],
    "listed-name": ["周启民、吴禾田表示满意。", "外交部发言人周启民、高层人士表示满意。"],
    "learnt-name": ["人们向雷哈努鼓掌。"],
}

ENGLISH_COUNTER_EXAMPLES = {
    "alias": ["Two geese fly over the turkey.", "Indianapolis is big."],
    "country-ministry": ["The Georgian ministry is old.", "Foreign trade grew in Georgia."],
    "metonym": ["They met in Moscow."],
    "seat-as-place": ["The White House said no."],
    "organization-suffix": ["the Institute is tall.", "Big Blue Car"],
    "given-name": ["Stella Putin smiled.", "Melania Trump smiled."],
    "office-name": ["President Tavi came.", "The president met a Big Blue Bear."],
    "office-speech": ['"No," said the cook.', '"No," he said in Orlo Pentti.'],
    "learned-short-name": ["Rehanu left."],
}


def mentions(text: str, title: str | None, language: str, learnt: Sequence[Learnt] = ()) -> tuple[MentionDraft, ...]:
    return annotator().annotate(article(*text.split("\n"), title=title, language=language), learnt).mentions


def test_every_rule_has_an_example_and_a_counterexample() -> None:
    rules = name_rules()
    assert sorted({example.rule for example in EXAMPLES}) == sorted(rules)
    own = {rule for rule, module in rules.items() if module == ENGLISH}
    assert sorted({*COUNTER_EXAMPLES, *ENGLISH_COUNTER_EXAMPLES}) == sorted(rules)
    told = {example.rule for example in EXAMPLES if example.language == "en"}
    assert own <= told == set(ENGLISH_COUNTER_EXAMPLES)
    assert {example.rule for example in EXAMPLES if example.language != "en"} == set(COUNTER_EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_example(example: Example) -> None:
    found = mentions(example.text, example.title, example.language, example.learnt)
    own = [m for m in found if m.rule == example.rule and m.surface == example.surface]
    assert own, [(m.surface, m.rule) for m in found]
    known = example.entity.partition("/")[2] != "x"
    assert {m.entity_id if known else m.entity_id.split("-")[0] for m in own} == {example.entity}


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in COUNTER_EXAMPLES.items() for text in texts])
def test_counterexample(rule: str, text: str) -> None:
    for body, title in ((text, None), ("雨很大。", text)):
        assert [m.surface for m in mentions(body, title, "zh-Hans") if m.rule == rule] == []


@pytest.mark.parametrize(
    ("rule", "text"), [(rule, text) for rule, texts in ENGLISH_COUNTER_EXAMPLES.items() for text in texts]
)
def test_english_counterexample(rule: str, text: str) -> None:
    assert [m.surface for m in mentions(text, None, "en") if m.rule == rule] == []


def test_a_rule_that_other_articles_help_says_so() -> None:
    """A name that an article finds by itself, and whose bearer another article told, holds both ids."""
    taught = Learnt("塔维·雷哈努", REHANU.entity_id, "person")
    (mention,) = mentions("塔维·雷哈努走进了大厅。", None, "zh-Hans", [taught])
    assert (mention.rule, mention.entity_id) == ("dotted-name+learnt-name", REHANU.entity_id)
