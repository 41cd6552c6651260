"""Countries by the first character of their names, in articles that name them in full.

Every sentence was written for these tests; every expectation follows the guide of the hand annotation.
"""

import pytest
from annotate_tools import found, read

NI, RU, SN, JP, CN = "loc/nicaragua", "loc/russia", "loc/senegal", "loc/japan", "loc/china"

MEANT = {
    # 尼国 is a name, 尼国政府 the government
    "尼加拉瓜昨天改组内阁。尼国总统没有到场。": ("尼国", NI),
    "尼加拉瓜昨天改組內閣。尼國政府沒有說明。": ("尼國政府", "org/government-of-nicaragua"),
    "尼加拉瓜昨天改组内阁，尼外交部没有说明。": ("尼外交部", "org/nicaragua-mfa"),
    # an abbreviation of one country means another one that the article names instead
    "塞内加尔派出代表团，塞方很重视。": ("塞", SN),
    "塞尔维亚派出代表团，塞方很重视。": ("塞", "loc/serbia"),
    # a country after a preposition and before what is done to it
    "委内瑞拉不会屈服，对委威胁没有用。": ("委", "loc/venezuela"),
    # two of them before what is between countries
    "坦桑尼亚代表团来访，中坦关系很好。": ("坦", "loc/tanzania"),
    "新加坡昨天宣布通车。马星跨国捷运明年启用。": ("星", "loc/singapore"),
    # right before a place of that country
    "无人机打击了俄克拉斯诺达尔的一座炼油厂。": ("俄", RU),
}

NOT_MEANT = {
    # not named in full
    "尼国总统没有到场。": "尼国",
    # other words
    "爱尔兰学生很爱国，爱国热情很高。": "爱国",
    "约旦是北约国家的伙伴。": "约国",
    "委内瑞拉代表对委员会说明了情况。": "委",
    "日本人也研究抗日战争。": "日",
    "秘鲁人读了秘密战争史。": "秘",
}


@pytest.mark.parametrize("text", MEANT)
def test_a_country_by_its_initial(text: str) -> None:
    assert MEANT[text] in found(text)


@pytest.mark.parametrize("text", NOT_MEANT)
def test_what_only_looks_like_it(text: str) -> None:
    assert NOT_MEANT[text] not in [surface for surface, _ in found(text)]


def test_several_countries_of_one_initial_are_none() -> None:
    mentions = [m.surface for m in read("尼加拉瓜和尼日尔都派了人。尼国总统没有到场。").mentions]
    assert "尼国" not in mentions


def test_a_country_far_more_often_named_is_meant() -> None:
    text = "尼加拉瓜改组内阁。尼加拉瓜选举延期。尼加拉瓜抗议。尼日尔没有表态。尼国总统没有到场。"
    assert ("尼国", NI) in found(text)
